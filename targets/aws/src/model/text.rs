//! Texts that hold what only AWS knows. Must not know how HCL writes them.

/// A sequence of pieces; none is the empty text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) pieces: Vec<Piece>,
}

/// A piece of a [`Text`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Characters that stand for themselves.
    Literal(String),
    /// An attribute of a resource.
    Attribute(Reference),
    /// A local value of this module, by its name.
    Local(String),
    /// The value of a stored secret, by its address; only in composed texts.
    Secret(String),
    /// The value of a secret that the store has already, by its address, and its name in the manifest; likewise.
    Named { address: String, key: String },
}

/// An attribute of a resource of this module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// The type of the resource.
    pub(crate) resource: &'static str,
    /// Its address.
    pub(crate) address: String,
    /// The attribute.
    pub(crate) attribute: &'static str,
    /// Whether it is a number, which is no text until it is made one.
    pub(crate) number: bool,
}

impl Text {
    /// A literal text.
    pub(crate) fn literal(text: impl Into<String>) -> Self {
        Self {
            pieces: vec![Piece::Literal(text.into())],
        }
    }

    /// Adds a piece.
    pub(crate) fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
    }

    /// The addresses of the secrets in it, in order.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Secret(address) | Piece::Named { address, key: _ } => Some(address.as_str()),
            Piece::Literal(_) | Piece::Attribute(_) | Piece::Local(_) => None,
        })
    }
}

impl Reference {
    /// An attribute that is a text.
    pub(crate) fn text(resource: &'static str, address: &str, attribute: &'static str) -> Self {
        Self {
            resource,
            address: address.to_owned(),
            attribute,
            number: false,
        }
    }

    /// An attribute that is a number.
    pub(crate) fn number(resource: &'static str, address: &str, attribute: &'static str) -> Self {
        Self {
            resource,
            address: address.to_owned(),
            attribute,
            number: true,
        }
    }
}
