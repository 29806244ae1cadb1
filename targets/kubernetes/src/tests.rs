//! Tests of the target: decisions on the model, meaning on the printed text through a parser that is not ours.

mod backups;
mod entry;
mod environment;
mod files;
mod interface;
mod jobs;
mod naming;
mod network;
mod notes;
mod operators;
mod output;
mod pods;
mod printed;
mod provenance;
mod routes;
#[allow(
    dead_code,
    reason = "the example writes the rich program, and each test needs some of the pieces"
)]
mod sample;
mod secrets;
mod stores;

use crate::model::{Model, Object, Pod, Workload};
use crate::options::Options;
use crate::{Kubernetes, plan};
use exoc_diagnostics::{Diagnostic, InTurn, Key, Kind, Map, Member, Node, Scalar, Sink, Span, Style, Typed};
use exoc_ir::{Input, NodeId, Program, Target};
use std::collections::BTreeMap;
use yaml_rust2::{Yaml, YamlLoader};

/// The model of a program with default options, and what was said.
fn planned(program: &Program) -> (Option<Model>, Vec<Diagnostic>) {
    planned_with(program, &Node::empty_map(program.at(NodeId::App, "")))
}

/// The same with options.
fn planned_with(program: &Program, options: &Node) -> (Option<Model>, Vec<Diagnostic>) {
    let mut sink = Sink::new();
    let options = Options::read(options, program, &mut sink).unwrap_or_else(|_| panic!("{sink:?}"));
    let sources = sample::sources();
    let places = plan::Places {
        sources: &sources,
        options: program.at(NodeId::App, ""),
        application: "../../..",
    };
    let model = plan::plan(program, &options, places, &InTurn, &mut sink).ok();
    (model, sink.into_sorted())
}

/// The model of a program that has one.
fn model(program: &Program) -> Model {
    let (model, diagnostics) = planned(program);
    model.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

/// The codes of what was said.
fn codes(program: &Program) -> Vec<&'static str> {
    let (_, diagnostics) = planned(program);
    diagnostics.iter().map(|diagnostic| diagnostic.code.id).collect()
}

/// The files of a program, by name.
fn printed(program: &Program) -> BTreeMap<String, String> {
    printed_with(program, &[])
}

/// The same with options.
fn printed_with(program: &Program, options: &[(&str, &str)]) -> BTreeMap<String, String> {
    printed_by(program, &texts(program.at(NodeId::App, ""), options))
}

/// The same with options of any kind.
fn printed_by(program: &Program, options: &Node) -> BTreeMap<String, String> {
    let at = program.at(NodeId::App, "");
    let input = Input {
        program,
        options,
        patches: &[],
        application: "../../..",
        at,
        sources: &sample::sources(),
        workers: &exoc_diagnostics::InTurn,
    };
    let artifacts = Kubernetes.emit(&input, &mut Sink::new()).expect("an output");
    artifacts
        .iter()
        .map(|(path, artifact)| {
            let text = String::from_utf8(artifact.contents.clone()).expect("UTF-8");
            (path.to_string(), text)
        })
        .collect()
}

/// A mapping of texts, as a reader delivers it.
fn texts(span: Span, texts: &[(&str, &str)]) -> Node {
    let members = texts.iter().map(|(name, value)| Member {
        key: Key {
            name: (*name).into(),
            span,
        },
        value: text(span, value),
    });
    let members = members.collect();
    Node {
        span,
        kind: Kind::Map(Map { members }),
    }
}

/// A text, as a reader delivers it.
fn text(span: Span, text: &str) -> Node {
    let scalar = Scalar {
        text: text.into(),
        style: Style::Plain,
        typed: Typed::Text,
    };
    Node {
        span,
        kind: Kind::Scalar(scalar),
    }
}

/// Adds a member to a mapping.
fn set(node: &mut Node, name: &str, value: Node) {
    let span = node.span;
    let Kind::Map(map) = &mut node.kind else {
        panic!("no mapping")
    };
    map.members.push(Member {
        key: Key {
            name: name.into(),
            span,
        },
        value,
    });
}

/// Every object that a program's files hold.
fn documents(program: &Program) -> Vec<Yaml> {
    let files = printed(program);
    let objects = files
        .iter()
        .filter(|(name, _)| name.ends_with(".yaml") && *name != "kustomization.yaml");
    objects
        .flat_map(|(name, text)| {
            YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"))
        })
        .collect()
}

fn objects(model: &Model) -> impl Iterator<Item = &Object> {
    model.files.iter().flat_map(|file| &file.objects)
}

/// The workload of that name.
fn workload<'a>(model: &'a Model, name: &str) -> &'a Workload {
    let found = objects(model).find_map(|object| {
        if let Object::Workload(workload) = object {
            (workload.meta.name == name).then_some(&**workload)
        } else {
            None
        }
    });
    found.unwrap_or_else(|| panic!("no workload `{name}`"))
}

/// The pod of the workload of that name.
fn pod<'a>(model: &'a Model, name: &str) -> &'a Pod {
    &workload(model, name).pod
}
