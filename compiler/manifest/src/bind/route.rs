//! `port`, `ports`, `route` and `scale`: how a service is reached, and how often it runs.

use super::keys::{PORT, ROUTE, SCALE};
use super::{Binder, Fields, Want};
use crate::ast::{Field, Port, Protocol, Route, Scale};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Spanned, Typed, codes};

const PROTOCOLS: &[(&str, Protocol)] = &[
    ("http", Protocol::Http),
    ("http2", Protocol::Http2),
    ("grpc", Protocol::Grpc),
    ("tcp", Protocol::Tcp),
    ("udp", Protocol::Udp),
];
/// The longest name of a port: what Kubernetes allows.
const LONGEST_PORT_NAME: usize = 15;
/// The longest path of a route (semantics.md, B14).
const LONGEST_PATH: usize = 120;
/// The most replicas.
const MOST_REPLICAS: u32 = 10_000;

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
        if let Some(inner) = node.as_text().and_then(mapped_port) {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::FOREIGN_KEY,
                    "a pair of ports, as Docker Compose writes them",
                )
                .at(node.span, "names a port of the host")
                .help(format!(
                    "write `port: {inner}`, where the service listens; what is public follows from `route`"
                )),
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

    fn port(&mut self, node: &Node) -> Result<Port, Failed> {
        let want = Want::item("ports", "a mapping", "{ name: http, port: 3000 }");
        if let Kind::Scalar(scalar) = &node.kind {
            if let Some(inner) = mapped_port(&scalar.text) {
                return Err(self.sink.error(
                    Diagnostic::new(
                        codes::FOREIGN_KEY,
                        "a pair of ports, as Docker Compose writes them",
                    )
                    .at(node.span, "names a port of the host")
                    .help(format!(
                        "write `port: {inner}` instead of `ports`; what is public follows from `route`"
                    )),
                ));
            }
            if let Typed::Int(number) = scalar.typed {
                return Err(self.sink.error(
                    Diagnostic::new(
                        codes::WRONG_TYPE,
                        "an item of `ports` takes a mapping, not a number",
                    )
                    .at(node.span, "this is a number")
                    .help(format!(
                        "write `{{ name: http, port: {number} }}`, or `port: {number}` if it is the only one"
                    )),
                ));
            }
        }
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

    /// Reports a `null` in an item of a list, where no weaker layer is.
    pub(crate) fn null_in_list(&mut self, fields: &Fields<'_>, key: &str) -> Failed {
        let span = fields.get(key).map_or(fields.span, |member| member.value.span);
        self.sink.error(
            Diagnostic::new(codes::WRONG_TYPE, format!("`{key}` is null in an item of a list"))
                .at(span, "removes nothing")
                .help("lists replace each other as a whole; remove the key"),
        )
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

    /// `route`, short or long.
    pub(crate) fn route(&mut self, node: &Node) -> Result<Route, Failed> {
        let want = Want::key("route", "a path or a mapping", "route: /");
        if let Kind::Scalar(_) = &node.kind {
            let text = self.string(node, &want)?;
            let path = self.route_path(node, text)?;
            return Ok(Route {
                span: node.span,
                path: Field::Set(Spanned::new(vec![path], node.span)),
                host: Field::Absent,
                port: Field::Absent,
                strip: Field::Absent,
                timeout: Field::Absent,
            });
        }
        if let Kind::List(_) = &node.kind {
            let want = Want::key("route", "a path or a mapping", "route: { path: [/api, /v1] }");
            return Err(self.wrong_type(node, &want));
        }
        let fields = self.open(node, &ROUTE, &want)?;
        Ok(Route {
            span: node.span,
            path: self.field(&fields, "path", |b, n| {
                let want = Want::key("path", "a path or a list of paths", "path: /api");
                b.one_or_more(n, &want, |b, n| {
                    let text = b.string(n, &Want::key("path", "a path", "path: /api"))?;
                    b.route_path(n, text)
                })
            }),
            host: self.field(&fields, "host", |b, n| {
                let want = Want::key("host", "a host or a list of hosts", "host: \"api.${env.domain}\"");
                b.one_or_more(n, &want, |b, n| b.host(n))
            }),
            port: self.field(&fields, "port", |b, n| {
                let want = Want::key("port", "the name of one of `ports`", "port: http");
                b.string(n, &want)
            }),
            strip: self.field(&fields, "strip", |b, n| {
                b.boolean(n, &Want::key("strip", "`true` or `false`", "strip: true"))
            }),
            timeout: self.field(&fields, "timeout", |b, n| {
                b.seconds(n, &Want::key("timeout", "a duration", "timeout: 60s"), 1..=3600)
            }),
        })
    }

    fn host(&mut self, node: &Node) -> Result<crate::ast::Text, Failed> {
        let want = Want::key("host", "a host name", "host: \"api.${env.domain}\"");
        let text = self.referring(node, &want)?;
        let wrong = node
            .as_text()
            .filter(|text| text.contains("://") || text.contains([' ', '*']) || text.is_empty());
        match wrong {
            None => Ok(text),
            Some(host) => {
                let message = format!("`{host}` is no host name");
                let help = "write the name alone, as in `api.example.com`: no scheme, path or `*`";
                Err(self.malformed(node, message, "expected a host name", help.into()))
            }
        }
    }

    /// A path of a route: whole segments, no slash at its end.
    fn route_path(&mut self, node: &Node, path: Spanned<String>) -> Result<Spanned<String>, Failed> {
        let text = path.value.as_str();
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'/' | b'-');
        let fault = if !text.starts_with('/') {
            let rest = text.trim_start_matches("./").trim_end_matches('/');
            let guess = if rest.bytes().all(fine) {
                format!("/{rest}")
            } else {
                "/".into()
            };
            Some(("does not begin with `/`", format!("write `{guess}`")))
        } else if let Some(bad) = text
            .chars()
            .find(|c| !c.is_ascii() || !fine(u8::try_from(*c).unwrap_or_default()))
        {
            let help = if matches!(bad, '*' | '(' | '[' | '^' | '$' | '{' | ':') {
                "a path matches itself and all below it; patterns are not part of the language"
            } else {
                "a path holds letters, digits and `.`, `_`, `~`, `-`, `/`"
            };
            Some(("has a character that no path has", help.into()))
        } else if text.contains("//") {
            Some((
                "has two slashes in a row",
                "write one slash between two segments".into(),
            ))
        } else if text.len() > 1 && text.ends_with('/') {
            let shorter = text.trim_end_matches('/');
            Some((
                "ends with `/`",
                format!("write `{shorter}`, which matches `{shorter}/` too"),
            ))
        } else if text.len() > LONGEST_PATH {
            Some((
                "is too long",
                format!("a path has at most {LONGEST_PATH} characters"),
            ))
        } else {
            None
        };
        match fault {
            None => Ok(path),
            Some((fault, help)) => {
                let message = format!("the path `{text}` {fault}");
                Err(self.malformed(node, message, "no path of a route", help))
            }
        }
    }

    /// `scale`, short or long.
    pub(crate) fn scale(&mut self, node: &Node) -> Result<Scale, Failed> {
        let want = Want::key(
            "scale",
            "a number or a mapping",
            "scale: { min: 2, max: 10, cpu: 70% }",
        );
        if let Kind::Scalar(_) = &node.kind {
            let number = self.whole(node, &want, 0..=MOST_REPLICAS)?;
            return Ok(Scale {
                span: node.span,
                min: Field::Set(number),
                max: Field::Set(number),
                cpu: Field::Absent,
                memory: Field::Absent,
                requests: Field::Absent,
                overlap: Field::Absent,
            });
        }
        let fields = self.open(node, &SCALE, &want)?;
        let replicas = |key| Want::key(key, "a number", "scale: { min: 2, max: 10 }");
        let share = |key| Want::key(key, "a share with `%`", "cpu: 70%");
        Ok(Scale {
            span: node.span,
            min: self.field(&fields, "min", |b, n| {
                b.whole(n, &replicas("min"), 0..=MOST_REPLICAS)
            }),
            max: self.field(&fields, "max", |b, n| {
                b.whole(n, &replicas("max"), 0..=MOST_REPLICAS)
            }),
            cpu: self.field(&fields, "cpu", |b, n| b.percent(n, &share("cpu"))),
            memory: self.field(&fields, "memory", |b, n| b.percent(n, &share("memory"))),
            requests: self.field(&fields, "requests", |b, n| {
                let want = Want::key("requests", "a number, per second and replica", "requests: 100");
                b.whole(n, &want, 1..=1_000_000)
            }),
            overlap: self.field(&fields, "overlap", |b, n| {
                b.boolean(n, &Want::key("overlap", "`true` or `false`", "overlap: false"))
            }),
        })
    }
}

/// The container's port in `8080:80`, `127.0.0.1:8080:80` or `80/tcp`.
fn mapped_port(text: &str) -> Option<&str> {
    let (pair, protocol) = text.split_once('/').unwrap_or((text, ""));
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (before, inner) = pair.rsplit_once(':').unwrap_or(("", pair));
    let host = before.rsplit(':').next().unwrap_or_default();
    let is_pair = is_port(host) || before.ends_with(':');
    (is_port(inner) && (is_pair || matches!(protocol, "tcp" | "udp"))).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::mapped_port;

    #[test]
    fn recognises_ports_of_compose() {
        assert_eq!(mapped_port("8080:80"), Some("80"));
        assert_eq!(mapped_port("127.0.0.1:8080:80"), Some("80"));
        assert_eq!(mapped_port("80/tcp"), Some("80"));
        assert_eq!(mapped_port("8080:80/udp"), Some("80"));
        assert_eq!(mapped_port("80"), None);
        assert_eq!(mapped_port("http"), None);
        assert_eq!(mapped_port(""), None);
    }
}
