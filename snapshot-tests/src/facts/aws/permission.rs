//! What the roles of tasks may do with products that are asked over the interface of AWS.

use super::module::{Module, Piece, Term};
use super::secret::{parts, role};
use crate::facts::{Edge, Rented, Transport};
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

/// The least that a user of a product needs: on the product, and on what is in it.
const NEEDED: [(&str, &[&str], &[&str]); 3] = [
    (
        "aws_s3_bucket",
        &["s3:ListBucket"],
        &["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
    ),
    (
        "aws_sqs_queue",
        &["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"],
        &[],
    ),
    ("aws_sns_topic", &["sns:Publish"], &[]),
];

/// What encrypted products need besides.
const KEY: [&str; 2] = ["kms:Decrypt", "kms:GenerateDataKey"];

/// What a role may do: type and address of a resource, whether inside of it, and the actions.
type Granted = BTreeMap<(String, String, bool), BTreeSet<String>>;

/// An edge for each product that a task's own role may use; an error for a permission that is no use.
pub(super) fn edges(
    module: &Module,
    definition: &Body,
    from: &str,
    rented: &BTreeMap<String, Rented>,
) -> Result<BTreeSet<Edge>, String> {
    let own = module.required(definition, "task_role_arn", from)?;
    let own = match own.reference().map(parts).as_deref() {
        Some(["aws_iam_role", own, "arn"]) => (*own).to_owned(),
        _ => return Err(format!("{from} runs as {own:?}")),
    };
    let granted = granted(module, &own)?;
    let mut edges = BTreeSet::new();
    for (kind, address, _) in granted.keys().filter(|(kind, _, _)| kind != "aws_kms_key") {
        let to = role(address);
        let Some(rented) = rented.get(&to) else {
            return Err(format!("{from} may use {kind}.{address}, which is no product"));
        };
        let may = |resource: &str, of: &str, inside, needed: &[&str]| {
            let key = (resource.to_owned(), of.to_owned(), inside);
            let all = granted.get(&key);
            needed
                .iter()
                .all(|action| all.is_some_and(|all| all.contains(*action)))
        };
        let Some((_, on, inside)) = NEEDED.iter().find(|(known, _, _)| known == kind) else {
            return Err(format!("nobody knows what {kind} needs"));
        };
        if !may(kind, address, false, on)
            || !(inside.is_empty() || may(kind, address, true, inside))
            || !may("aws_kms_key", "main", false, &KEY)
        {
            return Err(format!("{from} may do with {to} less than its use needs"));
        }
        edges.insert(Edge {
            from: from.to_owned(),
            to,
            number: rented.port,
            transport: Transport::Tcp,
        });
    }
    Ok(edges)
}

fn granted(module: &Module, own: &str) -> Result<Granted, String> {
    let mut granted = Granted::new();
    for (address, policy) in module.all("aws_iam_role_policy") {
        let of = module.required(policy, "role", address)?;
        if !matches!(of.reference().map(parts).as_deref(), Some(["aws_iam_role", name, _]) if *name == own) {
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
            let resources = module.required(statement.body(), "resources", &name)?;
            let actions = module.required(statement.body(), "actions", &name)?;
            let actions: BTreeSet<String> = actions
                .list()
                .unwrap_or_default()
                .iter()
                .filter_map(Term::plain)
                .collect();
            for resource in resources.list().unwrap_or_default() {
                if let Some(key) = resource_of(resource) {
                    granted.entry(key).or_default().extend(actions.iter().cloned());
                }
            }
        }
    }
    Ok(granted)
}

/// The product or key in an ARN, and whether the ARN means what is inside of it.
fn resource_of(term: &Term) -> Option<(String, String, bool)> {
    let pieces = term.pieces()?;
    let (path, inside) = match pieces.as_slice() {
        [Piece::Reference(path)] => (path, false),
        [Piece::Reference(path), Piece::Literal(rest)] if rest == "/*" => (path, true),
        _ => return None,
    };
    match parts(path).as_slice() {
        [
            kind @ ("aws_s3_bucket" | "aws_sqs_queue" | "aws_sns_topic" | "aws_kms_key"),
            address,
            "arn",
        ] => Some(((*kind).to_owned(), (*address).to_owned(), inside)),
        _ => None,
    }
}
