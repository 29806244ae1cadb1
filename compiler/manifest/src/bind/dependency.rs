//! An entry of `dependencies`, in one layer.

use super::keys::DEPENDENCY;
use super::{Binder, Fields, Want, list_words};
use crate::ast::{Availability, Dependency, DependencyType, Existing, Field, ServiceLayer, Table};
use crate::reference::Places;
use exoc_diagnostics::{Diagnostic, Failed, Kind, Map, Member, Node, Span, Spanned, codes};

/// Keys that products do not have.
const CONTAINER_KEYS: &[&str] = &[
    "platforms",
    "entrypoint",
    "command",
    "port",
    "ports",
    "health",
    "uses",
    "environment",
    "writable",
    "volumes",
    "files",
    "security",
    "shutdown",
];

/// The types that are more than an image or an address; a test holds them against the catalogue.
pub const PRODUCTS: &[&str] = &[
    "postgres",
    "mysql",
    "mariadb",
    "mongodb",
    "redis",
    "valkey",
    "memcached",
    "rabbitmq",
    "nats",
    "kafka",
    "search",
    "bucket",
    "queue",
    "topic",
];

const AVAILABILITY: &[(&str, Availability)] =
    &[("single", Availability::Single), ("high", Availability::High)];

const TYPES: &[(&str, DependencyType)] = &[
    ("container", DependencyType::Container),
    ("external", DependencyType::External),
    ("volume", DependencyType::Volume),
];

/// Names that people know a type by.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("postgresql", "postgres"),
    ("pg", "postgres"),
    ("mongo", "mongodb"),
    ("opensearch", "search"),
    ("elasticsearch", "search"),
    ("s3", "bucket"),
    ("minio", "bucket"),
    ("sqs", "queue"),
    ("sns", "topic"),
    ("efs", "volume"),
    ("nfs", "volume"),
    ("rabbit", "rabbitmq"),
    ("amqp", "rabbitmq"),
    ("image", "container"),
    ("service", "container"),
    ("url", "external"),
    ("http", "external"),
];

