//! Pages of docs/ as a reader uses them: links lead somewhere, manifests bind, commands are command lines.
//!
//! Pages of diagnostics are compiled in `docs.rs`; what the tutorials print is made again by `cargo dev tutorial`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::disallowed_methods, reason = "the pages are files of this repository")]

use exoc_diagnostics::{MemorySources, Sink, SourceMap};
use exoc_snapshot_tests::case;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// Where the repository's files are for readers of the site.
const REPOSITORY: &str = "https://github.com/exoc/exoc/";

/// A page: its path in the repository, its text outside of fences, and its fences.
struct Page {
    path: String,
    prose: String,
    fences: Vec<Fence>,
}

/// A block of text in a page.
struct Fence {
    /// What it says that it is.
    info: String,
    line: usize,
    text: String,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(case::root().join(path)).unwrap();
        let (mut prose, mut fences) = (String::new(), Vec::<Fence>::new());
        let mut open: Option<(usize, Fence)> = None;
        for (index, line) in text.lines().enumerate() {
            let inside = line.trim_start().trim_start_matches('`');
            let bars = line.trim_start().len() - inside.len();
            match open.take() {
                None if bars >= 3 => {
                    let fence = Fence {
                        info: inside.to_owned(),
                        line: index + 1,
                        text: String::new(),
                    };
                    open = Some((bars, fence));
                }
                None => writeln!(prose, "{line}").unwrap(),
                Some((with, fence)) if bars >= with && inside.is_empty() => fences.push(fence),
                Some((with, mut fence)) => {
                    writeln!(fence.text, "{line}").unwrap();
                    open = Some((with, fence));
                }
            }
        }
        assert!(open.is_none(), "{}: a fence is not closed", path.display());
        Self {
            path: path.to_str().unwrap().to_owned(),
            prose,
            fences,
        }
    }

    /// The addresses of its links.
    fn links(&self) -> impl Iterator<Item = &str> {
        let ends = self.prose.split("](").skip(1);
        ends.filter_map(|rest| rest.split_once(')').map(|(link, _)| link))
    }

    /// The names of its headings, as code hosts and mdBook make them.
    fn anchors(&self) -> Vec<String> {
        let titles = self.prose.lines().filter_map(|line| {
            line.trim_start_matches('#')
                .strip_prefix(' ')
                .filter(|_| line.starts_with('#'))
        });
        titles.map(anchor).collect()
    }
}

/// Letters, digits, `-` and `_` stay; blanks become `-`; what else there is goes.
fn anchor(title: &str) -> String {
    let lower = title.to_lowercase();
    let kept = lower.chars().filter_map(|c| match c {
        ' ' => Some('-'),
        c if c.is_alphanumeric() || c == '-' || c == '_' => Some(c),
        _ => None,
    });
    kept.collect()
}

/// All pages, by path.
fn pages() -> BTreeMap<String, Page> {
    let below = WalkDir::new(case::root().join("docs"));
    let files = below.into_iter().map(Result::unwrap);
    let pages = files.filter(|file| file.path().extension().is_some_and(|end| end == "md"));
    let relative = pages.map(|page| page.path().strip_prefix(case::root()).unwrap().to_owned());
    let others = ["README.md", "CONTRIBUTING.md"].map(PathBuf::from);
    let all: BTreeMap<String, Page> = relative
        .chain(others)
        .map(|path| (path.to_str().unwrap().to_owned(), Page::read(&path)))
        .collect();
    assert!(all.len() > 150, "{} pages", all.len());
    all
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            Component::Normal(_) | Component::RootDir | Component::Prefix(_) => plain.push(part),
        }
        plain
    })
}

