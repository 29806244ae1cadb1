//! That the text says what the model holds: blocks are cut out of the files by their first line.

use super::files;
use crate::support::{Sample, fixed, managed, shop, skeleton, workload};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{Artifacts, Bytes, Engine, Health, Part, Probe, Product, Program, Protocol, Seconds, Value};

/// The text of a block, from its first line to its closing brace.
pub(super) fn block(artifacts: &Artifacts, file: &str, first: &str) -> String {
    let path = VirtualPath::new(file).unwrap();
    let text = String::from_utf8(artifacts.get(&path).unwrap().contents.clone()).unwrap();
    let first = format!("\n{first} {{\n");
    let start = text
        .find(&first)
        .unwrap_or_else(|| panic!("{file} has no {first}"))
        + 1;
    let length = text[start..].find("\n}\n").unwrap() + 3;
    text[start..start + length].to_owned()
}

/// The lines of a text, each with its spaces made one.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[track_caller]
pub(super) fn holds(text: &str, expected: &[&str]) {
    let lines = lines(text);
    for line in expected {
        assert!(
            lines.iter().any(|known| known == line),
            "no line `{line}` in\n{text}"
        );
    }
}

#[test]
fn a_task_definition_holds_the_whole_container() {
    let files = files(&shop(None));
    let definition = block(
        &files,
        "service_api.tf",
        "resource \"aws_ecs_task_definition\" \"api\"",
    );
    holds(
        &definition,
        &[
            "family = \"shop-production-api\"",
            "cpu = \"512\"",
            "memory = \"1024\"",
            "cpu_architecture = \"ARM64\"",
            "name = \"api\"",
            "image = var.images[\"api\"]",
            "command = [\"node\", \"server.js\"]",
            "user = \"10001:10001\"",
            "readonlyRootFilesystem = true",
            "drop = [\"ALL\"]",
            "{ containerPath = \"/tmp\", size = 64, mountOptions = [\"exec\", \"mode=1777\"] },",
            "{ name = \"http\", containerPort = 4000, hostPort = 4000, protocol = \"tcp\", appProtocol = \"http\" },",
            "{ name = \"grpc\", containerPort = 5000, hostPort = 5000, protocol = \"tcp\", appProtocol = \"grpc\" },",
            "{ name = \"CACHE_PORT\", value = tostring(aws_elasticache_replication_group.cache.port) },",
            "{ name = \"PORT\", value = \"4000\" },",
            "stopTimeout = 45",
        ],
    );
    let secrets: Vec<String> = lines(&definition)
        .into_iter()
        .filter(|line| line.contains("valueFrom"))
        .collect();
    assert_eq!(secrets.len(), 5, "{secrets:#?}");
    assert!(
        secrets[3].contains("aws_secretsmanager_secret.api_composed.arn}:DSN::"),
        "{secrets:#?}"
    );
}

#[test]
fn what_is_loose_is_loose_in_the_text() {
    let files = files(&shop(None));
    let web = block(
        &files,
        "service_web.tf",
        "resource \"aws_ecs_task_definition\" \"web\"",
    );
    holds(
        &web,
        &[
            "user = \"0:0\"",
            "{ namespace = \"net.ipv4.ip_unprivileged_port_start\", value = \"0\" },",
        ],
    );
    assert!(!web.contains("capabilities"), "{web}");
    let catalog = block(
        &files,
        "service_catalog.tf",
        "resource \"aws_ecs_task_definition\" \"catalog\"",
    );
    holds(
        &catalog,
        &[
            "readonlyRootFilesystem = false",
            "name = \"exoc-health\"",
            "\"CHOWN\",",
        ],
    );
    assert!(!catalog.contains("NET_BIND_SERVICE"), "{catalog}");
}

#[test]
fn a_service_holds_its_scale_and_what_it_waits_for() {
    let files = files(&shop(None));
    let api = block(&files, "service_api.tf", "resource \"aws_ecs_service\" \"api\"");
    holds(
        &api,
        &[
            "desired_count = 3",
            "deployment_minimum_healthy_percent = 100",
            "deployment_maximum_percent = 200",
            "health_check_grace_period_seconds = 60",
            "ignore_changes = [desired_count]",
            "container_port = 4000",
            "registry_arn = aws_service_discovery_service.api.arn",
            "aws_iam_role_policy.api_execution,",
            "aws_db_instance.db,",
            "aws_elasticache_replication_group.cache,",
        ],
    );
    let catalog = block(
        &files,
        "service_catalog.tf",
        "resource \"aws_ecs_service\" \"catalog\"",
    );
    holds(
        &catalog,
        &[
            "desired_count = 1",
            "deployment_maximum_percent = 100",
            "aws_db_instance.db,",
        ],
    );
    assert!(
        !catalog.contains("ignore_changes") && !catalog.contains("grace"),
        "{catalog}"
    );
    let mailer = block(
        &files,
        "service_mailer.tf",
        "resource \"aws_ecs_service\" \"mailer\"",
    );
    assert!(!mailer.contains("service_registries"), "{mailer}");
    for other in ["aws_ecs_service.web", "aws_ecs_service.catalog"] {
        assert!(!api.contains(other), "services wait for no services");
    }
}

