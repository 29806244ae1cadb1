//! An object as a document: its version and kind, its metadata, and the kinds that are short.

use super::words::Words;
use super::{cluster, ingress, job, network, route, secret, workload};
use crate::model::{Autoscaler, Data, Labels, Meta, Object};
use exoc_emit::yaml::{Mapping, Yaml};
use std::collections::BTreeMap;

/// The document of an object.
pub(crate) fn document(words: Words<'_>, object: &Object) -> Mapping {
    match object {
        Object::Namespace(meta) => head(words, "v1", "Namespace", meta),
        Object::ServiceAccount(meta, pull_secrets) => {
            let secrets = pull_secrets.iter().map(|name| Mapping::new().with("name", name));
            head(words, "v1", "ServiceAccount", meta)
                .with("automountServiceAccountToken", false)
                .with_list_unless_empty("imagePullSecrets", secrets)
        }
        Object::ConfigMap(meta, data) => config_map(words, meta, data),
        Object::Claim(meta, claim, sharing) => head(words, "v1", "PersistentVolumeClaim", meta)
            .with("spec", workload::claim_spec(claim, *sharing)),
        Object::Workload(object) => workload::document(words, object),
        Object::Job(object) => job::job(words, object),
        Object::CronJob(object) => job::cron_job(words, object),
        Object::Service(object) => network::service(words, object),
        Object::Gateway(object) => route::gateway(words, object),
        Object::Ingress(object) => ingress::document(words, object),
        Object::Route(object) => route::route(words, object),
        Object::Autoscaler(object) => autoscaler(words, object),
        Object::DisruptionBudget(meta, selector) => {
            let spec = Mapping::new()
                .with("maxUnavailable", 1_u32)
                .with("unhealthyPodEvictionPolicy", "AlwaysAllow")
                .with("selector", match_labels(selector));
            head(words, "policy/v1", "PodDisruptionBudget", meta).with("spec", spec)
        }
        Object::NetworkPolicy(object) => network::policy(words, object),
        Object::PostgresCluster(object) => cluster::postgres(words, object),
        Object::RabbitmqCluster(object) => cluster::rabbitmq(words, object),
        Object::BackupStore(object) => cluster::object_store(words, object),
        Object::ScheduledBackup(meta) => cluster::scheduled_backup(words, meta),
        Object::ExternalSecret(object) => secret::external(words, object),
        Object::PasswordGenerator(meta, length) => secret::generator(words, meta, *length),
    }
}

fn config_map(words: Words<'_>, meta: &Meta, data: &BTreeMap<String, Data>) -> Mapping {
    let texts = data.iter().filter_map(|(key, data)| match data {
        Data::Text(text) => Some((key.clone(), text)),
        Data::Bytes(_) => None,
    });
    let bytes = data.iter().filter_map(|(key, data)| match data {
        Data::Text(_) => None,
        Data::Bytes(bytes) => Some((key.clone(), bytes)),
    });
    head(words, "v1", "ConfigMap", meta)
        .with("immutable", true)
        .with_map_unless_empty("data", texts.collect())
        .with_map_unless_empty("binaryData", bytes.collect())
}

/// What every document begins with: why it is there, and its metadata.
pub(super) fn head(words: Words<'_>, version: &str, kind: &str, meta: &Meta) -> Mapping {
    let Meta {
        name,
        namespace,
        labels,
        annotations,
        from,
    } = meta;
    let metadata = Mapping::new()
        .with("name", name)
        .with_some("namespace", namespace.as_ref())
        .with("labels", map(labels))
        .with_map_unless_empty("annotations", map(annotations));
    words
        .head(from)
        .with("apiVersion", version)
        .with("kind", kind)
        .with("metadata", metadata)
}

/// Keys and values.
pub(super) fn map(labels: &Labels) -> Mapping {
    labels.iter().map(|(key, value)| (key.clone(), value)).collect()
}

/// A selector; empty for all.
pub(super) fn match_labels(labels: &Labels) -> Mapping {
    Mapping::new().with_map_unless_empty("matchLabels", map(labels))
}

fn autoscaler(words: Words<'_>, object: &Autoscaler) -> Mapping {
    let Autoscaler {
        meta,
        deployment,
        min,
        max,
        goals,
        requests,
    } = object;
    let target = Mapping::new()
        .with("apiVersion", "apps/v1")
        .with("kind", "Deployment")
        .with("name", deployment);
    let metrics = goals.iter().map(|(resource, percent)| {
        let target = Mapping::new()
            .with("type", "Utilization")
            .with("averageUtilization", *percent);
        let resource = Mapping::new().with("name", *resource).with("target", target);
        Mapping::new().with("type", "Resource").with("resource", resource)
    });
    let of_pods = requests.iter().map(|(metric, most)| {
        let target = Mapping::new()
            .with("type", "AverageValue")
            .with("averageValue", exoc_emit::yaml::quoted(most.to_string()));
        let pods = Mapping::new()
            .with("metric", Mapping::new().with("name", metric))
            .with("target", target);
        Mapping::new().with("type", "Pods").with("pods", pods)
    });
    let metrics = metrics.chain(of_pods);
    let down = Mapping::new().with("stabilizationWindowSeconds", 300_u32);
    let spec = Mapping::new()
        .with("scaleTargetRef", target)
        .with("minReplicas", *min)
        .with("maxReplicas", *max)
        .with_list_unless_empty("metrics", metrics)
        .with("behavior", Mapping::new().with("scaleDown", down));
    head(words, "autoscaling/v2", "HorizontalPodAutoscaler", meta).with("spec", spec)
}

/// A mapping in a list, for short spellings.
pub(super) fn one(mapping: Mapping) -> Yaml {
    Yaml::List(vec![Yaml::Map(mapping)])
}
