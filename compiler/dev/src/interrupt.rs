//! `cargo dev interrupt`: stops a build at every one of its file calls, by SIGKILL and by refused calls, and looks at
//! what is left. Needs strace (Debian's package of that name).
//!
//! After each trial the tree is old, new, or a mixture that `build --check` calls an interrupted build; the next plain
//! build gives the new tree; and the files that a person put beside ours are as they were.

use crate::error::Error;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The calls that touch files, by the names that strace knows.
const CALLS: &str = "open,openat,creat,read,write,pread64,close,stat,lstat,fstat,newfstatat,statx,mkdir,mkdirat,rename,\
renameat,renameat2,unlink,unlinkat,rmdir,getdents64,flock,fsync,fdatasync,readlink,readlinkat,lseek,fcntl,access,\
faccessat2";
/// The calls that a full disk refuses.
const FILLED: &[&str] = &["openat", "write", "mkdir", "mkdirat", "renameat", "fsync"];
/// Each tenth trial has a second build beside it.
const BESIDE: usize = 10;

/// Files by path below the application's folder.
type Files = BTreeMap<String, Vec<u8>>;

/// How a build is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Kill,
    NoSpace,
    BadDisk,
}

impl Fault {
    const ALL: [Self; 3] = [Self::Kill, Self::NoSpace, Self::BadDisk];

    const fn injection(self) -> &'static str {
        match self {
            Self::Kill => "signal=KILL",
            Self::NoSpace => "error=ENOSPC",
            Self::BadDisk => "error=EIO",
        }
    }

    fn concerns(self, call: &str) -> bool {
        match self {
            Self::Kill | Self::BadDisk => true,
            Self::NoSpace => FILLED.contains(&call),
        }
    }
}

/// A tree, what is asked for, and what comes of it undisturbed.
struct Scenario {
    name: &'static str,
    /// The application with its tree before the build.
    before: PathBuf,
    arguments: &'static [&'static str],
    old: Files,
    new: Files,
}

/// What was tried.
#[derive(Default)]
struct Trials {
    all: usize,
    /// Trials after which some files were new and others old.
    mixed: usize,
    /// Trials in which the build ended well in spite of the fault.
    unharmed: usize,
}

/// Runs all trials with the release binary.
pub(crate) fn run(binary: &Path) -> Result<(), Error> {
    strace()?;
    // It is started in other folders.
    let binary = &fs::canonicalize(binary).map_err(|error| Error::disk(binary, &error))?;
    let folder = tempfile::tempdir().map_err(|error| Error::disk(Path::new("a temporary folder"), &error))?;
    let scenarios = scenarios(binary, folder.path())?;
    // Each scenario has folders of its own.
    let results: Vec<Result<Trials, Error>> = std::thread::scope(|scope| {
        let running: Vec<_> = scenarios
            .iter()
            .map(|scenario| scope.spawn(|| trials(binary, scenario, folder.path())))
            .collect();
        let ended = running.into_iter().map(|thread| {
            let nobody = || Error::Refused("a thread ended early".to_owned());
            thread.join().unwrap_or_else(|_| Err(nobody()))
        });
        ended.collect()
    });
    let mut total = 0;
    for (scenario, trials) in scenarios.iter().zip(results) {
        let Trials { all, mixed, unharmed } = trials?;
        let name = scenario.name;
        println!(
            "interrupt    {name:<10} {all} trials, {mixed} left old and new files, {unharmed} ended well"
        );
        if all < 100 || mixed == 0 {
            return Err(Error::Refused(format!(
                "{name}: {all} trials, of which {mixed} left a mixture, show nothing"
            )));
        }
        total += all;
    }
    println!("interrupt    {total} trials");
    Ok(())
}

/// Every fault at every call of one scenario.
fn trials(binary: &Path, scenario: &Scenario, folder: &Path) -> Result<Trials, Error> {
    let calls = calls(binary, scenario, folder)?;
    let place = folder.join(format!("{}-trial", scenario.name));
    let mut trials = Trials::default();
    for fault in Fault::ALL {
        for (call, count) in calls.iter().filter(|(call, _)| fault.concerns(call)) {
            for number in 1..=*count {
                trial(binary, scenario, fault, call, number, &place, &mut trials).map_err(|words| {
                    let name = scenario.name;
                    Error::Refused(format!("{name}, {fault:?} at {call} {number}: {words}"))
                })?;
            }
        }
    }
    Ok(trials)
}

fn strace() -> Result<(), Error> {
    let found = Command::new("strace").arg("-V").stdout(Stdio::null()).status();
    match found {
        Ok(status) if status.success() => Ok(()),
        Ok(_) | Err(_) => Err(Error::Refused(
            "strace does not run: install Debian's package strace".to_owned(),
        )),
    }
}

const MANIFEST: &str = "\
name: shop
services:
  web: ./web
  api: { image: ghcr.io/acme/api:1, port: 8081, security: { user: 1000 } }
