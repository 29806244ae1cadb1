//! What others are told of a product: attributes, as texts that AWS completes.

use super::Context;
use crate::model::{Piece, Reference};
use crate::names::address;
use crate::rented::{Access, Rented, access, rented};
use exoc_ir::{Attribute, Backing, Component, Id, Managed, Product};

/// The address of the secret that holds a product's password.
pub(in crate::plan) fn password_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!("{}_password", own(context, backing))
}

/// The address of the secret that holds a product's URL.
pub(in crate::plan) fn url_address(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!("{}_url", own(context, backing))
}

/// The local value that holds a product's host, where no resource has it as an attribute.
pub(super) fn host_local(context: &Context<'_>, backing: Id<Backing>) -> String {
    format!("{}_host", own(context, backing))
}

/// The user of a product that has one only where it is rented: the application's name.
pub(super) fn default_username(context: &Context<'_>) -> String {
    context.program.app().name.replace('-', "_")
}

fn own(context: &Context<'_>, backing: Id<Backing>) -> String {
    address(context.program.role(Component::Backing(backing)))
}

/// The type of the resource that must be there before a product can be used.
pub(in crate::plan) const fn resource(rented: Rented) -> &'static str {
    match rented {
        Rented::Database => "aws_db_instance",
        Rented::Documents => "aws_docdb_cluster_instance",
        Rented::Cache => "aws_elasticache_replication_group",
        Rented::Memcached => "aws_elasticache_cluster",
        Rented::Broker => "aws_mq_broker",
        // Nobody can log in before.
        Rented::Stream => "aws_msk_scram_secret_association",
        Rented::Search => "aws_opensearch_domain",
        Rented::Bucket => "aws_s3_bucket",
        Rented::Queue => "aws_sqs_queue",
        Rented::Topic => "aws_sns_topic",
    }
}

/// Whether a product's user logs in with a password here.
const fn has_password(rented: Rented) -> bool {
    match rented {
        Rented::Database
        | Rented::Documents
        | Rented::Cache
        | Rented::Broker
        | Rented::Stream
        | Rented::Search => true,
        Rented::Memcached | Rented::Bucket | Rented::Queue | Rented::Topic => false,
    }
}

/// Whether a product takes another password later. Amazon MQ does not: `RabbitMQ` keeps its users itself.
///
/// Source: Amazon MQ developer guide, "Amazon MQ for RabbitMQ broker users", read 2026-11.
pub(in crate::plan) const fn is_rotated(rented: Rented) -> bool {
    match rented {
        Rented::Database | Rented::Documents | Rented::Cache | Rented::Stream | Rented::Search => true,
        Rented::Broker | Rented::Memcached | Rented::Bucket | Rented::Queue | Rented::Topic => false,
    }
}

/// An attribute of a managed product; nothing if it is absent here.
pub(in crate::plan) fn pieces(
    context: &Context<'_>,
    backing: Id<Backing>,
    attribute: Attribute,
) -> Vec<Piece> {
    let subject = context.program.managed(backing);
    let Some((managed, kind)) = subject.and_then(|managed| Some((managed, rented(managed.product)?))) else {
        return Vec::new();
    };
    match kind {
        Rented::Database
        | Rented::Documents
        | Rented::Cache
        | Rented::Memcached
        | Rented::Broker
        | Rented::Search => of_server(context, backing, managed, kind, attribute),
        Rented::Stream => of_stream(context, backing, attribute),
        Rented::Bucket => of_bucket(context, backing, attribute),
        Rented::Queue | Rented::Topic => of_messages(context, backing, kind, attribute),
    }
}

fn literal(text: impl Into<String>) -> Piece {
    Piece::Literal(text.into())
}

/// What a server has: where it is, and who logs in.
struct Server {
    host: Piece,
    port: Piece,
    username: Option<Piece>,
    database: Option<Piece>,
}

fn of_server(
    context: &Context<'_>,
    backing: Id<Backing>,
    managed: &Managed,
    kind: Rented,
    attribute: Attribute,
) -> Vec<Piece> {
    let Server {
        host,
        port,
        username,
        database,
    } = server(context, backing, managed, kind);
    let password = has_password(kind).then(|| Piece::Secret(password_address(context, backing)));
    match attribute {
        Attribute::Host => vec![host],
        Attribute::Port => vec![port],
        Attribute::Address => vec![host, literal(":"), port],
        Attribute::Username => username.into_iter().collect(),
        Attribute::Database => database.into_iter().collect(),
        Attribute::Password => password.into_iter().collect(),
        Attribute::Tls => vec![literal(if kind == Rented::Memcached {
            "false"
        } else {
            "true"
        })],
        Attribute::Url => {
            let (scheme, query) = form(managed.product);
            let mut url = vec![literal(scheme)];
            if let Some(password) = password {
                url.extend(username);
                url.extend([literal(":"), password, literal("@")]);
            }
            url.extend([host, literal(":"), port]);
            if let Some(database) = database {
                url.extend([literal("/"), database]);
            }
            url.extend((!query.is_empty()).then(|| literal(query)));
            url
        }
        // No server has these.
        Attribute::Brokers
        | Attribute::Name
        | Attribute::Region
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => Vec::new(),
    }
}

