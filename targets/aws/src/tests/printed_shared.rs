//! That the text says what the model holds, of what several components share or depend on.

use super::files;
use super::printed::{block, holds};
use crate::support::{Sample, fixed, managed, shop, skeleton, workload};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{
    Attribute, Built, Entrance, Id, Image, Part, Product, Program, Protocol, Seconds, Transport, Value,
};

#[test]
fn listeners_redirect_and_answer_for_every_host() {
    let files = files(&shop(None));
    let file = "loadbalancer.tf";
    let http = block(&files, file, "resource \"aws_lb_listener\" \"http\"");
    holds(
        &http,
        &[
            "port = 80",
            "type = \"redirect\"",
            "redirect {",
            "protocol = \"HTTPS\"",
            "status_code = \"HTTP_301\"",
        ],
    );
    let https = block(&files, file, "resource \"aws_lb_listener\" \"https\"");
    let certificate = "certificate_arn = aws_acm_certificate_validation.shop_example_com.certificate_arn";
    holds(
        &https,
        &[
            "port = 443",
            "protocol = \"HTTPS\"",
            certificate,
            "status_code = \"404\"",
        ],
    );
    let other = block(
        &files,
        file,
        "resource \"aws_lb_listener_certificate\" \"www_example_com\"",
    );
    holds(
        &other,
        &["certificate_arn = aws_acm_certificate_validation.www_example_com.certificate_arn"],
    );
    for host in ["shop", "www"] {
        let record = block(
            &files,
            "dns.tf",
            &format!("resource \"aws_route53_record\" \"{host}_example_com\""),
        );
        holds(
            &record,
            &[
                &format!("name = \"{host}.example.com\""),
                "name = aws_lb.main.dns_name",
            ],
        );
    }
}

#[test]
fn the_load_balancer_waits_as_long_as_the_longest_route() {
    let mut sample = Sample::new("slow", None, &[], &[], &[]);
    let image = sample.pinned("busybox:1.37.0");
    sample.service("web", workload(image, &[("http", 80, Protocol::Http)]), fixed(1));
    let door = |path: &str, timeout| Entrance::Http {
        host: "slow.example.com".into(),
        path: path.into(),
        strip: false,
        timeout: Seconds(timeout),
    };
    sample.entrance("web", 0, door("/", 60));
    sample.entrance("web", 0, door("/export", 300));
    let files = files(&sample.finish());
    holds(
        &block(&files, "loadbalancer.tf", "resource \"aws_lb\" \"main\""),
        &["idle_timeout = 300"],
    );
}

#[test]
fn scaling_holds_its_range_and_goals() {
    let files = files(&shop(None));
    let file = "service_api.tf";
    let range = block(&files, file, "resource \"aws_appautoscaling_target\" \"api\"");
    holds(&range, &["min_capacity = 3", "max_capacity = 30"]);
    for (goal, target, metric) in [
        ("cpu", "70", "ECSServiceAverageCPUUtilization"),
        ("memory", "80", "ECSServiceAverageMemoryUtilization"),
        ("requests", "6000", "ALBRequestCountPerTarget"),
    ] {
        let policy = block(
            &files,
            file,
            &format!("resource \"aws_appautoscaling_policy\" \"api_{goal}\""),
        );
        let metric = format!("predefined_metric_type = \"{metric}\"");
        holds(&policy, &[&format!("target_value = {target}"), &metric]);
    }
}

#[test]
fn a_cache_speaks_tls_and_is_of_the_version_offered() {
    let files = files(&shop(None));
    let cache = block(
        &files,
        "dependency_cache.tf",
        "resource \"aws_elasticache_replication_group\" \"cache\"",
    );
    holds(
        &cache,
        &[
            "engine = \"redis\"",
            "engine_version = \"7.1\"",
            "node_type = \"cache.t4g.micro\"",
            "num_cache_clusters = 1",
            "transit_encryption_enabled = true",
            "at_rest_encryption_enabled = true",
            "auth_token = random_password.cache.result",
        ],
    );
}

