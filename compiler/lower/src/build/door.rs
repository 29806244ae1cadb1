//! Doors: what a route opens, and the public addresses that follow from it.

use crate::environment::Domain;
use crate::field::Look;
use crate::resolve::{Own, Place, Resolver};
use crate::scope::{Public, scheme};
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Failed, Span, Spanned, codes, did_you_mean};
use exoc_ir::{Entrance, Port, Protocol, Seconds};
use exoc_manifest::ast::{Route, Text, TextPart};

/// How long a request may take unless the route says otherwise.
const TIMEOUT: Seconds = Seconds(60);

/// What makes a service public.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way<'a> {
    /// `route`.
    Written(&'a Route),
    /// `type: public` alone, which means `route: /`.
    Implied(Span),
}

impl Way<'_> {
    /// Where it is written.
    pub(crate) const fn span(self) -> Span {
        match self {
            Self::Written(route) => route.span,
            Self::Implied(span) => span,
        }
    }
}

/// A door before its service has a node.
#[derive(Clone, Debug)]
pub(crate) struct Opening {
    pub(crate) port: usize,
    pub(crate) entrance: Entrance,
    /// The nearest place: the path, the host, or the route.
    pub(crate) at: Span,
}

/// What a route opens.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) doors: Vec<Opening>,
    pub(crate) public: Public,
}

