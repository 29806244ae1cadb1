//! File systems: in the file of the component whose they are, or in `dependency_<role>.tf`.

use super::common::{File, data, inline, resource, security_group, statement};
use super::rules;
use crate::model::{AccessPoint, FileSystem, Model, Task, TaskMount, Vpc};
use exoc_emit::hcl::{Block, Expression, Object, call, jsonencode, list, object, reference};
use std::collections::{BTreeMap, BTreeSet};

/// What a client may do that mounts a file system.
const MOUNT: &str = "elasticfilesystem:ClientMount";
const WRITE: &str = "elasticfilesystem:ClientWrite";
const ROOT: &str = "elasticfilesystem:ClientRootAccess";

/// The file of a shared one.
pub(super) fn file(model: &Model, system: &FileSystem) -> File {
    let mut file = File::default();
    add(&mut file, model, system);
    file
}

/// Adds a file system and all that belongs to it.
pub(super) fn add(file: &mut File, model: &Model, system: &FileSystem) {
    let FileSystem {
        role,
        identity: _, // what it is called in the first line of the file
        address,
        name,
        group_prefix,
        rules,
        access_points,
        lines,
    } = system;
    // It cannot change, so that it has the name that stays.
    let description = format!("Files of {}", group_prefix.trim_end_matches("-volumes-"));
    file.add(
        format!(
            "Keeps the files of {role} in all zones; without their key nobody can read them.\n\
             Terraform refuses to destroy it: the data would be gone."
        ),
        lines,
        resource("aws_efs_file_system", address)
            .attr("creation_token", name)
            .attr("encrypted", true)
            .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
            .attr("throughput_mode", "elastic")
            .attr("tags", super::common::name_tag(name))
            .block("lifecycle_policy", |body| {
                body.attr("transition_to_ia", "AFTER_30_DAYS")
            })
            .block("lifecycle", |body| body.attr("prevent_destroy", true)),
    );
    file.add(
        "Backs the files up every day and keeps each backup for 35 days.",
        lines,
        resource("aws_efs_backup_policy", address)
            .attr("file_system_id", id(address))
            .block("backup_policy", |body| body.attr("status", "ENABLED")),
    );
    file.add(
        "Nobody mounts it without a permission of their own, or without TLS.",
        lines,
        resource("aws_efs_file_system_policy", address)
            .attr("file_system_id", id(address))
            .attr("policy", policy(address)),
    );
    file.add(
        format!("The security group of the files of {role}."),
        lines,
        security_group(address, group_prefix, &description),
    );
    rules::add(file, rules);
    // Keys must be known before anything is made: names of zones, or ids that were given.
    let (subnets, subnet) = match &model.network.vpc {
        Vpc::Own(_) => (
            reference(["aws_subnet", "data"]),
            reference(["each", "value", "id"]),
        ),
        Vpc::Given(_) => (
            call("toset", [super::common::subnet_ids("data")]),
            reference(["each", "value"]),
        ),
    };
    file.add(
        "Answers in each zone.",
        lines,
        resource("aws_efs_mount_target", address)
            .attr("for_each", subnets)
            .attr("file_system_id", id(address))
            .attr("subnet_id", subnet)
            .attr(
                "security_groups",
                vec![reference(["aws_security_group", address, "id"])],
            ),
    );
    for point in access_points {
        file.add(
            format!(
                "The volume {}: whoever mounts it is this user, and sees no other folder.",
                point.name
            ),
            &point.lines,
            access_point(address, point),
        );
    }
}

fn id(address: &str) -> Expression {
    reference(["aws_efs_file_system", address, "id"])
}

/// With a policy of its own, a file system admits nobody who has no permission.
fn policy(address: &str) -> Expression {
    let statement = Object::new()
        .with("Sid", "OnlyWithTls")
        .with("Effect", "Deny")
        .with("Principal", inline([("AWS", "*".into())]))
        .with("Action", list([MOUNT, ROOT, WRITE]))
        .with("Resource", reference(["aws_efs_file_system", address, "arn"]))
        .with(
            "Condition",
            object([("Bool", inline([("aws:SecureTransport", "false".into())]))]),
        );
    jsonencode(
        Object::new()
            .with("Version", "2012-10-17")
            .with("Statement", list([Expression::from(statement)])),
    )
}

