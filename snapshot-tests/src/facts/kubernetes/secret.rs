//! Who makes the Secrets: people, as the page says, or the operators External Secrets, CloudNativePG and that
//! of RabbitMQ.

use super::environment::LOGINS;
use super::{Objects, name};
use crate::facts::yaml;
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// Where the value of a Secret comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maker {
    /// Somebody has it.
    Somebody,
    /// It is drawn.
    Chance,
}

/// The Secrets that are made, each under its name and with the one key `value`.
pub(super) fn makers(objects: &Objects, page: &str) -> Result<BTreeMap<String, Maker>, String> {
    let mut makers = by_hand(page)?;
    let openers: BTreeSet<&str> = objects
        .all("ObjectStore")
        .filter_map(|store| opener(store))
        .collect();
    for object in objects.all("ExternalSecret") {
        let name = name(object)?;
        // It is no secret of the manifest's.
        if openers.contains(name) {
            continue;
        }
        let maker = by_operator(objects, &object["spec"]).map_err(|error| format!("`{name}`: {error}"))?;
        if object["spec"]["target"]["name"].as_str() != Some(name) {
            return Err(format!("`{name}` makes a Secret of another name"));
        }
        if makers.insert(name.to_owned(), maker).is_some() {
            return Err(format!("the Secret `{name}` is made twice"));
        }
    }
    for (kind, end) in LOGINS {
        for cluster in objects.all(kind) {
            makers.insert(format!("{}{end}", name(cluster)?), Maker::Chance);
        }
    }
    Ok(makers)
}

/// The Secret that opens a store of backups.
fn opener(store: &Yaml) -> Option<&str> {
    store["spec"]["configuration"]["s3Credentials"]["accessKeyId"]["name"].as_str()
}

/// The commands of the page: a value, then what makes a Secret of it.
fn by_hand(page: &str) -> Result<BTreeMap<String, Maker>, String> {
    const MAKES: &str = "create secret generic ";
    let mut makers = BTreeMap::new();
    let mut before = "";
    for line in page.lines() {
        let of_backups = line.ends_with(" --from-env-file=/dev/stdin");
        if let Some((_, rest)) = line.split_once(MAKES).filter(|_| !of_backups) {
            let Some((name, "--from-file=value=/dev/stdin")) = rest.split_once(' ') else {
                return Err(format!("`{line}` makes no key `value`"));
            };
            let maker = if before.starts_with("head -c 1000 /dev/urandom |") {
                Maker::Chance
            } else {
                Maker::Somebody
            };
            makers.insert(name.to_owned(), maker);
        }
        before = line;
    }
    Ok(makers)
}

fn by_operator(objects: &Objects, spec: &Yaml) -> Result<Maker, String> {
    let (data, from) = (
        yaml::list(&spec["data"], "data")?,
        yaml::list(&spec["dataFrom"], "dataFrom")?,
    );
    match (data, from) {
        ([item], []) => {
            if item["secretKey"].as_str() != Some("value") {
                return Err(format!("it makes the key {:?}", item["secretKey"]));
            }
            yaml::string(&item["remoteRef"]["key"], "the key in the store")?;
            yaml::string(&spec["secretStoreRef"]["name"], "the store")?;
            Ok(Maker::Somebody)
        }
        ([], [item]) => {
            let generator = yaml::string(&item["sourceRef"]["generatorRef"]["name"], "the generator")?;
            let drawn = objects
                .all("Password")
                .find(|object| name(object) == Ok(generator));
            let drawn = drawn.ok_or_else(|| format!("there is no generator `{generator}`"))?;
            if drawn["spec"]["symbols"].as_i64() != Some(0) {
                return Err("it draws more than letters and digits".to_owned());
            }
            let rewrite = &item["rewrite"][0]["regexp"];
            if (rewrite["source"].as_str(), rewrite["target"].as_str()) != (Some("^password$"), Some("value"))
            {
                return Err("what is drawn is not under the key `value`".to_owned());
            }
            if spec["refreshPolicy"].as_str() != Some("CreatedOnce") {
                return Err("it is drawn again and again".to_owned());
            }
            Ok(Maker::Chance)
        }
        _ => Err("it has not one source".to_owned()),
    }
}
