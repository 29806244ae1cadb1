//! Health checks: defaults, and rules that join several keys or other parts of the service.

use super::ports::ports;
use super::{Lowering, Site};
use crate::field::Look;
use crate::resolve::Place;
use crate::scope::Noun;
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean};
use exoc_ir::{Health, Port, Probe, Protocol, Seconds};
use exoc_manifest::ast::{self, Command, Question, ServiceLayer, ServiceType};

const INTERVAL: u32 = 10;
const TIMEOUT: u32 = 3;
const RETRIES: u32 = 3;
const START: u32 = 30;

/// The ports of a component. A check that asks a port where none is makes them unknown, so that its users stay
/// silent about the same fault.
pub(crate) fn asked_ports(
    noun: Noun,
    role: &str,
    layer: &ServiceLayer,
    sink: &mut Sink,
) -> Result<Vec<(Port, Span)>, Failed> {
    let ports = ports(&layer.ports, sink)?;
    let question = layer.health.set().and_then(|health| health.question.set());
    let (how, at) = match question {
        Some(Question::Path(path)) => ("path", path.span),
        Some(Question::Tcp(at)) => ("tcp", *at),
        Some(Question::Grpc(service)) => ("grpc", service.span),
        Some(Question::Command(_)) | None => return Ok(ports),
    };
    // A route wants a port as well, and says so better; a type that could not be read may.
    let wanted = layer.route.known().map_or(true, |route| route.is_some())
        || layer.kind.known().map_or(true, |kind| {
            kind.is_some_and(|kind| match kind.value {
                ServiceType::Public | ServiceType::Private => true,
                ServiceType::Worker | ServiceType::Job => false,
            })
        });
    if !ports.is_empty() || wanted {
        return Ok(ports);
    }
    let message = format!("the {} {} listens on no port to ask", noun.word(), quoted(role));
    let diagnostic = Diagnostic::new(codes::BAD_HEALTH, message);
    let diagnostic = match layer.ports.removed() {
        Some(removed) => diagnostic.at(removed, "removed here").also(at, "asked here"),
        None => diagnostic.at(at, format!("`{how}` asks a port")),
    };
    Err(sink.error(diagnostic.help("give it a `port`, or ask it by `command`")))
}

