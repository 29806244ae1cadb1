//! Reading and changing a tree that is built already: for what is decided after its builder has run.

use super::{Entry, Mapping, Scalar, Yaml};

impl Mapping {
    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        self.entries
            .iter()
            .find(|entry| entry.key == key)
            .map(|entry| &entry.value)
    }

    /// The value under a key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Yaml> {
        let mut entries = self.entries.iter_mut();
        entries
            .find(|entry| entry.key == key)
            .map(|entry| &mut entry.value)
    }

    /// Keys and values, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&str, &Yaml)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_ref(), &entry.value))
    }

    /// Puts a comment above the entry that stands under a key, below the comments that it has.
    pub fn comment_on(&mut self, key: &str, text: impl Into<String>) {
        if let Some(Entry { lead, .. }) = self.entries.iter_mut().find(|entry| entry.key == key) {
            lead.get_or_insert_default().comments.push(text.into());
        }
    }
}

impl Scalar {
    /// A number with a fraction, unless it is infinite or none.
    #[must_use]
    pub fn decimal(number: f64) -> Option<Self> {
        number.is_finite().then(|| Self::Decimal(number.to_string()))
    }
}

impl Yaml {
    /// The mapping, if it is one.
    #[must_use]
    pub const fn as_map(&self) -> Option<&Mapping> {
        match self {
            Self::Map(mapping) => Some(mapping),
            Self::Scalar(_) | Self::List(_) | Self::FlowList(_) => None,
        }
    }

    /// The mapping, to change it.
    pub const fn as_map_mut(&mut self) -> Option<&mut Mapping> {
        match self {
            Self::Map(mapping) => Some(mapping),
            Self::Scalar(_) | Self::List(_) | Self::FlowList(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Scalar;
    use crate::yaml::{Mapping, Yaml, print, quoted};

    #[test]
    fn a_value_is_changed_in_place_and_says_why() {
        let mut map = Mapping::new()
            .comment("First.")
            .with("a", "x")
            .with("b", quoted("y"));
        *map.get_mut("a").unwrap() = Yaml::from(5u8);
        map.comment_on("a", "Second.");
        map.comment_on("z", "Nobody has it.");
        assert_eq!(print(&map), "# First.\n# Second.\na: 5\nb: \"y\"\n");
        assert_eq!(map.get("b"), Some(&quoted("y")));
        assert!(map.get("c").is_none());
        assert_eq!(map.entries().count(), 2);
    }

    #[test]
    fn a_number_with_a_fraction_has_no_exponent() {
        assert_eq!(Scalar::decimal(0.5), Some(Scalar::Decimal("0.5".into())));
        assert_eq!(Scalar::decimal(-1e9), Some(Scalar::Decimal("-1000000000".into())));
        assert_eq!(Scalar::decimal(f64::INFINITY), None);
        assert_eq!(Scalar::decimal(f64::NAN), None);
    }
}
