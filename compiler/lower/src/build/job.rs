//! Jobs: what they are, whom they may use, and in which order those before a deployment run.

use super::schedule::schedule;
use super::{Lowering, Site};
use crate::field::Look;
use crate::merge::Merged;
use crate::scope::{Noun, Role};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes};
use exoc_ir::{Id, Job, Kind, Moments, Schedule, Seconds, Service, Trigger};
use exoc_manifest::ast::{DevelopmentKeys, Field, ServiceLayer, When};
use std::collections::{BTreeMap, BTreeSet};

/// How long a run may take unless the manifest says otherwise.
const TIMEOUT: Seconds = Seconds(30 * 60);

/// What starts a job, as written.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Start<'a> {
    Schedule(&'a Spanned<String>),
    When(&'a Spanned<When>),
}

impl<'a> Start<'a> {
    /// What merging left of a service says; `Err` where it was reported.
    pub(crate) fn of(layer: &'a ServiceLayer) -> Result<Option<Self>, Failed> {
        let schedule = layer.schedule.known()?.map(Start::Schedule);
        Ok(schedule.or(layer.when.known()?.map(Start::When)))
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Schedule(_) => "schedule",
            Self::When(_) => "when",
        }
    }

    /// Its value's place.
    pub(crate) const fn span(self) -> Span {
        match self {
            Self::Schedule(text) => text.span,
            Self::When(when) => when.span,
        }
    }
}

/// What a service is as far as jobs are concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Run {
    /// It goes on.
    On,
    /// It is a job that ends before new replicas start.
    Before,
    /// It is another job.
    Later,
}

impl Run {
    /// What merging left of a service says.
    pub(crate) fn of(layer: &ServiceLayer) -> Self {
        match Start::of(layer) {
            Err(_) | Ok(None) => Self::On,
            Ok(Some(Start::Schedule(_))) => Self::Later,
            Ok(Some(Start::When(when))) => match when.value {
                When::BeforeDeploy => Self::Before,
                When::AfterDeploy | When::OnDemand => Self::Later,
            },
        }
    }
}

/// Where a layer makes a service a job.
pub(crate) fn place(layer: &ServiceLayer) -> Option<Span> {
    Start::of(layer).ok().flatten().map(Start::span)
}

/// Reports keys that jobs do not have, and those that only jobs have, and takes them out: nothing else asks for them.
pub(crate) fn fitting_keys(merged: &mut Merged, sink: &mut Sink) {
    for (role, entry) in &mut merged.services {
        let Ok(service) = &mut entry.value else { continue };
        let layer = &mut service.layer;
        match Start::of(layer).map(|start| start.map(|start| (start.key(), start.span()))) {
            Err(_) => {}
            Ok(Some((key, at))) => {
                let mut fault = |what: &str, span: Span, help: &str| {
                    let diagnostic = Diagnostic::new(
                        codes::KEY_NOT_FOR_TYPE,
                        format!("the job {} has {what}", quoted(role)),
                    )
                    .at(span, "not for a job")
                    .also(at, format!("`{key}` makes it one"))
                    .help(help);
                    sink.error(diagnostic);
                };
                for (what, span, help) in not_for_jobs(layer, &service.development) {
                    fault(what, span, help);
                }
                layer.ports = Field::Absent;
                layer.route = Field::Absent;
                layer.health = Field::Absent;
                layer.scale = Field::Absent;
                service.development.watch = Field::Absent;
                service.development.publish = Field::Absent;
            }
            Ok(None) => {
                let timeout = layer.timeout.set().map(|value| ("timeout", value.span));
                let retries = layer.retries.set().map(|value| ("retries", value.span));
                for (key, at) in timeout.into_iter().chain(retries) {
                    sink.error(
                        Diagnostic::new(
                            codes::KEY_NOT_FOR_TYPE,
                            format!("{} has a `{key}` and is no job", quoted(role)),
                        )
                        .at(at, "only for the runs of a job")
                        .help(format!(
                            "remove it, or make {} a job with `schedule` or `when`",
                            quoted(role)
                        )),
                    );
                }
            }
        }
    }
}

