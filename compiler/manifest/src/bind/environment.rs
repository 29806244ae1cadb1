//! Environments and what they share with the application: secrets, targets, patches.

use super::keys::{DEPENDENCY, ENVIRONMENT, PATCH, SECRET, SERVICE_ENTRY};
use super::{Binder, Fields, Want};
use crate::ast::{Environment, Field, Lost, Patch, Secret, Shared, TargetEntry};
use exoc_diagnostics::{Diagnostic, Failed, Key, Kind, Map, Member, Node, Span, Spanned, Typed, codes};

/// The longest name of a secret in a store (AWS Secrets Manager, CreateSecret, 2026-08).
const LONGEST_STORE_NAME: usize = 512;

impl Binder<'_> {
    /// One of `environments`.
    pub(crate) fn environment(&mut self, name: &str, node: &Node) -> Result<Environment, Failed> {
        let want = Want {
            what: format!("the environment `{name}`").into(),
            kind: "a mapping",
            example: format!("{name}: {{ domain: shop.example.com }}").into(),
        };
        let fields = self.open(node, &ENVIRONMENT, &want)?;
        let services = fields.get("services").and_then(|member| member.value.as_map());
        for service in services.into_iter().flat_map(|services| &services.members) {
            let entry = service.value.as_map();
            if let Some(member) = entry.and_then(|entry| entry.get("development")) {
                self.development_of_an_environment(member);
            }
        }
        let targets = Want::key(
            "targets",
            "a mapping from target to options",
            "targets: { kubernetes: {} }",
        );
        Ok(Environment {
            span: node.span,
            domain: self.field(&fields, "domain", Self::domain),
            targets: self.table(&fields, "targets", &targets, Self::target),
            shared: self.shared(&fields),
        })
    }

    /// The keys that application.yml and an environment have in common.
    pub(crate) fn shared(&mut self, fields: &Fields<'_>) -> Shared {
        let of_dependencies = &self.outdented(fields, "dependencies", &DEPENDENCY);
        let of_services = &self.outdented(fields, "services", &SERVICE_ENTRY);
        let failed = |astray: &Option<(Failed, Vec<Span>)>| astray.as_ref().map(|(failed, _)| *failed);
        let (no_dependency, no_service) = (failed(of_dependencies), failed(of_services));
        let is_astray = |astray: &Option<(Failed, Vec<Span>)>, key: &Key| {
            let (failed, spans) = astray.as_ref()?;
            spans.contains(&key.span).then_some(*failed)
        };
        Shared {
            owner: self.field(fields, "owner", |b, n| {
                b.string(n, &Want::key("owner", "a text", "owner: team-checkout"))
            }),
            registry: self.field(fields, "registry", Self::registry),
            environment: self.variables(fields),
            secrets: {
                let want = Want::key(
                    "secrets",
                    "a mapping from name to mapping",
                    "secrets: { STRIPE_KEY: {} }",
                );
                self.table(fields, "secrets", &want, Self::secret)
            },
            dependencies: {
                let want = Want::key("dependencies", "a mapping", "dependencies: { db: postgres:17 }");
                self.table(fields, "dependencies", &want, |b, key, n| {
                    is_astray(of_dependencies, key).map_or(Ok(()), Err)?;
                    b.dependency(&key.name, n)
                })
            },
            services: {
                let want = Want::key("services", "a mapping", "services: { web: ./web }");
                self.table(fields, "services", &want, |b, key, n| {
                    is_astray(of_services, key).map_or(Ok(()), Err)?;
                    b.service_entry(&key.name, n)
                })
            },
            // Last, for it looks at what was reported.
            lost: Lost {
                secrets: self.lost(fields, "secrets"),
                dependencies: self.lost(fields, "dependencies").or(no_dependency),
                services: self.lost(fields, "services").or(no_service),
            },
        }
    }

    fn domain(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let domain = self.string(
            node,
            &Want::key("domain", "a host name", "domain: shop.example.com"),
        )?;
        let text = domain.value.as_str();
        let (host, port) = text.split_once(':').unwrap_or((text, "1"));
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        let is_port = port.parse::<u16>().is_ok_and(|port| port > 0);
        if host.len() <= 253 && host.split('.').all(label) && is_port {
            return Ok(domain);
        }
        let bare = text.split_once("://").map_or(text, |(_, rest)| rest);
        let bare = bare.split(['/', ':', '?']).next().unwrap_or_default();
        let bare = bare.trim_start_matches("*.").replace('_', "-");
        let help = if bare.contains('.') && bare.split('.').all(label) {
            format!("write the host name alone: `{bare}`")
        } else {
            "write labels of letters, digits and `-` with dots between them, as in `shop.example.com`"
                .to_owned()
        };
        Err(self.malformed(
            node,
            format!("`{text}` is no domain"),
            "expected a host name",
            help,
        ))
    }

    fn secret(&mut self, key: &Key, node: &Node) -> Result<Secret, Failed> {
        if let Kind::Scalar(_) | Kind::List(_) = &node.kind {
            if let Some(failed) = self.marks.broken(node) {
                return Err(failed);
            }
            self.sink.redact(node.span);
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::WRONG_TYPE,
                    format!("the secret `{}` holds a value", key.name),
                )
                .at(node.span, "a manifest has no place for a secret's value")
                .help(format!(
                    "write `{}: {{}}`, and put the value into the target's store",
                    key.name
                ))
                .help("if this was a real secret, change it: files are copied and kept"),
            ));
        }
        let want = Want {
            what: format!("the secret `{}`", key.name).into(),
            kind: "a mapping",
            example: format!("{}: {{}}", key.name).into(),
        };
        let fields = self.open(node, &SECRET, &want)?;
        let description = self.field(&fields, "description", |b, n| {
            b.string(
                n,
                &Want::key("description", "a text", "description: Key of the payment API"),
            )
        });
        let generate = self.field(&fields, "generate", |b, n| {
            b.whole(n, &Want::key("generate", "a number", "generate: 50"), 16..=128)
        });
        let name = self.field(&fields, "name", Self::store_name);
        Ok(Secret {
            span: node.span,
            description,
            generate,
            name,
        })
    }

    /// What a secret is called in a store: the characters that all stores take.
    fn store_name(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let want = Want::key("name", "a text", "name: teams/legacy/token");
        let name = self.string(node, &want)?;
        let known = |c: char| c.is_ascii_alphanumeric() || "/_+=.@-".contains(c);
        if (1..=LONGEST_STORE_NAME).contains(&name.value.len()) && name.value.chars().all(known) {
            return Ok(name);
        }
        Err(self.malformed(
            node,
            "the `name` of a secret is no name in a store".to_owned(),
            "not the form of a name",
            format!(
                "it has 1 to {LONGEST_STORE_NAME} letters, digits and `/_+=.@-`, as in `{}`",
                want.example
            ),
        ))
    }

    /// `targets.<id>`: the target's own but for `patches`.
    fn target(&mut self, key: &Key, node: &Node) -> Result<TargetEntry, Failed> {
        let Kind::Map(map) = &node.kind else {
            let want = Want {
                what: format!("the target `{}`", key.name).into(),
                kind: "a mapping of options",
                example: format!("{}: {{}}", key.name).into(),
            };
            return Err(self.wrong_type(node, &want));
        };
        if let Some(failed) = self.marks.incomplete(node) {
            return Err(failed);
        }
        let members = map
            .members
            .iter()
            .filter(|member| &*member.key.name != "patches")
            .cloned()
            .collect();
        let options = Node {
            span: node.span,
            kind: Kind::Map(Map { members }),
        };
        self.unbroken(&options)?;
        self.plain_texts(&options, &format!("an option of the target `{}`", key.name))?;
        let patches = match map.get("patches").filter(|member| !member.value.is_null()) {
            None => Vec::new(),
            Some(member) => {
                let want = Want::key(
                    "patches",
                    "a list of patches",
                    "patches: [{ at: api, set: { … } }]",
                );
                self.list(&member.value, &want, Self::patch)?
            }
        };
        Ok(TargetEntry { options, patches })
    }

    /// Fails if something inside an opaque tree was reported while the file was read.
    fn unbroken(&self, node: &Node) -> Result<(), Failed> {
        if let Some(failed) = self.marks.broken(node).or_else(|| self.marks.incomplete(node)) {
            return Err(failed);
        }
        match &node.kind {
            Kind::Scalar(_) => Ok(()),
            Kind::List(items) => items.iter().try_for_each(|item| self.unbroken(item)),
            Kind::Map(map) => map
                .members
                .iter()
                .try_for_each(|member| self.unbroken(&member.value)),
        }
    }

    /// Refuses references in the texts of an opaque tree, and texts that some readers of YAML take for something else.
    fn plain_texts(&mut self, node: &Node, what: &str) -> Result<(), Failed> {
        let mut failed = None;
        match &node.kind {
            Kind::Scalar(scalar) if scalar.typed == Typed::Text => {
                let want = Want {
                    what: what.to_owned().into(),
                    kind: "a text",
                    example: String::new().into(),
                };
                failed = self.string(node, &want).err();
            }
            Kind::Scalar(_) => {}
            Kind::List(items) => {
                for item in items {
                    failed = self.plain_texts(item, what).err().or(failed);
                }
            }
            Kind::Map(map) => {
                for member in &map.members {
                    failed = self.plain_texts(&member.value, what).err().or(failed);
                }
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn patch(&mut self, node: &Node) -> Result<Patch, Failed> {
        let want = Want::item("patches", "a mapping", "{ at: aws_ecs_service.api, set: { … } }");
        let fields = self.open(node, &PATCH, &want)?;
        let at = self.field(&fields, "at", |b, n| {
            b.string(n, &Want::key("at", "a text", "at: aws_ecs_service.api"))
        });
        let set = self.changes(&fields, "set")?;
        let replace = self.changes(&fields, "replace")?;
        let at = match at {
            Field::Set(at) => at,
            Field::Broken(failed) => return Err(failed),
            Field::Removed(_) => return Err(self.null_in_list(&fields, "at")),
            Field::Absent => {
                return Err(self.required(
                    &fields,
                    "at",
                    "a patch",
                    "name the generated thing, as in `at: Deployment/api`",
                ));
            }
        };
        if let Some(failed) = fields.lost {
            return Err(failed);
        }
        if set.is_empty() && replace.is_empty() {
            return Err(self.missing(
                node.span,
                "set",
                "a patch",
                "write `set` to add values, or `replace` to change them",
            ));
        }
        Ok(Patch { at, set, replace })
    }

    fn changes(
        &mut self,
        fields: &Fields<'_>,
        key: &'static str,
    ) -> Result<Vec<(Spanned<String>, Node)>, Failed> {
        let Some(member) = fields.get(key).filter(|member| !member.value.is_null()) else {
            return Ok(Vec::new());
        };
        let Kind::Map(map) = &member.value.kind else {
            let want = Want::key(key, "a mapping from path to value", "set: { spec.priority: 10 }");
            return Err(self.wrong_type(&member.value, &want));
        };
        self.unbroken(&member.value)?;
        self.plain_texts(&member.value, "a value of a patch")?;
        let change =
            |Member { key, value }: &Member| (Spanned::new(key.name.to_string(), key.span), value.clone());
        Ok(map.members.iter().map(change).collect())
    }
}
