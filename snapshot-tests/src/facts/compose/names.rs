//! Names under which one container answers for several components.

use crate::facts::yaml;
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// The aliases that a role could have, by the container that has them.
pub(super) fn names(services: &BTreeMap<&str, &Yaml>) -> Result<BTreeMap<String, String>, String> {
    let mut names = BTreeMap::new();
    for (role, service) in services {
        let networks = &service["networks"];
        if networks.as_hash().is_none() {
            continue;
        }
        for (network, settings) in yaml::entries(networks, role)? {
            for alias in yaml::strings(&settings["aliases"], network)? {
                if alias != *role && !alias.contains('.') {
                    names.insert(alias, (*role).to_owned());
                }
            }
        }
    }
    Ok(names)
}
