//! `command` and `entrypoint`: lists of arguments, and texts that are split as a shell would, without running one.

use super::{Binder, Want};
use crate::ast::{Command, Text};
use crate::reference::{self, Piece, Places, TextBuilder};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Sink, Span, Style, codes};
use std::ops::Range;

impl Binder<'_> {
    /// The value of `command`, `entrypoint` or `health.command`.
    pub(crate) fn command(&mut self, node: &Node, key: &'static str) -> Result<Command, Failed> {
        let want = Want::key(key, "a text or a list of texts", "command: [node, server.js]");
        let items = match &node.kind {
            Kind::Map(_) => return Err(self.wrong_type(node, &want)),
            Kind::List(_) => {
                let argument = Want::item(key, "a text", "[node, server.js]");
                self.list(node, &want, |binder, item| binder.referring(item, &argument))?
            }
            Kind::Scalar(_) => {
                let scalar = self.text_scalar(node, &want)?;
                let raw = self.raw(node.span);
                if scalar.style == Style::Plain && scalar.text.starts_with('-') && raw.contains('\n') {
                    let first = raw.lines().next().unwrap_or_default().trim_end();
                    return Err(self.sink.error(
                        Diagnostic::new(
                            codes::MALFORMED,
                            format!("`{key}` is one text, not a list of items"),
                        )
                        .at(node.span.part(0, first.len()), "no space behind the `-`")
                        .help("write a space behind each `-` that begins an item"),
                    ));
                }
                let places = Places::new(&scalar.text, raw, node.span);
                Splitter::new(&scalar.text, places, key).split(self.sink)?
            }
        };
        if items.is_empty() {
            return Err(self.malformed(
                node,
                format!("`{key}` is empty"),
                "no argument stands here",
                "write the program and its arguments, or remove the key".into(),
            ));
        }
        Ok(Command {
            span: node.span,
            items,
        })
    }
}

/// Where a character stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    /// Opened at this byte.
    Double,
}

/// What each character means, after quotes and backslashes.
enum Unit<'a> {
    Character(char),
    Piece(&'a Piece),
}

/// Splits one text into words.
struct Splitter<'a> {
    text: &'a str,
    places: Places<'a>,
    key: &'static str,
    words: Vec<Text>,
    word: Option<(usize, TextBuilder<'a>)>,
    failed: Option<Failed>,
}

impl<'a> Splitter<'a> {
    const fn new(text: &'a str, places: Places<'a>, key: &'static str) -> Self {
        Self {
            text,
            places,
            key,
            words: Vec::new(),
            word: None,
            failed: None,
        }
    }

    fn split(mut self, sink: &mut Sink) -> Result<Vec<Text>, Failed> {
        let (mut quote, mut opened) = (Quote::None, 0);
        let mut backslash = None;
        for piece in reference::pieces(self.text) {
            let range = match &piece {
                Piece::Literal(range) => range.clone(),
                Piece::Escape(range) | Piece::Reference(range, _) | Piece::Malformed(range, _) => {
                    backslash = None;
                    self.add(range.start, Unit::Piece(&piece), sink);
                    continue;
                }
            };
            for (offset, c) in self.text.get(range.clone()).unwrap_or_default().char_indices() {
                let at = range.start + offset;
                if let Some(start) = backslash.take() {
                    if c == '\n' {
                        continue;
                    }
                    if quote == Quote::Double && !matches!(c, '"' | '\\' | '$' | '`') {
                        self.add(start, Unit::Character('\\'), sink);
                    }
                    self.add(start, Unit::Character(c), sink);
                    continue;
                }
                match (quote, c) {
                    (Quote::None | Quote::Double, '\\') => backslash = Some(at),
                    (Quote::None, '\'') => (quote, opened) = (Quote::Single, at),
                    (Quote::None, '"') => (quote, opened) = (Quote::Double, at),
                    (Quote::Single, '\'') | (Quote::Double, '"') => {
                        self.begin(opened);
                        quote = Quote::None;
                    }
                    (Quote::None, c) if c.is_whitespace() => self.end(at),
                    (Quote::None, '&' | '|' | ';' | '<' | '>' | '`' | '$') | (Quote::Double, '`' | '$') => {
                        self.shell_syntax(at, sink);
                    }
                    (Quote::None | Quote::Single | Quote::Double, c) => {
                        self.add(at, Unit::Character(c), sink)
                    }
                }
            }
        }
        let end = self.text.len();
        if quote != Quote::None {
            let place = self.places.of(opened..opened + 1);
            self.failed = Some(sink.error(unclosed_quote(self.key, place)));
        } else if backslash.is_some() {
            self.add(end, Unit::Character('\\'), sink);
        }
        self.end(end);
        self.assignment(sink);
        self.failed.map_or(Ok(self.words), Err)
    }

