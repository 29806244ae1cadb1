//! What must hold of a project that runs. One function per fact; each says what it saw.

use super::super::output;
use super::docker::{read, read_lines, succeeds};
use super::project::{Project, SECRET, Seen};
use super::say;
use exoc_ir::{Callee, Component, Files, LateContents, Part, Program};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::time::Duration;

/// How long a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who stands before public services.
const GATEWAY: &str = "exoc_gateway";

type Containers = BTreeMap<String, Value>;

/// Checks all facts and counts the services that run.
pub(super) fn judge(project: &Project, seen: &Seen, program: &Program) -> Result<usize, String> {
    let containers = project.containers()?;
    let running = all_run(project, &containers)?;
    order(seen, program, &containers)?;
    confined(project, &containers)?;
    edges(program, &containers)?;
    files(program, &containers)?;
    door()?;
    Ok(running)
}

/// Every service runs, and is healthy if it has a check; what only prepares another has ended well.
fn all_run(project: &Project, containers: &Containers) -> Result<usize, String> {
    let (mut checked, mut ended) = (0, 0);
    for (name, service) in project.services() {
        let container = container(containers, name)?;
        let state = |pointer| container.pointer(pointer).and_then(Value::as_str);
        let health = state("/State/Health/Status");
        // What a companion does is over before whoever needs it starts.
        if service.get("restart").and_then(Value::as_str) == Some("no") {
            let code = container.pointer("/State/ExitCode").and_then(Value::as_i64);
            if state("/State/Status") != Some("exited") || code != Some(0) {
                return Err(format!("`{name}` did not end well"));
            }
            ended += 1;
            continue;
        }
        let has_check = service.get("healthcheck").is_some();
        if state("/State/Status") != Some("running") || has_check != (health == Some("healthy")) {
            let state = container.get("State").unwrap_or(&Value::Null);
            return Err(format!("`{name}` does not run as it should: {state}"));
        }
        checked += usize::from(has_check);
    }
    let count = project.services().count();
    say(&format!(
        "{} services run, {checked} with a check are healthy; {ended} ended well",
        count - ended
    ));
    Ok(count)
}

/// Who uses a component that has a check starts after the first check that succeeds, and so does the gateway.
fn order(seen: &Seen, program: &Program, containers: &Containers) -> Result<(), String> {
    let mut waits: BTreeSet<(&str, Component)> = BTreeSet::new();
    for edge in program.edges() {
        if let Callee::Component(callee) = edge.to {
            waits.insert((program.role(edge.from), callee));
        }
    }
    for door in program.doors() {
        waits.insert((GATEWAY, Component::Service(door.service)));
    }
    for (waiter, callee) in waits {
        let role = program.role(callee);
        let companion = format!("{role}_health");
        let Some(healthy) = seen
            .first_healthy
            .get(role)
            .or(seen.first_healthy.get(&companion))
        else {
            return Err(format!("`{role}` was never seen healthy"));
        };
        let started = container(containers, waiter)?.pointer("/State/StartedAt");
        let started = started.and_then(Value::as_str).unwrap_or_default();
        let after = moment(started)? - moment(healthy)?;
        if after <= 0 {
            return Err(format!(
                "`{waiter}` started at {started}, before `{role}` was healthy at {healthy}"
            ));
        }
        let after = after / 1_000_000;
        say(&format!(
            "`{waiter}` started {after} ms after the first healthy check of `{role}`"
        ));
    }
    Ok(())
}

/// Nanoseconds of a time in the engine's words.
pub(crate) fn moment(words: &str) -> Result<i128, String> {
    let (out, _) = output(Command::new("date").args(["--date", words, "+%s%N"]))?;
    out.trim().parse().map_err(|_| format!("`{words}` is no time"))
}

/// Every component runs as the user that its service names, and cannot write where its image lies.
fn confined(project: &Project, containers: &Containers) -> Result<(), String> {
    let mut users = BTreeSet::new();
    for (name, service) in project.services().filter(|(name, _)| !name.contains('_')) {
        let id = id(container(containers, name)?)?;
        let user = service.get("user").and_then(Value::as_str).unwrap_or_default();
        let question = format!("test \"$(id -u):$(id -g)\" = {user}");
        if !succeeds(id, &["sh", "-c", &question])? {
            return Err(format!("`{name}` does not run as {user}"));
        }
        if succeeds(id, &["touch", "/etc/written"])? || !succeeds(id, &["touch", "/tmp/written"])? {
            return Err(format!("`{name}` can write elsewhere than it should"));
        }
        users.insert(user);
    }
    let users: Vec<&str> = users.into_iter().collect();
    say(&format!(
        "components run as {}, can write to /tmp and not to the folders of their images",
        users.join(", ")
    ));
    Ok(())
}

