//! The tutorial, performed: each block of `docs/tutorial.md` in order, as a reader would, in an empty folder.
//!
//! A fence names what its block is: a language and a path is a file to write (with `+` behind it, the end of one), `in`
//! and a path is an excerpt of a generated file, and `console` is a run of commands with what they print. Knows nothing
//! of what the commands do: the page says it.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGE: &str = include_str!("../../../docs/tutorial.md");

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

/// What a command prints, both streams as a terminal shows them, and its exit code. `status` is what `$?` holds.
fn shell(folder: &Path, command: &str, status: i32) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_exoc")).parent().unwrap();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1; (exit {status}); {command}")])
        .current_dir(folder)
        .env("PATH", format!("{}:/usr/bin:/bin", program.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    (printed, output.status.code().unwrap())
}

/// Whether the lines of `found` are those of `shown`, where `…` stands for lines that are left out; at the end of
/// a line it stands for the rest of that line.
fn is_shown(shown: &[&str], found: &[&str]) -> bool {
    match (shown.split_first(), found.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((line, rest)), _) if line.trim() == "…" => {
            (0..=found.len()).any(|skipped| is_shown(rest, &found[skipped..]))
        }
        (Some(_), None) => false,
        (Some((line, shown)), Some((real, found))) => {
            let same = match line.strip_suffix('…') {
                Some(start) => real.starts_with(start),
                None => real == line,
            };
            same && is_shown(shown, found)
        }
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

/// Runs the commands of a block. A command that fails must be followed by the question for its exit code.
fn perform(folder: &Path, block: &Block) -> Vec<String> {
    let mut report = Vec::new();
    let mut status = 0;
    let commands = format!("\n{}", block.text);
    let mut commands = commands.split("\n$ ").skip(1).peekable();
    while let Some(entry) = commands.next() {
        let (command, shown) = entry.split_once('\n').unwrap_or((entry, ""));
        let (printed, code) = shell(folder, command, status);
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

/// Performs a page in a folder and tells where it lies.
fn lies(page: &str, folder: &Path) -> Vec<String> {
    let mut report = Vec::new();
    for block in blocks(page) {
        let (language, place) = block.info.split_once(' ').unwrap_or((&block.info, ""));
        let found = match (language, place.strip_prefix("in "), place.strip_suffix(" +")) {
            ("console", ..) => perform(folder, &block),
            (_, Some(path), _) => match fs::read_to_string(folder.join(path)) {
                Ok(text) if is_in(&block.text, &text) => Vec::new(),
                Ok(text) => vec![format!("`{path}` has no such lines:\n{text}")],
                Err(error) => vec![format!("`{path}`: {error}")],
            },
            (_, None, Some(path)) => {
                let former = fs::read_to_string(folder.join(path)).unwrap();
                fs::write(folder.join(path), former + &block.text).unwrap();
                Vec::new()
            }
            (_, None, None) => {
                assert!(!place.is_empty(), "line {}: a block without a place", block.line);
                fs::create_dir_all(folder.join(place).parent().unwrap()).unwrap();
                fs::write(folder.join(place), &block.text).unwrap();
                Vec::new()
            }
        };
        report.extend(
            found
                .into_iter()
                .map(|lie| format!("docs/tutorial.md:{}: {lie}", block.line)),
        );
    }
    report
}

/// An empty folder that is a repository of its own, so that no folder above it counts.
fn empty() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(".git")).unwrap();
    folder
}

#[test]
fn every_block_of_the_tutorial_does_what_it_shows() {
    let folder = empty();
    let report = lies(PAGE, folder.path());
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn the_tutorial_shows_each_part_of_a_first_day() {
    let commands: Vec<&str> = PAGE.lines().filter_map(|line| line.strip_prefix("$ ")).collect();
    for command in [
        "exoc check",
        "exoc build",
        "exoc explain EX0206",
        "exoc build --check --quiet",
        "exoc build --quiet --force",
    ] {
        assert!(commands.contains(&command), "{command}: {commands:?}");
    }
    for key in [
        "secrets:",
        "dependencies:",
        "when: before-deploy",
        "route: /",
        "kubernetes: {}",
        "aws: {",
    ] {
        assert!(PAGE.contains(key), "{key}");
    }
}

/// What the test rests on: a page that lies is caught, in each kind of block.
#[test]
fn a_lie_of_a_page_is_found() {
    let page = |block: &str| format!("```text a.txt\none\ntwo\nthree\n```\n\n```{block}\n```\n");
    for (block, honest) in [
        ("text in a.txt\ntwo", true),
        ("text in a.txt\none\n…\nthree", true),
        ("text in a.txt\none\nthree", false),
        ("text in a.txt\ntw", false),
        ("text in b.txt\none", false),
        ("console\n$ cat a.txt\none\n…", true),
        ("console\n$ cat a.txt\none", false),
        ("console\n$ cat a.txt\none\ntwo\nthree\nfour", false),
        ("console\n$ cat a.txt\non…\ntwo\nthree", true),
        ("console\n$ exoc explain EX0000\n…", false),
        ("console\n$ exoc explain EX0000\n…\n$ echo $?\n2", true),
        ("console\n$ exoc explain EX0000\n…\n$ echo $?\n1", false),
    ] {
        let folder = empty();
        let report = lies(&page(block), folder.path());
        assert_eq!(report.is_empty(), honest, "{block}: {report:?}");
    }
}
