//! The workflows of `docs/pipeline`: what `exoc init --ci` writes for a fixture, for people to read and tools to judge.

use crate::error::Error;
use exoc::args::{Ci, Tool};
use exoc::scaffold::{self, Delivery, Scaffold};
use exoc_diagnostics::VirtualPath;
use exoc_snapshot_tests::case;

/// The fixture that they are written for: secrets that are supplied, and several images.
const CASE: &str = "shop";

/// The files, by their paths in the project: that of each in its repository, below a folder for its service.
pub(crate) fn pages() -> Result<Vec<(String, String)>, Error> {
    let all = case::all()?;
    let case = all.iter().find(|case| case.name == CASE);
    let case = case.ok_or_else(|| Error::Refused(format!("there is no fixture `{CASE}`")))?;
    let file = VirtualPath::new(scaffold::FILE).unwrap_or_default();
    let outputs = case.build()?.outputs;
    let deliveries = outputs.iter().filter_map(|output| {
        let artifact = output.artifacts.get(&file)?;
        Delivery::read(&output.environment, output.target, &artifact.contents)
    });
    let scaffold = Scaffold {
        application: String::new(),
        tool: Tool::default(),
        deliveries: deliveries.collect(),
    };
    let services = [Ci::Github, Ci::Gitlab, Ci::Gitea];
    let files = services.iter().flat_map(|ci| {
        let files = scaffold::files(&scaffold, *ci).into_iter();
        files.map(|file| {
            let name = file.path.trim_start_matches('.').replace('/', "-");
            (format!("docs/pipeline/{name}"), file.text)
        })
    });
    Ok(files.collect())
}