    fn begin(&mut self, at: usize) -> &mut TextBuilder<'a> {
        let (text, places) = (self.text, self.places);
        &mut self
            .word
            .get_or_insert_with(|| (at, TextBuilder::new(text, places)))
            .1
    }

    fn add(&mut self, at: usize, unit: Unit<'_>, sink: &mut Sink) {
        let builder = self.begin(at);
        match unit {
            Unit::Character(c) => builder.literal(c.encode_utf8(&mut [0; 4])),
            Unit::Piece(piece) => builder.push(piece, sink),
        }
    }

    fn end(&mut self, at: usize) {
        if let Some((start, builder)) = self.word.take() {
            match builder.finish(self.places.of(start..at)) {
                Ok(word) => self.words.push(word),
                Err(failed) => self.failed = Some(failed),
            }
        }
    }

    /// Reports the first operator; one remedy serves for all of them.
    fn shell_syntax(&mut self, at: usize, sink: &mut Sink) {
        if self.failed.is_some() {
            return;
        }
        let range = self.operator(at);
        let found = self.text.get(range.clone()).unwrap_or_default();
        let key = self.key;
        let list = if key == "entrypoint" {
            "entrypoint"
        } else {
            "command"
        };
        let plain = self.text.len() <= 48 && !self.text.contains(['"', '\\', '`', '\n']);
        let line = if plain { self.text } else { "…" };
        let diagnostic = Diagnostic::new(
            codes::SHELL_SYNTAX,
            format!("`{found}` in `{key}` needs a shell, and none runs"),
        )
        .at(self.places.of(range), "would reach the program as it is")
        .help(format!(
            "start a shell where the image has one: `{list}: [sh, -c, \"{line}\"]`"
        ))
        .help(format!("to pass `{found}` as it is, put it in single quotes"));
        self.failed = Some(sink.error(diagnostic));
    }

    /// Reports a variable that is set before the program, as only a shell does.
    fn assignment(&mut self, sink: &mut Sink) {
        let rest = self.text.trim_start();
        let start = self.text.len() - rest.len();
        let Some((name, _)) = rest.split_once('=') else {
            return;
        };
        let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !is_name || self.failed.is_some() {
            return;
        }
        let key = self.key;
        let diagnostic = Diagnostic::new(
            codes::SHELL_SYNTAX,
            format!("`{name}=` before the program in `{key}` needs a shell, and none runs"),
        )
        .at(
            self.places.of(start..start + name.len() + 1),
            "would be the program's name",
        )
        .help(format!("set it in `environment`: `environment: {{ {name}: … }}`"))
        .help(format!("to pass it as an argument, write `{key}` as a list"));
        self.failed = Some(sink.error(diagnostic));
    }

    /// The operator that begins at `at`: one character, or the same one twice.
    fn operator(&self, at: usize) -> Range<usize> {
        let bytes = self.text.as_bytes();
        let twice =
            bytes.get(at) == bytes.get(at + 1) && matches!(bytes.get(at), Some(b'&' | b'|' | b'<' | b'>'));
        at..at + 1 + usize::from(twice)
    }
}

fn unclosed_quote(key: &str, place: Span) -> Diagnostic {
    Diagnostic::new(codes::MALFORMED, format!("a quote in `{key}` is never closed"))
        .at(place, "opens here")
        .help("close it, or write the command as a list: `command: [node, server.js]`")
}
