//! Expressions and how they are built. Every constructor is total: names become identifiers, texts
//! become literals. How expressions are laid out is `layout`'s business; operators and `for` are in
//! `operators`.

use super::lexical::Identifier;
use super::operators::{BinaryOperator, For, UnaryOperator};
use std::borrow::Cow;

/// A value in HCL.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(pub(super) Node);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Bool(bool),
    /// In decimal, as it is printed.
    Number(String),
    Text(String),
    /// At least two parts, one of them an interpolation.
    Template(Vec<Part>),
    List(Vec<Expression>),
    Object(Object),
    /// A name, with the names of attributes behind dots: `aws_vpc.main.id`.
    Path(String),
    /// An attribute of what is no path.
    Attribute(Box<Expression>, Identifier),
    Index(Box<Expression>, Box<Expression>),
    /// `[*]`.
    Splat(Box<Expression>),
    Call {
        name: String,
        arguments: Vec<Expression>,
        expand: Expand,
    },
    Unary(UnaryOperator, Box<Expression>),
    Binary(Box<Expression>, BinaryOperator, Box<Expression>),
    Conditional {
        condition: Box<Expression>,
        then: Box<Expression>,
        otherwise: Box<Expression>,
    },
    For(Box<For>),
}

/// Whether the last argument of a call is a list of arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expand {
    No,
    /// `f(list...)`.
    Last,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Part {
    Text(String),
    Interpolation(Expression),
}

/// `null`.
pub const NULL: Expression = Expression(Node::Null);

impl Expression {
    /// The attribute `name` of this value. What is no identifier becomes an index: `x["a b"]`.
    #[must_use]
    pub fn get(mut self, name: &str) -> Self {
        if !super::lexical::is_identifier(name) {
            return self.index(name);
        }
        if let Node::Path(path) = &mut self.0 {
            path.push('.');
            path.push_str(name);
            return self;
        }
        Self(Node::Attribute(Box::new(self), Identifier::sanitized(name)))
    }

    /// The element at an index or key.
    #[must_use]
    pub fn index(self, key: impl Into<Expression>) -> Self {
        Self(Node::Index(Box::new(self), Box::new(key.into())))
    }

    /// `[*]`: what follows is asked of every element.
    #[must_use]
    pub fn splat(self) -> Self {
        Self(Node::Splat(Box::new(self)))
    }
}

/// A dotted reference such as `aws_vpc.main.id`. The first segment is a name; any later one that is
/// not an identifier becomes an index.
#[must_use]
pub fn reference<const N: usize>(segments: [&str; N]) -> Expression {
    let (root, steps) = segments
        .split_first()
        .map_or(("", &[] as &[&str]), |(root, steps)| (*root, steps));
    let mut path = String::with_capacity(segments.iter().map(|segment| segment.len() + 1).sum());
    path.push_str(Identifier::sanitized(root).as_str());
    steps
        .iter()
        .fold(Expression(Node::Path(path)), |base, step| base.get(step))
}

/// `var.<name>`.
#[must_use]
pub fn var(name: &str) -> Expression {
    reference(["var", name])
}

/// `local.<name>`.
#[must_use]
pub fn local(name: &str) -> Expression {
    reference(["local", name])
}

/// A literal text.
#[must_use]
pub fn text(text: impl Into<String>) -> Expression {
    Expression(Node::Text(text.into()))
}

/// A list, on one line if it is short and holds no objects.
#[must_use]
pub fn list(items: impl IntoIterator<Item = impl Into<Expression>>) -> Expression {
    Expression(Node::List(items.into_iter().map(Into::into).collect()))
}

/// A function call. Namespaces are written `provider::name::function`.
#[must_use]
pub fn call(name: &str, arguments: impl IntoIterator<Item = impl Into<Expression>>) -> Expression {
    let arguments = arguments.into_iter().map(Into::into).collect();
    Expression(Node::Call {
        name: function_name(name),
        arguments,
        expand: Expand::No,
    })
}

/// A function call whose last argument is a list of arguments: `f(a, list...)`.
#[must_use]
pub fn call_expanding(name: &str, arguments: impl IntoIterator<Item = impl Into<Expression>>) -> Expression {
    let arguments: Vec<Expression> = arguments.into_iter().map(Into::into).collect();
    let expand = if arguments.is_empty() {
        Expand::No
    } else {
        Expand::Last
    };
    Expression(Node::Call {
        name: function_name(name),
        arguments,
        expand,
    })
}

fn function_name(name: &str) -> String {
    let segments: Vec<Identifier> = name.split("::").map(Identifier::sanitized).collect();
    segments
        .iter()
        .map(Identifier::as_str)
        .collect::<Vec<_>>()
        .join("::")
}

/// `jsonencode(<value>)`.
#[must_use]
pub fn jsonencode(value: impl Into<Expression>) -> Expression {
    call("jsonencode", [value.into()])
}

/// An object, one entry per line.
#[must_use]
pub fn object(entries: impl IntoIterator<Item = (impl Into<Key>, impl Into<Expression>)>) -> Expression {
    let mut object = Object::new();
    for (key, value) in entries {
        object.insert(key, value);
    }
    object.into()
}

