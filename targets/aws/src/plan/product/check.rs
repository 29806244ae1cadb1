//! What AWS does not rent: versions, sizes, names. Each is reported at the line that asks for it.

use super::{Context, Subject};
use crate::sizes::Class;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{NodeId, Product};

/// The class that the numbers pick; reports if there is none so large.
pub(super) fn class(
    context: &Context<'_>,
    subject: &Subject<'_>,
    table: &'static [Class],
    sink: &mut Sink,
) -> Option<Class> {
    let class = Class::pick(table, subject.managed.resources);
    if class.is_none() {
        let largest = table.last().map_or_else(String::new, |class| {
            format!("{} cores and {}", class.cores, class.memory())
        });
        too_large(context, subject, "cpu", &largest, sink);
    }
    class
}

/// Reports a number beyond the largest product.
pub(super) fn too_large(
    context: &Context<'_>,
    subject: &Subject<'_>,
    field: &str,
    most: &str,
    sink: &mut Sink,
) {
    let node = NodeId::Backing(subject.id);
    let mut diagnostic = Diagnostic::new(
        codes::TARGET_LIMIT,
        format!("aws rents nothing as large as `{}` asks for", subject.role),
    )
    .at(context.program.at(node, field), "")
    .help(format!("the largest has {most}"));
    if field == "cpu" {
        diagnostic = diagnostic.also(context.program.at(node, "memory"), "");
    }
    sink.error(diagnostic);
}

/// Reports a version that AWS does not offer, with the nearest that it does.
pub(super) fn version(context: &Context<'_>, subject: &Subject<'_>, offered: &[&str], sink: &mut Sink) {
    let version = subject.managed.version.as_deref().unwrap_or_default();
    if offered.contains(&version) {
        return;
    }
    let product = subject.managed.product;
    let word = product.word();
    let nearest = offered
        .iter()
        .min_by_key(|candidate| distance(candidate, version))
        .copied()
        .unwrap_or_default();
    let mut diagnostic = Diagnostic::new(
        codes::VERSION_NOT_OFFERED,
        format!("aws does not offer {word} {version}"),
    )
    .at(subject.at(context, "version"), "")
    .help(format!("the nearest version offered is `{word}:{nearest}`"));
    if product == Product::Redis {
        diagnostic = diagnostic.help(
            "AWS rents Redis up to 7.1, and after it Valkey, which speaks the same protocol: `valkey:9.0`",
        );
    }
    sink.error(diagnostic);
}

/// How far two versions are apart: first by the major number, then by the minor one.
fn distance(one: &str, other: &str) -> (u64, u64) {
    let numbers = |version: &str| {
        let mut numbers = version.split('.').map(|part| part.parse::<u64>().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
    };
    let ((major, minor), (others, minors)) = (numbers(one), numbers(other));
    (major.abs_diff(others), minor.abs_diff(minors))
}

/// Reports a name that the product keeps to itself.
pub(super) fn reserved(
    context: &Context<'_>,
    subject: &Subject<'_>,
    (product, kept): (&str, &[&str]),
    (key, name): (&str, &str),
    sink: &mut Sink,
) {
    if kept.iter().any(|word| word.eq_ignore_ascii_case(name)) {
        sink.error(
            Diagnostic::new(
                codes::TARGET_LIMIT,
                format!(
                    "{product} keeps the name `{name}` to itself, which is the {key} of `{}`",
                    subject.role
                ),
            )
            .at(subject.at(context, key), "")
            .help(format!("write another `{key}`")),
        );
    }
}
