//! Nearest names.

/// The candidate nearest to `wrong`, if it is near enough to be what was meant.
///
/// Near is a Damerau-Levenshtein distance of at most a third of the longer word's characters (at least 1), or
/// equality but for case, `-` and `_`.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace(['-', '_'], "");
    let folded = fold(wrong);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != wrong)
        .map(|candidate| {
            let distance = if fold(candidate) == folded {
                0
            } else {
                strsim::damerau_levenshtein(wrong, candidate)
            };
            (distance, candidate)
        })
        .filter(|(distance, candidate)| {
            let longer = wrong.chars().count().max(candidate.chars().count());
            *distance <= (longer / 3).max(1) && *distance < longer
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// A help line that names the candidate nearest to `wrong`, if there is one.
pub fn did_you_mean<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(wrong, candidates).map(|name| format!("did you mean `{name}`?"))
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn suggests_only_what_is_near() {
        let keys = ["command", "environment", "port", "ports"];
        assert_eq!(nearest("comand", keys), Some("command"));
        assert_eq!(nearest("enviroment", keys), Some("environment"));
        assert_eq!(nearest("prot", keys), Some("port"));
        assert_eq!(nearest("x", keys), None);
        assert_eq!(nearest("frobnicate", keys), None);
        assert_eq!(nearest("Read_Only", ["read-only"]), Some("read-only"));
    }
}
