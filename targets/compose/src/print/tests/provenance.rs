//! Every block says which lines of the manifest it comes from, and the lines are the right ones.

use super::{files, project, text};
use crate::plan::plan;
use crate::testing::{Sketch, health, http, port, sources};
use exoc_diagnostics::{Sink, SourceMap, Span, VirtualPath};
use exoc_emit::origin::origin;
use exoc_ir::{Callee, Component, Door, Entrance, NodeId, Probe, Program, Protocol, Transport};

const CONFIGURATION: &str = "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg";

/// A program with everything that becomes an entry: companions, the gateway and what is published without it, networks
/// of every kind, volumes, mounted files.
fn big() -> Program {
    let secrets = ["DB_ADMINISTRATOR", "DB_PASSWORD"];
    let mut sketch = Sketch::new(&["api", "dns", "mail", "web"], &["crm", "db"], &secrets);
    sketch.postgres("db");
    for (role, path) in [("api", "/api"), ("web", "/")] {
        sketch.listen(role, &[port("http", 4000, Protocol::Http)]);
        sketch.door(role, 0, http("localhost", path));
        sketch.service(role).workload.health = Some(health(Probe::Tcp { port: 0 }));
        sketch.writes(role, "health");
        sketch.writes(role, "image");
    }
    sketch.door("web", 0, http("www.localhost", "/"));
    sketch.listen("dns", &[port("dns", 5353, Protocol::Udp)]);
    let entrance = Entrance::Plain {
        host: "dns.localhost".to_owned(),
        number: 5353,
        transport: Transport::Udp,
    };
    sketch.door("dns", 0, entrance);
    sketch.uses("api", "db");
    sketch.uses("mail", "db");
    sketch.uses("web", "api");
    sketch.uses("mail", "crm");
    sketch.leaves("mail");
    sketch.finish()
}

fn is_origin(line: &str) -> bool {
    let words = line.trim_start().strip_prefix("# From application.yml:");
    words.is_some_and(|words| words.ends_with('.') && words.starts_with(|c: char| c.is_ascii_digit()))
}

/// Section, name and the line above of every entry of the project.
fn entries(printed: &str) -> Vec<(String, String, String)> {
    let mut section = String::new();
    let mut above = "";
    let mut entries = Vec::new();
    for line in printed.lines() {
        let indent = line.len() - line.trim_start().len();
        if let (0 | 2, Some((name, _))) = (indent, line.split_once(':'))
            && !line.trim_start().starts_with('#')
        {
            if indent == 0 {
                section = name.to_owned();
            } else {
                entries.push((section.clone(), name.trim().to_owned(), above.to_owned()));
            }
        }
        above = line;
    }
    entries
}

/// The comment above an entry.
fn above(program: &Program, section: &str, name: &str) -> String {
    let entries = entries(&text(&files(program), "compose.yaml"));
    let mut found = entries
        .iter()
        .filter(|entry| (entry.0.as_str(), entry.1.as_str()) == (section, name));
    found
        .next()
        .unwrap_or_else(|| panic!("no {section} {name}"))
        .2
        .trim()
        .to_owned()
}

/// The comment for places.
fn comment(places: impl IntoIterator<Item = Span>) -> String {
    format!("# {}", origin(&sources(), places).unwrap())
}

fn place(program: &Program, role: &str, field: &str) -> Span {
    let mut services = program.services().iter();
    let node = match services.find(|(_, service)| service.role == role) {
        Some((id, _)) => NodeId::Service(id),
        None => {
            let mut backings = program.backings().iter();
            NodeId::Backing(backings.find(|(_, backing)| backing.role == role).unwrap().0)
        }
    };
    program.at(node, field)
}

/// The places of all uses of a role.
fn uses(program: &Program, role: &str) -> Vec<Span> {
    let of = |edge: &&exoc_ir::Edge| match edge.to {
        Callee::Component(callee) => program.role(callee) == role,
        Callee::World => false,
    };
    let edges = program.edges().iter().filter(of);
    edges
        .flat_map(|edge| &edge.reasons)
        .map(|reason| reason.span())
        .collect()
}

/// The places of the routes of a role.
fn routes(program: &Program, role: &str) -> Vec<Span> {
    let doors = program.doors().iter().enumerate();
    let of = |door: &Door| program.role(Component::Service(door.service)) == role;
    doors
        .filter(|(_, door)| of(door))
        .map(|(index, _)| program.at(NodeId::Door(index), ""))
        .collect()
}

