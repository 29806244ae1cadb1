//! Autoscaling of one service.

use crate::model::{Autoscaling, Goal, Metric, Model, Task};
use crate::print::common::{File, resource};
use crate::print::{cluster, entry};
use exoc_emit::hcl::{Block, Expression, Template, reference};

const TARGET: &str = "aws_appautoscaling_target";

/// Adds the range and the goals, if the number of tasks changes by itself.
pub(super) fn add(file: &mut File, model: &Model, task: &Task) {
    let Some(Autoscaling {
        min,
        max,
        goals,
        lines,
    }) = &task.scale.auto
    else {
        return;
    };
    let address = &task.address;
    let id = Template::new()
        .text("service/")
        .value(cluster::attribute(model, "name"))
        .text("/")
        .value(reference(["aws_ecs_service", address, "name"]));
    file.add(
        format!(
            "Lets the number of tasks of {} change from {min} to {max}.",
            task.role
        ),
        lines,
        resource(TARGET, address)
            .attr("service_namespace", "ecs")
            .attr("scalable_dimension", "ecs:service:DesiredCount")
            .attr("resource_id", id)
            .attr("min_capacity", *min)
            .attr("max_capacity", *max),
    );
    for goal in goals {
        let balancer = model
            .entry
            .as_ref()
            .map(|entry| entry::attribute(entry, "arn_suffix"));
        file.add(words(task, goal), &goal.lines, policy(address, goal, balancer));
    }
}

fn words(task: &Task, goal: &Goal) -> String {
    let Goal {
        name: _,
        metric,
        target,
        lines: _,
    } = goal;
    let what = match metric {
        Metric::Cpu => format!("{target} percent of the processor time"),
        Metric::Memory => format!("{target} percent of the memory"),
        Metric::Requests(_) => format!("{target} requests per minute and task"),
    };
    format!("Adds and removes tasks of {} to hold {what}.", task.role)
}

fn policy(address: &str, goal: &Goal, balancer: Option<Expression>) -> Block {
    let Goal {
        name,
        metric,
        target,
        lines: _,
    } = goal;
    let of_target = |attribute| reference([TARGET, address, attribute]);
    let metric_type = match metric {
        Metric::Cpu => "ECSServiceAverageCPUUtilization",
        Metric::Memory => "ECSServiceAverageMemoryUtilization",
        Metric::Requests(_) => "ALBRequestCountPerTarget",
    };
    let label = match metric {
        Metric::Cpu | Metric::Memory => None,
        Metric::Requests(group) => balancer.map(|balancer| {
            Template::new().value(balancer).text("/").value(reference([
                "aws_lb_target_group",
                group,
                "arn_suffix",
            ]))
        }),
    };
    resource("aws_appautoscaling_policy", &format!("{address}_{name}"))
        .attr("name", *name)
        .attr("policy_type", "TargetTrackingScaling")
        .attr("service_namespace", of_target("service_namespace"))
        .attr("scalable_dimension", of_target("scalable_dimension"))
        .attr("resource_id", of_target("resource_id"))
        .block("target_tracking_scaling_policy_configuration", |body| {
            body.attr("target_value", *target)
                .attr("scale_in_cooldown", 300)
                .attr("scale_out_cooldown", 60)
                .block("predefined_metric_specification", |body| {
                    body.attr("predefined_metric_type", metric_type)
                        .attr_some("resource_label", label)
                })
        })
}
