//! What Secrets Manager will hold: which secret of the application, or which text made of some.

use super::module::{Module, Piece, Term};
use crate::facts::{Part, Value, secret_of};
use hcl::Body;
use std::collections::BTreeSet;

const VERSION: &str = "aws_secretsmanager_secret_version";

/// What a container's `valueFrom` comes to.
pub(super) fn value_from(module: &Module, term: &Term) -> Result<Value, String> {
    let bad = || format!("`valueFrom` is not understood: {term:?}");
    let pieces = term.pieces().ok_or_else(bad)?;
    if let [Piece::Reference(path)] = pieces.as_slice()
        && let ["data", "aws_secretsmanager_secret", address, "arn"] = parts(path).as_slice()
    {
        return named(module, address);
    }
    let [
        Piece::Reference(arn),
        Piece::Literal(between),
        Piece::Reference(version),
    ] = pieces.as_slice()
    else {
        return Err(bad());
    };
    let address = match (parts(arn).as_slice(), parts(version).as_slice()) {
        (["aws_secretsmanager_secret", address, "arn"], [VERSION, same, "version_id"]) if address == same => {
            *address
        }
        _ => return Err(bad()),
    };
    let member = between
        .strip_prefix(':')
        .and_then(|rest| rest.strip_suffix("::"))
        .ok_or_else(bad)?;
    content(module, address, member)
}

/// A secret that the store has already: its block must say what it is called there.
fn named(module: &Module, address: &str) -> Result<Value, String> {
    let what = format!("data.aws_secretsmanager_secret.{address}");
    let body = module
        .block(&["data", "aws_secretsmanager_secret", address])
        .ok_or_else(|| format!("there is no {what}"))?;
    if module.plain(body, "name", &what)?.is_empty() {
        return Err(format!("{what} has an empty name"));
    }
    let name = address
        .strip_suffix("_named")
        .ok_or_else(|| format!("whose secret {what} is, its address does not say"))?;
    Ok(Value::secret(name.to_uppercase()))
}

/// What a stored secret holds, or a member of it.
pub(super) fn content(module: &Module, address: &str, member: &str) -> Result<Value, String> {
    let what = format!("{VERSION}.{address}");
    let body = module
        .block(&[VERSION, address])
        .ok_or_else(|| format!("there is no {what}"))?;
    check_owner(module, body, address, &what)?;
    let stored = match module.attribute(body, "secret_string_wo")? {
        Some(stored) => stored,
        None => module.required(body, "secret_string", &what)?,
    };
    let stored = match stored.call("jsonencode") {
        Some([object]) => object
            .get(member)
            .ok_or_else(|| format!("{what} has no member `{member}`"))?,
        _ if member.is_empty() => &stored,
        _ => return Err(format!("{what} has no members")),
    };
    value(module, stored, address)
}

fn check_owner(module: &Module, body: &Body, address: &str, what: &str) -> Result<(), String> {
    let owner = module.required(body, "secret_id", what)?;
    match owner.reference().map(parts).as_deref() {
        Some(["aws_secretsmanager_secret", same, "id" | "arn"]) if *same == address => Ok(()),
        _ => Err(format!("{what} belongs to another secret: {owner:?}")),
    }
}

/// A text of a stored secret: supplied, random, or composed of others.
fn value(module: &Module, stored: &Term, address: &str) -> Result<Value, String> {
    if let Some(name) = supplied_name(stored) {
        return Ok(Value::secret(name));
    }
    let pieces = stored
        .pieces()
        .ok_or_else(|| format!("the secret `{address}` holds {stored:?}"))?;
    let mut value = Value::default();
    for piece in &pieces {
        value.extend(self::piece(module, piece)?);
    }
    Ok(value)
}

/// A piece of a text: characters, a secret that is read back or was just made, an attribute of a product.
pub(super) fn piece(module: &Module, piece: &Piece) -> Result<Value, String> {
    let path = match piece {
        Piece::Literal(text) => return Ok(Value::text(text.clone())),
        Piece::Reference(path) => path,
    };
    match parts(path).as_slice() {
        ["ephemeral", "random_password", address, "result"] | ["random_password", address, "result"] => {
            let made = address.strip_prefix("exoc_").map(str::to_uppercase);
            Ok(Value::secret(
                made.unwrap_or_else(|| secret_of(address, "password")),
            ))
        }
        ["ephemeral", VERSION, address, "secret_string"] => {
            let what = format!("ephemeral.{VERSION}.{address}");
            let body = module
                .block(&["ephemeral", VERSION, address])
                .ok_or_else(|| format!("there is no {what}"))?;
            let source = module.required(body, "secret_id", &what)?;
            match source.reference().map(parts).as_deref() {
                Some(["data", "aws_secretsmanager_secret", source, ..]) => named(module, source),
                Some([VERSION | "aws_secretsmanager_secret", source, ..]) => content(module, source, ""),
                _ => Err(format!("{what} reads {source:?}")),
            }
        }
        [kind, address, word] => {
            let word = match (*kind, *word) {
                ("aws_db_instance", "address")
                | ("aws_docdb_cluster" | "aws_opensearch_domain", "endpoint")
                | ("aws_elasticache_replication_group", "primary_endpoint_address")
                | ("aws_elasticache_cluster", "cluster_address")
                | ("aws_mq_broker", "host") => "host",
                ("aws_msk_cluster", "bootstrap_brokers_sasl_scram") => "brokers",
                ("aws_s3_bucket", "bucket") | ("aws_sqs_queue", "name") | ("aws_sns_topic", "arn") => "name",
                ("aws_sqs_queue", "url") => "url",
                ("aws_s3_bucket" | "aws_sqs_queue" | "aws_sns_topic", "region") => "region",
                _ => return Err(format!("`{}` is no attribute of a product", path.join("."))),
            };
            if module.block(&[kind, address]).is_none() {
                return Err(format!("there is no {kind}.{address}"));
            }
            Ok([Part::Attribute(role(address), word.to_owned())]
                .into_iter()
                .collect())
        }
        _ => Err(format!("`{}` in a text", path.join("."))),
    }
}

