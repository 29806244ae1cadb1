//! Comments to exoc: `# exoc: allow EX0501 because nobody runs two replicas at home`, at the end of the line that it is
//! for or on a line above it; `until 2027-01-31` before `because` ends it.
//!
//! Knows the words and nothing of YAML: [`crate::yaml::comments`] finds comments.

use crate::ast::{Application, DiagnosticLevel, Field};
use crate::yaml;
use exoc_diagnostics::{
    Code, Date, Diagnostic, Failed, Level, Reach, Ruling, Severity, Sink, SourceFile, SourceId, SourceMap,
    Span, codes, did_you_mean, find_code,
};

/// What a comment to exoc begins with.
const HEAD: &str = "exoc:";
/// A comment that is right.
const EXAMPLE: &str = "# exoc: allow EX0501 because one replica is enough here";

/// The exceptions that stand in the YAML files of `map`, in their order.
pub(crate) fn exceptions(map: &SourceMap, sink: &mut Sink) -> Vec<Ruling> {
    let mut rulings = Vec::new();
    for (id, file) in map.ids().filter_map(|id| Some((id, map.file(id)?))) {
        if file.path.as_str().ends_with(".yml") && file.text.contains(HEAD) {
            in_file(id, file, &mut rulings, sink);
        }
    }
    rulings
}

/// The levels that application.yml says.
pub(crate) fn levels(application: &Application) -> impl Iterator<Item = Ruling> {
    application.diagnostics.iter().filter_map(|(key, field)| {
        let DiagnosticLevel {
            level,
            because: _, // for people
            until,
        } = set(field)?;
        Some(Ruling {
            code: find_code(&key.value)?,
            level: set(level)?.value,
            reach: Reach::Everywhere,
            until: set(until).map(|until| until.value),
            at: key.span,
        })
    })
}

fn set<T>(field: &Field<T>) -> Option<&T> {
    match field {
        Field::Set(value) => Some(value),
        Field::Absent | Field::Removed(_) | Field::Broken(_) => None,
    }
}

fn in_file(id: SourceId, file: &SourceFile, rulings: &mut Vec<Ruling>, sink: &mut Sink) {
    for comment in yaml::comments(id, &file.text) {
        let raw = file.text.get(comment.range()).unwrap_or_default();
        let words = raw.trim_start_matches('#').trim_start();
        let Some(rest) = words.strip_prefix(HEAD) else {
            continue;
        };
        let from = raw.len() - rest.len();
        let line = line(&file.text, comment);
        // What cannot be read is reported.
        if let Ok(read) = (Comment {
            raw,
            span: comment,
            sink,
        })
        .read(from)
        {
            let ruling = |code| Ruling {
                code,
                level: Level::Hidden,
                reach: Reach::Line(line),
                until: read.until,
                at: comment,
            };
            rulings.extend(read.codes.into_iter().map(ruling));
        }
    }
}

/// The line that a comment is for: its own, or the next that holds something else.
fn line(text: &str, comment: Span) -> Span {
    let (start, end) = (comment.start as usize, comment.end as usize);
    let begin = text
        .get(..start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let is_alone = text
        .get(begin..start)
        .is_some_and(|before| before.trim_start_matches('\u{feff}').trim().is_empty());
    if !is_alone {
        return Span::new(comment.source, begin, end);
    }
    let mut at = end;
    for line in text.get(end..).unwrap_or_default().split_inclusive('\n') {
        let words = line.trim();
        if !words.is_empty() && !words.starts_with('#') {
            return Span::new(comment.source, at, at + line.trim_end().len());
        }
        at += line.len();
    }
    Span::new(comment.source, text.len(), text.len())
}

/// What a comment says.
struct Read {
    codes: Vec<&'static Code>,
    until: Option<Date>,
}

/// A comment to exoc.
struct Comment<'a> {
    raw: &'a str,
    span: Span,
    sink: &'a mut Sink,
}

