//! A configuration of HAProxy, as far as a front door goes: which host and path lead to which server.
//!
//! Every line has to be understood. A rule is `use_backend NAME if CONDITIONS`, and the first that matches decides.

use super::Wire;
use std::collections::BTreeMap;

/// A way through the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) host: String,
    pub(super) path: String,
    pub(super) strip: bool,
    pub(super) role: String,
    pub(super) number: u16,
    pub(super) wire: Wire,
}

/// Where requests go that match a backend.
#[derive(Clone, Debug, Default)]
struct Backend {
    server: Option<(String, u16, Wire)>,
    strip: Option<String>,
    refuses: bool,
}

/// A rule of the frontend.
#[derive(Clone, Debug)]
struct Rule {
    host: String,
    /// `None`: any.
    path: Option<Path>,
    backend: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Path {
    Is(String),
    Below(String),
}

/// What is read: the port of the frontend, and its ways.
#[derive(Debug, Default)]
pub(super) struct Gateway {
    pub(super) port: u16,
    pub(super) ways: Vec<Way>,
}

/// Reads a configuration.
pub(super) fn read(text: &str) -> Result<Gateway, String> {
    let (mut section, mut name) = (String::new(), String::new());
    let (mut port, mut rules, mut fallback) = (None, Vec::new(), None);
    let mut backends: BTreeMap<String, Backend> = BTreeMap::new();
    for line in text.lines() {
        let line = if line.trim_start().starts_with('#') {
            ""
        } else {
            line
        };
        let words: Vec<&str> = line.split_whitespace().collect();
        if !line.starts_with(' ') {
            if let [kind, rest @ ..] = words.as_slice() {
                (section, name) = ((*kind).to_owned(), rest.join(" "));
                if kind == &"backend" {
                    backends.insert(name.clone(), Backend::default());
                }
            }
            continue;
        }
        match (section.as_str(), words.as_slice()) {
            (_, []) | ("global" | "resolvers" | "defaults", _) => {}
            ("frontend", ["bind", address]) => {
                port = address.rsplit(':').next().and_then(|port| port.parse().ok())
            }
            (
                "frontend",
                [
                    "http-request",
                    "set-var(txn.host)",
                    "req.hdr(host),host_only,lower",
                ],
            ) => {}
            ("frontend", ["default_backend", backend]) => fallback = Some((*backend).to_owned()),
            ("frontend", ["use_backend", backend, "if", conditions @ ..]) => {
                rules.push(rule(backend, conditions)?)
            }
            ("backend", words) => {
                let backend = backends.entry(name.clone()).or_default();
                setting(backend, words).map_err(|error| format!("backend {name}: {error}"))?;
            }
            (section, words) => return Err(format!("not understood in {section}: {words:?}")),
        }
    }
    let refuses = fallback.and_then(|name| backends.get(&name).map(|backend| backend.refuses));
    if refuses != Some(true) {
        return Err("a request that matches nothing is not refused".to_owned());
    }
    check_order(&rules)?;
    Ok(Gateway {
        port: port.ok_or("it listens nowhere")?,
        ways: ways(&rules, &backends)?,
    })
}

fn rule(backend: &str, conditions: &[&str]) -> Result<Rule, String> {
    let bad = || format!("the conditions {conditions:?}");
    let (mut host, mut path) = (None, None);
    for condition in conditions.join(" ").split('}') {
        let words: Vec<&str> = condition.split_whitespace().collect();
        match words.as_slice() {
            [] => {}
            ["{", "var(txn.host)", "-m", "str", name] => host = Some((*name).to_owned()),
            ["{", "path", "-m", "str", whole] => path = Some(Path::Is((*whole).to_owned())),
            ["{", "path", "-m", "beg", start] => {
                path = Some(Path::Below(start.strip_suffix('/').ok_or_else(bad)?.to_owned()));
            }
            _ => return Err(bad()),
        }
    }
    Ok(Rule {
        host: host.ok_or_else(bad)?,
        path,
        backend: backend.to_owned(),
    })
}

fn setting(backend: &mut Backend, words: &[&str]) -> Result<(), String> {
    match words {
        ["timeout", ..] => {}
        ["http-request", "return", "status", "404", ..] => backend.refuses = true,
        ["http-request", "replace-path", pattern, "/\\1"] => {
            let path = pattern
                .strip_prefix('^')
                .and_then(|rest| rest.strip_suffix("/?(.*)$"));
            backend.strip = Some(
                path.ok_or_else(|| format!("the pattern {pattern}"))?
                    .replace("[.]", "."),
            );
        }
        ["server", _, address, rest @ ..] => {
            let (host, port) = address
                .split_once(':')
                .ok_or_else(|| format!("the server {address}"))?;
            let port = port.parse().map_err(|_| format!("the server {address}"))?;
            let wire = match rest {
                [] => Wire::Http1,
                ["proto", "h2"] => Wire::H2c,
                _ => return Err(format!("the server's {rest:?}")),
            };
            if backend.server.replace((host.to_owned(), port, wire)).is_some() {
                return Err("two servers".to_owned());
            }
        }
        _ => return Err(format!("not understood: {words:?}")),
    }
    Ok(())
}

/// The first rule that matches decides: a longer path must come before what holds it.
fn check_order(rules: &[Rule]) -> Result<(), String> {
    let start = |rule: &Rule| match &rule.path {
        None => String::new(),
        Some(Path::Is(path) | Path::Below(path)) => path.clone(),
    };
    for (index, rule) in rules.iter().enumerate() {
        let exact = matches!(rule.path, Some(Path::Is(_)));
        for later in rules.get(index + 1..).unwrap_or_default() {
            let inside = start(later).starts_with(&format!("{}/", start(rule)));
            if !exact && rule.host == later.host && inside {
                return Err(format!("`{}{}` is never reached", later.host, start(later)));
            }
        }
    }
    Ok(())
}

fn ways(rules: &[Rule], backends: &BTreeMap<String, Backend>) -> Result<Vec<Way>, String> {
    let mut ways = Vec::new();
    for rule in rules {
        let path = match &rule.path {
            None => "/".to_owned(),
            Some(Path::Is(path)) => {
                let below = rules.iter().any(|other| {
                    other.path == Some(Path::Below(path.clone()))
                        && (&other.host, &other.backend) == (&rule.host, &rule.backend)
                });
                if !below {
                    return Err(format!("nothing below `{path}` is matched"));
                }
                path.clone()
            }
            Some(Path::Below(path)) => {
                let whole = rules.iter().any(|other| {
                    other.path == Some(Path::Is(path.clone()))
                        && (&other.host, &other.backend) == (&rule.host, &rule.backend)
                });
                if whole {
                    continue;
                }
                return Err(format!("`{path}` itself is not matched"));
            }
        };
        let backend = backends
            .get(&rule.backend)
            .ok_or_else(|| format!("there is no backend `{}`", rule.backend))?;
        let (role, number, wire) = backend
            .server
            .clone()
            .ok_or_else(|| format!("the backend `{}` has no server", rule.backend))?;
        let strip = match &backend.strip {
            None => false,
            Some(stripped) if *stripped == path => true,
            Some(stripped) => return Err(format!("`{stripped}` is removed from `{path}`")),
        };
        ways.push(Way {
            host: rule.host.clone(),
            path,
            strip,
            role,
            number,
            wire,
        });
    }
    Ok(ways)
}

#[cfg(test)]
mod tests {
    use super::{Wire, read};

