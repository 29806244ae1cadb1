//! Copies of the application, and runs of the program in them: what they print while they go on, and signals.

use crate::judge::engine::{copy, docker, lines};
use crate::judge::output;
use exoc_snapshot_tests::case;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

/// How long anything may take before it counts as never coming.
const LONGEST: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(50);
/// The value that must stand nowhere but in the file of values.
pub(super) const CANARY: &str = "canary-4711-of-the-laptop";

/// What the applications are called.
const APPLICATIONS: [&str; 2] = ["tea", "tea-room"];

/// Where trials take place: the program, and the folders of applications.
pub(super) struct Ground {
    binary: PathBuf,
    folder: PathBuf,
    /// All that runs of the program printed.
    printed: Arc<Mutex<String>>,
}

/// One copy of the application.
pub(super) struct Copy<'g> {
    ground: &'g Ground,
    pub(super) folder: PathBuf,
}

/// A run of the program that goes on.
pub(super) struct Run {
    child: Child,
    out: Arc<Mutex<String>>,
    err: Arc<Mutex<String>>,
    readers: Vec<thread::JoinHandle<()>>,
    all: Arc<Mutex<String>>,
}

/// A run that ended.
pub(super) struct Ended {
    pub(super) code: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
}

impl Ground {
    pub(super) fn new(binary: &Path, scratch: &Path) -> Result<Self, String> {
        let binary =
            std::fs::canonicalize(binary).map_err(|error| format!("{}: {error}", binary.display()))?;
        Ok(Self {
            binary,
            folder: scratch.to_owned(),
            printed: Arc::default(),
        })
    }

    /// A copy of the application in a folder of this name, with the secret set that people supply.
    pub(super) fn copy(&self, name: &str) -> Result<Copy<'_>, String> {
        let folder = self.folder.join("applications").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        }
        copy(&case::root().join("compiler/dev/laptop/tea"), &folder)?;
        let busybox = crate::judge::engine::fetch_busybox(&self.folder.join("package"))?;
        for service in ["web", "api", "worker", "migrate"] {
            output(Command::new("cp").arg(&busybox).arg(folder.join(service)))?;
        }
        let copy = Copy { ground: self, folder };
        let set = copy.given(&["secrets", "set", "LEAVES"], CANARY)?;
        if set.code == Some(0) {
            Ok(copy)
        } else {
            Err(format!("the secret cannot be set:\n{}", set.err))
        }
    }

    /// Removes what a trial that failed left of the application.
    pub(super) fn clear(&self) -> Result<(), String> {
        let of = |kind: &[&str]| {
            let mut found = Vec::new();
            // Volumes have no label of ours, but the project's name.
            let filters: Vec<String> = if kind.contains(&"volume") {
                vec!["name=^tea-".to_owned()]
            } else {
                let of = |part| format!("label=app.kubernetes.io/part-of={part}");
                APPLICATIONS.into_iter().map(of).collect()
            };
            for filter in filters {
                found.extend(lines(&[kind, &["--filter", &filter]].concat())?);
            }
            Ok::<_, String>(found)
        };
        for (list, remove) in [
            (
                ["ps", "--all", "--quiet"].as_slice(),
                ["rm", "--force", "--volumes"].as_slice(),
            ),
            (&["network", "ls", "--quiet"], &["network", "rm"]),
            (&["volume", "ls", "--quiet"], &["volume", "rm", "--force"]),
        ] {
            let found = of(list)?;
            if !found.is_empty() {
                output(docker().args(remove).args(found))?;
            }
        }
        let images = lines(&["image", "ls", "--quiet", "--filter", "reference=tea-*/*"])?;
        if !images.is_empty() {
            // One that two names have is removed with the first.
            drop(output(docker().args(["image", "rm", "--force"]).args(images)));
        }
        Ok(())
    }

    /// Secrets stand in the files of values, and nowhere else: neither in what was printed nor in another file.
    pub(super) fn canaries(&self) -> Result<(), String> {
        let applications = self.folder.join("applications");
        let find = |value: &str| {
            let grep = Command::new("grep")
                .args([
                    "--recursive",
                    "--files-with-matches",
                    "--fixed-strings",
                    "--exclude=.env",
                    value,
                ])
                .arg(&applications)
                .output();
            grep.map(|found| String::from_utf8_lossy(&found.stdout).into_owned())
                .map_err(|error| error.to_string())
        };
        let mut values = vec![CANARY.to_owned()];
        let kept = Command::new("grep")
            .args(["--recursive", "--no-filename", "--include=.env", "^STAMP="])
            .arg(&applications)
            .output();
        let kept = kept.map_err(|error| error.to_string())?;
        let generated = String::from_utf8_lossy(&kept.stdout).into_owned();
        values.extend(
            generated
                .lines()
                .filter_map(|line| Some(line.split('"').nth(1)?.to_owned())),
        );
        if values.len() < 2 {
            return Err("no generated value was found to look for\n".to_owned());
        }
        let printed = self.printed.lock().map_err(|error| error.to_string())?;
        for value in &values {
            let files = find(value)?;
            if !files.is_empty() || printed.contains(value) {
                return Err(format!("a secret stands in {files}, or was printed\n"));
            }
        }
        println!(
            "laptop       {} secrets stand in files of values only",
            values.len()
        );
        Ok(())
    }
}

