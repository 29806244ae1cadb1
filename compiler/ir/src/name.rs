//! Names that are derived from the manifest's names, within the limits of whoever takes them.

use sha2::{Digest, Sha256};

/// A derived name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortened {
    /// The name.
    pub name: String,
    /// The whole name, if it was too long.
    pub whole: Option<String>,
}

/// Joins `parts` with `-` and holds the result to `limit` characters, which must be at least 10.
///
/// A longer name becomes its first `limit - 9` characters without a final `-`, then `-` and 8 hexadecimal digits
/// of the SHA-256 of the whole, so that two long names stay two. Roles are ASCII, so characters are bytes.
#[must_use]
pub fn shorten(parts: &[&str], limit: usize) -> Shortened {
    let whole = parts.join("-");
    if whole.chars().count() <= limit {
        return Shortened {
            name: whole,
            whole: None,
        };
    }
    let head: String = whole.chars().take(limit.saturating_sub(9)).collect();
    let hash: String = Sha256::digest(whole.as_bytes())
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Shortened {
        name: format!("{}-{hash}", head.trim_end_matches('-')),
        whole: Some(whole),
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn keeps_short_names_and_marks_long_ones() {
        assert_eq!(shorten(&["shop", "production"], 32).name, "shop-production");
        let long = shorten(&["a-very-long-application-name", "production"], 32);
        assert_eq!(long.name.len(), 32);
        assert_eq!(
            long.whole.as_deref(),
            Some("a-very-long-application-name-production")
        );
        let other = shorten(&["a-very-long-application-name", "productioN"], 32);
        assert_ne!(long.name, other.name);
    }
}
