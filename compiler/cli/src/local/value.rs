//! The value of a secret while it is on its way into the file: fit to be a variable's, and shown by nothing.

use std::fmt;

/// What Linux hands to a program as one variable, its name included, is shorter than this many bytes: `MAX_ARG_STRLEN`
/// (execve(2), man-pages 6.9.1).
pub const LIMIT: usize = 128 << 10;

const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// The value of a secret: text that is not empty and holds no NUL. Nothing prints it but the file's own writer.
#[derive(Clone, PartialEq, Eq)]
pub struct Value(String);

/// Why something is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Compose takes an empty value for a missing one.
    #[error("the value is empty")]
    Empty,
    /// No variable holds it.
    #[error("the value holds a NUL character, which no variable can")]
    Nul,
    /// No file of values holds it.
    #[error("the value is not UTF-8")]
    NotText,
    /// No program could be started with it.
    #[error("the value is longer than 128 KiB, which no variable can be")]
    TooLong,
}

impl Unfit {
    /// What to do.
    #[must_use]
    pub const fn help(self) -> &'static str {
        match self {
            Self::Empty => "a secret that is not needed is removed from the manifest",
            Self::Nul | Self::NotText => "encode it, as with `base64`, and let the service decode it",
            Self::TooLong => "keep it where the service can fetch it, and make a key for that the secret",
        }
    }
}

impl Value {
    /// What somebody supplied.
    ///
    /// # Errors
    ///
    /// If it cannot be the value of a variable.
    pub fn supplied(bytes: Vec<u8>) -> Result<Self, Unfit> {
        if bytes.is_empty() {
            return Err(Unfit::Empty);
        }
        if bytes.len() >= LIMIT {
            return Err(Unfit::TooLong);
        }
        if bytes.contains(&0) {
            return Err(Unfit::Nul);
        }
        // The error would hold the bytes.
        String::from_utf8(bytes).map(Self).map_err(|_| Unfit::NotText)
    }

    /// So many letters and digits, each as likely as any other.
    ///
    /// `random` fills a buffer with random bytes.
    ///
    /// # Errors
    ///
    /// If `random` fails.
    pub fn made<E>(length: u32, mut random: impl FnMut(&mut [u8]) -> Result<(), E>) -> Result<Self, E> {
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        let mut text = String::new();
        let mut bytes = [0; 64];
        while text.len() < length {
            random(&mut bytes)?;
            let missing = length - text.len();
            text.extend(bytes.iter().filter_map(|byte| letter(*byte)).take(missing));
        }
        Ok(Self(text))
    }

    /// The value itself, for the file.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

/// The letter of a byte; `None` for the eight bytes that would make some letters likelier than others.
fn letter(byte: u8) -> Option<char> {
    let index = usize::from(byte);
    let fair = usize::from(u8::MAX) + 1;
    let fair = fair - fair % ALPHABET.len();
    let letter = ALPHABET.get(index % ALPHABET.len()).copied().map(char::from);
    letter.filter(|_| index < fair)
}

impl fmt::Debug for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Value(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, Unfit, Value, letter};
    use std::collections::BTreeMap;

    #[test]
    fn every_letter_stands_for_as_many_bytes_as_any_other() {
        let mut counts: BTreeMap<char, u32> = BTreeMap::new();
        for letter in (0..=u8::MAX).filter_map(letter) {
            *counts.entry(letter).or_default() += 1;
        }
        assert_eq!(counts.len(), 62);
        assert!(counts.values().all(|count| *count == 4), "{counts:?}");
        assert!(counts.keys().all(char::is_ascii_alphanumeric));
    }

    #[test]
    fn what_is_made_has_its_length_and_follows_the_randomness() {
        for length in [16, 32, 64, 65, 128] {
            let mut next = 0u8;
            let made = Value::made(length, |bytes| {
                for byte in bytes {
                    next = next.wrapping_mul(5).wrapping_add(3);
                    *byte = next;
                }
                Ok::<(), ()>(())
            });
            let made = made.unwrap();
            assert_eq!(made.reveal().len(), usize::try_from(length).unwrap());
            assert!(made.reveal().starts_with("DSfa"), "of the bytes 3, 18, 93, 212");
        }
        assert_eq!(Value::made(32, |_| Err("dry")), Err("dry"));
    }

    #[test]
    fn what_no_variable_can_hold_is_refused() {
        let unfit = |bytes: &[u8]| Value::supplied(bytes.to_vec()).unwrap_err();
        assert_eq!(unfit(b""), Unfit::Empty);
        assert_eq!(unfit(b"a\0b"), Unfit::Nul);
        assert_eq!(unfit(b"a\xffb"), Unfit::NotText);
        assert_eq!(unfit(&vec![b'a'; LIMIT]), Unfit::TooLong);
        assert!(Value::supplied(b"\n".to_vec()).is_ok());
    }

    #[test]
    fn a_value_is_not_shown() {
        let value = Value::supplied(b"canary".to_vec()).unwrap();
        assert_eq!(format!("{value:?}"), "Value(…)");
    }
}
