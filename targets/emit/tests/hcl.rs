//! What is printed as HCL is read back unchanged by hcl-rs and looks as `tofu fmt` leaves it. The
//! example `random_hcl` has `tofu fmt` itself judge random bodies.
//!
//! hcl-rs 0.20 loses a `$` or `%` directly before an escaped `${` or `%{` in a template that also has
//! interpolations, because it parses such a template twice. OpenTofu 1.12 reads it right (3306 texts,
//! compared by hand on 2026-11-21), so these texts are left out of the templates here, not of literals.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests may fail a test"
)]

mod hostile;
mod random_hcl;

use exoc_emit::hcl::{
    Body, Object, Template, block, call, for_list, jsonencode, list, local, object, parse, reference, var,
};
use hcl::eval::{Context, Evaluate};
use hcl::{Structure, Value};
use proptest::prelude::*;

fn read(text: &str) -> hcl::Body {
    hcl::parse(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// The values of the attributes of a file, with `x` set to `V`.
fn values(text: &str) -> Vec<Value> {
    let mut context = Context::new();
    context.declare_var("x", "V");
    read(text)
        .attributes()
        .map(|attribute| {
            attribute
                .expr
                .evaluate(&context)
                .unwrap_or_else(|error| panic!("{error}\n{text}"))
        })
        .collect()
}

/// Whether hcl-rs reads a template with this literal part right, see above.
fn is_read_right_in_templates(text: &str) -> bool {
    !["$${", "$%{", "%${", "%%{"]
        .iter()
        .any(|misread| text.contains(misread))
}

fn comes_back_unchanged(text: &str) {
    let body = Body::new()
        .comment(text)
        .attr("value", text)
        .attr_with_comment("item", list([text]), text)
        .attr("key", Object::new().with(text.to_owned(), 1))
        .attr("inline", Object::new().with(text.to_owned(), text).inline())
        .comment(text);
    let string = Value::from(text);
    let list = Value::Array(vec![string.clone()]);
    let expected = vec![string.clone(), list, map(text, Value::from(1)), map(text, string)];
    let printed = body.print();
    assert_eq!(values(&printed), expected, "\n{printed}");
    if is_read_right_in_templates(text) {
        comes_back_unchanged_in_templates(text);
    }
}

fn comes_back_unchanged_in_templates(text: &str) {
    let x = || reference(["x"]);
    let body = Body::new()
        .attr(
            "value",
            Template::new()
                .text(text)
                .value(x())
                .text(text)
                .value(x())
                .value(x())
                .text(text),
        )
        .attr(
            "key",
            Object::new().with(Template::new().value(x()).text(text), 1),
        );
    let expected = vec![
        Value::from(format!("{text}V{text}VV{text}")),
        map(&format!("V{text}"), Value::from(1)),
    ];
    let printed = body.print();
    assert_eq!(values(&printed), expected, "\n{printed}");
}

fn map(key: &str, value: Value) -> Value {
    Value::Object([(key.to_owned(), value)].into_iter().collect())
}

#[test]
fn every_hostile_text_comes_back_unchanged_in_every_position() {
    for text in hostile::TEXTS {
        comes_back_unchanged(text);
    }
    for text in hostile::long_texts() {
        comes_back_unchanged(&text);
    }
}

/// How many attributes and blocks there are, at any depth.
fn count(body: &hcl::Body) -> usize {
    body.iter()
        .map(|structure| match structure {
            Structure::Attribute(_) => 1,
            Structure::Block(block) => 1 + count(&block.body),
        })
        .sum()
}

proptest! {
    #[test]
    fn random_texts_come_back_unchanged(text in hostile::text()) {
        comes_back_unchanged(&text);
    }

    #[test]
    fn adjacent_texts_join_into_one_literal(texts in prop::collection::vec(hostile::text(), 0..5)) {
        prop_assume!(is_read_right_in_templates(&texts.concat()));
        let template = texts.iter().fold(Template::new(), |template, text| template.text(text));
        let printed = Body::new().attr("a", template.value("").value(reference(["x"]))).print();
        prop_assert_eq!(values(&printed), vec![Value::from(texts.concat() + "V")], "\n{}", printed);
    }

    #[test]
    fn random_bodies_can_be_read(body in random_hcl::body()) {
        let printed = body.print();
        read(&printed);
        prop_assert!(!printed.contains("\n\n\n") && !printed.starts_with('\n') && !printed.ends_with("\n\n"));
    }

    #[test]
    fn layout_changes_no_expression(expression in random_hcl::expression()) {
        let laid_out = Body::new().attr("a", expression.clone()).print();
        let on_one_line = Body::new().attr("a", Object::new().with("b", expression).inline()).print();
        let misread = ["$$${", "$%%{", "%$${", "%%%{"];
        prop_assume!(!misread.iter().any(|misread| laid_out.contains(misread)));
        let read_back = |text: &str| parse(text.trim_end().strip_prefix("a = ").expect("one attribute"));
        let laid_out = read_back(&laid_out).expect("an expression");
        let again = Body::new().attr("a", Object::new().with("b", laid_out).inline()).print();
        prop_assert_eq!(again, on_one_line);
    }

    #[test]
    fn comments_stay_comments(text in hostile::text(), name in "[ -~\n]{0,20}") {
        let body = Body::new()
            .comment(&text)
            .attr_with_comment(&name, 1, &text)
            .attr_with_comment("lines", object([("a", 1)]), &text)
            .nested(block(&name, [&name]).comment(&text));
        prop_assert_eq!(count(&read(&body.print())), 3, "\n{}", body.print());
    }
}

#[test]
fn signs_align_within_runs_of_one_line_attributes() {
    let body = Body::new()
        .attr("a", 1)
        .attr("longer", text_with_quotes())
        .comment("A comment ends the run.")
        .attr("b", true)
        .blank()
        .attr_with_comment("first", 1, "one")
        .attr_with_comment("second", 100, "hundred")
        .attr("third", 0.5);
    let expected = r#"a      = 1
longer = "say \"$${hi}\""
# A comment ends the run.
b = true

first  = 1   # one
second = 100 # hundred
third  = 0.5
"#;
    assert_eq!(body.print(), expected);
}

fn text_with_quotes() -> &'static str {
    "say \"${hi}\""
}

#[test]
fn blank_lines_follow_the_style_guide() {
    let body = Body::new()
        .comment("The network.")
        .nested(
            block("resource", ["aws_subnet", "public"])
                .attr("for_each", local("zones"))
                .attr("vpc_id", reference(["aws_vpc", "main", "id"]))
                .attr(
                    "cidr_block",
                    call(
                        "cidrsubnet",
                        [var("vpc_cidr"), 4.into(), reference(["each", "value"])],
                    ),
                )
                .attr(
                    "tags",
                    object([("Name", Template::new().value(local("name")).text("-public"))]),
                )
                .block("timeouts", |body| body)
                .comment("Replaced, never in place.")
                .block("lifecycle", |body| body.attr("create_before_destroy", true))
                .attr("depends_on", list([reference(["aws_vpc", "main"])])),
        )
        .nested(block("locals", []));
    let expected = r#"# The network.
resource "aws_subnet" "public" {
  for_each = local.zones

  vpc_id     = aws_vpc.main.id
  cidr_block = cidrsubnet(var.vpc_cidr, 4, each.value)

  tags = {
    Name = "${local.name}-public"
  }

  timeouts {}

  # Replaced, never in place.
  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_vpc.main]
}

locals {}
"#;
    assert_eq!(body.print(), expected);
}

