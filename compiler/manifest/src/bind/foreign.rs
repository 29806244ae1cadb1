//! Keys that people bring from Docker Compose, Kubernetes and Exosphere, and the words of this language for them.
//!
//! Sources: the Compose Specification, the Kubernetes API (core/v1, apps/v1) and Exosphere's service.yml and
//! application.yml, all as of 2026-11.

use super::keys::Hint::{self, Elsewhere, Foreign};

mod file;
mod service;
mod synonyms;
mod volume;
pub(super) use file::FILE;
pub(super) use service::{SERVICE, SERVICE_FILE};
pub(super) use synonyms::SYNONYMS;
pub(super) use volume::VOLUME;

type Hints = &'static [(&'static str, Hint)];

const COMPOSE: &str = "Docker Compose";
const KUBERNETES: &str = "Kubernetes";
const EXOSPHERE: &str = "Exosphere";

/// The keys that a foreign key stands for: they count as written, and broken, so that nothing asks for them.
pub(super) const MEANT: &[(&str, &[&str])] = &[
    ("depends_on", &["uses"]),
    ("links", &["uses"]),
    ("expose", &["port"]),
    ("containerPort", &["port"]),
    ("target", &["port", "stage", "path"]),
    ("mountPath", &["path"]),
    ("healthcheck", &["health"]),
    ("livenessProbe", &["health"]),
    ("readinessProbe", &["health"]),
    ("startupProbe", &["health"]),
    ("deploy", &["scale", "cpu", "memory"]),
    ("resources", &["cpu", "memory"]),
    ("replicas", &["scale", "min", "max"]),
    ("minReplicas", &["min"]),
    ("maxReplicas", &["max"]),
    ("mem_limit", &["memory"]),
    ("mem_reservation", &["memory"]),
    ("cpus", &["cpu"]),
    ("user", &["security"]),
    ("securityContext", &["security"]),
    ("privileged", &["security"]),
    ("cap_add", &["security", "capabilities"]),
    ("capabilities", &["security"]),
    ("group", &["security"]),
    ("runAsUser", &["user"]),
    ("runAsGroup", &["group"]),
    ("stop_grace_period", &["shutdown"]),
    ("terminationGracePeriodSeconds", &["shutdown"]),
    ("args", &["command"]),
    ("cmd", &["command"]),
    ("run", &["command"]),
    ("startup", &["command"]),
    ("docker", &["build", "image", "port"]),
    ("docker-image", &["image"]),
    ("dockerfile", &["build"]),
    ("context", &["build"]),
    ("ingress", &["route"]),
    ("host", &["route", "url"]),
    ("path", &["route", "health"]),
    ("domain", &["route", "host"]),
    ("production", &["route", "health"]),
    ("containers", &["image"]),
    ("spec", &["image", "port"]),
    ("test", &["path"]),
    ("http", &["path"]),
    ("httpGet", &["path"]),
    ("tcpSocket", &["path"]),
    ("exec", &["path"]),
    ("engine", &["type"]),
    ("template", &["type"]),
    ("size", &["storage"]),
    ("config", &["type", "version"]),
    ("public", &["route"]),
    ("health_check", &["health"]),
    ("health-check", &["health"]),
    ("healthCheck", &["health"]),
    ("healthCheckPath", &["health"]),
    ("health_check_path", &["health"]),
    ("probe", &["health"]),
    ("database", &["uses"]),
    ("databases", &["uses", "dependencies"]),
    ("startCommand", &["command"]),
    ("start_command", &["command"]),
    ("start", &["command"]),
    ("plan", &["cpu", "memory"]),
    ("instances", &["scale"]),
    ("instance_count", &["scale"]),
    ("instanceCount", &["scale"]),
    ("numInstances", &["scale"]),
    ("min_instances", &["scale"]),
    ("max_instances", &["scale"]),
    ("autoscaling", &["scale"]),
    ("autoscale", &["scale"]),
    ("internal_port", &["port"]),
    ("container_port", &["port"]),
    ("http_port", &["port"]),
    ("listen", &["port"]),
    ("prefix", &["path"]),
    ("strip_prefix", &["strip"]),
];

/// What serves instead of a key that is not built yet.
pub(super) const MEANWHILE: &[(&str, &str)] =
    &[("existing", "an address outside can be an `external` dependency")];

