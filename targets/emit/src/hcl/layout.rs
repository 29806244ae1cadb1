//! Layout of expressions: spaces and line ends exactly as `tofu fmt` leaves them. The rules are those
//! of hclwrite's `format.go` (read 2026-11-21, opentofu/hcl v2.20.2), which are not always those one
//! would choose: a `-` after `=>` gets a space, `if (` loses one.

use super::expression::{Expand, Expression, Key, KeyNode, Node, Object, Part, Shape};
use super::lexical::{is_bare_key, push_escaped, push_quoted, width};
use super::operators::{BinaryOperator, For, UnaryOperator, Yield};
use crate::text::push_spaces;

/// A list that would end beyond this column is written one item per line.
const LONGEST_LIST: usize = 100;

/// How one row of a run stands: rows of a run align their `=`; a value of several lines belongs to no run.
pub(super) trait Row {
    /// The columns of its name.
    fn name_width(&self) -> usize;
    /// Whether its value takes several lines.
    fn spans_lines(&self) -> bool;
}

/// Hands out every row with the width to which its name is padded.
pub(super) fn aligned<R: Row>(rows: &[R], mut put: impl FnMut(&R, usize)) {
    for run in rows.chunk_by(|a, b| !a.spans_lines() && !b.spans_lines()) {
        let widest = run.iter().map(Row::name_width).max().unwrap_or(0);
        run.iter().for_each(|row| put(row, widest));
    }
}

/// Whether the expression takes several lines where the line it begins in is indented by `indent` spaces.
pub(super) fn spans_lines(Expression(node): &Expression, indent: usize) -> bool {
    match node {
        Node::Object(object) => object_spans(object),
        Node::List(items) => {
            list_breaks(items, indent) || {
                let mut line = String::new();
                if items.len() > 1 {
                    push_flat_list(items, &mut line);
                }
                !list_fits(items, &line, indent)
            }
        }
        Node::Call { arguments, .. } => arguments.iter().any(|argument| spans_lines(argument, indent)),
        Node::For(comprehension) => for_spans(comprehension, indent),
        Node::Null
        | Node::Bool(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Template(_)
        | Node::Path(_)
        | Node::Attribute(..)
        | Node::Index(..)
        | Node::Splat(_)
        | Node::Unary(..)
        | Node::Binary(..)
        | Node::Conditional { .. } => false,
    }
}

/// Writes the expression as it stands in a line that is indented by `indent` spaces.
pub(super) fn push(Expression(node): &Expression, indent: usize, out: &mut String) {
    match node {
        Node::Object(object) => push_object(object, indent, out),
        Node::List(items) => push_list(items, indent, out),
        Node::Call {
            name,
            arguments,
            expand,
        } => push_call(name, arguments, *expand, indent, out),
        Node::For(comprehension) => push_for(comprehension, indent, out),
        Node::Null
        | Node::Bool(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Template(_)
        | Node::Path(_)
        | Node::Attribute(..)
        | Node::Index(..)
        | Node::Splat(_)
        | Node::Unary(..)
        | Node::Binary(..)
        | Node::Conditional { .. } => push_flat_node(node, out),
    }
}

fn object_spans(object: &Object) -> bool {
    !object.entries.is_empty() && object.shape == Shape::Lines
}

struct Entry<'a> {
    key: &'a Key,
    value: &'a Expression,
    width: usize,
    spans: bool,
}

impl Row for Entry<'_> {
    fn name_width(&self) -> usize {
        self.width
    }

    fn spans_lines(&self) -> bool {
        self.spans
    }
}

fn push_object(object: &Object, indent: usize, out: &mut String) {
    if !object_spans(object) {
        return push_flat_object(object, out);
    }
    let entries = object.entries.iter().map(|(key, value)| Entry {
        key,
        value,
        width: key_width(key),
        spans: spans_lines(value, indent + 2),
    });
    let entries: Vec<Entry<'_>> = entries.collect();
    out.push_str("{\n");
    aligned(&entries, |entry, width| {
        push_spaces(indent + 2, out);
        push_key(entry.key, out);
        push_spaces(width.saturating_sub(entry.width), out);
        out.push_str(" = ");
        push(entry.value, indent + 2, out);
        out.push('\n');
    });
    push_spaces(indent, out);
    out.push('}');
}

