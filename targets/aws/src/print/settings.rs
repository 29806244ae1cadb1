//! `versions.tf`, `providers.tf`, `backend.tf`, `locals.tf`: what Terraform itself must know.

use super::common::File;
use crate::model::{Model, Place, State, Vpc};
use exoc_emit::hcl::{Object, block, local};

/// What Terraform and OpenTofu have in common that these files need.
pub(super) const TERRAFORM: &str = ">= 1.11.0";

/// The versions of the provider that these files are written for.
pub(super) const PROVIDER: &str = "~> 6.25";

/// The versions that the files are written for: what Terraform 1.11 and OpenTofu 1.11 have in common.
pub(super) fn versions(model: &Model) -> File {
    let mut file = File::default();
    let provider =
        |source: &str, version: &str| Object::new().with("source", source).with("version", version);
    // It makes passwords and nothing else.
    let random =
        !model.secrets.made.is_empty() || model.products.iter().any(|product| product.password.is_some());
    file.add(
        "What these files are written for: the version brings ephemeral resources, write-only arguments and locks in S3.",
        &model.lines,
        block("terraform", [])
            .attr("required_version", TERRAFORM)
            .block("required_providers", |body| {
                body.attr("aws", provider("hashicorp/aws", PROVIDER))
                    .attr_some("random", random.then(|| provider("hashicorp/random", "~> 3.7")))
            }),
    );
    file
}

/// The provider, held to one account.
pub(super) fn providers(place: &Place) -> File {
    let mut file = File::default();
    file.add(
        "Everything stands in one region of one account; credentials come from outside.",
        &place.lines,
        block("provider", ["aws"])
            .attr("region", local("region"))
            .attr("allowed_account_ids", vec![local("account_id")])
            .block("default_tags", |body| body.attr("tags", local("tags"))),
    );
    file
}

/// Where the state is kept.
pub(super) fn backend(state: &State) -> File {
    let State {
        bucket,
        prefix: _, // of the module that makes one
        key,
        region,
        lines,
    } = state;
    let mut file = File::default();
    let comment = match bucket {
        Some(_) => "The state, encrypted and locked in a bucket that exists, or that bootstrap/ makes.",
        None => {
            "The state, encrypted and locked in a bucket that exists, or that bootstrap/ makes.\n\
             Its name is given to init: README.md says how."
        }
    };
    file.add(
        comment,
        lines,
        block("terraform", []).nested(
            block("backend", ["s3"])
                .attr_some("bucket", bucket.as_ref())
                .attr("key", key)
                .attr("region", region)
                .attr("encrypt", true)
                .attr("use_lockfile", true),
        ),
    );
    file
}

/// What several files refer to.
pub(super) fn locals(model: &Model) -> File {
    let mut file = File::default();
    let application = &model.application;
    let tags = Object::new()
        .with("Application", &application.name)
        .with("Environment", &application.environment)
        .with("ManagedBy", "exoc")
        .with_some("Owner", application.owner.as_ref());
    let zones = match &model.network.vpc {
        Vpc::Own(own) => {
            let mut zones = Object::new();
            for (index, zone) in own.zones.iter().enumerate() {
                zones.insert(zone, index);
            }
            Some(zones)
        }
        Vpc::Given(_) => None,
    };
    let comment = match &application.description {
        Some(description) => format!("{}: {}", application.name, description.trim_end()),
        None => format!("What the files of {} share.", application.prefix),
    };
    let locals = block("locals", [])
        .attr("account_id", &model.place.account)
        .attr("partition", model.place.partition)
        .attr("region", &model.place.region)
        .blank()
        .comment("Every resource that can have tags gets these.")
        .attr("tags", tags);
    let locals = match zones {
        Some(zones) => locals
            .comment("Availability zones and the places of their subnets.")
            .attr("zones", zones),
        None => locals,
    };
    file.add(comment, &application.lines, locals);
    file
}
