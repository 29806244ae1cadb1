//! Ports of the machine that the application takes: whether they are free, and who has them if not.
#![expect(
    clippy::disallowed_methods,
    reason = "which program has a port is read from /proc here and nowhere else"
)]

use super::Session;
use crate::engine::{Port, docker, failed};
use crate::error::CommandError;
use std::collections::BTreeSet;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::Path;

/// How far from its own an application looks for another port.
const FAR: u16 = 100;

/// Makes sure that every port that is about to be taken is free, or this project's own. The port where HTTP enters may
/// be that of another application that exoc runs, or of another checkout: then there is a free one near it to use
/// instead.
///
/// # Errors
///
/// With every other port that is not free, and who has it.
pub fn free(session: &Session<'_>, http: u16) -> Result<Option<u16>, CommandError> {
    let services = session.model.services.iter();
    let services = services.filter(|(name, _)| session.means(name));
    let ports: BTreeSet<&Port> = services.flat_map(|(_, service)| &service.ports).collect();
    let mut taken = Vec::new();
    let mut moved = None;
    for port in &ports {
        match holder(session, port)? {
            None | Some(Holder::Own) => {}
            Some(Holder::Ours(name)) if http == port.number => match near(session, port)? {
                Some(number) => {
                    let was = port.number;
                    let sentence = format!("Port {was} is taken by {name}: this one answers at {number}.");
                    session.console.progress(&sentence);
                    moved = Some(number);
                }
                None => taken.push((port.number, name)),
            },
            Some(Holder::Ours(name) | Holder::Other(name)) => taken.push((port.number, name)),
        }
    }
    if taken.is_empty() {
        return Ok(moved);
    }
    let faults = taken
        .iter()
        .map(|(number, who)| format!("port {number} is taken by {who}"));
    let is_http = |(number, _): &(u16, String)| http == *number;
    let mut help = vec!["stop what has it".to_owned()];
    if taken.iter().any(is_http) {
        help.push(
            "or move this application: `environments: { local: { domain: localhost:8081 } }`".to_owned(),
        );
    }
    Err(CommandError::Surroundings {
        message: faults.collect::<Vec<_>>().join("; "),
        help,
    })
}

/// Removes the containers that were made for ports and did not get them: the engine would try the old ports again.
///
/// # Errors
///
/// If the engine cannot be asked, or somebody asked for an end.
pub fn release(session: &Session<'_>) -> Result<(), CommandError> {
    let services = session.model.services.iter();
    let services = services.filter(|(name, service)| session.means(name) && !service.ports.is_empty());
    let names: Vec<&str> = services.map(|(name, _)| name.as_str()).collect();
    let removal = session.project.compose(["rm", "--stop", "--force"]).with(names);
    removal.run(session.stop).map(drop).map_err(failed)
}

/// A free port near one that is not.
fn near(session: &Session<'_>, port: &Port) -> Result<Option<u16>, CommandError> {
    for number in (1..=FAR).filter_map(|far| port.number.checked_add(far)) {
        let port = Port {
            number,
            ..port.clone()
        };
        match holder(session, &port)? {
            None | Some(Holder::Own) => return Ok(Some(number)),
            Some(Holder::Ours(_) | Holder::Other(_)) => {}
        }
    }
    Ok(None)
}

/// Who has a port, if somebody has it.
fn holder(session: &Session<'_>, port: &Port) -> Result<Option<Holder>, CommandError> {
    if is_free(port) {
        return Ok(None);
    }
    Ok(Some(match container(session, port)? {
        Some(holder) => holder,
        None => Holder::Other(program(port).unwrap_or_else(|| "another program".to_owned())),
    }))
}

/// Whether a port can be bound, which is given up at once.
fn is_free(port: &Port) -> bool {
    let address = port.address.parse().unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    let place = SocketAddr::new(address, port.number);
    let bound = if port.protocol == "udp" {
        UdpSocket::bind(place).map(drop)
    } else {
        TcpListener::bind(place).map(drop)
    };
    match bound {
        Ok(()) => true,
        // Numbers below 1024 are the engine's to bind, not this user's: it says so itself if it cannot.
        Err(error) => error.kind() == std::io::ErrorKind::PermissionDenied,
    }
}

