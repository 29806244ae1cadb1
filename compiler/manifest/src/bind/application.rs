//! application.yml as a whole.

use super::keys::{APPLICATION, DIAGNOSTIC};
use super::{Binder, Fields, Want};
use crate::ast::{Application, DiagnosticLevel, Field};
use crate::exception;
use exoc_diagnostics::{Diagnostic, Failed, Key, Level, Node, Severity, Span, Spanned, codes};

impl Binder<'_> {
    /// application.yml. Fails only if its root is no mapping.
    pub(crate) fn application(&mut self, root: &Node, file: Span) -> Result<Application, Failed> {
        let want = Want {
            what: "application.yml".into(),
            kind: "a mapping",
            example: "name: shop".into(),
        };
        let fields = self.open(root, &APPLICATION, &want)?;
        let name = self.field(&fields, "name", |b, n| {
            b.string(n, &Want::key("name", "a text", "name: shop"))
        });
        let name = match name {
            Field::Set(_) | Field::Broken(_) => name,
            Field::Removed(span) => Field::Broken(
                self.sink.error(
                    Diagnostic::new(codes::WRONG_TYPE, "`name` takes a text, not null")
                        .at(span, "an application always has a name")
                        .help("write for example `name: shop`"),
                ),
            ),
            Field::Absent => {
                // The whole file would be underlined, so the first key stands for it.
                let first = root
                    .as_map()
                    .and_then(|map| map.members.first())
                    .map_or(root.span, |first| first.key.span);
                let failed = match fields.lost {
                    Some(failed) => failed,
                    None => self.missing(
                        first,
                        "name",
                        "the application",
                        "write `name: shop` at the top of application.yml",
                    ),
                };
                Field::Broken(failed)
            }
        };
        let description = self.field(&fields, "description", |b, n| {
            b.string(
                n,
                &Want::key("description", "a text", "description: Sells things"),
            )
        });
        let shared = self.shared(&fields);
        let diagnostics = self.table(
            &fields,
            "diagnostics",
            &Want::key("diagnostics", "a mapping from code to level", LEVEL),
            Self::diagnostic_level,
        );
        for (key, field) in &diagnostics {
            // What has a value was looked at with it, and what comes of it is in the sink.
            if matches!(field, Field::Removed(_)) {
                let _: Result<_, Failed> = exception::rulable(&key.value, key.span, self.sink);
            }
        }
        let environments = self.table(
            &fields,
            "environments",
            &Want::key(
                "environments",
                "a mapping",
                "environments: { production: { domain: shop.example.com } }",
            ),
            |binder, key, node| binder.environment(&key.name, node),
        );
        Ok(Application {
            span: file,
            name,
            description,
            shared,
            diagnostics,
            environments,
        })
    }

    /// One of `diagnostics`.
    fn diagnostic_level(&mut self, key: &Key, node: &Node) -> Result<DiagnosticLevel, Failed> {
        const WORDS: &[(&str, Level)] = &[
            ("error", Level::Shown(Severity::Error)),
            ("warning", Level::Shown(Severity::Warning)),
            ("note", Level::Shown(Severity::Note)),
            ("none", Level::Hidden),
        ];
        exception::rulable(&key.name, key.span, self.sink)?;
        let name = &key.name;
        let example = LEVEL.replacen("EX0540", name, 1);
        let want = Want {
            what: format!("the level of {name}").into(),
            kind: "a mapping",
            example: example.clone().into(),
        };
        let fields = self.open(node, &DIAGNOSTIC, &want)?;
        let level = self.field(&fields, "level", |b, n| {
            b.word(n, &Want::key("level", "a level", "level: error"), WORDS)
        });
        let because = self.field(&fields, "because", |b, n| {
            let text = b.string(
                n,
                &Want::key("because", "a text", "because: Everything is backed up here"),
            )?;
            if text.value.is_empty() {
                return Err(b.sink.error(
                    Diagnostic::new(codes::NO_REASON, "a level without a reason")
                        .at(n.span, "nobody will know why")
                        .help("say why, as in `because: Everything is backed up here`"),
                ));
            }
            Ok(text)
        });
        let until = self.field(&fields, "until", |b, n| {
            let text = b.written(n, &Want::key("until", "a day", "until: 2027-01-31"))?;
            let date = exception::date(&text.value, text.span, b.sink)?;
            Ok(Spanned::new(date, text.span))
        });
        let help = format!("write for example `{example}`");
        Ok(DiagnosticLevel {
            level: self.demanded(level, &fields, "level", name, &help),
            because: self.demanded(because, &fields, "because", name, &help),
            until,
        })
    }

    /// A key that a level must have.
    fn demanded<T>(
        &mut self,
        field: Field<T>,
        fields: &Fields<'_>,
        key: &str,
        code: &str,
        help: &str,
    ) -> Field<T> {
        match field {
            Field::Set(_) | Field::Broken(_) => field,
            Field::Absent | Field::Removed(_) => {
                Field::Broken(self.required(fields, key, &format!("the level of {code}"), help))
            }
        }
    }
}

/// A level that is right.
const LEVEL: &str = "EX0540: { level: error, because: Everything is backed up here }";
