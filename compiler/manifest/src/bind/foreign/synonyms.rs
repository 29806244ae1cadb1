//! Other words for keys of a service, as platforms that run one's code use them (Render, Heroku, Fly.io, Cloud Run and
//! their like, all as of 2026-11), and as people guess them.

use super::Hints;
use crate::bind::keys::Hint::Elsewhere;

/// Keys that a service has under another name.
pub(in crate::bind) const SYNONYMS: Hints = &[
    (
        "services",
        Elsewhere("services do not nest; write it beside the others"),
    ),
    (
        "public",
        Elsewhere("write `route: /`, which makes a service public"),
    ),
    ("health_check", Elsewhere("write `health: /healthz`")),
    ("health-check", Elsewhere("write `health: /healthz`")),
    ("healthCheck", Elsewhere("write `health: /healthz`")),
    ("healthCheckPath", Elsewhere("write `health: /healthz`")),
    ("health_check_path", Elsewhere("write `health: /healthz`")),
    ("probe", Elsewhere("write `health: /healthz`")),
    (
        "database",
        Elsewhere(
            "declare it under `dependencies` of application.yml, as in `db: postgres:17`, and write `uses: [db]`",
        ),
    ),
    (
        "databases",
        Elsewhere(
            "declare them under `dependencies` of application.yml, as in `db: postgres:17`, and write `uses: [db]`",
        ),
    ),
    (
        "buildCommand",
        Elsewhere("write it into the Dockerfile, as in `RUN npm ci`"),
    ),
    (
        "build_command",
        Elsewhere("write it into the Dockerfile, as in `RUN npm ci`"),
    ),
    (
        "setup",
        Elsewhere("write it into the Dockerfile, as in `RUN npm ci`"),
    ),
    (
        "install",
        Elsewhere("write it into the Dockerfile, as in `RUN npm ci`"),
    ),
    ("startCommand", Elsewhere("write `command: [npm, start]`")),
    ("start_command", Elsewhere("write `command: [npm, start]`")),
    ("start", Elsewhere("write `command: [npm, start]`")),
    (
        "envVars",
        Elsewhere("write `environment`, a map from name to value"),
    ),
    (
        "env_vars",
        Elsewhere("write `environment`, a map from name to value"),
    ),
    ("envs", Elsewhere("write `environment`, a map from name to value")),
    ("vars", Elsewhere("write `environment`, a map from name to value")),
    (
        "variables",
        Elsewhere("write `environment`, a map from name to value"),
    ),
    (
        "environments",
        Elsewhere("what differs per environment is `environments.<name>.services.<role>` of application.yml"),
    ),
    ("plan", Elsewhere("write `cpu: 0.5` and `memory: 512Mi`")),
    ("instance_type", Elsewhere("write `cpu: 0.5` and `memory: 512Mi`")),
    ("instanceType", Elsewhere("write `cpu: 0.5` and `memory: 512Mi`")),
    ("size", Elsewhere("write `cpu: 0.5` and `memory: 512Mi`")),
    (
        "region",
        Elsewhere("the region is an option of a target: `environments.<name>.targets.aws.region`"),
    ),
    (
        "autoDeploy",
        Elsewhere("remove it; when to deploy is up to the pipeline"),
    ),
    ("instances", Elsewhere("write `scale: 2`")),
    ("instance_count", Elsewhere("write `scale: 2`")),
    ("instanceCount", Elsewhere("write `scale: 2`")),
    ("numInstances", Elsewhere("write `scale: 2`")),
    ("min_instances", Elsewhere("write `scale: { min: 1, max: 4 }`")),
    ("max_instances", Elsewhere("write `scale: { min: 1, max: 4 }`")),
    (
        "autoscaling",
        Elsewhere("write `scale: { min: 1, max: 4, cpu: 70% }`"),
    ),
    (
        "autoscale",
        Elsewhere("write `scale: { min: 1, max: 4, cpu: 70% }`"),
    ),
    (
        "concurrency",
        Elsewhere("write `scale: { min: 1, max: 4, requests: 100 }`"),
    ),
    ("internal_port", Elsewhere("write `port: 8080`")),
    ("container_port", Elsewhere("write `port: 8080`")),
    ("http_port", Elsewhere("write `port: 8080`")),
    ("listen", Elsewhere("write `port: 8080`")),
    ("cron", Elsewhere("write `schedule: \"0 3 * * *\"`")),
    (
        "sidecars",
        Elsewhere("write each as a service of its own; a shared `volume` holds files of both"),
    ),
    (
        "sticky",
        Elsewhere("no target keeps a client at one replica; keep sessions in a dependency"),
    ),
    (
        "gpu",
        Elsewhere("graphics processors are left out; a patch under `targets` of the environment adds one"),
    ),
    (
        "gpus",
        Elsewhere("graphics processors are left out; a patch under `targets` of the environment adds one"),
    ),
];
