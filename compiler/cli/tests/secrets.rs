//! `exoc secrets`: what is listed, set and made, and that no value is anywhere but in the file of values.

use super::support::{App, Run, program, terminal};
use exoc::disk::{self, Tree};
use exoc::error::Exit;
use exoc::local::secrets;
use exoc::pipeline;
use rustix::termios::{LocalModes, tcgetattr};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Stdio};

const FILE: &str = "infra/local/compose/.env";
const CANARY: &str = "canary-Yellow-77";

const APPLICATION: &str = "\
name: shop
secrets:
  PAY_KEY: { description: Key of the payment service }
  SESSION_KEY: { generate: 50 }
dependencies:
  db: { type: postgres, version: \"17\" }
services:
  web: ./web
environments:
  production:
    domain: shop.example.com
    registry: ghcr.io/acme
    targets: { compose: {} }
";

const SERVICE: &str = "\
port: 8080
uses: [db]
environment: { PAY_KEY: \"${secrets.PAY_KEY}\", SESSION_KEY: \"${secrets.SESSION_KEY}\" }
";

fn app() -> App {
    App::with(&[("application.yml", APPLICATION), ("web/service.yml", SERVICE)])
}

fn values(app: &App) -> String {
    fs::read_to_string(app.path(FILE)).unwrap()
}

fn mode(app: &App) -> u32 {
    fs::metadata(app.path(FILE)).unwrap().permissions().mode() & 0o7777
}

/// What the list says of each secret.
fn listed(run: &Run) -> Vec<(String, String)> {
    let lines = run.out.lines().skip(1);
    let words = lines.map(|line| line.split_whitespace().collect::<Vec<_>>());
    words
        .map(|words| (words[0].to_owned(), words[words.len() - 1].to_owned()))
        .collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected
        .iter()
        .map(|(name, state)| ((*name).to_owned(), (*state).to_owned()))
        .collect()
}

#[test]
fn what_is_missing_is_listed_with_how_to_supply_it_and_nothing_is_written() {
    let app = app();
    let before = app.files();
    let run = app.run(&["secrets"]);
    run.ended(1)
        .told("4 secrets of `local` have no value")
        .told("`exoc secrets set PAY_KEY` sets it: Key of the payment service")
        .told("`exoc secrets generate` makes `DB_ADMINISTRATOR_PASSWORD`, `DB_PASSWORD`, `SESSION_KEY`");
    let missing = [
        "DB_ADMINISTRATOR_PASSWORD",
        "DB_PASSWORD",
        "PAY_KEY",
        "SESSION_KEY",
    ];
    assert_eq!(listed(&run), pairs(&missing.map(|name| (name, "missing"))));
    assert!(
        run.out
            .contains("Secret of the application: 50 letters and digits")
    );
    assert_eq!(app.files(), before);
}

#[test]
fn what_is_supplied_and_made_is_there_and_kept() {
    let app = app();
    app.run_with(&["secrets", "set", "PAY_KEY"], b"one\ntwo\n")
        .ended(0)
        .without_result()
        .told("`PAY_KEY` is in infra/local/compose/.env");
    assert_eq!(values(&app), "PAY_KEY=\"one\\ntwo\"\n");
    let run = app.run(&["secrets", "generate"]);
    run.ended(0);
    let states = [
        ("DB_ADMINISTRATOR_PASSWORD", "made"),
        ("DB_PASSWORD", "made"),
        ("PAY_KEY", "there"),
        ("SESSION_KEY", "made"),
    ];
    assert_eq!(listed(&run), pairs(&states));
    let first = values(&app);
    let length = |name: &str| {
        let start = format!("{name}=\"");
        let value = first.lines().find_map(|line| line.strip_prefix(start.as_str()));
        let value = value.unwrap().strip_suffix('"').unwrap();
        assert!(value.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        value.len()
    };
    assert_eq!((length("SESSION_KEY"), length("DB_PASSWORD")), (50, 32));
    app.run(&["secrets", "generate"]).ended(0);
    assert_eq!(values(&app), first, "what is there is not made again");
    let run = app.run(&["secrets"]);
    run.ended(0);
    assert_eq!(listed(&run), pairs(&states.map(|(name, _)| (name, "there"))));
    // Another application's are others.
    let other = self::app();
    other.run(&["secrets", "generate"]).ended(1);
    assert!(values(&other).lines().all(|line| !first.contains(line)));
    assert!(!app.exists("infra/.exoc"));
    app.run(&["build", "--check"]).ended(1);
    app.run(&["build", "--check", "--env", "local"]).ended(0);
}

#[test]
fn what_people_wrote_stays() {
    let app = app();
    app.write(
        FILE,
        "# mine\nMINE='x'\nexport PAY_KEY = old # a note\n\nSESSION_KEY=\n",
    );
    app.run_with(&["secrets", "set", "PAY_KEY"], b"new").ended(0);
    assert_eq!(
        values(&app),
        "# mine\nMINE='x'\nexport PAY_KEY=\"new\" # a note\n\nSESSION_KEY=\n"
    );
    app.run(&["secrets", "generate"]).ended(0);
    let kept = values(&app);
    assert!(kept.starts_with("# mine\nMINE='x'\nexport PAY_KEY=\"new\" # a note\n\nSESSION_KEY=\""));
    assert_eq!(kept.matches("SESSION_KEY").count(), 1);
}

#[test]
fn only_the_owner_may_read_the_file() {
    let app = app();
    app.run_with(&["secrets", "set", "PAY_KEY"], b"x").ended(0);
    assert_eq!(mode(&app), 0o600);
    let widen = || fs::set_permissions(app.path(FILE), fs::Permissions::from_mode(0o644)).unwrap();
    widen();
    app.run(&["secrets", "generate"]).ended(0);
    assert_eq!(mode(&app), 0o600);
    widen();
    app.run(&["secrets", "generate"]).ended(0);
    assert_eq!(mode(&app), 0o600, "also where nothing is to be made");
}

#[test]
fn a_link_in_place_of_the_file_is_refused() {
    let app = app();
    app.run(&["build", "--env", "local"]).ended(0);
    app.write("elsewhere", "PAY_KEY=x\n");
    symlink("../../../elsewhere", app.path(FILE)).unwrap();
    let before = app.files();
    for arguments in [
        &["secrets"][..],
        &["secrets", "set", "PAY_KEY"],
        &["secrets", "generate"],
    ] {
        app.run_with(arguments, b"y")
            .ended(3)
            .told("`infra/local/compose/.env` cannot be read: it is a symbolic link");
    }
    assert_eq!(app.files(), before);
    fs::remove_file(app.path(FILE)).unwrap();
    fs::create_dir(app.path(FILE)).unwrap();
    app.run(&["secrets"]).ended(3).told("it is a folder");
}

#[test]
fn what_is_no_value_or_no_name_changes_nothing() {
    let app = app();
    app.run_with(&["secrets", "set", "PAY_KEY"], b"x").ended(0);
    let before = app.files();
    let refused = |arguments: &[&str], input: &[u8], words: &str| {
        let run = app.run_with(arguments, input);
        run.ended(2).without_result().told(words).told("help: ");
        assert!(!run.err.contains(CANARY), "{run:?}");
        assert_eq!(app.files(), before);
    };
    let set = ["secrets", "set", "PAY_KEY"];
    refused(&set, b"", "the value is empty");
    refused(&set, b"\n", "the value is empty");
    refused(&set, b"canary-Yellow-77\0", "NUL");
    refused(&set, b"canary-Yellow-77\xff", "not UTF-8");
    refused(&set, CANARY.repeat(9000).as_bytes(), "longer than 128 KiB");
    refused(&["secrets", "set", "PAY_KEYS"], b"x", "did you mean `PAY_KEY`?");
    refused(&["secrets", "set", "pay_key"], b"x", "did you mean `PAY_KEY`?");
    refused(
        &["secrets", "set", CANARY],
        b"x",
        "the secrets are `DB_ADMINISTRATOR_PASSWORD`",
    );
    refused(
        &["secrets", "set", "PAY_KEY=canary-Yellow-77"],
        b"",
        "and no value",
    );
    refused(&["secrets", "set", "PAY_KEY", CANARY], b"", "and no value");
    refused(
        &["secrets", "set", "PAY_KEY", "--canary-Yellow-77"],
        b"",
        "and no value",
    );
    refused(&["secrets", CANARY], b"", "no such command");
    refused(
        &["secrets", "set", "PAY_KEY", "--env", "production"],
        b"x",
        "only the values of `local` are kept here",
    );
    refused(
        &["secrets", "--env", "prodution"],
        b"",
        "did you mean `production`?",
    );
}

#[test]
fn a_file_that_compose_cannot_read_is_told_without_what_it_holds() {
    let app = app();
    for (text, fault) in [
        (
            "A=1\nPAY_KEY=\"canary-Yellow-77\n",
            "line 2 of `infra/local/compose/.env`",
        ),
        ("canary-Yellow-77 !\n", "line 1 of `infra/local/compose/.env`"),
        (
            "PAY_KEY=${canary-Yellow-77",
            "line 1 of `infra/local/compose/.env`",
        ),
    ] {
        app.write(FILE, text);
        for arguments in [
            &["secrets"][..],
            &["secrets", "set", "PAY_KEY"],
            &["secrets", "generate"],
        ] {
            let run = app.run_with(arguments, b"y");
            run.ended(3).told(fault);
            assert!(!run.err.contains("Yellow"), "{run:?}");
        }
        assert_eq!(values(&app), text);
    }
    fs::write(app.path(FILE), b"A=1\nB=\xff\n").unwrap();
    app.run(&["secrets"])
        .ended(3)
        .told("line 2 of ")
        .told("not UTF-8");
}

#[test]
fn no_value_is_kept_before_git_leaves_it_out() {
    let app = app();
    app.run(&["build", "--env", "local"]).ended(0);
    let ignored = app.path("infra/local/compose/.gitignore");
    fs::write(
        &ignored,
        fs::read_to_string(&ignored).unwrap().replace("\n.env\n", "\n"),
    )
    .unwrap();
    app.run_with(&["secrets", "set", "PAY_KEY"], b"x")
        .ended(1)
        .told("1 generated file was edited by hand");
    assert!(!app.exists(FILE));
    fs::remove_file(ignored).unwrap();
    app.run_with(&["secrets", "set", "PAY_KEY"], b"x").ended(0);
    assert!(app.exists("infra/local/compose/.gitignore") && app.exists(FILE));
    app.write("web/service.yml", "prot: 8080\n");
    app.run_with(&["secrets", "set", "PAY_KEY"], b"y")
        .ended(1)
        .told("EX0101");
    assert!(values(&app).contains("\"x\""));
}

#[test]
fn other_environments_say_who_supplies_what() {
    let run = app().run(&["secrets", "--env", "production"]);
    run.ended(0).told("infra/production/compose/README.md");
    let lines: Vec<&str> = run.out.lines().collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("PAY_KEY") && line.ends_with("supplied at deployment"))
    );
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("DB_PASSWORD") && line.ends_with("generated at deployment"))
    );
    let none = App::good();
    none.run(&["secrets"])
        .ended(0)
        .without_result()
        .told("needs no secrets");
    none.run(&["secrets", "generate"]).ended(0);
    assert!(!none.exists(FILE));
}

