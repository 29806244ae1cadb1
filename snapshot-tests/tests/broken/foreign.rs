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
    // Platforms that run one's code, and guesses.
    (
        "a service that is public",
        web!("    port: 80\n    public: true\n"),
        "EX0101",
        "public",
        "write `route: /`",
    ),
    (
        "a path of a check",
        web!("    port: 80\n    healthCheckPath: /ready\n"),
        "EX0101",
        "healthCheckPath",
        "write `health: /ready`",
    ),
    (
        "a number of instances",
        web!("    instance_count: 3\n"),
        "EX0101",
        "instance_count",
        "write `scale: 3`",
    ),
    (
        "a range of instances",
        web!("    autoscaling: { min: 1, max: 3 }\n"),
        "EX0101",
        "autoscaling",
        "write `scale: { min: 1, max: 3 }`",
    ),
    (
        "a port inside",
        web!("    internal_port: 8080\n    route: /\n"),
        "EX0101",
        "internal_port",
        "write `port: 8080`",
    ),
    (
        "variables with `key` and `value`",
        web!("    envVars: [{ key: A, value: b }]\n"),
        "EX0101",
        "envVars",
        "write `environment: { A: … }`",
    ),
    (
        "a command to start with",
        web!("    startCommand: npm start\n"),
        "EX0101",
        "startCommand",
        "write `command: npm start`",
    ),
    (
        "a database of a service",
        web!("    database: db\n"),
        "EX0101",
        "database",
        "as in `db: postgres:17`, and write `uses: [db]`",
    ),
    (
        "environments of a service",
        web!("    environments: { production: { scale: 3 } }\n"),
        "EX0101",
        "environments",
        "`environments.<name>.services.<role>`",
    ),
    (
        "one target",
        production!("", "    target: kubernetes\n"),
        "EX0101",
        "target",
        "write `targets: { kubernetes: {} }`",
    ),
    (
        "environments as a list with names",
        app!("environments:\n  - name: production\n    domain: shop.example.com\n"),
        "EX0102",
        "- name: production\n    domain: shop.example.com",
        "write `environments: { production: { … } }`",
    ),
    (
        "a secret as Kubernetes refers to it",
        web!(
            "    environment:\n      A: { valueFrom: { secretKeyRef: { name: x, key: KEY } } }\n      B: ${secrets.KEY}\nsecrets: { KEY: {} }\n"
        ),
        "EX0102",
        "{ valueFrom: { secretKeyRef: { name: x, key: KEY } } }",
        "write `A: ${secrets.KEY}`",
    ),
    (
        "a reference in `uses`",
        web!("    uses: [dependencies.db]\ndependencies: { db: \"postgres:17\" }\n"),
        "EX0204",
        "dependencies.db",
        "did you mean `db`?",
    ),
    (
        "a secret in `uses`",
        web!("    uses: [secrets.KEY]\n    environment: { KEY: \"${secrets.KEY}\" }\nsecrets: { KEY: {} }\n"),
        "EX0204",
        "secrets.KEY",
        "`KEY: ${secrets.KEY}`",
    ),
    (
        "a comment of another language",
        &[("application.yml", "{\n  // the name\n  \"name\": \"shop\"\n}\n")],
        "EX0101",
        "// the name\n  \"name\"",
        "a comment begins with `#`",
    ),
    (
        "a fence of Markdown",
        &[("application.yml", "```yaml\nname: shop\n```\n")],
        "EX0005",
        "```yaml",
        "remove the lines with the fence",
    ),
    (
        "a pattern of files",
        web!("    command: [rm, *.txt]\n"),
        "EX0011",
        "*.txt",
        "quote it: `\"*.txt\"`",
    ),
    (
        "a database as Docker Compose runs it",
        web!(
            "    uses: [db]\ndependencies:\n  db:\n    type: postgres\n    version: \"17\"\n    environment: { POSTGRES_DB: \
             shop }\n    ports: [\"5432:5432\"]\n"
        ),
        "EX0302",
        "environment",
        "its user, its password and its database are made",
    ),
    (
        "services in a service",
        web!("    services: { db: postgres }\n"),
        "EX0101",
        "services",
        "services do not nest",
    ),
    (
        "arguments of a build as a list",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: { context: ./web, args: [A=1] } } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0102",
        "[A=1]",
        "write `args: { A: … }`",
    ),
    (
        "a Dockerfile in place of its folder",
        &[
            (
                "application.yml",
                "name: shop\nservices: { web: { build: ./web/Dockerfile } }\n",
            ),
            ("web/Dockerfile", "FROM scratch\n"),
        ],
        "EX0002",
        "./web/Dockerfile",
        "write the folder that holds it: `./web`",
    ),
    (
        "a tag in a variable",
        web!("  api: { image: \"ghcr.io/acme/api:${VERSION:-latest}\", security: { user: 1 } }\n"),
        "EX0112",
        "${VERSION:-latest}",
        "would stay as it is written",
    ),
    (
        "a domain with a star",
        production!(
            "",
            "    domain: \"*.shop.example.com\"\n    targets: { kubernetes: {} }\n"
        ),
        "EX0110",
        "\"*.shop.example.com\"",
        "write the host name alone: `shop.example.com`",
    ),
    (
        "a tag behind the quotes",
        app!("services:\n  web:\n    image: \"example/web\":1\n"),
        "EX0005",
        ":1",
        "words behind the closing quote",
    ),
    (
        "a type that an environment changes",
        web!(
            "    uses: [db]\ndependencies: { db: \"postgres:17\" }\nenvironments:\n  p:\n    dependencies: { db: { type: external } }\n    \
             targets: { kubernetes: {} }\n"
        ),
        "EX0103",
        "external",
        "`url` is required",
    ),
];
