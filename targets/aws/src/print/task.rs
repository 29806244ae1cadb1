//! `service_<role>.tf` and the like: everything that one ECS service or one job owns.

mod companion;
mod definition;
mod job;
mod routing;
mod scaling;

use super::common::{File, log_group, resource, security_group, security_group_of_job, skip, subnet_ids};
use super::{roles, rules, secrets, volume};
use crate::model::{Capacity, Kind, ListenerRule, Model, Rule, Standing, Task};
use exoc_emit::hcl::{Block, Expression, reference};

/// One service.
pub(super) fn file(model: &Model, task: &Task) -> File {
    let mut file = File::default();
    let role = &task.role;
    file.add(
        format!("Keeps for a year what {role} writes to its standard output."),
        &task.lines,
        log_group(&task.address, &task.log_group),
    );
    file.add(
        format!("The security group of the tasks of {role}."),
        &task.lines,
        group(model, task),
    );
    rules::add(&mut file, &task.rules);
    roles::add(&mut file, task);
    if let Some(system) = &task.file_system {
        volume::add(&mut file, model, system);
    }
    volume::add_permissions(&mut file, task);
    if let Some(composed) = &task.composed {
        secrets::add(&mut file, composed);
    }
    file.add(
        format!("A task of {role}: its size, image, variables and rights."),
        &task.definition_lines,
        definition::block(task),
    );
    if let Some(job) = &task.job {
        job::add(&mut file, model, task, job);
        return file;
    }
    if task.registered {
        file.add(
            format!("Lets others find {role} by its name."),
            &task.port_lines,
            discovery(model, task),
        );
    }
    routing::add(&mut file, model, task);
    file.add(
        format!("Keeps the tasks of {role} running."),
        &task.scale_lines,
        service(model, task),
    );
    scaling::add(&mut file, model, task);
    file
}

/// Its description cannot change, so that it has the name that stays.
fn group(model: &Model, task: &Task) -> Block {
    let description = format!("Tasks of {} of {}", task.identity, model.application.prefix);
    match task.job {
        Some(_) => security_group_of_job(&task.address, &task.group_prefix, &description),
        None => security_group(&task.address, &task.group_prefix, &description),
    }
}

fn discovery(model: &Model, task: &Task) -> Block {
    resource("aws_service_discovery_service", &task.address)
        .attr("name", &task.role)
        .block("dns_config", |body| {
            body.attr("namespace_id", super::cluster::namespace_id(model))
                .attr("routing_policy", "MULTIVALUE")
                .block("dns_records", |body| body.attr("type", "A").attr("ttl", 10))
        })
        .block("health_check_custom_config", |body| {
            body.attr("failure_threshold", 1)
        })
        .block("lifecycle", |body| {
            body.comment("Tasks stand under the old name until they have a new one.")
                .attr("create_before_destroy", true)
        })
}

/// Which machines tasks run on.
fn capacity(block: Block, capacity: Capacity) -> Block {
    match capacity {
        Capacity::Kept => block.block("capacity_provider_strategy", |body| {
            body.attr("capacity_provider", "FARGATE").attr("weight", 1)
        }),
        Capacity::Spare => block
            .block("capacity_provider_strategy", |body| {
                body.comment("One task stays when AWS takes its spare machines back.")
                    .attr("capacity_provider", "FARGATE")
                    .attr("base", 1)
                    .attr("weight", 0)
            })
            .block("capacity_provider_strategy", |body| {
                body.attr("capacity_provider", "FARGATE_SPOT").attr("weight", 1)
            }),
    }
}

