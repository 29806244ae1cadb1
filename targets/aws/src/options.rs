//! The options under `targets.aws`: their schema, and reading them. Must not know the program.

use crate::model::Nat;
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
    /// Hosted zones that hold the public hosts; none means that they are guessed.
    pub(crate) hosted_zones: Vec<Spanned<String>>,
    pub(crate) cidr: String,
    pub(crate) state_bucket: Option<String>,
    pub(crate) state_region: String,
}

impl Options {
    /// Reads a mapping that the schema accepts. Reports what a schema cannot say; `None` if a required option is
    /// missing or a zone is in another region.
    pub(crate) fn read(node: &Node, at: Span, sink: &mut Sink) -> Option<Self> {
        let region = required(node, "region", at, sink);
        let account = required(node, "account", at, sink);
        let (region, account) = (region?, account?);
        let zones = match node.get("zones") {
            Some(zones) => zones_within(zones, &region, sink)?,
            None => ["a", "b"].map(|letter| format!("{region}{letter}")).into(),
        };
        let state = node.get("state");
        let text_of = |node: Option<&Node>| node.and_then(Node::as_text).map(str::to_owned);
        Some(Self {
            zones,
            nat: nat(node, at),
            hosted_zones: hosted_zones(node),
            cidr: text_of(node.get("cidr")).unwrap_or_else(|| "10.0.0.0/16".to_owned()),
            state_bucket: text_of(state.and_then(|state| state.get("bucket"))),
            state_region: text_of(state.and_then(|state| state.get("region")))
                .unwrap_or_else(|| region.clone()),
            region,
            account,
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
}

fn required(node: &Node, name: &str, at: Span, sink: &mut Sink) -> Option<String> {
    let text = node
        .get(name)
        .and_then(Node::as_scalar)
        .map(|scalar| scalar.text.to_string());
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

fn zones_within(zones: &Node, region: &str, sink: &mut Sink) -> Option<Vec<String>> {
    let mut all = Vec::new();
    let mut fine = true;
    for zone in zones.as_list().unwrap_or_default() {
        let name = zone.as_text().unwrap_or_default();
        if name.strip_prefix(region).is_none_or(|letter| letter.len() != 1) {
            fine = false;
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    format!("`{name}` is no availability zone of the region `{region}`"),
                )
                .at(zone.span, "")
                .help(format!("a zone is the region and a letter, like `{region}a`")),
            );
        }
        all.push(name.to_owned());
    }
    fine.then_some(all)
}

fn nat(node: &Node, at: Span) -> Spanned<Nat> {
    let Some(option) = node.get("nat") else {
        return Spanned::new(Nat::Single, at);
    };
    let nat = match option.as_text() {
        Some("none") => Nat::None,
        Some("per-zone") => Nat::PerZone,
        Some(_) | None => Nat::Single,
    };
    Spanned::new(nat, option.span)
}

fn hosted_zones(node: &Node) -> Vec<Spanned<String>> {
    let Some(option) = node.get("zone") else {
        return Vec::new();
    };
    let name = |node: &Node| Some(Spanned::new(node.as_text()?.to_owned(), node.span));
    match option.as_list() {
        Some(names) => names.iter().filter_map(name).collect(),
        None => name(option).into_iter().collect(),
    }
}
