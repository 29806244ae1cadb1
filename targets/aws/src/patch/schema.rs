//! What the provider and the documents inside of its attributes take: `schemas/aws.json` and
//! `schemas/aws-documents.json`, whose sources stand beside them. Read only where there are patches. Knows no manifest and
//! no printed block.

use serde_json::Value;

/// What Terraform itself takes in every resource, in the words of `schemas/aws.md`.
const LIFECYCLE: &str = r#"{"attributes":{"create_before_destroy":"bool","prevent_destroy":"bool"}}"#;

/// What Terraform takes in every resource, and what only its writer can know.
const META: [&str; 4] = ["for_each", "count", "provider", "depends_on"];

/// What the provider takes besides and never wants.
const NEVER: [&str; 2] = ["id", "tags_all"];

/// Why no patch writes an attribute that holds a secret.
pub(super) const SECRET: &str = "a secret never stands in a file";

/// Attributes that hold a secret: those of the resources that are printed (provider 6.25.0, 2026-11). A name that ends
/// with `_wo` is another.
const SECRETS: [&str; 10] = [
    "auth_token",
    "client_secret",
    "master_password",
    "master_user_password",
    "password",
    "passwords",
    "private_key",
    "secret_binary",
    "secret_string",
    "service_account_password",
];

/// All that is known.
pub(super) struct Schema {
    provider: Value,
    documents: Value,
    lifecycle: Value,
}

/// What a value may be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape<'s> {
    Text,
    Number,
    Bool,
    /// One of some words, with commas between them.
    Word(&'s str),
    /// The word for what its items are.
    List(&'s str),
    /// The word for what its values are.
    Map(&'s str),
    /// A mapping with known members.
    Members(&'s Value),
    /// A list of such mappings.
    Several(&'s Value),
    Any,
}

/// A member of a mapping.
#[derive(Clone, Copy, Debug)]
pub(super) struct Member<'s> {
    pub(super) shape: Shape<'s>,
    pub(super) form: Form,
    pub(super) need: Need,
}

/// How HCL writes a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Attribute,
    Block,
}

/// Whether a member must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    Required,
    Optional,
    /// No patch writes it, for this reason.
    Kept(&'static str),
}

impl Schema {
    /// # Errors
    ///
    /// With the reason, if a text in this program is no JSON.
    pub(super) fn load() -> Result<Self, String> {
        let read = |text: &str| serde_json::from_str(text).map_err(|error| error.to_string());
        Ok(Self {
            provider: read(include_str!("../../../../schemas/aws.json"))?,
            documents: read(include_str!("../../../../schemas/aws-documents.json"))?,
            lifecycle: read(LIFECYCLE)?,
        })
    }

    /// The members of a resource, or of a data source, of the provider.
    pub(super) fn resource(&self, block: &str, kind: &str) -> Option<&Value> {
        let section = if block == "data" { "data" } else { "resources" };
        self.provider.get(section)?.get(kind)
    }

    /// A member of a resource itself: Terraform's besides the provider's.
    pub(super) fn top<'s>(&'s self, block: &str, of: &'s Value, name: &str) -> Option<Member<'s>> {
        if META.contains(&name) {
            return Some(kept("Terraform reads it, and exoc writes it"));
        }
        if name == "lifecycle" && block == "resource" {
            return Some(Member {
                shape: Shape::Members(&self.lifecycle),
                form: Form::Block,
                need: Need::Optional,
            });
        }
        if NEVER.contains(&name) {
            return Some(kept("only AWS knows this value"));
        }
        member(of, name)
    }

    /// What a text of JSON in an attribute holds; anything where that is not known.
    pub(super) fn document(&self, kind: &str, attribute: &str) -> Shape<'_> {
        let name = format!("{kind}.{attribute}");
        match self.documents.get("documents").and_then(|all| all.get(name)) {
            Some(of) => Shape::Several(of),
            None => Shape::Any,
        }
    }
}

const fn kept<'s>(why: &'static str) -> Member<'s> {
    Member {
        shape: Shape::Any,
        form: Form::Attribute,
        need: Need::Kept(why),
    }
}

/// A member of a mapping, if it knows this one.
pub(super) fn member<'s>(of: &'s Value, name: &str) -> Option<Member<'s>> {
    if let Some(block) = of.get("blocks").and_then(|blocks| blocks.get(name)) {
        let inner = block.get("of")?;
        let single = matches!(text(block, "nesting"), "one" | "single");
        let required = block.get("required").and_then(Value::as_bool) == Some(true);
        return Some(Member {
            shape: if single {
                Shape::Members(inner)
            } else {
                Shape::Several(inner)
            },
            form: Form::Block,
            need: if required { Need::Required } else { Need::Optional },
        });
    }
    let attribute = of.get("attributes")?.get(name)?;
    if let Some(word) = attribute.as_str() {
        let (need, word) = need(word);
        // What the bindings cut short holds itself, as statements of a firewall do, and those are blocks.
        let form = if word == "any" {
            Form::Block
        } else {
            Form::Attribute
        };
        let secret = name.ends_with("_wo") || SECRETS.contains(&name);
        return Some(Member {
            shape: shape(word),
            form,
            need: if secret { Need::Kept(SECRET) } else { need },
        });
    }
    let inner = attribute.get("of")?;
    let (need, nesting) = need(text(attribute, "object"));
    match nesting {
        "struct" => Some(Member {
            shape: Shape::Members(inner),
            form: Form::Attribute,
            need,
        }),
        "structs" => Some(Member {
            shape: Shape::Several(inner),
            form: Form::Attribute,
            need,
        }),
        // Rules of security groups and routes, which a second place would contradict.
        _ => Some(kept("exoc writes each of them as a resource of its own")),
    }
}

/// The names of the members that a mapping knows and takes.
pub(super) fn names(of: &Value) -> Vec<String> {
    let section = |name| of.get(name).and_then(Value::as_object).into_iter();
    let members = section("attributes")
        .chain(section("blocks"))
        .flat_map(serde_json::Map::keys);
    let taken = members.filter(|name| {
        let need = member(of, name).map(|member| member.need);
        matches!(need, Some(Need::Required | Need::Optional))
    });
    taken.cloned().collect()
}

/// The names of the members that a mapping must have.
pub(super) fn required(of: &Value) -> Vec<String> {
    let is_required = |name: &String| member(of, name).is_some_and(|member| member.need == Need::Required);
    names(of).into_iter().filter(is_required).collect()
}

/// What a word of the schema stands for.
pub(super) fn shape(word: &str) -> Shape<'_> {
    let inner = |outer: &str| word.strip_prefix(outer)?.strip_suffix(')');
    match word {
        "string" => Shape::Text,
        "number" => Shape::Number,
        "bool" => Shape::Bool,
        _ => match (
            inner("list(").or_else(|| inner("set(")),
            inner("map("),
            inner("word("),
        ) {
            (Some(items), _, _) => Shape::List(items),
            (_, Some(values), _) => Shape::Map(values),
            (_, _, Some(words)) => Shape::Word(words),
            (None, None, None) => Shape::Any,
        },
    }
}

/// The mark before a word: see `schemas/aws.md`.
fn need(word: &str) -> (Need, &str) {
    match word.split_at_checked(1) {
        Some(("!", rest)) => (Need::Required, rest),
        Some(("=", rest)) => (Need::Kept("only AWS knows this value"), rest),
        Some(("~", rest)) => (Need::Optional, rest),
        Some(_) | None => (Need::Optional, word),
    }
}

fn text<'v>(of: &'v Value, key: &str) -> &'v str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}
