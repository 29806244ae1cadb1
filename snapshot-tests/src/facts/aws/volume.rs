//! File systems that outlive a task: which volume each mount leads to, and that whoever mounts one may.

use super::module::{Module, Term};
use super::network::group_of;
use super::secret::parts;
use super::task::mounts;
use hcl::Body;
use std::collections::BTreeMap;

/// The volumes of a container, by where they lie: what each is named after, and whether it is only read.
pub(super) fn lasting(
    module: &Module,
    groups: &Term,
    definition: &Body,
    container: &Term,
) -> Result<BTreeMap<String, (String, bool)>, String> {
    let mut found = BTreeMap::new();
    for mount in mounts(container)? {
        if mount.volume.starts_with("exoc-files-") {
            continue;
        }
        let (system, point) = of_volume(module, definition, &mount.volume)?;
        let who = owner(module, &point)?;
        let mut needed = vec!["ClientMount"];
        needed.extend((!mount.read_only).then_some("ClientWrite"));
        // AWS makes root somebody else without it.
        needed.extend(who.starts_with("0:").then_some("ClientRootAccess"));
        check_rights(module, definition, &system, &point, &needed)?;
        check_reach(module, groups, &system)?;
        let user = container.get("user").and_then(Term::plain);
        if !mount.read_only && user.as_deref() != Some(who.as_str()) {
            return Err(format!("it writes {} as {who}", mount.path));
        }
        let identity = identity(module, &system, &point)?;
        found.insert(mount.path, (identity, mount.read_only));
    }
    Ok(found)
}

/// The file system and the access point behind a volume of a task.
fn of_volume(module: &Module, definition: &Body, name: &str) -> Result<(String, String), String> {
    let mut volumes = definition.blocks().filter(|block| block.identifier() == "volume");
    let volume = volumes.find(|block| module.plain(block.body(), "name", "a volume").as_deref() == Ok(name));
    let volume = volume.ok_or_else(|| format!("there is no volume {name}"))?;
    let config = inner(volume.body(), "efs_volume_configuration", name)?;
    if module.plain(config, "transit_encryption", name)? != "ENABLED" {
        return Err(format!("{name} is mounted in the clear"));
    }
    let authorization = inner(config, "authorization_config", name)?;
    if module.plain(authorization, "iam", name)? != "ENABLED" {
        return Err(format!("{name} is mounted without a permission"));
    }
    let system = module.required(config, "file_system_id", name)?;
    let point = module.required(authorization, "access_point_id", name)?;
    Ok((
        address(&system, "aws_efs_file_system", "id")?,
        address(&point, "aws_efs_access_point", "id")?,
    ))
}

/// The groups of a service of ECS.
pub(super) fn groups(module: &Module, service: &Body) -> Result<Term, String> {
    let network = inner(service, "network_configuration", "the service")?;
    module.required(network, "security_groups", "the service")
}

fn inner<'b>(body: &'b Body, kind: &str, what: &str) -> Result<&'b Body, String> {
    let mut blocks = body.blocks().filter(|block| block.identifier() == kind);
    match (blocks.next(), blocks.next()) {
        (Some(block), None) => Ok(block.body()),
        _ => Err(format!("{what} has no one {kind}")),
    }
}

fn address(term: &Term, kind: &str, attribute: &str) -> Result<String, String> {
    match term.reference().map(parts).as_deref() {
        Some([found, address, last]) if *found == kind && *last == attribute => Ok((*address).to_owned()),
        _ => Err(format!("{term:?} is no {kind}")),
    }
}

/// User and group of an access point, like those of a container.
fn owner(module: &Module, point: &str) -> Result<String, String> {
    let body = module.block(&["aws_efs_access_point", point]);
    let body = body.ok_or_else(|| format!("there is no access point {point}"))?;
    let user = inner(body, "posix_user", point)?;
    let (uid, gid) = (
        module.number(user, "uid", point)?,
        module.number(user, "gid", point)?,
    );
    let made = inner(inner(body, "root_directory", point)?, "creation_info", point)?;
    let same = (
        module.number(made, "owner_uid", point)?,
        module.number(made, "owner_gid", point)?,
    ) == (uid, gid);
    if same {
        Ok(format!("{uid}:{gid}"))
    } else {
        Err(format!("the folder of {point} is somebody else's"))
    }
}

