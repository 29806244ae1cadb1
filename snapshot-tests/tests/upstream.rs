//! The voting app says what its upstream says: every row of `fixtures/voting-app/upstream.tsv` is compared with what
//! each target printed, in every environment that the row is about.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]
#![expect(clippy::disallowed_methods, reason = "tests read fixtures from the disk")]

mod outputs;

use exoc_snapshot_tests::case;
use exoc_snapshot_tests::facts::{Component, Facts, Health, Image, Probe, Target, Value, Wire};
use std::collections::BTreeSet;

/// A row, by its columns of which the README beside it speaks.
#[derive(Debug)]
struct Row {
    line: usize,
    component: String,
    environment: String,
    kind: String,
    key: String,
    manifest: String,
}

fn rows() -> Vec<Row> {
    let path = case::root().join("fixtures/voting-app/upstream.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().enumerate();
    let header: Vec<&str> = lines.next().unwrap().1.split('\t').collect();
    let column = |name: &str| {
        let found = header.iter().position(|column| *column == name);
        found.unwrap_or_else(|| panic!("there is no column `{name}`"))
    };
    let columns = ["component", "environment", "kind", "key", "manifest"].map(column);
    let row = |(index, line): (usize, &str)| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            cells.len(),
            header.len(),
            "line {} has {} cells",
            index + 1,
            cells.len()
        );
        let [component, environment, kind, key, manifest] = columns.map(|column| cells[column].to_owned());
        Row {
            line: index + 1,
            component,
            environment,
            kind,
            key,
            manifest,
        }
    };
    lines.map(row).collect()
}

/// What an output says of a row, if it is not what the row says.
fn fault(row: &Row, target: Target, facts: &Facts) -> Option<String> {
    let Some(component) = facts.components.get(&row.component) else {
        return Some(format!("there is no component `{}`", row.component));
    };
    let wanted = row.manifest.as_str();
    let (is_so, found) = match row.kind.as_str() {
        "image" => (
            component.image == Image::Pinned(wanted.to_owned()),
            format!("{:?}", component.image),
        ),
        "port" => (
            has_port(component, &row.key, wanted),
            format!("{:?}", component.ports),
        ),
        "variable" => {
            let value = component.environment.get(&row.key);
            let wanted = match wanted.strip_prefix("secret:") {
                Some(name) => Value::secret(name),
                None => Value::text(wanted),
            };
            (value == Some(&wanted), format!("{value:?}"))
        }
        "probe" => (
            probe_is(component.health.as_ref(), target, &row.key, wanted),
            format!("{:?}", component.health),
        ),
        "edge" => {
            assert_eq!(row.key, wanted, "line {}", row.line);
            (
                has_edge(facts, &row.component, wanted),
                format!("{:?}", facts.edges),
            )
        }
        "replicas" => {
            let number: u64 = wanted.parse().unwrap();
            // Compose runs one of everything.
            let number = if target == Target::Compose {
                number.min(1)
            } else {
                number
            };
            let scale = &component.scale;
            ((scale.min, scale.max) == (number, number), format!("{scale:?}"))
        }
        kind => panic!("line {}: what is a `{kind}`?", row.line),
    };
    (!is_so).then(|| {
        format!(
            "{} {} {} should be {wanted}, and is {found}",
            row.component, row.kind, row.key
        )
    })
}

fn has_port(component: &Component, protocol: &str, number: &str) -> bool {
    let wire = match protocol {
        "http" => Wire::Http1,
        "tcp" => Wire::Plain,
        other => panic!("what is spoken as `{other}`?"),
    };
    let [port] = component.ports.iter().collect::<Vec<_>>()[..] else {
        return false;
    };
    port.wire == wire && port.number.to_string() == number
}

fn has_edge(facts: &Facts, from: &str, to: &str) -> bool {
    let ports = &facts.components[to].ports;
    let reached = |number| {
        facts
            .edges
            .iter()
            .any(|edge| edge.from == from && edge.to == to && edge.number == number)
    };
    !ports.is_empty() && ports.iter().all(|port| reached(port.number))
}

fn probe_is(health: Option<&Health>, target: Target, key: &str, wanted: &str) -> bool {
    let seconds = |number: u64| format!("{number}s") == wanted;
    let Some(health) = health else {
        return key == "none";
    };
    match key {
        // What asks although nobody wrote it: whether the port is open, or anything for the balancer.
        "none" => match (target, &health.probe) {
            (Target::Kubernetes, probe) => *probe == Probe::Tcp,
            (Target::Aws, probe) => *probe == Probe::Lenient,
            (Target::Compose, _) => false,
        },
        "path" => health.probe == Probe::Http(wanted.to_owned()),
        "port" => health.port.map(|port| port.to_string()).as_deref() == Some(wanted),
        "interval" => seconds(health.interval),
        "timeout" => seconds(health.timeout),
        "retries" => health.retries.to_string() == wanted,
        // Kubernetes counts it in whole intervals.
        "start" if target == Target::Kubernetes => {
            let start: u64 = wanted.strip_suffix('s').unwrap().parse().unwrap();
            health.start == start.div_ceil(health.interval) * health.interval
        }
        "start" => seconds(health.start),
        "command" => {
            let words: Vec<String> = serde_json::from_str(wanted).unwrap();
            health.probe == Probe::Command(words.into_iter().map(Value::text).collect())
        }
        other => panic!("what is `{other}` of a probe?"),
    }
}

