//! The two streams: what is printed where, and with which colours. The only reader of the process's environment.

use crate::args::{Color, Format, Global};
use crate::error::{CommandError, Exit};
use crate::process::{Failure, Stop};
use crate::render::{self, Colour, Style};
use exoc_diagnostics::Date;
use indicatif::ProgressBar;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, SystemTime};

/// How often a line that moves is drawn.
const TICK: Duration = Duration::from_millis(120);

/// Erases the screen and what was scrolled away, and goes to its top left (ED 2, ED 3 and CUP: ECMA-48, 5th edition, and
/// xterm's control sequences, patch 390).
const CLEAR: &str = "\u{1b}[2J\u{1b}[3J\u{1b}[H";

/// The streams and how to use them.
#[derive(Clone, Copy, Debug)]
pub struct Console {
    /// How diagnostics are shown.
    pub format: Format,
    /// The day on which exceptions end or hold, in UTC: no file depends on it.
    pub today: Date,
    quiet: bool,
    out: Colour,
    err: Colour,
    width: usize,
}

impl Console {
    /// Looks at the streams and at `NO_COLOR`.
    #[must_use]
    pub fn new(global: &Global) -> Self {
        let (out, err) = (std::io::stdout(), std::io::stderr());
        let width = terminal_size::terminal_size_of(&err).map_or(render::WIDTH, |(width, _)| width.0.into());
        Self {
            format: global.report(),
            today: today(),
            quiet: global.quiet,
            out: colour(global.color, out.is_terminal()),
            err: colour(global.color, err.is_terminal()),
            width,
        }
    }

    /// How diagnostics are drawn on standard error.
    #[must_use]
    pub const fn style(&self) -> Style {
        Style {
            colour: self.err,
            width: self.width,
        }
    }

    /// Whether notes and progress are hidden.
    #[must_use]
    pub const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// The colours of standard output.
    #[must_use]
    pub const fn out_colour(&self) -> Colour {
        self.out
    }

    /// Prints a result. A reader that has read enough is no fault.
    ///
    /// # Errors
    ///
    /// If standard output fails otherwise, such as on a full disk.
    pub fn result(&self, text: &str) -> Result<(), CommandError> {
        self.stream(text).map(drop)
    }

