//! Faults put into printed files on purpose: one text of one file is replaced by another.

mod products;
mod workloads;

use exoc_snapshot_tests::facts::Target;
use exoc_snapshot_tests::facts::Target::{Aws, Compose, Kubernetes};

pub(crate) use products::PRODUCTS;
pub(crate) use workloads::WORKLOADS;

/// A fault.
pub(crate) struct Fault {
    /// What it would be in a target.
    pub(crate) what: &'static str,
    /// The fixture and its environment.
    pub(crate) of: (&'static str, &'static str),
    /// Whose output.
    pub(crate) target: Target,
    /// Which file of it.
    pub(crate) file: &'static str,
    /// What stands there; its first place counts.
    pub(crate) from: &'static str,
    /// What stands there instead.
    pub(crate) to: &'static str,
}

const SHOP: (&str, &str) = ("shop", "staging");
const PORTS: (&str, &str) = ("port-list", "production");
const JOBS: (&str, &str) = ("jobs-deploy", "production");
const CLOCK: (&str, &str) = ("jobs-schedule", "production");
const SECRETS: (&str, &str) = ("secrets", "production");
const PUBLIC_PORTS: (&str, &str) = ("public-ports", "production");
const SCALING: (&str, &str) = ("scaling", "staging");
const FILES: (&str, &str) = ("files", "production");
const LATE: (&str, &str) = ("files-secret", "production");
const VOLUMES: (&str, &str) = ("volumes", "production");

const fn compose(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        what,
        of: SHOP,
        target: Compose,
        file: "compose.yaml",
        from,
        to,
    }
}

const fn gateway(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    let file = "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg";
    Fault {
        what,
        of: SHOP,
        target: Compose,
        file,
        from,
        to,
    }
}

const fn kubernetes(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        what,
        of: SHOP,
        target: Kubernetes,
        file,
        from,
        to,
    }
}

const fn aws(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        what,
        of: SHOP,
        target: Aws,
        file,
        from,
        to,
    }
}