#[test]
fn the_list_is_a_json_document_too() {
    let app = app();
    let document = |arguments: &[&str], code| {
        let run = app.run_with(&[arguments, &["--format", "json"]].concat(), b"x");
        assert_eq!(run.ended(code).err, "");
        run.json()
    };
    let present = |document: &Value| -> Vec<Value> {
        let secrets = document["secrets"].as_array().unwrap();
        secrets.iter().map(|secret| secret["present"].clone()).collect()
    };
    let list = document(&["secrets"], 1);
    assert_eq!(list["environment"], "local");
    assert_eq!(
        list["secrets"][2],
        json!({
            "name": "PAY_KEY",
            "what": "Key of the payment service",
            "origin": "supplied",
            "store": null,
            "length": null,
            "present": false,
        })
    );
    assert_eq!(list["secrets"][3]["length"], 50);
    assert_eq!(
        present(&document(&["secrets", "set", "PAY_KEY"], 0)),
        [false, false, true, false]
    );
    assert_eq!(present(&document(&["secrets", "generate"], 0)), [true; 4]);
    let elsewhere = document(&["secrets", "--env", "production"], 0);
    assert!(present(&elsewhere).iter().all(Value::is_null));
}

#[test]
fn a_value_is_in_the_file_of_values_and_nowhere_else() {
    let app = app();
    let mut shown = vec![app.run_with(&["secrets", "set", "PAY_KEY"], CANARY.as_bytes())];
    app.run_with(&["secrets", "set", "SESSION_KEY"], CANARY.as_bytes())
        .ended(0);
    for format in ["human", "concise", "json"] {
        for arguments in [
            &["secrets", "generate"][..],
            &["secrets"],
            &["secrets", "--env", "production"],
            &["build"],
            &["build", "--check", "--diff"],
            &["check"],
            &["dump", "ast"],
            &["dump", "ir"],
        ] {
            let run = app.run(&[arguments, &["--format", format]].concat());
            run.ended(0);
            shown.push(run);
        }
        shown.push(app.run_with(
            &["secrets", "set", "PAY_KEY", "--format", format],
            CANARY.as_bytes(),
        ));
    }
    for run in shown {
        assert!(!run.out.contains(CANARY) && !run.err.contains(CANARY), "{run:?}");
    }
    let files = app.files();
    let holding: Vec<&str> = files
        .iter()
        .filter(|(_, text)| text.contains(CANARY))
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(holding, [FILE]);
}