/// Whether a path is `/package.Service`: identifiers of Protocol Buffers with dots between them.
fn is_grpc_service(path: &str) -> bool {
    path.strip_prefix('/').is_some_and(|name| {
        name.split('.').all(|word| {
            word.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
                && word
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
    })
}

struct Asked<'a> {
    span: Span,
    paths: Option<&'a Spanned<Vec<Spanned<String>>>>,
    strip: Option<Spanned<bool>>,
    timeout: Option<Spanned<u32>>,
}

impl Resolver<'_> {
    /// The doors of the service `role`.
    pub(crate) fn doors(
        &mut self,
        role: &str,
        way: Way<'_>,
        ports: &[(Port, Span)],
    ) -> Result<Opened, Failed> {
        let (asked, hosts) = match way {
            Way::Implied(span) => (
                Asked {
                    span,
                    paths: None,
                    strip: None,
                    timeout: None,
                },
                None,
            ),
            Way::Written(Route {
                span,
                path,
                host,
                port: _,
                strip,
                timeout,
            }) => {
                let asked = Asked {
                    span: *span,
                    paths: path.known()?,
                    strip: strip.known()?.copied(),
                    timeout: timeout.known()?.copied(),
                };
                (asked, host.known()?)
            }
        };
        let (index, port) = self.public_port(way, ports)?;
        let plain = match port.protocol {
            Protocol::Http | Protocol::Http2 | Protocol::Grpc => false,
            Protocol::Tcp | Protocol::Udp => true,
        };
        let hosts = match hosts {
            Some(hosts) => {
                let mut read = Vec::new();
                for text in &hosts.value {
                    let value = self.text(text, Place::RouteHost, Own { role: Some(role) })?;
                    read.push((self.host(value.text().unwrap_or_default(), text)?, text.span));
                }
                read
            }
            None => {
                let domain = self.domain(asked.span)?;
                let host = if plain {
                    format!("{role}.{}", domain.host)
                } else {
                    domain.host
                };
                vec![(host, asked.span)]
            }
        };
        match port.protocol {
            Protocol::Tcp | Protocol::Udp => return self.plain(index, port, &asked, &hosts),
            Protocol::Grpc => self.grpc_paths(&asked)?,
            Protocol::Http | Protocol::Http2 => {}
        }
        self.http(index, &asked, &hosts)
    }

    /// The path of a gRPC request is the name of its service and method: any other path leads nothing to the port.
    fn grpc_paths(&mut self, asked: &Asked<'_>) -> Result<(), Failed> {
        let mut failed = None;
        for path in asked.paths.iter().flat_map(|paths| &paths.value) {
            if path.value != "/" && !is_grpc_service(&path.value) {
                let message = format!("no grpc request has the path {}", quoted(&path.value));
                failed = Some(
                    self.sink.error(
                        Diagnostic::new(codes::BAD_ROUTE, message)
                            .at(path.span, "not the name of a grpc service")
                            .help("write `/package.Service`, or `/` for all services of the port"),
                    ),
                );
            }
        }
        failed.map_or(Ok(()), Err)
    }

    fn domain(&mut self, wanted: Span) -> Result<Domain, Failed> {
        match &self.surroundings.domain {
            Ok(Some(domain)) => Ok(domain.clone()),
            Ok(None) => Err(self.surroundings.no_domain(wanted, self.sink)),
            Err(failed) => Err(*failed),
        }
    }

    fn public_port<'p>(
        &mut self,
        way: Way<'_>,
        ports: &'p [(Port, Span)],
    ) -> Result<(usize, &'p Port), Failed> {
        let named = match way {
            Way::Written(route) => route.port.known()?,
            Way::Implied(_) => None,
        };
        let names = || ports.iter().map(|(port, _)| port.name.as_str());
        let found = match named {
            Some(name) => ports
                .iter()
                .enumerate()
                .find(|(_, (port, _))| port.name == name.value),
            None => ports.iter().enumerate().next(),
        };
        match (found, named, way) {
            (Some((index, (port, _))), _, _) => Ok((index, port)),
            (None, Some(name), _) if !ports.is_empty() => Err(self.sink.error(
                Diagnostic::new(
                    codes::BAD_ROUTE,
                    format!("no port is called {}", quoted(&name.value)),
                )
                .at(name.span, "unknown port")
                .help_if(did_you_mean(&name.value, names()))
                .help(format!("the ports are {}", list(names()))),
            )),
            (None, _, way) => Err(self.sink.error(
                Diagnostic::new(codes::BAD_ROUTE, "a service with a route listens on no port")
                    .at(way.span(), "leads nowhere")
                    .help("write the port that the service listens on, as in `port: 3000`"),
            )),
        }
    }

    /// A host name in the form that doors have: lowercase, and in `local` without the port where HTTP enters.
    fn host(&mut self, text: &str, written: &Text) -> Result<String, Failed> {
        let entry = self
            .surroundings
            .domain
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .and_then(|domain| domain.port);
        let host = match entry {
            Some(port) => text.strip_suffix(&format!(":{port}")).unwrap_or(text),
            None => text,
        };
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !label.starts_with('-')
                && !label.ends_with('-')
        };
        if host.len() <= 253 && host.split('.').all(label) {
            return Ok(host.to_owned());
        }
        // With references in it the text differs between environments, and the fault does not.
        let literal = matches!(written.parts.as_slice(), [TextPart::Literal(_)]);
        let shown = if literal {
            quoted(host)
        } else {
            "this text".to_owned()
        };
        let lower = host.to_ascii_lowercase();
        let help = if literal && lower != host && lower.split('.').all(label) {
            format!("write {}", quoted(&lower))
        } else if host.contains(':') {
            "write the name alone: public services are at the scheme's own port".to_owned()
        } else {
            "write labels of lowercase letters, digits and `-` with dots between them".to_owned()
        };
        Err(self.sink.error(
            Diagnostic::new(codes::BAD_ROUTE, format!("{shown} is no host name"))
                .at(written.span, "no host of a route")
                .help(help),
        ))
    }

    fn plain(
        &mut self,
        index: usize,
        port: &Port,
        asked: &Asked<'_>,
        hosts: &[(String, Span)],
    ) -> Result<Opened, Failed> {
        let Asked {
            span,
            paths,
            strip,
            timeout,
        } = asked;
        let word = port.protocol.word();
        let wrong = [
            paths.map(|paths| ("path", paths.span)),
            strip.map(|strip| ("strip", strip.span)),
            timeout.map(|timeout| ("timeout", timeout.span)),
        ];
        let mut failed = None;
        for (key, at) in wrong.into_iter().flatten() {
            failed = Some(
                self.sink.error(
                    Diagnostic::new(codes::BAD_ROUTE, format!("a public {word} port has no `{key}`"))
                        .at(at, format!("{word} knows no paths"))
                        .help(format!(
                            "write `route: {{ port: {} }}`; it is public under its own number",
                            port.name
                        )),
                ),
            );
        }
        failed.map_or(Ok(()), Err)?;
        if let [_, (_, second), ..] = hosts {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::BAD_ROUTE,
                    format!("a public {word} port has several hosts"),
                )
                .at(*second, "a second host")
                .help(format!(
                    "keep one: {word} tells the server no host, so that any name leads to it"
                )),
            ));
        }
        let (host, at) = hosts.first().cloned().unwrap_or_else(|| (String::new(), *span));
        let (number, transport) = (port.number, port.protocol.transport());
        let address = format!("{host}:{number}");
        let public = Public {
            url: format!("{}://{address}", scheme(port.protocol)),
            host: address,
        };
        Ok(Opened {
            doors: vec![Opening {
                port: index,
                entrance: Entrance::Plain {
                    host,
                    number,
                    transport,
                },
                at,
            }],
            public,
        })
    }

    fn http(&mut self, index: usize, asked: &Asked<'_>, hosts: &[(String, Span)]) -> Result<Opened, Failed> {
        let Asked {
            span,
            paths,
            strip,
            timeout,
        } = asked;
        let paths: Vec<(&str, Span)> = match paths {
            Some(paths) => paths
                .value
                .iter()
                .map(|path| (path.value.as_str(), path.span))
                .collect(),
            None => vec![("/", *span)],
        };
        if let (Some(strip), true) = (
            strip.filter(|strip| strip.value),
            paths.iter().all(|(path, _)| *path == "/"),
        ) {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::BAD_ROUTE,
                    "`strip` has nothing to remove from the path `/`",
                )
                .at(strip.span, "changes nothing")
                .help("remove `strip`, or write the `path` that the service does not see"),
            ));
        }
        let mut doors = Vec::new();
        for (host, host_at) in hosts {
            for (path, path_at) in &paths {
                doors.push(Opening {
                    port: index,
                    entrance: Entrance::Http {
                        host: host.clone(),
                        path: (*path).to_owned(),
                        strip: strip.is_some_and(|strip| strip.value),
                        timeout: timeout.map_or(TIMEOUT, |timeout| Seconds(timeout.value)),
                    },
                    at: if asked.paths.is_none() || hosts.len() > paths.len() {
                        *host_at
                    } else {
                        *path_at
                    },
                });
            }
        }
        let entry = self
            .surroundings
            .domain
            .as_ref()
            .ok()
            .and_then(Option::as_ref)
            .and_then(|domain| domain.port);
        let host = hosts.first().map_or("", |(host, _)| host);
        let host = entry.map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
        let path = paths.first().map_or("", |(path, _)| path.trim_end_matches('/'));
        let scheme = if self.surroundings.local { "http" } else { "https" };
        Ok(Opened {
            doors,
            public: Public {
                url: format!("{scheme}://{host}{path}"),
                host,
            },
        })
    }
}