#[test]
fn every_service_network_and_volume_says_where_it_comes_from() {
    let program = big();
    let files = files(&program);
    let printed = text(&files, "compose.yaml");
    let entries = entries(&printed);
    let project = project(&files);
    for section in ["services", "networks", "volumes"] {
        let named: Vec<&str> = project[section]
            .as_hash()
            .unwrap()
            .keys()
            .map(|key| key.as_str().unwrap())
            .collect();
        let walked = entries.iter().filter(|entry| entry.0 == section);
        assert_eq!(walked.map(|entry| entry.1.as_str()).collect::<Vec<_>>(), named);
    }
    assert!(entries.len() >= 13, "{entries:?}");
    for (section, name, above) in &entries {
        assert!(is_origin(above), "{section} {name}: {above:?}");
    }
}

#[test]
fn every_generated_file_rule_and_backend_says_where_it_comes_from() {
    let program = big();
    let files = files(&program);
    let mut walked = 0;
    for (path, file) in files
        .iter()
        .filter(|(path, _)| path.as_str().starts_with("files/"))
    {
        let text = String::from_utf8(file.contents.clone()).unwrap();
        assert!(is_origin(text.lines().next().unwrap()), "{path}: {text}");
        walked += 1;
    }
    assert_eq!(walked, 2);
    let printed = text(&files, CONFIGURATION);
    let lines: Vec<&str> = printed.lines().map(str::trim).collect();
    let mut walked = 0;
    for (index, line) in lines.iter().enumerate() {
        // The second line of a rule with a path belongs to the first.
        let first = line.starts_with("use_backend ") && !line.contains("-m beg");
        if first || (line.starts_with("backend ") && !line.ends_with("exoc_nobody")) {
            assert!(is_origin(lines[index - 1]), "{line}: {printed}");
            walked += 1;
        }
    }
    assert_eq!(walked, 5);
}

#[test]
fn entries_name_the_lines_that_made_them() {
    let program = big();
    let at = |role: &str, field: &str| place(&program, role, field);
    for (name, places) in [
        ("mail", vec![at("mail", "")]),
        ("api", vec![at("api", ""), at("api", "image")]),
        ("api_health", vec![at("api", "health")]),
        ("db", vec![at("db", "")]),
        (
            "exoc_gateway",
            [routes(&program, "api"), routes(&program, "web")].concat(),
        ),
    ] {
        assert_eq!(above(&program, "services", name), comment(places), "{name}");
    }
    let leaving = program.edges().iter().filter(|edge| edge.to == Callee::World);
    let leaving = leaving.flat_map(|edge| &edge.reasons).map(|reason| reason.span());
    for (name, places) in [
        (
            "api",
            [
                uses(&program, "api"),
                routes(&program, "api"),
                vec![at("api", "health")],
            ]
            .concat(),
        ),
        ("db", uses(&program, "db")),
        ("exoc_internet", leaving.chain(uses(&program, "crm")).collect()),
        (
            "exoc_entry",
            [routes(&program, "api"), routes(&program, "web")].concat(),
        ),
        ("exoc_entry_dns", routes(&program, "dns")),
    ] {
        assert_eq!(above(&program, "networks", name), comment(places), "{name}");
    }
    assert_eq!(above(&program, "volumes", "db-data"), comment([at("db", "")]));
}

#[test]
fn what_no_manifest_names_says_what_it_is_for() {
    let printed = text(&files(&big()), "compose.yaml");
    let lines: Vec<&str> = printed.lines().collect();
    let said = |key: &str| {
        let line = lines
            .iter()
            .position(|line| *line == format!("  {key}:"))
            .unwrap();
        lines[line - 2].trim()
    };
    assert_eq!(
        said("api_health"),
        "# Asks `api` over the network whether it works."
    );
    assert_eq!(
        said("exoc_gateway"),
        "# Leads requests to services by host and path."
    );
    assert_eq!(said("exoc_entry"), "# For published ports: it lets nothing out.");
    assert_eq!(
        said("exoc_internet"),
        "# Leads to the world; its members can also reach each other."
    );
}

#[test]
fn routes_that_share_a_backend_are_all_named_above_it() {
    let program = big();
    let printed = text(&files(&program), CONFIGURATION);
    let backend = format!("\n{}\nbackend web\n", comment(routes(&program, "web")));
    assert!(printed.contains(&backend), "{printed}");
}

#[test]
fn lines_that_move_recreate_nothing() {
    let program = big();
    let printed = |sources: &SourceMap| {
        let mut sink = Sink::new();
        let model = plan(&program, "../../..", &mut sink).unwrap();
        let project = crate::print::project(&model, sources);
        crate::print::print(&model, &project, sources, program.at(NodeId::App, ""), &mut sink).unwrap()
    };
    let mut moved = SourceMap::default();
    let path = VirtualPath::new("application.yml").unwrap();
    moved.add(path, format!("first line\n{}", "\n".repeat(1000)));
    let (here, there) = (printed(&sources()), printed(&moved));
    assert_ne!(text(&here, CONFIGURATION), text(&there, CONFIGURATION));
    assert_eq!(project(&here), project(&there));
}
