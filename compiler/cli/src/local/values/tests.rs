//! The file of values against a second reader, which keeps what it reads.

use super::{Fault, Unreadable, Value, present, with};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn value(text: &str) -> Value {
    Value::supplied(text.as_bytes().to_vec()).unwrap()
}

/// The values of a file without references to other names: written apart from the reader above, one character at a time.
fn read(text: &str) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character.is_whitespace() {
            continue;
        }
        if character == '#' {
            characters.by_ref().find(|next| *next == '\n');
            continue;
        }
        let mut name = String::from(character);
        let ends = ['=', ':', '\n'];
        while let Some(next) = characters.next_if(|next| !ends.contains(next)) {
            name.push(next);
        }
        if characters.next().is_none_or(|separator| separator == '\n') {
            continue;
        }
        while characters.next_if(|next| *next == ' ').is_some() {}
        let value = match characters.next_if(|next| ['\'', '"'].contains(next)) {
            Some(quote) => quoted(quote, &mut characters),
            None => {
                let mut value = String::new();
                while let Some(next) = characters.next_if(|next| *next != '\n') {
                    value.push(next);
                }
                value.split(" #").next().unwrap().trim_end().to_owned()
            }
        };
        let name = name.trim_end().trim_start_matches("export ");
        values.insert(name.to_owned(), value);
    }
    values
}

fn quoted(quote: char, characters: &mut impl Iterator<Item = char>) -> String {
    let mut value = String::new();
    while let Some(character) = characters.next() {
        match character {
            _ if character == quote => return value,
            '\\' => match characters.next().unwrap() {
                'n' if quote == '"' => value.push('\n'),
                't' if quote == '"' => value.push('\t'),
                'r' if quote == '"' => value.push('\r'),
                next if next == quote || (quote == '"' && ['\\', '$'].contains(&next)) => value.push(next),
                next => value.extend(['\\', next]),
            },
            _ => value.push(character),
        }
    }
    panic!("a quote is open in {value}");
}

/// Characters that mean something to somebody on the way.
fn hostile() -> impl Strategy<Value = String> {
    let one = prop_oneof![
        proptest::sample::select(vec![
            "\\",
            "\"",
            "'",
            "$",
            "$$",
            "${",
            "}",
            "\n",
            "\r",
            "\r\n",
            "\t",
            "#",
            " #",
            "=",
            ":",
            " ",
            "`",
            "\\n",
            "\\$",
            "$A",
            "${A}",
            "export ",
            "%",
            "\u{feff}",
            "\u{85}",
            "\u{a0}",
            "\u{2028}",
            "é",
            "\u{1f600}",
            "\u{1}",
            "0",
            "x",
        ])
        .prop_map(str::to_owned),
        any::<char>()
            .prop_filter("no variable holds it", |one| *one != '\0')
            .prop_map(String::from),
    ];
    proptest::collection::vec(one, 1..12).prop_map(|parts| parts.concat())
}

