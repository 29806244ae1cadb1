//! What looks like a credential in a text: for the warning about literals, and so that no message and no excerpt shows
//! one. Knows nothing of manifests; works on whatever bytes a file holds, also on one that could not be parsed.

use std::borrow::Cow;
use std::ops::Range;

/// Tokens that begin in a known way: prefix, least length, whose it is.
///
/// Source: the providers' documentation of their token formats, 2026-11.
const PREFIXES: &[(&str, usize, &str)] = &[
    ("AKIA", 20, "an AWS access key"),
    ("ASIA", 20, "an AWS access key"),
    ("ghp_", 40, "a GitHub token"),
    ("gho_", 40, "a GitHub token"),
    ("ghs_", 40, "a GitHub token"),
    ("github_pat_", 40, "a GitHub token"),
    ("glpat-", 26, "a GitLab token"),
    ("xoxb-", 24, "a Slack token"),
    ("xoxp-", 24, "a Slack token"),
    ("xapp-", 24, "a Slack token"),
    ("sk_live_", 24, "a Stripe key"),
    ("rk_live_", 24, "a Stripe key"),
    ("whsec_", 24, "a Stripe webhook secret"),
    ("SG.", 60, "a SendGrid key"),
    ("AIza", 39, "a Google API key"),
    ("npm_", 40, "an npm token"),
    ("sk-ant-", 40, "an Anthropic key"),
    ("sk-proj-", 40, "an OpenAI key"),
];

/// Ends of names that hold credentials.
const NAMES: &[&str] = &[
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "SECRET",
    "TOKEN",
    "API_KEY",
    "APIKEY",
    "SECRET_KEY",
    "ACCESS_KEY",
    "PRIVATE_KEY",
    "ENCRYPTION_KEY",
    "SIGNING_KEY",
    "SESSION_KEY",
    "AUTH_KEY",
];

/// What stands in the place of a credential.
const MASK: &str = "***";

/// What a word is, if it is a token of a known form: the provider's, or a JSON web token.
#[must_use]
pub fn token(word: &str) -> Option<&'static str> {
    let known = PREFIXES.iter().find(|(prefix, least, _)| {
        let rest = word.strip_prefix(prefix);
        word.len() >= *least
            && rest.is_some_and(|rest| rest.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
    });
    match known {
        Some((_, _, what)) => Some(what),
        None => is_web_token(word).then_some("a JSON web token"),
    }
}

/// Three parts of base64 with dots between them, the first two of which are JSON objects.
fn is_web_token(word: &str) -> bool {
    let mut parts = word.split('.');
    let object = |part: Option<&str>| part.is_some_and(|part| part.starts_with("eyJ") && part.len() > 10);
    object(parts.next())
        && object(parts.next())
        && parts.next().is_some_and(|part| part.len() > 10)
        && parts.next().is_none()
}

/// Characters of a token.
#[must_use]
pub const fn is_of_token(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.')
}

/// Where a text holds a private key, from its first line to its last.
#[must_use]
pub fn private_key(text: &str) -> Option<Range<usize>> {
    let start = text.find("-----BEGIN")?;
    let rest = text.get(start..)?;
    let head = rest.find("PRIVATE KEY-----")? + "PRIVATE KEY-----".len();
    let end = rest
        .get(head..)
        .and_then(|body| Some(body.find("-----END")? + head))
        .and_then(|end| Some(rest.get(end + 8..)?.find("-----")? + end + 13));
    Some(start..end.map_or(text.len(), |end| start + end))
}

/// Where a text has a URL with a password in it, `scheme://user:password@host`: the place of the password.
#[must_use]
pub fn url_password(text: &str) -> Option<Range<usize>> {
    text.match_indices("://").find_map(|(at, _)| {
        let start = at + 3;
        let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || c == '+';
        text.get(..at)?.chars().next_back().filter(|c| is_of_scheme(*c))?;
        let (authority, _) = text.get(start..)?.split_once('@')?;
        let (user, password) = authority.split_once(':')?;
        let is_one = password.len() >= 3
            && !authority.contains(['/', '<', '{', '$'])
            && !authority.contains(char::is_whitespace);
        is_one.then(|| start + user.len() + 1..start + authority.len())
    })
}

/// Whether a value that stands under a name is a credential by the looks of both.
#[must_use]
pub fn is_named(name: &str, value: &str) -> bool {
    let Some(end) = NAMES.iter().find(|end| ends_with_words(name, end)) else {
        return false;
    };
    let looks = value.chars().count() >= 8
        && !value.contains(char::is_whitespace)
        && !value.starts_with(['/', '.', '<', '{', '$', '%'])
        && !value.contains("://");
    // A word such as `disabled` or `created-at` is a setting, not a credential, unless it is called a password.
    let is_word = value
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_');
    looks && (!is_word || end.starts_with("PASS"))
}

/// Whether a name ends with these words, in letters of any case and with `-` or `_` before and between them.
fn ends_with_words(name: &str, end: &str) -> bool {
    let same = |(a, b): (u8, u8)| a.eq_ignore_ascii_case(&b) || (a == b'-' && b == b'_');
    let mut before = name.bytes().rev();
    let fits = end
        .bytes()
        .rev()
        .all(|b| before.next().is_some_and(|a| same((a, b))));
    fits && before.next().is_none_or(|byte| matches!(byte, b'-' | b'_'))
}

