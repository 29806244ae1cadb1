//! What objects, files and volumes are called. Knows the rules of names of the API server; not what objects hold.
//!
//! A role has neither a dot, nor `_`, nor two hyphens in a row, and does not begin with `exoc-`: whatever has is
//! no component's.
//!
//! Limits: apimachinery `IsDNS1123Label` and `IsValidLabelValue` (63 characters) of Kubernetes 1.36; a StatefulSet
//! has 52, which the longest role fits, for its pods carry its name and a hash in a label.

use exoc_ir::{Attribute, Backing, Id, Origin, Program, Secret, Shortened, shorten};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name of an object, and the longest value of a label.
const LONGEST: usize = 63;

/// Denies all traffic of the namespace.
pub(crate) const DEFAULT_DENY: &str = "exoc-default-deny";
/// Allows all pods to resolve names.
pub(crate) const ALLOW_DNS: &str = "exoc-allow-dns";
/// Allows the gateway to reach the pods that prove whose a host is.
pub(crate) const ALLOW_SOLVERS: &str = "exoc-allow-solvers";
/// The route that sends plain requests to `https`.
pub(crate) const REDIRECT: &str = "exoc-redirect";
/// The gateway's listener for plain requests.
pub(crate) const PLAIN_LISTENER: &str = "http";
/// The only key of every Secret but the next.
pub(crate) const SECRET_KEY: &str = "value";
/// The keys of the Secret that opens the store of backups, as the plugin's own pages call them.
///
/// Source: cloudnative-pg/plugin-barman-cloud 0.14.0, web/docs/object_stores.md, "Access Keys", 2026-11.
pub(crate) const BACKUP_KEYS: [&str; 2] = ["ACCESS_KEY_ID", "ACCESS_SECRET_KEY"];
/// The volume of the files that a product needs beside its image's.
pub(crate) const FILES_VOLUME: &str = "files";
/// The volume of files whose contents are known.
pub(crate) const KNOWN_VOLUME: &str = "files";
/// The claim of a product's data.
pub(crate) const DATA_VOLUME: &str = "data";

/// Files of the output that are no component's.
pub(crate) const KUSTOMIZATION_FILE: &str = "kustomization.yaml";
/// The namespace.
pub(crate) const NAMESPACE_FILE: &str = "namespace.yaml";
/// The policies of all pods.
pub(crate) const NETWORK_FILE: &str = "network.yaml";
/// The gateway and its redirect.
pub(crate) const GATEWAY_FILE: &str = "gateway.yaml";
/// The Ingress.
pub(crate) const INGRESS_FILE: &str = "ingress.yaml";
/// What has an operator make the Secrets.
pub(crate) const SECRETS_FILE: &str = "secrets.yaml";

/// The file of a component: `<role>.yaml`, unless that is another file's name.
pub(crate) fn file(role: &str) -> String {
    let plain = format!("{role}.yaml");
    let shared = [
        KUSTOMIZATION_FILE,
        NAMESPACE_FILE,
        NETWORK_FILE,
        GATEWAY_FILE,
        INGRESS_FILE,
        SECRETS_FILE,
    ];
    if shared.contains(&plain.as_str()) {
        format!("{role}.component.yaml")
    } else {
        plain
    }
}

/// The label that names an identity of an application.
pub(crate) fn instance(app: &str, identity: &str) -> Shortened {
    shorten(&[app, identity], LONGEST)
}

/// The Secret that holds a secret. A product's is as old as its data, so it is named after the identity, and ends with
/// `login` where an operator makes it.
pub(crate) fn secret(program: &Program, secret: &Secret, login: Option<&str>) -> Shortened {
    let identity = |backing| {
        program
            .backings()
            .get(backing)
            .map_or("", |backing| backing.identity.as_str())
    };
    match &secret.origin {
        Origin::Supplied { .. } | Origin::Generated { .. } => {
            let key = secret.name.to_ascii_lowercase().replace('_', "-");
            // A name must end in a letter or digit; two keys that then agree are reported as a clash.
            shorten(&["secret", key.trim_end_matches('-')], LONGEST)
        }
        Origin::PasswordOf(backing) => {
            let word = login.unwrap_or_else(|| self::login(program, *backing).word());
            shorten(&[identity(*backing), word], LONGEST)
        }
        Origin::AdministratorOf(backing) => shorten(&[identity(*backing), "administrator-password"], LONGEST),
    }
}

/// The attribute that is the secret of a backing's user.
pub(crate) fn login(program: &Program, backing: Id<Backing>) -> Attribute {
    program
        .managed(backing)
        .and_then(|managed| exoc_catalogue::entry(managed.product).secret)
        .unwrap_or(Attribute::Password)
}

/// What a store calls a secret that the manifest gives no other name there.
pub(crate) fn stored(program: &Program, secret: &Secret) -> String {
    let (app, environment) = (&program.app().name, &program.environment().name);
    format!("{app}/{environment}/{}", secret.name)
}

/// What draws so many letters and digits.
pub(crate) fn generator(length: u32) -> String {
    format!("exoc-password-{length}")
}

/// The ConfigMap of a component's files; another content is another name, for it cannot be changed.
pub(crate) fn files(role: &str, hash: &str) -> Shortened {
    shorten(&[role, "files", hash], LONGEST)
}

/// The key of a file in a ConfigMap: the file's own name, as far as a key can hold it, and unlike those that are `taken`.
///
/// Source: apimachinery `IsConfigMapKey` of Kubernetes 1.36: 253 characters, of which the first two are not both dots.
pub(crate) fn file_key<D>(path: &str, taken: &BTreeMap<String, D>) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '_'
            }
        })
        .collect();
    let plain = match plain.strip_prefix("..") {
        Some(rest) => format!("_.{rest}"),
        None => plain,
    };
    // Whatever is added to it still fits.
    let plain = shorten(&[&plain], 240).name;
    let mut key = plain.clone();
    let mut number = 2;
    while taken.contains_key(&key) {
        key = format!("{plain}.{number}");
        number += 1;
    }
    key
}

/// The Service that lets a role's plain ports be reached from outside.
pub(crate) fn public(role: &str) -> Shortened {
    shorten(&["exoc-public", role], LONGEST)
}

/// The listener of a host. Hosts may be as long as names of listeners may be, so long ones are shortened.
pub(crate) fn listener(host: &str) -> Shortened {
    shorten(&["https", host], 253)
}

/// The Secret of a host's certificate.
pub(crate) fn certificate(host: &str) -> Shortened {
    shorten(&[host, "tls"], 253)
}

/// The `index`-th route of a role, counted from 0.
pub(crate) fn route(role: &str, index: usize) -> String {
    if index == 0 {
        role.to_owned()
    } else {
        format!("{role}.{}", index + 1)
    }
}

/// A volume for the folder at `path`, unlike those that are `taken`, to which it is added.
pub(crate) fn volume(path: &str, taken: &mut BTreeSet<String>) -> String {
    let words: Vec<String> = path
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let words = if words.is_empty() {
        "folder".to_owned()
    } else {
        words.join("-")
    };
    let mut name = shorten(&[&words], LONGEST).name;
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = shorten(&[&words, &number.to_string()], LONGEST).name;
        number += 1;
    }
    name
}
