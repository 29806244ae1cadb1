//! `jobs.tf`: what all jobs share, and what a deployer applies first.

use super::common::{File, arn, resource, trust};
use super::task::waits_for;
use crate::model::{Gate, Model, Start};
use exoc_emit::hcl::{Expression, list, reference};

/// What a reference from the state machine of a job leads to, so that nothing else needs to name it.
const REACHED: [&str; 6] = [
    "aws_cloudwatch_log_group",
    "aws_ecs_task_definition",
    "aws_iam_role",
    "aws_secretsmanager_secret",
    "aws_security_group",
    "aws_sfn_state_machine",
];

/// The trust of the roles of jobs, and the gate; `own` are types and addresses of all resources in the files of the
/// jobs that the gate is for.
pub(super) fn file(model: &Model, own: &[(String, String)]) -> File {
    let mut file = File::default();
    let jobs = || model.tasks.iter().filter_map(|task| task.job.as_ref());
    let by_clock = jobs().any(|job| matches!(job.start, Start::Schedule(_)));
    if jobs().next().is_some() {
        file.add(
            "Only state machines of this account may take the roles that run jobs.",
            &model.lines,
            trust(
                "run_trust",
                "states.amazonaws.com",
                Some(arn("states").text("stateMachine:*")),
            ),
        );
    }
    if by_clock {
        file.add(
            "Only schedules of this account may take the roles that start jobs.",
            &model.lines,
            trust(
                "schedule_trust",
                "scheduler.amazonaws.com",
                Some(arn("scheduler").text("schedule-group/default")),
            ),
        );
    }
    if let Some(gate) = &model.gate {
        add_gate(&mut file, model, gate, own);
    }
    file
}

fn add_gate(file: &mut File, model: &Model, gate: &Gate, own: &[(String, String)]) {
    let Gate { jobs, needs, lines } = gate;
    let machines = jobs
        .iter()
        .map(|job| reference(["aws_sfn_state_machine", job, "arn"]));
    let of_tasks: Vec<(&str, String)> = model
        .tasks
        .iter()
        .filter(|task| jobs.contains(&task.address))
        .flat_map(|task| waits_for(model, task))
        .collect();
    let needed = of_tasks.iter().chain(needs);
    let mut names: Vec<(&str, &str)> = own
        .iter()
        .map(|(kind, address)| (kind.as_str(), address.as_str()))
        .filter(|(kind, _)| !REACHED.contains(kind))
        .chain(needed.map(|(kind, address)| (*kind, address.as_str())))
        .collect();
    names.sort_unstable();
    names.dedup();
    let names: Vec<Expression> = names
        .into_iter()
        .map(|(kind, address)| reference([kind, address]))
        .collect();
    file.add(
        "Everything that the jobs before a deployment need. A deployer applies it alone, runs the jobs of the output\n\
         before_deploy in their order, and applies the rest: -target=terraform_data.before_deploy.",
        lines,
        resource("terraform_data", "before_deploy")
            .attr("input", list(machines))
            .comment("All that no state machine above leads to by itself.")
            .attr("depends_on", names),
    );
}
