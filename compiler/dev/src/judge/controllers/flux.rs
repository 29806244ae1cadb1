//! A deployment as Flux makes it from the Kustomizations of a golden's page: each step is applied and waited for, and
//! where one fails no later one begins. So a job before the deployment that fails leaves the services as they are.
//!
//! That this can be seen is proved as well: the same release with a job that succeeds changes them.

use super::{condition, copy, replicas, text};
use crate::judge::server::Server;
use exoc_snapshot_tests::case;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// A golden with jobs before and after a deployment, and the name of its namespace.
const GOLDEN: (&str, &str) = (
    "snapshot-tests/golden/jobs-deploy/staging/kubernetes",
    "jobs-deploy-staging",
);

/// The namespace of its copies.
const NAMESPACE: &str = "jobs-deploy-flux";

/// How long a step may take; what works is ready in a few seconds.
const PATIENCE: Duration = Duration::from_secs(90);

/// A step: the last word of its name, and the patches that leave only its own objects.
struct Step {
    name: String,
    patches: String,
}

/// What a release changes besides its service.
#[derive(Clone, Copy)]
enum Job {
    /// Nothing: it is the first release.
    AsItIs,
    /// Another job before the deployment, which fails.
    Fails,
    /// Another one, which succeeds.
    Succeeds,
}

/// Makes three releases, of which the second one fails before its services.
pub(super) fn check(server: &Server) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let folder = scratch.path();
    if let Some(step) = release(server, folder, Job::AsItIs)? {
        return Err(format!("the first release fails at `{step}`"));
    }
    let first = revisions(server)?;
    match release(server, folder, Job::Fails)? {
        Some(step) if step.starts_with("before-") => {}
        other => {
            return Err(format!(
                "a job before the deployment fails, and the release ends with {other:?}"
            ));
        }
    }
    if revisions(server)? != first {
        return Err("a job before the deployment failed, and the services changed all the same".to_owned());
    }
    if let Some(step) = release(server, folder, Job::Succeeds)? {
        return Err(format!("the last release fails at `{step}`"));
    }
    if revisions(server)? == first {
        return Err(
            "a release of which every job succeeds changes no service, so nothing was seen".to_owned(),
        );
    }
    println!("controllers: as Flux applies it, a job that fails leaves the services as they are");
    Ok(())
}

/// The ReplicaSets of the services and how many pods each shall have.
fn revisions(server: &Server) -> Result<BTreeSet<String>, String> {
    let sets = server.get("replicasets", Some(NAMESPACE))?;
    let revisions: BTreeSet<String> = sets
        .iter()
        .map(|set| {
            let replicas = set.pointer("/spec/replicas").map(ToString::to_string);
            format!("{} {}", text(set, "/metadata/name"), replicas.unwrap_or_default())
        })
        .collect();
    if revisions.is_empty() {
        return Err("no service runs".to_owned());
    }
    Ok(revisions)
}

/// Applies step by step. The step at which a job fails, if one does.
fn release(server: &Server, folder: &Path, job: Job) -> Result<Option<String>, String> {
    let (golden, namespace) = GOLDEN;
    let objects = folder.join("objects");
    std::fs::create_dir_all(&objects).map_err(|error| error.to_string())?;
    copy(&case::root().join(golden), &objects, (namespace, NAMESPACE))?;
    change(&objects, job)?;
    let page = std::fs::read_to_string(objects.join("README.md")).map_err(|error| error.to_string())?;
    let steps = steps(&page);
    if steps.len() < 4 {
        return Err(format!("{golden}/README.md has {} steps for Flux", steps.len()));
    }
    for step in steps {
        let of_step = folder.join(&step.name);
        std::fs::create_dir_all(&of_step).map_err(|error| error.to_string())?;
        let text = format!("resources:\n  - ../objects\n{}", step.patches);
        std::fs::write(of_step.join("kustomization.yaml"), text).map_err(|error| error.to_string())?;
        let applied = server.apply(&of_step)?;
        if !waited(server, &step.name, &applied)? {
            return Ok(Some(step.name));
        }
    }
    Ok(None)
}

