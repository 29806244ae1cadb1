//! How the application is run: on spare capacity, with images of private registries, watched and guarded.

use super::{text, texts};
use exoc_diagnostics::{Diagnostic, Node, Sink, Spanned, codes};

/// What the firewall is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FirewallOption {
    /// Requests of one address in five minutes.
    pub(crate) rate: u32,
}

/// How a private registry is logged in to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registry {
    /// The host, as references to images name it.
    pub(crate) host: String,
    /// The ARN of the secret that holds user and password.
    pub(crate) secret: String,
    /// The ARN of the key that it is encrypted with, if it is not that of Secrets Manager.
    pub(crate) key: Option<String>,
}

/// What is read of the operation.
pub(super) struct Operation {
    pub(super) spot: Vec<Spanned<String>>,
    pub(super) registries: Vec<Spanned<Registry>>,
    pub(super) firewall: Option<Spanned<FirewallOption>>,
    pub(super) alarm_emails: Vec<Spanned<String>>,
}

pub(super) fn read(node: &Node, region: &str, sink: &mut Sink) -> Option<Operation> {
    let mut fine = true;
    let mut registries = Vec::new();
    for member in node
        .get("registries")
        .and_then(Node::as_map)
        .into_iter()
        .flat_map(|map| &map.members)
    {
        let (secret, key) = match member.value.as_text() {
            Some(secret) => (secret.to_owned(), None),
            None => (
                text(&member.value, "secret").unwrap_or_default(),
                text(&member.value, "key"),
            ),
        };
        if secret.split(':').nth(3).is_none_or(|here| here != region) {
            fine = false;
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    format!(
                        "the secret of the registry `{}` is not in the region `{region}`",
                        member.key.name
                    ),
                )
                .at(member.value.span, "")
                .help("ECS reads secrets of its own region alone"),
            );
        }
        let registry = Registry {
            host: member.key.name.to_string(),
            secret,
            key,
        };
        registries.push(Spanned::new(registry, member.key.span));
    }
    let firewall = node.get("firewall").map(|option| {
        let rate = option
            .get("requests")
            .and_then(Node::as_scalar)
            .and_then(|scalar| scalar.text.parse().ok())
            .unwrap_or(2000);
        Spanned::new(FirewallOption { rate }, option.span)
    });
    if let Some(firewall) = &firewall
        && node.get("load-balancer").is_some()
    {
        fine = false;
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                "`firewall` stands before a load balancer of our own, and `load-balancer` names one that exists already",
            )
            .at(firewall.span, "")
            .help("leave it out: whoever made the load balancer guards it"),
        );
    }
    fine.then(|| Operation {
        spot: texts(node.get("spot")),
        registries,
        firewall,
        alarm_emails: texts(node.get("alarm-emails")),
    })
}
