//! A root module of Terraform: its blocks by address, and what expressions in it come to.
//!
//! An expression comes to a [`Term`]: what the files say is evaluated, what only AWS or whoever applies them knows
//! stays a reference by name. Knows HCL; must not know a resource.

use crate::facts::Files;
use hcl::edit::Spanned;
use hcl::edit::visit_mut::VisitMut;
use hcl::expr::{Expression, FuncCall, TemplateExpr, TraversalOperator};
use hcl::template::{Element, Template};
use hcl::{Body, ObjectKey};
use std::collections::BTreeMap;

/// How deep references may lead to references.
const DEEPEST: usize = 32;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// `null`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text, or a reference, which is a text of one piece.
    Text(Vec<Piece>),
    /// A list.
    List(Vec<Term>),
    /// An object.
    Object(BTreeMap<String, Term>),
    /// A call of a function that is not evaluated here.
    Call(String, Vec<Term>),
    /// Something else, which no fact needs.
    Other,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Characters.
    Literal(String),
    /// What is only known later, by its full name: `aws_db_instance.db.address`.
    Reference(Vec<String>),
}

impl Term {
    /// A text without references; numbers and truth values are texts too.
    pub(super) fn plain(&self) -> Option<String> {
        match self {
            Self::Bool(value) => Some(value.to_string()),
            Self::Number(number) => Some(number.clone()),
            Self::Text(pieces) => match pieces.as_slice() {
                [] => Some(String::new()),
                [Piece::Literal(text)] => Some(text.clone()),
                _ => None,
            },
            Self::Null | Self::List(_) | Self::Object(_) | Self::Call(..) | Self::Other => None,
        }
    }

    /// A number.
    pub(super) fn number(&self) -> Option<u64> {
        self.plain()?.parse().ok()
    }

    /// A reference and nothing else.
    pub(super) fn reference(&self) -> Option<&[String]> {
        match self {
            Self::Text(pieces) => match pieces.as_slice() {
                [Piece::Reference(path)] => Some(path),
                _ => None,
            },
            Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::List(_)
            | Self::Object(_)
            | Self::Call(..)
            | Self::Other => None,
        }
    }

    /// Pieces of a text.
    pub(super) fn pieces(&self) -> Option<Vec<Piece>> {
        match self {
            Self::Text(pieces) => Some(pieces.clone()),
            Self::Bool(_) | Self::Number(_) => Some(vec![Piece::Literal(self.plain()?)]),
            Self::Call(name, arguments) => match (name.as_str(), arguments.as_slice()) {
                ("tostring", [argument]) => argument.pieces(),
                _ => None,
            },
            Self::Null | Self::List(_) | Self::Object(_) | Self::Other => None,
        }
    }

    /// Members of a list.
    pub(super) fn list(&self) -> Option<&[Term]> {
        if let Self::List(items) = self {
            Some(items)
        } else {
            None
        }
    }

    /// A member of an object.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        if let Self::Object(map) = self {
            map.get(key)
        } else {
            None
        }
    }

    /// What a call of this function gets.
    pub(super) fn call(&self, function: &str) -> Option<&[Term]> {
        match self {
            Self::Call(name, arguments) if name == function => Some(arguments),
            Self::Call(..)
            | Self::Null
            | Self::Bool(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::List(_)
            | Self::Object(_)
            | Self::Other => None,
        }
    }
}

/// A root module.
#[derive(Debug, Default)]
pub(super) struct Module {
    blocks: BTreeMap<Vec<String>, Body>,
    locals: BTreeMap<String, Expression>,
}

impl Module {
    /// Reads all files of the root module.
    pub(super) fn read(files: &Files) -> Result<Self, String> {
        let mut module = Self::default();
        for path in files
            .keys()
            .filter(|path| path.ends_with(".tf") && !path.contains('/'))
        {
            let text = crate::facts::text(files, path)?;
            let body = parse(text).map_err(|error| format!("{path}: {error}"))?;
            module.add(path, body)?;
        }
        if module.blocks.is_empty() {
            return Err("there is no file of Terraform".to_owned());
        }
        Ok(module)
    }

