//! Products: where each listens, who logs in, and whose group protects it.

use super::module::{Module, Term};
use super::network::group_of;
use super::secret::{self, parts, role};
use crate::facts::Rented;
use hcl::Body;
use std::collections::BTreeMap;

/// A product as AWS and as the project's files know it.
struct Kind {
    /// The type of the resource that is the product.
    resource: &'static str,
    /// The word before `://` in its URL where it has no TLS; for the others a word of its own.
    scheme: &'static str,
    /// Where an image of it listens.
    port: u16,
    /// Where it listens on AWS, if the resource does not say; none for what is asked over the interface of AWS.
    here: Here,
    /// The blocks and the argument that name its security groups.
    groups: &'static [&'static str],
}

/// Where a product listens on AWS.
enum Here {
    /// Where the argument `port` says.
    Says,
    /// Always there.
    At(u16),
    /// Nowhere: whoever has the permission asks AWS.
    Permission,
}

const fn kind(
    resource: &'static str,
    scheme: &'static str,
    port: u16,
    here: Here,
    groups: &'static [&'static str],
) -> Kind {
    Kind {
        resource,
        scheme,
        port,
        here,
        groups,
    }
}

const KINDS: [Kind; 10] = [
    kind(
        "aws_db_instance",
        "postgresql",
        5432,
        Here::Says,
        &["vpc_security_group_ids"],
    ),
    kind(
        "aws_docdb_cluster",
        "mongodb",
        27017,
        Here::Says,
        &["vpc_security_group_ids"],
    ),
    kind(
        "aws_elasticache_replication_group",
        "redis",
        6379,
        Here::Says,
        &["security_group_ids"],
    ),
    kind(
        "aws_elasticache_cluster",
        "memcached",
        11211,
        Here::Says,
        &["security_group_ids"],
    ),
    kind(
        "aws_mq_broker",
        "amqp",
        5672,
        Here::At(5671),
        &["security_groups"],
    ),
    kind(
        "aws_msk_cluster",
        "kafka",
        9092,
        Here::At(9096),
        &["broker_node_group_info", "security_groups"],
    ),
    kind(
        "aws_opensearch_domain",
        "search",
        9200,
        Here::At(443),
        &["vpc_options", "security_group_ids"],
    ),
    kind("aws_s3_bucket", "s3", 8333, Here::Permission, &[]),
    kind("aws_sqs_queue", "sqs", 9324, Here::Permission, &[]),
    kind("aws_sns_topic", "sns", 4100, Here::Permission, &[]),
];

/// Whether a resource is the application's and not one that the module has for itself.
fn is_product(address: &str) -> bool {
    !address.starts_with("exoc_")
}

/// All products by role.
pub(super) fn all(module: &Module) -> Result<BTreeMap<String, Rented>, String> {
    let mut all = BTreeMap::new();
    for kind in KINDS {
        for (address, body) in module
            .all(kind.resource)
            .filter(|(address, _)| is_product(address))
        {
            let here = match kind.here {
                Here::Says => Some(
                    u16::try_from(module.number(body, "port", address)?)
                        .map_err(|error| error.to_string())?,
                ),
                Here::At(port) => Some(port),
                Here::Permission => None,
            };
            let (scheme, port) = match engine(module, body)?.as_deref() {
                Some("mysql" | "mariadb") => ("mysql", 3306),
                _ => (kind.scheme, kind.port),
            };
            let rented = Rented {
                port,
                here,
                scheme: scheme.to_owned(),
                login: login(module, &kind, address, body)?,
            };
            if all.insert(role(address), rented).is_some() {
                return Err(format!("two products are called `{}`", role(address)));
            }
        }
    }
    Ok(all)
}

fn engine(module: &Module, body: &Body) -> Result<Option<String>, String> {
    Ok(module
        .attribute(body, "engine")?
        .and_then(|engine| engine.plain()))
}

/// Who logs in, where an image of the product asks nobody.
fn login(module: &Module, kind: &Kind, address: &str, body: &Body) -> Result<Option<String>, String> {
    match kind.resource {
        "aws_msk_cluster" => stream_login(module, address).map(Some),
        "aws_opensearch_domain" => {
            let path = ["advanced_security_options", "master_user_options"];
            let options = inner(body, &path).ok_or_else(|| format!("{address} lets everybody in"))?;
            let password = module.required(options, "master_user_password", address)?;
            if secret_called(module, &password, address)? {
                return module.plain(options, "master_user_name", address).map(Some);
            }
            Err(format!("the password of {address} is {password:?}"))
        }
        _ => Ok(None),
    }
}

/// The user of a cluster of MSK, by the secret that is associated with it.
fn stream_login(module: &Module, address: &str) -> Result<String, String> {
    for (association, body) in module.all("aws_msk_scram_secret_association") {
        let of = module.required(body, "cluster_arn", association)?;
        if of.reference().map(parts).as_deref() != Some(&["aws_msk_cluster", address, "arn"]) {
            continue;
        }
        let secrets = module.required(body, "secret_arn_list", association)?;
        let [secret] = secrets.list().unwrap_or_default() else {
            return Err(format!("{association} has not one secret"));
        };
        let login = match secret.reference().map(parts).as_deref() {
            Some(["aws_secretsmanager_secret", login, "arn"]) => (*login).to_owned(),
            _ => return Err(format!("{association} associates {secret:?}")),
        };
        let password = secret::content(module, &login, "password")?;
        let whose = crate::facts::Value::secret(crate::facts::secret_of(&role(address), "password"));
        let username = secret::content(module, &login, "username")?;
        return match username.parts() {
            [crate::facts::Part::Text(name)] if password == whose => Ok(name.clone()),
            _ => Err(format!("{address} knows {username:?} with {password:?}")),
        };
    }
    Err(format!("nobody can log in to {address}"))
}

/// Whether a term is the password of a product.
fn secret_called(module: &Module, term: &Term, address: &str) -> Result<bool, String> {
    let mut value = crate::facts::Value::default();
    for piece in term.pieces().unwrap_or_default() {
        value.extend(secret::piece(module, &piece)?);
    }
    Ok(value == crate::facts::Value::secret(crate::facts::secret_of(&role(address), "password")))
}

/// A block inside of a block.
fn inner<'a>(body: &'a Body, path: &[&str]) -> Option<&'a Body> {
    path.iter().try_fold(body, |body, name| {
        body.blocks()
            .find(|block| block.identifier() == *name)
            .map(hcl::Block::body)
    })
}

/// The security groups of products, each with its role.
pub(super) fn groups(module: &Module) -> Result<Vec<(Term, String)>, String> {
    let mut groups = Vec::new();
    for kind in KINDS {
        let Some((argument, blocks)) = kind.groups.split_last() else {
            continue;
        };
        for (address, body) in module.all(kind.resource) {
            let body = inner(body, blocks).ok_or_else(|| format!("{address} has no {}", blocks.join(".")))?;
            let term = module.required(body, argument, address)?;
            if term
                .list()
                .is_none_or(|groups| groups.iter().any(|group| group_of(group).is_none()))
            {
                return Err(format!("the groups of {address}: {term:?}"));
            }
            groups.push((term, role(address)));
        }
    }
    Ok(groups)
}
