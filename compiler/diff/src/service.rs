//! What only services have: their kind, how many run, and what they have on a developer's machine.

use crate::change::{Change, Kind as ChangeKind};
use crate::component::trigger;
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{Component, Id, Job, Kind, NodeId, Scale, Service, Trigger};

pub(crate) fn compare(twins: &Twins<'_>, old: Id<Service>, new: Id<Service>, changes: &mut Vec<Change>) {
    let (Some(before), Some(after)) = (twins.before.services().get(old), twins.after.services().get(new))
    else {
        return;
    };
    let Service {
        role: _,     // said with components
        identity: _, // the same
        workload: _, // of its own
        kind,
        scale,
        development,
    } = after;
    let say = |kind, text: String, field: &str| {
        let at = twins.place(Side::After, NodeId::Service(new), field);
        Change::new(kind, twins.subject(Side::After, Component::Service(new)), text).at(at)
    };
    match (&before.kind, kind) {
        (Kind::Job(was), Kind::Job(is)) => changes.extend(job(was, is, &say)),
        (was, is) => {
            let word = |kind: &Kind| match kind {
                Kind::Server | Kind::Worker => "service",
                Kind::Job(_) => "job",
            };
            if word(was) != word(is) {
                let text = match is {
                    Kind::Job(job) => format!("is a job now, run {}", trigger(&job.trigger)),
                    Kind::Server | Kind::Worker => "is no job any more: it runs all the time".to_owned(),
                };
                changes.push(say(ChangeKind::KindChanged, text, "type").values(word(was), word(is)));
            }
        }
    }
    if after.job().is_none() && before.job().is_none() {
        changes.extend(scaled(&before.scale, scale, &say));
    }
    if before.development != *development {
        let text = "has other sources, tests or ports on a developer's machine".to_owned();
        changes.push(say(ChangeKind::DevelopmentChanged, text, "development"));
    }
}

fn job(was: &Job, is: &Job, say: &dyn Fn(ChangeKind, String, &str) -> Change) -> Vec<Change> {
    let Job {
        trigger: start,
        timeout,
        retries,
    } = is;
    let mut changes = Vec::new();
    let (old, new) = (trigger(&was.trigger), trigger(start));
    if old != new {
        let text = match (&was.trigger, start) {
            (Trigger::Schedule(was), Trigger::Schedule(is)) => {
                format!("runs at `{}` in UTC, was `{}`", is.cron(), was.cron())
            }
            (_, _) => format!("runs {new}, was {old}"),
        };
        changes.push(say(ChangeKind::ScheduleChanged, text, "schedule").values(old, new));
    }
    let mut limit = |key: &str, old: String, new: String, text: String| {
        if old != new {
            changes.push(
                say(ChangeKind::JobLimitsChanged, text, key)
                    .part(key)
                    .values(old, new),
            );
        }
    };
    let (old, new) = (was.timeout.to_string(), timeout.to_string());
    let text = format!("may run for {new}, was {old}");
    limit("timeout", old, new, text);
    let (old, new) = (was.retries.to_string(), retries.to_string());
    let text = format!("is repeated {new} times when it fails, was {old}");
    limit("retries", old, new, text);
    changes
}

/// A number of replicas.
pub(crate) fn replicas(scale: &Scale) -> String {
    match scale.fixed() {
        Some(number) => words::counted(
            usize::try_from(number).unwrap_or(usize::MAX),
            "replica",
            "replicas",
        ),
        None => format!("{} to {} replicas", scale.min, scale.max),
    }
}

fn scaled(was: &Scale, is: &Scale, say: &dyn Fn(ChangeKind, String, &str) -> Change) -> Vec<Change> {
    let Scale {
        min,
        max,
        cpu,
        memory,
        requests,
        overlap,
    } = is;
    let mut changes = Vec::new();
    let (old, new) = (replicas(was), replicas(is));
    if (was.min, was.max) != (*min, *max) {
        let number = |scale: &Scale| match scale.fixed() {
            Some(number) => number.to_string(),
            None => format!("{} to {}", scale.min, scale.max),
        };
        let text = match (was.max, *max) {
            (_, 0) => format!("is switched off, was {old}"),
            (0, _) => format!("is switched on, with {new}"),
            (_, _) => format!("has {new}, was {}", number(was)),
        };
        changes.push(say(ChangeKind::ReplicasChanged, text, "scale").values(number(was), number(is)));
    }
    let goals = [
        ("cpu", was.cpu, *cpu, "% of the processor time"),
        ("memory", was.memory, *memory, "% of the memory"),
        ("requests", was.requests, *requests, " requests per second"),
    ];
    for (key, old, new, unit) in goals {
        if old == new {
            continue;
        }
        let text = match (old, new) {
            (None, Some(new)) => format!("gets more replicas above {new}{unit}"),
            (Some(old), Some(new)) => format!("gets more replicas above {new}{unit}, was {old}"),
            (Some(old), None) => format!("no longer gets more replicas above {old}{unit}"),
            (None, None) => continue,
        };
        changes.push(say(ChangeKind::ScalingChanged, text, &format!("scale.{key}")).part(key));
    }
    if was.overlap != *overlap {
        let text = match overlap {
            true => "starts a new replica before the old one stops",
            false => "stops the old replica before a new one starts: it is away for that long",
        };
        changes.push(say(ChangeKind::ScalingChanged, text.to_owned(), "scale.overlap").part("overlap"));
    }
    changes
}
