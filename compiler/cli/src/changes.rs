//! States of an application, and what changed between two of them. Knows neither where the files of a state come from nor
//! how changes are shown.

use crate::error::CommandError;
use crate::pipeline;
use crate::registry::TARGETS;
use crate::render::difference::{FileDifference, Origin, Outcome, Side, Told};
use crate::render::tree::Contents;
use exoc_diagnostics::{SourceMap, Sources};
use exoc_ir::{Artifact, Artifacts, Comments, Program, TargetId};
use exoc_lower::{Output, Selection};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// One state of the application: what it is in each environment.
#[derive(Debug)]
pub struct State {
    sources: SourceMap,
    /// What to put before its paths.
    prefix: String,
    programs: BTreeMap<String, Arc<Program>>,
    /// What was made, by environment and target.
    made: BTreeMap<(String, TargetId), Artifacts>,
}

impl State {
    /// A state that was compiled from `files`. What is asked for by name and built for no target is in it too.
    ///
    /// # Errors
    ///
    /// If an environment does not exist.
    pub fn new(
        files: &dyn Sources,
        sources: SourceMap,
        prefix: String,
        selection: &Selection,
        outputs: Vec<Output>,
    ) -> Result<Self, CommandError> {
        Ok(Self {
            sources,
            prefix,
            programs: programs(files, selection, &outputs)?,
            made: outputs
                .into_iter()
                .map(|output| ((output.environment, output.target), output.artifacts))
                .collect(),
        })
    }

    /// What the application is called.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        let program = self.programs.values().next();
        program.map(|program| program.app().name.as_str())
    }

    fn told(
        &mut self,
        origin: Origin,
        changes: &[(String, Vec<exoc_diff::Change>)],
        outcomes: Vec<Outcome>,
        before: Option<Self>,
    ) -> Told {
        let (old_sources, old_prefix) = match before {
            Some(state) => (state.sources, state.prefix),
            None => (self.sources.clone(), self.prefix.clone()),
        };
        Told {
            application: self.name().unwrap_or_default().to_owned(),
            origin,
            environments: changes
                .iter()
                .map(|(environment, _)| environment.clone())
                .collect(),
            entries: exoc_diff::gathered(changes),
            outcomes,
            before: Side {
                sources: old_sources,
                prefix: old_prefix,
            },
            after: Side {
                sources: std::mem::take(&mut self.sources),
                prefix: self.prefix.clone(),
            },
        }
    }

    /// What one environment has that another has not.
    #[must_use]
    pub fn against(mut self, new: &str, old: &str) -> Told {
        let changes = match (self.programs.get(old), self.programs.get(new)) {
            (Some(old), Some(new)) => exoc_diff::compare(old, new),
            (_, _) => Vec::new(),
        };
        let origin = Origin::Environment {
            old: old.to_owned(),
            new: new.to_owned(),
        };
        self.told(origin, &[(new.to_owned(), changes)], Vec::new(), None)
    }

    /// What changed since another state; `None` if there was no application.
    #[must_use]
    pub fn since(mut self, before: Option<Self>, origin: Origin, selection: &Selection) -> Told {
        let none = BTreeMap::new();
        let old = before.as_ref().map_or(&none, |state| &state.programs);
        let wanted =
            |name: &&String| selection.environments.is_empty() || selection.environments.contains(name);
        let mut names: Vec<&String> = old.keys().chain(self.programs.keys()).filter(wanted).collect();
        names.sort();
        names.dedup();
        let changes = names.into_iter().map(|name| {
            let changes = match (old.get(name), self.programs.get(name)) {
                (Some(old), Some(new)) => exoc_diff::compare(old, new),
                (None, Some(new)) => vec![exoc_diff::new_environment(new)],
                (Some(old), None) => vec![exoc_diff::gone_environment(old)],
                (None, None) => Vec::new(),
            };
            (name.clone(), changes)
        });
        let changes: Vec<_> = changes.collect();
        let empty = BTreeMap::new();
        let made = before.as_ref().map_or(&empty, |state| &state.made);
        let outcomes = outcomes(made, &self.made, &wanted);
        self.told(origin, &changes, outcomes, before)
    }
}

