//! Literals that look like credentials: a warning, in a patch an error. Both name the pattern, never the value.

use crate::build::Lowering;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Kind, Node, Sink, Span, Spanned, codes, credential};
use exoc_ir::Patch;
use exoc_manifest::ast::{Text, TextPart};

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

    /// Looks at the contents of a file that the manifest names at a place.
    pub(crate) fn credential_file(&mut self, contents: &[u8], at: Span) {
        let Ok(text) = std::str::from_utf8(contents) else {
            return;
        };
        let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '<' | '>');
        let with_password = |word: &str| credential::url_password(word).is_some();
        let of_word = || {
            text.split(is_end)
                .any(with_password)
                .then(|| "a URL with a password".to_owned())
        };
        let Some(pattern) = pattern(text, false).or_else(of_word) else {
            return;
        };
        self.sink.report(
            Diagnostic::new(
                codes::CREDENTIAL_LITERAL,
                format!("a part of this file looks like {pattern}"),
            )
            .at(at, "its contents are copied into generated files")
            .help("write the file as `content` with `${secrets.NAME}` in the place of the credential")
            .help("if this was a real credential, change it: files are copied and kept"),
        );
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

/// Refuses what looks like a credential in a patch, where no reference can stand in its place.
pub(crate) fn in_patch(patch: &Patch, sink: &mut Sink) {
    let Patch { at: _, set, replace } = patch;
    for (path, value) in set.iter().chain(replace) {
        let name = path.value.rsplit('.').next().unwrap_or_default();
        in_value(name.trim_matches('"'), value, sink);
    }
}

fn in_value(name: &str, node: &Node, sink: &mut Sink) {
    match &node.kind {
        Kind::Scalar(scalar) => {
            let named =
                || credential::is_named(name, &scalar.text).then(|| "a credential, by its name".to_owned());
            let Some(pattern) = pattern(&scalar.text, true).or_else(named) else {
                return;
            };
            sink.redact(node.span);
            sink.error(
                Diagnostic::new(codes::BAD_PATCH, format!("a literal in a patch looks like {pattern}"))
                    .at(node.span, "would stand in a generated file")
                    .help("declare it under `secrets` in application.yml, and refer to it in `environment` or `files` of the service")
                    .help("if this was a real credential, change it: files are copied and kept"),
            );
        }
        Kind::List(items) => items.iter().for_each(|item| in_value(name, item, sink)),
        Kind::Map(map) => {
            for member in &map.members {
                in_value(&member.key.name, &member.value, sink);
            }
        }
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
    if credential::private_key(text).is_some() {
        return Some("a private key".into());
    }
    let token = text
        .split(|c: char| !credential::is_of_token(c))
        .find_map(credential::token);
    if let Some(what) = token {
        return Some(what.to_owned());
    }
    (whole && credential::url_password(text).is_some()).then(|| "a URL with a password".into())
}

/// A long literal under a name that holds credentials.
fn named_pattern(name: &str, text: &Text) -> Option<String> {
    let [TextPart::Literal(literal)] = text.parts.as_slice() else {
        return None;
    };
    credential::is_named(name, literal).then(|| format!("a credential, by its name {}", quoted(name)))
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