/// Why a link leads nowhere, if it does not.
fn fault(page: &Page, link: &str, pages: &BTreeMap<String, Page>) -> Option<String> {
    if let Some(rest) = link.strip_prefix(REPOSITORY) {
        let kinds = ["blob/main/", "tree/main/"];
        let path = kinds.iter().find_map(|kind| rest.strip_prefix(kind));
        let exists = path.is_none_or(|path| case::root().join(path).exists());
        return (!exists).then(|| "the repository has no such file".to_owned());
    }
    if link.starts_with("https://") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let here = Path::new(&page.path);
    let target = match path {
        "" => here.to_owned(),
        path => plain(&here.parent().unwrap().join(path)),
    };
    let name = target.to_str().unwrap();
    if !case::root().join(&target).exists() {
        return Some("there is no such file".to_owned());
    }
    // The site has pages and pictures of docs/ only.
    if page.path.starts_with("docs/") && (!name.starts_with("docs/") || case::root().join(name).is_dir()) {
        return Some(format!(
            "the site does not have it; write {REPOSITORY}blob/main/{name}"
        ));
    }
    let anchors = pages.get(name).map(Page::anchors).unwrap_or_default();
    let found = anchor.is_empty() || anchors.iter().any(|one| one == anchor);
    (!found).then(|| format!("{name} has no heading `#{anchor}`"))
}

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let (mut report, mut links) = (String::new(), 0);
    for page in pages.values() {
        for link in page.links() {
            links += 1;
            if let Some(fault) = fault(page, link, &pages) {
                writeln!(report, "{}: {link}: {fault}", page.path).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(links > 250, "{links} links");
}

/// The file that a block of YAML is of, if it is one of a manifest, with the whole that a part stands for.
fn manifest(fence: &Fence) -> Option<(&str, String)> {
    let text = &fence.text;
    let keys = || {
        text.lines()
            .filter(|line| line.starts_with(char::is_alphabetic))
            .filter_map(|line| line.split_once(':').map(|(key, _)| key))
    };
    let has = |names: &[&str]| keys().all(|key| names.contains(&key)) && keys().next().is_some();
    const APPLICATION: [&str; 6] = [
        "name",
        "secrets",
        "dependencies",
        "services",
        "environments",
        "diagnostics",
    ];
    match fence.info.as_str() {
        "yaml" if has(&["targets"]) => {
            let inner = text.replace('\n', "\n    ");
            Some((
                "application.yml",
                format!("name: shop\nenvironments:\n  production:\n    {inner}\n"),
            ))
        }
        "yaml" if has(&APPLICATION) => {
            let name = if keys().any(|key| key == "name") {
                ""
            } else {
                "name: shop\n"
            };
            Some(("application.yml", format!("{name}{text}")))
        }
        info => {
            let path = info.strip_prefix("yaml ")?.split(' ').next()?;
            let name = path.rsplit('/').next()?;
            let is_whole = !info.ends_with(" +");
            (is_whole && matches!(name, "application.yml" | "service.yml")).then(|| (name, text.clone()))
        }
    }
}

/// The faults of a file by itself: what it refers to is on no disk.
fn unbound(name: &str, text: String) -> Vec<String> {
    let mut sources = MemorySources::default();
    if name == "service.yml" {
        sources.insert("application.yml", "name: shop\nservices: { web: ./web }\n");
        sources.insert("web/service.yml", text);
    } else {
        sources.insert("application.yml", text);
    }
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let _ = exoc_manifest::load(&sources, &mut map, &mut sink);
    let told = sink.into_sorted();
    let of_text = told
        .iter()
        .filter(|one| one.code.id.starts_with("EX01") || one.code.id == "EX0005");
    of_text
        .map(|one| format!("{}: {}", one.code.id, one.message))
        .collect()
}

#[test]
fn every_manifest_binds_and_all_other_yaml_is_yaml() {
    let (mut report, mut manifests, mut more) = (String::new(), 0, 0);
    for page in pages().values() {
        // What is wrong there on purpose is compiled elsewhere, and the README shows two files side by side.
        let others = ["docs/formats.md", "README.md"];
        if page.path.starts_with("docs/diagnostics/") || others.contains(&page.path.as_str()) {
            continue;
        }
        for fence in page.fences.iter().filter(|fence| fence.info.starts_with("yaml")) {
            let place = format!("{}:{}", page.path, fence.line);
            if let Some((name, text)) = manifest(fence) {
                manifests += 1;
                for fault in unbound(name, text) {
                    writeln!(report, "{place}: {fault}").unwrap();
                }
            } else if fence.info == "yaml" {
                more += 1;
                if let Err(fault) = yaml_rust2::YamlLoader::load_from_str(&fence.text) {
                    writeln!(report, "{place}: {fault}").unwrap();
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(
        manifests > 30 && more > 2,
        "{manifests} manifests, {more} other files"
    );
}

/// The words of a command line, up to what a shell makes of the rest.
fn words(line: &str) -> Vec<OsString> {
    let ends = ["  ", " | ", " > ", " < ", " >> ", " && ", " # ", ")", ";"];
    let end = ends.iter().filter_map(|end| line.find(end)).min();
    let line = line.get(..end.unwrap_or(line.len())).unwrap();
    line.split_whitespace().map(OsString::from).collect()
}

#[test]
fn every_command_of_exoc_is_a_command_line() {
    let (mut report, mut commands) = (String::new(), 0);
    for page in pages().values() {
        let shells = page.fences.iter().filter(|fence| {
            ["sh", "console"]
                .iter()
                .any(|kind| fence.info == *kind || fence.info.starts_with(&format!("{kind} ")))
        });
        let typed = shells.flat_map(|fence| fence.text.lines()).filter_map(|line| {
            let line = line.trim_start().trim_start_matches("$ ");
            line.starts_with("exoc ").then_some(line)
        });
        let spans = page.prose.split('`').skip(1).step_by(2);
        let said = spans.filter(|span| span.starts_with("exoc ") && !span.contains(['…', '|', '\n']));
        for line in typed.chain(said) {
            commands += 1;
            if let Err(fault) = exoc::args::parse(&words(line)) {
                // A page may speak of a command without what it must be given.
                let kind = format!("{:?}", fault.kind());
                let fine = ["DisplayHelp", "DisplayVersion", "MissingRequiredArgument"];
                let is_open = kind == "InvalidValue" && fault.to_string().contains("none was supplied");
                if fine.contains(&kind.as_str()) || is_open {
                    continue;
                }
                let first = fault.to_string();
                let first = first.lines().next().unwrap_or_default();
                writeln!(report, "{}: {line}: {first}", page.path).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(commands > 100, "{commands} commands");
}
