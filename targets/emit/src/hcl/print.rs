//! Layout of bodies: alignment of attributes and their comments, and blank lines. Between blocks,
//! around a block or an attribute of several lines, after a leading `count`, `for_each` or `provider`
//! and before `depends_on` stands one blank line; `tofu fmt` would keep any, reviewers expect these.

use super::body::{Block, Body, Item};
use super::layout::{Row, assignment, expression, name_widths, spans_lines};
use super::lexical::width;
use crate::text::{comment_lines, trailing_comment};

/// The text of a file.
pub(super) fn file(body: &Body) -> String {
    let mut out = String::new();
    print_body(body, 0, &mut out);
    out
}

/// A group of items that stand together, without a blank line between them.
#[derive(Default)]
struct Paragraph {
    lines: Vec<Line>,
}

enum Line {
    Comment(String),
    Attribute { row: Row, comment: Option<String> },
    Block(String),
}

fn print_body(body: &Body, indent: usize, out: &mut String) {
    let paragraphs = paragraphs(body, indent);
    for (position, paragraph) in paragraphs.iter().enumerate() {
        if position > 0 {
            out.push('\n');
        }
        print_paragraph(paragraph, indent, out);
    }
}

fn paragraphs(body: &Body, indent: usize) -> Vec<Paragraph> {
    let mut done = Vec::new();
    let mut open = Paragraph::default();
    // Comments wait for what they belong to.
    let mut comments: Vec<Line> = Vec::new();
    for item in &body.items {
        match item {
            Item::Comment(text) => comments.extend(comment_lines(text).into_iter().map(Line::Comment)),
            Item::Blank => {
                open.lines.append(&mut comments);
                close(&mut open, &mut done);
            }
            Item::Attribute { name, value, comment } => {
                let row = Row {
                    name: name.as_str().to_owned(),
                    value: expression(value, indent),
                };
                let place = Place::of(&row);
                if place != Place::Among || open.ends_with_meta_argument(&done) || open.ends_with_lines() {
                    close(&mut open, &mut done);
                }
                open.lines.append(&mut comments);
                let mut comment = comment.as_deref().map(trailing_comment);
                if place == Place::OnItsOwn && spans_lines(&row.value) {
                    open.lines.extend(comment.take().map(Line::Comment));
                }
                open.lines.push(Line::Attribute { row, comment });
            }
            Item::Block(block) => {
                close(&mut open, &mut done);
                open.lines.append(&mut comments);
                open.lines.push(Line::Block(print_block(block, indent)));
            }
        }
    }
    open.lines.append(&mut comments);
    close(&mut open, &mut done);
    done
}

fn close(open: &mut Paragraph, done: &mut Vec<Paragraph>) {
    if !open.lines.is_empty() {
        done.push(std::mem::take(open));
    }
}

/// Whether an attribute stands among others or has blank lines around it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Among,
    OnItsOwn,
}

impl Place {
    fn of(row: &Row) -> Self {
        if spans_lines(&row.value) || row.name == "depends_on" {
            Self::OnItsOwn
        } else {
            Self::Among
        }
    }
}

impl Paragraph {
    /// Whether the last line is a block or an attribute of several lines.
    fn ends_with_lines(&self) -> bool {
        self.lines.last().is_some_and(|line| match line {
            Line::Block(_) => true,
            Line::Attribute { row, .. } => spans_lines(&row.value),
            Line::Comment(_) => false,
        })
    }

    /// Whether the only attribute so far is one that says how often or where the block exists.
    fn ends_with_meta_argument(&self, done: &[Self]) -> bool {
        let is_meta = |line: &Line| match line {
            Line::Attribute { row, .. } => matches!(row.name.as_str(), "count" | "for_each" | "provider"),
            Line::Comment(_) | Line::Block(_) => false,
        };
        let is_comment = |line: &Line| match line {
            Line::Comment(_) => true,
            Line::Attribute { .. } | Line::Block(_) => false,
        };
        done.iter().flat_map(|paragraph| &paragraph.lines).all(is_comment)
            && self.lines.last().is_some_and(is_meta)
    }
}

fn print_block(Block { kind, labels, body }: &Block, indent: usize) -> String {
    let mut out = kind.as_str().to_owned();
    for label in labels {
        out.push_str(&format!(" \"{}\"", label.as_str()));
    }
    if body.is_empty() {
        out.push_str(" {}");
        return out;
    }
    out.push_str(" {\n");
    print_body(body, indent + 2, &mut out);
    out.push_str(&" ".repeat(indent));
    out.push('}');
    out
}

fn print_paragraph(Paragraph { lines }: &Paragraph, indent: usize, out: &mut String) {
    let is_row = |line: &Line| match line {
        Line::Attribute { .. } => true,
        Line::Comment(_) | Line::Block(_) => false,
    };
    let mut print = |line: &str| {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(line);
        out.push('\n');
    };
    for run in lines.chunk_by(|a, b| is_row(a) && is_row(b)) {
        let mut rows = Vec::new();
        let mut comments = Vec::new();
        for line in run {
            match line {
                Line::Comment(text) | Line::Block(text) => print(text),
                Line::Attribute { row, comment } => {
                    rows.push(row);
                    comments.push(comment.as_deref());
                }
            }
        }
        let widths = name_widths(&rows);
        let assigned: Vec<String> = rows
            .iter()
            .zip(widths)
            .map(|(row, width)| assignment(row, width))
            .collect();
        with_comments(assigned, &comments)
            .iter()
            .for_each(|line| print(line));
    }
}

/// Adds the comments at the end of lines, aligned over consecutive lines that have one.
fn with_comments(mut lines: Vec<String>, comments: &[Option<&str>]) -> Vec<String> {
    let mut rows: Vec<(&mut String, Option<&str>)> = lines.iter_mut().zip(comments.iter().copied()).collect();
    for run in rows.chunk_by_mut(|(_, a), (_, b)| a.is_some() && b.is_some()) {
        let widest = run.iter().map(|(line, _)| width(line)).max().unwrap_or(0);
        for (line, comment) in run {
            if let Some(comment) = comment {
                line.extend(std::iter::repeat_n(' ', widest.saturating_sub(width(line)) + 1));
                line.push_str(comment);
            }
        }
    }
    lines
}
