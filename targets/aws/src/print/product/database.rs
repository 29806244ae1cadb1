//! An instance of RDS and what belongs to it.

use super::super::common::{File, log_groups, resource, skip, trust};
use super::{
    group, group_ids, key, last_snapshot, parameters, password, sized, snapshot_name, subnets, written_only,
};
use crate::model::{Database, Product};
use exoc_emit::hcl::{Block, Object, Template, list, local, reference, var};

/// One database.
pub(super) fn add(file: &mut File, product: &Product, database: &Database, prefix: &str) {
    let (address, role) = (&product.address, &product.role);
    subnets(
        file,
        product,
        "aws_db_subnet_group",
        ("name_prefix", &product.name_prefix),
    );
    group(file, product, &format!("{} server", database.title), prefix);
    password(file, product, "");
    file.add(
        "Settings of the server: no connection without TLS, a log of slow and of defining statements.",
        &product.lines,
        settings(product, database),
    );
    monitoring(file, product, database);
    let keepers = Object::new()
        .with("db_name", &database.database)
        .with("identifier", &database.identifier)
        .with("kms_key_id", key())
        .with("username", &database.username);
    snapshot_name(file, product, keepers);
    file.add(
        "The server's logs; made before the server, which would make them without the key and an end.",
        &product.lines,
        log_groups(
            address,
            &format!("/aws/rds/instance/{}/", database.identifier),
            database.logs.iter().copied(),
        ),
    );
    file.add(
        sized(&format!("The server of {role}."), &database.picked),
        &product.server_lines,
        instance(product, database),
    );
}

fn settings(product: &Product, database: &Database) -> Block {
    let block = resource("aws_db_parameter_group", &product.address)
        .attr("name_prefix", &product.name_prefix)
        .attr("description", format!("Settings of {}", product.identity))
        .attr("family", &database.family);
    // What the manifest sets may be a setting that a server reads only when it starts.
    let block = database.parameters.iter().fold(block, |block, (name, value)| {
        block.block("parameter", |body| {
            body.attr("apply_method", "pending-reboot")
                .attr("name", name)
                .attr("value", value)
        })
    });
    parameters(block, &database.settings).block("lifecycle", |body| body.attr("create_before_destroy", true))
}

fn monitoring(file: &mut File, product: &Product, database: &Database) {
    let own = format!("{}_monitoring", product.address);
    file.add(
        "Only RDS in this account may take the role below.",
        &product.lines,
        trust(&own, "monitoring.rds.amazonaws.com", None),
    );
    file.add(
        "The role that publishes what the server's operating system measures.",
        &product.lines,
        resource("aws_iam_role", &own)
            .attr("name", &database.monitoring_role)
            .attr("description", format!("Publishes metrics of {}", product.role))
            .attr(
                "assume_role_policy",
                reference(["data", "aws_iam_policy_document", &own, "json"]),
            ),
    );
    file.add(
        "Lets the role above publish.",
        &product.lines,
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

fn instance(product: &Product, database: &Database) -> Block {
    let address = &product.address;
    let block = resource("aws_db_instance", address);
    let block = if database.standby {
        block
    } else {
        let reason = "one instance in one zone is what the manifest asks for";
        block.comment(skip("CKV_AWS_157", reason)).blank()
    };
    let block = block
        .attr("identifier", &database.identifier)
        .attr("engine", database.engine)
        .attr("engine_version", &database.engine_version)
        .attr("instance_class", database.class)
        .attr("db_name", &database.database)
        .attr("username", &database.username);
    let block = written_only(block, product, "password_wo")
        .attr("port", database.port)
        .attr("allocated_storage", database.storage_gib)
        .attr("max_allocated_storage", database.most_storage_gib)
        .attr("storage_type", "gp3")
        .attr("storage_encrypted", true)
        .attr("kms_key_id", key())
        .attr("multi_az", database.standby)
        .attr(
            "db_subnet_group_name",
            reference(["aws_db_subnet_group", address, "name"]),
        )
        .attr("vpc_security_group_ids", group_ids(product))
        .attr("publicly_accessible", false)
        .attr(
            "parameter_group_name",
            reference(["aws_db_parameter_group", address, "name"]),
        )
        .attr("iam_database_authentication_enabled", true);
    kept(block, product, database)
        .attr(
            "enabled_cloudwatch_logs_exports",
            list(database.logs.iter().copied()),
        )
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
fn kept(block: Block, product: &Product, database: &Database) -> Block {
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
            last_snapshot(product, &database.identifier),
        )
}
