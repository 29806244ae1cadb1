//! What an operator runs: a cluster of PostgreSQL or of RabbitMQ, and where its backups go. Knows no program.

use super::{Labels, Meta};
use crate::options::Access;
use std::collections::BTreeMap;

/// What runs products in place of a StatefulSet of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operator {
    /// CloudNativePG.
    CloudnativePg,
    /// The RabbitMQ Cluster Operator.
    Rabbitmq,
}

/// RabbitMQ, run by the RabbitMQ Cluster Operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RabbitmqCluster {
    /// Its metadata; its data and the Secret of its user are named after it.
    pub(crate) meta: Meta,
    /// The image of its servers.
    pub(crate) image: String,
    /// How many servers: one, or three of which two have what was answered.
    pub(crate) replicas: u32,
    /// Settings of the servers, line by line.
    pub(crate) settings: Vec<String>,
    /// What finds its servers.
    pub(crate) selector: Labels,
    /// The data of each server, as a quantity.
    pub(crate) storage: String,
    /// The priority class of its servers; `None` for the cluster's default.
    pub(crate) priority: Option<String>,
    /// The Secrets by which its image is pulled.
    pub(crate) pull_secrets: Vec<String>,
    /// The class of its claims; `None` for the cluster's default.
    pub(crate) class: Option<String>,
    /// Processor time of each server, as a quantity; a request.
    pub(crate) cpu: String,
    /// Memory of each server, as a quantity; a request and the limit.
    pub(crate) memory: String,
}

/// PostgreSQL, run by CloudNativePG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PostgresCluster {
    /// Its metadata; its data and the Secret of its user are named after it.
    pub(crate) meta: Meta,
    /// The Service that leads to the server that may be written.
    pub(crate) service: String,
    /// The image of its servers.
    pub(crate) image: String,
    /// How many servers: one, or three of which one takes over.
    pub(crate) instances: u32,
    /// Its database.
    pub(crate) database: String,
    /// Who owns that.
    pub(crate) owner: String,
    /// Settings of the servers.
    pub(crate) parameters: BTreeMap<String, String>,
    /// Labels of all that the operator makes.
    pub(crate) inherited: Labels,
    /// The data of each server, as a quantity.
    pub(crate) storage: String,
    /// The priority class of its servers; `None` for the cluster's default.
    pub(crate) priority: Option<String>,
    /// The Secrets by which its image is pulled.
    pub(crate) pull_secrets: Vec<String>,
    /// By what its servers write backups to the ObjectStore of its name; `None` if there are none.
    pub(crate) backups: Option<Access>,
    /// The class of its claims; `None` for the cluster's default.
    pub(crate) class: Option<String>,
    /// Processor time of each server, as a quantity; a request.
    pub(crate) cpu: String,
    /// Memory of each server, as a quantity; a request and the limit.
    pub(crate) memory: String,
}

/// Where the backups of the Cluster of the same name go, under that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ObjectStore {
    /// Its metadata.
    pub(crate) meta: Meta,
    /// The bucket and the folder, as a URL.
    pub(crate) folder: String,
    /// Who keeps the bucket, as a URL; `None` for Amazon S3.
    pub(crate) endpoint: Option<String>,
    /// The region of the bucket, if one was said.
    pub(crate) region: Option<String>,
    /// By what servers write there.
    pub(crate) access: Access,
    /// How many days back a server can be made as it was.
    pub(crate) days: u32,
}
