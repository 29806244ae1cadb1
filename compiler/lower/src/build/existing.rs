//! A product that is there already: what the manifest says of it instead of what a target would make.

use super::backing::Known;
use super::external::read;
use super::{Lowering, Site};
use crate::field::{Look, members};
use crate::resolve::{Own, Place, Resolver};
use crate::scope::{Kept, Offer};
use crate::words::{list, quoted};
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean};
use exoc_ir::{Attribute, EdgePort, Existing, Transport, Value};
use exoc_manifest::ast::{self, Field, Text, TextPart};
use std::collections::BTreeMap;

/// The values of a product's attributes, with what the manifest has in the place of each.
type Given<'m> = BTreeMap<Attribute, (Value, &'m Text)>;

/// What is said of a product that is there already; `None` if a target makes it.
pub(crate) fn kept(
    role: &str,
    known: &Known<'_>,
    entry: &'static Entry,
    resolver: &mut Resolver<'_>,
) -> Option<Result<Kept, Failed>> {
    match known.dependency.existing.known() {
        Ok(None) => None,
        Ok(Some(existing)) => Some(read_all(role, entry, existing, resolver)),
        Err(failed) => Some(Err(failed)),
    }
}

fn read_all(
    role: &str,
    entry: &'static Entry,
    existing: &ast::Existing,
    resolver: &mut Resolver<'_>,
) -> Result<Kept, Failed> {
    let mut failed = None;
    let mut given = Given::new();
    for (name, field) in &existing.attributes {
        let Some(attribute) = entry.attributes.iter().find(|known| known.word() == name.value) else {
            failed = Some(unknown(entry, name, resolver.sink));
            continue;
        };
        match field {
            Field::Set(text) => match resolver.text(text, Place::Existing, Own { role: None }) {
                Ok(value) => drop(given.insert(*attribute, (value, text))),
                Err(proof) => failed = Some(proof),
            },
            Field::Broken(proof) => failed = Some(*proof),
            Field::Absent | Field::Removed(_) => {}
        }
    }
    // What was not understood may be what is missing.
    failed.map_or(Ok(()), Err)?;
    complete(role, entry, &given, existing.span, resolver.sink)?;
    said_of_tls(&given, resolver.sink)?;
    let (hosts, ports) = addresses(entry, &given, resolver.sink)?;
    Ok(Kept {
        entry,
        attributes: given
            .into_iter()
            .map(|(attribute, (value, _))| (attribute, value))
            .collect(),
        hosts,
        ports,
    })
}

fn unknown(entry: &Entry, name: &Spanned<String>, sink: &mut Sink) -> Failed {
    let words = || entry.attributes.iter().map(|known| known.word());
    sink.error(
        Diagnostic::new(
            codes::UNKNOWN_ATTRIBUTE,
            format!("{} has no attribute {}", entry.word(), quoted(&name.value)),
        )
        .at(name.span, "unknown attribute")
        .help_if(did_you_mean(&name.value, words()))
        .help(format!("{} has {}", entry.word(), list(words()))),
    )
}

/// Everything but what a target may lack as well must be there, for nothing is made.
fn complete(role: &str, entry: &Entry, given: &Given<'_>, at: Span, sink: &mut Sink) -> Result<(), Failed> {
    let missing: Vec<&str> = entry
        .attributes
        .iter()
        .filter(|attribute| entry.always_has(**attribute) && !given.contains_key(attribute))
        .map(|attribute| attribute.word())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let words = list(missing.iter().copied());
    Err(sink.error(
        Diagnostic::new(
            codes::MISSING_KEY,
            format!("{} exists already, and its {words} are not said", quoted(role)),
        )
        .at(at, format!("lacks {words}"))
        .help("write what its users need to know: nothing is made that could tell it"),
    ))
}

fn said_of_tls(given: &Given<'_>, sink: &mut Sink) -> Result<(), Failed> {
    match given.get(&Attribute::Tls) {
        Some((value, text)) if !matches!(value.text(), Some("true" | "false")) => {
            let help = "`tls` says whether connections are encrypted";
            Err(fault(
                value,
                "is neither `true` nor `false`",
                text.span,
                help,
                sink,
            ))
        }
        Some(_) | None => Ok(()),
    }
}

