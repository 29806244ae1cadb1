//! Foreign keys of services, by far the most.

use super::{COMPOSE, EXOSPHERE, Hints, KUBERNETES};
use crate::bind::keys::Hint::{Elsewhere, Foreign};

/// Keys that a service does not have.
pub(in crate::bind) const SERVICE: Hints = &[
    (
        "depends_on",
        Foreign(
            COMPOSE,
            "write `uses: [db]`; order, permissions and variables follow from it",
        ),
    ),
    (
        "links",
        Foreign(
            COMPOSE,
            "write `uses: [db]`; a service reaches what it uses under its role's name",
        ),
    ),
    (
        "external_links",
        Foreign(COMPOSE, "declare an `external` dependency and name it in `uses`"),
    ),
    (
        "networks",
        Foreign(
            COMPOSE,
            "remove it; networks follow from what each service `uses`",
        ),
    ),
    (
        "network_mode",
        Foreign(
            COMPOSE,
            "remove it; networks follow from what each service `uses`",
        ),
    ),
    (
        "expose",
        Foreign(COMPOSE, "write `port: 3000`, or `ports` for several"),
    ),
    (
        "env_file",
        Foreign(
            COMPOSE,
            "write the variables under `environment`, and secrets as `${secrets.NAME}`",
        ),
    ),
    (
        "restart",
        Foreign(COMPOSE, "remove it; a service that stops is always started again"),
    ),
    (
        "healthcheck",
        Foreign(COMPOSE, "write `health: /path`, or `health: { command: [...] }`"),
    ),
    (
        "deploy",
        Foreign(
            COMPOSE,
            "write `scale`, `cpu` and `memory` directly below the service",
        ),
    ),
    ("mem_limit", Foreign(COMPOSE, "write `memory: 512Mi`")),
    ("mem_reservation", Foreign(COMPOSE, "write `memory: 512Mi`")),
    ("cpus", Foreign(COMPOSE, "write `cpu: 0.5`")),
    (
        "cpu_shares",
        Foreign(COMPOSE, "write `cpu: 0.5`, a number of cores"),
    ),
    ("user", Foreign(COMPOSE, "write `security: { user: 1000 }`")),
    ("group_add", Foreign(COMPOSE, "write `security: { group: 1000 }`")),
    (
        "privileged",
        Foreign(COMPOSE, "write `security: { privileged: true }`"),
    ),
    (
        "cap_add",
        Foreign(
            COMPOSE,
            "write `security: { capabilities: [...] }`, the list of those that are kept",
        ),
    ),
    (
        "cap_drop",
        Foreign(
            COMPOSE,
            "remove it; all capabilities are dropped but those of `security.capabilities`",
        ),
    ),
    (
        "security_opt",
        Foreign(COMPOSE, "remove it; a service never gains privileges"),
    ),
    (
        "read_only",
        Foreign(
            COMPOSE,
            "remove it, file systems are read-only; `writable` names folders that are not",
        ),
    ),
    (
        "tmpfs",
        Foreign(
            COMPOSE,
            "write `writable: { /var/cache/app: 64Mi }`; `/tmp` always is one",
        ),
    ),
    (
        "volumes_from",
        Foreign(COMPOSE, "write a shared file system under `dependencies`"),
    ),
    (
        "configs",
        Foreign(COMPOSE, "write `files: { /etc/app/config.yml: ./config.yml }`"),
    ),
    (
        "secrets",
        Foreign(
            COMPOSE,
            "declare secrets in application.yml and refer to them: `KEY: ${secrets.KEY}`",
        ),
    ),
    ("stop_grace_period", Foreign(COMPOSE, "write `shutdown: 30s`")),
    (
        "stop_signal",
        Foreign(COMPOSE, "set `STOPSIGNAL` in the Dockerfile"),
    ),
    (
        "container_name",
        Foreign(COMPOSE, "remove it; the role names the service"),
    ),
    (
        "hostname",
        Foreign(COMPOSE, "remove it; a service answers to its role's name"),
    ),
    ("domainname", Foreign(COMPOSE, "write `route: { host: … }`")),
    (
        "labels",
        Foreign(
            COMPOSE,
            "remove it; labels are written by the target, and `owner` is one of them",
        ),
    ),
    (
        "logging",
        Foreign(COMPOSE, "remove it; the target collects what a service prints"),
    ),
    (
        "profiles",
        Foreign(
            COMPOSE,
            "write the service under `environments.<name>.services` where it is wanted",
        ),
    ),
    (
        "platform",
        Foreign(COMPOSE, "write `platforms: [linux/amd64]` beside `image`"),
    ),
    (
        "extends",
        Foreign(
            COMPOSE,
            "let several services share one `location`, or repeat the keys",
        ),
    ),
    (
        "init",
        Foreign(COMPOSE, "start an init process with `entrypoint: [tini, --]`"),
    ),
    ("working_dir", Foreign(COMPOSE, "set `WORKDIR` in the Dockerfile")),
    (
        "extra_hosts",
        Foreign(COMPOSE, "declare an `external` dependency"),
    ),
    (
        "ulimits",
        Foreign(COMPOSE, "write a patch under `targets` of the environment"),
    ),
    (
        "sysctls",
        Foreign(COMPOSE, "remove it; ports below 1024 need none"),
    ),
    ("test", Elsewhere("write it below `development`")),
    ("mount", Elsewhere("write it below `development`")),
    ("watch", Elsewhere("write it below `development`")),
    ("publish", Elsewhere("write it below `development`")),
    (
        "develop",
        Foreign(
            COMPOSE,
            "write what differs on a developer's machine under `development`",
        ),
    ),
    (
        "args",
        Foreign(KUBERNETES, "write `command`; it keeps the image's entrypoint"),
    ),
    (
        "env",
        Foreign(KUBERNETES, "write `environment`, a map from name to value"),
    ),
    (
        "envFrom",
        Foreign(KUBERNETES, "write the variables under `environment`"),
    ),
    ("replicas", Foreign(KUBERNETES, "write `scale: 2`")),
    (
        "resources",
        Foreign(KUBERNETES, "write `cpu: 0.5` and `memory: 512Mi`"),
    ),
    (
        "livenessProbe",
        Foreign(KUBERNETES, "write `health: /path`; all probes are made from it"),
    ),
    (
        "readinessProbe",
        Foreign(KUBERNETES, "write `health: /path`; all probes are made from it"),
    ),
    (
        "startupProbe",
        Foreign(KUBERNETES, "write `health: { path: /path, start: 60s }`"),
    ),
    ("containerPort", Foreign(KUBERNETES, "write `port: 3000`")),
    (
        "containers",
        Foreign(KUBERNETES, "write each container as a service of its own"),
    ),
    (
        "initContainers",
        Foreign(
            KUBERNETES,
            "write a job with `when: before-deploy`, or do it in the image's entrypoint",
        ),
    ),
    (
        "imagePullPolicy",
        Foreign(KUBERNETES, "remove it; images are pinned by tag or digest"),
    ),
    (
        "securityContext",
        Foreign(KUBERNETES, "write `security: { user: 1000 }`"),
    ),
    (
        "serviceAccountName",
        Foreign(
            KUBERNETES,
            "remove it; permissions follow from what the service `uses`",
        ),
    ),
    (
        "terminationGracePeriodSeconds",
        Foreign(KUBERNETES, "write `shutdown: 30s`"),
    ),
    (
        "volumeMounts",
        Foreign(
            KUBERNETES,
            "write `volumes: { data: /data }`, or `writable: { /var/cache/app: 64Mi }`",
        ),
    ),
    (
        "workingDir",
        Foreign(KUBERNETES, "set `WORKDIR` in the Dockerfile"),
    ),
    ("ingress", Foreign(KUBERNETES, "write `route: /`")),
    (
        "apiVersion",
        Foreign(KUBERNETES, "remove it; the Kubernetes target writes it"),
    ),
    (
        "metadata",
        Foreign(KUBERNETES, "remove it; the role names the service"),
    ),
    (
        "spec",
        Foreign(KUBERNETES, "write its keys directly below the service"),
    ),
    (
        "startup",
        Foreign(EXOSPHERE, "write `command`, and `health` to say when it is up"),
    ),
    (
        "dependencies",
        Foreign(
            EXOSPHERE,
            "declare dependencies in application.yml and name them in `uses`",
        ),
    ),
    (
        "production",
        Foreign(
            EXOSPHERE,
            "write `route`, `cpu`, `memory` and `health` directly below the service; what differs per environment \
             stands under `environments` of application.yml",
        ),
    ),
    (
        "local",
        Foreign(
            EXOSPHERE,
            "write what differs locally under `environments.local.services` of application.yml",
        ),
    ),
    (
        "remote",
        Foreign(
            EXOSPHERE,
            "write what differs per environment under `environments` of application.yml",
        ),
    ),
    (
        "docker",
        Foreign(
            EXOSPHERE,
            "write `build`, `port` and `environment` directly below the service",
        ),
    ),
    ("docker-image", Foreign(EXOSPHERE, "write `image`")),
    (
        "messages",
        Foreign(EXOSPHERE, "remove it; a broker is a dependency like others"),
    ),
    (
        "author",
        Foreign(
            EXOSPHERE,
            "remove it; `owner` of application.yml names who is in charge",
        ),
    ),
    (
        "description",
        Elsewhere("only the application and its secrets have a description; write a comment"),
    ),
    ("run", Elsewhere("write `command`")),
    ("cmd", Elsewhere("write `command`")),
    (
        "path",
        Elsewhere("a public path is `route: /path`; a checked one is `health: /path`"),
    ),
    ("host", Elsewhere("write `route: { host: … }`")),
    (
        "domain",
        Elsewhere(
            "a host of its own is `route: { host: … }`; `domain` is a key of an environment in application.yml",
        ),
    ),
    ("owner", Elsewhere("`owner` is a key of application.yml")),
    ("registry", Elsewhere("`registry` is a key of application.yml")),
    ("dockerfile", Elsewhere("write `build: { dockerfile: … }`")),
    ("context", Elsewhere("write `build: { context: … }`")),
    (
        "interval",
        Elsewhere("write `health: { path: /, interval: 10s }`"),
    ),
    ("group", Elsewhere("write `security: { group: 1000 }`")),
    (
        "capabilities",
        Elsewhere("write `security: { capabilities: [...] }`"),
    ),
    ("url", Elsewhere("`url` is a key of an `external` dependency")),
    (
        "version",
        Elsewhere("the version of an image is its tag: `image: ghcr.io/acme/api:1.4.2`"),
    ),
    ("storage", Elsewhere("`storage` is a key of a dependency")),
];

/// Keys that a service.yml does not have, though an entry of `services` does.
pub(in crate::bind) const SERVICE_FILE: Hints = &[
    (
        "name",
        Elsewhere("a service is named by its role in application.yml; remove the key"),
    ),
    (
        "location",
        Elsewhere("`location` stands in application.yml; the folder of this file is the service's"),
    ),
    ("services", Elsewhere("services stand in application.yml")),
    ("environments", Elsewhere("environments stand in application.yml")),
];
