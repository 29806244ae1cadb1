//! A real API server admits every object, strictly and without a warning, and says the second time that nothing changed;
//! then checkov judges what the kustomizations make.

use super::server::Server;
use super::{Judge, Sample, Session, checkov, output};
use crate::error::Error;
use std::process::Command;

pub(crate) struct Admission;

impl Judge for Admission {
    fn target(&self) -> &'static str {
        "kubernetes"
    }

    fn things(&self) -> &'static str {
        "objects"
    }

    fn start(&self) -> Result<Box<dyn Session>, Error> {
        let rendered = tempfile::tempdir().map_err(|error| Error::Refused(error.to_string()))?;
        Ok(Box::new(Started {
            server: Server::start()?,
            rendered,
        }))
    }
}

struct Started {
    server: Server,
    /// What the kustomizations make, a file each, for checkov.
    rendered: tempfile::TempDir,
}

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let applied = self.server.apply(sample.folder)?;
        let again = self.server.apply(sample.folder)?;
        let changed: Vec<&String> = again
            .iter()
            .filter(|line| !line.ends_with(" unchanged"))
            .collect();
        if !changed.is_empty() {
            return Err(format!("the second time changes {changed:?}"));
        }
        let (objects, _) = output(Command::new("kubectl").arg("kustomize").arg(sample.folder))?;
        let name = format!("{}-{}.yaml", sample.case, sample.program.environment().name);
        std::fs::write(self.rendered.path().join(name), objects).map_err(|error| error.to_string())?;
        Ok(applied.len())
    }

    fn finish(&mut self) -> Result<(), String> {
        checkov::judge(self.rendered.path())
    }
}
