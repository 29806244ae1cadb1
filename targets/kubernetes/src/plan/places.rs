//! Which places in the manifest a part of the output comes from. Owns what is worth saying: a part that nobody
//! wrote, or that stands on the line which is named above it, says nothing. Knows no object.

use super::Plan;
use crate::model::{PodLines, Provenance};
use exoc_diagnostics::{SourceId, SourceMap, Span};
use exoc_ir::{Callee, Component, Edge, Id, Image, NodeId, Reason};
use std::collections::BTreeSet;

/// The texts, the place of what no single line asks for, and the way to the application.
#[derive(Clone, Copy)]
pub(crate) struct Places<'a> {
    /// The texts that spans point into.
    pub(crate) sources: &'a SourceMap,
    /// Where the target's options stand.
    pub(crate) options: Span,
    /// The application's folder as seen from the folder of the output.
    pub(crate) application: &'a str,
}

impl Places<'_> {
    /// Those of `places` that stand on no line of `named`.
    fn beside(&self, named: &Provenance, places: impl IntoIterator<Item = Span>) -> Provenance {
        let lines: Vec<_> = named.places().map(|span| self.line(span)).collect();
        // Most fields stand where others do, and their lines need not be looked for.
        Provenance::of(places)
            .without(|span| named.places().any(|known| known == span) || lines.contains(&self.line(span)))
    }

    /// A text and a line of it; the offset instead where the text is unknown, so that places stay different.
    fn line(&self, span: Span) -> (SourceId, usize) {
        let line = self.sources.start(span).map(|position| position.line);
        (span.source, line.unwrap_or(span.start as usize))
    }

    /// Whether both name the same lines.
    pub(crate) fn same(&self, one: &Provenance, other: &Provenance) -> bool {
        let lines = |it: &Provenance| it.places().map(|span| self.line(span)).collect::<BTreeSet<_>>();
        lines(one) == lines(other)
    }
}

impl<'a> Plan<'a> {
    /// What no single line asks for.
    pub(crate) fn options_lines(&self) -> Provenance {
        Provenance::of([self.places.options])
    }

    /// The component itself.
    pub(crate) fn component_lines(&self, component: Component) -> Provenance {
        Provenance::of([self.place(component)])
    }

    /// Fields of a component; the component where none of them was written.
    pub(crate) fn field_lines(&self, component: Component, fields: &[&str]) -> Provenance {
        let written = self.written(component, fields, &Provenance::default());
        if written == Provenance::default() {
            self.component_lines(component)
        } else {
            written
        }
    }

    /// Fields of a component that stand on lines of their own, which `named` does not have.
    pub(crate) fn written<F: AsRef<str>>(
        &self,
        component: Component,
        fields: impl IntoIterator<Item = F>,
        named: &Provenance,
    ) -> Provenance {
        let fields = fields
            .into_iter()
            .map(|field| self.place_of(component, field.as_ref()));
        self.places
            .beside(&named.and(&self.component_lines(component)), fields)
    }

    /// Why there is an edge, and where its callee's address was written if that is elsewhere.
    pub(crate) fn edge_lines(&self, edge: &Edge) -> Provenance {
        let reasons = edge.reasons.iter().map(|reason: &Reason| reason.span());
        let address = match edge.to {
            Callee::Component(callee) if self.elsewhere(callee).is_some() => {
                // One of the two is there.
                let places = ["url", "existing"].map(|field| self.place_of(callee, field));
                let named = self.place_of(callee, "");
                Some(places.into_iter().find(|place| *place != named).unwrap_or(named))
            }
            Callee::Component(_) | Callee::World => None,
        };
        Provenance::of(reasons.chain(address))
    }

    /// The domain, if a host is below it.
    pub(crate) fn domain_line(&self, host: &str) -> Option<Span> {
        let domain = self.program.environment().domain.as_deref()?;
        let above = host.strip_suffix(domain)?;
        let below = above.is_empty() || above.ends_with('.');
        below.then(|| self.program.at(NodeId::Environment, "domain"))
    }

    /// An image: where it is described, and where its reference in the registry is.
    pub(crate) fn image_lines(&self, id: Id<Image>) -> Provenance {
        let references = self.users(id).iter().flat_map(|component| {
            let written = self.written(*component, ["build", "image"], &Provenance::default());
            written.places().collect::<Vec<_>>()
        });
        Provenance::of(references.chain([self.program.at(NodeId::Image(id), "")]))
    }

    /// What the application is called.
    pub(crate) fn name_line(&self) -> Provenance {
        Provenance::of([self.program.at(NodeId::App, "name")])
    }

    /// Where built images live, if that was written.
    pub(crate) fn registry_line(&self) -> Provenance {
        let written = self
            .program
            .registry()
            .map(|_| self.program.at(NodeId::App, "registry"));
        Provenance::of(written)
    }

    /// The parts of a pod.
    pub(crate) fn pod_lines<'n>(
        &self,
        component: Component,
        variables: impl Iterator<Item = &'n String>,
        folders: impl Iterator<Item = &'n String>,
        ports: impl Iterator<Item = &'n String>,
    ) -> PodLines {
        let nothing = Provenance::default();
        let of = |fields: &[&str]| self.written(component, fields, &nothing);
        let user = of(&["security.user", "security.group"]);
        PodLines {
            program: of(&["build", "image", "type", "version", "entrypoint", "command"]),
            ports: self.written(component, ports.map(|name| format!("ports.{name}")), &nothing),
            variables: self.written(
                component,
                variables.map(|name| format!("environment.{name}")),
                &nothing,
            ),
            resources: of(&["cpu", "memory"]),
            health: of(&["health"]),
            shutdown: of(&["shutdown"]),
            deadline: of(&["timeout"]),
            rights: self.written(
                component,
                [
                    "security.writable-filesystem",
                    "security.capabilities",
                    "security.privileged",
                ],
                &user,
            ),
            user,
            folders: self.written(
                component,
                folders.map(|path| format!("writable.{path}")),
                &nothing,
            ),
        }
    }
}
