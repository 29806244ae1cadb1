//! Jobs: what starts each, in which order deployments run them, and what the page says of them.
//!
//! A tool that knows no order applies everything at once. Argo CD goes by waves: what everything stands on, the jobs
//! before a deployment by their ranks with all that is theirs, the services, the jobs after it. Whoever applies by hand
//! or by Flux selects by the label [`RUN`].

use super::assembly::{self, Assembly};
use super::{Plan, operators, volumes};
use crate::model::{CronJob, Job as Planned, Jobs, Labels, Meta, Object, Provenance, Stage, Start};
use crate::plan::pod::{Spread, Stop};
use exoc_diagnostics::Failed;
use exoc_ir::{Component, Image, Job, Kind, Reference, Seconds, Service, Trigger, Workload};
use std::collections::BTreeMap;

/// The label of everything that belongs to a job: what starts it.
pub(crate) const RUN: &str = "exoc.run";

/// The annotation by which Argo CD orders objects.
///
/// Source: argo-cd.readthedocs.io, "Sync Phases and Waves", 2026-11.
const WAVE: &str = "argocd.argoproj.io/sync-wave";

/// The least number of waves between what everything stands on, the jobs, the services and the jobs after them.
const STEP: u32 = 10;

/// Seconds that the first repetition waits; each further one waits twice as long, up to [`LONGEST_WAIT`].
///
/// Source: kubernetes.io, "Jobs", "Pod backoff failure policy", 2026-11.
const FIRST_WAIT: u32 = 10;
/// The most that a repetition waits.
const LONGEST_WAIT: u32 = 360;
/// How many repetitions wait less than that.
const GROWING: u32 = 6;
/// Seconds that are allowed for a pod's place and the download of its image.
const PLACING: u32 = 300;

/// The value of [`RUN`].
pub(crate) const fn word(trigger: &Trigger) -> &'static str {
    match trigger {
        Trigger::Schedule(_) => "schedule",
        Trigger::BeforeDeploy { .. } => "before-deploy",
        Trigger::AfterDeploy => "after-deploy",
        Trigger::OnDemand => "on-demand",
    }
}

/// The Job or CronJob of a service that is one.
pub(crate) fn objects(
    plan: &mut Plan<'_>,
    component: Component,
    workload: &Workload,
    job: &Job,
) -> Result<Vec<Object>, Failed> {
    let Job {
        trigger,
        timeout,
        retries,
    } = job;
    let Assembly {
        mut pod,
        mut objects,
        claims,
    } = assembly::assemble(plan, component, workload, Stop::AtOnce, Spread::None)?;
    let wave = wave_of_claims(component, trigger);
    objects.extend(volumes::of_job(plan, component, claims, wave, &mut pod));
    pod.deadline = Some(timeout.0);
    let mut meta = plan.meta(component, plan.program.role(component));
    let nowhere = Provenance::default();
    let started = plan.written(component, ["schedule", "when"], &nowhere);
    let retried = plan.written(component, ["retries"], &nowhere);
    let start = match trigger {
        Trigger::BeforeDeploy { rank: _ } | Trigger::AfterDeploy => {
            meta.annotations.extend(deployed());
            objects.push(Object::Job(Box::new(Planned {
                meta: meta.because_of(plan.component_lines(component).and(&started)),
                image: pinned(plan, workload),
                retries: *retries,
                retried,
                pod,
            })));
            return Ok(objects);
        }
        Trigger::Schedule(schedule) => Start::Clock(schedule.cron()),
        Trigger::OnDemand => Start::Person,
    };
    objects.push(Object::CronJob(Box::new(CronJob {
        meta,
        start,
        started,
        retries: *retries,
        retried,
        pod,
    })));
    Ok(objects)
}

/// When the claims of a job are applied: with the pod that mounts them, if a deployment makes one.
pub(crate) const fn wave_of_claims(component: Component, trigger: &Trigger) -> Wave {
    match trigger {
        Trigger::BeforeDeploy { rank: _ } | Trigger::AfterDeploy => Wave::Of(component),
        Trigger::Schedule(_) | Trigger::OnDemand => Wave::Last,
    }
}

/// What Argo CD and Flux do about a Job that a deployment starts: Argo CD makes it anew each time, Flux when it cannot
/// be changed, which is so when another image is deployed.
///
/// Source: argo-cd.readthedocs.io, "Resource Hooks"; fluxcd.io, "Kustomization", `force`; 2026-11.
fn deployed() -> Labels {
    [
        ("argocd.argoproj.io/hook", "Sync".to_owned()),
        (
            "argocd.argoproj.io/hook-delete-policy",
            "BeforeHookCreation".to_owned(),
        ),
        ("kustomize.toolkit.fluxcd.io/force", "enabled".to_owned()),
    ]
    .into()
}

/// What the kustomization makes of the image, if that says more than a name.
fn pinned(plan: &Plan<'_>, workload: &Workload) -> Option<Reference> {
    match plan.program.images().get(workload.image)? {
        Image::Built(built) => built.pinned.clone(),
        // The pod has it.
        Image::Pinned(_) => None,
    }
}

