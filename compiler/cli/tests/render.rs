//! Renderers on diagnostics made by hand: the exact text of each format.
#![expect(clippy::unwrap_used, reason = "what fails in a test's helpers fails the test")]

use exoc::error::{CommandError, Warnings};
use exoc::render::{self, Colour, Report, Style, WIDTH};
use exoc_diagnostics::{Diagnostic, Sink, SourceId, SourceMap, Span, VirtualPath, codes};

const APPLICATION: &str = "\
name: shop
dependencies:
  db: postgres:17
services:
  web: ./web
  größe: { prot: 80 }
  db: ./db
secrets:
  TOKEN: hunter2-secret
";

/// Diagnostics about an application.yml, and perhaps further files.
struct Case {
    map: SourceMap,
    sink: Sink,
    application: SourceId,
}

impl Case {
    fn new(application: &str) -> Self {
        let mut map = SourceMap::default();
        let application = map.add(
            VirtualPath::new("application.yml").unwrap(),
            application.to_owned(),
        );
        Self {
            map,
            sink: Sink::new(),
            application,
        }
    }

    /// The first place of some words in application.yml.
    fn span(&self, words: &str) -> Span {
        let text = &self.map.file(self.application).unwrap().text;
        let start = text.find(words).unwrap();
        Span::new(self.application, start, start + words.len())
    }

    fn show(&self, format: impl Fn(&Report<'_>) -> String) -> String {
        let sorted = self.sink.clone().into_sorted();
        let diagnostics: Vec<&Diagnostic> = sorted.iter().collect();
        format(&Report {
            diagnostics: &diagnostics,
            sources: &self.map,
            redacted: self.sink.redacted(),
            prefix: "shop/",
            root: "shop/",
            fault: None,
            warnings: Warnings::Allowed,
        })
    }

    fn human(&self, width: usize) -> String {
        self.show(|report| {
            render::human::report(
                report,
                Style {
                    colour: Colour::Plain,
                    width,
                },
            )
        })
    }
}

#[track_caller]
fn same(found: &str, wanted: &str) {
    let wanted = wanted.trim_start_matches('\n');
    assert!(found == wanted, "found:\n{found}\nwanted:\n{wanted}");
}

fn unknown_key(case: &Case) -> Diagnostic {
    Diagnostic::new(codes::UNKNOWN_KEY, "unknown key `prot`")
        .at(case.span("prot"), "no key of a service")
        .help("did you mean `port`?")
        .help("the keys of a service are in docs/manifest/service.md")
}

#[test]
fn a_picture_underlines_characters_and_not_bytes() {
    let mut case = Case::new(APPLICATION);
    case.sink.report(unknown_key(&case));
    same(
        &case.human(WIDTH),
        "
error[EX0101] unknown-key

  × unknown key `prot`
   ╭─[shop/application.yml:6:12]
 5 │   web: ./web
 6 │   größe: { prot: 80 }
   ·            ──┬─
   ·              ╰── no key of a service
 7 │   db: ./db
   ╰────
  help: did you mean `port`?
        the keys of a service are in docs/manifest/service.md

more about a code: `exoc explain EX0101`
1 error
",
    );
}

#[test]
fn a_line_makes_room_for_a_label_at_its_end() {
    let text = "services: { web: { image: \"nginx:1.29\", port: 80, health: { path: healthz } } }\n";
    let mut case = Case::new(text);
    case.sink.report(
        Diagnostic::new(
            codes::MALFORMED,
            "`healthz` is no path that a health check can ask",
        )
        .at(case.span("healthz }").part(0, 7), "does not begin with `/`")
        .help("write `/healthz`; the check asks the service's own port, as in `health: { path: /healthz }`"),
    );
    same(
        &case.human(60),
        "
error[EX0110] malformed

  × `healthz` is no path that a health check can ask
   ╭─[shop/application.yml:1:67]
 1 │ …t: 80, health: { path: healthz } } }
   ·                         ───┬───
   ·                            ╰── does not begin with `/`
   ╰────
  help: write `/healthz`; the check asks the service's own
        port, as in `health: { path: /healthz }`

more about a code: `exoc explain EX0110`
1 error
",
    );
}

