//! Secrets.

use super::{files, model, task};
use crate::model::{Composed, Content, Piece, SecretName, Variable};
use crate::print::percent_doubled;
use crate::support::{HOSTILE, Sample, hostile, shop, skeleton};
use exoc_ir::Origin;
use proptest::prelude::*;

fn variable<'a>(task: &'a crate::model::Task, name: &str) -> &'a Variable {
    &task
        .container
        .environment
        .iter()
        .find(|(known, _)| known == name)
        .unwrap()
        .1
}

#[test]
fn whole_secrets_are_read_from_their_store_and_texts_with_secrets_are_composed() {
    let model = model(&shop(None));
    let api = task(&model, "api");
    let stored = |secret: &str, member: Option<&str>| Variable::Secret {
        secret: secret.into(),
        member: member.map(str::to_owned),
    };
    assert_eq!(variable(api, "DATABASE_URL"), &stored("db_url", None));
    assert_eq!(variable(api, "DB_PASSWORD"), &stored("db_password", None));
    assert_eq!(variable(api, "DSN"), &stored("api_composed", Some("DSN")));
    let Variable::Plain(_) = variable(api, "DB_ADDRESS") else {
        panic!("an address is no secret")
    };
    assert_eq!(api.reads, ["api_composed", "cache_url", "db_password", "db_url"]);
    let composed = api.composed.as_ref().unwrap();
    let Content::Composed { local: _, composed } = &composed.content else {
        panic!("it is composed")
    };
    assert_eq!(composed.sources(), ["db_password", "payments_key_supplied"]);
    let Composed::Members(members) = composed else {
        panic!("it has members")
    };
    let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["DSN", "PAYMENTS_AUTHORIZATION"]);
}

#[test]
fn supplied_secrets_have_names_that_people_find() {
    let model = model(&shop(None));
    let secret = &model.secrets.supplied[0];
    assert_eq!(
        secret.name,
        SecretName::Exact("shop/production/PAYMENTS_KEY".into())
    );
    assert_eq!(
        model.secrets.versioned,
        ["PAYMENTS_KEY", "SMTP_PASSWORD", "cache", "db"]
    );
    assert_eq!(
        model.secrets.read_back,
        ["payments_key_supplied", "smtp_password_supplied"]
    );
}

