//! The part of the page that says how objects reach the cluster where jobs run around a deployment: by hand, and by
//! tools. Decides nothing; the selectors are those of the labels that everything has.

use crate::model::{Jobs, Stage};

/// What everything stands on: whatever belongs to no service.
const BASE: &str = "app.kubernetes.io/component notin (server, worker, job)";
/// What belongs to services.
const NOT_BASE: &str = "app.kubernetes.io/component in (server, worker, job)";
/// Whatever belongs to no job of a deployment.
const NOT_DEPLOYED: &str = "exoc.run notin (before-deploy, after-deploy)";
/// The jobs of a deployment.
const DEPLOYED: &str = "exoc.run in (before-deploy, after-deploy)";

/// Seconds that a job's verdict is waited for once it is known.
const VERDICT: u32 = 60;

/// How objects are applied, step by step.
pub(super) fn apply(namespace: &str, place: &str, jobs: &Jobs) -> String {
    let Jobs {
        before,
        after,
        base,
        scheduled: _, // they wait for nobody
        on_demand: _, // likewise
    } = jobs;
    let here = format!("kubectl --namespace {namespace}");
    let rolled_out = "rollout status deployments,statefulsets --timeout=15m";
    let mut steps = vec![format!("kubectl apply -k . --selector='{BASE}'")];
    if *base {
        steps.push(format!(
            "{here} {rolled_out} --selector=app.kubernetes.io/component=dependency"
        ));
    }
    steps.extend(before.iter().map(run));
    steps.push(format!("kubectl apply -k . --selector='{NOT_DEPLOYED}'"));
    steps.push(format!("{here} {rolled_out}"));
    steps.extend(after.iter().map(run));
    format!(
        "\n## Apply\n\n\
         Jobs run around a deployment, and `kubectl apply -k .` alone would start them beside the services. So each step \
         ends\nbefore the next one begins, and where one fails the services stay as they are. A Job runs again if its pods \
         changed,\nalso by the tag of their image, or if it did not succeed.\n\n\
         {place}```sh\nkubectl diff -k . --selector='{NOT_DEPLOYED}'\n```\n\n\
         ```sh\n\
         run() {{\n  \
         {here} delete jobs --selector=\"$1\" --field-selector=status.successful=0 &&\n    \
         kubectl apply -k . --force --selector=\"$1\" &&\n    \
         {here} wait jobs --selector=\"$1\" --for=jsonpath='{{.status.conditions}}' --timeout=\"$2\" &&\n    \
         {here} wait jobs --selector=\"$1\" --for=condition=complete --timeout={VERDICT}s\n}}\n\
         {}\n```\n",
        steps.join(" &&\n  ")
    )
}

/// Runs the jobs of a stage. The first `wait` of the function ends with either verdict.
fn run(stage: &Stage) -> String {
    format!("run '{}' {}s", of(stage), stage.timeout)
}

/// What selects a stage.
fn of(stage: &Stage) -> String {
    format!("app.kubernetes.io/name in ({})", stage.names.join(", "))
}

/// How a person starts a job.
pub(super) fn by_hand(namespace: &str, jobs: &Jobs) -> String {
    let all: Vec<&String> = jobs.on_demand.iter().chain(&jobs.scheduled).collect();
    if all.is_empty() {
        return String::new();
    }
    let mut section = "\n## Run a job\n\n\
         A run is a Job of its own, made from the CronJob:\n\n```sh\n"
        .to_owned();
    for role in all {
        section += &format!(
            "kubectl --namespace {namespace} create job --from=cronjob/{role} {role}-\"$(date +%s)\"\n"
        );
    }
    section + "```\n"
}

/// What tools do that apply this folder.
pub(super) fn tools(app: &str, environment: &str, jobs: &Jobs) -> String {
    let Jobs {
        before,
        after,
        base: _, // Flux waits for whatever is there
        scheduled: _,
        on_demand: _,
    } = jobs;
    let mut section = "\n## Argo CD and Flux\n\n\
         Argo CD reads the order from annotations and runs the jobs at each sync. It leaves Jobs of earlier contents behind.\n\n\
         Flux applies a Kustomization at once, so each step is one, of the same path, that deletes from it what is not its own.\n\
         The source and the path are the repository's:\n\n```yaml\n"
        .to_owned();
    let mut steps = vec![("base".to_owned(), None, vec![NOT_BASE.to_owned()])];
    for (index, stage) in before.iter().enumerate() {
        steps.push((
            format!("before-{}", index + 1),
            Some(stage.timeout),
            vec![format!(
                "app.kubernetes.io/name notin ({})",
                stage.names.join(", ")
            )],
        ));
    }
    steps.push((
        "services".to_owned(),
        None,
        vec![BASE.to_owned(), DEPLOYED.to_owned()],
    ));
    if let Some(stage) = after {
        steps.push((
            "after".to_owned(),
            Some(stage.timeout),
            vec!["exoc.run notin (after-deploy)".to_owned()],
        ));
    }
    let mut previous: Option<String> = None;
    let documents = steps.into_iter().map(|(step, timeout, others)| {
        let name = format!("{app}-{environment}-{step}");
        let after = previous.replace(name.clone());
        flux(&name, after.as_deref(), timeout, &others)
    });
    section += &documents.collect::<Vec<_>>().join("---\n");
    section + "```\n"
}

/// One step of Flux.
///
/// Source: fluxcd.io, "Kustomization", `wait`, `dependsOn`, `patches`, and "Running jobs", 2026-11.
fn flux(name: &str, after: Option<&str>, timeout: Option<u32>, others: &[String]) -> String {
    let mut step = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: {name}\nspec:\n"
    );
    if let Some(after) = after {
        step += &format!("  dependsOn:\n    - name: {after}\n");
    }
    step += &format!(
        "  interval: 10m\n  timeout: {}s\n  wait: true\n  prune: true\n  path: ./path/to/this/folder\n  \
         sourceRef:\n    kind: GitRepository\n    name: the-repository\n  patches:\n",
        timeout.unwrap_or(900)
    );
    for other in others {
        step += &format!(
            "    - target:\n        labelSelector: {other}\n      \
             patch: '{{ $patch: delete, apiVersion: v1, kind: Any, metadata: {{ name: any }} }}'\n"
        );
    }
    step
}