/// Keys that an application does not have.
pub(super) const APPLICATION: Hints = &[
    (
        "version",
        Foreign(COMPOSE, "remove it; a manifest has no version"),
    ),
    (
        "networks",
        Foreign(
            COMPOSE,
            "remove it; networks follow from what each service `uses`",
        ),
    ),
    (
        "volumes",
        Foreign(
            COMPOSE,
            "write `volumes` into the service whose data it is, as in `volumes: { uploads: /data }`",
        ),
    ),
    (
        "configs",
        Foreign(
            COMPOSE,
            "remove it; write `files` or `environment` into the service whose configuration it is",
        ),
    ),
    (
        "include",
        Foreign(
            COMPOSE,
            "remove it; one application.yml describes the whole application",
        ),
    ),
    (
        "apiVersion",
        Foreign(KUBERNETES, "remove it; the Kubernetes target writes it"),
    ),
    (
        "kind",
        Foreign(KUBERNETES, "remove it; the Kubernetes target writes it"),
    ),
    ("metadata", Foreign(KUBERNETES, "write `name` at the top level")),
    (
        "spec",
        Foreign(KUBERNETES, "write `services` and `dependencies` at the top level"),
    ),
    (
        "local",
        Foreign(EXOSPHERE, "write what differs locally under `environments.local`"),
    ),
    (
        "remote",
        Foreign(
            EXOSPHERE,
            "write what differs per environment under `environments`",
        ),
    ),
    (
        "shared",
        Foreign(EXOSPHERE, "write variables of every service under `environment`"),
    ),
    (
        "production",
        Foreign(EXOSPHERE, "write `environments.production`"),
    ),
    (
        "bus",
        Foreign(EXOSPHERE, "write a message broker under `dependencies`"),
    ),
    (
        "env",
        Elsewhere("write variables of every service under `environment`"),
    ),
    (
        "domain",
        Elsewhere("`domain` is a key of an environment: `environments.production.domain`"),
    ),
    (
        "targets",
        Elsewhere("`targets` is a key of an environment: `environments.production.targets`"),
    ),
    (
        "databases",
        Elsewhere("write databases under `dependencies`, as in `db: postgres:17`"),
    ),
    (
        "apps",
        Elsewhere("write the parts of the application under `services`"),
    ),
];

/// Keys that an environment does not have.
pub(super) const ENVIRONMENT: Hints = &[
    (
        "diagnostics",
        Elsewhere("write it beside `environments`: levels are those of the whole application"),
    ),
    (
        "replicas",
        Elsewhere("write it at a service of this environment: `services: { web: { scale: 3 } }`"),
    ),
    (
        "scale",
        Elsewhere("write it at a service of this environment: `services: { web: { scale: 3 } }`"),
    ),
    (
        "name",
        Elsewhere("an environment is named by its key; the application's `name` is the same in all of them"),
    ),
    (
        "description",
        Elsewhere("`description` is a key of the application"),
    ),
    (
        "environments",
        Elsewhere("environments do not nest; write this one beside the others"),
    ),
    (
        "target",
        Elsewhere("write `targets`, a map from target to options: `targets: { aws: { … } }`"),
    ),
    (
        "region",
        Elsewhere("the region is an option of a target: `targets: { aws: { region: … } }`"),
    ),
    (
        "account",
        Elsewhere("the account is an option of a target: `targets: { aws: { account: … } }`"),
    ),
    (
        "aws",
        Elsewhere("write the target under `targets`: `targets: { aws: { … } }`"),
    ),
    (
        "kubernetes",
        Elsewhere("write the target under `targets`: `targets: { kubernetes: {} }`"),
    ),
    (
        "compose",
        Elsewhere("write the target under `targets`: `targets: { compose: {} }`"),
    ),
    (
        "variables",
        Elsewhere("write variables of every service under `environment`"),
    ),
    (
        "env",
        Elsewhere("write variables of every service under `environment`"),
    ),
    (
        "url",
        Foreign(EXOSPHERE, "write `domain`, a host name without a scheme"),
    ),
];

