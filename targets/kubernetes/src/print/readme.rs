//! The page beside the objects: what a person does before and beside `kubectl apply`.

mod backups;
mod needs;
mod secret;

use super::{build, deliver};
use crate::model::{ImageToBuild, Labels, Operator, Readme};
use crate::options::Way;
use std::fmt::Write as _;

/// The page, in Markdown.
pub(super) fn page(readme: &Readme) -> String {
    let Readme {
        app,
        environment,
        namespace,
        secrets,
        operators,
        backups,
        store,
        certificates,
        images,
        entry,
        version: _,       // what the cluster needs
        priority: _,      // likewise
        dns: _,           // likewise
        default_class: _, // likewise
        pull_secrets,
        selector,
        jobs,
        notes,
    } = readme;
    let mut page = format!(
        "# {app}, {environment}, on Kubernetes\n\n{}",
        needs::lines(readme)
    );
    page += "No container has a limit of CPU: a LimitRange of the namespace may add one, and a ResourceQuota of `limits.cpu`\n\
             refuses the pods without it.\n\n\
             This folder is written anew by each build. What a cluster needs beside it is the matter of a kustomization in\n\
             another folder that has this one among its `resources`.\n";
    page += &differences(notes);
    page += &format!(
        "\n## Namespace\n\n```sh\nkubectl apply -f namespace.yaml\n```\n{}",
        secret::section(namespace, secrets, store.as_ref())
    );
    page += &backups::section(namespace, backups.as_ref(), store.as_ref());
    page += &registries(namespace, pull_secrets);
    let taker = match entry.as_ref().map(|(entry, _)| &entry.way) {
        Some(Way::Ingress { class: _ }) => "Ingress",
        Some(Way::Gateway { class: _ } | Way::Given(_)) | None => "gateway",
    };
    page += &self::certificates(namespace, taker, certificates);
    page += &self::images(images);
    // Without that kustomization the images have a tag that no image has.
    let place = if images.iter().any(is_untagged) {
        "In the folder of the kustomization that gives the tags:\n\n"
    } else {
        ""
    };
    let has_jobs = jobs.deploys() || !jobs.scheduled.is_empty() || !jobs.on_demand.is_empty();
    if !jobs.deploys() && !jobs.clusters.is_empty() {
        page += &deliver::apply_after_clusters(namespace, place, &jobs.clusters);
    } else if !jobs.deploys() {
        page += &apply(namespace, place);
    } else {
        page += &deliver::apply(namespace, place, jobs);
        page += &deliver::tools(app, environment, jobs);
    }
    page += &deliver::by_hand(namespace, jobs);
    let opens_backups = backups.as_ref().is_some_and(|backups| !backups.keys.is_empty());
    let by_operator = store.is_some() && (!secrets.is_empty() || opens_backups);
    let of_entry: &[&str] = match entry.as_ref().map(|(entry, _)| &entry.way) {
        Some(Way::Gateway { class: _ }) => &GATEWAY_KINDS,
        Some(Way::Given(_)) => &ROUTE_KINDS,
        Some(Way::Ingress { class: _ }) => &INGRESS_KINDS,
        None => &[],
    };
    let further = [
        (has_jobs, JOB_KINDS.as_slice()),
        (true, of_entry),
        (by_operator, &OPERATOR_KINDS),
        (operators.contains(&Operator::CloudnativePg), &POSTGRES_KINDS),
    ];
    let further = further.iter().filter(|(is_there, _)| *is_there);
    let stays = if by_operator {
        "claims and Secrets that were drawn"
    } else {
        "claims and Secrets"
    };
    page += &prune(selector, further.flat_map(|(_, kinds)| *kinds), stays);
    page
}

/// What whoever reads the manifest alone would not expect.
fn differences(notes: &[(&str, String)]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let mut section = "\n## What differs from the manifest\n\n\
         The build noted this. `exoc explain`, with a code, says what that means:\n\n"
        .to_owned();
    for (code, message) in notes {
        let _ = writeln!(section, "- {code}: {message}");
    }
    section
}

/// How the objects reach the cluster and how one sees that they run.
fn apply(namespace: &str, place: &str) -> String {
    format!(
        "\n## Apply\n\n{place}```sh\nkubectl diff -k .\nkubectl apply -k .\n```\n\n\
         This waits until everything runs, and fails if something does not:\n\n```sh\n\
         kubectl --namespace {namespace} rollout status deployments,statefulsets --timeout=15m\n```\n"
    )
}

/// The kinds of objects that may go without their data; not the namespace, which holds everything.
const KINDS: [&str; 8] = [
    "core/v1/ConfigMap",
    "core/v1/Service",
    "core/v1/ServiceAccount",
    "apps/v1/Deployment",
    "apps/v1/StatefulSet",
    "autoscaling/v2/HorizontalPodAutoscaler",
    "policy/v1/PodDisruptionBudget",
    "networking.k8s.io/v1/NetworkPolicy",
];