/// Every output of the voting app: `local` for compose, the others for all targets.
fn all() -> Vec<(String, Target, Facts)> {
    let case = outputs::fixture("voting-app");
    let mut all = Vec::new();
    for output in case
        .build()
        .unwrap()
        .outputs
        .iter()
        .filter(|output| output.environment == "local")
    {
        let files = output.artifacts.iter();
        let files = files
            .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
            .collect();
        all.push((
            "local".to_owned(),
            Target::Compose,
            Target::Compose.facts(&files).unwrap(),
        ));
    }
    for (environment, outputs) in outputs::outputs(&case) {
        for (target, output) in outputs {
            let output = output.unwrap_or_else(|error| panic!("{environment}/{}: {error}", target.id()));
            all.push((environment.clone(), target, output.facts().unwrap()));
        }
    }
    all
}

#[test]
fn every_target_prints_what_upstream_says() {
    let (rows, all) = (rows(), all());
    let (mut report, mut compared) = (Vec::new(), vec![BTreeSet::new(); rows.len()]);
    for (environment, target, facts) in &all {
        for (index, row) in rows.iter().enumerate() {
            if row.environment == "*" || row.environment == *environment {
                compared[index].insert(*target);
                let fault = fault(row, *target, facts);
                report.extend(
                    fault.map(|fault| format!("line {}: {environment}/{}: {fault}", row.line, target.id())),
                );
            }
        }
    }
    for (row, targets) in rows.iter().zip(&compared) {
        let words: Vec<&str> = targets.iter().map(|target| target.id()).collect();
        println!(
            "line {}: {} {} {}: {}",
            row.line,
            row.component,
            row.kind,
            row.key,
            words.join(", ")
        );
        if words.len() != Target::ALL.len() {
            report.push(format!(
                "line {}: compared with {words:?} only: {row:?}",
                row.line
            ));
        }
    }
    assert!(report.is_empty(), "{}", report.join("\n"));
    assert!(
        rows.len() >= 38 && all.len() == 7,
        "{} rows, {} outputs",
        rows.len(),
        all.len()
    );
}

#[test]
fn nothing_is_printed_that_upstream_does_not_say() {
    let rows = rows();
    let of = |kind: &str| -> BTreeSet<(String, String)> {
        let rows = rows.iter().filter(|row| row.kind == kind);
        rows.map(|row| (row.component.clone(), row.key.clone())).collect()
    };
    for (environment, target, facts) in all() {
        let place = format!("{environment}/{}", target.id());
        let components: BTreeSet<String> = of("image").into_iter().map(|(component, _)| component).collect();
        assert_eq!(
            facts.components.keys().cloned().collect::<BTreeSet<_>>(),
            components,
            "{place}"
        );
        let listening: BTreeSet<&String> = facts
            .components
            .iter()
            .filter(|(_, c)| !c.ports.is_empty())
            .map(|(role, _)| role)
            .collect();
        let ports = of("port");
        assert_eq!(
            listening,
            ports.iter().map(|(component, _)| component).collect(),
            "{place}"
        );
        // Compose's networks let more through than the edges.
        if target != Target::Compose {
            let edges = facts
                .edges
                .iter()
                .map(|edge| (edge.from.clone(), edge.to.clone()))
                .collect::<BTreeSet<_>>();
            assert_eq!(edges, of("edge"), "{place}");
        }
    }
}

#[test]
fn a_row_that_is_not_so_is_noticed() {
    let facts = all().remove(0).2;
    for (kind, key, wrong) in [
        ("image", "image", "redis:7"),
        ("port", "http", "81"),
        ("port", "tcp", "80"),
        ("variable", "PORT", "81"),
        ("probe", "path", "/x"),
        ("probe", "interval", "16s"),
        ("probe", "none", "-"),
        ("edge", "db", "db"),
        ("replicas", "replicas", "0"),
    ] {
        let text = |text: &str| text.to_owned();
        let row = Row {
            line: 0,
            component: text("vote"),
            environment: text("*"),
            kind: text(kind),
            key: text(key),
            manifest: text(wrong),
        };
        assert!(fault(&row, Target::Compose, &facts).is_some(), "{row:?}");
    }
}
