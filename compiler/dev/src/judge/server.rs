//! A real API server on loopback, with or without controllers, and what is asked of it by `kubectl`. Knows no golden.

use super::output;
use crate::error::Error;
use exoc_snapshot_tests::case;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The node for images of the other architecture: `controllers.sh` makes one for `arm64`.
const INTEL: &str = r#"apiVersion: v1
kind: Node
metadata:
  name: paper-intel
  labels:
    kubernetes.io/hostname: paper-intel
    kubernetes.io/os: linux
    kubernetes.io/arch: amd64
    topology.kubernetes.io/zone: b
  annotations: { kwok.x-k8s.io/node: fake }
status:
  allocatable: { cpu: "4000", memory: 8Ti, pods: "10000", ephemeral-storage: 8Ti }
  capacity: { cpu: "4000", memory: 8Ti, pods: "10000", ephemeral-storage: 8Ti }
"#;

/// The classes of storage that goldens name, and how many volumes of each there are: `controllers.sh` makes one class,
/// which is the default.
const CLASSES: [&str; 2] = ["fast", "nfs"];
const VOLUMES: usize = 20;

/// The priority class that a golden names, which pods are refused without.
const PRIORITY: &str =
    "---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: business }\nvalue: 1000\n";

/// The classes and their volumes, on paper.
fn storage() -> String {
    let class = |name: &&str| {
        format!(
            "---\napiVersion: storage.k8s.io/v1\nkind: StorageClass\nmetadata: {{ name: {name} }}\n\
             provisioner: kubernetes.io/no-provisioner\nvolumeBindingMode: Immediate\n"
        )
    };
    let volume = |(name, number): (&str, usize)| {
        format!(
            "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {{ name: {name}-{number} }}\n\
             spec: {{ capacity: {{ storage: 1Ti }}, accessModes: [ReadWriteOnce, ReadWriteMany], \
             storageClassName: {name}, hostPath: {{ path: /paper/{name}/{number} }} }}\n"
        )
    };
    let volumes = CLASSES
        .iter()
        .flat_map(|name| (0..VOLUMES).map(move |number| volume((name, number))));
    CLASSES.iter().map(class).chain(volumes).collect()
}

/// A started server; it ends when this is dropped.
pub(super) struct Server {
    folder: tempfile::TempDir,
    /// The scripts that were started, in the order of their start.
    scripts: Vec<PathBuf>,
}

impl Server {
    /// Starts a server without nodes: it admits objects, and nothing acts on them.
    pub(super) fn start() -> Result<Self, Error> {
        let definitions = case::root().join(".ci/crds");
        output(&mut Command::new(definitions)).map_err(Error::Refused)?;
        let folder = tempfile::tempdir().map_err(|error| Error::Refused(error.to_string()))?;
        let mut server = Self {
            folder,
            scripts: Vec::new(),
        };
        server.run("apiserver.sh")?;
        Ok(server)
    }

    /// Starts one with controllers, a scheduler, a node on paper for each architecture and volumes.
    pub(super) fn with_controllers() -> Result<Self, Error> {
        let mut server = Self::start()?;
        server.run("controllers.sh")?;
        let paper = server.folder.path().join("paper.yaml");
        let text = format!("{INTEL}{PRIORITY}{}", storage());
        std::fs::write(&paper, text).map_err(|error| Error::disk(&paper, &error))?;
        output(server.kubectl().args(["apply", "--filename"]).arg(&paper)).map_err(Error::Refused)?;
        Ok(server)
    }

    fn run(&mut self, name: &str) -> Result<(), Error> {
        let script = case::root().join("../shared/conformance").join(name);
        self.scripts.push(script.clone());
        let mut command = Command::new(&script);
        command.arg("start").arg(self.folder.path());
        // Its servers keep the pipes of the script open, so its output goes to a file.
        let log = self.folder.path().join(format!("{name}.log"));
        let file = std::fs::File::create(&log).map_err(|error| Error::disk(&log, &error))?;
        let status = command
            .stdout(file)
            .status()
            .map_err(|error| Error::disk(&script, &error))?;
        if status.success() {
            Ok(())
        } else {
            Err(Error::Refused(format!("{} fails", script.display())))
        }
    }

    /// `kubectl` for this server.
    pub(super) fn kubectl(&self) -> Command {
        let mut command = Command::new("kubectl");
        command
            .arg("--kubeconfig")
            .arg(self.folder.path().join("kubeconfig"));
        command
    }

    /// Applies a kustomization: the line about each object. A warning is a refusal.
    pub(super) fn apply(&self, folder: &Path) -> Result<Vec<String>, String> {
        let mut command = self.kubectl();
        command
            .args(["apply", "--validate=strict", "--kustomize"])
            .arg(folder);
        let (out, err) = output(&mut command)?;
        if err.trim().is_empty() {
            Ok(out.lines().map(str::to_owned).collect())
        } else {
            Err(format!("kubectl warns:\n{err}"))
        }
    }

    /// The objects of some kinds, of one namespace or of all.
    pub(super) fn get(&self, kinds: &str, namespace: Option<&str>) -> Result<Vec<Value>, String> {
        let mut command = self.kubectl();
        command.args(["get", kinds, "--output=json"]);
        match namespace {
            Some(namespace) => command.args(["--namespace", namespace]),
            None => command.arg("--all-namespaces"),
        };
        let (out, _) = output(&mut command)?;
        let mut list: Value = serde_json::from_str(&out).map_err(|error| error.to_string())?;
        match list.get_mut("items").map(Value::take) {
            Some(Value::Array(items)) => Ok(items),
            _ => Err(format!("kubectl gives no list of {kinds}")),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        for script in self.scripts.iter().rev() {
            let stopped = Command::new(script).arg("stop").arg(self.folder.path()).status();
            if !stopped.is_ok_and(|status| status.success()) {
                eprintln!("{} could not stop what it started", script.display());
            }
        }
    }
}
