//! Pictures equal their goldens, and show exactly what the program has: what is printed is read back by readers that know
//! no type of the printer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "goldens are on the disk")]

mod random;

use exoc_graph::Picture;
use exoc_ir::{Callee, Entrance, Program};
use exoc_snapshot_tests::{case, graphs};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_picture_equals_its_golden() {
    let mut report = String::new();
    let mut wanted = BTreeSet::new();
    for (name, text) in graphs::goldens().unwrap() {
        let golden = std::fs::read_to_string(graphs::folder().join(&name)).unwrap_or_default();
        if golden != text {
            let diff = similar::TextDiff::from_lines(&golden, &text);
            report += &format!("== {name}\n{}", diff.unified_diff());
        }
        wanted.insert(name);
    }
    assert!(
        report.is_empty(),
        "{report}\nif the change is meant: cargo dev bless, and read the diff"
    );
    let found = std::fs::read_dir(graphs::folder()).unwrap();
    let found = found.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(found.collect::<BTreeSet<_>>(), wanted, "orphans");
}

/// An arrow: the names at its ends, and what stands beside it.
type Arrow = (String, String, String);

/// What connects to what on which ports, and who comes in where, as the program says it.
fn meant(program: &Program) -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::new();
    for edge in program.edges() {
        let (to, workload) = match edge.to {
            Callee::Component(component) => (program.role(component), program.workload(component)),
            Callee::World => ("internet", None),
        };
        let spoken = |number: u16, transport| {
            let ports = workload.into_iter().flat_map(|workload| &workload.ports);
            let mut own =
                ports.filter(|port| port.number == number && port.protocol.transport() == transport);
            let carried = format!("{transport:?}").to_lowercase();
            own.next().map_or(carried, |port| port.protocol.word().to_owned())
        };
        let ports = edge
            .ports
            .iter()
            .map(|port| format!("{} {}", port.number, spoken(port.number, port.transport)));
        let label = match edge.to {
            Callee::World => "any port".to_owned(),
            Callee::Component(_) => ports.collect::<Vec<_>>().join(", "),
        };
        arrows.insert((program.role(edge.from).to_owned(), to.to_owned(), label));
    }
    let mut doors: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for door in program.doors().iter().rev() {
        let role = program.services().get(door.service).unwrap().role.clone();
        let (host, way) = match &door.entrance {
            Entrance::Http { host, path, .. } => (host, path.clone()),
            Entrance::Plain {
                host,
                number,
                transport,
            } => (
                host,
                format!("{number} {}", format!("{transport:?}").to_lowercase()),
            ),
        };
        let ways = doors.entry((host.clone(), role)).or_default();
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    arrows.extend(
        doors
            .into_iter()
            .map(|((host, role), ways)| (host, role, ways.join(", "))),
    );
    arrows
}

/// The number behind an `n`.
fn number(word: &str) -> Option<usize> {
    word.trim().strip_prefix('n')?.parse().ok()
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> Option<&'t str> {
    Some(text.split_once(from)?.1.split_once(to)?.0)
}

/// Mermaid's codes, back to characters.
fn decoded(text: &str) -> String {
    let mut parts = text.split('#');
    let mut read = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once(';').unwrap();
        read.push(char::from_u32(code.parse().unwrap()).unwrap());
        read += rest;
    }
    read
}

fn read_mermaid(text: &str) -> BTreeSet<Arrow> {
    let mut names = BTreeMap::new();
    let mut arrows = BTreeSet::new();
    for line in text.lines() {
        let line = line.trim();
        let Some(first) = line
            .split(|mark: char| !mark.is_ascii_alphanumeric())
            .next()
            .and_then(number)
        else {
            continue;
        };
        if let Some((head, rest)) = line.split_once("|\"") {
            let (label, to) = rest.split_once("\"|").unwrap();
            // Mounts and subscriptions are no connections.
            if !head.contains("-.->") {
                arrows.insert((first, number(to).unwrap(), decoded(label)));
            }
        } else {
            let name = between(line, "\"", "<br/>").unwrap();
            names.insert(first, decoded(name.split(" ×").next().unwrap()));
        }
    }
    let name = |index: &usize| names[index].clone();
    arrows
        .iter()
        .map(|(from, to, label)| (name(from), name(to), label.clone()))
        .collect()
}

