//! Layout of bodies: alignment of attributes and their comments, and blank lines. Between blocks,
//! around a block or an attribute of several lines, after a leading `count`, `for_each` or `provider`
//! and before `depends_on` stands one blank line; `tofu fmt` would keep any, reviewers expect these.

use super::body::{Block, Body, Item};
use super::expression::Expression;
use super::layout::{Row, aligned, push, spans_lines};
use super::lexical::width;
use crate::text::{comment_lines, push_comment, push_spaces, trailing_comment};

/// The text of a file.
pub(super) fn file(body: &Body) -> String {
    let mut out = String::new();
    push_body(body, 0, &mut out);
    out
}

/// One item on its way to the page.
enum Line<'a> {
    Comment(&'a str),
    Attribute(Attribute<'a>),
    Block(&'a Block),
}

struct Attribute<'a> {
    name: &'a str,
    value: &'a Expression,
    comment: Option<&'a str>,
    /// Whether the value takes several lines.
    spans: bool,
}

impl Row for Attribute<'_> {
    fn name_width(&self) -> usize {
        width(self.name)
    }

    fn spans_lines(&self) -> bool {
        self.spans
    }
}

impl Attribute<'_> {
    /// Whether it has blank lines around it.
    fn stands_on_its_own(&self) -> bool {
        self.spans || self.name == "depends_on"
    }
}

/// Items that stand together, without a blank line between them, until they are written.
struct Page<'a, 'o> {
    indent: usize,
    paragraph: Vec<Line<'a>>,
    /// Comments wait for what they belong to.
    comments: Vec<Line<'a>>,
    /// Whether every paragraph that was written holds comments alone.
    only_comments: bool,
    begun: bool,
    out: &'o mut String,
}

fn push_body(body: &Body, indent: usize, out: &mut String) {
    let mut page = Page {
        indent,
        paragraph: Vec::new(),
        comments: Vec::new(),
        only_comments: true,
        begun: false,
        out,
    };
    for item in &body.items {
        match item {
            Item::Comment(text) => page.comments.push(Line::Comment(text)),
            Item::Blank => {
                page.take_comments();
                page.close();
            }
            Item::Attribute { name, value, comment } => page.attribute(Attribute {
                name: name.as_str(),
                value,
                comment: comment.as_deref(),
                spans: spans_lines(value, indent),
            }),
            Item::Block(block) => {
                page.close();
                page.take_comments();
                page.paragraph.push(Line::Block(block));
            }
        }
    }
    page.take_comments();
    page.close();
}

impl<'a> Page<'a, '_> {
    fn take_comments(&mut self) {
        self.paragraph.append(&mut self.comments);
    }

    fn attribute(&mut self, mut attribute: Attribute<'a>) {
        let alone = attribute.stands_on_its_own();
        if alone || self.ends_with_meta_argument() || self.ends_with_lines() {
            self.close();
        }
        self.take_comments();
        if alone && attribute.spans {
            // Above the value, in a line of its own.
            let above = attribute.comment.take();
            self.paragraph.extend(above.map(Line::Comment));
        }
        self.paragraph.push(Line::Attribute(attribute));
    }

    /// Whether the last line is a block or an attribute of several lines.
    fn ends_with_lines(&self) -> bool {
        self.paragraph.last().is_some_and(|line| match line {
            Line::Block(_) => true,
            Line::Attribute(attribute) => attribute.spans,
            Line::Comment(_) => false,
        })
    }

    /// Whether the only attribute so far is one that says how often or where the block exists.
    fn ends_with_meta_argument(&self) -> bool {
        let is_meta = |line: &Line<'_>| match line {
            Line::Attribute(attribute) => matches!(attribute.name, "count" | "for_each" | "provider"),
            Line::Comment(_) | Line::Block(_) => false,
        };
        self.only_comments && self.paragraph.last().is_some_and(is_meta)
    }

    /// Writes the paragraph, if there is one.
    fn close(&mut self) {
        let mut paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        if std::mem::replace(&mut self.begun, true) {
            self.out.push('\n');
        }
        self.only_comments &= paragraph.iter().all(|line| match line {
            Line::Comment(_) => true,
            Line::Attribute(_) | Line::Block(_) => false,
        });
        self.write(&paragraph);
        // Its room is of use to the next.
        paragraph.clear();
        self.paragraph = paragraph;
    }

    fn write(&mut self, paragraph: &[Line<'_>]) {
        let mut rows = Vec::with_capacity(paragraph.len());
        for line in paragraph {
            match line {
                Line::Attribute(attribute) => rows.push(attribute),
                Line::Comment(text) => {
                    self.write_rows(&rows);
                    rows.clear();
                    for line in comment_lines(text) {
                        push_spaces(self.indent, self.out);
                        push_comment(line, self.out);
                        self.out.push('\n');
                    }
                }
                Line::Block(block) => {
                    self.write_rows(&rows);
                    rows.clear();
                    push_spaces(self.indent, self.out);
                    push_block(block, self.indent, self.out);
                    self.out.push('\n');
                }
            }
        }
        self.write_rows(&rows);
    }

    fn write_rows(&mut self, rows: &[&Attribute<'_>]) {
        // Where the lines end that are to have a comment, and their comments.
        let mut commented: Vec<(usize, Option<&str>)> = Vec::new();
        let (indent, out) = (self.indent, &mut *self.out);
        let begin = out.len();
        let any = rows.iter().any(|row| row.comment.is_some());
        aligned(rows, |row, width| {
            push_spaces(indent, out);
            out.push_str(row.name);
            push_spaces(width.saturating_sub(row.name_width()), out);
            out.push_str(" = ");
            push(row.value, indent, out);
            if any {
                commented.push((out.len(), row.comment));
            }
            out.push('\n');
        });
        if any {
            let lines = out.split_off(begin);
            push_with_comments(&lines, begin, &commented, out);
        }
    }
}

impl Row for &Attribute<'_> {
    fn name_width(&self) -> usize {
        (*self).name_width()
    }

    fn spans_lines(&self) -> bool {
        (*self).spans_lines()
    }
}

/// Writes rows that end where `ends` says, counted from `begin` on, with their comments aligned over consecutive rows
/// that have one.
fn push_with_comments(rows: &str, begin: usize, ends: &[(usize, Option<&str>)], out: &mut String) {
    let mut start = 0;
    let mut lines = Vec::with_capacity(ends.len());
    for (end, comment) in ends {
        let end = end.saturating_sub(begin);
        lines.push((
            rows.get(start..end).unwrap_or_default(),
            comment.map(trailing_comment),
        ));
        // Behind the line end.
        start = end + 1;
    }
    for run in lines.chunk_by(|(_, a), (_, b)| a.is_some() && b.is_some()) {
        let widest = run.iter().map(|(line, _)| width(line)).max().unwrap_or(0);
        for (line, comment) in run {
            out.push_str(line);
            if let Some(comment) = comment {
                push_spaces(widest.saturating_sub(width(line)) + 1, out);
                out.push_str(comment);
            }
            out.push('\n');
        }
    }
}

fn push_block(Block { kind, labels, body }: &Block, indent: usize, out: &mut String) {
    out.push_str(kind.as_str());
    for label in labels {
        out.push_str(" \"");
        out.push_str(label.as_str());
        out.push('"');
    }
    if body.is_empty() {
        return out.push_str(" {}");
    }
    out.push_str(" {\n");
    push_body(body, indent + 2, out);
    push_spaces(indent, out);
    out.push('}');
}
