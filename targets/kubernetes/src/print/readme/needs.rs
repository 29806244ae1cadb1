//! What the cluster must have before anything is applied.

use crate::model::{Operator, Readme};
use crate::options::{Dns, Entry, GivenGateway, Way};

/// The lines about it.
pub(super) fn lines(readme: &Readme) -> String {
    let mut lines = format!(
        "The cluster needs Kubernetes {} or later and a network plugin that enforces NetworkPolicies.\n",
        readme.version.digits()
    );
    if let Some((entry, hosts)) = &readme.entry {
        lines += &self::entry(entry, hosts, &readme.namespace);
    }
    if readme.default_class {
        lines += "Claims name no class of storage, so the cluster needs a default StorageClass, or the option `storage-class` names one.\n";
    }
    for operator in &readme.operators {
        lines += self::operator(*operator);
    }
    if readme.backups.is_some() {
        lines += PLUGIN;
    }
    if let Some(class) = &readme.priority {
        lines += &format!("All pods have the PriorityClass `{class}`, without which none is made.\n");
    }
    lines + &dns(&readme.dns)
}

/// An operator, in the oldest release that is maintained and tested with all versions of Kubernetes that are printed for.
///
/// Sources: cloudnative-pg/cloudnative-pg docs/src/supported_releases.md; rabbitmq/cluster-operator 2.16.0, README.md,
/// "Quickstart", and its module, whose definitions judge what is printed; 2026-11.
const fn operator(operator: Operator) -> &'static str {
    match operator {
        Operator::CloudnativePg => {
            "It also needs CloudNativePG 1.30 or later, which makes the Secrets of the databases that it runs.\n"
        }
        Operator::Rabbitmq => {
            "It also needs the RabbitMQ Cluster Operator 2.16 or later, which makes the Secrets of the brokers that it runs:\n\n\
             ```sh\nkubectl apply -f https://github.com/rabbitmq/cluster-operator/releases/download/v2.16.0/cluster-operator.yml\n```\n\n"
        }
    }
}

/// What makes backups.
///
/// Source: cloudnative-pg/plugin-barman-cloud 0.14.0, web/docs/installation.mdx, 2026-11.
const PLUGIN: &str = "For backups it needs cert-manager and, in the namespace of CloudNativePG, its plugin Barman Cloud 0.14 or later. As it\n\
     comes, that namespace is `cnpg-system`:\n\n\
     ```sh\nkubectl apply -f https://github.com/cloudnative-pg/plugin-barman-cloud/releases/download/v0.14.0/manifest.yaml\n```\n\n";

/// What public HTTP enters by.
fn entry(entry: &Entry, hosts: &[String], namespace: &str) -> String {
    let Entry { way, pods } = entry;
    match way {
        Way::Gateway { class } => format!(
            "It also needs the Gateway API 1.4 and a GatewayClass `{class}` whose pods are in the namespace `{pods}`.\n"
        ),
        Way::Given(GivenGateway {
            name,
            namespace: of,
            https,
            http,
        }) => {
            let hosts: Vec<String> = hosts.iter().map(|host| format!("`{host}`")).collect();
            format!(
                "It also needs the Gateway API 1.4 and the Gateway `{name}` of the namespace `{of}`, whose pods are in the\n\
                 namespace `{pods}`. Its listeners `{https}`, with TLS, and `{http}`, without, must take routes of the namespace\n\
                 `{namespace}` for {}.\n",
                hosts.join(", ")
            )
        }
        Way::Ingress { class } => format!(
            "It also needs an IngressClass `{class}` whose controller has its pods in the namespace `{pods}`.\n"
        ),
    }
}

/// Where names are resolved, which is the first thing that a policy may break.
fn dns(dns: &Dns) -> String {
    let Dns {
        namespace,
        label: (key, value),
        port,
        address,
    } = dns;
    format!(
        "Names are resolved by the pods `{key}={value}` of the namespace `{namespace}` on port {port}, or by NodeLocal DNSCache\n\
         at {address}. Policies let pods ask nobody else, so where the cluster's DNS is elsewhere, the option `dns` must say it.\n"
    )
}