/// Those of the Gateway API, which a cluster without public HTTP services may not know.
const ROUTE_KINDS: [&str; 2] = [
    "gateway.networking.k8s.io/v1/HTTPRoute",
    "gateway.networking.k8s.io/v1/GRPCRoute",
];

/// Those of an entry by Ingress.
const INGRESS_KINDS: [&str; 1] = ["networking.k8s.io/v1/Ingress"];

/// The same with a gateway of our own.
const GATEWAY_KINDS: [&str; 3] = [
    "gateway.networking.k8s.io/v1/Gateway",
    "gateway.networking.k8s.io/v1/HTTPRoute",
    "gateway.networking.k8s.io/v1/GRPCRoute",
];

/// Those of jobs.
const JOB_KINDS: [&str; 2] = ["batch/v1/CronJob", "batch/v1/Job"];

/// Those of the operator External Secrets.
const OPERATOR_KINDS: [&str; 2] = [
    "external-secrets.io/v1/ExternalSecret",
    "generators.external-secrets.io/v1alpha1/Password",
];

/// That of CloudNativePG which holds no data.
const POSTGRES_KINDS: [&str; 1] = ["postgresql.cnpg.io/v1/ScheduledBackup"];

/// How what is gone from the manifest is deleted: also of `further` kinds, and what `stays` all the same.
fn prune<'a>(selector: &Labels, further: impl Iterator<Item = &'a &'a str>, stays: &str) -> String {
    let selector: Vec<String> = selector
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    let kinds: String = KINDS
        .iter()
        .chain(further)
        .map(|kind| format!(" \\\n  --prune-allowlist={kind}"))
        .collect();
    format!(
        "\n## Delete\n\n\
         What is gone from the manifest stays in the cluster. In the same folder, this shows what that is, and deletes it\n\
         without `--dry-run=server`; {stays} stay:\n\n```sh\n\
         kubectl apply -k . --dry-run=server --prune --selector={}{kinds}\n```\n\n\
         `kubectl delete -k .` deletes the namespace as well, and with it the claims and all their data.\n",
        selector.join(",")
    )
}

/// The Secrets by which images are pulled.
fn registries(namespace: &str, pull_secrets: &[String]) -> String {
    if pull_secrets.is_empty() {
        return String::new();
    }
    let mut section = "\n## Registries\n\n\
         Images are pulled by these Secrets. Each is made of a configuration of Docker that holds the login itself, not the\n\
         name of a helper that has it.\n\n```sh\n"
        .to_owned();
    for secret in pull_secrets {
        section += &format!(
            "kubectl --namespace {namespace} create secret docker-registry {secret} --from-file=.dockerconfigjson={secret}.json\n"
        );
    }
    section + "```\n"
}

fn certificates(namespace: &str, taker: &str, certificates: &[(String, String)]) -> String {
    if certificates.is_empty() {
        return String::new();
    }
    let mut section = format!(
        "\n## Certificates\n\n\
         The {taker} takes them from Secrets. The option `cluster-issuer` has cert-manager make them instead.\n\n```sh\n"
    );
    for (host, secret) in certificates {
        section += &format!(
            "kubectl --namespace {namespace} create secret tls {secret} --cert={host}.crt --key={host}.key\n"
        );
    }
    section + "```\n"
}

fn images(images: &[ImageToBuild]) -> String {
    if images.is_empty() {
        return String::new();
    }
    let untagged: Vec<&ImageToBuild> = images.iter().filter(|image| is_untagged(image)).collect();
    let commands: String = images.iter().map(build::command).collect();
    let fence = build::fence(&commands);
    let variable = if untagged.is_empty() {
        ""
    } else {
        ", with the new tag in the variable `TAG` of the shell"
    };
    let mut section = format!(
        "\n## Images\n\nTo build and push them in this folder{variable}:\n\n{fence}sh\n{commands}{fence}\n"
    );
    if untagged.is_empty() {
        return section;
    }
    section += "\nThe tag or digest of these images is an input of the deployment. A kustomization outside this folder \
                gives it:\n\n```yaml\nresources:\n  - path/to/this/folder\nimages:\n";
    for image in untagged {
        let _ = write!(
            section,
            "  - name: {}\n    newTag: the-tag\n",
            image.reference.name
        );
    }
    section + "```\n"
}

const fn is_untagged(image: &ImageToBuild) -> bool {
    image.reference.tag.is_none()
}

/// A text of the manifest as a sentence on one line, without what would be Markdown.
fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut line = String::new();
    for character in words.join(" ").trim_end_matches('.').chars() {
        if "\\`*_[]<>#|&".contains(character) {
            line.push('\\');
        }
        if !character.is_control() {
            line.push(character);
        }
    }
    line
}