/// Whether a list holds what needs lines of its own.
fn list_breaks(items: &[Expression], indent: usize) -> bool {
    items.iter().any(|item| {
        let holds_entries = matches!(&item.0, Node::Object(object) if !object.entries.is_empty());
        holds_entries || spans_lines(item, indent + 2)
    })
}

/// Whether a list may stand on the line `flat`. A single long item gains nothing from a line of its own.
fn list_fits(items: &[Expression], flat: &str, indent: usize) -> bool {
    items.len() < 2 || indent + width(flat) <= LONGEST_LIST
}

fn push_list(items: &[Expression], indent: usize, out: &mut String) {
    if !list_breaks(items, indent) {
        let start = out.len();
        push_flat_list(items, out);
        if list_fits(items, from(out, start), indent) {
            return;
        }
        out.truncate(start);
    }
    out.push_str("[\n");
    push_lines(items, ",", indent, out);
    out.push(']');
}

/// A line for each item, and the start of the line after them.
fn push_lines(items: &[Expression], separator: &str, indent: usize, out: &mut String) {
    for item in items {
        push_spaces(indent + 2, out);
        push(item, indent + 2, out);
        out.push_str(separator);
        out.push('\n');
    }
    push_spaces(indent, out);
}

/// A call on one line, or with its last argument hanging from the line, or one argument per line.
fn push_call(name: &str, arguments: &[Expression], expand: Expand, indent: usize, out: &mut String) {
    out.push_str(name);
    out.push('(');
    if let Some((last, others)) = arguments.split_last() {
        let start = out.len();
        for argument in others {
            push(argument, indent, out);
            out.push_str(", ");
        }
        let before = from(out, start);
        let breaks = before.contains('\n') || (aligns(before) && spans_lines(last, indent));
        if breaks {
            out.truncate(start);
            out.push('\n');
            push_lines(others, ",", indent, out);
            out.push_str("  ");
            push(last, indent + 2, out);
            out.push_str(dots(expand));
            out.push('\n');
            push_spaces(indent, out);
        } else {
            push(last, indent, out);
            out.push_str(dots(expand));
        }
    }
    out.push(')');
}

/// Whether a `for` is written between lines of brackets: if its value takes lines and cannot hang from the line.
fn for_spans(comprehension: &For, indent: usize) -> bool {
    let value = yielded(comprehension);
    spans_lines(value, indent + 2) && {
        let mut clauses = String::new();
        push_clauses(comprehension, &printed(value, indent + 2), &mut clauses);
        !aligns(clauses.lines().next().unwrap_or_default())
    }
}

fn push_for(comprehension: &For, indent: usize, out: &mut String) {
    if !for_spans(comprehension, indent) {
        return push_flat_for(comprehension, out);
    }
    let (open, close) = brackets(comprehension);
    out.push_str(open);
    out.push('\n');
    push_spaces(indent + 2, out);
    let value = printed(yielded(comprehension), indent + 2);
    push_clauses(comprehension, &value, out);
    out.push('\n');
    push_spaces(indent, out);
    out.push_str(close);
}

/// What a `for` makes of every element.
fn yielded(comprehension: &For) -> &Expression {
    match &comprehension.yields {
        Yield::Item(value) | Yield::Entry(_, value) | Yield::Group(_, value) => value,
    }
}

fn printed(expression: &Expression, indent: usize) -> String {
    let mut out = String::new();
    push(expression, indent, &mut out);
    out
}

/// Whether the formatter may take a `=` inside this start of a line for one to align with the lines
/// below. Texts with ` = ` in them are caught too, which costs nothing but a line end.
fn aligns(start: &str) -> bool {
    start.contains(" = ")
}

/// What was written from `start` on.
fn from(out: &str, start: usize) -> &str {
    out.get(start..).unwrap_or_default()
}

/// Writes the expression on one line.
fn push_flat(Expression(node): &Expression, out: &mut String) {
    push_flat_node(node, out);
}