impl Comment<'_> {
    /// Reads `allow CODE, CODE until DATE because REASON`, which begins at byte `from`.
    fn read(mut self, from: usize) -> Result<Read, Failed> {
        let said = self.raw.get(from..).unwrap_or_default();
        // Another comment may stand behind it.
        let said = said.split(" #").next().unwrap_or_default();
        let (head, reason) = match said.split_once("because") {
            Some((head, reason)) => (head, Some(reason.trim())),
            None => (said, None),
        };
        let mut words = words(head, from);
        match words.first() {
            Some((_, "allow")) => drop(words.remove(0)),
            Some((_, word)) => {
                let near = did_you_mean(word, ["allow"]);
                return Err(self.malformed(
                    format!("`{word}` is nothing that a comment can ask of exoc"),
                    near,
                ));
            }
            None => return Err(self.malformed("a comment to exoc that says nothing".to_owned(), None)),
        }
        let end = words.iter().position(|(_, word)| *word == "until");
        let dates = end.map(|at| words.split_off(at));
        if words.is_empty() {
            return Err(self.malformed("the comment names no code".to_owned(), None));
        }
        let mut codes = Vec::new();
        for (at, word) in words {
            codes.push(self.code(at, word)?);
        }
        let until = match dates.as_deref() {
            None => None,
            Some([_, (at, word)]) => Some(date(word, self.place(*at, word), self.sink)?),
            Some(_) => return Err(self.malformed("one date belongs behind `until`".to_owned(), None)),
        };
        if reason.is_none_or(|reason| !reason.chars().any(char::is_alphanumeric)) {
            return Err(self.sink.error(
                Diagnostic::new(codes::NO_REASON, "an exception without a reason")
                    .at(self.span, "nobody will know why")
                    .help(format!("say why behind `because`, as in `{EXAMPLE}`")),
            ));
        }
        Ok(Read { codes, until })
    }

    fn code(&mut self, at: usize, word: &str) -> Result<&'static Code, Failed> {
        rulable(word, self.place(at, word), self.sink)
    }

    fn place(&self, at: usize, word: &str) -> Span {
        self.span.part(at, at + word.len())
    }

    fn malformed(&mut self, message: String, near: Option<String>) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::MALFORMED_COMMENT, message)
                .at(self.span, "cannot be read")
                .help_if(near)
                .help(format!(
                    "write `{EXAMPLE}`; any other comment begins without `{HEAD}`"
                )),
        )
    }
}

/// The words of a text between spaces and commas, with their places; the text begins at byte `from`.
fn words(text: &str, from: usize) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut at = from;
    for piece in text.split([' ', '\t', ',']) {
        if !piece.is_empty() {
            words.push((at, piece));
        }
        at += piece.len() + 1;
    }
    words
}

/// The day that a text names.
pub(crate) fn date(text: &str, at: Span, sink: &mut Sink) -> Result<Date, Failed> {
    Date::read(text).ok_or_else(|| {
        sink.error(
            Diagnostic::new(codes::BAD_DATE, format!("`{text}` is no day of the calendar"))
                .at(at, "not a date")
                .help("write year, month and day, as in `2027-01-31`"),
        )
    })
}

/// The code with this number, if something may be said about it.
pub(crate) fn rulable(text: &str, at: Span, sink: &mut Sink) -> Result<&'static Code, Failed> {
    let Some(code) = find_code(text).filter(|code| code.id == text) else {
        let upper = text.to_uppercase();
        let all = || exoc_diagnostics::CODES.iter().copied().flatten();
        // A name, or the number in small letters, says what is meant.
        let meant = find_code(text).map(|code| format!("did you mean `{}`?", code.id));
        let near = meant.or_else(|| did_you_mean(&upper, all().map(|code| code.id)));
        return Err(sink.error(
            Diagnostic::new(codes::UNKNOWN_CODE, format!("there is no code `{text}`"))
                .at(at, "unknown code")
                .help_if(near)
                .help("a code is what stands in brackets behind `warning` or `note`, like `EX0501`"),
        ));
    };
    match code.severity {
        Severity::Warning | Severity::Note => Ok(code),
        Severity::Error => Err(sink.error(
            Diagnostic::new(
                codes::FIXED_LEVEL,
                format!("{} is an error, and stays one", code.id),
            )
            .at(at, code.name)
            .help("correct what it reports: no files can be made of it")
            .help(format!("`exoc explain {}` says why", code.id)),
        )),
    }
}
