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

/// The same by a Gateway.
macro_rules! gateway {
    ($keys:literal) => {
        production!(
            $keys,
            "    domain: example.com\n    targets: { kubernetes: {} }\n"
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
    (
        "a path twice behind an Ingress",
        ingress!(
            "    port: 80\n    route: /a\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n"
        ),
        "EX0307",
        "/a",
        "give one of them another path, host or port",
    ),
    (
        "a path twice behind a Gateway, of requests in two protocols",
        gateway!(
            "    port: 80\n    route: { path: /a, strip: true }\n  api: { image: \"a/b:1\", security: { user: 1 }, ports: [{ name: \
             a, port: 80, protocol: grpc }], route: /a }\n"
        ),
        "EX0307",
        "/a",
        "give one of them another path, host or port",
    ),
    (
        "a path twice behind a Gateway, on a host that is written in two ways",
        gateway!(
            "    port: 80\n    route: { host: www.example.com }\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, \
             route: { host: \"www.${env.domain}\" } }\n"
        ),
        "EX0307",
        "www.example.com",
        "give one of them another path, host or port",
    ),
    (
        "a host in capital letters",
        gateway!("    port: 80\n    route: { host: WWW.example.com }\n"),
        "EX0308",
        "WWW.example.com",
        "write `www.example.com`",
    ),
    (
        "a path that is another one but for a slash",
        gateway!(
            "    port: 80\n    route: /a\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a/ }\n"
        ),
        "EX0110",
        "/a/",
        "write `/a`, which matches `/a/` too",
    ),
    (
        "a path twice behind an Ingress, once by the overlay of its environment",
        production!(
            "    port: 80\n    route: /b\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n",
            "    domain: example.com\n    services: { web: { route: /a } }\n    targets:\n      kubernetes: { entry: ingress, \
             ingress-class: a, ingress-namespace: a }\n  staging: { domain: example.org, targets: { kubernetes: {} } }\n"
        ),
        "EX0307",
        "/a",
        "give one of them another path, host or port",
    ),
    (
        "a path twice behind a Gateway, by the overlays of one environment",
        production!(
            "    port: 80\n    route: /b\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n",
            "    domain: example.com\n    targets: { kubernetes: {} }\n  staging: { domain: example.org, services: { web: { \
             route: /c }, api: { route: /c } }, targets: { kubernetes: {} } }\n"
        ),
        "EX0307",
        "/c",
        "give one of them another path, host or port",
    ),
    (
        "one claim of two components",
        production!(
            "    volumes: { a-b: /a }\n  b-web: { image: \"a/b:1\", security: { user: 1 }, volumes: { a: /b } }\n",
            "    targets: { kubernetes: {} }\n"
        ),
        "EX0405",
        "web",
        "rename one of the two",
    ),
    (
        "a service that is called like one of an operator's",
        production!(
            "  db-rw: { image: \"a/b:1\", security: { user: 1 }, port: 80 }\n",
            "    dependencies: { db: \"postgres:17\" }\n    services: { web: { uses: [db, db-rw] } }\n    targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }\n"
        ),
        "EX0405",
        "db",
        "rename one of the two",
    ),
    (
        "a database whose name is too long for its operator",
        production!(
            "",
            "    dependencies: { a-database-whose-name-is-of-more-than-fifty-letters: \"postgres:17\" }\n    services: { web: { uses: [a-database-whose-name-is-of-more-than-fifty-letters] } }\n    targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }\n"
        ),
        "EX0406",
        "a-database-whose-name-is-of-more-than-fifty-letters",
        "a shorter role",
    ),
];
