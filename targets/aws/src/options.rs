//! The options under `targets.aws`: their schema, and reading them. Must not know the program.

mod entry;
mod network;
mod operation;
mod region;

pub(crate) use entry::{GivenBalancer, Zone};
pub(crate) use network::{Endpoints, GivenVpc};
pub(crate) use operation::{FirewallOption, Registry};

use crate::model::{Nat, Standing};
use exoc_diagnostics::{Diagnostic, Node, Sink, Span, Spanned, codes};

/// The schema of the options.
pub(crate) const SCHEMA: &str = include_str!("options.schema.json");

/// The options, with defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) region: String,
    pub(crate) account: String,
    /// Availability zones, at least two.
    pub(crate) zones: Vec<String>,
    pub(crate) nat: Spanned<Nat>,
    /// How tasks reach AWS itself.
    pub(crate) endpoints: Spanned<Endpoints>,
    /// Which subnets tasks stand in.
    pub(crate) tasks: Spanned<Standing>,
    /// A network that exists already, instead of one of our own.
    pub(crate) vpc: Option<Spanned<GivenVpc>>,
    /// A cluster that exists already.
    pub(crate) cluster: Option<Spanned<String>>,
    /// A load balancer that exists already.
    pub(crate) balancer: Option<Spanned<GivenBalancer>>,
    /// Certificates that exist already; none means that each host gets its own.
    pub(crate) certificates: Vec<Spanned<String>>,
    /// Hosted zones that hold the public hosts; none means that they are guessed.
    pub(crate) hosted_zones: Vec<Spanned<Zone>>,
    pub(crate) cidr: Spanned<String>,
    /// The image of the containers that check tasks, where it is not the usual one.
    pub(crate) companion: Option<String>,
    /// Services whose tasks beyond the first run on spare capacity, by role.
    pub(crate) spot: Vec<Spanned<String>>,
    /// Private registries.
    pub(crate) registries: Vec<Spanned<Registry>>,
    pub(crate) firewall: Option<Spanned<FirewallOption>>,
    /// Who hears of alarms.
    pub(crate) alarm_emails: Vec<Spanned<String>>,
    pub(crate) state_bucket: Option<String>,
    pub(crate) state_region: String,
}

impl Options {
    /// Reads a mapping that the schema accepts. Reports what a schema cannot say; `None` if something was reported.
    pub(crate) fn read(node: &Node, at: Span, sink: &mut Sink) -> Option<Self> {
        let region = required(node, "region", at, sink);
        let account = required(node, "account", at, sink);
        let (region, account) = (region?, account?);
        let known = region::known(&region, sink);
        let zones = match node.get("zones") {
            Some(zones) => region::zones_within(zones, &region.value, sink),
            None => Some(region::default_zones(&region.value)),
        };
        let network = network::read(node, at, sink);
        let entry = entry::read(node, &region.value, &account.value, sink);
        let operation = operation::read(node, &region.value, sink);
        let state = node.get("state");
        let text_of = |node: Option<&Node>| node.and_then(Node::as_text).map(str::to_owned);
        let (
            network::Network {
                nat,
                endpoints,
                tasks,
                cidr,
                vpc,
                cluster,
            },
            entry,
        ) = (network?, entry?);
        known.then_some(())?;
        let operation::Operation {
            spot,
            registries,
            firewall,
            alarm_emails,
        } = operation?;
        Some(Self {
            spot,
            registries,
            firewall,
            alarm_emails,
            zones: zones?,
            nat,
            endpoints,
            tasks,
            vpc,
            cluster,
            balancer: entry.balancer,
            certificates: entry.certificates,
            hosted_zones: entry.zones,
            cidr,
            companion: text_of(node.get("companion-image")),
            state_bucket: text_of(state.and_then(|state| state.get("bucket"))),
            state_region: text_of(state.and_then(|state| state.get("region")))
                .unwrap_or_else(|| region.value.clone()),
            region: region.value,
            account: account.value,
        })
    }

    /// The partition of the region.
    ///
    /// Source: AWS general reference, "Amazon Resource Names (ARNs)", read 2026-11.
    pub(crate) fn partition(&self) -> &'static str {
        match self.region.split('-').next() {
            Some("cn") => "aws-cn",
            _ if self.region.starts_with("us-gov-") => "aws-us-gov",
            Some(_) | None => "aws",
        }
    }

    /// The host of the account's own registry in the region.
    ///
    /// Source: Amazon ECR user guide, "Amazon ECR private registry", read 2026-11.
    pub(crate) fn registry_host(&self) -> String {
        let end = match self.partition() {
            "aws-cn" => ".cn",
            _ => "",
        };
        format!("{}.dkr.ecr.{}.amazonaws.com{end}", self.account, self.region)
    }

    /// Whether tasks can open connections to the internet.
    pub(crate) fn way_out(&self) -> bool {
        self.vpc.is_some() || self.tasks.value == Standing::Public || self.nat.value != Nat::None
    }

    /// Whether tasks ask AWS itself through endpoints in the network.
    pub(crate) fn asks_inside(&self) -> bool {
        let no_way_out = self.nat.value == Nat::None && self.tasks.value == Standing::Private;
        self.vpc.is_none() && (no_way_out || self.endpoints.value == Endpoints::Interface)
    }
}

fn required(node: &Node, name: &str, at: Span, sink: &mut Sink) -> Option<Spanned<String>> {
    let text = node
        .get(name)
        .and_then(|option| Some(Spanned::new(option.as_scalar()?.text.to_string(), option.span)));
    if text.is_none() {
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                format!("the target `aws` needs the option `{name}`"),
            )
            .at(at, "")
            .help(format!("write it under `targets.aws`, like `{}`", example(name))),
        );
    }
    text
}

fn example(name: &str) -> &'static str {
    match name {
        "account" => "account: \"123456789012\"",
        _ => "region: eu-central-1",
    }
}

/// A text of a mapping.
fn text(node: &Node, name: &str) -> Option<String> {
    node.get(name)?.as_text().map(str::to_owned)
}

/// A text or a list of texts.
fn texts(node: Option<&Node>) -> Vec<Spanned<String>> {
    let text = |node: &Node| Some(Spanned::new(node.as_text()?.to_owned(), node.span));
    match node {
        None => Vec::new(),
        Some(node) => match node.as_list() {
            Some(all) => all.iter().filter_map(text).collect(),
            None => text(node).into_iter().collect(),
        },
    }
}
