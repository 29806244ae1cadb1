//! Pictures for people, drawn by miette, which only this file knows.
//!
//! miette's labels all point into one text and its columns count bytes (its version 7.6). Hence each group of labels
//! is a picture of its own, whose excerpt was cut and made safe before, and the place in its head comes from us.

use super::excerpt::{Excerpt, NARROWEST, excerpt, groups};
use super::{Colour, Report, Style, counted, visible, wrap};
use crate::error::{CommandError, Warnings};
use exoc_diagnostics::{Diagnostic, Label, Severity};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
    SourceSpan, SpanContents, ThemeCharacters, ThemeStyles,
};
use std::fmt;

/// The columns before a message and before a line of help, with one that stays free.
const HEAD: usize = 6;
const HELP: usize = 10;

/// Notes as lines, everything else as pictures, then what to do next and a count.
#[must_use]
pub fn report(report: &Report<'_>, style: Style) -> String {
    let (notes, rest): (Vec<&Diagnostic>, Vec<&Diagnostic>) = report
        .diagnostics
        .iter()
        .copied()
        .partition(|diagnostic| diagnostic.severity == Severity::Note);
    let mut text: String = notes
        .iter()
        .map(|diagnostic| note(report, diagnostic, style))
        .collect();
    if !notes.is_empty() && !rest.is_empty() {
        text.push('\n');
    }
    for diagnostic in &rest {
        text.push_str(&picture(report, diagnostic, style));
        text.push('\n');
    }
    let gravest = rest.iter().map(|diagnostic| diagnostic.severity).max();
    if let Some(first) = rest
        .iter()
        .find(|diagnostic| Some(diagnostic.severity) == gravest)
    {
        let id = first.code.id;
        text.push_str(&format!("more about a code: `exoc explain {id}`\n"));
    }
    text.push_str(&summary(report, style));
    text
}

/// A fault without a place.
#[must_use]
pub fn fault(error: &CommandError, style: Style) -> String {
    let head = style.colour.bold("31", "error");
    // What follows the first line is evidence, shown as it came.
    let help = error.help().iter().map(|help| {
        let mut lines = help.lines().map(visible);
        let first = lines.next().unwrap_or_default();
        let rest: String = lines.map(|line| format!("    {line}\n")).collect();
        format!("  help: {first}\n{rest}")
    });
    format!(
        "{head}: {}\n{}",
        visible(&error.to_string()),
        help.collect::<String>()
    )
}

/// A note on one line.
fn note(report: &Report<'_>, diagnostic: &Diagnostic, style: Style) -> String {
    let place = diagnostic
        .primary
        .as_ref()
        .and_then(|label| report.place(label.span));
    let place = place
        .map(|place| format!(" {}:{}", visible(&place.path), place.start.line))
        .unwrap_or_default();
    let head = style.colour.bold("36", &format!("note[{}]", diagnostic.code.id));
    format!("{head}{place}: {}\n", visible(&diagnostic.message))
}

