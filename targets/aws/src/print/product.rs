//! `dependency_<role>.tf` of a rented product: what all of them have, around what only one has.

mod broker;
mod bucket;
mod cache;
mod database;
mod documents;
mod queue;
mod search;
mod stream;

use super::common::{File, ephemeral, resource, security_group, subnet_ids};
use super::{rules, secrets};
use crate::model::{Content, Password, Product, Rental, Settings, Spread};
use exoc_emit::hcl::{Block, Expression, Object, Template, call, list, object, reference};

/// One product.
pub(super) fn file(product: &Product, prefix: &str) -> File {
    let mut file = File::default();
    match &product.rental {
        Rental::Database(database) => database::add(&mut file, product, database, prefix),
        Rental::Documents(documents) => documents::add(&mut file, product, documents, prefix),
        Rental::Cache(cache) => cache::add(&mut file, product, cache, prefix),
        Rental::Memcached(memcached) => cache::add_memcached(&mut file, product, memcached, prefix),
        Rental::Broker(broker) => broker::add(&mut file, product, broker, prefix),
        Rental::Stream(stream) => stream::add(&mut file, product, stream, prefix),
        Rental::Search(search) => search::add(&mut file, product, search, prefix),
        Rental::Bucket(bucket) => bucket::add(&mut file, product, bucket),
        Rental::Queue(queue) => queue::add(&mut file, product, queue),
        Rental::Topic(topic) => queue::add_topic(&mut file, product, topic),
    }
    if let Some(url) = &product.url {
        secrets::add(&mut file, url);
    }
    file
}

/// The subnets from which no route leads out, for a product that wants them in a group.
fn subnets(file: &mut File, product: &Product, kind: &str, name: (&'static str, &str)) {
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
            // It cannot change, so that it has the name that stays.
            &format!("{what} {} of {prefix}", product.identity),
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
            drawn(product, ephemeral("random_password", random)),
        ),
        Content::InState { random, key } => file.add(
            format!("The password, which stands in the encrypted state: {why}."),
            &product.lines,
            drawn(product, resource("random_password", random))
                .attr("keepers", object([("version", secrets::numbered(key))])),
        ),
        Content::Fixed { random } => file.add(
            format!("The password, which stands in the encrypted state and stays: {why}."),
            &product.lines,
            drawn(product, resource("random_password", random)),
        ),
        Content::Supplied { .. } | Content::Composed { .. } => {}
    }
    secrets::add(file, secret);
    if *read_back {
        secrets::add_read_back(file, secret);
    }
}

/// A random password; with a hyphen where the server asks for something besides letters and digits.
fn drawn(product: &Product, block: Block) -> Block {
    match &product.rental {
        Rental::Search(_) => block
            .attr("length", 32)
            .attr("min_lower", 1)
            .attr("min_numeric", 1)
            .attr("min_special", 1)
            .attr("min_upper", 1)
            .attr("override_special", "-"),
        Rental::Database(_)
        | Rental::Documents(_)
        | Rental::Cache(_)
        | Rental::Memcached(_)
        | Rental::Broker(_)
        | Rental::Stream(_)
        | Rental::Bucket(_)
        | Rental::Queue(_)
        | Rental::Topic(_) => secrets::random(block),
    }
}

/// The comment above a server, with why it has its size.
fn sized(what: &str, picked: &str) -> String {
    format!("{what}\n{picked}")
}

/// Settings as blocks `parameter`.
fn parameters(block: Block, settings: &Settings) -> Block {
    settings.iter().fold(block, |block, (name, value)| {
        block.block("parameter", |body| body.attr("name", name).attr("value", value))
    })
}

/// A text of lines, one item of a list each.
fn lines_of(lines: impl Iterator<Item = String>) -> Expression {
    let lines = lines.map(Expression::from);
    call("join", [Expression::from("\n"), list(lines)])
}

/// The subnets without a way out that a product's nodes stand in.
fn spread_over(spread: Spread) -> Expression {
    match spread {
        Spread::All => subnet_ids("data"),
        Spread::First(count) => call("slice", [subnet_ids("data"), 0.into(), count_of(count)]),
    }
}

fn count_of(count: usize) -> Expression {
    u64::try_from(count).unwrap_or(u64::MAX).into()
}

/// Drawn once for each server, so that the name of its last snapshot is free: a constant name would be taken when an
/// environment of the same name is destroyed for the second time, and the time of day would change with every plan.
/// The keepers are what replaces a server.
fn snapshot_name(file: &mut File, product: &Product, keepers: Object) {
    file.add(
        "Drawn once for each server, so that the name of its last snapshot is free.",
        &product.lines,
        resource("random_id", &product.address)
            .attr("byte_length", 4)
            .attr("keepers", keepers),
    );
}

/// The name of the last snapshot of a server of this name.
fn last_snapshot(product: &Product, name: &str) -> Template {
    Template::new()
        .text(&format!("{name}-final-"))
        .value(reference(["random_id", &product.address, "hex"]))
}

/// A server's password that neither plan nor state holds, with the number that stores it anew.
fn written_only(block: Block, product: &Product, argument: &'static str) -> Block {
    let Some(Password { secret, read_back: _ }) = &product.password else {
        return block;
    };
    let version = "aws_secretsmanager_secret_version";
    block
        .attr(
            argument,
            reference(["ephemeral", version, &secret.address, "secret_string"]),
        )
        .attr_named(
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
