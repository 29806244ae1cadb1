//! `moved` blocks: where resources of renamed components stood before. Derives addresses as `plan` does, and knows no
//! resource.

use super::common::File;
use crate::model::{BuiltImage, ImageHome, Lines, Model, Rename};
use crate::names::volumes_of;
use exoc_emit::hcl::{block, reference};

/// Where alarms about all components stand.
const ALARMS: &str = "alarms.tf";

/// Adds a block for each resource of a file whose address was another one.
pub(super) fn add(name: &str, file: &mut File, model: &Model) {
    let renames = &model.renames;
    if renames.is_empty() {
        return;
    }
    let owners = owners(name, model);
    let mut moves = Vec::new();
    // The topic of alarms is named after no component.
    let named = |kind: &str| name != ALARMS || kind == "aws_cloudwatch_metric_alarm";
    for (kind, address) in file.resources().iter().filter(|(kind, _)| named(kind)) {
        for Step { from, to, lines } in steps(address, &owners, renames) {
            let block = block("moved", [])
                .attr("from", reference([kind, &from]))
                .attr("to", reference([kind, &to]));
            moves.push((lines.clone(), block));
        }
    }
    for (lines, block) in moves {
        file.add(
            "The same resource as before, under another address.",
            &lines,
            block,
        );
    }
}

/// A move from one address to another.
#[derive(Debug, PartialEq, Eq)]
struct Step<'a> {
    from: String,
    to: String,
    lines: &'a Lines,
}

/// What addresses of a file's resources begin with; the first that fits one is its owner, longer ones before.
fn owners(name: &str, model: &Model) -> Vec<String> {
    let component = ["service_", "job_", "dependency_"]
        .into_iter()
        .find_map(|kind| name.strip_prefix(kind)?.strip_suffix(".tf"));
    match (component, name) {
        // A subscription stands with its queue and is named after its topic first.
        (Some(address), _) => [address.to_owned(), volumes_of(address)]
            .into_iter()
            .chain(model.products.iter().map(|product| product.address.clone()))
            .collect(),
        (None, "loadbalancer.tf") => [super::GROUP, super::NETWORK_GROUP].map(str::to_owned).into(),
        (None, "registry.tf") => {
            let repository = |image: &BuiltImage| match &image.home {
                ImageHome::Repository { address, name: _ } => Some(address.clone()),
                ImageHome::Elsewhere(_) => None,
            };
            longest_first(model.images.built.iter().filter_map(repository).collect())
        }
        (None, ALARMS) => {
            let tasks = model.tasks.iter().map(|task| task.address.clone());
            let products = model.products.iter().map(|product| product.address.clone());
            longest_first(tasks.chain(products).collect())
        }
        // What all components share.
        (None, _) => Vec::new(),
    }
}

fn longest_first(mut addresses: Vec<String>) -> Vec<String> {
    addresses.sort_by_key(|address| std::cmp::Reverse(address.len()));
    addresses
}

/// How a resource comes from an address that it had to the one that it has. A rule between two that were renamed may
/// have had three others, for one of the two may have been renamed before the other: a move may lead to one address from
/// one other only, so that they make a chain.
fn steps<'a>(address: &str, owners: &[String], renames: &'a [Rename]) -> Vec<Step<'a>> {
    let of = |part: &str| renames.iter().find(|rename| rename.address == part);
    if let Some(step) = ours(address, owners, renames) {
        return vec![step];
    }
    let is_of = |owner: &&String| {
        let rest = address.strip_prefix(owner.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let owner = owners.iter().find(is_of);
    let Some((owner, rest)) = owner.and_then(|owner| Some((owner, address.strip_prefix(owner.as_str())?)))
    else {
        return Vec::new();
    };
    let own = of(owner);
    let peer = peer(rest).and_then(|(link, peer, port)| of(peer).map(|rename| (link, rename, port)));
    let step = |from: String, to: String, lines| Step { from, to, lines };
    let address = address.to_owned();
    match (own, peer) {
        (None, None) => Vec::new(),
        (Some(own), None) => vec![step(format!("{}{rest}", own.former), address, &own.lines)],
        (None, Some((link, peer, port))) => {
            vec![step(
                format!("{owner}{link}{}{port}", peer.former),
                address,
                &peer.lines,
            )]
        }
        (Some(own), Some((link, peer, port))) => {
            let name = |owner: &str, peer: &str| format!("{owner}{link}{peer}{port}");
            let both = name(&own.former, &peer.former);
            let peer_left = name(owner, &peer.former);
            vec![
                step(name(&own.former, &peer.address), both.clone(), &own.lines),
                step(both, peer_left.clone(), &own.lines),
                step(peer_left, address, &peer.lines),
            ]
        }
    }
}

/// The move of what has a name of ours before the component's, as queues of dead letters have:
/// `exoc_dead_letter_jobs`.
fn ours<'a>(address: &str, owners: &[String], renames: &'a [Rename]) -> Option<Step<'a>> {
    let own = owners.first()?;
    let rename = renames.iter().find(|rename| rename.address == *own)?;
    let before = address.strip_suffix(own.as_str())?;
    (before.starts_with("exoc_") && before.ends_with('_')).then(|| Step {
        from: format!("{before}{}", rename.former),
        to: address.to_owned(),
        lines: &rename.lines,
    })
}

