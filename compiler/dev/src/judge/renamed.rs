//! OpenTofu applies what a manifest gave before a rename, and plans what it gives afterwards.
//!
//! The manifest from before is the fixture's with renamed roles called as their `was` says. With `was`, nothing may be
//! made or destroyed, what AWS knows by name keeps its names, and only what AWS changes in place may change. A service
//! is told its own role, and others find it by that, so of renamed services two things are made anew: a revision of the
//! task definition, and the record in the private domain. Without `was`, the same plan destroys: else the rest would
//! show nothing; and a build on top of the files from before warns of everything with data that the plan destroys, and of
//! nothing where `was` takes it up.

use super::aws::{inputs, prepare, tofu};
use super::{Judge, Sample, Session, output};
use crate::error::Error;
use exoc::disk::{self, Purpose, Scope, Tree};
use exoc::generated;
use exoc_diagnostics::MemorySources;
use exoc_ir::{Engine, Program};
use exoc_lower::Selection;
use exoc_snapshot_tests::case;
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

const MANIFEST: &str = "application.yml";

/// What is made anew where a service is renamed: a revision of its family, as with every release, and the record of its
/// role, which is there before the old one goes.
const ANEW: &[&str] = &["aws_ecs_task_definition", "aws_service_discovery_service"];

/// What a rename changes, by type of resource: arguments that AWS changes in place.
///
/// Source: documentation of the provider hashicorp/aws 6.25, "Forces new resource", read 2026-11.
const CHANGES: &[(&str, &[&str])] = &[
    (
        "aws_ecs_service",
        &["load_balancer", "service_registries", "task_definition"],
    ),
    ("aws_elasticache_replication_group", &["description"]),
    ("aws_elasticache_subnet_group", &["description"]),
    ("aws_cloudwatch_metric_alarm", &["alarm_description"]),
    ("aws_db_subnet_group", &["description"]),
    ("aws_docdb_subnet_group", &["description"]),
    ("aws_mq_configuration", &["description"]),
    ("aws_iam_role", &["description"]),
    ("aws_iam_role_policy", &["policy"]),
    ("aws_scheduler_schedule", &["description"]),
    ("aws_secretsmanager_secret", &["description"]),
    ("aws_secretsmanager_secret_version", &["secret_string_wo_version"]),
    ("aws_sfn_state_machine", &["definition"]),
    ("aws_vpc_security_group_egress_rule", &["description"]),
    ("aws_vpc_security_group_ingress_rule", &["description"]),
];

/// Resources that hold data.
const WITH_DATA: &[&str] = &[
    "aws_db_instance",
    "aws_docdb_cluster",
    "aws_efs_file_system",
    "aws_elasticache_replication_group",
    "aws_mq_broker",
    "aws_msk_cluster",
    "aws_opensearch_domain",
    "aws_s3_bucket",
    "aws_sqs_queue",
];

pub(crate) struct Renamed;

impl Judge for Renamed {
    fn name(&self) -> &'static str {
        "renamed"
    }

    fn target(&self) -> &'static str {
        "aws"
    }

    fn takes(&self, case: &str) -> bool {
        case == "was"
    }

    fn things(&self) -> &'static str {
        "moved resources"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        output(Command::new("tofu").arg("version")).map_err(Error::Refused)?;
        Ok(Box::new(Started))
    }
}

struct Started;

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let all = case::all().map_err(|error| error.to_string())?;
        let case = all
            .iter()
            .find(|case| case.name == sample.case)
            .ok_or("no such case")?;
        let sources = case.sources().map_err(|error| error.to_string())?;
        let (products, others) = renames(sample.program);
        let moved = trial(sample, &sources, &products, &[])?;
        let everything: Vec<Rename> = products.into_iter().chain(others).collect();
        Ok(moved + trial(sample, &sources, &everything, ANEW)?)
    }
}

