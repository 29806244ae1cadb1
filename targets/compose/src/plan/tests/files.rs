//! Files: which are copied, which are written, and by whom.

use super::{planned, service};
use crate::model::{Condition, File, Life, Model, Mount, Piece, Text};
use crate::testing::Sketch;
use exoc_ir::{
    FixedFile, Id, Job, Kind, LateContents, LateFile, Origin, Part, Seconds, Secret, Trigger, Value,
};

fn fixed(contents: &str, executable: bool) -> FixedFile {
    FixedFile {
        contents: contents.into(),
        executable,
    }
}

/// A late file whose value begins with `before`, and goes on with the first secret.
fn late(before: &str, executable: bool) -> LateFile {
    let value = Value::new([Part::Text(before.to_owned()), Part::Secret(Id::new(0))]);
    LateFile {
        contents: LateContents::Value(value),
        executable,
    }
}

/// A sketch whose service `web` has one folder `/etc/web` of late files.
fn with_late(files: impl IntoIterator<Item = (&'static str, LateFile)>) -> Sketch {
    let mut sketch = Sketch::new(&["web"], &[], &["TOKEN"]);
    let files = files.into_iter().map(|(name, file)| (name.to_owned(), file));
    let late = &mut sketch.service("web").workload.files.late;
    late.insert("/etc/web".to_owned(), files.collect());
    sketch
}

fn script(model: &Model) -> String {
    match service(model, "web_files").command.as_deref() {
        Some([_, _, Text(pieces)]) => match pieces.as_slice() {
            [Piece::Literal(script)] => script.clone(),
            _ => panic!("{pieces:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_known_is_copied_and_mounted_where_it_belongs() {
    let mut sketch = Sketch::new(&["web"], &[], &[]);
    let files = &mut sketch.service("web").workload.files.fixed;
    files.insert("/opt/run.sh".to_owned(), fixed("#!/bin/sh\n", true));
    let model = planned(sketch);
    let file = "files/web/opt/run.sh".to_owned();
    let lies = Mount::File {
        file: file.clone(),
        target: "/opt/run.sh".to_owned(),
    };
    assert_eq!(service(&model, "web").mounts, [lies]);
    assert_eq!(
        model.files.get(&file),
        Some(&File::Copy("#!/bin/sh\n".into(), true))
    );
    assert!(!model.services.contains_key("web_files"));
}

#[test]
fn a_companion_writes_what_holds_a_secret_into_a_volume_that_hides_the_folder() {
    let model = planned(with_late([
        ("token", late("x", false)),
        ("run.sh", late("", true)),
    ]));
    let folder = Mount::Filled {
        volume: "web_files_0".to_owned(),
        target: "/etc/web".to_owned(),
    };
    assert_eq!(service(&model, "web").mounts, [folder]);
    let waits = service(&model, "web").depends_on.get("web_files");
    assert_eq!(waits, Some(&Condition::Renewed));
    let companion = service(&model, "web_files");
    assert!(companion.networks.is_empty());
    assert_eq!(companion.life, Life::Once);
    assert_eq!(companion.user, Some((0, 0)));
    let Text(pieces) = &companion.environment["FILE_1"];
    assert!(
        matches!(pieces.as_slice(), [Piece::Literal(text), Piece::Variable(variable)]
            if text == "x" && variable.name == "TOKEN"),
        "{pieces:?}"
    );
    let script = script(&model);
    let written = "printf %s \"$FILE_0\" | put 0555 'run.sh'; printf %s \"$FILE_1\" | put 0444 'token'";
    assert!(script.contains(written), "{script}");
    assert!(!script.contains("TOKEN"), "{script}");
}

#[test]
fn known_bytes_beside_a_secret_are_copied_by_the_companion() {
    let known = LateFile {
        contents: LateContents::Known("a".into()),
        executable: false,
    };
    let model = planned(with_late([("logo.png", known), ("token", late("", false))]));
    assert!(model.files.contains_key("files/web/etc/web/logo.png"));
    let companion = service(&model, "web_files");
    assert!(companion.mounts.contains(&Mount::File {
        file: "files/web/etc/web/logo.png".to_owned(),
        target: "/known/0".to_owned(),
    }));
    assert!(script(&model).contains("put 0444 'logo.png' </known/0"));
}

#[test]
fn names_are_words_of_the_shell_whatever_they_hold() {
    let model = planned(with_late([("it's a [$HOME]*", late("", false))]));
    let script = script(&model);
    assert!(script.contains("put 0444 'it'\\''s a [$HOME]*'"), "{script}");
    assert!(script.contains("! -path './it'\\''s a \\[$HOME]\\*'"), "{script}");
}

#[test]
fn a_text_that_no_variable_can_hold_is_divided() {
    let long = format!("{}{}", "a".repeat(65_535), "é".repeat(50_000));
    let model = planned(with_late([("long", late(&long, false))]));
    let companion = service(&model, "web_files");
    let mut joined = String::new();
    for number in 0..companion.environment.len() {
        let Text(pieces) = &companion.environment[&format!("FILE_{number}")];
        let literals = pieces.iter().filter_map(|piece| match piece {
            Piece::Literal(text) => Some(text.as_str()),
            Piece::Variable(_) => None,
        });
        let part: String = literals.collect();
        assert!(part.len() <= 64 << 10, "{}", part.len());
        joined.push_str(&part);
    }
    assert_eq!(joined, long);
    let words = "printf %s \"$FILE_0\" \"$FILE_1\" \"$FILE_2\" | put 0444 'long'";
    assert!(script(&model).contains(words), "{}", script(&model));
}

#[test]
fn the_files_of_a_job_on_demand_are_written_with_it() {
    let mut sketch = with_late([("token", late("", false))]);
    sketch.secrets = vec![Secret {
        name: "TOKEN".to_owned(),
        origin: Origin::Generated {
            length: 20,
            description: None,
        },
    }];
    sketch.service("web").kind = Kind::Job(Job {
        trigger: Trigger::OnDemand,
        timeout: Seconds(60),
        retries: 0,
    });
    let model = planned(sketch);
    assert_eq!(service(&model, "web_files").life, Life::OnDemand);
}
