//! Mistakes that people bring from Docker Compose and Kubernetes, and what they must be told.

use super::habits::Habit;

/// A mistake each.
pub(crate) const FOREIGN: &[Habit] = &[
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
];
