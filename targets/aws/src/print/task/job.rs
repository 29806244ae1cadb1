//! What runs one job: its state machine, the role of it, and its schedule.

use super::waits_for;
use crate::model::{Job, Model, Schedule, Standing, Start, Task};
use crate::print::cluster;
use crate::print::common::{File, arn, data, resource, statement, subnet_ids};
use crate::print::roles::role;
use exoc_emit::hcl::{Block, Expression, Object, Template, jsonencode, list, local, object, reference};

/// Seconds before the first repetition of a run, and the most before any: what Kubernetes waits.
///
/// Source: Kubernetes documentation, "Jobs", "Pod backoff failure policy", read 2026-11.
const FIRST_WAIT: u32 = 10;
const LONGEST_WAIT: u32 = 360;

/// Adds everything that starts and bounds the job's runs.
pub(super) fn add(file: &mut File, model: &Model, task: &Task, job: &Job) {
    let name = &task.role;
    let address = format!("{}_run", task.address);
    let document = data("aws_iam_policy_document", &address);
    let document = statements(model, task, job).into_iter().fold(
        document,
        |block, (sid, actions, resources, condition)| {
            block.block("statement", |body| {
                let body = statement(sid, actions, resources)(body);
                match condition {
                    Some((key, values)) => body.block("condition", |body| {
                        body.attr("test", "StringEquals")
                            .attr("variable", key)
                            .attr("values", values)
                    }),
                    None => body,
                }
            })
        },
    );
    file.add(
        format!(
            "What the state machine of {name} may do: run its task and wait for it, see its own runs, say what failed.
\
             Neither deliveries of logs nor traces have ARNs."
        ),
        &job.lines,
        document,
    );
    file.add(
        format!("The role that the state machine of {name} takes."),
        &job.lines,
        role(
            &address,
            &job.run_role,
            &format!("Runs the job {name}"),
            "run_trust",
        ),
    );
    file.add(
        "Gives the role above its permissions.",
        &job.lines,
        policy(&address, "run-task"),
    );
    file.add(words(task, job), &job.lines, machine(model, task, job));
    if let Start::Schedule(schedule) = &job.start {
        add_schedule(file, task, job, schedule);
    }
}

fn words(task: &Task, job: &Job) -> String {
    let repeated = match job.retries {
        0 => "is not repeated if it fails".to_owned(),
        1 => "is repeated once if it fails".to_owned(),
        times => format!("is repeated up to {times} times while it fails"),
    };
    let beside = match job.start {
        Start::Schedule(_) => "is left out",
        Start::BeforeDeploy(_) | Start::AfterDeploy | Start::OnDemand => "fails",
    };
    format!(
        "Runs {} in a task that may take {} s and {repeated}. A run beside another {beside}.",
        task.role, job.timeout
    )
}

fn policy(address: &str, name: &str) -> Block {
    resource("aws_iam_role_policy", address)
        .attr("name", name)
        .attr("role", reference(["aws_iam_role", address, "id"]))
        .attr(
            "policy",
            reference(["data", "aws_iam_policy_document", address, "json"]),
        )
}

type Statement = (
    &'static str,
    &'static [&'static str],
    Vec<Expression>,
    Option<(&'static str, Vec<Expression>)>,
);

