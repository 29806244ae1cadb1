//! The gateway's configuration in the language of HAProxy 3.4.

use crate::model::{Gateway, GatewayBackend, Rule, Wire};
use exoc_emit::header::generated_from;

/// Global settings. HAProxy sizes itself by the number of files it may open, which engines set to a billion.
const HEAD: &str = "
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
pub(super) fn print(gateway: &Gateway) -> String {
    let Gateway {
        port,
        rules,
        backends,
        client_timeout,
    } = gateway;
    let mut out = generated_from("application.yml");
    out.push_str(HEAD);
    out.push_str(&format!("    timeout client {client_timeout}\n"));
    out.push_str(&format!(
        "\nfrontend entry\n    bind :{port}\n    http-request set-var(txn.host) req.hdr(host),host_only,lower\n"
    ));
    rules.iter().for_each(|rule| out.push_str(&self::rule(rule)));
    out.push_str("    default_backend exoc_nobody\n");
    for backend in backends {
        out.push_str(&self::backend(backend));
    }
    out.push_str("\nbackend exoc_nobody\n    http-request return status 404 content-type text/plain string \"no service has this host and path\"\n");
    out
}

/// Whole segments: the path itself, or below it.
fn rule(rule: &Rule) -> String {
    let Rule { host, path, backend } = rule;
    let host = format!("{{ var(txn.host) -m str {host} }}");
    if path == "/" {
        return format!("    use_backend {backend} if {host}\n");
    }
    format!(
        "    use_backend {backend} if {host} {{ path -m str {path} }}\n    use_backend {backend} if {host} {{ path -m beg {path}/ }}\n"
    )
}

fn backend(backend: &GatewayBackend) -> String {
    let GatewayBackend {
        name,
        host,
        port,
        wire,
        strip,
        timeout,
    } = backend;
    let strip = strip.as_ref().map_or_else(String::new, |path| {
        format!("    http-request replace-path ^{}/?(.*)$ /\\1\n", pattern(path))
    });
    let wire = match wire {
        Wire::Http1 => "",
        Wire::Http2 => " proto h2",
    };
    format!(
        "\nbackend {name}\n    timeout server {timeout}\n    timeout tunnel {timeout}\n{strip}    server {host} {host}:{port}{wire}\n"
    )
}

/// A path as a regular expression that matches only itself. Of what a path may hold, only the dot means more; a
/// backslash would need escaping once more.
fn pattern(path: &str) -> String {
    path.replace('.', "[.]")
}
