//! Mistakes that people make by habit, and what they must be told: a name, the files, the code, the text
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
        "a variable before a program",
        web!("    command: NODE_ENV=test node server.js\n"),
        "EX0115",
        "NODE_ENV=",
        "set it in `environment`",
    ),
    (
        "a comma in a text between braces",
        web!(
            "    environment: { KEY: \"${secrets.KEY}\" }\nsecrets:\n  KEY: { description: Key of the shop, from its owner }\n"
        ),
        "EX0101",
        "from its owner",
        "quotes around the text keep it whole",
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
        "a region without one of its letters",
        production!(
            "",
            "    targets: { aws: { region: eu-cental-1, account: \"123456789012\" } }\n"
        ),
        "EX0402",
        "eu-cental-1",
        "did you mean `eu-central-1`?",
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
    (
        "an address without its scheme",
        web!("    uses: [crm]\ndependencies: { crm: { type: external, url: crm.acme.io } }\n"),
        "EX0318",
        "crm.acme.io",
        "write for example `https://crm.acme.io`",
    ),
    (
        "an attribute by another word",
        web!("    environment: { A: \"${dependencies.db.user}\" }\ndependencies: { db: \"postgres:17\" }\n"),
        "EX0205",
        "user",
        "did you mean `username`?",
    ),
    (
        "a reference to no attribute, shared by all services",
        app!(
            "environment: { A: \"${service.foo}\" }\nservices:\n  web: { image: \"a/b:1\", port: 80 }\n  api: { image: \
             \"a/b:1\", port: 81 }\n"
        ),
        "EX0205",
        "foo",
        "a service has no attribute `foo`",
    ),
    (
        "a secret that is nearly declared",
        web!(
            "    environment: { A: \"${secrets.STRIPE_KY}\", B: \"${secrets.STRIPE_KEY}\" }\nsecrets: { STRIPE_KEY: {} }\n"
        ),
        "EX0206",
        "STRIPE_KY",
        "did you mean `STRIPE_KEY`?",
    ),
    (
        "a secret in camel case",
        web!("    environment: { A: \"${secrets.stripeKey}\" }\nsecrets: { stripeKey: {} }\n"),
        "EX0201",
        "stripeKey",
        "did you mean `STRIPE_KEY`?",
    ),
    (
        "a variable with a dash",
        web!("    environment: { log-level: info }\n"),
        "EX0201",
        "log-level",
        "did you mean `log_level`?",
    ),
    (
        "two roles that give three variables",
        web!(
            "    uses: [my-db, my]\n  my:\n    image: example/my:1.0\n    ports: [{ name: x, port: 1 }, { name: db, \
             port: 2 }]\ndependencies: { my-db: \"postgres:17\" }\n"
        ),
        "EX0208",
        "my",
        "both give `MY_DB_ADDRESS`, `MY_DB_PORT` and `MY_DB_URL`",
    ),
    (
        "a password by its variable",
        web!("    environment: { SMTP_PASSWORD: correct-horse-7 }\n"),
        "EX0314",
        "correct-horse-7",
        "write `${secrets.SMTP_PASSWORD}` here",
    ),
    // YAML.
    (
        "a variable of Windows",
        web!("    environment: { A: %APPDATA% }\n"),
        "EX0005",
        "%APPDATA%",
        "quote the whole text: `\"%APPDATA%\"`",
    ),
    (
        "words behind a bar",
        web!("    environment:\n      A: | text\n        x\n"),
        "EX0005",
        "| text",
        "the text of a block begins on the next line",
    ),
    (
        "items without a space",
        web!("    command:\n      -run\n      -x\n"),
        "EX0110",
        "-run",
        "write a space behind each `-`",
    ),
    (
        "a key among items",
        web!("    uses:\n      - internet\n      cache: x\n"),
        "EX0005",
        "cache",
        "a key stands among the items of a list",
    ),
    (
        "an item among keys",
        web!("    environment:\n      A: b\n      - C=d\n"),
        "EX0005",
        "- C=d",
        "an item of a list stands among keys",
    ),
    (
        "a key that is one space short",
        app!("services:\n  web:\n    image: nginx:1.29\n   port: 80\n"),
        "EX0005",
        "port",
        "after 3 spaces",
    ),
    (
        "a default of a shell",
        web!("    environment: { A: \"x ${LEVEL:-info}\" }\n"),
        "EX0111",
        ":",
        "write `info` in its place",
    ),
    (
        "two commands in one",
        web!("    command: nginx -t && nginx\n"),
        "EX0115",
        "&&",
        "`command: [sh, -c, \"nginx -t && nginx\"]`",
    ),
];