    fn add(&mut self, path: &str, body: Body) -> Result<(), String> {
        for block in body.into_blocks() {
            let mut address: Vec<String> = block
                .labels
                .iter()
                .map(|label| label.as_str().to_owned())
                .collect();
            match block.identifier.as_str() {
                "resource" => {}
                "locals" => {
                    for local in block.body.into_attributes() {
                        self.locals.insert(local.key.to_string(), local.expr);
                    }
                    continue;
                }
                "check" | "moved" | "removed" | "terraform" => continue,
                kind => address.insert(0, kind.to_owned()),
            }
            if self.blocks.insert(address.clone(), block.body).is_some() {
                return Err(format!("{path}: {address:?} is there twice"));
            }
        }
        Ok(())
    }

    /// The body of a block by its address: `["aws_lb", "main"]`, `["provider", "aws"]`.
    pub(super) fn block(&self, address: &[&str]) -> Option<&Body> {
        self.blocks
            .get(&address.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>())
    }

    /// All resources of a type: address and body.
    pub(super) fn all<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (&'a str, &'a Body)> {
        self.blocks
            .iter()
            .filter_map(move |(address, body)| match address.as_slice() {
                [first, second] if first == kind => Some((second.as_str(), body)),
                _ => None,
            })
    }

    /// The addresses of all blocks of a kind and a type: `data`, `aws_iam_policy_document`.
    pub(super) fn blocks_of<'a>(&'a self, kind: &'a str, of: &'a str) -> impl Iterator<Item = &'a str> {
        self.blocks
            .keys()
            .filter_map(move |address| match address.as_slice() {
                [first, second, third] if first == kind && second == of => Some(third.as_str()),
                _ => None,
            })
    }

    /// What an attribute of a body comes to.
    pub(super) fn attribute(&self, body: &Body, key: &str) -> Result<Option<Term>, String> {
        let found = body.attributes().find(|attribute| attribute.key() == key);
        found
            .map(|attribute| self.evaluate(attribute.expr(), 0))
            .transpose()
    }

    /// The same for one that must be there.
    pub(super) fn required(&self, body: &Body, key: &str, what: &str) -> Result<Term, String> {
        self.attribute(body, key)?
            .ok_or_else(|| format!("{what} has no `{key}`"))
    }

    /// A number that must be there.
    pub(super) fn number(&self, body: &Body, key: &str, what: &str) -> Result<u64, String> {
        let term = self.required(body, key, what)?;
        term.number()
            .ok_or_else(|| format!("`{key}` of {what} is no number: {term:?}"))
    }

    /// A text without references that must be there.
    pub(super) fn plain(&self, body: &Body, key: &str, what: &str) -> Result<String, String> {
        let term = self.required(body, key, what)?;
        term.plain()
            .ok_or_else(|| format!("`{key}` of {what} is no plain text: {term:?}"))
    }

    fn evaluate(&self, expression: &Expression, depth: usize) -> Result<Term, String> {
        if depth > DEEPEST {
            return Err(format!("references go in circles at {expression:?}"));
        }
        let literal = |text: &str| {
            if text.is_empty() {
                Term::Text(Vec::new())
            } else {
                Term::Text(vec![Piece::Literal(text.to_owned())])
            }
        };
        Ok(match expression {
            Expression::Null => Term::Null,
            Expression::Bool(value) => Term::Bool(*value),
            Expression::Number(number) => Term::Number(number.to_string()),
            Expression::String(text) => literal(text),
            Expression::Array(items) => Term::List(
                items
                    .iter()
                    .map(|item| self.evaluate(item, depth))
                    .collect::<Result<_, _>>()?,
            ),
            Expression::Object(object) => {
                let mut map = BTreeMap::new();
                for (key, value) in object {
                    map.insert(self.key(key, depth)?, self.evaluate(value, depth)?);
                }
                Term::Object(map)
            }
            Expression::TemplateExpr(template) => self.template(template, depth)?,
            Expression::Variable(variable) => Term::Text(vec![Piece::Reference(vec![variable.to_string()])]),
            Expression::Traversal(traversal) if matches!(traversal.expr, Expression::FuncCall(_)) => {
                host(&self.evaluate(&traversal.expr, depth)?, &traversal.operators)
            }
            Expression::Traversal(traversal) => {
                let Some(path) = self.path(&traversal.expr, &traversal.operators, depth)? else {
                    return Ok(Term::Other);
                };
                self.resolve(path, depth + 1)?
            }
            Expression::FuncCall(call) => self.call(call, depth)?,
            Expression::Parenthesis(inner) => self.evaluate(inner, depth)?,
            Expression::Conditional(_) | Expression::Operation(_) | Expression::ForExpr(_) | _ => Term::Other,
        })
    }

    fn key(&self, key: &ObjectKey, depth: usize) -> Result<String, String> {
        if let ObjectKey::Identifier(name) = key {
            return Ok(name.to_string());
        }
        let ObjectKey::Expression(expression) = key else {
            return Err(format!("{key:?} is no key"));
        };
        let term = self.evaluate(expression, depth)?;
        term.plain()
            .ok_or_else(|| format!("a key is no plain text: {term:?}"))
    }

    fn template(&self, template: &TemplateExpr, depth: usize) -> Result<Term, String> {
        let template = Template::from_expr(template).map_err(|error| error.to_string())?;
        let mut pieces = Vec::new();
        for element in template.elements() {
            match element {
                Element::Literal(text) => push(&mut pieces, Piece::Literal(restored(text))),
                Element::Interpolation(interpolation) => {
                    let term = self.evaluate(&interpolation.expr, depth)?;
                    let inner = term.pieces().ok_or_else(|| format!("a text holds {term:?}"))?;
                    inner.into_iter().for_each(|piece| push(&mut pieces, piece));
                }
                Element::Directive(_) => return Err("a text holds a directive".to_owned()),
            }
        }
        Ok(Term::Text(pieces))
    }

    /// The names of a traversal; `None` if it goes over all members of something.
    fn path(
        &self,
        start: &Expression,
        operators: &[TraversalOperator],
        depth: usize,
    ) -> Result<Option<Vec<String>>, String> {
        let Expression::Variable(variable) = start else {
            return Ok(None);
        };
        let mut path = vec![variable.to_string()];
        for operator in operators {
            path.push(match operator {
                TraversalOperator::GetAttr(name) => name.to_string(),
                TraversalOperator::LegacyIndex(index) => index.to_string(),
                TraversalOperator::Index(index) => {
                    let term = self.evaluate(index, depth)?;
                    match term.plain() {
                        Some(index) => index,
                        None => return Ok(None),
                    }
                }
                TraversalOperator::AttrSplat | TraversalOperator::FullSplat => return Ok(None),
            });
        }
        Ok(Some(path))
    }

    fn resolve(&self, path: Vec<String>, depth: usize) -> Result<Term, String> {
        let late = Term::Text(vec![Piece::Reference(path.clone())]);
        let parts: Vec<&str> = path.iter().map(String::as_str).collect();
        let (found, rest) = match parts.as_slice() {
            ["local", name, rest @ ..] => {
                let local = self
                    .locals
                    .get(*name)
                    .ok_or_else(|| format!("there is no local `{name}`"))?;
                (Some(local), rest)
            }
            // Whoever applies the files may give another value than the default.
            ["var" | "each" | "data" | "ephemeral", ..] => (None, [].as_slice()),
            // What a queue is called is told to its users, not where its name is written.
            ["aws_sqs_queue", _, "name"] => (None, [].as_slice()),
            [kind, address, name, rest @ ..] => {
                let body = self
                    .block(&[kind, address])
                    .ok_or_else(|| format!("`{}` refers to nothing", parts.join(".")))?;
                (
                    body.attributes()
                        .find(|attribute| attribute.key() == *name)
                        .map(hcl::Attribute::expr),
                    rest,
                )
            }
            _ => (None, [].as_slice()),
        };
        let Some(expression) = found else { return Ok(late) };
        let mut term = self.evaluate(expression, depth)?;
        for key in rest {
            term = match &term {
                Term::Object(map) => map
                    .get(*key)
                    .cloned()
                    .ok_or_else(|| format!("{path:?}: no `{key}`"))?,
                Term::List(items) => {
                    let item = key.parse::<usize>().ok().and_then(|index| items.get(index));
                    item.cloned().ok_or_else(|| format!("{path:?}: no `{key}`"))?
                }
                Term::Null
                | Term::Bool(_)
                | Term::Number(_)
                | Term::Text(_)
                | Term::Call(..)
                | Term::Other => return Ok(late),
            };
        }
        Ok(term)
    }

    fn call(&self, call: &FuncCall, depth: usize) -> Result<Term, String> {
        let name = call.name.name.to_string();
        let arguments: Vec<Term> = call
            .args
            .iter()
            .map(|argument| self.evaluate(argument, depth))
            .collect::<Result<_, _>>()?;
        if let ("format", [template, values @ ..]) = (name.as_str(), arguments.as_slice()) {
            return format_pieces(template, values).map(Term::Text);
        }
        Ok(Term::Call(name, arguments))
    }
}