/// Changes the one service and, under another name, the last job before the deployment.
fn change(objects: &Path, job: Job) -> Result<(), String> {
    let edit = |file: &str, changes: &[(&str, &str)]| -> Result<(), String> {
        let path = objects.join(file);
        let mut text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        for (right, wrong) in changes {
            if !text.contains(right) {
                return Err(format!("{file} has no longer {right:?}"));
            }
            text = text.replace(right, wrong);
        }
        std::fs::write(&path, text).map_err(|error| error.to_string())
    };
    let grace = "terminationGracePeriodSeconds: 3";
    let job_name = "\n  name: backfill-";
    match job {
        Job::AsItIs => Ok(()),
        Job::Succeeds => {
            edit("web.yaml", &[(grace, "terminationGracePeriodSeconds: 4")])?;
            edit("backfill.yaml", &[(job_name, "\n  name: backfill-3")])
        }
        // No node takes its pod, and its time is over soon.
        Job::Fails => {
            edit("web.yaml", &[(grace, "terminationGracePeriodSeconds: 4")])?;
            let late = "  backoffLimit: 0\n  activeDeadlineSeconds: 3\n";
            let nowhere = "restartPolicy: Never\n      nodeSelector: { exoc.test/node: none }\n";
            edit(
                "backfill.yaml",
                &[
                    (job_name, "\n  name: backfill-2"),
                    ("  backoffLimit: 0\n", late),
                    ("restartPolicy: Never\n", nowhere),
                ],
            )
        }
    }
}

/// The steps of a page, in their order.
fn steps(page: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let yaml = page.split("kind: Kustomization\n").skip(1);
    for document in yaml {
        let document = document.split("---\n").next().unwrap_or_default();
        let document = document.split("```").next().unwrap_or_default();
        let name = document.lines().find_map(|line| line.strip_prefix("  name: "));
        let name = name.and_then(|name| name.strip_prefix(&format!("{NAMESPACE}-")));
        let (mut patches, mut is_patch) = (String::new(), false);
        for line in document.lines() {
            // Keys of `spec` are indented by two.
            if let Some(key) = line.strip_prefix("  ").filter(|key| !key.starts_with(' ')) {
                is_patch = key == "patches:";
            }
            if is_patch {
                let _ = writeln!(patches, "{}", line.strip_prefix("  ").unwrap_or(line));
            }
        }
        steps.extend(name.map(|name| Step {
            name: name.to_owned(),
            patches,
        }));
    }
    steps
}

/// Waits for what was applied: whether all of it is as it should be; not if a job failed.
fn waited(server: &Server, step: &str, applied: &[String]) -> Result<bool, String> {
    let named = |kind: &str, name: &str| {
        let group = if kind == "Job" { "batch" } else { "apps" };
        let begin = format!("{}.{group}/{name} ", kind.to_lowercase());
        applied.iter().any(|line| line.starts_with(&begin))
    };
    let begin = Instant::now();
    loop {
        let objects = server.get("deployments,statefulsets,jobs", Some(NAMESPACE))?;
        let mut missing = Vec::new();
        for object in &objects {
            let (kind, name) = (text(object, "/kind"), text(object, "/metadata/name"));
            if !named(kind, name) {
                continue;
            }
            if kind == "Job" && condition(object, "Failed").is_none() {
                return Ok(false);
            }
            let lacks = if kind == "Job" {
                condition(object, "Complete")
            } else {
                replicas(object)
            };
            missing.extend(lacks.map(|lacks| format!("{kind}/{name} {lacks}")));
        }
        if missing.is_empty() {
            return Ok(true);
        }
        if begin.elapsed() > PATIENCE {
            return Err(format!("the step `{step}` does not end: {missing:?}"));
        }
        std::thread::sleep(Duration::from_secs(1));
    }
}
