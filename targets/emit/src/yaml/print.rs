//! Layout of the YAML tree: two spaces per level, sequences indented under their key, comments and
//! blank lines above their entry. Takes no decision about a scalar's form.

use super::scalar::{Place, block_lines, push_line, push_text};
use super::{Entry, Lead, Mapping, Scalar, Yaml};
use crate::text::{comment_lines, push_comment, push_spaces};

/// Readers give up on a key without `?` that is longer than 1024 characters.
const LONGEST_IMPLICIT_KEY: usize = 1000;

/// One document, with a line end at its end.
#[must_use]
pub fn print(document: &Mapping) -> String {
    let mut printer = Printer::default();
    printer.document(document);
    printer.out
}

/// Several documents in one file, with `---` between them.
#[must_use]
pub fn print_documents(documents: &[Mapping]) -> String {
    let mut printer = Printer::default();
    for (position, document) in documents.iter().enumerate() {
        if position > 0 {
            printer.out.push_str("---\n");
        }
        printer.document(document);
    }
    printer.out
}

#[derive(Default)]
struct Printer {
    out: String,
}

impl Printer {
    fn document(&mut self, document: &Mapping) {
        if document.is_empty() {
            self.lead(document.pending.as_deref(), 0, Position::First);
            self.line(0, "{}");
        } else {
            self.entries(document, 0);
        }
    }

    fn entries(&mut self, mapping: &Mapping, indent: usize) {
        for (position, entry) in mapping.entries.iter().enumerate() {
            let position = if position == 0 {
                Position::First
            } else {
                Position::Later
            };
            self.lead(entry.lead.as_deref(), indent, position);
            self.pad(indent);
            self.entry(entry, indent);
        }
        self.pending(mapping, indent);
    }

    /// An entry from its key on, where the cursor already stands at its column.
    fn entry(&mut self, entry: &Entry, indent: usize) {
        let Entry { lead, key, value } = entry;
        let start = self.out.len();
        push_text(key, Place::Tight, &mut self.out);
        let printed = self.out.get(start..).unwrap_or_default();
        if printed.len() > LONGEST_IMPLICIT_KEY && printed.chars().count() > LONGEST_IMPLICIT_KEY {
            self.out.insert_str(start, "? ");
            self.out.push('\n');
            self.pad(indent);
        }
        self.out.push(':');
        match value {
            Yaml::Map(mapping) if !mapping.is_empty() => {
                self.out.push('\n');
                self.entries(mapping, indent + 2);
            }
            Yaml::Map(mapping) => {
                self.out.push_str(" {}\n");
                self.entries(mapping, indent + 2);
            }
            Yaml::List(items) if !items.is_empty() => {
                self.out.push('\n');
                self.items(items, indent + 2);
            }
            Yaml::List(_) => self.out.push_str(" []\n"),
            Yaml::FlowList(items) => {
                self.out.push(' ');
                self.flow_list(items);
            }
            Yaml::Scalar(scalar) => {
                self.out.push(' ');
                match lead.as_ref().and_then(|lead| lead.remark.as_ref()) {
                    Some(remark) => {
                        push_line(scalar, Place::Block, &mut self.out);
                        self.line(0, &format!(" # {remark}"));
                    }
                    None => self.scalar(scalar, indent + 2),
                }
            }
        }
    }

    fn items(&mut self, items: &[Yaml], indent: usize) {
        for item in items {
            if let Yaml::Map(mapping) = item
                && let Some(first) = mapping.entries.first()
            {
                // A comment between the dash and the first key would be hard to read.
                self.lead(first.lead.as_deref(), indent, Position::First);
            }
            self.pad(indent);
            self.item(item, indent);
        }
    }

    /// An item from its dash on, where the cursor already stands at its column.
    fn item(&mut self, item: &Yaml, indent: usize) {
        self.out.push_str("- ");
        match item {
            Yaml::Map(mapping) => match mapping.entries.split_first() {
                Some((first, _)) => {
                    self.entry(first, indent + 2);
                    self.entries_after_first(mapping, indent + 2);
                }
                None => {
                    self.out.push_str("{}\n");
                    self.entries(mapping, indent + 2);
                }
            },
            Yaml::List(items) => match items.split_first() {
                Some((first, others)) => {
                    self.item(first, indent + 2);
                    self.items(others, indent + 2);
                }
                None => self.out.push_str("[]\n"),
            },
            Yaml::FlowList(items) => self.flow_list(items),
            Yaml::Scalar(scalar) => self.scalar(scalar, indent + 2),
        }
    }

    fn entries_after_first(&mut self, mapping: &Mapping, indent: usize) {
        for entry in mapping.entries.iter().skip(1) {
            self.lead(entry.lead.as_deref(), indent, Position::Later);
            self.pad(indent);
            self.entry(entry, indent);
        }
        self.pending(mapping, indent);
    }

    fn flow_list(&mut self, items: &[Scalar]) {
        self.out.push('[');
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.out.push_str(", ");
            }
            push_line(item, Place::Tight, &mut self.out);
        }
        self.out.push_str("]\n");
    }

    fn scalar(&mut self, scalar: &Scalar, indent: usize) {
        if let Scalar::Text(text) = scalar
            && let Some((lines, chomping)) = block_lines(text)
        {
            self.out.push('|');
            self.out.push_str(chomping);
            self.out.push('\n');
            for line in lines {
                self.line(if line.is_empty() { 0 } else { indent }, line);
            }
        } else {
            push_line(scalar, Place::Block, &mut self.out);
            self.out.push('\n');
        }
    }

    fn lead(&mut self, lead: Option<&Lead>, indent: usize, position: Position) {
        let Some(lead) = lead else { return };
        if lead.blank && position == Position::Later {
            self.out.push('\n');
        }
        self.comments(&lead.comments, indent);
    }

    /// What was asked for after the last entry, but for a blank line.
    fn pending(&mut self, mapping: &Mapping, indent: usize) {
        if let Some(lead) = &mapping.pending {
            self.comments(&lead.comments, indent);
        }
    }

    fn comments(&mut self, comments: &[String], indent: usize) {
        for comment in comments {
            for line in comment_lines(comment) {
                self.pad(indent);
                push_comment(line, &mut self.out);
                self.out.push('\n');
            }
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        self.pad(indent);
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn pad(&mut self, indent: usize) {
        push_spaces(indent, &mut self.out);
    }
}

/// Where an entry stands in its mapping: no blank line is printed above the first.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Position {
    First,
    Later,
}
