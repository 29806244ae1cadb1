//! Mistakes that people bring from other tools, and what they must be told: a name, the files, the code, the text
//! that is underlined, and words that the diagnostic must say.

/// A name, files, a code, the text that is underlined, and words of the message, a label or a line of help.
pub(crate) type Habit = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static str,
);

/// A mistake each.
pub(crate) const HABITS: &[Habit] = &[
    // Brackets and quotes: told where they open, though the reader stumbles later.
    (
        "braces that end no line above",
        web!("    environment: { A: b, C: d\n    port: 80\n"),
        "EX0005",
        "{",
        "write `}` at its end",
    ),
    (
        "braces around all services",
        app!("services: {\n  web: { image: \"a/b:1\" }\nenvironments: {}\n"),
        "EX0005",
        "{",
        "it must end before this",
    ),
    (
        "two brackets that nothing closes",
        app!("services:\n  web: { command: [a, b\n"),
        "EX0005",
        "[",
        "write `]}` at its end",
    ),
    (
        "a brace that a bracket closes",
        web!("    ports: [{ name: http, port: 80 ]\n    cpu: 1\n"),
        "EX0005",
        "{",
        "write `}` before the `]`",
    ),
    (
        "a comma that is missing between two lines in braces",
        web!("    environment: {\n      A: b\n      C: d\n    }\n"),
        "EX0005",
        ":",
        "write `,` between two members",
    ),
    (
        "a quote that a later quote closes",
        web!("    environment:\n      A: \"x\n      B: \"y\"\n"),
        "EX0005",
        "\"",
        "a quoted text that is never closed",
    ),
    (
        "an apostrophe in single quotes",
        app!("description: 'It's a shop'\n"),
        "EX0005",
        "s",
        "is written `''`",
    ),
    // One fault, however many places feel it.
    (
        "a role in the wrong style, used in the right one",
        app!(
            "services:\n  Api: { image: \"a/b:1\", port: 80 }\n  web:\n    image: a/b:1\n    uses: [api]\n    \
             environment: { X: \"${services.api.url}\" }\n"
        ),
        "EX0201",
        "Api",
        "did you mean `api`?",
    ),
    (
        "a secret in the wrong style, named in the right one",
        web!("    environment: { KEY: \"${secrets.STRIPE_KEY}\" }\nsecrets: { stripe-key: {} }\n"),
        "EX0201",
        "stripe-key",
        "did you mean `STRIPE_KEY`?",
    ),
    (
        "a location of null, and a use of the role",
        web!("    uses: [api]\n  api: { location: null }\n"),
        "EX0303",
        "null",
        "removed here",
    ),
    (
        "built images without a registry",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: ./web, api: ./api, jobs: ./jobs }\nenvironments:\n  a: { targets: \
                 { kubernetes: {} } }\n  b: { targets: { kubernetes: {} } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
            ("api/Dockerfile", "FROM scratch\n"),
            ("jobs/Dockerfile", "FROM scratch\n"),
        ],
        "EX0401",
        "./api",
        "write for example `registry: ghcr.io/acme` at the top of application.yml",
    ),
    (
        "an overlay of a role that is misspelt",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\nenvironments: { production: \
             { services: { weeb: { scale: 3 } } } }\n"
        ),
        "EX0204",
        "weeb",
        "did you mean `web`?",
    ),
    // Names that cannot be guessed are not guessed.
    (
        "a name with a letter that no name has",
        &[("application.yml", "name: schöp\nservices: {}\n")],
        "EX0201",
        "schöp",
        "lowercase letters, digits and single `-`",
    ),
    // Options of targets.
    (
        "a region by the name of its town",
        production!(
            "",
            "    targets: { aws: { region: Frankfurt, account: \"123456789012\" } }\n"
        ),
        "EX0402",
        "Frankfurt",
        "write for example `region: eu-central-1`",
    ),
    (
        "an account without quotes",
        production!(
            "",
            "    targets: { aws: { region: eu-central-1, account: 012345678901 } }\n"
        ),
        "EX0402",
        "012345678901",
        "quote it: `\"012345678901\"`",
    ),
    (
        "a network without its size",
        production!(
            "",
            "    targets: { aws: { region: eu-central-1, account: \"123456789012\", cidr: 10.0.0.0 } }\n"
        ),
        "EX0402",
        "10.0.0.0",
        "write for example `cidr: 10.0.0.0/16`",
    ),
    (
        "a target without its options",
        production!("", "    targets: { aws: {} }\n"),
        "EX0402",
        "aws",
        "write for example `aws: { region: eu-central-1, account: \"123456789012\" }`",
    ),
    (
        "a reference in an option",
        production!(
            "",
            "    targets: { kubernetes: { namespace: \"shop-${env.name}\" } }\n"
        ),
        "EX0112",
        "${env.name}",
        "an option of the target `kubernetes`",
    ),
    (
        "an option of two meanings",
        production!("", "    targets: { kubernetes: { namespace: no } }\n"),
        "EX0017",
        "no",
        "quote it: `\"no\"`",
    ),
    // Dockerfiles.
    (
        "a Dockerfile without a base",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/Dockerfile", "USER 1000\n"),
        ],
        "EX0110",
        "USER 1000",
        "`web/Dockerfile` has no `FROM`",
    ),
    (
        "a Dockerfile's user in a variable",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/Dockerfile", "FROM scratch\nUSER $U\n"),
        ],
        "EX0317",
        "$U",
        "is a variable",
    ),
    (
        "a stage that the Dockerfile does not have",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: { context: ./web, stage: prodution } } }\n",
            ),
            ("web/Dockerfile", "FROM scratch AS production\nUSER 1000\n"),
        ],
        "EX0106",
        "prodution",
        "did you mean `production`?",
    ),
    // Shapes by habit.
    (
        "keys of a service beside its role",
        app!("services:\n  web:\n  image: nginx:1.29\n  port: 80\n"),
        "EX0101",
        "image",
        "indent it by two spaces more than `web`",
    ),
    (
        "services as a list of members",
        app!("services:\n  - web: ./web\n  - api: ./api\n"),
        "EX0102",
        "- web: ./web\n  - api: ./api",
        "write `services: { web: ./web, api: ./api }`",
    ),
    (
        "services as a list with names",
        app!("services:\n  - name: web\n    image: nginx:1.29\n"),
        "EX0102",
        "- name: web\n    image: nginx:1.29",
        "write `services: { web: { … } }`",
    ),
    (
        "variables as a list",
        web!("    environment: [A=1, B=2]\n"),
        "EX0102",
        "[A=1, B=2]",
        "`environment: { A: …, B: … }`",
    ),
    (
        "variables in variables",
        web!("    environment: { DB: { HOST: a, PORT: 1 } }\n"),
        "EX0102",
        "{ HOST: a, PORT: 1 }",
        "write `DB_HOST: …`",
    ),
    (
        "environments under `environment`",
        app!("environment: { production: { domain: shop.example.com } }\n"),
        "EX0102",
        "{ domain: shop.example.com }",
        "write `environments: { production: { domain: … } }`",
    ),
    (
        "targets as a list",
        production!("", "    targets: [compose, kubernetes]\n"),
        "EX0102",
        "[compose, kubernetes]",
        "write `targets: { compose: {}, kubernetes: {} }`",
    ),
    (
        "a use without brackets",
        web!("    uses: internet\n"),
        "EX0102",
        "internet",
        "write `uses: [internet]`",
    ),
    (
        "a writable folder without brackets",
        web!("    writable: /cache\n"),
        "EX0102",
        "/cache",
        "write `writable: [/cache]`",
    ),
    (
        "a route that is true",
        web!("    port: 80\n    route: true\n"),
        "EX0102",
        "true",
        "write `route: /`",
    ),
    (
        "routes as a list",
        web!("    port: 80\n    route: [/a, /b]\n"),
        "EX0102",
        "[/a, /b]",
        "write `route: { path: [/a, /b] }`",
    ),
    (
        "a route with a star",
        web!("    port: 80\n    route: \"/api/*\"\n"),
        "EX0110",
        "\"/api/*\"",
        "write `/api`, which matches all below it too",
    ),
    (
        "a route with a host",
        web!("    port: 80\n    route: shop.example.com/x\n"),
        "EX0110",
        "shop.example.com/x",
        "write `route: { host: shop.example.com, path: /x }`",
    ),
    (
        "a range of replicas",
        web!("    scale: 2-10\n"),
        "EX0102",
        "2-10",
        "write `scale: { min: 2, max: 10 }`",
    ),
    (
        "a check that is true",
        web!("    port: 80\n    health: true\n"),
        "EX0102",
        "true",
        "write for example `health: /healthz`",
    ),
    (
        "a timeout in milliseconds",
        web!("    port: 80\n    health: { path: /, timeout: 3000 }\n"),
        "EX0108",
        "3000",
        "write `3s`",
    ),
    (
        "a key without its `:`",
        app!("services:\n  web\n    image: nginx:1.29\n"),
        "EX0005",
        "web",
        "write a `:` and a space behind the key",
    ),
    (
        "a key without a space",
        app!("services:\n  web:\n    image:nginx:1.29\n    port:80\n"),
        "EX0110",
        "image:nginx:1.29",
        "write `image: nginx:1.29`",
    ),
    (
        "a service.yml below its own name",
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            ("web/service.yml", "web:\n  port: 80\n"),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0101",
        "web",
        "write what stands below `web` without it",
    ),
    (
        "an overlay without `services`",
        production!("", "    web: { scale: 3 }\n"),
        "EX0101",
        "web",
        "write it under `services`: `services: { web: … }`",
    ),
    // Docker Compose.
    (
        "pairs of ports",
        web!("    ports: [\"8080:80\", \"443:443\"]\n"),
        "EX0104",
        "\"8080:80\"",
        "write `ports: [{ name: http, port: 80 }, { name: https, port: 443 }]`",
    ),
    (
        "numbers of ports",
        web!("    ports: [80, 443]\n"),
        "EX0102",
        "80",
        "write `ports: [{ name: http, port: 80 }, { name: https, port: 443 }]`",
    ),
    (
        "a port of UDP",
        web!("    port: 53/udp\n"),
        "EX0104",
        "53/udp",
        "write `ports: [{ name: udp, port: 53, protocol: udp }]`",
    ),
    (
        "an order of starting",
        web!("    depends_on: [db, cache]\n"),
        "EX0104",
        "depends_on",
        "write `uses: [db, cache]`; order, permissions and variables follow from it",
    ),
    (
        "a deployment of Compose",
        web!("    deploy: { replicas: 3, resources: { limits: { cpus: '0.5', memory: 512M } } }\n"),
        "EX0104",
        "deploy",
        "write `scale: 3` and `cpu: 0.5` and `memory: 512Mi`",
    ),
    (
        "a user and its group",
        web!("    user: \"1000:1001\"\n"),
        "EX0104",
        "user",
        "write `security: { user: 1000, group: 1001 }`",
    ),
    (
        "a check of Compose",
        web!("    healthcheck: { test: \"curl -f http://localhost/health || exit 1\" }\n"),
        "EX0104",
        "healthcheck",
        "write `health: /health`",
    ),
    (
        "an extension of Compose",
        app!("x-common: { image: \"nginx:1.29\" }\n"),
        "EX0104",
        "x-common",
        "remove it",
    ),
    (
        "a dependency by its image",
        web!("    uses: [db]\ndependencies:\n  db: { image: \"postgres:17\" }\n"),
        "EX0103",
        "db",
        "write `db: postgres:17`",
    ),
    (
        "a version with more behind it",
        web!("    uses: [db]\ndependencies:\n  db: postgres:17-alpine\n"),
        "EX0313",
        "17-alpine",
        "did you mean `17`?",
    ),
    (
        "a folder as an image",
        web!("  api:\n    image: ./api\n    security: { user: 1 }\n"),
        "EX0110",
        "./api",
        "an image that is built is `build: ./api`",
    ),
    // Kubernetes.
    (
        "a number of replicas",
        web!("    replicas: 3\n"),
        "EX0104",
        "replicas",
        "write `scale: 3`",
    ),
    (
        "replicas of a dependency",
        web!(
            "    uses: [q]\ndependencies:\n  q: { type: container, image: \"q/q:1\", port: 90, replicas: 3 }\n"
        ),
        "EX0104",
        "replicas",
        "remove it; a dependency has no number of replicas",
    ),
    (
        "resources in thousandths",
        web!("    resources: { limits: { cpu: 500m, memory: 1Gi } }\n"),
        "EX0104",
        "resources",
        "write `cpu: 0.5` and `memory: 1Gi`",
    ),
    (
        "variables with `name` and `value`",
        web!("    env: [{ name: LOG_LEVEL, value: info }]\n"),
        "EX0104",
        "env",
        "write `environment: { LOG_LEVEL: … }`",
    ),
    (
        "a probe",
        web!("    livenessProbe: { httpGet: { path: /live, port: 80 } }\n"),
        "EX0104",
        "livenessProbe",
        "write `health: /live`; all probes are made from it",
    ),
    (
        "a type of Kubernetes' services",
        web!("    port: 80\n    type: LoadBalancer\n"),
        "EX0106",
        "LoadBalancer",
        "did you mean `public`?",
    ),
    (
        "a platform of another tool",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: { context: ./web, platforms: [linux/x86_64] } } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0106",
        "linux/x86_64",
        "did you mean `linux/amd64`?",
    ),
    (
        "a platform that nobody has",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: { context: ./web, platforms: [linux/foo] } } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0106",
        "linux/foo",
        "the platforms are `linux/amd64`",
    ),
    // References of other languages.
    (
        "a template",
        web!("    environment: { A: {{ secrets.KEY }} }\nsecrets: { KEY: {} }\n"),
        "EX0111",
        "{{ secrets.KEY }}",
        "a reference is written `${secrets.KEY}`",
    ),
    (
        "an expression of a pipeline",
        web!(
            "    environment:\n      A: ${{ secrets.KEY }}\n      B: ${secrets.KEY}\nsecrets: { KEY: {} }\n"
        ),
        "EX0111",
        "{",
        "write `${secrets.KEY}`",
    ),
    (
        "a role without its root",
        web!("    environment: { A: \"${db.url}\" }\ndependencies: { db: \"postgres:17\" }\n"),
        "EX0207",
        "db",
        "did you mean `${dependencies.db.url}`?",
    ),
    (
        "a dependency among the services",
        web!("    environment: { A: \"${service.db.url}\" }\ndependencies: { db: \"postgres:17\" }\n"),
        "EX0207",
        "${service.db.url}",
        "did you mean `${dependencies.db.url}`?",
    ),
    (
        "a secret by its name alone",
        web!("    environment: { A: \"${KEY}\", B: \"${secrets.KEY}\" }\nsecrets: { KEY: {} }\n"),
        "EX0207",
        "KEY",
        "did you mean `${secrets.KEY}`?",
    ),
    (
        "a secret of null",
        web!("    environment: { A: \"${secrets.KEY}\" }\nsecrets:\n  KEY:\n"),
        "EX0206",
        "KEY",
        "write `KEY: {}`",
    ),
    (
        "a product in `uses`",
        web!("    uses: [\"postgres:17\"]\n"),
        "EX0204",
        "\"postgres:17\"",
        "declare `postgres: postgres:17` under `dependencies`",
    ),
    (
        "an address for a dependency",
        web!("    uses: [crm]\ndependencies: { crm: \"https://crm.example.com\" }\n"),
        "EX0110",
        "\"https://crm.example.com\"",
        "write `crm: { type: external, url: \"https://crm.example.com\" }`",
    ),
    (
        "a host for an external dependency",
        web!("    uses: [crm]\ndependencies: { crm: { type: external, host: crm.example.com } }\n"),
        "EX0101",
        "host",
        "an address outside is `url`",
    ),
];
