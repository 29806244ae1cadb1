//! Secrets and dependencies that nothing uses, in no environment.

use crate::environment::{development, environments, find};
use crate::field::{Look, members};
use crate::merge::{Merged, merged};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, InTurn, Sink, Span, codes};
use exoc_manifest::ast::{
    Command, Dependency, DependencyType, Manifest, Question, ServiceLayer, Table, Text, TextPart,
};
use std::collections::{BTreeMap, BTreeSet};

/// What an environment declares and what it uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    used: Used,
    /// The declared secrets, with their places.
    secrets: BTreeMap<String, Span>,
    /// The same of dependencies, and whether each is a volume.
    dependencies: BTreeMap<String, (Span, bool)>,
}

#[derive(Clone, Debug, Default)]
struct Used {
    secrets: BTreeSet<String>,
    roles: BTreeSet<String>,
}

impl Usage {
    /// That of an environment whose layers are merged.
    pub(crate) fn of(merged: &Merged) -> Self {
        let mut usage = Self::default();
        usage.used.environment(merged);
        for (name, _) in members(&merged.secrets) {
            usage.secrets.insert(name.value.clone(), name.span);
        }
        for (role, entry) in &merged.dependencies {
            let is_volume = entry.value.as_ref().is_ok_and(is_volume);
            // Of a role that a service has as well nobody can tell which of the two is used.
            if !merged.services.contains_key(role) {
                usage.dependencies.insert(role.clone(), (entry.key, is_volume));
            }
        }
        usage
    }
}

/// Warns of what no environment uses. Only of a manifest without errors: a name that is misspelt where it is used
/// would be reported twice. `known` are the environments that were looked at already, by name.
pub(crate) fn unused(manifest: &Manifest, mut known: BTreeMap<&str, Usage>, sink: &mut Sink) {
    let mut used = Used::default();
    let mut secrets = BTreeMap::<String, Span>::new();
    let mut dependencies = BTreeMap::<String, (Span, bool)>::new();
    let all_used = shared_is_used(manifest, known.values());
    for environment in environments(manifest) {
        if all_used
            && !known.contains_key(environment.name.as_str())
            && declares_nothing(manifest, &environment.name)
        {
            continue;
        }
        let usage = known.remove(environment.name.as_str()).unwrap_or_else(|| {
            let overlay = find(manifest, &environment.name).map(|(_, field)| field);
            Usage::of(&merged(
                manifest,
                overlay,
                development(&environment.name),
                None,
                &InTurn,
            ))
        });
        used.secrets.extend(usage.used.secrets);
        used.roles.extend(usage.used.roles);
        for (name, at) in usage.secrets {
            secrets.entry(name).or_insert(at);
        }
        for (role, at) in usage.dependencies {
            dependencies.entry(role).or_insert(at);
        }
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
    for (role, (at, is_volume)) in dependencies
        .iter()
        .filter(|(role, _)| !used.roles.contains(*role))
    {
        let (label, key) = if *is_volume {
            ("nobody mounts it", format!("volumes: {{ {role}: /srv/{role} }}"))
        } else {
            ("runs, and nobody can reach it", format!("uses: [{role}]"))
        };
        sink.report(
            Diagnostic::new(
                codes::UNUSED_DEPENDENCY,
                format!("nothing uses the dependency {}", quoted(role)),
            )
            .at(*at, label)
            .help(format!(
                "write `{key}` into the service that needs it, or remove it"
            )),
        );
    }
}

/// Whether some of these environments use everything that the application declares for all of them.
fn shared_is_used<'a>(manifest: &Manifest, known: impl Iterator<Item = &'a Usage>) -> bool {
    let shared = &manifest.application.shared;
    let used: Vec<&Used> = known.map(|usage| &usage.used).collect();
    let mut secrets = members(&shared.secrets).map(|(name, _)| &name.value);
    let mut roles = members(&shared.dependencies).map(|(name, _)| &name.value);
    secrets.all(|name| used.iter().any(|used| used.secrets.contains(name)))
        && roles.all(|name| used.iter().any(|used| used.roles.contains(name)))
}

/// Whether an environment declares nothing that all do not. Where everything else is used, it need not be looked at.
fn declares_nothing(manifest: &Manifest, environment: &str) -> bool {
    let overlay = find(manifest, environment).and_then(|(_, field)| field.set());
    overlay.is_none_or(|overlay| overlay.shared.secrets.is_empty() && overlay.shared.dependencies.is_empty())
}

fn is_volume(dependency: &Dependency) -> bool {
    let kind = dependency.kind.set();
    kind.is_some_and(|kind| kind.value == DependencyType::Volume)
}

impl Used {
    fn environment(&mut self, merged: &Merged) {
        self.table(&merged.environment);
        for service in merged.services.values().flat_map(|entry| &entry.value) {
            self.layer(&service.layer);
            service
                .development
                .test
                .set()
                .into_iter()
                .for_each(|test| self.command(test));
        }
        for dependency in merged.dependencies.values().flat_map(|entry| &entry.value) {
            dependency.url.set().into_iter().for_each(|url| self.text(url));
            let existing = dependency.existing.set();
            existing
                .into_iter()
                .for_each(|existing| self.table(&existing.attributes));
            self.layer(&dependency.layer);
        }
    }

    fn table(&mut self, table: &Table<Text>) {
        members(table).for_each(|(_, text)| self.text(text));
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
            kind: _,
            build,
            image: _,
            platforms: _,
            entrypoint,
            command,
            ports: _,
            route,
            health,
            uses,
            environment,
            cpu: _,
            memory: _,
            scale: _,
            writable: _,
            volumes,
            files,
            was: _,
            security: _,
            shutdown: _,
            schedule: _,
            when: _,
            timeout: _,
            retries: _,
        } = layer;
        let question = health.set().and_then(|health| health.question.set());
        let asked = question.and_then(|question| match question {
            Question::Command(command) => Some(command),
            Question::Path(_) | Question::Tcp(_) | Question::Grpc(_) => None,
        });
        for command in [entrypoint.set(), command.set(), asked].into_iter().flatten() {
            self.command(command);
        }
        self.table(environment);
        members(files)
            .filter_map(|(_, file)| file.content.set())
            .for_each(|content| self.text(content));
        build.set().into_iter().for_each(|build| self.table(&build.args));
        let hosts = route.set().and_then(|route| route.host.set());
        hosts
            .into_iter()
            .flat_map(|hosts| &hosts.value)
            .for_each(|host| self.text(host));
        let uses = uses.set().into_iter().flat_map(|uses| &uses.value);
        self.roles.extend(uses.map(|role| role.value.clone()));
        // Only a volume can be mounted; a name that no dependency has is a volume of the component's own.
        self.roles
            .extend(members(volumes).map(|(name, _)| name.value.clone()));
    }
}