#[test]
fn who_starts_the_application_learns_what_was_made_and_what_is_missing() {
    let app = app();
    app.run(&["build", "--env", "local"]).ended(0);
    let application = disk::find(&app.path("")).unwrap();
    let tree = Tree::new(&application, None).unwrap();
    let made = pipeline::with_manifest(&application.folder, &[], |manifest, _, sink| {
        exoc_lower::lower(&manifest, "local", sink).finish(sink).ok()
    });
    let program = made.unwrap().product.unwrap();
    let ensure = || secrets::ensure(&tree, &program, &|| ());
    let error = ensure().unwrap_err();
    assert_eq!(error.to_string(), "1 secret of `local` has no value");
    assert_eq!(error.exit(), Exit::Manifest);
    assert_eq!(
        error.help(),
        ["`exoc secrets set PAY_KEY` sets it: Key of the payment service"]
    );
    assert!(
        values(&app).contains("SESSION_KEY=\""),
        "what can be made is made all the same"
    );
    fs::remove_file(app.path(FILE)).unwrap();
    app.write(FILE, "PAY_KEY=x\nDB_PASSWORD=x\n");
    assert_eq!(ensure().unwrap(), ["DB_ADMINISTRATOR_PASSWORD", "SESSION_KEY"]);
    assert_eq!(ensure().unwrap(), Vec::<String>::new());
}

