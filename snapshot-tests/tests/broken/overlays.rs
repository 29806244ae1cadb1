//! Faults of an environment's overlay: see [`crate::rows`].

use crate::rows::Row;

/// A fault each.
pub(crate) const OVERLAYS: &[Row] = &[
    (
        "an overlay: a misspelt key",
        overlay!("", "        prot: 80\n"),
        "EX0101",
        "prot",
    ),
    (
        "an overlay: a misspelt key of the environment",
        production!("", "    domian: shop.example.com\n"),
        "EX0101",
        "domian",
    ),
    (
        "an overlay: a key of compose",
        overlay!("", "        depends_on: [db]\n"),
        "EX0104",
        "depends_on",
    ),
    (
        "an overlay: a key of Kubernetes",
        overlay!("", "        replicas: 3\n"),
        "EX0104",
        "replicas",
    ),
    (
        "an overlay: a key of Exosphere",
        overlay!("", "        docker: { image: a }\n"),
        "EX0104",
        "docker",
    ),
    (
        "an overlay: a list for a size",
        overlay!("", "        memory: [512Mi]\n"),
        "EX0102",
        "[512Mi]",
    ),
    (
        "an overlay: a size without a unit",
        overlay!("", "        memory: 512\n"),
        "EX0108",
        "512",
    ),
    (
        "an overlay: an environment in capitals",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments: { Production: {} }\n"
        ),
        "EX0201",
        "Production",
    ),
    (
        "an overlay: an environment with a name that is too long",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments: { production-of-the-shop: {} }\n"
        ),
        "EX0201",
        "production-of-the-shop",
    ),
    (
        "an overlay: a dependency with the name of a service",
        production!("    uses: []\n", "    dependencies: { web: \"redis:7\" }\n"),
        "EX0203",
        "web",
    ),
    (
        "an overlay: two volumes of one derived name",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 1 } }\n  web-a: { image: \"a/b:1\", security: { user: 1 }, \
             volumes: { b: /b } }\nenvironments:\n  local: { services: { web: { volumes: { a-b: /data } } } }\n"
        ),
        "EX0405",
        "a-b",
    ),
    (
        "an overlay: a use of nobody",
        overlay!("", "        uses: [db]\n"),
        "EX0204",
        "db",
    ),
    (
        "an overlay: an attribute that is not there",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 }, uses: [db] } }\ndependencies: { db: \"postgres:17\" }\nenvironments:\n  p:\n    \
             services: { web: { environment: { A: \"${dependencies.db.uri}\" } } }\n"
        ),
        "EX0205",
        "uri",
    ),
    (
        "an overlay: a secret that is not declared",
        overlay!("", "        environment: { A: \"${secrets.KEY}\" }\n"),
        "EX0206",
        "KEY",
    ),
    (
        "an overlay: a secret that nobody uses",
        production!("", "    secrets: { KEY: {} }\n"),
        "EX0210",
        "KEY",
    ),
    (
        "an overlay: a dependency that nobody uses",
        production!("", "    dependencies: { cache: \"redis:7\" }\n"),
        "EX0209",
        "cache",
    ),
    (
        "an overlay: a path twice",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /b \
             }\nenvironments:\n  p: { domain: shop.example.com, services: { web: { route: /b } } }\n"
        ),
        "EX0307",
        "/b",
    ),
    (
        "an overlay: the path of a service that comes later",
        app!(
            "services:\n  api: { image: \"a/b:1\", security: { user: 1 }, port: 80, route: /a }\n  web: { image: \"a/b:1\", \
             security: { user: 1 }, port: 80, route: /b }\nenvironments:\n  p: { domain: shop.example.com, services: { api: { \
             route: /b } } }\n"
        ),
        "EX0307",
        "/b",
    ),
    (
        "an overlay: a volume beside replicas",
        overlay!("    scale: 2\n", "        volumes: { data: /data }\n"),
        "EX0331",
        "data",
    ),
    (
        "an overlay: a service that becomes a job with a port",
        overlay!("    port: 80\n", "        when: on-demand\n        port: 81\n"),
        "EX0302",
        "81",
    ),
    (
        "an overlay: a service that becomes a job, and is used",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 1 }, uses: [api] }\n  api: { image: \"a/b:1\", security: { \
             user: 1 } , port: 80 }\nenvironments:\n  p: { services: { api: { port: null, when: on-demand } } }\n"
        ),
        "EX0323",
        "on-demand",
    ),
    (
        "an overlay: a use of a service by what becomes a job before the deployment",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 1 }, port: 80 }\n  x: { image: \"a/b:1\", security: { user: 1 \
             }, uses: [web] }\nenvironments:\n  p: { services: { x: { when: before-deploy } } }\n"
        ),
        "EX0323",
        "before-deploy",
    ),
    (
        "an overlay: less memory than a writable folder",
        overlay!(
            "    memory: 1Gi\n    writable: { /a: 512Mi }\n",
            "        memory: 256Mi\n"
        ),
        "EX0319",
        "256Mi",
    ),
    (
        "an overlay: another type of dependency, without the attribute",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 }, environment: { A: \"${dependencies.db.database}\" } } \
             }\ndependencies: { db: \"postgres:17\" }\nenvironments:\n  p: { dependencies: { db: \"redis:7\" } }\n"
        ),
        "EX0205",
        "redis",
    ),
    (
        "an overlay: a timeout longer than the interval",
        overlay!(
            "    port: 80\n    health: { path: /, timeout: 9s }\n",
            "        health: { interval: 5s }\n"
        ),
        "EX0311",
        "5s",
    ),
    (
        "an overlay: at most fewer than at least",
        overlay!("    scale: { min: 4, max: 8 }\n", "        scale: { max: 2 }\n"),
        "EX0312",
        "2",
    ),
    (
        "an overlay: a number twice",
        overlay!(
            "",
            "        ports: [{ name: a, port: 8080 }, { name: b, port: 8080 }]\n"
        ),
        "EX0306",
        "8080",
    ),
    (
        "an overlay: a job before a deployment that uses a service",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 1 }, port: 80 }\n  x: { image: \"a/b:1\", security: { user: 1 }, when: before-deploy \
             }\nenvironments:\n  p: { services: { x: { uses: [web] } } }\n"
        ),
        "EX0323",
        "web",
    ),
    (
        "an overlay: jobs that wait for each other",
        app!(
            "services:\n  a: { image: \"a/b:1\", security: { user: 1 }, when: before-deploy }\n  b: { image: \"a/b:1\", security: { user: 1 }, when: before-deploy, uses: \
             [a] }\nenvironments:\n  p: { services: { a: { uses: [b] } } }\n"
        ),
        "EX0324",
        "b",
    ),
    (
        "an overlay: a service that uses itself",
        overlay!("    port: 80\n", "        uses: [web]\n"),
        "EX0310",
        "web",
    ),
    (
        "an overlay: a password",
        overlay!("", "        environment: { SMTP_PASSWORD: correct-horse-7 }\n"),
        "EX0314",
        "correct-horse-7",
    ),
    (
        "an overlay: an image without a tag",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments:\n  p: { targets: { kubernetes: {} }, \
             services: { web: { image: example/web } } }\n"
        ),
        "EX0304",
        "example/web",
    ),
    (
        "an overlay: an image of today",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 } } }\nenvironments:\n  p: { targets: { kubernetes: {} }, \
             services: { web: { image: \"example/web:latest\" } } }\n"
        ),
        "EX0304",
        "\"example/web:latest\"",
    ),
    (
        "an overlay: more cores than there are",
        overlay!("", "        cpu: 65\n"),
        "EX0107",
        "65",
    ),
    (
        "an overlay: a command with `&&`",
        overlay!("", "        command: a && b\n"),
        "EX0115",
        "&&",
    ),
    (
        "an overlay: a command with `|`",
        overlay!("", "        command: a | b\n"),
        "EX0115",
        "|",
    ),
    (
        "an overlay: a command with `;`",
        overlay!("", "        command: a ; b\n"),
        "EX0115",
        ";",
    ),
    (
        "an overlay: a command with `>`",
        overlay!("", "        command: a > b\n"),
        "EX0115",
        ">",
    ),
    (
        "an overlay: a command with `$`",
        overlay!("", "        command: a $B\n"),
        "EX0115",
        "$",
    ),
    (
        "an overlay: a route without a slash",
        overlay!("    port: 80\n", "        route: shop\n"),
        "EX0110",
        "shop",
    ),
    (
        "an overlay: a schedule that a target cannot hold",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 }, when: on-demand } }\nenvironments:\n  p: { targets: { \
             kubernetes: {} }, services: { web: { schedule: \"0 3 30 2 *\" } } }\n"
        ),
        "EX0322",
        "30",
    ),
    (
        "an overlay: a version that the target does not offer",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 }, uses: [cache] } }\ndependencies: { cache: \
             \"redis:7\" }\nenvironments:\n  p: { targets: { aws: { region: eu-central-1, account: \"123456789012\" } }, \
             dependencies: { cache: \"redis:8.2\" } }\n"
        ),
        "EX0403",
        "8.2",
    ),
    (
        "an overlay: a version that nobody offers",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: 1 }, uses: [db] } }\ndependencies: { db: \"postgres:17\" }\nenvironments:\n  p: { \
             dependencies: { db: \"postgres:17.4\" } }\n"
        ),
        "EX0313",
        "17.4",
    ),
    (
        "an overlay: a privileged task",
        app!(
            "services: { web: { image: \"a/b:1\", security: { user: root } } }\nenvironments:\n  p: { targets: { aws: { region: \
             eu-central-1, account: \"123456789012\" } }, services: { web: { security: { privileged: true } } } }\n"
        ),
        "EX0401",
        "true",
    ),
    (
        "an overlay: a key twice",
        overlay!("", "        cpu: 1\n        cpu: 2\n"),
        "EX0006",
        "cpu",
    ),
    (
        "an overlay: a folder outside",
        overlay!("", "        build: ../web\n"),
        "EX0003",
        "../web",
    ),
    (
        "an overlay: aliases of aliases",
        overlay!(
            "",
            "        environment:\n          A: &a [x, x, x, x, x, x, x, x, x, x]\n          B: &b [*a, *a, *a, *a, *a, *a, *a, \
             *a, *a, *a]\n          C: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n          D: &d [*c, *c, *c, *c, *c, \
             *c, *c, *c, *c, *c]\n          E: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
        ),
        "EX0010",
        "*d",
    ),
    (
        "an overlay: too many lists in lists",
        overlay!(
            "",
            "        command: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
        ),
        "EX0008",
        "[",
    ),
];
