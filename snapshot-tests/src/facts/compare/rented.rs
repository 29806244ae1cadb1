//! Difference 1: what a product is called, and how it is reached, where it is rented and where an image of it runs.
//!
//! Who runs a product knows its attributes beforehand; who rents it demands TLS, may ask for a login or for none, and
//! has ports of its own.

use super::Side;
use crate::facts::{Edge, Part, Rented, Target, Value, secret_of};
use std::collections::{BTreeMap, BTreeSet};

/// The region where there is none.
const REGION: &str = "us-east-1";

/// The account where there is none.
const ACCOUNT: &str = "000000000000";

/// What a URL says of TLS behind its database.
const QUERIES: [&str; 3] = [
    "?sslmode=require",
    "?tls=true&replicaSet=rs0&authSource=admin&retryWrites=false",
    "?tls=true",
];

/// A text as whoever runs the products has it.
pub(super) fn rendered(side: Side<'_>, value: &Value) -> String {
    let mut text = String::new();
    for part in value.parts() {
        match part {
            Part::Text(characters) => text.push_str(characters),
            Part::Secret(name) => text.push_str(&mark("secret", name)),
            Part::Attribute(role, word) => text.push_str(&mark(word, role)),
        }
    }
    for (role, rented) in &side.facts.rented {
        text = as_run(role, rented, &text);
    }
    text
}

/// A text in which no other text can stand by accident.
fn mark(word: &str, name: &str) -> String {
    format!("\u{e000}{word} {name}\u{e001}")
}

fn as_run(role: &str, rented: &Rented, text: &str) -> String {
    let Rented {
        port,
        here,
        scheme,
        login,
    } = rented;
    let (host, region) = (mark("host", role), mark("region", role));
    let password = mark("secret", &secret_of(role, "password"));
    let here = here.unwrap_or(*port);
    let (asked, at) = (
        format!(":{password}@{host}:{here}"),
        format!(":{password}@{host}:{port}"),
    );
    let text = match scheme.as_str() {
        "redis" => without_tls(text, ("rediss://", "redis://"), (&asked, &at)),
        "amqp" => without_tls(text, ("amqps://", "amqp://"), (&asked, &at)),
        "search" => {
            let user = login.as_deref().unwrap_or_default();
            text.replace(
                &format!("https://{user}{asked}"),
                &format!("http://{host}:{port}"),
            )
        }
        "s3" => text.replace(
            &format!("https://s3.{region}.amazonaws.com"),
            &format!("http://{role}:{port}"),
        ),
        "sns" => text.replace(
            &format!("https://sns.{region}.amazonaws.com"),
            &format!("http://{role}:{port}"),
        ),
        "sqs" => text.replace(
            &mark("url", role),
            &format!("http://{role}:{port}/{ACCOUNT}/{role}"),
        ),
        _ => without_query(text, &asked),
    };
    let name = match scheme.as_str() {
        "sns" => format!("arn:aws:sns:{REGION}:{ACCOUNT}:{role}"),
        // A bucket's name has at least three characters.
        "s3" if role.len() < 3 => format!("{role}-bucket"),
        _ => role.to_owned(),
    };
    text.replace(&format!("{host}:{here}"), &format!("{role}:{port}"))
        .replace(&host, role)
        .replace(&mark("brokers", role), &format!("{role}:{port}"))
        .replace(&mark("name", role), &name)
        .replace(&region, REGION)
}

/// What no text of a target holds: a URL without TLS of a product that has it.
const PLAIN: &str = "\u{e002}plain ";

/// A URL with TLS as one without; one that is without already is marked, for nobody would answer it.
fn without_tls(text: &str, (scheme, plain): (&str, &str), (asked, at): (&str, &str)) -> String {
    let marked = with_scheme(text, (plain, &format!("{PLAIN}{plain}")), (asked, asked));
    with_scheme(&marked, (scheme, plain), (asked, at))
}

/// `amqps://<user><asked>` as `amqp://<user><at>`.
fn with_scheme(text: &str, (scheme, plain): (&str, &str), (asked, at): (&str, &str)) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(end) = rest.find(asked) {
        let (before, from) = rest.split_at(end);
        let begins = before.rfind(scheme).filter(|begins| {
            let user = before.get(begins + scheme.len()..).unwrap_or_default();
            user.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        });
        match begins {
            Some(begins) => {
                let (before, user) = before.split_at(begins);
                out.push_str(before);
                out.push_str(plain);
                out.push_str(user.strip_prefix(scheme).unwrap_or(user));
                out.push_str(at);
            }
            None => {
                out.push_str(before);
                out.push_str(asked);
            }
        }
        rest = from.strip_prefix(asked).unwrap_or_default();
    }
    out + rest
}

/// `<login>/<database>` and a query about TLS, without the query.
fn without_query(text: &str, login: &str) -> String {
    let (mut plain, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(login) {
        let (before, from) = rest.split_at(at + login.len());
        plain.push_str(before);
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '/';
        let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
        let (database, after) = from.split_at(end);
        plain.push_str(database);
        rest = QUERIES
            .iter()
            .find_map(|query| after.strip_prefix(query))
            .unwrap_or(after);
    }
    plain + rest
}

/// The products that a component uses on the side that rents.
fn used<'a>(rents: Side<'a>, role: &'a str) -> impl Iterator<Item = (&'a String, &'a Rented)> {
    let edges = rents.facts.edges.iter().filter(move |edge| edge.from == role);
    edges.filter_map(|edge| rents.facts.rented.get_key_value(&edge.to))
}

