//! A text that could not be read as an application -> the words in it that may name folders of services.
//!
//! Works on lines, brackets and colons alone, because what it gets is not YAML or not what was expected. It may name
//! too much: whoever asks looks whether such a folder has a service.yml.

use exoc_diagnostics::{SourceId, Span, Spanned};
use std::collections::BTreeSet;

/// The most words that are looked at.
const MOST: usize = 10_000;
/// The most bytes of one word: no path of a folder is longer.
const LONGEST: usize = 1024;

/// Keys whose values name other folders than those of services.
const OTHER_FOLDERS: &[&str] = &["build", "context", "dockerfile", "source", "image"];

/// Each word that stands as a value behind a `:`, and each that looks like a path; every one once.
pub(crate) fn values(source: SourceId, text: &str) -> Vec<Spanned<&str>> {
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut start = line_start;
        for piece in without_comment(line).split_inclusive(['{', '}', '[', ']', ',']) {
            let word = value(piece).filter(|(_, word)| seen.len() < MOST && seen.insert(*word));
            if let Some((at, word)) = word {
                let at = start + at;
                found.push(Spanned::new(word, Span::new(source, at, at + word.len())));
            }
            start += piece.len();
        }
        line_start += line.len();
    }
    found
}

/// The value in a piece of a line, and where it begins.
fn value(piece: &str) -> Option<(usize, &str)> {
    let behind = piece.rfind(':').map_or(0, |colon| colon + 1);
    let before = piece.get(..behind)?.trim_end_matches([':', ' ', '"', '\'']);
    let key = before.rsplit([' ', ':', '"', '\'']).next().unwrap_or_default();
    // Folders of images are no services, and neither is what a variable holds.
    let is_variable = key.starts_with(|c: char| c.is_ascii_uppercase());
    if OTHER_FOLDERS.contains(&key) || is_variable {
        return None;
    }
    let rest = piece.get(behind..)?.trim_end_matches(no_word);
    let word = rest.trim_start_matches(|c| no_word(c) || c == '-');
    // An anchor or a tag stands before what it belongs to.
    let word = match word.split_once(' ') {
        Some((mark, word)) if mark.starts_with(['&', '!']) => word.trim_start_matches(no_word),
        Some(_) | None => word,
    };
    let fits = !word.is_empty() && word.len() <= LONGEST && (behind > 0 || word.starts_with("./"));
    fits.then_some((behind + rest.len() - word.len(), word))
}

fn no_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '"' | '\'' | '{' | '}' | '[' | ']' | ',')
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    line.split(" #").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::values;
    use exoc_diagnostics::{SourceMap, VirtualPath};

    fn words(text: &str) -> Vec<String> {
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::root(), text.to_owned());
        let found = values(id, text);
        assert!(found.iter().all(|one| map.slice(one.span) == one.value));
        found.iter().map(|one| one.value.to_owned()).collect()
    }

    #[test]
    fn values_are_found_in_every_form_of_mapping() {
        assert_eq!(
            words("services:\n  web: ./web\n  api:\n    location: \"api\"\n"),
            ["./web", "api"]
        );
        assert_eq!(
            words("services: { web: ./web, api: { location: ./api }\n"),
            ["./web", "./api"]
        );
        assert_eq!(words("web: &web \"./web\"\n"), ["./web"]);
        assert_eq!(words("services:\n  web:./web\n  - ./api\n"), ["./web", "./api"]);
    }

    #[test]
    fn keys_and_comments_name_nothing() {
        assert_eq!(words("web: {}\n# api: ./api\nx: ./x # was ./y\n"), ["./x"]);
        assert_eq!(
            words("a: { build: ./a, environment: { DIR: ./b } }\n"),
            Vec::<String>::new()
        );
        assert_eq!(
            words("a: { build: { context: ./a }, location: './c' }\n"),
            ["./c"]
        );
    }
}
