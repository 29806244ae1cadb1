//! The schemas of this repository, ready to judge documents.

use jsonschema::{Registry, Validator};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// The folder of the schemas.
pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas")
}

/// The schema of `application` or `service`.
pub(crate) fn schema(noun: &str) -> Value {
    let path = folder().join(format!("{noun}.schema.json"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Hands the validators of application.yml and service.yml to a test.
pub(crate) fn with_schemas(check: impl FnOnce(&Validator, &Validator)) {
    let service = schema("service");
    let registry = Registry::new()
        .add("exoc:/service.schema.json", service)
        .unwrap()
        .prepare()
        .unwrap();
    let validator = |noun: &str| {
        let base = format!("exoc:/{noun}.schema.json");
        jsonschema::options()
            .with_base_uri(base)
            .with_registry(&registry)
            .build(&schema(noun))
            .unwrap()
    };
    check(&validator("application"), &validator("service"));
}
