//! `exoc secrets`: what an environment needs, and the values of the local one. Prints no value.

use super::targets::aligned;
use super::{build, rendered};
use crate::args::{Format, Global, Secrets, SecretsAction, Select};
use crate::disk::{self, Tree};
use crate::error::{CommandError, Exit};
use crate::generated::{self, Made};
use crate::local::ask::{Answer, ask};
use crate::local::secrets::{self, Entry, State};
use crate::local::value::Value;
use crate::local::{ENVIRONMENT, TARGET};
use crate::pipeline;
use crate::process::Asked;
use crate::render;
use crate::terminal::Console;
use exoc_compose::{Need, needs};
use exoc_diagnostics::did_you_mean;
use exoc_ir::{Origin, Program, Secret};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, a name is unknown, the file of values cannot be read or written, or a secret is
/// missing.
pub fn run(global: &Global, arguments: &Secrets, console: &Console) -> Result<Exit, CommandError> {
    let Secrets { environment, action } = arguments;
    match action {
        None => list(global, environment, console),
        Some(SecretsAction::Other(_)) => Err(CommandError::CommandLine {
            message: "`exoc secrets` has no such command".to_owned(),
            help: vec![
                "the commands are `exoc secrets set` with a name, and `exoc secrets generate`".to_owned(),
            ],
        }),
        Some(_) if environment != ENVIRONMENT => Err(elsewhere(environment)),
        Some(SecretsAction::Set { name, more }) => {
            let name = name_alone(name, more.is_empty())?;
            with_local(global, console, |local| set(local, name, console))
        }
        Some(SecretsAction::Generate) => with_local(global, console, |local| generate(local, console)),
    }
}

fn list(global: &Global, environment: &str, console: &Console) -> Result<Exit, CommandError> {
    let application = disk::find(&global.directory)?;
    let wanted = [environment.to_owned()];
    let compilation = pipeline::with_manifest(&application.folder, &wanted, |manifest, _, sink| {
        let program = exoc_lower::lower(&manifest, environment, sink).finish(sink).ok();
        let targets = exoc_lower::environments(&manifest).into_iter();
        let targets = targets
            .filter(|known| known.name == environment)
            .flat_map(|known| known.targets);
        program.map(|program| (program, targets.collect::<Vec<String>>()))
    })?;
    let (text, exit) = rendered(global, &application.prefix, &compilation, console);
    if console.format != Format::Json {
        console.aside(&text);
    }
    let Some((program, targets)) = compilation.product.filter(|_| exit == Exit::Fine) else {
        if console.format == Format::Json {
            console.result(&text)?;
        }
        return Ok(exit);
    };
    if !program.environment().local {
        return show_elsewhere(&text, &program, &targets, console);
    }
    let tree = Tree::new(&application, None)?;
    let entries = secrets::look(&tree, &program, &|| build::waits(console))?;
    show(&text, &entries, console)
}

