//! From the model to files: no decision is made below this file, only HCL is built from values.
//!
//! Must not know the IR. One module prints one file, or one kind of file.

mod alarms;
mod bootstrap;
mod cluster;
mod common;
mod dns;
mod entry;
mod firewall;
mod images;
mod jobs;
mod keys;
mod logs;
mod moved;
mod network;
mod network_entry;
mod outputs;
mod permissions;
mod product;
mod readme;
mod registry;
mod release;
mod roles;
mod rules;
mod secrets;
mod settings;
mod shell;
mod task;
mod variables;
mod volume;
mod zone;

use crate::model::{Kind, Model};
use common::File;
#[cfg(test)]
pub(crate) use common::percent_doubled;
use exoc_diagnostics::{Diagnostic, Failed, Sink, VirtualPath, codes};
use exoc_ir::{Artifacts, Comments};

/// The address of the load balancer's security group.
const GROUP: &str = "exoc_load_balancer";

/// The address of the network load balancer's security group.
const NETWORK_GROUP: &str = "exoc_network_load_balancer";

/// Prints a root module.
///
/// # Errors
///
/// If two files would have one name, or one has none, which is a fault of exoc and reported as one.
pub(crate) fn print(model: &Model, sink: &mut Sink) -> Result<Artifacts, Failed> {
    let mut artifacts = Artifacts::default();
    let mut refused = |path: &str| {
        sink.error(
            Diagnostic::new(codes::INTERNAL, format!("a file cannot be made at `{path}`"))
                .help("this is a fault of exoc; please report it with the manifest"),
        );
    };
    files(model, &mut |name, mut file| {
        moved::add(name, &mut file, model);
        if let Err(path) = artifacts.text(name, Comments::Hash, file.print()) {
            refused(&path);
        }
    });
    if let Err(path) = artifacts.text("README.md", Comments::Markup, readme::page(model)) {
        refused(&path);
    }
    if let Err(path) = artifacts.text("release.json", Comments::None, release::document(model)) {
        refused(&path);
    }
    for (path, artifact) in images::files(&model.images) {
        let made = VirtualPath::new(&path).is_some_and(|path| artifacts.insert(path, artifact).is_ok());
        if !made {
            refused(&path);
        }
    }
    sink.checkpoint()?;
    Ok(artifacts)
}

/// Hands out one file after the other, so that no more than one tree of blocks is held at a time.
fn files(model: &Model, put: &mut dyn FnMut(&str, File)) {
    put("versions.tf", settings::versions(model));
    put("providers.tf", settings::providers(&model.place));
    put("backend.tf", settings::backend(&model.state));
    put("locals.tf", settings::locals(model));
    put("kms.tf", keys::file(model));
    put("network.tf", network::file(model));
    put("cluster.tf", cluster::file(model));
    put("alarms.tf", alarms::file(&model.alarms));
    for (name, file) in bootstrap::files(model) {
        put(name, file);
    }
    put("outputs.tf", outputs::file(model));
    let optional = [
        ("variables.tf", variables::file(model)),
        ("registry.tf", registry::file(&model.images)),
        ("secrets.tf", secrets::file(&model.secrets)),
    ];
    for (name, file) in optional.into_iter().filter(|(_, file)| !file.is_empty()) {
        put(name, file);
    }
    if model.entry.is_some() || model.network_entry.is_some() {
        put("loadbalancer.tf", entry::file(model));
        put("dns.tf", dns::file(model));
    }
    let mut gated = Vec::new();
    for task in &model.tasks {
        let kind = match task.kind {
            Kind::Service => "service",
            Kind::Job => "job",
            Kind::Dependency => "dependency",
        };
        let file = task::file(model, task);
        if model
            .gate
            .as_ref()
            .is_some_and(|gate| gate.jobs.contains(&task.address))
        {
            gated.extend_from_slice(file.resources());
        }
        put(&format!("{kind}_{}.tf", task.address), file);
    }
    let shared = jobs::file(model, &gated);
    if !shared.is_empty() {
        put("jobs.tf", shared);
    }
    let prefix = &model.application.prefix;
    for system in &model.file_systems {
        let name = format!("dependency_{}.tf", system.address);
        put(&name, volume::file(model, system));
    }
    for product in &model.products {
        let name = format!("dependency_{}.tf", product.address);
        put(&name, product::file(product, prefix));
    }
}
