//! What is tried, one function each.

use super::trial::{Copy, Ground};
use crate::judge::engine::{Inventory, docker, inspect, lines, moment};
use crate::judge::output;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::TcpListener;

/// A trial, or several of a kind.
pub(super) type Scenario = fn(&Ground) -> Result<(), String>;

/// All of them, in order.
pub(super) const ALL: &[(&str, Scenario)] = &[
    ("order", order),
    ("signals", signals),
    ("side-by-side", side_by_side),
    ("suites", suites),
    ("bad-input", bad_input),
];

/// How often the application is brought up and watched.
const TIMES: usize = 3;
/// What stands before the address of a service that is up.
const UP: &str = "http://localhost:18";

/// The containers of the application in a folder, by service: all of the engine if no other copy runs.
fn containers() -> Result<BTreeMap<String, Value>, String> {
    let ids = lines(&[
        "ps",
        "--all",
        "--quiet",
        "--filter",
        "label=app.kubernetes.io/part-of=tea",
    ])?;
    let all = inspect(&ids)?.into_iter();
    Ok(all
        .filter_map(|it| {
            let service = it
                .pointer("/Config/Labels/com.docker.compose.service")?
                .as_str()?
                .to_owned();
            Some((service, it))
        })
        .collect())
}

fn text<'v>(
    containers: &'v BTreeMap<String, Value>,
    service: &str,
    pointer: &str,
) -> Result<&'v str, String> {
    let found = containers
        .get(service)
        .and_then(|it| it.pointer(pointer)?.as_str());
    found.ok_or_else(|| format!("`{service}` has no {pointer}"))
}

/// Comes up in the order of the graph, renews what changed, tells what dies, and leaves nothing.
fn order(ground: &Ground) -> Result<(), String> {
    let copy = ground.copy("order")?;
    for _ in 0..TIMES {
        let mut run = copy.start(&["run"])?;
        run.until("Watching files")?;
        let up = containers()?;
        in_order(&up)?;
        copy.write(
            "web/index.html",
            &format!("anew at {}\n", text(&up, "web", "/Id")?),
        )?;
        run.until("`web` is built, and starts")?;
        let renewed = changed(&up)?;
        if renewed != ["web"] {
            return Err(format!("a change of web's file began anew {renewed:?}"));
        }
        output(docker().args(["kill", text(&up, "worker", "/Id")?]))?;
        run.until("`worker` died with exit code 137")?;
        run.signal("INT")?;
        run.end()?.with(0)?;
    }
    println!(
        "laptop       order: {TIMES} times in order, one service renewed, a death told, ended by Ctrl-C"
    );
    // Data outlives a run that worked.
    if lines(&["volume", "ls", "--quiet", "--filter", "name=tea-"])?.len() != 1 {
        return Err("the volume did not outlive the run".to_owned());
    }
    copy.run(&["clean"])?.with(0)?.says("1 volume kept")?;
    copy.run(&["clean", "--volumes"])?.with(0)?.says("and 1 volume")?;
    Ok(())
}

/// Who waits starts after what it waits for is healthy or has ended.
fn in_order(up: &BTreeMap<String, Value>) -> Result<(), String> {
    let first_healthy = |service: &str| -> Result<i128, String> {
        let log = up
            .get(service)
            .and_then(|it| it.pointer("/State/Health/Log")?.as_array());
        let mut log = log.into_iter().flatten();
        let good = log.find(|it| it.get("ExitCode").and_then(Value::as_i64) == Some(0));
        let end = good.and_then(|it| it.get("End")?.as_str());
        moment(end.ok_or_else(|| format!("`{service}` was never healthy"))?)
    };
    let started = |service: &str| moment(text(up, service, "/State/StartedAt")?);
    let ended = |service: &str| moment(text(up, service, "/State/FinishedAt")?);
    for (what, earlier, later) in [
        (
            "slow is healthy before migrate starts",
            first_healthy("slow")?,
            started("migrate")?,
        ),
        (
            "migrate has ended before api starts",
            ended("migrate")?,
            started("api")?,
        ),
        (
            "migrate has ended before worker starts",
            ended("migrate")?,
            started("worker")?,
        ),
        (
            "api is healthy before web starts",
            first_healthy("api_health")?,
            started("web")?,
        ),
    ] {
        if earlier > later {
            return Err(format!("not so: {what}"));
        }
    }
    Ok(())
}

