//! `port` and `ports`: where a service listens.

use super::keys::PORT;
use super::{Binder, Fields, Want};
use crate::ast::{Field, Port, Protocol};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Span, Spanned, Typed, codes};

const PROTOCOLS: &[(&str, Protocol)] = &[
    ("http", Protocol::Http),
    ("http2", Protocol::Http2),
    ("grpc", Protocol::Grpc),
    ("tcp", Protocol::Tcp),
    ("udp", Protocol::Udp),
];
/// The longest name of a port: what Kubernetes allows.
const LONGEST_PORT_NAME: usize = 15;

impl Binder<'_> {
    /// `port` or `ports`.
    pub(crate) fn ports(&mut self, fields: &Fields<'_>) -> Field<Spanned<Vec<Port>>> {
        let written = |key| fields.get(key).filter(|member| !member.value.is_null());
        if let (Some(one), Some(many)) = (written("port"), written("ports")) {
            return Field::Broken(
                self.sink.error(
                    Diagnostic::new(codes::CONFLICTING_KEYS, "`port` and `ports` side by side")
                        .at(many.key.span, "lists the ports")
                        .also(one.key.span, "names the only port")
                        .help("keep `ports` and move the number of `port` into it, or remove `ports`"),
                ),
            );
        }
        if written("ports").is_some() || (fields.get("ports").is_some() && fields.get("port").is_none()) {
            return self.field(fields, "ports", Self::port_list);
        }
        self.field(fields, "port", |binder, node| {
            let number = binder.port_number(node, "port: 3000")?;
            let protocol = Spanned::new(Protocol::Http, node.span);
            Ok(Spanned::new(
                vec![Port {
                    span: node.span,
                    name: None,
                    number,
                    protocol,
                }],
                node.span,
            ))
        })
    }

    fn port_number(&mut self, node: &Node, example: &'static str) -> Result<Spanned<u16>, Failed> {
        let want = Want::key("port", "a number", example);
        if let Some(short) = node
            .as_text()
            .and_then(ShortPort::parse)
            .filter(ShortPort::is_foreign)
        {
            let (message, label) = short.words();
            let line = written(&[short]);
            return Err(self.sink.error(
                Diagnostic::new(codes::FOREIGN_KEY, message)
                    .at(node.span, label)
                    .help(format!("write `{line}`{}", short.reason())),
            ));
        }
        let number = self.whole(node, &want, 1..=u32::from(u16::MAX))?;
        Ok(number.map(|number| u16::try_from(number).unwrap_or(u16::MAX)))
    }

    fn port_list(&mut self, node: &Node) -> Result<Spanned<Vec<Port>>, Failed> {
        let want = Want::key("ports", "a list of ports", "ports: [{ name: http, port: 3000 }]");
        if let Kind::Scalar(scalar) = &node.kind
            && let Typed::Int(number) = scalar.typed
        {
            return Err(self.sink.error(
                Diagnostic::new(codes::WRONG_TYPE, "`ports` takes a list of ports, not a number")
                    .at(node.span, "this is a number")
                    .help(format!("write `port: {number}`")),
            ));
        }
        if let Some(failed) = self.short_ports(node) {
            return Err(failed);
        }
        let ports = self.list(node, &want, Self::port)?;
        if let [_, _, ..] = ports.as_slice() {
            let mut failed = None;
            for port in ports.iter().filter(|port| port.name.is_none()) {
                failed = Some(self.missing(
                    port.span,
                    "name",
                    "one of several ports",
                    "name each port, as in `name: admin`",
                ));
            }
            failed.map_or(Ok(()), Err)?;
        }
        if ports.is_empty() {
            return Err(self.malformed(
                node,
                "`ports` is an empty list".into(),
                "nothing stands in it",
                "list the ports, or write `ports: null` to remove those of a weaker layer".into(),
            ));
        }
        Ok(Spanned::new(ports, node.span))
    }

    /// Reports a list of ports that are numbers, or written as Docker Compose does: once, for it is one habit.
    fn short_ports(&mut self, node: &Node) -> Option<Failed> {
        let Kind::List(items) = &node.kind else {
            return None;
        };
        let shorts: Vec<(Span, ShortPort<'_>)> = items
            .iter()
            .filter_map(|item| Some((item.span, ShortPort::parse(&item.as_scalar()?.text)?)))
            .collect();
        let ((first, short), others) = shorts.split_first()?;
        if shorts.len() < items.len() {
            return None;
        }
        let all: Vec<ShortPort<'_>> = shorts.iter().map(|(_, short)| *short).collect();
        let foreign = all.iter().find(|short| short.is_foreign());
        let (code, (message, label)) = match foreign {
            Some(foreign) => (codes::FOREIGN_KEY, foreign.words()),
            None => (
                codes::WRONG_TYPE,
                (
                    "an item of `ports` takes a mapping, not a number",
                    short.words().1,
                ),
            ),
        };
        let mut diagnostic = Diagnostic::new(code, message).at(*first, label);
        for (span, short) in others {
            diagnostic = diagnostic.also(*span, short.words().1);
        }
        let help = format!(
            "write `{}`{}",
            written(&all),
            foreign.map_or("", |foreign| foreign.reason())
        );
        Some(self.sink.error(diagnostic.help(help)))
    }

    fn port(&mut self, node: &Node) -> Result<Port, Failed> {
        let want = Want::item("ports", "a mapping", "{ name: http, port: 3000 }");
        let fields = self.open(node, &PORT, &want)?;
        let name = self.field(&fields, "name", Self::port_name);
        let number = self.field(&fields, "port", |b, n| {
            b.port_number(n, "{ name: http, port: 3000 }")
        });
        let protocol = self.field(&fields, "protocol", |b, n| {
            let want = Want::key("protocol", "a protocol", "protocol: http");
            b.word(n, &want, PROTOCOLS)
        });
        let name = match name {
            Field::Absent => None,
            Field::Set(name) => Some(name),
            Field::Broken(failed) => return Err(failed),
            Field::Removed(_) => return Err(self.null_in_list(&fields, "name")),
        };
        let number = match number {
            Field::Set(number) => number,
            Field::Broken(failed) => return Err(failed),
            Field::Absent => {
                return Err(self.required(
                    &fields,
                    "port",
                    "a port",
                    "write the number on which the service listens",
                ));
            }
            Field::Removed(_) => return Err(self.null_in_list(&fields, "port")),
        };
        let protocol = match protocol {
            Field::Absent => Spanned::new(Protocol::Http, number.span),
            Field::Set(protocol) => protocol,
            Field::Broken(failed) => return Err(failed),
            Field::Removed(_) => return Err(self.null_in_list(&fields, "protocol")),
        };
        if let Some(failed) = fields.lost {
            return Err(failed);
        }
        Ok(Port {
            span: node.span,
            name,
            number,
            protocol,
        })
    }

    fn port_name(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let name = self.string(node, &Want::key("name", "a text", "name: http"))?;
        let length = name.value.chars().count();
        if length == 0 || length > LONGEST_PORT_NAME {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::OUT_OF_BOUNDS,
                    format!("the name of a port has {length} characters, outside 1 to {LONGEST_PORT_NAME}"),
                )
                .at(node.span, format!("{length} characters"))
                .help(format!("write a name of 1 to {LONGEST_PORT_NAME} characters")),
            ));
        }
        Ok(name)
    }
}

