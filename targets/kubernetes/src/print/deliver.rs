//! The part of the page that says how objects reach the cluster where jobs run around a deployment: by hand, and by
//! tools. Decides nothing; the selectors are those of the labels that everything has.

use crate::model::{Jobs, Operator, Stage};
use std::collections::BTreeSet;

/// What everything stands on: whatever belongs to no service.
const BASE: &str = "app.kubernetes.io/component notin (server, worker, job)";
/// What belongs to services.
const NOT_BASE: &str = "app.kubernetes.io/component in (server, worker, job)";
/// Whatever belongs to no job of a deployment.
const NOT_DEPLOYED: &str = "exoc.run notin (before-deploy, after-deploy)";
/// The jobs of a deployment.
const DEPLOYED: &str = "exoc.run in (before-deploy, after-deploy)";

/// Waits until all workloads run.
const ROLLED_OUT: &str = "rollout status deployments,statefulsets --timeout=15m";

/// Seconds that a job's verdict is waited for once it is known.
const VERDICT: u32 = 60;

/// How objects are applied, step by step.
pub(super) fn apply(namespace: &str, place: &str, jobs: &Jobs) -> String {
    let Jobs {
        before,
        after,
        base,
        clusters,
        shared_claims: _, // pods bind them
        idle_claims: _,   // likewise
        scheduled: _,     // they wait for nobody
        on_demand: _,     // likewise
    } = jobs;
    let here = format!("kubectl --namespace {namespace}");
    let rolled_out = ROLLED_OUT;
    let mut steps = vec![format!("kubectl apply -k . --selector='{BASE}'")];
    steps.extend(clusters_are_ready(namespace, clusters));
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

/// How objects are applied where no job runs around a deployment, but an operator makes databases.
pub(super) fn apply_after_clusters(namespace: &str, place: &str, clusters: &BTreeSet<Operator>) -> String {
    let mut steps = vec![format!("kubectl apply -k . --selector='{BASE}'")];
    steps.extend(clusters_are_ready(namespace, clusters));
    steps.push("kubectl apply -k .".to_owned());
    steps.push(format!("kubectl --namespace {namespace} {ROLLED_OUT}"));
    let made = clusters.iter().map(|operator| match operator {
        Operator::CloudnativePg => "databases",
        Operator::Rabbitmq => "brokers",
    });
    let made = made.collect::<Vec<_>>().join(" and the ");
    format!(
        "\n## Apply\n\n\
         The services come once the operator has made the {made} and the Secrets of their users. The last step waits until \
         everything\nruns; each fails if something does not:\n\n\
         {place}```sh\nkubectl diff -k .\n```\n\n```sh\n{}\n```\n",
        steps.join(" &&\n  ")
    )
}

/// Waits for what operators make.
///
/// Sources: cloudnative-pg/cloudnative-pg 1.30.0, docs/src/troubleshooting.md, "How to wait for a particular condition";
/// rabbitmq/cluster-operator 2.16.0, internal/status/all_replicas_ready.go; 2026-11.
fn clusters_are_ready(namespace: &str, clusters: &BTreeSet<Operator>) -> Vec<String> {
    let wait = |operator: &Operator| {
        let of = match operator {
            Operator::CloudnativePg => "clusters.postgresql.cnpg.io --for=condition=Ready",
            Operator::Rabbitmq => "rabbitmqclusters.rabbitmq.com --for=condition=AllReplicasReady",
        };
        format!(
            "kubectl --namespace {namespace} wait {of} --timeout=15m --selector=app.kubernetes.io/component=dependency"
        )
    };
    clusters.iter().map(wait).collect()
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
        clusters,
        shared_claims,
        idle_claims,
        scheduled: _,
        on_demand: _,
    } = jobs;
    let mut section = "\n## Argo CD and Flux\n\n\
         Argo CD reads the order from annotations and runs the jobs at each sync. It leaves Jobs of earlier contents behind.\n\n\
         Flux applies a Kustomization at once, so each step is one, of the same path, that deletes from it what is not its own.\n\
         The source and the path are the repository's:\n\n```yaml\n"
        .to_owned();
    let step = |name: String, timeout: Option<u32>, others: Vec<String>| Step {
        name,
        timeout,
        others,
        claims: false,
        clusters: BTreeSet::new(),
    };
    let mut steps = vec![Step {
        claims: *shared_claims,
        clusters: clusters.clone(),
        ..step("base".to_owned(), None, vec![NOT_BASE.to_owned()])
    }];
    for (index, stage) in before.iter().enumerate() {
        let others = format!("app.kubernetes.io/name notin ({})", stage.names.join(", "));
        steps.push(step(
            format!("before-{}", index + 1),
            Some(stage.timeout),
            vec![others],
        ));
    }
    steps.push(Step {
        claims: *idle_claims,
        ..step(
            "services".to_owned(),
            None,
            vec![BASE.to_owned(), DEPLOYED.to_owned()],
        )
    });
    if let Some(stage) = after {
        let others = "exoc.run notin (after-deploy)".to_owned();
        steps.push(step("after".to_owned(), Some(stage.timeout), vec![others]));
    }
    let mut previous: Option<String> = None;
    let documents = steps.into_iter().map(|step| {
        let name = format!("{app}-{environment}-{}", step.name);
        let after = previous.replace(name.clone());
        flux(&name, after.as_deref(), &step)
    });
    section += &documents.collect::<Vec<_>>().join("---\n");
    section + "```\n"
}