fn server(context: &Context<'_>, backing: Id<Backing>, managed: &Managed, kind: Rented) -> Server {
    let of = own(context, backing);
    let text = |resource, attribute| Piece::Attribute(Reference::text(resource, &of, attribute));
    let number = |resource, attribute| Piece::Attribute(Reference::number(resource, &of, attribute));
    let known = |name: &Option<String>| name.as_ref().map(|name| literal(name.as_str()));
    let fixed = match access(managed.product) {
        Some(Access::Port(port)) => literal(port.to_string()),
        Some(Access::Permission) | None => literal(""),
    };
    match kind {
        Rented::Database => Server {
            host: text("aws_db_instance", "address"),
            port: number("aws_db_instance", "port"),
            username: Some(text("aws_db_instance", "username")),
            database: Some(text("aws_db_instance", "db_name")),
        },
        Rented::Documents => Server {
            host: text("aws_docdb_cluster", "endpoint"),
            port: number("aws_docdb_cluster", "port"),
            username: Some(text("aws_docdb_cluster", "master_username")),
            // A database is made when something is written into it.
            database: known(&managed.database),
        },
        Rented::Cache => Server {
            host: text("aws_elasticache_replication_group", "primary_endpoint_address"),
            port: number("aws_elasticache_replication_group", "port"),
            username: None,
            database: None,
        },
        Rented::Memcached => Server {
            host: text("aws_elasticache_cluster", "cluster_address"),
            port: number("aws_elasticache_cluster", "port"),
            username: None,
            database: None,
        },
        Rented::Broker => Server {
            host: Piece::Local(host_local(context, backing)),
            port: fixed,
            username: known(&managed.username),
            database: None,
        },
        Rented::Search | Rented::Stream | Rented::Bucket | Rented::Queue | Rented::Topic => Server {
            host: text("aws_opensearch_domain", "endpoint"),
            port: fixed,
            username: Some(literal(default_username(context))),
            database: None,
        },
    }
}

/// How a URL begins and ends.
const fn form(product: Product) -> (&'static str, &'static str) {
    match product {
        Product::Postgres => ("postgresql://", "?sslmode=require"),
        Product::Mysql | Product::Mariadb => ("mysql://", "?tls=true"),
        // DocumentDB keeps its users in `admin`, is a replica set, and repeats no writes.
        Product::Mongodb => (
            "mongodb://",
            "?tls=true&replicaSet=rs0&authSource=admin&retryWrites=false",
        ),
        Product::Redis | Product::Valkey => ("rediss://", ""),
        Product::Memcached => ("memcached://", ""),
        Product::Rabbitmq => ("amqps://", ""),
        Product::Search => ("https://", ""),
        Product::Kafka | Product::Nats | Product::Bucket | Product::Queue | Product::Topic => ("", ""),
    }
}

fn of_stream(context: &Context<'_>, backing: Id<Backing>, attribute: Attribute) -> Vec<Piece> {
    match attribute {
        Attribute::Brokers => vec![Piece::Attribute(Reference::text(
            "aws_msk_cluster",
            &own(context, backing),
            "bootstrap_brokers_sasl_scram",
        ))],
        Attribute::Username => vec![literal(default_username(context))],
        Attribute::Password => vec![Piece::Secret(password_address(context, backing))],
        Attribute::Tls => vec![literal("true")],
        Attribute::Url
        | Attribute::Host
        | Attribute::Port
        | Attribute::Address
        | Attribute::Database
        | Attribute::Name
        | Attribute::Region
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => Vec::new(),
    }
}

fn of_bucket(context: &Context<'_>, backing: Id<Backing>, attribute: Attribute) -> Vec<Piece> {
    match attribute {
        Attribute::Name => vec![Piece::Attribute(Reference::text(
            "aws_s3_bucket",
            &own(context, backing),
            "bucket",
        ))],
        Attribute::Region => vec![region("aws_s3_bucket", &own(context, backing))],
        Attribute::Endpoint => endpoint(context, "s3", region("aws_s3_bucket", &own(context, backing))),
        // The role of the service stands for both keys.
        Attribute::AccessKey
        | Attribute::SecretKey
        | Attribute::Url
        | Attribute::Host
        | Attribute::Port
        | Attribute::Address
        | Attribute::Username
        | Attribute::Password
        | Attribute::Database
        | Attribute::Tls
        | Attribute::Brokers => Vec::new(),
    }
}

fn of_messages(
    context: &Context<'_>,
    backing: Id<Backing>,
    kind: Rented,
    attribute: Attribute,
) -> Vec<Piece> {
    let of = own(context, backing);
    let text = |resource, attribute| vec![Piece::Attribute(Reference::text(resource, &of, attribute))];
    match (attribute, kind) {
        (Attribute::Url, Rented::Topic) => endpoint(context, "sns", region("aws_sns_topic", &of)),
        (Attribute::Url, _) => text("aws_sqs_queue", "url"),
        // What a client publishes to.
        (Attribute::Name, Rented::Topic) => text("aws_sns_topic", "arn"),
        (Attribute::Name, _) => text("aws_sqs_queue", "name"),
        (Attribute::Region, Rented::Topic) => vec![region("aws_sns_topic", &of)],
        (Attribute::Region, _) => vec![region("aws_sqs_queue", &of)],
        (
            Attribute::Endpoint
            | Attribute::AccessKey
            | Attribute::SecretKey
            | Attribute::Host
            | Attribute::Port
            | Attribute::Address
            | Attribute::Username
            | Attribute::Password
            | Attribute::Database
            | Attribute::Tls
            | Attribute::Brokers,
            _,
        ) => Vec::new(),
    }
}

/// Where a product is: known beforehand, and read from it all the same, so that a reader sees whose it is.
fn region(resource: &'static str, of: &str) -> Piece {
    Piece::Attribute(Reference::text(resource, of, "region"))
}

/// Where a service of AWS is asked.
fn endpoint(context: &Context<'_>, service: &str, region: Piece) -> Vec<Piece> {
    let domain = if context.options.region.starts_with("cn-") {
        ".amazonaws.com.cn"
    } else {
        ".amazonaws.com"
    };
    vec![literal(format!("https://{service}.")), region, literal(domain)]
}
