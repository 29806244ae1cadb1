//! The same input gives the same bytes: whatever folder, locale, time zone, home or umask the program meets.

use super::support::program;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

const FIXTURES: [&str; 2] = ["shop", "hostile-strings"];

pub(super) type Files = BTreeMap<String, Vec<u8>>;

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &place);
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

pub(super) fn files(folder: &Path, prefix: &str, found: &mut Files) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files(&entry.path(), &format!("{name}/"), found);
        } else {
            found.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

/// A fixture in a folder of its own.
struct Copy {
    _temporary: TempDir,
    application: std::path::PathBuf,
}

impl Copy {
    fn of(fixture: &str, below: &str) -> Self {
        let temporary = tempfile::tempdir().unwrap();
        let application = temporary.path().join(below);
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("fixtures")
                .join(fixture),
            &application,
        );
        fs::create_dir(application.join(".git")).unwrap();
        Self {
            _temporary: temporary,
            application,
        }
    }

    fn built(&self) -> Files {
        let mut found = Files::new();
        files(&self.application.join("infra"), "", &mut found);
        assert!(found.len() > 10, "only {} files were written", found.len());
        found
    }
}

/// Runs `exoc build` after commands of a shell, with these variables; returns the lines of its list.
pub(super) fn build(
    shell: &str,
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Vec<String> {
    let exoc = program(folder, &[]).get_program().to_owned();
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("{shell}; exec \"$0\" build \"$@\"")])
        .arg(exoc)
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn another_folder_locale_time_zone_home_and_umask_give_the_same_bytes() {
    for fixture in FIXTURES {
        let one = Copy::of(fixture, "a");
        let other = Copy::of(fixture, "Ein langer Name/größer, tiefer/$HOME/x");
        let variables = [("LC_ALL", "C"), ("TZ", "UTC"), ("HOME", "/")];
        let listed = build("umask 022", &one.application, &[], &variables);
        let variables = [
            ("LC_ALL", "tr_TR.UTF-8"),
            ("LANG", "de_DE.UTF-8"),
            ("TZ", "Pacific/Chatham"),
            ("HOME", "/nonexistent"),
            ("USER", "nobody"),
            ("CI", "true"),
            ("SOURCE_DATE_EPOCH", "1"),
        ];
        let outside = other.application.parent().unwrap();
        let listed_there = build("umask 077", outside, &["-C", "x"], &variables);
        let listed_there: Vec<&str> = listed_there
            .iter()
            .map(|line| line.strip_prefix("x/").unwrap())
            .collect();
        assert_eq!(listed, listed_there, "{fixture}");
        let (built, built_there) = (one.built(), other.built());
        assert_eq!(
            built.keys().collect::<Vec<_>>(),
            built_there.keys().collect::<Vec<_>>(),
            "{fixture}"
        );
        for (path, bytes) in &built {
            assert!(built_there[path] == *bytes, "{fixture}: {path} differs");
        }
    }
}

/// The blocks of a file, from a line that begins with a key to the next; the first is what stands before any key.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in text.lines() {
        if line.starts_with(|first: char| first.is_ascii_lowercase()) {
            blocks.push(String::new());
        }
        let last = blocks.last_mut().unwrap();
        last.push_str(line);
        last.push('\n');
    }
    blocks
}

/// Files without what follows the lines of the manifest: the comments that name them, and hashes of the rest.
fn without_places(files: &Files) -> Files {
    let one = |(path, bytes): (&String, &Vec<u8>)| {
        let body = String::from_utf8(exoc::generated::seal::without(bytes)).unwrap();
        let named = |line: &&str| {
            let words = line.trim().strip_prefix("# From ");
            words.is_some_and(|words| words.ends_with('.') && words.contains(".yml:"))
        };
        let kept: String = body.split_inclusive('\n').filter(|line| !named(line)).collect();
        (path.clone(), kept.into_bytes())
    };
    files.iter().map(one).collect()
}

#[test]
fn another_order_of_keys_and_files_changes_nothing_but_the_lines_that_are_named() {
    for fixture in FIXTURES {
        let one = Copy::of(fixture, "a");
        build("true", &one.application, &[], &[]);
        let (built, mut moved) = (one.built(), false);
        for turns in 1..4 {
            let other = Copy::of(fixture, "a");
            let mut sources = Files::new();
            files(&other.application, "", &mut sources);
            for (path, bytes) in sources.iter().filter(|(path, _)| path.ends_with(".yml")) {
                let mut blocks = blocks(std::str::from_utf8(bytes).unwrap());
                let count = blocks.len() - 1;
                blocks[1..].rotate_left(turns % count);
                if turns % 2 == 0 {
                    blocks[1..].reverse();
                }
                fs::write(other.application.join(path), blocks.concat()).unwrap();
            }
            build("true", &other.application, &[], &[]);
            let other = other.built();
            moved |= other != built;
            assert_eq!(
                without_places(&other),
                without_places(&built),
                "{fixture} turned by {turns}"
            );
        }
        assert!(moved, "{fixture}: no line is named");
    }
}
