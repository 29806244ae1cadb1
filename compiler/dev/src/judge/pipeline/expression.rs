//! The part of GitHub's expressions that the workflow uses. What is not known is an error, so that nothing of a condition
//! is passed over.

use std::collections::BTreeMap;

/// What names mean, by their whole path, such as `vars.EXOC_PRODUCTION_PLAN_ROLE`.
pub(super) type Names = BTreeMap<String, String>;

/// A text with the meaning of every `${{ … }}` in it.
pub(super) fn expand(text: &str, names: &Names) -> Result<String, String> {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, from)) = rest.split_once("${{") {
        let (inside, after) = from
            .split_once("}}")
            .ok_or_else(|| format!("`{text}` has no end"))?;
        out.push_str(before);
        out.push_str(&value(inside.trim(), names)?);
        rest = after;
    }
    Ok(out + rest)
}

/// Whether a condition holds: comparisons that are joined by `&&`.
pub(super) fn holds(condition: &str, names: &Names) -> Result<bool, String> {
    let mut all = true;
    for part in condition.split("&&").map(str::trim) {
        all &= match part {
            "!cancelled()" => true,
            comparison => compare(comparison, names)?,
        };
    }
    Ok(all)
}

fn compare(comparison: &str, names: &Names) -> Result<bool, String> {
    let (equal, (left, right)) = match comparison.split_once("!=") {
        Some(sides) => (false, sides),
        None => (
            true,
            comparison
                .split_once("==")
                .ok_or_else(|| format!("`{comparison}` is no comparison"))?,
        ),
    };
    Ok((value(left.trim(), names)? == value(right.trim(), names)?) == equal)
}

fn value(word: &str, names: &Names) -> Result<String, String> {
    let literal = word.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    if let Some(literal) = literal {
        return Ok(literal.to_owned());
    }
    // A job that was skipped has no outputs.
    let absent = || word.contains(".outputs.").then(String::new);
    names
        .get(word)
        .cloned()
        .or_else(absent)
        .ok_or_else(|| format!("nobody says what `{word}` is"))
}

#[cfg(test)]
mod tests {
    use super::{Names, expand, holds};

    fn names() -> Names {
        let pairs = [("github.event_name", "push"), ("needs.a.result", "success")];
        pairs
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn conditions_hold_if_every_part_does() {
        let holds = |text: &str| holds(text, &names()).unwrap();
        assert!(holds("!cancelled() && needs.a.result == 'success'"));
        assert!(!holds(
            "github.event_name != 'push' && needs.a.result == 'success'"
        ));
    }

    #[test]
    fn what_is_unknown_is_an_error() {
        assert!(holds("github.actor == 'x'", &names()).is_err());
        assert!(holds("always()", &names()).is_err());
        assert_eq!(
            expand("a ${{ github.event_name }} b", &names()).unwrap(),
            "a push b"
        );
        assert!(expand("${{ github.actor }}", &names()).is_err());
    }
}
