//! What `exoc secrets` asks for is what the generated project wants: it goes by the program, compose by the file.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use exoc_snapshot_tests::case;
use std::collections::BTreeSet;

/// The variables without which compose starts nothing. A `$` that is doubled begins none.
fn wanted(project: &str) -> BTreeSet<String> {
    let project = project.replace("$$", "");
    let begun = project.split("${").skip(1);
    begun
        .filter_map(|rest| Some(rest.split_once(":?")?.0.to_owned()))
        .collect()
}

#[test]
fn a_local_project_wants_the_secrets_of_its_program_and_no_other_variable() {
    let mut compared = 0;
    for case in case::all().unwrap() {
        for output in case.build().unwrap().outputs {
            if output.target != "compose" || !output.program.environment().local {
                continue;
            }
            let secrets = output.program.secrets().iter();
            let secrets: BTreeSet<String> = secrets.map(|(_, secret)| secret.name.clone()).collect();
            let mut variables = BTreeSet::new();
            for (path, artifact) in output.artifacts.iter() {
                if path.name().ends_with(".yaml") && !path.as_str().contains('/') {
                    variables.extend(wanted(std::str::from_utf8(&artifact.contents).unwrap()));
                }
            }
            assert_eq!(variables, secrets, "{}", case.name);
            compared += usize::from(!secrets.is_empty());
        }
    }
    assert!(compared > 10, "only {compared} cases have secrets");
}
