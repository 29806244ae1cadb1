//! Programs that exoc starts, and signals that it gets: arguments in, lines and an exit code out. The only module that
//! starts a program or reads the clock; knows no engine.
#![expect(
    clippy::disallowed_methods,
    reason = "programs are started, and time is taken, here and nowhere else"
)]

mod answering;

pub use answering::{Answering, Said};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a wait looks up whether somebody asked for an end.
const GLANCE: Duration = Duration::from_millis(50);
/// How long a program has to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(15);

/// A program and its arguments.
#[derive(Clone, Debug)]
pub struct Program {
    words: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    withheld: &'static [&'static str],
}

/// What a program said, and how it ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// The exit code; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Finished {
    /// Whether it ended with 0.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.code == Some(0)
    }

    /// Both streams' last lines that are not empty, at most `count`.
    #[must_use]
    pub fn last_lines(&self, count: usize) -> Vec<&str> {
        let lines = self.out.lines().chain(self.err.lines());
        let lines: Vec<&str> = lines.filter(|line| !line.trim().is_empty()).collect();
        lines
            .get(lines.len().saturating_sub(count)..)
            .unwrap_or_default()
            .to_vec()
    }
}

/// Why nothing came of a program.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such program.
    #[error("the program `{0}` was not found")]
    Absent(String),
    /// The system did not start it, or cut its output off.
    #[error("`{0}` cannot be started: {1}")]
    Refused(String, String),
    /// Somebody asked for an end meanwhile, and it was ended.
    #[error("stopped by {0}")]
    Stopped(Asked),
    /// It took longer than it may, and was ended.
    #[error("it did not end within {} s", .0.as_secs())]
    Late(Duration),
}

/// Which signal asks for an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Asked {
    /// Ctrl-C.
    Interrupt,
    /// From a supervisor, or `kill`.
    Terminate,
    /// The terminal is gone.
    HangUp,
}

impl Asked {
    /// The signal's number, the same on every Unix.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::HangUp => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

impl std::fmt::Display for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Interrupt => "Ctrl-C",
            Self::Terminate => "SIGTERM",
            Self::HangUp => "the end of the terminal",
        })
    }
}

/// Whether somebody asked exoc to end. From the moment it exists no signal ends the process by itself.
#[derive(Clone, Debug)]
pub struct Stop {
    flags: [(Asked, Arc<AtomicBool>); 3],
}

impl Stop {
    /// Listens from here on.
    ///
    /// # Errors
    ///
    /// If the system refuses.
    pub fn listen() -> io::Result<Self> {
        let flag = |asked, signal| -> io::Result<(Asked, Arc<AtomicBool>)> {
            let flag = Arc::new(AtomicBool::new(false));
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
            Ok((asked, flag))
        };
        Ok(Self {
            flags: [
                flag(Asked::Interrupt, SIGINT)?,
                flag(Asked::Terminate, SIGTERM)?,
                flag(Asked::HangUp, SIGHUP)?,
            ],
        })
    }

    /// Which signal came, if one did.
    #[must_use]
    pub fn asked(&self) -> Option<Asked> {
        let mut flags = self.flags.iter();
        let (asked, _) = flags.find(|(_, flag)| flag.load(Ordering::Relaxed))?;
        Some(*asked)
    }

    /// Whether this signal came.
    fn heard(&self, asked: Asked) -> bool {
        let mut flags = self.flags.iter();
        flags.any(|(who, flag)| *who == asked && flag.load(Ordering::Relaxed))
    }

    /// As if this signal had come.
    pub fn ask(&self, asked: Asked) {
        let mut flags = self.flags.iter();
        if let Some((_, flag)) = flags.find(|(who, _)| *who == asked) {
            flag.store(true, Ordering::Relaxed);
        }
    }

    /// One that has not heard what this one has: what has to be done for an end is itself not stopped by the signal
    /// that asked for it, but by the next.
    pub fn forget(&self) {
        for (_, flag) in &self.flags {
            flag.store(false, Ordering::Relaxed);
        }
    }

    /// Waits, unless somebody asks for an end.
    ///
    /// # Errors
    ///
    /// If somebody does.
    pub fn sleep(&self, time: Duration) -> Result<(), Failure> {
        let end = Clock::now();
        while end.elapsed() < time {
            if let Some(asked) = self.asked() {
                return Err(Failure::Stopped(asked));
            }
            thread::sleep(GLANCE.min(time));
        }
        Ok(())
    }
}

/// The time since a moment.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// The present moment.
    #[must_use]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// How long ago it was.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// A stream of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// Standard output.
    Out,
    /// Standard error.
    Err,
}

/// A line that a program printed, without its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who printed it: what [`Program::start`] was told.
    pub from: usize,
    /// Where to.
    pub stream: Stream,
    /// What; bytes that are not UTF-8 are replaced.
    pub text: String,
}