#[test]
fn labels_that_are_near_share_a_picture_and_others_have_their_own() {
    let mut case = Case::new(APPLICATION);
    let service = VirtualPath::new("web/service.yml").unwrap();
    let service = case.map.add(service, "port: 80\nuses: [db]\n".to_owned());
    let clash = Diagnostic::new(codes::NAME_CLASH, "two components have the name `db`")
        .at(case.span("db: ./db").part(0, 2), "a service")
        .also(case.span("db"), "a dependency")
        .also(Span::new(service, 16, 18), "used here")
        .also(case.span("name"), "")
        .help("rename one of them");
    case.sink.report(clash);
    same(
        &case.human(WIDTH),
        "
error[EX0203] name-clash

  × two components have the name `db`
   ╭─[shop/application.yml:7:3]
 1 │ name: shop
   · ────
 2 │ dependencies:
 3 │   db: postgres:17
   ·   ─┬
   ·    ╰── a dependency
 4 │ services:
 5 │   web: ./web
 6 │   größe: { prot: 80 }
 7 │   db: ./db
   ·   ─┬
   ·    ╰── a service
 8 │ secrets:
   ╰────
  ☞ used here
   ╭─[shop/web/service.yml:2:8]
 1 │ port: 80
 2 │ uses: [db]
   ·        ──
   ╰────
  help: rename one of them

more about a code: `exoc explain EX0203`
1 error
",
    );
}

#[test]
fn credentials_are_hidden_in_excerpts() {
    let mut case = Case::new(APPLICATION);
    let credential = case.span("hunter2-secret");
    case.sink.redact(credential);
    let misplaced = Diagnostic::new(codes::MISPLACED_SECRET, "secret `TOKEN` has a value")
        .at(credential, "a value")
        .help("take it out");
    case.sink.report(misplaced);
    let text = case.human(WIDTH);
    assert!(text.contains(" 9 │   TOKEN: **************\n"), "{text}");
    for text in [
        text,
        case.show(render::concise::report),
        case.show(render::json::report),
    ] {
        assert!(!text.contains("hunter2"), "{text}");
    }
}

#[test]
fn notes_are_lines_and_the_count_tells_what_is_denied() {
    let mut case = Case::new(APPLICATION);
    let note = Diagnostic::new(codes::ONE_REPLICA, "compose runs one replica of `web`");
    case.sink
        .report(note.at(case.span("web"), "").help("nothing need be done"));
    let warning = Diagnostic::new(codes::UNUSED_SECRET, "secret `TOKEN` is unused");
    case.sink
        .report(warning.at(case.span("TOKEN"), "").help("remove it"));
    let style = Style {
        colour: Colour::Plain,
        width: WIDTH,
    };
    let text = case.show(|report| {
        render::human::report(
            &Report {
                warnings: Warnings::Denied,
                ..*report
            },
            style,
        )
    });
    same(
        &text,
        "
note[EX0501] shop/application.yml:5: compose runs one replica of `web`

warning[EX0210] unused-secret

  ⚠ secret `TOKEN` is unused
   ╭─[shop/application.yml:9:3]
 8 │ secrets:
 9 │   TOKEN: hunter2-secret
   ·   ─────
   ╰────
  help: remove it

more about a code: `exoc explain EX0210`
1 warning, 1 note (warnings are denied)
",
    );
}

