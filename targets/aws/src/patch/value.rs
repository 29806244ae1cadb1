//! Values of patches: whether they are what the schema takes, and what they are in HCL. Knows no document.

use super::schema::{Form, Member, Need, Shape, member, names, required, shape};
use exoc_diagnostics::{Kind, Node, Typed};
use exoc_emit::hcl::{Block, Body, Expression, NULL, Object, block, list, text};
use exoc_emit::patch::{Misfit, sorted};
use serde_json::Value;
use std::collections::BTreeSet;
use unicode_normalization::is_nfc;

/// What of a value does not fit; `at` is where it stands.
pub(super) fn misfits(node: &Node, of: Shape<'_>, at: &[String], found: &mut BTreeSet<Misfit>) {
    match (&node.kind, of) {
        (Kind::List(items), Shape::Any) => each(items, Shape::Any, at, found),
        (Kind::List(items), Shape::List(word)) => each(items, shape(word), at, found),
        (Kind::List(items), Shape::Several(of)) => each(items, Shape::Members(of), at, found),
        (Kind::Map(map), Shape::Any) => {
            for member in &map.members {
                misfits(&member.value, Shape::Any, &below(at, &member.key.name), found);
            }
        }
        (Kind::Map(map), Shape::Map(word)) => {
            for member in &map.members {
                misfits(&member.value, shape(word), &below(at, &member.key.name), found);
            }
        }
        (Kind::Map(_), Shape::Members(of)) => members(node, of, at, found),
        (Kind::Scalar(scalar), _) => {
            let of_type = match (scalar.typed, of) {
                (Typed::Text, Shape::Text | Shape::Any)
                | (Typed::Int(_) | Typed::Float(_), Shape::Number | Shape::Any)
                | (Typed::Bool(_), Shape::Bool | Shape::Any)
                | (Typed::Null, Shape::Any) => true,
                (Typed::Text, Shape::Word(words)) => {
                    if !words.split(',').any(|word| word == &*scalar.text) {
                        found.insert(Misfit::Word {
                            at: at.to_vec(),
                            words: words.split(',').map(str::to_owned).collect(),
                        });
                    }
                    true
                }
                (Typed::Null | Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) | Typed::Text, _) => false,
            };
            if !of_type {
                found.insert(wanted(of, at));
            } else if scalar.typed == Typed::Text && !is_nfc(&scalar.text) {
                found.insert(Misfit::Rule {
                    at: at.to_vec(),
                    rule: "HCL would change it: it is not in the normal form NFC of Unicode".to_owned(),
                });
            }
        }
        (
            Kind::List(_),
            Shape::Text | Shape::Number | Shape::Bool | Shape::Word(_) | Shape::Map(_) | Shape::Members(_),
        )
        | (
            Kind::Map(_),
            Shape::Text | Shape::Number | Shape::Bool | Shape::Word(_) | Shape::List(_) | Shape::Several(_),
        ) => {
            found.insert(wanted(of, at));
        }
    }
}

fn each(items: &[Node], of: Shape<'_>, at: &[String], found: &mut BTreeSet<Misfit>) {
    for (index, item) in items.iter().enumerate() {
        misfits(item, of, &below(at, &index.to_string()), found);
    }
}

fn members(node: &Node, of: &Value, at: &[String], found: &mut BTreeSet<Misfit>) {
    for written in node.as_map().into_iter().flat_map(|map| &map.members) {
        let name: &str = &written.key.name;
        match member(of, name) {
            None => {
                found.insert(unknown(of, name, at));
            }
            Some(Member {
                need: Need::Kept(why),
                ..
            }) => {
                found.insert(kept(why, &below(at, name)));
            }
            Some(Member { shape, .. }) => misfits(&written.value, shape, &below(at, name), found),
        }
    }
    for key in required(of) {
        if node.get(&key).is_none() {
            found.insert(Misfit::Lacks { at: at.to_vec(), key });
        }
    }
}

