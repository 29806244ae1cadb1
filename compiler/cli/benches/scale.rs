//! `cargo bench --bench scale`: files to files, for 10, 100 and 1,000 services and all three targets, and for 1,000
//! services and each target alone.
//!
//! Each round builds into a new folder, builds again unchanged, and copies the output with `cp -r`: the copy is the
//! floor, the same files written. Nothing is removed before the end, and a second run
//! is best started some minutes later: ext4 gives no inode again for a while after its file went, and a search past
//! thousands of those takes longer than the build. Wall times are medians with their lowest and highest; memory is the most that any
//! run of that size held. Nothing here fails for being slow.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark makes folders, starts programs, reads the clock and prints"
)]

use nix::sys::resource::{UsageWho, getrusage};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// How many services, and for which target if not for all; smallest first, because memory is the most of all runs so
/// far.
const SIZES: [(usize, Option<&str>); 6] = [
    (10, None),
    (100, None),
    (1000, Some("compose")),
    (1000, Some("kubernetes")),
    (1000, Some("aws")),
    (1000, None),
];
/// How often each is measured.
const ROUNDS: usize = 9;

fn main() {
    println!(
        "{:>8} {:>10} {:>7} {:>8} | {:>24} {:>24} {:>24} | {:>7} {:>9} {:>8}",
        "services",
        "target",
        "files",
        "MiB",
        "build ms",
        "unchanged ms",
        "cp -r ms",
        "ratio",
        "ms/serv.",
        "peak MiB"
    );
    let mut folders = Vec::new();
    for (services, target) in SIZES {
        let folder = tempfile::tempdir().unwrap();
        application(folder.path(), services);
        let (mut cold, mut unchanged, mut copied) = (Vec::new(), Vec::new(), Vec::new());
        for round in 0..ROUNDS {
            let [out, copy] = ["infra", "copy"].map(|name| folder.path().join(format!("{name}-{round}")));
            cold.push(time(exoc(folder.path(), &out, target)));
            unchanged.push(time(exoc(folder.path(), &out, target)));
            copied.push(time(Command::new("cp").arg("-r").args([&out, &copy])));
        }
        let peak = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap().max_rss() / 1024;
        let (files, bytes) = size(&folder.path().join("infra-0"));
        let [cold, unchanged, copied] = [cold, unchanged, copied].map(Spread::of);
        println!(
            "{services:>8} {:>10} {files:>7} {:>8.1} | {cold:>24} {unchanged:>24} {copied:>24} | {:>7.2} {:>9.3} {peak:>8}",
            target.unwrap_or("all"),
            bytes as f64 / f64::from(1 << 20),
            cold.median / copied.median,
            cold.median / services as f64,
        );
        folders.push(folder);
    }
}

/// The median, lowest and highest of some times, in milliseconds.
struct Spread {
    median: f64,
    lowest: f64,
    highest: f64,
}

impl Spread {
    fn of(mut times: Vec<Duration>) -> Self {
        times.sort();
        let at = |index: usize| times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0);
        Self {
            median: at(times.len() / 2),
            lowest: at(0),
            highest: at(times.len() - 1),
        }
    }
}

impl std::fmt::Display for Spread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            median,
            lowest,
            highest,
        } = self;
        f.pad(&format!("{median:.1} ({lowest:.1}-{highest:.1})"))
    }
}

fn exoc(folder: &Path, out: &Path, target: Option<&str>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exoc"));
    command
        .args(["build", "--quiet", "--out"])
        .arg(out)
        .current_dir(folder);
    if let Some(target) = target {
        command.args(["--target", target]);
    }
    command
}

fn time(mut command: impl std::borrow::BorrowMut<Command>) -> Duration {
    let command = command.borrow_mut();
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let output = command.output().unwrap();
    let time = start.elapsed();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    time
}

fn size(folder: &Path) -> (usize, u64) {
    let mut size = (0, 0);
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            let (files, bytes) = self::size(&entry.path());
            size = (size.0 + files, size.1 + bytes);
        } else {
            size = (size.0 + 1, size.1 + entry.metadata().unwrap().len());
        }
    }
    size
}

/// An application of so many services, each in a folder of its own: every tenth is public, every fourth a worker, each
/// uses two others, a database and a cache, of which there is one each for fifty services.
fn application(folder: &Path, services: usize) {
    let databases = services.div_ceil(50);
    let mut manifest = String::from(
        "name: scale\ndescription: An application of many services\nowner: team-scale\n\
         registry: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/scale\n\
         secrets:\n  API_KEY:\n    description: What the services sign with\ndependencies:\n",
    );
    for number in 0..databases {
        writeln!(manifest, "  db-{number}: {{ type: postgres, version: \"17\" }}").unwrap();
    }
    for number in 0..databases {
        writeln!(manifest, "  cache-{number}: {{ type: redis, version: \"7\" }}").unwrap();
    }
    manifest.push_str("services:\n");
    for number in 0..services {
        writeln!(manifest, "  s-{number}: ./services/s-{number}").unwrap();
        let place = folder.join(format!("services/s-{number}"));
        fs::create_dir_all(&place).unwrap();
        fs::write(place.join("Dockerfile"), "FROM scratch\nUSER 1000\n").unwrap();
        fs::write(place.join("service.yml"), service(number, services, databases)).unwrap();
    }
    manifest.push_str(
        "environments:\n  production:\n    domain: scale.example.com\n    targets:\n      \
         aws: { region: eu-central-1, account: \"123456789012\" }\n      kubernetes: {}\n",
    );
    fs::write(folder.join("application.yml"), manifest).unwrap();
    fs::create_dir_all(folder.join(".git")).unwrap();
}

fn service(number: usize, services: usize, databases: usize) -> String {
    let mut text = format!(
        "cpu: 0.25\nmemory: 512Mi\nscale: {}\nuses: [db-{group}, cache-{group}",
        1 + number % 3,
        group = number % databases
    );
    // Only to servers of a lower number, so that nothing waits in a circle.
    for other in [number / 2, number.saturating_sub(1)] {
        let name = format!(", s-{other}");
        if other < number && other % 4 != 3 && !text.ends_with(&name) {
            text.push_str(&name);
        }
    }
    text.push_str("]\nenvironment:\n  LOG_LEVEL: info\n  API_KEY: ${secrets.API_KEY}\n");
    writeln!(text, "  SHARD: \"{number} of {services}\"").unwrap();
    if number % 4 != 3 {
        text.push_str("port: 8080\nhealth: /healthz\n");
    }
    if number.is_multiple_of(10) {
        writeln!(text, "route: /s-{number}").unwrap();
    }
    text
}
