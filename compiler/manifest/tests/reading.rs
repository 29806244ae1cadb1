//! Bytes -> tree: every fault of a file's encoding and YAML, at the exact place, without a second diagnostic.

mod common;

use common::{Memory, application};
use exoc_diagnostics::ReadError;
use exoc_manifest::ast::Field;

#[track_caller]
fn one(text: &str, expected: &str) {
    assert_eq!(application(text).lines(), [expected]);
}

#[test]
fn bytes_that_are_not_utf8_are_shown_at_the_first_of_them() {
    let loaded = Memory::default()
        .with("application.yml", b"name: shop\nowner: caf\xe9\n")
        .load();
    assert_eq!(
        loaded.lines(),
        ["EX0004 application.yml:2:11 `\u{fffd}` `application.yml` is not UTF-8"]
    );
    assert!(loaded.manifest.is_none());
    let loaded = Memory::default()
        .with("application.yml", b"\xff\xfen\0a\0")
        .load();
    assert_eq!(loaded.codes(), ["EX0004"]);
    assert_eq!(
        loaded.diagnostics[0].help,
        ["the file may be in UTF-16; save it as UTF-8"]
    );
}

#[test]
fn a_file_above_16_mib_is_not_read() {
    let loaded = Memory::default()
        .with("application.yml", &vec![b'#'; (16 << 20) + 1])
        .load();
    assert_eq!(loaded.codes(), ["EX0009"]);
    let loaded = Memory::default()
        .failing("application.yml", ReadError::TooLarge(99_999_999))
        .load();
    assert_eq!(
        loaded.lines(),
        ["EX0009 nowhere `application.yml` has 99999999 bytes, and 16 MiB are the most"]
    );
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_change_nothing() {
    let loaded =
        application("\u{feff}name: shop\r\nservices:\r\n  web:\r\n    image: nginx:1.29\r\n    port: 80\r\n");
    assert_eq!(loaded.clean().application.shared.services.len(), 1);
    one(
        "\u{feff}nam: shop\r\nowner: team\r\n",
        "EX0101 application.yml:1:1 `nam` an application has no key `nam`",
    );
}

#[test]
fn a_nul_is_shown_wherever_it_stands() {
    one(
        "name: shop # \0\n",
        "EX0113 application.yml:1:14 `\\0` a NUL character",
    );
    one(
        "name: \"sh\\0op\"\n",
        "EX0113 application.yml:1:10 `\\\\0` a NUL character",
    );
    one(
        "name: shop\nenvironment: { A: \"\\u0000\" }\n",
        "EX0113 application.yml:2:20 `\\\\u0000` a NUL character",
    );
}

#[test]
fn a_text_that_is_not_in_normal_form_c_is_warned_of() {
    one(
        "name: shop\ndescription: cafe\u{301}s\n",
        "EX0114 application.yml:2:17 `e\u{301}` a text that is not in Unicode's normal form C",
    );
    assert_eq!(application("name: shop\ndescription: café\n").codes(), [""; 0]);
}

#[test]
fn an_empty_file_has_no_content() {
    for text in ["", "\n", "# nothing\n", "---\n", "~\n", "--- # a\n...\n"] {
        assert_eq!(application(text).codes(), ["EX0016"], "{text:?}");
    }
}

#[test]
fn a_second_document_is_refused() {
    one(
        "name: shop\n---\nname: b\n",
        "EX0013 application.yml:2:1 `---` a second document in one file",
    );
    one(
        "---\nname: shop\n---\n",
        "EX0013 application.yml:3:1 `---` a second document in one file",
    );
    assert_eq!(application("---\nname: shop\n...\n").codes(), [""; 0]);
}

#[test]
fn tabs_that_indent_are_shown() {
    one(
        "name: shop\nservices:\n\tweb: ./web\n",
        "EX0007 application.yml:3:1 `\\t` a tab indents this line",
    );
    one(
        "name: shop\nservices:\n  web:\n\t\tport: 1\n",
        "EX0007 application.yml:4:1 `\\t\\t` a tab indents this line",
    );
}

#[test]
fn duplicate_keys_keep_the_first_and_show_both() {
    let loaded = application("name: shop\nname: other\nservices: { web: ./a, web: ./b }\n");
    assert_eq!(
        loaded.lines(),
        [
            "EX0006 application.yml:2:1 `name` the key `name` stands twice in one mapping",
            "EX0006 application.yml:3:23 `web` the key `web` stands twice in one mapping",
        ]
    );
    let first = loaded.diagnostics[0].secondary[0].span;
    assert_eq!(
        (loaded.map.slice(first), loaded.map.start(first).map(|at| at.line)),
        ("name", Some(1))
    );
}

#[test]
fn aliases_repeat_a_value_and_nothing_else() {
    let loaded = application(
        "name: shop\nservices:\n  a: { image: &i nginx:1.29, security: &s { user: 1000 } }\n  b: { image: *i, security: *s }\n",
    );
    assert_eq!(loaded.clean().application.shared.services.len(), 2);
    one(
        "name: *x\n",
        "EX0011 application.yml:1:7 `*x` the alias `*x` refers to no anchor",
    );
    one(
        "name: shop\nservices: &a { web: *a }\n",
        "EX0011 application.yml:2:21 `*a` the alias `*a` refers to the value that holds it",
    );
}

#[test]
fn aliases_that_explode_are_refused() {
    let mut text = String::from("name: shop\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
    }
    assert_eq!(application(&text).codes(), ["EX0010"]);
}

#[test]
fn nesting_is_bounded_also_through_aliases_and_mixed_styles() {
    let nested = |depth: usize| {
        format!(
            "name: shop\nenvironments: {{ a: {{ targets: {{ b: {{ c: {}{} }} }} }} }}\n",
            "[".repeat(depth),
            "]".repeat(depth)
        )
    };
    assert_eq!(application(&nested(58)).codes(), [""; 0]);
    assert_eq!(application(&nested(70)).codes(), ["EX0008"]);
    assert_eq!(application(&"- ".repeat(100_000)).codes(), ["EX0008"]);
    assert_eq!(application(&"[".repeat(100_000)).codes(), ["EX0008"]);
    assert_eq!(application(&"? ".repeat(100_000)).codes(), ["EX0008"]);
    let mut text = String::from("a0: &a0 [x]\n");
    for level in 1..100 {
        text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(application(&text).codes(), ["EX0008"]);
    let block: String = (0..60)
        .map(|depth| format!("{}- \n", " ".repeat(depth)))
        .collect();
    let mixed = format!("{block}{}{}{}", " ".repeat(61), "[".repeat(10), "]".repeat(10));
    assert_eq!(application(&mixed).codes(), ["EX0008"]);
}

#[test]
fn merge_keys_are_refused_without_a_second_fault() {
    one(
        "name: shop\nx: &x { name: a }\n",
        "EX0101 application.yml:2:1 `x` an application has no key `x`",
    );
    one(
        "<<: { name: shop }\n",
        "EX0012 application.yml:1:1 `<<` merge keys are not part of the language",
    );
    one(
        "name: shop\nenvironments: { p: { targets: { compose: { patches: [{ <<: { at: a }, set: { b: 1 } }] } } } }\n",
        "EX0012 application.yml:2:56 `<<` merge keys are not part of the language",
    );
    assert_eq!(
        application("name: shop\nenvironment: { \"<<\": a }\n").codes(),
        [""; 0]
    );
}

#[test]
fn tags_are_refused_without_a_second_fault() {
    one(
        "name: !foo 12\n",
        "EX0014 application.yml:1:7 `!foo` a YAML tag: `!foo`",
    );
    one(
        "name: shop\nservices: !!map [a]\n",
        "EX0014 application.yml:2:11 `!!map` a YAML tag: `!!map`",
    );
    one(
        "!x\nname: shop\n",
        "EX0014 application.yml:1:1 `!x` a YAML tag: `!x`",
    );
}

#[test]
fn keys_are_texts() {
    one(
        "name: shop\n? [a]\n: b\n",
        "EX0015 application.yml:2:3 `[a]` a list stands where a key belongs",
    );
    one(
        "name: shop\n{a: b}: c\n",
        "EX0015 application.yml:2:1 `{a: b}` a mapping stands where a key belongs",
    );
    one(
        "name: shop\n~: c\n",
        "EX0015 application.yml:2:1 `~` null stands where a key belongs",
    );
    one(
        "name: shop\n? |\n  a\n: c\n",
        "EX0015 application.yml:3:3 `a` a block of lines stands where a key belongs",
    );
}

#[test]
fn faults_of_the_structure_point_at_their_cause() {
    for (text, expected) in [
        (
            "name: shop\nservices:\n  web:\n    command: [node, a.js\n    port: 1\n",
            "EX0005 application.yml:4:14 `[` a list that is never closed",
        ),
        (
            "name: \"shop\nservices:\n  web: ./web\n",
            "EX0005 application.yml:1:7 `\\\"` a quoted text that is never closed",
        ),
        (
            "name: 'shop\n",
            "EX0005 application.yml:1:7 `\\'` a quoted text that is never closed",
        ),
        (
            "name: shop # it's \"fine\nservices: { web: ./web\n",
            "EX0005 application.yml:2:11 `{` a mapping that is never closed",
        ),
        (
            "name: shop\ndescription: Sells: things\n",
            "EX0005 application.yml:2:19 `:` a second `:` on one line",
        ),
        (
            "name: shop\nservices\n  web: ./web\n",
            "EX0005 application.yml:2:1 `services` a line that is neither a key nor part of a text",
        ),
        (
            "name: shop\nowner:team\nservices: {}\n",
            "EX0005 application.yml:2:1 `owner:team` a `:` without a space behind it",
        ),
        (
            "name: shop\nservices:\n  web: ./web\n   api: ./api\n",
            "EX0005 application.yml:4:4 `api` the indentation of this line fits nothing above it",
        ),
        (
            "name: shop\nservices:\n    web: ./web\n  api: ./api\n",
            "EX0005 application.yml:4:3 `api` the indentation of this line fits nothing above it",
        ),
        (
            "name: @shop\n",
            "EX0005 application.yml:1:7 `@shop` a text begins with `@`, which YAML reserves",
        ),
        (
            "name: \"sh\\qop\"\n",
            "EX0005 application.yml:1:10 `\\\\q` an escape that YAML does not know",
        ),
        (
            "name: \"shop\" b\n",
            "EX0005 application.yml:1:14 `b` words behind the closing quote",
        ),
        (
            "name: shop\nservices: { web: [a, b} }\n",
            "EX0005 application.yml:2:18 `[` `[` is closed by `}`",
        ),
        (
            "name: shop\nservices: { web: ./web api: ./api }\n",
            "EX0005 application.yml:2:27 `:` a mapping in braces goes on without a comma",
        ),
        (
            "name: shop\nowner: {a}/x\n",
            "EX0005 application.yml:2:11 `/` words behind a closing bracket",
        ),
        (
            "name: shop\nowner: *\n",
            "EX0005 application.yml:2:8 `*` `&` or `*` without a name",
        ),
        (
            "name: shop\nenvironment: { A: ${app.name}/x }\n",
            "EX0005 application.yml:2:19 `${app.name}` a reference inside brackets has no quotes",
        ),
        (
            "name: shop\nenvironment:\n  A: [x, ${app.name}]\n",
            "EX0005 application.yml:3:10 `${app.name}` a reference inside brackets has no quotes",
        ),
    ] {
        one(text, expected);
    }
}

#[test]
fn a_file_with_a_fault_of_syntax_hides_no_fault_of_another() {
    let loaded = Memory::new(&[
        (
            "application.yml",
            "name: shop\nservices: { a: ./a, b: ./b, c: ./gone }\n",
        ),
        ("a/service.yml", "port: [1\n"),
        ("b/service.yml", "prt: 1\nprot: 2\n"),
    ])
    .load();
    assert_eq!(
        loaded.lines(),
        [
            "EX0002 application.yml:2:32 `./gone` the folder `./gone` does not exist",
            "EX0005 a/service.yml:1:7 `[` a list that is never closed",
            "EX0101 b/service.yml:1:1 `prt` a service has no key `prt`",
            "EX0101 b/service.yml:2:1 `prot` a service has no key `prot`",
        ]
    );
}

#[test]
fn the_span_of_a_collection_reaches_its_last_member() {
    let loaded = application(
        "name: shop\nservices:\n  web:\n    image: nginx:1.29\n    uses:\n    - db\n    - internet\n  api: { image: nginx:1.29 }   # end\n",
    );
    let services = &loaded.clean().application.shared.services;
    let slice = |at: usize| {
        let Field::Set(entry) = &services[at] else {
            panic!("not set")
        };
        loaded.map.slice(entry.span).to_owned()
    };
    assert_eq!(slice(0), "image: nginx:1.29\n    uses:\n    - db\n    - internet");
    assert_eq!(slice(1), "{ image: nginx:1.29 }");
}

#[test]
fn a_key_without_a_space_is_shown_and_not_the_key_below_it() {
    one(
        "name:shop\nservices: {}\n",
        "EX0005 application.yml:1:1 `name:shop` a `:` without a space behind it",
    );
    one(
        "name: shop\nservices:\n  web:./web # our own\n\n  api: ./api\n",
        "EX0005 application.yml:3:3 `web:./web` a `:` without a space behind it",
    );
}
