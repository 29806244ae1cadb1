//! Layout of expressions: spaces and line ends exactly as `tofu fmt` leaves them. The rules are those
//! of hclwrite's `format.go` (read 2026-11-21, opentofu/hcl v2.20.2), which are not always those one
//! would choose: a `-` after `=>` gets a space, `if (` loses one.

use super::expression::{Expand, Expression, Key, KeyNode, Node, Object, Part, Shape};
use super::lexical::{escaped, is_bare_key, quoted, width};
use super::operators::{BinaryOperator, For, UnaryOperator, Yield};

/// A list that would end beyond this column is written one item per line.
const LONGEST_LIST: usize = 100;

/// A name with its value, on the way to the page.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) value: String,
}

/// The width to which the name of every row is padded. A run of rows aligns its `=`; a value of several
/// lines belongs to no run.
pub(super) fn name_widths(rows: &[&Row]) -> Vec<usize> {
    let mut widths = Vec::with_capacity(rows.len());
    for run in rows.chunk_by(|a, b| !spans_lines(&a.value) && !spans_lines(&b.value)) {
        let widest = run.iter().map(|row| width(&row.name)).max().unwrap_or(0);
        widths.extend(run.iter().map(|_| widest));
    }
    widths
}

/// Whether a printed value takes several lines.
pub(super) fn spans_lines(value: &str) -> bool {
    value.contains('\n')
}

/// `name = value`, with the name padded.
pub(super) fn assignment(row: &Row, name_width: usize) -> String {
    let padding = " ".repeat(name_width.saturating_sub(width(&row.name)));
    format!("{}{padding} = {}", row.name, row.value)
}

/// The expression as it stands in a line that is indented by `indent` spaces.
pub(super) fn expression(Expression(node): &Expression, indent: usize) -> String {
    match node {
        Node::Object(object) => object_lines(object, indent),
        Node::List(items) => list_lines(items, indent),
        Node::Call {
            name,
            arguments,
            expand,
        } => call_lines(name, arguments, *expand, indent),
        Node::For(comprehension) => for_lines(comprehension, indent),
        Node::Null
        | Node::Bool(_)
        | Node::Number(_)
        | Node::Text(_)
        | Node::Template(_)
        | Node::Variable(_)
        | Node::Attribute(..)
        | Node::Index(..)
        | Node::Splat(_)
        | Node::Unary(..)
        | Node::Binary(..)
        | Node::Conditional { .. } => flat_node(node),
    }
}

fn object_lines(object: &Object, indent: usize) -> String {
    if object.entries.is_empty() || object.shape == Shape::Inline {
        return flat_object(object);
    }
    let rows: Vec<Row> = object
        .entries
        .iter()
        .map(|(name, value)| Row {
            name: key(name),
            value: expression(value, indent + 2),
        })
        .collect();
    let widths = name_widths(&rows.iter().collect::<Vec<_>>());
    let lines = rows.iter().zip(widths).map(|(row, width)| assignment(row, width));
    enclose("{", lines, "", "}", indent)
}

fn list_lines(items: &[Expression], indent: usize) -> String {
    let holds_objects = items
        .iter()
        .any(|Expression(item)| matches!(item, Node::Object(object) if !object.entries.is_empty()));
    let lines: Vec<String> = items.iter().map(|item| expression(item, indent + 2)).collect();
    let must_break = holds_objects || lines.iter().any(|line| spans_lines(line));
    if !must_break {
        let flat = format!("[{}]", lines.join(", "));
        // A single long item gains nothing from a line of its own.
        if items.len() < 2 || indent + width(&flat) <= LONGEST_LIST {
            return flat;
        }
    }
    enclose("[", lines.into_iter(), ",", "]", indent)
}

/// A call on one line, or with its last argument hanging from the line, or one argument per line.
fn call_lines(name: &str, arguments: &[Expression], expand: Expand, indent: usize) -> String {
    let dots = dots(expand);
    let Some((last, others)) = arguments.split_last() else {
        return format!("{name}()");
    };
    let hanging = expression(last, indent);
    let before: String = others
        .iter()
        .map(|argument| expression(argument, indent) + ", ")
        .collect();
    if spans_lines(&before) || (spans_lines(&hanging) && aligns(&before)) {
        let mut lines: Vec<String> = others
            .iter()
            .map(|argument| expression(argument, indent + 2) + ",")
            .collect();
        lines.push(expression(last, indent + 2) + dots);
        return enclose(&format!("{name}("), lines.into_iter(), "", ")", indent);
    }
    format!("{name}({before}{hanging}{dots})")
}

