//! Where the application answers on this machine.

use exoc_ir::{Door, Entrance, Program, Transport};

/// The port of the gateway unless the manifest says otherwise (language.md, Routes).
const HTTP_PORT: u16 = 8080;

/// A role and its address, sorted: a URL, or `host:port/protocol`.
#[must_use]
pub fn addresses(program: &Program) -> Vec<(String, String)> {
    let port = program.environment().http_port.unwrap_or(HTTP_PORT);
    let own = |door: &Door| {
        let Door {
            service,
            port: _,
            entrance,
        } = door;
        let role = program.services().get(*service)?.role.clone();
        let address = match entrance {
            Entrance::Http {
                host,
                path,
                strip: _,
                timeout: _,
            } if port == 80 => format!("http://{host}{path}"),
            Entrance::Http {
                host,
                path,
                strip: _,
                timeout: _,
            } => format!("http://{host}:{port}{path}"),
            Entrance::Plain {
                host: _,
                number,
                transport,
            } => format!("127.0.0.1:{number}/{}", word(*transport)),
        };
        Some((role, address))
    };
    let mut all: Vec<(String, String)> = program.doors().iter().filter_map(own).collect();
    all.sort();
    all
}

const fn word(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
    }
}
