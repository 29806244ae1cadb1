//! Faults of `development`, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const DEVELOPMENT: &[Habit] = &[
    (
        "a command of development in two forms",
        web!("    development: { run: serve, command: [serve] }\n"),
        "EX0109",
        "run",
        "keep one of the two",
    ),
    (
        "development in an environment",
        production!("", "    services: { web: { development: { run: serve } } }\n"),
        "EX0101",
        "development",
        "in the environment `local`",
    ),
    (
        "a watched file that never reaches the service",
        web!("    development: { watch: [./application.yml] }\n"),
        "EX0350",
        "./application.yml",
        "neither mounted nor part of the build",
    ),
    (
        "a watched folder that is not there",
        web!("    development: { mount: { /app: . }, watch: [src] }\n"),
        "EX0002",
        "src",
        "create `src`",
    ),
    (
        "a mounted folder of a service that has none",
        web!("    development: { mount: /app }\n"),
        "EX0350",
        "/app",
        "mount: { /app: ./web }",
    ),
    (
        "a mounted folder that is not there",
        web!("    development: { mount: { /app: ./pages } }\n"),
        "EX0002",
        "./pages",
        "create the folder `pages`",
    ),
    (
        "a mounted folder beyond the application",
        web!("    development: { mount: { /app: ../other } }\n"),
        "EX0003",
        "../other",
        "above the folder of application.yml",
    ),
    (
        "a mount where a writable folder lies",
        web!("    development: { mount: { /tmp/app: . } }\n"),
        "EX0330",
        "/tmp/app",
        "always is a writable folder",
    ),
    (
        "two mounts of which one lies in the other",
        web!("    development: { mount: { /app: ., /app/more: . } }\n"),
        "EX0330",
        "/app/more",
        "taken here",
    ),
    (
        "a mount in a folder of the system",
        web!("    development: { mount: { /proc: . } }\n"),
        "EX0316",
        "/proc",
        "a folder of the program's own",
    ),
    (
        "a mount as Compose writes it",
        web!("    development: { mount: [\"./web:/app\"] }\n"),
        "EX0102",
        "[\"./web:/app\"]",
        "mount: /app",
    ),
    (
        "a pair of ports for the developer",
        web!("    development: { publish: [\"9229:9230\"] }\n"),
        "EX0104",
        "\"9229:9230\"",
        "publish: [9230]",
    ),
    (
        "a port that is published twice",
        web!("    development: { publish: [9229, 9229] }\n"),
        "EX0306",
        "9229",
        "first listed here",
    ),
    (
        "one port of the machine for two services",
        app!(
            "services:\n  web: { image: \"a/b:1\", development: { publish: [9229] } }\n  \
             api: { image: \"a/b:1\", development: { publish: [9229] } }\n"
        ),
        "EX0408",
        "9229",
        "`api` has it",
    ),
    (
        "a port for the developer where HTTP enters",
        app!(
            "services:\n  web: { image: \"a/b:1\", port: 3000, route: / }\n  \
             pages: { image: \"a/b:1\", port: 80, development: { publish: [80] } }\n"
        ),
        "EX0408",
        "80",
        "`pages` and `web` both need port 8080 of the machine",
    ),
    (
        "a job that watches",
        web!("    when: on-demand\n    development: { mount: { /app: . }, watch: [.] }\n"),
        "EX0302",
        "[.]",
        "not when a file changes",
    ),
    (
        "a job with a port for the developer",
        web!("    when: on-demand\n    development: { publish: [9229] }\n"),
        "EX0302",
        "[9229]",
        "nothing connects to a job",
    ),
    (
        "a secret in a test",
        app!(
            "secrets: { KEY: {} }\nservices:\n  web: { image: \"a/b:1\", environment: { KEY: \"${secrets.KEY}\" }, \
             development: { test: [check, \"${secrets.KEY}\"] } }\n"
        ),
        "EX0211",
        "${secrets.KEY}",
        "environment",
    ),
    (
        "a watched file beside the keys of a service",
        web!("    watch: [src]\n"),
        "EX0101",
        "watch",
        "below `development`",
    ),
    (
        "a target that knows no developers",
        app!(
            "services:\n  web: { image: \"a/b:1\", security: { user: 101 }, development: { test: check } }\n\
             environments: { local: { targets: { kubernetes: {} } } }\n"
        ),
        "EX0401",
        "check",
        "build another environment for this target",
    ),
    (
        "a value of development that is wrong in local only",
        web!("    port: 80\n    development: { uses: [nobody] }\n"),
        "EX0204",
        "nobody",
        "",
    ),
];
