//! `cargo dev tutorial`: performs the laptop's tutorial on a container engine, to its last block. What the engine has
//! of it before and after must be the same.

#[path = "../../cli/tests/page.rs"]
mod page;

use crate::error::Error;
use crate::judge::engine::{Project, StandIns, lines};
use exoc_snapshot_tests::case;
use page::Reader;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The page.
const PAGE: &str = "docs/tutorial-laptop.md";
/// What the names of all that its application makes begin with.
const APPLICATION: &str = "noticeboard-";
/// What is listed of an engine.
const LISTS: [&[&str]; 4] = [
    &["ps", "--all", "--format", "{{.Names}}"],
    &["network", "ls", "--format", "{{.Name}}"],
    &["volume", "ls", "--format", "{{.Name}}"],
    &["image", "ls", "--format", "{{.Repository}}:{{.Tag}}"],
];

/// Performs the page with a program.
pub(crate) fn run(binary: &Path) -> Result<(), Error> {
    let binary = binary
        .canonicalize()
        .map_err(|error| Error::disk(binary, &error))?;
    let path = case::root().join(PAGE);
    let page = std::fs::read_to_string(&path).map_err(|error| Error::disk(&path, &error))?;
    perform(&binary, &page).map_err(Error::Refused)
}

fn perform(binary: &Path, page: &str) -> Result<(), String> {
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let before = inventory()?;
    // Without an engine first: that makes the files that say which images are needed.
    let files = reader(&scratch.path().join("files"), binary, false)?;
    told(&files.lies(PAGE, page))?;
    let mut images = StandIns::default();
    let project = Project::new(files.folder.join("infra/local/compose"))?;
    images.make(&project, &scratch.path().join("images"))?;

    let whole = reader(&scratch.path().join("whole"), binary, true)?;
    let removal = Removal {
        binary,
        folder: &whole.folder,
    };
    told(&whole.lies(PAGE, page))?;
    let after = inventory()?;
    drop(removal);
    if before != after {
        return Err(format!(
            "{PAGE} leaves something behind: {after:?}, and before there was {before:?}"
        ));
    }
    println!("{PAGE}: every block does what it shows, and nothing is left");
    Ok(())
}

/// A reader in a new folder that is a repository of its own.
fn reader(folder: &Path, binary: &Path, has_engine: bool) -> Result<Reader, String> {
    std::fs::create_dir_all(folder.join(".git")).map_err(|error| error.to_string())?;
    Ok(Reader {
        folder: folder.to_owned(),
        program: binary.parent().map(PathBuf::from).unwrap_or_default(),
        path: std::env::var_os("PATH").unwrap_or_default(),
        has_engine,
    })
}

fn told(lies: &[String]) -> Result<(), String> {
    if lies.is_empty() {
        Ok(())
    } else {
        Err(lies.join("\n"))
    }
}

/// What the engine has of the application; others may use it at the same time.
fn inventory() -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for list in LISTS {
        all.extend(lines(list)?);
    }
    all.retain(|name| name.starts_with(APPLICATION));
    all.sort();
    Ok(all)
}

/// Removes what a page that lies leaves.
struct Removal<'a> {
    binary: &'a Path,
    folder: &'a Path,
}

impl Drop for Removal<'_> {
    fn drop(&mut self) {
        let mut clean = Command::new(self.binary);
        clean
            .args(["clean", "--volumes", "--quiet"])
            .current_dir(self.folder)
            .stdin(Stdio::null());
        match clean.output() {
            Ok(output) if output.status.success() => {}
            Ok(output) => eprintln!("{}", String::from_utf8_lossy(&output.stderr)),
            Err(error) => eprintln!("{clean:?}: {error}"),
        }
    }
}
