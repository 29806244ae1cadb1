//! Operators, conditionals and `for` expressions: what is computed rather than written down.

use super::expression::{Expression, Node};
use super::lexical::Identifier;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnaryOperator {
    Negate,
    Not,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BinaryOperator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

impl BinaryOperator {
    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Or => "||",
            Self::And => "&&",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }

    /// How tightly it binds; the operand that binds less tightly needs parentheses.
    pub(super) fn precedence(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            Self::Equal | Self::NotEqual => 3,
            Self::Less | Self::LessOrEqual | Self::Greater | Self::GreaterOrEqual => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Remainder => 6,
        }
    }
}

/// A `for` expression over a list or an object.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    pub(super) key: Option<Identifier>,
    pub(super) value: Identifier,
    pub(super) collection: Expression,
    pub(super) yields: Yield,
    pub(super) condition: Option<Expression>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Yield {
    /// `[for … : item]`.
    Item(Expression),
    /// `{ for … : key => value }`.
    Entry(Expression, Expression),
    /// `{ for … : key => value... }`.
    Group(Expression, Expression),
}

impl For {
    /// Names the key or index too: `for key, value in …`.
    #[must_use]
    pub fn with_key(mut self, name: &str) -> Self {
        self.key = Some(Identifier::sanitized(name));
        self
    }

    /// Keeps only what satisfies the condition.
    #[must_use]
    pub fn only_if(mut self, condition: impl Into<Expression>) -> Self {
        self.condition = Some(condition.into());
        self
    }
}

impl From<For> for Expression {
    fn from(comprehension: For) -> Self {
        Self(Node::For(Box::new(comprehension)))
    }
}

/// `[for value in collection : item]`.
#[must_use]
pub fn for_list(value: &str, collection: impl Into<Expression>, item: impl Into<Expression>) -> For {
    comprehension(value, collection.into(), Yield::Item(item.into()))
}

/// `{ for value in collection : key => item }`.
#[must_use]
pub fn for_object(
    value: &str,
    collection: impl Into<Expression>,
    key: impl Into<Expression>,
    item: impl Into<Expression>,
) -> For {
    comprehension(value, collection.into(), Yield::Entry(key.into(), item.into()))
}

fn comprehension(value: &str, collection: Expression, yields: Yield) -> For {
    For {
        key: None,
        value: Identifier::sanitized(value),
        collection,
        yields,
        condition: None,
    }
}

/// `condition ? then : otherwise`.
#[must_use]
pub fn conditional(
    condition: impl Into<Expression>,
    then: impl Into<Expression>,
    otherwise: impl Into<Expression>,
) -> Expression {
    Expression(Node::Conditional {
        condition: Box::new(condition.into()),
        then: Box::new(then.into()),
        otherwise: Box::new(otherwise.into()),
    })
}

fn binary(left: impl Into<Expression>, operator: BinaryOperator, right: impl Into<Expression>) -> Expression {
    Expression(Node::Binary(
        Box::new(left.into()),
        operator,
        Box::new(right.into()),
    ))
}

/// `left == right`.
#[must_use]
pub fn equal(left: impl Into<Expression>, right: impl Into<Expression>) -> Expression {
    binary(left, BinaryOperator::Equal, right)
}

/// `left != right`.
#[must_use]
pub fn not_equal(left: impl Into<Expression>, right: impl Into<Expression>) -> Expression {
    binary(left, BinaryOperator::NotEqual, right)
}

/// `left && right`.
#[must_use]
pub fn and(left: impl Into<Expression>, right: impl Into<Expression>) -> Expression {
    binary(left, BinaryOperator::And, right)
}

/// `left || right`.
#[must_use]
pub fn or(left: impl Into<Expression>, right: impl Into<Expression>) -> Expression {
    binary(left, BinaryOperator::Or, right)
}

/// `left + right`.
#[must_use]
pub fn add(left: impl Into<Expression>, right: impl Into<Expression>) -> Expression {
    binary(left, BinaryOperator::Add, right)
}

/// `!operand`.
#[must_use]
pub fn not(operand: impl Into<Expression>) -> Expression {
    Expression(Node::Unary(UnaryOperator::Not, Box::new(operand.into())))
}
