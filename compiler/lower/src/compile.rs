//! A manifest for a selection of environments and targets, in one call.

use crate::check::claims::clashes;
use crate::check::usage::unused;
use crate::environment::{EnvironmentInfo, Settings, environments, find, listed, overlay};
use crate::field::Look;
use crate::lower::{Lowered, lower_at};
use crate::refuse::{refuse_features, refuse_settings};
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Failed, InTurn, Sink, SourceMap, Span, Workers, codes, did_you_mean};
use exoc_ir::{Artifacts, Input, Program, Target, TargetId};
use exoc_manifest::ast::Manifest;
use std::sync::Arc;

/// What to build.
///
/// An environment is built for the targets that it lists. Named targets narrow that; an environment that is named
/// as well is built for the named targets whether it lists them or not. So is every environment if none lists any
/// of the named targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Names of environments; empty for all.
    pub environments: Vec<String>,
    /// Names of targets; empty for those that each environment lists.
    pub targets: Vec<String>,
    /// Where HTTP enters on the developer's machine, if not where the manifest says: there that port may be taken.
    pub http_port: Option<u16>,
}

/// One environment, built for one target.
#[derive(Clone, Debug)]
pub struct Output {
    /// The environment.
    pub environment: String,
    /// The target.
    pub target: TargetId,
    /// The files.
    pub artifacts: Artifacts,
    /// What they were made from.
    pub program: Arc<Program>,
}

/// Compiles the selected environments for the selected targets, one after the other; see [`prepare`].
///
/// # Errors
///
/// If there was any error, also one that was reported before.
pub fn compile(
    manifest: &Manifest,
    selection: &Selection,
    registry: &[&dyn Target],
    sources: &SourceMap,
    application: &dyn Fn(&str, &str) -> String,
    sink: &mut Sink,
) -> Result<Vec<Output>, Failed> {
    let plans = plans(manifest, selection, registry, sink);
    let drafts = plans
        .into_iter()
        .map(|plan| plan.lower(manifest, &InTurn))
        .collect();
    let emissions = prepare(manifest, drafts, application, sink)?;
    let outputs: Vec<_> = emissions
        .iter()
        .map(|emission| emission.emit(sources, &InTurn, sink))
        .collect();
    sink.checkpoint()?;
    outputs.into_iter().collect()
}

/// One selected environment and the selected targets that it is built for; what `registry` does not have is left out.
///
/// From here to the outputs, what is done for each item is independent of the others: a caller may do it side by side,
/// and has the same outputs and diagnostics whichever ends first.
#[must_use]
pub fn plans<'t>(
    manifest: &Manifest,
    selection: &Selection,
    registry: &[&'t dyn Target],
    sink: &mut Sink,
) -> Vec<Plan<'t>> {
    let known = environments(manifest);
    let mut plans = Vec::new();
    for environment in &known {
        if !selection.environments.is_empty() && !selection.environments.contains(&environment.name) {
            continue;
        }
        unknown_targets(manifest, &environment.name, registry, sink);
        let targets = selected(environment, &known, selection, registry);
        if targets.is_empty() && !selection.targets.is_empty() {
            continue;
        }
        plans.push(Plan {
            environment: environment.name.clone(),
            targets,
            http_port: selection.http_port,
            sink: sink.beside(),
        });
    }
    plans
}

/// One environment that is to be built.
pub struct Plan<'t> {
    environment: String,
    targets: Vec<&'t dyn Target>,
    http_port: Option<u16>,
    /// Knows whether the manifest has faults.
    sink: Sink,
}

