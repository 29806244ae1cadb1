//! Which products of the catalogue AWS rents as which of its own. Must not know sizes or programs.

use exoc_diagnostics::codes;
use exoc_ir::{Expression, Product};

/// A product of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rented {
    /// RDS.
    Database,
    /// ElastiCache.
    Cache,
}

/// What is rented so far.
const RENTED: &[(Product, Rented)] = &[
    (Product::Postgres, Rented::Database),
    (Product::Redis, Rented::Cache),
];

/// What AWS rents for a product; `None` for one that the feature table refuses.
pub(crate) fn rented(product: Product) -> Option<Rented> {
    RENTED
        .iter()
        .find_map(|&(known, rented)| (known == product).then_some(rented))
}

/// What the target does about a product.
pub(crate) fn express(product: Product) -> Expression {
    match rented(product) {
        Some(Rented::Database) => Expression::Noted {
            code: codes::PRODUCT,
            text: "",
        },
        Some(Rented::Cache) => Expression::Noted {
            code: codes::STATE_PASSWORD,
            text: "",
        },
        None => Expression::Refused {
            instead: "this target rents `postgres` and `redis` so far; another stands elsewhere and is `external`",
        },
    }
}
