//! `exoc explain`.

use super::support::{program, run_at};
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

#[test]
fn prints_the_page_of_a_number_or_name_in_any_case() {
    let run = run_at(Path::new("/"), &["explain", "EX0101"]);
    run.ended(0);
    assert!(run.out.starts_with("# EX0101 unknown-key\n"), "{}", run.out);
    assert_eq!(run.err, "");
    for other in ["ex0101", "unknown-key", "Unknown-Key", " EX0101 "] {
        assert_eq!(run_at(Path::new("/"), &["explain", other]).out, run.out);
    }
}

#[test]
fn suggests_the_nearest_code() {
    let run = run_at(Path::new("/"), &["explain", "unknwon-key"]);
    run.ended(2)
        .without_result()
        .told("there is no code `unknwon-key`")
        .told("did you mean `unknown-key`?");
    run_at(Path::new("/"), &["explain", "EX101"])
        .ended(2)
        .told("did you mean `EX0101`?");
}

#[test]
fn needs_a_code() {
    run_at(Path::new("/"), &["explain"])
        .ended(2)
        .without_result()
        .told("<CODE>");
}

#[test]
fn a_reader_that_has_read_enough_is_no_fault() {
    for arguments in [
        &["explain", "EX0101"][..],
        &["targets", "--features"],
        &["--help"],
        &["explain", "--help"],
        &["man", "build"],
        &["schema", "application"],
        &["completions", "bash"],
        &[],
    ] {
        let mut child = program(Path::new("/"), arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // Closing the pipe before the program prints makes its first write fail.
        drop(child.stdout.take());
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(
            (child.wait().unwrap().code(), err.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
    }
}

#[test]
fn a_full_disk_is_told() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let output = program(Path::new("/"), &["explain", "EX0101"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(err, "error: the results could not be printed: no space is left\n");
}
