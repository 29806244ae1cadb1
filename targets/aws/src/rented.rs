//! Which products of the catalogue AWS rents as which of its own. Must not know sizes or programs.

use exoc_diagnostics::codes;
use exoc_ir::{Expression, Product};

/// A product of AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rented {
    /// RDS.
    Database,
    /// `DocumentDB`.
    Documents,
    /// `ElastiCache` with a password.
    Cache,
    /// `ElastiCache` for Memcached.
    Memcached,
    /// Amazon MQ.
    Broker,
    /// MSK.
    Stream,
    /// `OpenSearch` Service.
    Search,
    /// S3.
    Bucket,
    /// SQS.
    Queue,
    /// SNS.
    Topic,
}

/// How a product is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// At a port of its own, inside the network.
    Port(u16),
    /// Through AWS' own interface, by whoever has the permission.
    Permission,
}

/// What AWS rents for a product; `None` for one that it does not have.
pub(crate) const fn rented(product: Product) -> Option<Rented> {
    Some(match product {
        Product::Postgres | Product::Mysql | Product::Mariadb => Rented::Database,
        Product::Mongodb => Rented::Documents,
        Product::Redis | Product::Valkey => Rented::Cache,
        Product::Memcached => Rented::Memcached,
        Product::Rabbitmq => Rented::Broker,
        Product::Kafka => Rented::Stream,
        Product::Search => Rented::Search,
        Product::Bucket => Rented::Bucket,
        Product::Queue => Rented::Queue,
        Product::Topic => Rented::Topic,
        Product::Nats => return None,
    })
}

/// How a product is reached; `None` for one that AWS does not rent.
pub(crate) fn access(product: Product) -> Option<Access> {
    let own = Access::Port(exoc_catalogue::entry(product).port);
    Some(match rented(product)? {
        Rented::Database | Rented::Documents | Rented::Cache | Rented::Memcached => own,
        // AMQP over TLS.
        Rented::Broker => Access::Port(5671),
        // SASL/SCRAM over TLS.
        Rented::Stream => Access::Port(9096),
        // HTTPS.
        Rented::Search => Access::Port(443),
        Rented::Bucket | Rented::Queue | Rented::Topic => Access::Permission,
    })
}

/// What the target does about a product.
pub(crate) fn express(product: Product) -> Expression {
    let noted = |code| Expression::Noted { code, text: "" };
    match rented(product) {
        Some(Rented::Database | Rented::Stream) => noted(codes::PRODUCT),
        Some(Rented::Documents) => noted(codes::DOCUMENTDB),
        Some(Rented::Cache | Rented::Broker | Rented::Search) => noted(codes::STATE_PASSWORD),
        Some(Rented::Memcached) => noted(codes::MEMCACHED_PLAIN),
        Some(Rented::Bucket | Rented::Queue | Rented::Topic) => Expression::Expressed,
        None => Expression::Noted {
            code: codes::NATS_ECS,
            text: "AWS rents no such product: aws runs it as one task with a file system, which is slow for JetStream",
        },
    }
}
