//! Where the values of secrets are after an apply: every value that is supplied or drawn begins with a word that nothing
//! else holds, and what Terraform keeps and says is searched for it.

use serde_json::Value;

/// What the values of secrets begin with; the provider that is played begins those that it draws with it.
pub(super) const CANARY: &str = "canary-";

/// What may hold one, by type and attribute: arguments of which the provider has no write-only form, as the page of the
/// target says, and what is drawn for them.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("aws_elasticache_replication_group", "auth_token"),
    ("aws_mq_broker", "user.password"),
    (
        "aws_opensearch_domain",
        "advanced_security_options.master_user_options.master_user_password",
    ),
    ("random_password", "bcrypt_hash"),
    ("random_password", "result"),
];

/// Everything of a state that holds a value of a secret and may not.
///
/// # Errors
///
/// If it is no state.
pub(super) fn strays(state: &str) -> Result<Vec<String>, String> {
    let state: Value = serde_json::from_str(state).map_err(|error| format!("the state: {error}"))?;
    let mut found = Vec::new();
    let resources = state.get("resources").and_then(Value::as_array);
    for resource in resources.ok_or("the state has no resources")? {
        let word = |key: &str| resource.get(key).and_then(Value::as_str).unwrap_or_default();
        let (kind, name) = (word("type"), word("name"));
        let instances = resource.get("instances").and_then(Value::as_array);
        for instance in instances.into_iter().flatten() {
            let mut held = Vec::new();
            holding(instance.get("attributes").unwrap_or(&Value::Null), "", &mut held);
            let strays = held
                .into_iter()
                .filter(|path| !EXCEPTIONS.contains(&(kind, path)));
            found.extend(strays.map(|path| format!("{kind}.{name}: {path}")));
        }
    }
    let mut held = Vec::new();
    holding(state.get("outputs").unwrap_or(&Value::Null), "", &mut held);
    found.extend(held.into_iter().map(|path| format!("output {path}")));
    Ok(found)
}

/// The paths of all texts with the word in them; items of lists have no part in a path.
fn holding(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains(CANARY) => found.push(path.to_owned()),
        Value::Array(items) => items.iter().for_each(|item| holding(item, path, found)),
        Value::Object(members) => {
            for (key, member) in members {
                let inner = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                holding(member, &inner, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::strays;

    fn state(kind: &str, attributes: &str) -> String {
        format!(
            "{{\"outputs\": {{}}, \"resources\": [{{\"type\": \"{kind}\", \"name\": \"x\", \"instances\": \
             [{{\"attributes\": {attributes}}}]}}]}}"
        )
    }

    #[test]
    fn a_value_of_a_secret_is_found_wherever_it_is_but_where_it_must_be() {
        let of = |kind, attributes| strays(&state(kind, attributes)).unwrap_or_default();
        assert_eq!(
            of("aws_mq_broker", r#"{"user": [{"password": "canary-1"}]}"#),
            Vec::<String>::new()
        );
        assert_eq!(
            of("aws_mq_broker", r#"{"tags": {"a": "x canary-1"}}"#),
            ["aws_mq_broker.x: tags.a"]
        );
        assert_eq!(
            of("aws_db_instance", r#"{"password": "canary-1"}"#),
            ["aws_db_instance.x: password"]
        );
        assert!(strays("{}").is_err());
    }
}