impl Binder<'_> {
    /// An entry of `dependencies`, short or long.
    pub(crate) fn dependency(&mut self, role: &str, node: &Node) -> Result<Dependency, Failed> {
        let want = Want {
            what: format!("the dependency `{role}`").into(),
            kind: "a type with a version, or a mapping",
            example: format!("{role}: postgres:17").into(),
        };
        if let Kind::Scalar(_) = &node.kind {
            return self.short_dependency(role, node, &want);
        }
        let fields = self.open(node, &DEPENDENCY, &want)?;
        let kind = self.field(&fields, "type", |b, n| {
            let want = Want::key("type", "a type of dependency", "type: postgres");
            let scalar = b.text_scalar(n, &want)?;
            b.dependency_type(n.span, &scalar.text, &want)
        });
        let managed = match &kind {
            Field::Set(kind) => match kind.value {
                DependencyType::Managed(_) => true,
                DependencyType::Container | DependencyType::External | DependencyType::Volume => false,
            },
            Field::Absent | Field::Removed(_) | Field::Broken(_) => false,
        };
        let own = match (&kind, managed) {
            (Field::Set(kind), true) => self.own_keys(&fields, kind.span),
            (Field::Set(_) | Field::Absent | Field::Removed(_) | Field::Broken(_), _) => fields.map.clone(),
        };
        let fields = Fields { map: &own, ..fields };
        let version = self.field(&fields, "version", |b, n| {
            b.string(n, &Want::key("version", "a text", "version: \"17\""))
        });
        let storage = self.field(&fields, "storage", |b, n| {
            b.bytes(n, &Want::key("storage", "a size", "storage: 10Gi"))
        });
        let database = self.field(&fields, "database", |b, n| {
            b.string(n, &Want::key("database", "a text", "database: shop"))
        });
        let username = self.field(&fields, "username", |b, n| {
            b.string(n, &Want::key("username", "a text", "username: shop"))
        });
        let parameters = self.parameters(&fields);
        let availability = self.field(&fields, "availability", |b, n| {
            b.word(
                n,
                &Want::key("availability", "`single` or `high`", "availability: high"),
                AVAILABILITY,
            )
        });
        let backups = self.field(&fields, "backups", |b, n| {
            b.days(n, &Want::key("backups", "a number of days", "backups: 7d"))
        });
        let subscribes = self.field(&fields, "subscribes", Self::subscribes);
        let existing = self.existing(&fields);
        let url = self.field(&fields, "url", |b, n| {
            b.referring(n, &Want::key("url", "a text", "url: \"https://crm.example.com\""))
        });
        let layer = self.container_layer(&fields);
        Ok(Dependency {
            span: node.span,
            kind,
            version,
            storage,
            database,
            username,
            parameters,
            availability,
            backups,
            subscribes,
            existing,
            url,
            layer,
        })
    }

    /// The members of a product without those that only a container has, which are reported as one fault.
    fn own_keys(&mut self, fields: &Fields<'_>, kind: Span) -> Map {
        let is_foreign =
            |member: &Member| CONTAINER_KEYS.contains(&&*member.key.name) && !member.value.is_null();
        let (foreign, own): (Vec<&Member>, Vec<&Member>) =
            fields.map.members.iter().partition(|member| is_foreign(member));
        for member in &foreign {
            self.hide(&member.key.name, &member.value);
        }
        if let Some((first, others)) = foreign.split_first() {
            let names: Vec<&str> = foreign.iter().map(|member| &*member.key.name).collect();
            let word = self.raw(kind);
            let mut diagnostic = Diagnostic::new(
                codes::KEY_NOT_FOR_TYPE,
                format!("a dependency of type `{word}` has no {}", list_words(&names)),
            )
            .at(first.key.span, "only a container has this")
            .also(kind, "the type");
            for other in others {
                diagnostic = diagnostic.also(other.key.span, "and this");
            }
            let made = names.contains(&"environment").then(|| {
                "its user, its password and its database are made, and reach who uses it".to_owned()
            });
            self.sink.error(
                diagnostic
                    .help("besides `type` it has `version`, `storage`, `cpu`, `memory` and `parameters`")
                    .help_if(made)
                    .help("an image that runs as it is has the type `container`"),
            );
        }
        Map {
            members: own.into_iter().cloned().collect(),
        }
    }

    fn existing(&mut self, fields: &Fields<'_>) -> Field<Existing> {
        let want = Want {
            what: "`existing`".into(),
            kind: "a mapping from attribute to value",
            example: "existing: { host: db.example.com, port: 5432 }".into(),
        };
        let attributes = self.table(fields, "existing", &want, |binder, key, node| {
            let want = Want {
                what: format!("the attribute `{}`", key.name).into(),
                kind: "one value",
                example: format!("{}: value", key.name).into(),
            };
            binder.as_written(node, &want)
        });
        self.field(fields, "existing", |binder, node| match &node.kind {
            Kind::Map(_) => Ok(Existing {
                span: node.span,
                attributes,
            }),
            // Reported where the attributes were read.
            Kind::Scalar(_) | Kind::List(_) => Err(binder
                .sink
                .checkpoint()
                .err()
                .unwrap_or_else(|| binder.wrong_type(node, &want))),
        })
    }

    fn subscribes(&mut self, node: &Node) -> Result<Spanned<Vec<Spanned<String>>>, Failed> {
        let want = match node.as_text() {
            Some(role) => Want {
                what: "`subscribes`".into(),
                kind: "a list of topics",
                example: format!("subscribes: [{role}]").into(),
            },
            None => Want::key("subscribes", "a list of topics", "subscribes: [events]"),
        };
        let item = Want::item("subscribes", "the name of a topic", "subscribes: [events]");
        let roles = self.list(node, &want, |binder, node| binder.string(node, &item))?;
        Ok(Spanned::new(roles, node.span))
    }

    /// `parameters`: any scalar as written, for every engine has a notation of its own.
    fn parameters(&mut self, fields: &Fields<'_>) -> Table<Spanned<String>> {
        let want = Want {
            what: "`parameters`".into(),
            kind: "a mapping from name to value",
            example: "parameters: { max_connections: 200 }".into(),
        };
        self.table(fields, "parameters", &want, |binder, key, node| {
            let want = Want {
                what: format!("the parameter `{}`", key.name).into(),
                kind: "one value",
                example: format!("{}: value", key.name).into(),
            };
            binder.written(node, &want)
        })
    }

    /// `postgres:17`.
    fn short_dependency(&mut self, role: &str, node: &Node, want: &Want) -> Result<Dependency, Failed> {
        let text = self.string(node, want)?;
        self.unglued(&text, &DEPENDENCY)?;
        if text.value.contains("://") {
            let message = format!("the dependency `{role}` is an address");
            // An address may hold a password, which no message repeats.
            let shown = if text.value.contains('@') {
                "https://…"
            } else {
                text.value.as_str()
            };
            let help = format!("write `{role}: {{ type: external, url: \"{shown}\" }}`");
            return Err(self.malformed(node, message, "expected a type with a version", help));
        }
        let (word, version) = match text.value.split_once(':') {
            Some((word, version)) => (word, Some(version)),
            None => (text.value.as_str(), None),
        };
        let places = Places::new(&text.value, self.raw(node.span), node.span);
        let kind = self.dependency_type(places.of(0..word.len()), word, want)?;
        let long = match kind.value {
            DependencyType::Managed(_) | DependencyType::Volume => None,
            DependencyType::Container => Some("type: container, image: ghcr.io/acme/proxy:1.0"),
            DependencyType::External => Some("type: external, url: \"https://example.com\""),
        };
        if let Some(long) = long {
            let message = format!("`{word}` has no short form");
            let help = format!("write `{role}: {{ {long} }}`");
            return Err(self.malformed(node, message, "says too little", help));
        }
        if version == Some("") {
            let message = format!("`{}` names no version", text.value);
            return Err(self.malformed(
                node,
                message,
                "ends with `:`",
                format!("write a version, as in `{}`", want.example),
            ));
        }
        let version = version.map_or(Field::Absent, |version| {
            let from = text.value.len() - version.len();
            Field::Set(Spanned::new(
                version.to_owned(),
                places.of(from..text.value.len()),
            ))
        });
        Ok(Dependency {
            span: node.span,
            kind: Field::Set(kind),
            version,
            storage: Field::Absent,
            database: Field::Absent,
            username: Field::Absent,
            parameters: Table::new(),
            availability: Field::Absent,
            backups: Field::Absent,
            subscribes: Field::Absent,
            existing: Field::Absent,
            url: Field::Absent,
            layer: ServiceLayer::default(),
        })
    }

    fn dependency_type(
        &mut self,
        span: Span,
        word: &str,
        want: &Want,
    ) -> Result<Spanned<DependencyType>, Failed> {
        if let Some(product) = PRODUCTS.iter().find(|known| **known == word) {
            return Ok(Spanned::new(DependencyType::Managed(product), span));
        }
        if let Some((_, kind)) = TYPES.iter().find(|(known, _)| *known == word) {
            return Ok(Spanned::new(*kind, span));
        }
        let known: Vec<&str> = PRODUCTS
            .iter()
            .copied()
            .chain(TYPES.iter().map(|(known, _)| *known))
            .collect();
        let lower = word.to_ascii_lowercase();
        let other = OTHER_NAMES
            .iter()
            .find(|(other, _)| *other == lower)
            .map(|(_, own)| format!("write `{own}`"));
        let image = (word.contains(['/', '.']))
            .then(|| "for an image write `{ type: container, image: … }`".to_owned());
        let want = Want {
            what: want.what.clone(),
            kind: "a type of dependency",
            example: want.example.clone(),
        };
        Err(self.unknown_word(span, &want, word, &known, other.or(image)))
    }
}