#[test]
fn a_route_holds_its_conditions_and_its_rewrite() {
    let program = shop(None);
    let model = super::model(&program);
    let rule = &super::task(&model, "api").listener_rules[0];
    let first = format!("resource \"aws_lb_listener_rule\" \"{}\"", rule.address);
    let text = block(&files(&program), "service_api.tf", &first);
    holds(
        &text,
        &[
            &format!("priority = {}", rule.priority),
            "values = [\"shop.example.com\"]",
            "values = [\"/api\", \"/api/*\"]",
            "regex = \"^/api/?(.*)$\"",
            "replace = \"/$1\"",
            "target_group_arn = aws_lb_target_group.api_4000.arn",
        ],
    );
    let rule = &super::task(&model, "web").listener_rules[0];
    let first = format!("resource \"aws_lb_listener_rule\" \"{}\"", rule.address);
    let text = block(&files(&program), "service_web.tf", &first);
    holds(&text, &["values = [\"shop.example.com\", \"www.example.com\"]"]);
    assert!(
        !text.contains("path_pattern") && !text.contains("transform"),
        "{text}"
    );
}

#[test]
fn a_rule_of_a_group_holds_both_ends() {
    let files = files(&shop(None));
    let out = "resource \"aws_vpc_security_group_egress_rule\" \"web_to_api_4000\"";
    holds(
        &block(&files, "service_web.tf", out),
        &[
            "security_group_id = aws_security_group.web.id",
            "referenced_security_group_id = aws_security_group.api.id",
            "from_port = 4000",
            "to_port = 4000",
            "ip_protocol = \"tcp\"",
        ],
    );
    let into = "resource \"aws_vpc_security_group_ingress_rule\" \"api_from_web_4000\"";
    holds(
        &block(&files, "service_api.tf", into),
        &[
            "security_group_id = aws_security_group.api.id",
            "referenced_security_group_id = aws_security_group.web.id",
        ],
    );
}

#[test]
fn roles_may_read_what_their_tasks_read_and_nothing_else() {
    let files = files(&shop(None));
    let web = block(
        &files,
        "service_web.tf",
        "data \"aws_iam_policy_document\" \"web_execution\"",
    );
    holds(
        &web,
        &[
            "resources = [aws_secretsmanager_secret.cache_url.arn]",
            "resources = [aws_ecr_repository.web.arn]",
        ],
    );
    let catalog = block(
        &files,
        "service_catalog.tf",
        "data \"aws_iam_policy_document\" \"catalog_execution\"",
    );
    assert!(
        !catalog.contains("secretsmanager") && !catalog.contains("kms"),
        "{catalog}"
    );
    let mailer = block(
        &files,
        "service_mailer.tf",
        "data \"aws_iam_policy_document\" \"mailer_execution\"",
    );
    assert!(!mailer.contains("ecr:"), "{mailer}");
}

#[test]
fn a_database_keeps_its_password_out_of_the_state() {
    let text = block(
        &files(&skeleton()),
        "dependency_db.tf",
        "resource \"aws_db_instance\" \"db\"",
    );
    holds(
        &text,
        &[
            "identifier = \"skeleton-production-db\"",
            "engine_version = \"17\"",
            "instance_class = \"db.t4g.micro\"",
            "allocated_storage = 20",
            "storage_encrypted = true",
            "deletion_protection = var.deletion_protection",
            "password_wo = ephemeral.aws_secretsmanager_secret_version.db_password.secret_string",
        ],
    );
    assert!(
        !lines(&text).iter().any(|line| line.starts_with("password =")),
        "{text}"
    );
}

#[test]
fn the_input_for_images_asks_for_exactly_those_that_are_built() {
    let text = block(&files(&shop(None)), "variables.tf", "variable \"images\"");
    holds(
        &text,
        &["condition = toset(keys(var.images)) == toset([\"api\", \"catalog\", \"web\"])"],
    );
}