/// The other side of a rule or a subscription in what stands behind its owner: `_to_db_5432`, `_from_web_53_udp`,
/// `_to_jobs`.
fn peer(rest: &str) -> Option<(&str, &str, &str)> {
    let link = ["_to_", "_from_"]
        .into_iter()
        .find(|link| rest.starts_with(link))?;
    let words = rest.strip_suffix("_udp").unwrap_or(rest);
    let is_number = |word: &str| !word.is_empty() && word.bytes().all(|letter| letter.is_ascii_digit());
    let before = match words.rsplit_once('_') {
        Some((before, number)) if is_number(number) => before,
        Some(_) | None => rest,
    };
    Some((link, before.strip_prefix(link)?, rest.get(before.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::steps;
    use crate::model::{Lines, Rename};

    fn renames() -> Vec<Rename> {
        [("orders", "db"), ("shop_front", "web")]
            .map(|(address, former)| Rename {
                address: address.into(),
                former: former.into(),
                lines: Lines::default(),
            })
            .into()
    }

    /// Each address, and where it leads to.
    fn moves(address: &str, owners: &[&str]) -> Vec<[String; 2]> {
        let renames = renames();
        let owners: Vec<String> = owners.iter().map(|owner| (*owner).to_owned()).collect();
        let steps = steps(address, &owners, &renames);
        steps.into_iter().map(|step| [step.from, step.to]).collect()
    }

    #[test]
    fn what_begins_with_the_role_began_with_the_other() {
        assert_eq!(moves("orders", &["orders"]), [["db", "orders"]]);
        assert_eq!(
            moves("orders_password", &["orders"]),
            [["db_password", "orders_password"]]
        );
        assert_eq!(
            moves("exoc_dead_letter_orders", &["orders", "jobs"]),
            [["exoc_dead_letter_db", "exoc_dead_letter_orders"]]
        );
        assert_eq!(
            moves("shop_front_execution", &["shop_front"]),
            [["web_execution", "shop_front_execution"]]
        );
    }

    #[test]
    fn the_other_side_of_a_rule_is_renamed() {
        assert_eq!(
            moves("api_to_orders_53_udp", &["api"]),
            [["api_to_db_53_udp", "api_to_orders_53_udp"]]
        );
        assert_eq!(
            moves("exoc_load_balancer_to_shop_front_80", &["exoc_load_balancer"]),
            [[
                "exoc_load_balancer_to_web_80",
                "exoc_load_balancer_to_shop_front_80"
            ]]
        );
    }

    #[test]
    fn a_rule_between_two_that_were_renamed_is_found_under_each_of_its_addresses() {
        let moves = moves("shop_front_to_orders_5432", &["shop_front"]);
        for begin in ["web_to_db_5432", "shop_front_to_db_5432", "web_to_orders_5432"] {
            let mut at = begin.to_owned();
            while let Some([_, to]) = moves.iter().find(|[from, _]| *from == at) {
                at.clone_from(to);
            }
            assert_eq!(at, "shop_front_to_orders_5432", "{begin}");
        }
        let targets: std::collections::BTreeSet<&String> = moves.iter().map(|[_, to]| to).collect();
        assert_eq!(
            targets.len(),
            moves.len(),
            "a move leads to one address from one other only"
        );
    }

    #[test]
    fn what_only_looks_like_a_renamed_one_stays() {
        for (address, owners) in [
            ("orders_archive", ["orders_archive", "orders"].as_slice()),
            ("ordersx", &["orders"]),
            ("api_to_orders_archive_5432", &["api"]),
            ("api_to_internet", &["api"]),
            ("main", &["orders"]),
        ] {
            assert!(moves(address, owners).is_empty(), "{address}");
        }
    }
}
