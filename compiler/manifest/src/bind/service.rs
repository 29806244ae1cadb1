//! The keys of a service, in one layer.

use super::development::OwnFile;
use super::keys::{SECURITY, SERVICE, SERVICE_ENTRY};
use super::{Binder, Fields, Want, echo};
use crate::ast::{Field, Security, ServiceEntry, ServiceLayer, ServiceType, Table};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Spanned, Style, Typed, codes};
use std::sync::Arc;

/// The size of a writable folder that is only listed.
const WRITABLE_DEFAULT: u64 = 64 << 20;
/// The greatest number of a user or group: Kubernetes takes no larger one.
const GREATEST_ID: u32 = i32::MAX.unsigned_abs();

const CAPABILITIES: &[&str] = &[
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYSLOG",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "WAKE_ALARM",
];

impl Binder<'_> {
    /// A service.yml.
    pub(crate) fn service_file(&mut self, root: &Node) -> Result<OwnFile, Failed> {
        let want = Want {
            what: "service.yml".into(),
            kind: "a mapping",
            example: "port: 3000".into(),
        };
        let fields = self.open(root, &SERVICE, &want)?;
        Ok(OwnFile {
            layer: Arc::new(self.service_layer(&fields)),
            development: self.field(&fields, "development", Self::development),
        })
    }

    /// An entry of `services`.
    pub(crate) fn service_entry(&mut self, role: &str, node: &Node) -> Result<ServiceEntry, Failed> {
        let want = Want {
            what: format!("the service `{role}`").into(),
            kind: "a folder or a mapping",
            example: format!("{role}: ./{role}").into(),
        };
        if let Kind::Scalar(_) = &node.kind {
            let location = self.string(node, &want)?;
            self.unglued(&location, &SERVICE_ENTRY)?;
            return Ok(ServiceEntry {
                span: node.span,
                location: Field::Set(location),
                layer: ServiceLayer::default(),
                development: Field::Absent,
            });
        }
        let fields = self.open(node, &SERVICE_ENTRY, &want)?;
        let location = self.field(&fields, "location", |b, n| {
            b.string(n, &Want::key("location", "a folder", "location: ./api"))
        });
        let layer = self.service_layer(&fields);
        let development = self.field(&fields, "development", Self::development);
        Ok(ServiceEntry {
            span: node.span,
            location,
            layer,
            development,
        })
    }

    /// The keys that all layers of a service have.
    pub(crate) fn service_layer(&mut self, fields: &Fields<'_>) -> ServiceLayer {
        ServiceLayer {
            kind: self.field(fields, "type", Self::service_type),
            build: self.field(fields, "build", Self::build),
            scale: self.field(fields, "scale", Self::scale),
            route: self.field(fields, "route", Self::route),
            schedule: self.schedule(fields),
            when: self.when(fields),
            timeout: self.field(fields, "timeout", |b, n| {
                b.seconds(
                    n,
                    &Want::key("timeout", "a duration", "timeout: 30m"),
                    60..=86_400,
                )
            }),
            retries: self.field(fields, "retries", |b, n| {
                b.whole(n, &Want::key("retries", "a number", "retries: 2"), 0..=10)
            }),
            ..self.container_layer(fields)
        }
    }

    /// The keys that a service and a container have in common.
    pub(crate) fn container_layer(&mut self, fields: &Fields<'_>) -> ServiceLayer {
        ServiceLayer {
            kind: Field::Absent,
            build: Field::Absent,
            image: self.field(fields, "image", Self::image),
            platforms: self.field(fields, "platforms", Self::platforms),
            entrypoint: self.field(fields, "entrypoint", |b, n| b.command(n, "entrypoint")),
            command: self.field(fields, "command", |b, n| b.command(n, "command")),
            ports: self.ports(fields),
            route: Field::Absent,
            health: self.field(fields, "health", Self::health),
            uses: self.field(fields, "uses", Self::uses),
            environment: self.variables(fields),
            cpu: self.field(fields, "cpu", Self::cores),
            memory: self.field(fields, "memory", |b, n| {
                b.bytes(n, &Want::key("memory", "a size", "memory: 512Mi"))
            }),
            scale: Field::Absent,
            writable: self.writable(fields),
            volumes: self.volumes(fields),
            files: self.files(fields),
            was: self.field(fields, "was", |b, n| {
                b.string(n, &Want::key("was", "a role", "was: old-name"))
            }),
            security: self.field(fields, "security", Self::security),
            shutdown: self.field(fields, "shutdown", |b, n| {
                b.seconds(n, &Want::key("shutdown", "a duration", "shutdown: 30s"), 2..=120)
            }),
            schedule: Field::Absent,
            when: Field::Absent,
            timeout: Field::Absent,
            retries: Field::Absent,
        }
    }

    /// `environment`, here or of the application.
    pub(crate) fn variables(&mut self, fields: &Fields<'_>) -> Table<crate::ast::Text> {
        let listed = fields
            .get("environment")
            .and_then(|member| echo::variables(&member.value));
        let want = Want {
            what: "`environment`".into(),
            kind: "a mapping from name to value",
            example: match listed {
                Some(names) => format!("environment: {{ {names} }}").into(),
                None => "environment: { LOG_LEVEL: info }".into(),
            },
        };
        self.table(fields, "environment", &want, |binder, key, node| {
            let want = Want {
                what: format!("the variable `{}`", key.name).into(),
                kind: "one value",
                example: format!("{}: value", key.name).into(),
            };
            binder.as_written(node, &want)
        })
    }

    fn service_type(&mut self, node: &Node) -> Result<Spanned<ServiceType>, Failed> {
        const WORDS: &[(&str, ServiceType)] = &[
            ("public", ServiceType::Public),
            ("private", ServiceType::Private),
            ("worker", ServiceType::Worker),
            ("job", ServiceType::Job),
        ];
        let want = Want::key("type", "a type of service", "type: worker");
        const OTHERS: &[(&[&str], &str)] = &[
            (
                &[
                    "web",
                    "http",
                    "www",
                    "site",
                    "frontend",
                    "external",
                    "loadbalancer",
                    "ingress",
                ],
                "public",
            ),
            (
                &["server", "api", "internal", "backend", "clusterip", "rpc"],
                "private",
            ),
            (&["background", "consumer", "queue", "daemon"], "worker"),
            (&["cron", "cronjob", "task", "batch", "migration"], "job"),
        ];
        let scalar = self.text_scalar(node, &want)?;
        let lower = scalar.text.to_ascii_lowercase();
        let other = OTHERS.iter().find(|(others, _)| others.contains(&lower.as_str()));
        if let Some((_, word)) = other {
            let known: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
            let help = format!(
                "did you mean `{word}`? the type follows from the other keys, and need not be written"
            );
            return Err(self.unknown_word(node.span, &want, &scalar.text, &known, Some(help)));
        }
        self.word(node, &want, WORDS)
    }

    fn uses(&mut self, node: &Node) -> Result<Spanned<Vec<Spanned<String>>>, Failed> {
        let want = match node.as_text() {
            Some(role) => Want {
                what: "`uses`".into(),
                kind: "a list of roles",
                example: format!("uses: [{role}]").into(),
            },
            None => Want::key("uses", "a list of roles", "uses: [db]"),
        };
        let item = Want::item("uses", "the name of a role", "uses: [db]");
        let roles = self.list(node, &want, |binder, node| binder.string(node, &item))?;
        Ok(Spanned::new(roles, node.span))
    }

    /// `writable`, as a list of folders or as a map from folder to size.
    fn writable(&mut self, fields: &Fields<'_>) -> Table<Spanned<u64>> {
        let want = Want::key(
            "writable",
            "a list of folders or a mapping",
            "writable: { /var/cache/app: 256Mi }",
        );
        let Some(member) = fields.get("writable") else {
            return Table::new();
        };
        if let Kind::List(items) = &member.value.kind {
            let item = Want::item("writable", "a folder", "[/var/cache/app]");
            let mut table = Table::new();
            for node in items {
                let Ok(folder) = self.string(node, &item) else {
                    continue;
                };
                let size = match self.folder(&folder) {
                    Ok(()) => Field::Set(Spanned::new(WRITABLE_DEFAULT, folder.span)),
                    Err(failed) => Field::Broken(failed),
                };
                if let Some((first, _)) = table.get_key_value(&folder) {
                    let first: &Spanned<String> = first;
                    let diagnostic = listed_twice(&folder, first);
                    self.sink.error(diagnostic);
                } else {
                    table.insert(folder, size);
                }
            }
            return table;
        }
        let mut table = self.table(fields, "writable", &want, |binder, key, node| {
            binder.folder(&Spanned::new(key.name.to_string(), key.span))?;
            let want = Want {
                what: format!("the size of `{}`", key.name).into(),
                kind: "a size",
                example: format!("{}: 64Mi", key.name).into(),
            };
            binder.bytes(node, &want)
        });
        self.removed_folders(&mut table);
        table
    }

    /// Reports keys of removed members that are no folders: nothing can be there to be removed.
    pub(crate) fn removed_folders<T>(&mut self, table: &mut Table<T>) {
        for (folder, value) in table.iter_mut() {
            if let Field::Removed(_) = value
                && let Err(failed) = self.folder(folder)
            {
                *value = Field::Broken(failed);
            }
        }
    }

    /// A folder of the container, in the one form that it may have.
    pub(crate) fn folder(&mut self, folder: &Spanned<String>) -> Result<(), Failed> {
        self.in_container(folder, "folder")
    }

    /// A path in the container of a `noun`, in the one form that it may have.
    pub(crate) fn in_container(&mut self, path: &Spanned<String>, noun: &str) -> Result<(), Failed> {
        let text = path.value.as_str();
        let (fault, help) = if !text.starts_with('/') {
            ("does not begin with `/`", format!("write `/{text}`"))
        } else if text.len() > 1 && text.ends_with('/') {
            ("ends with `/`", format!("write `{}`", text.trim_end_matches('/')))
        } else if text.contains("//") || text.split('/').any(|segment| matches!(segment, "." | "..")) {
            (
                "has an empty, `.` or `..` segment",
                "write the path in full".into(),
            )
        } else if text.contains([':', ',', '\\']) || text.chars().any(char::is_control) {
            (
                "has a character that no target can mount",
                "write a path without `:`, `,` and `\\`".into(),
            )
        } else {
            return Ok(());
        };
        Err(self.sink.error(
            Diagnostic::new(
                codes::MALFORMED,
                format!("the {noun} `{}` {fault}", text.escape_debug()),
            )
            .at(path.span, format!("no path of a container's {noun}"))
            .help(help),
        ))
    }

    fn security(&mut self, node: &Node) -> Result<Security, Failed> {
        let want = Want::key("security", "a mapping", "security: { user: 1000 }");
        let fields = self.open(node, &SECURITY, &want)?;
        let switch = |key, example| Want::key(key, "`true` or `false`", example);
        Ok(Security {
            span: node.span,
            user: self.field(&fields, "user", Self::user),
            group: self.field(&fields, "group", |b, n| {
                b.whole(n, &Want::key("group", "a number", "group: 1000"), 0..=GREATEST_ID)
            }),
            writable_filesystem: self.field(&fields, "writable-filesystem", |b, n| {
                b.boolean(n, &switch("writable-filesystem", "writable-filesystem: true"))
            }),
            capabilities: self.field(&fields, "capabilities", |b, n| {
                let want = Want::key(
                    "capabilities",
                    "a list of capabilities",
                    "capabilities: [NET_BIND_SERVICE]",
                );
                Ok(Spanned::new(b.list(n, &want, Self::capability)?, n.span))
            }),
            privileged: self.field(&fields, "privileged", |b, n| {
                b.boolean(n, &switch("privileged", "privileged: true"))
            }),
        })
    }

    fn user(&mut self, node: &Node) -> Result<Spanned<u32>, Failed> {
        let want = Want::key("user", "a number or `root`", "user: 1000");
        match node.as_scalar() {
            Some(scalar) if scalar.typed == Typed::Text && &*scalar.text == "root" => {
                Ok(Spanned::new(0, node.span))
            }
            Some(scalar) if scalar.typed == Typed::Text && scalar.text.parse::<i64>().is_err() => {
                let text = &scalar.text;
                let help = if text.contains(':') && scalar.style == Style::Plain {
                    "write `user` and `group` as two numbers"
                } else {
                    "write the number that the image's /etc/passwd gives this name"
                };
                Err(self.sink.error(
                    Diagnostic::new(
                        codes::WRONG_TYPE,
                        format!("`user` takes a number or `root`, not `{text}`"),
                    )
                    .at(node.span, "names depend on the image")
                    .help(help),
                ))
            }
            Some(_) | None => self.whole(node, &want, 0..=GREATEST_ID),
        }
    }

    fn capability(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let want = Want::item("capabilities", "a capability", "capabilities: [NET_BIND_SERVICE]");
        let word = self.string(node, &want)?;
        if CAPABILITIES.contains(&word.value.as_str()) {
            return Ok(word);
        }
        let upper = word.value.to_ascii_uppercase();
        let bare = upper.strip_prefix("CAP_").unwrap_or(&upper);
        let guess = CAPABILITIES
            .iter()
            .find(|known| **known == bare)
            .map(|known| format!("write `{known}`"));
        let near = guess.or_else(|| exoc_diagnostics::did_you_mean(bare, CAPABILITIES.iter().copied()));
        let help = near.unwrap_or_else(|| "capabilities(7) lists them; write them without `CAP_`".into());
        Err(self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_WORD,
                format!("Linux has no capability `{}`", word.value),
            )
            .at(node.span, "unknown capability")
            .help(help),
        ))
    }
}

fn listed_twice(folder: &Spanned<String>, first: &Spanned<String>) -> Diagnostic {
    Diagnostic::new(
        codes::DUPLICATE_KEY,
        format!("the folder `{}` stands twice in one list", folder.value),
    )
    .at(folder.span, "listed again")
    .also(first.span, "first listed here")
    .help("remove one of the two")
}
