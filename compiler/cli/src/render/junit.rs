//! JUnit's XML: a test case for each file that was read, and one for what has no place. What makes the command fail is
//! the case's one failure, for readers of the format know no second; the rest is its output.
//!
//! The elements and attributes are those of the schema of Jenkins (jenkinsci/xunit-plugin, junit-10.xsd, 2026-11).

use super::{Report, counted, fault_lines, lines, visible};
use exoc_diagnostics::{Diagnostic, SourceId};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// What everything without a place is told under.
const SUITE: &str = "exoc";

/// A test case.
struct Case {
    name: String,
    failed: Vec<String>,
    told: Vec<String>,
    /// How many of what failed.
    number: usize,
}

/// All diagnostics as a suite.
#[must_use]
pub fn report(report: &Report<'_>) -> String {
    let cases = cases(report);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    // Writing to memory cannot fail.
    let _ = write(report, &cases, &mut writer);
    let mut text = String::from_utf8_lossy(&writer.into_inner()).into_owned();
    text.push('\n');
    text
}

fn cases(report: &Report<'_>) -> Vec<Case> {
    let of = |diagnostic: &Diagnostic| diagnostic.primary.as_ref().map(|label| label.span.source);
    let files = report.sources.ids().map(Some);
    let mut cases: Vec<Case> = files
        .filter_map(|id| {
            let path = &report.sources.file(id?)?.path;
            Some(case(report, &format!("{}{path}", report.root), |diagnostic| {
                of(diagnostic) == id
            }))
        })
        .collect();
    let known: Vec<SourceId> = report.sources.ids().collect();
    let mut rest = case(report, SUITE, |diagnostic| {
        of(diagnostic).is_none_or(|source| !known.contains(&source))
    });
    if let Some(fault) = report.fault {
        rest.failed.extend(fault_lines(fault));
        rest.number += 1;
    }
    if !(rest.failed.is_empty() && rest.told.is_empty()) || cases.is_empty() {
        cases.push(rest);
    }
    cases
}

fn case(report: &Report<'_>, name: &str, is_of: impl Fn(&Diagnostic) -> bool) -> Case {
    let mut case = Case {
        name: visible(name),
        failed: Vec::new(),
        told: Vec::new(),
        number: 0,
    };
    for diagnostic in report.diagnostics.iter().filter(|diagnostic| is_of(diagnostic)) {
        let words = told(report, diagnostic);
        if report.fails(diagnostic) {
            case.failed.extend(words);
            case.number += 1;
        } else {
            case.told.extend(words);
        }
    }
    case
}

/// A diagnostic with its places, as people read it.
fn told(report: &Report<'_>, diagnostic: &Diagnostic) -> Vec<String> {
    let place = |span| {
        let place = report.rooted(span)?;
        Some(format!(
            "{}:{}:{}: ",
            visible(&place.path),
            place.start.line,
            place.start.column
        ))
    };
    let at = diagnostic.primary.as_ref().and_then(|label| place(label.span));
    let mut words = lines(diagnostic).into_iter();
    let head = format!(
        "{}{}[{}]: {}",
        at.unwrap_or_default(),
        diagnostic.severity.word(),
        diagnostic.code.id,
        words.next().unwrap_or_default()
    );
    let also = diagnostic
        .secondary
        .iter()
        .filter_map(|label| Some(format!("{}{}", place(label.span)?, visible(&label.message))));
    let rest = words.chain(also).map(|line| format!("  {line}"));
    std::iter::once(head).chain(rest).collect()
}

fn write(report: &Report<'_>, cases: &[Case], writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let is_failed = |case: &&Case| case.number > 0;
    let tests = cases.len().to_string();
    let failures = cases.iter().filter(is_failed).count().to_string();
    let counts = [
        ("tests", tests.as_str()),
        ("failures", &failures),
        ("errors", "0"),
    ];
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer
        .create_element("testsuites")
        .with_attribute(("name", SUITE))
        .with_attributes(counts)
        .write_inner_content(|writer| {
            writer
                .create_element("testsuite")
                .with_attribute(("name", SUITE))
                .with_attributes(counts)
                .write_inner_content(|writer| {
                    cases.iter().try_for_each(|case| write_case(report, case, writer))
                })
                .map(drop)
        })
        .map(drop)
}

fn write_case(report: &Report<'_>, case: &Case, writer: &mut Writer<Vec<u8>>) -> io::Result<()> {
    let Case {
        name,
        failed,
        told,
        number,
    } = case;
    let name = legal(name);
    let attributes = [("classname", SUITE), ("name", name.as_str())];
    let element = writer.create_element("testcase").with_attributes(attributes);
    if failed.is_empty() && told.is_empty() {
        return element.write_empty().map(drop);
    }
    element
        .write_inner_content(|writer| {
            if !failed.is_empty() {
                let noun = match report.warnings {
                    crate::error::Warnings::Allowed => "error",
                    crate::error::Warnings::Denied => "fault",
                };
                writer
                    .create_element("failure")
                    .with_attribute(("message", counted(*number, noun).as_str()))
                    .with_attribute(("type", SUITE))
                    .write_text_content(BytesText::new(&legal(&failed.join("\n"))))?;
            }
            if !told.is_empty() {
                writer
                    .create_element("system-out")
                    .write_text_content(BytesText::new(&legal(&told.join("\n"))))?;
            }
            Ok(())
        })
        .map(drop)
}

/// A text without the characters that XML 1.0 has not, which [`visible`] leaves: two that are none.
fn legal(text: &str) -> String {
    text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}
