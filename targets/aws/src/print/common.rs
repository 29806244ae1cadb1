//! What all files share: a comment above each block, texts as expressions.

use crate::model::{Lines, Piece, Reference, Text};
use exoc_emit::hcl::{
    Block, Body, Expression, Object, Template, block, call, list, local, object, reference,
};

/// A file: blocks that each say what they are for.
#[derive(Debug, Default)]
pub(super) struct File {
    body: Body,
    /// Types and addresses of its resources, in order.
    resources: Vec<(String, String)>,
}

impl File {
    /// Adds a block with its comment, which ends with where the block comes from.
    pub(super) fn add(&mut self, comment: impl Into<String>, lines: &Lines, block: Block) {
        let mut comment = comment.into();
        let mut labels = block.labels().map(str::to_owned);
        if let ("resource", Some(kind), Some(address)) = (block.kind(), labels.next(), labels.next()) {
            self.resources.push((kind, address));
        }
        drop(labels);
        if let Some(words) = lines.words() {
            comment.push('\n');
            comment.push_str(words);
        }
        self.body = std::mem::take(&mut self.body).comment(comment).nested(block);
    }

    /// Types and addresses of its resources, in order.
    pub(super) fn resources(&self) -> &[(String, String)] {
        &self.resources
    }

    /// Its blocks, to change them.
    pub(super) fn blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.body.all_blocks_mut()
    }

    /// Whether it has no block.
    pub(super) fn is_empty(&self) -> bool {
        self.body.is_empty()
    }

    /// The file's text.
    pub(super) fn print(self) -> String {
        self.body.print()
    }
}

/// A resource.
pub(super) fn resource(kind: &str, address: &str) -> Block {
    block("resource", [kind, address])
}

/// A data source.
pub(super) fn data(kind: &str, address: &str) -> Block {
    block("data", [kind, address])
}

/// An ephemeral resource.
pub(super) fn ephemeral(kind: &str, address: &str) -> Block {
    block("ephemeral", [kind, address])
}

/// The tag that consoles show as a name.
pub(super) fn name_tag(name: impl Into<Expression>) -> Expression {
    object([("Name", name)])
}

/// The beginning of an ARN of this account in this region: `arn:<partition>:<service>:<region>:<account>:`.
pub(super) fn arn(service: &str) -> Template {
    Template::new()
        .text("arn:")
        .value(local("partition"))
        .text(&format!(":{service}:"))
        .value(local("region"))
        .text(":")
        .value(local("account_id"))
        .text(":")
}

/// The ids of all subnets of a tier.
pub(super) fn subnet_ids(tier: &str) -> Expression {
    local("subnets").get(tier)
}

/// A text as an expression; secrets must not be in it.
pub(super) fn expression(text: &Text) -> Expression {
    if let [Piece::Attribute(reference)] = text.pieces.as_slice() {
        let value = attribute(reference);
        return if reference.number {
            call("tostring", [value])
        } else {
            value
        };
    }
    if let [Piece::Local(name)] = text.pieces.as_slice() {
        return local(name);
    }
    let mut template = Template::new();
    for piece in &text.pieces {
        template = match piece {
            Piece::Literal(literal) => template.text(literal),
            Piece::Attribute(reference) => template.value(attribute(reference)),
            Piece::Local(name) => template.value(local(name)),
            Piece::Secret(address) | Piece::Named { address, key: _ } => template.value(read_back(address)),
        };
    }
    template.into()
}

/// A text as a template of the function `format`: `%` is doubled, the first secret is `%[1]s`. Without the number a
/// scanner takes the verb behind a user's name for a password.
pub(super) fn format_template(text: &Text) -> Expression {
    let mut template = Template::new();
    let mut secrets = 0_usize;
    for piece in &text.pieces {
        template = match piece {
            Piece::Literal(literal) => template.text(&percent_doubled(literal)),
            Piece::Attribute(reference) => template.value(attribute(reference)),
            Piece::Local(name) => template.value(local(name)),
            Piece::Secret(_) | Piece::Named { .. } => {
                secrets += 1;
                template.text(&format!("%[{secrets}]s"))
            }
        };
    }
    template.into()
}

/// A literal text in a template of `format`.
pub(crate) fn percent_doubled(literal: &str) -> String {
    literal.replace('%', "%%")
}