/// A port in one word: `80`, or as Docker Compose writes it, `8080:80`, `127.0.0.1:8080:80` or `80/tcp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ShortPort<'t> {
    number: &'t str,
    host: bool,
    protocol: Option<&'t str>,
}

impl<'t> ShortPort<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let (pair, protocol) = match text.split_once('/') {
            Some((pair, protocol @ ("tcp" | "udp"))) => (pair, Some(protocol)),
            Some(_) => return None,
            None => (text, None),
        };
        let is_port = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let (before, number) = pair.rsplit_once(':').unwrap_or(("", pair));
        let last = before.rsplit(':').next().unwrap_or_default();
        let host = is_port(last) || before.ends_with(':');
        let known = is_port(number) && (host || before.is_empty());
        known.then_some(Self {
            number,
            host,
            protocol,
        })
    }

    /// Whether it says more than a number.
    const fn is_foreign(&self) -> bool {
        self.host || self.protocol.is_some()
    }

    /// Message and label.
    const fn words(&self) -> (&'static str, &'static str) {
        match (self.host, self.protocol) {
            (true, _) => (
                "a pair of ports, as Docker Compose writes them",
                "names a port of the host",
            ),
            (false, Some(_)) => (
                "a port with its protocol, as Docker Compose writes it",
                "`protocol` is a key of its own",
            ),
            (false, None) => ("a port in one word", "this is a number"),
        }
    }

    const fn reason(&self) -> &'static str {
        if self.host {
            ", where the service listens; what is public follows from `route`"
        } else {
            ""
        }
    }
}

/// The same ports in this language.
fn written(ports: &[ShortPort<'_>]) -> String {
    if let [
        ShortPort {
            number,
            host: _,
            protocol: None,
        },
    ] = ports
    {
        return format!("port: {number}");
    }
    let mut names: Vec<String> = Vec::new();
    let items: Vec<String> = ports
        .iter()
        .map(|port| {
            let usual = match (port.protocol, port.number) {
                (Some("udp"), _) => "udp",
                (None | Some(_), "443" | "8443") => "https",
                (None | Some(_), _) => "http",
            };
            let name = if names.iter().any(|name| name == usual) {
                format!("port-{}", port.number)
            } else {
                usual.to_owned()
            };
            names.push(name.clone());
            let protocol = port
                .protocol
                .map_or_else(String::new, |protocol| format!(", protocol: {protocol}"));
            format!("{{ name: {name}, port: {}{protocol} }}", port.number)
        })
        .collect();
    format!("ports: [{}]", items.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{ShortPort, written};

    #[test]
    fn recognises_ports_of_compose() {
        let number = |text| ShortPort::parse(text).map(|port| port.number);
        assert_eq!(number("8080:80"), Some("80"));
        assert_eq!(number("127.0.0.1:8080:80"), Some("80"));
        assert_eq!(number("80/tcp"), Some("80"));
        assert_eq!(number("8080:80/udp"), Some("80"));
        assert_eq!(number("80"), Some("80"));
        assert_eq!(number("8080:http"), None);
        assert_eq!(number("db:5432"), None);
        assert_eq!(number("http"), None);
        assert_eq!(number(""), None);
    }

    #[test]
    fn writes_them_in_this_language() {
        let line = |texts: &[&str]| {
            let ports: Vec<_> = texts.iter().filter_map(|text| ShortPort::parse(text)).collect();
            written(&ports)
        };
        assert_eq!(line(&["8080:80"]), "port: 80");
        assert_eq!(
            line(&["53/udp"]),
            "ports: [{ name: udp, port: 53, protocol: udp }]"
        );
        assert_eq!(
            line(&["80", "443", "9090"]),
            "ports: [{ name: http, port: 80 }, { name: https, port: 443 }, { name: port-9090, port: 9090 }]"
        );
    }
}