    /// Prints a part of a result that has no end of its own.
    ///
    /// # Errors
    ///
    /// As [`Console::result`].
    pub fn stream(&self, text: &str) -> Result<Reader, CommandError> {
        let mut out = std::io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Ok(()) => Ok(Reader::There),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Gone),
            Err(error) => Err(CommandError::Printing(crate::disk::words(&error))),
        }
    }

    /// Prints what is no result. There is nobody to tell if that fails.
    pub fn aside(&self, text: &str) {
        let mut err = std::io::stderr().lock();
        let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
    }

    /// Prints how far things are, unless that is unwanted or read by a program.
    pub fn progress(&self, sentence: &str) {
        if !self.quiet && self.format == Format::Human {
            self.aside(&format!("{sentence}\n"));
        }
    }

    /// Asks a question to which only `y` or `yes` is a yes. Where nobody can answer, the answer is no.
    ///
    /// # Errors
    ///
    /// If somebody asks for an end instead.
    pub fn asks(&self, question: &str, stop: &Stop) -> Result<bool, Failure> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return Ok(false);
        }
        self.aside(&format!("{question} [y/N] "));
        let (sender, answers) = mpsc::channel();
        // A signal does not interrupt the read, so it is left alone if one comes: the process ends soon.
        let reader = thread::Builder::new().spawn(move || {
            let mut answer = String::new();
            let read = std::io::stdin().read_line(&mut answer);
            sender.send(read.is_ok() && matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
        });
        if reader.is_err() {
            return Ok(false);
        }
        loop {
            match answers.recv_timeout(TICK) {
                Ok(answer) => return Ok(answer),
                Err(RecvTimeoutError::Disconnected) => return Ok(false),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if let Some(asked) = stop.asked() {
                self.aside("\n");
                return Err(Failure::Stopped(asked));
            }
        }
    }

    /// Shows that something goes on while `work` does it.
    pub fn waiting<T>(&self, what: &str, work: impl FnOnce() -> T) -> T {
        let wait = self.wait(what);
        let result = work();
        wait.end();
        result
    }

    /// Shows that something goes on, until the result of this ends or goes. On a terminal that is a line that moves;
    /// elsewhere only what is told [above](Wait::above) it is printed.
    #[must_use]
    pub fn wait(&self, what: &str) -> Wait<'_> {
        let shows = !self.quiet && self.format == Format::Human;
        let moves = shows && std::io::stderr().is_terminal() && !is("TERM", "dumb");
        let bar = moves.then(|| {
            let bar = ProgressBar::new_spinner().with_message(what.to_owned());
            bar.enable_steady_tick(TICK);
            bar
        });
        Wait { console: self, bar }
    }

    /// Prints a fault without a place.
    pub fn error(&self, error: &CommandError) {
        self.aside(&self.fault(error));
    }

    /// A fault without a place as it is printed.
    #[must_use]
    pub fn fault(&self, error: &CommandError) -> String {
        match self.format {
            Format::Concise => render::concise::fault(error),
            Format::Json => render::json::fault(error),
            // The others are formats of results.
            Format::Human | Format::Sarif | Format::Github | Format::Gitlab | Format::Junit => {
                render::human::fault(error, self.style())
            }
        }
    }

    /// Empties a terminal, with what was scrolled away. Elsewhere nothing is taken back.
    pub fn clear(&self) {
        if std::io::stderr().is_terminal() && std::io::stdout().is_terminal() && !is("TERM", "dumb") {
            self.aside(CLEAR);
        }
    }
}

/// Whether anybody reads results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody may.
    There,
    /// Whoever did has read enough.
    Gone,
}

/// Something that goes on.
#[derive(Debug)]
pub struct Wait<'a> {
    console: &'a Console,
    bar: Option<ProgressBar>,
}

impl Wait<'_> {
    /// Says what is waited for now.
    pub fn say(&self, what: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(what.to_owned());
        }
    }

    /// Prints a line that stays.
    pub fn above(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.progress(line)),
            None => self.console.progress(line),
        }
    }

    /// Ends the line that moves.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Wait<'_> {
    fn drop(&mut self) {
        self.end();
    }
}

/// Prints clap's help, version or complaint.
#[must_use]
pub fn print_parse_result(problem: &clap::Error) -> Exit {
    // A closed pipe is the only likely failure, and `exoc --help | head` is no fault.
    let _ = problem.print();
    if problem.use_stderr() {
        Exit::CommandLine
    } else {
        Exit::Fine
    }
}

/// The day of `SOURCE_DATE_EPOCH` (<https://reproducible-builds.org/specs/source-date-epoch>), or else of the clock.
#[expect(
    clippy::disallowed_methods,
    reason = "which exceptions have ended is the one thing that the clock decides"
)]
fn today() -> Date {
    let given = std::env::var("SOURCE_DATE_EPOCH").ok();
    let seconds = given.and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs())
    });
    Date::of_seconds(seconds)
}

fn colour(wanted: Color, is_terminal: bool) -> Colour {
    match wanted {
        Color::Always => Colour::Ansi,
        Color::Never => Colour::Plain,
        Color::Auto if is_terminal && !set("NO_COLOR") && !is("TERM", "dumb") => Colour::Ansi,
        Color::Auto => Colour::Plain,
    }
}

/// See <https://no-color.org>: set to anything but the empty text.
#[expect(
    clippy::disallowed_methods,
    reason = "colours are the one thing that the environment decides"
)]
fn set(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| !value.is_empty())
}

#[expect(
    clippy::disallowed_methods,
    reason = "colours are the one thing that the environment decides"
)]
fn is(name: &str, value: &str) -> bool {
    std::env::var_os(name).is_some_and(|found| found == value)
}
