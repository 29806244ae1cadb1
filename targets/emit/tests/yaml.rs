//! What is printed as YAML is read back unchanged, and looks as reviewers expect.
//!
//! Two readers judge. granit-parser gives every scalar with its style, so a plain scalar can be checked
//! against the words and numbers of YAML 1.1 as well, which Go and Python readers of compose files know.
//! yaml-rust2 is independent of the reader exoc itself uses and builds values; it keeps `Null` a string
//! and glues a byte order mark to the first key, neither of which may appear unquoted in the first place.

#![allow(clippy::panic, reason = "helpers of tests may fail a test")]

mod hostile;

use exoc_emit::yaml::{
    Mapping, Scalar, Yaml, flow_list, list, print, print_documents, quoted, quoted_flow_list,
};
use granit_parser::{Event, Parser, ScalarStyle};
use proptest::prelude::*;
use yaml_rust2::YamlLoader;
use yaml_rust2::yaml::{Hash, Yaml as Loaded};

fn load(text: &str) -> Vec<Loaded> {
    YamlLoader::load_from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Every scalar of the file in order, keys among them.
fn scalars(text: &str) -> Vec<(String, ScalarStyle)> {
    let options = granit_parser::options! { emit_comments: false };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut found = Vec::new();
    while let Some(event) = parser.next_event() {
        if let (Event::Scalar(value, style, ..), _) = event.unwrap_or_else(|error| panic!("{error}\n{text}"))
        {
            found.push((value.into_owned(), style));
        }
    }
    found
}

/// Whether some resolver of YAML 1.1 or 1.2 takes a plain scalar for something else than a string. Coarse
/// on purpose: whatever begins like a number or date is suspect.
fn is_suspect(plain: &str) -> bool {
    let words = [
        "", "~", "null", "true", "false", "yes", "no", "y", "n", "on", "off", "=", "<<",
    ];
    let unsigned = plain.trim_start_matches(['+', '-']).trim_start_matches('.');
    words.contains(&plain.to_lowercase().as_str())
        || unsigned.starts_with(|first: char| first.is_ascii_digit())
        || ["inf", "nan", "infinity"].contains(&unsigned.to_lowercase().as_str())
}

/// The text as value, item, flow item, nested value, nested item and key, always quoted and not.
fn everywhere(text: &str) -> Mapping {
    Mapping::new()
        .with("value", text)
        .with("quoted", quoted(text))
        .with("items", vec![text, text])
        .with("flow", flow_list([text, text]))
        .with("quoted flow", quoted_flow_list([text]))
        .comment(text)
        .blank()
        .with(
            "maps",
            list([Mapping::new()
                .comment(text)
                .with("in", text)
                .with(text.to_owned() + "k", text)]),
        )
        .with("lists", list([list([text]), list([text])]))
        .with(
            "keys",
            Mapping::new()
                .blank()
                .comment(text)
                .with(text.to_owned(), Mapping::new().with(text.to_owned(), text))
                .comment(text),
        )
        .comment(text)
        .with("last", text)
        .comment(text)
}

fn comes_back_unchanged(text: &str) {
    let printed = print(&everywhere(text));
    let expected = [
        "value",
        text,
        "quoted",
        text,
        "items",
        text,
        text,
        "flow",
        text,
        text,
        "quoted flow",
        text,
        "maps",
        "in",
        text,
        &(text.to_owned() + "k"),
        text,
        "lists",
        text,
        text,
        "keys",
        text,
        text,
        text,
        "last",
        text,
    ];
    let found = scalars(&printed);
    assert_eq!(
        found.iter().map(|(value, _)| value.as_str()).collect::<Vec<_>>(),
        expected,
        "\n{printed}"
    );
    for (value, style) in found {
        assert!(
            style != ScalarStyle::Plain || !is_suspect(&value),
            "`{value}` is plain\n{printed}"
        );
    }
    let documents = load(&printed);
    let [document] = documents.as_slice() else {
        panic!("{} documents\n{printed}", documents.len())
    };
    let string = Loaded::String(text.to_owned());
    assert_eq!(document["value"], string, "\n{printed}");
    assert_eq!(document["quoted"], string, "\n{printed}");
    assert_eq!(
        document["items"],
        Loaded::Array(vec![string.clone(), string.clone()]),
        "\n{printed}"
    );
    assert_eq!(document["flow"], document["items"], "\n{printed}");
    assert_eq!(document["lists"][1][0], string, "\n{printed}");
    assert_eq!(document["maps"][0]["in"], string, "\n{printed}");
    assert_eq!(document["keys"][text][text], string, "\n{printed}");
    assert_eq!(document["last"], string, "\n{printed}");
    assert!(
        !printed.lines().any(|line| line.ends_with(' ')) || text.contains(' '),
        "space at a line's end\n{printed}"
    );
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

proptest! {
    #[test]
    fn random_texts_come_back_unchanged(text in hostile::text()) {
        comes_back_unchanged(&text);
    }

    #[test]
    fn random_trees_come_back_unchanged(tree in mapping()) {
        let printed = print(&tree.0);
        prop_assert_eq!(load(&printed), vec![Loaded::Hash(tree.1)], "\n{}", printed);
    }

    #[test]
    fn documents_stay_apart(trees in prop::collection::vec(mapping(), 0..4)) {
        let (printed, expected): (Vec<Mapping>, Vec<Hash>) = trees.into_iter().unzip();
        let printed = print_documents(&printed);
        prop_assert_eq!(load(&printed), expected.into_iter().map(Loaded::Hash).collect::<Vec<_>>(), "\n{}", printed);
    }
}

/// A random tree next to what a reader must make of it.
fn tree() -> impl Strategy<Value = (Yaml, Loaded)> {
    scalar()
        .prop_map(|(scalar, loaded)| (Yaml::Scalar(scalar), loaded))
        .prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(|items| {
                    let (items, loaded) = items.into_iter().unzip();
                    (Yaml::List(items), Loaded::Array(loaded))
                }),
                prop::collection::vec(scalar(), 0..4).prop_map(|items| {
                    let (items, loaded) = items.into_iter().unzip();
                    (Yaml::FlowList(items), Loaded::Array(loaded))
                }),
                entries(inner).prop_map(|(mapping, hash)| (Yaml::Map(mapping), Loaded::Hash(hash))),
            ]
        })
}

