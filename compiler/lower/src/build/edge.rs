//! Edges, and the reasons for them: `uses` and references.

use super::job::Run;
use super::{Lowering, Site};
use crate::absent::{mounted, unknown_role, unreachable};
use crate::field::Look;
use crate::scope::Offer;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Callee, Component, Edge, EdgePort, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// The role of the world outside.
pub(crate) const INTERNET: &str = "internet";

/// All edges by their ends.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edges(BTreeMap<(Component, Callee), (Vec<EdgePort>, BTreeSet<Reason>)>);

impl Edges {
    fn add(&mut self, from: Component, to: Callee, ports: Vec<EdgePort>, reason: Reason) {
        let (_, reasons) = self
            .0
            .entry((from, to))
            .or_insert_with(|| (ports, BTreeSet::new()));
        reasons.insert(reason);
    }

    /// Takes the edges of other components.
    pub(crate) fn absorb(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// The edges; of each the reasons in order, uses first.
    pub(crate) fn into_edges(self) -> Vec<Edge> {
        let edge =
            |((from, to), (mut ports, reasons)): ((Component, Callee), (Vec<EdgePort>, BTreeSet<Reason>))| {
                ports.sort();
                ports.dedup();
                Edge {
                    from,
                    to,
                    ports,
                    reasons: reasons.into_iter().collect(),
                }
            };
        self.0.into_iter().map(edge).collect()
    }
}

impl Lowering<'_> {
    /// Adds an edge to a role, if the role is understood and there is something to reach.
    pub(crate) fn edge(&mut self, from: Component, role: &str, reason: Reason) {
        let Some(found) = self.scope.roles.get(role) else {
            return;
        };
        let (Ok(Some(component)), Ok(ports)) = (found.component, found.edge_ports()) else {
            return;
        };
        if !ports.is_empty() {
            self.edges.add(from, Callee::Component(component), ports, reason);
        }
    }

    /// Adds the edge of a reference, if a job may have it.
    pub(crate) fn referred(&mut self, site: &Site<'_>, role: &str, at: Span) {
        let Some(found) = self.scope.roles.get(role) else {
            return;
        };
        if self.fits(site, role, found, at) {
            self.edge(site.component, role, Reason::Reference(at));
        }
    }

    /// Checks `uses`, adds its edges, and returns the roles that give variables.
    pub(crate) fn uses(&mut self, site: &Site<'_>) -> Vec<Spanned<String>> {
        let Some(uses) = site.layer.uses.set() else {
            return Vec::new();
        };
        self.place(site, "uses", uses.span);
        let mut seen: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        let mut giving = Vec::new();
        for item in &uses.value {
            if let Some(first) = seen.insert(&item.value, item) {
                self.sink.error(
                    Diagnostic::new(
                        codes::NAME_CLASH,
                        format!("{} stands twice in `uses`", quoted(&item.value)),
                    )
                    .at(item.span, "listed again")
                    .also(first.span, "first listed here")
                    .help("remove one of the two"),
                );
            } else if item.value == INTERNET {
                self.edges
                    .add(site.component, Callee::World, Vec::new(), Reason::Use(item.span));
            } else if self.used(site, item) {
                self.edge(site.component, &item.value, Reason::Use(item.span));
                giving.push(item.clone());
            }
        }
        giving
    }

    /// Whether a role can be used; reports why not.
    fn used(&mut self, site: &Site<'_>, item: &Spanned<String>) -> bool {
        let name = quoted(&item.value);
        if item.value == site.role {
            self.sink.error(
                Diagnostic::new(codes::SELF_USE, format!("{name} uses itself"))
                    .at(item.span, "its own role")
                    .help("remove it; `${service.url}` and its like name the service itself without a use"),
            );
            return false;
        }
        let Some(found) = self.scope.roles.get(&item.value) else {
            let what = format!("no service or dependency is called {name}");
            let known = self
                .scope
                .roles
                .keys()
                .map(String::as_str)
                .chain([INTERNET])
                .filter(|role| *role != site.role);
            unknown_role(self.scope, &what, item, item.span, known, self.sink);
            return false;
        };
        if !self.fits(site, &item.value, found, item.span) || found.run != Run::On {
            return false;
        }
        if let Offer::Volume(_) = found.offer {
            mounted(found, &item.value, item.span, self.sink);
            return false;
        }
        if found.edge_ports().is_ok_and(|ports| ports.is_empty()) {
            unreachable(found, &item.value, item.span, self.sink);
            return false;
        }
        true
    }
}
