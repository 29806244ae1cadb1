//! Secrets: which variables need the store, what is composed, what is read back.

use super::Context;
use super::container::node;
use super::product::{is_rotated, password_address, url_address};
use super::value::{Keeper, is_absent, keeper, text};
use crate::model::{
    Composed, Content, MadeSecret, NamedSecret, SecretName, Secrets, StoredSecret, Text, Variable,
};
use crate::names::address;
use crate::rented::rented;
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

impl Ledger {
    /// Takes what other workloads turned out to need.
    pub(super) fn absorb(&mut self, other: Self) {
        let Self { urls, composed_of } = other;
        for (product, places) in urls {
            self.urls.entry(product).or_default().extend(places);
        }
        self.composed_of.extend(composed_of);
    }
}

/// A workload's variables, and what they read.
pub(super) struct Environment {
    pub(super) variables: Vec<(String, Variable)>,
    /// Of the texts besides, in their order.
    pub(super) texts: Vec<Variable>,
    pub(super) composed: Option<StoredSecret>,
    /// Addresses of the secrets read, sorted.
    pub(super) reads: Vec<String>,
    /// The same of those that the store has already.
    pub(super) reads_named: Vec<String>,
}

/// The address of a declared secret, by its origin. No other secret's address ends so.
fn declared_address(name: &str, origin: &str) -> String {
    format!("{}_{origin}", name.to_ascii_lowercase())
}

/// The address of a secret that people supply.
pub(super) fn supplied_address(name: &str) -> String {
    declared_address(name, "supplied")
}

/// The address of a secret that is made once.
pub(super) fn made_address(name: &str) -> String {
    declared_address(name, "generated")
}

/// The address of a secret that the store has already.
pub(super) fn named_address(name: &str) -> String {
    declared_address(name, "named")
}

/// Sorts a workload's variables, and texts besides with the names that they have where they are composed, into what may
/// stand in the files, what is stored, and what is composed.
pub(super) fn environment<'v>(
    context: &Context<'_>,
    component: Component,
    identity: &str,
    values: &'v BTreeMap<String, Value>,
    texts: impl Iterator<Item = (String, &'v Value, Span)>,
    ledger: &mut Ledger,
) -> Environment {
    let role = context.program.role(component);
    let composed_address = format!("{}_composed", address(role));
    let mut variables = Vec::new();
    let mut members: Vec<(String, Text)> = Vec::new();
    let (mut reads, mut reads_named) = (BTreeSet::new(), BTreeSet::new());
    let mut places = Vec::new();
    let of_variable = |name: &str| {
        context
            .program
            .at(node(component), &format!("environment.{name}"))
    };
    let named = values.iter().filter_map(|(name, value)| {
        let plain = text(context, value);
        (!is_absent(value, &plain)).then(|| (name.clone(), value, plain, None))
    });
    let texts = texts.map(|(name, value, place)| (name, value, text(context, value), Some(place)));
    let mut present = 0;
    for (name, value, plain, place) in named.chain(texts) {
        let is_text = place.is_some();
        let variable = if plain.secrets().next().is_none() {
            Variable::Plain(plain)
        } else {
            let place = place.unwrap_or_else(|| of_variable(&name));
            whole(context, value, place, ledger).unwrap_or_else(|| {
                ledger.composed_of.extend(plain.secrets().map(str::to_owned));
                members.push((name.clone(), plain));
                places.push(place);
                Variable::Secret {
                    secret: composed_address.clone(),
                    member: Some(name.clone()),
                }
            })
        };
        match &variable {
            Variable::Secret { secret, member: _ } => drop(reads.insert(secret.clone())),
            Variable::Named(secret) => drop(reads_named.insert(secret.clone())),
            Variable::Plain(_) => {}
        }
        present += usize::from(!is_text);
        variables.push((name, variable));
    }
    let is_of_file = |(name, _): &(String, Text)| !values.contains_key(name);
    let what = if members.iter().any(is_of_file) {
        "Variables and files"
    } else {
        "Variables"
    };
    let texts = variables.split_off(present);
    let composed = (!members.is_empty()).then(|| StoredSecret {
        address: composed_address.clone(),
        name: SecretName::Prefix(format!("{}-", context.names.path(&[identity, "environment"]))),
        description: format!("{what} of {role} that hold secrets inside longer texts"),
        content: Content::Composed {
            local: composed_address,
            composed: Composed::Members(members),
        },
        lines: context.lines(places),
    });
    Environment {
        variables,
        texts: texts.into_iter().map(|(_, variable)| variable).collect(),
        composed,
        reads: reads.into_iter().collect(),
        reads_named: reads_named.into_iter().collect(),
    }
}

