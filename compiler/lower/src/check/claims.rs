//! Public names: each belongs to one environment of those that make records for them. Knows no target by name.

use crate::environment::find;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::{Entrance, NodeId, Program};
use exoc_manifest::ast::Manifest;
use std::collections::BTreeMap;

/// The public names of one environment.
struct Claims<'a> {
    environment: &'a str,
    /// Its domain, if a door stands under it, and where the domain is written.
    domain: Option<(&'a str, Span)>,
    /// Hosts of doors, each with the place of the first.
    hosts: BTreeMap<&'a str, Span>,
}

/// Reports names that two of the environments make public.
pub(crate) fn clashes(manifest: &Manifest, programs: &[(&str, &Program)], sink: &mut Sink) {
    let all: Vec<Claims<'_>> = programs
        .iter()
        .map(|(environment, program)| Claims::of(environment, program))
        .collect();
    for (index, later) in all.iter().enumerate() {
        for earlier in all.iter().take(index) {
            between(manifest, earlier, later, sink);
        }
    }
}

impl<'a> Claims<'a> {
    fn of(environment: &'a str, program: &'a Program) -> Self {
        let domain = program.environment().domain.as_deref();
        let mut hosts = BTreeMap::new();
        for (index, door) in program.doors().iter().enumerate() {
            let (Entrance::Http { host, .. } | Entrance::Plain { host, .. }) = &door.entrance;
            hosts.entry(host.as_str()).or_insert_with(|| {
                if domain == Some(host) {
                    program.at(NodeId::Environment, "domain")
                } else {
                    program.at(NodeId::Door(index), "")
                }
            });
        }
        let domain = domain.filter(|domain| hosts.keys().any(|host| is_under(host, domain)));
        Self {
            environment,
            domain: domain.map(|domain| (domain, program.at(NodeId::Environment, "domain"))),
            hosts,
        }
    }
}

/// Whether a host is the domain or stands below it.
fn is_under(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

fn between(manifest: &Manifest, one: &Claims<'_>, other: &Claims<'_>, sink: &mut Sink) {
    let shared = match (one.domain, other.domain) {
        (Some((domain, first)), Some((same, second))) if domain == same => {
            report("domain", domain, (one, first), (other, second), manifest, sink);
            Some(domain)
        }
        (Some(_) | None, Some(_) | None) => None,
    };
    for (host, first) in &one.hosts {
        // What follows from the domain is mended with it.
        if shared.is_some_and(|domain| is_under(host, domain)) {
            continue;
        }
        if let Some(second) = other.hosts.get(host) {
            report("host", host, (one, *first), (other, *second), manifest, sink);
        }
    }
}

/// Both places; where one line speaks for both environments, these.
fn report(
    what: &str,
    name: &str,
    (one, first): (&Claims<'_>, Span),
    (other, second): (&Claims<'_>, Span),
    manifest: &Manifest,
    sink: &mut Sink,
) {
    let (earlier, later) = if first.start <= second.start {
        ((one, first), (other, second))
    } else {
        ((other, second), (one, first))
    };
    let environments = (quoted(one.environment), quoted(other.environment));
    let mut diagnostic = Diagnostic::new(
        codes::DOMAIN_CLASH,
        format!(
            "the {what} {} is public in two environments, {} and {}",
            quoted(name),
            environments.0,
            environments.1
        ),
    );
    if first == second {
        diagnostic = diagnostic.at(first, "one name for both");
        for claims in [one, other] {
            if let Some((key, _)) = find(manifest, claims.environment) {
                diagnostic = diagnostic.also(key.span, "here it is public");
            }
        }
    } else {
        let label = |claims: &Claims<'_>| format!("in {}", quoted(claims.environment));
        diagnostic = diagnostic
            .at(later.1, label(later.0))
            .also(earlier.1, label(earlier.0));
    }
    let help = if what == "domain" {
        format!(
            "give each a domain of its own, like `{}.{name}`",
            later.0.environment
        )
    } else {
        "write a host that differs between them, like `shop.${env.domain}`".to_owned()
    };
    sink.error(diagnostic.help(help));
}