fn access_point(system: &str, point: &AccessPoint) -> Block {
    let AccessPoint {
        name,
        address,
        path,
        user,
        group,
        lines: _,
    } = point;
    resource("aws_efs_access_point", address)
        .attr("file_system_id", id(system))
        .attr("tags", super::common::name_tag(name))
        .block("posix_user", |body| body.attr("uid", *user).attr("gid", *group))
        .block("root_directory", |body| {
            body.attr("path", path).block("creation_info", |body| {
                body.attr("owner_uid", *user)
                    .attr("owner_gid", *group)
                    .attr("permissions", "0755")
            })
        })
}

/// Adds what the role of a task may do with the volumes that it mounts.
pub(super) fn add_permissions(file: &mut File, task: &Task) {
    if task.mounts.is_empty() {
        return;
    }
    let (role, own) = (&task.role, format!("{}_volumes", task.address));
    let document = distinct(task).into_values().enumerate().fold(
        data("aws_iam_policy_document", &own),
        |block, (index, (mount, writes))| permission(block, index, mount, writes),
    );
    file.add(
        format!("What {role} may do with its volumes: mount them, each through its access point."),
        &task.lines,
        document,
    );
    file.add(
        format!("Gives {role} these permissions."),
        &task.lines,
        resource("aws_iam_role_policy", &own)
            .attr("name", "mount-volumes")
            .attr(
                "role",
                reference(["aws_iam_role", &format!("{}_task", task.address), "id"]),
            )
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &own, "json"]),
            ),
    );
}

/// The volumes that a task mounts, each once, and whether it writes there.
fn distinct(task: &Task) -> BTreeMap<&str, (&TaskMount, bool)> {
    let mut volumes = BTreeMap::new();
    for mount in &task.mounts {
        let (_, writes) = volumes
            .entry(mount.access_point.as_str())
            .or_insert((mount, false));
        *writes |= !mount.read_only;
    }
    volumes
}

fn permission(block: Block, index: usize, mount: &TaskMount, writes: bool) -> Block {
    let TaskMount {
        file_system,
        access_point,
        path: _,
        read_only: _,
        as_root,
        lines: _,
    } = mount;
    let actions: Vec<&str> = [(MOUNT, true), (ROOT, *as_root), (WRITE, writes)]
        .into_iter()
        .filter_map(|(action, is_needed)| is_needed.then_some(action))
        .collect();
    let sid = format!("Volume{index}");
    let system = reference(["aws_efs_file_system", file_system, "arn"]);
    let point = reference(["aws_efs_access_point", access_point, "arn"]);
    block.block("statement", |body| {
        statement(&sid, &actions, [system])(body).block("condition", |body| {
            body.attr("test", "StringEquals")
                .attr("variable", "elasticfilesystem:AccessPointArn")
                .attr("values", vec![point])
        })
    })
}

/// The volumes of a task that are file systems.
pub(super) fn of_task(task: &Task) -> impl Iterator<Item = Block> {
    distinct(task).into_values().map(|(mount, _)| {
        exoc_emit::hcl::block("volume", [])
            .attr("name", &mount.access_point)
            .block("efs_volume_configuration", |body| {
                body.attr("file_system_id", id(&mount.file_system))
                    .attr("transit_encryption", "ENABLED")
                    .block("authorization_config", |body| {
                        body.attr(
                            "access_point_id",
                            reference(["aws_efs_access_point", &mount.access_point, "id"]),
                        )
                        .attr("iam", "ENABLED")
                    })
            })
    })
}

/// What must be there before a task mounts its volumes, and no reference of its definition names.
pub(super) fn waited_for(task: &Task) -> Vec<(&'static str, String)> {
    let systems: BTreeSet<&str> = task
        .mounts
        .iter()
        .map(|mount| mount.file_system.as_str())
        .collect();
    let own = format!("{}_volumes", task.address);
    let own = (!systems.is_empty()).then_some(("aws_iam_role_policy", own));
    let of_systems = systems.into_iter().flat_map(|system| {
        ["aws_efs_file_system_policy", "aws_efs_mount_target"].map(|kind| (kind, system.to_owned()))
    });
    own.into_iter().chain(of_systems).collect()
}
