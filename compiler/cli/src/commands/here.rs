//! What the commands for this machine do first: compile, find the engine, read what the file means.

use super::{build, rendered};
use crate::args::{Global, Select};
use crate::disk::{self, Tree};
use crate::engine::{self, Model, Project};
use crate::error::{CommandError, Exit};
use crate::generated;
use crate::local::secrets::{self, State};
use crate::local::{self, Local, Session, wanted};
use crate::process::Stop;
use crate::terminal::Console;
use serde_json::{Map, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// An application that can be started here.
pub(super) struct Here<'a> {
    console: &'a Console,
    pub(super) stop: Stop,
    pub(super) local: Local,
    model: Model,
    wanted: BTreeSet<String>,
}

impl<'a> Here<'a> {
    /// Compiles the application and looks at the engine; `roles` are what is meant, all if there are none. `Err` of
    /// the inner result is the exit code if the manifest is wrong.
    ///
    /// # Errors
    ///
    /// If the files cannot be written, secrets are missing, the engine does not answer, or a role does not exist.
    pub(super) fn find(
        global: &Global,
        console: &'a Console,
        values: Values,
        roles: &[String],
    ) -> Result<Result<Self, Exit>, CommandError> {
        let mut here = Self::find_in(global, console, values, &|local| Ok(local.project.clone()))?;
        if let Ok(here) = &mut here {
            here.wanted = wanted(&here.model, roles)?;
        }
        Ok(here)
    }

    /// As [`Here::find`], but all of another project, which `place` makes of the application's.
    ///
    /// # Errors
    ///
    /// As [`Here::find`].
    pub(super) fn find_in(
        global: &Global,
        console: &'a Console,
        values: Values,
        place: &dyn Fn(&Local) -> Result<Project, CommandError>,
    ) -> Result<Result<Self, Exit>, CommandError> {
        let mut local = match compiled(global, None, values, console)? {
            Ok(local) => local,
            Err(exit) => return Ok(Err(exit)),
        };
        // Until here a signal ends exoc as it ends `exoc build`, also while that waits for another one.
        let stop = Stop::listen().map_err(|error| {
            let words = crate::disk::words(&error);
            CommandError::surroundings(
                format!("signals cannot be heard: {words}"),
                "run it on a Unix system",
            )
        })?;
        local.project = place(&local)?;
        engine::find(&stop)?;
        let model = modelled(&mut local, &stop)?;
        Ok(Ok(Self {
            console,
            stop,
            local,
            model,
            wanted: BTreeSet::new(),
        }))
    }

    /// The same, with another port where HTTP enters.
    ///
    /// # Errors
    ///
    /// As [`Here::find`].
    pub(super) fn at(&self, global: &Global, port: u16) -> Result<Result<Self, Exit>, CommandError> {
        let mut local = match compiled(global, Some(port), Values::Needed, self.console)? {
            Ok(local) => local,
            Err(exit) => return Ok(Err(exit)),
        };
        let model = modelled(&mut local, &self.stop)?;
        Ok(Ok(Self {
            console: self.console,
            stop: self.stop.clone(),
            local,
            model,
            wanted: self.wanted.clone(),
        }))
    }

    /// What the steps work with.
    pub(super) const fn session(&self) -> Session<'_> {
        Session {
            console: self.console,
            stop: &self.stop,
            project: self.project(),
            model: &self.model,
            wanted: &self.wanted,
        }
    }

    pub(super) const fn project(&self) -> &Project {
        &self.local.project
    }
}

/// What the file means, with images that are this checkout's own.
fn modelled(local: &mut Local, stop: &Stop) -> Result<Model, CommandError> {
    let mut model = local.project.model(stop)?;
    let images = model.own_images(&local.checkout);
    if images.is_empty() {
        return Ok(model);
    }
    let mut services = Map::new();
    for (name, image) in images {
        services.insert(name.clone(), json!({ "image": image }));
        if let Some(service) = model.services.get_mut(&name) {
            service.image = image;
        }
    }
    // What is JSON is YAML.
    let text = format!("{:#}\n", json!({ "services": services }));
    let name = format!("{}.yaml", local.project.name());
    let file = disk::write_apart(&local.application, &name, text.as_bytes())?;
    local.project = local.project.clone().and(Some(file));
    Ok(model)
}

/// What a command needs of secrets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Values {
    /// Their values: it starts something.
    Needed,
    /// Nothing: it asks for what runs, or ends it.
    Unneeded,
}

/// Compiles the local environment for compose and writes it, as `exoc build --env local --target compose` does, but
/// tells only what is wrong. With an `http_port` of its own it is written to a folder that Git does not see.
fn compiled(
    global: &Global,
    http_port: Option<u16>,
    values: Values,
    console: &Console,
) -> Result<Result<Local, Exit>, CommandError> {
    let apart = match http_port {
        Some(_) => Some(disk::apart(&disk::find(&global.directory)?)?),
        None => None,
    };
    let select = Select {
        environments: vec![local::ENVIRONMENT.to_owned()],
        targets: vec![local::TARGET.to_owned()],
    };
    let (application, tree, compilation) =
        build::compile(global, &select, apart.as_deref(), http_port, |output| {
            let program = Arc::clone(&output.program);
            (program, generated::made(output))
        })?;
    let (text, exit) = rendered(global, &application.prefix, &compilation, console);
    // Notes are `check`'s and `build`'s to tell: here they would hide what the application says.
    if exit != Exit::Fine {
        console.aside(&text);
    }
    let outputs = compilation.product.filter(|_| exit == Exit::Fine);
    // One environment and one target have one output.
    let Some((program, made)) = outputs.and_then(|outputs| outputs.into_iter().next()) else {
        return Ok(Err(exit));
    };
    build::stand(&tree, &select, vec![made?], console)?;
    // The values of secrets are the application's, wherever its file is.
    let own = Tree::new(&application, None)?;
    let waiting = || build::waits(console);
    let blanks = match values {
        Values::Needed => {
            let made = secrets::ensure(&own, &program, &waiting)?;
            if !made.is_empty() {
                console.progress(&format!("Generated secrets: {}.", made.join(", ")));
            }
            Vec::new()
        }
        Values::Unneeded => secrets::names(&secrets::look(&own, &program, &waiting)?, State::Missing),
    };
    let folder = tree.folder(local::ENVIRONMENT, local::TARGET);
    let kept = own
        .folder(local::ENVIRONMENT, local::TARGET)
        .join(exoc_compose::VALUES);
    let project = Project::new(
        &program.app().name,
        application.folder.root(),
        folder.join(local::FILE),
    );
    Ok(Ok(Local {
        program,
        folder,
        checkout: project.name().to_owned(),
        application,
        project: project.with_values(disk::is_file(&kept).then_some(kept), blanks),
    }))
}
