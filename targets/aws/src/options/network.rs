//! The network: one of our own, or one that exists already.

use super::{text, texts};
use crate::model::{Nat, Standing};
use exoc_diagnostics::{Diagnostic, Node, Sink, Span, Spanned, codes};
use std::net::Ipv4Addr;

/// How tasks reach AWS itself, for images, secrets and logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoints {
    /// S3 through an endpoint, everything else over the way out.
    Gateway,
    /// Everything through endpoints in the network.
    Interface,
}

/// A network that exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenVpc {
    pub(crate) id: String,
    /// Ids of the subnets that the internet reaches, for load balancers.
    pub(crate) public: Vec<String>,
    /// Ids of the subnets of tasks.
    pub(crate) private: Vec<String>,
    /// Ids of the subnets of databases and caches.
    pub(crate) data: Vec<String>,
    /// The namespace of Cloud Map whose domain the network's DHCP options search.
    pub(crate) namespace: String,
}

/// What is read of the network.
pub(super) struct Network {
    pub(super) nat: Spanned<Nat>,
    pub(super) endpoints: Spanned<Endpoints>,
    pub(super) tasks: Spanned<Standing>,
    pub(super) cidr: Spanned<String>,
    pub(super) vpc: Option<Spanned<GivenVpc>>,
    pub(super) cluster: Option<Spanned<String>>,
}

/// What a network of our own is made of, and a given one is not.
const OF_OUR_OWN: [&str; 4] = ["nat", "endpoints", "cidr", "zones"];

pub(super) fn read(node: &Node, at: Span, sink: &mut Sink) -> Option<Network> {
    let word = |name: &str| node.get(name).and_then(Node::as_text);
    let span = |name: &str| node.get(name).map_or(at, |option| option.span);
    let tasks = match word("tasks") {
        Some("public") => Standing::Public,
        Some(_) | None => Standing::Private,
    };
    let nat = match (word("nat"), tasks) {
        (Some("none"), _) | (None, Standing::Public) => Nat::None,
        (Some("per-zone"), _) => Nat::PerZone,
        (Some(_), _) | (None, Standing::Private) => Nat::Single,
    };
    let endpoints = match word("endpoints") {
        Some("interface") => Endpoints::Interface,
        Some(_) | None => Endpoints::Gateway,
    };
    let mut fine = agree(node, tasks, sink);
    let cidr = match node.get("cidr") {
        Some(option) => Spanned::new(option.as_text().unwrap_or_default().to_owned(), option.span),
        None => Spanned::new("10.0.0.0/16".to_owned(), at),
    };
    fine &= is_range(&cidr, sink);
    let vpc = node.get("vpc").map(|option| (option, given(node, option, sink)));
    if vpc.is_none()
        && let Some(option) = node.get("namespace")
    {
        let message =
            "`namespace` names the private domain of a network that exists already, and `vpc` names none";
        conflict(
            message,
            option.span,
            "leave it out: a network of our own gets its own private domain",
            sink,
        );
        fine = false;
    }
    let vpc = match vpc {
        None => None,
        Some((option, Some(vpc))) => Some(Spanned::new(vpc, option.span)),
        Some((_, None)) => return None,
    };
    fine.then(|| Network {
        nat: Spanned::new(nat, span("nat")),
        endpoints: Spanned::new(endpoints, span("endpoints")),
        tasks: Spanned::new(tasks, span("tasks")),
        cidr,
        vpc,
        cluster: node
            .get("cluster")
            .and_then(|option| Some(Spanned::new(option.as_text()?.to_owned(), option.span))),
    })
}

/// Tasks in public subnets have their way out already.
fn agree(node: &Node, tasks: Standing, sink: &mut Sink) -> bool {
    let Standing::Public = tasks else { return true };
    let mut fine = true;
    for name in ["nat", "endpoints"] {
        let Some(option) = node.get(name) else { continue };
        if matches!(option.as_text(), Some("none" | "gateway")) {
            continue;
        }
        let message =
            format!("`tasks: public` gives tasks addresses of their own, and `{name}` is for tasks without");
        conflict(&message, option.span, "leave out one of the two", sink);
        fine = false;
    }
    fine
}

fn conflict(message: &str, at: Span, help: &str, sink: &mut Sink) {
    sink.error(Diagnostic::new(codes::BAD_OPTION, message).at(at, "").help(help));
}

/// Four numbers below 256 and as many bits as the schema lets, with nothing behind those bits.
fn is_range(cidr: &Spanned<String>, sink: &mut Sink) -> bool {
    let parts = cidr.value.split_once('/');
    let address = parts.and_then(|(address, _)| address.parse::<Ipv4Addr>().ok());
    let bits = parts.and_then(|(_, bits)| bits.parse::<u32>().ok());
    let (Some(address), Some(bits)) = (address, bits) else {
        let message = format!("`{}` is no range of addresses", cidr.value);
        conflict(
            &message,
            cidr.span,
            "write four numbers below 256 and the bits, like `10.0.0.0/16`",
            sink,
        );
        return false;
    };
    let kept = u32::from(address) & u32::MAX.checked_shl(32_u32.saturating_sub(bits)).unwrap_or(0);
    if kept == u32::from(address) {
        return true;
    }
    let message = format!("`{}` has bits behind its first {bits}", cidr.value);
    let help = format!("write `{}/{bits}`", Ipv4Addr::from(kept));
    conflict(&message, cidr.span, &help, sink);
    false
}

/// A network that exists already, with a namespace, because tasks could not find each other without.
fn given(node: &Node, option: &Node, sink: &mut Sink) -> Option<GivenVpc> {
    let mut fine = true;
    for name in OF_OUR_OWN {
        if let Some(own) = node.get(name) {
            let message =
                format!("`{name}` shapes a network of our own, and `vpc` names one that exists already");
            conflict(&message, own.span, "leave out one of the two", sink);
            fine = false;
        }
    }
    let Some(namespace) = text(node, "namespace") else {
        conflict(
            "the option `vpc` needs the option `namespace`: without it tasks do not find each other by their roles",
            option.span,
            "name a namespace of Cloud Map whose domain is in the search list of the network's DHCP options, like `namespace: ns-abcdefgh12345678`",
            sink,
        );
        return None;
    };
    let ids =
        |name: &str| -> Vec<String> { texts(option.get(name)).into_iter().map(|id| id.value).collect() };
    let private = ids("private");
    let data = ids("data");
    fine.then(|| GivenVpc {
        id: text(option, "id").unwrap_or_default(),
        public: ids("public"),
        data: if data.is_empty() { private.clone() } else { data },
        private,
        namespace,
    })
}