/// Applies what the manifest gave before some renames, and plans what it gives without `was` and with it. Only these
/// types of resources may be made anew.
fn trial(
    sample: &Sample<'_>,
    sources: &MemorySources,
    renames: &[Rename],
    anew: &[&str],
) -> Result<usize, String> {
    let now = text(sources)?;
    let before = renames.iter().fold(now.clone(), |text, (role, identity)| {
        without_was(&with_word(&text, role, identity), identity)
    });
    let forgotten = renames
        .iter()
        .fold(now.clone(), |text, (_, identity)| without_was(&text, identity));
    let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
    let module = scratch.path();
    let stand = |text: &str| -> Result<(), String> {
        let program = write(sources, text, module)?;
        let sample = Sample {
            case: sample.case,
            folder: module,
            program: &program,
        };
        prepare(module, &inputs(&sample)?)
    };
    stand(&before)?;
    output(tofu(module).args(["apply", "-auto-approve", "-input=false", "-no-color"]))?;
    stand(&forgotten)?;
    let kinds = |addresses: &[String]| -> Vec<String> {
        let kind = |address: &String| address.split('.').next().unwrap_or_default().to_owned();
        let kinds = addresses.iter().map(kind);
        kinds.filter(|kind| !anew.contains(&kind.as_str())).collect()
    };
    let destroyed = plan(module)?.destroyed;
    if kinds(&destroyed).is_empty() {
        return Err("without `was` nothing would be destroyed".to_owned());
    }
    check_warned(&destroyed, &lost(sources, &before, &forgotten)?)?;
    let kept = lost(sources, &before, &now)?;
    if !kept.is_empty() {
        return Err(format!("a build warns of {kept:?}, which `was` takes up"));
    }
    stand(&now)?;
    let plan = plan(module)?;
    if !kinds(&plan.made).is_empty() || !kinds(&plan.destroyed).is_empty() || !plan.odd.is_empty() {
        return Err(format!("{plan:#?}"));
    }
    output(tofu(module).args(["apply", "-auto-approve", "-input=false", "-no-color"]))?;
    output(tofu(module).args(["plan", "-detailed-exitcode", "-input=false", "-no-color"]))?;
    Ok(plan.moved)
}

/// What a build of the second manifest warns of, on top of the files of the first: identities.
fn lost(sources: &MemorySources, first: &str, second: &str) -> Result<Vec<String>, String> {
    let words = |error: std::io::Error| error.to_string();
    let said = |error: exoc::error::CommandError| error.to_string();
    let scratch = tempfile::tempdir().map_err(words)?;
    std::fs::write(scratch.path().join(MANIFEST), first).map_err(words)?;
    let application = disk::find(scratch.path()).map_err(said)?;
    let tree = Tree::new(&application, None).map_err(said)?;
    let mut lost = Vec::new();
    for manifest in [first, second] {
        let outputs = production(sources, manifest)?.outputs;
        let made: Result<Vec<_>, _> = outputs.into_iter().map(generated::made).collect();
        let files = made.and_then(generated::files).map_err(said)?;
        let entered = tree.enter(Purpose::Write, &|| ()).map_err(said)?;
        let mut entered = entered.ok_or("the scratch folder went away")?;
        let scope = Scope::Targets(vec!["aws"]);
        let survey = entered.survey(&files, &scope).map_err(said)?;
        lost = survey.lost.iter().map(|lost| lost.identity.clone()).collect();
        entered.write(&files, &scope, &survey).map_err(said)?;
    }
    Ok(lost)
}

/// Whether everything with data that is destroyed was warned of; its address begins with the old role, which is the
/// identity.
fn check_warned(destroyed: &[String], lost: &[String]) -> Result<(), String> {
    let names: Vec<String> = lost.iter().map(|identity| identity.replace('-', "_")).collect();
    let holds = |address: &&String| {
        let kind = address.split('.').next().unwrap_or_default();
        WITH_DATA.contains(&kind)
    };
    let is_told = |address: &&String| {
        let name = address.split(['.', '[']).nth(1).unwrap_or_default();
        let name = name.trim_start_matches("exoc_").trim_end_matches("_volumes");
        names
            .iter()
            .any(|told| name == told || name == format!("{told}_dead"))
    };
    let (told, untold): (Vec<_>, Vec<_>) = destroyed.iter().filter(holds).partition(is_told);
    match (told.is_empty(), untold.as_slice()) {
        (false, []) => Ok(()),
        (true, []) => Err("nothing with data would be destroyed".to_owned()),
        (_, untold) => Err(format!(
            "{untold:?} would be destroyed, and a build warns of {lost:?}"
        )),
    }
}

/// A role, and what it was.
type Rename = (String, String);

fn text(sources: &MemorySources) -> Result<String, String> {
    let found = sources.iter().find(|(path, _)| path.as_str() == MANIFEST);
    let (_, bytes) = found.ok_or("the fixture has no manifest")?;
    String::from_utf8(bytes.to_vec()).map_err(|error| error.to_string())
}