impl Lowering<'_> {
    /// The check of a component, if one is written.
    pub(crate) fn health(&mut self, site: &Site<'_>, ports: Result<&[Port], Failed>) -> Option<Health> {
        let health = site.layer.health.set()?;
        let ast::Health {
            span,
            question,
            port,
            interval,
            timeout,
            retries,
            start,
        } = health;
        self.place(site, "health", *span);
        self.timing(interval.set(), timeout.set());
        let number =
            |field: &ast::Field<Spanned<u32>>, default| field.set().map_or(default, |value| value.value);
        let question = match question.known() {
            Ok(Some(question)) => question,
            Ok(None) => {
                self.sink.error(
                    Diagnostic::new(codes::BAD_HEALTH, "a health check asks nothing")
                        .at(*span, "neither `path`, `tcp`, `grpc` nor `command`")
                        .help("write one of them, as in `health: { path: /healthz }`"),
                );
                return None;
            }
            Err(_) => return None,
        };
        let probe = match question {
            Question::Command(command) => self.asked_by_command(site, command, port.set()),
            Question::Path(path) => {
                let port = self.asked_port("path", path.span, port, ports)?;
                Some(Probe::Http {
                    port,
                    path: path.value.clone(),
                })
            }
            Question::Tcp(at) => Some(Probe::Tcp {
                port: self.asked_port("tcp", *at, port, ports)?,
            }),
            Question::Grpc(service) => {
                let port = self.asked_port("grpc", service.span, port, ports)?;
                Some(Probe::Grpc {
                    port,
                    service: service.value.clone(),
                })
            }
        }?;
        Some(Health {
            probe,
            interval: Seconds(number(interval, INTERVAL)),
            timeout: Seconds(number(timeout, TIMEOUT)),
            retries: number(retries, RETRIES),
            start: Seconds(number(start, START)),
        })
    }

    fn timing(&mut self, interval: Option<&Spanned<u32>>, timeout: Option<&Spanned<u32>>) {
        let seconds = |value: Option<&Spanned<u32>>, default| value.map_or(default, |value| value.value);
        let (every, within) = (seconds(interval, INTERVAL), seconds(timeout, TIMEOUT));
        if within < every {
            return;
        }
        let message = format!("a timeout of {within}s is not below the interval of {every}s");
        let diagnostic = Diagnostic::new(codes::BAD_HEALTH, message);
        let diagnostic = match (timeout, interval) {
            (Some(timeout), Some(interval)) => diagnostic
                .at(timeout.span, "the timeout")
                .also(interval.span, "the interval"),
            (Some(timeout), None) => {
                diagnostic.at(timeout.span, format!("the interval is {every}s by default"))
            }
            (None, Some(interval)) => {
                diagnostic.at(interval.span, format!("the timeout is {within}s by default"))
            }
            (None, None) => return,
        };
        self.sink
            .error(diagnostic.help("answer within less than the time from one question to the next"));
    }

    fn asked_by_command(
        &mut self,
        site: &Site<'_>,
        command: &Command,
        port: Option<&Spanned<String>>,
    ) -> Option<Probe> {
        if let Some(port) = port {
            self.sink.error(
                Diagnostic::new(codes::BAD_HEALTH, "a health check by command names a port")
                    .at(port.span, "a command asks no port")
                    .also(command.span, "the command")
                    .help("remove `port`; the command knows where to ask"),
            );
        }
        self.arguments(site, command, "health.command")
            .map(Probe::Command)
    }

    /// The values of a command's items; none if one of them was reported.
    pub(crate) fn arguments(
        &mut self,
        site: &Site<'_>,
        command: &Command,
        key: &'static str,
    ) -> Option<Vec<exoc_ir::Value>> {
        let Command { span: _, items } = command;
        self.credential_arguments(items);
        for (index, item) in items.iter().enumerate() {
            self.place(site, &format!("{key}.{index}"), item.span);
        }
        let values: Vec<_> = items
            .iter()
            .map(|item| self.value(site, item, Place::Argument(key)))
            .collect();
        values.into_iter().collect::<Result<_, _>>().ok()
    }

    /// The index of the port that is asked, if it can be asked that way.
    fn asked_port(
        &mut self,
        how: &str,
        at: Span,
        named: &ast::Field<Spanned<String>>,
        ports: Result<&[Port], Failed>,
    ) -> Option<usize> {
        let (ports, named) = (ports.ok()?, named.known().ok()?);
        let Some(named) = named else {
            return self.askable(how, at, 0, ports.first()?);
        };
        match ports
            .iter()
            .enumerate()
            .find(|(_, port)| port.name == named.value)
        {
            Some((index, port)) => self.askable(how, named.span, index, port),
            None => {
                let names = || ports.iter().map(|port| port.name.as_str());
                self.sink.error(
                    Diagnostic::new(
                        codes::BAD_HEALTH,
                        format!("no port is called {}", quoted(&named.value)),
                    )
                    .at(named.span, "unknown port")
                    .help_if(did_you_mean(&named.value, names()))
                    .help(format!("the ports are {}", list(names()))),
                );
                None
            }
        }
    }

    fn askable(&mut self, how: &str, at: Span, index: usize, port: &Port) -> Option<usize> {
        let (fine, wanted) = match how {
            "path" => (port.protocol == Protocol::Http, "a port of protocol `http`"),
            "grpc" => (port.protocol == Protocol::Grpc, "a port of protocol `grpc`"),
            _ => (port.protocol != Protocol::Udp, "a port over TCP"),
        };
        if fine {
            return Some(index);
        }
        let (name, word) = (quoted(&port.name), port.protocol.word());
        let instead = match port.protocol {
            Protocol::Grpc => "`grpc: true`",
            Protocol::Udp => "`command`",
            Protocol::Http | Protocol::Http2 | Protocol::Tcp => "`tcp: true`",
        };
        self.sink.error(
            Diagnostic::new(
                codes::BAD_HEALTH,
                format!("`{how}` cannot ask the port {name}, which speaks {word}"),
            )
            .at(at, format!("`{how}` asks {wanted}"))
            .help(format!("write {instead}, or name {wanted} under `port`")),
        );
        None
    }
}
