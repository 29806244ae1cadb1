//! What is public: hosted zones, certificates, a load balancer that exists already.

use super::{text, texts};
use exoc_diagnostics::{Diagnostic, Node, Sink, Span, Spanned, codes};

/// A hosted zone of Route 53.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    pub(crate) name: String,
    /// Whether it is made, or exists already.
    pub(crate) made: bool,
}

/// A load balancer that exists already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GivenBalancer {
    /// The ARN of its listener for HTTPS.
    pub(crate) listener: String,
    /// The id of its security group.
    pub(crate) group: String,
}

impl GivenBalancer {
    /// The ARN of the load balancer, which that of a listener contains.
    ///
    /// Source: Service authorization reference, "Resource types defined by AWS Elastic Load Balancing V2", read 2026-11.
    pub(crate) fn arn(&self) -> String {
        let (whole, _) = self.listener.rsplit_once('/').unwrap_or((&self.listener, ""));
        whole.replacen(":listener/", ":loadbalancer/", 1)
    }
}

/// What is read of the entry.
pub(super) struct Entry {
    pub(super) zones: Vec<Spanned<Zone>>,
    pub(super) certificates: Vec<Spanned<String>>,
    pub(super) balancer: Option<Spanned<GivenBalancer>>,
}

pub(super) fn read(node: &Node, region: &str, account: &str, sink: &mut Sink) -> Option<Entry> {
    let zones = zones(node);
    let certificates = texts(node.get("certificate"));
    let mut fine = true;
    for certificate in &certificates {
        fine &= is_here(&certificate.value, "acm", region, account, certificate.span, sink);
    }
    let mut names: Vec<&Spanned<Zone>> = Vec::new();
    for zone in &zones {
        if let Some(first) = names.iter().find(|known| known.value.name == zone.value.name) {
            fine = false;
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    format!("the zone `{}` is named twice", zone.value.name),
                )
                .at(zone.span, "")
                .also(first.span, "the first time")
                .help("leave out one of the two"),
            );
        }
        names.push(zone);
    }
    let balancer = node.get("load-balancer").map(|option| {
        let balancer = GivenBalancer {
            listener: text(option, "listener").unwrap_or_default(),
            group: text(option, "security-group").unwrap_or_default(),
        };
        Spanned::new(balancer, option.span)
    });
    if let Some(balancer) = &balancer {
        let GivenBalancer { listener, group: _ } = &balancer.value;
        fine &= is_here(
            listener,
            "elasticloadbalancing",
            region,
            account,
            balancer.span,
            sink,
        );
        if node.get("vpc").is_none() {
            fine = false;
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    "the option `load-balancer` needs the option `vpc`: a load balancer reaches its own network alone",
                )
                .at(balancer.span, "")
                .help("name the network that it stands in"),
            );
        }
    }
    fine.then_some(Entry {
        zones,
        certificates,
        balancer,
    })
}

/// Whether an ARN is of this region and account; reports one that is not.
fn is_here(arn: &str, service: &str, region: &str, account: &str, at: Span, sink: &mut Sink) -> bool {
    let mut parts = arn.split(':').skip(2);
    if (parts.next(), parts.next(), parts.next()) == (Some(service), Some(region), Some(account)) {
        return true;
    }
    sink.error(
        Diagnostic::new(
            codes::BAD_OPTION,
            format!("`{arn}` is not of the region `{region}` and the account `{account}`"),
        )
        .at(at, "")
        .help("a load balancer uses what stands beside it"),
    );
    false
}

fn zones(node: &Node) -> Vec<Spanned<Zone>> {
    let zone = |node: &Node| {
        let (name, made) = match node.as_text() {
            Some(name) => (name.to_owned(), false),
            None => (text(node, "make")?, true),
        };
        Some(Spanned::new(Zone { name, made }, node.span))
    };
    match node.get("zone") {
        None => Vec::new(),
        Some(option) => match option.as_list() {
            Some(all) => all.iter().filter_map(zone).collect(),
            None => zone(option).into_iter().collect(),
        },
    }
}
