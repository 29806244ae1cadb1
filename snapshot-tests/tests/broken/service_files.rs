//! Faults of a service.yml or of what lies beside it: see [`crate::rows`].

use crate::rows::Row;

/// A fault each.
pub(crate) const SERVICE_FILES: &[Row] = &[
    (
        "service.yml: a misspelt key",
        service!("prot: 80\n"),
        "EX0101",
        "prot",
    ),
    (
        "service.yml: a key of compose",
        service!("depends_on: [db]\n"),
        "EX0104",
        "depends_on",
    ),
    (
        "service.yml: a key of Kubernetes",
        service!("readinessProbe: { httpGet: { path: /live } }\n"),
        "EX0104",
        "readinessProbe",
    ),
    (
        "service.yml: a key of Exosphere",
        service!("startup: { command: node server.js }\n"),
        "EX0104",
        "startup",
    ),
    (
        "service.yml: a list for a size",
        service!("memory: [512Mi]\n"),
        "EX0102",
        "[512Mi]",
    ),
    (
        "service.yml: a time without a unit",
        service!("shutdown: 30\n"),
        "EX0108",
        "30",
    ),
    (
        "service.yml: a variable with a dash",
        service!("environment: { a-b: c }\n"),
        "EX0201",
        "a-b",
    ),
    (
        "service.yml: a port with a name that is too long",
        service!("ports: [{ name: administration-x, port: 80 }]\n"),
        "EX0107",
        "administration-x",
    ),
    (
        "service.yml: an earlier name that is another's role",
        service_of!(
            "services: { web: ./web, api: { image: \"a/b:1\", security: { user: 1 } } }\n",
            "was: api\n"
        ),
        "EX0203",
        "api",
    ),
    (
        "service.yml: two volumes of one derived name",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web-a: ./web, web: { image: \"a/b:1\", volumes: { a-b: /b } } }\n",
            ),
            (
                "web/service.yml",
                "image: example/web:1.0\nvolumes: { b: /data }\n",
            ),
        ],
        "EX0405",
        "b",
    ),
    (
        "service.yml: a use of nobody",
        service!("uses: [db]\n"),
        "EX0204",
        "db",
    ),
    (
        "service.yml: an attribute that is not there",
        service_of!(
            "services: { web: ./web }\ndependencies: { db: \"postgres:17\" }\n",
            "environment: { A: \"${dependencies.db.uri}\" }\n"
        ),
        "EX0205",
        "uri",
    ),
    (
        "service.yml: a secret that is not declared",
        service!("environment: { A: \"${secrets.KEY}\" }\n"),
        "EX0206",
        "KEY",
    ),
    (
        "service.yml: a path twice",
        service_of!(
            "services:\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n  web: ./web\n",
            "port: 80\nroute: /a\n"
        ),
        "EX0307",
        "/a",
    ),
    (
        "service.yml: a number twice",
        service!("ports: [{ name: a, port: 8080 }, { name: b, port: 8080 }]\n"),
        "EX0306",
        "8080",
    ),
    (
        "service.yml: a job before a deployment that uses a service",
        service_of!(
            "services: { web: ./web, api: { image: \"a/b:1\", security: { user: 1 }, port: 80 } }\n",
            "when: before-deploy\nuses: [api]\n"
        ),
        "EX0323",
        "api",
    ),
    (
        "service.yml: jobs that wait for each other",
        service_of!(
            "services: { web: ./web, x: { image: \"a/b:1\", security: { user: 1 }, when: before-deploy, uses: [web] } }\n",
            "when: before-deploy\nuses: [x]\n"
        ),
        "EX0324",
        "x",
    ),
    (
        "service.yml: a service that uses itself",
        service!("port: 80\nuses: [web]\n"),
        "EX0310",
        "web",
    ),
    (
        "service.yml: replicas beside a volume",
        service!("volumes: { data: /data }\nscale: 2\n"),
        "EX0331",
        "2",
    ),
    (
        "service.yml: a password",
        service!("environment: { SMTP_PASSWORD: correct-horse-7 }\n"),
        "EX0314",
        "correct-horse-7",
    ),
    (
        "service.yml: an image without a tag",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: ./web }\nenvironments: { p: { targets: { kubernetes: {} } } }\n",
            ),
            ("web/service.yml", "image: example/web\nsecurity: { user: 101 }\n"),
        ],
        "EX0304",
        "example/web",
    ),
    (
        "service.yml: an image of today",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: ./web }\nenvironments: { p: { targets: { kubernetes: {} } } }\n",
            ),
            (
                "web/service.yml",
                "image: example/web:latest\nsecurity: { user: 101 }\n",
            ),
        ],
        "EX0304",
        "example/web:latest",
    ),
    (
        "service.yml: more cores than there are",
        service!("cpu: 65\n"),
        "EX0107",
        "65",
    ),
    (
        "service.yml: a command with `&&`",
        service!("command: a && b\n"),
        "EX0115",
        "&&",
    ),
    (
        "service.yml: a command with `|`",
        service!("command: a | b\n"),
        "EX0115",
        "|",
    ),
    (
        "service.yml: a command with `;`",
        service!("command: a ; b\n"),
        "EX0115",
        ";",
    ),
    (
        "service.yml: a command with `>`",
        service!("command: a > b\n"),
        "EX0115",
        ">",
    ),
    (
        "service.yml: a command with `$`",
        service!("command: a $B\n"),
        "EX0115",
        "$",
    ),
    (
        "service.yml: a route without a slash",
        service!("port: 80\nroute: shop\n"),
        "EX0110",
        "shop",
    ),
    (
        "service.yml: a schedule that a target cannot hold",
        service_of!(
            "services: { web: ./web }\nenvironments: { p: { targets: { kubernetes: {} } } }\n",
            "schedule: \"0 3 30 2 *\"\n"
        ),
        "EX0322",
        "30",
    ),
    (
        "service.yml: a privileged task",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: ./web }\nenvironments: { p: { targets: { aws: { region: eu-central-1, account: \
                 \"123456789012\" } } } }\n",
            ),
            (
                "web/service.yml",
                "image: example/web:1.0\nsecurity: { user: root, privileged: true }\n",
            ),
        ],
        "EX0401",
        "true",
    ),
    (
        "service.yml: a key twice",
        service!("port: 80\nport: 81\n"),
        "EX0006",
        "port",
    ),
    (
        "service.yml: a folder outside",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/service.yml", "build: ../..\n"),
        ],
        "EX0003",
        "../..",
    ),
    (
        "service.yml: aliases of aliases",
        service!(
            "environment:\n  A: &a [x, x, x, x, x, x, x, x, x, x]\n  B: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n  C: &c \
             [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n  D: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n  E: [*d, *d, \
             *d, *d, *d, *d, *d, *d, *d, *d]\n"
        ),
        "EX0010",
        "*d",
    ),
    (
        "service.yml: too many lists in lists",
        service!(
            "command: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
        ),
        "EX0008",
        "[",
    ),
];
