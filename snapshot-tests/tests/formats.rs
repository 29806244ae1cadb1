//! Every format of diagnostics: what is told of one broken application equals its goldens, and whoever reads a format
//! can read what exoc prints, whatever a manifest holds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "goldens are on the disk")]

use exoc::error::CommandError;
use exoc::pipeline::Compilation;
use exoc::render::{Document, Ending};
use exoc_diagnostics::MemorySources;
use exoc_lower::Output;
use exoc_snapshot_tests::formats;
use serde_json::Value;
use std::collections::BTreeSet;

/// An application with nothing wrong, and nothing to say of it.
const GOOD: &str = "name: shop\nservices: { web: { image: \"nginx:1.29\" } }\n";

/// Texts that mean something to whoever reads a format, as names of keys.
const HOSTILE: &[&str] = &[
    "100%25 %0A::set-output name=a::b",
    "::error file=a,line=1::b",
    "]]></failure><failure message='a'>&amp;<![CDATA[",
    "a\\nb\\r\\n::warning::c",
    "\\e[2J\\u009b31m\\u202e",
    "\\uFFFE\\uFFFF\\b",
    "a:b,c;d=e\\\"\\\\",
];

fn of(text: &str) -> Compilation<Vec<Output>> {
    formats::compiled(&MemorySources::from([("application.yml", text)])).unwrap()
}

fn print(document: Document, text: &str) -> String {
    formats::shown(&of(text), |report| document.print(report, Ending::Checked))
}

fn json(document: Document, text: &str) -> Value {
    serde_json::from_str(&print(document, text)).unwrap()
}

/// Everything that a format has to bear: nothing, hostile texts, a file that is none, and a fault without a place.
fn documents(document: Document) -> Vec<String> {
    let hostile = HOSTILE.iter().map(|text| format!("name: shop\n\"{text}\": 1\n"));
    let mut documents: Vec<String> = [GOOD.to_owned(), "\t: [".to_owned(), String::new()]
        .into_iter()
        .chain(hostile)
        .map(|text| print(document, &text))
        .collect();
    let absent = formats::compiled(&MemorySources::default()).unwrap();
    documents.push(formats::shown(&absent, |report| {
        document.print(report, Ending::Checked)
    }));
    let fault = CommandError::surroundings("no::file\u{1b}, 100%", "help\nof two lines");
    documents.push(document.fault(&fault));
    documents
}

#[test]
fn every_format_equals_its_golden() {
    let mut report = String::new();
    let mut wanted = BTreeSet::new();
    for (name, text) in formats::goldens().unwrap() {
        let golden = std::fs::read_to_string(formats::folder().join(&name)).unwrap_or_default();
        if golden != text {
            let diff = similar::TextDiff::from_lines(&golden, &text);
            report += &format!("== {name}\n{}", diff.unified_diff());
        }
        wanted.insert(name);
    }
    assert!(
        report.is_empty(),
        "{report}\nif the change is meant: cargo dev bless formats, and read the diff"
    );
    let entries = std::fs::read_dir(formats::folder()).unwrap();
    let found: BTreeSet<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, wanted, "orphans");
}

