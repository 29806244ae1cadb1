//! An application in a temporary folder, and the program's runs in it.

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use serde_json::Value;
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The smallest application that is built for two environments.
const APPLICATION: &str = "\
name: shop
services:
  web: ./web
environments:
  production:
    domain: shop.example.com
    registry: ghcr.io/acme
    targets: { kubernetes: {} }
";

/// An application in a temporary folder of its own.
pub(crate) struct App {
    folder: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl App {
    /// An application without a fault.
    pub(crate) fn good() -> Self {
        Self::with(&[
            ("application.yml", APPLICATION),
            ("web/service.yml", "port: 8080\n"),
        ])
    }

    /// An application with a fault in each of its files.
    pub(crate) fn bad() -> Self {
        Self::with(&[
            (
                "application.yml",
                &APPLICATION.replace("name: shop", "name: shop\nnmae: shop"),
            ),
            ("web/service.yml", "prot: 8080\n"),
        ])
    }

    /// An application with a warning: a secret that nobody uses.
    pub(crate) fn doubtful() -> Self {
        let application = APPLICATION.replace("services:", "secrets:\n  TOKEN: {}\nservices:");
        Self::with(&[
            ("application.yml", &application),
            ("web/service.yml", "port: 8080\n"),
        ])
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let app = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::create_dir(app.path(".git")).unwrap();
        app.write("web/Dockerfile", "FROM scratch\nUSER 1000\n");
        files.iter().for_each(|(path, text)| app.write(path, text));
        app
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let place = self.path(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }

    /// Runs the program in the application's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.run_in("", arguments)
    }

    /// Runs the program with these bytes as its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = program(&self.path(""), arguments);
        let pipes = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = pipes.spawn().unwrap();
        // A program that does not read is no fault.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::from(child.wait_with_output().unwrap())
    }

    pub(crate) fn run_in(&self, folder: &str, arguments: &[&str]) -> Run {
        run_at(&self.path(folder), arguments)
    }

    /// All files and links below the application's folder, sorted, with what they hold.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        let mut files = Vec::new();
        collect(self.folder.path(), "", &mut files);
        files.sort();
        files
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        fs::symlink_metadata(self.path(path)).is_ok()
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files.push((format!("{name}/"), String::new()));
            collect(&entry.path(), &format!("{name}/"), files);
        } else {
            let bytes = fs::read(entry.path()).unwrap_or_default();
            files.push((name, String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

/// The program, in a folder, with nothing of the environment that could change what it prints.
pub(crate) fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exoc"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::null());
    command
}

pub(crate) fn run_at(folder: &Path, arguments: &[&str]) -> Run {
    Run::from(program(folder, arguments).output().unwrap())
}

/// A terminal: the end where a person sits, and the program's. It is nobody's controlling one.
pub(crate) fn terminal() -> (File, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let mut options = File::options();
    let noctty = i32::try_from(rustix::fs::OFlags::NOCTTY.bits()).unwrap();
    let slave = options.read(true).write(true).custom_flags(noctty).open(name);
    (File::from(master), slave.unwrap())
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Run {
    /// The run ended like this; what it printed is shown if not.
    #[track_caller]
    pub(crate) fn ended(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{self:?}");
        self
    }

    /// Standard error holds this.
    #[track_caller]
    pub(crate) fn told(&self, words: &str) -> &Self {
        assert!(
            self.err.contains(words),
            "no `{words}` in standard error:\n{}",
            self.err
        );
        self
    }

    /// Standard output lists files of this folder and nothing else, `compose.yaml` among them.
    #[track_caller]
    pub(crate) fn listed_compose(&self, folder: &str) {
        let lines: Vec<&str> = self.out.lines().collect();
        assert!(lines.iter().all(|line| line.starts_with(folder)), "{self:?}");
        assert!(
            lines.contains(&format!("{folder}/compose.yaml").as_str()),
            "{self:?}"
        );
    }

    /// Nothing is on standard output.
    #[track_caller]
    pub(crate) fn without_result(&self) -> &Self {
        assert_eq!(self.out, "", "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}