/// The attributes of both products, in variables.
fn attributes() -> Program {
    let mut sample = Sample::new("late", None, &[], &["cache", "db"], &["cache", "db"]);
    let (cache, db) = (Id::new(0), Id::new(1));
    let image = sample.pinned("busybox:1.37.0");
    let mut worker = workload(image, &[]);
    for (role, id) in [("CACHE", cache), ("DB", db)] {
        for attribute in [
            Attribute::Host,
            Attribute::Port,
            Attribute::Tls,
            Attribute::Address,
            Attribute::Url,
        ] {
            let name = format!("{role}_{}", attribute.word().to_uppercase());
            worker
                .environment
                .insert(name, Value::new([Part::Attribute(id, attribute)]));
        }
    }
    for attribute in [Attribute::Username, Attribute::Database] {
        let name = format!("DB_{}", attribute.word().to_uppercase());
        worker
            .environment
            .insert(name, Value::new([Part::Attribute(db, attribute)]));
    }
    sample.service("worker", worker, fixed(1));
    sample.backing(
        "cache",
        managed(Product::Redis, "7", sample.secret("CACHE_PASSWORD")),
    );
    sample.backing(
        "db",
        managed(Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    sample.uses("worker", "cache", &[6379]);
    sample.uses("worker", "db", &[5432]);
    sample.finish()
}

#[test]
fn attributes_are_those_of_the_products() {
    let files = files(&attributes());
    let text = block(
        &files,
        "service_worker.tf",
        "resource \"aws_ecs_task_definition\" \"worker\"",
    );
    holds(
        &text,
        &[
            "{ name = \"CACHE_HOST\", value = aws_elasticache_replication_group.cache.primary_endpoint_address },",
            "{ name = \"CACHE_PORT\", value = tostring(aws_elasticache_replication_group.cache.port) },",
            "{ name = \"CACHE_TLS\", value = \"true\" },",
            "{ name = \"DB_ADDRESS\", value = \"${aws_db_instance.db.address}:${aws_db_instance.db.port}\" },",
            "{ name = \"DB_DATABASE\", value = aws_db_instance.db.db_name },",
            "{ name = \"DB_HOST\", value = aws_db_instance.db.address },",
            "{ name = \"DB_PORT\", value = tostring(aws_db_instance.db.port) },",
            "{ name = \"DB_TLS\", value = \"true\" },",
            "{ name = \"DB_USERNAME\", value = aws_db_instance.db.username },",
        ],
    );
    let db = block(&files, "dependency_db.tf", "locals");
    let url = "db_url = \"postgresql://${aws_db_instance.db.username}:%[1]s@${aws_db_instance.db.address}:${aws_db_instance.db.port}/${aws_db_instance.db.db_name}?sslmode=require\"";
    holds(&db, &[url]);
    let cache = block(&files, "dependency_cache.tf", "locals");
    let group = "aws_elasticache_replication_group.cache";
    holds(
        &cache,
        &[&format!(
            "cache_url = \"rediss://:%[1]s@${{{group}.primary_endpoint_address}}:${{{group}.port}}\""
        )],
    );
    let version = block(
        &files,
        "dependency_db.tf",
        "resource \"aws_secretsmanager_secret_version\" \"db_url\"",
    );
    let read = "ephemeral.aws_secretsmanager_secret_version.db_password.secret_string";
    holds(
        &version,
        &[&format!("secret_string_wo = format(local.db_url, {read})")],
    );
}

#[test]
fn composed_texts_are_members_of_one_secret() {
    let text = block(
        &files(&shop(None)),
        "service_mailer.tf",
        "resource \"aws_secretsmanager_secret_version\" \"mailer_composed\"",
    );
    let read = "ephemeral.aws_secretsmanager_secret_version.smtp_password_supplied.secret_string";
    holds(
        &text,
        &[&format!(
            "SMTP_URL = format(local.mailer_composed.SMTP_URL, {read})"
        )],
    );
}

#[test]
fn udp_ports_have_rules_of_udp() {
    let mut sample = Sample::new("udp", None, &[], &[], &[]);
    let image = sample.pinned("coredns/coredns:1.12.0");
    sample.service("dns", workload(image, &[("dns", 53, Protocol::Udp)]), fixed(1));
    sample.service("worker", workload(image, &[]), fixed(1));
    sample.uses_over("worker", "dns", 53, Transport::Udp);
    let files = files(&sample.finish());
    for (file, kind, name) in [
        ("service_worker.tf", "egress", "worker_to_dns_53_udp"),
        ("service_dns.tf", "ingress", "dns_from_worker_53_udp"),
    ] {
        let first = format!("resource \"aws_vpc_security_group_{kind}_rule\" \"{name}\"");
        holds(
            &block(&files, file, &first),
            &["from_port = 53", "ip_protocol = \"udp\""],
        );
    }
    let definition = block(
        &files,
        "service_dns.tf",
        "resource \"aws_ecs_task_definition\" \"dns\"",
    );
    holds(
        &definition,
        &["{ name = \"dns\", containerPort = 53, hostPort = 53, protocol = \"udp\" },"],
    );
}

#[test]
fn the_output_says_how_an_image_is_built() {
    let mut sample = Sample::new("build", Some("ghcr.io/acme"), &[], &[], &[]);
    let built = Built {
        name: "api".into(),
        context: VirtualPath::new("services/api").unwrap(),
        file: Some("Dockerfile.prod".into()),
        stage: Some("run".into()),
        args: [("VERSION".to_owned(), "${x}".to_owned())].into(),
        platforms: vec!["linux/amd64".into()],
        pinned: None,
    };
    let image = sample.image("api", Image::Built(built));
    sample.service("api", workload(image, &[]), fixed(1));
    let files = files(&sample.finish());
    holds(
        &block(&files, "outputs.tf", "output \"images\""),
        &[
            "repository = \"ghcr.io/acme/build-api\"",
            "context = \"services/api\"",
            "dockerfile = \"Dockerfile.prod\"",
            "target = \"run\"",
            "VERSION = \"$${x}\"",
            "platforms = [\"linux/amd64\"]",
        ],
    );
    assert!(files.iter().all(|(path, _)| path.as_str() != "registry.tf"));
}

#[test]
fn short_names_are_completed_and_the_default_group_is_empty() {
    let files = files(&shop(None));
    let file = "network.tf";
    let options = block(&files, file, "resource \"aws_vpc_dhcp_options\" \"main\"");
    holds(
        &options,
        &["domain_name = aws_service_discovery_private_dns_namespace.main.name"],
    );
    let given = block(
        &files,
        file,
        "resource \"aws_vpc_dhcp_options_association\" \"main\"",
    );
    holds(&given, &["dhcp_options_id = aws_vpc_dhcp_options.main.id"]);
    let group = block(&files, file, "resource \"aws_default_security_group\" \"main\"");
    assert!(!group.contains("gress"), "{group}");
    let domain = block(
        &files,
        "cluster.tf",
        "resource \"aws_service_discovery_private_dns_namespace\" \"main\"",
    );
    holds(&domain, &["name = \"shop-production.internal\""]);
    let name = block(
        &files,
        "service_api.tf",
        "resource \"aws_service_discovery_service\" \"api\"",
    );
    holds(&name, &["name = \"api\"", "type = \"A\"", "ttl = 10"]);
}

#[test]
fn a_role_decrypts_its_own_secrets_and_nothing_else_that_the_key_encrypts() {
    let files = files(&shop(None));
    let web = block(
        &files,
        "service_web.tf",
        "data \"aws_iam_policy_document\" \"web_execution\"",
    );
    let decrypt = web.split("statement {").find(|text| text.contains("kms:Decrypt"));
    holds(
        decrypt.unwrap(),
        &[
            "variable = \"kms:ViaService\"",
            "values = [\"secretsmanager.${local.region}.amazonaws.com\"]",
            "variable = \"kms:EncryptionContext:SecretARN\"",
            "values = [aws_secretsmanager_secret.cache_url.arn]",
        ],
    );
}

#[test]
fn the_last_snapshot_has_a_name_that_no_other_environment_took() {
    let files = files(&skeleton());
    let server = block(&files, "dependency_db.tf", "resource \"aws_db_instance\" \"db\"");
    holds(
        &server,
        &[
            "skip_final_snapshot = false",
            "final_snapshot_identifier = \"skeleton-production-db-final-${random_id.db.hex}\"",
        ],
    );
    // Whatever replaces a server draws another number for the next one.
    let number = block(&files, "dependency_db.tf", "resource \"random_id\" \"db\"");
    for replaces in ["db_name", "kms_key_id", "username"] {
        let line = server.lines().find(|line| line.trim().starts_with(replaces));
        let line = line.unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        holds(&number, &[&line]);
    }
}

#[test]
fn the_key_serves_log_groups_of_this_environment_alone() {
    let text = block(&files(&skeleton()), "kms.tf", "resource \"aws_kms_key\" \"main\"");
    let groups: Vec<&str> = text
        .split('"')
        .filter_map(|words| words.split_once(":log-group:"))
        .map(|(_, name)| name)
        .collect();
    assert_eq!(
        groups,
        [
            "/skeleton/production/*",
            "/aws/rds/instance/skeleton-production-db/*"
        ]
    );
}

#[test]
fn releases_are_counted_and_not_their_parts() {
    let policy = block(
        &files(&skeleton()),
        "registry.tf",
        "resource \"aws_ecr_lifecycle_policy\" \"web\"",
    );
    let counted = policy
        .split("rulePriority")
        .find(|rule| rule.contains("imageCountMoreThan"));
    holds(
        counted.unwrap(),
        &["tagStatus = \"tagged\"", "tagPatternList = [\"*\"]"],
    );
}

#[test]
fn a_slip_in_the_name_of_a_secret_is_refused() {
    let secrets = block(&files(&shop(None)), "variables.tf", "variable \"secrets\"");
    holds(
        &secrets,
        &["condition = length(setsubtract(keys(var.secrets), [\"PAYMENTS_KEY\", \"SMTP_PASSWORD\"])) == 0"],
    );
}

#[test]
fn a_password_is_read_back_where_something_is_made_of_it() {
    let reads = |program: &Program| {
        let path = VirtualPath::new("dependency_cache.tf").unwrap();
        let files = files(program);
        let text = String::from_utf8(files.get(&path).unwrap().contents.clone()).unwrap();
        text.contains("ephemeral \"aws_secretsmanager_secret_version\" \"cache_password\"")
    };
    assert!(reads(&attributes()), "its URL is");
    let mut sample = Sample::new("quiet", None, &[], &["cache"], &["cache"]);
    let image = sample.pinned("busybox:1.37.0");
    let mut worker = workload(image, &[]);
    let password = Part::Attribute(Id::new(0), Attribute::Password);
    worker
        .environment
        .insert("PASSWORD".into(), Value::new([password]));
    sample.service("worker", worker, fixed(1));
    let password = sample.secret("CACHE_PASSWORD");
    sample.backing("cache", managed(Product::Redis, "7", password));
    sample.uses("worker", "cache", &[6379]);
    assert!(!reads(&sample.finish()), "the service reads it itself");
}
