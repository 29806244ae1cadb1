//! Cases: finding them, loading them, building them.

use exoc_diagnostics::{Date, Diagnostic, MemorySources, Sink, SourceMap};
use exoc_ir::{Support, Target};
use exoc_lower::{Output, Selection};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Why a case cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// A file or folder could not be read or written.
    #[error("{path}: {error}")]
    Disk {
        /// Which.
        path: PathBuf,
        /// The system's words.
        error: std::io::Error,
    },
    /// case.json does not say what it may say.
    #[error("{0}: a mapping with `targets`, a list of names, is expected")]
    Settings(PathBuf),
    /// The case does not compile; the text is what a user would read.
    #[error("{case} does not compile:\n{text}")]
    Manifest {
        /// The case's name.
        case: String,
        /// The diagnostics, one a line.
        text: String,
    },
}

/// An application to build.
#[derive(Clone, Debug)]
pub struct Case {
    /// The folder's name.
    pub name: String,
    /// The folder.
    pub folder: PathBuf,
    /// The folder that holds its goldens.
    pub goldens: PathBuf,
    /// The only targets that it is built for, if it names them.
    pub targets: Option<Vec<String>>,
}

/// A case that was built.
#[derive(Debug)]
pub struct Built {
    /// Every environment for each of its targets.
    pub outputs: Vec<Output>,
    /// Notes and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// The texts that they point into.
    pub map: SourceMap,
}

/// The project's folder.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .map(Path::to_path_buf)
        .unwrap_or_default()
}

/// All cases, by name.
///
/// # Errors
///
/// If a folder cannot be read or a case.json is not understood.
pub fn all() -> Result<Vec<Case>, Problem> {
    let root = root();
    let mut cases = in_folder(&root.join("fixtures"), &root.join("snapshot-tests/golden"))?;
    for target in folders(&root.join("targets"))? {
        cases.extend(in_folder(&target.join("fixtures"), &target.join("golden"))?);
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(cases)
}

/// Applications that show what only an option of a target does: judged as goldens are, and written to `scratch` for
/// that, because what they make differs from a golden by little.
///
/// # Errors
///
/// If a folder cannot be read or a case.json is not understood.
pub fn variants(scratch: &Path) -> Result<Vec<Case>, Problem> {
    let mut cases = Vec::new();
    for target in folders(&root().join("targets"))? {
        cases.extend(in_folder(&target.join("variants"), scratch)?);
    }
    Ok(cases)
}

fn in_folder(folder: &Path, goldens: &Path) -> Result<Vec<Case>, Problem> {
    let mut cases = Vec::new();
    if !folder.exists() {
        return Ok(cases);
    }
    for folder in folders(folder)? {
        let name = folder
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let goldens = goldens.join(&name);
        let targets = settings(&folder.join("case.json"))?;
        cases.push(Case {
            name,
            folder,
            goldens,
            targets,
        });
    }
    Ok(cases)
}

fn folders(folder: &Path) -> Result<Vec<PathBuf>, Problem> {
    let disk = |error| Problem::Disk {
        path: folder.to_path_buf(),
        error,
    };
    let entries = std::fs::read_dir(folder)
        .map_err(disk)?
        .collect::<Result<Vec<_>, _>>()
        .map_err(disk)?;
    let mut folders: Vec<PathBuf> = entries
        .into_iter()
        .map(|entry| entry.path())
        .filter(|p| p.is_dir())
        .collect();
    folders.sort();
    Ok(folders)
}

fn settings(path: &Path) -> Result<Option<Vec<String>>, Problem> {
    if !path.exists() {
        return Ok(None);
    }
    let text = std::fs::read(path).map_err(|error| Problem::Disk {
        path: path.to_path_buf(),
        error,
    })?;
    let wrong = || Problem::Settings(path.to_path_buf());
    let json: serde_json::Value = serde_json::from_slice(&text).map_err(|_| wrong())?;
    let object = json.as_object().ok_or_else(wrong)?;
    if object.keys().any(|key| key != "targets") {
        return Err(wrong());
    }
    let list = object
        .get("targets")
        .and_then(serde_json::Value::as_array)
        .ok_or_else(wrong)?;
    list.iter()
        .map(|id| id.as_str().map(str::to_owned).ok_or_else(wrong))
        .collect::<Result<_, _>>()
        .map(Some)
}

impl Case {
    /// The case's files, as the compiler sees them.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub fn sources(&self) -> Result<MemorySources, Problem> {
        let mut sources = MemorySources::default();
        for entry in WalkDir::new(&self.folder).sort_by_file_name() {
            let entry = entry.map_err(|error| Problem::Disk {
                path: self.folder.clone(),
                error: error.into(),
            })?;
            if entry.file_type().is_file() {
                let disk = |error| Problem::Disk {
                    path: entry.path().to_path_buf(),
                    error,
                };
                let bytes = std::fs::read(entry.path()).map_err(disk)?;
                let relative = entry.path().strip_prefix(&self.folder).unwrap_or(entry.path());
                sources.insert(&relative.to_string_lossy(), bytes);
            }
        }
        Ok(sources)
    }

    /// The registered targets that this case is built for.
    #[must_use]
    pub fn registry(&self) -> Vec<&'static dyn Target> {
        exoc::registry::TARGETS
            .iter()
            .copied()
            .filter(|target| match &self.targets {
                Some(named) => named.iter().any(|id| id == target.id()),
                None => target.support() != Support::Nascent,
            })
            .collect()
    }

    /// Builds every environment for each of its targets.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or the manifest is wrong.
    pub fn build(&self) -> Result<Built, Problem> {
        compile_for(&self.sources()?, &Selection::default(), &self.registry()).map_err(|text| {
            Problem::Manifest {
                case: self.name.clone(),
                text,
            }
        })
    }
}

