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

/// The volumes of a service that outlive it, by where they lie. Companions fill the others, whose names have an `_`.
///
/// # Errors
///
/// If a mount is not understood.
pub(super) fn lasting(service: &Yaml) -> Result<BTreeMap<String, (String, bool)>, String> {
    let mounts = mounted(service)?.into_iter();
    let lasting = mounts.filter(|mount| !mount.volume.contains('_'));
    Ok(lasting
        .map(|mount| (mount.target, (mount.volume, mount.read_only)))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::given;
    use crate::facts::yaml;

    const PROJECT: &str = "
writer: { user: '1000:7', volumes: [{ type: volume, source: media, target: /media }], depends_on: { v_volumes: { condition: service_completed_successfully } } }
reader: { user: '5:5', volumes: [{ type: volume, source: media, target: /m, read_only: true }], depends_on: { v_volumes: { condition: service_completed_successfully } } }
other: { user: '5:5', volumes: [{ type: volume, source: own, target: /own }] }
v_volumes: { command: [chown, '1000:7', /volumes/v], volumes: [{ type: volume, source: media, target: /volumes/v }] }
";

    fn is_fine(project: &str) -> bool {
        let documents = yaml::documents("compose.yaml", project).unwrap_or_default();
        let services = documents.first().map(|all| yaml::entries(all, "services"));
        let services = services.and_then(Result::ok).unwrap_or_default();
        given("v_volumes", &services.into_iter().collect()).is_ok()
    }

    #[test]
    fn a_volume_belongs_to_who_writes_it_before_anybody_mounts_it() {
        assert!(is_fine(PROJECT));
        for (right, wrong) in [
            ("chown, '1000:7'", "chown, '7:1000'"),
            ("/m, read_only: true", "/m"),
            ("source: own", "source: media"),
            (
                "v_volumes: { condition: service_completed_successfully }",
                "v_volumes: { condition: service_started }",
            ),
            ("/volumes/v]", "/volumes/w]"),
            ("'1000:7', /volumes/v", "'1000:7'"),
            ("command: [chown,", "command: [touch,"),
        ] {
            assert!(PROJECT.contains(right), "{right}");
            assert!(!is_fine(&PROJECT.replacen(right, wrong, 1)), "{wrong}");
        }
    }
}
