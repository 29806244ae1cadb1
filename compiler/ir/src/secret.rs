//! Secrets: names and origins, never values.

use crate::{Backing, Id};
use serde::Serialize;

/// A secret of the application in one environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Secret {
    /// Its name, upper case with `_`; unique.
    pub name: String,
    /// Where its value comes from.
    pub origin: Origin,
}

/// How many letters and digits the password of a backing has.
const PASSWORD_LENGTH: u32 = 32;

impl Secret {
    /// Of how many letters and digits it is made; `None` if somebody must supply it.
    #[must_use]
    pub const fn length(&self) -> Option<u32> {
        let Self { name: _, origin } = self;
        match origin {
            Origin::Generated {
                length,
                description: _,
            } => Some(*length),
            Origin::PasswordOf(_) | Origin::AdministratorOf(_) => Some(PASSWORD_LENGTH),
            Origin::Supplied {
                description: _,
                store: _,
            } => None,
        }
    }
}

/// Where a secret's value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Origin {
    /// Somebody must supply it.
    Supplied {
        /// What it is for.
        description: Option<String>,
        /// What it is called in the target's store, if it is there already.
        store: Option<String>,
    },
    /// The target makes it once per environment, of letters and digits.
    Generated {
        /// So many, 16 to 128.
        length: u32,
        /// What it is for.
        description: Option<String>,
    },
    /// The target makes it once per environment, of 32 letters and digits: what a managed backing's user logs in with.
    PasswordOf(Id<Backing>),
    /// The same, for the administrator of a backing, where the target runs one. No service gets it.
    AdministratorOf(Id<Backing>),
}
