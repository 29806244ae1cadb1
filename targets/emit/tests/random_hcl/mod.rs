//! Random bodies, built only through the public interface: for the property tests and for the example
//! that has `tofu fmt` judge them.

#![allow(
    clippy::expect_used,
    reason = "a snippet that cannot be parsed is a fault of the test"
)]

use crate::hostile;
use exoc_emit::hcl::{
    Block, Body, Expression, NULL, Object, Template, add, and, block, call, call_expanding, conditional,
    equal, for_list, for_object, list, not, not_equal, or, parse, reference,
};
use proptest::prelude::*;

/// Snippets for `parse`, with what the builders cannot make.
const SNIPPETS: &[&str] = &[
    "{ for index, zone in var.availability_zones : zone => index }",
    "{ for k, v in var.m : v => k... if k != \"a\" }",
    "[for s in aws_subnet.private : s.id]",
    "-1",
    "-var.a - -2",
    "- -1",
    "!(a && b)",
    "(a + b) * c % 2 - (d - e)",
    "a ? -1 : -b",
    "{ a = { b = [1, 2, -3], \"c d\" = null }, (var.x) = 1.5e3, \"${a}/b\" = true }",
    "{\n a = [{\n b = 1\n }, 2]\n long_name = \"${merge({ a = 1 }, { b = 2 })}\"\n}",
    "aws_subnet.private[*].id",
    "[for x in -y : -x if -z > 1]",
    "[for x in (a ? b : c) : x if (a ? b : c)]",
    "[for x in [1, 2] : x if [1][0] == x]",
    "{ for x in y : (a ? b : c) => -1 }",
    "\"${-1}-${{ a = 1 }}-${[1]}-${a}${b}\"",
    "provider::aws::arn_parse(a.b[\"c\"].d)[0]",
];

/// A name for blocks and attributes, which must differ within a body.
fn name() -> impl Strategy<Value = String> {
    ("[a-z_]{1,12}", any::<u32>()).prop_map(|(name, number)| format!("{name}_{number}"))
}

fn key() -> impl Strategy<Value = String> {
    prop_oneof![2 => name(), 1 => hostile::text()]
}

fn leaf() -> impl Strategy<Value = Expression> {
    prop_oneof![
        Just(NULL),
        any::<bool>().prop_map(Expression::from),
        any::<i64>().prop_map(Expression::from),
        (-1e6..1e6f64).prop_map(Expression::from),
        hostile::text().prop_map(Expression::from),
        (name(), name(), key()).prop_map(|(a, b, c)| reference([&a, &b, &c])),
        prop::sample::select(SNIPPETS.to_vec()).prop_map(|text| parse(text).expect(text)),
    ]
}

/// Any expression.
pub(crate) fn expression() -> impl Strategy<Value = Expression> {
    leaf().prop_recursive(4, 40, 5, |inner| {
        let entries = prop::collection::vec((key(), inner.clone()), 0..5).boxed();
        let items = prop::collection::vec(inner.clone(), 0..5);
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            3 => items.clone().prop_map(list),
            3 => entries.clone().prop_map(|entries| object(entries).into()),
            1 => entries.prop_map(|entries| object(entries).inline().into()),
            1 => pair.clone().prop_map(|(k, v)| Object::new().with(k, v).into()),
            2 => (name(), items.clone()).prop_map(|(name, items)| call(&name, items)),
            1 => (name(), items).prop_map(|(name, items)| call_expanding(&name, items)),
            2 => prop::collection::vec(prop_oneof![inner.clone(), hostile::text().prop_map(Expression::from)], 0..4)
                .prop_map(|parts| parts.into_iter().fold(Template::new(), Template::value).into()),
            1 => pair.clone().prop_map(|(a, b)| a.index(b)),
            1 => inner.clone().prop_map(|a| a.splat().get("id")),
            1 => pair.clone().prop_map(|(a, b)| add(a, b)),
            1 => pair.clone().prop_map(|(a, b)| equal(or(a.clone(), b.clone()), and(not(b), not_equal(a, 1)))),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| conditional(a, b, c)),
            1 => pair.clone().prop_map(|(a, b)| for_list("x", a, b).with_key("i").into()),
            1 => (inner.clone(), inner.clone(), inner).prop_map(|(a, b, c)| for_object("x", a, b, c.clone()).only_if(c).into()),
        ]
    })
}

/// An object whose keys differ, as hcl-rs demands.
fn object(entries: Vec<(String, Expression)>) -> Object {
    let mut object = Object::new();
    for (number, (key, value)) in entries.into_iter().enumerate() {
        object.insert(
            if number == 0 {
                key
            } else {
                format!("{key}{number}")
            },
            value,
        );
    }
    object
}

/// Any body.
pub(crate) fn body() -> impl Strategy<Value = Body> {
    flat_body().prop_recursive(3, 30, 4, |inner| {
        let nested = (name(), hostile::text(), leaf(), inner, expression(), flat_body());
        (flat_body(), prop::collection::vec(nested, 0..4)).prop_map(|(first, blocks)| {
            blocks
                .into_iter()
                .fold(first, |body, (kind, label, times, inner, depends_on, after)| {
                    let inner = if label.len().is_multiple_of(3) {
                        inner
                    } else {
                        with_meta_arguments(inner, times, depends_on)
                    };
                    body.nested(labelled(&kind, &label).map(|_| inner)).append(after)
                })
        })
    })
}

fn with_meta_arguments(body: Body, times: Expression, depends_on: Expression) -> Body {
    Body::new()
        .attr("for_each", times)
        .append(body)
        .attr("depends_on", depends_on)
}

fn labelled(kind: &str, label: &str) -> Block {
    if label.len().is_multiple_of(2) {
        block(kind, [label])
    } else {
        block(kind, [])
    }
}

fn flat_body() -> impl Strategy<Value = Body> {
    let step = prop_oneof![
        4 => (name(), expression()).prop_map(|(name, value)| Body::new().attr_named(&name, value)),
        2 => (name(), leaf()).prop_map(|(name, value)| Body::new().attr_named(&name, value)),
        2 => (name(), leaf(), hostile::text()).prop_map(|(name, value, text)| Body::new().attr_with_comment(&name, value, &text)),
        1 => (name(), expression(), hostile::text()).prop_map(|(name, value, text)| Body::new().attr_with_comment(&name, value, &text)),
        1 => hostile::text().prop_map(|text| Body::new().comment(text)),
        1 => Just(Body::new().blank()),
    ];
    prop::collection::vec(step, 0..7).prop_map(|steps| steps.into_iter().fold(Body::new(), Body::append))
}
