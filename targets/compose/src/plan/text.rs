//! Values to texts: attributes are known here, for every product runs under its role; secrets become variables.

use super::internal;
use crate::model::{Piece, Text, Variable};
use exoc_diagnostics::Sink;
use exoc_ir::{Id, Part, Program, Secret, Value};
use std::collections::BTreeMap;

/// A value as compose gets it.
pub(super) fn text(program: &Program, value: &Value, sink: &mut Sink) -> Text {
    let mut pieces = Vec::new();
    for part in value.parts() {
        match part {
            Part::Text(text) => literal(&mut pieces, text),
            Part::Secret(id) => pieces.extend(variable(program, *id).map(Piece::Variable)),
            Part::Attribute(backing, attribute) => {
                match exoc_catalogue::attribute(program, *backing, *attribute) {
                    Some(known) => known_parts(program, &known, &mut pieces, sink),
                    None => {
                        let fault = format!("a dependency has no attribute `{}`", attribute.word());
                        sink.error(internal(program, &fault));
                    }
                }
            }
        }
    }
    Text(pieces)
}

/// Variables, without those whose whole value is an attribute that a dependency does not have here.
pub(super) fn variables<'v>(
    program: &Program,
    environment: impl IntoIterator<Item = (&'v String, &'v Value)>,
    sink: &mut Sink,
) -> BTreeMap<String, Text> {
    environment
        .into_iter()
        .filter(|(_, value)| !is_absent(program, value))
        .map(|(name, value)| (name.clone(), text(program, value, sink)))
        .collect()
}

/// Whether a value is nothing but an attribute that a dependency does not have here.
pub(super) fn is_absent(program: &Program, value: &Value) -> bool {
    match value.parts() {
        [Part::Attribute(backing, attribute)] => {
            exoc_catalogue::attribute(program, *backing, *attribute).is_none()
        }
        [] | [Part::Text(_) | Part::Secret(_)] | [_, _, ..] => false,
    }
}

/// Several values.
pub(super) fn texts<'v>(
    program: &Program,
    values: impl IntoIterator<Item = &'v Value>,
    sink: &mut Sink,
) -> Vec<Text> {
    values
        .into_iter()
        .map(|value| text(program, value, sink))
        .collect()
}

fn known_parts(program: &Program, value: &Value, pieces: &mut Vec<Piece>, sink: &mut Sink) {
    for part in value.parts() {
        match part {
            Part::Text(text) => literal(pieces, text),
            Part::Secret(id) => pieces.extend(variable(program, *id).map(Piece::Variable)),
            Part::Attribute(..) => {
                sink.error(internal(program, "an attribute is made of another attribute"));
            }
        }
    }
}

/// Adds characters, so that two literals never stand side by side.
fn literal(pieces: &mut Vec<Piece>, text: &str) {
    match pieces.last_mut() {
        Some(Piece::Literal(before)) => before.push_str(text),
        Some(Piece::Variable(_)) | None => pieces.push(Piece::Literal(text.to_owned())),
    }
}

/// The variable that holds a secret. Compose prints the complaint when the variable is missing or empty.
fn variable(program: &Program, id: Id<Secret>) -> Option<Variable> {
    let secret = program.secrets().get(id)?;
    let Secret { name, origin: _ } = secret;
    let complaint = match secret.length() {
        // A name in a store means nothing here, as a note says.
        None => format!("set {name} in .env"),
        Some(length) => format!("set {name} in .env to {length} letters and digits"),
    };
    Some(Variable {
        name: name.clone(),
        complaint,
    })
}