/// What to do as well where the fault stands in a file that other services may share with the job.
fn shared(fault: Span, job: Span, word: &str) -> Option<String> {
    (fault.source != job.source)
        .then(|| format!("where other services share that file, {word} takes it from the job alone"))
}

/// What a service says that a job cannot have: what it is, its place, what to do.
fn not_for_jobs(
    layer: &ServiceLayer,
    development: &DevelopmentKeys,
) -> Vec<(&'static str, Span, &'static str)> {
    let faults = [
        (
            "a port",
            layer.ports.set().map(|ports| ports.span),
            "remove it: a job opens connections, and nothing connects to it",
        ),
        (
            "a route",
            layer.route.set().map(|route| route.span),
            "remove it: a job cannot be reached",
        ),
        (
            "a health check",
            layer.health.set().map(|health| health.span),
            "remove it: a job is well if it ends with status 0",
        ),
        (
            "a number of replicas",
            layer.scale.set().map(|scale| scale.span),
            "remove it: one run is one container",
        ),
        (
            "files to watch",
            development.watch.set().map(|watch| watch.span),
            "remove it: a job begins when it is told, not when a file changes",
        ),
        (
            "a port to publish",
            development.publish.set().map(|publish| publish.span),
            "remove it: nothing connects to a job",
        ),
    ];
    let said = faults.into_iter();
    said.filter_map(|(what, span, help)| Some((what, span?, help)))
        .collect()
}

/// Which job waits for which, with the place that says so.
#[derive(Clone, Debug, Default)]
pub(crate) struct Waits(BTreeMap<Id<Service>, BTreeMap<Id<Service>, Span>>);

impl Waits {
    /// Takes what other jobs wait for.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }
}

