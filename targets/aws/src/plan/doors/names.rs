//! Public hosts and the zones that hold them.

use crate::model::{Host, HostedZone, PublicNames};
use crate::names::{host_addresses, registrable_parent};
use crate::plan::Context;
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Entrance, NodeId};
use std::collections::BTreeMap;

/// Plans hosts and zones.
pub(super) fn plan(context: &Context<'_>, sink: &mut Sink) -> PublicNames {
    let mut names: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
    for (index, door) in context.program.doors().iter().enumerate() {
        let (host, plain) = match &door.entrance {
            Entrance::Http { host, .. } => (host, false),
            Entrance::Plain { host, .. } => (host, true),
        };
        names.entry(host).or_insert((index, plain));
    }
    let mut zones: BTreeMap<&str, String> = BTreeMap::new();
    for (name, (door, _)) in &names {
        match zone_of(context, name) {
            Some(zone) => {
                zones.insert(name, zone);
            }
            None => outside_zones(context, name, *door, sink),
        }
    }
    let addresses = host_addresses(names.keys().copied());
    let address_of = |name: &str| addresses.get(name).cloned().unwrap_or_default();
    let zone_addresses = host_addresses(zones.values().map(String::as_str));
    let hosts = zones
        .iter()
        .map(|(name, zone)| Host {
            address: address_of(name),
            name: (*name).to_owned(),
            zone: zone_addresses.get(zone.as_str()).cloned().unwrap_or_default(),
            plain: names.get(name).is_some_and(|(_, plain)| *plain),
            lines: context.lines(context.places_of_host(name)),
        })
        .collect();
    let made = |name: &str| {
        let mut named = context.options.hosted_zones.iter();
        named.any(|zone| zone.value.name == name && zone.value.made)
    };
    let zone = |(name, address): (&&str, &String)| HostedZone {
        address: address.clone(),
        name: (*name).to_owned(),
        made: made(name),
        lines: context.lines(places_of_zone(context, &zones, name)),
    };
    PublicNames {
        hosts,
        zones: zone_addresses.iter().map(zone).collect(),
    }
}

/// Where a zone is named; where the hosts in it are, if nobody named it.
fn places_of_zone(context: &Context<'_>, zones: &BTreeMap<&str, String>, zone: &str) -> Vec<Span> {
    let mut named = context.options.hosted_zones.iter();
    if let Some(named) = named.find(|known| known.value.name == zone) {
        return vec![named.span];
    }
    let within = zones.iter().filter(|(_, its)| its.as_str() == zone);
    within
        .flat_map(|(host, _)| context.places_of_host(host))
        .collect()
}

fn zone_of(context: &Context<'_>, host: &str) -> Option<String> {
    let known = &context.options.hosted_zones;
    if known.is_empty() {
        return Some(registrable_parent(host));
    }
    let holds = |zone: &str| {
        host.strip_suffix(zone)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    known
        .iter()
        .map(|zone| &zone.value.name)
        .filter(|zone| holds(zone))
        .max_by_key(|zone| zone.len())
        .cloned()
}

fn outside_zones(context: &Context<'_>, host: &str, door: usize, sink: &mut Sink) {
    let mut diagnostic = Diagnostic::new(
        codes::BAD_OPTION,
        format!("no hosted zone of the option `zone` holds the host `{host}`"),
    )
    .at(context.program.at(NodeId::Door(door), ""), "")
    .help("name the zone that holds the host, beside the others");
    for zone in &context.options.hosted_zones {
        diagnostic = diagnostic.also(zone.span, "");
    }
    sink.error(diagnostic);
}