/// Keys that a dependency does not have.
pub(super) const DEPENDENCY: Hints = &[
    (
        "name",
        Elsewhere("a dependency is named by its key; remove this one"),
    ),
    (
        "user",
        Foreign(
            COMPOSE,
            "write `security: { user: 1000 }` for a container; a product makes its own user",
        ),
    ),
    (
        "replicas",
        Foreign(KUBERNETES, "remove it; a dependency has no number of replicas"),
    ),
    (
        "deploy",
        Foreign(COMPOSE, "write `cpu` and `memory` directly below the dependency"),
    ),
    (
        "ingress",
        Foreign(KUBERNETES, "remove it; a dependency is never public"),
    ),
    (
        "profiles",
        Foreign(
            COMPOSE,
            "write the dependency under `environments.<name>.dependencies` where it is wanted",
        ),
    ),
    (
        "develop",
        Foreign(
            COMPOSE,
            "overlay the dependency under `environments.local.dependencies`",
        ),
    ),
    (
        "domainname",
        Foreign(COMPOSE, "remove it; a dependency is never public"),
    ),
    (
        "location",
        Elsewhere("a dependency is not built here; write a service for an own image"),
    ),
    (
        "build",
        Elsewhere("a dependency is not built here; write a service for an own image"),
    ),
    (
        "route",
        Elsewhere("a dependency is never public; write a service"),
    ),
    ("scale", Elsewhere("a dependency has no scale; write a service")),
    (
        "schedule",
        Elsewhere("a dependency has no schedule; write a service"),
    ),
    ("when", Elsewhere("a dependency is no job; write a service")),
    (
        "development",
        Elsewhere("overlay the dependency under `environments.local.dependencies`"),
    ),
    (
        "host",
        Elsewhere("an address outside is `url`, as in `url: \"https://crm.example.com\"`"),
    ),
    ("engine", Elsewhere("write `type: postgres`")),
    ("size", Elsewhere("write `storage: 10Gi`")),
    (
        "password",
        Elsewhere("remove it; passwords are made per environment and reach who uses the dependency"),
    ),
    (
        "config",
        Foreign(EXOSPHERE, "write the keys directly below the dependency"),
    ),
    ("template", Foreign(EXOSPHERE, "write `type: postgres`")),
];

/// Keys that a secret does not have.
pub(super) const SECRET: Hints = &[
    (
        "value",
        Elsewhere("remove it; a secret's value lives in the target's store"),
    ),
    (
        "default",
        Elsewhere("remove it; a secret's value lives in the target's store"),
    ),
    (
        "env",
        Elsewhere("remove it; locally a secret is read from the variable of the same name"),
    ),
    (
        "from",
        Elsewhere("remove it; a secret's value lives in the target's store"),
    ),
    (
        "file",
        Foreign(COMPOSE, "remove it; a secret's value lives in the target's store"),
    ),
    (
        "external",
        Foreign(COMPOSE, "remove it; a secret's value lives in the target's store"),
    ),
    (
        "environment",
        Foreign(
            COMPOSE,
            "remove it; locally a secret is read from the variable of the same name",
        ),
    ),
];

/// Keys that `build` does not have.
pub(super) const BUILD: Hints = &[
    ("target", Foreign(COMPOSE, "write `stage`")),
    ("secrets", Foreign(COMPOSE, "remove it; an image holds no secret")),
    (
        "tags",
        Foreign(
            COMPOSE,
            "remove it; `image` and `registry` say what a built image is called",
        ),
    ),
    (
        "cache_from",
        Foreign(COMPOSE, "remove it; caches belong to whoever builds"),
    ),
    ("image", Elsewhere("write `image` beside `build`")),
];

/// Keys that a port does not have.
pub(super) const PORT: Hints = &[
    ("target", Foreign(COMPOSE, "write `port`")),
    (
        "published",
        Foreign(COMPOSE, "remove it; what is public follows from `route`"),
    ),
    ("containerPort", Foreign(KUBERNETES, "write `port`")),
    (
        "targetPort",
        Foreign(
            KUBERNETES,
            "write `port`; it is the same for who uses the service",
        ),
    ),
    (
        "nodePort",
        Foreign(KUBERNETES, "remove it; what is public follows from `route`"),
    ),
    ("appProtocol", Foreign(KUBERNETES, "write `protocol`")),
];

