//! The namespace and the strictest Pod Security level that all its pods meet.

use super::job::Wave;
use super::{Plan, texts};
use crate::model::{Meta, Object, Provenance};
use crate::plan::security::{Level, level};
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Component, NodeId};

/// The namespace.
pub(crate) fn object(plan: &mut Plan<'_>) -> Object {
    let (level, culprits) = enforced(plan);
    let from = plan.name_line().and(&culprits).and(&plan.options_lines());
    let meta = Meta {
        namespace: None,
        from,
        ..plan.shared_meta(&plan.options.namespace)
    };
    let mut meta = plan.in_wave(meta, Wave::First);
    let standards = format!("v{}", plan.options.version.digits());
    // The audit log names every pod that the strictest level would not take.
    for (mode, level) in [("enforce", level), ("audit", Level::Restricted), ("warn", level)] {
        let label = format!("pod-security.kubernetes.io/{mode}");
        meta.labels.insert(format!("{label}-version"), standards.clone());
        meta.labels.insert(label, level.word().to_owned());
    }
    if let Some(description) = &plan.program.app().description {
        texts::check(plan, description, plan.program.at(NodeId::App, "description"));
        meta.annotations
            .insert("kubernetes.io/description", description.clone());
    }
    Object::Namespace(meta)
}

/// The level that all pods meet, and why it is not stricter, which is noted. Products always meet the strictest.
fn enforced(plan: &mut Plan<'_>) -> (Level, Provenance) {
    let levels: Vec<(Component, Level, &str)> = plan
        .program
        .workloads()
        .map(|(component, workload)| {
            let (level, field) = level(&workload.security);
            (component, level, field)
        })
        .collect();
    let weakest = levels.iter().map(|(_, level, _)| *level).max();
    let weakest = weakest.unwrap_or(Level::Restricted);
    if weakest == Level::Restricted {
        return (weakest, Provenance::default());
    }
    let mut culprits = levels.into_iter().filter(|(_, level, _)| *level == weakest);
    let places = culprits
        .clone()
        .map(|(component, _, field)| plan.place_of(component, field));
    let from = Provenance::of(places);
    if let Some((first, _, field)) = culprits.next() {
        let message = format!(
            "the namespace enforces `{}` because of `{}`",
            weakest.word(),
            plan.program.role(first)
        );
        let mut note = Diagnostic::new(codes::POD_SECURITY, message)
            .at(plan.place_of(first, field), "")
            .help("every pod of the namespace may then do what this one needs");
        for (other, _, field) in culprits {
            note = note.also(plan.place_of(other, field), "this too");
        }
        plan.note(note);
    }
    (weakest, from)
}
