//! The Secrets that people or an operator make. None is ever printed: only their names and how to make them are.

use super::job::Wave;
use super::{Plan, operators};
use crate::model::{ExternalSecret, Object, Origin as Source, SecretSource, SecretToMake};
use crate::names;
use exoc_ir::{Attribute, Component, Id, Origin, Secret};
use std::collections::BTreeSet;

/// All Secrets that the objects refer to, by name.
pub(crate) fn to_make(plan: &Plan<'_>) -> Vec<SecretToMake> {
    let consumers = plan.program.consumers();
    let users = |id| consumers.get(&id).into_iter().flatten().copied();
    let mut secrets: Vec<SecretToMake> = plan
        .program
        .secrets()
        .iter()
        .filter(|(_, secret)| !plan.is_operators(secret))
        .map(|(id, secret)| secret_to_make(plan, id, secret, users(id)))
        .collect();
    secrets.sort_by(|a, b| a.object.cmp(&b.object));
    secrets
}

/// What has an operator make the Secrets, if one does: generators first.
pub(crate) fn objects(plan: &Plan<'_>) -> Vec<Object> {
    let Some(store) = &plan.options.secret_store else {
        return Vec::new();
    };
    let mut lengths = BTreeSet::new();
    let mut secrets = Vec::new();
    let all = plan.program.secrets().iter();
    for (id, secret) in all.filter(|(_, secret)| !plan.is_operators(secret)) {
        let origin = match source(plan, secret) {
            SecretSource::Supplied(key) | SecretSource::Named(key) => Source::Store {
                store: store.clone(),
                values: [(names::SECRET_KEY, key)].into(),
            },
            SecretSource::Random(length) => {
                lengths.insert(length);
                Source::Generator(names::generator(length))
            }
        };
        let meta = plan
            .shared_meta(plan.secret(id))
            .because_of(plan.secret_lines(id));
        let meta = plan.in_wave(meta, Wave::First);
        secrets.push(Object::ExternalSecret(ExternalSecret { meta, origin }));
    }
    let generators = lengths.into_iter().map(|length| {
        let meta = plan.in_wave(plan.shared_meta(&names::generator(length)), Wave::First);
        Object::PasswordGenerator(meta, length)
    });
    let of_backups = operators::backups::secret(plan);
    generators.chain(secrets).chain(of_backups).collect()
}

fn source(plan: &Plan<'_>, secret: &Secret) -> SecretSource {
    let Secret { name: _, origin } = secret;
    match origin {
        Origin::Supplied {
            description: _,
            store: Some(key),
        } => SecretSource::Named(key.clone()),
        Origin::Supplied {
            description: _,
            store: None,
        }
        | Origin::Generated { .. }
        | Origin::PasswordOf(_)
        | Origin::AdministratorOf(_) => match secret.length() {
            Some(length) => SecretSource::Random(length),
            None => SecretSource::Supplied(names::stored(plan.program, secret)),
        },
    }
}

fn secret_to_make(
    plan: &Plan<'_>,
    id: Id<Secret>,
    secret: &Secret,
    users: impl Iterator<Item = Component>,
) -> SecretToMake {
    let Secret { name, origin } = secret;
    let role = |component| plan.program.role(component).to_owned();
    let mut users: Vec<String> = users.map(role).collect();
    let purpose = match origin {
        Origin::Supplied {
            description,
            store: _, // in `source`
        }
        | Origin::Generated {
            length: _, // likewise
            description,
        } => description.clone(),
        Origin::PasswordOf(backing) => {
            let what = if names::login(plan.program, *backing) == Attribute::SecretKey {
                "Secret key"
            } else {
                "Password"
            };
            let backing = role(Component::Backing(*backing));
            users.push(backing.clone());
            Some(format!("{what} of {backing}"))
        }
        Origin::AdministratorOf(backing) => {
            let backing = role(Component::Backing(*backing));
            users.push(backing.clone());
            Some(format!("Password of the administrator of {backing}"))
        }
    };
    users.sort();
    users.dedup();
    SecretToMake {
        object: plan.secret(id).to_owned(),
        name: name.clone(),
        purpose,
        source: source(plan, secret),
        users,
    }
}
