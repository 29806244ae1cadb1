//! `generate`: writes the pages that are made from code, or checks that they are current.

use crate::error::Error;
use crate::{keys, pipelines, site};
use exoc_snapshot_tests::case;

/// The folder of the pages of products.
const DEPENDENCIES: &str = "docs/dependencies";

/// Every generated page: its path in the project, and its text.
fn pages() -> Result<Vec<(String, String)>, Error> {
    let products = exoc_catalogue::ENTRIES.iter().map(|entry| {
        (
            format!("{DEPENDENCIES}/{}.md", entry.word()),
            exoc_catalogue::page(entry),
        )
    });
    let others = [
        ("docs/cli-reference.md", exoc::reference::markdown()),
        ("docs/feature-table.md", exoc::commands::targets::feature_table()),
        ("docs/manifest/application.md", keys::application()),
        ("docs/manifest/service.md", keys::service()),
        ("docs/dependencies/README.md", exoc_catalogue::index()),
        ("docs/dependencies/volume.md", exoc_catalogue::volume()),
    ];
    let others = others.into_iter().map(|(name, text)| (name.to_owned(), text));
    let summary = [("docs/SUMMARY.md".to_owned(), site::summary()?)];
    Ok(others
        .chain(products)
        .chain(pipelines::pages()?)
        .chain(summary)
        .collect())
}

pub(crate) fn run(check: bool) -> Result<(), Error> {
    let mut stale = Vec::new();
    for (name, text) in pages()? {
        let path = case::root().join(&name);
        if std::fs::read_to_string(&path).is_ok_and(|found| found == text) {
            continue;
        }
        if check {
            stale.push(name);
        } else {
            std::fs::write(&path, text).map_err(|error| Error::disk(&path, &error))?;
            println!("{name}: written");
        }
    }
    if stale.is_empty() {
        Ok(())
    } else {
        Err(Error::Refused(format!(
            "{stale:?} are stale; run `cargo dev generate`"
        )))
    }
}
