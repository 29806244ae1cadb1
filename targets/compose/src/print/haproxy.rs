//! The gateway's configuration in the language of HAProxy 3.4.

use super::comments;
use crate::model::{Gateway, GatewayBackend, Provenance, Rule, Wire};
use exoc_diagnostics::SourceMap;

/// Global settings. HAProxy sizes itself by the number of files it may open, which engines set to a billion.
const HEAD: &str = "\
global
    log stdout format raw local0
    maxconn 1000
    hard-stop-after 5s

resolvers engine
    nameserver dns 127.0.0.11:53
    hold valid 5s

defaults
    mode http
    log global
    option httplog
    option dontlognull
    timeout connect 5s
    timeout http-request 10s
    # A service may start, stop or move at any time: its name is resolved while requests come.
    default-server resolvers engine init-addr none resolve-prefer ipv4
";

/// The configuration.
pub(super) fn print(gateway: &Gateway, sources: &SourceMap) -> String {
    let Gateway {
        from,
        port,
        rules,
        backends,
        client_timeout,
    } = gateway;
    let comment = |from: &Provenance| comments::line(sources, from);
    let mut out = comments::above(HEAD, sources, from);
    out.push_str(&format!("    timeout client {client_timeout}\n"));
    let mut lines = vec![
        format!("bind :{port}"),
        "http-request set-var(txn.host) req.hdr(host),host_only,lower".to_owned(),
    ];
    for rule in rules {
        lines.extend(comment(&rule.from));
        lines.extend(self::rule(rule));
    }
    lines.push("default_backend exoc_nobody".to_owned());
    section(&mut out, None, "frontend entry", &lines);
    for backend in backends {
        let head = format!("backend {}", backend.name);
        let lines = self::backend(backend);
        section(&mut out, comment(&backend.from), &head, &lines);
    }
    let answer = "http-request return status 404 content-type text/plain";
    let words = "string \"no service has this host and path\"";
    let lines = [format!("{answer} {words}")];
    section(&mut out, None, "backend exoc_nobody", &lines);
    out
}

fn section(out: &mut String, comment: Option<String>, head: &str, lines: &[String]) {
    let comment = comment.map(|line| format!("{line}\n")).unwrap_or_default();
    out.push_str(&format!("\n{comment}{head}\n"));
    for line in lines {
        out.push_str(&format!("    {line}\n"));
    }
}

/// Whole segments: the path itself, or below it.
fn rule(rule: &Rule) -> Vec<String> {
    let Rule {
        from: _, // above it
        host,
        path,
        backend,
    } = rule;
    let start = format!("use_backend {backend} if {{ var(txn.host) -m str {host} }}");
    if path == "/" {
        return vec![start];
    }
    vec![
        format!("{start} {{ path -m str {path} }}"),
        format!("{start} {{ path -m beg {path}/ }}"),
    ]
}

fn backend(backend: &GatewayBackend) -> Vec<String> {
    let GatewayBackend {
        from: _, // above the section
        name: _, // the section's head
        host,
        port,
        wire,
        strip,
        timeout,
    } = backend;
    let mut lines = vec![
        format!("timeout server {timeout}"),
        format!("timeout tunnel {timeout}"),
    ];
    if let Some(path) = strip {
        lines.push(format!(
            "http-request replace-path ^{}/?(.*)$ /\\1",
            pattern(path)
        ));
    }
    let wire = match wire {
        Wire::Http1 => "",
        Wire::Http2 => " proto h2",
    };
    lines.push(format!("server {host} {host}:{port}{wire}"));
    lines
}

/// A path as a regular expression that matches only itself. Of what a path may hold, only the dot means more; a
/// backslash would need escaping once more.
fn pattern(path: &str) -> String {
    path.replace('.', "[.]")
}