/// Whether a variable may differ, or be there on one side only: whether a product has TLS, its port, or a login that
/// only one side asks for.
pub(super) fn may_differ(
    rents: Side<'_>,
    runs: Side<'_>,
    role: &str,
    texts: (Option<&str>, Option<&str>),
) -> bool {
    if rents.target != Target::Aws || runs.target == Target::Aws {
        return false;
    }
    let mut used = used(rents, role);
    match texts {
        (Some(rented), Some(run)) => used.any(|(_, product)| {
            let is_port = product.here.is_some_and(|here| here.to_string() == rented)
                && product.port.to_string() == run;
            is_port || is_but_for_tls(rented, run)
        }),
        // An attribute that a product may lack is not there where it is run.
        (Some(rented), None) => used.any(|(product, facts)| {
            let password = mark("secret", &secret_of(product, "password"));
            facts
                .login
                .as_ref()
                .is_some_and(|login| rented == login || rented == password)
        }),
        // Or it is not there where it is rented: whoever has the permission needs no keys.
        (None, Some(run)) => used.any(|(product, facts)| {
            let key = mark("secret", &secret_of(product, "secret-key"));
            let name = if product.len() < 3 {
                format!("{product}-bucket")
            } else {
                product.clone()
            };
            facts.scheme == "s3" && (run == key || run == name)
        }),
        (None, None) => false,
    }
}

/// Whether one `true` of the first text is a `false` in the second, and nothing else differs.
fn is_but_for_tls(rented: &str, run: &str) -> bool {
    rented.match_indices("true").any(|(at, word)| {
        let (before, from) = rented.split_at(at);
        let after = from.strip_prefix(word).unwrap_or(from);
        format!("{before}false{after}") == run
    })
}

/// Who rents a product has no administrator of his own to log in as and no keys of a bucket; who runs it may have
/// nobody who logs in.
pub(super) fn stored(side: Side<'_>, other: Side<'_>) -> BTreeSet<String> {
    let without = |role: &String| {
        [
            secret_of(role, "administrator-password"),
            secret_of(role, "secret-key"),
        ]
    };
    let others: BTreeSet<String> = other.facts.rented.keys().flat_map(without).collect();
    let logins = side
        .facts
        .rented
        .iter()
        .filter(|(_, rented)| rented.login.is_some());
    let own: BTreeSet<String> = logins.map(|(role, _)| secret_of(role, "password")).collect();
    let own = if other.target == Target::Aws {
        BTreeSet::new()
    } else {
        own
    };
    let stored = side.facts.stored.difference(&others);
    stored.filter(|secret| !own.contains(*secret)).cloned().collect()
}

/// One container may answer for several products: edges to it lead to whichever of its ports the product has.
pub(super) fn edges(side: Side<'_>, other: Side<'_>) -> BTreeSet<Edge> {
    let renamed = |edge: &Edge, names: &BTreeMap<String, String>| Edge {
        to: names.get(&edge.to).unwrap_or(&edge.to).clone(),
        ..edge.clone()
    };
    let own: BTreeSet<Edge> = side
        .facts
        .edges
        .iter()
        .map(|edge| renamed(edge, &other.facts.names))
        .collect();
    let hubs: BTreeSet<&String> = side.facts.names.values().collect();
    let others: BTreeSet<Edge> = other
        .facts
        .edges
        .iter()
        .map(|edge| renamed(edge, &side.facts.names))
        .collect();
    let is_double = |edge: &Edge| {
        hubs.contains(&edge.to)
            && !others.contains(edge)
            && others
                .iter()
                .any(|known| known.from == edge.from && known.to == edge.to)
    };
    own.into_iter().filter(|edge| !is_double(edge)).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_but_for_tls, rendered};
    use crate::facts::compare::Side;
    use crate::facts::{Facts, Part, Rented, Target, Value};

    #[test]
    fn tls_is_one_word_of_a_text() {
        assert!(is_but_for_tls("true", "false"));
        assert!(is_but_for_tls("a:1,x=true,ssl=true", "a:1,x=true,ssl=false"));
        assert!(!is_but_for_tls("a:1,ssl=true", "a:1,ssl=true"));
        assert!(!is_but_for_tls("a:1,ssl=true", "b:1,ssl=false"));
    }

    fn text_of(scheme: &str, port: u16, here: u16, parts: [Part; 5]) -> String {
        let mut facts = Facts::default();
        let rented = Rented {
            port,
            here: Some(here),
            scheme: scheme.into(),
            login: None,
        };
        facts.rented.insert("db".into(), rented);
        let side = Side {
            target: Target::Aws,
            facts: &facts,
        };
        rendered(side, &parts.into_iter().collect())
    }

    fn parts(before: &str, after: &str) -> [Part; 5] {
        [
            Part::Text(before.into()),
            Part::Secret("DB_PASSWORD".into()),
            Part::Text("@".into()),
            Part::Attribute("db".into(), "host".into()),
            Part::Text(after.into()),
        ]
    }

    #[test]
    fn only_the_url_of_the_product_itself_loses_its_query() {
        let after = ":5432/shop?sslmode=require and x?sslmode=require";
        let text = text_of("postgresql", 5432, 5432, parts("postgresql://shop:", after));
        assert!(text.ends_with("@db:5432/shop and x?sslmode=require"), "{text}");
    }

    #[test]
    fn only_the_url_of_the_product_itself_loses_its_scheme() {
        let text = text_of("amqp", 5672, 5671, parts("amqps://x amqps://clerk:", ":5671"));
        assert!(text.starts_with("amqps://x amqp://clerk:"), "{text}");
        assert!(text.ends_with("@db:5672"), "{text}");
    }

    #[test]
    fn a_value_without_a_product_stays_as_it_is() {
        let facts = Facts::default();
        let side = Side {
            target: Target::Aws,
            facts: &facts,
        };
        assert_eq!(rendered(side, &Value::text("rediss://x")), "rediss://x");
    }
}