/// The host in the first URL of a broker: what stands before the second colon, without the scheme.
fn host(call: &Term, operators: &[TraversalOperator]) -> Term {
    let first = matches!(operators, [TraversalOperator::Index(Expression::Number(index))] if index.as_u64() == Some(0));
    let url = match call.call("split") {
        Some([colon, rest]) if first && colon.plain().as_deref() == Some(":") => rest.call("trimprefix"),
        Some(_) | None => None,
    };
    let Some([url, scheme]) = url else {
        return Term::Other;
    };
    match (url.reference(), scheme.plain().as_deref()) {
        (Some([kind, address, instances, _, endpoints, _]), Some("amqps://"))
            if instances == "instances" && endpoints == "endpoints" =>
        {
            let path = vec![kind.clone(), address.clone(), "host".to_owned()];
            Term::Text(vec![Piece::Reference(path)])
        }
        _ => Term::Other,
    }
}

/// Reads a file.
///
/// hcl-rs 0.20 reads a quoted template a second time from a text in which it does not escape `%%{` as it should; so
/// the characters that would have to be escaped are replaced between the two.
pub(super) fn parse(text: &str) -> Result<Body, String> {
    let mut body = hcl::edit::parser::parse_body(text).map_err(|error| error.to_string())?;
    Protector.visit_body_mut(&mut body);
    Ok(body.into())
}