/// Faults of compose.
pub(crate) const COMPOSE: &[Fault] = &[
    compose("a variable dropped", "      LOG_LEVEL: \"debug\"\n", ""),
    compose("another value", "PORT: \"4000\"", "PORT: \"4001\""),
    compose(
        "another secret",
        "DB_PASSWORD: \"${DB_PASSWORD",
        "DB_PASSWORD: \"${CACHE_PASSWORD",
    ),
    compose(
        "a secret that may be missing",
        "${DB_PASSWORD:?set",
        "${DB_PASSWORD:-set",
    ),
    compose("a dollar not doubled", "\"$$REDISCLI_AUTH", "\"$REDISCLI_AUTH"),
    Fault {
        of: PORTS,
        ..compose(
            "two ports swapped",
            "grpc=5000/grpc http=8080/http",
            "grpc=8080/grpc http=5000/http",
        )
    },
    compose(
        "an edge too few",
        "networks: [\"catalog\", \"db\"]",
        "networks: [\"catalog\"]",
    ),
    compose(
        "an edge too many",
        "networks: [\"cache\", \"exoc_internet\"]",
        "networks: [\"cache\", \"db\", \"exoc_internet\"]",
    ),
    compose(
        "the internet for who may not",
        "networks: [\"api\", \"web\"]",
        "networks: [\"api\", \"web\", \"exoc_internet\"]",
    ),
    compose("a network that leads outside", "    internal: true\n", ""),
    compose(
        "a joined network where few are needed",
        "\nnetworks:\n",
        "\nnetworks:\n  exoc_shared_1:\n    internal: true\n",
    ),
    compose(
        "more networks than an application may make",
        "\nnetworks:\n",
        "\nnetworks:\n  a: { internal: true }\n  b: { internal: true }\n",
    ),
    Fault {
        of: ("online-boutique", "production"),
        ..compose(
            "a joined network for who does not belong there",
            "networks: [\"emailservice\"]",
            "networks: [\"emailservice\", \"redis-cart\"]",
        )
    },
    compose(
        "a port for every machine",
        "\"127.0.0.1:8080:8080\"",
        "\"8080:8080\"",
    ),
    compose(
        "a port of a private service",
        "    networks: [\"catalog\", \"db\"]",
        "    ports:\n      - \"127.0.0.1:7000:7000\"\n    networks: [\"catalog\", \"db\", \"exoc_entry\"]",
    ),
    compose(
        "a command dropped",
        "    command: [\"node\", \"server.js\"]\n",
        "",
    ),
    compose("another user", "user: \"1000:1000\"", "user: \"0:0\""),
    compose("a writable root", "    read_only: true\n", ""),
    compose("capabilities kept", "    cap_drop: [\"ALL\"]\n", ""),
    compose("another limit", "memory: \"1g\"", "memory: \"2g\""),
    compose("another share", "cpus: \"0.5\"", "cpus: \"1\""),
    compose(
        "another path of a check",
        "http://api:4000/healthz",
        "http://api:4000/health",
    ),
    compose(
        "another start of a check",
        "start_period: \"20s\"",
        "start_period: \"30s\"",
    ),
    compose(
        "a check dropped",
        "\n  catalog_health:\n",
        "\n  exoc_gateway_two:\n",
    ),
    compose(
        "another image",
        "ghcr.io/acme/mailer:2.1.0",
        "ghcr.io/acme/mailer:2.1.1",
    ),
    compose("another built image", "${CATALOG_IMAGE:?", "${WEB_IMAGE:?"),
    compose(
        "a folder of another size",
        "/var/spool/mailer:exec,mode=1777,size=128m",
        "/var/spool/mailer:exec,mode=1777,size=64m",
    ),
    compose(
        "another time to stop",
        "stop_grace_period: \"45s\"",
        "stop_grace_period: \"30s\"",
    ),
    compose("nobody's", "      owner: \"team-checkout\"\n", ""),
    gateway(
        "a door to another service",
        "server api api:4000",
        "server api web:4000",
    ),
    gateway(
        "a path not removed",
        "    http-request replace-path ^/api/?(.*)$ /\\1\n",
        "",
    ),
    gateway(
        "half a path",
        "    use_backend api if { var(txn.host) -m str staging.shop.example.com } { path -m beg /api/ }\n",
        "",
    ),
    gateway(
        "another host",
        "-m str staging.shop.example.com }\n    default",
        "-m str shop.example.com }\n    default",
    ),
];

const FROM_WEB: &str = "    - from:\n        - podSelector:\n            matchLabels:\n              \
    app.kubernetes.io/instance: shop-web\n              app.kubernetes.io/name: web\n      ports:\n        \
    - protocol: TCP\n          port: 4000\n";
const TO_DB: &str = "    - to:\n        - podSelector:\n            matchLabels:\n              \
    app.kubernetes.io/instance: shop-db\n              app.kubernetes.io/name: db\n";