fn push_flat_node(node: &Node, out: &mut String) {
    match node {
        Node::Null => out.push_str("null"),
        Node::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Node::Number(digits) => out.push_str(digits),
        Node::Text(text) => push_quoted(text, out),
        Node::Template(parts) => push_template(parts, out),
        Node::List(items) => push_flat_list(items, out),
        Node::Object(object) => push_flat_object(object, out),
        Node::Path(path) => out.push_str(path),
        Node::Attribute(base, name) => {
            push_traversed(base, out);
            out.push('.');
            out.push_str(name.as_str());
        }
        Node::Index(base, key) => {
            // The formatter drops a keyword that stands alone between brackets.
            let keyword = matches!(key.0, Node::Null | Node::Bool(_));
            push_traversed(base, out);
            out.push_str(if keyword { "[(" } else { "[" });
            push_flat(key, out);
            out.push_str(if keyword { ")]" } else { "]" });
        }
        Node::Splat(base) => {
            push_traversed(base, out);
            out.push_str("[*]");
        }
        Node::Call {
            name,
            arguments,
            expand,
        } => {
            out.push_str(name);
            out.push('(');
            push_joined(arguments, out);
            out.push_str(dots(*expand));
            out.push(')');
        }
        Node::Unary(operator, operand) => {
            out.push(match operator {
                UnaryOperator::Negate => '-',
                UnaryOperator::Not => '!',
            });
            push_traversed(operand, out);
        }
        Node::Binary(left, operator, right) => {
            push_operand(left, *operator, Side::Left, out);
            out.push(' ');
            out.push_str(operator.symbol());
            out.push(' ');
            push_operand(right, *operator, Side::Right, out);
        }
        Node::Conditional {
            condition,
            then,
            otherwise,
        } => {
            push_branch(condition, out);
            out.push_str(" ? ");
            push_branch(then, out);
            out.push_str(" : ");
            push_branch(otherwise, out);
        }
        Node::For(comprehension) => push_flat_for(comprehension, out),
    }
}

fn dots(expand: Expand) -> &'static str {
    match expand {
        Expand::No => "",
        Expand::Last => "...",
    }
}

fn push_joined(items: &[Expression], out: &mut String) {
    for (position, item) in items.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        push_flat(item, out);
    }
}

fn push_flat_list(items: &[Expression], out: &mut String) {
    out.push('[');
    push_joined(items, out);
    out.push(']');
}

fn push_flat_object(object: &Object, out: &mut String) {
    if object.entries.is_empty() {
        return out.push_str("{}");
    }
    out.push_str("{ ");
    for (position, (key, value)) in object.entries.iter().enumerate() {
        if position > 0 {
            out.push_str(", ");
        }
        push_key(key, out);
        out.push_str(" = ");
        push_flat(value, out);
    }
    out.push_str(" }");
}

/// An object key: bare if it can be, quoted if it is text, in parentheses if it is computed.
fn push_key(Key(key): &Key, out: &mut String) {
    match key {
        KeyNode::Name(name) if is_bare_key(name) => out.push_str(name),
        KeyNode::Name(name) => push_quoted(name, out),
        KeyNode::Computed(computed) => {
            if let Node::Template(parts) = &computed.0 {
                push_template(parts, out);
            } else {
                push_in_parentheses(computed, out);
            }
        }
    }
}

/// The columns of a printed key.
fn key_width(key: &Key) -> usize {
    match &key.0 {
        KeyNode::Name(name) if is_bare_key(name) => width(name),
        KeyNode::Name(_) | KeyNode::Computed(_) => {
            let mut text = String::new();
            push_key(key, &mut text);
            width(&text)
        }
    }
}

fn push_in_parentheses(expression: &Expression, out: &mut String) {
    out.push('(');
    push_flat(expression, out);
    out.push(')');
}

