//! Outputs for comparison: every environment of a fixture built for all three targets, whether it lists them or not,
//! or for those that its case.json restricts it to.
//!
//! The manifest is changed in memory: an environment other than `local` gets all three targets, and a registry,
//! which Kubernetes needs for built images. So all outputs of an environment come of one and the same program.

use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use exoc_snapshot_tests::facts::{Facts, Files, Target};
use exoc_snapshot_tests::{Case, case};
use std::collections::BTreeSet;

/// What one environment of a fixture gives on one target.
pub(crate) struct Output {
    /// The fixture.
    pub(crate) case: String,
    /// The environment.
    pub(crate) environment: String,
    /// The target.
    pub(crate) target: Target,
    /// Its files.
    pub(crate) files: Files,
    /// The codes of what is said when it is built.
    #[allow(dead_code, reason = "not every test asks what is said")]
    pub(crate) said: BTreeSet<&'static str>,
}

/// An environment's name, and what each target makes of it: an output, or why there is none.
pub(crate) type Environment = (String, Vec<(Target, Result<Output, String>)>);

impl Output {
    /// Where it is from, for messages.
    pub(crate) fn name(&self) -> String {
        format!("{}/{}/{}", self.case, self.environment, self.target.id())
    }

    /// What it means.
    pub(crate) fn facts(&self) -> Result<Facts, String> {
        self.target
            .facts(&self.files)
            .map_err(|error| format!("{}: {error}", self.name()))
    }
}

/// The fixture whose outputs are patched, of which nobody claims that they mean the same.
const PATCHED: &str = "patches";

/// All fixtures that are for at least two targets and have an environment besides `local`, but for the patched one.
#[allow(dead_code, reason = "not every test needs all fixtures")]
pub(crate) fn fixtures() -> Vec<Case> {
    let cases = case::all().unwrap();
    let compared = |case: &Case| targets(case).len() > 1 && case.name != PATCHED;
    cases.into_iter().filter(compared).collect()
}

/// The targets that have an extractor and that a fixture is for.
pub(crate) fn targets(case: &Case) -> Vec<Target> {
    let named = |target: &Target| match &case.targets {
        Some(named) => named.iter().any(|id| id == target.id()),
        None => true,
    };
    Target::ALL.into_iter().filter(named).collect()
}

/// One fixture.
#[allow(dead_code, reason = "not every test needs one fixture")]
pub(crate) fn fixture(name: &str) -> Case {
    let found = case::all().unwrap().into_iter().find(|case| case.name == name);
    found.unwrap_or_else(|| panic!("there is no fixture `{name}`"))
}

/// Every environment that a fixture writes but `local`.
pub(crate) fn outputs(case: &Case) -> Vec<Environment> {
    let (sources, environments) = with_all_targets(case);
    let build = |environment: &String, target: Target| {
        let selection = Selection {
            environments: vec![environment.clone()],
            targets: vec![target.id().to_owned()],
            http_port: None,
        };
        let built = case::compile(&sources, &selection)?;
        let [output] = built.outputs.as_slice() else {
            return Err(format!("{} outputs instead of one", built.outputs.len()));
        };
        let files = output.artifacts.iter();
        Ok(Output {
            case: case.name.clone(),
            environment: environment.clone(),
            target,
            files: files
                .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
                .collect(),
            said: built.diagnostics.iter().map(|said| said.code.id).collect(),
        })
    };
    environments
        .iter()
        .map(|environment| {
            (
                environment.clone(),
                targets(case)
                    .into_iter()
                    .map(|target| (target, build(environment, target)))
                    .collect(),
            )
        })
        .collect()
}

/// The fixture's files with all targets in every environment but `local`, and the names of these environments.
fn with_all_targets(case: &Case) -> (MemorySources, Vec<String>) {
    let mut sources = case.sources().unwrap();
    let manifest = "application.yml";
    let bytes = sources
        .iter()
        .find(|(path, _)| path.as_str() == manifest)
        .map(|(_, bytes)| bytes.to_vec());
    let text = String::from_utf8(bytes.unwrap()).unwrap();
    let (text, environments) = edited(&text);
    assert!(
        !environments.is_empty(),
        "{} has no environment besides local",
        case.name
    );
    sources.insert(manifest, text);
    (sources, environments)
}

/// Leaves out what the environments say of `targets` and adds all three to each.
///
/// Fixtures are written with environments at two spaces and their keys at four.
fn edited(text: &str) -> (String, Vec<String>) {
    // Three zones, for some products are in as many.
    const ADDED: &str = "    targets:\n      aws:\n        region: eu-central-1\n        account: \"123456789012\"\n        \
                         zones: [eu-central-1a, eu-central-1b, eu-central-1c]\n      kubernetes:\n        \
                         shared-storage-class: nfs\n        metrics: { requests: requests_per_second }\n      compose: {}\n";
    let (mut out, mut environments) = (String::new(), Vec::new());
    let (mut within, mut skipping) = (false, false);
    let rest: Vec<&str> = text.lines().collect();
    for (index, line) in rest.iter().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#');
        if indent == 0 && !is_blank {
            within = line.trim_end() == "environments:";
        }
        if !is_blank && indent <= 4 {
            skipping = within && indent == 4 && line.trim_start().starts_with("targets:");
        }
        if skipping {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        let name = line
            .trim()
            .strip_suffix(':')
            .filter(|name| within && indent == 2 && *name != "local");
        if let Some(name) = name {
            let own = rest[index + 1..]
                .iter()
                .take_while(|line| line.trim().is_empty() || line.starts_with("   "));
            let has_registry = text.lines().any(|line| line.starts_with("registry:"))
                || own.into_iter().any(|line| line.starts_with("    registry:"));
            if !has_registry {
                out.push_str("    registry: ghcr.io/acme\n");
            }
            out.push_str(ADDED);
            environments.push(name.to_owned());
        }
    }
    (out, environments)
}
