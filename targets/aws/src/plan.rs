//! From the program to the model: every decision of this target is made below this file.
//!
//! Must not know how anything is written. Reports what AWS cannot hold, and the notes that name what was picked.

mod alarms;
mod container;
mod cron;
mod doors;
mod edges;
mod files;
mod hosted;
mod hosts;
mod images;
mod index;
mod job;
mod layers;
mod limits;
mod lines;
mod network;
mod notes;
mod permission;
mod product;
mod renames;
mod scale;
mod secrets;
mod service;
mod value;
mod volumes;

use self::index::Index;
use crate::model::{Application, Cluster, Lines, Model, Namespace, Place, Product, Rental, State};
use crate::names::{Names, limit};
use crate::options::Options;
use crate::rented::{Rented, rented};
use exoc_diagnostics::{Failed, Sink, Span};
use exoc_ir::{Backing, Engine, Input, NodeId, Program};

/// What every part of the plan reads.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) input: &'a Input<'a>,
    pub(crate) program: &'a Program,
    pub(crate) options: &'a Options,
    pub(crate) names: Names<'a>,
    pub(crate) index: &'a Index<'a>,
}

/// Plans a root module.
///
/// # Errors
///
/// If AWS cannot hold the program; every reason is reported.
pub(crate) fn plan(input: &Input<'_>, sink: &mut Sink) -> Result<Model, Failed> {
    let mut own = sink.beside();
    let model = planned(input, &mut own);
    let notes = notes::noted(input.program, own.reported());
    sink.absorb(own);
    model.map(|model| Model { notes, ..model })
}

fn planned(input: &Input<'_>, sink: &mut Sink) -> Result<Model, Failed> {
    let Some(options) = Options::read(input.options, input.at, sink) else {
        sink.checkpoint()?;
        return Err(sink.error(
            exoc_diagnostics::Diagnostic::new(
                exoc_diagnostics::codes::INTERNAL,
                "options were refused without a reason",
            )
            .at(input.at, "")
            .help("this is a fault of exoc; please report it with the manifest"),
        ));
    };
    let program = &hosted::program(input.program, sink);
    let index = Index::of(program);
    let context = Context {
        input,
        program,
        options: &options,
        names: Names {
            application: &program.app().name,
            environment: &program.environment().name,
        },
        index: &index,
    };
    let doors = doors::plan(&context, sink);
    let mut rules = edges::plan(&context, &doors);
    let volumes = volumes::plan(&context, &mut rules, sink);
    let mut secrets = secrets::Ledger::default();
    let tasks = service::plan(&context, &doors, &rules, &volumes, &mut secrets, sink);
    let products = product::plan(&context, &rules, &secrets, sink);
    let cluster = cluster(&context, sink);
    let alarms = alarms::plan(&context, &doors, &cluster, (&tasks, &products), sink);
    let log_groups = log_groups(&context, &doors, &products);
    let gate = job::gate(&context, &tasks, &volumes.shared, &rules);
    let model = Model {
        // Known when everything is planned.
        notes: Vec::new(),
        lines: context.lines_of_target(),
        application: application(&context),
        place: Place {
            region: options.region.clone(),
            account: options.account.clone(),
            partition: options.partition(),
            lines: context.lines_of_options(&["region", "account"]),
        },
        state: State {
            bucket: options.state_bucket.clone(),
            prefix: state_prefix(&context, sink),
            key: format!("{}/terraform.tfstate", context.names.path(&[])),
            region: options.state_region.clone(),
            lines: context.lines_of_options(&["state"]),
        },
        network: network::plan(&context, sink),
        cluster,
        alarms,
        images: images::plan(&context),
        entry: doors.entry,
        network_entry: doors.network,
        firewall: doors.firewall,
        log_bucket: doors.log_bucket,
        names: doors.names,
        secrets: secrets::plan(&context, &secrets),
        tasks,
        gate,
        products,
        file_systems: volumes.shared,
        renames: renames::plan(&context),
        log_groups,
        protected: protected(&context),
    };
    network::check_size(&context, sink);
    network::check_public(&context, sink);
    images::check_registries(&context, &model.tasks, sink);
    scale::check_spot(&context, sink);
    limits::check(&context, &model, sink);
    notes::report(&context, &model, input.at, sink);
    sink.checkpoint()?;
    Ok(model)
}

