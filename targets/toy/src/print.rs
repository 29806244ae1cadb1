//! Inventory -> `inventory.yaml`.

use crate::model::{Entry, Inventory};
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_emit::yaml::{Mapping, flow_list, list, print as print_yaml, quoted};
use exoc_ir::{Artifacts, Comments};

pub(crate) fn print(inventory: &Inventory, at: Span, sink: &mut Sink) -> Result<Artifacts, Failed> {
    let Inventory {
        title,
        entries,
        edges,
    } = inventory;
    let components = entries.iter().fold(Mapping::new(), |map, entry| {
        map.with(entry.role.clone(), component(entry))
    });
    let edges = edges.as_ref().map(|edges| {
        list(
            edges
                .iter()
                .map(|(from, to)| Mapping::new().with("from", from.as_str()).with("to", to.as_str())),
        )
    });
    let document = Mapping::new()
        .with("inventory", quoted(title.as_str()))
        .with("components", components)
        .with_some("edges", edges);
    let mut artifacts = Artifacts::default();
    artifacts
        .text("inventory.yaml", Comments::Hash, print_yaml(&document))
        .map_err(|path| {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("`{path}` is generated twice"))
                    .at(at, "")
                    .help("this is a fault of exoc; please report it with the manifest"),
            )
        })?;
    Ok(artifacts)
}

fn component(entry: &Entry) -> Mapping {
    let Entry {
        role: _,
        kind,
        image,
        ports,
        replicas,
        remark,
    } = entry;
    Mapping::new()
        .with("kind", kind.as_str())
        .with_some("image", image.as_deref().map(quoted))
        .with_some(
            "ports",
            (!ports.is_empty()).then(|| flow_list(ports.iter().map(|port| i64::from(*port)))),
        )
        .with_some("replicas", *replicas)
        .with_some("remark", remark.as_deref().map(quoted))
}