/// A program whose service is checked with numbers that no default has, publicly or not.
fn checked(public: bool) -> Program {
    let mut sample = Sample::new("checked", None, &["KEY"], &["db"], &["db"]);
    let image = sample.pinned("busybox:1.37.0");
    let mut api = workload(image, &[("http", 4000, Protocol::Http)]);
    api.shutdown = Seconds(77);
    api.health = Some(Health {
        probe: Probe::Http {
            port: 0,
            path: "/ready".into(),
        },
        interval: Seconds(21),
        timeout: Seconds(7),
        retries: 5,
        start: Seconds(43),
    });
    api.environment
        .insert("KEY".into(), Value::new([Part::Secret(sample.secret("KEY"))]));
    sample.service("api", api, fixed(1));
    let mut engine = managed(Product::Postgres, "18", sample.secret("DB_PASSWORD"));
    if let Engine::Managed(managed) = &mut engine {
        managed.storage = Bytes::gibi(123);
    }
    sample.backing("db", engine);
    if public {
        sample.door("api", 0, "shop.example.com", "/", false);
    }
    sample.finish()
}

#[test]
fn a_container_that_asks_has_the_numbers_of_the_check() {
    let files = files(&checked(false));
    let text = block(
        &files,
        "service_api.tf",
        "resource \"aws_ecs_task_definition\" \"api\"",
    );
    let numbers = ["interval = 21", "timeout = 7", "retries = 5", "startPeriod = 43"];
    holds(&text, &numbers);
    holds(&text, &["stopTimeout = 77"]);
    assert!(
        text.contains("\"7\"") && text.contains("http://127.0.0.1:4000/ready"),
        "{text}"
    );
}

#[test]
fn a_target_group_has_the_numbers_of_the_check() {
    let files = files(&checked(true));
    let text = block(
        &files,
        "service_api.tf",
        "resource \"aws_lb_target_group\" \"api_4000\"",
    );
    holds(
        &text,
        &[
            "port = 4000",
            "protocol_version = \"HTTP1\"",
            "deregistration_delay = \"77\"",
            "path = \"/ready\"",
            "matcher = \"200-399\"",
            "interval = 21",
            "timeout = 7",
            "unhealthy_threshold = 5",
        ],
    );
    let service = block(&files, "service_api.tf", "resource \"aws_ecs_service\" \"api\"");
    // 43 seconds to start and five failures, 21 seconds apart.
    holds(&service, &["health_check_grace_period_seconds = 148"]);
}

#[test]
fn a_database_has_the_numbers_of_the_manifest() {
    let text = block(
        &files(&checked(false)),
        "dependency_db.tf",
        "resource \"aws_db_instance\" \"db\"",
    );
    holds(
        &text,
        &[
            "engine_version = \"18\"",
            "allocated_storage = 123",
            "multi_az = false",
            "publicly_accessible = false",
            "backup_retention_period = 7",
            "db_name = \"shop\"",
            "username = \"shop\"",
        ],
    );
}

#[test]
fn a_supplied_secret_takes_its_value_from_its_own_key() {
    let files = files(&checked(false));
    let version = "resource \"aws_secretsmanager_secret_version\" \"key_supplied\"";
    holds(
        &block(&files, "secrets.tf", version),
        &[
            "secret_string_wo = lookup(var.secrets, \"KEY\", null)",
            "secret_string_wo_version = lookup(var.secret_versions, \"KEY\", 1)",
        ],
    );
    let secret = "resource \"aws_secretsmanager_secret\" \"key_supplied\"";
    holds(
        &block(&files, "secrets.tf", secret),
        &["name = \"checked/production/KEY\""],
    );
    holds(
        &block(&files, "variables.tf", "variable \"secrets\""),
        &["ephemeral = true", "sensitive = true"],
    );
}

#[test]
fn the_provider_is_held_to_the_account() {
    let files = files(&skeleton());
    let provider = block(&files, "providers.tf", "provider \"aws\"");
    holds(
        &provider,
        &[
            "region = local.region",
            "allowed_account_ids = [local.account_id]",
        ],
    );
    let locals = block(&files, "locals.tf", "locals");
    holds(
        &locals,
        &[
            "account_id = \"123456789012\"",
            "region = \"eu-central-1\"",
            "Owner = \"team-checkout\"",
        ],
    );
}

#[test]
fn tiers_of_subnets_do_not_overlap() {
    let files = files(&skeleton());
    let cidr = |tier: &str| {
        let text = block(
            &files,
            "network.tf",
            &format!("resource \"aws_subnet\" \"{tier}\""),
        );
        lines(&text)
            .into_iter()
            .find(|line| line.starts_with("cidr_block"))
            .unwrap()
    };
    assert_eq!(
        ["public", "private", "data"].map(cidr),
        ["each.value", "each.value + 4", "each.value + 8"]
            .map(|place| format!("cidr_block = cidrsubnet(\"10.0.0.0/16\", 4, {place})"))
    );
}