/// A name that a mapping does not know.
pub(super) fn unknown(of: &Value, name: &str, at: &[String]) -> Misfit {
    Misfit::Unknown {
        at: at.to_vec(),
        key: name.to_owned(),
        known: names(of),
    }
}

/// What no patch writes.
pub(super) fn kept(why: &'static str, at: &[String]) -> Misfit {
    Misfit::Kept {
        at: at.to_vec(),
        why: why.to_owned(),
    }
}

fn wanted(of: Shape<'_>, at: &[String]) -> Misfit {
    let word = match of {
        Shape::Text | Shape::Word(_) => "a text",
        Shape::Number => "a number",
        Shape::Bool => "`true` or `false`",
        Shape::List(_) | Shape::Several(_) => "a list",
        Shape::Map(_) | Shape::Members(_) => "a mapping",
        Shape::Any => "a value",
    };
    Misfit::Type {
        at: at.to_vec(),
        wanted: [word].into(),
    }
}

fn below(at: &[String], name: &str) -> Vec<String> {
    at.iter().cloned().chain([name.to_owned()]).collect()
}

/// A value as an expression: texts are literal, members in the order of their letters.
pub(super) fn expression(node: &Node) -> Expression {
    match &node.kind {
        Kind::Scalar(scalar) => match scalar.typed {
            Typed::Null => NULL,
            Typed::Bool(value) => value.into(),
            Typed::Int(value) => value.into(),
            Typed::Float(value) => value.into(),
            Typed::Text => text(&*scalar.text),
        },
        Kind::List(items) => list(items.iter().map(expression)),
        Kind::Map(map) => {
            let members = sorted(map).into_iter();
            members
                .fold(Object::new(), |object, member| {
                    object.with(member.key.name.to_string(), expression(&member.value))
                })
                .into()
        }
    }
}

/// A value that fits as the blocks of a type: one of a mapping, one of each item of a list.
pub(super) fn blocks(kind: &str, node: &Node, of: Shape<'_>) -> Vec<Block> {
    let of = match of {
        Shape::Several(of) => Shape::Members(of),
        Shape::Text
        | Shape::Number
        | Shape::Bool
        | Shape::Word(_)
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Members(_)
        | Shape::Any => of,
    };
    match &node.kind {
        Kind::List(items) => items
            .iter()
            .map(|item| block(kind, []).map(|_| body(item, of)))
            .collect(),
        Kind::Map(_) | Kind::Scalar(_) => vec![block(kind, []).map(|_| body(node, of))],
    }
}

/// A mapping as what a block holds: attributes, then blocks.
pub(super) fn body(node: &Node, of: Shape<'_>) -> Body {
    let (mut made, mut nested) = (Body::new(), Vec::new());
    for written in node.as_map().into_iter().flat_map(sorted) {
        let (name, value): (&str, &Node) = (&written.key.name, &written.value);
        let (form, inner) = form(of, name, value);
        match form {
            Form::Attribute => made = made.attr_named(name, expression(value)),
            Form::Block => nested.extend(blocks(name, value, inner)),
        }
    }
    made.nested_all(nested)
}

/// How a member is written, and what it may be. Where nothing is known, mappings are blocks.
pub(super) fn form<'s>(of: Shape<'s>, name: &str, value: &Node) -> (Form, Shape<'s>) {
    let known = match of {
        Shape::Members(of) | Shape::Several(of) => member(of, name),
        Shape::Text
        | Shape::Number
        | Shape::Bool
        | Shape::Word(_)
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Any => None,
    };
    if let Some(Member { shape, form, need: _ }) = known {
        return (form, shape);
    }
    let holds_mappings = match &value.kind {
        Kind::Map(_) => true,
        Kind::List(items) => items.iter().any(|item| item.as_map().is_some()),
        Kind::Scalar(_) => false,
    };
    let form = if holds_mappings {
        Form::Block
    } else {
        Form::Attribute
    };
    (form, Shape::Any)
}
