//! Secrets: which variables need the store, what is composed, what is read back.

use super::Context;
use super::value::{password_address, secret_address, text, url_address};
use crate::model::{Composed, Content, SecretName, Secrets, StoredSecret, Text, Variable};
use crate::names::address;
use exoc_ir::{Attribute, Backing, Id, Origin, Part, Secret, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What the workloads turned out to need of the store.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    /// Products whose URL is a secret of its own.
    pub(super) urls: BTreeSet<Id<Backing>>,
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
    role: &str,
    identity: &str,
    values: &BTreeMap<String, Value>,
    ledger: &mut Ledger,
) -> Environment {
    let composed_address = format!("{}_composed", address(role));
    let mut variables = Vec::new();
    let mut members: Vec<(String, Text)> = Vec::new();
    let mut reads = BTreeSet::new();
    for (name, value) in values {
        let variable = if !value.sensitive() {
            Variable::Plain(text(context, value))
        } else if let Some(secret) = whole(context, value, ledger) {
            Variable::Secret { secret, member: None }
        } else {
            let text = text(context, value);
            ledger.composed_of.extend(text.secrets().map(str::to_owned));
            members.push((name.clone(), text));
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
    });
    Environment {
        variables,
        composed,
        reads: reads.into_iter().collect(),
    }
}

/// The address of the secret whose whole value a value is.
fn whole(context: &Context<'_>, value: &Value, ledger: &mut Ledger) -> Option<String> {
    match value.parts() {
        [Part::Secret(secret)] => Some(secret_address(context, *secret)),
        [Part::Attribute(backing, Attribute::Password)] => Some(password_address(context, *backing)),
        [Part::Attribute(backing, Attribute::Url)] => {
            ledger.urls.insert(*backing);
            ledger.composed_of.insert(password_address(context, *backing));
            Some(url_address(context, *backing))
        }
        [] | [Part::Text(_) | Part::Attribute(..)] | [_, _, ..] => None,
    }
}

/// What people supply, and the numbers that make values new.
pub(super) fn plan(context: &Context<'_>, ledger: &Ledger) -> Secrets {
    let mut secrets = Secrets::default();
    for (_, secret) in context.program.secrets().iter() {
        let Secret { name, origin } = secret;
        match origin {
            Origin::Supplied { description } => {
                let address = supplied_address(name);
                if ledger.composed_of.contains(&address) {
                    secrets.read_back.push(address.clone());
                }
                secrets.versioned.push(name.clone());
                secrets.supplied.push(StoredSecret {
                    address,
                    name: SecretName::Exact(context.names.path(&[name])),
                    description: description
                        .clone()
                        .unwrap_or_else(|| format!("{name}, supplied by people")),
                    content: Content::Supplied { key: name.clone() },
                });
            }
            Origin::PasswordOf(backing) => {
                secrets.versioned.push(
                    context
                        .program
                        .role(exoc_ir::Component::Backing(*backing))
                        .to_owned(),
                );
            }
            // RDS and ElastiCache have no administrator that exoc would log in as.
            Origin::AdministratorOf(_) => {}
        }
    }
    secrets.versioned.sort();
    secrets
}
