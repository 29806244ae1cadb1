//! The commands for this machine, with a stand-in for the program `docker`: what they ask it, and what they make of its
//! answers. What a real engine does with the same commands is judged elsewhere.

mod ends;
mod engine;
mod others;
mod ports;
mod starts;
mod suites;
mod terminals;

use super::support::{App, Run, program};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// The program that stands for `docker`. It is linked to and not copied: a file that was just written cannot be run while
/// another thread starts a program.
const DOCKER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/compiler/cli/tests/stand-in/docker");

/// What stands for the value of a secret, and must be seen nowhere.
const CANARY: &str = "canary-Yellow-77";

const SERVICE: &str = "\
port: 8080
route: /
uses: [db]
environment: { PAY_KEY: \"${secrets.PAY_KEY}\", URL: \"${services.web.public-url}\" }
development: { test: npm test }
";

const CONFIG: &str = r#"{"services": {
  "db": {"image": "postgres:17", "labels": {"app.kubernetes.io/component": "dependency"}},
  "web": {"image": "shop-web:local", "build": {}, "depends_on": {"db": {}},
          "labels": {"app.kubernetes.io/component": "server", "exoc.doors": "x"},
          "ports": [{"host_ip": "127.0.0.1", "published": "@PORT@", "protocol": "tcp"}]}
}}"#;

const CONFIG_OF_TESTS: &str = r#"{"services": {
  "db": {"image": "postgres:17", "labels": {"app.kubernetes.io/component": "dependency"}},
  "web_test": {"image": "shop-web:local", "build": {}, "depends_on": {"db": {}},
               "labels": {"app.kubernetes.io/component": "test"}}
}}"#;

/// The application's containers when all is well.
const WORKING: &str = r#"{"ID":"1","Service":"db","State":"running","Health":"healthy"}
{"ID":"2","Service":"web","State":"running","Health":"healthy"}
"#;

/// An application, and an engine that is none.
struct Laptop {
    app: App,
    engine: TempDir,
    port: u16,
}

impl Laptop {
    /// An application with a service and a database, whose secrets have values, on an engine where nothing is.
    fn new() -> Self {
        let laptop = Self::without_values();
        let values = format!(
            "PAY_KEY=\"{CANARY}\"\nDB_PASSWORD=\"{CANARY}\"\nDB_ADMINISTRATOR_PASSWORD=\"{CANARY}\"\n"
        );
        laptop.app.write("infra/local/compose/.env", &values);
        laptop
    }

    fn without_values() -> Self {
        let port = free_port();
        let application = format!(
            "name: shop\nsecrets:\n  PAY_KEY: {{ description: Key of the payment service }}\ndependencies:\n  db: {{ \
             type: postgres, version: \"17\" }}\nservices:\n  web: ./web\nenvironments:\n  local: {{ domain: \
             \"localhost:{port}\" }}\n"
        );
        let laptop = Self {
            app: App::with(&[("application.yml", &application), ("web/service.yml", SERVICE)]),
            engine: tempfile::tempdir().unwrap(),
            port,
        };
        symlink(DOCKER, laptop.place("docker")).unwrap();
        fs::create_dir(laptop.place("on")).unwrap();
        for file in ["containers", "volumes", "logs", "inspect", "calls", "words"] {
            laptop.holds(file, "");
        }
        laptop
            .holds("config.json", CONFIG)
            .holds("config-test.json", CONFIG_OF_TESTS)
            .holds("started", WORKING)
            .holds("made", "shop_db\n");
        laptop
    }

    fn place(&self, name: &str) -> PathBuf {
        self.engine.path().join(name)
    }

    /// A file of the stand-in.
    fn holds(&self, name: &str, text: &str) -> &Self {
        fs::write(self.place(name), text).unwrap();
        self
    }

    /// What the stand-in does when it is asked this, as a shell script.
    fn on(&self, command: &str, script: &str) -> &Self {
        self.holds(&format!("on/{command}"), script)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.place(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = program(&self.app.path(""), arguments);
        let path = std::env::var("PATH").unwrap();
        command.env("PATH", format!("{}:{path}", self.engine.path().display()));
        // The program reads its own file, whatever the shell has.
        command
            .env("COMPOSE_PROJECT_NAME", "other")
            .env("COMPOSE_FILE", "other.yaml");
        command
    }

    /// Runs the program to its end. Values of secrets are seen neither in what it prints nor in what it asks the engine.
    #[track_caller]
    fn run(&self, arguments: &[&str]) -> Run {
        self.seen(Run::from(self.command(arguments).output().unwrap()))
    }

    #[track_caller]
    fn seen(&self, run: Run) -> Run {
        let words = self.read("words");
        assert!(!words.contains(CANARY), "{words}");
        assert!(!run.out.contains(CANARY) && !run.err.contains(CANARY), "{run:?}");
        run
    }

    fn start(&self, arguments: &[&str]) -> Live<'_> {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        Live {
            laptop: self,
            child: command.spawn().unwrap(),
        }
    }

    /// What the engine was asked, in order, by the first words of each question.
    fn asked(&self) -> Vec<String> {
        let known = |line: &str| {
            let words: Vec<&str> = line.split(' ').collect();
            let count = match words.first() {
                Some(&"compose" | &"volume" | &"image") => 2,
                _ => 1,
            };
            words.into_iter().take(count).collect::<Vec<_>>().join(" ")
        };
        self.read("calls").lines().map(known).collect()
    }

    /// The questions that changed something, in order, in full.
    fn changes(&self) -> Vec<String> {
        let looks = [
            "compose version",
            "compose config",
            "compose ps",
            "compose logs",
            "compose watch",
            "logs",
            "version",
            "ps",
            "events",
            "inspect",
            "volume ls",
        ];
        let calls = self.read("calls");
        let asked = self.asked();
        let changes = calls
            .lines()
            .zip(&asked)
            .filter(|(_, short)| !looks.contains(&short.as_str()));
        changes.map(|(line, _)| line.to_owned()).collect()
    }
}

/// A run that goes on.
struct Live<'l> {
    laptop: &'l Laptop,
    child: Child,
}

impl Live<'_> {
    /// Waits until the stand-in has come to this place.
    #[track_caller]
    fn reaches(&mut self, place: &str) -> &mut Self {
        // Long enough for any machine; a run that ends is noticed at once.
        for _ in 0..6000 {
            if self.laptop.place(&format!("at-{place}")).exists() {
                return self;
            }
            assert!(
                self.child.try_wait().unwrap().is_none(),
                "it ended before `{place}`"
            );
            thread::sleep(Duration::from_millis(10));
        }
        panic!("`{place}` is not reached: {}", self.laptop.read("calls"));
    }

    fn gets(&mut self, signal: Signal) -> &mut Self {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
        self
    }

    #[track_caller]
    fn ends(self) -> Run {
        self.laptop
            .seen(Run::from(self.child.wait_with_output().unwrap()))
    }
}

/// A port that nobody has, outside those that the system gives to whoever asks for any.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let start = 12_000 + u16::try_from(std::process::id() % 10_000).unwrap();
    loop {
        let port = start + NEXT.fetch_add(5, Ordering::Relaxed);
        let free = |port| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if free(port) && free(port + 1) {
            return port;
        }
    }
}
