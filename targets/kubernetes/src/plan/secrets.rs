//! The Secrets that people make. None is ever printed: only their names and how to make them are.

use super::Plan;
use crate::model::{SecretSource, SecretToMake};
use crate::names;
use exoc_ir::{Attribute, Component, Id, Origin, Secret};

/// All Secrets that the objects refer to, by name.
pub(crate) fn to_make(plan: &Plan<'_>) -> Vec<SecretToMake> {
    let consumers = plan.program.consumers();
    let users = |id| consumers.get(&id).into_iter().flatten().copied();
    let mut secrets: Vec<SecretToMake> = plan
        .program
        .secrets()
        .iter()
        .map(|(id, secret)| secret_to_make(plan, id, secret, users(id)))
        .collect();
    secrets.sort_by(|a, b| a.object.cmp(&b.object));
    secrets
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
    let (purpose, source) = match origin {
        // Made ones and those that a store has are refused as features.
        Origin::Supplied {
            description,
            store: _,
        }
        | Origin::Generated {
            length: _,
            description,
        } => (description.clone(), SecretSource::Supplied),
        Origin::PasswordOf(backing) => {
            let what = if names::login(plan.program, *backing) == Attribute::SecretKey {
                "Secret key"
            } else {
                "Password"
            };
            let backing = role(Component::Backing(*backing));
            users.push(backing.clone());
            (Some(format!("{what} of {backing}")), SecretSource::Random)
        }
        Origin::AdministratorOf(backing) => {
            let backing = role(Component::Backing(*backing));
            users.push(backing.clone());
            (
                Some(format!("Password of the administrator of {backing}")),
                SecretSource::Random,
            )
        }
    };
    users.sort();
    users.dedup();
    SecretToMake {
        object: plan.secret(id).to_owned(),
        name: name.clone(),
        purpose,
        source,
        users,
    }
}
