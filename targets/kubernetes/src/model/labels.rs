//! Keys and values of labels, annotations and selectors. Knows no key.

use std::borrow::Cow;

/// Labels, annotations or a selector, sorted by key. Every policy and every pod has some, few at a time, so that they
/// stand in a list and not in a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels(Vec<(Cow<'static, str>, String)>);

impl Labels {
    /// None.
    pub(crate) const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets the value of a key.
    pub(crate) fn insert(&mut self, key: impl Into<Cow<'static, str>>, value: String) {
        let key = key.into();
        match self.0.binary_search_by(|(known, _)| known.cmp(&key)) {
            Ok(place) => {
                if let Some((_, known)) = self.0.get_mut(place) {
                    *known = value;
                }
            }
            Err(place) => self.0.insert(place, (key, value)),
        }
    }

    /// Keys and values, by key.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Cow<'static, str>, &String)> {
        self.0.iter().map(|(key, value)| (key, value))
    }
}

impl<K: Into<Cow<'static, str>>, const N: usize> From<[(K, String); N]> for Labels {
    fn from(labels: [(K, String); N]) -> Self {
        let mut this = Self(Vec::with_capacity(N));
        for (key, value) in labels {
            this.insert(key, value);
        }
        this
    }
}

impl Extend<(Cow<'static, str>, String)> for Labels {
    fn extend<I: IntoIterator<Item = (Cow<'static, str>, String)>>(&mut self, labels: I) {
        for (key, value) in labels {
            self.insert(key, value);
        }
    }
}

impl IntoIterator for Labels {
    type Item = (Cow<'static, str>, String);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::Labels;

    #[test]
    fn a_key_has_one_value_and_keys_are_sorted() {
        let mut labels = Labels::from([("b", "1".to_owned()), ("a", "2".to_owned())]);
        labels.insert("b", "3".to_owned());
        labels.extend(Labels::from([("c", "4".to_owned()), ("a", "5".to_owned())]));
        let all: Vec<(&str, &str)> = labels
            .iter()
            .map(|(key, value)| (key.as_ref(), value.as_str()))
            .collect();
        assert_eq!(all, [("a", "5"), ("b", "3"), ("c", "4")]);
    }
}
