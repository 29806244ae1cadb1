//! `dependency_<role>.tf` of a database: an instance of RDS and what belongs to it.

use super::common::{File, ephemeral, resource, security_group, skip, subnet_ids, trust};
use super::{rules, secrets};
use crate::model::{Content, Database};
use exoc_emit::hcl::{Block, Template, call, list, local, reference, var};

/// The logs that RDS sends to CloudWatch.
const LOGS: [&str; 2] = ["postgresql", "upgrade"];

/// One database.
pub(super) fn file(database: &Database, prefix: &str) -> File {
    let mut file = File::default();
    let (address, role) = (&database.address, &database.role);
    file.add(
        format!("Where {role} stands: in subnets from which no route leads out."),
        &database.lines,
        resource("aws_db_subnet_group", address)
            .attr("name_prefix", &database.name_prefix)
            .attr("description", format!("Subnets of {role}"))
            .attr("subnet_ids", subnet_ids("data")),
    );
    file.add(
        format!("The group of {role}."),
        &database.lines,
        security_group(
            address,
            &database.name_prefix,
            &format!("Database {role} of {prefix}"),
        ),
    );
    rules::add(&mut file, &database.rules);
    password(&mut file, database);
    file.add(
        "Settings of the server: no connection without TLS.",
        &database.lines,
        parameters(database),
    );
    monitoring(&mut file, database);
    file.add(
        "Made before the server, so that its logs are encrypted and forgotten after a year.",
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
    file.add("The server.", &database.server_lines, instance(database));
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

fn monitoring(file: &mut File, database: &Database) {
    let own = format!("{}_monitoring", database.address);
    file.add(
        "Only RDS in this account may take the role below.",
        &database.lines,
        trust(&own, "monitoring.rds.amazonaws.com", None),
    );
    file.add(
        "The role that publishes the server's metrics.",
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
        "Gives the role its permissions.",
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
    resource("aws_db_instance", address)
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
        .attr("iam_database_authentication_enabled", true)
        .attr("backup_retention_period", database.backup_days)
        .attr("backup_window", "02:00-03:00")
        .attr("maintenance_window", "sun:03:30-sun:04:30")
        .attr("auto_minor_version_upgrade", true)
        .attr("copy_tags_to_snapshot", true)
        .attr("deletion_protection", var("deletion_protection"))
        .attr("skip_final_snapshot", false)
        .attr(
            "final_snapshot_identifier",
            format!("{}-final", database.identifier),
        )
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