environments:
  production:
    domain: shop.example.com
    registry: ghcr.io/acme
    targets: { kubernetes: {} }
";

/// Without the environment `production`: its files go. With another cpu: files change.
const CHANGED: &str = "\
name: shop
services:
  web: { location: ./web, cpu: 2 }
  api: { image: ghcr.io/acme/api:2, port: 8081, security: { user: 1000 } }
environments:
  staging:
    domain: shop.example.com
    registry: ghcr.io/acme
    targets: { kubernetes: {} }
";

/// What a person keeps beside generated files.
const YOURS: &[&str] = &[
    "infra/production/kubernetes/extra.yaml",
    "infra/local/compose/.env",
    "infra/local/compose/compose.override.yaml",
    "infra/notes.md",
];

/// The generated file that a person edits.
const EDITED: &str = "infra/local/compose/compose.yaml";
/// The generated file that a person edits and that goes.
const EDITED_AND_GONE: &str = "infra/production/kubernetes/web.yaml";

fn scenarios(binary: &Path, folder: &Path) -> Result<Vec<Scenario>, Error> {
    let write = |place: PathBuf, text: &str| {
        let folder = place.parent().unwrap_or(&place);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&place, text))
            .map_err(|error| Error::disk(&place, &error))
    };
    let application = |name: &str, manifest: &str| {
        let place = folder.join(name);
        fs::create_dir_all(place.join(".git")).map_err(|error| Error::disk(&place, &error))?;
        write(place.join("application.yml"), manifest)?;
        write(place.join("web/service.yml"), "port: 8080\n")?;
        write(place.join("web/Dockerfile"), "FROM scratch\nUSER 1000\n")?;
        Ok::<PathBuf, Error>(place)
    };
    let fresh = application("fresh", MANIFEST)?;
    let changed = application("changed", MANIFEST)?;
    build(binary, &changed, &["build"])?;
    for path in YOURS {
        write(changed.join(path), "mine\n")?;
    }
    let forced = folder.join("forced");
    copy(&changed, &forced)?;
    write(changed.join("application.yml"), CHANGED)?;
    write(forced.join("application.yml"), CHANGED)?;
    for path in [EDITED, EDITED_AND_GONE] {
        let place = forced.join(path);
        let text = fs::read_to_string(&place).map_err(|error| Error::disk(&place, &error))?;
        write(place, &format!("{text}# mine\n"))?;
    }
    [
        ("fresh", fresh, &["build"][..]),
        ("changed", changed, &["build"][..]),
        ("forced", forced, &["build", "--force"][..]),
    ]
    .into_iter()
    .map(|(name, before, arguments)| {
        let after = folder.join("after");
        copy(&before, &after)?;
        build(binary, &after, arguments)?;
        Ok(Scenario {
            name,
            old: files(&before)?,
            new: files(&after)?,
            before,
            arguments,
        })
    })
    .collect()
}

fn build(binary: &Path, place: &Path, arguments: &[&str]) -> Result<(), Error> {
    let (code, words) = exoc(binary, place, arguments).map_err(Error::Refused)?;
    if code == Some(0) {
        Ok(())
    } else {
        Err(Error::Refused(format!(
            "{arguments:?} ends with {code:?}: {words}"
        )))
    }
}

