//! Bodies and blocks: attributes, nested blocks and comments in the order in which they are printed.
//! Order is the target's decision; blank lines between items are `print`'s.

use super::expression::Expression;
use super::lexical::Identifier;

/// What a file or a block holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    pub(super) items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    Comment(String),
    Blank,
    Attribute {
        name: Identifier,
        value: Expression,
        comment: Option<String>,
    },
    Block(Block),
}

/// A block: a type, labels and a body.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub(super) kind: Identifier,
    pub(super) labels: Vec<Identifier>,
    pub(super) body: Body,
}

/// An empty block, such as `resource "aws_vpc" "main" {}`. Labels are names, as they are in every block
/// of Terraform: what an identifier cannot have becomes `_`.
#[must_use]
pub fn block<const N: usize>(kind: &str, labels: [&str; N]) -> Block {
    Block {
        kind: Identifier::sanitized(kind),
        labels: labels.into_iter().map(Identifier::sanitized).collect(),
        body: Body::new(),
    }
}

impl Body {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The text of the body as a file, with a line end at its end.
    #[must_use]
    pub fn print(&self) -> String {
        super::print::file(self)
    }

    /// Whether nothing was added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attr(mut self, name: &'static str, value: impl Into<Expression>) -> Self {
        let (name, value) = (Identifier::fixed(name), value.into());
        self.items.push(Item::Attribute {
            name,
            value,
            comment: None,
        });
        self
    }

    /// Adds an attribute whose name is known only now, such as that of a local value.
    #[must_use]
    pub fn attr_named(mut self, name: &str, value: impl Into<Expression>) -> Self {
        let (name, value) = (Identifier::sanitized(name), value.into());
        self.items.push(Item::Attribute {
            name,
            value,
            comment: None,
        });
        self
    }

    /// Adds an attribute if there is a value.
    #[must_use]
    pub fn attr_some(self, name: &'static str, value: Option<impl Into<Expression>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Adds an attribute with a comment at the end of its line. Above an attribute whose value takes
    /// several lines, the comment has a line of its own.
    #[must_use]
    pub fn attr_with_comment(mut self, name: &str, value: impl Into<Expression>, comment: &str) -> Self {
        let (name, value) = (Identifier::sanitized(name), value.into());
        self.items.push(Item::Attribute {
            name,
            value,
            comment: Some(comment.to_owned()),
        });
        self
    }

    /// Adds a block without labels.
    #[must_use]
    pub fn block(self, kind: &'static str, build: impl FnOnce(Self) -> Self) -> Self {
        self.nested(Block {
            kind: Identifier::fixed(kind),
            labels: Vec::new(),
            body: build(Self::new()),
        })
    }

    /// Adds a block.
    #[must_use]
    pub fn nested(mut self, block: Block) -> Self {
        self.push(block);
        self
    }

    /// Adds blocks.
    #[must_use]
    pub fn nested_all(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.items.extend(blocks.into_iter().map(Item::Block));
        self
    }

    /// Adds a comment, one line of it per line of the text. It belongs to what follows it, unless
    /// `blank` comes between.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.items.push(Item::Comment(text.into()));
        self
    }

    /// Adds a blank line where the printer would not put one. There are never two in a row, and none at
    /// the start or end.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.items.push(Item::Blank);
        self
    }

    /// Adds a block in place, for loops.
    pub fn push(&mut self, block: Block) {
        self.items.push(Item::Block(block));
    }

    /// Adds everything of another body.
    #[must_use]
    pub fn append(mut self, other: Self) -> Self {
        self.items.extend(other.items);
        self
    }
}

impl Block {
    /// Its type.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.kind.as_str()
    }

    /// Its labels.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.labels.iter().map(Identifier::as_str)
    }

    /// Adds an attribute.
    #[must_use]
    pub fn attr(self, name: &'static str, value: impl Into<Expression>) -> Self {
        self.map(|body| body.attr(name, value))
    }

    /// Adds an attribute, as [`Body::attr_named`] does.
    #[must_use]
    pub fn attr_named(self, name: &str, value: impl Into<Expression>) -> Self {
        self.map(|body| body.attr_named(name, value))
    }

    /// Adds an attribute if there is a value.
    #[must_use]
    pub fn attr_some(self, name: &'static str, value: Option<impl Into<Expression>>) -> Self {
        self.map(|body| body.attr_some(name, value))
    }

    /// Adds an attribute with a comment, as [`Body::attr_with_comment`] does.
    #[must_use]
    pub fn attr_with_comment(self, name: &str, value: impl Into<Expression>, comment: &str) -> Self {
        self.map(|body| body.attr_with_comment(name, value, comment))
    }

    /// Adds a block without labels.
    #[must_use]
    pub fn block(self, kind: &'static str, build: impl FnOnce(Body) -> Body) -> Self {
        self.map(|body| body.block(kind, build))
    }

    /// Adds a block.
    #[must_use]
    pub fn nested(self, block: Self) -> Self {
        self.map(|body| body.nested(block))
    }

    /// Adds blocks.
    #[must_use]
    pub fn nested_all(self, blocks: impl IntoIterator<Item = Self>) -> Self {
        self.map(|body| body.nested_all(blocks))
    }

    /// Adds a comment, as [`Body::comment`] does.
    #[must_use]
    pub fn comment(self, text: impl Into<String>) -> Self {
        self.map(|body| body.comment(text))
    }

    /// Adds a blank line, as [`Body::blank`] does.
    #[must_use]
    pub fn blank(self) -> Self {
        self.map(Body::blank)
    }

    /// Changes the body, for what does not fit in a chain.
    #[must_use]
    pub fn map(mut self, change: impl FnOnce(Body) -> Body) -> Self {
        self.body = change(self.body);
        self
    }
}

impl Extend<Block> for Body {
    fn extend<I: IntoIterator<Item = Block>>(&mut self, blocks: I) {
        self.items.extend(blocks.into_iter().map(Item::Block));
    }
}
