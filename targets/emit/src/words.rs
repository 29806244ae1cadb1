//! Words of a target's notes that more than one target needs.

/// The first few of many names, each in backquotes, in the order given: a note stays a few lines long in an
/// application of a thousand services.
#[must_use]
pub fn some_of<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 8;
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [most @ .., last] if names.len() <= MOST => format!("{} and {last}", most.join(", ")),
        [_, _, ..] => {
            let shown: Vec<&str> = names.iter().take(MOST - 1).map(String::as_str).collect();
            format!("{} and {} others", shown.join(", "), names.len() - shown.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::some_of;

    #[test]
    fn many_names_are_cut_to_a_few() {
        let names: Vec<String> = (0..10).map(|index| format!("s{index}")).collect();
        let of = |count: usize| some_of(names.iter().take(count).map(String::as_str));
        assert_eq!(of(1), "`s0`");
        assert_eq!(of(2), "`s0` and `s1`");
        assert_eq!(of(8), "`s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6` and `s7`");
        assert_eq!(of(9), "`s0`, `s1`, `s2`, `s3`, `s4`, `s5`, `s6` and 2 others");
    }
}
