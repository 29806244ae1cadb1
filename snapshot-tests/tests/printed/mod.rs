//! What is printed for AWS, taken apart by an independent parser: blocks, calls, documents, statements of policies.

use exoc_snapshot_tests::facts::Files;
use hcl::expr::{Expression, TraversalOperator};
use hcl::template::{Element, Template};
use hcl::{Block, Body, ObjectKey};
use std::collections::BTreeSet;

/// One root module.
pub(crate) struct Printed {
    /// Blocks of all files.
    pub(crate) blocks: Vec<Block>,
}

impl Printed {
    /// Reads the files of a root module.
    pub(crate) fn read(files: &Files) -> Self {
        let own = files
            .iter()
            .filter(|(path, _)| path.ends_with(".tf") && !path.contains('/'));
        let body = |bytes: &Vec<u8>| -> Body { hcl::parse(std::str::from_utf8(bytes).unwrap()).unwrap() };
        let blocks = own.flat_map(|(_, bytes)| body(bytes).into_blocks().collect::<Vec<_>>());
        Self {
            blocks: blocks.collect(),
        }
    }

    /// All resources, data sources and the like of a type.
    pub(crate) fn of<'p>(
        &'p self,
        kind: &'p str,
        name: &'p str,
    ) -> impl Iterator<Item = (&'p str, &'p Body)> {
        self.blocks.iter().filter_map(move |block| {
            let labels = block.labels();
            let (first, second) = (labels.first()?.as_str(), labels.get(1)?.as_str());
            (block.identifier() == kind && first == name).then_some((second, block.body()))
        })
    }
}

/// An attribute of a body.
pub(crate) fn attribute<'b>(body: &'b Body, name: &str) -> Option<&'b Expression> {
    let mut found = body.attributes().filter(|attribute| attribute.key() == name);
    found.next().map(hcl::Attribute::expr)
}

/// An attribute that is a literal text.
pub(crate) fn literal<'b>(body: &'b Body, name: &str) -> Option<&'b str> {
    match attribute(body, name) {
        Some(Expression::String(text)) => Some(text),
        _ => None,
    }
}

/// Every expression of a body, also of the blocks in it, by the attribute that holds it.
pub(crate) fn expressions<'b>(body: &'b Body, see: &mut dyn FnMut(&str, &'b Expression)) {
    for attribute in body.attributes() {
        see(attribute.key(), attribute.expr());
    }
    for block in body.blocks() {
        expressions(block.body(), see);
    }
}

/// An expression and all that it is made of.
pub(crate) fn walk(expression: &Expression, see: &mut dyn FnMut(&Expression)) {
    see(expression);
    match expression {
        Expression::Array(items) => items.iter().for_each(|item| walk(item, see)),
        Expression::Object(members) => {
            for (key, value) in members {
                if let ObjectKey::Expression(key) = key {
                    walk(key, see);
                }
                walk(value, see);
            }
        }
        Expression::TemplateExpr(template) => {
            for element in Template::from_expr(template).unwrap().elements() {
                if let Element::Interpolation(interpolation) = element {
                    walk(&interpolation.expr, see);
                }
            }
        }
        Expression::FuncCall(call) => call.args.iter().for_each(|argument| walk(argument, see)),
        Expression::Parenthesis(inner) => walk(inner, see),
        Expression::Traversal(traversal) => {
            walk(&traversal.expr, see);
            for operator in &traversal.operators {
                if let TraversalOperator::Index(index) = operator {
                    walk(index, see);
                }
            }
        }
        Expression::Conditional(conditional) => {
            walk(&conditional.cond_expr, see);
            walk(&conditional.true_expr, see);
            walk(&conditional.false_expr, see);
        }
        Expression::ForExpr(each) => {
            walk(&each.collection_expr, see);
            walk(&each.value_expr, see);
            for inner in each.key_expr.iter().chain(&each.cond_expr) {
                walk(inner, see);
            }
        }
        Expression::Operation(operation) => match operation.as_ref() {
            hcl::expr::Operation::Unary(unary) => walk(&unary.expr, see),
            hcl::expr::Operation::Binary(binary) => {
                walk(&binary.lhs_expr, see);
                walk(&binary.rhs_expr, see);
            }
        },
        _ => {}
    }
}