fn service(model: &Model, task: &Task) -> Block {
    let address = &task.address;
    let scale = &task.scale;
    // Tasks are moved to other zones only where more of them may run than are wanted.
    let rebalancing = if scale.maximum > 100 {
        "ENABLED"
    } else {
        "DISABLED"
    };
    let (tier, public) = match model.network.tasks {
        Standing::Private => ("private", false),
        Standing::Public => ("public", true),
    };
    let block = resource("aws_ecs_service", address);
    let block = if public {
        let reason = "the manifest puts tasks into public subnets, behind their security groups";
        block.comment(skip("CKV_AWS_333", reason)).blank()
    } else {
        block
    };
    let block = block
        .attr("name", &task.service_name)
        .attr("cluster", super::cluster::attribute(model, "id"))
        .attr(
            "task_definition",
            reference(["aws_ecs_task_definition", address, "arn"]),
        )
        .attr("desired_count", scale.desired)
        .attr("platform_version", "LATEST")
        .attr("availability_zone_rebalancing", rebalancing)
        .attr("deployment_minimum_healthy_percent", scale.minimum_healthy)
        .attr("deployment_maximum_percent", scale.maximum)
        .attr_some("health_check_grace_period_seconds", task.grace)
        .attr("enable_ecs_managed_tags", true)
        .attr("propagate_tags", "SERVICE")
        .attr("wait_for_steady_state", true)
        // Or the provider refuses to plan another strategy for a service that runs (6.25 to 6.58, ecs/service.go).
        .attr("force_new_deployment", true);
    let block = capacity(block, task.capacity);
    let block = block
        .block("deployment_circuit_breaker", |body| {
            body.attr("enable", true).attr("rollback", true)
        })
        .block("network_configuration", |body| {
            body.attr("subnets", subnet_ids(tier))
                .attr(
                    "security_groups",
                    vec![reference(["aws_security_group", address, "id"])],
                )
                .attr("assign_public_ip", public)
        });
    let block = task.target_groups.iter().fold(block, |block, group| {
        block.block("load_balancer", |body| {
            body.attr(
                "target_group_arn",
                reference(["aws_lb_target_group", &group.address, "arn"]),
            )
            .attr("container_name", &task.container.name)
            .attr("container_port", group.port)
        })
    });
    let block = if task.registered {
        let arn = reference(["aws_service_discovery_service", address, "arn"]);
        block.block("service_registries", |body| body.attr("registry_arn", arn))
    } else {
        block
    };
    let block = match scale.auto {
        Some(_) => block.block("lifecycle", |body| {
            body.comment("Autoscaling changes it.")
                .attr("ignore_changes", vec![reference(["desired_count"])])
        }),
        None => block,
    };
    let needs: Vec<Expression> = waits_for(model, task)
        .into_iter()
        .map(|(kind, address)| reference([kind, &address]))
        .collect();
    block
        .comment("What a task needs and nothing above names.")
        .attr("depends_on", needs)
}

/// What a task needs and no reference of its service or state machine names: types and addresses. Nothing of other
/// services, so that cycles of services can be planned.
pub(super) fn waits_for(model: &Model, task: &Task) -> Vec<(&'static str, String)> {
    let mut names = Vec::new();
    if !model.cluster.given {
        names.push(("aws_ecs_cluster_capacity_providers", "main".to_owned()));
    }
    names.push(("aws_iam_role_policy", format!("{}_execution", task.address)));
    if let (Some(_), Kind::Service) = (&model.gate, task.kind) {
        names.push(("terraform_data", "before_deploy".to_owned()));
    }
    let rule = |rule: &ListenerRule| ("aws_lb_listener_rule", rule.address.clone());
    names.extend(task.listener_rules.iter().map(rule));
    let listener = |address: &String| ("aws_lb_listener", address.clone());
    names.extend(task.listeners.iter().map(listener));
    names.extend(task.products.iter().cloned());
    names.extend(volume::waited_for(task));
    let of_network = |(kind, address): &(&'static str, &'static str)| (*kind, (*address).to_owned());
    names.extend(model.network.waits.iter().map(of_network));
    let of_group = |rule: &Rule| (rules::kind(rule.direction), rule.address.clone());
    names.extend(task.rules.iter().map(of_group));
    names
}
