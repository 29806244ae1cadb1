//! Jobs: state machines that run a task and wait for it, and what starts them.

use super::module::{Module, Term};
use super::secret::parts;
use crate::facts::{Run, Start};
use hcl::Body;
use std::collections::BTreeSet;

/// A state machine.
pub(super) struct Machine {
    /// The address of the task definition that it runs.
    pub(super) definition: String,
    /// The security groups of the task.
    pub(super) groups: Term,
    pub(super) run: Run,
}

/// Reads a state machine. What it does is checked as far as a job depends on it: that it looks for an older run first
/// and does not run beside it, that it waits for its task, and that its role may start the task.
pub(super) fn machine(module: &Module, address: &str, body: &Body) -> Result<Machine, String> {
    let in_machine = |error: String| format!("the state machine `{address}`: {error}");
    read(module, address, body).map_err(in_machine)
}

fn read(module: &Module, address: &str, body: &Body) -> Result<Machine, String> {
    let definition = module.required(body, "definition", "it")?;
    let Some([definition]) = definition.call("jsonencode") else {
        return Err(format!("its definition is {definition:?}"));
    };
    let text = |term: &Term, key: &str| term.get(key).and_then(Term::plain);
    if text(definition, "QueryLanguage").as_deref() != Some("JSONata") {
        return Err("it is not written in JSONata".to_owned());
    }
    let states = definition.get("States").ok_or("it has no states")?;
    let state = |name: Option<String>| {
        let name = name.ok_or("a state leads nowhere")?;
        states
            .get(&name)
            .ok_or_else(|| format!("there is no state `{name}`"))
    };
    let first = state(text(definition, "StartAt"))?;
    if !text(first, "Resource").is_some_and(|call| call.ends_with(":::aws-sdk:sfn:listExecutions")) {
        return Err("it does not look for an older run".to_owned());
    }
    let decide = state(text(first, "Next"))?;
    let [choice] = decide.get("Choices").and_then(Term::list).unwrap_or_default() else {
        return Err("it decides otherwise than by one question".to_owned());
    };
    let beside = text(state(text(choice, "Next"))?, "Type");
    let run = state(text(decide, "Default"))?;
    if !text(run, "Resource").is_some_and(|call| call.ends_with(":::ecs:runTask.sync")) {
        return Err("it does not wait for a task".to_owned());
    }
    let arguments = run.get("Arguments").ok_or("the task has no arguments")?;
    let task = arguments.get("TaskDefinition").and_then(Term::reference);
    let definition = match task.map(parts).as_deref() {
        Some(["aws_ecs_task_definition", definition, "arn"]) => (*definition).to_owned(),
        _ => return Err(format!("it runs {task:?}")),
    };
    let network = arguments
        .get("NetworkConfiguration")
        .and_then(|network| network.get("AwsvpcConfiguration"))
        .ok_or("the task has no network")?;
    let groups = network
        .get("SecurityGroups")
        .ok_or("the task has no group")?
        .clone();
    check_role(module, body, &definition)?;
    let start = start(module, address)?;
    let wanted = if matches!(start, Start::Schedule(_)) {
        "Succeed"
    } else {
        "Fail"
    };
    if beside.as_deref() != Some(wanted) {
        return Err(format!("beside an older run it ends with {beside:?}"));
    }
    let timeout = run.get("TimeoutSeconds").and_then(Term::number);
    Ok(Machine {
        definition,
        groups,
        run: Run {
            start,
            timeout: timeout.ok_or("a run may take for ever")?,
            retries: retries(run)?,
        },
    })
}

fn retries(run: &Term) -> Result<u64, String> {
    let rules = run.get("Retry").and_then(Term::list).unwrap_or_default();
    let [rule] = rules else {
        return if rules.is_empty() {
            Ok(0)
        } else {
            Err("it repeats by several rules".to_owned())
        };
    };
    let errors = rule.get("ErrorEquals").and_then(Term::list).unwrap_or_default();
    let errors: BTreeSet<String> = errors.iter().filter_map(Term::plain).collect();
    if errors != ["States.TaskFailed", "States.Timeout"].map(str::to_owned).into() {
        return Err(format!("it repeats after {errors:?}"));
    }
    let times = rule.get("MaxAttempts").and_then(Term::number);
    times.ok_or_else(|| "it repeats without a limit".to_owned())
}

/// The role must be allowed to start the task in any revision.
fn check_role(module: &Module, body: &Body, definition: &str) -> Result<(), String> {
    let role = module.required(body, "role_arn", "it")?;
    let role = match role.reference().map(parts).as_deref() {
        Some(["aws_iam_role", role, "arn"]) => (*role).to_owned(),
        _ => return Err(format!("its role is {role:?}")),
    };
    let document = module
        .block(&["data", "aws_iam_policy_document", &role])
        .ok_or_else(|| format!("there is no document `{role}`"))?;
    let wanted = ["aws_ecs_task_definition", definition, "arn_without_revision"];
    for statement in document
        .blocks()
        .filter(|block| block.identifier() == "statement")
    {
        let list = |key| module.required(statement.body(), key, &role);
        let (actions, resources) = (list("actions")?, list("resources")?);
        let starts = |action: &Term| action.plain().as_deref() == Some("ecs:RunTask");
        let is_it = |resource: &Term| match resource.pieces().as_deref() {
            Some([super::Piece::Reference(path), super::Piece::Literal(revision)]) => {
                parts(path) == wanted && revision == ":*"
            }
            _ => false,
        };
        if actions.list().unwrap_or_default().iter().any(starts)
            && resources.list().unwrap_or_default().iter().any(is_it)
        {
            return Ok(());
        }
    }
    Err(format!("`{role}` may not start `{definition}`"))
}

