//! What runs: everything that services and containers among the dependencies have in common.

use super::image::Source;
use super::shared::RunsAs;
use super::{Lowering, Site};
use crate::field::{Look, members};
use crate::scope::Noun;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Span, Spanned, codes};
use exoc_ir::{Bytes, Id, Image, MilliCpu, Port, Resources, Seconds, Security, Value, Workload};
use exoc_manifest::ast::{Command, Field};
use std::collections::BTreeMap;

/// Processor time unless the manifest says otherwise.
pub(crate) const CPU: MilliCpu = MilliCpu(250);
/// Memory unless the manifest says otherwise.
pub(crate) const MEMORY: Bytes = Bytes::mebi(512);
const SHUTDOWN: Seconds = Seconds(30);
/// The writable folder that is always there, and its size.
const TMP: &str = "/tmp";
const TMP_SIZE: Bytes = Bytes::mebi(64);
/// Folders that the system owns.
pub(crate) const SYSTEM: &[&str] = &["/proc", "/sys", "/dev"];

impl Lowering<'_> {
    /// The workload of a component.
    pub(crate) fn workload(
        &mut self,
        site: &Site<'_>,
        noun: Noun,
        (image, source): (Id<Image>, Source<'_>),
        ports: &Result<Vec<(Port, Span)>, Failed>,
    ) -> Workload {
        let layer = site.layer;
        for (port, at) in ports.iter().flatten() {
            self.place(site, &format!("ports.{}", port.name), *at);
        }
        let places = [
            ("cpu", layer.cpu.set().map(|value| value.span)),
            ("memory", layer.memory.set().map(|value| value.span)),
            ("shutdown", layer.shutdown.set().map(|value| value.span)),
            ("ports", layer.ports.set().map(|value| value.span)),
        ];
        for (field, at) in places {
            if let Some(at) = at {
                self.place(site, field, at);
            }
        }
        self.credentials(members(&layer.environment));
        let giving = self.uses(site);
        let entrypoint = self.command(site, &layer.entrypoint, "entrypoint");
        let command = self.command(site, &layer.command, "command");
        let list: Result<Vec<Port>, Failed> = ports
            .as_ref()
            .map(|ports| ports.iter().map(|(port, _)| port.clone()).collect())
            .map_err(|f| *f);
        let known = list.as_deref().map_err(|failed| *failed);
        let environment = self.variables(site, noun, &giving, known);
        let health = self.health(site, known);
        let (security, is_known) = self.known_security(site, &source);
        let scratch = self.scratch(site);
        let runs_as = RunsAs {
            user: security.user,
            image,
            is_known,
        };
        let mounts = self.volumes(site, &scratch, runs_as);
        let files = self.files(site, &scratch, &mounts, source.workdir());
        let platforms = self.offered_platforms(site);
        Workload {
            image,
            platforms,
            entrypoint,
            command,
            environment,
            health,
            ports: list.unwrap_or_default(),
            scratch,
            mounts,
            files,
            resources: resources(&layer.cpu, &layer.memory),
            security,
            shutdown: layer
                .shutdown
                .set()
                .map_or(SHUTDOWN, |shutdown| Seconds(shutdown.value)),
        }
    }

    /// The security of a component, and whether its user is no stand-in for what was reported.
    fn known_security(&mut self, site: &Site<'_>, source: &Source<'_>) -> (Security, bool) {
        let before = std::mem::take(self.sink);
        let security = self.security(site, source);
        let reported = std::mem::replace(self.sink, before);
        let is_clean = reported.checkpoint().is_ok();
        self.sink.absorb(reported);
        let is_read = match &site.layer.security {
            Field::Absent | Field::Removed(_) => true,
            Field::Broken(_) => false,
            Field::Set(written) => written.user.broken().or(written.group.broken()).is_none(),
        };
        let is_sourced = match source {
            Source::Unknown => false,
            Source::Built(_) | Source::Registry(_) => true,
        };
        (security, is_clean && is_read && is_sourced)
    }

    fn command(&mut self, site: &Site<'_>, field: &Field<Command>, key: &'static str) -> Option<Vec<Value>> {
        let command = field.set()?;
        self.place(site, key, command.span);
        // One item that cannot be resolved leaves the command out of the draft, not out of its features.
        Some(self.arguments(site, command, key).unwrap_or_default())
    }

    fn scratch(&mut self, site: &Site<'_>) -> BTreeMap<String, Bytes> {
        let mut scratch = BTreeMap::from([(TMP.to_owned(), TMP_SIZE)]);
        let mut written: Vec<(&Spanned<String>, u64)> = Vec::new();
        for (folder, field) in &site.layer.writable {
            let size = match field {
                Field::Set(size) => Bytes(size.value),
                Field::Removed(_) | Field::Broken(_) | Field::Absent => continue,
            };
            self.place(site, &format!("writable.{}", folder.value), folder.span);
            if self.mountable(folder) {
                written.push((folder, size.0));
                scratch.insert(folder.value.clone(), size);
            }
        }
        let memory = match site.layer.memory.known() {
            Ok(memory) => memory,
            Err(_) => return scratch,
        };
        let total = scratch
            .values()
            .fold(0_u64, |sum, size| sum.saturating_add(size.0));
        let limit = memory.map_or(MEMORY, |memory| Bytes(memory.value));
        if total >= limit.0 {
            let largest = written
                .iter()
                .max_by_key(|(_, size)| *size)
                .map(|(folder, _)| folder.span);
            let at = memory.map(|memory| memory.span).or(largest).unwrap_or(site.key);
            let mut diagnostic = Diagnostic::new(
                codes::MEMORY_EXHAUSTED,
                format!(
                    "{} has {limit} of memory, and its writable folders may fill {}",
                    site.noun(),
                    Bytes(total)
                ),
            )
            .at(at, "nothing is left for the program")
            .help("raise `memory`, or make the folders smaller");
            for (folder, size) in &written {
                if folder.span != at {
                    diagnostic = diagnostic.also(folder.span, format!("may fill {}", Bytes(*size)));
                }
            }
            if !written.iter().any(|(folder, _)| folder.value == TMP) {
                diagnostic = diagnostic.help(format!(
                    "`{TMP}` is always one of them; `writable: {{ {TMP}: 16Mi }}` makes it smaller"
                ));
            }
            self.sink.error(diagnostic);
        }
        scratch
    }

    /// Whether a folder of its own can lie there.
    fn mountable(&mut self, folder: &Spanned<String>) -> bool {
        let path = folder.value.as_str();
        let system = SYSTEM
            .iter()
            .any(|system| path == *system || path.starts_with(&format!("{system}/")));
        let (label, help) = if path == "/" {
            (
                "the whole file system",
                "`security: { writable-filesystem: true }` makes all of it writable",
            )
        } else if system {
            ("belongs to the system", "choose a folder of the program's own")
        } else if !path.starts_with('/') {
            ("not a path from the root", "write the path from `/` on")
        } else {
            return true;
        };
        self.sink.error(
            Diagnostic::new(
                codes::BAD_FOLDER,
                format!("{} cannot be a writable folder", quoted(path)),
            )
            .at(folder.span, label)
            .help(help),
        );
        false
    }
}

/// What is reserved.
pub(crate) fn resources(cpu: &Field<Spanned<u32>>, memory: &Field<Spanned<u64>>) -> Resources {
    Resources {
        cpu: cpu.set().map_or(CPU, |cpu| MilliCpu(cpu.value)),
        memory: memory.set().map_or(MEMORY, |memory| Bytes(memory.value)),
    }
}