impl Program {
    /// A program by its name, as the path of the environment has it.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            words: vec![name.into()],
            variables: Vec::new(),
            withheld: &[],
        }
    }

    /// With these arguments after those that it has.
    #[must_use]
    pub fn with<W: Into<OsString>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        self.words.extend(words.into_iter().map(Into::into));
        self
    }

    /// With these variables beside those of exoc's own environment.
    #[must_use]
    pub fn variables<'a>(mut self, variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let owned = variables
            .into_iter()
            .map(|(name, value)| (name.into(), value.into()));
        self.variables.extend(owned);
        self
    }

    /// Without these variables of exoc's own environment.
    #[must_use]
    pub const fn without(mut self, names: &'static [&'static str]) -> Self {
        self.withheld = names;
        self
    }

    /// As somebody would type it.
    #[must_use]
    pub fn shown(&self) -> String {
        let words = self.words.iter().map(|word| quoted(&word.to_string_lossy()));
        words.collect::<Vec<_>>().join(" ")
    }

    fn name(&self) -> String {
        let name = self.words.first().map(|word| word.to_string_lossy().into_owned());
        name.unwrap_or_default()
    }

    fn command(&self) -> Command {
        let mut words = self.words.iter();
        let mut command = Command::new(words.next().map(OsString::as_os_str).unwrap_or_default());
        command.args(words);
        for name in self.withheld {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    fn failed(&self, error: &io::Error) -> Failure {
        if error.kind() == io::ErrorKind::NotFound {
            Failure::Absent(self.name())
        } else {
            Failure::Refused(self.name(), crate::disk::words(error))
        }
    }

    /// Runs it with exoc's own streams, as part of the terminal, whose Ctrl-C is the program's to answer. Other ends that
    /// somebody asks for are passed on to it.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or somebody asked for an end other than by Ctrl-C: then it was ended first.
    pub fn attached(&self, stop: &Stop) -> Result<Option<i32>, Failure> {
        let mut child = self.command().spawn().map_err(|error| self.failed(&error))?;
        let ended = |error: io::Error| self.failed(&error);
        loop {
            if let Some(status) = child.try_wait().map_err(ended)? {
                return Ok(status.code());
            }
            let mut others = [Asked::Terminate, Asked::HangUp].into_iter();
            if let Some(asked) = others.find(|asked| stop.heard(*asked)) {
                if let Some(pid) = pid(&child) {
                    // It may have ended in this moment.
                    let _ = kill_process(pid, Signal::TERM);
                }
                child.wait().map_err(ended)?;
                return Err(Failure::Stopped(asked));
            }
            thread::sleep(GLANCE);
        }
    }

    /// Starts it, out of reach of the terminal's Ctrl-C, which is exoc's to answer. Lines go to `lines` as they come.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub fn start(&self, from: usize, lines: &Sender<Line>) -> Result<Running, Failure> {
        let mut command = self.command();
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let mut child = command.spawn().map_err(|error| self.failed(&error))?;
        let mut readers = Vec::new();
        let streams: [(Stream, Option<Box<dyn Read + Send>>); 2] = [
            (Stream::Out, child.stdout.take().map(|it| Box::new(it) as _)),
            (Stream::Err, child.stderr.take().map(|it| Box::new(it) as _)),
        ];
        for (stream, source) in streams {
            let Some(source) = source else { continue };
            let lines = lines.clone();
            let send = move |text| lines.send(Line { from, stream, text }).is_ok();
            let reader = thread::Builder::new().spawn(move || read(source, send));
            readers.push(reader.map_err(|error| self.failed(&error))?);
        }
        Ok(Running { child, readers })
    }

    /// Runs it to its end; `each` sees every line as it comes.
    ///
    /// # Errors
    ///
    /// If it cannot be started, or somebody asks for an end: then it was ended first.
    pub fn follow(&self, stop: &Stop, each: impl FnMut(&Line)) -> Result<Finished, Failure> {
        self.follow_for(Duration::MAX, stop, each)
    }

    /// Runs it to its end, for at most this time.
    ///
    /// # Errors
    ///
    /// As [`Program::follow`], and if it takes longer: then it was ended first.
    pub fn follow_for(
        &self,
        limit: Duration,
        stop: &Stop,
        mut each: impl FnMut(&Line),
    ) -> Result<Finished, Failure> {
        let begun = Clock::now();
        let (sender, lines) = mpsc::channel();
        let mut running = self.start(0, &sender)?;
        drop(sender);
        let mut finished = Finished::default();
        let mut keep = |line: Line| {
            each(&line);
            let text = match line.stream {
                Stream::Out => &mut finished.out,
                Stream::Err => &mut finished.err,
            };
            text.push_str(&line.text);
            text.push('\n');
        };
        loop {
            match next(&lines, GLANCE) {
                Next::Line(line) => keep(line),
                Next::Nothing => {}
                Next::End => break,
            }
            if let Some(asked) = stop.asked() {
                running.end();
                return Err(Failure::Stopped(asked));
            }
            if begun.elapsed() > limit {
                running.end();
                return Err(Failure::Late(limit));
            }
        }
        finished.code = running.wait().code();
        Ok(finished)
    }

    /// Runs it to its end.
    ///
    /// # Errors
    ///
    /// As [`Program::follow`].
    pub fn run(&self, stop: &Stop) -> Result<Finished, Failure> {
        self.follow(stop, |_| {})
    }
}

