//! Regions and their availability zones.

use exoc_diagnostics::{Diagnostic, Node, Sink, Spanned, codes, did_you_mean};

/// The regions that accounts can use, in alphabetical order.
///
/// Source: boto/botocore, `botocore/data/partitions.json`, and the AWS general reference, "Regional endpoints", for
/// ap-east-2, ap-southeast-6, ap-southeast-7 and mx-central-1, read 2026-11. The isolated partitions and that of the
/// European Sovereign Cloud are left out: their services have other names.
const REGIONS: [&str; 38] = [
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

/// Whether AWS has the region; reports one that it has not.
pub(super) fn known(region: &Spanned<String>, sink: &mut Sink) -> bool {
    if REGIONS.contains(&region.value.as_str()) {
        return true;
    }
    let continent = region.value.split('-').next().unwrap_or_default();
    let near: Vec<String> = REGIONS
        .iter()
        .filter(|known| known.split('-').next() == Some(continent))
        .map(|known| format!("`{known}`"))
        .collect();
    let help = if near.is_empty() {
        "the list is in `docs/targets/aws.md`; a region is like `eu-central-1`".to_owned()
    } else {
        format!("the regions that begin like it are {}", near.join(", "))
    };
    sink.error(
        Diagnostic::new(codes::BAD_OPTION, format!("aws has no region `{}`", region.value))
            .at(region.span, "")
            .help_if(did_you_mean(&region.value, REGIONS))
            .help(help),
    );
    false
}

/// Two zones that every account has. New accounts have no zone b in Tokyo.
///
/// Source: Amazon EC2 user guide, "Availability Zones", read 2026-11.
pub(super) fn default_zones(region: &str) -> Vec<String> {
    let second = if region == "ap-northeast-1" { "c" } else { "b" };
    ["a", second].map(|letter| format!("{region}{letter}")).into()
}

/// The zones, if all are in the region.
pub(super) fn zones_within(zones: &Node, region: &str, sink: &mut Sink) -> Option<Vec<String>> {
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

#[cfg(test)]
mod tests {
    use super::REGIONS;

    #[test]
    fn regions_are_sorted_and_named_once() {
        assert!(REGIONS.is_sorted_by(|a, b| a < b));
    }
}
