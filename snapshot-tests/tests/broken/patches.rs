//! Faults of patches, with the words that they must be answered with: see [`crate::habits`]. More of them, for each
//! form of a path and each rule of the schema, are in `tests/patches.rs`.

use crate::habits::Habit;

/// An application with one service and one patch of a target.
macro_rules! patched {
    ($target:literal, $patch:literal) => {
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            "environments:\n  production:\n    targets:\n      ",
            $target,
            "\n        patches:\n          - ",
            $patch,
            "\n"
        )
    };
}

/// A fault each.
pub(crate) const PATCHES: &[Habit] = &[
    (
        "a patch of what is not there",
        patched!("compose:", "{ at: wep, set: { init: true } }"),
        "EX0404",
        "wep",
        "did you mean `web`?",
    ),
    (
        "a patch that adds what is there",
        patched!("compose:", "{ at: web, set: { stop_grace_period: 90s } }"),
        "EX0404",
        "stop_grace_period",
        "write it under `replace`",
    ),
    (
        "a patch that changes what is not there",
        patched!("compose:", "{ at: web, replace: { init: true } }"),
        "EX0404",
        "init",
        "write it under `set`",
    ),
    (
        "a patch of the wrong type",
        patched!("compose:", "{ at: web, replace: { stop_grace_period: 90 } }"),
        "EX0404",
        "90",
        "quote it: `\"90\"`",
    ),
    (
        "a patch with a key that compose does not know",
        patched!("compose:", "{ at: web, set: { stop_signl: SIGINT } }"),
        "EX0404",
        "stop_signl",
        "did you mean `stop_signal`?",
    ),
    (
        "a patch with a path that is none",
        patched!("compose:", "{ at: web, set: { sysctls/a: 1 } }"),
        "EX0404",
        "/",
        "write for example",
    ),
    (
        "a patch with a credential",
        patched!(
            "compose:",
            "{ at: web, set: { labels.API_TOKEN: hunter2hunter2 } }"
        ),
        "EX0404",
        "hunter2hunter2",
        "declare it under `secrets`",
    ),
    (
        "a patch with a reference",
        patched!("compose:", "{ at: web, set: { labels.url: \"${env.domain}\" } }"),
        "EX0112",
        "${env.domain}",
        "write the value out",
    ),
    (
        "a patch of a target that takes none",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_service.web, set: { enable_execute_command: true } }"
        ),
        "EX0105",
        "aws_ecs_service.web",
        "remove the patch",
    ),
];