fn for_lines(comprehension: &For, indent: usize) -> String {
    let (open, close) = brackets(comprehension);
    let value = match &comprehension.yields {
        Yield::Item(value) | Yield::Entry(_, value) | Yield::Group(_, value) => expression(value, indent + 2),
    };
    let line = for_clauses(comprehension, &value);
    let first_line = line.lines().next().unwrap_or_default();
    if spans_lines(&value) && !aligns(first_line) {
        enclose(open, std::iter::once(line), "", close, indent)
    } else {
        flat_for(comprehension)
    }
}

/// Whether the formatter may take a `=` inside this start of a line for one to align with the lines
/// below. Texts with ` = ` in them are caught too, which costs nothing but a line end.
fn aligns(start: &str) -> bool {
    start.contains(" = ")
}

fn enclose(
    open: &str,
    lines: impl Iterator<Item = String>,
    separator: &str,
    close: &str,
    indent: usize,
) -> String {
    let mut out = format!("{open}\n");
    for line in lines {
        out.push_str(&" ".repeat(indent + 2));
        out.push_str(&line);
        out.push_str(separator);
        out.push('\n');
    }
    out.push_str(&" ".repeat(indent));
    out.push_str(close);
    out
}

/// The expression on one line.
pub(super) fn flat(Expression(node): &Expression) -> String {
    flat_node(node)
}

fn flat_node(node: &Node) -> String {
    match node {
        Node::Null => "null".to_owned(),
        Node::Bool(value) => value.to_string(),
        Node::Number(digits) => digits.clone(),
        Node::Text(text) => quoted(text),
        Node::Template(parts) => template(parts),
        Node::List(items) => flat_list(items),
        Node::Object(object) => flat_object(object),
        Node::Variable(name) => name.as_str().to_owned(),
        Node::Attribute(base, name) => format!("{}.{}", traversed(base), name.as_str()),
        // The formatter drops a keyword that stands alone between brackets.
        Node::Index(base, key) if matches!(key.0, Node::Null | Node::Bool(_)) => {
            format!("{}[({})]", traversed(base), flat(key))
        }
        Node::Index(base, key) => format!("{}[{}]", traversed(base), flat(key)),
        Node::Splat(base) => format!("{}[*]", traversed(base)),
        Node::Call {
            name,
            arguments,
            expand,
        } => {
            let arguments: Vec<String> = arguments.iter().map(flat).collect();
            format!("{name}({}{})", arguments.join(", "), dots(*expand))
        }
        Node::Unary(operator, operand) => {
            let symbol = match operator {
                UnaryOperator::Negate => "-",
                UnaryOperator::Not => "!",
            };
            format!("{symbol}{}", traversed(operand))
        }
        Node::Binary(left, operator, right) => {
            let left = operand(left, *operator, Side::Left);
            format!(
                "{left} {} {}",
                operator.symbol(),
                operand(right, *operator, Side::Right)
            )
        }
        Node::Conditional {
            condition,
            then,
            otherwise,
        } => {
            format!("{} ? {} : {}", branch(condition), branch(then), branch(otherwise))
        }
        Node::For(comprehension) => flat_for(comprehension),
    }
}

fn dots(expand: Expand) -> &'static str {
    match expand {
        Expand::No => "",
        Expand::Last => "...",
    }
}

fn flat_list(items: &[Expression]) -> String {
    let items: Vec<String> = items.iter().map(flat).collect();
    format!("[{}]", items.join(", "))
}

fn flat_object(object: &Object) -> String {
    if object.entries.is_empty() {
        return "{}".to_owned();
    }
    let entries: Vec<String> = object
        .entries
        .iter()
        .map(|(name, value)| format!("{} = {}", key(name), flat(value)))
        .collect();
    format!("{{ {} }}", entries.join(", "))
}

