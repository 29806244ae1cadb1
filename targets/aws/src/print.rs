//! From the model to files: no decision is made below this file, only HCL is built from values.
//!
//! Must not know the IR. One module prints one file, or one kind of file.

mod cache;
mod cluster;
mod common;
mod database;
mod entry;
mod keys;
mod logs;
mod network;
mod outputs;
mod registry;
mod roles;
mod rules;
mod secrets;
mod settings;
mod task;
mod variables;

use crate::model::{Kind, Model};
use common::File;
#[cfg(test)]
pub(crate) use common::percent_doubled;
use exoc_diagnostics::{Diagnostic, Failed, Sink, codes};
use exoc_ir::{Artifacts, Comments};

/// The address of the load balancer's security group.
const GROUP: &str = "exoc_load_balancer";

/// Prints a root module.
///
/// # Errors
///
/// If two files would have one name, which is a fault of exoc and reported as one.
pub(crate) fn print(model: &Model, sink: &mut Sink) -> Result<Artifacts, Failed> {
    let mut artifacts = Artifacts::default();
    for (name, file) in files(model) {
        if let Err(path) = artifacts.text(&name, Comments::Hash, file.print()) {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("two files would be named `{path}`"))
                    .help("this is a fault of exoc; please report it with the manifest"),
            );
        }
    }
    sink.checkpoint()?;
    Ok(artifacts)
}

fn files(model: &Model) -> Vec<(String, File)> {
    let mut files = vec![
        ("versions.tf".to_owned(), settings::versions(model)),
        ("providers.tf".to_owned(), settings::providers(&model.place)),
        ("backend.tf".to_owned(), settings::backend(&model.state)),
        ("locals.tf".to_owned(), settings::locals(model)),
        ("kms.tf".to_owned(), keys::file(model)),
        ("network.tf".to_owned(), network::file(model)),
        ("cluster.tf".to_owned(), cluster::file(model)),
        ("outputs.tf".to_owned(), outputs::file(model)),
    ];
    let optional = [
        ("variables.tf", variables::file(model)),
        ("registry.tf", registry::file(&model.images)),
        ("secrets.tf", secrets::file(&model.secrets)),
    ];
    files.extend(
        optional
            .into_iter()
            .filter(|(_, file)| !file.is_empty())
            .map(|(name, file)| (name.to_owned(), file)),
    );
    if let Some(entry) = &model.entry {
        files.push(("load_balancer.tf".to_owned(), entry::file(entry)));
        files.push(("access_logs.tf".to_owned(), logs::file(entry)));
    }
    for task in &model.tasks {
        let kind = match task.kind {
            Kind::Service => "service",
            Kind::Dependency => "dependency",
        };
        files.push((format!("{kind}_{}.tf", task.address), task::file(model, task)));
    }
    for database in &model.databases {
        files.push((
            format!("dependency_{}.tf", database.address),
            database::file(database, &model.application.prefix),
        ));
    }
    for cache in &model.caches {
        files.push((
            format!("dependency_{}.tf", cache.address),
            cache::file(cache, &model.application.prefix),
        ));
    }
    files
}
