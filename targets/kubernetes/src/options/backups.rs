//! The option `backups`: where backups go, and by what pods may write there. Knows no database.

use exoc_diagnostics::{Diagnostic, Failed, Node, Sink, Span, codes};

/// Where backups go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Backups {
    /// The bucket and a folder of it, as a URL without a slash at its end.
    pub(crate) destination: String,
    /// Who keeps the bucket; `None` for Amazon S3.
    pub(crate) endpoint: Option<Endpoint>,
    /// The region of the bucket, if its keeper asks for one.
    pub(crate) region: Option<String>,
    /// By what pods may write there.
    pub(crate) access: Access,
    /// Where the option is written.
    pub(crate) at: Span,
}

/// Who keeps a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Endpoint {
    /// The address, as a URL.
    pub(crate) url: String,
    /// Its host.
    pub(crate) host: String,
    /// Its port.
    pub(crate) port: u16,
}

/// By what pods may write to a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// A role of AWS, by its name there, which the account of the pods has.
    Role(String),
    /// A Secret with a key of the store and what proves it.
    Secret(String),
}

impl Endpoint {
    /// Reads a URL that the schema accepts.
    fn of(url: &str) -> Option<Self> {
        let url = url.trim_end_matches('/');
        let (scheme, place) = url.split_once("://")?;
        let (host, port) = match place.split_once(':') {
            Some((host, port)) => (host, port.parse().ok()?),
            None if scheme == "http" => (place, 80),
            None => (place, 443),
        };
        Some(Self {
            url: url.to_owned(),
            host: host.to_owned(),
            port,
        })
    }

    /// The namespace of a Service of the cluster: `name.namespace.svc`, and what the cluster's own domain is.
    pub(crate) fn namespace(&self) -> Option<&str> {
        let mut labels = self.host.split('.').skip(1);
        let namespace = labels.next()?;
        (labels.next()? == "svc").then_some(namespace)
    }
}

/// Reads the option, if it is written.
///
/// # Errors
///
/// If pods may write by nothing or by two things, or would ask outside of the cluster without TLS.
pub(super) fn read(options: &Node, sink: &mut Sink) -> Result<Option<Backups>, Failed> {
    let Some(member) = options.as_map().and_then(|map| map.get("backups")) else {
        return Ok(None);
    };
    let (at, node) = (member.key.span, &member.value);
    let text = |key: &str| node.get(key).and_then(Node::as_text);
    let access = match (text("role"), text("secret")) {
        (Some(role), None) => Some(Access::Role(role.to_owned())),
        (None, Some(secret)) => Some(Access::Secret(secret.to_owned())),
        (role, _) => {
            let message = if role.is_some() {
                "`backups` has both `role` and `secret`"
            } else {
                "`backups` needs `role` or `secret` in it"
            };
            let diagnostic = Diagnostic::new(codes::BAD_OPTION, message)
                .at(at, "")
                .help("write `secret: backups`, a Secret with the keys of the store")
                .help("or on EKS `role: \"arn:aws:iam::123456789012:role/backups\"`, which no key opens");
            sink.error(diagnostic);
            None
        }
    };
    let endpoint = text("endpoint").and_then(Endpoint::of);
    let is_plain = |endpoint: &Endpoint| endpoint.url.starts_with("http:") && endpoint.namespace().is_none();
    if endpoint.as_ref().is_some_and(is_plain) {
        let diagnostic = Diagnostic::new(codes::BAD_OPTION, "backups would leave the cluster in plain text")
            .at(node.get("endpoint").map_or(at, |node| node.span), "")
            .help(
                "write `https://`, or name a Service of the cluster, as in `http://minio.storage.svc:9000`",
            );
        sink.error(diagnostic);
    }
    sink.checkpoint()?;
    Ok(text("destination")
        .zip(access)
        .map(|(destination, access)| Backups {
            destination: destination.trim_end_matches('/').to_owned(),
            endpoint,
            region: text("region").map(str::to_owned),
            access,
            at,
        }))
}
