//! Values of the IR as texts of the model: what only AWS knows becomes a reference.

use super::Context;
use super::product::{password_address, pieces};
use super::secrets::supplied_address;
use crate::model::{Piece, Text};
use exoc_ir::{Id, Origin, Part, Secret, Value};

/// A value as a text; secrets in it stay secrets.
pub(super) fn text(context: &Context<'_>, value: &Value) -> Text {
    let mut text = Text::default();
    for part in value.parts() {
        match part {
            Part::Text(literal) => text.push(Piece::Literal(literal.clone())),
            Part::Secret(secret) => text.push(Piece::Secret(secret_address(context, *secret))),
            Part::Attribute(backing, attribute) => {
                pieces(context, *backing, *attribute)
                    .into_iter()
                    .for_each(|piece| text.push(piece));
            }
        }
    }
    text
}

/// The address of a stored secret.
pub(super) fn secret_address(context: &Context<'_>, secret: Id<Secret>) -> String {
    match context.program.secrets().get(secret) {
        Some(Secret {
            name,
            origin: Origin::Supplied { .. } | Origin::Generated { .. },
        }) => supplied_address(name),
        Some(Secret {
            name: _,
            origin: Origin::PasswordOf(backing),
        }) => password_address(context, *backing),
        // A rented product has no administrator of ours, and no workload is given one: the contract says so.
        Some(Secret {
            name,
            origin: Origin::AdministratorOf(_),
        }) => supplied_address(name),
        None => String::new(),
    }
}
