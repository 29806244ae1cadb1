//! The secrets of the laptop: which the program needs, which have a value in `.env`, and how the others get one. Shows no
//! value; asks nobody.

use super::value::Value;
use super::values::{self, Unreadable};
use super::{ENVIRONMENT, TARGET};
use crate::disk::{Entered, Purpose, Tree};
use crate::error::CommandError;
use crate::render::counted;
use exoc_compose::{Need, VALUES, needs};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{Origin, Program, Secret};

/// Whether a secret has a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It has one.
    There,
    /// It had none, and was made.
    Made,
    /// It has none.
    Missing,
}

/// A secret of the laptop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'p> {
    /// The secret, and what it is.
    pub need: Need<'p>,
    /// Whether it has a value.
    pub state: State,
}

/// The file of values, in the tree.
#[must_use]
pub fn place() -> VirtualPath {
    VirtualPath::new(&format!("{ENVIRONMENT}/{TARGET}/{VALUES}")).unwrap_or_default()
}

/// Looks which secrets of the local program have a value. Changes nothing.
///
/// # Errors
///
/// If the file of values cannot be read, or compose could not read it.
pub fn look<'p>(
    tree: &Tree,
    program: &'p Program,
    waiting: &dyn Fn(),
) -> Result<Vec<Entry<'p>>, CommandError> {
    let text = match tree.enter(Purpose::Read, waiting)? {
        Some(mut entered) => text(tree, &mut entered)?,
        None => String::new(),
    };
    entries(tree, program, &text)
}

/// Makes the values of the local program that are to be made and are missing. The file is made its owner's alone, also if
/// nothing is missing.
///
/// The generated files must stand already: one of them keeps Git away from the values.
///
/// # Errors
///
/// If the file of values cannot be read or written, or the system has no randomness. What was there is there still.
pub fn make<'p>(
    tree: &Tree,
    program: &'p Program,
    waiting: &dyn Fn(),
) -> Result<Vec<Entry<'p>>, CommandError> {
    let mut entered = enter(tree, waiting)?;
    let mut text = text(tree, &mut entered)?;
    let mut entries = entries(tree, program, &text)?;
    for Entry { need, state } in &mut entries {
        if let (State::Missing, Some(length)) = (*state, need.secret.length()) {
            let value = Value::made(length, getrandom::fill).map_err(|_| no_randomness())?;
            text = values::with(&text, &need.secret.name, &value).map_err(|fault| unreadable(tree, fault))?;
            *state = State::Made;
        }
    }
    if entries.iter().any(|entry| entry.state == State::Made) {
        entered.replace_private(&place(), text.as_bytes())?;
    } else {
        entered.narrow_private(&place())?;
    }
    Ok(entries)
}

/// Gives a secret its value. The generated files must stand already, as for [`make`].
///
/// # Errors
///
/// If the file of values cannot be read or written. What was there is there still.
pub fn set(tree: &Tree, name: &str, value: &Value, waiting: &dyn Fn()) -> Result<(), CommandError> {
    let mut entered = enter(tree, waiting)?;
    let text = text(tree, &mut entered)?;
    let text = values::with(&text, name, value).map_err(|fault| unreadable(tree, fault))?;
    entered.replace_private(&place(), text.as_bytes())
}

/// What the application needs before it starts: makes the values that are to be made, and gives back their names.
///
/// # Errors
///
/// If a secret that somebody must supply is missing, with how to supply each; and as [`make`].
pub fn ensure(tree: &Tree, program: &Program, waiting: &dyn Fn()) -> Result<Vec<String>, CommandError> {
    let entries = make(tree, program, waiting)?;
    match missing(&entries) {
        Some(error) => Err(error),
        None => Ok(names(&entries, State::Made)),
    }
}

/// The names of the secrets in this state.
#[must_use]
pub fn names(entries: &[Entry<'_>], state: State) -> Vec<String> {
    let wanted = entries.iter().filter(|entry| entry.state == state);
    wanted.map(|entry| entry.need.secret.name.clone()).collect()
}

/// That secrets have no value, if some have none, with how each gets one.
#[must_use]
pub fn missing(entries: &[Entry<'_>]) -> Option<CommandError> {
    let missing: Vec<&Need<'_>> = entries
        .iter()
        .filter(|entry| entry.state == State::Missing)
        .map(|entry| &entry.need)
        .collect();
    let (made, supplied): (Vec<&Need<'_>>, Vec<&Need<'_>>) =
        missing.iter().partition(|need| need.secret.length().is_some());
    let set = |need: &&Need<'_>| {
        let Secret { name, origin: _ } = need.secret;
        format!("`exoc secrets set {name}` sets it: {}", need.what)
    };
    let mut help: Vec<String> = supplied.iter().map(set).collect();
    if !made.is_empty() {
        let names: Vec<String> = made
            .iter()
            .map(|need| format!("`{}`", need.secret.name))
            .collect();
        help.push(format!("`exoc secrets generate` makes {}", names.join(", ")));
    }
    if missing.is_empty() {
        return None;
    }
    let verb = if missing.len() == 1 { "has" } else { "have" };
    Some(CommandError::Secrets {
        message: format!(
            "{} of `{ENVIRONMENT}` {verb} no value",
            counted(missing.len(), "secret")
        ),
        help,
    })
}

/// Whether a dependency has the secret too, which takes it only while its volume is new.
#[must_use]
pub const fn is_password(secret: &Secret) -> bool {
    let Secret { name: _, origin } = secret;
    match origin {
        Origin::PasswordOf(_) | Origin::AdministratorOf(_) => true,
        Origin::Supplied { .. } | Origin::Generated { .. } => false,
    }
}

fn entries<'p>(tree: &Tree, program: &'p Program, text: &str) -> Result<Vec<Entry<'p>>, CommandError> {
    let present = values::present(text).map_err(|fault| unreadable(tree, fault))?;
    let entry = |need: Need<'p>| {
        let state = if present.contains(&need.secret.name.as_str()) {
            State::There
        } else {
            State::Missing
        };
        Entry { need, state }
    };
    Ok(needs(program).into_iter().map(entry).collect())
}

fn enter<'t>(tree: &'t Tree, waiting: &dyn Fn()) -> Result<Entered<'t>, CommandError> {
    tree.enter(Purpose::Write, waiting)?.ok_or_else(|| {
        let message = "the folder of generated files went away while it was written to";
        CommandError::surroundings(message, "run the command again")
    })
}

/// The file of values, empty if there is none.
fn text(tree: &Tree, entered: &mut Entered<'_>) -> Result<String, CommandError> {
    let bytes = entered.read_private(&place())?.unwrap_or_default();
    // The error would hold the bytes.
    String::from_utf8(bytes).map_err(|error| {
        let before = error.as_bytes().get(..error.utf8_error().valid_up_to());
        let line = before
            .unwrap_or_default()
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1;
        told(tree, line, "it is not UTF-8")
    })
}

fn unreadable(tree: &Tree, unreadable: Unreadable) -> CommandError {
    let Unreadable { line, fault } = unreadable;
    told(tree, line, &fault.to_string())
}

fn told(tree: &Tree, line: usize, fault: &str) -> CommandError {
    CommandError::surroundings(
        format!(
            "line {line} of `{}` cannot be read: {fault}",
            tree.shown(&place())
        ),
        "correct the line, which is not shown because it may hold a secret; nothing was changed",
    )
}

fn no_randomness() -> CommandError {
    CommandError::surroundings(
        "the system gave no random bytes; nothing was changed",
        "a system that has just started may need a moment",
    )
}