fn push_template(parts: &[Part], out: &mut String) {
    out.push('"');
    for (position, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => {
                let before = match parts.get(position + 1) {
                    // `$${` would be a literal `${`: the dollars get an interpolation of their own.
                    Some(Part::Interpolation(_)) => text.trim_end_matches('$'),
                    Some(Part::Text(_)) | None => text,
                };
                push_escaped(before, out);
                if let Some(dollars) = text.strip_prefix(before).filter(|dollars| !dollars.is_empty()) {
                    out.push_str("${");
                    push_quoted(dollars, out);
                    out.push('}');
                }
            }
            Part::Interpolation(value) => {
                out.push_str("${");
                let start = out.len();
                push_flat(value, out);
                parenthesize_sign(out, start);
                if from(out, start).starts_with('{') {
                    out.insert(start, ' ');
                }
                if out.ends_with('}') {
                    out.push(' ');
                }
                out.push('}');
            }
        }
    }
    out.push('"');
}

fn brackets(comprehension: &For) -> (&'static str, &'static str) {
    match comprehension.yields {
        Yield::Item(_) => ("[", "]"),
        Yield::Entry(..) | Yield::Group(..) => ("{", "}"),
    }
}

fn push_flat_for(comprehension: &For, out: &mut String) {
    let mut value = String::new();
    push_flat(yielded(comprehension), &mut value);
    let (open, close) = match comprehension.yields {
        Yield::Item(_) => ("[", "]"),
        Yield::Entry(..) | Yield::Group(..) => ("{ ", " }"),
    };
    out.push_str(open);
    push_clauses(comprehension, &value, out);
    out.push_str(close);
}

/// Everything between the brackets, around a value that is already printed.
fn push_clauses(comprehension: &For, value: &str, out: &mut String) {
    let For {
        key,
        value: name,
        collection,
        yields,
        condition,
    } = comprehension;
    out.push_str("for ");
    if let Some(key) = key {
        out.push_str(key.as_str());
        out.push_str(", ");
    }
    out.push_str(name.as_str());
    out.push_str(" in");
    // The formatter takes a keyword before a parenthesis for a function.
    push_after_keyword(collection, &['('], out);
    out.push_str(" : ");
    let start = match yields {
        Yield::Item(_) => None,
        Yield::Entry(key, _) | Yield::Group(key, _) => {
            push_branch(key, out);
            out.push_str(" => ");
            Some(out.len())
        }
    };
    out.push_str(value);
    if let Some(start) = start {
        parenthesize_sign(out, start);
    }
    match yields {
        Yield::Item(_) | Yield::Entry(..) => {}
        Yield::Group(..) => out.push_str("..."),
    }
    if let Some(condition) = condition {
        out.push_str(" if");
        push_after_keyword(condition, &['(', '['], out);
    }
}

/// Writes what follows a keyword, with a space unless it begins with one of `tight`.
fn push_after_keyword(part: &Expression, tight: &[char], out: &mut String) {
    let start = out.len();
    push_branch(part, out);
    parenthesize_sign(out, start);
    if !from(out, start).starts_with(tight) {
        out.insert(start, ' ');
    }
}

/// Puts a negative value in parentheses where the formatter would take its sign for a subtraction.
fn parenthesize_sign(out: &mut String, start: usize) {
    if from(out, start).starts_with('-') {
        out.insert(start, '(');
        out.push(')');
    }
}

/// What a `.`, an index or a unary operator is applied to.
fn push_traversed(base: &Expression, out: &mut String) {
    let binds_tightest = matches!(
        base.0,
        Node::Path(_) | Node::Attribute(..) | Node::Index(..) | Node::Splat(_) | Node::Call { .. }
    );
    if binds_tightest {
        push_flat(base, out);
    } else {
        push_in_parentheses(base, out);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn push_operand(operand: &Expression, operator: BinaryOperator, side: Side, out: &mut String) {
    if let Node::Binary(_, inner, _) = &operand.0 {
        let looser = inner.precedence() < operator.precedence();
        let equal_on_the_right = inner.precedence() == operator.precedence() && side == Side::Right;
        if looser || equal_on_the_right {
            push_in_parentheses(operand, out);
        } else {
            push_flat(operand, out);
        }
    } else {
        push_branch(operand, out);
    }
}

/// A part of a conditional or of a `for`, where another conditional needs parentheses.
fn push_branch(part: &Expression, out: &mut String) {
    if let Node::Conditional { .. } = part.0 {
        push_in_parentheses(part, out);
    } else {
        push_flat(part, out);
    }
}
