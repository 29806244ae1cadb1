//! `exoc build --watch`: builds, and again whenever something changes that the last build looked at. A signal ends it as
//! it ends any build.

use super::{Order, Outcome, compile_in, differences_of, scope, settle};
use crate::args::{Build, Global};
use crate::commands::Reported;
use crate::commands::lost::Teller;
use crate::disk::{self, Asked, Noted, Tree, Watch, Written};
use crate::error::{CommandError, Exit};
use crate::generated::{self, Made};
use crate::process::Clock;
use crate::render::counted;
use crate::terminal::{Console, Reader};
use exoc_diagnostics::{Diagnostic, Severity};
use std::fmt;
use std::path::{Path, PathBuf};

/// How many paths a line names.
const NAMED: usize = 3;

/// Runs the command. Ends only with a signal, or when nobody reads its lines any more.
///
/// # Errors
///
/// If the application is not found at first, or nothing can be watched.
pub(super) fn run(global: &Global, build: &Build, console: &Console) -> Result<Exit, CommandError> {
    if console.format.document().is_some() {
        return Err(CommandError::CommandLine {
            message: "`--watch` has only the formats `human` and `concise`".to_owned(),
            help: vec!["leave `--format` out: every build is a line".to_owned()],
        });
    }
    let mut root = root(global)?;
    let mut watch = Watch::new(&root).map_err(|words| unwatched(&words))?;
    let mut screen = Screen::new(console);
    // A folder that is watched from now on may have changed before.
    let mut may_have_missed = false;
    let mut last = None;
    loop {
        let clock = Clock::now();
        let round = round(global, build, &mut screen);
        let milliseconds = clock.elapsed().as_millis();
        let is_news = round.ending.is_news(last.as_ref());
        if (is_news || !may_have_missed)
            && console.stream(&format!("{} ({milliseconds} ms)\n", round.ending))? == Reader::Gone
        {
            return Ok(Exit::Fine);
        }
        if let Some((found, asked)) = &round.asked {
            if *found != root {
                root.clone_from(found);
                watch = Watch::new(&root).map_err(|words| unwatched(&words))?;
            }
            may_have_missed = watch.aim(asked).map_err(|words| unwatched(&words))?;
        }
        last = Some(round.ending);
        if !may_have_missed {
            watch.wait();
        }
    }
}

fn root(global: &Global) -> Result<PathBuf, CommandError> {
    disk::find(&global.directory).map(|application| application.folder.root().to_owned())
}

fn unwatched(words: &str) -> CommandError {
    CommandError::surroundings(
        format!("the application's folders cannot be watched: {words}"),
        "on Linux `sysctl fs.inotify` has the limits; without `--watch` nothing is watched",
    )
}

/// What came of one build.
struct Round {
    /// The application's folder, and what was asked for in it; none if there is no application any more.
    asked: Option<(PathBuf, Asked)>,
    ending: Ending,
}