/// Faults of Kubernetes.
pub(crate) const KUBERNETES: &[Fault] = &[
    kubernetes(
        "a variable dropped",
        "api.yaml",
        "            - name: LOG_LEVEL\n              value: debug\n",
        "",
    ),
    kubernetes(
        "another secret",
        "api.yaml",
        "name: db-password",
        "name: cache-password",
    ),
    kubernetes(
        "another part",
        "api.yaml",
        "$(EXOC_DB_PASSWORD)",
        "$(EXOC_CACHE_PASSWORD)",
    ),
    kubernetes(
        "a part behind its use",
        "api.yaml",
        "- name: EXOC_DB_PASSWORD",
        "- name: EXOC_DB_PASSWORT",
    ),
    Fault {
        of: PORTS,
        ..kubernetes(
            "two ports swapped",
            "health.yaml",
            "- name: grpc\n              containerPort: 5000\n              protocol: TCP\n            - name: http\n              containerPort: 8080",
            "- name: grpc\n              containerPort: 8080\n              protocol: TCP\n            - name: http\n              containerPort: 5000",
        )
    },
    kubernetes(
        "a Service at another number",
        "api.yaml",
        "      port: 4000\n      targetPort",
        "      port: 80\n      targetPort",
    ),
    kubernetes(
        "a Service for other pods",
        "api.yaml",
        "  selector:\n    app.kubernetes.io/instance: shop-api",
        "  selector:\n    app.kubernetes.io/instance: shop-apl",
    ),
    kubernetes("a caller not let in", "api.yaml", FROM_WEB, ""),
    kubernetes(
        "a callee not let out to",
        "api.yaml",
        TO_DB,
        "    - to:\n        - podSelector:\n            matchLabels:\n              app.kubernetes.io/name: dba\n",
    ),
    kubernetes("a callee that may be anybody", "api.yaml", TO_DB, "    - to:\n"),
    kubernetes(
        "a caller that may be anybody",
        "db.yaml",
        "    - from:\n        - podSelector:\n            matchLabels:\n              app.kubernetes.io/instance: shop-api\n              app.kubernetes.io/name: api\n",
        "    - from:\n",
    ),
    kubernetes(
        "a policy for other pods",
        "db.yaml",
        "  podSelector:\n    matchLabels:\n      app.kubernetes.io/instance: shop-db",
        "  podSelector:\n    matchLabels:\n      app.kubernetes.io/instance: shop-dba",
    ),
    kubernetes(
        "another range",
        "api.yaml",
        "        - protocol: TCP\n          port: 443",
        "        - protocol: TCP\n          port: 444",
    ),
    kubernetes("another user", "api.yaml", "runAsUser: 1000", "runAsUser: 1001"),
    kubernetes(
        "a writable root",
        "api.yaml",
        "readOnlyRootFilesystem: true",
        "readOnlyRootFilesystem: false",
    ),
    kubernetes("capabilities kept", "api.yaml", "              drop: [ALL]\n", ""),
    kubernetes(
        "another limit",
        "api.yaml",
        "            limits:\n              memory: \"1Gi\"",
        "            limits:\n              memory: \"2Gi\"",
    ),
    kubernetes("another share", "api.yaml", "cpu: \"500m\"", "cpu: \"250m\""),
    kubernetes(
        "another path of a check",
        "api.yaml",
        "path: /healthz",
        "path: /health",
    ),
    kubernetes(
        "another patience",
        "api.yaml",
        "failureThreshold: 9",
        "failureThreshold: 3",
    ),
    kubernetes("another number", "api.yaml", "replicas: 2", "replicas: 1"),
    kubernetes(
        "another way to replace",
        "api.yaml",
        "    type: RollingUpdate\n    rollingUpdate:\n      maxSurge: 1\n      maxUnavailable: 0\n",
        "    type: Recreate\n",
    ),
    kubernetes(
        "another time to stop",
        "api.yaml",
        "terminationGracePeriodSeconds: 50",
        "terminationGracePeriodSeconds: 45",
    ),
    kubernetes(
        "a command dropped",
        "api.yaml",
        "          args: [\"node\", \"server.js\"]\n",
        "",
    ),
    kubernetes("another image", "api.yaml", "image: api", "image: web"),
    kubernetes(
        "a folder of another size",
        "mailer.yaml",
        "sizeLimit: \"128Mi\"",
        "sizeLimit: \"64Mi\"",
    ),
    kubernetes(
        "another path of a door",
        "api.yaml",
        "value: /api",
        "value: /apis",
    ),
    kubernetes(
        "a path not removed",
        "api.yaml",
        "replacePrefixMatch: /\n",
        "replacePrefixMatch: /api\n",
    ),
    kubernetes(
        "another host",
        "api.yaml",
        "  hostnames:\n    - staging.shop.example.com",
        "  hostnames:\n    - shop.example.com",
    ),
    kubernetes(
        "nobody's",
        "api.yaml",
        "kind: Deployment\nmetadata:\n  name: api\n  namespace: shop-staging\n  labels:\n    app.kubernetes.io/component: server\n    app.kubernetes.io/instance: shop-api\n    app.kubernetes.io/managed-by: exoc\n    app.kubernetes.io/name: api\n    app.kubernetes.io/part-of: shop\n    owner: team-checkout",
        "kind: Deployment\nmetadata:\n  name: api\n  namespace: shop-staging\n  labels:\n    app.kubernetes.io/component: server",
    ),
    kubernetes(
        "a file that is not applied",
        "kustomization.yaml",
        "  - mailer.yaml\n",
        "",
    ),
    Fault {
        of: SCALING,
        ..kubernetes(
            "another bound",
            "by-both.yaml",
            "maxReplicas: 4",
            "maxReplicas: 3",
        )
    },
    Fault {
        of: SCALING,
        ..kubernetes(
            "another goal",
            "by-both.yaml",
            "averageUtilization: 60",
            "averageUtilization: 80",
        )
    },
    Fault {
        of: SECRETS,
        ..kubernetes(
            "a secret that nobody makes",
            "README.md",
            "create secret generic secret-csrf-key ",
            "create secret generic secret-csfr-key ",
        )
    },
    Fault {
        of: SECRETS,
        ..kubernetes(
            "a secret that somebody should draw by hand",
            "README.md",
            "head -c 1000 /dev/urandom | LC_ALL=C tr -dc A-Za-z0-9 | head -c 16 |",
            "printf %s \"$CSRF_KEY\" |",
        )
    },
];