/// When objects are applied, for tools that know waves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wave {
    /// What everything stands on.
    First,
    /// What belongs to a component.
    Of(Component),
    /// What may wait for a person or the clock: a class may bind a claim to the first pod alone, and Argo CD waits for
    /// the claim before it begins another wave.
    Last,
}

impl Plan<'_> {
    /// The metadata with its wave. Where no job belongs to a deployment there are no waves, and that of services is the
    /// one without a number.
    pub(crate) fn in_wave(&self, mut meta: Meta, wave: Wave) -> Meta {
        let Some(ranks) = self.ranks else { return meta };
        let ranks = i64::from(ranks.max(STEP));
        let first = -ranks - i64::from(STEP);
        let number = match wave {
            Wave::First | Wave::Of(Component::Backing(_)) => first,
            Wave::Last => 2 * i64::from(STEP),
            Wave::Of(Component::Service(id)) => {
                let service = self.program.services().get(id);
                match service.and_then(Service::job).map(|job| &job.trigger) {
                    Some(Trigger::BeforeDeploy { rank }) => i64::from(*rank) - ranks,
                    Some(Trigger::AfterDeploy) => i64::from(STEP),
                    Some(Trigger::Schedule(_) | Trigger::OnDemand) | None => 0,
                }
            }
        };
        if number != 0 {
            meta.annotations.insert(WAVE, number.to_string());
        }
        meta
    }
}

/// A number that is the lower, the earlier a pod of the job is there; services have the one before [`rank`] of a job
/// after a deployment.
pub(crate) const fn rank(trigger: &Trigger) -> u32 {
    match trigger {
        Trigger::BeforeDeploy { rank } => rank.saturating_add(1),
        Trigger::AfterDeploy => u32::MAX - 1,
        Trigger::Schedule(_) | Trigger::OnDemand => u32::MAX,
    }
}

/// The number of ranks of jobs before a deployment; `None` if no job belongs to one.
pub(crate) fn ranks<'s>(services: impl Iterator<Item = &'s Service>) -> Option<u32> {
    let triggers = services.filter_map(Service::job).map(|job| &job.trigger);
    let ranks = triggers.filter_map(|trigger| match trigger {
        Trigger::BeforeDeploy { rank } => Some(rank.saturating_add(1)),
        Trigger::AfterDeploy => Some(0),
        Trigger::Schedule(_) | Trigger::OnDemand => None,
    });
    ranks.max()
}

/// What the page says of jobs.
pub(crate) fn told(plan: &Plan<'_>) -> Jobs {
    let backings = plan.program.backings().iter();
    let mut jobs = Jobs {
        base: backings
            .map(|(id, _)| Component::Backing(id))
            .any(|backing| plan.elsewhere(backing).is_none() && !operators::is_run(plan, backing)),
        clusters: operators::running(plan),
        shared_claims: volumes::are_shared(plan),
        ..Jobs::default()
    };
    let mut before: BTreeMap<u32, Stage> = BTreeMap::new();
    for (id, service) in plan.program.services().iter() {
        let Kind::Job(job) = &service.kind else { continue };
        let name = plan.identity(Component::Service(id));
        jobs.idle_claims |= wave_of_claims(Component::Service(id), &job.trigger) == Wave::Last
            && volumes::owns_some(plan, &service.workload);
        match &job.trigger {
            Trigger::BeforeDeploy { rank } => {
                let stage = before.entry(*rank).or_insert_with(Stage::empty);
                stage.add(name, job);
            }
            Trigger::AfterDeploy => jobs.after.get_or_insert_with(Stage::empty).add(name, job),
            Trigger::Schedule(_) => jobs.scheduled.push(service.role.clone()),
            Trigger::OnDemand => jobs.on_demand.push(service.role.clone()),
        }
    }
    jobs.before = before.into_values().collect();
    jobs
}

impl Stage {
    const fn empty() -> Self {
        Self {
            names: Vec::new(),
            timeout: 0,
        }
    }

    fn add(&mut self, name: &str, job: &Job) {
        self.names.push(name.to_owned());
        self.timeout = self.timeout.max(longest(job.timeout, job.retries));
    }
}

/// Seconds after which a Job has succeeded or failed.
fn longest(timeout: Seconds, retries: u32) -> u32 {
    let runs = timeout
        .0
        .saturating_add(PLACING)
        .saturating_mul(retries.saturating_add(1));
    let growing = (0..retries.min(GROWING)).map(|nth| FIRST_WAIT.saturating_mul(1 << nth));
    let others = LONGEST_WAIT.saturating_mul(retries.saturating_sub(GROWING));
    growing.fold(runs, u32::saturating_add).saturating_add(others)
}

#[cfg(test)]
mod tests {
    use super::longest;
    use exoc_ir::Seconds;

    #[test]
    fn a_stage_waits_for_all_runs_and_the_time_between_them() {
        assert_eq!(longest(Seconds(60), 0), 360);
        assert_eq!(longest(Seconds(60), 2), 3 * 360 + 10 + 20);
        assert_eq!(
            longest(Seconds(60), 7),
            8 * 360 + 10 + 20 + 40 + 80 + 160 + 320 + 360
        );
        assert_eq!(longest(Seconds(86_400), u32::MAX), u32::MAX);
    }
}
