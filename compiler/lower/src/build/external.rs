//! What the URL of an external dependency says. Secrets may stand in it, but not where the address is read.

use crate::scope::Outside;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_ir::{Part, Transport, Value};

/// Ports that a scheme means when a URL names none (IANA's registry and the products' own pages, 2026-11).
const PORTS: &[(&str, u16)] = &[
    ("http", 80),
    ("https", 443),
    ("ws", 80),
    ("wss", 443),
    ("postgresql", 5432),
    ("postgres", 5432),
    ("mysql", 3306),
    ("mariadb", 3306),
    ("mongodb", 27017),
    ("redis", 6379),
    ("rediss", 6379),
    ("amqp", 5672),
    ("amqps", 5671),
    ("nats", 4222),
    ("smtp", 25),
    ("smtps", 465),
    ("ldap", 389),
    ("ldaps", 636),
    ("ftp", 21),
    ("sftp", 22),
    ("ssh", 22),
];

/// One character of a URL: a literal, or a part that is not known as text.
#[derive(Clone, Debug)]
enum Symbol {
    Char(char),
    Hidden(Part),
}

/// Reads a URL; `literal` is its text where it has no references.
pub(crate) fn read(url: &Value, literal: Option<&str>, at: Span, sink: &mut Sink) -> Result<Outside, Failed> {
    match parse(url) {
        Ok(outside) => Ok(outside),
        Err((label, help)) => {
            let plain = |text: &&str| {
                text.contains('.')
                    && text
                        .chars()
                        .all(|c| c.is_ascii_alphanumeric() || "-._/:".contains(c))
            };
            let host = literal.filter(|text| !text.contains("://")).filter(plain);
            let help = host.map_or(help, |host| format!("write for example `https://{host}`"));
            let shown = literal.map_or_else(|| "the URL".to_owned(), |text| quoted(&without_password(text)));
            Err(sink.error(
                Diagnostic::new(
                    codes::BAD_EXTERNAL,
                    format!("{shown} is no address that can be opened"),
                )
                .at(at, label)
                .help(help),
            ))
        }
    }
}

/// A URL whose credentials are left out, for messages.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => {
            let (before, after) = (url.get(..scheme + 3), url.get(at..));
            format!("{}…{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        (Some(_) | None, Some(_) | None) => url.to_owned(),
    }
}

type Fault = (&'static str, String);

fn parse(url: &Value) -> Result<Outside, Fault> {
    let symbols = symbols(url);
    let missing = || {
        (
            "has no scheme",
            "write for example `https://crm.example.com`".to_owned(),
        )
    };
    let split = symbols
        .windows(3)
        .position(|window| matches!(window, [Symbol::Char(':'), Symbol::Char('/'), Symbol::Char('/')]))
        .ok_or_else(missing)?;
    let (scheme, rest) = symbols.split_at(split);
    let scheme = text(scheme)
        .filter(|scheme| is_scheme(scheme))
        .ok_or_else(missing)?;
    let rest = rest.get(3..).unwrap_or_default();
    let end = rest
        .iter()
        .position(|symbol| matches!(symbol, Symbol::Char('/' | '?' | '#')))
        .unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let at = authority
        .iter()
        .rposition(|symbol| matches!(symbol, Symbol::Char('@')));
    let (user, address) = match at {
        Some(at) => (authority.get(..at), authority.get(at + 1..).unwrap_or_default()),
        None => (None, authority),
    };
    let hidden = || {
        (
            "the address holds a secret",
            "write host and port as text: they are no secrets".to_owned(),
        )
    };
    let address = text(address).ok_or_else(hidden)?;
    let (host, port) = address_of(&address, &scheme)?;
    let (username, password) = match user {
        None => (None, None),
        Some(user) => match user.iter().position(|symbol| matches!(symbol, Symbol::Char(':'))) {
            None => (Some(user), None),
            Some(colon) => (user.get(..colon), user.get(colon + 1..)),
        },
    };
    let stop = |symbol: &Symbol| matches!(symbol, Symbol::Char('/' | '?' | '#'));
    let database = path
        .split_first()
        .filter(|(first, _)| matches!(first, Symbol::Char('/')))
        .map(|(_, rest)| {
            let end = rest.iter().position(stop).unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default()
        });
    Ok(Outside {
        url: url.clone(),
        host,
        port,
        transport: if scheme == "udp" {
            Transport::Udp
        } else {
            Transport::Tcp
        },
        username: username.and_then(value),
        password: password.and_then(value),
        database: database.and_then(value),
    })
}

fn symbols(url: &Value) -> Vec<Symbol> {
    let of_part = |part: &Part| match part {
        Part::Text(text) => text.chars().map(Symbol::Char).collect(),
        Part::Secret(_) | Part::Attribute(..) => vec![Symbol::Hidden(part.clone())],
    };
    url.parts().iter().flat_map(of_part).collect()
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+-.".contains(&b))
}

fn text(symbols: &[Symbol]) -> Option<String> {
    symbols
        .iter()
        .map(|symbol| match symbol {
            Symbol::Char(c) => Some(*c),
            Symbol::Hidden(_) => None,
        })
        .collect()
}

fn address_of(address: &str, scheme: &str) -> Result<(String, u16), Fault> {
    let (host, port) = match address.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (address, None),
    };
    let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    let label = |label: &str| (1..=63).contains(&label.len()) && label.bytes().all(fine);
    if host.len() > 253 || !host.split('.').all(label) {
        let help = if host.is_empty() {
            "write the host behind `://`".to_owned()
        } else if host.contains(['[', ':', ',']) {
            "write the name of one host".to_owned()
        } else {
            "a host holds letters, digits, `-` and dots between its labels".to_owned()
        };
        return Err(("has no host that can be read", help));
    }
    let port = match port {
        Some(port) => port.parse::<u16>().ok().filter(|port| *port > 0).ok_or_else(|| {
            (
                "has no port that can be read",
                "write a number from 1 to 65535 behind the host".to_owned(),
            )
        })?,
        None => PORTS
            .iter()
            .find(|(known, _)| *known == scheme)
            .map(|(_, port)| *port)
            .ok_or_else(|| {
                (
                    "names no port",
                    format!("write the port: `{scheme}://{host}:PORT`; this scheme has none of its own"),
                )
            })?,
    };
    Ok((host.to_ascii_lowercase(), port))
}