/// What starts a state machine: its schedule, or whoever finds it in an output.
fn start(module: &Module, address: &str) -> Result<Start, String> {
    for (name, schedule) in module.all("aws_scheduler_schedule") {
        let block = |kind: &str| {
            let found = schedule.blocks().find(|block| block.identifier() == kind);
            found
                .map(|block| block.body().clone())
                .ok_or_else(|| format!("the schedule `{name}` has no {kind}"))
        };
        let target = module.required(&block("target")?, "arn", name)?;
        if target.reference().map(parts).as_deref() != Some(&["aws_sfn_state_machine", address, "arn"]) {
            continue;
        }
        if module.plain(schedule, "schedule_expression_timezone", name)? != "UTC"
            || module.plain(&block("flexible_time_window")?, "mode", name)? != "OFF"
        {
            return Err(format!("the schedule `{name}` is not exact"));
        }
        return cron(&module.plain(schedule, "schedule_expression", name)?);
    }
    if listed(module, "before_deploy")?.iter().any(|job| job == address) {
        return Ok(Start::Before);
    }
    if listed(module, "after_deploy")?.iter().any(|job| job == address) {
        return Ok(Start::After);
    }
    Ok(Start::OnDemand)
}

/// `cron(0 3 ? * MON-FRI *)`.
fn cron(text: &str) -> Result<Start, String> {
    let bad = || format!("the schedule `{text}`");
    let inner = text
        .strip_prefix("cron(")
        .and_then(|rest| rest.strip_suffix(')'))
        .ok_or_else(bad)?;
    let fields: Vec<&str> = inner.split(' ').collect();
    let [minutes, hours, days, months, weekdays, "*"] = fields.as_slice() else {
        return Err(bad());
    };
    let mut named = (*weekdays).to_owned();
    let words = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    for (number, word) in words.iter().enumerate() {
        named = named.replace(word, &number.to_string());
    }
    let (days, weekdays) = match (*days, named.as_str()) {
        ("?", "?") => return Err(bad()),
        ("?", weekdays) => ("*", weekdays.to_owned()),
        (days, "?") => (days, "*".to_owned()),
        _ => return Err(bad()),
    };
    if weekdays.starts_with(|first: char| first.is_ascii_digit())
        && words.iter().all(|word| !text.contains(word))
    {
        return Err(format!("{}: its days of the week count from 1", bad()));
    }
    Start::schedule([minutes, hours, days, months, &weekdays])
}

/// The state machines in an output, in its order.
pub(super) fn listed(module: &Module, output: &str) -> Result<Vec<String>, String> {
    let Some(body) = module.block(&["output", output]) else {
        return Ok(Vec::new());
    };
    machines(&module.required(body, "value", output)?)
}

fn machines(list: &Term) -> Result<Vec<String>, String> {
    let items = list
        .list()
        .ok_or_else(|| format!("no list of state machines: {list:?}"))?;
    let address = |item: &Term| match item.reference().map(parts).as_deref() {
        Some(["aws_sfn_state_machine", address, "arn"]) => Ok((*address).to_owned()),
        _ => Err(format!("no state machine: {item:?}")),
    };
    items.iter().map(address).collect()
}

/// The state machines that run before a deployment, in their order; the gate must be for the same.
pub(super) fn before(module: &Module) -> Result<Vec<String>, String> {
    let listed = listed(module, "before_deploy")?;
    let gated = match module.block(&["terraform_data", "before_deploy"]) {
        Some(body) => machines(&module.required(body, "input", "the gate")?)?,
        None => Vec::new(),
    };
    if listed == gated {
        Ok(listed)
    } else {
        Err(format!("the gate is for {gated:?}, the output has {listed:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::cron;
    use crate::facts::Start;

    #[test]
    fn weekdays_are_names() {
        let Ok(Start::Schedule([minutes, _, days, _, weekdays])) = cron("cron(0,30 3 ? * MON-FRI *)") else {
            panic!("it is a schedule")
        };
        assert_eq!(minutes, [0, 30].into());
        assert_eq!(days.len(), 31);
        assert_eq!(weekdays, [1, 2, 3, 4, 5].into());
        assert!(cron("cron(0 3 ? * 2-6 *)").is_err());
        assert!(cron("cron(0 3 * * * *)").is_err());
        assert!(cron("rate(5 minutes)").is_err());
    }
}
