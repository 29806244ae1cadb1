//! Names of users and databases that a product keeps for itself: data of the entries, compared without regard to
//! case, as the servers do.

use crate::Entry;

impl Entry {
    /// Whether the product itself has a user of this name.
    #[must_use]
    pub fn keeps_username(&self, name: &str) -> bool {
        self.reserved_usernames
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }

    /// Whether the product itself has a database of this name.
    #[must_use]
    pub fn keeps_database(&self, name: &str) -> bool {
        self.reserved_databases
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
    }
}
