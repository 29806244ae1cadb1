//! Backups of databases that CloudNativePG runs: where its Barman Cloud plugin keeps them, when a whole copy is made, and what
//! is refused. Every change goes there by itself, at the latest after five minutes.
//!
//! Sources: cloudnative-pg/plugin-barman-cloud 0.14.0, config/crd/bases and web/docs/{usage,retention,object_stores}.md, and
//! cloudnative-pg/cloudnative-pg 1.30.0, docs/src/{backup,wal_archiving}.md; 2026-11.

use super::super::job::Wave;
use super::super::{Plan, network, volumes};
use crate::model::{
    BackedUp, BackupsToTell, ExternalSecret, Object, ObjectStore, Operator, Origin, Peer, PolicyPort, Remark,
    Rule,
};
use crate::names;
use crate::options::{Access, Backups, Endpoint};
use exoc_diagnostics::{Diagnostic, Span, codes};
use exoc_ir::{Component, Managed, NodeId, Owner, Product};
use std::collections::{BTreeMap, BTreeSet};

/// The port of Amazon's own interfaces.
const HTTPS: u16 = 443;

/// Where backups of a component go, and for how many days; `None` if none are made.
fn of<'a>(plan: &Plan<'a>, component: Component) -> Option<(&'a Backups, u32)> {
    let Component::Backing(id) = component else {
        return None;
    };
    let days = plan.program.managed(id)?.backups?;
    match super::of(plan, component)? {
        Operator::CloudnativePg => plan.options.backups.as_ref().map(|backups| (backups, days)),
        Operator::Rabbitmq => None,
    }
}

/// By what the servers of a component write backups, if they do.
pub(super) fn access(plan: &Plan<'_>, component: Component) -> Option<Access> {
    of(plan, component).map(|(backups, _)| backups.access.clone())
}

/// Where backups of a component go, and when a whole copy is made; nothing if none are.
pub(super) fn objects(plan: &Plan<'_>, component: Component) -> Vec<Object> {
    let Some((backups, days)) = of(plan, component) else {
        return Vec::new();
    };
    let Backups {
        destination: _, // in `folder`
        endpoint,
        region,
        access,
        at: _,
    } = backups;
    let identity = plan.identity(component);
    let meta = || {
        let from = plan.field_lines(component, &["backups"]);
        plan.meta(component, identity).because_of(from)
    };
    let store = ObjectStore {
        // Whoever makes a database of a backup finds it by this.
        meta: volumes::kept(meta()),
        folder: folder(plan, backups),
        endpoint: endpoint.as_ref().map(|endpoint| endpoint.url.clone()),
        region: region.clone(),
        access: access.clone(),
        days,
    };
    vec![
        Object::BackupStore(Box::new(store)),
        Object::ScheduledBackup(meta()),
    ]
}

/// The folder of all databases of this output, in which each has its own: two environments share none.
fn folder(plan: &Plan<'_>, backups: &Backups) -> String {
    let (app, environment) = (&plan.program.app().name, &plan.program.environment().name);
    format!("{}/{app}/{environment}", backups.destination)
}

/// What a companion of each server sends to the store of backups.
pub(super) fn rules(plan: &Plan<'_>, component: Component) -> Vec<Rule> {
    let Some((backups, _)) = of(plan, component) else {
        return Vec::new();
    };
    let (peers, host, own) = match &backups.endpoint {
        None => (network::any_server(), "Amazon S3", vec![HTTPS]),
        Some(endpoint) => {
            let Endpoint { url: _, host, port } = endpoint;
            match endpoint.namespace() {
                // A policy wants the ports of its pods, which need not be those of their Service.
                Some(namespace) => (vec![Peer::Namespace(namespace.to_owned())], host.as_str(), vec![]),
                None => (network::any_server(), host.as_str(), vec![*port]),
            }
        }
    };
    let mut ports: BTreeSet<u16> = own.into_iter().collect();
    match &backups.access {
        // Amazon lends a role at an address of its own.
        Access::Role(_) if !ports.is_empty() => {
            ports.insert(HTTPS);
        }
        Access::Role(_) | Access::Secret(_) => {}
    }
    vec![Rule {
        peers,
        remark: Some(Remark::ObjectStore(host.to_owned())),
        ports: ports.into_iter().map(port).collect(),
        from: plan.field_lines(component, &["backups"]),
    }]
}

const fn port(number: u16) -> PolicyPort {
    PolicyPort {
        transport: "TCP",
        number,
    }
}

