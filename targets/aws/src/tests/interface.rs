//! What hand-written files beside ours may refer to. A test that fails here says that neighbours break: the page of
//! the target must say so too.

use super::files;
use crate::support::{Sample, fixed, managed, workload};
use exoc_ir::{Artifacts, Attribute, Id, Part, Product, Program, Protocol, Scale, Value};
use std::collections::BTreeSet;

/// A public service with a hyphen in its role, which scales and uses a database, a cache and a secret.
fn small() -> Program {
    let mut sample = Sample::new("small", None, &["KEY"], &["cache", "db"], &["cache", "db"]);
    let image = sample.built("web-app");
    let mut web = workload(image, &[("http", 3000, Protocol::Http)]);
    let key = Part::Secret(sample.secret("KEY"));
    web.environment.insert("KEY".into(), Value::new([key]));
    let url = Part::Attribute(Id::new(1), Attribute::Url);
    web.environment.insert("DB_URL".into(), Value::new([url]));
    let scale = Scale {
        min: 1,
        max: 2,
        cpu: Some(70),
        ..fixed(1)
    };
    sample.service("web-app", web, scale);
    let (cache, db) = (sample.secret("CACHE_PASSWORD"), sample.secret("DB_PASSWORD"));
    sample.backing("cache", managed(Product::Redis, "7", cache));
    sample.backing("db", managed(Product::Postgres, "17", db));
    sample.uses("web-app", "db", &[5432]);
    sample.uses("web-app", "cache", &[6379]);
    sample.door("web-app", 0, "shop.example.com", "/", false);
    sample.finish()
}

/// The addresses of all blocks of one kind: `type.name` for resources, the name for outputs and variables.
fn addresses(artifacts: &Artifacts, kind: &str) -> BTreeSet<String> {
    let mut addresses = BTreeSet::new();
    for (path, file) in artifacts.iter() {
        // The module that makes the bucket of the state is another one.
        if path.as_str().contains('/') {
            continue;
        }
        let text = String::from_utf8(file.contents.clone()).unwrap();
        for line in text.lines() {
            let labels = line.strip_prefix(kind).and_then(|rest| rest.strip_suffix(" {"));
            if let Some(labels) = labels {
                addresses.insert(labels.trim().replace("\" \"", ".").replace('"', ""));
            }
        }
    }
    addresses
}

#[test]
fn the_addresses_of_resources_are_an_interface() {
    let expected: BTreeSet<String> = RESOURCES.lines().map(str::to_owned).collect();
    let found = addresses(&files(&small()), "resource");
    let new: Vec<_> = found.difference(&expected).collect();
    let gone: Vec<_> = expected.difference(&found).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "new: {new:#?}\ngone: {gone:#?}"
    );
}

#[test]
fn inputs_outputs_and_locals_are_an_interface() {
    let files = files(&small());
    assert_eq!(
        addresses(&files, "output").into_iter().collect::<Vec<_>>(),
        ["cluster", "images", "urls"]
    );
    assert_eq!(
        addresses(&files, "variable").into_iter().collect::<Vec<_>>(),
        ["deletion_protection", "images", "secret_versions", "secrets"]
    );
    let locals = super::printed::block(&files, "locals.tf", "locals");
    super::printed::holds(
        &locals,
        &[
            "account_id = \"123456789012\"",
            "partition = \"aws\"",
            "region = \"eu-central-1\"",
            "Application = \"small\"",
            "Environment = \"production\"",
            "ManagedBy = \"exoc\"",
            "Owner = \"team-checkout\"",
            "eu-central-1a = 0",
            "eu-central-1b = 1",
        ],
    );
    let network = super::printed::block(&files, "network.tf", "locals");
    super::printed::holds(
        &network,
        &[
            "vpc_id = aws_vpc.main.id",
            "private = [for subnet in aws_subnet.private : subnet.id]",
        ],
    );
}