/// Keys that `route` does not have.
pub(super) const ROUTE: Hints = &[
    ("prefix", Elsewhere("write `path: /api`")),
    ("strip_prefix", Elsewhere("write `strip: true`")),
    (
        "rewrite",
        Elsewhere("write `strip: true` to remove the path before the service sees it"),
    ),
    ("methods", Elsewhere("remove it; a route matches every method")),
    ("domain", Elsewhere("write `host`")),
    ("url", Elsewhere("write `host` and `path`")),
    (
        "tls",
        Elsewhere("remove it; a public address has TLS everywhere but in `local`"),
    ),
];

/// Keys that `health` does not have.
pub(super) const HEALTH: Hints = &[
    (
        "test",
        Foreign(COMPOSE, "write `command: [...]`, or `path: /healthz`"),
    ),
    ("start_period", Foreign(COMPOSE, "write `start`")),
    (
        "start_interval",
        Foreign(COMPOSE, "remove it; `interval` holds from the start"),
    ),
    ("disable", Foreign(COMPOSE, "remove `health`")),
    ("httpGet", Foreign(KUBERNETES, "write `path: /healthz`")),
    ("tcpSocket", Foreign(KUBERNETES, "write `tcp: true`")),
    ("exec", Foreign(KUBERNETES, "write `command: [...]`")),
    ("periodSeconds", Foreign(KUBERNETES, "write `interval: 10s`")),
    ("timeoutSeconds", Foreign(KUBERNETES, "write `timeout: 3s`")),
    ("failureThreshold", Foreign(KUBERNETES, "write `retries: 3`")),
    ("initialDelaySeconds", Foreign(KUBERNETES, "write `start: 30s`")),
    ("http", Elsewhere("write `path: /healthz`")),
];

/// Keys that `scale` does not have.
pub(super) const SCALE: Hints = &[
    (
        "replicas",
        Foreign(KUBERNETES, "write `scale: 2`, or `min` and `max`"),
    ),
    ("minReplicas", Foreign(KUBERNETES, "write `min`")),
    ("maxReplicas", Foreign(KUBERNETES, "write `max`")),
];

/// Keys that `security` does not have.
pub(super) const SECURITY: Hints = &[
    ("runAsUser", Foreign(KUBERNETES, "write `user`")),
    ("runAsGroup", Foreign(KUBERNETES, "write `group`")),
    ("fsGroup", Foreign(KUBERNETES, "write `group`")),
    (
        "runAsNonRoot",
        Foreign(KUBERNETES, "remove it; only `user: root` runs as root"),
    ),
    (
        "readOnlyRootFilesystem",
        Foreign(
            KUBERNETES,
            "write `writable-filesystem: true` for the opposite; else remove it",
        ),
    ),
    (
        "allowPrivilegeEscalation",
        Foreign(KUBERNETES, "remove it; a service never gains privileges"),
    ),
    (
        "seccompProfile",
        Foreign(KUBERNETES, "remove it; the runtime's default profile holds"),
    ),
    (
        "read_only",
        Foreign(
            COMPOSE,
            "write `writable-filesystem: true` for the opposite; else remove it",
        ),
    ),
    (
        "cap_add",
        Foreign(COMPOSE, "write `capabilities`, the list of those that are kept"),
    ),
    (
        "cap_drop",
        Foreign(
            COMPOSE,
            "remove it; all capabilities are dropped but those of `capabilities`",
        ),
    ),
];

/// Keys that a patch does not have.
pub(super) const PATCH: Hints = &[
    (
        "path",
        Foreign("JSON Patch", "write the path as a key of `set` or `replace`"),
    ),
    (
        "op",
        Foreign(
            "JSON Patch",
            "write `set` to add a value, `replace` to change one",
        ),
    ),
    (
        "value",
        Foreign(
            "JSON Patch",
            "write the value under its path in `set` or `replace`",
        ),
    ),
    ("add", Elsewhere("write `set`")),
    (
        "remove",
        Elsewhere("a patch adds or changes values; it removes none"),
    ),
];

/// Keys that `development` does not have.
pub(super) const DEVELOPMENT: Hints = &[
    (
        "location",
        Elsewhere("a service has one folder in all environments; write `location` beside `development`"),
    ),
    (
        "development",
        Elsewhere("write its keys directly below the `development` that is there already"),
    ),
];
