//! `route` and `scale`: how a service is reached from outside, and how often it runs.

use super::keys::{ROUTE, SCALE};
use super::{Binder, Fields, Want};
use crate::ast::{Field, Route, Scale};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Spanned, codes};

/// The longest path of a route (semantics.md, B14).
const LONGEST_PATH: usize = 120;
/// The most replicas.
const MOST_REPLICAS: u32 = 10_000;

impl Binder<'_> {
    /// Reports a `null` in an item of a list, where no weaker layer is.
    pub(crate) fn null_in_list(&mut self, fields: &Fields<'_>, key: &str) -> Failed {
        let span = fields.get(key).map_or(fields.span, |member| member.value.span);
        self.sink.error(
            Diagnostic::new(codes::WRONG_TYPE, format!("`{key}` is null in an item of a list"))
                .at(span, "removes nothing")
                .help("lists replace each other as a whole; remove the key"),
        )
    }

    /// `route`, short or long.
    pub(crate) fn route(&mut self, node: &Node) -> Result<Route, Failed> {
        let want = Want::key("route", "a path or a mapping", "route: /");
        if let Kind::Scalar(_) = &node.kind {
            let text = self.string(node, &want)?;
            let path = self.route_path(node, text)?;
            return Ok(Route {
                span: node.span,
                path: Field::Set(Spanned::new(vec![path], node.span)),
                host: Field::Absent,
                port: Field::Absent,
                strip: Field::Absent,
                timeout: Field::Absent,
            });
        }
        let fields = self.open(node, &ROUTE, &want)?;
        Ok(Route {
            span: node.span,
            path: self.field(&fields, "path", |b, n| {
                let want = Want::key("path", "a path or a list of paths", "path: /api");
                b.one_or_more(n, &want, |b, n| {
                    let text = b.string(n, &Want::key("path", "a path", "path: /api"))?;
                    b.route_path(n, text)
                })
            }),
            host: self.field(&fields, "host", |b, n| {
                let want = Want::key("host", "a host or a list of hosts", "host: \"api.${env.domain}\"");
                b.one_or_more(n, &want, |b, n| b.host(n))
            }),
            port: self.field(&fields, "port", |b, n| {
                let want = Want::key("port", "the name of one of `ports`", "port: http");
                b.string(n, &want)
            }),
            strip: self.field(&fields, "strip", |b, n| {
                b.boolean(n, &Want::key("strip", "`true` or `false`", "strip: true"))
            }),
            timeout: self.field(&fields, "timeout", |b, n| {
                b.seconds(n, &Want::key("timeout", "a duration", "timeout: 60s"), 1..=3600)
            }),
        })
    }

    fn host(&mut self, node: &Node) -> Result<crate::ast::Text, Failed> {
        let want = Want::key("host", "a host name", "host: \"api.${env.domain}\"");
        let text = self.referring(node, &want)?;
        let wrong = node
            .as_text()
            .filter(|text| text.contains("://") || text.contains([' ', '*']) || text.is_empty());
        match wrong {
            None => Ok(text),
            Some(host) => {
                let message = format!("`{host}` is no host name");
                let help = "write the name alone, as in `api.example.com`: no scheme, path or `*`";
                Err(self.malformed(node, message, "expected a host name", help.into()))
            }
        }
    }

    /// A path of a route: whole segments, no slash at its end.
    fn route_path(&mut self, node: &Node, path: Spanned<String>) -> Result<Spanned<String>, Failed> {
        let text = path.value.as_str();
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'~' | b'/' | b'-');
        let fault = if !text.starts_with('/') {
            Some(("does not begin with `/`", instead_of_path(text, fine)))
        } else if let Some(bad) = text
            .chars()
            .find(|c| !c.is_ascii() || !fine(u8::try_from(*c).unwrap_or_default()))
        {
            let whole = text.strip_suffix("/*").or_else(|| text.strip_suffix("/**"));
            let help = if let Some(whole) = whole.filter(|path| path.bytes().all(fine)) {
                let path = if whole.is_empty() { "/" } else { whole };
                format!("write `{path}`, which matches all below it too")
            } else if matches!(bad, '*' | '(' | '[' | '^' | '$' | '{' | ':') {
                "a path matches itself and all below it; patterns are not part of the language".to_owned()
            } else {
                "a path holds letters, digits and `.`, `_`, `~`, `-`, `/`".to_owned()
            };
            Some(("has a character that no path has", help))
        } else if text.contains("//") {
            Some((
                "has two slashes in a row",
                "write one slash between two segments".into(),
            ))
        } else if let Some(dots) = text.split('/').find(|segment| [".", ".."].contains(segment)) {
            let what = if dots == "." {
                "has the segment `.`"
            } else {
                "has the segment `..`"
            };
            Some((
                what,
                "write the path that it leads to: a client resolves it before it asks".into(),
            ))
        } else if text.len() > 1 && text.ends_with('/') {
            let shorter = text.trim_end_matches('/');
            Some((
                "ends with `/`",
                format!("write `{shorter}`, which matches `{shorter}/` too"),
            ))
        } else if text.len() > LONGEST_PATH {
            Some((
                "is too long",
                format!("a path has at most {LONGEST_PATH} characters"),
            ))
        } else {
            None
        };
        match fault {
            None => Ok(path),
            Some((fault, help)) => {
                let message = if text.is_empty() {
                    "the path of a route is empty".to_owned()
                } else {
                    format!("the path `{text}` {fault}")
                };
                Err(self.malformed(node, message, "no path of a route", help))
            }
        }
    }

    /// `scale`, short or long.
    pub(crate) fn scale(&mut self, node: &Node) -> Result<Scale, Failed> {
        let want = Want::key(
            "scale",
            "a number or a mapping",
            "scale: { min: 2, max: 10, cpu: 70% }",
        );
        if let Kind::Scalar(_) = &node.kind {
            let number = self.whole(node, &want, 0..=MOST_REPLICAS)?;
            return Ok(Scale {
                span: node.span,
                min: Field::Set(number),
                max: Field::Set(number),
                cpu: Field::Absent,
                memory: Field::Absent,
                requests: Field::Absent,
                overlap: Field::Absent,
            });
        }
        let fields = self.open(node, &SCALE, &want)?;
        let replicas = |key| Want::key(key, "a number", "scale: { min: 2, max: 10 }");
        let share = |key| Want::key(key, "a share with `%`", "cpu: 70%");
        Ok(Scale {
            span: node.span,
            min: self.field(&fields, "min", |b, n| {
                b.whole(n, &replicas("min"), 0..=MOST_REPLICAS)
            }),
            max: self.field(&fields, "max", |b, n| {
                b.whole(n, &replicas("max"), 0..=MOST_REPLICAS)
            }),
            cpu: self.field(&fields, "cpu", |b, n| b.percent(n, &share("cpu"))),
            memory: self.field(&fields, "memory", |b, n| b.percent(n, &share("memory"))),
            requests: self.field(&fields, "requests", |b, n| {
                let want = Want::key("requests", "a number, per second and replica", "requests: 100");
                b.whole(n, &want, 1..=1_000_000)
            }),
            overlap: self.field(&fields, "overlap", |b, n| {
                b.boolean(n, &Want::key("overlap", "`true` or `false`", "overlap: false"))
            }),
        })
    }
}

/// What was meant by a text that is no path: a host with a path, or a path without its first slash.
fn instead_of_path(text: &str, fine: impl Fn(u8) -> bool) -> String {
    let address = text.split_once("://").map_or(text, |(_, rest)| rest);
    let (host, path) = match address.find('/') {
        Some(at) => address.split_at(at),
        None => (address, ""),
    };
    let label = |label: &str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_host = host.contains('.') && host.split('.').all(label);
    if is_host && path.bytes().all(&fine) {
        let path = match path.trim_end_matches('/') {
            "" => String::new(),
            path => format!(", path: {path}"),
        };
        return format!("write `route: {{ host: {host}{path} }}`");
    }
    let rest = text.trim_start_matches("./").trim_end_matches('/');
    if rest.bytes().all(fine) {
        format!("write `/{rest}`")
    } else {
        "write `/`".to_owned()
    }
}
