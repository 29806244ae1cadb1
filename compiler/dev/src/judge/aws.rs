//! OpenTofu formats, initialises, validates, applies and plans every root module.
//!
//! The providers are played in memory from their real schemas, so that no account is needed. A local backend
//! takes the place of the one in the module, by an override file.

use super::canary;
use super::{Judge, Sample, Session, output, supplied};
use crate::error::Error;
use exoc_ir::{Program, Service, Trigger};
use exoc_snapshot_tests::facts;
use serde_json::{Map, Value, json};
use std::path::Path;
use std::process::Command;

pub(crate) struct Tofu;

impl Judge for Tofu {
    fn target(&self) -> &'static str {
        "aws"
    }

    fn things(&self) -> &'static str {
        "resources"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        output(Command::new("tofu").arg("version")).map_err(Error::Refused)?;
        Ok(Box::new(Started))
    }
}

struct Started;

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let scratch = tempfile::tempdir().map_err(|error| error.to_string())?;
        let module = scratch.path();
        copy(sample.folder, module)?;
        output(tofu(module).args(["fmt", "-check", "-diff", "-recursive"]))?;
        prepare(module, &inputs(sample)?)?;
        let (out, _) = output(tofu(module).args(["validate", "-json"]))?;
        let report: Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
        if report
            .get("diagnostics")
            .and_then(Value::as_array)
            .is_none_or(|list| !list.is_empty())
        {
            return Err(format!("tofu validate says:\n{out}"));
        }
        bootstrap(&module.join("bootstrap"))?;
        before_deploy(module, sample.program)?;
        let (out, told) = output(tofu(module).args(["apply", "-auto-approve", "-input=false", "-no-color"]))?;
        check_secrets(module, &(out + &told))?;
        // With -detailed-exitcode a plan that would change anything is a failure.
        output(tofu(module).args(["plan", "-detailed-exitcode", "-input=false", "-no-color"]))?;
        let (out, _) = output(tofu(module).args(["state", "list"]))?;
        Ok(out.lines().filter(|line| !line.starts_with("data.")).count())
    }
}

/// Makes the bucket of the state, as a deployer does before anything else: a module of its own, with a local state.
fn bootstrap(module: &Path) -> Result<(), String> {
    output(tofu(module).args(["init", "-input=false", "-no-color"]))?;
    output(tofu(module).args(["validate"]))?;
    output(tofu(module).args(["apply", "-auto-approve", "-input=false", "-no-color"]))?;
    output(tofu(module).args(["plan", "-detailed-exitcode", "-input=false", "-no-color"]))?;
    output(tofu(module).args(["output", "-raw", "bucket"]))?;
    Ok(())
}

/// No value of a secret is in what was said, nor in the state but where the provider leaves no choice.
fn check_secrets(module: &Path, told: &str) -> Result<(), String> {
    if told.contains(canary::CANARY) {
        return Err("tofu apply says the value of a secret".to_owned());
    }
    let path = module.join("terraform.tfstate");
    let state = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let strays = canary::strays(&state)?;
    if strays.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "the state holds values of secrets: {}",
            strays.join(", ")
        ))
    }
}

/// Applies the gate alone, if jobs run before a deployment, as a deployer does: the jobs must be there then, in the
/// output, and nothing of what waits for them.
fn before_deploy(module: &Path, program: &Program) -> Result<(), String> {
    let is_before = |service: &Service| {
        let trigger = service.job().map(|job| &job.trigger);
        matches!(trigger, Some(Trigger::BeforeDeploy { .. }))
    };
    let services = || program.services().iter().map(|(_, service)| service);
    let jobs = services().filter(|service| is_before(service)).count();
    if jobs == 0 {
        return Ok(());
    }
    let target = "-target=terraform_data.before_deploy";
    output(tofu(module).args(["apply", target, "-auto-approve", "-input=false", "-no-color"]))?;
    let (out, _) = output(tofu(module).args(["output", "-json", "before_deploy"]))?;
    let listed: Vec<Value> = serde_json::from_str(&out).map_err(|error| error.to_string())?;
    let (out, _) = output(tofu(module).args(["state", "list"]))?;
    let too_early = services()
        .filter(|service| service.job().is_none())
        .map(|service| format!("aws_ecs_service.{}", service.role.replace('-', "_")))
        .find(|name| out.lines().any(|line| line == name));
    match too_early {
        Some(name) => Err(format!("{name} is there before the jobs of the deployment ran")),
        None if listed.len() == jobs => Ok(()),
        None => Err(format!("{} jobs are listed instead of {jobs}", listed.len())),
    }
}

/// Gives a module a state beside it and its inputs, and makes it ready.
pub(super) fn prepare(module: &Path, inputs: &Value) -> Result<(), String> {
    let backend = "terraform {\n  backend \"local\" {}\n}\n";
    std::fs::write(module.join("backend_override.tf"), backend).map_err(|error| error.to_string())?;
    std::fs::write(module.join("judged.auto.tfvars.json"), inputs.to_string())
        .map_err(|error| error.to_string())?;
    output(tofu(module).args(["init", "-input=false", "-no-color"]))?;
    Ok(())
}

pub(super) fn tofu(module: &Path) -> Command {
    let mut command = Command::new("tofu");
    command.arg(format!("-chdir={}", module.display()));
    command
}

/// What a deployer supplies: an image for everything that is built, a value for every secret.
pub(super) fn inputs(sample: &Sample<'_>) -> Result<Value, String> {
    let mut inputs = Map::new();
    let images: Map<String, Value> = facts::aws::inputs(&printed(sample.folder)?)?
        .into_iter()
        .map(|key| {
            let image = json!(format!("registry.example.com/{key}:judged"));
            (key, image)
        })
        .collect();
    if !images.is_empty() {
        inputs.insert("images".into(), images.into());
    }
    let secrets: Map<String, Value> = supplied(sample.program)
        .map(|name| (name.into(), json!(format!("{}{name}", canary::CANARY))))
        .collect();
    if !secrets.is_empty() {
        inputs.insert("secrets".into(), secrets.into());
    }
    Ok(inputs.into())
}

/// The files of the module itself.
fn printed(folder: &Path) -> Result<facts::Files, String> {
    let words = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut files = facts::Files::new();
    for entry in std::fs::read_dir(folder).map_err(words)? {
        let path = entry.map_err(words)?.path();
        if path.is_file() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            files.insert(name, std::fs::read(&path).map_err(words)?);
        }
    }
    Ok(files)
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<(), String> {
    let words = |error: std::io::Error| format!("{}: {error}", from.display());
    for entry in std::fs::read_dir(from).map_err(words)? {
        let entry = entry.map_err(words)?;
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).map_err(words)?;
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), &target).map_err(words)?;
        }
    }
    Ok(())
}