/// Whoever changes a line changes what neighbours may have written.
const RESOURCES: &str = "\
aws_acm_certificate.shop_example_com
aws_acm_certificate_validation.shop_example_com
aws_appautoscaling_policy.web_app_cpu
aws_appautoscaling_target.web_app
aws_cloudwatch_log_group.cache
aws_cloudwatch_log_group.db
aws_cloudwatch_log_group.exoc_flow_log
aws_cloudwatch_log_group.web_app
aws_cloudwatch_metric_alarm.cache_memory_1
aws_cloudwatch_metric_alarm.db_cpu
aws_cloudwatch_metric_alarm.db_storage
aws_cloudwatch_metric_alarm.exoc_running
aws_cloudwatch_metric_alarm.web_app_3000_failures
aws_cloudwatch_metric_alarm.web_app_3000_latency
aws_cloudwatch_metric_alarm.web_app_3000_unhealthy
aws_db_instance.db
aws_db_parameter_group.db
aws_db_subnet_group.db
aws_default_security_group.main
aws_ecr_lifecycle_policy.web_app
aws_ecr_repository.web_app
aws_ecs_cluster.main
aws_ecs_cluster_capacity_providers.main
aws_ecs_service.web_app
aws_ecs_task_definition.web_app
aws_eip.nat
aws_elasticache_parameter_group.cache
aws_elasticache_replication_group.cache
aws_elasticache_subnet_group.cache
aws_flow_log.main
aws_iam_role.db_monitoring
aws_iam_role.exoc_flow_log
aws_iam_role.web_app_execution
aws_iam_role.web_app_task
aws_iam_role_policy.exoc_flow_log
aws_iam_role_policy.web_app_execution
aws_iam_role_policy_attachment.db_monitoring
aws_internet_gateway.main
aws_kms_alias.main
aws_kms_key.main
aws_lb.main
aws_lb_listener.http
aws_lb_listener.https
aws_lb_listener_rule.web_app_25478
aws_lb_target_group.web_app_3000
aws_nat_gateway.main
aws_route.private_internet
aws_route.public_internet
aws_route53_record.shop_example_com
aws_route53_record.shop_example_com_validation
aws_route_table.data
aws_route_table.private
aws_route_table.public
aws_route_table_association.data
aws_route_table_association.private
aws_route_table_association.public
aws_s3_bucket.exoc_logs
aws_s3_bucket_lifecycle_configuration.exoc_logs
aws_s3_bucket_notification.exoc_logs
aws_s3_bucket_ownership_controls.exoc_logs
aws_s3_bucket_policy.exoc_logs
aws_s3_bucket_public_access_block.exoc_logs
aws_s3_bucket_server_side_encryption_configuration.exoc_logs
aws_s3_bucket_versioning.exoc_logs
aws_secretsmanager_secret.cache_password
aws_secretsmanager_secret.db_password
aws_secretsmanager_secret.db_url
aws_secretsmanager_secret.key_supplied
aws_secretsmanager_secret_version.cache_password
aws_secretsmanager_secret_version.db_password
aws_secretsmanager_secret_version.db_url
aws_secretsmanager_secret_version.key_supplied
aws_security_group.cache
aws_security_group.db
aws_security_group.exoc_load_balancer
aws_security_group.web_app
aws_service_discovery_private_dns_namespace.main
aws_service_discovery_service.web_app
aws_sns_topic.exoc_alarms
aws_subnet.data
aws_subnet.private
aws_subnet.public
aws_vpc.main
aws_vpc_dhcp_options.main
aws_vpc_dhcp_options_association.main
aws_vpc_endpoint.s3
aws_vpc_security_group_egress_rule.exoc_load_balancer_to_web_app_3000
aws_vpc_security_group_egress_rule.web_app_platform_443
aws_vpc_security_group_egress_rule.web_app_to_cache_6379
aws_vpc_security_group_egress_rule.web_app_to_db_5432
aws_vpc_security_group_ingress_rule.cache_from_web_app_6379
aws_vpc_security_group_ingress_rule.db_from_web_app_5432
aws_vpc_security_group_ingress_rule.exoc_load_balancer_http
aws_vpc_security_group_ingress_rule.exoc_load_balancer_https
aws_vpc_security_group_ingress_rule.web_app_from_exoc_load_balancer_3000
random_id.cache
random_id.db
random_password.cache";