/// What has an operator make the Secret that opens the bucket, if one makes Secrets.
pub(crate) fn secret(plan: &Plan<'_>) -> Option<Object> {
    let store = plan.options.secret_store.clone()?;
    let Access::Secret(name) = &plan.options.backups.as_ref()?.access else {
        return None;
    };
    let meta = plan.in_wave(plan.shared_meta(name), Wave::First);
    let values = keys(plan, name);
    Some(Object::ExternalSecret(ExternalSecret {
        meta,
        origin: Origin::Store { store, values },
    }))
}

/// The keys of the Secret that opens the bucket, and what a store calls the value of each.
fn keys(plan: &Plan<'_>, name: &str) -> BTreeMap<&'static str, String> {
    let (app, environment) = (&plan.program.app().name, &plan.program.environment().name);
    names::BACKUP_KEYS
        .map(|key| (key, format!("{app}/{environment}/{name}/{key}")))
        .into()
}

/// What people have to know, if backups are made.
pub(crate) fn told(plan: &Plan<'_>) -> Option<BackupsToTell> {
    let backups = plan.options.backups.as_ref()?;
    let database = |id| {
        let component = Component::Backing(id);
        let (_, days) = of(plan, component)?;
        let managed = plan.program.managed(id)?;
        Some(BackedUp {
            role: plan.program.role(component).to_owned(),
            identity: plan.identity(component).to_owned(),
            days,
            database: managed.database.clone().unwrap_or_default(),
            owner: managed.username.clone().unwrap_or_default(),
        })
    };
    let databases = plan.program.backings().iter().filter_map(|(id, _)| database(id));
    Some(BackupsToTell {
        folder: folder(plan, backups),
        access: backups.access.clone(),
        keys: match &backups.access {
            Access::Role(_) => BTreeMap::new(),
            Access::Secret(name) => keys(plan, name),
        },
        databases: databases.collect(),
    })
}

/// Reports backups that nobody makes, and a place for them that nobody fills.
pub(super) fn check(plan: &mut Plan<'_>) {
    let mut is_filled = false;
    for (id, backing) in plan.program.backings().iter() {
        let component = Component::Backing(id);
        let Some(managed) = plan.program.managed(id).filter(|it| it.backups.is_some()) else {
            continue;
        };
        is_filled |= managed.product == Product::Postgres;
        if of(plan, component).is_none() {
            let help = instead(plan, component, managed);
            refuse(plan, &backing.role, plan.place_of(component, "backups"), help);
        }
    }
    for (id, volume) in plan.program.volumes().iter() {
        if let Owner::Shared {
            role,
            identity: _,
            availability: _,
            backups: Some(_),
        } = &volume.owner
        {
            let at = plan.program.at(NodeId::Volume(id), "backups");
            refuse(plan, role, at, CLAIMS);
        }
    }
    let Some(backups) = &plan.options.backups else {
        return;
    };
    if !is_filled {
        let diagnostic = Diagnostic::new(codes::BAD_OPTION, "the option `backups` has nothing to keep")
            .at(backups.at, "no `postgres` has `backups` here")
            .help("remove it, or write `backups: 7d` at a `postgres`");
        plan.sink.error(diagnostic);
    }
    let Access::Secret(name) = &backups.access else {
        return;
    };
    let mut secrets = plan.program.secrets().iter();
    if secrets.any(|(id, _)| plan.secret(id) == name) {
        let message = format!("two things would be the Secret `{name}`");
        let diagnostic = Diagnostic::new(codes::DERIVED_NAME_CLASH, message)
            .at(backups.at, "one of them opens the store of backups")
            .help("give `secret` another name");
        plan.sink.error(diagnostic);
    }
}

fn refuse(plan: &mut Plan<'_>, role: &str, at: Span, help: &'static str) {
    let message = format!("the target `kubernetes` does not express backups (dependency `{role}`)");
    let diagnostic = Diagnostic::new(codes::REFUSED_FEATURE, message)
        .at(at, "needed here")
        .help(help);
    plan.sink.error(diagnostic);
}

/// Of what no operator makes backups.
const CLAIMS: &str =
    "the cluster's own backups hold claims: leave it out and have them keep these, or write `existing`";

/// What to write instead of backups that nobody makes.
fn instead(plan: &Plan<'_>, component: Component, managed: &Managed) -> &'static str {
    if managed.product != Product::Postgres {
        CLAIMS
    } else if super::is_run(plan, component) {
        "say where they go: `targets: { kubernetes: { backups: { destination: \"s3://acme-backups/postgres\", secret: backups } } }`"
    } else {
        "let CloudNativePG make them: `targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system }, backups: { \
         destination: \"s3://acme-backups/postgres\", secret: backups } } }`"
    }
}