/// The program on a terminal of its own.
struct Terminal {
    master: File,
    slave: File,
    child: Child,
}

impl Terminal {
    fn new(folder: &Path, arguments: &[&str]) -> Self {
        let (master, slave) = terminal();
        let other = || Stdio::from(slave.try_clone().unwrap());
        let child = program(folder, arguments)
            .stdin(other())
            .stderr(other())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        Self { master, slave, child }
    }

    /// Everything up to these words.
    fn read_to(&mut self, words: &str) -> String {
        let mut shown = String::new();
        let mut byte = [0];
        while !shown.ends_with(words) {
            assert_eq!(self.master.read(&mut byte).unwrap(), 1, "{shown}");
            shown.push(char::from(byte[0]));
        }
        shown
    }

    fn echoes(&self) -> bool {
        let all = LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG | LocalModes::IEXTEN;
        let modes = tcgetattr(&self.slave).unwrap().local_modes;
        assert!(modes.contains(all) || !modes.intersects(all), "{modes:?}");
        modes.contains(all)
    }

    /// Types an answer to the question; gives back the exit code and everything that was shown.
    fn answered(mut self, keys: &[u8]) -> (Option<i32>, String) {
        let mut shown = self.read_to("which is not shown: ");
        assert!(!self.echoes());
        self.master.write_all(keys).unwrap();
        let code = self.child.wait().unwrap().code();
        assert!(self.echoes(), "the terminal is as it was");
        // With its last user gone, a terminal ends.
        drop(self.slave);
        let mut rest = Vec::new();
        let _ = self.master.read_to_end(&mut rest);
        shown.push_str(&String::from_utf8(rest).unwrap());
        (code, shown)
    }
}

#[test]
fn what_is_typed_is_not_shown() {
    let app = app();
    let typed = |keys: &[u8]| Terminal::new(&app.path(""), &["secrets", "set", "PAY_KEY"]).answered(keys);
    let (code, shown) = typed("canary-Yellox\u{7f}w-7é\u{7f}7\r".as_bytes());
    assert_eq!(code, Some(0), "{shown}");
    assert!(
        shown.contains("PAY_KEY (Key of the payment service), which is not shown: \r\n"),
        "{shown}"
    );
    assert!(!shown.contains("canary") && !shown.contains("7"), "{shown}");
    assert_eq!(values(&app), format!("PAY_KEY=\"{CANARY}\"\n"));
    let before = app.files();
    for (keys, code, words) in [
        (&b"abc\x03"[..], 130, "\r\n"),
        (b"\x04", 130, "\r\n"),
        (b"\r", 2, "the value is empty"),
        (b"abc\x15\r", 2, "the value is empty"),
        (b"ab\x1b[Dc\r", 2, "a key was pressed that makes no character"),
        (b"abc\rdef\r", 2, "more than one line"),
    ] {
        let (ended, shown) = typed(keys);
        assert_eq!(ended, Some(code), "{shown}");
        assert!(shown.contains(words) && !shown.contains("abc"), "{shown}");
        assert_eq!(app.files(), before);
    }
}
