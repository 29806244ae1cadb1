//! Which lines of the manifest a block names: the nearest that decide something in it. Knows places, and nothing of
//! what is made.

use super::Context;
use super::container::node;
use crate::model::Lines;
use exoc_diagnostics::Span;
use exoc_emit::origin::origin;
use exoc_ir::{Component, Door, Entrance, NodeId};

impl Context<'_> {
    /// These places.
    pub(super) fn lines(&self, places: impl IntoIterator<Item = Span>) -> Lines {
        Lines::new(origin(self.input.sources, places))
    }

    /// Options of the target; where the options stand for those that nobody wrote.
    pub(super) fn lines_of_options(&self, names: &[&str]) -> Lines {
        let place = |name: &&str| {
            let option = self.input.options.get(name);
            option.map_or(self.input.at, |option| option.span)
        };
        self.lines(names.iter().map(place))
    }

    /// What no single line asks for: the target itself.
    pub(super) fn lines_of_target(&self) -> Lines {
        self.lines([self.input.at])
    }

    /// A component and those of its fields that were written.
    pub(super) fn lines_of(&self, component: Component, fields: &[&str]) -> Lines {
        let place = |field| self.program.at(node(component), field);
        self.lines(std::iter::once("").chain(fields.iter().copied()).map(place))
    }

    /// A field of a component; the component if the field was not written.
    pub(super) fn lines_of_field(&self, component: Component, field: &str) -> Lines {
        self.lines([self.program.at(node(component), field)])
    }

    /// The place of a door, by its index.
    pub(super) fn place_of_door(&self, index: usize) -> Span {
        self.program.at(NodeId::Door(index), "")
    }

    /// The places of all doors with some property.
    pub(super) fn places_of_doors(&self, has: impl Fn(&Door) -> bool) -> Vec<Span> {
        let doors = self.program.doors().iter().enumerate();
        doors
            .filter(|(_, door)| has(door))
            .map(|(index, _)| self.place_of_door(index))
            .collect()
    }

    /// The places of a public host: its doors, and the domain that it is below.
    pub(super) fn places_of_host(&self, name: &str) -> Vec<Span> {
        let mut places = self.places_of_doors(|door| match &door.entrance {
            Entrance::Http {
                host,
                path: _,
                strip: _,
                timeout: _,
            }
            | Entrance::Plain {
                host,
                number: _,
                transport: _,
            } => host == name,
        });
        let domain = self.program.environment().domain.as_deref();
        let below = domain
            .and_then(|domain| name.strip_suffix(domain))
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        places.extend(below.then(|| self.program.at(NodeId::Environment, "domain")));
        places
    }
}
