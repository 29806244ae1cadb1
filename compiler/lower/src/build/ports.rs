//! Ports: names, numbers, protocols.

use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes};
use exoc_ir::{Port, Protocol};
use exoc_manifest::ast::{self, Field};

/// The ports of a component, with the place of each.
pub(crate) fn ports(
    field: &Field<Spanned<Vec<ast::Port>>>,
    sink: &mut Sink,
) -> Result<Vec<(Port, Span)>, Failed> {
    let written = match field {
        Field::Set(ports) => &ports.value,
        Field::Broken(failed) => return Err(*failed),
        Field::Absent | Field::Removed(_) => return Ok(Vec::new()),
    };
    let mut ports: Vec<(Port, Span)> = Vec::new();
    let mut numbers: Vec<(u16, Protocol, Span)> = Vec::new();
    for ast::Port {
        span,
        name,
        number,
        protocol,
    } in written
    {
        let spoken = spoken(protocol.value);
        let (name, name_at) = match name {
            Some(name) => (name.value.clone(), name.span),
            None => (spoken.word().to_owned(), *span),
        };
        if !is_port_name(&name) {
            sink.error(
                Diagnostic::new(codes::BAD_NAME, format!("{} is no name of a port", quoted(&name)))
                    .at(name_at, "not the form of a name")
                    .help("write lowercase letters, digits and single `-` between them, with a letter among them"),
            );
        }
        let clash = numbers.iter().find(|(other, protocol, _)| {
            *other == number.value && protocol.transport() == spoken.transport()
        });
        if let Some((_, other, first)) = clash {
            let carrier = match spoken.transport() {
                exoc_ir::Transport::Tcp => "TCP",
                exoc_ir::Transport::Udp => "UDP",
            };
            let mut diagnostic = Diagnostic::new(
                codes::PORT_CLASH,
                format!("the port {} is listed twice on {carrier}", number.value),
            )
            .at(number.span, "listed again")
            .also(*first, "first listed here")
            .help("keep one of the two, or give one another number");
            if *other != spoken {
                let words = (other.word(), spoken.word());
                diagnostic = diagnostic.help(format!(
                    "{} and {} are both carried by {carrier}",
                    words.0, words.1
                ));
            }
            sink.error(diagnostic);
            continue;
        }
        if let Some((_, first)) = ports.iter().find(|(port, _)| port.name == name) {
            sink.error(
                Diagnostic::new(
                    codes::NAME_CLASH,
                    format!("two ports are called {}", quoted(&name)),
                )
                .at(name_at, "called the same")
                .also(*first, "the first one")
                .help("give one of the two another name"),
            );
            continue;
        }
        numbers.push((number.value, spoken, number.span));
        ports.push((
            Port {
                name,
                number: number.value,
                protocol: spoken,
            },
            *span,
        ));
    }
    Ok(ports)
}

const fn spoken(protocol: ast::Protocol) -> Protocol {
    match protocol {
        ast::Protocol::Http => Protocol::Http,
        ast::Protocol::Http2 => Protocol::Http2,
        ast::Protocol::Grpc => Protocol::Grpc,
        ast::Protocol::Tcp => Protocol::Tcp,
        ast::Protocol::Udp => Protocol::Udp,
    }
}

/// The form of IANA service names in lowercase, which every target takes.
fn is_port_name(name: &str) -> bool {
    name.len() <= 15
        && name.bytes().any(|b| b.is_ascii_lowercase())
        && name.split('-').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        })
}
