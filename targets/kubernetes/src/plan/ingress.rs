//! The Ingress, where the option `entry` wants one: one for all hosts, because controllers differ in what they make of a
//! host that stands in several, and some give each its own address.
//!
//! What only a controller's own annotations say is refused: they are read by that controller alone.

use super::routes::{DEFAULT_TIMEOUT, Entry, Hosts, HttpDoor, issued};
use super::{Plan, network};
use crate::model::{Ingress, IngressHost, IngressPath, Object, Provenance};
use crate::names;
use exoc_diagnostics::{Diagnostic, Span, codes};
use exoc_ir::{Component, Protocol};
use std::collections::{BTreeMap, BTreeSet};

/// The Ingress of these hosts.
pub(super) fn entry(plan: &mut Plan<'_>, class: &str, hosts: &Hosts<'_>) -> Entry {
    check(plan);
    redirect(plan, hosts);
    let name = plan.program.app().name.clone();
    let all = Provenance::of(hosts.values().flatten().copied());
    let meta = plan.shared_meta(&name).because_of(all.and(&plan.options_lines()));
    let (meta, is_issued) = issued(plan, meta);
    let mut certificates = Vec::new();
    if !plan.program.environment().local {
        for (host, doors) in hosts {
            let Some(at) = doors.first().copied() else {
                continue;
            };
            let secret = plan.shortened(names::certificate(host), at);
            certificates.push(((*host).to_owned(), secret));
        }
    }
    let mut objects = vec![Object::Ingress(Ingress {
        meta,
        class: class.to_owned(),
        certificates: certificates.clone(),
        hosts: rules(plan),
    })];
    if is_issued {
        objects.push(network::solvers(plan));
    }
    Entry::by_ingress(objects, certificates)
}

/// The hosts with their paths, the longest first, as doors are sorted.
fn rules(plan: &Plan<'_>) -> Vec<IngressHost> {
    let mut hosts: BTreeMap<&str, Vec<(IngressPath, Span)>> = BTreeMap::new();
    for (door, at) in plan.doors() {
        let Some(way) = HttpDoor::of(plan, door) else {
            continue;
        };
        let path = IngressPath {
            path: way.path.to_owned(),
            service: plan.program.role(Component::Service(door.service)).to_owned(),
            port: way.port,
            from: Provenance::of([at]),
        };
        hosts.entry(way.host).or_default().push((path, at));
    }
    hosts
        .into_iter()
        .map(|(host, paths)| {
            let places: BTreeSet<Span> = paths.iter().map(|(_, at)| *at).collect();
            let from = Provenance::of(places.into_iter().chain(plan.domain_line(host)));
            let paths = paths.into_iter().map(|(path, at)| {
                let is_said = plan.places.same(&from, &Provenance::of([at]));
                let from = if is_said { Provenance::default() } else { path.from };
                IngressPath { from, ..path }
            });
            let paths = paths.collect();
            IngressHost {
                host: host.to_owned(),
                paths,
                from,
            }
        })
        .collect()
}

/// Reports what an Ingress has no word for, once for each service.
fn check(plan: &mut Plan<'_>) {
    let mut told = BTreeSet::new();
    for (door, at) in plan.doors().collect::<Vec<_>>() {
        let Some(HttpDoor {
            host: _,
            path,
            strip,
            timeout,
            port: _,
            protocol,
        }) = HttpDoor::of(plan, door)
        else {
            continue;
        };
        let component = Component::Service(door.service);
        let is_spoken = match protocol {
            Protocol::Http => true,
            Protocol::Http2 | Protocol::Grpc => false,
            Protocol::Tcp | Protocol::Udp => continue,
        };
        let field = |name| plan.place_of(component, name);
        let faults = [
            (
                strip && path != "/",
                "a path that is removed",
                field("route.strip"),
            ),
            (
                timeout != DEFAULT_TIMEOUT,
                "a timeout of a route",
                field("route.timeout"),
            ),
            (!is_spoken, "http2 and grpc behind the entry", at),
        ];
        let role = plan.program.role(component);
        for (is_there, what, at) in faults {
            if !is_there || !told.insert((component, what)) {
                continue;
            }
            let message = format!(
                "the target `kubernetes` does not express {what} with `entry: ingress` (service `{role}`)"
            );
            let diagnostic = Diagnostic::new(codes::REFUSED_FEATURE, message)
                .at(at, "needed here")
                .help("an Ingress has no word for it that every controller reads: leave it out")
                .help("or leave the option `entry` out: a Gateway has one");
            plan.sink.error(diagnostic);
        }
    }
}

/// Notes that nothing here sends plain requests to https.
fn redirect(plan: &mut Plan<'_>, hosts: &Hosts<'_>) {
    if plan.program.environment().local {
        return;
    }
    let Some(at) = hosts.values().flatten().min().copied() else {
        return;
    };
    let message = "an Ingress cannot send plain requests to https: its controller does, or answers them";
    let note = Diagnostic::new(codes::PLAIN_ENTRY, message)
        .at(at, "")
        .help("have the controller redirect, or close its port 80");
    plan.note(note);
}
