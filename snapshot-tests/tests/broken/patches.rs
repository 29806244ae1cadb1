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
        "a patch of a resource that is not there",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_service.wep, set: { enable_execute_command: true } }"
        ),
        "EX0404",
        "aws_ecs_service.wep",
        "did you mean `aws_ecs_service.web`?",
    ),
    (
        "a patch with an argument that the provider does not know",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_service.web, set: { enable_exec_command: true } }"
        ),
        "EX0404",
        "enable_exec_command",
        "did you mean `enable_execute_command`?",
    ),
    (
        "a patch of an argument with the wrong type",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_service.web, replace: { desired_count: [2] } }"
        ),
        "EX0404",
        "[2]",
        "the provider's documentation",
    ),
    (
        "a patch into nothing",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_vpc.main, replace: { tags.Team: a } }"
        ),
        "EX0404",
        "Team",
        "write it under `set`",
    ),
    (
        "a patch of what only AWS knows",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_cluster.main, set: { arn: a } }"
        ),
        "EX0404",
        "arn",
        "leave it out of the patch",
    ),
    (
        "a patch of what Terraform reads",
        patched!(
            "aws:\n        region: eu-central-1\n        account: \"123456789012\"",
            "{ at: aws_ecs_service.web, replace: { depends_on: [] } }"
        ),
        "EX0404",
        "depends_on",
        "leave it out of the patch",
    ),
    (
        "a patch of an object that is not there",
        patched!(
            "kubernetes:",
            "{ at: Deployment/wep, set: { spec.minReadySeconds: 5 } }"
        ),
        "EX0404",
        "Deployment/wep",
        "did you mean `Deployment/web`?",
    ),
    (
        "a patch with a key that Kubernetes does not know",
        patched!(
            "kubernetes:",
            "{ at: Deployment/web, set: { spec.minReadySecond: 5 } }"
        ),
        "EX0404",
        "minReadySecond",
        "did you mean `minReadySeconds`?",
    ),
    (
        "a patch of an object with the wrong type",
        patched!(
            "kubernetes:",
            "{ at: Deployment/web, set: { spec.minReadySeconds: five } }"
        ),
        "EX0404",
        "five",
        "the Kubernetes API reference",
    ),
    (
        "a patch of an object's name",
        patched!(
            "kubernetes:",
            "{ at: Deployment/web, replace: { metadata.name: api } }"
        ),
        "EX0404",
        "name",
        "leave it out of the patch",
    ),
];