impl Copy<'_> {
    /// Starts the program with these arguments.
    pub(super) fn start(&self, arguments: &[&str]) -> Result<Run, String> {
        self.fed(arguments, "")
    }

    /// Runs the program to its end.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<Ended, String> {
        self.start(arguments)?.end()
    }

    fn given(&self, arguments: &[&str], input: &str) -> Result<Ended, String> {
        self.fed(arguments, input)?.end()
    }

    fn fed(&self, arguments: &[&str], input: &str) -> Result<Run, String> {
        let mut child = Command::new(&self.ground.binary)
            .args(arguments)
            .current_dir(&self.folder)
            // Without a plugin the engine's own builder is at hand.
            .env("DOCKER_BUILDKIT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{}: {error}", self.ground.binary.display()))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that reads nothing may have closed it.
            drop(stdin.write_all(input.as_bytes()));
        }
        let (out, err) = (Arc::default(), Arc::default());
        let mut readers = Vec::new();
        if let Some(stream) = child.stdout.take() {
            readers.push(reader(stream, Arc::clone(&out)));
        }
        if let Some(stream) = child.stderr.take() {
            readers.push(reader(stream, Arc::clone(&err)));
        }
        Ok(Run {
            child,
            out,
            err,
            readers,
            all: Arc::clone(&self.ground.printed),
        })
    }

    /// Writes a file of the application.
    pub(super) fn write(&self, path: &str, text: &str) -> Result<(), String> {
        std::fs::write(self.folder.join(path), text).map_err(|error| format!("{path}: {error}"))
    }

    /// Replaces a part of a file.
    pub(super) fn replace(&self, path: &str, old: &str, new: &str) -> Result<(), String> {
        let text =
            std::fs::read_to_string(self.folder.join(path)).map_err(|error| format!("{path}: {error}"))?;
        if !text.contains(old) {
            return Err(format!("{path} has no `{old}`"));
        }
        self.write(path, &text.replace(old, new))
    }
}

fn reader(stream: impl Read + Send + 'static, text: Arc<Mutex<String>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if let Ok(mut text) = text.lock() {
                text.push_str(&line);
                text.push('\n');
            }
        }
    })
}

impl Run {
    fn text(stream: &Mutex<String>) -> String {
        stream.lock().map(|text| text.clone()).unwrap_or_default()
    }

    /// What it printed so far, both streams.
    pub(super) fn said(&self) -> String {
        Self::text(&self.out) + &Self::text(&self.err)
    }

    /// Waits until it printed these words.
    pub(super) fn until(&mut self, words: &str) -> Result<(), String> {
        let begun = Instant::now();
        while begun.elapsed() < LONGEST {
            if self.said().contains(words) {
                return Ok(());
            }
            if self
                .child
                .try_wait()
                .map_err(|error| error.to_string())?
                .is_some()
                && !self.said().contains(words)
            {
                sleep(GLANCE);
                if self.said().contains(words) {
                    return Ok(());
                }
                return Err(format!("it ended without `{words}`:\n{}", last(&self.said())));
            }
            sleep(GLANCE);
        }
        Err(format!("it never said `{words}`:\n{}", last(&self.said())))
    }

    /// Sends it a signal by its name.
    pub(super) fn signal(&self, name: &str) -> Result<(), String> {
        let id = self.child.id().to_string();
        output(Command::new("kill").args(["-s", name, &id])).map(drop)
    }

    /// Waits for its end.
    pub(super) fn end(mut self) -> Result<Ended, String> {
        let begun = Instant::now();
        let status = loop {
            match self.child.try_wait().map_err(|error| error.to_string())? {
                Some(status) => break status,
                None if begun.elapsed() > LONGEST => {
                    drop(self.child.kill());
                    return Err(format!("it does not end:\n{}", last(&self.said())));
                }
                None => sleep(GLANCE),
            }
        };
        for reader in self.readers.drain(..) {
            drop(reader.join());
        }
        let (out, err) = (Self::text(&self.out), Self::text(&self.err));
        if let Ok(mut all) = self.all.lock() {
            all.push_str(&out);
            all.push_str(&err);
        }
        Ok(Ended {
            code: status.code(),
            out,
            err,
        })
    }
}

/// The last lines of a text.
fn last(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    lines
        .get(lines.len().saturating_sub(40)..)
        .unwrap_or_default()
        .join("\n")
}

impl Ended {
    /// That it ended with this code.
    pub(super) fn with(self, code: i32) -> Result<Self, String> {
        if self.code == Some(code) {
            Ok(self)
        } else {
            Err(format!(
                "it ended with {:?}, not {code}:\n{}{}",
                self.code, self.err, self.out
            ))
        }
    }

    /// That it said this.
    pub(super) fn says(self, words: &str) -> Result<Self, String> {
        if self.err.contains(words) || self.out.contains(words) {
            Ok(self)
        } else {
            Err(format!("it did not say `{words}`:\n{}{}", self.err, self.out))
        }
    }
}
