//! Values: text, secrets and attributes that only a target knows.

use crate::{Backing, Id, Secret};
use serde::Serialize;

/// What a managed backing can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Attribute {
    /// All in one: scheme, credentials, address, database.
    Url,
    /// Name or address of the server.
    Host,
    /// Its port.
    Port,
    /// `host:port`.
    Address,
    /// Who logs in.
    Username,
    /// With what.
    Password,
    /// Which database.
    Database,
    /// `true` or `false`: whether connections are encrypted.
    Tls,
    /// Addresses of all servers, with commas between them.
    Brokers,
    /// What the product itself calls it.
    Name,
    /// Where it is, as the cloud that it is modelled on names places.
    Region,
    /// The URL of the service that keeps it.
    Endpoint,
    /// The public half of a pair that signs requests.
    AccessKey,
    /// The secret half.
    SecretKey,
}

impl Attribute {
    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Url => "url",
            Self::Host => "host",
            Self::Port => "port",
            Self::Address => "address",
            Self::Username => "username",
            Self::Password => "password",
            Self::Database => "database",
            Self::Tls => "tls",
            Self::Brokers => "brokers",
            Self::Name => "name",
            Self::Region => "region",
            Self::Endpoint => "endpoint",
            Self::AccessKey => "access-key",
            Self::SecretKey => "secret-key",
        }
    }

    /// Whether it gives a credential away.
    #[must_use]
    pub const fn sensitive(self) -> bool {
        match self {
            Self::Url | Self::Password | Self::SecretKey => true,
            Self::Host
            | Self::Port
            | Self::Address
            | Self::Username
            | Self::Database
            | Self::Tls
            | Self::Brokers
            | Self::Name
            | Self::Region
            | Self::Endpoint
            | Self::AccessKey => false,
        }
    }
}

/// A part of a [`Value`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Part {
    /// Literal characters, never empty.
    Text(String),
    /// The value of a secret.
    Secret(Id<Secret>),
    /// An attribute of a managed backing.
    Attribute(Id<Backing>, Attribute),
}

/// A text that may hold secrets and attributes.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Value {
    parts: Vec<Part>,
}

impl Value {
    /// A value of these parts; joins neighbouring texts and leaves empty ones out.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut value = Self::default();
        parts.into_iter().for_each(|part| value.push(part));
        value
    }

    /// A literal text.
    #[must_use]
    pub fn literal(text: impl Into<String>) -> Self {
        Self::new([Part::Text(text.into())])
    }

    /// Adds a part at the end.
    pub fn push(&mut self, part: Part) {
        match (self.parts.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => {
                // Most values have one part.
                if self.parts.is_empty() {
                    self.parts.reserve_exact(1);
                }
                self.parts.push(part);
            }
        }
    }

    /// Adds all parts of another value.
    pub fn extend(&mut self, other: Self) {
        other.parts.into_iter().for_each(|part| self.push(part));
    }

    /// The parts; none for the empty text.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text, if it is nothing but text.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Text(text)] => Some(text),
            [Part::Secret(_) | Part::Attribute(..)] | [_, _, ..] => None,
        }
    }

    /// The secret, if it is nothing but one secret.
    #[must_use]
    pub fn secret(&self) -> Option<Id<Secret>> {
        match self.parts.as_slice() {
            [Part::Secret(secret)] => Some(*secret),
            [] | [Part::Text(_) | Part::Attribute(..)] | [_, _, ..] => None,
        }
    }

    /// Whether a part is a secret or a sensitive attribute.
    #[must_use]
    pub fn sensitive(&self) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Text(_) => false,
            Part::Secret(_) => true,
            Part::Attribute(_, attribute) => attribute.sensitive(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, Value};

    #[test]
    fn joins_texts_and_drops_empty_ones() {
        let text = |text: &str| Part::Text(text.into());
        assert_eq!(Value::new([text("a"), text(""), text("b")]), Value::literal("ab"));
        assert_eq!(Value::literal("").parts(), &[]);
        assert_eq!(Value::literal("").text(), Some(""));
    }
}
