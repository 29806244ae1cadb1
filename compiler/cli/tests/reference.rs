//! docs/cli-reference.md is what the program's own declarations say, and their examples are command lines.

use std::ffi::OsString;

#[test]
fn the_committed_page_is_current() {
    let committed = include_str!("../../../docs/cli-reference.md");
    assert!(
        exoc::reference::markdown() == committed,
        "docs/cli-reference.md is stale: run `cargo dev generate`; it should be:\n{}",
        exoc::reference::markdown()
    );
}

/// The words of an example up to what it is for, and up to what a shell makes of the rest.
fn words(example: &str) -> Vec<OsString> {
    let end = ["  ", " | ", " > ", " < ", " >> ", ")"];
    let end = end.iter().filter_map(|end| example.find(end)).min();
    let line = example.get(..end.unwrap_or(example.len())).unwrap();
    line.split_whitespace().map(OsString::from).collect()
}

#[test]
fn every_command_has_an_example_that_is_a_command_line() {
    for command in exoc::args::command().get_subcommands() {
        let name = command.get_name();
        let help = command
            .get_after_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let lines = help
            .strip_prefix("Examples:\n")
            .unwrap_or_else(|| panic!("{name} has no example"));
        for line in lines.lines() {
            let begin = line.find("exoc ").unwrap_or_else(|| panic!("{line}"));
            let words = words(line.get(begin..).unwrap());
            exoc::args::parse(&words).unwrap_or_else(|fault| panic!("{line}: {fault}"));
            assert_eq!(words[1], name, "{line}");
        }
    }
}
