//! Hostile texts: what a manifest says reaches the container as it is, or is refused at the very text.
//!
//! Random texts stand as values of variables and as items of a command. Each target's printed files are read back
//! through parsers that are not ours. A text that a target cannot keep is refused with a diagnostic whose span is
//! that text and nothing else; no text is ever changed.
#![allow(clippy::unwrap_used, reason = "helpers of tests may fail a test")]

use exoc_diagnostics::{MemorySources, Severity};
use exoc_snapshot_tests::facts::{Files, Target, Value};
use exoc_snapshot_tests::{Selection, case, concise};
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestRunner};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use unicode_normalization::is_nfc;

const CASES: u32 = 150;

/// Pieces that some template, shell, parser or resolver takes for its own.
const PIECES: &[&str] = &[
    "$",
    "$$",
    "$$$",
    "${",
    "${x}",
    "$${x}",
    "$${",
    "${secrets.KEY}",
    "${x:?y}",
    "${x:-y}",
    "$HOME",
    "$1",
    "$(X)",
    "$$(X)",
    "$((1+1))",
    "%{",
    "%%{",
    "%{ if true }x%{ endif }",
    "%s",
    "%",
    "%d%%",
    "{{ x }}",
    "{% x %}",
    "{",
    "}",
    "#{x}",
    "`x`",
    "\"",
    "\"\"",
    "'",
    "''",
    "\\",
    "\\\\",
    "\\\"",
    "\\n",
    "\\u0041",
    "\\x41",
    "\\$",
    "\\",
    "\n",
    "\r",
    "\r\n",
    "\n\n",
    "\u{2028}",
    "\u{2029}",
    "\u{b}",
    "\u{c}",
    "\t",
    " ",
    "  ",
    "\u{a0}",
    "\u{3000}",
    "\u{feff}",
    "\u{200b}",
    "\u{200d}",
    "\u{202e}",
    "\u{ad}",
    "\u{1}",
    "\u{7}",
    "\u{8}",
    "\u{1b}",
    "\u{1f}",
    "é",
    "ß",
    "日本語",
    "🐘",
    "👩\u{200d}👧",
    "x\u{338}\u{323}",
    "ö\u{308}",
    "\u{e000}",
    "\u{10ffff}",
    "\u{fffd}",
    "# x",
    " #",
    ": ",
    ":",
    "- ",
    "---",
    "---\n",
    "...\n",
    "? ",
    "[",
    "]",
    ",",
    "&x",
    "*x",
    "!x",
    "!!str",
    "|",
    ">",
    "|-\n x",
    "@",
    "<<EOT\nx\nEOT\n",
    "<<-X",
    "//",
    "/* x */",
    "*/",
    "--",
    "<!-- x -->",
    "<a b='c&d;'>",
    "&amp;",
    ";",
    "&&",
    "=",
    "~/",
    "file://",
];

/// Whole texts that YAML 1.1, YAML 1.2 or HCL reads as something else than a text.
const WORDS: &[&str] = &[
    "",
    " ",
    "yes",
    "Yes",
    "no",
    "NO",
    "on",
    "off",
    "Off",
    "y",
    "n",
    "true",
    "False",
    "null",
    "Null",
    "~",
    "0777",
    "0o17",
    "0xFF",
    "0b10",
    "1_000",
    "1:30",
    "190:20:30",
    "1.10",
    "1e3",
    "+1",
    "-0",
    ".5",
    "5.",
    ".inf",
    "-.INF",
    ".nan",
    "NaN",
    "2024-01-01",
    "2001-12-14t21:59:43.10-05:00",
    "<<",
    "=",
    "-",
    "?",
    ":",
    "[]",
    "{}",
    "!!binary aGk=",
    "---",
    "...",
    "for",
    "if",
    "in",
    "each.key",
    "var.x",
    "jsonencode({})",
    "None",
    "undefined",
    "12345678901234567890123",
    "%YAML 1.1",
];