#[test]
fn a_comment_set_apart_stays_apart() {
    let body = Body::new()
        .comment("checkov:skip=CKV_1:Why.")
        .blank()
        .attr("a", 1)
        .attr("depends_on", list([var("b")]));
    assert_eq!(
        body.print(),
        "# checkov:skip=CKV_1:Why.\n\na = 1\n\ndepends_on = [var.b]\n"
    );
}

#[test]
fn encoded_objects_are_laid_out_like_blocks() {
    let container = Object::new()
        .with("name", "web")
        .with("essential", true)
        .with("linuxParameters", object([("initProcessEnabled", true)]))
        .with(
            "environment",
            list([Object::new().with("name", "PORT").with("value", "3000").inline()]),
        )
        .with(
            "log group",
            parse("aws_cloudwatch_log_group.web[*].name").expect("an expression"),
        );
    let body = Body::new()
        .attr("containers", jsonencode(list([container])))
        .attr("tags", call("merge", [local("tags"), object([("a-b", 1)])]))
        .attr(
            "ids",
            for_list(
                "subnet",
                reference(["aws_subnet", "private"]),
                reference(["subnet", "id"]),
            ),
        );
    let expected = r#"containers = jsonencode([
  {
    name      = "web"
    essential = true
    linuxParameters = {
      initProcessEnabled = true
    }
    environment = [
      { name = "PORT", value = "3000" },
    ]
    "log group" = aws_cloudwatch_log_group.web[*].name
  },
])

tags = merge(local.tags, {
  a-b = 1
})

ids = [for subnet in aws_subnet.private : subnet.id]
"#;
    assert_eq!(body.print(), expected);
}

#[test]
fn long_lists_take_one_line_per_item_and_long_texts_stay_whole() {
    let items: Vec<String> = (0..8).map(|number| format!("service:Action{number}")).collect();
    let printed = Body::new()
        .attr("actions", list(items))
        .attr("one", list(["a".repeat(200)]))
        .print();
    assert!(
        printed.starts_with("actions = [\n  \"service:Action0\",\n  \"service:Action1\",\n"),
        "{printed}"
    );
    assert!(
        printed.ends_with(&format!("\n]\n\none = [\"{}\"]\n", "a".repeat(200))),
        "{printed}"
    );
}

#[test]
fn names_cannot_become_anything_else() {
    let body = Body::new()
        .attr("a = 1\nb", reference(["x\" {", "y.z", "ok"]))
        .nested(block("resource\" {", ["${x}"]).attr("1", call("f(", ["a"])));
    let expected = "a___1_b = x___[\"y.z\"].ok\n\nresource___ \"__x_\" {\n  _1 = f_(\"a\")\n}\n";
    assert_eq!(body.print(), expected);
}

#[test]
fn parsed_text_is_laid_out_again_and_refused_when_it_is_no_expression() {
    let zones =
        parse("{for index,zone in var.zones:zone=>index+1 if !(zone==\"a\")}").expect("an expression");
    assert_eq!(
        Body::new().attr("z", zones).print(),
        "z = { for index, zone in var.zones : zone => index + 1 if !(zone == \"a\") }\n"
    );
    for text in [
        "",
        "a b",
        "1 +",
        "a\nb = 1",
        "\"${a",
        "<<EOT\na\nEOT\n",
        "\"%{ if a }b%{ endif }\"",
    ] {
        assert!(parse(text).is_err(), "`{text}` was read");
    }
}
