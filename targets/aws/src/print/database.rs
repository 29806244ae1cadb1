//! `dependency_<role>.tf` of a database: an instance of RDS and what belongs to it.

use super::common::{File, ephemeral, resource, security_group, skip, subnet_ids, trust};
use super::{rules, secrets};
use crate::model::{Content, Database};
use exoc_emit::hcl::{Block, Object, Template, call, list, local, reference, var};

/// The logs that RDS sends to CloudWatch.
const LOGS: [&str; 2] = ["postgresql", "upgrade"];

/// One database.
pub(super) fn file(database: &Database, prefix: &str) -> File {
    let mut file = File::default();
    let (address, role) = (&database.address, &database.role);
    file.add(
        format!("Puts {role} into the subnets from which no route leads out."),
        &database.lines,
        resource("aws_db_subnet_group", address)
            .attr("name_prefix", &database.name_prefix)
            .attr("description", format!("Subnets of {role}"))
            .attr("subnet_ids", subnet_ids("data")),
    );
    file.add(
        format!("The security group of {role}."),
        &database.lines,
        security_group(
            address,
            &database.name_prefix,
            &format!("PostgreSQL server {role} of {prefix}"),
        ),
    );
    rules::add(&mut file, &database.rules);
    password(&mut file, database);
    file.add(
        "Settings of the server: no connection without TLS, a log of slow and of defining statements.",
        &database.lines,
        parameters(database),
    );
    monitoring(&mut file, database);
    snapshot_name(&mut file, database);
    file.add(
        "The server's logs; made before the server, which would make them without the key and an end.",
        &database.lines,
        resource("aws_cloudwatch_log_group", address)
            .attr("for_each", call("toset", [list(LOGS)]))
            .attr(
                "name",
                Template::new()
                    .text(&format!("/aws/rds/instance/{}/", database.identifier))
                    .value(reference(["each", "key"])),
            )
            .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
            .attr("retention_in_days", 365),
    );
    file.add(
        format!("The server of {role}."),
        &database.server_lines,
        instance(database),
    );
    if let Some(url) = &database.url {
        secrets::add(&mut file, url);
    }
    file
}

fn password(file: &mut File, database: &Database) {
    let secret = &database.password;
    match &secret.content {
        Content::Generated { random, key: _ } => file.add(
            "Drawn at every run and stored only when the secret is new or its number was raised.",
            &database.lines,
            secrets::random(ephemeral("random_password", random)),
        ),
        Content::Supplied { .. } | Content::InState { .. } | Content::Composed { .. } => {}
    }
    secrets::add(file, secret);
    secrets::add_read_back(file, secret);
}

fn parameters(database: &Database) -> Block {
    let block = resource("aws_db_parameter_group", &database.address)
        .attr("name_prefix", &database.name_prefix)
        .attr("description", format!("Settings of {}", database.role))
        .attr("family", &database.family);
    database
        .parameters
        .iter()
        .fold(block, |block, (name, value)| {
            block.block("parameter", |body| body.attr("name", *name).attr("value", *value))
        })
        .block("lifecycle", |body| body.attr("create_before_destroy", true))
}

/// A constant name would be taken when an environment of the same name is destroyed for the second time, and the
/// time of day would change with every plan. The keepers are what replaces a server.
fn snapshot_name(file: &mut File, database: &Database) {
    file.add(
        "Drawn once for each server, so that the name of its last snapshot is free.",
        &database.lines,
        resource("random_id", &database.address)
            .attr("byte_length", 4)
            .attr(
                "keepers",
                Object::new()
                    .with("db_name", &database.database)
                    .with("identifier", &database.identifier)
                    .with("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
                    .with("username", &database.username),
            ),
    );
}

fn monitoring(file: &mut File, database: &Database) {
    let own = format!("{}_monitoring", database.address);
    file.add(
        "Only RDS in this account may take the role below.",
        &database.lines,
        trust(&own, "monitoring.rds.amazonaws.com", None),
    );
    file.add(
        "The role that publishes what the server's operating system measures.",
        &database.lines,
        resource("aws_iam_role", &own)
            .attr("name", &database.monitoring_role)
            .attr("description", format!("Publishes metrics of {}", database.role))
            .attr(
                "assume_role_policy",
                reference(["data", "aws_iam_policy_document", &own, "json"]),
            ),
    );
    file.add(
        "Lets the role above publish.",
        &database.lines,
        resource("aws_iam_role_policy_attachment", &own)
            .attr("role", reference(["aws_iam_role", &own, "name"]))
            .attr(
                "policy_arn",
                Template::new()
                    .text("arn:")
                    .value(local("partition"))
                    .text(":iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole"),
            ),
    );
}

fn instance(database: &Database) -> Block {
    let address = &database.address;
    let key = || reference(["aws_kms_key", "main", "arn"]);
    let secret = &database.password.address;
    let block = resource("aws_db_instance", address)
        .comment(skip(
            "CKV_AWS_157",
            "one instance in one zone is what the manifest asks for",
        ))
        .blank()
        .attr("identifier", &database.identifier)
        .attr("engine", database.engine)
        .attr("engine_version", &database.engine_version)
        .attr("instance_class", database.class)
        .attr("db_name", &database.database)
        .attr("username", &database.username)
        .attr(
            "password_wo",
            reference([
                "ephemeral",
                "aws_secretsmanager_secret_version",
                secret,
                "secret_string",
            ]),
        )
        .attr(
            "password_wo_version",
            reference([
                "aws_secretsmanager_secret_version",
                secret,
                "secret_string_wo_version",
            ]),
        )
        .attr("port", database.port)
        .attr("allocated_storage", database.storage_gib)
        .attr("storage_type", "gp3")
        .attr("storage_encrypted", true)
        .attr("kms_key_id", key())
        .attr("multi_az", false)
        .attr(
            "db_subnet_group_name",
            reference(["aws_db_subnet_group", address, "name"]),
        )
        .attr(
            "vpc_security_group_ids",
            vec![reference(["aws_security_group", address, "id"])],
        )
        .attr("publicly_accessible", false)
        .attr(
            "parameter_group_name",
            reference(["aws_db_parameter_group", address, "name"]),
        )
        .attr("iam_database_authentication_enabled", true);
    kept(block, database)
        .attr("enabled_cloudwatch_logs_exports", list(LOGS))
        .attr("performance_insights_enabled", true)
        .attr("performance_insights_kms_key_id", key())
        .attr("performance_insights_retention_period", 7)
        .attr("monitoring_interval", 60)
        .attr(
            "monitoring_role_arn",
            reference(["aws_iam_role", &format!("{address}_monitoring"), "arn"]),
        )
        .attr(
            "depends_on",
            vec![
                reference(["aws_cloudwatch_log_group", address]),
                reference(["aws_iam_role_policy_attachment", &format!("{address}_monitoring")]),
            ],
        )
}

/// What is kept of its data, and when it may be restarted.
fn kept(block: Block, database: &Database) -> Block {
    block
        .attr("backup_retention_period", database.backup_days)
        .attr("backup_window", "02:00-03:00")
        .attr("maintenance_window", "sun:03:30-sun:04:30")
        .attr("auto_minor_version_upgrade", true)
        .attr("copy_tags_to_snapshot", true)
        .attr("deletion_protection", var("deletion_protection"))
        .attr("skip_final_snapshot", false)
        .attr(
            "final_snapshot_identifier",
            Template::new()
                .text(&format!("{}-final-", database.identifier))
                .value(reference(["random_id", &database.address, "hex"])),
        )
}