/// Texts that Kubernetes or AWS refuses: what kustomize does not keep, and what is not in normal form C.
const REFUSED: &[&str] = &[
    "\u{7f}",
    "\u{80}",
    "a\u{85}b",
    "\u{9f}",
    "\u{fffe}",
    "x\u{ffff}",
    "cafe\u{301}",
    "\u{212b}",
    "\u{1100}\u{1161}",
    "x\u{323}\u{338}\u{307}\u{301}",
];

fn piece() -> impl Strategy<Value = String> {
    let any = any::<char>().prop_filter("NUL is an error", |c| *c != '\0');
    prop_oneof![
        10 => prop::sample::select(PIECES).prop_map(str::to_owned),
        3 => "[ -~]{1,6}",
        1 => any.prop_map(String::from),
    ]
}

/// A text that every target keeps, unless a random character happens to be one that some target refuses.
fn text() -> impl Strategy<Value = String> {
    let blank = prop::sample::select(vec!["", " ", "\t", "\n", "  ", "\r"]);
    let pieces = || prop::collection::vec(piece(), 1..8).prop_map(|pieces| pieces.concat());
    prop_oneof![
        3 => prop::sample::select(WORDS).prop_map(str::to_owned),
        8 => pieces(),
        4 => (blank.clone(), pieces(), blank).prop_map(|(before, text, after)| format!("{before}{text}{after}")),
        1 => (pieces(), 40..160_usize).prop_map(|(text, times)| text.repeat(times).chars().take(4000).collect()),
    ]
}

/// Variables and arguments of one service; now and then one text that some target refuses.
fn texts() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let doubtful = prop_oneof![
        5 => Just(None),
        1 => (prop::sample::select(REFUSED), pieces_around())
            .prop_map(|(refused, (before, after))| Some(format!("{before}{refused}{after}"))),
    ];
    let list = || prop::collection::vec(text(), 1..7);
    (list(), list(), doubtful, any::<bool>()).prop_map(
        |(mut variables, mut arguments, doubtful, variable)| {
            if variable {
                variables.extend(doubtful);
            } else {
                arguments.extend(doubtful);
            }
            (variables, arguments)
        },
    )
}

fn pieces_around() -> impl Strategy<Value = (String, String)> {
    (prop::sample::select(PIECES), prop::sample::select(PIECES))
        .prop_map(|(before, after)| (before.to_owned(), after.to_owned()))
}

/// A text as double-quoted YAML, `${` as the language writes it.
fn written(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.replace("${", "$${").chars() {
        match character {
            '"' | '\\' => {
                out.push('\\');
                out.push(character);
            }
            ' '..='~' => out.push(character),
            _ if character.is_alphanumeric() => out.push(character),
            _ => write!(out, "\\U{:08x}", u32::from(character)).unwrap(),
        }
    }
    out + "\""
}

fn sources(variables: &[String], arguments: &[String]) -> MemorySources {
    let mut text = "name: hostile\nservices:\n  worker:\n    image: example/worker:1.0\n    security: { user: 10001 }\n    \
                    command:\n"
        .to_owned();
    for argument in arguments {
        writeln!(text, "      - {}", written(argument)).unwrap();
    }
    text += "    environment:\n";
    for (index, variable) in variables.iter().enumerate() {
        writeln!(text, "      V{index}: {}", written(variable)).unwrap();
    }
    text += "environments:\n  production:\n    targets:\n      aws: { region: eu-central-1, account: \
             \"123456789012\" }\n      kubernetes: {}\n      compose: {}\n";
    MemorySources::from([("application.yml", text)])
}

/// Whether a target cannot keep a text, and must say so.
fn is_refused(target: Target, text: &str) -> bool {
    match target {
        Target::Compose => false,
        Target::Aws => !is_nfc(text),
        Target::Kubernetes => text
            .chars()
            .any(|c| matches!(c, '\u{7f}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}')),
    }
}

/// How many texts of a target were compared, and how many refused.
#[derive(Debug, Default)]
struct Count {
    outputs: usize,
    compared: usize,
    refused: usize,
}

