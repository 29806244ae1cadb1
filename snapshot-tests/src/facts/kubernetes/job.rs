//! Jobs and CronJobs: where their pods are described, what starts them, and the order that Argo CD gives them.

use super::labels;
use crate::facts::{Run, Start, yaml};
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// The pod template of whatever makes pods.
pub(super) fn template(workload: &Yaml) -> &Yaml {
    match workload["kind"].as_str() {
        Some("CronJob") => &workload["spec"]["jobTemplate"]["spec"]["template"],
        _ => &workload["spec"]["template"],
    }
}

/// What starts a workload that runs and ends; nothing of one that stays.
pub(super) fn run(workload: &Yaml) -> Result<Option<Run>, String> {
    let spec = &workload["spec"];
    let (start, job) = match workload["kind"].as_str() {
        Some("Job") => (of_deployment(workload)?, spec),
        Some("CronJob") => (of_clock(spec)?, &spec["jobTemplate"]["spec"]),
        _ => return Ok(None),
    };
    let pod = &template(workload)["spec"];
    if pod["restartPolicy"].as_str() != Some("Never") {
        return Err("a run that failed begins again in its own pod".to_owned());
    }
    if yaml::present(&job["ttlSecondsAfterFinished"]) {
        return Err("it is deleted after its end, and whoever applies it runs it again".to_owned());
    }
    let only_one = |key: &str| !yaml::present(&job[key]) || job[key].as_i64() == Some(1);
    if !only_one("completions") || !only_one("parallelism") {
        return Err("it runs more than once".to_owned());
    }
    let ignored = &job["podFailurePolicy"]["rules"][0];
    let condition = &ignored["onPodConditions"][0];
    if (
        ignored["action"].as_str(),
        condition["type"].as_str(),
        condition["status"].as_str(),
    ) != (Some("Ignore"), Some("DisruptionTarget"), Some("True"))
    {
        return Err("a run that the cluster ends counts as one that failed".to_owned());
    }
    Ok(Some(Run {
        start,
        timeout: yaml::number(&pod["activeDeadlineSeconds"], "activeDeadlineSeconds")?,
        retries: yaml::number(&job["backoffLimit"], "backoffLimit")?,
    }))
}

fn of_clock(spec: &Yaml) -> Result<Start, String> {
    if spec["concurrencyPolicy"].as_str() != Some("Forbid") {
        return Err("its runs overlap".to_owned());
    }
    if spec["timeZone"].as_str() != Some("Etc/UTC") {
        return Err(format!("its clock is that of {:?}", spec["timeZone"]));
    }
    if spec["suspend"].as_bool() == Some(true) {
        return Ok(Start::OnDemand);
    }
    if spec["startingDeadlineSeconds"].as_i64() != Some(60) {
        return Err("a run that was missed is not skipped".to_owned());
    }
    let schedule = yaml::string(&spec["schedule"], "schedule")?;
    let fields: Vec<&str> = schedule.split(' ').collect();
    let fields = <[&str; 5]>::try_from(fields).map_err(|_| format!("`{schedule}` has not five fields"))?;
    Start::schedule(fields)
}

/// A Job is there for a deployment: the wave says whether before or after it.
fn of_deployment(job: &Yaml) -> Result<Start, String> {
    let annotations = labels(&job["metadata"]["annotations"], "annotations")?;
    let expected = [
        ("argocd.argoproj.io/hook", "Sync"),
        ("argocd.argoproj.io/hook-delete-policy", "BeforeHookCreation"),
        ("kustomize.toolkit.fluxcd.io/force", "enabled"),
    ];
    for (key, value) in expected {
        if annotations.get(key).map(String::as_str) != Some(value) {
            return Err(format!("`{key}` is not `{value}`"));
        }
    }
    let label = job["metadata"]["labels"]["exoc.run"].as_str();
    match (label, wave(job)?) {
        (Some("before-deploy"), ..0) => Ok(Start::Before),
        (Some("after-deploy"), 1..) => Ok(Start::After),
        other => Err(format!("the label and the wave are {other:?}")),
    }
}

/// The wave in which Argo CD applies an object.
pub(super) fn wave(object: &Yaml) -> Result<i64, String> {
    let wave = &object["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"];
    match wave.as_str() {
        None => Ok(0),
        Some(text) => text
            .parse()
            .map_err(|error| format!("the wave `{text}`: {error}")),
    }
}

/// Roles in the order of their waves, and what breaks that order: what a job before a deployment needs comes with it or
/// before it, and no service comes before it.
pub(super) fn order(workloads: &[(String, &Yaml)], all: &[Yaml]) -> Result<Vec<String>, String> {
    let mut before = Vec::new();
    let mut waves: BTreeMap<&str, i64> = BTreeMap::new();
    for (role, workload) in workloads {
        let wave = wave(workload)?;
        // Of what was renamed the label keeps the former name.
        let label = &workload["metadata"]["labels"]["app.kubernetes.io/name"];
        waves.insert(label.as_str().unwrap_or(role), wave);
        if matches!(run(workload)?, Some(run) if run.start == Start::Before) {
            before.push((wave, role.clone()));
        }
    }
    before.sort();
    let (Some((first, _)), Some((last, _))) = (before.first(), before.last()) else {
        return Ok(Vec::new());
    };
    for (role, workload) in workloads {
        let is_job = run(workload)?.is_some();
        let kind = workload["metadata"]["labels"]["app.kubernetes.io/component"].as_str();
        let wave = wave(workload)?;
        if !is_job && kind == Some("dependency") && wave >= *first {
            return Err(format!("`{role}` does not come before the jobs"));
        }
        if !is_job && kind != Some("dependency") && wave <= *last {
            return Err(format!("`{role}` comes before a job before the deployment"));
        }
    }
    for object in all {
        let role = object["metadata"]["labels"]["app.kubernetes.io/name"].as_str();
        let kind = object["kind"].as_str().unwrap_or_default();
        let own = role.and_then(|role| waves.get(role));
        let needed = match kind {
            "Namespace" => *first,
            "ServiceAccount" | "ConfigMap" | "NetworkPolicy" => own.copied().unwrap_or(*first),
            _ => continue,
        };
        if wave(object)? > needed {
            return Err(format!(
                "{kind}/{} comes after what needs it",
                super::name(object)?
            ));
        }
    }
    Ok(before.into_iter().map(|(_, role)| role).collect())
}
