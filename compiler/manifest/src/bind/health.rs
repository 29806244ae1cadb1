//! `health`: exactly one question, and how often it is asked.

use super::keys::HEALTH;
use super::{Binder, Fields, Want};
use crate::ast::{Field, Health, Question};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Span, Spanned, Typed, codes};

const QUESTIONS: [&str; 4] = ["path", "tcp", "grpc", "command"];

impl Binder<'_> {
    /// `health`, short or long.
    pub(crate) fn health(&mut self, node: &Node) -> Result<Health, Failed> {
        let want = Want::key("health", "a path or a mapping", "health: /healthz");
        if let Kind::Scalar(_) = &node.kind {
            let path = self.health_path(node, &want)?;
            return Ok(Health {
                span: node.span,
                question: Field::Set(Question::Path(path)),
                port: Field::Absent,
                interval: Field::Absent,
                timeout: Field::Absent,
                retries: Field::Absent,
                start: Field::Absent,
            });
        }
        let fields = self.open(node, &HEALTH, &want)?;
        let time = |key, example| Want::key(key, "a duration", example);
        Ok(Health {
            span: node.span,
            question: self.question(&fields),
            port: self.field(&fields, "port", |b, n| {
                b.string(n, &Want::key("port", "the name of one of `ports`", "port: http"))
            }),
            interval: self.field(&fields, "interval", |b, n| {
                b.seconds(n, &time("interval", "interval: 10s"), 5..=300)
            }),
            timeout: self.field(&fields, "timeout", |b, n| {
                b.seconds(n, &time("timeout", "timeout: 3s"), 2..=60)
            }),
            retries: self.field(&fields, "retries", |b, n| {
                b.whole(n, &Want::key("retries", "a number", "retries: 3"), 2..=10)
            }),
            start: self.field(&fields, "start", |b, n| {
                b.seconds(n, &time("start", "start: 30s"), 0..=300)
            }),
        })
    }

    fn question(&mut self, fields: &Fields<'_>) -> Field<Question> {
        let written: Vec<(&'static str, Span)> = QUESTIONS
            .iter()
            .filter_map(|key| {
                fields
                    .get(key)
                    .filter(|member| !member.value.is_null())
                    .map(|m| (*key, m.key.span))
            })
            .collect();
        if let [(first, first_span), (second, second_span), ..] = written.as_slice() {
            return Field::Broken(
                self.sink.error(
                    Diagnostic::new(
                        codes::CONFLICTING_KEYS,
                        format!("`{first}` and `{second}` in one health check"),
                    )
                    .at(*second_span, "a second question")
                    .also(*first_span, "the first question")
                    .help("keep one of `path`, `tcp`, `grpc` and `command`"),
                ),
            );
        }
        let removed = QUESTIONS.iter().copied().find(|key| fields.get(key).is_some());
        let key = written.first().map(|(key, _)| *key).or(removed).unwrap_or("path");
        self.field(fields, key, |binder, node| match key {
            "tcp" => binder.only_true(node, "tcp").map(|()| Question::Tcp(node.span)),
            "grpc" => binder.grpc(node).map(Question::Grpc),
            "command" => binder.command(node, "command").map(Question::Command),
            _ => {
                let want = Want::key("path", "a path", "path: /healthz");
                binder.health_path(node, &want).map(Question::Path)
            }
        })
    }

    fn grpc(&mut self, node: &Node) -> Result<Spanned<Option<String>>, Failed> {
        let want = Want::key("grpc", "`true` or the name of a gRPC service", "grpc: true");
        match node.as_scalar().map(|scalar| scalar.typed) {
            Some(Typed::Bool(_)) => self
                .only_true(node, "grpc")
                .map(|()| Spanned::new(None, node.span)),
            Some(Typed::Text | Typed::Null | Typed::Int(_) | Typed::Float(_)) | None => {
                Ok(self.string(node, &want)?.map(Some))
            }
        }
    }

    /// `true`; `false` would say nothing.
    fn only_true(&mut self, node: &Node, key: &str) -> Result<(), Failed> {
        let kind = if key == "tcp" {
            "`true`"
        } else {
            "`true` or the name of a gRPC service"
        };
        let value = self.boolean(node, &Want::key(key, kind, "health: { tcp: true }"))?;
        if value.value {
            return Ok(());
        }
        Err(self.sink.error(
            Diagnostic::new(codes::UNKNOWN_WORD, format!("`{key}` cannot be `false`"))
                .at(node.span, format!("expected {kind}"))
                .help(format!(
                    "write `{key}: true`, or remove the key; `{key}: null` removes that of a weaker layer"
                )),
        ))
    }

    fn health_path(&mut self, node: &Node, want: &Want) -> Result<Spanned<String>, Failed> {
        let path = self.string(node, want)?;
        let text = path.value.as_str();
        let graphic = text.bytes().all(|b| b.is_ascii_graphic());
        if text.starts_with('/') && graphic {
            return Ok(path);
        }
        let (label, help) = if graphic {
            let rest = text
                .split("://")
                .last()
                .and_then(|rest| rest.split_once('/'))
                .map_or(text, |(_, rest)| rest);
            (
                "does not begin with `/`",
                format!(
                    "write `/{}`; the check asks the service's own port",
                    rest.trim_start_matches('/')
                ),
            )
        } else {
            (
                "has a space or a character outside ASCII",
                "write such characters as `%20`".into(),
            )
        };
        Err(self.malformed(
            node,
            format!("`{text}` is no path that a health check can ask"),
            label,
            help,
        ))
    }
}