/// The names of all functions that a body calls.
pub(crate) fn functions(body: &Body) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    expressions(body, &mut |_, expression| {
        walk(expression, &mut |part| {
            if let Expression::FuncCall(call) = part {
                names.insert(call.name.name.to_string());
            }
        });
    });
    names
}

/// What `jsonencode` gets, if an expression calls it.
pub(crate) fn encoded(expression: &Expression) -> Option<&Expression> {
    match expression {
        Expression::FuncCall(call) if call.name.name.as_str() == "jsonencode" => call.args.first(),
        _ => None,
    }
}

/// The paths of all keys of a document: keys with dots, `[]` for the items of a list.
pub(crate) fn paths(document: &Expression, path: &str, found: &mut BTreeSet<String>) {
    match document {
        Expression::Array(items) => items
            .iter()
            .for_each(|item| paths(item, &format!("{path}[]"), found)),
        Expression::Object(members) => {
            for (key, value) in members {
                let key = match key {
                    ObjectKey::Identifier(name) => name.to_string(),
                    ObjectKey::Expression(Expression::String(text)) => text.clone(),
                    other => format!("{other:?}"),
                };
                let inner = if path.is_empty() {
                    key
                } else {
                    format!("{path}.{key}")
                };
                paths(value, &inner, found);
                found.insert(inner);
            }
        }
        _ => {}
    }
}

/// A text as people read it: interpolations stay as they are written.
pub(crate) fn words(expression: &Expression) -> String {
    match expression {
        Expression::String(text) => text.clone(),
        Expression::TemplateExpr(template) => template.to_string(),
        other => other.to_string(),
    }
}

/// One text or a list of texts.
pub(crate) fn listed(expression: Option<&Expression>) -> Vec<String> {
    match expression {
        Some(Expression::Array(items)) => items.iter().map(words).collect(),
        Some(one) => vec![words(one)],
        None => Vec::new(),
    }
}

/// A statement of a policy.
pub(crate) struct Statement {
    /// Type and address of what holds it.
    pub(crate) of: String,
    pub(crate) is_denial: bool,
    pub(crate) actions: Vec<String>,
    pub(crate) resources: Vec<String>,
}

impl Printed {
    /// The statements of all policies, in documents of their own and in JSON.
    pub(crate) fn statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for block in &self.blocks {
            let labels: Vec<&str> = block.labels().iter().map(hcl::BlockLabel::as_str).collect();
            let of = labels.join(".");
            if labels.first() == Some(&"aws_iam_policy_document") {
                for statement in block
                    .body()
                    .blocks()
                    .filter(|inner| inner.identifier() == "statement")
                {
                    let body = statement.body();
                    statements.push(Statement {
                        of: of.clone(),
                        is_denial: literal(body, "effect") == Some("Deny"),
                        actions: listed(attribute(body, "actions")),
                        resources: listed(attribute(body, "resources")),
                    });
                }
            }
            expressions(block.body(), &mut |_, expression| {
                let document = encoded(expression);
                let all = document.and_then(|document| member(document, "Statement"));
                for statement in all.into_iter().flat_map(items) {
                    statements.push(Statement {
                        of: of.clone(),
                        is_denial: listed(member(statement, "Effect")) == ["Deny"],
                        actions: listed(member(statement, "Action")),
                        resources: listed(member(statement, "Resource")),
                    });
                }
            });
        }
        statements
    }
}

fn items(list: &Expression) -> Vec<&Expression> {
    match list {
        Expression::Array(items) => items.iter().collect(),
        one => vec![one],
    }
}

fn member<'e>(object: &'e Expression, name: &str) -> Option<&'e Expression> {
    let Expression::Object(members) = object else {
        return None;
    };
    members.iter().find_map(|(key, value)| {
        let same = match key {
            ObjectKey::Identifier(own) => own.as_str() == name,
            ObjectKey::Expression(Expression::String(own)) => own == name,
            _ => false,
        };
        same.then_some(value)
    })
}