/// Shows what the laptop needs, and fails if some of it is missing.
fn show(document: &str, entries: &[Entry<'_>], console: &Console) -> Result<Exit, CommandError> {
    let missing = secrets::missing(entries);
    if console.format == Format::Json {
        console.result(&json_local(document, entries))?;
        return Ok(missing.map_or(Exit::Fine, |error| error.exit()));
    }
    let colour = console.out_colour();
    let rows = entries.iter().map(|Entry { need, state }| {
        let state = match state {
            State::There => colour.green("there"),
            State::Made => colour.green("made"),
            State::Missing => colour.red("missing"),
        };
        row(need, state)
    });
    print_table(rows.collect(), ENVIRONMENT, console)?;
    missing.map_or(Ok(Exit::Fine), Err)
}

/// Shows what another environment needs, and how it comes there.
fn show_elsewhere(
    document: &str,
    program: &Program,
    targets: &[String],
    console: &Console,
) -> Result<Exit, CommandError> {
    let environment = program.environment().name.as_str();
    let needs = needs(program);
    if console.format == Format::Json {
        let listed = needs.iter().map(|need| described(need, Json::Null));
        console.result(&json_document(document, environment, listed.collect()))?;
        return Ok(Exit::Fine);
    }
    let rows = needs.iter().map(|need| row(need, at_deployment(need.secret)));
    print_table(rows.collect(), environment, console)?;
    if !needs.is_empty() {
        let pages = targets
            .iter()
            .map(|target| format!("`infra/{environment}/{target}/README.md`"));
        let pages: Vec<String> = pages.collect();
        if !pages.is_empty() {
            console.progress(&format!("How that is done: {}.", pages.join(", ")));
        }
    }
    Ok(Exit::Fine)
}

fn at_deployment(secret: &Secret) -> String {
    let Secret { name: _, origin } = secret;
    match origin {
        Origin::Supplied {
            description: _,
            store: None,
        } => "supplied at deployment".to_owned(),
        Origin::Supplied {
            description: _,
            store: Some(name),
        } => format!("in the store as `{name}`"),
        Origin::Generated { .. } | Origin::PasswordOf(_) => "generated at deployment".to_owned(),
        Origin::AdministratorOf(_) => "generated at deployment, where it is run".to_owned(),
    }
}

fn row(need: &Need<'_>, state: String) -> Vec<String> {
    let what: Vec<String> = need.purpose().split_whitespace().map(render::visible).collect();
    vec![need.secret.name.clone(), what.join(" "), state]
}

fn print_table(rows: Vec<Vec<String>>, environment: &str, console: &Console) -> Result<(), CommandError> {
    if rows.is_empty() {
        console.progress(&format!("`{environment}` needs no secrets."));
        return Ok(());
    }
    let head = ["NAME", "WHAT IT IS", "VALUE"].map(str::to_owned).to_vec();
    let table: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    console.result(&aligned(&table))
}

/// A secret as a JSON object.
fn described(need: &Need<'_>, present: Json) -> Json {
    let Need { secret, what } = need;
    let Secret { name, origin } = secret;
    let (origin, store) = match origin {
        Origin::Supplied {
            description: _,
            store,
        } => ("supplied", store.as_deref()),
        Origin::Generated { .. } => ("generated", None),
        Origin::PasswordOf(_) | Origin::AdministratorOf(_) => ("password", None),
    };
    json!({
        "name": name,
        "what": what,
        "origin": origin,
        "store": store,
        "length": secret.length(),
        "present": present,
    })
}

fn json_local(document: &str, entries: &[Entry<'_>]) -> String {
    let listed = entries.iter().map(|Entry { need, state }| match state {
        State::There | State::Made => described(need, Json::Bool(true)),
        State::Missing => described(need, Json::Bool(false)),
    });
    json_document(document, ENVIRONMENT, listed.collect())
}

fn json_document(document: &str, environment: &str, listed: Vec<Json>) -> String {
    let mut members = Map::new();
    members.insert("environment".to_owned(), json!(environment));
    members.insert("secrets".to_owned(), Json::Array(listed));
    render::json::with(document, members)
}

/// The local environment, compiled.
struct Local {
    tree: Tree,
    program: Arc<Program>,
    files: Made,
    /// The diagnostics as JSON, if that is wanted.
    document: String,
}

/// Compiles the local environment and goes on if nothing stops it.
fn with_local(
    global: &Global,
    console: &Console,
    then: impl FnOnce(Local) -> Result<Exit, CommandError>,
) -> Result<Exit, CommandError> {
    let (application, tree, compilation) = build::compile(global, &selected(), None, None, |output| {
        let program = Arc::clone(&output.program);
        (program, generated::made(output))
    })?;
    let (document, exit) = rendered(global, &application.prefix, &compilation, console);
    let outputs = compilation.product.filter(|_| exit == Exit::Fine);
    // One environment and one target have one output.
    let Some((program, files)) = outputs.and_then(|outputs| outputs.into_iter().next()) else {
        if console.format == Format::Json {
            console.result(&document)?;
        } else {
            console.aside(&document);
        }
        return Ok(exit);
    };
    then(Local {
        tree,
        program,
        files: files?,
        document,
    })
}

fn selected() -> Select {
    Select {
        environments: vec![ENVIRONMENT.to_owned()],
        targets: vec![TARGET.to_owned()],
    }
}

fn generate(local: Local, console: &Console) -> Result<Exit, CommandError> {
    let Local {
        tree,
        program,
        files,
        document,
    } = local;
    build::stand(&tree, &selected(), vec![files], console)?;
    let entries = secrets::make(&tree, &program, &|| build::waits(console))?;
    show(&document, &entries, console)
}

fn set(local: Local, name: &str, console: &Console) -> Result<Exit, CommandError> {
    let Local {
        tree,
        program,
        files,
        document,
    } = local;
    let needs = needs(&program);
    let Some(Need { secret, what }) = needs.iter().find(|need| need.secret.name == name) else {
        return Err(unknown(name, &needs));
    };
    // Git must leave the value out before there is one.
    build::stand(&tree, &selected(), vec![files], console)?;
    let question = format!("{name} ({}), which is not shown: ", render::visible(what));
    let bytes = match ask(&question, console)? {
        Answer::Bytes(bytes) => bytes,
        Answer::Interrupted => return Ok(Exit::Stopped(Asked::Interrupt)),
    };
    let value = Value::supplied(bytes).map_err(|unfit| CommandError::CommandLine {
        message: format!("{unfit}; nothing was changed"),
        help: vec![unfit.help().to_owned()],
    })?;
    secrets::set(&tree, name, &value, &|| build::waits(console))?;
    if console.format == Format::Json {
        let entries = secrets::look(&tree, &program, &|| build::waits(console))?;
        console.result(&json_local(&document, &entries))?;
    }
    console.progress(&format!("`{name}` is in {}.", tree.shown(&secrets::place())));
    if secrets::is_password(secret) {
        console.progress(
            "A dependency takes its password when its volume is new: where it is not, change it there first.",
        );
    }
    Ok(Exit::Fine)
}

/// The name of a secret, if it is nothing but one. What stands with it is likely to be the value, which is not repeated.
fn name_alone(name: &str, alone: bool) -> Result<&str, CommandError> {
    let (before, value) = name.split_once('=').unwrap_or((name, ""));
    if alone && before.len() == name.len() && value.is_empty() {
        return Ok(name);
    }
    Err(CommandError::CommandLine {
        message: "`exoc secrets set` takes the name of a secret and no value; nothing was changed".to_owned(),
        help: vec![
            "it asks for the value, or reads it from standard input".to_owned(),
            "a value that stood on a command line is in the history of the shell: have another one issued"
                .to_owned(),
        ],
    })
}

fn unknown(name: &str, needs: &[Need<'_>]) -> CommandError {
    let known = || needs.iter().map(|need| need.secret.name.as_str());
    let near = did_you_mean(name, known()).or_else(|| did_you_mean(&name.to_uppercase(), known()));
    // What is like no name may be the value.
    let message = match near {
        Some(_) => format!("`{ENVIRONMENT}` needs no secret `{name}`"),
        None => format!("`{ENVIRONMENT}` needs no secret of this name"),
    };
    let mut help: Vec<String> = near.into_iter().collect();
    help.push(if needs.is_empty() {
        "the manifest declares secrets under `secrets`".to_owned()
    } else {
        let names: Vec<String> = known().map(|name| format!("`{name}`")).collect();
        format!("the secrets are {}", names.join(", "))
    });
    CommandError::CommandLine { message, help }
}

fn elsewhere(environment: &str) -> CommandError {
    CommandError::CommandLine {
        message: format!("only the values of `{ENVIRONMENT}` are kept here, not those of `{environment}`"),
        help: vec![format!(
            "`exoc secrets --env {environment}` says which are supplied and generated when it is deployed"
        )],
    }
}
