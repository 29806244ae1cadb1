//! From files to outputs, in one call. Touches no disk: files come through [`Sources`], outputs are returned.

use crate::error::CommandError;
use crate::parallel::{self, Threads};
use exoc_diagnostics::{
    Diagnostic, Rulings, Sink, SourceId, SourceMap, Sources, Span, Workers as _, codes, credential,
    did_you_mean,
};
use exoc_ir::Target;
use exoc_lower::{Emission, Output, Selection};
use exoc_manifest::ast::Manifest;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What came of the files.
#[derive(Debug)]
pub struct Compilation<T> {
    /// The texts that were read.
    pub sources: SourceMap,
    /// Everything that was reported, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// What the application says about them, which is yet to be applied: it depends on the day.
    pub rulings: Rulings,
    /// The places that no excerpt may show.
    pub redacted: Vec<Span>,
    /// What was asked for, if there was no error.
    pub product: Option<T>,
}

/// Compiles an application for the selected environments and targets; an empty list selects all. Of each output
/// `finish` makes what is wanted of it, side by side with the making of others.
///
/// `application` gives the application's folder as seen from the folder of an environment's and a target's files.
///
/// # Errors
///
/// If the selection names an environment or target that does not exist.
pub fn compile<R: Send>(
    sources: &dyn Sources,
    selection: &Selection,
    registry: &[&dyn Target],
    application: &dyn Fn(&str, &str) -> String,
    finish: impl Fn(Output) -> R + Sync,
) -> Result<Compilation<Vec<R>>, CommandError> {
    check_targets(&selection.targets, registry)?;
    with_manifest(sources, &selection.environments, |manifest, map, sink| {
        let plans = exoc_lower::plans(&manifest, selection, registry, sink);
        let drafts = parallel::map(plans, |plan| plan.lower(&manifest, &Threads));
        let emissions = exoc_lower::prepare(&manifest, drafts, application, sink).ok()?;
        // Of no use from here on, and large.
        Threads.discard(Box::new(manifest));
        emit(emissions, map, sink, finish)
    })
}

/// Asks all targets, as many side by side as the machine has cores; the order of everything is that of `emissions`.
fn emit<R: Send>(
    emissions: Vec<Emission<'_>>,
    map: &SourceMap,
    sink: &mut Sink,
    finish: impl Fn(Output) -> R + Sync,
) -> Option<Vec<R>> {
    let ask = |emission: Emission<'_>| {
        let mut sink = Sink::new();
        let output = emission.emit(map, &Threads, &mut sink).ok();
        let program = output.as_ref().map(|output| Arc::clone(&output.program));
        drop(emission);
        let finished = output.map(&finish);
        // Of no use from here on, and large, if no other target needs it.
        Threads.discard(Box::new(program));
        (finished, sink)
    };
    // The last is begun first: what is quickly made, the laptop's, stands at the front and fills the gap at the end.
    let last_first: Vec<_> = emissions.into_iter().rev().collect();
    let mut outputs = Vec::new();
    for (output, reported) in parallel::map(last_first, ask).into_iter().rev() {
        sink.absorb(reported);
        outputs.extend(output);
    }
    // One that failed has said why.
    sink.checkpoint().ok().map(|()| outputs)
}

/// Reads an application and makes something of it, unless an environment is asked for that it does not have.
///
/// # Errors
///
/// If one of `environments` does not exist.
pub fn with_manifest<T>(
    sources: &dyn Sources,
    environments: &[String],
    make: impl FnOnce(Manifest, &SourceMap, &mut Sink) -> Option<T>,
) -> Result<Compilation<T>, CommandError> {
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load_by(&Threads, sources, &mut map, &mut sink);
    let rulings = manifest.as_ref().map(|manifest| manifest.rulings.clone());
    let product = match manifest {
        None => None,
        Some(manifest) => match check_environments(environments, &manifest) {
            Ok(()) => make(manifest, &map, &mut sink),
            // What could not be read may have held the name.
            Err(_) if sink.checkpoint().is_err() => None,
            Err(error) => return Err(error),
        },
    };
    let product = product.filter(|_| sink.checkpoint().is_ok());
    if product.is_none() && sink.checkpoint().is_ok() {
        let fault = Diagnostic::new(codes::INTERNAL, "nothing came of the files, and nobody said why");
        sink.error(fault.help("please report this with the files"));
    }
    let mut redacted = sink.redacted().to_vec();
    let diagnostics = sink.into_sorted();
    redacted.extend(credentials(&diagnostics, &map));
    Ok(Compilation {
        sources: map,
        diagnostics,
        rulings: rulings.unwrap_or_default(),
        redacted,
        product,
    })
}

/// The places of what looks like a credential in every file of which an excerpt may be shown: the check that warns of
/// them does not come so far where a file could not be read.
fn credentials(diagnostics: &[Diagnostic], map: &SourceMap) -> Vec<Span> {
    let shown: BTreeSet<SourceId> = diagnostics
        .iter()
        .flat_map(|diagnostic| diagnostic.primary.iter().chain(&diagnostic.secondary))
        .map(|label| label.span.source)
        .collect();
    let of = |id: SourceId| -> Vec<Span> {
        let text = map.file(id).map_or("", |file| file.text.as_str());
        let places = credential::places(text).into_iter();
        places
            .map(|place| Span::new(id, place.start, place.end))
            .collect()
    };
    parallel::map(shown.into_iter().collect(), of).concat()
}

fn check_environments(wanted: &[String], manifest: &Manifest) -> Result<(), CommandError> {
    let known = exoc_lower::environments(manifest);
    let known: Vec<&str> = known
        .iter()
        .map(|environment| environment.name.as_str())
        .collect();
    match wanted.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(unknown("environment", name, &known)),
        None => Ok(()),
    }
}

fn check_targets(wanted: &[String], registry: &[&dyn Target]) -> Result<(), CommandError> {
    let known: Vec<&str> = registry.iter().map(|target| target.id()).collect();
    match wanted.iter().find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(unknown("target", name, &known)),
        None => Ok(()),
    }
}

fn unknown(what: &str, name: &str, known: &[&str]) -> CommandError {
    let list: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let mut help: Vec<String> = did_you_mean(name, known.iter().copied()).into_iter().collect();
    help.push(format!("the {what}s are {}", list.join(", ")));
    CommandError::CommandLine {
        message: format!("there is no {what} `{name}`"),
        help,
    }
}
