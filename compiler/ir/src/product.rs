//! The registry of the catalogue's products: one line each. Must not know anything of one but its word; the catalogue
//! has a file for each.

use serde::Serialize;

/// Declares the products with the words of the language.
macro_rules! products {
    ($($(#[$doc:meta])* $name:ident = $word:literal;)*) => {
        /// Products of the catalogue.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum Product { $($(#[$doc])* $name,)* }

        impl Product {
            /// All products, in the order of the language's table.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word of the language.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

products! {
    /// PostgreSQL.
    Postgres = "postgres";
    /// MySQL.
    Mysql = "mysql";
    /// MariaDB.
    Mariadb = "mariadb";
    /// MongoDB.
    Mongodb = "mongodb";
    /// Redis.
    Redis = "redis";
    /// Valkey.
    Valkey = "valkey";
    /// Memcached.
    Memcached = "memcached";
    /// RabbitMQ.
    Rabbitmq = "rabbitmq";
    /// NATS.
    Nats = "nats";
    /// Apache Kafka.
    Kafka = "kafka";
    /// OpenSearch.
    Search = "search";
    /// A bucket of the S3 protocol.
    Bucket = "bucket";
    /// A queue of the SQS protocol.
    Queue = "queue";
    /// A topic of the SNS protocol.
    Topic = "topic";
}