impl<'t> Plan<'t> {
    /// Lowers the environment and asks its targets what they refuse. `workers` lower components side by side.
    #[must_use]
    pub fn lower(self, manifest: &Manifest, workers: &dyn Workers) -> Draft<'t> {
        let Self {
            environment,
            targets,
            http_port,
            mut sink,
        } = self;
        let mut refusals = sink.beside();
        let lowered = lower_at(manifest, &environment, http_port, workers, &mut sink);
        for target in &targets {
            refuse_features(lowered.draft(), *target, &mut refusals);
            if !lowered.unread(target.id()) {
                refuse_settings(*target, &lowered.settings(target.id()), &mut refusals);
            }
        }
        Draft {
            environment,
            targets,
            lowered,
            faults: sink,
            refusals,
        }
    }
}

/// One environment as far as it was understood, and what was found wrong with it.
pub struct Draft<'t> {
    environment: String,
    targets: Vec<&'t dyn Target>,
    lowered: Lowered,
    faults: Sink,
    refusals: Sink,
}

/// Reports what was found wrong with the environments, and what none of them uses.
///
/// `application` gives the application's folder as seen from the folder of an environment's and a target's files.
///
/// # Errors
///
/// If there was any error, also one that was reported before; then no target is asked to make anything.
pub fn prepare<'t>(
    manifest: &Manifest,
    mut drafts: Vec<Draft<'t>>,
    application: &dyn Fn(&str, &str) -> String,
    sink: &mut Sink,
) -> Result<Vec<Emission<'t>>, Failed> {
    for draft in &mut drafts {
        sink.absorb(std::mem::take(&mut draft.faults));
    }
    if sink.checkpoint().is_ok() {
        let known = drafts
            .iter_mut()
            .map(|draft| (draft.environment.as_str(), draft.lowered.take_usage()));
        unused(manifest, known.collect(), sink);
        let empty = |lowered: &Lowered| {
            let draft = lowered.draft();
            draft.services().is_empty() && draft.backings().is_empty()
        };
        let nothing = drafts.iter().filter(|draft| empty(&draft.lowered));
        let nothing: Vec<&str> = nothing.map(|draft| draft.environment.as_str()).collect();
        nothing_runs(manifest, &nothing, nothing.len() == drafts.len(), sink);
        let public = drafts
            .iter()
            .filter(|draft| draft.targets.iter().any(|target| target.makes_records()));
        let public: Vec<_> = public
            .map(|draft| (draft.environment.as_str(), draft.lowered.draft()))
            .collect();
        clashes(manifest, &public, sink);
    }
    for draft in &mut drafts {
        sink.absorb(std::mem::take(&mut draft.refusals));
    }
    sink.checkpoint()?;
    let mut emissions = Vec::new();
    for draft in drafts {
        let Draft {
            environment: name,
            targets,
            lowered,
            faults: _,
            refusals: _,
        } = draft;
        let settings: Vec<_> = targets
            .iter()
            .map(|target| lowered.settings(target.id()))
            .collect();
        // What fails has said why; the other environments are asked all the same, so that all reasons come out.
        let Ok(program) = lowered.finish(sink).map(Arc::new) else {
            continue;
        };
        for (target, settings) in targets.into_iter().zip(settings) {
            emissions.push(Emission {
                environment: name.clone(),
                target,
                application: application(&name, target.id()),
                overlay: overlay(manifest, &name),
                program: Arc::clone(&program),
                settings,
            });
        }
    }
    Ok(emissions)
}

/// One environment that a target has yet to make files of.
pub struct Emission<'t> {
    environment: String,
    target: &'t dyn Target,
    /// The application's folder as seen from that of the files.
    application: String,
    program: Arc<Program>,
    settings: Settings,
    /// Where the environment is written, if it is.
    overlay: Option<Span>,
}

impl Emission<'_> {
    /// Asks the target. `sources` holds the texts that the manifest was read from; `workers` print files.
    ///
    /// # Errors
    ///
    /// If the target cannot express the program; all reasons are reported to `sink`.
    pub fn emit(
        &self,
        sources: &SourceMap,
        workers: &dyn Workers,
        sink: &mut Sink,
    ) -> Result<Output, Failed> {
        let Self {
            environment,
            target,
            application,
            program,
            settings: Settings { options, patches, at },
            overlay,
        } = self;
        let input = Input {
            program,
            options,
            patches,
            application,
            at: *at,
            sources,
            workers,
        };
        let artifacts = sink.over(*overlay, |sink| target.emit(&input, sink))?;
        Ok(Output {
            environment: environment.clone(),
            target: target.id(),
            artifacts,
            program: Arc::clone(program),
        })
    }
}

