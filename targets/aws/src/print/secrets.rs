//! `secrets.tf`: what people supply, what is made once, what the store has already; and stored secrets wherever
//! else they stand.

use super::common::{File, data, ephemeral, format_call, format_template, resource, skip};
use crate::model::{Composed, Content, MadeSecret, NamedSecret, SecretName, Secrets, StoredSecret};
use exoc_emit::hcl::{Block, Expression, NULL, Object, block, call, jsonencode, list, local, reference, var};

const SECRET: &str = "aws_secretsmanager_secret";
const VERSION: &str = "aws_secretsmanager_secret_version";

/// The secrets that belong to no component.
pub(super) fn file(secrets: &Secrets) -> File {
    let mut file = File::default();
    let add_whole = |file: &mut File, secret: &StoredSecret| {
        add(file, secret);
        if secrets.read_back.contains(&secret.address) {
            add_read_back(file, secret);
        }
    };
    for secret in &secrets.supplied {
        add_whole(&mut file, secret);
    }
    for MadeSecret { secret, length } in &secrets.made {
        if let Content::Generated { random, key: _ } = &secret.content {
            file.add(
                format!(
                    "{length} letters and digits, made in every run and stored in the first, or when its number is raised."
                ),
                &secret.lines,
                ephemeral("random_password", random)
                    .attr("length", *length)
                    .attr("special", false),
            );
        }
        add_whole(&mut file, secret);
    }
    for named in &secrets.named {
        add_named(&mut file, named);
    }
    file
}

/// Adds what finds a secret that somebody else keeps, and what reads it for composed texts.
fn add_named(file: &mut File, named: &NamedSecret) {
    let NamedSecret {
        address,
        name,
        read_back,
        lines,
    } = named;
    file.add(
        "A secret that stands in the store already; whoever owns it changes its value.",
        lines,
        data(SECRET, address).attr("name", name),
    );
    if *read_back {
        file.add(
            "Reads its newest value in every run, for the texts that hold it.",
            lines,
            ephemeral(VERSION, address).attr("secret_id", reference(["data", SECRET, address, "id"])),
        );
    }
}

/// Adds a secret with its value, wherever the value comes from.
pub(super) fn add(file: &mut File, secret: &StoredSecret) {
    let StoredSecret {
        address,
        name,
        description,
        content,
        lines,
    } = secret;
    if let Content::Composed { local, composed } = content {
        file.add(
            "The texts, with %[1]s for the first secret in them; a literal % is doubled.",
            lines,
            block("locals", []).attr_named(local, templates(composed)),
        );
    }
    let reason = match content {
        Content::Supplied { key: _ } => "its owner rotates it",
        Content::Generated { .. } | Content::InState { .. } => {
            "a higher number in secret_versions rotates it"
        }
        Content::Fixed { .. } => "the server takes no other password",
        Content::Composed { .. } => "it follows the secrets that it is made of",
    };
    let block = resource(SECRET, address)
        .comment(skip("CKV2_AWS_57", reason))
        .blank();
    let block = match name {
        SecretName::Exact(name) => block.attr("name", name),
        SecretName::Prefix(prefix) => block.attr("name_prefix", prefix),
    };
    file.add(
        format!("{description}."),
        lines,
        block
            .attr("description", description)
            .attr("kms_key_id", reference(["aws_kms_key", "main", "arn"])),
    );
    value(file, secret);
}

/// Adds the reading back of a secret, for what is made of it.
pub(super) fn add_read_back(file: &mut File, secret: &StoredSecret) {
    let (address, lines) = (&secret.address, &secret.lines);
    file.add(
        "Reads it back in every run, so that whatever is made of it has the value that is stored.",
        lines,
        ephemeral(VERSION, address)
            .attr("secret_id", reference([VERSION, address, "secret_id"]))
            .attr("version_id", reference([VERSION, address, "version_id"])),
    );
}

fn value(file: &mut File, secret: &StoredSecret) {
    let StoredSecret {
        address,
        name: _,
        description: _,
        content,
        lines,
    } = secret;
    let (value, number, comment) = match content {
        Content::Supplied { key } => (
            call("lookup", [var("secrets"), key.into(), NULL]),
            numbered(key),
            "Its value, from the input `secrets`; neither plan nor state holds it. A run that must store it and was not\n\
             given it stops here.",
        ),
        Content::Generated { random, key } => (
            reference(["ephemeral", "random_password", random, "result"]),
            numbered(key),
            "Its value; neither plan nor state holds it.",
        ),
        Content::InState { random, key } => (
            reference(["random_password", random, "result"]),
            numbered(key),
            "Its value, for those who log in.",
        ),
        Content::Fixed { random } => (
            reference(["random_password", random, "result"]),
            1.into(),
            "Its value, for those who log in.",
        ),
        Content::Composed {
            local: name,
            composed,
        } => (
            composed_value(name, composed),
            hash(name, composed),
            "Its value; neither plan nor state holds it. The number follows from the texts and from the versions of the\n\
             secrets, so that a change of any of them stores a new value.",
        ),
    };
    file.add(
        comment,
        lines,
        resource(VERSION, address)
            .attr("secret_id", reference([SECRET, address, "id"]))
            .attr("secret_string_wo", value)
            .attr("secret_string_wo_version", number),
    );
}

/// The number of a secret, which is 1 until somebody raises it.
pub(super) fn numbered(key: &str) -> Expression {
    call("lookup", [var("secret_versions"), key.into(), 1.into()])
}

fn templates(composed: &Composed) -> Expression {
    match composed {
        Composed::Whole(text) => format_template(text),
        Composed::Members(members) => {
            let add = |object: Object, (name, text): &(String, crate::model::Text)| {
                object.with(name, format_template(text))
            };
            members.iter().fold(Object::new(), add).into()
        }
    }
}

fn composed_value(name: &str, composed: &Composed) -> Expression {
    match composed {
        Composed::Whole(text) => format_call(local(name), text),
        Composed::Members(members) => {
            let add = |object: Object, (member, text): &(String, crate::model::Text)| {
                object.with(member, format_call(local(name).get(member), text))
            };
            jsonencode(members.iter().fold(Object::new(), add))
        }
    }
}

fn hash(name: &str, composed: &Composed) -> Expression {
    let versions = composed
        .sources()
        .into_iter()
        .map(|source| reference([VERSION, &source, "version_id"]));
    let numbers = composed.named().into_iter().map(|key| numbered(&key));
    let all = list(std::iter::once(local(name)).chain(versions).chain(numbers));
    let digits = call("substr", [call("sha256", [jsonencode(all)]), 0.into(), 7.into()]);
    call("parseint", [digits, 16.into()])
}

/// A block of a random password: 32 letters and digits.
pub(super) fn random(block: Block) -> Block {
    block.attr("length", 32).attr("special", false)
}
