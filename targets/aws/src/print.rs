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

use crate::model::{FileSystem, Kind, Model, Product, Task};
use crate::patch::Patches;
use common::File;
#[cfg(test)]
pub(crate) use common::percent_doubled;
use exoc_diagnostics::{Diagnostic, Failed, Sink, VirtualPath, Workers, codes};
use exoc_emit::patch::Patched;
use exoc_ir::{Artifacts, Comments};

/// The address of the load balancer's security group.
const GROUP: &str = "exoc_load_balancer";

/// The address of the network load balancer's security group.
const NETWORK_GROUP: &str = "exoc_network_load_balancer";

/// Prints a root module, changed as patches say, its files by `workers`.
///
/// # Errors
///
/// If a patch does not fit; or if two files would have one name, or one has none, which is a fault of exoc and reported as
/// one.
pub(crate) fn print(
    model: &Model,
    patches: &Patches<'_>,
    workers: &dyn Workers,
    sink: &mut Sink,
) -> Result<Artifacts, Failed> {
    let mut artifacts = Artifacts::default();
    let pages = [Page::Readme, Page::Release];
    let pages = pages
        .into_iter()
        .chain(sheets(model).into_iter().map(Page::Sheet));
    let printed = workers.map_whole(pages.collect(), |page| match page {
        Page::Readme => Printed::page("README.md", Comments::Markup, readme::page(model)),
        Page::Release => Printed::page("release.json", Comments::None, release::document(model)),
        Page::Sheet(sheet) => sheet.print(model, patches),
    });
    let mut patched = Vec::new();
    for Printed {
        name,
        comments,
        text,
        holds,
        patched: of_file,
    } in printed
    {
        patched.extend(of_file);
        let Some(text) = text else { continue };
        if let Some(identity) = holds {
            artifacts.holds(&name, &identity);
        }
        if let Err(path) = artifacts.text(&name, comments, text) {
            refused(&path, sink);
        }
    }
    patches.finish(patched, sink);
    for (path, artifact) in images::files(&model.images) {
        let made = VirtualPath::new(&path).is_some_and(|path| artifacts.insert(path, artifact).is_ok());
        if !made {
            refused(&path, sink);
        }
    }
    sink.checkpoint()?;
    Ok(artifacts)
}

/// What becomes a file.
enum Page<'a> {
    Readme,
    Release,
    Sheet(Sheet<'a>),
}

/// A file.
struct Printed {
    name: String,
    comments: Comments,
    /// `None` if there is nothing to say.
    text: Option<String>,
    /// The identity of what holds data in it.
    holds: Option<String>,
    /// What patches did to it, if they may.
    patched: Option<Patched>,
}

impl Printed {
    /// A file that no patch reaches.
    fn page(name: &str, comments: Comments, text: String) -> Self {
        Self {
            name: name.to_owned(),
            comments,
            text: Some(text),
            holds: None,
            patched: None,
        }
    }
}

fn refused(path: &str, sink: &mut Sink) {
    sink.error(
        Diagnostic::new(codes::INTERNAL, format!("a file cannot be made at `{path}`"))
            .help("this is a fault of exoc; please report it with the manifest"),
    );
}

/// The name of a file of which there is one, and what builds it.
type Only = (&'static str, fn(&Model) -> File);

/// A file that is yet to be built from values: that is done where it is printed, so that only the trees of blocks that
/// are worked on are held.
enum Sheet<'a> {
    /// It is left out if it has no block.
    Only(Only),
    Task(&'a Task),
    FileSystem(&'a FileSystem),
    Product(&'a Product),
}

/// Everything that is printed. What has to do with public addresses is left out where nothing is public.
fn sheets(model: &Model) -> Vec<Sheet<'_>> {
    let always: [Only; 12] = [
        ("versions.tf", settings::versions),
        ("providers.tf", |model| settings::providers(&model.place)),
        ("backend.tf", |model| settings::backend(&model.state)),
        ("locals.tf", settings::locals),
        ("kms.tf", keys::file),
        ("network.tf", network::file),
        ("cluster.tf", cluster::file),
        ("alarms.tf", |model| alarms::file(&model.alarms)),
        ("outputs.tf", outputs::file),
        ("variables.tf", variables::file),
        ("registry.tf", |model| registry::file(&model.images)),
        ("secrets.tf", |model| secrets::file(&model.secrets)),
    ];
    let public: [Only; 2] = [("loadbalancer.tf", entry::file), ("dns.tf", dns::file)];
    let is_public = model.entry.is_some() || model.network_entry.is_some();
    let public = public.into_iter().filter(|_| is_public);
    let only = always
        .into_iter()
        .chain(bootstrap::FILES)
        .chain(public)
        .chain([("jobs.tf", jobs_of as fn(&Model) -> File)])
        .map(Sheet::Only);
    only.chain(model.tasks.iter().map(Sheet::Task))
        .chain(model.file_systems.iter().map(Sheet::FileSystem))
        .chain(model.products.iter().map(Sheet::Product))
        .collect()
}

/// What all jobs share, and the gate that waits for everything that some of them need.
fn jobs_of(model: &Model) -> File {
    let mut gated = Vec::new();
    if let Some(gate) = &model.gate {
        let waits = |task: &&Task| gate.jobs.contains(&task.address);
        for task in model.tasks.iter().filter(waits) {
            gated.extend_from_slice(task::file(model, task).resources());
        }
    }
    jobs::file(model, &gated)
}

impl Sheet<'_> {
    fn name(&self) -> String {
        match self {
            Self::Only((name, _)) => (*name).to_owned(),
            Self::Task(task) => {
                let kind = match task.kind {
                    Kind::Service => "service",
                    Kind::Job => "job",
                    Kind::Dependency => "dependency",
                };
                format!("{kind}_{}.tf", task.address)
            }
            Self::FileSystem(system) => format!("dependency_{}.tf", system.address),
            Self::Product(product) => format!("dependency_{}.tf", product.address),
        }
    }

    /// The identity of what holds data in it.
    fn holds(&self) -> Option<&str> {
        match self {
            Self::Only(_) => None,
            Self::Task(task) => task.file_system.as_ref().map(|_| task.identity.as_str()),
            Self::FileSystem(system) => Some(&system.identity),
            Self::Product(product) => product.rental.keeps_data().then_some(&product.identity),
        }
    }

    fn print(&self, model: &Model, patches: &Patches<'_>) -> Printed {
        let name = self.name();
        let mut file = self.file(model);
        moved::add(&name, &mut file, model);
        // What makes the bucket of the state is no part of the root module.
        let is_of_root = !name.starts_with("bootstrap/");
        let patched = is_of_root.then(|| patches.apply(file.blocks_mut()));
        Printed {
            comments: Comments::Hash,
            text: (!file.is_empty()).then(|| file.print()),
            holds: self.holds().map(str::to_owned),
            patched,
            name,
        }
    }

    fn file(&self, model: &Model) -> File {
        match self {
            Self::Only((_, file)) => file(model),
            Self::Task(task) => task::file(model, task),
            Self::FileSystem(system) => volume::file(model, system),
            Self::Product(product) => product::file(product, &model.application.prefix),
        }
    }
}