impl Lowering<'_> {
    /// What a service is, if it is a job.
    pub(crate) fn job(&mut self, site: &Site<'_>) -> Option<Job> {
        let layer = site.layer;
        let start = Start::of(layer).ok().flatten()?;
        self.place(site, start.key(), start.span());
        for (field, value) in [("timeout", &layer.timeout), ("retries", &layer.retries)] {
            if let Some(value) = value.set() {
                self.place(site, field, value.span);
            }
        }
        let trigger = match start {
            Start::Schedule(text) => {
                Trigger::Schedule(schedule(text, self.sink).unwrap_or_else(|_reported| always()))
            }
            Start::When(when) => match when.value {
                When::BeforeDeploy => Trigger::BeforeDeploy { rank: 0 },
                When::AfterDeploy => Trigger::AfterDeploy,
                When::OnDemand => Trigger::OnDemand,
            },
        };
        Some(Job {
            trigger,
            timeout: layer
                .timeout
                .set()
                .map_or(TIMEOUT, |timeout| Seconds(timeout.value)),
            retries: layer.retries.set().map_or(0, |retries| retries.value),
        })
    }

    /// Whether a component may use a role as far as jobs are concerned; reports why not.
    pub(crate) fn fits(&mut self, site: &Site<'_>, role: &str, found: &Role, at: Span) -> bool {
        let user = Run::of(site.layer);
        let fault = |message: String, label: &str| {
            Diagnostic::new(codes::JOB_USE, message)
                .at(at, label)
                .also(found.place(), "declared here")
        };
        // An overlay that makes the user a job is the culprit, though its line names nobody.
        let early = |diagnostic: Diagnostic| match place(site.layer) {
            Some(start) => diagnostic.also(start, "makes it a job that runs first"),
            None => diagnostic,
        };
        let diagnostic = match (user, found.run, found.noun) {
            (Run::Before, Run::Before, _) => {
                if let (exoc_ir::Component::Service(from), Ok(Some(exoc_ir::Component::Service(to)))) =
                    (site.component, found.component)
                {
                    self.waits.0.entry(from).or_default().entry(to).or_insert(at);
                }
                return true;
            }
            (Run::Before, Run::On, Noun::Service) => early(fault(
                format!(
                    "the job {} runs before services, and uses {}",
                    quoted(site.role),
                    quoted(role)
                ),
                "does not run yet",
            ))
            .help("let it use dependencies only, or run it `after-deploy`")
            .help_if(
                place(site.layer)
                    .and_then(|start| shared(at, start, "a list of `uses` or `NAME: null` beside `when`")),
            ),
            (Run::On | Run::Later, Run::Before | Run::Later, _) | (Run::Before, Run::Later, _) => fault(
                format!("the job {} is used", quoted(role)),
                "nothing connects to a job",
            )
            .help(match found.run {
                Run::Before => "remove it: all `before-deploy` jobs are over before anything else starts",
                Run::On | Run::Later => "remove it; only one `before-deploy` job waits for another",
            }),
            (Run::On | Run::Later, Run::On, _) | (Run::Before, Run::On, Noun::Dependency) => return true,
        };
        self.sink.error(diagnostic);
        false
    }

    /// Gives each job before a deployment its rank; reports jobs that wait for each other.
    pub(crate) fn rank(&mut self, services: &mut [(Service, Span)]) {
        let waits = std::mem::take(&mut self.waits).0;
        let mut ranks: BTreeMap<Id<Service>, u32> = BTreeMap::new();
        let mut left: BTreeSet<Id<Service>> = services
            .iter()
            .enumerate()
            .filter(|(_, (service, _))| {
                service
                    .job()
                    .is_some_and(|job| matches!(job.trigger, Trigger::BeforeDeploy { .. }))
            })
            .map(|(index, _)| Id::new(index))
            .collect();
        while !left.is_empty() {
            let nothing = BTreeMap::new();
            let of = |id: &Id<Service>| waits.get(id).unwrap_or(&nothing);
            let next: Vec<(Id<Service>, u32)> = left
                .iter()
                .filter(|id| of(id).keys().all(|other| !left.contains(other)))
                .map(|id| {
                    let above = of(id).keys().filter_map(|other| ranks.get(other));
                    (*id, above.max().map_or(0, |rank| rank + 1))
                })
                .collect();
            if next.is_empty() {
                self.circle(services, &waits, &left);
                return;
            }
            for (id, rank) in next {
                left.remove(&id);
                ranks.insert(id, rank);
            }
        }
        for (index, (service, _)) in services.iter_mut().enumerate() {
            if let (
                Kind::Job(Job {
                    trigger: Trigger::BeforeDeploy { rank },
                    ..
                }),
                Some(found),
            ) = (&mut service.kind, ranks.get(&Id::new(index)))
            {
                *rank = *found;
            }
        }
    }

    /// Reports one circle among jobs of which each waits for another one.
    fn circle(
        &mut self,
        services: &[(Service, Span)],
        waits: &BTreeMap<Id<Service>, BTreeMap<Id<Service>, Span>>,
        left: &BTreeSet<Id<Service>>,
    ) {
        let role = |id: &Id<Service>| {
            let service = services.get(id.index());
            quoted(service.map_or("", |(service, _)| service.role.as_str()))
        };
        let mut path: Vec<(Id<Service>, Span)> = Vec::new();
        let mut at = left.first().copied();
        while let Some(id) = at {
            let next = waits
                .get(&id)
                .and_then(|others| others.iter().find(|(other, _)| left.contains(other)));
            let Some((next, span)) = next else { return };
            path.push((id, *span));
            at = Some(*next).filter(|next| path.iter().all(|(seen, _)| seen != next));
            if at.is_none() {
                let start = path.iter().position(|(seen, _)| seen == next).unwrap_or(0);
                path.drain(..start);
            }
        }
        let mut links = path.iter();
        let Some((first, span)) = links.next() else { return };
        let diagnostic = Diagnostic::new(
            codes::JOB_CYCLE,
            format!("the job {} waits for itself", role(first)),
        )
        .at(*span, format!("{} waits for this", role(first)));
        let diagnostic = links.fold(diagnostic, |diagnostic, (id, span)| {
            diagnostic.also(*span, format!("{} waits for this", role(id)))
        });
        self.sink
            .error(diagnostic.help("take one of these out, so that one job is the first"));
    }
}

/// A stand-in for a schedule that was reported.
const fn always() -> Schedule {
    Schedule {
        minutes: Moments::Every,
        hours: Moments::Every,
        days: Moments::Every,
        months: Moments::Every,
        weekdays: Moments::Every,
    }
}
