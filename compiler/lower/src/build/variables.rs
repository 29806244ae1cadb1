//! A component's variables: its own, the application's, those that `uses` gives, and the two that come by
//! themselves. The strongest wins; `null` withholds.

use super::{Lowering, Site};
use crate::resolve::Place;
use crate::scope::{Given, Noun};
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Failed, Span, Spanned, codes};
use exoc_ir::{Port, Value};
use exoc_manifest::ast::{Field, Table, Text, TextPart};
use std::collections::BTreeMap;

/// A variable and the nearest place; `None` where it is withheld or was reported.
type Settled = BTreeMap<String, Option<(Value, Option<Span>)>>;

impl Lowering<'_> {
    /// All variables of a component. `giving` are the roles that it uses.
    pub(crate) fn variables(
        &mut self,
        site: &Site<'_>,
        noun: Noun,
        giving: &[Spanned<String>],
        ports: Result<&[Port], Failed>,
    ) -> BTreeMap<String, Value> {
        let shared = match noun {
            Noun::Service => Some(&self.merged.environment),
            Noun::Dependency => None,
        };
        let mut settled = Settled::new();
        if noun == Noun::Service {
            settled.insert("SERVICE_NAME".into(), Some((Value::literal(site.role), None)));
            if let Some(port) = ports.ok().and_then(<[Port]>::first) {
                settled.insert(
                    "PORT".into(),
                    Some((Value::literal(port.number.to_string()), None)),
                );
            }
        }
        self.given(site, giving, shared, &mut settled);
        if let Some(shared) = shared {
            let own = &site.layer.environment;
            let weaker = shared.iter().filter(|(name, _)| own.get(*name).is_none());
            self.written(site, weaker, Place::SharedVariable, &mut settled);
        }
        self.written(site, site.layer.environment.iter(), Place::Variable, &mut settled);
        let mut variables = BTreeMap::new();
        for (name, value) in settled {
            if let Some((value, at)) = value {
                if let Some(at) = at {
                    self.place(site, &format!("environment.{name}"), at);
                }
                variables.insert(name, value);
            }
        }
        variables
    }

    fn written<'t>(
        &mut self,
        site: &Site<'_>,
        table: impl Iterator<Item = (&'t Spanned<String>, &'t Field<Text>)>,
        place: Place,
        settled: &mut Settled,
    ) {
        for (name, field) in table {
            let value = match field {
                Field::Set(text) if self.lacks(site, text) => None,
                Field::Set(text) => self
                    .value(site, text, place)
                    .ok()
                    .map(|value| (value, Some(text.span))),
                Field::Removed(_) | Field::Broken(_) | Field::Absent => None,
            };
            settled.insert(name.value.clone(), value);
        }
    }

    /// Whether a text is nothing but an attribute that a dependency exists without: its variable is left out. It is a
    /// reference all the same, and so an edge.
    fn lacks(&mut self, site: &Site<'_>, text: &Text) -> bool {
        let [TextPart::Reference(reference)] = text.parts.as_slice() else {
            return false;
        };
        let [root, role, attribute] = reference.path.as_slice() else {
            return false;
        };
        let found = self.scope.roles.get(&role.value);
        let lacks = root.value == "dependencies" && found.is_some_and(|found| found.lacks(&attribute.value));
        if lacks {
            self.referred(site, &role.value, reference.span);
        }
        lacks
    }

    /// What the used roles give. Two that give one name are a fault, unless a stronger layer settles it.
    fn given(
        &mut self,
        site: &Site<'_>,
        giving: &[Spanned<String>],
        shared: Option<&Table<Text>>,
        settled: &mut Settled,
    ) {
        let scope = self.scope;
        let mut givers: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        let mut clashes: BTreeMap<(Span, Span), Clash<'_>> = BTreeMap::new();
        for item in giving {
            let Some(found) = scope.roles.get(&item.value) else {
                continue;
            };
            for Given { name, value } in found.given(&item.value) {
                let stronger = || {
                    site.layer.environment.contains_key(name.as_str())
                        || shared.is_some_and(|table| table.contains_key(name.as_str()))
                };
                if let Some(first) = givers.insert(name, item)
                    && !stronger()
                {
                    let clash = clashes.entry((item.span, first.span)).or_insert_with(|| Clash {
                        first,
                        again: item,
                        names: Vec::new(),
                    });
                    clash.names.push(name.clone());
                }
                settled.insert(name.clone(), Some((value.clone(), Some(item.span))));
            }
        }
        for clash in clashes.into_values() {
            self.sink.error(clash.diagnostic());
        }
    }

    /// The application's variables as no service in particular sees them: finds what is wrong for every service,
    /// also where there is none or all of them have a variable of their own.
    pub(crate) fn check_shared(&mut self) {
        let merged = self.merged;
        for (_, text) in crate::field::members(&merged.environment) {
            let mut resolver = crate::resolve::Resolver {
                app: self.app,
                surroundings: self.surroundings,
                secrets: self.secrets,
                scope: self.scope,
                sink: self.sink,
                references: Vec::new(),
            };
            let _reported = resolver.text(text, Place::SharedVariable, crate::resolve::Own { role: None });
        }
        self.credentials(crate::field::members(&merged.environment));
    }
}

/// Two used roles that give the same variables.
struct Clash<'a> {
    first: &'a Spanned<String>,
    again: &'a Spanned<String>,
    names: Vec<String>,
}

impl Clash<'_> {
    fn diagnostic(mut self) -> Diagnostic {
        self.names.sort();
        let Self { first, again, names } = self;
        let (one, other) = (quoted(&first.value), quoted(&again.value));
        let all = list(names.iter().map(String::as_str));
        let message = if one == other {
            format!("{one} gives {all} twice")
        } else {
            format!("{one} and {other} both give {all}")
        };
        let example = names.first().map_or("", String::as_str);
        let them = if names.len() == 1 {
            quoted(example)
        } else {
            "each of them".to_owned()
        };
        let diagnostic = Diagnostic::new(codes::VARIABLE_CLASH, message)
            .at(again.span, "gives the same again")
            .help(format!(
                "set {them} under `environment`, or withhold it: `{example}: null`"
            ));
        if first.span == again.span {
            diagnostic
        } else {
            diagnostic.also(first.span, "gives it first")
        }
    }
}