/// An object key: bare if it can be, quoted if it is text, in parentheses if it is computed.
fn key(Key(key): &Key) -> String {
    match key {
        KeyNode::Name(name) if is_bare_key(name) => name.clone(),
        KeyNode::Name(name) => quoted(name),
        KeyNode::Computed(Expression(Node::Template(parts))) => template(parts),
        KeyNode::Computed(computed) => format!("({})", flat(computed)),
    }
}

fn template(parts: &[Part]) -> String {
    let mut out = String::from("\"");
    for (position, part) in parts.iter().enumerate() {
        match part {
            Part::Text(text) => {
                let before = match parts.get(position + 1) {
                    // `$${` would be a literal `${`: the dollars get an interpolation of their own.
                    Some(Part::Interpolation(_)) => text.trim_end_matches('$'),
                    Some(Part::Text(_)) | None => text,
                };
                out.push_str(&escaped(before));
                if let Some(dollars) = text.strip_prefix(before).filter(|dollars| !dollars.is_empty()) {
                    out.push_str(&format!("${{{}}}", quoted(dollars)));
                }
            }
            Part::Interpolation(value) => {
                let value = unsigned(flat(value));
                let before = if value.starts_with('{') { " " } else { "" };
                let after = if value.ends_with('}') { " " } else { "" };
                out.push_str(&format!("${{{before}{value}{after}}}"));
            }
        }
    }
    out.push('"');
    out
}

fn brackets(comprehension: &For) -> (&'static str, &'static str) {
    match comprehension.yields {
        Yield::Item(_) => ("[", "]"),
        Yield::Entry(..) | Yield::Group(..) => ("{", "}"),
    }
}

fn flat_for(comprehension: &For) -> String {
    match &comprehension.yields {
        Yield::Item(value) => format!("[{}]", for_clauses(comprehension, &flat(value))),
        Yield::Entry(_, value) | Yield::Group(_, value) => {
            format!("{{ {} }}", for_clauses(comprehension, &flat(value)))
        }
    }
}

/// Everything between the brackets, around a value that is already printed.
fn for_clauses(comprehension: &For, value: &str) -> String {
    let For {
        key,
        value: name,
        collection,
        yields,
        condition,
    } = comprehension;
    let names = match key {
        Some(key) => format!("{}, {}", key.as_str(), name.as_str()),
        None => name.as_str().to_owned(),
    };
    let collection = unsigned(branch(collection));
    // The formatter takes a keyword before a parenthesis for a function.
    let gap = if collection.starts_with('(') { "" } else { " " };
    let yielded = match yields {
        Yield::Item(_) => value.to_owned(),
        Yield::Entry(key, _) => format!("{} => {}", branch(key), unsigned(value.to_owned())),
        Yield::Group(key, _) => format!("{} => {}...", branch(key), unsigned(value.to_owned())),
    };
    let condition = condition.as_ref().map_or_else(String::new, |condition| {
        let condition = unsigned(branch(condition));
        let gap = if condition.starts_with(['(', '[']) {
            ""
        } else {
            " "
        };
        format!(" if{gap}{condition}")
    });
    format!("for {names} in{gap}{collection} : {yielded}{condition}")
}

/// Puts a negative value in parentheses where the formatter would take its sign for a subtraction.
fn unsigned(value: String) -> String {
    if value.starts_with('-') {
        format!("({value})")
    } else {
        value
    }
}

/// What a `.`, an index or a unary operator is applied to.
fn traversed(base: &Expression) -> String {
    let binds_tightest = matches!(
        base.0,
        Node::Variable(_) | Node::Attribute(..) | Node::Index(..) | Node::Splat(_) | Node::Call { .. }
    );
    if binds_tightest {
        flat(base)
    } else {
        format!("({})", flat(base))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

fn operand(operand: &Expression, operator: BinaryOperator, side: Side) -> String {
    if let Node::Binary(_, inner, _) = &operand.0 {
        let looser = inner.precedence() < operator.precedence();
        let equal_on_the_right = inner.precedence() == operator.precedence() && side == Side::Right;
        if looser || equal_on_the_right {
            format!("({})", flat(operand))
        } else {
            flat(operand)
        }
    } else {
        branch(operand)
    }
}

/// A part of a conditional or of a `for`, where another conditional needs parentheses.
fn branch(part: &Expression) -> String {
    if let Node::Conditional { .. } = part.0 {
        format!("({})", flat(part))
    } else {
        flat(part)
    }
}