/// The hosts and ports that its users open connections to.
fn addresses(
    entry: &Entry,
    given: &Given<'_>,
    sink: &mut Sink,
) -> Result<(Vec<String>, Vec<EdgePort>), Failed> {
    let tcp = |number| EdgePort {
        number,
        transport: Transport::Tcp,
    };
    if let Some((value, text)) = given.get(&Attribute::Port) {
        let number = value.text().and_then(port).ok_or_else(|| {
            let help = "write a number from 1 to 65535 as text: a port is no secret";
            fault(value, "is no port", text.span, help, sink)
        })?;
        let host = given.get(&Attribute::Host);
        let hosts = host.and_then(|(value, _)| value.text()).map(str::to_owned);
        return match (hosts, host) {
            (Some(host), _) if !host.is_empty() => Ok((vec![host], vec![tcp(number)])),
            (_, Some((value, text))) => {
                let help = "write the host as text: it is no secret";
                Err(fault(value, "is no host", text.span, help, sink))
            }
            (_, None) => Ok((Vec::new(), vec![tcp(number)])),
        };
    }
    if let Some((value, text)) = given.get(&Attribute::Brokers) {
        let brokers: Option<Vec<(String, u16)>> = value
            .text()
            .and_then(|brokers| brokers.split(',').map(|one| address(one.trim())).collect());
        let brokers = brokers.ok_or_else(|| {
            let help =
                "write addresses with commas between them, as in `one.example.com:9092,two.example.com:9092`";
            fault(value, "is no list of addresses", text.span, help, sink)
        })?;
        let ports = brokers.iter().map(|(_, number)| tcp(*number)).collect();
        return Ok((brokers.into_iter().map(|(host, _)| host).collect(), ports));
    }
    let server = if entry.has(Attribute::Endpoint) {
        Attribute::Endpoint
    } else {
        Attribute::Url
    };
    let Some((value, text)) = given.get(&server) else {
        return Ok((Vec::new(), Vec::new()));
    };
    let literal = match text.parts.as_slice() {
        [TextPart::Literal(literal)] => Some(literal.as_str()),
        [] | [TextPart::Reference(_)] | [_, _, ..] => None,
    };
    let outside = read(value, literal, text.span, sink)?;
    Ok((vec![outside.host], vec![tcp(outside.port)]))
}

fn port(text: &str) -> Option<u16> {
    text.parse().ok().filter(|number| *number > 0)
}

fn address(text: &str) -> Option<(String, u16)> {
    let (host, number) = text.rsplit_once(':')?;
    (!host.is_empty()).then_some((host.to_owned(), port(number)?))
}

fn fault(value: &Value, what: &str, at: Span, help: &str, sink: &mut Sink) -> Failed {
    let shown = value.text().map_or_else(|| "what is secret".to_owned(), quoted);
    sink.error(
        Diagnostic::new(codes::BAD_EXTERNAL, format!("{shown} {what}"))
            .at(at, what)
            .help(help),
    )
}

impl Lowering<'_> {
    /// The node of a product that is there already; what was reported is left out of it.
    pub(super) fn existing(&mut self, site: &Site<'_>, entry: &Entry, existing: &ast::Existing) -> Existing {
        self.credentials(members(&existing.attributes));
        self.place(site, "existing", existing.span);
        let kept = match self.scope.roles.get(site.role).map(|role| &role.offer) {
            Some(Offer::Existing(Ok(kept))) => Some(kept),
            Some(
                Offer::Existing(Err(_))
                | Offer::Unknown(_)
                | Offer::Listens { .. }
                | Offer::Managed(..)
                | Offer::Volume(_)
                | Offer::External(_),
            )
            | None => None,
        };
        Existing {
            product: entry.product,
            attributes: kept.map(|kept| kept.attributes.clone()).unwrap_or_default(),
            hosts: kept.map(|kept| kept.hosts.clone()).unwrap_or_default(),
        }
    }
}
