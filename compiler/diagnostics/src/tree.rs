//! Spanned data: what a reader of any text format delivers to whoever binds it.
//!
//! The front end binds its own part of a tree; `targets.<id>` stays a tree until its target reads it.

use crate::Span;

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Node {
    /// Where it is written.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
}

/// The three shapes of data.
#[derive(Clone, Debug)]
pub enum Kind {
    /// One value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Node>),
    /// A mapping with unique keys, in the order of the text.
    Map(Map),
}

/// One value, with the text that stands for it.
#[derive(Clone, Debug)]
pub struct Scalar {
    /// The value's text: of a plain scalar as written, of others after their escapes.
    pub text: Box<str>,
    /// How it is written.
    pub style: Style,
    /// What it means.
    pub typed: Typed,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// With quotes.
    Quoted,
    /// As a block of lines.
    Block,
}

/// What a scalar means: a quoted or block scalar is a text, a plain one what YAML 1.2's core schema says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Typed {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text,
}

/// A mapping.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// Its members, in the order of the text.
    pub members: Vec<Member>,
}

/// A key and its value.
#[derive(Clone, Debug)]
pub struct Member {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key and where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// The key's text.
    pub name: Box<str>,
    /// Where it is written.
    pub span: Span,
}

impl Map {
    /// The member with this key.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| &*member.key.name == name)
    }
}

impl Node {
    /// An empty mapping at `span`.
    #[must_use]
    pub fn empty_map(span: Span) -> Self {
        Self {
            span,
            kind: Kind::Map(Map::default()),
        }
    }

    /// The scalar, if it is one.
    #[must_use]
    pub const fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::List(_) | Kind::Map(_) => None,
        }
    }

    /// The text, if it is a scalar that means one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        self.as_scalar()
            .filter(|scalar| scalar.typed == Typed::Text)
            .map(|scalar| &*scalar.text)
    }

    /// The mapping, if it is one.
    #[must_use]
    pub const fn as_map(&self) -> Option<&Map> {
        match &self.kind {
            Kind::Map(map) => Some(map),
            Kind::Scalar(_) | Kind::List(_) => None,
        }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// Whether it is null.
    #[must_use]
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(|scalar| scalar.typed == Typed::Null)
    }

    /// The value under a key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.as_map()
            .and_then(|map| map.get(name))
            .map(|member| &member.value)
    }

    /// What kind of thing this is, with an article, for messages.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Map(_) => "a mapping",
            Kind::List(_) => "a list",
            Kind::Scalar(scalar) => match scalar.typed {
                Typed::Null => "null",
                Typed::Bool(_) => "a boolean",
                Typed::Int(_) | Typed::Float(_) => "a number",
                Typed::Text => "a text",
            },
        }
    }
}