/// Our own are below one path; RDS and `DocumentDB` give their own names.
fn log_groups(context: &Context<'_>, doors: &doors::Doors, products: &[Product]) -> Vec<String> {
    let of_servers = products.iter().filter_map(|product| match &product.rental {
        Rental::Database(database) => Some(format!("/aws/rds/instance/{}/*", database.identifier)),
        Rental::Documents(documents) => Some(format!("/aws/docdb/{}/*", documents.identifier)),
        Rental::Cache(_)
        | Rental::Memcached(_)
        | Rental::Broker(_)
        | Rental::Stream(_)
        | Rental::Search(_)
        | Rental::Bucket(_)
        | Rental::Queue(_)
        | Rental::Topic(_) => None,
    });
    std::iter::once(format!("/{}/*", context.names.path(&[])))
        .chain(of_servers)
        .chain(doors.firewall.as_ref().map(|firewall| firewall.log_group.clone()))
        .collect()
}

/// What is public, and what holds data.
fn protected(context: &Context<'_>) -> Option<Lines> {
    let mut places = context.places_of_doors(|_| true);
    for (id, backing) in context.program.backings().iter() {
        let Backing {
            role: _,
            identity: _,
            engine,
        } = backing;
        let product = match engine {
            Engine::Managed(managed) => rented(managed.product),
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => None,
        };
        match product {
            Some(Rented::Database | Rented::Documents) => {
                places.push(context.program.at(NodeId::Backing(id), ""));
            }
            // The others have nothing that refuses; what their blocks hold refuses in their place.
            Some(
                Rented::Cache
                | Rented::Memcached
                | Rented::Broker
                | Rented::Stream
                | Rented::Search
                | Rented::Bucket
                | Rented::Queue
                | Rented::Topic,
            )
            | None => {}
        }
    }
    (!places.is_empty()).then(|| context.lines(places))
}

fn state_prefix(context: &Context<'_>, sink: &mut Sink) -> String {
    let span = context.program.at(NodeId::App, "name");
    let prefix = context
        .names
        .within(&["exoc-state"], limit::BUCKET_PREFIX, span, sink);
    format!("{prefix}-")
}

fn application(context: &Context<'_>) -> Application {
    let app = context.program.app();
    let exoc_ir::App {
        name,
        description,
        owner,
    } = app;
    Application {
        name: name.clone(),
        environment: context.program.environment().name.clone(),
        description: description.clone(),
        owner: owner.clone(),
        prefix: context.names.whole(&[]),
        lines: context.lines(application_places(context)),
    }
}

/// What is said of the application, and the target, which says where it is.
fn application_places(context: &Context<'_>) -> Vec<Span> {
    let app = context.program.app();
    let written = [
        ("name", true),
        ("description", app.description.is_some()),
        ("owner", app.owner.is_some()),
    ];
    let written = written.into_iter().filter(|(_, written)| *written);
    written
        .map(|(field, _)| context.program.at(NodeId::App, field))
        .chain([context.input.at])
        .collect()
}

fn cluster(context: &Context<'_>, sink: &mut Sink) -> Cluster {
    let span = context.program.at(NodeId::App, "name");
    let options = context.options;
    let given = options.cluster.as_ref();
    Cluster {
        name: match given {
            Some(cluster) => cluster.value.clone(),
            None => context.names.within(&[], limit::ECS, span, sink),
        },
        given: given.is_some(),
        namespace: match &options.vpc {
            Some(vpc) => Namespace::Given(vpc.value.namespace.clone()),
            None => Namespace::Own(format!("{}.internal", context.names.whole(&[]))),
        },
        lines: match given {
            Some(_) => context.lines_of_options(&["cluster"]),
            None => context.lines_of_target(),
        },
        namespace_lines: match &options.vpc {
            Some(_) => context.lines_of_options(&["namespace"]),
            None => context.lines_of_target(),
        },
    }
}
