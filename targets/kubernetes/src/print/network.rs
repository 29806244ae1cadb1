//! Services and NetworkPolicies.

use super::object::{head, map, match_labels};
use super::words::Words;
use crate::model::{
    Direction, Labels, NetworkPolicy, Peer, PolicyPort, Remark, Rule, Service, ServiceKind, ServicePort,
};
use exoc_emit::yaml::{Mapping, flow_list};

/// The document of a Service.
pub(super) fn service(words: Words<'_>, service: &Service) -> Mapping {
    let Service {
        meta,
        kind,
        selector,
        ports,
    } = service;
    let ports = ports.iter().map(|port| {
        let ServicePort {
            name,
            number,
            transport,
            protocol,
        } = port;
        Mapping::new()
            .with("name", name)
            .with("port", *number)
            .with("targetPort", name)
            .with("protocol", *transport)
            .with_some("appProtocol", *protocol)
    });
    let spec = match kind {
        ServiceKind::ClusterIp => Mapping::new().with("type", "ClusterIP"),
        ServiceKind::LoadBalancer => Mapping::new()
            .with("type", "LoadBalancer")
            .with("externalTrafficPolicy", "Local"),
    };
    let spec = spec
        .with("selector", map(selector))
        .with_list_unless_empty("ports", ports);
    head(words, "v1", "Service", meta).with("spec", spec)
}

/// The document of a NetworkPolicy.
pub(super) fn policy(words: Words<'_>, policy: &NetworkPolicy) -> Mapping {
    let NetworkPolicy {
        meta,
        pods,
        directions,
        ingress,
        egress,
    } = policy;
    let types = directions.iter().map(|direction| match direction {
        Direction::Ingress => "Ingress",
        Direction::Egress => "Egress",
    });
    let spec = Mapping::new()
        .with("podSelector", match_labels(pods))
        .with("policyTypes", flow_list(types))
        .with_list_unless_empty("ingress", ingress.iter().map(|it| rule(words, "from", it)))
        .with_list_unless_empty("egress", egress.iter().map(|it| rule(words, "to", it)));
    head(words, "networking.k8s.io/v1", "NetworkPolicy", meta).with("spec", spec)
}

fn rule(words: Words<'_>, side: &'static str, rule: &Rule) -> Mapping {
    let Rule {
        peers,
        remark,
        ports,
        from,
    } = rule;
    let ports = ports.iter().map(|PolicyPort { transport, number }| {
        Mapping::new().with("protocol", *transport).with("port", *number)
    });
    let head = match remark {
        Some(Remark::Host(host)) => Mapping::new().comment(format!(
            "A policy knows addresses alone: these hold that of {host}."
        )),
        Some(Remark::ApiServer) => Mapping::new()
            .comment("The API server, which the operator's servers ask who leads; no policy can name it."),
        Some(Remark::ObjectStore(host)) => Mapping::new().comment(format!(
            "The store of backups, {host}, which a companion in each pod asks."
        )),
        Some(Remark::NameCache) => {
            Mapping::new().comment("Where each machine has a cache of names of its own: NodeLocal DNSCache.")
        }
        None => Mapping::new(),
    };
    words
        .above(head, from)
        .with_list_unless_empty(side, peers.iter().map(peer))
        .with_list_unless_empty("ports", ports)
}

fn peer(peer: &Peer) -> Mapping {
    match peer {
        Peer::Pods(labels) => Mapping::new().with("podSelector", match_labels(labels)),
        Peer::Namespace(name) => namespace(name),
        Peer::NamespacePods(name, labels) => namespace(name).with("podSelector", match_labels(labels)),
        Peer::Block { range, except } => {
            let block = Mapping::new()
                .with("cidr", range)
                .with_list_unless_empty("except", except.iter().copied());
            Mapping::new().with("ipBlock", block)
        }
    }
}

fn namespace(name: &str) -> Mapping {
    let labels = Labels::from([("kubernetes.io/metadata.name".to_owned(), name.to_owned())]);
    Mapping::new().with("namespaceSelector", match_labels(&labels))
}