/// The name in `lookup(var.secrets, "NAME", null)`.
fn supplied_name(term: &Term) -> Option<String> {
    let [map, name, Term::Null] = term.call("lookup")? else {
        return None;
    };
    (parts(map.reference()?) == ["var", "secrets"]).then(|| name.plain())?
}

/// All secrets that are stored and are not made of others, and those that somebody supplies.
pub(super) fn stored(module: &Module) -> Result<(BTreeSet<String>, BTreeSet<String>), String> {
    let (mut all, mut supplied) = (BTreeSet::new(), BTreeSet::new());
    for (address, body) in module.all(VERSION) {
        let what = format!("{VERSION}.{address}");
        let stored = match module.attribute(body, "secret_string_wo")? {
            Some(stored) => stored,
            None => module.required(body, "secret_string", &what)?,
        };
        if let Some(name) = supplied_name(&stored) {
            supplied.insert(name.clone());
            all.insert(name);
        } else if stored.call("jsonencode").is_none() {
            let whole = value(module, &stored, address)?;
            if let [Part::Secret(name)] = whole.parts() {
                all.insert(name.clone());
            }
        }
    }
    // What the store has already is supplied by somebody as well.
    let named = module.blocks_of("data", "aws_secretsmanager_secret");
    for name in named.filter_map(|address| address.strip_suffix("_named")) {
        supplied.insert(name.to_uppercase());
        all.insert(name.to_uppercase());
    }
    Ok((all, supplied))
}

/// The secrets that a role may read, by the statements of its policies.
fn readable(module: &Module, role: &str) -> Result<BTreeSet<String>, String> {
    let mut readable = BTreeSet::new();
    for (address, policy) in module.all("aws_iam_role_policy") {
        let of = module.required(policy, "role", address)?;
        if !matches!(of.reference().map(parts).as_deref(), Some(["aws_iam_role", name, _]) if *name == role) {
            continue;
        }
        let document = module.required(policy, "policy", address)?;
        let name = match document.reference().map(parts).as_deref() {
            Some(["data", "aws_iam_policy_document", name, "json"]) => (*name).to_owned(),
            _ => return Err(format!("the policy `{address}` is {document:?}")),
        };
        let body = module
            .block(&["data", "aws_iam_policy_document", &name])
            .ok_or_else(|| format!("there is no document `{name}`"))?;
        for statement in body.blocks().filter(|block| block.identifier() == "statement") {
            let actions = module.required(statement.body(), "actions", &name)?;
            let reads = |action: &Term| action.plain().as_deref() == Some("secretsmanager:GetSecretValue");
            if !actions.list().unwrap_or_default().iter().any(reads) {
                continue;
            }
            let resources = module.required(statement.body(), "resources", &name)?;
            for resource in resources.list().unwrap_or_default() {
                if let Some(
                    ["aws_secretsmanager_secret", secret, "arn"]
                    | ["data", "aws_secretsmanager_secret", secret, "arn"],
                ) = resource.reference().map(parts).as_deref()
                {
                    readable.insert((*secret).to_owned());
                }
            }
        }
    }
    Ok(readable)
}

/// Whoever starts a container may read all that the container is given; else it would never start.
pub(super) fn check_readable(
    module: &Module,
    definition: &hcl::Body,
    container: &Term,
) -> Result<(), String> {
    let secrets = container.get("secrets").and_then(Term::list).unwrap_or_default();
    if secrets.is_empty() {
        return Ok(());
    }
    let role = module.required(definition, "execution_role_arn", "the task")?;
    let readable = match role.reference().map(parts).as_deref() {
        Some(["aws_iam_role", role, "arn"]) => readable(module, role)?,
        _ => return Err(format!("the task is started by {role:?}")),
    };
    for secret in secrets {
        let pieces = secret.get("valueFrom").and_then(Term::pieces).unwrap_or_default();
        let address = match pieces.first() {
            Some(Piece::Reference(path)) => path.iter().rev().nth(1).cloned().unwrap_or_default(),
            Some(Piece::Literal(_)) | None => return Err(format!("a secret comes from {secret:?}")),
        };
        if !readable.contains(&address) {
            return Err(format!("nobody may read the secret `{address}` for it"));
        }
    }
    Ok(())
}

/// The role behind an address.
pub(super) fn role(address: &str) -> String {
    address.replace('_', "-")
}

/// A reference's names as texts, so that they can be matched.
pub(super) fn parts(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}
