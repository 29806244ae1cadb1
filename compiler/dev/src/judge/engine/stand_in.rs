//! Stand-ins: images made of Debian's busybox and HAProxy under the names of published ones, where these cannot be
//! pulled. An image that the engine has is used as it is.

use super::super::output;
use super::docker::{docker, inspect};
use super::project::Project;
use super::{copy, say};
use exoc_snapshot_tests::case;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where Debian's HAProxy lies.
const HAPROXY: &str = "/usr/sbin/haproxy";

/// Images that are removed when it is dropped.
#[derive(Default)]
pub(crate) struct StandIns(Vec<String>);

impl Drop for StandIns {
    fn drop(&mut self) {
        for image in &self.0 {
            if let Err(words) = output(docker().args(["rmi", image])) {
                eprintln!("the image {image} is not removed: {words}");
            }
        }
        // What a killed run left under names that are taken by now.
        let old = [
            "image",
            "prune",
            "--force",
            "--filter",
            "label=exoc.stand-in=true",
        ];
        drop(output(docker().args(old)));
    }
}

impl StandIns {
    /// Makes the images that a project names and the engine lacks. `scratch` does not exist yet.
    pub(crate) fn make(&mut self, project: &Project, scratch: &Path) -> Result<(), String> {
        let built = project.built();
        let named = project
            .services()
            .filter_map(|(_, service)| service.get("image")?.as_str());
        let named: BTreeSet<&str> = named.filter(|image| !built.contains(image)).collect();
        for image in named.into_iter().filter(|image| !is_there(image)) {
            self.make_one(image, scratch)?;
        }
        if !self.0.is_empty() {
            say(&format!(
                "stand-ins of busybox and haproxy for {}",
                self.0.join(", ")
            ));
        }
        Ok(())
    }

    /// Makes one image unless the engine has it.
    pub(crate) fn make_named(&mut self, image: &str, scratch: &Path) -> Result<(), String> {
        if is_there(image) {
            Ok(())
        } else {
            self.make_one(image, scratch)
        }
    }

    fn make_one(&mut self, image: &str, scratch: &Path) -> Result<(), String> {
        let repository = image.split(':').next().unwrap_or_default();
        let folder = scratch.join(repository);
        let recipe = case::root().join("compiler/dev/stand-ins").join(repository);
        if !recipe.is_dir() {
            return Err(format!("there is no stand-in for {image}"));
        }
        copy(&recipe, &folder)?;
        if repository == "haproxy" {
            haproxy(&folder.join("root"))?;
        } else {
            let busybox = fetch_busybox(&scratch.join("package"))?;
            output(Command::new("cp").args([&busybox, &folder]))?;
        }
        let mut build = docker();
        // The builder of the engine itself, which needs no plugin.
        build
            .env("DOCKER_BUILDKIT", "0")
            .args(["build", "--quiet", "--tag", image]);
        output(build.arg(&folder))?;
        self.0.push(image.to_owned());
        Ok(())
    }
}

/// Whether the engine has an image that is none of ours, as an interrupted run leaves them.
fn is_there(image: &str) -> bool {
    let found = inspect(&[image.to_owned()]).unwrap_or_default();
    found
        .first()
        .is_some_and(|image| image.pointer("/Config/Labels/exoc.stand-in") != Some(&Value::from("true")))
}

/// Debian's static busybox, out of its package, which is fetched into a folder once.
pub(crate) fn fetch_busybox(folder: &Path) -> Result<PathBuf, String> {
    let busybox = folder.join("bin/busybox");
    if !busybox.is_file() {
        std::fs::create_dir_all(folder).map_err(|error| error.to_string())?;
        let script = "apt-get download --quiet busybox-static && dpkg --extract busybox-static_*.deb .";
        output(Command::new("sh").args(["-c", script]).current_dir(folder)).map_err(|words| {
            format!("Debian's package busybox-static is needed (apt-get update):\n{words}")
        })?;
    }
    Ok(busybox)
}

/// Debian's HAProxy with the libraries that it is linked with, each under its own path.
fn haproxy(root: &Path) -> Result<(), String> {
    let (linked, _) = output(Command::new("ldd").arg(HAPROXY))
        .map_err(|words| format!("Debian's package haproxy is needed (apt-get install haproxy):\n{words}"))?;
    let words = linked.split_whitespace();
    let files: BTreeSet<&str> = words
        .filter(|word| word.starts_with('/'))
        .chain([HAPROXY])
        .collect();
    std::fs::create_dir_all(root).map_err(|error| error.to_string())?;
    let mut command = Command::new("cp");
    command.args(["--parents", "--dereference"]).args(files).arg(root);
    output(&mut command).map(drop)
}
