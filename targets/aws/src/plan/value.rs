//! Values of the IR as texts of the model: what only AWS knows becomes a reference.

use super::Context;
use super::product::{password_address, pieces};
use super::secrets::{made_address, named_address, supplied_address};
use crate::model::{Piece, Text};
use exoc_ir::{Id, Origin, Part, Secret, Value};

/// A value as a text; secrets in it stay secrets.
pub(super) fn text(context: &Context<'_>, value: &Value) -> Text {
    let mut text = Text::default();
    for part in value.parts() {
        match part {
            Part::Text(literal) => text.push(Piece::Literal(literal.clone())),
            Part::Secret(secret) => text.push(match keeper(context, *secret) {
                Keeper::Module(address) => Piece::Secret(address),
                Keeper::Others { address, key } => Piece::Named { address, key },
            }),
            Part::Attribute(backing, attribute) => {
                pieces(context, *backing, *attribute)
                    .into_iter()
                    .for_each(|piece| text.push(piece));
            }
        }
    }
    text
}

/// Whether a value is nothing but an attribute that its product does not have here. `text` is what [`text`] makes of it.
pub(super) fn is_absent(value: &Value, text: &Text) -> bool {
    match value.parts() {
        [Part::Attribute(..)] => text.pieces.is_empty(),
        [] | [Part::Text(_) | Part::Secret(_)] | [_, _, ..] => false,
    }
}

/// Who keeps the value of a secret.
pub(super) enum Keeper {
    /// This module, at an address.
    Module(String),
    /// Somebody else in the same store: the address of what finds it, and its name in the manifest.
    Others { address: String, key: String },
}

/// Who keeps the value of a secret, and where.
pub(super) fn keeper(context: &Context<'_>, secret: Id<Secret>) -> Keeper {
    let Some(Secret { name, origin }) = context.program.secrets().get(secret) else {
        return Keeper::Module(String::new());
    };
    match origin {
        Origin::Supplied {
            description: _,
            store: Some(_),
        } => Keeper::Others {
            address: named_address(name),
            key: name.clone(),
        },
        // A rented product has no administrator of ours, and no workload is given one: the contract says so.
        Origin::Supplied {
            description: _,
            store: None,
        }
        | Origin::AdministratorOf(_) => Keeper::Module(supplied_address(name)),
        Origin::Generated {
            length: _,
            description: _,
        } => Keeper::Module(made_address(name)),
        Origin::PasswordOf(backing) => Keeper::Module(password_address(context, *backing)),
    }
}
