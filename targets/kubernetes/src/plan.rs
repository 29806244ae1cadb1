//! From a program to the model: every decision of this target. One file per concern; this one owns the order of
//! the output's files and what they share. Knows no YAML.

mod assembly;
mod clashes;
mod component;
mod context;
mod environment;
mod files;
mod images;
mod ingress;
mod job;
mod managed;
mod namespace;
mod network;
mod notes;
mod operators;
mod places;
mod pod;
mod probes;
mod routes;
mod scaling;
mod secrets;
mod security;
mod skips;
mod texts;
mod volumes;

pub(crate) use context::Plan;
pub(crate) use places::Places;

use crate::model::{File, Model, Object, Readme};
use crate::names;
use crate::options::Options;
use exoc_diagnostics::{Failed, Sink, Workers};
use exoc_ir::Program;

/// Makes the model.
///
/// # Errors
///
/// If a derived name or a limit of Kubernetes is in the way; everything of that kind is reported.
pub(crate) fn plan(
    program: &Program,
    options: &Options,
    places: Places<'_>,
    workers: &dyn Workers,
    sink: &mut Sink,
) -> Result<Model, Failed> {
    let mut plan = Plan::new(program, options, places, sink.beside());
    let model = model(&mut plan, workers);
    sink.absorb(plan.sink);
    let model = model?;
    sink.checkpoint()?;
    Ok(model)
}

fn model(plan: &mut Plan<'_>, workers: &dyn Workers) -> Result<Model, Failed> {
    let (program, options) = (plan.program, plan.options);
    notes::report(plan);
    operators::check(plan);
    let mut files = vec![
        File {
            name: names::NAMESPACE_FILE.to_owned(),
            objects: vec![namespace::object(plan)],
        },
        File {
            name: names::NETWORK_FILE.to_owned(),
            objects: network::shared(plan),
        },
    ];
    let secrets = secrets::objects(plan);
    if !secrets.is_empty() {
        files.push(File {
            name: names::SECRETS_FILE.to_owned(),
            objects: secrets,
        });
    }
    let (entry, hosts) = routes::entry(plan).unzip();
    if let Some(entry) = entry.as_ref().filter(|entry| !entry.objects.is_empty()) {
        files.push(File {
            name: entry.file.to_owned(),
            objects: entry.objects.clone(),
        });
    }
    let images = images::names(plan);
    let digests = skips::Digests::of(&images);
    let mut components = component::files(plan, entry.as_ref(), &digests, workers)?;
    components.extend(volumes::shared(plan));
    components.sort_by(|a, b| a.name.cmp(&b.name));
    files.extend(components);
    clashes::check(plan, &files);
    let readme = Readme {
        app: program.app().name.clone(),
        environment: program.environment().name.clone(),
        namespace: options.namespace.clone(),
        secrets: secrets::to_make(plan),
        operators: operators::running(plan),
        backups: operators::backups::told(plan),
        store: options.secret_store.clone(),
        certificates: routes::certificates_to_make(plan, entry.as_ref()),
        images: images::to_build(plan),
        entry: hosts.map(|hosts| (options.entry.clone(), hosts)),
        version: options.version,
        priority: options.priority_class.clone(),
        pull_secrets: options.pull_secrets.clone(),
        dns: options.dns.clone(),
        default_class: files
            .iter()
            .flat_map(|file| &file.objects)
            .any(Object::is_of_default_class),
        selector: plan.everything(),
        jobs: job::told(plan),
        notes: plan.noted(),
    };
    Ok(Model {
        files,
        images,
        from: plan.options_lines(),
        readme,
    })
}
