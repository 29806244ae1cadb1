//! What others are told of a product: attributes, as texts that AWS completes.

use super::Context;
use crate::model::{Piece, Reference};
use crate::names::address;
use crate::rented::{Rented, rented};
use exoc_ir::{Attribute, Backing, Component, Id, Managed};

/// The address of the secret that holds a product's password.
pub(in crate::plan) fn password_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!("{}_password", own(context, backing))
}

/// The address of the secret that holds a product's URL.
pub(in crate::plan) fn url_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!("{}_url", own(context, backing))
}

fn own(context: &Context<'_>, backing: Id<Backing>) -> String {
    address(context.program.role(Component::Backing(backing)))
}

/// The type of the resource that must be there before a product can be used.
pub(in crate::plan) const fn resource(rented: Rented) -> &'static str {
    match rented {
        Rented::Database => "aws_db_instance",
        Rented::Cache => "aws_elasticache_replication_group",
    }
}

/// An attribute of a managed product.
pub(in crate::plan) fn pieces(
    context: &Context<'_>,
    backing: Id<Backing>,
    attribute: Attribute,
) -> Vec<Piece> {
    let Some(managed) = context.program.managed(backing) else {
        return Vec::new();
    };
    let Some((host, port, username, database)) = references(managed, &own(context, backing)) else {
        return Vec::new();
    };
    let literal = |text: &str| Piece::Literal(text.to_owned());
    match attribute {
        Attribute::Host => vec![host],
        Attribute::Port => vec![port],
        Attribute::Address => vec![host, literal(":"), port],
        Attribute::Username => username.into_iter().collect(),
        Attribute::Database => database.into_iter().collect(),
        Attribute::Password => vec![Piece::Secret(password_address(context, backing))],
        // Both are made to refuse connections without TLS.
        Attribute::Tls => vec![literal("true")],
        // What is rented so far has none of these.
        Attribute::Brokers
        | Attribute::Name
        | Attribute::Region
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => Vec::new(),
        Attribute::Url => {
            let (scheme, query) = match rented(managed.product) {
                Some(Rented::Database) => ("postgresql://", "?sslmode=require"),
                Some(Rented::Cache) => ("rediss://", ""),
                None => return Vec::new(),
            };
            let mut url = vec![literal(scheme)];
            url.extend(username);
            url.extend([
                literal(":"),
                Piece::Secret(password_address(context, backing)),
                literal("@"),
            ]);
            url.extend([host, literal(":"), port]);
            if let Some(database) = database {
                url.extend([literal("/"), database]);
            }
            url.extend((!query.is_empty()).then(|| literal(query)));
            url
        }
    }
}

/// Host, port, user and database.
fn references(managed: &Managed, of: &str) -> Option<(Piece, Piece, Option<Piece>, Option<Piece>)> {
    let rented = rented(managed.product)?;
    let text = |attribute| Piece::Attribute(Reference::text(resource(rented), of, attribute));
    let number = |attribute| Piece::Attribute(Reference::number(resource(rented), of, attribute));
    Some(match rented {
        Rented::Database => (
            text("address"),
            number("port"),
            Some(text("username")),
            Some(text("db_name")),
        ),
        Rented::Cache => (text("primary_endpoint_address"), number("port"), None, None),
    })
}
