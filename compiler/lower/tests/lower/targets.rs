//! Refusals, notes, options, patches.

use crate::support::{COMPOSE, STRICT, Toy, faults, run, run_for};
use exoc_diagnostics::{Diagnostic, Failed, Sink, codes};
use exoc_ir::{Artifacts, Expression, Feature, Input, Support, Target, TargetId};
use exoc_lower::Selection;

fn with_options(options: &str) -> String {
    faults(&format!(
        "name: shop\nservices:\n  web: {{ image: \"nginx:1.29\", security: {{ user: 1 }} }}\nenvironments:\n  production:\n    targets:\n      strict: {options}\n"
    ))
}

#[test]
fn options_are_checked_at_the_exact_place() {
    assert_eq!(with_options("{ region: x }"), "");
    assert_eq!(with_options("{}"), "EX0402 application.yml:7 strict\n");
    assert_eq!(
        with_options("{ region: x, nta: none }"),
        "EX0402 application.yml:7 nta\n"
    );
    assert_eq!(with_options("{ region: 5 }"), "EX0402 application.yml:7 5\n");
    assert_eq!(
        with_options("{ region: x, nat: many }"),
        "EX0402 application.yml:7 many\n"
    );
    assert_eq!(
        with_options("{ region: x, state: { buket: z } }"),
        "EX0402 application.yml:7 buket\n"
    );
    // One fault inside of another is one fault.
    assert_eq!(
        with_options("{ region: x, zones: [a] }"),
        "EX0402 application.yml:7 [a]\n"
    );
    assert_eq!(
        with_options("{ region: x, zones: [ab, c] }"),
        "EX0402 application.yml:7 c\n"
    );
}

#[test]
fn an_option_is_guessed_and_explained() {
    let help = |options: &str| {
        let text = format!(
            "name: shop\nservices: {{ w: {{ image: \"a:1\", security: {{ user: 1 }} }} }}\nenvironments: {{ p: {{ targets: {{ strict: {options} }} }} }}\n"
        );
        let run = run(&[("application.yml", &text)]);
        run.diagnostics.first().unwrap().help.clone()
    };
    assert_eq!(
        help("{ region: x, nta: none }").first().unwrap(),
        "did you mean `nat`?"
    );
    assert_eq!(help("{ region: 5 }"), ["quote it: `\"5\"`"]);
    assert_eq!(help("{ region: x, nat: sinle }"), ["did you mean `single`?"]);
    assert_eq!(
        help("{}"),
        [
            "`region`: where everything stands",
            "write for example `strict: { region: eu-central-1 }`"
        ]
    );
    assert_eq!(
        help("{ region: \"\" }"),
        [
            "write for example `region: eu-central-1`",
            "`region`: where everything stands"
        ]
    );
}

#[test]
fn an_option_holds_no_reference_and_no_text_of_two_meanings() {
    assert_eq!(
        with_options("{ region: \"${env.name}\", zones: [ab, no] }"),
        "EX0112 application.yml:7 ${env.name}\nEX0017 application.yml:7 no\n"
    );
}

#[test]
fn options_that_could_not_be_read_are_not_missed() {
    assert_eq!(with_options("[region]"), "EX0102 application.yml:7 [region]\n");
}

#[test]
fn an_unknown_target_is_guessed() {
    let text = "name: shop\nservices: {}\nenvironments: { p: { targets: { strcit: {} } } }\n";
    let run = run(&[("application.yml", text)]);
    assert_eq!(run.found(), "EX0214 application.yml:3 strcit\n");
    assert_eq!(
        run.diagnostics.first().unwrap().help.first().unwrap(),
        "did you mean `strict`?"
    );
}

