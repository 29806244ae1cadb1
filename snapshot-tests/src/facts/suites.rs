//! The second project of compose, that of the tests: what must hold between it and the first one.

use super::{Files, compose, compose::is_joined, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

const FILE: &str = "compose.test.yaml";
/// What a test has as its service has it.
const OF_ITS_SERVICE: [&str; 9] = [
    "image",
    "build",
    "environment",
    "entrypoint",
    "user",
    "read_only",
    "cap_drop",
    "cap_add",
    "security_opt",
];
/// What nothing that a test needs has otherwise than in the first project, besides.
const OF_THE_PROJECT: [&str; 4] = ["command", "healthcheck", "tmpfs", "depends_on"];

/// Reads the project, if there is one. `services` are those of the first project, called `project`.
///
/// # Errors
///
/// If something of it could touch the first project or the machine, is not as it is there, or has no end.
pub(super) fn check(files: &Files, project: &str, services: &BTreeMap<&str, &Yaml>) -> Result<(), String> {
    if !files.contains_key(FILE) {
        return Ok(());
    }
    let documents = yaml::documents(FILE, super::text(files, FILE)?)?;
    let [tests] = documents.as_slice() else {
        return Err(format!("{FILE} is not one document"));
    };
    if tests["name"].as_str() != Some(&format!("{project}_test")) {
        return Err(format!("{FILE} is no project of its own: {:?}", tests["name"]));
    }
    let all = yaml::entries(&tests["services"], "services")?;
    let names: BTreeSet<&str> = all.iter().map(|(name, _)| *name).collect();
    let networks: BTreeSet<&str> = yaml::entries(&tests["networks"], "networks")?
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    for (name, service) in &all {
        let fault = |words: &str| Err(format!("{FILE}: `{name}` {words}"));
        if yaml::present(&service["ports"]) || yaml::present(&service["develop"]) {
            return fault("is open on the machine, or watched");
        }
        let waits = yaml::entries(&service["depends_on"], "depends_on")?;
        if waits.iter().any(|(waited, _)| !names.contains(waited)) {
            return fault("waits for what is not there");
        }
        let joined = yaml::strings(&service["networks"], "networks")?;
        let known =
            |network: &String| networks.contains(network.as_str()) && !network.starts_with("exoc_entry");
        if !joined.iter().all(known) {
            return fault("is on a network that is not there, or that publishes");
        }
        let of = name.strip_suffix("_test");
        let Some(original) = services.get(of.unwrap_or(name)) else {
            return fault("is of no service");
        };
        let besides: &[&str] = if of.is_some() { &[] } else { &OF_THE_PROJECT };
        for key in OF_ITS_SERVICE.iter().chain(besides) {
            if service[*key] != original[*key] {
                return fault(&format!("has another `{key}`"));
            }
        }
        if let Some(role) = of {
            if yaml::strings(&service["profiles"], "profiles")? != ["tests".to_owned()].into()
                || service["restart"].as_str() != Some("no")
            {
                return fault("is no test that runs once");
            }
            if joined.contains(role) {
                return fault("can be reached as its service");
            }
            let meets = |network: &String| {
                let mut others = all
                    .iter()
                    .filter(|(other, _)| waits.iter().any(|(waited, _)| waited == other));
                others.any(|(_, other)| {
                    compose::joined(&other["networks"], role).is_ok_and(|of| of.contains(network))
                })
            };
            let mut idle = joined
                .iter()
                .filter(|network| is_joined(network) && !meets(network));
            if idle.next().is_some() {
                return fault("is on a network in which it waits for nobody");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{Files, compose};
    use crate::case;

    /// The goldens of the fixture with tests, after one text of its second project was replaced.
    fn told(text: &str, by: &str) -> Result<(), String> {
        let mut cases = case::all().unwrap().into_iter();
        let case = cases.find(|case| case.name == "development-sources").unwrap();
        let folder = case.goldens.join("local").join("compose");
        let mut files = Files::new();
        let script = "files/db/docker-entrypoint-initdb.d/10-owner.sh";
        for name in ["compose.yaml", "compose.test.yaml", script] {
            let mut content = std::fs::read_to_string(folder.join(name)).unwrap();
            if name == "compose.test.yaml" {
                assert!(content.contains(text), "{text}");
                content = content.replacen(text, by, 1);
            }
            files.insert(name.to_owned(), content.into_bytes());
        }
        compose::facts(&files).map(drop)
    }

    #[test]
    fn a_second_project_that_touches_the_first_one_is_no_project_of_tests() {
        assert_eq!(told("services:", "services:"), Ok(()));
        for (text, by) in [
            (
                "name: \"development-sources_test\"",
                "name: \"development-sources\"",
            ),
            ("profiles: [\"tests\"]", "profiles: []"),
            ("restart: \"no\"", "restart: \"always\""),
            (
                "networks: [\"db\", \"web\"]",
                "networks: [\"api\", \"db\", \"web\"]",
            ),
            ("networks: [\"db\", \"web\"]", "networks: [\"exoc_entry\"]"),
            ("user: \"1002:1002\"", "user: \"0:0\""),
            (
                "command: [\"node\", \"--watch\", \"server.js\"]",
                "command: [\"node\"]",
            ),
            ("      db:\n        condition", "      nobody:\n        condition"),
            (
                "    restart: \"no\"",
                "    restart: \"no\"\n    ports: [\"127.0.0.1:80:80\"]",
            ),
        ] {
            assert!(told(text, by).is_err(), "{by}");
        }
    }
}