/// Compiles texts for a target; all come back as they were, or those that it cannot keep are refused.
fn check(
    target: Target,
    variables: &[String],
    arguments: &[String],
    count: &mut Count,
) -> Result<(), TestCaseError> {
    let selection = Selection {
        environments: vec!["production".to_owned()],
        targets: vec![target.id().to_owned()],
        http_port: None,
    };
    let (outputs, diagnostics, map) = case::try_compile(&sources(variables, arguments), &selection);
    let wanted: BTreeSet<String> = variables
        .iter()
        .chain(arguments)
        .filter(|text| is_refused(target, text))
        .map(|text| written(text))
        .collect();
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code.severity == Severity::Error);
    let mut found = BTreeSet::new();
    for error in errors {
        prop_assert!(
            matches!(error.code.id, "EX0401" | "EX0407"),
            "{}",
            concise(&diagnostics, &map)
        );
        prop_assert!(!error.help.is_empty(), "{}", error.message);
        found.extend(
            error
                .primary
                .as_ref()
                .map(|label| map.slice(label.span).to_owned()),
        );
    }
    prop_assert_eq!(&found, &wanted, "{}", concise(&diagnostics, &map));
    let Some(outputs) = outputs else {
        prop_assert!(!wanted.is_empty(), "{}", concise(&diagnostics, &map));
        count.refused += wanted.len();
        return Ok(());
    };
    prop_assert!(wanted.is_empty());
    prop_assert_eq!(outputs.len(), 1);
    let files: Files = outputs[0]
        .artifacts
        .iter()
        .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
        .collect();
    let facts = target.facts(&files).map_err(TestCaseError::fail)?;
    let worker = &facts.components["worker"];
    let arguments: Vec<Value> = arguments.iter().map(Value::text).collect();
    prop_assert_eq!(worker.command.as_ref(), Some(&arguments), "{}", target.id());
    for (index, variable) in variables.iter().enumerate() {
        let name = format!("V{index}");
        let wanted = Value::text(variable);
        prop_assert_eq!(
            worker.environment.get(&name),
            Some(&wanted),
            "{} {}",
            target.id(),
            name
        );
    }
    count.outputs += 1;
    count.compared += variables.len() + arguments.len();
    Ok(())
}

#[test]
fn hostile_texts_come_back_unchanged_or_are_refused_where_they_stand() {
    let counts = RefCell::new(BTreeMap::<Target, Count>::new());
    let config = ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x00C0_FFEE),
        ..ProptestConfig::default()
    };
    let result = TestRunner::new(config).run(&texts(), |(variables, arguments)| {
        for target in Target::ALL {
            let mut counts = counts.borrow_mut();
            check(target, &variables, &arguments, counts.entry(target).or_default())?;
        }
        Ok(())
    });
    assert!(result.is_ok(), "{}", result.unwrap_err());
    let counts = counts.into_inner();
    println!("{counts:?}");
    for (
        target,
        Count {
            outputs,
            compared,
            refused,
        },
    ) in counts
    {
        let id = target.id();
        assert!(
            outputs >= CASES as usize * 2 / 3,
            "{id}: only {outputs} outputs were compared"
        );
        assert!(
            compared >= 4 * outputs,
            "{id}: only {compared} texts were compared"
        );
        assert_eq!(
            refused > 0,
            target != Target::Compose,
            "{id}: {refused} texts were refused"
        );
    }
}

#[test]
fn every_word_and_piece_comes_back_alone_and_doubled() {
    let texts: Vec<String> = WORDS
        .iter()
        .chain(PIECES)
        .chain(REFUSED)
        .flat_map(|text| [(*text).to_owned(), text.repeat(2)])
        .collect();
    let mut count = Count::default();
    for target in Target::ALL {
        let kept: Vec<String> = texts
            .iter()
            .filter(|text| !is_refused(target, text))
            .cloned()
            .collect();
        check(target, &kept, &kept, &mut count).unwrap();
    }
    assert_eq!((count.outputs, count.refused), (3, 0));
    for text in texts
        .iter()
        .filter(|text| Target::ALL.iter().any(|target| is_refused(*target, text)))
    {
        for target in Target::ALL {
            check(
                target,
                std::slice::from_ref(text),
                std::slice::from_ref(text),
                &mut count,
            )
            .unwrap();
        }
    }
    assert_eq!(
        count.refused,
        2 * REFUSED.len(),
        "each is refused by one target, alone and doubled"
    );
}
