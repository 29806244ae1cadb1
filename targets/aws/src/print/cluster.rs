//! `cluster.tf`: the ECS cluster and the private domain of its services.

use super::common::{File, arn, resource, trust};
use crate::model::{Cluster, Model};
use exoc_emit::hcl::reference;

/// The cluster.
pub(super) fn file(model: &Model) -> File {
    let Cluster { name, namespace } = &model.cluster;
    let mut file = File::default();
    file.add(
        "Where all tasks of this environment run.",
        &model.lines,
        resource("aws_ecs_cluster", "main")
            .attr("name", name)
            .block("setting", |body| {
                body.attr("name", "containerInsights").attr("value", "enhanced")
            }),
    );
    file.add(
        "Tasks run on Fargate alone: there are no machines to look after.",
        &model.lines,
        resource("aws_ecs_cluster_capacity_providers", "main")
            .attr("cluster_name", reference(["aws_ecs_cluster", "main", "name"]))
            .attr("capacity_providers", vec!["FARGATE"])
            .block("default_capacity_provider_strategy", |body| {
                body.attr("capacity_provider", "FARGATE").attr("weight", 1)
            }),
    );
    file.add(
        "The private domain in which components have their roles as names.",
        &model.lines,
        resource("aws_service_discovery_private_dns_namespace", "main")
            .attr("name", namespace)
            .attr(
                "description",
                format!("Components of {}", model.application.prefix),
            )
            .attr("vpc", reference(["aws_vpc", "main", "id"])),
    );
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