fn statements(model: &Model, task: &Task, job: &Job) -> Vec<Statement> {
    let address = &task.address;
    // Of whatever revision: a policy that changed with each of them would come into force too late for its run.
    let revisions = Template::new()
        .value(reference([
            "aws_ecs_task_definition",
            address,
            "arn_without_revision",
        ]))
        .text(":*");
    let tasks = arn("ecs")
        .text("task/")
        .value(cluster::attribute(model, "name"))
        .text("/*");
    let roles =
        ["execution", "task"].map(|part| reference(["aws_iam_role", &format!("{address}_{part}"), "arn"]));
    let rule = arn("events").text("rule/StepFunctionsGetEventsForECSTaskRule");
    let itself = arn("states").text(&format!("stateMachine:{}", job.machine));
    vec![
        (
            "RunTask",
            &["ecs:RunTask"],
            vec![revisions.into()],
            Some(("ecs:cluster", vec![cluster::attribute(model, "id")])),
        ),
        (
            "FollowTask",
            &["ecs:DescribeTasks", "ecs:StopTask"],
            vec![tasks.into()],
            None,
        ),
        (
            "PassRoles",
            &["iam:PassRole"],
            roles.into(),
            Some(("iam:PassedToService", vec!["ecs-tasks.amazonaws.com".into()])),
        ),
        (
            "HearOfTask",
            &["events:DescribeRule", "events:PutRule", "events:PutTargets"],
            vec![rule.into()],
            None,
        ),
        (
            "SeeOwnRuns",
            &["states:ListExecutions"],
            vec![itself.into()],
            None,
        ),
        (
            "WriteLogAndTraces",
            &[
                "logs:CreateLogDelivery",
                "logs:DeleteLogDelivery",
                "logs:DescribeLogGroups",
                "logs:DescribeResourcePolicies",
                "logs:GetLogDelivery",
                "logs:ListLogDeliveries",
                "logs:PutResourcePolicy",
                "logs:UpdateLogDelivery",
                "xray:GetSamplingRules",
                "xray:GetSamplingTargets",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            vec!["*".into()],
            None,
        ),
    ]
}

fn machine(model: &Model, task: &Task, job: &Job) -> Block {
    let address = &task.address;
    let run = format!("{address}_run");
    let log = Template::new()
        .value(reference(["aws_cloudwatch_log_group", address, "arn"]))
        .text(":*");
    let own = std::iter::once(reference(["aws_iam_role_policy", &run]));
    let others = waits_for(model, task)
        .into_iter()
        .map(|(kind, address)| reference([kind, &address]));
    let needs: Vec<Expression> = own.chain(others).collect();
    resource("aws_sfn_state_machine", address)
        .attr("name", &job.machine)
        .attr("role_arn", reference(["aws_iam_role", &run, "arn"]))
        .attr("definition", jsonencode(definition(model, task, job)))
        .block("logging_configuration", |body| {
            body.attr("level", "ERROR")
                .attr("include_execution_data", true)
                .attr("log_destination", log)
        })
        .block("tracing_configuration", |body| body.attr("enabled", true))
        .comment("What a run needs and nothing above names.")
        .attr("depends_on", needs)
}

/// Looks for an older run first, which is not waited for.
fn definition(model: &Model, task: &Task, job: &Job) -> Object {
    let (name, end) = match job.start {
        Start::Schedule(_) => ("Skip", object([("Type", "Succeed")])),
        // Whoever starts it waits for what it does, and must not take another run's for it.
        Start::BeforeDeploy(_) | Start::AfterDeploy | Start::OnDemand => (
            "Refuse",
            object([
                ("Type", "Fail"),
                ("Error", "StillRunning"),
                ("Cause", "An older run of this job still goes on."),
            ]),
        ),
    };
    let choice = Object::new()
        .with("Condition", "{% $states.input.older > 0 %}")
        .with("Next", name);
    Object::new()
        .with("Comment", format!("Runs {} once.", task.role))
        .with("QueryLanguage", "JSONata")
        .with("StartAt", "FindOlderRun")
        .with(
            "States",
            Object::new()
                .with("FindOlderRun", find())
                .with(
                    "Decide",
                    Object::new()
                        .with("Type", "Choice")
                        .with("Choices", list([choice]))
                        .with("Default", "Run"),
                )
                .with(name, end)
                .with("Run", run(model, task, job)),
        )
}

/// Counts the runs that began before this one, or in the same moment with a smaller name: of two that begin at once
/// one goes on.
const OLDER: &str = "{% { 'older': $count($states.result.Executions[\
                     $toMillis(StartDate) < $toMillis($states.context.Execution.StartTime) or \
                     ($toMillis(StartDate) = $toMillis($states.context.Execution.StartTime) and \
                     ExecutionArn < $states.context.Execution.Id)]) } %}";

fn find() -> Object {
    let arguments = Object::new()
        .with("StateMachineArn", "{% $states.context.StateMachine.Id %}")
        .with("StatusFilter", "RUNNING");
    Object::new()
        .with("Type", "Task")
        .with("Resource", integration("aws-sdk:sfn:listExecutions"))
        .with("Arguments", arguments)
        .with("Output", OLDER)
        .with("Retry", list([retry(&["States.TaskFailed"], 3)]))
        .with("Next", "Decide")
}

fn run(model: &Model, task: &Task, job: &Job) -> Object {
    let address = &task.address;
    let (tier, public) = match model.network.tasks {
        Standing::Private => ("private", "DISABLED"),
        Standing::Public => ("public", "ENABLED"),
    };
    let network = Object::new()
        .with("Subnets", subnet_ids(tier))
        .with(
            "SecurityGroups",
            vec![reference(["aws_security_group", address, "id"])],
        )
        .with("AssignPublicIp", public);
    let strategy = Object::new()
        .with("CapacityProvider", "FARGATE")
        .with("Weight", 1);
    let arguments = Object::new()
        .with("Cluster", cluster::attribute(model, "id"))
        .with(
            "TaskDefinition",
            reference(["aws_ecs_task_definition", address, "arn"]),
        )
        .with("CapacityProviderStrategy", list([strategy.inline()]))
        .with("NetworkConfiguration", object([("AwsvpcConfiguration", network)]))
        .with("EnableECSManagedTags", true)
        .with("PropagateTags", "TASK_DEFINITION");
    let repeated =
        (job.retries > 0).then(|| list([retry(&["States.TaskFailed", "States.Timeout"], job.retries)]));
    Object::new()
        .with("Type", "Task")
        .with("Resource", integration("ecs:runTask.sync"))
        .with("Arguments", arguments)
        .with("TimeoutSeconds", job.timeout)
        .with_some("Retry", repeated)
        .with("End", true)
}

fn retry(errors: &[&str], attempts: u32) -> Object {
    Object::new()
        .with("ErrorEquals", list(errors.iter().copied()))
        .with("MaxAttempts", attempts)
        .with("IntervalSeconds", FIRST_WAIT)
        .with("BackoffRate", 2)
        .with("MaxDelaySeconds", LONGEST_WAIT)
}

/// The name of a call that Step Functions makes.
fn integration(call: &str) -> Expression {
    Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(&format!(":states:::{call}"))
        .into()
}

fn add_schedule(file: &mut File, task: &Task, job: &Job, schedule: &Schedule) {
    let Schedule {
        name,
        expression,
        role: role_name,
        lines,
    } = schedule;
    let address = format!("{}_schedule", task.address);
    let machine = reference(["aws_sfn_state_machine", &task.address, "arn"]);
    let store = Template::new()
        .text("scheduler.")
        .value(local("region"))
        .text(".amazonaws.com");
    file.add(
        format!(
            "What the schedule of {} may do: start its state machine.",
            task.role
        ),
        lines,
        data("aws_iam_policy_document", &address)
            .block(
                "statement",
                statement("Start", &["states:StartExecution"], [machine.clone()]),
            )
            .block("statement", |body| {
                let key = reference(["aws_kms_key", "main", "arn"]);
                statement("DecryptSchedule", &["kms:Decrypt"], [key])(body).block("condition", |body| {
                    body.attr("test", "StringEquals")
                        .attr("variable", "kms:ViaService")
                        .attr("values", vec![Expression::from(store)])
                })
            }),
    );
    file.add(
        format!("The role that the schedule of {} takes.", task.role),
        lines,
        role(
            &address,
            role_name,
            &format!("Starts the job {}", task.role),
            "schedule_trust",
        ),
    );
    file.add(
        "Gives the role above its permissions.",
        lines,
        policy(&address, "start-job"),
    );
    file.add(
        format!(
            "When {} runs, in UTC. A run that cannot start within a minute is left out.",
            task.role
        ),
        lines,
        resource("aws_scheduler_schedule", &task.address)
            .attr("name", name)
            .attr("description", format!("Starts {}", job.machine))
            .attr("schedule_expression", expression)
            .attr("schedule_expression_timezone", "UTC")
            .attr("kms_key_arn", reference(["aws_kms_key", "main", "arn"]))
            .block("flexible_time_window", |body| body.attr("mode", "OFF"))
            .block("target", |body| {
                body.attr("arn", machine)
                    .attr("role_arn", reference(["aws_iam_role", &address, "arn"]))
                    .block("retry_policy", |body| {
                        body.attr("maximum_event_age_in_seconds", 60)
                            .attr("maximum_retry_attempts", 3)
                    })
            })
            .attr("depends_on", vec![reference(["aws_iam_role_policy", &address])]),
    );
}
