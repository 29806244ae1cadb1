//! `exoc explain`: prints the page of a code.

use crate::args::Explain;
use crate::error::{CommandError, Exit};
use crate::terminal::Console;
use exoc_diagnostics::{CODES, did_you_mean, find_code};

/// Runs the command.
///
/// # Errors
///
/// If there is no such code, or the page cannot be printed.
pub fn run(explain: &Explain, console: &Console) -> Result<Exit, CommandError> {
    let wanted = explain.code.trim();
    let code = find_code(wanted).ok_or_else(|| unknown(wanted))?;
    console.result(&format!("{}\n", code.page.trim_end()))?;
    Ok(Exit::Fine)
}

fn unknown(wanted: &str) -> CommandError {
    let codes = || CODES.iter().copied().flatten();
    let folded = wanted.to_lowercase();
    let upper = wanted.to_uppercase();
    let name = did_you_mean(&folded, codes().map(|code| code.name));
    let near = name.or_else(|| did_you_mean(&upper, codes().map(|code| code.id)));
    let mut help: Vec<String> = near.into_iter().collect();
    help.push("a code is a number like `EX0101` or a name like `unknown-key`".to_owned());
    CommandError::CommandLine {
        message: format!("there is no code `{wanted}`"),
        help,
    }
}