/// What a volume is named after: its file system and its folder there. The folder of a shared one has the name of the
/// file system.
fn identity(module: &Module, system: &str, point: &str) -> Result<String, String> {
    let body = module.block(&["aws_efs_file_system", system]);
    let body = body.ok_or_else(|| format!("there is no file system {system}"))?;
    let kept = inner(body, "lifecycle", system)?;
    let encrypted = module.plain(body, "encrypted", system)?;
    if module.plain(kept, "prevent_destroy", system)? != "true" || encrypted != "true" {
        return Err(format!("{system} is not kept as it should be"));
    }
    let token = module.plain(body, "creation_token", system)?;
    let cluster = module
        .block(&["aws_ecs_cluster", "main"])
        .ok_or("there is no cluster")?;
    let prefix = format!("{}-", module.plain(cluster, "name", "the cluster")?);
    let of = token
        .strip_prefix(&prefix)
        .ok_or_else(|| format!("the token {token}"))?;
    let body = module.block(&["aws_efs_access_point", point]);
    let body = body.ok_or_else(|| format!("there is no access point {point}"))?;
    let system_of_point = module.required(body, "file_system_id", point)?;
    if address(&system_of_point, "aws_efs_file_system", "id")? != system {
        return Err(format!("{point} is of another file system"));
    }
    let folder = module.plain(inner(body, "root_directory", point)?, "path", point)?;
    let folder = folder.trim_start_matches('/');
    Ok(if folder == of {
        of.to_owned()
    } else {
        format!("{of}-{folder}")
    })
}

/// The role of the task may do what is needed with the volume, through its access point.
fn check_rights(
    module: &Module,
    definition: &Body,
    system: &str,
    point: &str,
    needed: &[&str],
) -> Result<(), String> {
    let role = address(
        &module.required(definition, "task_role_arn", "the task")?,
        "aws_iam_role",
        "arn",
    )?;
    let mut granted: Vec<String> = Vec::new();
    for (name, policy) in module.all("aws_iam_role_policy") {
        let of = module.required(policy, "role", name)?;
        if address(&of, "aws_iam_role", "id").as_deref() != Ok(role.as_str()) {
            continue;
        }
        let document = module.required(policy, "policy", name)?;
        let document = match document.reference().map(parts).as_deref() {
            Some(["data", kind, name, "json"]) => module.block(&["data", kind, name]),
            _ => None,
        };
        let statements = document.into_iter().flat_map(Body::blocks);
        for statement in statements.filter(|block| block.identifier() == "statement") {
            let body = statement.body();
            let resources = module.required(body, "resources", name)?;
            let is_of_system =
                |term: &Term| address(term, "aws_efs_file_system", "arn").as_deref() == Ok(system);
            if !resources.list().unwrap_or_default().iter().any(is_of_system) {
                continue;
            }
            let condition = inner(body, "condition", name)?;
            let values = module.required(condition, "values", name)?;
            let [value] = values.list().unwrap_or_default() else {
                return Err(format!("the condition of {name}"));
            };
            if address(value, "aws_efs_access_point", "arn").as_deref() == Ok(point) {
                let actions = module.required(body, "actions", name)?;
                granted.extend(actions.list().unwrap_or_default().iter().filter_map(Term::plain));
            }
        }
    }
    let may = |action: &str| {
        granted
            .iter()
            .any(|granted| granted.strip_prefix("elasticfilesystem:") == Some(action))
    };
    match needed.iter().find(|action| !may(action)) {
        Some(missing) => Err(format!("it has no {missing} for {point}")),
        None => Ok(()),
    }
}

/// The task reaches the file system, and the file system admits it.
fn check_reach(module: &Module, own: &Term, system: &str) -> Result<(), String> {
    let own: Vec<String> = own
        .list()
        .unwrap_or_default()
        .iter()
        .filter_map(group_of)
        .collect();
    let mut groups: Vec<String> = Vec::new();
    for (name, target) in module.all("aws_efs_mount_target") {
        let of = module.required(target, "file_system_id", name)?;
        if address(&of, "aws_efs_file_system", "id").as_deref() == Ok(system) {
            let of_target = module.required(target, "security_groups", name)?;
            groups.extend(of_target.list().unwrap_or_default().iter().filter_map(group_of));
        }
    }
    for (kind, from, to) in [
        ("aws_vpc_security_group_egress_rule", &own, &groups),
        ("aws_vpc_security_group_ingress_rule", &groups, &own),
    ] {
        let mut opened = false;
        for (name, rule) in module.all(kind) {
            let group = group_of(&module.required(rule, "security_group_id", name)?);
            let peer = module.attribute(rule, "referenced_security_group_id")?;
            let peer = peer.as_ref().and_then(group_of);
            let number = module
                .attribute(rule, "from_port")?
                .and_then(|term| term.number());
            opened |= group.is_some_and(|group| from.contains(&group))
                && peer.is_some_and(|peer| to.contains(&peer))
                && number == Some(2049);
        }
        if !opened {
            return Err(format!("{system} cannot be reached: no {kind}"));
        }
    }
    Ok(())
}
