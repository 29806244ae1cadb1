//! What the printed module describes, for comparisons: its resources with what they say, and what replaces one.
//!
//! Terraform asks a provider which arguments force a new resource; the provider's published schema does not say it.
//! `replacement.tsv` does: the kind, the argument, whether it always forces one, only for some values or releases, or makes
//! another revision, and the release and file of hashicorp/terraform-provider-aws or terraform-provider-random where that is
//! written. All rows were read on 2026-11-22: those of AWS in 6.58.0 (2026-08-05), compared with 6.25.0, the lowest release that
//! a module admits, by the functions that lonegunmanb/terraform-provider-aws-index keeps of each release; those of random in
//! 3.9.0. A row that names 6.25.0 is changed in place by the later one. A block has a row if all its arguments force a new
//! resource (`always`), or if only its coming and going does (`maybe`). An exception that no printed module reaches is left
//! out: a name of an imported certificate, a node type of Redis without a replication group, a keeper that is null.

use exoc_emit::read::{self, HclBlock};
use exoc_ir::{Artifacts, Replacement, Resource};
use std::collections::BTreeMap;

/// The table: kind, argument, `always`, `maybe` or `revision`, source.
const TABLE: &str = include_str!("replacement.tsv");

/// How often a value is looked up that another one names.
const DEPTH: usize = 4;

/// The resources of the module. A value that names a local, a variable or a document stands beside what those say: a change
/// of that is a change of the resource.
pub(crate) fn resources(artifacts: &Artifacts) -> Vec<Resource> {
    let mut resources = Vec::new();
    for folder in ["", "bootstrap/"] {
        resources.extend(module(artifacts, folder));
    }
    resources
}

fn module(artifacts: &Artifacts, folder: &str) -> Vec<Resource> {
    let mut blocks = Vec::new();
    for (path, artifact) in artifacts.iter() {
        let name = path
            .as_str()
            .strip_prefix(folder)
            .filter(|name| !name.contains('/'));
        if name.is_some_and(|name| name.ends_with(".tf")) {
            blocks.extend(read::hcl(&String::from_utf8_lossy(&artifact.contents)));
        }
    }
    let inputs = inputs(&blocks);
    let mut moved: BTreeMap<&str, &str> = BTreeMap::new();
    for block in &blocks {
        if let ([word], Some(from), Some(to)) = (
            block.labels.as_slice(),
            block.attributes.get("from"),
            block.attributes.get("to"),
        ) && word == "moved"
        {
            moved.insert(to, from);
        }
    }
    let resource = |block: &HclBlock| match block.labels.as_slice() {
        [word, kind, name] if word == "resource" => {
            let address = format!("{kind}.{name}");
            let was = moved.get(address.as_str()).map(|was| format!("{folder}{was}"));
            let attributes = block.attributes.iter();
            let attributes = attributes.map(|(path, text)| (path.clone(), expanded(text, &inputs, DEPTH)));
            Some(Resource {
                address: format!("{folder}{address}"),
                kind: kind.clone(),
                attributes: attributes.collect(),
                was,
            })
        }
        _ => None,
    };
    blocks.iter().filter_map(resource).collect()
}

/// What values can name that is no resource, by how they name it.
fn inputs(blocks: &[HclBlock]) -> BTreeMap<String, String> {
    let mut inputs: BTreeMap<String, String> = BTreeMap::new();
    for block in blocks {
        let mut add = |name: String, path: &str, text: &str| {
            let known = inputs.entry(name).or_default();
            known.push_str(&format!("{path}={text};"));
        };
        for (path, text) in &block.attributes {
            match block.labels.as_slice() {
                [word] if word == "locals" => {
                    let (name, rest) = path.split_once('.').unwrap_or((path, ""));
                    add(format!("local.{name}"), rest, text);
                }
                [word, name] if word == "variable" && (path == "default" || path.starts_with("default.")) => {
                    add(format!("var.{name}"), path, text);
                }
                [word, kind, name] if word == "data" => add(format!("data.{kind}.{name}"), path, text),
                _ => {}
            }
        }
    }
    inputs
}

/// A text with what it names behind it.
fn expanded(text: &str, inputs: &BTreeMap<String, String>, depth: usize) -> String {
    let mut out = text.to_owned();
    if depth == 0 {
        return out;
    }
    for prefix in ["local.", "var.", "data."] {
        for (at, _) in text.match_indices(prefix) {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            let rest = text.get(at..).unwrap_or_default();
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let parts = if prefix == "data." { 3 } else { 2 };
            let word = rest.get(..end).unwrap_or_default();
            let name = word.split('.').take(parts).collect::<Vec<_>>().join(".");
            if let Some(value) = inputs.get(&name) {
                out.push_str(" # ");
                out.push_str(&expanded(value, inputs, depth - 1));
            }
        }
    }
    out
}