    const TEXT: &str = "# x\nglobal\n    log stdout\n\nfrontend entry\n    bind :8080\n    \
        http-request set-var(txn.host) req.hdr(host),host_only,lower\n    \
        use_backend api if { var(txn.host) -m str a.example } { path -m str /api }\n    \
        use_backend api if { var(txn.host) -m str a.example } { path -m beg /api/ }\n    \
        use_backend web if { var(txn.host) -m str a.example }\n    default_backend nobody\n\n\
        backend api\n    timeout server 60s\n    http-request replace-path ^/api/?(.*)$ /\\1\n    \
        server api api:4000\n\nbackend web\n    server web web:3000 proto h2\n\n\
        backend nobody\n    http-request return status 404\n";

    #[test]
    fn a_gateway_is_read() {
        let gateway = read(TEXT).expect("a gateway");
        assert_eq!(gateway.port, 8080);
        let ways: Vec<_> = gateway
            .ways
            .iter()
            .map(|w| (w.path.as_str(), w.strip, w.number, w.wire))
            .collect();
        assert_eq!(
            ways,
            [("/api", true, 4000, Wire::Http1), ("/", false, 3000, Wire::H2c)]
        );
    }

    #[test]
    fn half_a_path_or_a_hidden_rule_is_an_error() {
        let half = TEXT.replace(
            "use_backend api if { var(txn.host) -m str a.example } { path -m beg /api/ }",
            "",
        );
        assert!(read(&half).is_err());
        let whole = "use_backend web if { var(txn.host) -m str a.example }";
        let hidden = TEXT.replace(&format!("    {whole}\n"), "").replacen(
            "    use_backend",
            &format!("    {whole}\n    use_backend"),
            1,
        );
        assert!(read(&hidden).is_err());
    }
}