/// An object under construction: entries in the order in which they are printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Object {
    pub(super) entries: Vec<(Key, Expression)>,
    pub(super) shape: Shape,
}

/// How an object is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// One entry per line.
    #[default]
    Lines,
    /// `{ a = 1, b = 2 }`.
    Inline,
}

impl Object {
    /// No entries.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an entry.
    #[must_use]
    pub fn with(mut self, key: impl Into<Key>, value: impl Into<Expression>) -> Self {
        self.insert(key, value);
        self
    }

    /// Adds an entry if there is a value.
    #[must_use]
    pub fn with_some(self, key: impl Into<Key>, value: Option<impl Into<Expression>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    /// Adds a list, unless it has no items.
    #[must_use]
    pub fn with_list_unless_empty(
        self,
        key: impl Into<Key>,
        items: impl IntoIterator<Item = impl Into<Expression>>,
    ) -> Self {
        let items: Vec<Expression> = items.into_iter().map(Into::into).collect();
        if items.is_empty() {
            self
        } else {
            self.with(key, list(items))
        }
    }

    /// Adds an entry in place, for loops.
    pub fn insert(&mut self, key: impl Into<Key>, value: impl Into<Expression>) {
        self.entries.push((key.into(), value.into()));
    }

    /// Prints the object on one line: `{ a = 1, b = 2 }`.
    #[must_use]
    pub fn inline(mut self) -> Self {
        self.shape = Shape::Inline;
        self
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The key of an object entry.
#[derive(Clone, Debug, PartialEq)]
pub struct Key(pub(super) KeyNode);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum KeyNode {
    /// A literal name, quoted only if it must be.
    Name(Cow<'static, str>),
    /// Computed.
    Computed(Box<Expression>),
}

impl From<&'static str> for Key {
    fn from(name: &'static str) -> Self {
        Self(KeyNode::Name(Cow::Borrowed(name)))
    }
}

impl From<&String> for Key {
    fn from(name: &String) -> Self {
        Self(KeyNode::Name(Cow::Owned(name.clone())))
    }
}

impl From<String> for Key {
    fn from(name: String) -> Self {
        Self(KeyNode::Name(Cow::Owned(name)))
    }
}

impl From<Expression> for Key {
    fn from(key: Expression) -> Self {
        if let Node::Text(name) = key.0 {
            Self(KeyNode::Name(Cow::Owned(name)))
        } else {
            Self(KeyNode::Computed(Box::new(key)))
        }
    }
}

impl From<Template> for Key {
    fn from(template: Template) -> Self {
        Expression::from(template).into()
    }
}

/// A quoted text with expressions in it, built from parts: `"${local.name}-web"`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    parts: Vec<Part>,
}

impl Template {
    /// No parts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds literal text: nothing in it is interpolated.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        match self.parts.last_mut() {
            // One part, so that a `$` and the `{` after it are seen together.
            Some(Part::Text(before)) => before.push_str(text),
            Some(Part::Interpolation(_)) | None if text.is_empty() => {}
            Some(Part::Interpolation(_)) | None => self.parts.push(Part::Text(text.to_owned())),
        }
        self
    }

    /// Adds the value of an expression. A literal text joins the text around it.
    #[must_use]
    pub fn value(mut self, value: impl Into<Expression>) -> Self {
        let value = value.into();
        if let Node::Text(text) = &value.0 {
            return self.text(text);
        }
        self.parts.push(Part::Interpolation(value));
        self
    }
}

/// A template of one literal is that text, and a template of one interpolation is that expression, as
/// `tofu fmt` would rewrite it.
impl From<Template> for Expression {
    fn from(Template { mut parts }: Template) -> Self {
        if parts.len() > 1 {
            return Self(Node::Template(parts));
        }
        match parts.pop() {
            None => text(""),
            Some(Part::Text(only)) => text(only),
            Some(Part::Interpolation(only)) => only,
        }
    }
}

impl From<Object> for Expression {
    fn from(object: Object) -> Self {
        Self(Node::Object(object))
    }
}

impl From<bool> for Expression {
    fn from(value: bool) -> Self {
        Self(Node::Bool(value))
    }
}

impl From<&str> for Expression {
    fn from(value: &str) -> Self {
        text(value)
    }
}

impl From<&String> for Expression {
    fn from(value: &String) -> Self {
        text(value)
    }
}

impl From<String> for Expression {
    fn from(value: String) -> Self {
        text(value)
    }
}

impl<T: Into<Expression>> From<Vec<T>> for Expression {
    fn from(items: Vec<T>) -> Self {
        list(items)
    }
}

macro_rules! from_integers {
    ($($integer:ty),*) => {$(
        impl From<$integer> for Expression {
            fn from(value: $integer) -> Self {
                Self(Node::Number(value.to_string()))
            }
        }
    )*};
}
from_integers!(u8, u16, u32, u64, usize, i8, i16, i32, i64);

/// A number with a fraction. HCL has no infinities: what is not finite becomes `null`.
impl From<f64> for Expression {
    fn from(value: f64) -> Self {
        // Adding zero turns a negative zero into zero.
        Self(if value.is_finite() {
            Node::Number((value + 0.0).to_string())
        } else {
            Node::Null
        })
    }
}
