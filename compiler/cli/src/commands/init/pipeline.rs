//! `exoc init --ci`: a workflow that checks and releases the application.

use crate::args::{Ci, Format, Global, Init, Select};
use crate::commands::{build, rendered};
use crate::disk::{self, Given};
use crate::error::{CommandError, Exit};
use crate::render::{self, counted};
use crate::scaffold::{self, Delivery, Presence, Scaffold, Written};
use crate::terminal::Console;
use exoc_diagnostics::VirtualPath;
use exoc_lower::Output;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, a workflow stands there already, or it cannot be written.
pub(super) fn run(global: &Global, init: &Init, ci: Ci, console: &Console) -> Result<Exit, CommandError> {
    let Init {
        ci: _,
        tool,
        force,
        yes: _,
    } = init;
    let everything = Select {
        environments: Vec::new(),
        targets: Vec::new(),
    };
    let (application, _, compilation) = build::compile(global, &everything, None, None, released)?;
    let (text, exit) = rendered(global, &application.prefix, &compilation, console);
    if console.format != Format::Json && exit != Exit::Fine {
        console.aside(&text);
    }
    let Some(released) = compilation.product.filter(|_| exit == Exit::Fine) else {
        if console.format == Format::Json {
            console.result(&render::json::with_files(&text, &[], &[]))?;
        }
        return Ok(exit);
    };
    let mut deliveries: Vec<Delivery> = released.into_iter().flatten().collect();
    deliveries.sort_by(|one, other| one.environment.cmp(&other.environment));
    let repository = application.repository();
    let scaffold = Scaffold {
        application: repository.application.clone(),
        tool: *tool,
        deliveries,
    };
    let written = write(&repository, &scaffold::files(&scaffold, ci), ci, *force)?;
    if console.format == Format::Json {
        console.result(&render::json::with_files(&text, &written, &[]))?;
        return Ok(Exit::Fine);
    }
    let lines: String = written.iter().map(|path| format!("{path}\n")).collect();
    console.result(&lines)?;
    console.progress(&told(&scaffold, ci, written.len()));
    Ok(Exit::Fine)
}

/// What an output says to programs about its release, if it says anything.
fn released(output: Output) -> Option<Delivery> {
    let file = VirtualPath::new(scaffold::FILE)?;
    let artifact = output.artifacts.get(&file)?;
    Delivery::read(&output.environment, output.target, &artifact.contents)
}

/// Writes the files, all or none of those that are in the way.
fn write(
    repository: &disk::Repository,
    files: &[Written],
    ci: Ci,
    force: bool,
) -> Result<Vec<String>, CommandError> {
    let mut paths = Vec::new();
    for Written { path, text, presence } in files {
        let place = VirtualPath::new(path).unwrap_or_default();
        let replace = force && *presence == Presence::InTheWay;
        let shown = format!("{}{path}", repository.prefix);
        match disk::give(&repository.root, &place, text.as_bytes(), replace)? {
            Given::Written => paths.push(shown),
            Given::Same => {}
            Given::Kept if *presence == Presence::Stays => {}
            Given::Kept => return Err(in_the_way(&shown, ci)),
        }
    }
    Ok(paths)
}

fn in_the_way(shown: &str, ci: Ci) -> CommandError {
    CommandError::Tree {
        message: format!("`{shown}` stands there already, and is not overwritten"),
        help: vec![format!(
            "what was changed in it is lost by `exoc init --ci {} --force`",
            ci.name()
        )],
    }
}

/// What the workflow does, and what is to be done yet.
fn told(scaffold: &Scaffold, ci: Ci, written: usize) -> String {
    let files = match written {
        0 => "Nothing to write.".to_owned(),
        number => format!("{} written.", counted(number, "file")),
    };
    let names: Vec<String> = scaffold
        .deliveries
        .iter()
        .map(|delivery| format!("`{}`", delivery.environment))
        .collect();
    if names.is_empty() {
        return format!("{files} It only checks: no environment has the target `aws`.");
    }
    format!(
        "{files} It checks, and releases {}. What {} must be told first: docs/pipeline.md of exoc.",
        names.join(", "),
        match ci {
            Ci::Github => "GitHub",
            Ci::Gitlab => "GitLab",
            Ci::Gitea => "Gitea",
        }
    )
}
