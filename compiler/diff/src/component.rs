//! Components that are new, gone, or called otherwise; what changed in the others is asked of their families.

use crate::change::{Change, Kind, What};
use crate::twins::{Side, Twin, Twins};
use crate::words;
use crate::{backing, service, variables, workload};
use exoc_ir::{
    Backing, Callee, Component, Engine, Id, Image, Managed, NodeId, Owner, Product, Service, Trigger,
};
use std::collections::BTreeSet;

pub(crate) fn node(component: Component) -> NodeId {
    match component {
        Component::Service(id) => NodeId::Service(id),
        Component::Backing(id) => NodeId::Backing(id),
    }
}

pub(crate) fn compare(twins: &Twins<'_>, changes: &mut Vec<Change>) {
    for twin in &twins.services {
        match *twin {
            Twin::Both(old, new) => {
                both(twins, Component::Service(old), Component::Service(new), changes);
                service::compare(twins, old, new, changes);
            }
            Twin::Gone(id) => changes.extend(gone_service(twins, id)),
            Twin::New(id) => changes.extend(new_service(twins, id)),
        }
    }
    for twin in &twins.backings {
        match *twin {
            Twin::Both(old, new) => {
                both(twins, Component::Backing(old), Component::Backing(new), changes);
                backing::compare(twins, old, new, changes);
            }
            Twin::Gone(id) => changes.extend(gone_backing(twins, id)),
            Twin::New(id) => changes.extend(new_backing(twins, id)),
        }
    }
}

/// What all components have in common.
fn both(twins: &Twins<'_>, old: Component, new: Component, changes: &mut Vec<Change>) {
    let subject = || twins.subject(Side::After, new);
    let (was, is) = (twins.before.role(old), twins.after.role(new));
    let (old_identity, new_identity) = (twins.before.identity(old), twins.after.identity(new));
    let at = |field| twins.place(Side::After, node(new), field);
    if old_identity != new_identity {
        let text = format!(
            "is a new one for whoever deploys it: its data and history stay with `{old_identity}`; keep them with `was: {old_identity}`"
        );
        let change = Change::new(Kind::IdentityChanged, subject(), text);
        changes.push(change.values(old_identity, new_identity).at(at("was")));
    } else if was != is {
        let text = format!("was called `{was}`: it has moved, and keeps its data and history");
        changes.push(
            Change::new(Kind::Renamed, subject(), text)
                .values(was, is)
                .at(at("was")),
        );
    }
    if let (Some(before), Some(after)) = (twins.before.workload(old), twins.after.workload(new)) {
        workload::compare(twins, (old, before), (new, after), changes);
        variables::compare(
            twins,
            (old, &before.environment),
            (new, &after.environment),
            changes,
        );
    }
}

/// What a component uses, by the names of now.
fn uses(twins: &Twins<'_>, side: Side, component: Component) -> Option<String> {
    let program = twins.program(side);
    let callees = program.edges_from(component).filter_map(|edge| match edge.to {
        Callee::Component(callee) => Some(twins.name(side, callee)),
        Callee::World => None,
    });
    let callees: Vec<&str> = callees.collect();
    (!callees.is_empty()).then(|| format!("uses {}", words::names(callees)))
}

/// Who uses a component.
fn users(twins: &Twins<'_>, side: Side, component: Component) -> Option<String> {
    let callers: BTreeSet<&str> = twins
        .program(side)
        .edges_to(component)
        .map(|edge| twins.name(side, edge.from))
        .collect();
    (!callers.is_empty()).then(|| format!("used by {}", words::names(callers)))
}

fn image(twins: &Twins<'_>, side: Side, id: Id<Image>) -> Option<String> {
    Some(match twins.image(side, id)? {
        Image::Pinned(reference) => format!("runs `{reference}`"),
        Image::Built(built) => format!("is built from {}", words::tick(&built.context.to_string())),
    })
}

/// How a job is started.
pub(crate) fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Schedule(schedule) => format!("by the clock, `{}` in UTC", schedule.cron()),
        Trigger::BeforeDeploy { rank: _ } => "before every deployment".to_owned(),
        Trigger::AfterDeploy => "after every deployment".to_owned(),
        Trigger::OnDemand => "when a person starts it".to_owned(),
    }
}