/// How it ended.
enum Ending {
    /// Files were written, or none had to be.
    Written(Written),
    /// Nothing was written, for there is this number of errors, or of warnings that are denied.
    Faults(usize, &'static str),
    /// Nothing was written, for a reason that is shown.
    Failed,
}

impl Ending {
    /// Whether it is worth a line to somebody who knows the last one.
    fn is_news(&self, last: Option<&Self>) -> bool {
        match (self, last) {
            (Self::Written(now), Some(Self::Written(_))) => !now.paths.is_empty() || !now.removed.is_empty(),
            (Self::Faults(now, _), Some(Self::Faults(then, _))) => now != then,
            (Self::Failed, Some(Self::Failed)) => false,
            (Self::Written(_) | Self::Faults(_, _) | Self::Failed, _) => true,
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Written {
            paths,
            removed,
            unchanged,
        } = match self {
            Self::Written(written) => written,
            Self::Faults(number, what) => return write!(f, "{}, nothing written", counted(*number, what)),
            Self::Failed => return f.write_str("nothing written"),
        };
        if paths.is_empty() && removed.is_empty() {
            return write!(f, "nothing to write, {} unchanged", counted(*unchanged, "file"));
        }
        write!(f, "{} written", counted(paths.len(), "file"))?;
        if !removed.is_empty() {
            write!(f, ", {} removed", removed.len())?;
        }
        let named: Vec<&str> = paths.iter().chain(removed).map(String::as_str).collect();
        let (first, more) = named.split_at(named.len().min(NAMED));
        write!(f, ": {}", first.join(", "))?;
        match more.len() {
            0 => Ok(()),
            number => write!(f, " and {number} more"),
        }
    }
}

/// Builds once. What is wrong is on the screen afterwards.
fn round(global: &Global, build: &Build, screen: &mut Screen<'_>) -> Round {
    let mut asked = None;
    let ending = attempt(global, build, screen, &mut asked).unwrap_or_else(|fault| {
        screen.fault(&screen.console.fault(&fault));
        Ending::Failed
    });
    if !matches!(ending, Ending::Failed) {
        screen.fault("");
    }
    Round { asked, ending }
}

fn attempt(
    global: &Global,
    build: &Build,
    screen: &mut Screen<'_>,
    asked: &mut Option<(PathBuf, Asked)>,
) -> Result<Ending, CommandError> {
    let console = screen.console;
    let application = disk::find(&global.directory)?;
    let tree = Tree::new(&application, build.out.as_deref())?;
    let noted = Noted::new(&application.folder);
    let compilation = compile_in(&noted, &tree, &build.select, None, generated::made);
    let root: &Path = application.folder.root();
    *asked = Some((root.to_owned(), noted.asked()));
    let (reported, product) = Reported::of(global, &build.select, &application, compilation?, console);
    // Notes would push what is wrong away.
    let is_grave = |one: &&Diagnostic| one.severity > Severity::Note;
    let grave: Vec<Diagnostic> = reported.diagnostics.iter().filter(is_grave).cloned().collect();
    screen.diagnostics(&reported.printed(&grave, console));
    let exit = reported.exit();
    let Some(made) = product.filter(|_| exit == Exit::Fine) else {
        let of = |severity| {
            let all = reported.diagnostics.iter();
            all.filter(|one| one.severity == severity).count()
        };
        return Ok(match of(Severity::Error) {
            0 => Ending::Faults(of(Severity::Warning), "warning"),
            errors => Ending::Faults(errors, "error"),
        });
    };
    let made = made.into_iter().collect::<Result<Vec<Made>, _>>()?;
    let order = Order {
        teller: Some(Teller {
            reported,
            at: made.first().map(|made| made.at),
        }),
        scope: scope(&build.select, &made),
        files: generated::files(made)?,
    };
    match settle(&tree, &order, build.force, console)? {
        Outcome::Written(written, _) => Ok(Ending::Written(written)),
        Outcome::Denied(lost, _) => Ok(Ending::Faults(lost.len(), "warning")),
        Outcome::Refused(error, differences, _) => {
            screen.fault(&(differences_of(&differences, console) + &console.fault(&error)));
            Ok(Ending::Failed)
        }
    }
}

/// What is wrong at the moment. On a terminal it stands there alone, until it is no longer so.
struct Screen<'a> {
    console: &'a Console,
    diagnostics: String,
    fault: String,
}

impl<'a> Screen<'a> {
    const fn new(console: &'a Console) -> Self {
        Self {
            console,
            diagnostics: String::new(),
            fault: String::new(),
        }
    }

    /// Shows these diagnostics, unless they are shown.
    fn diagnostics(&mut self, text: &str) {
        if self.diagnostics == text {
            return;
        }
        self.clear();
        self.fault.clear();
        self.console.aside(text);
        text.clone_into(&mut self.diagnostics);
    }

    /// Shows this fault below the diagnostics, unless it is shown.
    fn fault(&mut self, text: &str) {
        if self.fault == text {
            return;
        }
        if !self.fault.is_empty() {
            self.clear();
            self.console.aside(&self.diagnostics);
        }
        self.console.aside(text);
        text.clone_into(&mut self.fault);
    }

    fn clear(&self) {
        if !self.diagnostics.is_empty() || !self.fault.is_empty() {
            self.console.clear();
        }
    }
}