/// A statement or something else that may stand in a file, with the end of its line.
fn line() -> impl Strategy<Value = String> {
    let name = proptest::sample::select(vec!["A", "B", "NAME", "NAME2", "a.b-c"]);
    let end = proptest::sample::select(vec!["\n", "\r\n", "\n\n", "  \n"]);
    let rest = proptest::sample::select(vec![
        "",
        "=",
        "=plain",
        "= plain with spaces # comment",
        ": yaml",
        "='single $A \\ two\nlines' # comment",
        "=\"double \\\" \\$ \\\\\" B=\"second\"",
        "=\"\"",
        "=''",
        "=a\"b'c",
        "=#no comment",
    ]);
    let statement = (prop::bool::ANY, name, rest, end).prop_map(|(export, name, rest, end)| {
        let export = if export { "export " } else { "" };
        format!("{export}{name}{rest}{end}")
    });
    prop_oneof![
        6 => statement,
        1 => Just("# a comment = \"\n".to_owned()),
        1 => Just("   \t\n".to_owned()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again_and_all_else_stays(
        lines in proptest::collection::vec(line(), 0..8),
        last in prop::bool::ANY,
        text in hostile(),
    ) {
        let mut file = lines.concat();
        if last {
            file.truncate(file.trim_end().len());
        }
        let written = with(&file, "NAME", &value(&text)).unwrap();
        let mut expected = read(&file);
        expected.insert("NAME".to_owned(), text.clone());
        prop_assert_eq!(read(&written), expected);
        prop_assert!(present(&written).unwrap().contains(&"NAME"));
        // Again, in the same place.
        let twice = with(&written, "NAME", &value("other")).unwrap();
        prop_assert_eq!(&with(&twice, "NAME", &value(&text)).unwrap(), &written);
    }

    #[test]
    fn names_with_a_value_are_those_that_a_second_reader_finds(
        lines in proptest::collection::vec(line(), 0..8),
    ) {
        let file = lines.concat();
        let values = read(&file);
        let expected: Vec<&str> = values
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, _)| name.as_str())
            .collect();
        prop_assert_eq!(present(&file).unwrap(), expected);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(?s).{0,64}") {
        let _ = present(&text);
        let _ = with(&text, "NAME", &value("x"));
    }
}

#[test]
fn a_name_has_a_value_only_if_something_is_left_of_it() {
    let there = |text: &str| present(text).unwrap().contains(&"N");
    for text in [
        "N=x",
        "N = x",
        "N: x",
        "export N=x",
        "N='x'",
        "N=\"x\"",
        "N=\" \"",
        "N=#x",
        "N=\"\"\nN=x",
        "A='\n'N=x",
        "N=$SHELL",
        "N=$",
        "N=$5",
        "N=\"$ \"",
        "N=\"\\$\"",
        "N=$$",
        "N='$'",
        "N=${A:-x}",
        "\u{feff}N=x",
        "A=1\nN=$A",
        "A=\nN=${A}x",
    ] {
        assert!(there(text), "{text}");
    }
    for text in [
        "",
        "N",
        "N\n",
        "N=",
        "N= ",
        "N=\"\"",
        "N=''",
        "# N=x",
        "N=x\nN=",
        "N=\nM=x",
        "A=\nN=$A",
        "A=\nN=\"${A}\"",
        "n=x",
        "A=\"\nN=x\"",
    ] {
        assert!(!there(text), "{text}");
    }
}

#[test]
fn a_file_that_compose_would_refuse_is_refused_with_its_line() {
    let refused = |text: &str| present(text).unwrap_err();
    let at = |line, fault| Unreadable { line, fault };
    assert_eq!(refused("A=1\n\nB=\"x\ny"), at(3, Fault::OpenQuote));
    assert_eq!(refused("A='x\\'"), at(1, Fault::OpenQuote));
    assert_eq!(refused("# c\nA B=1"), at(2, Fault::NoStatement));
    assert_eq!(refused("A!=1"), at(1, Fault::NoStatement));
    assert_eq!(
        refused("A='x'\n=1\n-----BEGIN KEY-----\n"),
        at(3, Fault::NoStatement)
    );
    assert_eq!(refused("export "), at(1, Fault::NoStatement));
    for value in ["${", "${A", "\"${A\"}", "${}", "${1}", "${A B}"] {
        assert_eq!(
            refused(&format!("A={value}")),
            at(1, Fault::NoReference),
            "{value}"
        );
    }
    assert_eq!(with("A='", "N", &value("x")), Err(at(1, Fault::OpenQuote)));
}

#[test]
fn a_comment_behind_a_value_stays() {
    let file = "# mine\nexport N=old # why\nM='x' # too";
    assert_eq!(
        with(file, "N", &value("new")).unwrap(),
        "# mine\nexport N=\"new\" # why\nM='x' # too"
    );
    assert_eq!(
        with(file, "L", &value("a\"b")).unwrap(),
        format!("{file}\nL=\"a\\\"b\"\n")
    );
}
