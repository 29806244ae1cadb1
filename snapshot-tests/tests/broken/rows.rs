//! The broken manifests: a name, the files, the code that is told, and the text under its primary span.

/// A name, files, a code, and the text that is underlined.
pub(crate) type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
);

/// Five faults in three files.
pub(crate) const FIVE: &[(&str, &str)] = &[
    (
        "application.yml",
        "name: shop\nservices:\n  web: ./web\n  api: ./api\n  agent:\n    image: example/agent:1.0\n    \
         security: { user: root, privileged: true }\nenvironments:\n  production:\n    domain: shop.example.com\n    \
         targets:\n      aws: { region: eu-central-1, account: \"123456789012\" }\n",
    ),
    (
        "api/service.yml",
        "image: example/api:1.0\nsecurity: { user: 1000 }\nport: 4000\nroute: /shop\nmemory: [512Mi]\nenvironment:\n  \
         DATABASE: ${dependencies.db.url}\n",
    ),
    (
        "web/service.yml",
        "image: example/web:1.0\nsecurity: { user: 1000 }\nport: 8080\nroute: /shop\ncpu: 1\ncpu: 2\n",
    ),
];

/// What is told of [`FIVE`], in order: code, file, the text that is underlined.
pub(crate) const FIVE_FAULTS: &[(&str, &str, &str)] = &[
    ("EX0401", "application.yml", "true"),
    ("EX0102", "api/service.yml", "[512Mi]"),
    ("EX0204", "api/service.yml", "db"),
    ("EX0307", "web/service.yml", "/shop"),
    ("EX0006", "web/service.yml", "cpu"),
];

/// An application with one service that has these further keys.
macro_rules! web {
    ($keys:literal) => {
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            $keys
        )
    };
}

/// An application of this text.
macro_rules! app {
    ($($text:literal),*) => {
        &[("application.yml", concat!("name: shop\n", $($text),*))]
    };
}

/// An application with one service, and these keys of `production`.
macro_rules! production {
    ($service:literal, $keys:literal) => {
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            $service,
            "environments:\n  production:\n    registry: ghcr.io/acme\n",
            $keys
        )
    };
}

