//! HCL as targets build it, and the printer that leaves nothing for `tofu fmt` to change. Names,
//! texts and expressions have types of their own, so a target never pastes text: a Rust `&str` is
//! always a literal, whatever it holds. Knows no provider and no resource.

mod access;
mod body;
mod expression;
mod layout;
mod lexical;
mod operators;
mod parse;
mod print;

pub use body::{Block, Body, block};
pub use expression::{
    Expression, Key, NULL, Object, Template, call, call_expanding, jsonencode, list, local, object,
    reference, text, var,
};
pub use operators::{For, add, and, conditional, equal, for_list, for_object, not, not_equal, or};
pub use parse::{InvalidExpression, parse};
