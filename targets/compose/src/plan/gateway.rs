//! The gateway: routing rules for its configuration, and the service that runs it.

use super::entry::Opened;
use super::{Context, health, labels, service};
use crate::model::{Gateway, GatewayBackend, Mount, Provenance, Published, Rule, Service, Wire};
use crate::names;
use exoc_ir::{Bytes, Component, Entrance, Protocol, Seconds, Transport};
use std::collections::BTreeMap;

/// Where the image looks for its configuration.
pub(super) const CONFIGURATION: &str = "/usr/local/etc/haproxy/haproxy.cfg";

/// Whom the image runs as (docker-library/haproxy:3.4/alpine/Dockerfile, 2026-08).
const USER: (u32, u32) = (99, 99);

/// The port in the gateway's own container.
const PORT: u16 = 8080;

/// The gateway of HTTP doors, which stand in the program's order: the most specific first.
pub(super) fn gateway(doors: &[&Opened<'_>]) -> Gateway {
    let mut rules = Vec::new();
    let mut backends: Vec<GatewayBackend> = Vec::new();
    let mut client_timeout = Seconds(60);
    let mut all = Provenance::default();
    for door in doors {
        let Entrance::Http {
            host,
            path,
            strip,
            timeout,
        } = door.entrance
        else {
            continue;
        };
        let from = Provenance::from(door.at);
        all.join(&from);
        let wanted = GatewayBackend {
            from: from.clone(),
            name: String::new(),
            host: door.role.to_owned(),
            port: door.port.number,
            wire: match door.port.protocol {
                Protocol::Http2 => Wire::Http2,
                Protocol::Http | Protocol::Grpc | Protocol::Tcp | Protocol::Udp => Wire::Http1,
            },
            strip: (*strip && path != "/").then(|| path.clone()),
            timeout: *timeout,
        };
        client_timeout = client_timeout.max(*timeout);
        rules.push(Rule {
            from,
            host: host.to_lowercase(),
            path: path.clone(),
            backend: named(&mut backends, wanted),
        });
    }
    Gateway {
        from: all,
        port: PORT,
        rules,
        backends,
        client_timeout,
    }
}

/// The name of the backend that does what `wanted` does: doors that differ in nothing but host and path share one.
fn named(backends: &mut Vec<GatewayBackend>, mut wanted: GatewayBackend) -> String {
    let same = backends.iter_mut().find(|backend| {
        let GatewayBackend {
            from: _, // of all that share it
            name: _,
            host,
            port,
            wire,
            strip,
            timeout,
        } = backend;
        (host, port, wire, strip, timeout)
            == (
                &wanted.host,
                &wanted.port,
                &wanted.wire,
                &wanted.strip,
                &wanted.timeout,
            )
    });
    if let Some(backend) = same {
        backend.from.join(&wanted.from);
        return backend.name.clone();
    }
    let earlier = backends
        .iter()
        .filter(|backend| backend.host == wanted.host)
        .count();
    wanted.name = if earlier == 0 {
        wanted.host.clone()
    } else {
        format!("{}_{}", wanted.host, earlier + 1)
    };
    let name = wanted.name.clone();
    backends.push(wanted);
    name
}

/// The gateway's service.
pub(super) fn service(context: &Context<'_>, planned: &Gateway) -> Service {
    let program = context.program;
    let purpose = "Leads requests to services by host and path.".to_owned();
    let image = exoc_catalogue::GATEWAY_IMAGE;
    let mut gateway = service::companion(planned.from.clone(), purpose, image, USER);
    gateway.mounts = vec![Mount::File {
        file: names::file(names::GATEWAY, CONFIGURATION),
        target: CONFIGURATION.to_owned(),
    }];
    gateway.published = vec![Published {
        machine: context.entry.http_port,
        container: PORT,
        transport: Transport::Tcp,
    }];
    gateway.memory = Bytes::mebi(128);
    gateway.networks = context.networks.of(names::GATEWAY);
    gateway.depends_on = behind(context);
    gateway.labels = labels::of(program, names::GATEWAY, "companion");
    gateway
}

/// Whom the gateway waits for, so that its first answer is not a fault.
fn behind(context: &Context<'_>) -> BTreeMap<String, crate::model::Condition> {
    let program = context.program;
    let backends = context.entry.gateway.iter().flat_map(|gateway| &gateway.backends);
    let ids = backends.filter_map(|backend| {
        let mut services = program.services().iter();
        services
            .find(|(_, service)| service.role == backend.host)
            .map(|(id, _)| id)
    });
    ids.filter_map(|id| health::readiness(program, Component::Service(id)))
        .collect()
}