fn read_dot(text: &str) -> BTreeSet<Arrow> {
    let mut names = BTreeMap::new();
    let mut arrows = BTreeSet::new();
    for line in text.lines() {
        let label = between(line, "[label=\"", "\"");
        match (line.split_once(" -> "), label) {
            (Some((from, rest)), Some(label)) if !line.contains("style=dashed]") => {
                let to = number(rest.split_once(' ').unwrap().0).unwrap();
                arrows.insert((number(from).unwrap(), to, label.to_owned()));
            }
            (None, Some(label)) => {
                let name = label.split("\\n").next().unwrap().split(" ×").next().unwrap();
                names.insert(number(line.split_once('[').unwrap().0).unwrap(), name.to_owned());
            }
            (Some(_), _) | (None, None) => {}
        }
    }
    let name = |index: &usize| names[index].clone();
    arrows
        .iter()
        .map(|(from, to, label)| (name(from), name(to), label.clone()))
        .collect()
}

/// The sentences that a drawing has for whoever rests on an arrow.
fn read_svg(text: &str) -> BTreeSet<Arrow> {
    let mut arrows = BTreeSet::new();
    for line in text.lines() {
        let Some(sentence) = line
            .strip_prefix("<g class=\"link ")
            .and_then(|line| between(line, "<title>", "</title>"))
        else {
            continue;
        };
        for verb in [" leads to ", " connects to "] {
            if let Some((from, rest)) = sentence.split_once(verb) {
                let (to, label) = rest.split_once(": ").unwrap();
                arrows.insert((from.to_owned(), to.to_owned(), label.to_owned()));
            }
        }
    }
    arrows
}

fn differs(program: &Program) -> Option<String> {
    let picture = Picture::of(program);
    let meant = meant(program);
    let drawn = exoc_graph::svg(&picture, &exoc_graph::place(&picture));
    let read = [
        ("mermaid", read_mermaid(&exoc_graph::mermaid(&picture))),
        ("dot", read_dot(&exoc_graph::dot(&picture))),
        ("svg", read_svg(&drawn)),
    ];
    let (name, read) = read.into_iter().find(|(_, read)| *read != meant)?;
    let lacks: Vec<_> = meant.difference(&read).collect();
    let adds: Vec<_> = read.difference(&meant).collect();
    Some(format!("{name} lacks {lacks:?} and adds {adds:?}"))
}

#[test]
fn every_fixture_is_drawn_with_exactly_its_edges_and_doors() {
    let mut edges = 0;
    for case in case::all().unwrap() {
        for program in graphs::programs(&case.sources().unwrap()) {
            let name = format!("{}, {}", case.name, program.environment().name);
            assert_eq!(differs(&program), None, "{name}");
            edges += program.edges().len();
            let picture = Picture::of(&program);
            let shown: BTreeSet<&str> = picture.nodes.iter().map(|node| node.name.as_str()).collect();
            for component in program.components() {
                assert!(shown.contains(program.role(component)), "{name}");
            }
        }
    }
    assert!(edges > 300, "{edges}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_random_program_is_drawn_with_exactly_its_edges_and_doors(manifest in random::manifest()) {
        let programs = graphs::programs(&random::sources(&manifest));
        prop_assert!(!programs.is_empty());
        for program in &programs {
            prop_assert_eq!(differs(program), None);
        }
    }
}

#[test]
fn no_picture_shows_a_value() {
    let case = case::all()
        .unwrap()
        .into_iter()
        .find(|case| case.name == "shop")
        .unwrap();
    for program in graphs::programs(&case.sources().unwrap()) {
        let picture = Picture::of(&program);
        let page = exoc_graph::html(&[(&picture, &exoc_graph::place(&picture))]);
        for value in ["LOG_LEVEL", "SMTP_PASSWORD", "smtp.example.com", "--sender"] {
            assert!(!page.contains(value), "{value}");
        }
    }
}
