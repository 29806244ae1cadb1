//! The Gateway and its routes. What the API server would fill into their lists is printed: else every `kubectl apply`
//! would report a change.

use super::object::{head, one};
use super::words::Words;
use crate::model::{Forward, Gateway, Listener, Match, Parent, Route, RouteKind, RouteRules};
use exoc_emit::yaml::{Mapping, list};

const GROUP: &str = "gateway.networking.k8s.io";
const VERSION: &str = "gateway.networking.k8s.io/v1";
/// The group of Services and Secrets.
const CORE: &str = "";

/// The document of a Gateway.
pub(super) fn gateway(words: Words<'_>, gateway: &Gateway) -> Mapping {
    let Gateway {
        meta,
        class,
        listeners,
    } = gateway;
    let spec = Mapping::new()
        .with("gatewayClassName", class)
        .with_list_unless_empty("listeners", listeners.iter().map(|it| listener(words, it)));
    head(words, VERSION, "Gateway", meta).with("spec", spec)
}

fn listener(words: Words<'_>, listener: &Listener) -> Mapping {
    let Listener {
        name,
        port,
        host,
        certificate,
        from,
    } = listener;
    let tls = certificate.as_ref().map(|secret| {
        let reference = Mapping::new()
            .with("group", CORE)
            .with("kind", "Secret")
            .with("name", secret);
        Mapping::new()
            .with("mode", "Terminate")
            .with("certificateRefs", one(reference))
    });
    let same = Mapping::new().with("namespaces", Mapping::new().with("from", "Same"));
    words
        .head(from)
        .with("name", name)
        .with("protocol", if certificate.is_some() { "HTTPS" } else { "HTTP" })
        .with("port", *port)
        .with_some("hostname", host.as_ref())
        .with_some("tls", tls)
        .with("allowedRoutes", same)
}

/// The document of a route.
pub(super) fn route(words: Words<'_>, route: &Route) -> Mapping {
    let Route {
        meta,
        kind,
        parents,
        hosts,
        rules,
    } = route;
    let parents = parents.iter().map(|parent| {
        let Parent {
            gateway,
            namespace,
            section,
        } = parent;
        Mapping::new()
            .with("group", GROUP)
            .with("kind", "Gateway")
            .with_some("namespace", namespace.as_ref())
            .with("name", gateway)
            .with("sectionName", section)
    });
    let rules = match rules {
        RouteRules::RedirectToHttps => {
            let redirect = Mapping::new().with("scheme", "https").with("statusCode", 301_u32);
            let filter = Mapping::new()
                .with("type", "RequestRedirect")
                .with("requestRedirect", redirect);
            let all = Mapping::new().with("path", prefix("/"));
            one(Mapping::new()
                .with("matches", one(all))
                .with("filters", one(filter)))
        }
        RouteRules::Forward(rules) => list(rules.iter().map(|it| forward(words, it))),
    };
    let spec = Mapping::new()
        .with_list_unless_empty("parentRefs", parents)
        .with_list_unless_empty("hostnames", hosts)
        .with("rules", rules);
    let kind = match kind {
        RouteKind::Http => "HTTPRoute",
        RouteKind::Grpc => "GRPCRoute",
    };
    head(words, VERSION, kind, meta).with("spec", spec)
}

fn forward(words: Words<'_>, forward: &Forward) -> Mapping {
    let Forward {
        matches,
        strip,
        timeout,
        service,
        port,
        from,
    } = forward;
    let matches = match matches {
        Match::All => None,
        Match::Prefix(path) => Some(one(Mapping::new().with("path", prefix(path)))),
        Match::GrpcService(service) => {
            let method = Mapping::new().with("type", "Exact").with("service", service);
            Some(one(Mapping::new().with("method", method)))
        }
    };
    let rewrite = strip.then(|| {
        let path = Mapping::new()
            .with("type", "ReplacePrefixMatch")
            .with("replacePrefixMatch", "/");
        let filter = Mapping::new()
            .with("type", "URLRewrite")
            .with("urlRewrite", Mapping::new().with("path", path));
        one(filter)
    });
    let timeouts = timeout.map(|seconds| Mapping::new().with("request", format!("{seconds}s")));
    let backend = Mapping::new()
        .with("group", CORE)
        .with("kind", "Service")
        .with("name", service)
        .with("port", *port)
        .with("weight", 1_u32);
    words
        .head(from)
        .with_some("matches", matches)
        .with_some("filters", rewrite)
        .with("backendRefs", one(backend))
        .with_some("timeouts", timeouts)
}

fn prefix(path: &str) -> Mapping {
    Mapping::new().with("type", "PathPrefix").with("value", path)
}