/// What a wait for a line brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// A line.
    Line(Line),
    /// Nothing so far.
    Nothing,
    /// Nothing ever again.
    End,
}

/// Waits for a line.
#[must_use]
pub fn next(lines: &Receiver<Line>, time: Duration) -> Next {
    match lines.recv_timeout(time) {
        Ok(line) => Next::Line(line),
        Err(RecvTimeoutError::Timeout) => Next::Nothing,
        Err(RecvTimeoutError::Disconnected) => Next::End,
    }
}

/// A program that was started. It is ended when this goes.
#[derive(Debug)]
pub struct Running {
    child: Child,
    readers: Vec<JoinHandle<()>>,
}

impl Running {
    /// Whether it has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        // A child that cannot be asked is none.
        self.child.try_wait().map_or(true, |status| status.is_some())
    }

    /// The exit code of one whose lines have come to an end; none if a signal ended it.
    pub fn code(&mut self) -> Option<i32> {
        self.wait().code()
    }

    /// Asks it to end, as Ctrl-C does, and makes it if it does not.
    pub fn end(&mut self) {
        for signal in [Signal::INT, Signal::KILL] {
            if self.has_ended() {
                break;
            }
            self.signal(signal);
            let asked = Clock::now();
            while !self.has_ended() && asked.elapsed() < PATIENCE {
                thread::sleep(GLANCE);
            }
        }
    }

    fn signal(&self, signal: Signal) {
        if let Some(pid) = pid(&self.child) {
            // It may have ended in this moment.
            let _ = kill_process_group(pid, signal);
        }
    }

    fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap_or_default();
        for reader in self.readers.drain(..) {
            // Readers do not panic.
            drop(reader.join());
        }
        status
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end();
    }
}

fn pid(child: &Child) -> Option<Pid> {
    i32::try_from(child.id()).ok().and_then(Pid::from_raw)
}

/// Reads lines until there are no more, or nobody wants them.
fn read(source: impl Read, send: impl Fn(String) -> bool) {
    let mut source = BufReader::new(source);
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match source.read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let text = String::from_utf8_lossy(&bytes);
        if !send(text.trim_end_matches(['\n', '\r']).to_owned()) {
            return;
        }
    }
}

/// A word as a shell reads it.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,@%+".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Failure, Program, Stop, Stream};
    use std::sync::atomic::Ordering;
    use std::time::Duration;

    fn shell(script: &str) -> Program {
        Program::new("sh").with(["-c", script])
    }

    #[test]
    fn both_streams_and_the_code_are_kept() {
        let stop = Stop::listen().unwrap();
        let mut seen = Vec::new();
        let finished = shell("echo one; echo two >&2; printf three; exit 4")
            .follow(&stop, |line| seen.push((line.stream, line.text.clone())))
            .unwrap();
        assert_eq!(finished.code, Some(4));
        assert_eq!(finished.out, "one\nthree\n");
        assert_eq!(finished.err, "two\n");
        assert!(seen.contains(&(Stream::Err, "two".to_owned())));
        assert_eq!(finished.last_lines(2), ["three", "two"]);
        assert!(!finished.is_fine());
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let stop = Stop::listen().unwrap();
        let failure = Program::new("exoc-has-no-such-program").run(&stop).unwrap_err();
        assert!(matches!(failure, Failure::Absent(name) if name == "exoc-has-no-such-program"));
    }

    #[test]
    fn whoever_asks_for_an_end_ends_the_program_and_its_children() {
        let stop = Stop::listen().unwrap();
        let asked = stop.clone();
        let failure = shell("echo up; sleep 1000 & wait")
            .follow(&stop, move |_| {
                asked.flags.iter().for_each(|(who, flag)| {
                    flag.store(*who == Asked::Terminate, Ordering::Relaxed);
                });
            })
            .unwrap_err();
        assert!(matches!(failure, Failure::Stopped(Asked::Terminate)));
    }

    #[test]
    fn a_program_has_a_time_to_end_in() {
        let stop = Stop::listen().unwrap();
        let limit = Duration::from_millis(200);
        let failure = shell("echo up; exec sleep 1000").follow_for(limit, &stop, |_| {});
        assert!(matches!(failure, Err(Failure::Late(late)) if late == limit));
    }

    #[test]
    fn words_are_shown_as_a_shell_reads_them() {
        let program = Program::new("docker").with(["a b", "it's", "--x=1", ""]);
        assert_eq!(program.shown(), r"docker 'a b' 'it'\''s' --x=1 ''");
    }
}
