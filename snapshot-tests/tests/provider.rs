//! What the target `aws` prints is what the provider takes: every resource, attribute, block and type of every golden is
//! held to `schemas/aws.json`, without any tool.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_snapshot_tests::{case, golden};
use hcl::expr::Expression;
use hcl::{Block, Body};
use serde_json::Value;

/// What every resource may have besides.
const META: [&str; 4] = ["for_each", "count", "depends_on", "provider"];

fn schema() -> Value {
    serde_json::from_str(include_str!("../../schemas/aws.json")).unwrap()
}

/// What is wrong with a file of Terraform.
fn misfits(schema: &Value, text: &str) -> Vec<String> {
    let body: Body = hcl::parse(text).unwrap();
    let mut found = Vec::new();
    for block in body.blocks() {
        let kind = match block.identifier() {
            "resource" => "resources",
            "data" => "data",
            _ => continue,
        };
        let labels: Vec<&str> = block.labels().iter().map(hcl::BlockLabel::as_str).collect();
        let [name, address] = labels.as_slice() else {
            panic!("{labels:?}")
        };
        // Other providers have no schema here, and no resource that could be mistaken.
        if !name.starts_with("aws_") {
            continue;
        }
        match schema[kind].get(name) {
            Some(known) => check(known, block.body(), &format!("{name}.{address}"), true, &mut found),
            None => found.push(format!(
                "{name} is unknown: add it to schemas/aws-resources.txt and write schemas/aws.json anew, as schemas/aws.md says"
            )),
        }
    }
    found
}

fn check(known: &Value, body: &Body, path: &str, is_top: bool, found: &mut Vec<String>) {
    for attribute in body.attributes() {
        let name = attribute.key();
        if is_top && META.contains(&name) {
            continue;
        }
        match &known["attributes"][name] {
            Value::String(kind) if kind.starts_with('=') => {
                found.push(format!("{path}.{name} is AWS's to say"));
            }
            Value::String(kind) => {
                let kind = kind.trim_start_matches(['!', '~']);
                if !fits(kind, attribute.expr()) {
                    found.push(format!("{path}.{name} is no {kind}: {:?}", attribute.expr()));
                }
            }
            Value::Object(_) => {}
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => {
                found.push(format!("{path} has no attribute {name}"));
            }
        }
    }
    for block in body.blocks() {
        let name = block.identifier();
        if is_top && name == "lifecycle" {
            continue;
        }
        match known["blocks"].get(name) {
            Some(inner) => check(
                &inner["of"],
                block.body(),
                &format!("{path}.{name}"),
                false,
                found,
            ),
            // The bindings cut statements of a firewall short, which hold themselves.
            None if known["attributes"][name]
                .as_str()
                .is_some_and(|kind| kind.ends_with("any")) => {}
            None => found.push(format!("{path} has no block {name}")),
        }
    }
    let count = |name: &str| {
        body.blocks()
            .filter(|block: &&Block| block.identifier() == name)
            .count()
    };
    for (name, inner) in known["blocks"].as_object().into_iter().flatten() {
        let several = count(name);
        if inner["required"] == true && several == 0 {
            found.push(format!("{path} needs the block {name}"));
        }
        if several > 1 && ["one", "single"].contains(&inner["nesting"].as_str().unwrap_or_default()) {
            found.push(format!("{path} has {several} blocks {name}"));
        }
    }
    for (name, kind) in known["attributes"].as_object().into_iter().flatten() {
        let mark = kind
            .as_str()
            .or_else(|| kind["object"].as_str())
            .unwrap_or_default();
        let is_there = body.attributes().any(|attribute| attribute.key() == name) || count(name) > 0;
        if mark.starts_with('!') && !is_there {
            found.push(format!("{path} needs {name}"));
        }
    }
}

/// Whether a literal can be of a type. What is no literal is left to the language.
fn fits(kind: &str, value: &Expression) -> bool {
    let inner = |outer: &str| kind.strip_prefix(outer).and_then(|rest| rest.strip_suffix(')'));
    match value {
        Expression::Bool(_) => ["bool", "any", "string"].contains(&kind),
        // The language makes a text of a number, and a number of a text of digits.
        Expression::Number(_) => ["number", "any"].contains(&kind),
        Expression::String(text) => match kind {
            "number" => text.parse::<f64>().is_ok(),
            "bool" => ["true", "false"].contains(&text.as_str()),
            other => ["string", "any"].contains(&other),
        },
        Expression::Array(items) => match inner("list(").or_else(|| inner("set(")) {
            Some(of) => items.iter().all(|item| fits(of, item)),
            None => kind == "any",
        },
        Expression::Object(members) => match inner("map(") {
            Some(of) => members.values().all(|member| fits(of, member)),
            None => kind == "any",
        },
        Expression::Null
        | Expression::TemplateExpr(_)
        | Expression::Variable(_)
        | Expression::Traversal(_)
        | Expression::FuncCall(_)
        | Expression::Parenthesis(_)
        | Expression::Conditional(_)
        | Expression::Operation(_)
        | Expression::ForExpr(_)
        | _ => true,
    }
}

#[test]
fn every_golden_fits_the_providers_schema() {
    let schema = schema();
    let (mut report, mut read) = (Vec::new(), 0);
    for case in case::all().unwrap() {
        for (path, bytes) in golden::read(&case.goldens).unwrap() {
            if !path.ends_with(".tf") {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap();
            read += text.lines().filter(|line| line.starts_with("resource ")).count();
            let misfits = misfits(&schema, &text).into_iter();
            report.extend(misfits.map(|misfit| format!("{}/{path}: {misfit}", case.name)));
        }
    }
    assert!(read > 1000, "only {read} resources were read");
    assert!(report.is_empty(), "{}", report.join("\n"));
}

#[test]
fn what_does_not_fit_is_noticed() {
    let schema = schema();
    let sound = "resource \"aws_efs_file_system\" \"a\" {\n  encrypted = true\n  tags = { Name = \"a\" }\n\n  \
                 lifecycle_policy {\n    transition_to_ia = \"AFTER_30_DAYS\"\n  }\n}\n\
                 resource \"aws_efs_mount_target\" \"a\" {\n  file_system_id = \"a\"\n  subnet_id = \"b\"\n}\n";
    assert_eq!(misfits(&schema, sound), Vec::<String>::new());
    for (right, wrong) in [
        ("encrypted", "encripted"),
        ("encrypted = true", "encrypted = [true]"),
        ("encrypted = true", "arn = \"a\""),
        ("lifecycle_policy", "life_policy"),
        ("transition_to_ia", "transition_to_cellar"),
        ("  subnet_id = \"b\"\n", ""),
        ("aws_efs_file_system", "aws_efs_files"),
        ("Name = \"a\"", "Name = [\"a\"]"),
    ] {
        assert!(sound.contains(right), "{right}");
        assert_ne!(
            misfits(&schema, &sound.replacen(right, wrong, 1)),
            Vec::<String>::new(),
            "{wrong}"
        );
    }
}

#[test]
fn the_data_says_where_it_is_from() {
    let schema = schema();
    assert_eq!(schema["version"], "6.25.0");
    assert_eq!(schema["package"], "@cdktf/provider-aws@21.22.1");
    assert!(include_str!("../../schemas/aws.md").contains(schema["date"].as_str().unwrap()));
}