/// What becomes of a resource of this kind when this argument changes. An argument inside a block that forces a replacement
/// forces one too.
pub(crate) fn replacement(kind: &str, attribute: &str) -> Replacement {
    let rows = TABLE.lines().filter_map(|row| {
        let mut columns = row.split('\t');
        Some((columns.next()?, columns.next()?, columns.next()?))
    });
    let force = rows.filter(|(of, argument, _)| *of == kind && read::is_within(attribute, argument));
    let force = force.map(|(_, _, word)| match word {
        "always" => Replacement::Always,
        "revision" => Replacement::Revision,
        _ => Replacement::Maybe,
    });
    force.max().unwrap_or(Replacement::Never)
}

#[cfg(test)]
mod tests {
    use super::{TABLE, replacement, resources};
    use exoc_ir::{Artifacts, Comments, Replacement};
    use std::collections::BTreeSet;

    fn module(text: &str) -> Artifacts {
        let mut artifacts = Artifacts::default();
        artifacts
            .text("main.tf", Comments::Hash, text.to_owned())
            .unwrap();
        artifacts
    }

    #[test]
    fn the_table_is_sorted_and_each_row_says_its_source() {
        let rows: Vec<&str> = TABLE.lines().collect();
        assert!(rows.is_sorted(), "sort it");
        let keys: BTreeSet<(&str, &str)> = rows
            .iter()
            .map(|row| {
                let columns: Vec<&str> = row.split('\t').collect();
                let [kind, argument, word, source] = columns.as_slice() else {
                    panic!("{row}");
                };
                assert!(kind.starts_with("aws_") || kind.starts_with("random_"), "{row}");
                assert!(["always", "maybe", "revision"].contains(word), "{row}");
                assert!(source.ends_with(".go") && source.contains(' '), "{row}");
                (*kind, *argument)
            })
            .collect();
        assert_eq!(keys.len(), rows.len(), "a row is there twice");
    }

    #[test]
    fn names_and_networks_replace_and_sizes_do_not() {
        assert_eq!(replacement("aws_db_instance", "db_name"), Replacement::Always);
        assert_eq!(
            replacement("aws_db_instance", "allocated_storage"),
            Replacement::Never
        );
        assert_eq!(
            replacement("aws_elasticache_replication_group", "engine_version"),
            Replacement::Maybe
        );
        assert_eq!(
            replacement("aws_lb", "subnet_mapping.subnet_id"),
            Replacement::Maybe
        );
        assert_eq!(
            replacement("aws_efs_access_point", "posix_user.uid"),
            Replacement::Always
        );
        assert_eq!(replacement("random_password", "length"), Replacement::Always);
        let of_task = |argument: &str| replacement("aws_ecs_task_definition", argument);
        assert_eq!(of_task("container_definitions"), Replacement::Revision);
        assert_eq!(of_task("family"), Replacement::Always);
        assert_eq!(replacement("aws_nowhere", "name"), Replacement::Never);
    }

    #[test]
    fn what_the_provider_changes_in_place_does_not_replace() {
        let of_kafka = |argument: &str| replacement("aws_msk_cluster", argument);
        assert_eq!(
            of_kafka("broker_node_group_info.instance_type"),
            Replacement::Never
        );
        assert_eq!(
            of_kafka("broker_node_group_info.client_subnets"),
            Replacement::Always
        );
        assert_eq!(
            of_kafka("encryption_info.encryption_in_transit.client_broker"),
            Replacement::Never
        );
        assert_eq!(
            of_kafka("encryption_info.encryption_in_transit.in_cluster"),
            Replacement::Always
        );
        assert_eq!(replacement("aws_db_instance", "identifier"), Replacement::Never);
    }

    #[test]
    fn a_local_that_changes_changes_what_names_it() {
        let text = |name: &str| {
            format!(
                "locals {{\n  name = \"{name}\"\n}}\nresource \"aws_lb\" \"main\" {{\n  name = \"${{local.name}}-x\"\n}}\n\
                 moved {{\n  from = aws_lb.old\n  to   = aws_lb.main\n}}\n"
            )
        };
        let one = resources(&module(&text("a")));
        let other = resources(&module(&text("b")));
        assert_eq!(one[0].address, "aws_lb.main");
        assert_eq!(one[0].was.as_deref(), Some("aws_lb.old"));
        assert_ne!(one[0].attributes["name"], other[0].attributes["name"]);
    }
}
