//! `exoc build --watch`: what makes it build, what it says, and how it ends.

use crate::support::{App, program};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long a line is waited for that must come. A machine with much to do takes long.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long is waited for a line that must not come.
const GLANCE: Duration = Duration::from_millis(400);

/// A build that watches.
struct Watching {
    child: Child,
    lines: Receiver<String>,
    err: Option<JoinHandle<String>>,
}

impl Watching {
    /// Builds, and watches once all folders are.
    fn start(app: &App) -> Self {
        let mut child = program(&app.path(""), &["build", "--watch"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            out.lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        let mut err = child.stderr.take().unwrap();
        let err = thread::spawn(move || {
            let mut text = String::new();
            err.read_to_string(&mut text).unwrap();
            text
        });
        Self {
            child,
            lines,
            err: Some(err),
        }
    }

    /// The next line, without the time that the build took.
    fn line(&self) -> String {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        let (said, time) = line.rsplit_once(" (").unwrap();
        let time = time.strip_suffix(" ms)").unwrap();
        assert!(time.parse::<u32>().is_ok(), "{line}");
        said.to_owned()
    }

    /// The lines up to one that is as wanted.
    fn until(&self, wanted: impl Fn(&str) -> bool) -> String {
        loop {
            let line = self.line();
            if wanted(&line) {
                return line;
            }
        }
    }

    fn written(&self) -> String {
        self.until(|line| line.contains(" written: "))
    }

    fn refused(&self) -> String {
        self.until(|line| line.ends_with("nothing written"))
    }

    fn is_silent(&self) {
        let line = self.lines.recv_timeout(GLANCE);
        assert!(line.is_err(), "{line:?}");
    }

    /// Ends it, and returns what it said on standard error. Ctrl-C's signal would be ignored where a shell started the
    /// tests in the background.
    fn end(mut self) -> String {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        self.child.wait().unwrap();
        self.err.take().unwrap().join().unwrap()
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Writes a file at once, as editors do.
fn put(app: &App, path: &str, text: &str) {
    let beside = format!("{path}.new");
    app.write(&beside, text);
    std::fs::rename(app.path(&beside), app.path(path)).unwrap();
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

#[test]
fn a_change_of_what_was_read_is_a_build_and_a_line() {
    let app = App::good();
    let watching = Watching::start(&app);
    let first = watching.line();
    assert!(first.contains("files written: infra/local/compose/"), "{first}");
    assert!(first.contains(" more"), "{first}");
    for port in ["8081", "8082"] {
        put(&app, "web/service.yml", &format!("port: {port}\n"));
        let line = watching.written();
        assert!(line.contains("infra/local/compose/compose.yaml"), "{line}");
        assert!(text(&app.path("infra/local/compose/compose.yaml")).contains(port));
    }
    // What nobody reads, also beside what is read.
    app.write("web/notes.txt", "later\n");
    app.write("src/deep/main.rs", "fn main() {}\n");
    app.write("infra/notes.txt", "mine\n");
    watching.is_silent();
    // Another text, and the same files.
    put(&app, "web/service.yml", "port: 8082 # as before\n");
    assert!(watching.line().starts_with("nothing to write, "));
    assert_eq!(watching.end(), "");
}

#[test]
fn what_is_wrong_is_shown_once_and_what_stands_stays() {
    let app = App::good();
    let watching = Watching::start(&app);
    watching.line();
    let before = app.files();
    put(&app, "web/service.yml", "prot: 8080\n");
    assert_eq!(watching.refused(), "1 error, nothing written");
    let application = text(&app.path("application.yml"));
    put(&app, "application.yml", &(application.clone() + "# more\n"));
    assert_eq!(watching.refused(), "1 error, nothing written");
    put(&app, "application.yml", &application);
    watching.refused();
    put(&app, "web/service.yml", "port: 8080\n");
    watching.until(|line| line.starts_with("nothing to write, "));
    assert_eq!(app.files(), before);

    // A generated file that somebody edited stays, too.
    let compose = app.path("infra/local/compose/compose.yaml");
    std::fs::write(&compose, text(&compose) + "# mine\n").unwrap();
    put(&app, "web/service.yml", "port: 9090\n");
    assert_eq!(watching.refused(), "nothing written");
    assert!(text(&compose).ends_with("# mine\n"));

    let err = watching.end();
    assert_eq!(err.matches("unknown-key").count(), 1, "{err}");
    assert_eq!(
        err.matches("was edited by hand; nothing was written").count(),
        1,
        "{err}"
    );
}

#[test]
fn files_that_come_and_go_are_seen() {
    let app = App::good();
    let watching = Watching::start(&app);
    watching.line();
    // A service whose folder comes after its name, and whose files come one by one.
    let application = text(&app.path("application.yml"));
    let two = application.replace("  web: ./web\n", "  web: ./web\n  api: ./api\n");
    put(&app, "application.yml", &two);
    watching.refused();
    app.write("api/service.yml", "port: 7070\n");
    app.write("api/Dockerfile", "FROM scratch\nUSER 1000\n");
    watching.written();
    // One that is moved away, and back.
    std::fs::rename(app.path("api"), app.path("gone")).unwrap();
    watching.refused();
    std::fs::rename(app.path("gone"), app.path("api")).unwrap();
    watching.until(|line| line.starts_with("nothing to write, "));
    put(&app, "api/service.yml", "port: 7071\n");
    watching.written();
    // The application itself.
    std::fs::rename(app.path("application.yml"), app.path("a.yml")).unwrap();
    watching.refused();
    std::fs::rename(app.path("a.yml"), app.path("application.yml")).unwrap();
    watching.until(|line| line.starts_with("nothing to write, "));
    watching.end();
}

#[test]
fn a_link_is_watched_where_it_leads() {
    let app = App::good();
    app.write("shared/web.yml", "port: 8080\n");
    std::fs::remove_file(app.path("web/service.yml")).unwrap();
    std::os::unix::fs::symlink("../shared/web.yml", app.path("web/service.yml")).unwrap();
    let watching = Watching::start(&app);
    watching.line();
    for port in ["8083", "8084"] {
        put(&app, "shared/web.yml", &format!("port: {port}\n"));
        watching.written();
    }
    watching.end();
}

#[test]
fn it_ends_with_its_reader_and_by_a_signal() {
    let app = App::good();
    let watching = Watching::start(&app);
    watching.line();
    let pid = Pid::from_child(&watching.child);
    kill_process(pid, Signal::TERM).unwrap();
    assert!(watching.lines.recv_timeout(PATIENCE).is_err());

    let mut child = program(&app.path(""), &["build", "--watch"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn it_has_no_documents_and_checks_nothing() {
    let app = App::good();
    let run = app.run(&["build", "--watch", "--format", "json"]);
    run.ended(2);
    app.run(&["build", "--watch", "--check"]).ended(2);
    App::bad().run(&["build", "--watch", "-C", "nowhere"]).ended(3);
}
