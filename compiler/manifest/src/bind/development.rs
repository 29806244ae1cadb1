//! `development`: the keys that overlay a service in the environment `local`.

use super::keys::DEVELOPMENT;
use super::{Binder, Want};
use crate::ast::{Field, ServiceLayer};
use exoc_diagnostics::{Diagnostic, Failed, Member, Node, codes};

/// A service.yml.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnFile {
    /// Its keys but for `development`.
    pub(crate) layer: ServiceLayer,
    /// `development`.
    pub(crate) development: Field<ServiceLayer>,
}

impl Binder<'_> {
    /// `development`, with `run` as the command that it is short for.
    pub(crate) fn development(&mut self, node: &Node) -> Result<ServiceLayer, Failed> {
        let want = Want::key("development", "a mapping", "development: { run: npm run dev }");
        let fields = self.open(node, &DEVELOPMENT, &want)?;
        let layer = self.service_layer(&fields);
        let written = |key| fields.get(key).filter(|member| !member.value.is_null());
        let command = match (written("run"), written("command")) {
            (Some(run), Some(command)) => Field::Broken(self.both(run, command)),
            (Some(_), None) => self.field(&fields, "run", |binder, node| binder.command(node, "run")),
            (None, Some(_)) => layer.command,
            (None, None) if fields.get("run").is_some() => {
                self.field(&fields, "run", |binder, node| binder.command(node, "run"))
            }
            (None, None) => layer.command,
        };
        // `open` refuses this one: what it says would not be checked against the Dockerfile.
        let build = Field::Absent;
        Ok(ServiceLayer {
            build,
            command,
            ..layer
        })
    }

    /// Reports one thing said twice.
    fn both(&mut self, run: &Member, command: &Member) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::CONFLICTING_KEYS, "`run` and `command` side by side")
                .at(run.key.span, "short for `command`")
                .also(command.key.span, "the same in full")
                .help("keep one of the two"),
        )
    }

    /// Reports a service of an environment with `development`, which only the layers below an environment have.
    pub(crate) fn development_of_an_environment(&mut self, member: &Member) -> Failed {
        self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_KEY,
                "a service of an environment has no key `development`",
            )
            .at(member.key.span, "an environment overlays by itself")
            .help("write the keys directly below the service, in the environment `local`"),
        )
    }
}
