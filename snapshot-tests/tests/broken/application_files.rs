//! Faults of application.yml, but for its environments: see [`crate::rows`].

use crate::rows::Row;

/// A fault each.
pub(crate) const APPLICATION_FILES: &[Row] = &[
    (
        "application.yml: a service at the side of another",
        web!("    sidecars: { log: { image: \"a/b:1\" } }\n"),
        "EX0101",
        "sidecars",
    ),
    (
        "application.yml: a graphics processor",
        web!("    gpu: 1\n"),
        "EX0101",
        "gpu",
    ),
    (
        "application.yml: a key of Exosphere",
        web!("    docker-image: example/web:1.0\n"),
        "EX0104",
        "docker-image",
    ),
    (
        "application.yml: a role that is too long",
        app!("services: { a-role-of-fifty-three-letters-is-one-letter-too-long-: { image: \"a/b:1\" } }\n"),
        "EX0201",
        "a-role-of-fifty-three-letters-is-one-letter-too-long-",
    ),
    (
        "application.yml: a name that is too long",
        &[(
            "application.yml",
            "name: the-shop-that-sells-all-things-to-all\nservices: { web: { image: \"a/b:1\" } }\n",
        )],
        "EX0201",
        "the-shop-that-sells-all-things-to-all",
    ),
    (
        "application.yml: two volumes of one derived name",
        web!(
            "    volumes: { a-b: /data }\n  web-a: { image: \"a/b:1\", security: { user: 1 }, volumes: { b: /b } }\n"
        ),
        "EX0405",
        "b",
    ),
    (
        "application.yml: a secret with the name of an image's variable",
        &[
            (
                "application.yml",
                "name: shop\nsecrets: { WEB_IMAGE: {} }\nservices: { web: { build: ./web, environment: { A: \
                 \"${secrets.WEB_IMAGE}\" } } }\nenvironments: { p: { registry: ghcr.io/acme, targets: { compose: {} } } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0405",
        "WEB_IMAGE",
    ),
    (
        "application.yml: edges of one derived name",
        app!(
            "services:\n  a: { image: \"a/b:1\", security: { user: 1 }, port: 80, uses: [b-to-c] }\n  a-to-b: { image: \"a/b:1\", \
             security: { user: 1 }, port: 80, uses: [c] }\n  b-to-c: { image: \"a/b:1\", security: { user: 1 }, port: 80 }\n  c: { \
             image: \"a/b:1\", security: { user: 1 }, port: 80 }\nenvironments:\n  p: { targets: { aws: { region: eu-central-1, \
             account: \"123456789012\" } } }\n"
        ),
        "EX0405",
        "c",
    ),
    (
        "application.yml: an owner that is no label",
        app!(
            "owner: The Shop\nservices: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments: { p: { targets: { \
             kubernetes: {} } } }\n"
        ),
        "EX0406",
        "The Shop",
    ),
    (
        "application.yml: an owner that is no tag",
        app!(
            "owner: The Shop!\nservices: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments:\n  p: { targets: { \
             aws: { region: eu-central-1, account: \"123456789012\" } } }\n"
        ),
        "EX0406",
        "The Shop!",
    ),
    (
        "application.yml: a job before a deployment that uses a service",
        web!("    port: 80\n  x: { image: \"a/b:1\", when: before-deploy, uses: [web] }\n"),
        "EX0323",
        "web",
    ),
    (
        "application.yml: an image of today",
        app!(
            "services: { web: { image: \"example/web:latest\", security: { user: 1 } } }\nenvironments: { p: { targets: { \
             kubernetes: {} } } }\n"
        ),
        "EX0304",
        "\"example/web:latest\"",
    ),
    (
        "application.yml: more cores than there are",
        web!("    cpu: 65\n"),
        "EX0107",
        "65",
    ),
    (
        "application.yml: a command with `|`",
        web!("    command: a | b\n"),
        "EX0115",
        "|",
    ),
    (
        "application.yml: a command with `;`",
        web!("    command: a ; b\n"),
        "EX0115",
        ";",
    ),
    (
        "application.yml: a command with `>`",
        web!("    command: a > b\n"),
        "EX0115",
        ">",
    ),
    (
        "application.yml: a command with `$`",
        web!("    command: a $B\n"),
        "EX0115",
        "$",
    ),
    (
        "application.yml: a route without a slash",
        web!("    port: 80\n    route: shop\n"),
        "EX0110",
        "shop",
    ),
    (
        "application.yml: a schedule that a target cannot hold",
        web!("    schedule: \"0 3 30 2 *\"\nenvironments: { p: { targets: { kubernetes: {} } } }\n"),
        "EX0322",
        "30",
    ),
];
