//! Secrets: which variables need the store, what is composed, what is read back.

use super::Context;
use super::container::node;
use super::product::{password_address, url_address};
use super::value::{secret_address, text};
use crate::model::{Composed, Content, SecretName, Secrets, StoredSecret, Text, Variable};
use crate::names::address;
use exoc_diagnostics::Span;
use exoc_ir::{Attribute, Backing, Component, Id, NodeId, Origin, Part, Secret, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What the workloads turned out to need of the store.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Products whose URL is a secret of its own, and the variables that want it.
    pub(super) urls: BTreeMap<Id<Backing>, Vec<Span>>,
    /// Addresses of secrets that composed texts hold.
    pub(super) composed_of: BTreeSet<String>,
}

/// A workload's variables, and what they read.
pub(super) struct Environment {
    pub(super) variables: Vec<(String, Variable)>,
    pub(super) composed: Option<StoredSecret>,
    /// Addresses of the secrets read, sorted.
    pub(super) reads: Vec<String>,
}

/// The address of a secret that people supply. No other secret's address ends so.
pub(super) fn supplied_address(name: &str) -> String {
    format!("{}_supplied", name.to_ascii_lowercase())
}

/// Sorts a workload's variables into what may stand in the files, what is stored, and what is composed.
pub(super) fn environment(
    context: &Context<'_>,
    component: Component,
    identity: &str,
    values: &BTreeMap<String, Value>,
    ledger: &mut Ledger,
) -> Environment {
    let role = context.program.role(component);
    let composed_address = format!("{}_composed", address(role));
    let mut variables = Vec::new();
    let mut members: Vec<(String, Text)> = Vec::new();
    let mut reads = BTreeSet::new();
    let mut places = Vec::new();
    for (name, value) in values {
        let place = context
            .program
            .at(node(component), &format!("environment.{name}"));
        let variable = if !value.sensitive() {
            Variable::Plain(text(context, value))
        } else if let Some(secret) = whole(context, value, place, ledger) {
            Variable::Secret { secret, member: None }
        } else {
            let text = text(context, value);
            ledger.composed_of.extend(text.secrets().map(str::to_owned));
            members.push((name.clone(), text));
            places.push(place);
            Variable::Secret {
                secret: composed_address.clone(),
                member: Some(name.clone()),
            }
        };
        if let Variable::Secret { secret, member: _ } = &variable {
            reads.insert(secret.clone());
        }
        variables.push((name.clone(), variable));
    }
    let composed = (!members.is_empty()).then(|| StoredSecret {
        address: composed_address.clone(),
        name: SecretName::Prefix(format!("{}-", context.names.path(&[identity, "environment"]))),
        description: format!("Variables of {role} that hold secrets inside longer texts"),
        content: Content::Composed {
            local: composed_address,
            composed: Composed::Members(members),
        },
        lines: context.lines(places),
    });
    Environment {
        variables,
        composed,
        reads: reads.into_iter().collect(),
    }
}

/// The address of the secret whose whole value a value is.
fn whole(context: &Context<'_>, value: &Value, place: Span, ledger: &mut Ledger) -> Option<String> {
    match value.parts() {
        [Part::Secret(secret)] => Some(secret_address(context, *secret)),
        [Part::Attribute(backing, Attribute::Password)] => Some(password_address(context, *backing)),
        [Part::Attribute(backing, Attribute::Url)] => {
            ledger.urls.entry(*backing).or_default().push(place);
            ledger.composed_of.insert(password_address(context, *backing));
            Some(url_address(context, *backing))
        }
        [] | [Part::Text(_) | Part::Attribute(..)] | [_, _, ..] => None,
    }
}

/// What people supply, and the numbers that make values new.
pub(super) fn plan(context: &Context<'_>, ledger: &Ledger) -> Secrets {
    let mut secrets = Secrets::default();
    let (mut supplied_places, mut versioned_places) = (Vec::new(), Vec::new());
    for (id, secret) in context.program.secrets().iter() {
        let Secret { name, origin } = secret;
        let place = context.program.at(NodeId::Secret(id), "");
        match origin {
            // Made ones and those that a store has are refused as features.
            Origin::Generated { .. } => {}
            Origin::Supplied {
                description,
                store: _,
            } => {
                let address = supplied_address(name);
                if ledger.composed_of.contains(&address) {
                    secrets.read_back.push(address.clone());
                }
                secrets.versioned.push(name.clone());
                versioned_places.push(place);
                supplied_places.push(place);
                secrets.supplied.push(StoredSecret {
                    address,
                    name: SecretName::Exact(context.names.path(&[name])),
                    description: description
                        .clone()
                        .unwrap_or_else(|| format!("{name}, supplied by people")),
                    content: Content::Supplied { key: name.clone() },
                    lines: context.lines([place]),
                });
            }
            Origin::PasswordOf(backing) => {
                versioned_places.push(place);
                secrets
                    .versioned
                    .push(context.program.role(Component::Backing(*backing)).to_owned());
            }
            // RDS and ElastiCache have no administrator that exoc would log in as.
            Origin::AdministratorOf(_) => {}
        }
    }
    secrets.supplied_lines = context.lines(supplied_places);
    secrets.versioned_lines = context.lines(versioned_places);
    secrets.versioned.sort();
    secrets
}
