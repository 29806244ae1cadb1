//! Expressions written as HCL text, for what reads better so than built. The text goes through hcl-rs's
//! parser into the same tree, so it can be neither invalid nor laid out differently.

use super::expression::{Expression, Key, Node, Object, Shape, Template};
use super::expression::{call, call_expanding, list};
use super::lexical::{Identifier, is_identifier};
use super::operators::{BinaryOperator, For, UnaryOperator, Yield, conditional};
use hcl::expr::{self, ObjectKey, Operation, TemplateExpr, TraversalOperator};
use std::fmt;

/// Why a text is not an expression this crate can print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidExpression(String);

impl fmt::Display for InvalidExpression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for InvalidExpression {}

/// Reads an expression, such as `{ for index, zone in var.availability_zones : zone => index }`. An
/// object written on one line stays on one line.
///
/// # Errors
///
/// When the text is not one HCL expression, and for what this crate does not print: heredocs, template
/// directives, strip markers and identifiers that are not ASCII.
pub fn parse(text: &str) -> Result<Expression, InvalidExpression> {
    let parsed: hcl::Expression = text
        .parse()
        .map_err(|error: hcl::Error| InvalidExpression(error.to_string()))?;
    let shape = if text.contains('\n') {
        Shape::Lines
    } else {
        Shape::Inline
    };
    Converter { shape }.expression(&parsed)
}

struct Converter {
    shape: Shape,
}

type Converted<T = Expression> = Result<T, InvalidExpression>;

fn unsupported(what: &str) -> InvalidExpression {
    InvalidExpression(format!("{what} cannot be printed"))
}

fn identifier(name: &hcl::Identifier) -> Converted<Identifier> {
    if is_identifier(name) {
        Ok(Identifier::sanitized(name))
    } else {
        Err(unsupported(&format!("the identifier `{name}`")))
    }
}

impl Converter {
    fn expression(&self, parsed: &hcl::Expression) -> Converted {
        Ok(match parsed {
            hcl::Expression::Null => Expression(Node::Null),
            hcl::Expression::Bool(value) => Expression(Node::Bool(*value)),
            hcl::Expression::Number(number) => Expression(Node::Number(number.to_string())),
            hcl::Expression::String(text) => Expression(Node::Text(text.clone())),
            hcl::Expression::Array(items) => list(self.all(items)?),
            hcl::Expression::Object(entries) => {
                let mut object = Object {
                    entries: Vec::new(),
                    shape: self.shape,
                };
                for (key, value) in entries {
                    object.entries.push((self.key(key)?, self.expression(value)?));
                }
                object.into()
            }
            hcl::Expression::TemplateExpr(template) => self.template(template)?,
            hcl::Expression::Variable(name) => Expression(Node::Path(identifier(name)?.as_str().to_owned())),
            hcl::Expression::Traversal(traversal) => self.traversal(traversal)?,
            hcl::Expression::FuncCall(function) => {
                let arguments = self.all(&function.args)?;
                let name = function.name.to_string();
                if function.expand_final {
                    call_expanding(&name, arguments)
                } else {
                    call(&name, arguments)
                }
            }
            // Printing puts parentheses where they are needed.
            hcl::Expression::Parenthesis(inner) => self.expression(inner)?,
            hcl::Expression::Conditional(choice) => conditional(
                self.expression(&choice.cond_expr)?,
                self.expression(&choice.true_expr)?,
                self.expression(&choice.false_expr)?,
            ),
            hcl::Expression::Operation(operation) => self.operation(operation)?,
            hcl::Expression::ForExpr(comprehension) => self.comprehension(comprehension)?,
            other => return Err(unsupported(&format!("the expression `{other}`"))),
        })
    }

    fn all(&self, expressions: &[hcl::Expression]) -> Converted<Vec<Expression>> {
        expressions
            .iter()
            .map(|expression| self.expression(expression))
            .collect()
    }

    fn boxed(&self, expression: &hcl::Expression) -> Converted<Box<Expression>> {
        self.expression(expression).map(Box::new)
    }

