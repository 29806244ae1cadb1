//! Secrets and dependencies that nothing uses, in no environment.

use crate::environment::{environments, find};
use crate::field::Look;
use crate::merge::{Merged, merged};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_manifest::ast::{
    Command, Field, Health, Manifest, Question, Route, ServiceLayer, Table, Text, TextPart,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the environments use. Nothing is known if a part of a layer could not be read.
#[derive(Default)]
struct Used {
    secrets: BTreeSet<String>,
    roles: BTreeSet<String>,
    unread: bool,
}

/// Warns of what no environment uses.
pub(crate) fn unused(manifest: &Manifest, failed: Option<Failed>, sink: &mut Sink) {
    let mut used = Used::default();
    let (mut secrets, mut dependencies) = (BTreeMap::<String, Span>::new(), BTreeMap::<String, Span>::new());
    for environment in environments(manifest) {
        let overlay = find(manifest, &environment.name).map(|(_, field)| field);
        used.unread |= overlay.is_some_and(|field| field.broken().is_some());
        let merged = merged(manifest, overlay.and_then(Look::set), failed);
        used.environment(&merged);
        for (name, _) in crate::field::members(&merged.secrets) {
            secrets.entry(name.value.clone()).or_insert(name.span);
        }
        for (role, entry) in &merged.dependencies {
            dependencies.entry(role.clone()).or_insert(entry.key);
        }
    }
    if used.unread || failed.is_some() {
        return;
    }
    for (name, at) in secrets.iter().filter(|(name, _)| !used.secrets.contains(*name)) {
        sink.report(
            Diagnostic::new(
                codes::UNUSED_SECRET,
                format!("nothing uses the secret {}", quoted(name)),
            )
            .at(*at, "declared and never referred to")
            .help(format!("refer to it as `${{secrets.{name}}}`, or remove it")),
        );
    }
    for (role, at) in dependencies
        .iter()
        .filter(|(role, _)| !used.roles.contains(*role))
    {
        sink.report(
            Diagnostic::new(
                codes::UNUSED_DEPENDENCY,
                format!("nothing uses the dependency {}", quoted(role)),
            )
            .at(*at, "runs, and nobody can reach it")
            .help(format!(
                "write `uses: [{role}]` into the service that needs it, or remove it"
            )),
        );
    }
}

impl Used {
    fn environment(&mut self, merged: &Merged) {
        self.table(&merged.environment);
        for entry in merged.services.values() {
            match &entry.value {
                Ok(service) => self.layer(&service.layer),
                Err(_) => self.unread = true,
            }
        }
        for entry in merged.dependencies.values() {
            match &entry.value {
                Ok(dependency) => {
                    self.field(&dependency.url, Self::text);
                    self.layer(&dependency.layer);
                }
                Err(_) => self.unread = true,
            }
        }
    }

    fn field<T>(&mut self, field: &Field<T>, look: impl FnOnce(&mut Self, &T)) {
        match field {
            Field::Set(value) => look(self, value),
            Field::Broken(_) => self.unread = true,
            Field::Absent | Field::Removed(_) => {}
        }
    }

    fn table(&mut self, table: &Table<Text>) {
        for field in table.values() {
            self.field(field, Self::text);
        }
    }

    fn text(&mut self, text: &Text) {
        for part in &text.parts {
            let TextPart::Reference(reference) = part else {
                continue;
            };
            match reference.path.as_slice() {
                [root, name, ..] if root.value == "secrets" => self.secrets.insert(name.value.clone()),
                [root, role, ..] if root.value == "dependencies" => self.roles.insert(role.value.clone()),
                _ => false,
            };
        }
    }

    fn command(&mut self, command: &Command) {
        command.items.iter().for_each(|item| self.text(item));
    }

    fn layer(&mut self, layer: &ServiceLayer) {
        let ServiceLayer {
            entrypoint,
            command,
            route,
            health,
            uses,
            environment,
            build,
            ..
        } = layer;
        self.field(entrypoint, Self::command);
        self.field(command, Self::command);
        self.table(environment);
        self.field(uses, |used, uses| {
            used.roles
                .extend(uses.value.iter().map(|role| role.value.clone()));
        });
        self.field(route, |used, Route { host, .. }| {
            used.field(host, |used, hosts| {
                hosts.value.iter().for_each(|host| used.text(host))
            });
        });
        self.field(build, |used, build| used.table(&build.args));
        self.field(health, |used, Health { question, .. }| {
            used.field(question, |used, question| match question {
                Question::Command(command) => used.command(command),
                Question::Path(_) | Question::Tcp(_) | Question::Grpc(_) => {}
            });
        });
    }
}
