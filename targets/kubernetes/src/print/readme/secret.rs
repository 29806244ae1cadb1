//! The section about Secrets: how people make them, or what an operator must find. Holds no value.

use super::one_line;
use crate::model::{SecretSource, SecretToMake};
use crate::options::SecretStore;
use std::fmt::Write as _;

/// The section; nothing if there are no secrets.
pub(super) fn section(namespace: &str, secrets: &[SecretToMake], store: Option<&SecretStore>) -> String {
    match store {
        _ if secrets.is_empty() => String::new(),
        Some(store) => by_operator(secrets, store),
        None => by_hand(namespace, secrets),
    }
}

fn by_hand(namespace: &str, secrets: &[SecretToMake]) -> String {
    let mut section = "\n## Secrets\n\n\
         These files refer to Secrets and never hold them. A pod whose Secret is missing does not start. Each has one key,\n\
         `value`. A variable of the shell holds what is supplied; what is drawn is drawn once and must not be drawn again\n\
         while its data lives. After a change, restart the users of the Secret.\n"
        .to_owned();
    for secret in secrets {
        let SecretToMake {
            object,
            name,
            purpose,
            source,
            users,
        } = secret;
        let users = listed(users);
        let about = about(purpose.as_deref());
        // Through a pipe, since every process of the machine may read the arguments of the others.
        let value = match source {
            SecretSource::Supplied(_) | SecretSource::Named(_) => {
                format!("test -n \"${name}\" && printf %s \"${name}\"")
            }
            SecretSource::Random(length) => {
                format!("head -c 1000 /dev/urandom | LC_ALL=C tr -dc A-Za-z0-9 | head -c {length}")
            }
        };
        let there = match source {
            SecretSource::Named(key) => format!(" It is there already, as `{key}`."),
            SecretSource::Supplied(_) | SecretSource::Random(_) => String::new(),
        };
        let _ = write!(
            section,
            "\n`{name}`:{about} Read by {users}.{there}\n\n```sh\n{value} |\n  \
             kubectl --namespace {namespace} create secret generic {object} --from-file=value=/dev/stdin\n```\n"
        );
    }
    section
}

fn by_operator(secrets: &[SecretToMake], store: &SecretStore) -> String {
    let SecretStore { kind, name: store } = store;
    let mut section = format!(
        "\n## Secrets\n\n\
         These files refer to Secrets and never hold them. External Secrets 1.0 or later makes them, with the {kind}\n\
         `{store}`. A pod whose Secret is missing does not start. What is drawn is drawn once, and its Secret stays when\n\
         nothing asks for it any more. After a change, restart the users of the Secret.\n\n\
         | secret | value | for |\n|---|---|---|\n"
    );
    for secret in secrets {
        let SecretToMake {
            object,
            name,
            purpose,
            source,
            users,
        } = secret;
        let value = match source {
            SecretSource::Supplied(key) | SecretSource::Named(key) => {
                format!("the store's `{key}`")
            }
            SecretSource::Random(length) => format!("drawn: {length} letters and digits"),
        };
        let about = about(purpose.as_deref());
        let _ = writeln!(
            section,
            "| `{name}`, Secret `{object}` | {value} |{about} Read by {}. |",
            listed(users)
        );
    }
    section
}

fn about(purpose: Option<&str>) -> String {
    purpose.map_or_else(String::new, |text| format!(" {}.", one_line(text)))
}

fn listed(users: &[String]) -> String {
    let users: Vec<String> = users.iter().map(|role| format!("`{role}`")).collect();
    users.join(", ")
}
