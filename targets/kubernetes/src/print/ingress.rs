//! The Ingress.

use super::object::head;
use super::words::Words;
use crate::model::{Ingress, IngressHost, IngressPath};
use exoc_emit::yaml::{Mapping, list};

/// The document of an Ingress.
pub(super) fn document(words: Words<'_>, ingress: &Ingress) -> Mapping {
    let Ingress {
        meta,
        class,
        certificates,
        hosts,
    } = ingress;
    let tls = certificates.iter().map(|(host, secret)| {
        Mapping::new()
            .with("hosts", list([host]))
            .with("secretName", secret)
    });
    let rules = hosts.iter().map(|IngressHost { host, paths, from }| {
        let paths = list(paths.iter().map(|it| path(words, it)));
        words
            .head(from)
            .with("host", host)
            .with("http", Mapping::new().with("paths", paths))
    });
    let spec = Mapping::new()
        .with("ingressClassName", class)
        .with_list_unless_empty("tls", tls)
        .with("rules", list(rules));
    head(words, "networking.k8s.io/v1", "Ingress", meta).with("spec", spec)
}

fn path(words: Words<'_>, path: &IngressPath) -> Mapping {
    let IngressPath {
        path,
        service,
        port,
        from,
    } = path;
    let service = Mapping::new()
        .with("name", service)
        .with("port", Mapping::new().with("number", *port));
    words
        .head(from)
        .with("path", path)
        .with("pathType", "Prefix")
        .with("backend", Mapping::new().with("service", service))
}
