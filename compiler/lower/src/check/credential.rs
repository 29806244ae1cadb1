//! Literals that look like credentials. A warning names the pattern, never the value.

use crate::build::Lowering;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_manifest::ast::{Text, TextPart};

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

impl Lowering<'_> {
    /// Looks at named values.
    pub(crate) fn credentials<'t>(&mut self, values: impl Iterator<Item = (&'t Spanned<String>, &'t Text)>) {
        for (name, text) in values {
            let pattern = literal_pattern(text).or_else(|| named_pattern(&name.value, text));
            self.warn(pattern, Some(&name.value), text.span);
        }
    }

    /// Looks at texts without names.
    pub(crate) fn credential_texts<'t>(&mut self, texts: impl IntoIterator<Item = &'t Text>) {
        for text in texts {
            self.warn(literal_pattern(text), None, text.span);
        }
    }

    /// Looks at arguments.
    pub(crate) fn credential_arguments(&mut self, items: &[Text]) {
        self.credential_texts(items);
    }

    fn warn(&mut self, pattern: Option<String>, name: Option<&str>, at: Span) {
        let Some(pattern) = pattern else { return };
        self.sink.redact(at);
        let plain = |name: &&str| {
            name.starts_with(|c: char| c.is_ascii_uppercase())
                && name
                    .bytes()
                    .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        };
        let name = name.filter(plain).unwrap_or("NAME");
        self.sink.report(
            Diagnostic::new(
                codes::CREDENTIAL_LITERAL,
                format!("a literal looks like {pattern}"),
            )
            .at(at, "readable by whoever reads this file")
            .help(format!(
                "declare it in application.yml, `secrets: {{ {name}: {{}} }}`, and write `${{secrets.{name}}}` here"
            ))
            .help("if this was a real credential, change it: files are copied and kept"),
        );
    }
}

/// What a literal part looks like.
fn literal_pattern(text: &Text) -> Option<String> {
    let whole = matches!(text.parts.as_slice(), [TextPart::Literal(_)]);
    text.parts.iter().find_map(|part| match part {
        TextPart::Literal(literal) => pattern(literal, whole),
        TextPart::Reference(_) => None,
    })
}

fn pattern(text: &str, whole: bool) -> Option<String> {
    if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        return Some("a private key".into());
    }
    let is_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    for word in text.split(|c: char| !is_token(c)) {
        let known = PREFIXES.iter().find(|(prefix, least, _)| {
            let rest = word.strip_prefix(prefix);
            word.len() >= *least
                && rest.is_some_and(|rest| rest.bytes().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase()))
        });
        if let Some((_, _, what)) = known {
            return Some((*what).to_owned());
        }
        if is_web_token(word) {
            return Some("a JSON web token".into());
        }
    }
    (whole && url_password(text)).then(|| "a URL with a password".into())
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

/// `scheme://user:password@host` with a password in it.
fn url_password(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else {
        return false;
    };
    let Some((authority, _)) = rest.split_once('@') else {
        return false;
    };
    let Some((_, password)) = authority.split_once(':') else {
        return false;
    };
    let word = scheme
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '+'))
        .next()
        .unwrap_or_default();
    !word.is_empty() && password.len() >= 3 && !authority.contains(['/', ' ', '<', '{', '$'])
}

/// A long literal under a name that holds credentials.
fn named_pattern(name: &str, text: &Text) -> Option<String> {
    let [TextPart::Literal(literal)] = text.parts.as_slice() else {
        return None;
    };
    let upper = name.to_ascii_uppercase();
    let end = NAMES
        .iter()
        .find(|end| upper == **end || upper.ends_with(&format!("_{end}")))?;
    let looks = literal.chars().count() >= 8
        && !literal.contains(char::is_whitespace)
        && !literal.starts_with(['/', '.', '<', '{', '$', '%'])
        && !literal.contains("://");
    // A word such as `disabled` or `created-at` is a setting, not a credential, unless it is called a password.
    let is_word = literal
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b == b'-' || b == b'_');
    (looks && (!is_word || end.starts_with("PASS")))
        .then(|| format!("a credential, by its name {}", quoted(name)))
}

#[cfg(test)]
mod tests {
    use super::pattern;

    #[test]
    fn knows_credentials_by_their_looks() {
        let found = |text: &str| pattern(text, true).is_some();
        assert!(found(&format!("AKIA{}", "IOSFODNN7EXAMPLE")));
        assert!(found(&format!("Bearer ghp_{}", "a1".repeat(18))));
        assert!(found("-----BEGIN RSA PRIVATE KEY-----\nx"));
        assert!(found("postgres://shop:hunter22@db:5432/shop"));
        assert!(found(&format!(
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.{}",
            "x".repeat(20)
        )));
    }

    #[test]
    fn leaves_other_texts_alone() {
        let found = |text: &str| pattern(text, true).is_some();
        for text in [
            "https://example.com",
            "postgres://db:5432/shop",
            "user@example.com",
            "AKIA",
            "sk_live_",
            "ghp_short",
            "a.b.c",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
