//! application.yml as a whole.

use super::keys::APPLICATION;
use super::{Binder, Want};
use crate::ast::{Application, Field};
use exoc_diagnostics::{Diagnostic, Failed, Node, Span, codes};

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
            environments,
        })
    }
}
