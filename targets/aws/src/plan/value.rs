//! Values of the IR as texts of the model: what only AWS knows becomes a reference.

use super::Context;
use super::secrets::supplied_address;
use crate::model::{Piece, Reference, Text};
use crate::names::address;
use crate::rented::{Rented, rented};
use exoc_ir::{Attribute, Backing, Id, Managed, Origin, Part, Secret, Value};

/// Where AWS keeps a managed product's attributes.
pub(super) const DATABASE: &str = "aws_db_instance";
pub(super) const CACHE: &str = "aws_elasticache_replication_group";

/// A value as a text; secrets in it stay secrets.
pub(super) fn text(context: &Context<'_>, value: &Value) -> Text {
    let mut text = Text::default();
    for part in value.parts() {
        match part {
            Part::Text(literal) => text.push(Piece::Literal(literal.clone())),
            Part::Secret(secret) => text.push(Piece::Secret(secret_address(context, *secret))),
            Part::Attribute(backing, attribute) => {
                attribute_pieces(context, *backing, *attribute)
                    .into_iter()
                    .for_each(|piece| text.push(piece));
            }
        }
    }
    text
}

/// The address of a stored secret.
pub(super) fn secret_address(context: &Context<'_>, secret: Id<Secret>) -> String {
    match context.program.secrets().get(secret) {
        Some(Secret {
            name,
            origin: Origin::Supplied { .. } | Origin::Generated { .. },
        }) => supplied_address(name),
        Some(Secret {
            name: _,
            origin: Origin::PasswordOf(backing),
        }) => password_address(context, *backing),
        // A rented product has no administrator of ours, and no workload is given one: the contract says so.
        Some(Secret {
            name,
            origin: Origin::AdministratorOf(_),
        }) => supplied_address(name),
        None => String::new(),
    }
}

/// The address of the secret that holds a product's password.
pub(super) fn password_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!(
        "{}_password",
        address(context.program.role(exoc_ir::Component::Backing(backing)))
    )
}

/// The address of the secret that holds a product's URL.
pub(super) fn url_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!(
        "{}_url",
        address(context.program.role(exoc_ir::Component::Backing(backing)))
    )
}

/// An attribute of a managed product.
pub(super) fn attribute_pieces(
    context: &Context<'_>,
    backing: Id<Backing>,
    attribute: Attribute,
) -> Vec<Piece> {
    let Some(managed) = context.program.managed(backing) else {
        return Vec::new();
    };
    let of = address(context.program.role(exoc_ir::Component::Backing(backing)));
    let Some((host, port, username, database)) = references(managed, &of) else {
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
    let text = |resource, attribute| Piece::Attribute(Reference::text(resource, of, attribute));
    let number = |resource, attribute| Piece::Attribute(Reference::number(resource, of, attribute));
    Some(match rented(managed.product)? {
        Rented::Database => (
            text(DATABASE, "address"),
            number(DATABASE, "port"),
            Some(text(DATABASE, "username")),
            Some(text(DATABASE, "db_name")),
        ),
        Rented::Cache => (
            text(CACHE, "primary_endpoint_address"),
            number(CACHE, "port"),
            None,
            None,
        ),
    })
}
