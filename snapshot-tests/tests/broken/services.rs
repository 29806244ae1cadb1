//! Faults of what a service may do and where it is public, with the words that they must be answered with: see
//! [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const SERVICES: &[Habit] = &[
    (
        "a route with a segment that leads nowhere",
        web!("    port: 80\n    route: /./shop\n"),
        "EX0110",
        "/./shop",
        "has the segment `.`",
    ),
    (
        "a route with a segment that leads up",
        web!("    port: 80\n    route: { path: [/shop/.., /admin] }\n"),
        "EX0110",
        "/shop/..",
        "write the path that it leads to",
    ),
    (
        "a capability twice",
        web!(
            "    ports: [{ name: a, port: 80 }]\n  api:\n    image: example/api:1.0\n    security: { user: 5, capabilities: [CHOWN, KILL, CHOWN] }\n"
        ),
        "EX0203",
        "CHOWN",
        "remove one of the two",
    ),
    (
        "capabilities of a privileged container",
        web!(
            "  api:\n    image: example/api:1.0\n    security: { user: 5, privileged: true, capabilities: [CHOWN] }\n"
        ),
        "EX0109",
        "[CHOWN]",
        "`capabilities: null`",
    ),
    (
        "a container that an overlay makes privileged",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 5, capabilities: [CHOWN] }\n",
            "environments:\n  local: { services: { web: { security: { privileged: true } } } }\n"
        ),
        "EX0109",
        "true",
        "`capabilities: null`",
    ),
    (
        "a grpc route to a method",
        web!("    ports: [{ name: a, port: 80, protocol: grpc }]\n    route: /shop.Cart/Add\n"),
        "EX0308",
        "/shop.Cart/Add",
        "write `/package.Service`",
    ),
    (
        "a grpc route of a word that no service has",
        web!(
            "    ports: [{ name: a, port: 80, protocol: grpc }]\n    route: { path: [/shop.Cart, /my-cart] }\n"
        ),
        "EX0308",
        "/my-cart",
        "write `/package.Service`",
    ),
];
