//! Variables and arguments: what a value becomes where `$(NAME)` has a meaning.
//!
//! Kubernetes replaces `$(NAME)` in `value`, `command` and `args` by an earlier variable, once, and reads `$$` as
//! `$`. So every `$` of a text is doubled, and a secret inside a text becomes a variable of its own before it.

use super::{Plan, texts};
use crate::model::{Provenance, Variable, VariableValue};
use exoc_diagnostics::{Diagnostic, Failed, codes};
use exoc_ir::{Attribute, Backing, Component, Id, Part, Secret, Value};
use std::collections::BTreeMap;

/// The variables of a container, parts before the texts that hold them: first those that are one secret, by name,
/// then the others, by name.
pub(crate) fn variables(
    plan: &mut Plan<'_>,
    component: Component,
    environment: &BTreeMap<String, Value>,
) -> Result<Vec<Variable>, Failed> {
    let mut present = BTreeMap::new();
    for (name, value) in environment {
        if !is_absent(plan, value) {
            let field = format!("environment.{name}");
            present.insert(name.clone(), known(plan, component, value, &field)?);
        }
    }
    Ok(of_known(plan, present))
}

/// The same of values that were written in other fields than `environment`.
pub(crate) fn variables_of(
    plan: &mut Plan<'_>,
    component: Component,
    values: &BTreeMap<String, (Value, String)>,
) -> Result<Vec<Variable>, Failed> {
    let mut present = BTreeMap::new();
    for (name, (value, field)) in values {
        present.insert(name.clone(), known(plan, component, value, field)?);
    }
    Ok(of_known(plan, present))
}

fn of_known(plan: &Plan<'_>, values: BTreeMap<String, Value>) -> Vec<Variable> {
    let mut whole: BTreeMap<String, Id<Secret>> = BTreeMap::new();
    let mut texts: BTreeMap<String, Value> = BTreeMap::new();
    for (name, value) in values {
        match value.secret() {
            Some(secret) => drop(whole.insert(name, secret)),
            None => drop(texts.insert(name, value)),
        }
    }
    let mut parts: BTreeMap<Id<Secret>, String> = BTreeMap::new();
    for (name, secret) in &whole {
        parts.entry(*secret).or_insert_with(|| name.clone());
    }
    for secret in texts.values().flat_map(secrets_in) {
        if let Some(Secret { name, origin: _ }) = plan.program.secrets().get(secret) {
            // No manifest can set a variable that begins with `EXOC_`.
            let name = parts.entry(secret).or_insert_with(|| format!("EXOC_{name}"));
            whole.insert(name.clone(), secret);
        }
    }
    let secrets = whole.into_iter().map(|(name, secret)| Variable {
        name,
        value: plan.secret_value(secret),
        from: plan.secret_lines(secret),
    });
    let texts = texts.into_iter().map(|(name, value)| Variable {
        name,
        value: VariableValue::Text(composed(&value, &parts)),
        // The section above says where texts come from.
        from: Provenance::default(),
    });
    secrets.chain(texts).collect()
}

/// Arguments for `command` and `args`, which are expanded like variables.
pub(crate) fn arguments(
    plan: &mut Plan<'_>,
    component: Component,
    values: &[Value],
    field: &str,
) -> Result<Vec<String>, Failed> {
    let words = words(plan, component, values, field)?;
    Ok(words.iter().map(|word| escaped(word)).collect())
}

/// Words of a command that is not expanded. `field` is where they were written.
pub(crate) fn words(
    plan: &mut Plan<'_>,
    component: Component,
    values: &[Value],
    field: &str,
) -> Result<Vec<String>, Failed> {
    let mut words = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match known(plan, component, value, &format!("{field}.{index}"))?.text() {
            Some(text) => words.push(text.to_owned()),
            None => return Err(plan.fault(component, "an argument holds a secret")),
        }
    }
    Ok(words)
}

/// The value with what this target knows of products: only texts and secrets are left.
fn known(plan: &mut Plan<'_>, component: Component, value: &Value, field: &str) -> Result<Value, Failed> {
    let mut known = Value::default();
    for part in value.parts() {
        match part {
            Part::Secret(_) => known.push(part.clone()),
            Part::Text(text) => {
                texts::check(plan, text, plan.place_of(component, field));
                known.push(part.clone());
            }
            Part::Attribute(backing, attribute) => match plan.attribute(*backing, *attribute) {
                Some(value) => known.extend(value),
                None => return Err(absent(plan, (component, field), *backing, *attribute)),
            },
        }
    }
    Ok(known)
}

/// Whether a value is nothing but an attribute that a dependency does not have here: what holds it is left out.
pub(crate) fn is_absent(plan: &Plan<'_>, value: &Value) -> bool {
    match value.parts() {
        [Part::Attribute(backing, attribute)] => plan.attribute(*backing, *attribute).is_none(),
        [] | [Part::Text(_) | Part::Secret(_)] | [_, _, ..] => false,
    }
}

/// Reports a text of which nothing can be left out.
fn absent(
    plan: &mut Plan<'_>,
    (component, field): (Component, &str),
    backing: Id<Backing>,
    attribute: Attribute,
) -> Failed {
    let role = plan.program.role(Component::Backing(backing));
    let word = attribute.word();
    let message = format!("`{role}` has no `{word}` on the target `kubernetes`");
    let diagnostic = Diagnostic::new(codes::ABSENT_ATTRIBUTE, message)
        .at(plan.place_of(component, field), "this text needs it")
        .help(format!(
            "give it a variable of its own, as in `${{dependencies.{role}.{word}}}`: where it is absent, that is left out"
        ));
    plan.sink.error(diagnostic)
}

fn secrets_in(value: &Value) -> impl Iterator<Item = Id<Secret>> {
    value.parts().iter().filter_map(|part| match part {
        Part::Secret(secret) => Some(*secret),
        Part::Text(_) | Part::Attribute(..) => None,
    })
}

fn composed(value: &Value, parts: &BTreeMap<Id<Secret>, String>) -> String {
    value
        .parts()
        .iter()
        .map(|part| match part {
            Part::Text(text) => escaped(text),
            Part::Secret(secret) => format!("$({})", parts.get(secret).map_or("", String::as_str)),
            Part::Attribute(..) => String::new(),
        })
        .collect()
}

/// A text in which nothing stands for a variable.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}
