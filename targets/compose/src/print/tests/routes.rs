//! The gateway's configuration, read back by a small matcher, does what the routes say.

use super::{files, text};
use crate::testing::{Sketch, http, port};
use exoc_ir::{Entrance, Protocol, Seconds};
use proptest::prelude::*;

/// A line `use_backend NAME if CONDITION…`.
struct Line {
    backend: String,
    /// Method and operand of each condition, and whether it looks at the host or the path.
    conditions: Vec<(String, String, String)>,
}

fn lines(configuration: &str) -> Vec<Line> {
    let rules = configuration
        .lines()
        .map(str::trim)
        .filter_map(|line| line.strip_prefix("use_backend "));
    rules
        .map(|rule| {
            let (backend, conditions) = rule.split_once(" if ").unwrap();
            let conditions = conditions
                .split('}')
                .map(str::trim)
                .filter(|text| !text.is_empty());
            let conditions = conditions.map(|condition| {
                let words: Vec<&str> = condition.split_whitespace().collect();
                let ["{", subject, "-m", method, operand] = words.as_slice() else {
                    panic!("cannot read {condition:?}")
                };
                ((*subject).to_owned(), (*method).to_owned(), (*operand).to_owned())
            });
            Line {
                backend: backend.to_owned(),
                conditions: conditions.collect(),
            }
        })
        .collect()
}

/// The backend that answers a request.
fn answers(lines: &[Line], host: &str, path: &str) -> Option<String> {
    let holds = |(subject, method, operand): &(String, String, String)| {
        let value = match subject.as_str() {
            "var(txn.host)" => host,
            "path" => path,
            other => panic!("unknown subject {other}"),
        };
        match method.as_str() {
            "str" => value == operand,
            "beg" => value.starts_with(operand.as_str()),
            other => panic!("unknown method {other}"),
        }
    };
    let first = lines.iter().find(|line| line.conditions.iter().all(holds));
    first.map(|line| line.backend.clone())
}

/// Whole segments, the longest wins.
fn expected(doors: &[(String, String, String)], host: &str, path: &str) -> Option<String> {
    let matches = |(_, of, prefix): &&(String, String, String)| {
        let segments = |text: &str| -> Vec<String> {
            let text = text.trim_start_matches('/');
            text.split('/').map(str::to_owned).collect()
        };
        of == host && (prefix == "/" || segments(path).starts_with(&segments(prefix)))
    };
    let longest = doors
        .iter()
        .filter(matches)
        .max_by_key(|(_, _, prefix)| prefix.len());
    longest.map(|(role, _, _)| role.clone())
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec("[ab]{1,2}", 0..4).prop_map(|segments| format!("/{}", segments.join("/")))
}

proptest! {
    #[test]
    fn the_longest_path_of_whole_segments_wins(
        routes in prop::collection::btree_set(("(localhost|a\\.localhost)", path()), 2..8),
        requests in prop::collection::vec(("(localhost|a\\.localhost|b\\.localhost)", path()), 1..20),
    ) {
        let roles: Vec<String> = (0..routes.len()).map(|number| format!("s{number}")).collect();
        let names: Vec<&str> = roles.iter().map(String::as_str).collect();
        let mut sketch = Sketch::new(&names, &[], &[]);
        let mut doors = Vec::new();
        for (role, (host, path)) in roles.iter().zip(&routes) {
            sketch.listen(role, &[port("http", 80, Protocol::Http)]);
            sketch.door(role, 0, http(host, path));
            doors.push((role.clone(), host.clone(), path.clone()));
        }
        let files = files(&sketch.finish());
        let lines = lines(&text(&files, "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg"));
        for (host, path) in requests {
            prop_assert_eq!(answers(&lines, &host, &path), expected(&doors, &host, &path), "{} {}", host, path);
        }
    }
}

#[test]
fn a_stripped_path_is_matched_literally() {
    let mut sketch = Sketch::new(&["api"], &[], &[]);
    sketch.listen("api", &[port("http", 4000, Protocol::Http)]);
    let route = Entrance::Http {
        host: "localhost".to_owned(),
        path: "/v1.0".to_owned(),
        strip: true,
        timeout: Seconds(90),
    };
    sketch.door("api", 0, route);
    let files = files(&sketch.finish());
    let printed = text(&files, "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg");
    let line = |wanted: &str| printed.lines().any(|line| line.trim() == wanted);
    assert!(
        line("http-request replace-path ^/v1[.]0/?(.*)$ /\\1"),
        "{printed}"
    );
    assert!(line("timeout server 90s") && line("timeout tunnel 90s") && line("timeout client 90s"));
    assert!(line("server api api:4000"));
}

#[test]
fn http_2_is_spoken_to_a_port_that_speaks_it() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    sketch.listen("api", &[port("http", 4000, Protocol::Http2)]);
    sketch.listen("web", &[port("http", 3000, Protocol::Http)]);
    sketch.door("api", 0, http("localhost", "/api"));
    sketch.door("web", 0, http("localhost", "/"));
    let files = files(&sketch.finish());
    let printed = text(&files, "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg");
    let servers: Vec<&str> = printed
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("server "))
        .collect();
    assert_eq!(servers, ["server api api:4000 proto h2", "server web web:3000"]);
}
