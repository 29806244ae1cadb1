//! Faults of the options under `targets.kubernetes`, with the words that they must be answered with: see
//! [`crate::habits`].

use crate::habits::Habit;

/// An application that enters by an Ingress, with keys of its service.
macro_rules! ingress {
    ($keys:literal) => {
        production!(
            $keys,
            "    domain: example.com\n    targets:\n      kubernetes: { entry: ingress, ingress-class: a, ingress-namespace: a }\n"
        )
    };
}

/// A fault each.
pub(crate) const CLUSTERS: &[Habit] = &[
    (
        "a version that is too old",
        production!("", "    targets: { kubernetes: { version: \"1.29\" } }\n"),
        "EX0402",
        "\"1.29\"",
        "write one of `1.34`, `1.35` and `1.36`",
    ),
    (
        "a version that is no text",
        production!("", "    targets: { kubernetes: { version: 1.34 } }\n"),
        "EX0402",
        "1.34",
        "quote it: `\"1.34\"`",
    ),
    (
        "a way in that there is not",
        production!("", "    targets: { kubernetes: { entry: ingres } }\n"),
        "EX0402",
        "ingres",
        "did you mean `ingress`?",
    ),
    (
        "an Ingress without a class and a namespace",
        production!("", "    targets: { kubernetes: { entry: ingress } }\n"),
        "EX0402",
        "ingress",
        "`ingress-class: traefik` and `ingress-namespace: traefik`",
    ),
    (
        "an Ingress without a namespace",
        production!(
            "",
            "    targets: { kubernetes: { entry: ingress, ingress-class: traefik } }\n"
        ),
        "EX0402",
        "ingress",
        "`ingress-namespace: traefik`",
    ),
    (
        "a class of an Ingress that is not there",
        production!("", "    targets: { kubernetes: { ingress-class: traefik } }\n"),
        "EX0402",
        "ingress-class",
        "write `entry: ingress` beside it",
    ),
    (
        "a class of a Gateway beside an Ingress",
        production!(
            "",
            "    targets: { kubernetes: { entry: ingress, ingress-class: a, ingress-namespace: a, gateway-class: b } }\n"
        ),
        "EX0402",
        "gateway-class",
        "an Ingress has no Gateway",
    ),
    (
        "a Gateway that is there without a namespace",
        production!("", "    targets: { kubernetes: { gateway: { name: shared } } }\n"),
        "EX0402",
        "{ name: shared }",
        "`gateway: { namespace: gateways }`",
    ),
    (
        "an issuer of certificates for somebody else's Gateway",
        production!(
            "",
            "    targets: { kubernetes: { gateway: { name: shared, namespace: gateways }, cluster-issuer: letsencrypt } }\n"
        ),
        "EX0402",
        "cluster-issuer",
        "whoever made that Gateway gave it its class and its certificates",
    ),
    (
        "a path that is removed by an Ingress",
        ingress!("    port: 8080\n    route: { path: /api, strip: true }\n"),
        "EX0401",
        "true",
        "leave the option `entry` out",
    ),
    (
        "a timeout of an Ingress",
        ingress!("    port: 8080\n    route: { path: /api, timeout: 5m }\n"),
        "EX0401",
        "5m",
        "an Ingress has no word for it that every controller reads",
    ),
    (
        "grpc behind an Ingress",
        ingress!("    ports: [{ name: grpc, port: 8080, protocol: grpc }]\n    route: /shop.Cart\n"),
        "EX0401",
        "/shop.Cart",
        "a Gateway has one",
    ),
    (
        "a priority that is no name",
        production!("", "    targets: { kubernetes: { priority-class: High } }\n"),
        "EX0402",
        "High",
        "`priority-class: business`",
    ),
    (
        "Secrets for pulling that are no list",
        production!("", "    targets: { kubernetes: { pull-secrets: registry } }\n"),
        "EX0402",
        "registry",
        "`pull-secrets: [registry]`",
    ),
    (
        "a Secret for pulling that stands twice",
        production!("", "    targets: { kubernetes: { pull-secrets: [a, a] } }\n"),
        "EX0402",
        "[a, a]",
        "an item stands twice in it",
    ),
    (
        "a Secret for pulling that is no name",
        production!("", "    targets: { kubernetes: { pull-secrets: [Registry] } }\n"),
        "EX0402",
        "Registry",
        "`pull-secrets: [registry]`",
    ),
];
