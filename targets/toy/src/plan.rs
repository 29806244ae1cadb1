//! Program -> inventory.

use crate::model::{Entry, Inventory};
use crate::options::{Edges, Options};
use exoc_ir::{Callee, Engine, Image, Kind, Program, Workload};

pub(crate) fn plan(program: &Program, options: &Options) -> Inventory {
    let services = program.services().iter().map(|(_, service)| {
        let kind = match &service.kind {
            Kind::Server => "server",
            Kind::Worker => "worker",
            Kind::Job(_) => "job",
        };
        let replicas = Some(service.scale.min);
        Entry {
            replicas,
            ..workload(program, &service.role, kind, &service.workload)
        }
    });
    let backings = program
        .backings()
        .iter()
        .map(|(_, backing)| match &backing.engine {
            Engine::Managed(managed) => bare(&backing.role, managed.product.word()),
            Engine::Container(container) => workload(program, &backing.role, "container", container),
            Engine::External(_) => bare(&backing.role, "external"),
            Engine::Existing(existing) => bare(&backing.role, existing.product.word()),
        });
    let mut entries: Vec<Entry> = services.chain(backings).collect();
    entries.sort_by(|a, b| a.role.cmp(&b.role));
    let title = options
        .title
        .clone()
        .unwrap_or_else(|| program.app().name.clone());
    let edges = match options.edges {
        Edges::List => Some(edges(program)),
        Edges::None => None,
    };
    Inventory {
        title,
        entries,
        edges,
    }
}

fn bare(role: &str, kind: &str) -> Entry {
    Entry {
        role: role.into(),
        kind: kind.into(),
        image: None,
        ports: Vec::new(),
        replicas: None,
        remark: None,
    }
}

fn workload(program: &Program, role: &str, kind: &str, workload: &Workload) -> Entry {
    let image = program.images().get(workload.image).map(|image| match image {
        Image::Pinned(reference) => reference.to_string(),
        Image::Built(built) => built.name.clone(),
    });
    let ports = workload.ports.iter().map(|port| port.number).collect();
    Entry {
        image,
        ports,
        ..bare(role, kind)
    }
}

fn edges(program: &Program) -> Vec<(String, String)> {
    let callee = |to: Callee| match to {
        Callee::Component(component) => program.role(component).to_owned(),
        Callee::World => "internet".to_owned(),
    };
    program
        .edges()
        .iter()
        .map(|edge| (program.role(edge.from).to_owned(), callee(edge.to)))
        .collect()
}
