//! `database` and `username` of a dependency: their defaults, and which names a server takes.

use super::backing::Known;
use super::{Lowering, Site};
use crate::field::Look;
use crate::words::quoted;
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Spanned, codes};
use exoc_manifest::ast::Field;

/// The longest name that every product takes: MySQL's limit for users.
///
/// Source: MySQL 8.4 reference manual, "Account names", read 2026-11; PostgreSQL has 63, MariaDB 128.
const LONGEST: usize = 32;

/// One of the two keys.
pub(super) struct Account {
    key: &'static str,
    /// Whether the product has one of this name by itself.
    kept: fn(&Entry, &str) -> bool,
}

/// `database`.
pub(super) const DATABASE: Account = Account {
    key: "database",
    kept: Entry::keeps_database,
};

/// `username`.
pub(super) const USERNAME: Account = Account {
    key: "username",
    kept: Entry::keeps_username,
};

impl Lowering<'_> {
    /// The name that a manifest gives, or else the application's.
    pub(super) fn named(
        &mut self,
        site: &Site<'_>,
        known: &Known<'_>,
        written: &Field<Spanned<String>>,
        account: &Account,
        entry: &Entry,
    ) -> String {
        let own = self
            .app
            .as_ref()
            .map_or_else(|_| site.role.to_owned(), |app| app.replace('-', "_"));
        let (name, at) = match written.known() {
            // Reported.
            Err(_) => return own,
            Ok(None) if self.app.is_err() => return own,
            Ok(None) => (own, known.kind.span),
            Ok(Some(name)) => (name.value.clone(), name.span),
        };
        let Account { key, kept } = account;
        if !is_plain(&name) {
            self.sink.error(
                Diagnostic::new(codes::BAD_NAME, format!("{} is no name for `{key}`", quoted(&name)))
                    .at(at, "not the form of a name")
                    .help(format!(
                        "it begins with a lower-case letter, holds lower-case letters, digits and `_`, and has at \
                         most {LONGEST} characters"
                    )),
            );
        } else if kept(entry, &name) {
            let mut diagnostic = Diagnostic::new(
                codes::RESERVED_NAME,
                format!("{} keeps the name {} to itself", entry.word(), quoted(&name)),
            )
            .at(at, format!("its `{key}` would have this name"));
            if at == known.kind.span {
                diagnostic = diagnostic.help(format!("the default of `{key}` is the application's name"));
            }
            self.sink
                .error(diagnostic.help(format!("write another, as in `{key}: {}`", other(&name))));
        }
        name
    }
}

/// A name of the same meaning that no server keeps.
fn other(name: &str) -> String {
    let short: String = name.chars().take(LONGEST - 4).collect();
    format!("{short}_app")
}

fn is_plain(name: &str) -> bool {
    name.len() <= LONGEST
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