/// The services whose container is another than it was. A container that is replaced goes before the new one comes.
fn changed(before: &BTreeMap<String, Value>) -> Result<Vec<String>, String> {
    for _ in 0..200 {
        let now = containers()?;
        if now.len() == before.len() && text(&now, "web", "/State/Status").ok() == Some("running") {
            let id = |it: &Value| it.get("Id").cloned();
            let others = now
                .iter()
                .filter(|(service, it)| before.get(*service).and_then(id) != id(it));
            let others: Vec<String> = others.map(|(service, _)| service.clone()).collect();
            if !others.is_empty() {
                return Ok(others);
            }
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    Ok(Vec::new())
}

/// Each signal at each stage: containers, networks and volumes are those of before.
fn signals(ground: &Ground) -> Result<(), String> {
    let copy = ground.copy("signals")?;
    let mut trials = 0;
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        // What a start that is cut short made goes, data too.
        for (stage, words) in [
            ("build", "Building images"),
            ("start", "Pulling images"),
            ("wait", "slow is healthy"),
        ] {
            unchanged(&format!("{signal} during {stage}"), || {
                let mut run = copy.start(&["run"])?;
                run.until(words)?;
                run.signal(signal)?;
                run.end()?.with(code).map(drop)
            })?;
            trials += 1;
        }
    }
    // Data of an application that worked stays, so that it is there before and after.
    copy.run(&["run", "--detach"])?.with(0)?;
    copy.run(&["stop"])?.with(0)?;
    for signal in ["INT", "TERM"] {
        unchanged(&format!("{signal} during follow"), || {
            let mut run = copy.start(&["run"])?;
            run.until(UP)?;
            run.signal(signal)?;
            run.end()?.with(0).map(drop)
        })?;
        unchanged(&format!("{signal} during stop"), || {
            let mut run = copy.start(&["run"])?;
            run.until(UP)?;
            run.signal(signal)?;
            run.until("Stopping.")?;
            run.signal(signal)?;
            run.end()?.with(0).map(drop)
        })?;
        trials += 2;
    }
    copy.run(&["clean", "--volumes"])?.with(0)?;
    println!("laptop       signals: {trials} trials");
    Ok(())
}

/// That the engine holds after a trial what it held before.
fn unchanged(what: &str, trial: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    let before = Inventory::take()?;
    trial().map_err(|words| format!("{what}: {words}"))?;
    let after = Inventory::take()?;
    after
        .unchanged_since(&before)
        .map_err(|words| format!("{what}: {words}"))
}

/// Two checkouts of one application, and another application, at the same time.
fn side_by_side(ground: &Ground) -> Result<(), String> {
    let (one, two, other) = (ground.copy("one")?, ground.copy("two")?, ground.copy("other")?);
    other.replace("application.yml", "name: tea", "name: tea-room")?;
    let mut addresses = Vec::new();
    for (copy, name) in [(&one, "one"), (&two, "two"), (&other, "other")] {
        copy.write("web/index.html", name)?;
        let up = copy.run(&["run", "--detach"])?.with(0)?;
        let address = up.out.split_whitespace().find(|word| word.starts_with(UP));
        addresses.push((address.unwrap_or_default().to_owned(), name));
    }
    for (address, name) in &addresses {
        let (said, _) =
            output(std::process::Command::new("curl").args(["--silent", "--show-error", address]))?;
        if said != *name {
            return Err(format!("{address} says `{said}`, not `{name}`"));
        }
    }
    let mut distinct: Vec<&str> = addresses.iter().map(|(address, _)| address.as_str()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    if distinct.len() != addresses.len() {
        return Err(format!("two share an address: {addresses:?}"));
    }
    one.run(&["stop"])?.with(0)?;
    two.run(&["shell", "web", "true"])?.with(0)?;
    for copy in [&one, &two, &other] {
        copy.run(&["clean", "--volumes"])?.with(0)?;
    }
    println!(
        "laptop       side-by-side: three answer at {}",
        distinct.join(", ")
    );
    Ok(())
}

/// Three suites: one passes, one fails, one hangs.
fn suites(ground: &Ground) -> Result<(), String> {
    let copy = ground.copy("suites")?;
    let human = copy.run(&["test", "--timeout", "10"])?.with(1)?;
    let human = human
        .says("api passed")?
        .says("web failed with exit code 3")?
        .says("of web\n")?;
    human
        .says("worker failed because it did not end in time")?
        .says("of worker\n")?
        .says("1 of 3 suites passed")?;
    let json = copy
        .run(&["test", "--timeout", "10", "--format", "json"])?
        .with(1)?;
    let document: Value =
        serde_json::from_str(&json.out).map_err(|error| format!("{error}:\n{}", json.out))?;
    let suites = document
        .get("suites")
        .and_then(Value::as_array)
        .ok_or("no suites")?;
    let of = |suite: &Value, key: &str| suite.get(key).cloned().unwrap_or_default();
    let said: Vec<String> = suites
        .iter()
        .map(|suite| {
            format!(
                "{} {} {} {}",
                of(suite, "service"),
                of(suite, "result"),
                of(suite, "exit_code"),
                of(suite, "output")
            )
        })
        .collect();
    let expected = [
        r#""api" "passed" 0 "slow answers\n""#,
        r#""web" "failed" 3 "of web\n""#,
        r#""worker" "late" null "of worker\n""#,
    ];
    if said != expected {
        return Err(format!("the document says {said:#?}"));
    }
    copy.run(&["test", "api"])?.with(0)?.says("1 of 1 suite passed")?;
    println!("laptop       suites: one passed, one failed, one was ended, as text and as JSON");
    copy.run(&["clean", "--volumes"])?.with(0)?;
    Ok(())
}

/// What people do wrong, on the real engine; the rest is tried with a stand-in.
fn bad_input(ground: &Ground) -> Result<(), String> {
    let fails = |copy: &Copy<'_>, words: &[&str]| -> Result<(), String> {
        let mut ended = copy.run(&["run"])?.with(3)?;
        for words in words {
            ended = ended.says(words)?;
        }
        Ok(())
    };
    let copy = ground.copy("port")?;
    let listener = TcpListener::bind("127.0.0.1:18743").map_err(|error| error.to_string())?;
    fails(&copy, &["port 18743 is taken by `exoc-dev` (process "])?;
    drop(listener);
    let copy = ground.copy("never-healthy")?;
    copy.replace("application.yml", "nc -ll -p 7000", "nc -ll -p 7001")?;
    fails(
        &copy,
        &[
            "`slow` is not healthy after ",
            "the check of `slow` is `nc -w 1 localhost 7000 -e true`",
        ],
    )?;
    let known = lines(&["ps", "--all", "--quiet"])?;
    let copy = ground.copy("dockerfile")?;
    copy.write(
        "web/Dockerfile",
        "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"false\"]\n",
    )?;
    fails(
        &copy,
        &[
            "an image cannot be built",
            "the last lines were",
            "returned a non-zero code",
        ],
    )?;
    remains_of_a_step(&known)?;
    let copy = ground.copy("job")?;
    copy.replace("migrate/Dockerfile", "echo migrated", "echo it is broken; exit 9")?;
    fails(&copy, &["`migrate` ended with 9", "it is broken"])?;
    let copy = ground.copy("image")?;
    copy.replace("application.yml", "busybox:1.37.0-musl", "exoc.invalid/nothing:1")?;
    fails(
        &copy,
        &["the image `exoc.invalid/nothing:1` cannot be pulled: its registry cannot be reached"],
    )?;
    println!("laptop       bad-input: port, dependency, Dockerfile, job and image are named");
    Ok(())
}

/// The engine's old builder, which works without a plugin, keeps the container of a step that failed. It says of none
/// whose it is, so that only whoever knows that there is no other may remove it.
fn remains_of_a_step(known: &[String]) -> Result<(), String> {
    for container in lines(&["ps", "--all", "--quiet", "--filter", "status=exited"])? {
        if !known.contains(&container) {
            output(docker().args(["rm", &container]))?;
        }
    }
    Ok(())
}
