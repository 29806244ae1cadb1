//! Jobs: the state machine of each, what starts it, and what a deployment waits for.

use super::edges::Rules;
use super::{Context, cron};
use crate::model::{Direction, FileSystem, Gate, Job, Kind, Lines, Peer, Rule, Schedule, Start, Task};
use crate::names::limit;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Component, Id, NodeId, Service, Trigger};

/// Plans the state machine of a job.
pub(super) fn plan(
    context: &Context<'_>,
    id: Id<Service>,
    identity: &str,
    job: &exoc_ir::Job,
    sink: &mut Sink,
) -> Job {
    let exoc_ir::Job {
        trigger,
        timeout,
        retries,
    } = job;
    let names = context.names;
    let span = context.program.at(NodeId::Service(id), "");
    let component = Component::Service(id);
    let machine = names.within(&[identity], limit::STATE_MACHINE, span, sink);
    let start = match trigger {
        Trigger::Schedule(schedule) => {
            check(context, id, schedule, sink);
            Start::Schedule(Schedule {
                name: names.within(&[identity], limit::SCHEDULE, span, sink),
                expression: cron::expression(schedule),
                role: names.within(&[identity, "schedule"], limit::ROLE, span, sink),
                lines: context.lines_of_field(component, "schedule"),
            })
        }
        Trigger::BeforeDeploy { rank } => Start::BeforeDeploy(*rank),
        Trigger::AfterDeploy => Start::AfterDeploy,
        Trigger::OnDemand => Start::OnDemand,
    };
    Job {
        machine,
        run_role: names.within(&[identity, "run"], limit::ROLE, span, sink),
        start,
        timeout: timeout.0,
        retries: *retries,
        lines: context.lines_of(component, &["when", "schedule", "timeout", "retries"]),
    }
}

/// Reports a schedule that EventBridge does not hold.
fn check(context: &Context<'_>, id: Id<Service>, schedule: &exoc_ir::Schedule, sink: &mut Sink) {
    let role = context.program.role(Component::Service(id));
    let at = context.program.at(NodeId::Service(id), "schedule");
    let mut refuse = |message: String, help: &str| {
        let error = Diagnostic::new(codes::TARGET_LIMIT, message)
            .at(at, "")
            .help(help);
        sink.error(error);
    };
    if !cron::ever_comes(schedule) {
        refuse(
            format!("no month of the schedule of `{role}` has its day, so it would never run"),
            "write a day that one of the months has",
        );
    }
    let length = cron::expression(schedule).len();
    if length > cron::LONGEST {
        refuse(
            format!(
                "the schedule of `{role}` has {length} characters, and EventBridge holds {}",
                cron::LONGEST
            ),
            "write ranges instead of single numbers",
        );
    }
}

/// The addresses of jobs that run before a deployment, in their order: by rank, then by role.
fn before(tasks: &[Task]) -> Vec<&Task> {
    let rank = |task: &Task| match task.job.as_ref().map(|job| &job.start) {
        Some(Start::BeforeDeploy(rank)) => Some(*rank),
        Some(Start::Schedule(_) | Start::AfterDeploy | Start::OnDemand) | None => None,
    };
    let mut jobs: Vec<(u32, &Task)> = tasks
        .iter()
        .filter_map(|task| rank(task).map(|rank| (rank, task)))
        .collect();
    jobs.sort_by_key(|(rank, task)| (*rank, task.role.as_str()));
    jobs.into_iter().map(|(_, task)| task).collect()
}

/// What must be there before the jobs that come before a deployment run; `None` without such jobs.
pub(super) fn gate(
    context: &Context<'_>,
    tasks: &[Task],
    systems: &[FileSystem],
    rules: &Rules,
) -> Option<Gate> {
    let jobs = before(tasks);
    if jobs.is_empty() {
        return None;
    }
    let mut needs = Vec::new();
    for job in &jobs {
        let version = "aws_secretsmanager_secret_version";
        needs.extend(job.reads.iter().map(|secret| (version, secret.clone())));
        // The other half of each of its edges stands with the callee.
        let lets_in = |rule: &&Rule| {
            rule.direction == Direction::Ingress && rule.peer == Peer::Group(job.address.clone())
        };
        let of_systems = systems.iter().flat_map(|system| &system.rules);
        let halves = rules.values().flatten().chain(of_systems).filter(lets_in);
        needs.extend(halves.map(|rule| ("aws_vpc_security_group_ingress_rule", rule.address.clone())));
    }
    needs.extend(containers(&jobs, tasks, rules));
    needs.sort();
    needs.dedup();
    Some(Gate {
        jobs: jobs.iter().map(|job| job.address.clone()).collect(),
        needs,
        lines: lines(context, &jobs),
    })
}

/// Containers among the dependencies that the jobs call: they run before a job does.
fn containers(jobs: &[&Task], tasks: &[Task], rules: &Rules) -> Vec<(&'static str, String)> {
    let calls = |callee: &&Task| {
        let callers = rules
            .values()
            .flatten()
            .filter(|rule| rule.direction == Direction::Ingress && rule.group == callee.address);
        let peers: Vec<&Peer> = callers.map(|rule| &rule.peer).collect();
        jobs.iter().any(|job| {
            peers
                .iter()
                .any(|peer| **peer == Peer::Group(job.address.clone()))
        })
    };
    tasks
        .iter()
        .filter(|task| task.kind == Kind::Dependency)
        .filter(calls)
        .map(|task| ("aws_ecs_service", task.address.clone()))
        .collect()
}

fn lines(context: &Context<'_>, jobs: &[&Task]) -> Lines {
    let places = context.program.services().iter().filter_map(|(id, service)| {
        let is_one = jobs.iter().any(|job| job.role == service.role);
        is_one.then(|| context.program.at(NodeId::Service(id), "when"))
    });
    context.lines(places)
}