/// A service reaches whom it uses and nobody else, but for what the note compose-edges gives up.
fn edges(program: &Program, containers: &Containers) -> Result<(), String> {
    let ports = ports(program);
    let mut reached = Vec::new();
    let mut apart = Vec::new();
    let mut given_up = Vec::new();
    for (id, service) in program.services().iter() {
        let from = Component::Service(id);
        for (to, port) in ports.iter().filter(|(to, _)| **to != from) {
            let (to_role, port) = (program.role(*to), port.to_string());
            let pair = format!("{} -> {to_role}", service.role);
            let used = program
                .edges_from(from)
                .any(|edge| edge.to == Callee::Component(*to));
            if !used && meet(program, from, *to) {
                given_up.push(pair);
                continue;
            }
            let asker = self::id(container(containers, &service.role)?)?;
            let mut addresses = addresses(container(containers, to_role)?);
            addresses.push(to_role.to_owned());
            // By its name where there is an edge; without one by no address either.
            let tried = if used { vec![to_role.to_owned()] } else { addresses };
            for address in tried {
                let connects = succeeds(asker, &["nc", "-w", "2", &address, &port, "-e", "true"])?;
                if connects != used {
                    let does = if connects { "reaches" } else { "does not reach" };
                    return Err(format!(
                        "`{}` {does} {address}:{port} of `{to_role}`",
                        service.role
                    ));
                }
            }
            if used { &mut reached } else { &mut apart }.push(pair);
        }
    }
    if reached.is_empty() || apart.is_empty() {
        return Err("there is no edge to try, or no pair without one".to_owned());
    }
    say(&format!(
        "a connection succeeds along every edge: {}",
        reached.join(", ")
    ));
    say(&format!(
        "and fails, by name and by address, without one: {}",
        apart.join(", ")
    ));
    say(&format!(
        "not tried, for they use the same component: {}",
        given_up.join(", ")
    ));
    Ok(())
}

/// A file holds what the manifest says, for everybody to read; one with a secret lies alone with its neighbours.
fn files(program: &Program, containers: &Containers) -> Result<(), String> {
    let mut seen = 0;
    for (component, workload) in program.workloads() {
        let Files { fixed, late } = &workload.files;
        if fixed.is_empty() && late.is_empty() {
            continue;
        }
        let role = program.role(component);
        let id = id(container(containers, role)?)?;
        let holds = |path: &str, wanted: &[u8]| match read(id, path)? {
            bytes if bytes == wanted => Ok(()),
            bytes => Err(format!(
                "{path} of `{role}` holds {:?}",
                String::from_utf8_lossy(&bytes)
            )),
        };
        for (path, file) in fixed {
            holds(path, file.contents.bytes())?;
            seen += 1;
        }
        for (root, files) in late {
            for (name, file) in files {
                let path = format!("{root}/{name}");
                holds(&path, &contents(&file.contents))?;
                if succeeds(id, &["test", "-x", &path])? != file.executable {
                    return Err(format!("{path} of `{role}` has another mode"));
                }
                seen += 1;
            }
            let found = read_lines(id, &["find", root, "-type", "f"])?;
            if found.len() != files.len() {
                return Err(format!("{root} of `{role}` holds {found:?}"));
            }
        }
    }
    if seen == 0 {
        return Err("there is no file to read".to_owned());
    }
    say(&format!(
        "{seen} files hold what the manifest says, those with a secret alone in their folder"
    ));
    Ok(())
}

/// What a file that a companion writes must hold.
fn contents(contents: &LateContents) -> Vec<u8> {
    match contents {
        LateContents::Known(contents) => contents.bytes().to_vec(),
        LateContents::Value(value) => {
            let parts = value.parts().iter().map(|part| match part {
                Part::Text(text) => text.as_str(),
                Part::Secret(_) => SECRET,
                // The fixture has none in a file.
                Part::Attribute(..) => "",
            });
            parts.collect::<String>().into_bytes()
        }
    }
}

/// Who listens, and on which port.
fn ports(program: &Program) -> BTreeMap<Component, u16> {
    let own = program.services().iter().filter_map(|(id, service)| {
        let port = service.workload.ports.first()?;
        Some((Component::Service(id), port.number))
    });
    let used = program.edges().iter().filter_map(|edge| match edge.to {
        Callee::Component(component) => Some((component, edge.ports.first()?.number)),
        Callee::World => None,
    });
    own.chain(used).collect()
}

/// Whether two components are in the network of one that either is or uses: the note compose-edges says that they can
/// reach each other.
fn meet(program: &Program, one: Component, other: Component) -> bool {
    let circle = |of: Component| -> BTreeSet<Component> {
        let used = program.edges_from(of).filter_map(|edge| match edge.to {
            Callee::Component(callee) => Some(callee),
            Callee::World => None,
        });
        used.chain([of]).collect()
    };
    !circle(one).is_disjoint(&circle(other))
}

/// The addresses of a container in all its networks.
fn addresses(container: &Value) -> Vec<String> {
    let networks = container
        .pointer("/NetworkSettings/Networks")
        .and_then(Value::as_object);
    let addresses = networks
        .into_iter()
        .flatten()
        .filter_map(|(_, network)| network.get("IPAddress")?.as_str());
    addresses
        .filter(|address| !address.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The gateway leads to the service by its path, which it removes, and to nobody by another host or path.
fn door() -> Result<(), String> {
    let cases = [
        ("localhost:18742", "/shop/", 200),
        ("localhost:18742", "/shop", 200),
        ("localhost:18742", "/shopping", 404),
        ("localhost:18742", "/", 404),
        ("elsewhere:18742", "/shop/", 404),
    ];
    for (host, path, expected) in cases {
        let answer = get(host, path).map_err(|error| format!("http://{host}{path}: {error}"))?;
        let status = answer
            .split_whitespace()
            .nth(1)
            .and_then(|word| word.parse::<u16>().ok());
        if status != Some(expected) || (expected == 200) != answer.contains("Hello from web.") {
            return Err(format!("http://{host}{path} answers\n{answer}"));
        }
    }
    say("the gateway leads http://localhost:18742/shop to `web` and answers 404 to other paths and hosts");
    Ok(())
}

/// What the machine's port answers.
fn get(host: &str, path: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", 18742))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

fn container<'c>(containers: &'c Containers, service: &str) -> Result<&'c Value, String> {
    containers
        .get(service)
        .ok_or_else(|| format!("`{service}` has no container"))
}

fn id(container: &Value) -> Result<&str, String> {
    container
        .get("Id")
        .and_then(Value::as_str)
        .ok_or_else(|| "a container has no id".to_owned())
}
