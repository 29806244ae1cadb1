//! `exoc man`: pages for `man`, made from the same declarations as the help texts.

use crate::args::{self, Man};
use crate::error::{CommandError, Exit};
use crate::terminal::Console;
use exoc_diagnostics::did_you_mean;

/// Runs the command.
///
/// # Errors
///
/// If there is no such command, or the page cannot be printed.
pub fn run(man: &Man, console: &Console) -> Result<Exit, CommandError> {
    let mut whole = args::command();
    // Options of every command are known to each only then.
    whole.build();
    let page = match &man.command {
        None => whole,
        Some(name) => match whole.find_subcommand(name) {
            Some(command) => command.clone(),
            None => return Err(unknown(name, &whole)),
        },
    };
    let mut text = Vec::new();
    let title = page.get_display_name().unwrap_or("exoc").to_uppercase();
    clap_mangen::Man::new(page)
        .title(title)
        .manual("exoc")
        .render(&mut text)
        .map_err(|error| CommandError::Printing(error.to_string()))?;
    console.result(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Fine)
}

fn unknown(name: &str, whole: &clap::Command) -> CommandError {
    let names = whole.get_subcommands().map(clap::Command::get_name);
    let mut help: Vec<String> = did_you_mean(name, names).into_iter().collect();
    help.push("`exoc --help` lists the commands".to_owned());
    CommandError::CommandLine {
        message: format!("there is no command `{name}`"),
        help,
    }
}
