//! `files`: sources on a real disk, and what is written of them.

use super::support::App;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

/// An application whose service copies the folder `web/conf` to `/etc/web`.
fn app(files: &[(&str, &str)]) -> App {
    let app = App::with(&[
        ("application.yml", "name: shop\nservices: { web: ./web }\n"),
        (
            "web/service.yml",
            "files: { /etc/web: ./conf, /opt/run.sh: { source: ./run.sh, executable: true } }\n",
        ),
        ("web/run.sh", "#!/bin/sh\n"),
    ]);
    files.iter().for_each(|(path, text)| app.write(path, text));
    app
}

const COPIES: &str = "infra/local/compose/files/web";

#[test]
fn copies_are_byte_by_byte_and_a_changed_source_is_told_by_a_check() {
    let app = app(&[("web/conf/a.ini", "a\r\n# no end"), ("web/conf/sub/b", "")]);
    fs::write(app.path("web/conf/c.bin"), b"\x00\xff\n").unwrap();
    app.run(&["build"]).ended(0);
    let copy = |path: &str| fs::read(app.path(&format!("{COPIES}/{path}"))).unwrap();
    assert_eq!(copy("etc/web/a.ini"), b"a\r\n# no end");
    assert_eq!(copy("etc/web/c.bin"), b"\x00\xff\n");
    assert_eq!(copy("etc/web/sub/b"), b"");
    let mode = |path: &str| {
        let metadata = fs::metadata(app.path(&format!("{COPIES}/{path}"))).unwrap();
        metadata.permissions().mode() & 0o111
    };
    assert_ne!(mode("opt/run.sh"), 0);
    assert_eq!(mode("etc/web/a.ini"), 0);
    app.run(&["build", "--check"]).ended(0);
    app.write("web/conf/a.ini", "b");
    app.run(&["build", "--check"]).ended(1);
    app.run(&["build"]).ended(0);
    assert_eq!(copy("etc/web/a.ini"), b"b");
    fs::remove_file(app.path("web/conf/a.ini")).unwrap();
    app.run(&["build"]).ended(0).told(" 1 removed");
    assert!(!app.exists(&format!("{COPIES}/etc/web/a.ini")));
}

#[test]
fn a_copy_that_was_edited_by_hand_is_kept() {
    let app = app(&[("web/conf/a.ini", "a")]);
    app.run(&["build"]).ended(0);
    app.write(&format!("{COPIES}/etc/web/a.ini"), "mine");
    app.write("web/conf/a.ini", "b");
    app.run(&["build"]).ended(1);
    assert_eq!(
        fs::read(app.path(&format!("{COPIES}/etc/web/a.ini"))).unwrap(),
        b"mine"
    );
}

#[test]
fn a_link_in_a_folder_is_followed_inside_the_application_only() {
    let inside = app(&[("web/conf/a.ini", "a"), ("shared/b.ini", "b")]);
    symlink("../../shared/b.ini", inside.path("web/conf/b.ini")).unwrap();
    inside.run(&["build"]).ended(0);
    assert!(inside.exists(&format!("{COPIES}/etc/web/b.ini")));
    let outside = app(&[("web/conf/a.ini", "a")]);
    symlink("/etc/hostname", outside.path("web/conf/b.ini")).unwrap();
    outside
        .run(&["check"])
        .ended(3)
        .told("a symbolic link at `web/conf/b.ini` leads out of the application's folder");
}

#[test]
fn folders_that_link_to_themselves_end() {
    let app = app(&[("web/conf/a.ini", "a")]);
    symlink(".", app.path("web/conf/again")).unwrap();
    symlink(".", app.path("web/conf/and-again")).unwrap();
    app.run(&["check"]).ended(3).told("form a cycle");
}

#[test]
fn an_empty_folder_is_told() {
    let app = app(&[]);
    fs::create_dir(app.path("web/conf")).unwrap();
    app.run(&["check"])
        .ended(3)
        .told("there is no file in `web/conf`");
}