/// The markers of templates as characters, and what stands for them.
const PROTECTED: [(&str, &str); 2] = [("${", "\u{e010}"), ("%{", "\u{e011}")];

struct Protector;

impl VisitMut for Protector {
    fn visit_literal_mut(&mut self, literal: &mut Spanned<String>) {
        let protected = |text: String, (marker, stands_for): (&str, &str)| text.replace(marker, stands_for);
        *literal.as_mut() = PROTECTED.into_iter().fold(literal.to_string(), protected);
    }
}

fn restored(text: &str) -> String {
    PROTECTED
        .iter()
        .fold(text.to_owned(), |text, (marker, stands_for)| {
            text.replace(stands_for, marker)
        })
}

/// `format` with `%[1]s`, `%[2]s` and so on in their order, and `%%`.
fn format_pieces(template: &Term, values: &[Term]) -> Result<Vec<Piece>, String> {
    let template = template
        .pieces()
        .ok_or_else(|| format!("the template of a format is {template:?}"))?;
    let mut values = values.iter().enumerate();
    let mut pieces = Vec::new();
    for piece in template {
        let Piece::Literal(text) = piece else {
            push(&mut pieces, piece);
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find('%') {
            push(
                &mut pieces,
                Piece::Literal(rest.get(..at).unwrap_or_default().to_owned()),
            );
            let verb = rest.get(at + 1..).unwrap_or_default();
            if let Some(behind) = verb.strip_prefix('%') {
                push(&mut pieces, Piece::Literal("%".to_owned()));
                rest = behind;
                continue;
            }
            let (index, value) = values
                .next()
                .ok_or_else(|| format!("too few values for {text:?}"))?;
            rest = verb
                .strip_prefix(&format!("[{}]s", index + 1))
                .ok_or_else(|| format!("`%{verb}` in the template of a format"))?;
            let inner = value
                .pieces()
                .ok_or_else(|| format!("a format is given {value:?}"))?;
            inner.into_iter().for_each(|piece| push(&mut pieces, piece));
        }
        push(&mut pieces, Piece::Literal(rest.to_owned()));
    }
    match values.next() {
        Some(left) => Err(format!("a format is given too much: {left:?}")),
        None => Ok(pieces),
    }
}

fn push(pieces: &mut Vec<Piece>, piece: Piece) {
    match (pieces.last_mut(), piece) {
        (Some(Piece::Literal(before)), Piece::Literal(text)) => before.push_str(&text),
        (_, Piece::Literal(text)) if text.is_empty() => {}
        (_, piece) => pieces.push(piece),
    }
}

#[cfg(test)]
mod tests {
    use super::{Module, Piece, Term};
    use crate::facts::Files;

    fn module(text: &str) -> Module {
        Module::read(&Files::from([("main.tf".to_owned(), text.as_bytes().to_vec())])).expect("a module")
    }

    fn reference(path: &str) -> Piece {
        Piece::Reference(path.split('.').map(str::to_owned).collect())
    }

    #[test]
    fn what_the_files_say_is_evaluated_and_the_rest_stays_a_reference() {
        let module = module(
            r#"
            locals {
              url = "postgresql://${aws_db_instance.db.username}:%[1]s@${aws_db_instance.db.address}:%%"
            }
            resource "aws_db_instance" "db" {
              username = "shop"
            }
            resource "aws_x" "y" {
              value = format(local.url, ephemeral.random_password.db.result)
            }
            "#,
        );
        let body = module.block(&["aws_x", "y"]).expect("a block");
        let value = module
            .attribute(body, "value")
            .expect("no error")
            .expect("an attribute");
        let literal = |text: &str| Piece::Literal(text.to_owned());
        let expected = vec![
            literal("postgresql://shop:"),
            reference("ephemeral.random_password.db.result"),
            literal("@"),
            reference("aws_db_instance.db.address"),
            literal(":%"),
        ];
        assert_eq!(value, Term::Text(expected));
    }

    #[test]
    fn a_reference_to_nothing_is_an_error() {
        let module = module("resource \"a\" \"b\" {\n  x = a.c.id\n}\n");
        let body = module.block(&["a", "b"]).expect("a block");
        assert!(module.attribute(body, "x").is_err());
    }

    #[test]
    fn the_language_escapes_come_back() {
        let module =
            module("resource \"a\" \"b\" {\n  x = \"$${x} %%%{z} %%{y} \\\" $z ${a.b.y} $${x}\"\n}\n");
        let body = module.block(&["a", "b"]).expect("a block");
        let value = module
            .attribute(body, "x")
            .expect("no error")
            .expect("an attribute");
        let literal = |text: &str| Piece::Literal(text.to_owned());
        assert_eq!(
            value,
            Term::Text(vec![
                literal("${x} %%{z} %{y} \" $z "),
                reference("a.b.y"),
                literal(" ${x}")
            ])
        );
    }
}