/// How often an undisturbed build makes each call.
fn calls(binary: &Path, scenario: &Scenario, folder: &Path) -> Result<BTreeMap<String, usize>, Error> {
    let place = folder.join(format!("{}-calls", scenario.name));
    let log = place.with_extension("log");
    copy(&scenario.before, &place)?;
    let traced = traced(binary, &place, scenario.arguments, None, &log);
    let (code, words) = traced.map_err(Error::Refused)?;
    if code != Some(0) {
        return Err(Error::Refused(format!("under strace: {code:?}: {words}")));
    }
    let text = fs::read_to_string(&log).map_err(|error| Error::disk(&log, &error))?;
    let mut calls = BTreeMap::new();
    for line in text.lines() {
        // `[pid] name(arguments) = result`
        let words = line.split_whitespace().find(|word| word.contains('('));
        if let Some((name, _)) = words.and_then(|word| word.split_once('(')) {
            *calls.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    Ok(calls)
}

fn trial(
    binary: &Path,
    scenario: &Scenario,
    fault: Fault,
    call: &str,
    number: usize,
    place: &Path,
    trials: &mut Trials,
) -> Result<(), String> {
    let told = |error: Error| error.to_string();
    copy(&scenario.before, place).map_err(told)?;
    trials.all += 1;
    let beside = trials.all.is_multiple_of(BESIDE);
    let inject = format!("inject={call}:{}:when={number}", fault.injection());
    let log = place.with_extension("log");
    let second = beside
        .then(|| start(binary, place, scenario.arguments))
        .transpose()?;
    let (code, words) = traced(binary, place, scenario.arguments, Some(&inject), &log)?;
    if let Some(mut second) = second {
        second.wait().map_err(|error| error.to_string())?;
    }
    if words.contains("panicked") {
        return Err(format!("it panics: {words}"));
    }
    let left = files(place).map_err(told)?;
    let unharmed = code == Some(0);
    if unharmed {
        trials.unharmed += 1;
    }
    let (old, new) = (same(&left, &scenario.old), same(&left, &scenario.new));
    if unharmed && !new {
        return Err(format!("it ends well, and the tree is not the new one:\n{words}"));
    }
    if !old && !new {
        trials.mixed += 1;
    }
    each_is_old_or_new(&left, scenario)?;
    let (code, words) = exoc(binary, place, &["build", "--check"])?;
    let fine = code == Some(0) || words.contains("a build was interrupted") || old;
    if !fine {
        return Err(format!(
            "--check ends with {code:?} and does not say why: {words}"
        ));
    }
    // A forced build that never began has not overwritten the edit, and its work is done by another forced one.
    let again = if old { scenario.arguments } else { &["build"] };
    let (code, words) = exoc(binary, place, again)?;
    if code != Some(0) {
        return Err(format!("the next build ends with {code:?}: {words}"));
    }
    let repaired = files(place).map_err(told)?;
    if repaired != scenario.new {
        let differs = |path: &&String| repaired.get(*path) != scenario.new.get(*path);
        let paths: Vec<&String> = repaired
            .keys()
            .chain(scenario.new.keys())
            .filter(differs)
            .collect();
        return Err(format!("the next build does not give the new tree: {paths:?}"));
    }
    match exoc(binary, place, &["build", "--check"])? {
        (Some(0), _) => Ok(()),
        (code, words) => Err(format!(
            "--check ends with {code:?} after the next build: {words}"
        )),
    }
}

/// Whether the trees are the same, but for what an interrupted build prepares.
fn same(left: &Files, other: &Files) -> bool {
    ours(left).eq(ours(other))
}

fn ours(files: &Files) -> impl Iterator<Item = (&String, &Vec<u8>)> {
    files.iter().filter(|(path, _)| !path.starts_with("infra/.exoc"))
}

/// No file is torn, lost or a stranger's, and what people wrote is as it was.
fn each_is_old_or_new(left: &Files, scenario: &Scenario) -> Result<(), String> {
    let Scenario { old, new, .. } = scenario;
    for (path, contents) in ours(left) {
        let known = [old, new]
            .into_iter()
            .any(|files| files.get(path) == Some(contents));
        if !known {
            return Err(format!("`{path}` is neither old nor new"));
        }
    }
    for (path, contents) in ours(old) {
        let gone = left.get(path).is_none();
        if gone && new.contains_key(path) {
            return Err(format!("`{path}` is lost"));
        }
        if YOURS.contains(&path.as_str()) && left.get(path) != Some(contents) {
            return Err(format!("`{path}` is not as it was"));
        }
    }
    Ok(())
}

fn exoc(binary: &Path, place: &Path, arguments: &[&str]) -> Result<(Option<i32>, String), String> {
    ended(Command::new(binary).current_dir(place).args(arguments))
}

fn start(binary: &Path, place: &Path, arguments: &[&str]) -> Result<std::process::Child, String> {
    Command::new(binary)
        .current_dir(place)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())
}

fn traced(
    binary: &Path,
    place: &Path,
    arguments: &[&str],
    inject: Option<&str>,
    log: &Path,
) -> Result<(Option<i32>, String), String> {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(log);
    command.args(["-e", &format!("trace={CALLS}")]);
    if let Some(inject) = inject {
        command.args(["-e", inject]);
    }
    ended(command.arg(binary).args(arguments).current_dir(place))
}

fn ended(command: &mut Command) -> Result<(Option<i32>, String), String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok((output.status.code(), words))
}

/// All files below a folder, without Git's; a folder counts as an entry that ends in `/`.
fn files(folder: &Path) -> Result<Files, Error> {
    let mut files = Files::new();
    collect(folder, "", &mut files)?;
    Ok(files)
}

fn collect(folder: &Path, prefix: &str, files: &mut Files) -> Result<(), Error> {
    let failed = |error| Error::disk(folder, &error);
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if name == ".git" {
            continue;
        }
        if entry.file_type().map_err(failed)?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            let bytes = fs::read(entry.path()).map_err(failed)?;
            files.insert(name, bytes);
        }
    }
    Ok(())
}

/// Makes `to` a copy of `from`.
fn copy(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(to) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(Error::disk(to, &error)),
        Ok(()) | Err(_) => {}
    }
    let failed = |error| Error::disk(to, &error);
    fs::create_dir_all(to.join(".git")).map_err(failed)?;
    for (path, contents) in files(from)? {
        let place = to.join(path);
        fs::create_dir_all(place.parent().unwrap_or(to)).map_err(failed)?;
        fs::write(&place, contents).map_err(failed)?;
    }
    Ok(())
}
