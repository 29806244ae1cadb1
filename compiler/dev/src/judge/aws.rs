//! OpenTofu formats, initialises, validates, applies and plans every root module.
//!
//! The providers are played in memory from their real schemas, so that no account is needed. A local backend
//! takes the place of the one in the module, by an override file.

use super::{Judge, Sample, Session, output, supplied};
use crate::error::Error;
use exoc_ir::Image;
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
        let backend = "terraform {\n  backend \"local\" {}\n}\n";
        std::fs::write(module.join("backend_override.tf"), backend).map_err(|error| error.to_string())?;
        let inputs = inputs(sample).to_string();
        std::fs::write(module.join("judged.auto.tfvars.json"), inputs).map_err(|error| error.to_string())?;
        output(tofu(module).args(["init", "-input=false", "-no-color"]))?;
        let (out, _) = output(tofu(module).args(["validate", "-json"]))?;
        let report: Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
        if report
            .get("diagnostics")
            .and_then(Value::as_array)
            .is_none_or(|list| !list.is_empty())
        {
            return Err(format!("tofu validate says:\n{out}"));
        }
        output(tofu(module).args(["apply", "-auto-approve", "-input=false", "-no-color"]))?;
        // With -detailed-exitcode a plan that would change anything is a failure.
        output(tofu(module).args(["plan", "-detailed-exitcode", "-input=false", "-no-color"]))?;
        let (out, _) = output(tofu(module).args(["state", "list"]))?;
        Ok(out.lines().filter(|line| !line.starts_with("data.")).count())
    }
}

fn tofu(module: &Path) -> Command {
    let mut command = Command::new("tofu");
    command.arg(format!("-chdir={}", module.display()));
    command
}

/// What a deployer supplies: an image for everything that is built, a value for every secret.
fn inputs(sample: &Sample<'_>) -> Value {
    let mut inputs = Map::new();
    let images: Map<String, Value> = sample
        .program
        .images()
        .iter()
        .filter_map(|(_, image)| match image {
            Image::Built(built) if built.pinned.is_none() => Some((
                built.name.clone(),
                json!(format!("registry.example.com/{}:judged", built.name)),
            )),
            Image::Built(_) | Image::Pinned(_) => None,
        })
        .collect();
    if !images.is_empty() {
        inputs.insert("images".into(), images.into());
    }
    let secrets: Map<String, Value> = supplied(sample.program)
        .map(|name| (name.into(), json!("judged")))
        .collect();
    if !secrets.is_empty() {
        inputs.insert("secrets".into(), secrets.into());
    }
    inputs.into()
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
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