fn scalar() -> impl Strategy<Value = (Scalar, Loaded)> {
    prop_oneof![
        Just((Scalar::Null, Loaded::Null)),
        any::<bool>().prop_map(|value| (Scalar::Bool(value), Loaded::Boolean(value))),
        any::<i64>().prop_map(|value| (Scalar::from(value), Loaded::Integer(value))),
        hostile::text().prop_map(|text| (Scalar::Text(text.clone()), Loaded::String(text))),
        hostile::text().prop_map(|text| (Scalar::Quoted(text.clone()), Loaded::String(text))),
    ]
}

fn mapping() -> impl Strategy<Value = (Mapping, Hash)> {
    entries(tree())
}

fn entries(value: impl Strategy<Value = (Yaml, Loaded)>) -> impl Strategy<Value = (Mapping, Hash)> {
    let entry = (
        hostile::text(),
        value,
        prop::option::of(hostile::text()),
        any::<bool>(),
    );
    (
        prop::collection::vec(entry, 0..5),
        prop::option::of(hostile::text()),
    )
        .prop_map(|(entries, last)| {
            let mut mapping = Mapping::new();
            let mut hash = Hash::new();
            for (number, (key, (value, loaded), comment, blank)) in entries.into_iter().enumerate() {
                // Keys of one mapping differ.
                let key = format!("{key}{number}");
                mapping = if blank { mapping.blank() } else { mapping };
                mapping = comment
                    .into_iter()
                    .fold(mapping, Mapping::comment)
                    .with(key.clone(), value);
                hash.insert(Loaded::String(key), loaded);
            }
            (last.into_iter().fold(mapping, Mapping::comment), hash)
        })
}

#[test]
fn what_is_surely_text_is_plain_and_the_rest_is_quoted() {
    let tree = Mapping::new()
        .with("image", "ghcr.io/acme/web:1.4.2")
        .with("url", "postgres://db:5432/app")
        .with("words", "two words")
        .with("on", "off")
        .with("version", "3.10")
        .with("count", 3_u32)
        .with("enabled", true)
        .with("empty", "")
        .with("flow", flow_list(["a", "a:b", "1"]));
    let expected = "\
image: ghcr.io/acme/web:1.4.2
url: postgres://db:5432/app
words: two words
\"on\": \"off\"
version: \"3.10\"
count: 3
enabled: true
empty: \"\"
flow: [a, \"a:b\", \"1\"]
";
    assert_eq!(print(&tree), expected);
}

#[test]
fn layout_is_that_of_kubernetes_manifests() {
    let container = Mapping::new()
        .comment("Pinned by digest.")
        .with("name", "web")
        .with("script", "set -e\n\nexec web\n")
        .with("ports", list([Mapping::new().with("port", 80_u16)]));
    let tree = Mapping::new()
        .comment("Two lines\nof comment")
        .with("kind", "Pod")
        .blank()
        .comment("Why.")
        .with(
            "spec",
            Mapping::new()
                .with("containers", list([container]))
                .with("volumes", Mapping::new()),
        )
        .with("none", Yaml::List(Vec::new()));
    let expected = "\
# Two lines
# of comment
kind: Pod

# Why.
spec:
  containers:
    # Pinned by digest.
    - name: web
      script: |
        set -e

        exec web
      ports:
        - port: 80
  volumes: {}
none: []
";
    assert_eq!(print(&tree), expected);
}

#[test]
fn absent_and_empty_values_leave_no_entry() {
    let none: Vec<String> = Vec::new();
    let tree = Mapping::new()
        .with_some("a", None::<&str>)
        .with_some("b", Some("c"))
        .with_list_unless_empty("d", none)
        .with_map_unless_empty("e", Mapping::new());
    assert_eq!(print(&tree), "b: c\n");
}

#[test]
fn documents_are_separated_by_one_marker() {
    let documents = [
        Mapping::new().with("a", 1_u8),
        Mapping::new().comment("Second.").with("b", 2_u8),
    ];
    assert_eq!(print_documents(&documents), "a: 1\n---\n# Second.\nb: 2\n");
}

#[test]
fn a_remark_stands_behind_its_value_and_is_no_part_of_it() {
    let mapping = Mapping::new()
        .with_remark("uses", "actions/checkout@0123", "v7.0.1\nx: y")
        .with_remark("hash", "a #b", "c");
    let text = print(&mapping);
    assert_eq!(
        text,
        "uses: actions/checkout@0123 # v7.0.1 x: y\nhash: \"a #b\" # c\n"
    );
    assert_eq!(load(&text)[0]["uses"].as_str(), Some("actions/checkout@0123"));
    assert_eq!(load(&text)[0]["hash"].as_str(), Some("a #b"));
}