/// Compiles sources for every target that they name.
///
/// # Errors
///
/// With all diagnostics, one a line, if there is an error.
pub fn compile(sources: &MemorySources, selection: &Selection) -> Result<Built, String> {
    compile_for(sources, selection, exoc::registry::TARGETS)
}

fn compile_for(
    sources: &MemorySources,
    selection: &Selection,
    registry: &[&dyn Target],
) -> Result<Built, String> {
    let (outputs, diagnostics, map) = try_compile_for(sources, selection, registry);
    match outputs {
        Some(outputs) => Ok(Built {
            outputs,
            diagnostics,
            map,
        }),
        None => Err(concise(&diagnostics, &map)),
    }
}

/// Compiles sources and returns whatever comes out: no outputs after an error.
#[must_use]
pub fn try_compile(
    sources: &MemorySources,
    selection: &Selection,
) -> (Option<Vec<Output>>, Vec<Diagnostic>, SourceMap) {
    try_compile_for(sources, selection, exoc::registry::TARGETS)
}

fn try_compile_for(
    sources: &MemorySources,
    selection: &Selection,
    registry: &[&dyn Target],
) -> (Option<Vec<Output>>, Vec<Diagnostic>, SourceMap) {
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(sources, &mut map, &mut sink);
    let rulings = manifest.as_ref().map(|manifest| manifest.rulings.clone());
    let application = |_: &str, _: &str| "../../..".to_owned();
    let outputs = manifest.and_then(|manifest| {
        exoc_lower::compile(&manifest, selection, registry, &map, &application, &mut sink).ok()
    });
    let outputs = outputs.filter(|_| sink.checkpoint().is_ok());
    let whole = outputs.is_some() && *selection == Selection::default();
    let diagnostics = rulings
        .unwrap_or_default()
        .apply(sink.into_sorted(), today(), whole);
    (outputs, diagnostics, map)
}

/// The day of every test.
fn today() -> Date {
    Date::of_seconds(1_795_305_600) // 2026-11-22
}

/// Diagnostics as lines: place, code, message.
#[must_use]
pub fn concise(diagnostics: &[Diagnostic], map: &SourceMap) -> String {
    let line = |diagnostic: &Diagnostic| {
        let place = diagnostic.primary.as_ref().and_then(|label| {
            let file = map.file(label.span.source)?;
            let at = map.start(label.span)?;
            Some(format!("{}:{}:{}: ", file.path, at.line, at.column))
        });
        let Diagnostic { code, message, .. } = diagnostic;
        format!(
            "{}{}[{}]: {message}\n",
            place.unwrap_or_default(),
            diagnostic.severity.word(),
            code.id
        )
    };
    diagnostics.iter().map(line).collect()
}