fn new_service(twins: &Twins<'_>, id: Id<Service>) -> Option<Change> {
    let service = twins.after.services().get(id)?;
    let component = Component::Service(id);
    let subject = twins.subject(Side::After, component);
    let volumes = twins
        .after
        .volumes()
        .iter()
        .filter_map(|(_, volume)| match &volume.owner {
            Owner::Component {
                component: owner,
                name,
            } if *owner == component => Some(name.as_str()),
            Owner::Component { .. } | Owner::Shared { .. } => None,
        });
    let volumes: Vec<&str> = volumes.collect();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(image(twins, Side::After, service.workload.image));
    let kind = match service.job() {
        Some(job) => {
            parts.insert(0, format!("runs {}", trigger(&job.trigger)));
            Kind::JobAdded
        }
        None => {
            if (service.scale.min, service.scale.max) != (1, 1) {
                parts.push(format!("has {}", service::replicas(&service.scale)));
            }
            Kind::ServiceAdded
        }
    };
    parts.extend(uses(twins, Side::After, component));
    if !volumes.is_empty() {
        parts.push(format!("keeps data in {}", words::names(volumes)));
    }
    let text = format!("is new; it {}", words::sentence(&parts));
    Some(Change::new(kind, subject, text).at(twins.place(Side::After, node(component), "")))
}

fn gone_service(twins: &Twins<'_>, id: Id<Service>) -> Option<Change> {
    let component = Component::Service(id);
    let service = twins.before.services().get(id)?;
    let subject = twins.subject(Side::Before, component);
    let kind = match service.job() {
        Some(_) => Kind::JobRemoved,
        None => Kind::ServiceRemoved,
    };
    let text = match users(twins, Side::Before, component) {
        Some(users) => format!("is gone; it was {users}"),
        None => "is gone".to_owned(),
    };
    debug_assert!(matches!(subject.what, What::Service | What::Job));
    Some(Change::new(kind, subject, text).at(twins.place(Side::Before, node(component), "")))
}

/// What a backing is, with its version.
pub(crate) fn product(engine: &Engine) -> String {
    match engine {
        Engine::Managed(Managed { product, version, .. }) => match version {
            Some(version) => format!("{} {version}", product.word()),
            None => product.word().to_owned(),
        },
        Engine::Container(_) => "container".to_owned(),
        Engine::External(external) => format!("external server at {}", words::tick(&external.host)),
        Engine::Existing(existing) => format!("{} that is there already", existing.product.word()),
    }
}

/// Whether a backing keeps data of its own that goes when it goes. What owns volumes says so itself.
fn holds_data(engine: &Engine) -> bool {
    match engine {
        Engine::Managed(managed) => managed.product != Product::Memcached,
        Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => false,
    }
}

fn new_backing(twins: &Twins<'_>, id: Id<Backing>) -> Option<Change> {
    let component = Component::Backing(id);
    let backing = twins.after.backings().get(id)?;
    let what = match &backing.engine {
        Engine::Container(workload) => image(twins, Side::After, workload.image)
            .map(|image| format!("is a new container, which {image}"))
            .unwrap_or_default(),
        engine @ (Engine::Managed(_) | Engine::External(_) | Engine::Existing(_)) => {
            format!("is a new {}", product(engine))
        }
    };
    let text = match users(twins, Side::After, component) {
        Some(users) => format!("{what}, {users}"),
        None => what,
    };
    let change = Change::new(Kind::DependencyAdded, twins.subject(Side::After, component), text);
    Some(change.at(twins.place(Side::After, node(component), "")))
}

fn gone_backing(twins: &Twins<'_>, id: Id<Backing>) -> Option<Change> {
    let component = Component::Backing(id);
    let backing = twins.before.backings().get(id)?;
    let what = product(&backing.engine);
    let (kind, text) = if holds_data(&backing.engine) {
        (
            Kind::DataRemoved,
            format!("is gone, and with it the data of a {what}"),
        )
    } else {
        (Kind::DependencyRemoved, format!("is gone, a {what}"))
    };
    let change = Change::new(kind, twins.subject(Side::Before, component), text).before(what);
    Some(change.at(twins.place(Side::Before, node(component), "")))
}