/// The places of everything in a text that looks like a credential, in order; places may overlap.
#[must_use]
pub fn places(text: &str) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut from = 0;
    while let Some(key) = text.get(from..).and_then(private_key) {
        places.push(from + key.start..from + key.end);
        from += key.end;
    }
    let mut from = 0;
    while let Some(password) = text.get(from..).and_then(url_password) {
        places.push(from + password.start..from + password.end);
        from += password.end;
    }
    for word in words(text, is_of_token) {
        let found = text
            .get(word.clone())
            .and_then(|word| Some(word.len() - hidden(word)?.len()));
        places.extend(found.map(|start| word.start + start..word.end));
    }
    places.extend(assigned(text));
    places.sort_by_key(|place| (place.start, place.end));
    places
}

/// The end of a word that is a token, also behind a dot, and where a line of help has written `-` for `_`.
fn hidden(word: &str) -> Option<&str> {
    let is_token = |part: &&str| {
        token(part).is_some() || (part.contains('-') && token(&part.replace('-', "_")).is_some())
    };
    let behind_dots = word.match_indices('.').filter_map(|(at, _)| word.get(at + 1..));
    std::iter::once(word).chain(behind_dots).find(is_token)
}

/// The runs of characters of one kind.
fn words(text: &str, is_of_word: fn(char) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    std::iter::from_fn(move || {
        let start = rest + text.get(rest..)?.find(is_of_word)?;
        let tail = text.get(start..)?;
        let length = tail.find(|c| !is_of_word(c)).unwrap_or(tail.len());
        rest = start + length;
        Some(start..rest)
    })
}

/// The values of `NAME: value`, `NAME=value` and their quoted forms, where [`is_named`].
fn assigned(text: &str) -> impl Iterator<Item = Range<usize>> {
    const fn is_of_name(c: char) -> bool {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
    }
    const QUOTES: [char; 2] = ['"', '\''];
    words(text, is_of_name).filter_map(move |name| {
        let behind = text.get(name.end..)?;
        let sign = behind.trim_start_matches(QUOTES).trim_start_matches(' ');
        let value = sign.strip_prefix([':', '='])?.trim_start_matches(' ');
        // YAML may begin a value on the next line, plainly or as a block.
        let first_line = value.split('\n').next().unwrap_or_default();
        let is_block = matches!(first_line.trim_end(), "" | "|" | "|-" | "|+" | ">" | ">-" | ">+");
        let value = if is_block {
            value.get(first_line.len()..)?.trim_start()
        } else {
            value
        };
        let bare = value.trim_start_matches(QUOTES);
        let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`' | ',' | '}' | ']');
        let length = bare.find(ends).unwrap_or(bare.len());
        let start = text.len() - bare.len();
        let place = start..start + length;
        let value = text.get(place.clone())?;
        let is_key = is_block && value.ends_with(':');
        (!is_key && is_named(text.get(name)?, value)).then_some(place)
    })
}

/// A text in which nothing is left that looks like a credential.
#[must_use]
pub fn masked(text: &str) -> Cow<'_, str> {
    let places = places(text);
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut out, mut done) = (String::new(), 0);
    for Range { start, end } in places {
        if start >= done {
            out.push_str(text.get(done..start).unwrap_or_default());
            out.push_str(MASK);
        }
        done = done.max(end);
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::{masked, places};

    /// So that no scanner takes this file for a leak.
    fn stripe() -> String {
        format!("sk_live_{}", "aB3".repeat(9))
    }

    #[test]
    fn nothing_that_looks_like_a_credential_is_left() {
        let key = stripe();
        for (text, left) in [
            (format!("KEY: [{key}]"), "KEY: [***]"),
            (format!("write `/{key}`; the rest"), "write `/***`; the rest"),
            (format!("a {key} b {key}"), "a *** b ***"),
            ("postgres://shop:hunter22@db/x".into(), "postgres://shop:***@db/x"),
            (
                "  DB_PASSWORD: hunter2hunter2 # x".into(),
                "  DB_PASSWORD: *** # x",
            ),
            (
                "{ \"api-key\": \"0123456789\", a: b }".into(),
                "{ \"api-key\": \"***\", a: b }",
            ),
            ("run --password=hunter2hunter2 -v".into(), "run --password=*** -v"),
            (format!("API_TOKEN: {key}"), "API_TOKEN: ***"),
            (format!("${{secrets.{key}}}"), "${secrets.***}"),
            (key.replace('_', "-"), "***"),
            ("PASSWORD:\n  hunter2hunter2\nx".into(), "PASSWORD:\n  ***\nx"),
            (
                "PASSWORD: >-\n  hunter2hunter2\nx".into(),
                "PASSWORD: >-\n  ***\nx",
            ),
            (
                format!(
                    "x\n-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----\ny",
                    "MII".repeat(9)
                ),
                "x\n***\ny",
            ),
            (format!("-----BEGIN PRIVATE KEY-----\n{}", "MII".repeat(9)), "***"),
        ] {
            assert_eq!(masked(&text), left, "{text}");
        }
    }

    #[test]
    fn other_texts_are_left_alone() {
        for text in [
            "DB_PASSWORD: ${secrets.DB_PASSWORD}",
            "SESSION_KEY: { generate: 50 }",
            "SESSION_KEY:\n  description: Signs sessions",
            "TOKEN: disabled-for-now",
            "PASSWORD: short",
            "the key `STRIPE_KEY` stands twice in one mapping",
            "https://example.com:8080/a@b",
            "sk_live_ AKIA ghp_short a.b.c",
            "postgres://db:5432/shop",
            "",
        ] {
            assert_eq!(places(text), [], "{text}");
        }
    }

    #[test]
    fn characters_of_several_bytes_are_no_trap() {
        for text in [
            "PASSWORD: ééééééééé9",
            "é://ü:äöü@ß",
            "-----BEGINéPRIVATE KEY-----é",
            "日本=TOKEN=日本語日本語日本",
        ] {
            let _cut = masked(text);
        }
        assert_eq!(masked("PASSWORD: ééééééééé9 é"), "PASSWORD: *** é");
    }
}