/// Roles that were called otherwise: of rented products, and of everything else.
fn renames(program: &Program) -> (Vec<Rename>, Vec<Rename>) {
    let services = program
        .services()
        .iter()
        .map(|(_, s)| (&s.role, &s.identity, false));
    let backings = program.backings().iter().map(|(_, backing)| {
        let is_rented = matches!(backing.engine, Engine::Managed(_));
        (&backing.role, &backing.identity, is_rented)
    });
    let (products, others): (Vec<_>, Vec<_>) = services
        .chain(backings)
        .filter(|(role, identity, _)| role != identity)
        .map(|(role, identity, is_rented)| ((role.clone(), identity.clone()), is_rented))
        .partition(|(_, is_rented)| *is_rented);
    let names = |list: Vec<(Rename, bool)>| list.into_iter().map(|(rename, _)| rename).collect();
    (names(products), names(others))
}

/// The text with another word for one of its words.
fn with_word(text: &str, word: &str, other: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(word) {
        let (before, from) = rest.split_at(at);
        let after = from.strip_prefix(word).unwrap_or(from);
        let whole = !before.ends_with(is_part) && !after.starts_with(is_part);
        out.push_str(before);
        out.push_str(if whole { other } else { word });
        rest = after;
    }
    out + rest
}

/// The text without what says that something was called so.
fn without_was(text: &str, identity: &str) -> String {
    text.replace(&format!(", was: {identity} }}"), " }")
        .replace(&format!("    was: {identity}\n"), "")
}

/// What a manifest gives for AWS in `production`.
fn production(sources: &MemorySources, manifest: &str) -> Result<case::Built, String> {
    let mut sources = sources.clone();
    sources.insert(MANIFEST, manifest);
    let selection = Selection {
        environments: vec!["production".to_owned()],
        targets: vec!["aws".to_owned()],
        http_port: None,
    };
    case::compile(&sources, &selection)
}

/// Writes the root module of `production` in place of what stands in the folder, but for the state.
fn write(sources: &MemorySources, manifest: &str, module: &Path) -> Result<Arc<Program>, String> {
    let built = production(sources, manifest)?;
    let [output] = built.outputs.as_slice() else {
        return Err(format!("{} outputs", built.outputs.len()));
    };
    let words = |error: std::io::Error| error.to_string();
    for entry in std::fs::read_dir(module).map_err(words)? {
        let path = entry.map_err(words)?.path();
        if path.extension().is_some_and(|extension| extension == "tf") {
            std::fs::remove_file(path).map_err(words)?;
        }
    }
    for (path, artifact) in output.artifacts.iter() {
        let file = module.join(path.as_str());
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(words)?;
        }
        std::fs::write(file, &artifact.contents).map_err(words)?;
    }
    Ok(output.program.clone())
}

/// What a plan does.
#[derive(Debug, Default)]
struct Plan {
    /// How many resources get another address.
    moved: usize,
    /// Addresses of what is made, also in place of something else.
    made: Vec<String>,
    /// Addresses of what is destroyed, also to be made anew.
    destroyed: Vec<String>,
    /// Arguments that change and are not known to change in place.
    odd: Vec<String>,
}

fn plan(module: &Path) -> Result<Plan, String> {
    output(tofu(module).args(["plan", "-out=plan", "-input=false", "-no-color"]))?;
    let (out, _) = output(tofu(module).args(["show", "-json", "plan"]))?;
    let json: Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
    let mut plan = Plan::default();
    let changes = json.get("resource_changes").and_then(Value::as_array);
    for resource in changes.into_iter().flatten() {
        let field = |name: &str| resource.get(name).and_then(Value::as_str).unwrap_or_default();
        if field("mode") != "managed" {
            continue;
        }
        plan.moved += usize::from(!field("previous_address").is_empty());
        let change = resource.get("change").unwrap_or(&Value::Null);
        let actions = change
            .get("actions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let actions: Vec<&str> = actions.filter_map(Value::as_str).collect();
        let address = || field("address").to_owned();
        plan.made.extend(actions.contains(&"create").then(address));
        plan.destroyed.extend(actions.contains(&"delete").then(address));
        let known = CHANGES.iter().find(|(kind, _)| *kind == field("type"));
        let odd = changed(change)
            .into_iter()
            .filter(|argument| !known.is_some_and(|(_, arguments)| arguments.contains(&argument.as_str())));
        if actions == ["update"] {
            plan.odd
                .extend(odd.map(|argument| format!("{}.{argument}", field("address"))));
        }
    }
    Ok(plan)
}

/// The arguments that are known to change: what follows from others is only known after an apply.
fn changed(change: &Value) -> Vec<String> {
    let side = |name: &str| change.get(name).and_then(Value::as_object);
    let (Some(before), Some(after)) = (side("before"), side("after")) else {
        return Vec::new();
    };
    let unlike = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(*value));
    unlike.map(|(name, _)| name.clone()).collect()
}