/// The text with its secrets, from its template.
pub(super) fn format_call(template: Expression, text: &Text) -> Expression {
    call(
        "format",
        std::iter::once(template).chain(text.secrets().map(read_back)),
    )
}

/// The value of a stored secret, read back.
fn read_back(address: &str) -> Expression {
    reference([
        "ephemeral",
        "aws_secretsmanager_secret_version",
        address,
        "secret_string",
    ])
}

fn attribute(of: &Reference) -> Expression {
    let Reference {
        resource,
        address,
        attribute,
        number: _,
    } = of;
    match resource.strip_prefix("data.") {
        Some(of_data) => reference(["data", of_data, address, attribute]),
        None => reference([*resource, address, attribute]),
    }
}

/// A statement of a policy document.
pub(super) fn statement(
    sid: &str,
    actions: &[&str],
    resources: impl IntoIterator<Item = Expression>,
) -> impl FnOnce(Body) -> Body {
    let (sid, resources) = (sid.to_owned(), resources.into_iter().collect::<Vec<_>>());
    let actions: Vec<Expression> = actions.iter().map(|action| Expression::from(*action)).collect();
    move |body| {
        body.attr("sid", sid)
            .attr("actions", actions)
            .attr("resources", resources)
    }
}

/// Who may assume a role: one service of AWS, for this account alone.
pub(super) fn trust(address: &str, service: &str, source: Option<Template>) -> Block {
    data("aws_iam_policy_document", address).block("statement", |body| {
        let body = body
            .attr("actions", vec!["sts:AssumeRole"])
            .block("principals", |body| {
                body.attr("type", "Service").attr("identifiers", vec![service])
            })
            .block("condition", |body| {
                body.attr("test", "StringEquals")
                    .attr("variable", "aws:SourceAccount")
                    .attr("values", vec![local("account_id")])
            });
        match source {
            Some(source) => body.block("condition", |body| {
                body.attr("test", "ArnLike")
                    .attr("variable", "aws:SourceArn")
                    .attr("values", vec![Expression::from(source)])
            }),
            None => body,
        }
    })
}

/// A log group that keeps its events for a year, encrypted.
pub(super) fn log_group(address: &str, name: impl Into<Expression>) -> Block {
    resource("aws_cloudwatch_log_group", address)
        .attr("name", name)
        .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
        .attr("retention_in_days", 365)
}

/// Such a log group for each key; their names begin with a path that ends with a slash.
pub(super) fn log_groups<'k>(address: &str, path: &str, keys: impl IntoIterator<Item = &'k str>) -> Block {
    resource("aws_cloudwatch_log_group", address)
        .attr("for_each", call("toset", [list(keys)]))
        .attr(
            "name",
            Template::new().text(path).value(reference(["each", "key"])),
        )
        .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"]))
        .attr("retention_in_days", 365)
}

/// A security group that is replaced before it is destroyed, because others refer to it.
pub(super) fn security_group(address: &str, prefix: &str, description: &str) -> Block {
    group_of(resource("aws_security_group", address), prefix, description)
}

/// The same for tasks that no service of ECS starts.
pub(super) fn security_group_of_job(address: &str, prefix: &str, description: &str) -> Block {
    let block = resource("aws_security_group", address)
        .comment(skip(
            "CKV2_AWS_5",
            "the tasks that a state machine starts are in it",
        ))
        .blank();
    group_of(block, prefix, description)
}

fn group_of(block: Block, prefix: &str, description: &str) -> Block {
    block
        .attr("name_prefix", prefix)
        .attr("description", description)
        .attr("vpc_id", local("vpc_id"))
        .attr("tags", name_tag(prefix.trim_end_matches('-')))
        .block("lifecycle", |body| body.attr("create_before_destroy", true))
}

/// A comment that makes checkov accept what it would refuse, with the reason.
pub(super) fn skip(check: &str, reason: &str) -> String {
    format!("checkov:skip={check}:{reason}")
}

/// An object on one line.
pub(super) fn inline<const N: usize>(entries: [(&'static str, Expression); N]) -> Expression {
    entries
        .into_iter()
        .fold(Object::new(), |object, (key, value)| object.with(key, value))
        .inline()
        .into()
}
