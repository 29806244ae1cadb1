//! Names that two objects would have, one of which is made by somebody else: a claim of a StatefulSet, or what an operator
//! makes. Names of printed objects differ as roles do, and Secrets are checked where they are named.

use super::Plan;
use crate::model::{Controller, File, Meta, Object, PostgresCluster, RabbitmqCluster, Workload};
use exoc_diagnostics::{Diagnostic, Span, codes};
use std::collections::BTreeMap;

/// What CloudNativePG adds to a Cluster's name for its Services.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, api/v1/cluster_funcs.go, `GetServiceReadWriteName` and the next two, 2026-11.
const SERVICES: [&str; 3] = ["rw", "ro", "r"];

/// The numbers of servers, which are those of their claims, as long as few servers were replaced.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, pkg/specs/pods.go, `GetInstanceName`, 2026-11.
const SERVERS: std::ops::RangeInclusive<u32> = 1..=9;

/// A kind and a name of it.
type Name = (&'static str, String);

/// Reports what two objects would be called.
pub(crate) fn check(plan: &mut Plan<'_>, files: &[File]) {
    let mut taken: BTreeMap<Name, Option<Span>> = BTreeMap::new();
    for object in files.iter().flat_map(|file| &file.objects) {
        let (meta, names) = names(object);
        let place = meta.from.places().next();
        for name in names {
            if let Some(other) = taken.get(&name) {
                report(plan, &name, place, *other);
            } else {
                taken.insert(name, place);
            }
        }
    }
}

fn report(plan: &mut Plan<'_>, (kind, name): &Name, place: Option<Span>, other: Option<Span>) {
    let message = format!("two things would be the {kind} `{name}`");
    let mut diagnostic = Diagnostic::new(codes::DERIVED_NAME_CLASH, message)
        .at(place.unwrap_or(plan.places.options), "one of them is made here")
        .help("rename one of the two: such a name is joined from a role and a name beside it");
    if let Some(other) = other {
        diagnostic = diagnostic.also(other, "the other one");
    }
    plan.sink.error(diagnostic);
}

/// The names that come with an object, of kinds of which some have no object of ours.
fn names(object: &Object) -> (&Meta, Vec<Name>) {
    match object {
        Object::Claim(meta, _, _) => (meta, vec![(CLAIM, meta.name.clone())]),
        Object::Service(service) => (&service.meta, vec![(SERVICE, service.meta.name.clone())]),
        Object::Workload(workload) => (&workload.meta, claims(workload)),
        Object::PostgresCluster(cluster) => (&cluster.meta, of_postgres(cluster)),
        Object::RabbitmqCluster(cluster) => (&cluster.meta, of_rabbitmq(cluster)),
        Object::Namespace(meta)
        | Object::ServiceAccount(meta, _)
        | Object::ConfigMap(meta, _)
        | Object::DisruptionBudget(meta, _)
        | Object::ScheduledBackup(meta)
        | Object::PasswordGenerator(meta, _) => (meta, Vec::new()),
        Object::Job(it) => (&it.meta, Vec::new()),
        Object::CronJob(it) => (&it.meta, Vec::new()),
        Object::Gateway(it) => (&it.meta, Vec::new()),
        Object::Ingress(it) => (&it.meta, Vec::new()),
        Object::Route(it) => (&it.meta, Vec::new()),
        Object::Autoscaler(it) => (&it.meta, Vec::new()),
        Object::NetworkPolicy(it) => (&it.meta, Vec::new()),
        Object::BackupStore(it) => (&it.meta, Vec::new()),
        Object::ExternalSecret(it) => (&it.meta, Vec::new()),
    }
}

const CLAIM: &str = "PersistentVolumeClaim";
const SERVICE: &str = "Service";

/// The claims that a StatefulSet makes of its templates.
fn claims(workload: &Workload) -> Vec<Name> {
    match &workload.controller {
        Controller::Deployment { .. } => Vec::new(),
        Controller::StatefulSet {
            service_name: _, // a Service of ours
            replicas,
            claims,
        } => {
            let pods = 0..(*replicas).max(1);
            let name = &workload.meta.name;
            let claim = |number| {
                let templates = claims.iter().map(|claim| &claim.name);
                templates.map(move |template| (CLAIM, format!("{template}-{name}-{number}")))
            };
            pods.flat_map(claim).collect()
        }
    }
}

fn of_postgres(cluster: &PostgresCluster) -> Vec<Name> {
    let name = &cluster.meta.name;
    let services = SERVICES.map(|end| (SERVICE, format!("{name}-{end}")));
    let claims = SERVERS.map(|number| (CLAIM, format!("{name}-{number}")));
    let own = (SERVICE, cluster.service.clone());
    services.into_iter().chain([own]).chain(claims).collect()
}

/// What the RabbitMQ Cluster Operator makes.
///
/// Source: rabbitmq/cluster-operator 2.16.0, internal/resource/{service,headless_service,statefulset}.go, 2026-11.
fn of_rabbitmq(cluster: &RabbitmqCluster) -> Vec<Name> {
    let name = &cluster.meta.name;
    let services = [name.clone(), format!("{name}-nodes")].map(|name| (SERVICE, name));
    let claims = (0..cluster.replicas).map(|number| (CLAIM, format!("persistence-{name}-server-{number}")));
    services.into_iter().chain(claims).collect()
}