fn selected<'t>(
    environment: &EnvironmentInfo,
    all: &[EnvironmentInfo],
    selection: &Selection,
    registry: &[&'t dyn Target],
) -> Vec<&'t dyn Target> {
    let lists =
        |environment: &EnvironmentInfo, id: &str| environment.targets.iter().any(|listed| listed == id);
    let named = &selection.targets;
    let nobody = || {
        !all.iter()
            .any(|environment| named.iter().any(|id| lists(environment, id)))
    };
    let whole = !selection.environments.is_empty() || nobody();
    let wanted = |id: &str| {
        if named.is_empty() {
            lists(environment, id)
        } else {
            named.iter().any(|named| named == id) && (whole || lists(environment, id))
        }
    };
    registry
        .iter()
        .copied()
        .filter(|target| wanted(target.id()))
        .collect()
}

/// Targets that an environment lists and nobody has.
fn unknown_targets(manifest: &Manifest, environment: &str, registry: &[&dyn Target], sink: &mut Sink) {
    let Some(environment) = find(manifest, environment).and_then(|(_, field)| field.set()) else {
        return;
    };
    for (key, _) in listed(environment) {
        if registry.iter().any(|target| target.id() == key.value) {
            continue;
        }
        let ids = || registry.iter().map(|target| target.id());
        sink.error(
            Diagnostic::new(
                codes::UNKNOWN_TARGET,
                format!("there is no target {}", quoted(&key.value)),
            )
            .at(key.span, "unknown target")
            .help_if(meant(&key.value, ids()))
            .help(format!("the targets are {}", list(ids()))),
        );
    }
}

/// Reports environments that have neither a service nor a dependency: their files would start nothing.
fn nothing_runs(manifest: &Manifest, empty: &[&str], all: bool, sink: &mut Sink) {
    let application = &manifest.application;
    let shared = &application.shared;
    if all && !empty.is_empty() && shared.services.is_empty() && shared.dependencies.is_empty() {
        let at = application.name.set().map_or(application.span, |name| name.span);
        sink.error(
            Diagnostic::new(codes::NOTHING_RUNS, "the application has no services")
                .at(at, "nothing of this would run")
                .help("write them under `services`, for example `services: { web: ./web }`"),
        );
        return;
    }
    for name in empty {
        let Some((key, _)) = find(manifest, name) else {
            continue;
        };
        sink.error(
            Diagnostic::new(
                codes::NOTHING_RUNS,
                format!("nothing runs in the environment {}", quoted(name)),
            )
            .at(key.span, "no service is left here")
            .help("keep a service, or remove the environment"),
        );
    }
}

/// What people call targets elsewhere, and the word here.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("k8s", "kubernetes"),
    ("kube", "kubernetes"),
    ("kustomize", "kubernetes"),
    ("eks", "kubernetes"),
    ("gke", "kubernetes"),
    ("aks", "kubernetes"),
    ("docker", "compose"),
    ("docker-compose", "compose"),
    ("podman", "compose"),
    ("ecs", "aws"),
    ("fargate", "aws"),
    ("amazon", "aws"),
    ("terraform", "aws"),
    ("opentofu", "aws"),
];

/// The question whether another target is meant.
fn meant<'a>(written: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Option<String> {
    let lower = written.to_ascii_lowercase();
    let other = OTHER_NAMES.iter().find(|(name, _)| *name == lower);
    match other {
        Some((_, id)) if ids.clone().any(|known| known == *id) => Some(format!("did you mean `{id}`?")),
        Some(_) | None => did_you_mean(written, ids),
    }
}
