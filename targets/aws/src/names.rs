//! Names: what AWS sees, held to its limits, and addresses of Terraform. Must not know what is named.

use exoc_diagnostics::{Diagnostic, Sink, Span, codes};
use exoc_ir::shorten;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Limits of names, in characters.
///
/// Source: the service quotas and API references of each product, read 2026-11.
pub(crate) mod limit {
    /// Application Load Balancer.
    pub(crate) const LOAD_BALANCER: usize = 32;
    /// Role of IAM.
    pub(crate) const ROLE: usize = 64;
    /// Instance of RDS.
    pub(crate) const DATABASE: usize = 63;
    /// Cluster of `DocumentDB`, whose servers have a number behind its name.
    pub(crate) const DOCUMENTS: usize = 61;
    /// Replication group of ElastiCache.
    pub(crate) const CACHE: usize = 40;
    /// Cluster of `ElastiCache` for Memcached.
    pub(crate) const MEMCACHED: usize = 40;
    /// Domain of `OpenSearch` Service.
    pub(crate) const SEARCH: usize = 28;
    /// Broker of Amazon MQ.
    pub(crate) const BROKER: usize = 50;
    /// Cluster of MSK.
    pub(crate) const STREAM: usize = 64;
    /// Queue of SQS.
    pub(crate) const QUEUE: usize = 80;
    /// Topic of SNS.
    pub(crate) const TOPIC: usize = 256;
    /// Prefix of a bucket's name, without its final hyphen.
    pub(crate) const BUCKET_PREFIX: usize = 36;
    /// State machine of Step Functions.
    pub(crate) const STATE_MACHINE: usize = 80;
    /// Schedule of EventBridge Scheduler.
    pub(crate) const SCHEDULE: usize = 64;
    /// Creation token of a file system of EFS.
    pub(crate) const FILE_SYSTEM: usize = 64;
    /// Web ACL.
    pub(crate) const FIREWALL: usize = 128;
    /// Anything of ECS.
    pub(crate) const ECS: usize = 255;
}

/// Makes the names of one application in one environment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names<'a> {
    pub(crate) application: &'a str,
    pub(crate) environment: &'a str,
}

impl Names<'_> {
    /// `<app>-<env>-<parts>`, whole.
    pub(crate) fn whole(&self, parts: &[&str]) -> String {
        self.parts(parts).join("-")
    }

    /// The same, shortened to a limit; a shortened name is noted at `span`.
    pub(crate) fn within(&self, parts: &[&str], limit: usize, span: Span, sink: &mut Sink) -> String {
        let shortened = shorten(&self.parts(parts), limit);
        if let Some(whole) = &shortened.whole {
            sink.report(
                Diagnostic::new(
                    codes::SHORTENED_NAME,
                    format!(
                        "`{whole}` is longer than {limit} characters and becomes `{}` on aws",
                        shortened.name
                    ),
                )
                .at(span, "")
                .help("a shorter role or application name keeps the name whole"),
            );
        }
        shortened.name
    }

    /// `<app>/<env>/<parts>`: names of secrets, and of repositories with one hyphen.
    pub(crate) fn path(&self, parts: &[&str]) -> String {
        let mut path = format!("{}/{}", self.application, self.environment);
        for part in parts {
            path.push('/');
            path.push_str(part);
        }
        path
    }

    fn parts<'b>(&'b self, parts: &[&'b str]) -> Vec<&'b str> {
        let mut all = vec![self.application, self.environment];
        all.extend_from_slice(parts);
        all
    }
}

/// The address of what belongs to a role. Roles have single hyphens only, so no two share one.
pub(crate) fn address(role: &str) -> String {
    role.replace('-', "_")
}

/// The address of the file system for a component's own volumes, by that of the component. No role begins so.
pub(crate) fn volumes_of(address: &str) -> String {
    format!("exoc_{address}_volumes")
}

/// The addresses of what belongs to hosts. A name that has lost a difference, `a-b.c` beside `a.b.c`, gets a hash.
pub(crate) fn host_addresses<'a>(hosts: impl IntoIterator<Item = &'a str>) -> BTreeMap<&'a str, String> {
    let mut taken = BTreeSet::new();
    let mut addresses = BTreeMap::new();
    for host in BTreeSet::from_iter(hosts) {
        let words = host.replace(['.', '-'], "_");
        let begins = words.starts_with(|first: char| first.is_ascii_alphabetic());
        let mut address = if begins { words } else { format!("host_{words}") };
        if taken.contains(&address) {
            let hash = Sha256::digest(host.as_bytes());
            address.push('_');
            address.extend(hash.iter().take(4).map(|byte| format!("{byte:02x}")));
        }
        taken.insert(address.clone());
        addresses.insert(host, address);
    }
    addresses
}

/// The zone that a host is registered in, as far as its name tells: its last two labels, or three below the
/// second levels that countries use.
pub(crate) fn registrable_parent(host: &str) -> String {
    const SECOND_LEVELS: [&str; 8] = ["ac", "co", "com", "edu", "gov", "ne", "net", "org"];
    let labels: Vec<&str> = host.split('.').collect();
    let below_country = match labels.as_slice() {
        [.., second, top] => top.len() == 2 && SECOND_LEVELS.contains(second),
        _ => false,
    };
    let keep = if below_country { 3 } else { 2 };
    labels
        .get(labels.len().saturating_sub(keep)..)
        .unwrap_or_default()
        .join(".")
}

#[cfg(test)]
mod tests {
    use super::{Names, address, host_addresses, limit, registrable_parent};
    use exoc_diagnostics::{Sink, SourceMap, Span};

    fn span() -> Span {
        let mut map = SourceMap::default();
        let source = map.add(exoc_diagnostics::VirtualPath::root(), String::new());
        Span::new(source, 0, 0)
    }

    #[test]
    fn holds_names_to_their_limits_and_says_so() {
        let names = Names {
            application: "an-application-of-some-length",
            environment: "production",
        };
        let mut sink = Sink::new();
        let name = names.within(&[], limit::LOAD_BALANCER, span(), &mut sink);
        assert!(name.len() <= 32);
        assert!(!name.contains("--"));
        let reported = sink.into_sorted();
        assert_eq!(reported.len(), 1);
        assert_eq!(reported[0].code.id, "EX0517");
    }

    #[test]
    fn keeps_addresses_apart() {
        assert_eq!(address("a-b"), "a_b");
        let hosts = host_addresses(["a.b.example.com", "a-b.example.com", "3d.example.com"]);
        assert_eq!(hosts["a-b.example.com"], "a_b_example_com");
        assert!(hosts["a.b.example.com"].starts_with("a_b_example_com_"));
        assert_eq!(hosts["3d.example.com"], "host_3d_example_com");
    }

    #[test]
    fn guesses_the_zone_of_a_host() {
        assert_eq!(registrable_parent("www.shop.example.com"), "example.com");
        assert_eq!(registrable_parent("www.example.co.uk"), "example.co.uk");
        assert_eq!(registrable_parent("example.com"), "example.com");
        assert_eq!(registrable_parent("localhost"), "localhost");
    }
}
