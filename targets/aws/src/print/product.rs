//! `dependency_<role>.tf` of a rented product: what all of them have, around what only one has.

mod cache;
mod database;

use super::common::{File, ephemeral, resource, security_group, subnet_ids};
use super::{rules, secrets};
use crate::model::{Content, Password, Product, Rental};
use exoc_emit::hcl::{Block, Expression, object, reference};

/// One product.
pub(super) fn file(product: &Product, prefix: &str) -> File {
    let mut file = File::default();
    match &product.rental {
        Rental::Database(database) => database::add(&mut file, product, database, prefix),
        Rental::Cache(cache) => cache::add(&mut file, product, cache, prefix),
    }
    if let Some(url) = &product.url {
        secrets::add(&mut file, url);
    }
    file
}

/// The subnets from which no route leads out, for a product that wants them in a group.
fn subnets(file: &mut File, product: &Product, kind: &str, name: (&str, &str)) {
    let (argument, name) = name;
    file.add(
        format!(
            "Puts {} into the subnets from which no route leads out.",
            product.role
        ),
        &product.lines,
        resource(kind, &product.address)
            .attr(argument, name)
            .attr("description", format!("Subnets of {}", product.role))
            .attr("subnet_ids", subnet_ids("data")),
    );
}

/// The product's security group with its rules; `what` begins its description.
fn group(file: &mut File, product: &Product, what: &str, prefix: &str) {
    let role = &product.role;
    file.add(
        format!("The security group of {role}."),
        &product.lines,
        security_group(
            &product.address,
            &product.name_prefix,
            &format!("{what} {role} of {prefix}"),
        ),
    );
    rules::add(file, &product.rules);
}

/// What its user logs in with, and what stores it; `why` says why the state holds it, if it does.
fn password(file: &mut File, product: &Product, why: &str) {
    let Some(Password { secret, read_back }) = &product.password else {
        return;
    };
    match &secret.content {
        Content::Generated { random, key: _ } => file.add(
            "Drawn at every run and stored only when the secret is new or its number was raised.",
            &product.lines,
            secrets::random(ephemeral("random_password", random)),
        ),
        Content::InState { random, key } => file.add(
            format!("The password, which stands in the encrypted state: {why}."),
            &product.lines,
            secrets::random(resource("random_password", random))
                .attr("keepers", object([("version", secrets::numbered(key))])),
        ),
        Content::Supplied { .. } | Content::Composed { .. } => {}
    }
    secrets::add(file, secret);
    if *read_back {
        secrets::add_read_back(file, secret);
    }
}

/// A server's password that neither plan nor state holds, with the number that stores it anew.
fn written_only(block: Block, product: &Product, argument: &str) -> Block {
    let Some(Password { secret, read_back: _ }) = &product.password else {
        return block;
    };
    let version = "aws_secretsmanager_secret_version";
    block
        .attr(
            argument,
            reference(["ephemeral", version, &secret.address, "secret_string"]),
        )
        .attr(
            &format!("{argument}_version"),
            reference([version, &secret.address, "secret_string_wo_version"]),
        )
}

/// The environment's key.
fn key() -> Expression {
    reference(["aws_kms_key", "main", "arn"])
}

/// The ids of the product's security groups, of which there is one.
fn group_ids(product: &Product) -> Vec<Expression> {
    vec![reference(["aws_security_group", &product.address, "id"])]
}