    fn key(&self, key: &ObjectKey) -> Converted<Key> {
        match key {
            ObjectKey::Identifier(name) => Ok(name.to_string().into()),
            ObjectKey::Expression(computed) => Ok(self.expression(computed)?.into()),
            other => Err(unsupported(&format!("the key `{other}`"))),
        }
    }

    fn template(&self, template: &TemplateExpr) -> Converted {
        match template {
            TemplateExpr::Heredoc(_) => return Err(unsupported("a heredoc")),
            TemplateExpr::QuotedString(_) => {}
        }
        let parsed =
            hcl::Template::from_expr(template).map_err(|error| InvalidExpression(error.to_string()))?;
        let mut parts = Template::new();
        for element in parsed.elements() {
            parts = match element {
                hcl::template::Element::Literal(text) => parts.text(text),
                hcl::template::Element::Interpolation(value) if value.strip == hcl::template::Strip::None => {
                    parts.value(self.expression(&value.expr)?)
                }
                hcl::template::Element::Interpolation(_) => return Err(unsupported("a strip marker")),
                hcl::template::Element::Directive(_) => return Err(unsupported("a template directive")),
            };
        }
        Ok(parts.into())
    }

    fn traversal(&self, traversal: &expr::Traversal) -> Converted {
        let mut base = self.expression(&traversal.expr)?;
        for operator in &traversal.operators {
            base = match operator {
                TraversalOperator::FullSplat => base.splat(),
                TraversalOperator::AttrSplat => return Err(unsupported("the splat `.*`")),
                TraversalOperator::GetAttr(name) => base.get(identifier(name)?.as_str()),
                TraversalOperator::Index(key) => base.index(self.expression(key)?),
                TraversalOperator::LegacyIndex(index) => base.index(*index),
            };
        }
        Ok(base)
    }

    fn operation(&self, operation: &Operation) -> Converted {
        Ok(match operation {
            Operation::Unary(unary) => {
                let operator = match unary.operator {
                    expr::UnaryOperator::Neg => UnaryOperator::Negate,
                    expr::UnaryOperator::Not => UnaryOperator::Not,
                };
                Expression(Node::Unary(operator, self.boxed(&unary.expr)?))
            }
            Operation::Binary(binary) => {
                let operator = match binary.operator {
                    expr::BinaryOperator::Or => BinaryOperator::Or,
                    expr::BinaryOperator::And => BinaryOperator::And,
                    expr::BinaryOperator::Eq => BinaryOperator::Equal,
                    expr::BinaryOperator::NotEq => BinaryOperator::NotEqual,
                    expr::BinaryOperator::Less => BinaryOperator::Less,
                    expr::BinaryOperator::LessEq => BinaryOperator::LessOrEqual,
                    expr::BinaryOperator::Greater => BinaryOperator::Greater,
                    expr::BinaryOperator::GreaterEq => BinaryOperator::GreaterOrEqual,
                    expr::BinaryOperator::Plus => BinaryOperator::Add,
                    expr::BinaryOperator::Minus => BinaryOperator::Subtract,
                    expr::BinaryOperator::Mul => BinaryOperator::Multiply,
                    expr::BinaryOperator::Div => BinaryOperator::Divide,
                    expr::BinaryOperator::Mod => BinaryOperator::Remainder,
                };
                let (left, right) = (self.boxed(&binary.lhs_expr)?, self.boxed(&binary.rhs_expr)?);
                Expression(Node::Binary(left, operator, right))
            }
        })
    }

    fn comprehension(&self, parsed: &expr::ForExpr) -> Converted {
        let value = self.expression(&parsed.value_expr)?;
        let yields = match &parsed.key_expr {
            None => Yield::Item(value),
            Some(key) if parsed.grouping => Yield::Group(self.expression(key)?, value),
            Some(key) => Yield::Entry(self.expression(key)?, value),
        };
        let comprehension = For {
            key: parsed.key_var.as_ref().map(identifier).transpose()?,
            value: identifier(&parsed.value_var)?,
            collection: self.expression(&parsed.collection_expr)?,
            yields,
            condition: parsed
                .cond_expr
                .as_ref()
                .map(|condition| self.expression(condition))
                .transpose()?,
        };
        Ok(comprehension.into())
    }
}
