//! An object as a document: its version and kind, its metadata, and the kinds that are short.

use super::{network, route, workload};
use crate::model::{Autoscaler, Labels, Meta, Object};
use exoc_emit::yaml::{Mapping, Yaml};

/// The document of an object.
pub(crate) fn document(object: &Object) -> Mapping {
    match object {
        Object::Namespace(meta) => head("v1", "Namespace", meta),
        Object::ServiceAccount(meta) => {
            head("v1", "ServiceAccount", meta).with("automountServiceAccountToken", false)
        }
        Object::ConfigMap(meta, data) => head("v1", "ConfigMap", meta)
            .with("immutable", true)
            .with("data", map(data)),
        Object::Workload(object) => workload::document(object),
        Object::Service(object) => network::service(object),
        Object::Gateway(object) => route::gateway(object),
        Object::Route(object) => route::route(object),
        Object::Autoscaler(object) => autoscaler(object),
        Object::DisruptionBudget(meta, selector) => {
            let spec = Mapping::new()
                .with("maxUnavailable", 1_u32)
                .with("unhealthyPodEvictionPolicy", "AlwaysAllow")
                .with("selector", match_labels(selector));
            head("policy/v1", "PodDisruptionBudget", meta).with("spec", spec)
        }
        Object::NetworkPolicy(object) => network::policy(object),
    }
}

/// What every document begins with.
pub(super) fn head(version: &str, kind: &str, meta: &Meta) -> Mapping {
    let Meta {
        name,
        namespace,
        labels,
        annotations,
    } = meta;
    let metadata = Mapping::new()
        .with("name", name)
        .with_some("namespace", namespace.as_ref())
        .with("labels", map(labels))
        .with_map_unless_empty("annotations", map(annotations));
    Mapping::new()
        .with("apiVersion", version)
        .with("kind", kind)
        .with("metadata", metadata)
}

/// Keys and values.
pub(super) fn map(labels: &Labels) -> Mapping {
    labels.iter().collect()
}

/// A selector; empty for all.
pub(super) fn match_labels(labels: &Labels) -> Mapping {
    Mapping::new().with_map_unless_empty("matchLabels", map(labels))
}

fn autoscaler(object: &Autoscaler) -> Mapping {
    let Autoscaler {
        meta,
        deployment,
        min,
        max,
        goals,
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
    let down = Mapping::new().with("stabilizationWindowSeconds", 300_u32);
    let spec = Mapping::new()
        .with("scaleTargetRef", target)
        .with("minReplicas", *min)
        .with("maxReplicas", *max)
        .with_list_unless_empty("metrics", metrics)
        .with("behavior", Mapping::new().with("scaleDown", down));
    head("autoscaling/v2", "HorizontalPodAutoscaler", meta).with("spec", spec)
}

/// A mapping in a list, for short spellings.
pub(super) fn one(mapping: Mapping) -> Yaml {
    Yaml::List(vec![Yaml::Map(mapping)])
}
