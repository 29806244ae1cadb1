//! A real API server admits every object, strictly and without a warning.

use super::{Judge, Sample, Session, output};
use crate::error::Error;
use exoc_snapshot_tests::case;
use std::path::PathBuf;
use std::process::Command;

pub(crate) struct Cluster;

impl Judge for Cluster {
    fn target(&self) -> &'static str {
        "kubernetes"
    }

    fn things(&self) -> &'static str {
        "objects"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        let folder = tempfile::tempdir().map_err(|error| Error::Refused(error.to_string()))?;
        let script = case::root().join("../shared/conformance/apiserver.sh");
        let mut command = Command::new(&script);
        command.arg("start").arg(folder.path());
        // Its servers keep the pipes of the script open, so its output goes to a file.
        let log = folder.path().join("start.log");
        let file = std::fs::File::create(&log).map_err(|error| Error::disk(&log, &error))?;
        let status = command
            .stdout(file)
            .status()
            .map_err(|error| Error::disk(&script, &error))?;
        if !status.success() {
            return Err(Error::Refused(format!("{} fails", script.display())));
        }
        let kubeconfig = folder.path().join("kubeconfig");
        Ok(Box::new(Server {
            folder,
            script,
            kubeconfig,
        }))
    }
}

struct Server {
    folder: tempfile::TempDir,
    script: PathBuf,
    kubeconfig: PathBuf,
}

impl Server {
    fn kubectl(&self) -> Command {
        let mut command = Command::new("kubectl");
        command.arg("--kubeconfig").arg(&self.kubeconfig);
        command
    }
}

impl Session for Server {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let mut command = self.kubectl();
        command
            .args(["apply", "--validate=strict", "--kustomize"])
            .arg(sample.folder);
        let (out, err) = output(&mut command)?;
        if !err.trim().is_empty() {
            return Err(format!("{}: kubectl warns:\n{err}", sample.case));
        }
        Ok(out.lines().count())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let stopped = Command::new(&self.script)
            .arg("stop")
            .arg(self.folder.path())
            .status();
        if !stopped.is_ok_and(|status| status.success()) {
            eprintln!("{} could not stop the server", self.script.display());
        }
    }
}
