//! A page that is performed: its blocks in order, as a reader would, in an empty folder.
//!
//! A fence names what its block is: a language and a path is a file to write (with `+` behind it, the end of one), `in`
//! and a path is an excerpt of a file, and `console` is a run of commands with what they print. Behind `console` may
//! stand `without engine`, where no other program than exoc is found; `engine`, where a container engine is needed; and
//! `terminal`, a second terminal in which a command goes on over several blocks, until `^C`. Knows nothing of what the
//! commands do: the page says it.

use std::ffi::OsString;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// How long the second terminal may take to show what a block shows.
const PATIENCE: Duration = Duration::from_secs(180);
/// What ends the command of the second terminal.
const INTERRUPT: &str = "^C";

/// A block of the page.
#[derive(Debug)]
struct Block {
    /// The page's line of its fence.
    line: usize,
    /// What stands behind the fence's backquotes.
    info: String,
    text: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (index, line) in page.lines().enumerate() {
        match (open.take(), line.strip_prefix("```")) {
            (Some(block), Some(_)) => blocks.push(block),
            (Some(mut block), None) => {
                block.text += line;
                block.text += "\n";
                open = Some(block);
            }
            (None, Some(info)) => {
                open = Some(Block {
                    line: index + 1,
                    info: info.to_owned(),
                    text: String::new(),
                });
            }
            (None, None) => {}
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// Whether a line is one that a page shows, where `…` stands for some of it.
fn is_line(shown: &str, found: &str) -> bool {
    let Some((start, rest)) = shown.split_once('…') else {
        return shown == found;
    };
    let Some(found) = found.strip_prefix(start) else {
        return false;
    };
    let cuts = found.char_indices().map(|(at, _)| at).chain([found.len()]);
    cuts.filter_map(|at| found.get(at..))
        .any(|found| is_line(rest, found))
}

/// Whether the lines of `found` are those of `shown`, where `…` alone stands for lines that are left out.
fn is_shown(shown: &[&str], found: &[&str]) -> bool {
    match (shown.split_first(), found.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((line, rest)), _) if line.trim() == "…" => {
            (0..=found.len()).any(|skipped| is_shown(rest, found.get(skipped..).unwrap_or_default()))
        }
        (Some(_), None) => false,
        (Some((line, shown)), Some((real, found))) => is_line(line, real) && is_shown(shown, found),
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// Whether an excerpt stands anywhere in a text.
fn is_in(excerpt: &str, text: &str) -> bool {
    let shown = [vec!["…"], lines(excerpt), vec!["…"]].concat();
    is_shown(&shown, &lines(text))
}

/// Who performs a page, and with what.
pub(crate) struct Reader {
    /// The folder of the application, empty at first.
    pub(crate) folder: PathBuf,
    /// Where exoc lies.
    pub(crate) program: PathBuf,
    /// Where the other programs lie.
    pub(crate) path: OsString,
    /// Whether there is a container engine; without one the blocks that need it are left out.
    pub(crate) has_engine: bool,
}

impl Reader {
    /// Performs a page and tells where it lies.
    pub(crate) fn lies(&self, name: &str, page: &str) -> Vec<String> {
        let mut report = Vec::new();
        let mut terminal = None;
        for block in blocks(page) {
            let found = match block.info.as_str() {
                "console" => self.perform(&block, &self.everything()),
                "console without engine" => self.perform(&block, self.program.as_os_str()),
                "console engine" | "console terminal" if !self.has_engine => Vec::new(),
                "console engine" => self.perform(&block, &self.everything()),
                "console terminal" => self.second(&block, &mut terminal),
                _ => self.file(&block),
            };
            let place = |lie| format!("{name}:{}: {lie}", block.line);
            report.extend(found.into_iter().map(place));
        }
        report
    }

    fn everything(&self) -> OsString {
        let mut path = self.program.clone().into_os_string();
        path.push(":");
        path.push(&self.path);
        path
    }

    /// A block that is a file, or a part of one.
    fn file(&self, block: &Block) -> Vec<String> {
        let (_, place) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        assert!(!place.is_empty(), "line {}: a block without a place", block.line);
        let done = match (place.strip_prefix("in "), place.strip_suffix(" +")) {
            (Some(path), _) => {
                return match fs::read_to_string(self.folder.join(path)) {
                    Ok(text) if is_in(&block.text, &text) => Vec::new(),
                    Ok(text) => vec![format!("`{path}` has no such lines:\n{text}")],
                    Err(error) => vec![format!("`{path}`: {error}")],
                };
            }
            (None, Some(path)) => fs::read_to_string(self.folder.join(path))
                .and_then(|former| fs::write(self.folder.join(path), former + &block.text)),
            (None, None) => write(&self.folder.join(place), &block.text),
        };
        done.err()
            .map(|error| format!("`{place}`: {error}"))
            .into_iter()
            .collect()
    }

    /// A shell with both streams as a terminal shows them.
    fn shell(&self, words: &str, path: &std::ffi::OsStr) -> Command {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", &format!("exec 2>&1; {words}")])
            .current_dir(&self.folder)
            .env("PATH", path)
            .stdin(Stdio::null());
        command
    }

    /// Runs the commands of a block. A command that fails must be followed by the question for its exit code.
    fn perform(&self, block: &Block, path: &std::ffi::OsStr) -> Vec<String> {
        let mut report = Vec::new();
        let mut status = 0;
        let commands = format!("\n{}", block.text);
        let mut commands = commands.split("\n$ ").skip(1).peekable();
        while let Some(entry) = commands.next() {
            let (command, shown) = entry.split_once('\n').unwrap_or((entry, ""));
            // `status` is what `$?` holds.
            let (printed, code) = match self.shell(&format!("(exit {status}); {command}"), path).output() {
                Ok(output) => (
                    String::from_utf8_lossy(&output.stdout).into_owned(),
                    output.status.code().unwrap_or(-1),
                ),
                Err(error) => (error.to_string(), -1),
            };
            if !is_shown(&lines(shown), &lines(&printed)) {
                report.push(format!("`{command}` prints\n{printed}"));
            }
            if code != 0 && commands.peek().is_none_or(|next| !next.starts_with("echo $?")) {
                report.push(format!(
                    "`{command}` ends with {code}, and the page does not say so"
                ));
            }
            status = code;
        }
        report
    }

    /// What goes on in the second terminal: a command begins, or goes on, or is ended.
    fn second(&self, block: &Block, terminal: &mut Option<Terminal>) -> Vec<String> {
        let (first, rest) = block.text.split_once('\n').unwrap_or((&block.text, ""));
        if let Some(command) = first.strip_prefix("$ ") {
            let started = Terminal::start(self.shell(&format!("exec {command}"), &self.everything()));
            match started {
                Ok(started) => *terminal = Some(started),
                Err(error) => return vec![format!("`{command}`: {error}")],
            }
        }
        let Some(open) = terminal else {
            return vec!["nothing goes on in the second terminal".to_owned()];
        };
        let lie = if first.starts_with("$ ") {
            open.shows(&lines(rest))
        } else if first == INTERRUPT {
            open.ends(&lines(rest))
        } else {
            open.shows(&[vec!["…"], lines(&block.text)].concat())
        };
        lie.into_iter().collect()
    }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

/// A command that goes on, and what it printed that no block has shown.
struct Terminal {
    child: Child,
    lines: Receiver<String>,
    unread: Vec<String>,
}

impl Terminal {
    fn start(mut command: Command) -> std::io::Result<Self> {
        let mut child = command.stdout(Stdio::piped()).spawn()?;
        let (sender, lines) = mpsc::channel();
        if let Some(out) = child.stdout.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(out).lines().map_while(Result::ok) {
                    if sender.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        Ok(Self {
            child,
            lines,
            unread: Vec::new(),
        })
    }

    /// Waits until these lines were printed, and counts them as read; or tells what was printed instead.
    fn shows(&mut self, shown: &[&str]) -> Option<String> {
        let begun = Instant::now();
        loop {
            let unread: Vec<&str> = self.unread.iter().map(String::as_str).collect();
            let enough =
                (0..=unread.len()).find(|count| is_shown(shown, unread.get(..*count).unwrap_or_default()));
            if let Some(count) = enough {
                self.unread.drain(..count);
                return None;
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            match self.lines.recv_timeout(left) {
                Ok(line) => self.unread.push(line),
                Err(_) => return Some(format!("the second terminal shows\n{}", self.unread.join("\n"))),
            }
        }
    }

    /// Presses Ctrl-C, and looks at how the command ends.
    fn ends(&mut self, shown: &[&str]) -> Option<String> {
        self.signal("INT");
        let begun = Instant::now();
        while let Ok(line) = self.lines.recv_timeout(PATIENCE.saturating_sub(begun.elapsed())) {
            self.unread.push(line);
        }
        if matches!(self.child.try_wait(), Ok(None)) && begun.elapsed() >= PATIENCE {
            self.signal("KILL");
        }
        let unread: Vec<&str> = self.unread.iter().map(String::as_str).collect();
        let all = [vec!["…"], shown.to_vec()].concat();
        match self.child.wait() {
            Ok(status) if status.success() && is_shown(&all, &unread) => None,
            Ok(status) => Some(format!(
                "the second terminal ends with {status} and shows\n{}",
                unread.join("\n")
            )),
            Err(error) => Some(error.to_string()),
        }
    }

    fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.child.id());
        // One that has ended needs none.
        drop(Command::new("/bin/sh").args(["-c", &kill]).output());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.signal("TERM");
            drop(self.child.wait());
        }
    }
}
