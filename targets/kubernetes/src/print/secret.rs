//! What has the operator External Secrets make Secrets.

use super::object::{head, one};
use super::words::Words;
use crate::model::{ExternalSecret, Meta, Origin};
use crate::names;
use crate::options::SecretStore;
use exoc_emit::yaml::Mapping;
use std::collections::BTreeMap;

/// The version of the operator's generators.
const GENERATORS: &str = "generators.external-secrets.io/v1alpha1";

/// The document of an ExternalSecret.
pub(super) fn external(words: Words<'_>, secret: &ExternalSecret) -> Mapping {
    let ExternalSecret { meta, origin } = secret;
    let spec = match origin {
        Origin::Store { store, values } => from_store(store, &meta.name, values),
        Origin::Generator(name) => drawn(&meta.name, name),
    };
    head(words, "external-secrets.io/v1", "ExternalSecret", meta).with("spec", spec)
}

fn from_store(store: &SecretStore, name: &str, values: &BTreeMap<&'static str, String>) -> Mapping {
    let SecretStore { kind, name: store } = store;
    let items = values.iter().map(|(key, value)| {
        let remote = Mapping::new()
            .with("key", value)
            .comment("What the API server adds to an item; without it every apply would report a change.")
            .with("conversionStrategy", "Default")
            .with("decodingStrategy", "None")
            .with("metadataPolicy", "None");
        Mapping::new().with("secretKey", *key).with("remoteRef", remote)
    });
    Mapping::new()
        .with("refreshPolicy", "Periodic")
        .with("refreshInterval", "1h0m0s")
        .with(
            "secretStoreRef",
            Mapping::new().with("kind", kind).with("name", store),
        )
        .with("target", target(name, "Owner"))
        .with_list_unless_empty("data", items)
}

fn drawn(name: &str, generator: &str) -> Mapping {
    let generator = Mapping::new()
        .with("apiVersion", GENERATORS)
        .with("kind", "Password")
        .with("name", generator);
    let key = Mapping::new()
        .with("source", "^password$")
        .with("target", names::SECRET_KEY);
    let from = Mapping::new()
        .with("sourceRef", Mapping::new().with("generatorRef", generator))
        .with("rewrite", one(Mapping::new().with("regexp", key)));
    Mapping::new()
        .with("refreshPolicy", "CreatedOnce")
        .comment("The Secret outlives this object, as data does that it opens.")
        .with("target", target(name, "Orphan"))
        .with("dataFrom", one(from))
}

fn target(name: &str, policy: &'static str) -> Mapping {
    Mapping::new()
        .with("name", name)
        .with("creationPolicy", policy)
        .with("deletionPolicy", "Retain")
}

/// The document of a Password: letters and digits alone.
pub(super) fn generator(words: Words<'_>, meta: &Meta, length: u32) -> Mapping {
    let spec = Mapping::new()
        .with("length", length)
        .with("symbols", 0_u32)
        .with("noUpper", false)
        .with("allowRepeat", true);
    head(words, GENERATORS, "Password", meta).with("spec", spec)
}
