//! Exceptions beside lines: what they hide, what they leave alone, and when they end.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use exoc_diagnostics::{Date, MemorySources};
use exoc_lower::Selection;
use exoc_snapshot_tests::{case, concise, formats};

/// An application with two secrets that nobody uses; `<1>` to `<4>` are places for comments.
const APPLICATION: &str = "\
name: shop
services:
  web:
    image: nginx:1.29
<1>
secrets:
  ONE: {} <2>
  TWO: {} <3>
<4>
";

fn with(comments: &[(&str, &str)]) -> String {
    let mut text = APPLICATION.to_owned();
    for (place, comment) in comments {
        text = text.replace(place, comment);
    }
    ["<1>", "<2>", "<3>", "<4>"]
        .iter()
        .fold(text, |text, place| text.replace(place, ""))
}

/// Codes and lines of all that is told.
fn told(text: &str) -> Vec<String> {
    let sources = MemorySources::from([("application.yml", text)]);
    let (_, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    let lines = concise(&diagnostics, &map);
    lines
        .lines()
        .map(|line| {
            let mut parts = line.split(':');
            let number = parts.nth(1).unwrap();
            let code = line.split_once('[').unwrap().1.split_once(']').unwrap().0;
            format!("{number} {code}")
        })
        .collect()
}

const ALLOW: &str = "# exoc: allow EX0210 because it comes with the next release";

#[test]
fn an_exception_hides_its_code_on_its_line_and_nowhere_else() {
    assert_eq!(told(&with(&[])), ["7 EX0210", "8 EX0210"]);
    assert_eq!(told(&with(&[("<2>", ALLOW)])), ["8 EX0210"]);
    let above = format!("\n  {ALLOW}\n  # and why not\n");
    assert_eq!(told(&with(&[("<2>", &above)])), ["7 EX0210"]);
    assert_eq!(
        told(&with(&[("<2>", ALLOW), ("<3>", ALLOW)])),
        Vec::<String>::new()
    );
    let two = "# exoc: allow EX0506, EX0210 because both hold";
    assert_eq!(told(&with(&[("<2>", two)])), ["7 EX0706", "8 EX0210"]);
}

#[test]
fn an_exception_that_meets_nothing_is_told_if_all_was_compiled() {
    assert_eq!(
        told(&with(&[("<4>", ALLOW)])),
        ["7 EX0210", "8 EX0210", "9 EX0706"]
    );
    let other = "# exoc: allow EX0502 because of that";
    assert_eq!(
        told(&with(&[("<2>", other)])),
        ["7 EX0210", "7 EX0706", "8 EX0210"]
    );
    let sources = MemorySources::from([("application.yml", with(&[("<4>", ALLOW)]))]);
    let selection = Selection {
        environments: vec!["local".to_owned()],
        ..Selection::default()
    };
    let (_, diagnostics, map) = case::try_compile(&sources, &selection);
    assert!(!concise(&diagnostics, &map).contains("EX0706"));
    // What an error hides is not known either.
    assert_eq!(
        told(&with(&[("<4>", &format!("{ALLOW}\nnmae: 1"))])),
        ["10 EX0101"]
    );
    // Only a build looks for data that is given up.
    let tree = "# exoc: allow EX0601 because the data was moved";
    assert_eq!(told(&with(&[("<2>", tree)])), ["7 EX0210", "8 EX0210"]);
}

/// Severities, lines and codes of all that is told.
fn graded(text: &str) -> Vec<String> {
    let sources = MemorySources::from([("application.yml", text)]);
    let (_, diagnostics, map) = case::try_compile(&sources, &Selection::default());
    let lines = concise(&diagnostics, &map);
    let graded = lines.lines().map(|line| {
        let mut parts = line.splitn(5, ':');
        let number = parts.nth(1).unwrap().to_owned();
        let rest = parts.nth(1).unwrap();
        format!("{number}{}", rest.split_once(']').unwrap().0)
    });
    graded.collect()
}

#[test]
fn a_level_is_of_its_code_everywhere_and_a_line_outranks_it() {
    let level = |level: &str| format!("diagnostics: {{ EX0210: {{ level: {level}, because: x }} }}");
    let all = |word: &str| vec![format!("7 {word}[EX0210"), format!("8 {word}[EX0210")];
    for word in ["error", "warning", "note"] {
        assert_eq!(graded(&with(&[("<4>", &level(word))])), all(word));
    }
    assert!(graded(&with(&[("<4>", &level("none"))])).is_empty());
    let both = with(&[("<4>", &level("error")), ("<2>", ALLOW)]);
    assert_eq!(graded(&both), ["8 error[EX0210"]);
    // Without a value it says nothing.
    assert_eq!(
        graded(&with(&[("<4>", "diagnostics: { EX0210: null }")])),
        all("warning")
    );
    // What is said about exceptions is no exception.
    let unused = with(&[
        ("<4>", "diagnostics: { EX0706: { level: error, because: x } }"),
        ("<2>", &format!("{ALLOW} # exoc: allow EX0501 because y")),
        ("<3>", "# exoc: allow EX0502 because x"),
    ]);
    assert_eq!(graded(&unused), ["8 warning[EX0210", "8 error[EX0706"]);
}

#[test]
fn a_level_ends_after_its_last_day() {
    let text = with(&[(
        "<4>",
        "diagnostics: { EX0210: { level: none, because: x, until: 2027-01-31 } }",
    )]);
    let compilation = formats::compiled(&MemorySources::from([("application.yml", text)])).unwrap();
    let on = |day| {
        let day = Date::read(day).unwrap();
        let diagnostics = compilation.diagnostics.clone();
        let told = compilation.rulings.apply(diagnostics, day, true);
        told.iter().map(|one| one.code.id).collect::<Vec<&str>>()
    };
    assert!(on("2027-01-31").is_empty());
    assert_eq!(on("2027-02-01"), ["EX0210", "EX0210", "EX0707"]);
}

#[test]
fn an_exception_holds_to_the_end_of_its_last_day_and_says_so_afterwards() {
    let text = with(&[(
        "<2>",
        "# exoc: allow EX0210 until 2027-01-31 because it comes soon",
    )]);
    let compilation = formats::compiled(&MemorySources::from([("application.yml", text)])).unwrap();
    let on = |day| {
        let day = Date::read(day).unwrap();
        let told = compilation
            .rulings
            .apply(compilation.diagnostics.clone(), day, true);
        let codes = told.iter().map(|diagnostic| diagnostic.code.id);
        codes.collect::<Vec<&str>>()
    };
    assert_eq!(on("2027-01-31"), ["EX0210"]);
    assert_eq!(on("2027-02-01"), ["EX0210", "EX0707", "EX0210"]);
}

#[test]
fn a_hash_in_a_text_is_no_comment() {
    for text in [
        "    environment: { A: \"# exoc: allow EX0501 because\" }",
        "    environment: { A: 'x # exoc: nonsense' }",
        "    environment:\n      A: |\n        # exoc: nonsense\n        x",
        "    environment:\n      A: x#exoc:nonsense",
        "    environment:\n      A: \"x\n        # exoc: nonsense\"",
        "    # see exoc: allow EX0501",
        "    # Exoc: or whatever",
    ] {
        let told = told(&with(&[("<1>", text)]));
        assert_eq!(told.len(), 2, "{text}: {told:?}");
        assert!(
            told.iter().all(|line| line.ends_with("EX0210")),
            "{text}: {told:?}"
        );
    }
}

#[test]
fn a_comment_that_cannot_be_read_is_an_error_at_its_words() {
    for (comment, code, words) in [
        ("# exoc: allow EX0501", "EX0703", "# exoc: allow EX0501"),
        (
            "# exoc: allow EX0501 because",
            "EX0703",
            "# exoc: allow EX0501 because",
        ),
        (
            "# exoc: allow EX0501 because …",
            "EX0703",
            "# exoc: allow EX0501 because …",
        ),
        ("# exoc: allow EX0599 because x", "EX0701", "EX0599"),
        ("# exoc: allow ex0501 because x", "EX0701", "ex0501"),
        ("# exoc: allow one-replica because x", "EX0701", "one-replica"),
        ("# exoc: allow EX0501 EX9999 because x", "EX0701", "EX9999"),
        ("#exoc:allow EX0304 because x", "EX0702", "EX0304"),
        (
            "# exoc: allow EX0501 until tomorrow because x",
            "EX0704",
            "tomorrow",
        ),
        (
            "# exoc: allow EX0501 until 2027-02-29 because x",
            "EX0704",
            "2027-02-29",
        ),
        (
            "# exoc: allow EX0501 until because x",
            "EX0705",
            "# exoc: allow EX0501 until because x",
        ),
        ("# exoc: allow because x", "EX0705", "# exoc: allow because x"),
        (
            "# exoc: ignore EX0501 because x",
            "EX0705",
            "# exoc: ignore EX0501 because x",
        ),
        ("# exoc:", "EX0705", "# exoc:"),
    ] {
        let sources = MemorySources::from([("application.yml", with(&[("<2>", comment)]))]);
        let (outputs, diagnostics, map) = case::try_compile(&sources, &Selection::default());
        assert!(outputs.is_none(), "{comment}");
        let text = concise(&diagnostics, &map);
        assert_eq!(diagnostics.len(), 1, "{comment}: {text}");
        assert_eq!(diagnostics[0].code.id, code, "{comment}: {text}");
        assert_eq!(
            map.slice(diagnostics[0].primary.as_ref().unwrap().span),
            words,
            "{text}"
        );
        assert!(!diagnostics[0].help.is_empty(), "{text}");
    }
}

#[test]
fn what_is_nearly_a_code_is_suggested() {
    for (word, meant) in [
        ("ex0501", "EX0501"),
        ("one-replica", "EX0501"),
        ("EX05O1", "EX0501"),
    ] {
        let comment = format!("# exoc: allow {word} because x");
        let sources = MemorySources::from([("application.yml", with(&[("<2>", &comment)]))]);
        let (_, diagnostics, _) = case::try_compile(&sources, &Selection::default());
        let help = diagnostics[0].help.join("\n");
        assert!(help.contains(&format!("`{meant}`")), "{word}: {help}");
    }
}

#[test]
fn files_of_services_have_exceptions_and_files_do_not_depend_on_any() {
    let files = |comment: &str| {
        MemorySources::from([
            (
                "application.yml",
                "name: shop\nservices: { web: ./web }\n".to_owned(),
            ),
            ("web/Dockerfile", "FROM scratch\nUSER 1000\n".to_owned()),
            ("web/service.yml", format!("scale: 2 {comment}\n")),
        ])
    };
    let (plain, told, _) = case::try_compile(&files(""), &Selection::default());
    assert!(told.iter().any(|diagnostic| diagnostic.code.id == "EX0501"));
    let (allowed, told, map) = case::try_compile(
        &files("# exoc: allow EX0501 because it is one laptop"),
        &Selection::default(),
    );
    assert_eq!(concise(&told, &map), "");
    let artifacts = |outputs: Option<Vec<exoc_lower::Output>>| {
        let outputs = outputs.unwrap();
        format!(
            "{:?}",
            outputs.iter().map(|output| &output.artifacts).collect::<Vec<_>>()
        )
    };
    assert_eq!(artifacts(plain), artifacts(allowed));
}
