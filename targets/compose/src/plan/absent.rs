//! Optional attributes that a dependency does not have here, where something else than a whole variable needs one.

use super::node;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Attribute, Component, LateContents, Part, Probe, Program, Value, Workload};

/// Reports each text that cannot be made, once.
pub(super) fn check(program: &Program, sink: &mut Sink) {
    for (component, workload) in program.workloads() {
        for (field, value) in texts(workload) {
            if let Some((backing, attribute)) = absent(program, value) {
                report(program, component, &field, (&backing, attribute), sink);
            }
        }
    }
}

/// Texts of which nothing can be left out, with the fields in which they stand.
fn texts(workload: &Workload) -> impl Iterator<Item = (String, &Value)> {
    let variables = workload
        .environment
        .iter()
        .filter(|(_, value)| value.parts().len() > 1)
        .map(|(name, value)| (format!("environment.{name}"), value));
    let files = workload.files.late.iter().flat_map(|(root, files)| {
        files.iter().filter_map(move |(name, file)| match &file.contents {
            LateContents::Value(value) if value.parts().len() > 1 => {
                Some((format!("files.{root}/{name}"), value))
            }
            LateContents::Value(_) | LateContents::Known(_) => None,
        })
    });
    let check = workload.health.iter().filter_map(|health| match &health.probe {
        Probe::Command(words) => Some(("health.command", words)),
        Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. } => None,
    });
    let lists = [
        ("entrypoint", &workload.entrypoint),
        ("command", &workload.command),
    ];
    let words = lists
        .into_iter()
        .filter_map(|(field, list)| Some((field, list.as_ref()?)))
        .chain(check)
        .flat_map(|(field, words)| {
            let numbered = words.iter().enumerate();
            numbered.map(move |(index, word)| (format!("{field}.{index}"), word))
        });
    variables.chain(files).chain(words)
}

/// The first attribute that is not there: whose, and which.
fn absent(program: &Program, value: &Value) -> Option<(String, Attribute)> {
    value.parts().iter().find_map(|part| match part {
        Part::Attribute(backing, attribute) => {
            if exoc_catalogue::attribute(program, *backing, *attribute).is_some() {
                return None;
            }
            let role = program.role(Component::Backing(*backing));
            Some((role.to_owned(), *attribute))
        }
        Part::Text(_) | Part::Secret(_) => None,
    })
}

fn report(
    program: &Program,
    component: Component,
    field: &str,
    (role, attribute): (&str, Attribute),
    sink: &mut Sink,
) {
    let word = attribute.word();
    sink.error(
        Diagnostic::new(
            codes::ABSENT_ATTRIBUTE,
            format!("`{role}` has no `{word}` on the target `compose`"),
        )
        .at(program.at(node(component), field), "this text needs it")
        .help(format!(
            "give it a variable or file of its own, as in `${{dependencies.{role}.{word}}}`: where it is absent, that is \
             left out"
        )),
    );
}