/// A part of the URL as the program sees it: percent signs undone where it is text.
fn value(symbols: &[Symbol]) -> Option<Value> {
    if symbols.is_empty() {
        return None;
    }
    let mut value = Value::default();
    let mut bytes: Vec<u8> = Vec::new();
    let flush = |bytes: &mut Vec<u8>, value: &mut Value| {
        value.push(Part::Text(decoded(&std::mem::take(bytes))));
    };
    for symbol in symbols {
        match symbol {
            Symbol::Char(c) => bytes.extend(c.encode_utf8(&mut [0; 4]).bytes()),
            Symbol::Hidden(part) => {
                flush(&mut bytes, &mut value);
                value.push(part.clone());
            }
        }
    }
    flush(&mut bytes, &mut value);
    Some(value)
}

fn decoded(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        match code
            .filter(|_| *first == b'%')
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        {
            Some(byte) => {
                out.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    // A text that is not UTF-8 once decoded is left as it was written.
    String::from_utf8(out).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{Outside, parse};
    use exoc_ir::{Id, Part, Value};

    fn read(url: &str) -> Outside {
        parse(&Value::literal(url)).unwrap()
    }

    #[test]
    fn reads_every_part() {
        let outside = read("postgresql://reader:p%40ss@reports.example.com:6543/sales?sslmode=require");
        assert_eq!(
            (outside.host.as_str(), outside.port),
            ("reports.example.com", 6543)
        );
        assert_eq!(outside.username, Some(Value::literal("reader")));
        assert_eq!(outside.password, Some(Value::literal("p@ss")));
        assert_eq!(outside.database, Some(Value::literal("sales")));
    }

    #[test]
    fn a_scheme_stands_for_its_port() {
        assert_eq!(read("https://a.example.com/x").port, 443);
        assert_eq!(read("rediss://a").port, 6379);
        assert!(parse(&Value::literal("tcp://a")).is_err());
    }

    #[test]
    fn a_secret_may_be_a_password_and_no_address() {
        let secret = || Part::Secret(Id::new(0));
        let text = |text: &str| Part::Text(text.into());
        let outside = parse(&Value::new([
            text("amqp://u:"),
            secret(),
            text("@mq.example.com"),
        ]))
        .unwrap();
        assert_eq!(outside.password, Some(Value::new([secret()])));
        assert!(parse(&Value::new([text("https://"), secret(), text("/")])).is_err());
    }

    #[test]
    fn an_absent_part_is_no_attribute() {
        let outside = read("https://a.example.com");
        assert_eq!(
            (outside.username, outside.password, outside.database),
            (None, None, None)
        );
        assert_eq!(read("https://a.example.com/").database, None);
    }
}