/// The secret whose whole value a value is.
fn whole(context: &Context<'_>, value: &Value, place: Span, ledger: &mut Ledger) -> Option<Variable> {
    let stored = |secret| Variable::Secret { secret, member: None };
    match value.parts() {
        [Part::Secret(secret)] => Some(match keeper(context, *secret) {
            Keeper::Module(address) => stored(address),
            Keeper::Others { address, key: _ } => Variable::Named(address),
        }),
        [Part::Attribute(backing, Attribute::Password)] => Some(stored(password_address(context, *backing))),
        [Part::Attribute(backing, Attribute::Url)] => {
            ledger.urls.entry(*backing).or_default().push(place);
            ledger.composed_of.insert(password_address(context, *backing));
            Some(stored(url_address(context, *backing)))
        }
        [] | [Part::Text(_) | Part::Attribute(..)] | [_, _, ..] => None,
    }
}

/// What people supply, what is made once, what the store has already, and the numbers that make values new.
pub(super) fn plan(context: &Context<'_>, ledger: &Ledger) -> Secrets {
    let mut secrets = Secrets::default();
    let (mut supplied_places, mut versioned) = (Vec::new(), Vec::new());
    let mut passwords = BTreeMap::new();
    for (id, secret) in context.program.secrets().iter() {
        let Secret { name, origin } = secret;
        let place = context.program.at(NodeId::Secret(id), "");
        let mut number = |key: &str| versioned.push((key.to_owned(), place));
        match origin {
            Origin::Generated { length, description } => {
                number(name);
                let secret = made(context, name, description.as_deref(), place);
                secrets.made.push(MadeSecret {
                    secret,
                    length: *length,
                });
            }
            Origin::Supplied {
                description: _, // its owner keeps one beside it
                store: Some(store),
            } => {
                let address = named_address(name);
                let read_back = ledger.composed_of.contains(&address);
                if read_back {
                    number(name);
                }
                secrets.named.push(NamedSecret {
                    address,
                    name: store.clone(),
                    read_back,
                    lines: context.lines([place, context.program.at(NodeId::Secret(id), "name")]),
                });
            }
            Origin::Supplied {
                description,
                store: None,
            } => {
                number(name);
                supplied_places.push(place);
                secrets
                    .supplied
                    .push(supplied(context, name, description.as_deref(), place));
            }
            // Of what is rented, the products below tell.
            Origin::PasswordOf(backing) => {
                passwords.insert(*backing, place);
            }
            // No rented product has an administrator of ours.
            Origin::AdministratorOf(_) => {}
        }
    }
    for (id, backing) in context.program.backings().iter() {
        let managed = context.program.managed(id);
        if managed
            .and_then(|managed| rented(managed.product))
            .is_some_and(is_rotated)
        {
            let whole = context.program.at(NodeId::Backing(id), "");
            let place = passwords.get(&id).copied().unwrap_or(whole);
            versioned.push((backing.role.clone(), place));
        }
    }
    let stored = secrets
        .supplied
        .iter()
        .chain(secrets.made.iter().map(|made| &made.secret));
    secrets.read_back = stored
        .map(|secret| &secret.address)
        .filter(|address| ledger.composed_of.contains(*address))
        .cloned()
        .collect();
    secrets.supplied_lines = context.lines(supplied_places);
    secrets.versioned_lines = context.lines(versioned.iter().map(|(_, place)| *place));
    secrets.versioned = versioned.into_iter().map(|(key, _)| key).collect();
    secrets.versioned.sort();
    secrets
}

fn supplied(context: &Context<'_>, name: &str, description: Option<&str>, place: Span) -> StoredSecret {
    StoredSecret {
        address: supplied_address(name),
        name: SecretName::Exact(context.names.path(&[name])),
        description: description.map_or_else(|| format!("{name}, supplied by people"), str::to_owned),
        content: Content::Supplied { key: name.to_owned() },
        lines: context.lines([place]),
    }
}

fn made(context: &Context<'_>, name: &str, description: Option<&str>, place: Span) -> StoredSecret {
    StoredSecret {
        address: made_address(name),
        name: SecretName::Prefix(format!("{}-", context.names.path(&[name]))),
        description: description.map_or_else(|| format!("{name}, made once"), str::to_owned),
        content: Content::Generated {
            // Passwords of products have their roles, and no role begins so.
            random: format!("exoc_{}", name.to_ascii_lowercase()),
            key: name.to_owned(),
        },
        lines: context.lines([place]),
    }
}