const fn placed(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: FILES,
        ..aws(what, file, from, to)
    }
}

const fn late(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: LATE,
        ..aws(what, "service_api.tf", from, to)
    }
}

const fn volume(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: VOLUMES,
        ..aws(what, "service_board.tf", from, to)
    }
}

/// Faults of AWS.
pub(crate) const AWS: &[Fault] = &[
    volume(
        "another volume",
        "sourceVolume = \"board_sessions\"",
        "sourceVolume = \"board_uploads\"",
    ),
    volume(
        "another folder of a file system",
        "path = \"/uploads\"",
        "path = \"/loads\"",
    ),
    volume(
        "data in the clear",
        "transit_encryption = \"ENABLED\"",
        "transit_encryption = \"DISABLED\"",
    ),
    volume(
        "a volume that everybody may mount",
        "iam             = \"ENABLED\"",
        "iam             = \"DISABLED\"",
    ),
    volume(
        "a volume that its service may not write",
        "\"elasticfilesystem:ClientMount\", \"elasticfilesystem:ClientWrite\"",
        "\"elasticfilesystem:ClientMount\"",
    ),
    volume("somebody else's files", "uid = 1001", "uid = 1003"),
    volume(
        "data that goes with the environment",
        "prevent_destroy = true",
        "prevent_destroy = false",
    ),
    volume(
        "a file system out of reach",
        "from_port                    = 2049",
        "from_port                    = 2048",
    ),
    placed(
        "another byte of a file",
        "images/web/files/etc/web/settings.ini",
        "requests = 100",
        "requests = 10",
    ),
    placed(
        "a file that is not copied",
        "images/web/Dockerfile",
        "\"files/etc/web/banner.txt\", ",
        "",
    ),
    placed(
        "a file elsewhere",
        "images/web/Dockerfile",
        "\"/srv/assets/img/\"]",
        "\"/srv/assets/\"]",
    ),
    placed(
        "a mode that is one of folders too",
        "images/web/Dockerfile",
        "--chmod=a=r ",
        "--chmod=0444 ",
    ),
    placed(
        "another user of a layer",
        "images/proxy/Dockerfile",
        "USER 101:101",
        "USER 0:0",
    ),
    placed(
        "a layer above something else",
        "images/docker-bake.hcl",
        "nginxinc/nginx-unprivileged:1.29",
        "nginxinc/nginx-unprivileged:1.28",
    ),
    placed(
        "a layer in another's repository",
        "images/docker-bake.hcl",
        "ghcr.io/acme/files-proxy:${TAG}",
        "ghcr.io/acme/files-web:${TAG}",
    ),
    placed(
        "an image without its files",
        "service_web.tf",
        "var.images[\"web\"]",
        "\"ghcr.io/acme/files-web:1\"",
    ),
    late("two files swapped", "\"$FILE_0\\\" | put", "\"$FILE_3\\\" | put"),
    late("letters as they are", "FILE_2\\\" | base64 -d", "FILE_2\\\""),
    late(
        "a program that cannot run",
        "put 0555 'hooks/start.sh'",
        "put 0444 'hooks/start.sh'",
    ),
    late(
        "a file that may be there too late",
        "condition = \"SUCCESS\"",
        "condition = \"START\"",
    ),
    late(
        "a folder that the service can change",
        "containerPath = \"/etc/api\", readOnly = true",
        "containerPath = \"/etc/api\", readOnly = false",
    ),
    late(
        "files somewhere else",
        "containerPath = \"/etc/api\"",
        "containerPath = \"/etc\"",
    ),
    late(
        "a companion whose end ends the task",
        "essential = false",
        "essential = true",
    ),
    late(
        "another secret in a file",
        "#!/bin/sh\\necho %[1]s",
        "#!/bin/sh\\nprintf %[1]s",
    ),
    aws(
        "a variable dropped",
        "service_api.tf",
        "        { name = \"LOG_LEVEL\", value = \"debug\" },\n",
        "",
    ),
    aws(
        "another attribute",
        "service_api.tf",
        "value = tostring(aws_elasticache_replication_group.cache.port)",
        "value = \"6380\"",
    ),
    aws(
        "another product",
        "service_catalog.tf",
        "{ name = \"DB_HOST\", value = aws_db_instance.db.address }",
        "{ name = \"DB_HOST\", value = aws_elasticache_replication_group.cache.primary_endpoint_address }",
    ),
    aws(
        "another secret",
        "service_api.tf",
        "valueFrom = \"${aws_secretsmanager_secret.db_url.arn}:::${aws_secretsmanager_secret_version.db_url.version_id}\"",
        "valueFrom = \"${aws_secretsmanager_secret.cache_url.arn}:::${aws_secretsmanager_secret_version.cache_url.version_id}\"",
    ),
    aws(
        "another template",
        "service_api.tf",
        "\"Bearer %[1]s\"",
        "\"Basic %[1]s\"",
    ),
    aws(
        "another part",
        "service_api.tf",
        "ephemeral.aws_secretsmanager_secret_version.payments_key_supplied.secret_string)",
        "ephemeral.aws_secretsmanager_secret_version.smtp_password_supplied.secret_string)",
    ),
    Fault {
        of: PORTS,
        ..aws(
            "two ports swapped",
            "service_health.tf",
            "{ name = \"grpc\", containerPort = 5000, hostPort = 5000, protocol = \"tcp\", appProtocol = \"grpc\" },\n        { name = \"http\", containerPort = 8080, hostPort = 8080,",
            "{ name = \"grpc\", containerPort = 8080, hostPort = 8080, protocol = \"tcp\", appProtocol = \"grpc\" },\n        { name = \"http\", containerPort = 5000, hostPort = 5000,",
        )
    },
    aws(
        "a caller not let in",
        "service_api.tf",
        "referenced_security_group_id = aws_security_group.web.id",
        "referenced_security_group_id = aws_security_group.catalog.id",
    ),
    aws(
        "a callee not let out to",
        "service_api.tf",
        "referenced_security_group_id = aws_security_group.db.id",
        "referenced_security_group_id = aws_security_group.cache.id",
    ),
    aws(
        "a caller that may be anybody",
        "dependency_db.tf",
        "referenced_security_group_id = aws_security_group.api.id",
        "cidr_ipv4 = \"0.0.0.0/0\"",
    ),
    aws(
        "a callee that may be anybody",
        "service_catalog.tf",
        "referenced_security_group_id = aws_security_group.db.id\n  from_port                    = 5432\n  to_port                      = 5432\n  ip_protocol                  = \"tcp\"",
        "cidr_ipv4 = \"0.0.0.0/0\"\n  ip_protocol = \"-1\"",
    ),
    aws(
        "no name on the network",
        "service_api.tf",
        "  service_registries {\n    registry_arn = aws_service_discovery_service.api.arn\n  }\n",
        "",
    ),
    aws(
        "another name on the network",
        "service_api.tf",
        "resource \"aws_service_discovery_service\" \"api\" {\n  name = \"api\"",
        "resource \"aws_service_discovery_service\" \"api\" {\n  name = \"backend\"",
    ),
    Fault {
        of: PUBLIC_PORTS,
        ..aws(
            "another public number",
            "loadbalancer.tf",
            "port              = 2525",
            "port              = 2526",
        )
    },
    Fault {
        of: PUBLIC_PORTS,
        ..aws(
            "a public port over another protocol",
            "loadbalancer.tf",
            "port              = 7777\n  protocol          = \"UDP\"",
            "port              = 7777\n  protocol          = \"TCP_UDP\"",
        )
    },
    Fault {
        of: PUBLIC_PORTS,
        ..aws(
            "a public port that leads to another service",
            "loadbalancer.tf",
            "target_group_arn = aws_lb_target_group.gate_2525.arn",
            "target_group_arn = aws_lb_target_group.names_5300_udp.arn",
        )
    },
    Fault {
        of: PUBLIC_PORTS,
        ..aws(
            "a public port that is not let in",
            "service_gate.tf",
            "referenced_security_group_id = aws_security_group.exoc_network_load_balancer.id",
            "referenced_security_group_id = aws_security_group.site.id",
        )
    },
    Fault {
        of: PUBLIC_PORTS,
        ..aws(
            "another check of a public port",
            "service_gate.tf",
            "interval            = 20",
            "interval            = 60",
        )
    },
    aws("another user", "service_api.tf", "\"1000:1000\"", "\"1000:0\""),
    aws(
        "a writable root",
        "service_api.tf",
        "readonlyRootFilesystem = true",
        "readonlyRootFilesystem = false",
    ),
    aws(
        "capabilities kept",
        "service_api.tf",
        "drop = [\"ALL\"]",
        "drop = []",
    ),
    aws(
        "a greater pair than needed",
        "service_api.tf",
        "memory                   = \"1024\"",
        "memory                   = \"2048\"",
    ),
    aws(
        "a smaller pair than needed",
        "service_api.tf",
        "cpu                      = \"512\"",
        "cpu                      = \"256\"",
    ),
    aws(
        "another path of a check",
        "service_api.tf",
        "path                = \"/healthz\"",
        "path                = \"/health\"",
    ),
    aws(
        "answers accepted that are none",
        "service_api.tf",
        "\"200-399\"",
        "\"200-499\"",
    ),
    aws(
        "another grace",
        "service_api.tf",
        "health_check_grace_period_seconds  = 50",
        "health_check_grace_period_seconds  = 60",
    ),
    aws(
        "another timeout of the probe container",
        "service_catalog.tf",
        "\"nc\", \"-w\", \"3\"",
        "\"nc\", \"-w\", \"4\"",
    ),
    aws(
        "another number",
        "service_api.tf",
        "desired_count                      = 2",
        "desired_count                      = 1",
    ),
    aws(
        "another way to replace",
        "service_api.tf",
        "deployment_minimum_healthy_percent = 100\n  deployment_maximum_percent         = 200",
        "deployment_minimum_healthy_percent = 0\n  deployment_maximum_percent         = 100",
    ),
    aws(
        "another time to stop",
        "service_api.tf",
        "stopTimeout = 45",
        "stopTimeout = 30",
    ),
    aws(
        "a command dropped",
        "service_api.tf",
        "      command                = [\"node\", \"server.js\"]\n",
        "",
    ),
    aws(
        "another image",
        "service_api.tf",
        "var.images[\"api\"]",
        "var.images[\"web\"]",
    ),
    aws(
        "a folder of another size",
        "service_mailer.tf",
        "size = 128",
        "size = 64",
    ),
    aws(
        "another path of a door",
        "service_api.tf",
        "[\"/api\", \"/api/*\"]",
        "[\"/api\", \"/apis/*\"]",
    ),
    aws(
        "a path not removed",
        "service_api.tf",
        "replace = \"/$1\"",
        "replace = \"/api/$1\"",
    ),
    aws(
        "another host",
        "service_api.tf",
        "values = [\"staging.shop.example.com\"]",
        "values = [\"shop.example.com\"]",
    ),
    aws(
        "a door behind another",
        "service_api.tf",
        "priority     = 25106",
        "priority     = 49999",
    ),
    Fault {
        of: SCALING,
        ..aws(
            "another bound",
            "service_by_cpu.tf",
            "max_capacity       = 8",
            "max_capacity       = 9",
        )
    },
    aws(
        "a secret that nobody may read",
        "service_api.tf",
        "      aws_secretsmanager_secret.db_url.arn,\n",
        "",
    ),
    Fault {
        of: SECRETS,
        ..aws(
            "another generated secret in a text",
            "service_web.tf",
            "ephemeral.aws_secretsmanager_secret_version.session_key_generated.secret_string",
            "ephemeral.aws_secretsmanager_secret_version.csrf_key_generated.secret_string",
        )
    },
    Fault {
        of: SECRETS,
        ..aws(
            "a generated secret where a named one belongs",
            "service_web.tf",
            "valueFrom = data.aws_secretsmanager_secret.legacy_token_named.arn",
            "valueFrom = \"${aws_secretsmanager_secret.csrf_key_generated.arn}:::${aws_secretsmanager_secret_version.csrf_key_generated.version_id}\"",
        )
    },
    Fault {
        of: SECRETS,
        ..aws(
            "a named secret that nobody may read",
            "service_web.tf",
            "    resources = [data.aws_secretsmanager_secret.legacy_token_named.arn]",
            "    resources = [aws_secretsmanager_secret.web_composed.arn]",
        )
    },
    Fault {
        of: JOBS,
        ..aws(
            "jobs in another order",
            "outputs.tf",
            "[aws_sfn_state_machine.expand.arn, aws_sfn_state_machine.backfill.arn]",
            "[aws_sfn_state_machine.backfill.arn, aws_sfn_state_machine.expand.arn]",
        )
    },
    Fault {
        of: JOBS,
        ..aws(
            "a run that takes longer",
            "job_expand.tf",
            "TimeoutSeconds = 300",
            "TimeoutSeconds = 301",
        )
    },
    Fault {
        of: JOBS,
        ..aws(
            "a run repeated less often",
            "job_expand.tf",
            "MaxAttempts     = 2",
            "MaxAttempts     = 1",
        )
    },
    Fault {
        of: JOBS,
        ..aws(
            "a job of another group",
            "job_backfill.tf",
            "SecurityGroups = [aws_security_group.backfill.id]",
            "SecurityGroups = [aws_security_group.web.id]",
        )
    },
    Fault {
        of: JOBS,
        ..aws(
            "a run that does not look for another",
            "job_backfill.tf",
            "StartAt       = \"FindOlderRun\"",
            "StartAt       = \"Run\"",
        )
    },
    Fault {
        of: CLOCK,
        ..aws("weekdays counted from one", "job_office.tf", "MON-FRI", "1-5")
    },
    Fault {
        of: CLOCK,
        ..aws("another hour", "job_nightly.tf", "cron(0 3 ", "cron(0 4 ")
    },
    Fault {
        of: CLOCK,
        ..aws(
            "a clock of another place",
            "job_nightly.tf",
            "timezone = \"UTC\"",
            "timezone = \"Europe/Berlin\"",
        )
    },
    aws("nobody's", "locals.tf", "Owner       = \"team-checkout\"\n", ""),
];