#[test]
fn a_refused_feature_is_shown_where_it_is_written() {
    let text = "\
name: shop
services:
  a: { image: \"nginx:1.29\", security: { user: 0, privileged: true } }
  b: { image: \"nginx:1.29\", security: { user: 0, privileged: true } }
environments:
  production: { targets: { strict: { region: x } } }
";
    let run = run(&[("application.yml", text)]);
    assert_eq!(
        run.found(),
        "EX0401 application.yml:3 true\nEX0401 application.yml:4 true\n"
    );
    assert!(run.outputs.is_none());
}

#[test]
fn a_note_comes_once_with_the_number_of_the_others() {
    let text = "\
name: shop
services:
  a: { image: \"nginx:1.29\", scale: 2, security: { user: 1 } }
  b: { image: \"nginx:1.29\", scale: 3, security: { user: 1 } }
  c: { image: \"nginx:1.29\", scale: 4, security: { user: 1 } }
environments:
  production: { targets: { strict: { region: x } } }
  staging: { targets: { strict: { region: x } } }
";
    let run = run(&[("application.yml", text)]);
    assert_eq!(run.all(), "EX0501 application.yml:3 2\n");
    assert_eq!(
        run.diagnostics.first().unwrap().primary.as_ref().unwrap().message,
        "and 2 further places"
    );
    assert_eq!(run.outputs.unwrap().len(), 3);
}

const PATCHED: &str = "\
name: shop
services:
  web: { image: \"nginx:1.29\", security: { user: 1 } }
environments:
  production:
    targets:
      toy:
        patches: [{ at: nothing, set: { a: 1 } }]
";

#[test]
fn patches_are_refused_where_a_target_applies_none() {
    let toy = Toy { id: "toy", ..COMPOSE };
    let run = run_for(
        &[("application.yml", PATCHED)],
        &Selection::default(),
        &[&COMPOSE, &toy],
    );
    assert_eq!(run.found(), "EX0105 application.yml:8 nothing\n");
}

/// Takes patches, and has nothing that they could change.
struct Patched;

impl Target for Patched {
    fn id(&self) -> TargetId {
        "toy"
    }
    fn summary(&self) -> &'static str {
        "nothing"
    }
    fn support(&self) -> Support {
        Support::Nascent
    }
    fn express(&self, _: Feature) -> Expression {
        Expression::Expressed
    }
    fn patches(&self) -> bool {
        true
    }
    fn makes_records(&self) -> bool {
        false
    }

    fn options_schema(&self) -> &'static str {
        "{}"
    }
    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed> {
        for patch in input.patches {
            let message = format!("`{}` matches nothing", patch.at.value);
            sink.error(
                Diagnostic::new(codes::BAD_PATCH, message)
                    .at(patch.at.span, "")
                    .help("remove it"),
            );
        }
        sink.checkpoint()?;
        Ok(Artifacts::default())
    }
}

#[test]
fn a_patch_that_matches_nothing_is_reported_at_its_place() {
    let run = run_for(
        &[("application.yml", PATCHED)],
        &Selection::default(),
        &[&COMPOSE, &Patched],
    );
    assert_eq!(run.found(), "EX0404 application.yml:8 nothing\n");
    assert!(run.outputs.is_none());
}

#[test]
fn a_selection_narrows_and_may_name_other_targets() {
    let text = "\
name: shop
services:
  web: { image: \"nginx:1.29\", security: { user: 1 } }
environments:
  production: { targets: { strict: { region: x }, compose: {} } }
";
    let built = |environments: &[&str], targets: &[&str]| {
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let selection = Selection {
            environments: own(environments),
            targets: own(targets),
            http_port: None,
        };
        let toy = Toy { id: "toy", ..COMPOSE };
        let run = run_for(
            &[("application.yml", text)],
            &selection,
            &[&COMPOSE, &STRICT, &toy],
        );
        let outputs = run.outputs.unwrap();
        outputs
            .iter()
            .map(|output| format!("{}/{}", output.environment, output.target))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        built(&[], &[]),
        ["local/compose", "production/compose", "production/strict"]
    );
    assert_eq!(
        built(&["production"], &[]),
        ["production/compose", "production/strict"]
    );
    assert_eq!(built(&[], &["strict"]), ["production/strict"]);
    assert_eq!(built(&["production"], &["toy"]), ["production/toy"]);
    assert_eq!(built(&[], &["toy"]), ["local/toy", "production/toy"]);
}
