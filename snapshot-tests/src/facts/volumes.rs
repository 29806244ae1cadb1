//! Volumes of a docker-compose project: that whoever writes one may, and that nobody mounts one that is not there yet.

use super::{compose, yaml};
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// What a service does with a volume.
struct Mounted {
    volume: String,
    target: String,
    read_only: bool,
}

/// Checks that the companion `helper` gives volumes to those who write them, before they start.
///
/// # Errors
///
/// If it does something else, or a service that mounts one of the volumes does not wait for it, or writes it as
/// another user.
pub(super) fn given(helper: &str, services: &BTreeMap<&str, &Yaml>) -> Result<(), String> {
    let companion = services
        .get(helper)
        .ok_or_else(|| format!("there is no `{helper}`"))?;
    let words: Vec<&str> = yaml::list(&companion["command"], "command")?
        .iter()
        .filter_map(Yaml::as_str)
        .collect();
    let ["chown", owner, folders @ ..] = words.as_slice() else {
        return Err(format!("the companion `{helper}` does {words:?}"));
    };
    let mounts = mounted(companion)?;
    if mounts.len() != folders.len() || mounts.is_empty() {
        return Err(format!("the companion `{helper}` leaves a volume as it is"));
    }
    for mount in &mounts {
        if !folders.contains(&mount.target.as_str()) || mount.read_only {
            return Err(format!(
                "the companion `{helper}` cannot change `{}`",
                mount.volume
            ));
        }
    }
    for (role, service) in services.iter().filter(|(role, _)| **role != helper) {
        for own in mounted(service)? {
            if !mounts.iter().any(|mount| mount.volume == own.volume) {
                continue;
            }
            let waits = &service["depends_on"][helper]["condition"];
            if waits.as_str() != Some("service_completed_successfully") {
                return Err(format!("`{role}` does not wait for `{helper}`"));
            }
            let user = compose::user(service)?.map(|(user, group)| format!("{user}:{group}"));
            if !own.read_only && user.as_deref() != Some(*owner) {
                return Err(format!("`{role}` writes `{}`, which is {owner}'s", own.volume));
            }
        }
    }
    Ok(())
}

fn mounted(service: &Yaml) -> Result<Vec<Mounted>, String> {
    let mounts = yaml::list(&service["volumes"], "volumes")?.iter();
    let volumes = mounts.filter(|mount| mount["type"].as_str() == Some("volume"));
    volumes
        .map(|mount| {
            Ok(Mounted {
                volume: yaml::string(&mount["source"], "source")?.to_owned(),
                target: yaml::string(&mount["target"], "target")?.to_owned(),
                read_only: mount["read_only"].as_bool() == Some(true),
            })
        })
        .collect()
}