/// Who has a port.
enum Holder {
    /// One of this project.
    Own,
    /// One of another application that exoc runs, or another checkout; as people call it.
    Ours(String),
    /// Another program.
    Other(String),
}

fn container(session: &Session<'_>, port: &Port) -> Result<Option<Holder>, CommandError> {
    let filter = format!("publish={}/{}", port.number, port.protocol);
    let format = "{{.Names}}\t{{.Label \"com.docker.compose.project\"}}\t{{.Label \"com.docker.compose.project.working_dir\"}}\t{{.Label \"app.kubernetes.io/managed-by\"}}";
    let list = docker(["ps", "--filter", &filter, "--format", format])
        .run(session.stop)
        .map_err(failed)?;
    let Some(line) = list.out.lines().next() else {
        return Ok(None);
    };
    let mut parts = line.split('\t');
    let mut part = || parts.next().unwrap_or_default();
    let (name, project, folder, manager) = (part(), part(), part(), part());
    Ok(Some(if project == session.project.name() {
        Holder::Own
    } else if project.is_empty() {
        Holder::Other(format!("the container `{name}`"))
    } else {
        let who = format!("the container `{name}` of the project `{project}` in `{folder}`");
        if manager == "exoc" {
            Holder::Ours(who)
        } else {
            Holder::Other(who)
        }
    }))
}

/// The program that listens at a port, if the system says it.
fn program(port: &Port) -> Option<String> {
    let inode = inode(port)?;
    let link = format!("socket:[{inode}]");
    for entry in fs::read_dir("/proc").ok()?.flatten() {
        // Beside processes there are names such as `self`.
        if entry
            .file_name()
            .to_str()
            .is_none_or(|name| name.parse::<u32>().is_err())
        {
            continue;
        }
        let process = entry.path();
        let holds = |handle: fs::DirEntry| {
            fs::read_link(handle.path()).is_ok_and(|target| target == Path::new(&link))
        };
        let Ok(mut handles) = fs::read_dir(process.join("fd")).map(Iterator::flatten) else {
            continue;
        };
        if handles.any(holds) {
            let name = fs::read_to_string(process.join("comm")).ok()?;
            let id = entry.file_name();
            return Some(format!("`{}` (process {})", name.trim(), id.to_string_lossy()));
        }
    }
    None
}

/// The socket of a port in the tables of Linux: the second column is the local address with the port in hexadecimal,
/// the tenth the inode (proc_net(5), man-pages 6.9.1).
fn inode(port: &Port) -> Option<String> {
    let tables = if port.protocol == "udp" {
        ["/proc/net/udp", "/proc/net/udp6"]
    } else {
        ["/proc/net/tcp", "/proc/net/tcp6"]
    };
    let ending = format!(":{:04X}", port.number);
    tables.into_iter().find_map(|table| {
        let text = fs::read_to_string(table).ok()?;
        text.lines().skip(1).find_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let listens = port.protocol == "udp" || columns.get(3) == Some(&"0A");
            let here = columns.get(1).is_some_and(|address| address.ends_with(&ending));
            (listens && here)
                .then(|| columns.get(9).map(|inode| (*inode).to_owned()))
                .flatten()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Port, is_free, program};
    use std::net::TcpListener;

    #[test]
    fn a_port_that_somebody_listens_at_is_taken_by_a_program_with_a_name() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = Port {
            address: "127.0.0.1".into(),
            number: listener.local_addr().unwrap().port(),
            protocol: "tcp".into(),
        };
        assert!(!is_free(&port));
        if cfg!(target_os = "linux") {
            let named = program(&port).unwrap();
            assert!(named.contains(&std::process::id().to_string()), "{named}");
        }
        drop(listener);
        assert!(is_free(&port));
    }
}
