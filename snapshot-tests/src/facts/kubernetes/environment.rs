//! Variables and arguments, in which `$(NAME)` stands for an earlier variable, and names of Secrets.

use super::job;
use crate::facts::{Part, Value, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// What the Secret ends with that CloudNativePG makes for the user of a database, and the RabbitMQ Cluster Operator for that
/// of a broker, by their kinds.
pub(super) const LOGINS: [(&str, &str); 2] = [("Cluster", "-app"), ("RabbitmqCluster", "-default-user")];

/// Whom an operator makes a Secret for, if it is one of these.
fn login(object: &str) -> Option<&str> {
    LOGINS.iter().find_map(|(_, end)| object.strip_suffix(end))
}

/// The variables of a container; those that only lend their value to others are left out.
pub(super) fn variables(container: &Yaml) -> Result<BTreeMap<String, Value>, String> {
    let mut known: BTreeMap<String, Value> = BTreeMap::new();
    for variable in yaml::list(&container["env"], "env")? {
        let name = yaml::string(&variable["name"], "the name of a variable")?;
        let reference = &variable["valueFrom"]["secretKeyRef"];
        let value = if yaml::present(reference) {
            let object = yaml::string(&reference["name"], name)?;
            // Operators call it otherwise.
            let expected = match login(object) {
                Some(_) => "password",
                None => "value",
            };
            if reference["key"].as_str() != Some(expected) {
                return Err(format!("`{name}` reads the key {:?}", reference["key"]));
            }
            Value::secret(secret(object)?)
        } else {
            // None is empty.
            let text = &variable["value"];
            let text = if yaml::present(text) {
                yaml::string(text, name)?
            } else {
                ""
            };
            expand(text, &known).map_err(|error| format!("`{name}`: {error}"))?
        };
        if known.insert(name.to_owned(), value).is_some() {
            return Err(format!("`{name}` is there twice"));
        }
    }
    // What the catalogue gives an image begins so as well, and is no part of a longer text.
    let lent = lent(container)?;
    known.retain(|name, _| !(name.starts_with("EXOC_") && lent.contains(name)));
    Ok(known)
}

/// Variables that others name in their values.
fn lent(container: &Yaml) -> Result<BTreeSet<String>, String> {
    let mut lent = BTreeSet::new();
    for variable in yaml::list(&container["env"], "env")? {
        let mut rest = variable["value"].as_str().unwrap_or_default();
        while let Some(at) = rest.find('$') {
            rest = rest.get(at + 1..).unwrap_or_default();
            if let Some(after) = rest.strip_prefix('$') {
                rest = after;
            } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
                lent.insert(name.to_owned());
                rest = after;
            }
        }
    }
    Ok(lent)
}

/// A text as the kubelet reads it: `$$` is `$`, `$(NAME)` the variable of that name.
pub(super) fn expand(text: &str, known: &BTreeMap<String, Value>) -> Result<Value, String> {
    let mut value = Value::default();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        value.push(Part::Text(rest.get(..at).unwrap_or_default().to_owned()));
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('$') {
            value.push(Part::Text("$".to_owned()));
            rest = after;
        } else if let Some((name, after)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
            // The kubelet would leave it as it is, which nobody means.
            value.extend(
                known
                    .get(name)
                    .cloned()
                    .ok_or_else(|| format!("nothing is called `{name}`"))?,
            );
            rest = after;
        } else {
            return Err(format!("a `$` alone in {text:?}"));
        }
    }
    value.push(Part::Text(rest.to_owned()));
    Ok(value)
}

/// The name of the secret that a Secret holds: `secret-stripe-key`, `db-password`.
pub(super) fn secret(object: &str) -> Result<String, String> {
    if let Some(name) = supplied(object) {
        return Ok(name);
    }
    if let Some(product) = login(object) {
        return Ok(format!("{}_PASSWORD", product.to_uppercase().replace('-', "_")));
    }
    if object.ends_with("-password") || object.ends_with("-secret-key") {
        return Ok(object.to_uppercase().replace('-', "_"));
    }
    Err(format!("the Secret `{object}` holds no secret that is known"))
}

/// The name of a secret that somebody supplies.
pub(super) fn supplied(object: &str) -> Option<String> {
    object
        .strip_prefix("secret-")
        .map(|key| key.to_uppercase().replace('-', "_"))
}

/// The Secrets that a workload's container reads.
pub(super) fn secrets(workload: &Yaml) -> Result<BTreeSet<String>, String> {
    let mut secrets = BTreeSet::new();
    let spec = &job::template(workload)["spec"];
    let companions = yaml::list(&spec["initContainers"], "initContainers")?;
    for container in yaml::list(&spec["containers"], "containers")?
        .iter()
        .chain(companions)
    {
        for variable in yaml::list(&container["env"], "env")? {
            let reference = &variable["valueFrom"]["secretKeyRef"];
            secrets.extend(reference["name"].as_str().map(str::to_owned));
        }
    }
    Ok(secrets)
}

#[cfg(test)]
mod tests {
    use super::{Value, expand, variables};
    use crate::facts::{Part, yaml};
    use std::collections::BTreeMap;

    #[test]
    fn dollars_are_read_as_the_kubelet_reads_them() {
        let known = BTreeMap::from([("P".to_owned(), Value::secret("DB_PASSWORD"))]);
        assert_eq!(expand("$$(P) $$$$", &known), Ok(Value::text("$(P) $$")));
        let expected = [
            Part::Text("a:".into()),
            Part::Secret("DB_PASSWORD".into()),
            Part::Text("@b".into()),
        ];
        assert_eq!(expand("a:$(P)@b", &known), Ok(expected.into_iter().collect()));
        assert!(expand("$(Q)", &known).is_err());
        assert!(expand("$x", &known).is_err());
    }

    #[test]
    fn a_lent_variable_is_no_variable_of_the_application() {
        let text = "env:\n- name: EXOC_KEY\n  valueFrom: {secretKeyRef: {name: secret-key, key: value}}\n\
                    - name: BEARER\n  value: Bearer $(EXOC_KEY)\n\
                    - name: EXOC_OWNER\n  value: shop\n";
        let documents = yaml::documents("x", text).expect("YAML");
        let variables = variables(&documents[0]).expect("variables");
        let names: Vec<&str> = variables.keys().map(String::as_str).collect();
        assert_eq!(names, ["BEARER", "EXOC_OWNER"]);
        assert_eq!(variables["BEARER"].to_string(), "\"Bearer \"<secret KEY>");
    }
}