/// A fault each.
pub(crate) const ROWS: &[Row] = &[
    // Files and YAML.
    (
        "a folder that is missing",
        app!("services: { web: ./wbe }\n"),
        "EX0002",
        "./wbe",
    ),
    (
        "a folder outside",
        app!("services: { web: ../web }\n"),
        "EX0003",
        "../web",
    ),
    (
        "a list that is not closed",
        web!("    command: [nginx, -g\n    port: 80\n"),
        "EX0005",
        "[",
    ),
    (
        "a key twice",
        web!("    port: 80\n    port: 81\n"),
        "EX0006",
        "port",
    ),
    (
        "a variable twice",
        web!("    environment: { A: 1, B: 2, A: 3 }\n"),
        "EX0006",
        "A",
    ),
    ("a tab", app!("services:\n\tweb: ./web\n"), "EX0007", "\t"),
    (
        "an alias of nothing",
        web!("    command: [nginx, *flags]\n"),
        "EX0011",
        "*flags",
    ),
    (
        "a merge key",
        web!("    environment: { <<: { A: b } }\n"),
        "EX0012",
        "<<",
    ),
    ("two documents", web!("---\nname: other\n"), "EX0013", "---"),
    (
        "a tag",
        web!("    environment: { A: !!str 1 }\n"),
        "EX0014",
        "!!str",
    ),
    (
        "a key that is a list",
        web!("    environment: { [a]: b }\n"),
        "EX0015",
        "[a]",
    ),
    (
        "a file without content",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/service.yml", "# later\n"),
        ],
        "EX0016",
        "",
    ),
    (
        "no in a command",
        web!("    command: [nginx, no]\n"),
        "EX0017",
        "no",
    ),
    (
        "an application without services",
        &[("application.yml", "name: shop\nservices: {}\n")],
        "EX0321",
        "shop",
    ),
    (
        "a comment in the place of a value",
        web!("    environment: \n      COLOR: #fff\n"),
        "EX0018",
        "#fff",
    ),
    (
        "aliases of aliases",
        web!(
            "    environment:\n      A: &a [x, x, x, x, x, x, x, x, x, x]\n      B: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n      \
             C: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\n      D: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n      \
             E: [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]\n"
        ),
        "EX0010",
        "*d",
    ),
    (
        "too many lists in lists",
        web!(
            "    command: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
        ),
        "EX0008",
        "[",
    ),
    // The shape.
    ("a misspelt key", web!("    prot: 80\n"), "EX0101", "prot"),
    (
        "a misspelt key of a mapping",
        web!("    scale: { min: 1, mxa: 2 }\n"),
        "EX0101",
        "mxa",
    ),
    (
        "a text for a number",
        web!("    port: \"80\"\n"),
        "EX0102",
        "\"80\"",
    ),
    (
        "a list for a mapping",
        web!("    environment: [A=1]\n"),
        "EX0102",
        "[A=1]",
    ),
    (
        "a mapping for a text",
        app!("description: { a: b }\n"),
        "EX0102",
        "{ a: b }",
    ),
    (
        "a value of a secret",
        app!("secrets: { KEY: abc }\n"),
        "EX0102",
        "abc",
    ),
    (
        "a port without a number",
        web!("    ports: [{ name: http }]\n"),
        "EX0103",
        "{ name: http }",
    ),
    (
        "a key of compose",
        web!("    depends_on: [db]\n"),
        "EX0104",
        "depends_on",
    ),
    (
        "a protocol that nobody speaks",
        web!("    ports: [{ name: a, port: 1, protocol: htp }]\n"),
        "EX0106",
        "htp",
    ),
    (
        "a shutdown beyond its bounds",
        web!("    shutdown: 5m\n"),
        "EX0107",
        "5m",
    ),
    (
        "a port beyond its bounds",
        web!("    port: 65536\n"),
        "EX0107",
        "65536",
    ),
    (
        "memory without a unit",
        web!("    memory: 512\n"),
        "EX0108",
        "512",
    ),
    (
        "a port and ports",
        web!("    port: 80\n    ports: [{ name: a, port: 81 }]\n"),
        "EX0109",
        "ports",
    ),
    (
        "two forms of a check",
        web!("    port: 80\n    health: { path: /, tcp: true }\n"),
        "EX0109",
        "tcp",
    ),
    (
        "a path without a slash",
        web!("    port: 80\n    health: healthz\n"),
        "EX0110",
        "healthz",
    ),
    (
        "a shell's default",
        web!("    environment: { A: \"x ${LEVEL:-info}\" }\n"),
        "EX0111",
        ":",
    ),
    (
        "a reference that does not end",
        web!("    environment: { A: \"x ${env.name\" }\n"),
        "EX0111",
        "${env.name",
    ),
    (
        "a reference in a description",
        app!("description: The ${env.name} shop\n"),
        "EX0112",
        "${env.name}",
    ),
    (
        "a NUL",
        web!("    environment: { A: \"a\\0b\" }\n"),
        "EX0113",
        "\\0",
    ),
    (
        "a text that is not composed",
        web!("    environment: { A: \"cafe\\u0301\" }\n"),
        "EX0114",
        "\"cafe\\u0301\"",
    ),
    (
        "a command for a shell",
        web!("    command: nginx -t && nginx\n"),
        "EX0115",
        "&&",
    ),
    // Names and references.
    (
        "a role with a capital",
        app!("services:\n  webSite:\n    image: example/web:1.0\n"),
        "EX0201",
        "webSite",
    ),
    (
        "a reserved role",
        app!("services:\n  exoc-web:\n    image: example/web:1.0\n"),
        "EX0202",
        "exoc-web",
    ),
    (
        "a reserved variable",
        web!("    environment: { EXOC_A: b }\n"),
        "EX0202",
        "EXOC_A",
    ),
    (
        "a service and a dependency of one name",
        web!("    uses: []\ndependencies:\n  web: redis:7\n"),
        "EX0203",
        "web",
    ),
    ("a use of nobody", web!("    uses: [db]\n"), "EX0204", "db"),
    (
        "a reference to nobody",
        web!("    environment: { A: \"x${services.db.url}\" }\n"),
        "EX0204",
        "db",
    ),
    (
        "an attribute that is not there",
        web!("    environment: { A: \"x${dependencies.db.uri}\" }\ndependencies:\n  db: postgres:17\n"),
        "EX0205",
        "uri",
    ),
    (
        "a secret that is not declared",
        web!("    environment: { A: \"${secrets.KEY}\" }\n"),
        "EX0206",
        "KEY",
    ),
    (
        "a reference to the shell's home",
        web!("    environment: { A: \"${HOME}/x\" }\n"),
        "EX0207",
        "HOME",
    ),
    (
        "two roles that give one variable",
        web!(
            "    uses: [a, a-b]\n    environment: { A_B_PORT: null, A_B_ADDRESS: null }\n  a:\n    image: example/a:1.0\n    \
             ports: [{ name: x, port: 1 }, { name: b, port: 2 }]\n  a-b:\n    image: example/b:1.0\n    port: 3\n"
        ),
        "EX0208",
        "a-b",
    ),
    (
        "a dependency that nobody uses",
        web!("dependencies:\n  cache: redis:7\n"),
        "EX0209",
        "cache",
    ),
    (
        "a secret that nobody uses",
        web!("secrets:\n  KEY: {}\n"),
        "EX0210",
        "KEY",
    ),
    (
        "a secret in a command",
        web!(
            "    command: [a, \"x${secrets.KEY}\"]\n    environment: { A: \"${secrets.KEY}\" }\nsecrets:\n  KEY: {}\n"
        ),
        "EX0211",
        "${secrets.KEY}",
    ),
    (
        "a service in the application's variables",
        app!(
            "environment: { A: \"${services.web.url}\" }\nservices:\n  web:\n    image: example/web:1.0\n    port: 80\n"
        ),
        "EX0212",
        "${services.web.url}",
    ),
    (
        "a target that nobody has",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\nenvironments:\n  p: { targets: { kubernets: {} } }\n"
        ),
        "EX0214",
        "kubernets",
    ),
    // Rules.
    (
        "a worker with a port",
        web!("    port: 80\n    type: worker\n"),
        "EX0301",
        "worker",
    ),
    (
        "a command of a product",
        web!("    uses: [cache]\ndependencies:\n  cache: { type: redis, version: \"7\", command: [a] }\n"),
        "EX0302",
        "command",
    ),
    (
        "a service of nothing",
        app!("services:\n  web:\n    port: 80\n"),
        "EX0303",
        "web",
    ),
    (
        "an image without a tag",
        app!(
            "services:\n  web:\n    image: example/web\n    security: { user: 101 }\nenvironments:\n  p: { targets: { kubernetes: {} } }\n"
        ),
        "EX0304",
        "example/web",
    ),
    (
        "an image without a user",
        app!(
            "services:\n  web:\n    image: example/web:1.0\nenvironments:\n  p: { targets: { kubernetes: {} } }\n"
        ),
        "EX0305",
        "example/web:1.0",
    ),
    (
        "a number twice",
        web!("    ports: [{ name: a, port: 8080 }, { name: b, port: 8080, protocol: grpc }]\n"),
        "EX0306",
        "8080",
    ),
    (
        "a path twice",
        web!(
            "    port: 80\n    route: /a\n  api:\n    image: example/api:1.0\n    port: 80\n    route: /a\n"
        ),
        "EX0307",
        "/a",
    ),
    (
        "a route to no port",
        web!("    port: 80\n    route: { port: admin }\n"),
        "EX0308",
        "admin",
    ),
    (
        "an environment without a domain",
        production!(
            "    port: 80\n    route: /\n",
            "    targets: { kubernetes: {} }\n"
        ),
        "EX0309",
        "production",
    ),
    (
        "a service that uses itself",
        web!("    port: 80\n    uses: [web]\n"),
        "EX0310",
        "web",
    ),
    (
        "a path of a worker",
        web!("    health: /healthz\n"),
        "EX0311",
        "/healthz",
    ),
    (
        "a timeout longer than the interval",
        web!("    port: 80\n    health: { path: /, interval: 5s, timeout: 9s }\n"),
        "EX0311",
        "9s",
    ),
    (
        "at least more than at most",
        web!("    scale: { min: 4, max: 2 }\n"),
        "EX0312",
        "2",
    ),
    (
        "a version that nobody offers",
        web!("    uses: [db]\ndependencies:\n  db: postgres:17.4\n"),
        "EX0313",
        "17.4",
    ),
    (
        "a password",
        web!("    environment: { SMTP_PASSWORD: correct-horse-7 }\n"),
        "EX0314",
        "correct-horse-7",
    ),
    (
        "a writable folder of the system",
        web!("    writable: [/proc/x]\n"),
        "EX0316",
        "/proc/x",
    ),
    (
        "a Dockerfile's user by name",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/Dockerfile", "FROM scratch\nUSER node\n"),
        ],
        "EX0317",
        "node",
    ),
    (
        "an address without a port",
        web!(
            "    uses: [logs]\ndependencies:\n  logs: { type: external, url: \"tcp://logs.example.com\" }\n"
        ),
        "EX0318",
        "\"tcp://logs.example.com\"",
    ),
    (
        "more in memory than there is",
        web!("    memory: 256Mi\n    writable: { /a: 256Mi }\n"),
        "EX0319",
        "256Mi",
    ),
    (
        "a use of a worker",
        web!("    uses: [job]\n  job: { image: \"example/job:1.0\" }\n"),
        "EX0320",
        "job",
    ),
    // Targets.
    (
        "a setting that exoc makes itself",
        web!(
            "    uses: [db]\ndependencies: { db: { type: postgres, version: \"17\", parameters: { port: 6432 } } }\n"
        ),
        "EX0340",
        "port",
    ),
    (
        "a privileged task",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: root, privileged: true }\nenvironments:\n  p:\n    \
             targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0401",
        "true",
    ),
    (
        "an option that is misspelt",
        production!(
            "",
            "    targets: { aws: { region: eu-central-1, acount: \"123456789012\" } }\n"
        ),
        "EX0402",
        "acount",
    ),
    (
        "a version that one target does not offer",
        production!(
            "    uses: [cache]\ndependencies:\n  cache: redis:8.2\n",
            "    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0403",
        "8.2",
    ),
    (
        "a text that kustomize does not keep",
        production!(
            "    environment: { A: \"a\\x7fb\" }\n",
            "    targets: { kubernetes: {} }\n"
        ),
        "EX0407",
        "\"a\\x7fb\"",
    ),
    (
        "a text of a password that is absent on a developer's machine",
        web!(
            "    environment: { A: \"x:${dependencies.texts.password}\" }\ndependencies: { texts: \"search:3.5\" }\n"
        ),
        "EX0409",
        "\"x:${dependencies.texts.password}\"",
    ),
    (
        "two doors on one port of the machine",
        web!(
            "    ports: [{ name: a, port: 7000, protocol: tcp }]\n    route: {}\n  chat:\n    image: example/chat:1.0\n    \
             ports: [{ name: g, port: 7000, protocol: grpc }]\n    route: { host: chat.localhost }\n"
        ),
        "EX0408",
        "{}",
    ),
];
