//! A real API server admits every object, strictly and without a warning, keeps every text and file as the manifest says it,
//! and says the second time that nothing changed; then checkov judges what the kustomizations make.

use super::controllers::namespace;
use super::server::Server;
use super::{Judge, Sample, Session, checkov, kept, output};
use crate::error::Error;
use exoc_snapshot_tests::case;
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
        // checkov reads nothing in a folder whose name begins with a dot.
        let rendered = tempfile::Builder::new().prefix("rendered").tempdir();
        let rendered = rendered.map_err(|error| Error::Refused(error.to_string()))?;
        Ok(Box::new(Started {
            server: Server::start()?,
            rendered,
            kept: 0,
        }))
    }
}

struct Started {
    server: Server,
    /// What the kustomizations make, a file each, for checkov.
    rendered: tempfile::TempDir,
    /// How many texts and files the server gave back as they were said.
    kept: usize,
}

/// What a line about a disruption budget begins with. `kubectl` sends its selector with every apply, because the API says
/// that a selector is replaced as a whole, and calls it configured even where the server keeps what it has.
const BUDGET: &str = "poddisruptionbudget.policy/";

impl Started {
    /// The revisions of all disruption budgets.
    fn budgets(&self) -> Result<Vec<String>, String> {
        let budgets = self.server.get("poddisruptionbudgets", None)?;
        Ok(budgets
            .iter()
            .map(|budget| {
                budget
                    .pointer("/metadata/resourceVersion")
                    .map(ToString::to_string)
            })
            .map(Option::unwrap_or_default)
            .collect())
    }
}

impl Session for Started {
    fn judge(&mut self, sample: &Sample<'_>) -> Result<usize, String> {
        let applied = self.server.apply(sample.folder)?;
        let namespace = namespace(sample.folder)?;
        self.kept += kept::compared(&self.server, sample.program, &namespace)?;
        let before = self.budgets()?;
        let again = self.server.apply(sample.folder)?;
        let is_same = self.budgets()? == before;
        let changed: Vec<&String> = again
            .iter()
            .filter(|line| !(line.ends_with(" unchanged") || is_same && line.starts_with(BUDGET)))
            .collect();
        if !changed.is_empty() {
            return Err(format!("the second time changes {changed:?}"));
        }
        let (objects, _) = output(Command::new("kubectl").arg("kustomize").arg(sample.folder))?;
        let is_golden = sample.folder.starts_with(case::root());
        let kind = if is_golden { "" } else { checkov::VARIANT };
        let name = format!("{kind}{}-{}.yaml", sample.case, sample.program.environment().name);
        // The reader of checkov knows no text that is nothing but such a sign, which kustomize writes without quotes.
        let objects = objects
            .replace(": =\n", ": \"=\"\n")
            .replace(": <<\n", ": \"<<\"\n")
            // A file with these it takes for a template of Helm.
            .replace("{{", "{ {");
        std::fs::write(self.rendered.path().join(name), objects).map_err(|error| error.to_string())?;
        Ok(applied.len())
    }

    fn finish(&mut self) -> Result<(), String> {
        println!(
            "kubernetes: {} texts and files are kept as they are said",
            self.kept
        );
        checkov::judge(self.rendered.path())
    }
}