/// A step of Flux.
struct Step {
    /// What its Kustomization is called last.
    name: String,
    /// Seconds after which it has failed.
    timeout: Option<u32>,
    /// What selects the objects of other steps.
    others: Vec<String>,
    /// Whether it has claims that no pod of it mounts.
    claims: bool,
    /// The operators that make something in it.
    clusters: BTreeSet<Operator>,
}

/// One step of Flux. A claim that waits for a pod is as good as bound, and a Cluster, which says nothing that Flux knows,
/// is ready once its operator says so.
///
/// Source: fluxcd.io, "Kustomization", `wait`, `dependsOn`, `patches`, `healthCheckExprs`, and "Running jobs", 2026-11.
/// That these come before the checks that are built in: kubernetes-sigs/cli-utils, pkg/kstatus/polling/polling.go.
fn flux(name: &str, after: Option<&str>, step: &Step) -> String {
    let Step {
        name: _, // `name` is the whole one
        timeout,
        others,
        claims,
        clusters,
    } = step;
    let mut text = format!(
        "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: {name}\nspec:\n"
    );
    if let Some(after) = after {
        text += &format!("  dependsOn:\n    - name: {after}\n");
    }
    text += &format!(
        "  interval: 10m\n  timeout: {}s\n  wait: true\n  prune: true\n  path: ./path/to/this/folder\n  \
         sourceRef:\n    kind: GitRepository\n    name: the-repository\n  patches:\n",
        timeout.unwrap_or(900)
    );
    for other in others {
        text += &format!(
            "    - target:\n        labelSelector: {other}\n      \
             patch: '{{ $patch: delete, apiVersion: v1, kind: Any, metadata: {{ name: any }} }}'\n"
        );
    }
    if *claims || !clusters.is_empty() {
        text += "  healthCheckExprs:\n";
    }
    if *claims {
        text += "    - apiVersion: v1\n      kind: PersistentVolumeClaim\n      current: \"true\"\n";
    }
    for operator in clusters {
        let (of, condition) = match operator {
            Operator::CloudnativePg => ("postgresql.cnpg.io/v1\n      kind: Cluster", "Ready"),
            Operator::Rabbitmq => (
                "rabbitmq.com/v1beta1\n      kind: RabbitmqCluster",
                "AllReplicasReady",
            ),
        };
        text += &format!(
            "    - apiVersion: {of}\n      current: status.conditions.exists(e, e.type == '{condition}' && e.status == 'True')\n"
        );
    }
    text
}