/// `2 errors, 1 warning`; nothing if there is nothing to count.
fn summary(report: &Report<'_>, style: Style) -> String {
    let count = |severity| {
        report
            .diagnostics
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let kinds = [
        (Severity::Error, "31"),
        (Severity::Warning, "33"),
        (Severity::Note, "36"),
    ];
    let counts: Vec<String> = kinds
        .into_iter()
        .map(|(severity, colour)| (count(severity), severity.word(), colour))
        .filter(|(number, _, _)| *number > 0)
        .map(|(number, word, colour)| style.colour.bold(colour, &counted(number, word)))
        .collect();
    let denied = report.warnings == Warnings::Denied && count(Severity::Warning) > 0;
    let denied = if denied { " (warnings are denied)" } else { "" };
    if counts.is_empty() {
        String::new()
    } else {
        format!("{}{denied}\n", counts.join(", "))
    }
}

/// A diagnostic with excerpts: one for each group of its labels, the culprit's first.
fn picture(report: &Report<'_>, diagnostic: &Diagnostic, style: Style) -> String {
    let Diagnostic {
        code,
        severity,
        message,
        primary,
        secondary,
        help,
    } = diagnostic;
    let labels: Vec<&Label> = primary.iter().chain(secondary).collect();
    let excerpts: Vec<Window> = groups(&labels, report.sources, style.width)
        .into_iter()
        .filter_map(|group| {
            let name = report.place(group.first()?.span)?.path;
            let excerpt = excerpt(&group, report.sources, report.redacted, style.width)?;
            Some(Window {
                name: visible(&name),
                excerpt,
            })
        })
        .collect();
    let mut parts: Vec<Part> = vec![Part {
        code: Some(format!("{}[{}] {}", severity.word(), code.id, code.name)),
        severity: *severity,
        message: wrap(message, style.width.max(NARROWEST) - HEAD).join("\n"),
        window: None,
        help: None,
    }];
    for (index, mut window) in excerpts.into_iter().enumerate() {
        match parts.last_mut() {
            Some(part) if index == 0 => part.window = Some(window),
            Some(_) | None => {
                let words = window
                    .excerpt
                    .labels
                    .first_mut()
                    .map(|(_, words)| std::mem::take(words));
                let words = words
                    .filter(|words| !words.is_empty())
                    .unwrap_or_else(|| "see also".to_owned());
                let message = words.replace('\n', " ");
                parts.push(Part {
                    code: None,
                    severity: Severity::Note,
                    message,
                    window: Some(window),
                    help: None,
                });
            }
        }
    }
    if let Some(part) = parts.last_mut().filter(|_| !help.is_empty()) {
        let room = style.width.max(NARROWEST) - HELP;
        let lines: Vec<String> = help.iter().flat_map(|line| wrap(line, room)).collect();
        part.help = Some(lines.join("\n"));
    }
    let handler = handler(style);
    let mut text = String::new();
    for part in &parts {
        // Writing to a text cannot fail; should miette refuse an excerpt, what it has written so far stays.
        let _ = handler.render_report(&mut text, part);
    }
    text.lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect()
}

fn handler(style: Style) -> GraphicalReportHandler {
    let styles = match style.colour {
        Colour::Plain => ThemeStyles::none(),
        Colour::Ansi => ThemeStyles::ansi(),
    };
    GraphicalReportHandler::new_themed(GraphicalTheme {
        characters: ThemeCharacters::unicode(),
        styles,
    })
    .with_width(style.width.max(NARROWEST))
    .with_urls(false)
    .without_syntax_highlighting()
    // The excerpt is already cut: all of it is shown.
    .with_context_lines(64)
}

/// One report of miette's: the head of a diagnostic, or another place that it is about.
#[derive(Debug)]
struct Part {
    code: Option<String>,
    severity: Severity,
    message: String,
    window: Option<Window>,
    help: Option<String>,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Part {}

impl miette::Diagnostic for Part {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .as_ref()
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.window.as_ref().map(|window| window as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = &self.window.as_ref()?.excerpt.labels;
        Some(Box::new(labels.iter().map(|(range, words)| {
            let words = (!words.is_empty()).then(|| words.clone());
            LabeledSpan::new(words, range.start, range.len())
        })))
    }
}

/// An excerpt as miette reads it.
#[derive(Debug)]
struct Window {
    name: String,
    excerpt: Excerpt,
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let inner = self.excerpt.text.read_span(span, before, after)?;
        // Without context miette asks for the place in the head only, and its own columns count bytes.
        let (line, column) = match (before, after) {
            (0, 0) => (self.excerpt.at.line - 1, self.excerpt.at.column - 1),
            _ => (self.excerpt.first - 1 + inner.line(), inner.column()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            inner.data(),
            *inner.span(),
            line,
            column,
            inner.line_count(),
        )))
    }
}