#[test]
fn a_narrow_terminal_gets_narrow_pictures() {
    let long = format!("name: {}\n", "abcdefghij".repeat(12));
    let mut case = Case::new(&long);
    let place = Span::new(case.application, 86, 90);
    let fault = Diagnostic::new(
        codes::BAD_NAME,
        "this name is longer than the 32 characters that a name may have",
    )
    .at(place, "what stands here is too much, and so is this label")
    .help("shorten it to something that a person can say");
    case.sink.report(fault);
    let text = case.human(40);
    assert!(text.lines().all(|line| line.chars().count() <= 40), "{text}");
    same(
        &text,
        "
error[EX0201] bad-name

  × this name is longer than the 32
  │ characters that a name may have
   ╭─[shop/application.yml:1:87]
 1 │ …defghijabcdefghijabcdefghijabcde…
   ·         ──┬─
   ·           ╰─┤ what stands here is
   ·             │ too much, and so is
   ·             │ this label
   ╰────
  help: shorten it to something that a
        person can say

more about a code: `exoc explain EX0201`
1 error
",
    );
}

#[test]
fn nothing_that_a_file_holds_acts_on_the_terminal() {
    let mut case = Case::new("\u{feff}a: \u{1b}[2Jx\r\n\tb: \u{202e}y\u{9b}\r\n");
    let name = "a\u{1b}]0;owned\u{7}";
    let fault = Diagnostic::new(codes::BAD_NAME, format!("bad name `{name}`"))
        .at(case.span("\u{1b}[2Jx"), name)
        .also(case.span("y"), "")
        .help(format!("not `{name}`"));
    case.sink.report(fault);
    let acting = |text: &str| {
        text.chars()
            .any(|c| (c.is_control() && c != '\n') || c == '\u{202e}' || c == '\u{feff}')
    };
    for text in [
        case.human(WIDTH),
        case.show(render::concise::report),
        case.show(render::json::report),
    ] {
        assert!(!acting(&text), "{text:?}");
    }
    let text = case.human(WIDTH);
    assert!(text.contains(" 1 │ a: ␛[2Jx\n   ·    ──┬──\n"), "{text}");
    assert!(
        text.contains(" 2 │ →b: \u{fffd}y\u{fffd}\n   ·      ─\n"),
        "{text}"
    );
    let document: serde_json::Value = serde_json::from_str(&case.show(render::json::report)).unwrap();
    assert_eq!(document["diagnostics"][0]["label"], name);
}

#[test]
fn a_fault_at_the_end_of_a_line_or_file_has_something_to_underline() {
    let mut case = Case::new("services:\n  web:");
    let end = Span::new(case.application, 16, 16);
    case.sink.report(
        Diagnostic::new(codes::WRONG_TYPE, "nothing stands here")
            .at(end, "a folder")
            .help("add it"),
    );
    let text = case.human(WIDTH);
    assert!(text.contains("[shop/application.yml:2:7]\n"), "{text}");
    assert!(
        text.contains(" 2 │   web:\n   ·       ┬\n   ·       ╰── a folder\n"),
        "{text}"
    );
}