#[test]
fn a_url_is_stored_only_if_somebody_reads_it() {
    let shop = model(&shop(None));
    assert!(shop.products.len() == 2 && shop.products.iter().all(|product| product.url.is_some()));
    let mut sample = crate::support::Sample::new("quiet", None, &[], &["db"], &["db"]);
    sample.backing(
        "db",
        crate::support::managed(exoc_ir::Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    assert!(model(&sample.finish()).products[0].url.is_none());
}

#[test]
fn the_state_holds_the_password_of_a_cache_only() {
    let files = files(&shop(None));
    let resources: Vec<String> = files
        .iter()
        .flat_map(|(_, file)| {
            String::from_utf8(file.contents.clone())
                .unwrap()
                .lines()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .filter(|line| line.starts_with("resource \"random_password\""))
        .collect();
    assert_eq!(resources, ["resource \"random_password\" \"cache\" {"]);
}

#[test]
fn a_percent_sign_of_a_text_is_doubled_in_its_template() {
    let files = files(&shop(None));
    let path = exoc_diagnostics::VirtualPath::new("service_api.tf").unwrap();
    let text = String::from_utf8(files.get(&path).unwrap().contents.clone()).unwrap();
    // `%{` is an escape of HCL's own: one more `%` beside the two of `format`.
    let line = r#"DSN                    = "100%%s $${x} %%%{y} \"host=${aws_db_instance.db.address}\" password=%[1]s key=%[2]s""#;
    assert!(text.contains(line), "{text}");
}

#[test]
fn the_skeleton_needs_nothing_that_people_supply() {
    let model = model(&skeleton());
    assert!(model.secrets.supplied.is_empty());
    assert_eq!(model.secrets.versioned, ["db"]);
}

const NAMED: &str = "teams/legacy/token";

fn declared() -> exoc_ir::Program {
    let generated = Origin::Generated {
        length: 50,
        description: Some("Signs sessions".into()),
    };
    let named = Origin::Supplied {
        description: None,
        store: Some(NAMED.into()),
    };
    Sample::reading(&[("SESSION_KEY", generated), ("TOKEN", named)])
}

#[test]
fn a_generated_secret_is_made_in_its_length_and_read_from_the_store() {
    let model = model(&declared());
    let [made] = model.secrets.made.as_slice() else {
        panic!("one secret is made")
    };
    assert_eq!(made.length, 50);
    assert_eq!(
        made.secret.name,
        SecretName::Prefix("reading/production/SESSION_KEY-".into())
    );
    assert_eq!(model.secrets.read_back, ["session_key_generated"]);
    let web = task(&model, "web");
    let whole = Variable::Secret {
        secret: "session_key_generated".into(),
        member: None,
    };
    assert_eq!(variable(web, "SESSION_KEY"), &whole);
    assert_eq!(web.reads, ["session_key_generated", "web_composed"]);
}

#[test]
fn a_secret_with_a_name_is_found_and_never_stored() {
    let planned = model(&declared());
    let web = task(&planned, "web");
    assert_eq!(variable(web, "TOKEN"), &Variable::Named("token_named".into()));
    assert_eq!(web.reads_named, ["token_named"]);
    assert!(planned.secrets.supplied.is_empty());
    // Its number is there because a text holds it: raising the number writes the text anew.
    assert_eq!(planned.secrets.versioned, ["SESSION_KEY", "TOKEN"]);
    let text = of_file(&declared(), "secrets.tf");
    assert!(text.contains("name = \"teams/legacy/token\""), "{text}");
    assert!(
        !text.contains("resource \"aws_secretsmanager_secret\" \"token"),
        "{text}"
    );
}

#[test]
fn a_key_that_is_not_ours_is_used_for_the_named_secret_alone() {
    let text = of_file(&declared(), "service_web.tf");
    let (_, statement) = text.split_once("\"DecryptNamedSecrets\"").unwrap();
    let (statement, _) = statement.split_once("\n}\n").unwrap();
    assert!(
        statement.contains("\"kms:EncryptionContext:SecretARN\""),
        "{statement}"
    );
    assert!(
        statement.contains("[data.aws_secretsmanager_secret.token_named.arn]"),
        "{statement}"
    );
}

fn of_file(program: &exoc_ir::Program, name: &str) -> String {
    let path = exoc_diagnostics::VirtualPath::new(name).unwrap();
    String::from_utf8(files(program).get(&path).unwrap().contents.clone()).unwrap()
}

/// What `format` makes of a template without verbs; `None` where a sign would be taken for one.
fn formatted(template: &str) -> Option<String> {
    let mut out = String::new();
    let mut letters = template.chars();
    while let Some(letter) = letters.next() {
        if letter == '%' && letters.next() != Some('%') {
            return None;
        }
        out.push(letter);
    }
    Some(out)
}

proptest! {
    #[test]
    fn format_gives_every_text_back(text in "(%|s|d|\\{|\\}|\\$|[a-c]|\\PC){0,40}") {
        prop_assert_eq!(formatted(&percent_doubled(&text)), Some(text));
    }
}

#[test]
fn the_plan_changes_no_text() {
    let model = model(&hostile());
    let worker = task(&model, "worker");
    let literals = |pieces: &[Piece]| -> Vec<String> {
        pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text) => text.clone(),
                Piece::Attribute(_) | Piece::Local(_) => panic!("nothing here is late"),
                Piece::Secret(address) | Piece::Named { address, key: _ } => format!("secret {address}"),
            })
            .collect()
    };
    let Some(Content::Composed {
        composed: Composed::Members(members),
        ..
    }) = worker.composed.as_ref().map(|secret| &secret.content)
    else {
        panic!("texts are composed")
    };
    for (index, text) in HOSTILE.iter().enumerate() {
        let Variable::Plain(plain) = variable(worker, &format!("PLAIN_{index:02}")) else {
            panic!("a literal is no secret")
        };
        assert_eq!(literals(&plain.pieces).concat(), *text);
        let parts = [
            format!("<{text}"),
            "secret key_supplied".to_owned(),
            format!("{text}>"),
        ];
        assert_eq!(literals(&members[index].1.pieces), parts);
    }
}
