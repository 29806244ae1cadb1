//! Which way public HTTP takes into the cluster: the options about a Gateway or an Ingress, of which the one kind has no
//! use beside the other. Knows no route.

use exoc_diagnostics::{Diagnostic, Failed, Member, Node, Sink, Span, codes};

/// What public HTTP services enter by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// A Gateway of the application's own.
    Gateway {
        /// Its class.
        class: String,
    },
    /// A Gateway that is there.
    Given(GivenGateway),
    /// An Ingress.
    Ingress {
        /// Its class.
        class: String,
    },
}

/// A Gateway of the cluster, which is somebody else's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenGateway {
    /// Its name.
    pub(crate) name: String,
    /// Its namespace.
    pub(crate) namespace: String,
    /// Its listener with TLS.
    pub(crate) https: String,
    /// Its plain listener.
    pub(crate) http: String,
}

/// A way in, and the namespace of the pods that forward what takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The way.
    pub(crate) way: Way,
    /// The namespace.
    pub(crate) pods: String,
}

/// The options that are about Gateways.
const OF_GATEWAY: [&str; 3] = ["gateway", "gateway-class", "gateway-namespace"];

/// The options that are about an Ingress, and that it needs.
const OF_INGRESS: [&str; 2] = ["ingress-class", "ingress-namespace"];

/// Reads the options about the entry.
///
/// # Errors
///
/// If some of them have no use or are missing; all of that is reported.
pub(super) fn read(options: &Node, sink: &mut Sink) -> Result<Entry, Failed> {
    let entry = options.get("entry");
    let wanted = entry.filter(|entry| entry.as_text() == Some("ingress"));
    let read = match wanted {
        Some(entry) => by_ingress(options, entry.span, sink),
        None => by_gateway(options, sink),
    };
    sink.checkpoint()?;
    Ok(read)
}

fn by_ingress(options: &Node, at: Span, sink: &mut Sink) -> Entry {
    for member in members(options, &OF_GATEWAY) {
        useless(
            member,
            "with `entry: ingress`",
            "remove one of the two: an Ingress has no Gateway",
            sink,
        );
    }
    let mut missing = OF_INGRESS.iter().filter(|name| options.get(name).is_none());
    if let Some(first) = missing.next() {
        let names = std::iter::once(first).chain(missing);
        let (names, examples): (Vec<_>, Vec<_>) = names
            .map(|name| (format!("`{name}`"), format!("`{name}: traefik`")))
            .unzip();
        let message = format!("`entry: ingress` needs {} beside it", names.join(" and "));
        sink.error(
            Diagnostic::new(codes::BAD_OPTION, message)
                .at(at, "")
                .help(format!("write for example {}", examples.join(" and "))),
        );
    }
    let or_missing = |name| text(options, name).unwrap_or_default();
    Entry {
        way: Way::Ingress {
            class: or_missing("ingress-class"),
        },
        pods: or_missing("ingress-namespace"),
    }
}

fn by_gateway(options: &Node, sink: &mut Sink) -> Entry {
    for member in members(options, &OF_INGRESS) {
        useless(
            member,
            "without `entry: ingress`",
            "write `entry: ingress` beside it, or remove it",
            sink,
        );
    }
    let pods = text(options, "gateway-namespace");
    let Some(given) = given(options.get("gateway")) else {
        let class = text(options, "gateway-class").unwrap_or_else(|| "gateway".to_owned());
        return Entry {
            way: Way::Gateway { class },
            pods: pods.unwrap_or_else(|| "gateway-system".to_owned()),
        };
    };
    for member in members(options, &["gateway-class", "cluster-issuer"]) {
        useless(
            member,
            "beside `gateway`",
            "remove one of the two: whoever made that Gateway gave it its class and its certificates",
            sink,
        );
    }
    Entry {
        pods: pods.unwrap_or_else(|| given.namespace.clone()),
        way: Way::Given(given),
    }
}

fn given(node: Option<&Node>) -> Option<GivenGateway> {
    let node = node?;
    let listener = |key: &str, default: &str| text(node, key).unwrap_or_else(|| default.to_owned());
    Some(GivenGateway {
        name: text(node, "name")?,
        namespace: text(node, "namespace")?,
        https: listener("https-listener", "https"),
        http: listener("http-listener", "http"),
    })
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_text).map(str::to_owned)
}

/// The options of these names that are written.
fn members<'n>(options: &'n Node, names: &'n [&str]) -> impl Iterator<Item = &'n Member> {
    let map = options.as_map();
    names.iter().filter_map(move |name| map?.get(name))
}

/// Reports an option that changes nothing as things are.
fn useless(member: &Member, why: &str, help: &str, sink: &mut Sink) {
    let message = format!("the option `{}` has no use {why}", member.key.name);
    let diagnostic = Diagnostic::new(codes::BAD_OPTION, message)
        .at(member.key.span, "")
        .help(help);
    sink.error(diagnostic);
}
