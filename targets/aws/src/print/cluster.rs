//! `cluster.tf`: the ECS cluster and the private domain of its services.

use super::common::{File, arn, data, resource, trust};
use crate::model::{Capacity, Cluster, Lines, Model, Namespace};
use exoc_emit::hcl::{Expression, list, local, reference};

/// The cluster.
pub(super) fn file(model: &Model) -> File {
    let Cluster {
        name,
        given,
        namespace,
        lines,
        namespace_lines,
    } = &model.cluster;
    let mut file = File::default();
    if *given {
        file.add(
            "Where all tasks of this environment run: a cluster that exists already, with capacity providers of Fargate.",
            lines,
            data("aws_ecs_cluster", "main").attr("cluster_name", name),
        );
    } else {
        let spare = model.tasks.iter().any(|task| task.capacity == Capacity::Spare);
        let providers: &[&str] = if spare {
            &["FARGATE", "FARGATE_SPOT"]
        } else {
            &["FARGATE"]
        };
        own(&mut file, name, providers, lines);
    }
    match namespace {
        Namespace::Given(_) => {}
        Namespace::Own(domain) => file.add(
            "The private domain in which components have their roles as names.",
            namespace_lines,
            resource("aws_service_discovery_private_dns_namespace", "main")
                .attr("name", domain)
                .attr(
                    "description",
                    format!("Components of {}", model.application.prefix),
                )
                .attr("vpc", local("vpc_id")),
        ),
    }
    file.add(
        "Only tasks of ECS in this account may take the roles of the services.",
        &model.lines,
        trust(
            "task_trust",
            "ecs-tasks.amazonaws.com",
            Some(arn("ecs").text("*")),
        ),
    );
    file
}

/// An attribute of the cluster, whoever made it: `id`, which is its ARN, or `name`.
pub(super) fn attribute(model: &Model, attribute: &str) -> Expression {
    match (model.cluster.given, attribute) {
        (false, attribute) => reference(["aws_ecs_cluster", "main", attribute]),
        (true, "name") => reference(["data", "aws_ecs_cluster", "main", "cluster_name"]),
        (true, attribute) => reference(["data", "aws_ecs_cluster", "main", attribute]),
    }
}

/// The id of the namespace, whoever made it.
pub(super) fn namespace_id(model: &Model) -> Expression {
    match &model.cluster.namespace {
        Namespace::Own(_) => reference(["aws_service_discovery_private_dns_namespace", "main", "id"]),
        Namespace::Given(id) => id.into(),
    }
}

/// A cluster of our own.
fn own(file: &mut File, name: &str, providers: &[&str], lines: &Lines) {
    file.add(
        "Where all tasks of this environment run.",
        lines,
        resource("aws_ecs_cluster", "main")
            .attr("name", name)
            .block("setting", |body| {
                body.attr("name", "containerInsights").attr("value", "enhanced")
            }),
    );
    file.add(
        "Tasks run on Fargate alone: there are no machines to look after.",
        lines,
        resource("aws_ecs_cluster_capacity_providers", "main")
            .attr("cluster_name", reference(["aws_ecs_cluster", "main", "name"]))
            .attr("capacity_providers", list(providers.iter().copied()))
            .block("default_capacity_provider_strategy", |body| {
                body.attr("capacity_provider", "FARGATE").attr("weight", 1)
            }),
    );
}
