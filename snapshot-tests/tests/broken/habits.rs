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
];