#[test]
fn a_label_over_several_lines_is_shown_on_its_first() {
    let mut case = Case::new(APPLICATION);
    let whole = case.span("dependencies").to(case.span("hunter2"));
    case.sink.report(
        Diagnostic::new(codes::MISSING_KEY, "a key is missing")
            .at(whole, "here")
            .help("add it"),
    );
    let text = case.human(WIDTH);
    assert!(
        text.contains(" 2 │ dependencies:\n   · ──────┬──────\n   ·       ╰── here\n 3 │"),
        "{text}"
    );
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn no_place_and_no_width_breaks_a_picture() {
    let text = "\u{feff}a: é\r\n\n日本: \"\u{1b}\u{1f600}\"\n  - x\t\n";
    let length = text.len() + 3;
    for start in 0..length {
        for end in [start, start + 1, start + 7, length] {
            for width in [0, 1, 20, 33, WIDTH] {
                let mut case = Case::new(text);
                let place = Span::new(case.application, start, end);
                let also = Span::new(case.application, length - start, length);
                case.sink.redact(Span::new(case.application, start / 2, end));
                let fault = Diagnostic::new(codes::BAD_NAME, "bad name")
                    .at(place, "a")
                    .also(also, "b")
                    .help("c");
                case.sink.report(fault);
                let shown = case.human(width);
                assert!(
                    shown.contains("bad name") && shown.contains("1 error"),
                    "{start}..{end}: {shown}"
                );
                assert!(!shown.contains("Failed to read"), "{start}..{end}: {shown}");
            }
        }
    }
}

#[test]
fn concise_is_one_line_each() {
    let mut case = Case::new(APPLICATION);
    case.sink.report(unknown_key(&case));
    case.sink
        .report(Diagnostic::new(codes::INTERNAL, "two\nlines").help("report it"));
    same(
        &case.show(render::concise::report),
        "
shop/application.yml:6:12: error[EX0101]: unknown key `prot`
error[EX0901]: two␊lines
",
    );
}

#[test]
fn json_holds_what_the_picture_shows() {
    let mut case = Case::new(APPLICATION);
    case.sink
        .report(unknown_key(&case).also(case.span("web"), "a service without it"));
    let found: serde_json::Value = serde_json::from_str(&case.show(render::json::report)).unwrap();
    let wanted = serde_json::json!({ "version": 1, "diagnostics": [{
        "code": "EX0101",
        "name": "unknown-key",
        "severity": "error",
        "message": "unknown key `prot`",
        "file": "shop/application.yml",
        "span": { "start": 79, "end": 83, "line": 6, "column": 12, "end_line": 6, "end_column": 16 },
        "label": "no key of a service",
        "secondary": [{
            "file": "shop/application.yml",
            "span": { "start": 55, "end": 58, "line": 5, "column": 3, "end_line": 5, "end_column": 6 },
            "label": "a service without it",
        }],
        "help": ["did you mean `port`?", "the keys of a service are in docs/manifest/service.md"],
    }] });
    assert_eq!(found, wanted);
}

#[test]
fn json_of_a_diagnostic_without_a_place_has_nulls() {
    let mut case = Case::new("");
    case.sink.report(Diagnostic::new(codes::INTERNAL, "a").help("b"));
    let found: serde_json::Value = serde_json::from_str(&case.show(render::json::report)).unwrap();
    let diagnostic = &found["diagnostics"][0];
    assert_eq!(
        (&diagnostic["file"], &diagnostic["span"]),
        (&serde_json::Value::Null, &serde_json::Value::Null)
    );
}

#[test]
fn a_fault_without_a_code_is_shown_in_every_format() {
    let fault = CommandError::surroundings("`a\u{1b}` cannot be written", "make it writable");
    let style = Style {
        colour: Colour::Plain,
        width: WIDTH,
    };
    same(
        &render::human::fault(&fault, style),
        "error: `a␛` cannot be written\n  help: make it writable\n",
    );
    same(&render::concise::fault(&fault), "error: `a␛` cannot be written\n");
    let document: serde_json::Value = serde_json::from_str(&render::json::fault(&fault)).unwrap();
    assert_eq!(document["diagnostics"][0]["code"], serde_json::Value::Null);
    assert_eq!(document["diagnostics"][0]["help"][0], "make it writable");
}

#[test]
fn colours_are_ansi_escapes_and_change_no_text() {
    let mut case = Case::new(APPLICATION);
    case.sink.report(unknown_key(&case));
    let coloured = case.show(|report| {
        render::human::report(
            report,
            Style {
                colour: Colour::Ansi,
                width: WIDTH,
            },
        )
    });
    assert!(coloured.contains("\u{1b}[1;31m1 error\u{1b}[0m"), "{coloured}");
    let mut plain = String::new();
    for (index, part) in coloured.split("\u{1b}[").enumerate() {
        plain.push_str(if index == 0 {
            part
        } else {
            part.split_once('m').unwrap().1
        });
    }
    same(&plain, &case.human(WIDTH));
}