#[test]
fn sarif_is_valid_by_its_schema() {
    // The errata correct this pattern, which is none.
    let schema = include_str!("../../schemas/sarif-2.1.0.json").replace(
        "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$",
        "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$",
    );
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let golden = std::fs::read_to_string(formats::folder().join("sarif.json")).unwrap();
    for text in documents(Document::Sarif).into_iter().chain([golden]) {
        let document: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> = schema
            .iter_errors(&document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(faults, Vec::<String>::new(), "{text}");
    }
    let wrong = serde_json::json!({ "version": "2.1.0", "runs": [{ "results": [] }] });
    assert!(!schema.is_valid(&wrong), "the schema refuses what is wrong");
}

#[test]
fn sarif_names_rules_that_it_explains() {
    let golden = std::fs::read_to_string(formats::folder().join("sarif.json")).unwrap();
    let document: Value = serde_json::from_str(&golden).unwrap();
    let run = &document["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 4, "{golden}");
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        let page = rules[index]["help"]["markdown"].as_str().unwrap();
        assert!(page.starts_with(&format!("# {}", result["ruleId"].as_str().unwrap())));
        let uri = rules[index]["helpUri"].as_str().unwrap();
        let (_, path) = uri.split_once("/blob/main/").unwrap();
        assert!(exoc_snapshot_tests::case::root().join(path).is_file(), "{uri}");
        let place = &result["locations"][0]["physicalLocation"];
        let base = place["artifactLocation"]["uriBaseId"].as_str().unwrap();
        assert!(run["originalUriBaseIds"].get(base).is_some());
        assert!(
            place["artifactLocation"]["uri"]
                .as_str()
                .unwrap()
                .starts_with("shop/")
        );
    }
    assert!(
        results
            .iter()
            .any(|result| result.get("relatedLocations").is_some())
    );
    let prints: BTreeSet<&str> = results
        .iter()
        .map(|result| {
            result["partialFingerprints"]["codeFileMessage/v1"]
                .as_str()
                .unwrap()
        })
        .collect();
    assert_eq!(prints.len(), results.len());
}

/// A command's name, its properties, its text.
type Command = (String, Vec<(String, String)>, String);

/// What a runner of GitHub Actions makes of a line (actions/runner, ActionCommand.TryParseV2); `None` if it is
/// no command.
fn command(line: &str) -> Option<Command> {
    let (head, data) = line.trim_start().strip_prefix("::")?.split_once("::")?;
    let (name, properties) = head.split_once(' ').unwrap_or((head, ""));
    let unescape = |text: &str, escapes: &[(&str, &str)]| {
        let unescaped = escapes
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(from, to));
        unescaped.replace("%25", "%")
    };
    const DATA: &[(&str, &str)] = &[("%0D", "\r"), ("%0A", "\n")];
    const PROPERTY: &[(&str, &str)] = &[("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")];
    let properties = properties.split(',').filter_map(|property| {
        let (name, value) = property.split_once('=')?;
        Some((name.to_owned(), unescape(value, PROPERTY)))
    });
    Some((name.to_owned(), properties.collect(), unescape(data, DATA)))
}

#[test]
fn github_reads_one_command_a_line_and_the_words_that_were_meant() {
    for text in documents(Document::Github) {
        for line in text.lines() {
            let (name, properties, _) = command(line).unwrap_or_else(|| panic!("{line}"));
            assert!(matches!(&*name, "error" | "warning" | "notice"), "{line}");
            const KNOWN: [&str; 6] = ["file", "line", "endLine", "col", "endColumn", "title"];
            assert!(
                properties.iter().all(|(name, _)| KNOWN.contains(&name.as_str())),
                "{line}"
            );
        }
    }
    for hostile in HOSTILE {
        let application = format!("name: shop\n\"{hostile}\": 1\n");
        let json = json(Document::Json, &application);
        let text = print(Document::Github, &application);
        let commands: Vec<_> = text.lines().filter_map(command).collect();
        let diagnostics = json["diagnostics"].as_array().unwrap();
        assert_eq!(commands.len(), diagnostics.len(), "{text}");
        for ((_, properties, data), diagnostic) in commands.iter().zip(diagnostics) {
            let message = exoc::render::visible(diagnostic["message"].as_str().unwrap());
            assert_eq!(data.lines().next().unwrap(), message);
            let code = diagnostic["code"].as_str().unwrap();
            let title = properties.iter().find(|(name, _)| name == "title").unwrap();
            assert!(title.1.starts_with(code));
        }
    }
}