/// What becomes of what each target has made, and of its files.
fn outcomes(
    before: &BTreeMap<(String, TargetId), Artifacts>,
    after: &BTreeMap<(String, TargetId), Artifacts>,
    wanted: &dyn Fn(&&String) -> bool,
) -> Vec<Outcome> {
    let keys: BTreeSet<&(String, TargetId)> = before.keys().chain(after.keys()).collect();
    let none = Artifacts::default();
    let keys = keys.into_iter().filter(|(environment, _)| wanted(&environment));
    let outcome = |key: &(String, TargetId)| {
        let (environment, id) = key;
        let target = TARGETS.iter().find(|target| target.id() == *id)?;
        let (old, new) = (before.get(key).unwrap_or(&none), after.get(key).unwrap_or(&none));
        let consequences = exoc_diff::consequences(
            &target.resources(old),
            &target.resources(new),
            &|kind, attribute| target.replacement(kind, attribute),
        );
        let files = files(old, new, &format!("{environment}/{id}"));
        let outcome = Outcome {
            environment: environment.clone(),
            target: id,
            consequences,
            files,
        };
        (!outcome.consequences.is_empty() || !outcome.files.is_empty()).then_some(outcome)
    };
    keys.filter_map(outcome).collect()
}

/// The files that differ.
fn files(old: &Artifacts, new: &Artifacts, folder: &str) -> Vec<FileDifference> {
    let paths: BTreeSet<_> = old.iter().chain(new.iter()).map(|(path, _)| path).collect();
    let bytes = |artifacts: &Artifacts, path| artifacts.get(path).map(without_origins);
    let differ = paths.into_iter().filter_map(|path| {
        let (old, new) = (bytes(old, path), bytes(new, path));
        (old != new).then(|| FileDifference {
            path: format!("{folder}/{path}"),
            contents: Contents {
                old: old.unwrap_or_default(),
                new: new.unwrap_or_default(),
            },
        })
    });
    differ.collect()
}

/// A file without the comments that say which lines of the manifest a block comes from: they change with every line that
/// is added above.
fn without_origins(artifact: &Artifact) -> Vec<u8> {
    match (artifact.comments, std::str::from_utf8(&artifact.contents)) {
        (Comments::Hash, Ok(text)) => {
            let is_origin = |line: &str| {
                let words = line.trim().strip_prefix("# From ");
                words.is_some_and(|words| words.ends_with('.') && words.contains(".yml:"))
            };
            let kept = text.split_inclusive('\n').filter(|line| !is_origin(line));
            kept.collect::<String>().into_bytes()
        }
        (Comments::Hash | Comments::Markup | Comments::None, _) => artifact.contents.clone(),
    }
}

/// The programs that were built, and those that were asked for by name and are built for no target.
fn programs(
    sources: &dyn Sources,
    selection: &Selection,
    outputs: &[Output],
) -> Result<BTreeMap<String, Arc<Program>>, CommandError> {
    let built = outputs
        .iter()
        .map(|output| (output.environment.clone(), Arc::clone(&output.program)));
    let mut programs: BTreeMap<String, Arc<Program>> = built.collect();
    let missing = selection
        .environments
        .iter()
        .filter(|name| !programs.contains_key(*name));
    let missing: Vec<String> = missing.cloned().collect();
    if missing.is_empty() {
        return Ok(programs);
    }
    let lowered = pipeline::with_manifest(sources, &missing, |manifest, _, sink| {
        let lower = |name: &String| {
            let program = exoc_lower::lower(&manifest, name, sink).finish(sink).ok()?;
            Some((name.clone(), Arc::new(program)))
        };
        missing.iter().map(lower).collect::<Option<Vec<_>>>()
    })?;
    programs.extend(lowered.product.into_iter().flatten());
    Ok(programs)
}
