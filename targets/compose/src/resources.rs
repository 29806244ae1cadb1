//! What the printed project describes, for comparisons: containers, volumes and networks, and what makes `up` replace one.
//!
//! A container is replaced when the hash of its service changes, whatever changed in it but `build`, `pull_policy`, `scale`,
//! `deploy.replicas`, `depends_on` and `profiles` (docker/compose, pkg/compose/hash.go, commit 1701d8da, read 2026-11-22).
//! Volumes and networks have hashes of everything that is said of them; before a volume is replaced, compose asks.

use exoc_emit::read::{self, Value};
use exoc_ir::{Artifacts, Replacement, Resource};

/// The sections of a project, and what one thing of each is called.
const SECTIONS: [(&str, &str); 3] = [
    ("services", "container"),
    ("volumes", "volume"),
    ("networks", "network"),
];

/// What the hash of a service leaves out.
const UNHASHED: [&str; 6] = [
    "build",
    "pull_policy",
    "scale",
    "deploy.replicas",
    "depends_on",
    "profiles",
];

/// The containers, volumes and networks.
pub(crate) fn resources(artifacts: &Artifacts) -> Vec<Resource> {
    let mut resources = Vec::new();
    for (_, artifact) in artifacts
        .iter()
        .filter(|(path, _)| path.as_str() == "compose.yaml")
    {
        for document in read::yaml(&String::from_utf8_lossy(&artifact.contents)) {
            for (section, kind) in SECTIONS {
                let things = document.get(section).and_then(Value::as_object);
                for (name, thing) in things.into_iter().flatten() {
                    resources.push(Resource {
                        address: format!("{kind} {name}"),
                        kind: kind.to_owned(),
                        attributes: read::flat(thing),
                        was: None,
                    });
                }
            }
        }
    }
    resources
}

/// What becomes of a thing of this kind when this key changes.
pub(crate) fn replacement(kind: &str, attribute: &str) -> Replacement {
    let is_unhashed = || UNHASHED.iter().any(|key| read::is_within(attribute, key));
    match kind {
        "container" if is_unhashed() => Replacement::Never,
        "volume" => Replacement::Maybe,
        _ => Replacement::Always,
    }
}

#[cfg(test)]
mod tests {
    use super::{replacement, resources};
    use exoc_ir::{Artifacts, Comments, Replacement};

    #[test]
    fn a_project_is_containers_volumes_and_networks() {
        let mut artifacts = Artifacts::default();
        let text = "services:\n  api:\n    image: api:1\nvolumes:\n  db-data: {}\n";
        artifacts
            .text("compose.yaml", Comments::Hash, text.to_owned())
            .unwrap();
        let addresses: Vec<String> = resources(&artifacts).into_iter().map(|one| one.address).collect();
        assert_eq!(addresses, ["container api", "volume db-data"]);
    }

    #[test]
    fn what_the_hash_leaves_out_replaces_nothing() {
        assert_eq!(replacement("container", "image"), Replacement::Always);
        assert_eq!(replacement("container", "build.context"), Replacement::Never);
        assert_eq!(replacement("container", "deploy.replicas"), Replacement::Never);
        assert_eq!(
            replacement("container", "deploy.resources.limits.memory"),
            Replacement::Always
        );
        assert_eq!(replacement("volume", "driver"), Replacement::Maybe);
    }
}