#[test]
fn gitlab_has_the_members_that_it_documents_and_names_that_last() {
    for text in documents(Document::Gitlab) {
        let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
        let mut names = BTreeSet::new();
        for issue in &issues {
            assert!(!issue["description"].as_str().unwrap().is_empty());
            assert!(!issue["check_name"].as_str().unwrap().is_empty());
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() > 0);
            let path = issue["location"]["path"].as_str().unwrap();
            assert!(!path.starts_with(['/', '.']), "{path}");
            let severity = issue["severity"].as_str().unwrap();
            assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
            names.insert(issue["fingerprint"].as_str().unwrap());
        }
        assert_eq!(names.len(), issues.len(), "{text}");
    }
    // Two of the same, and lines above them.
    let twice = "name: shop\nservices:\n  a: { prot: 1, image: \"a:1\" }\n  b: { prot: 1, image: \"b:1\" }\n";
    let prints = |text: &str| {
        let issues = json(Document::Gitlab, text);
        let issues = issues.as_array().unwrap().clone();
        let prints: Vec<String> = issues
            .iter()
            .map(|issue| issue["fingerprint"].as_str().unwrap().to_owned())
            .collect();
        prints
    };
    let before = prints(twice);
    assert_eq!(before.len(), 2);
    assert_ne!(before[0], before[1]);
    assert_eq!(before, prints(&format!("# one\n# two\n{twice}")));
}

#[test]
fn junit_has_a_case_for_each_file_and_no_character_that_xml_has_not() {
    for text in documents(Document::Junit) {
        let legal = |c: char| matches!(c, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        assert!(text.chars().all(legal), "{text:?}");
        assert_eq!(text.matches("<testsuite ").count(), 1, "{text}");
        assert!(text.matches("<testcase ").count() > 0, "{text}");
        let failures = text.matches("<failure ").count();
        assert!(text.contains(&format!("failures=\"{failures}\"")), "{text}");
    }
    let good = print(Document::Junit, GOOD);
    assert!(
        good.contains("<testcase classname=\"exoc\" name=\"shop/application.yml\""),
        "{good}"
    );
    assert!(!good.contains("<failure"), "{good}");
}

#[test]
fn nothing_acts_on_a_terminal_in_any_format() {
    for (document, _) in formats::DOCUMENTS {
        for text in documents(*document) {
            let acts = |c: char| (c.is_control() && c != '\n') || ('\u{202a}'..='\u{202e}').contains(&c);
            assert!(!text.chars().any(acts), "{document:?}: {text:?}");
        }
    }
}

/// The block of a page that begins with this line, and where it stands.
fn block(page: &str, info: &str) -> std::ops::Range<usize> {
    let fence = format!("```{info}\n");
    let start = page.find(&fence).unwrap_or_else(|| panic!("no block `{info}`")) + fence.len();
    start..start + page[start..].find("```").unwrap()
}

#[test]
fn the_page_shows_what_is_printed() {
    let path = exoc_snapshot_tests::case::root().join("docs/formats.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let application = &page[block(&page, "yaml application.yml")];
    let sarif = json(Document::Sarif, application)["runs"][0]["results"][0].clone();
    let style = exoc::render::Style {
        colour: exoc::render::Colour::Plain,
        width: exoc::render::WIDTH,
    };
    let compilation = of(application);
    let human = formats::shown(&compilation, |report| exoc::render::human::report(report, style));
    let shown = [
        ("text human", human),
        (
            "text concise",
            formats::shown(&compilation, exoc::render::concise::report),
        ),
        ("json json", print(Document::Json, application)),
        ("json sarif", format!("{sarif:#}\n")),
        ("text github", print(Document::Github, application)),
        ("json gitlab", print(Document::Gitlab, application)),
        ("xml junit", print(Document::Junit, application)),
    ];
    let mut wanted = page.clone();
    for (info, text) in shown {
        let place = block(&wanted, info);
        wanted.replace_range(place, &text);
    }
    let diff = similar::TextDiff::from_lines(&page, &wanted);
    assert!(page == wanted, "docs/formats.md:\n{}", diff.unified_diff());
}
