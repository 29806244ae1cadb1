//! Sources of files: each is read once, as it is, and each way of not having one has its words.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod common;

use common::Memory;
use exoc_diagnostics::{ReadError, VirtualPath};
use exoc_manifest::ast::Source;

const TEXT: &str = "name: shop\nservices:\n  web: { image: \"a:1\", files: { /a: ./conf } }\n";

fn source(memory: &Memory, path: &str) -> Source {
    let loaded = memory.load();
    let path = VirtualPath::new(path).unwrap();
    loaded.clean().contents[&path].as_ref().unwrap().clone()
}

#[test]
fn a_file_is_its_bytes_and_a_folder_all_files_below_it() {
    let memory = Memory::new(&[("application.yml", TEXT)]);
    let one = source(&memory.clone().with("conf", b"${x}\x00\xff\r\n"), "conf");
    let bytes: Vec<u8> = match one {
        Source::File(contents) => contents.0.to_vec(),
        Source::Folder(files) => vec![u8::try_from(files.len()).unwrap()],
    };
    assert_eq!(bytes, b"${x}\x00\xff\r\n");
    let memory = memory
        .with("conf/z", b"")
        .with("conf/a/b/c", b"")
        .with("conf/a/.d", b"");
    let names: Vec<String> = match source(&memory, "conf") {
        Source::File(_) => Vec::new(),
        Source::Folder(files) => files.keys().map(ToString::to_string).collect(),
    };
    assert_eq!(names, ["a/.d", "a/b/c", "z"]);
}

#[test]
fn a_path_is_relative_to_the_file_that_names_it() {
    let text = "name: shop\nservices: { web: { location: ./web, files: { /a: ./a } } }\n\
                environments: { p: { services: { web: { files: { /c: ./c } } } } }\n";
    let own = "image: \"a:1\"\nfiles: { /b: ./b }\ndevelopment: { files: { /d: ../d } }\n";
    let files = [
        ("application.yml", text),
        ("web/service.yml", own),
        ("a", ""),
        ("c", ""),
        ("web/b", ""),
        ("d", ""),
    ];
    let loaded = Memory::new(&files).load();
    let paths: Vec<String> = loaded.clean().contents.keys().map(ToString::to_string).collect();
    assert_eq!(paths, ["a", "c", "d", "web/b"]);
}

#[test]
fn every_way_of_not_having_a_source_has_its_words() {
    let at = "application.yml:3:37 `./conf`";
    for (error, expected) in [
        (
            ReadError::Leaves,
            "EX0003 a symbolic link at `conf` leads out of the application's folder",
        ),
        (
            ReadError::Cycle,
            "EX0001 the symbolic links at `conf` form a cycle",
        ),
        (ReadError::IsFolder, "EX0002 there is no file in `conf`"),
        (ReadError::NotFound, "EX0002 `conf` does not exist"),
        (
            ReadError::TooLarge(17 << 20),
            "EX0360 a source of files holds more than 1 MiB",
        ),
        (
            ReadError::Other("permission denied".into()),
            "EX0001 `conf` cannot be read: permission denied",
        ),
    ] {
        let loaded = Memory::new(&[("application.yml", TEXT)])
            .failing("conf", error)
            .load();
        let (code, words) = expected.split_once(' ').unwrap();
        assert_eq!(loaded.lines(), [format!("{code} {at} {words}")]);
        assert!(loaded.manifest.unwrap().contents.values().all(Result::is_err));
    }
    let inside = |name: &str, error| {
        let memory = Memory::new(&[("application.yml", TEXT), ("conf/a", "")]);
        memory.failing(&format!("conf/{name}"), error).load().lines()
    };
    let leaves = format!("EX0003 {at} a symbolic link at `conf/b` leads out of the application's folder");
    assert_eq!(inside("b", ReadError::Leaves), [leaves]);
    let refused = format!("EX0001 {at} `conf/b` cannot be read: permission denied");
    assert_eq!(
        inside("b", ReadError::Other("permission denied".into())),
        [refused]
    );
    let name = format!("EX0110 {at} a file there is called `b:c`");
    assert_eq!(inside("b:c", ReadError::NotFound), [name]);
}

#[test]
fn a_source_that_many_layers_name_is_reported_once() {
    let text = "name: shop\nservices:\n  web: { image: \"a:1\", files: { /a: ./conf } }\n  \
                api: { image: \"a:1\", files: { /a: ./conf, /b: conf } }\n";
    let loaded = Memory::new(&[("application.yml", text)]).load();
    assert_eq!(
        loaded.lines(),
        ["EX0002 application.yml:3:37 `./conf` `conf` does not exist"]
    );
}
