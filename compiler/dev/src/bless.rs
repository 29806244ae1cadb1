//! `bless`: makes the goldens what the compiler gives.

use crate::error::Error;
use exoc_snapshot_tests::{case, diffs, formats, forms, golden, graphs};

pub(crate) fn run(names: &[String]) -> Result<(), Error> {
    let cases = case::all()?;
    for case in cases
        .iter()
        .filter(|case| names.is_empty() || names.contains(&case.name))
    {
        let changed = golden::bless(case, &case.build()?)?;
        if changed > 0 {
            println!("{}: {changed} files changed", case.name);
        }
    }
    if names.is_empty() || names.iter().any(|name| name == "diffs") {
        for name in diffs::bless()? {
            println!("diffs: {name} changed");
        }
    }
    if names.is_empty() || names.iter().any(|name| name == "formats") {
        for name in formats::bless()? {
            println!("formats: {name} changed");
        }
    }
    if names.is_empty() || names.iter().any(|name| name == "graphs") {
        for name in graphs::bless()? {
            println!("graphs: {name} changed");
        }
    }
    if names.is_empty() {
        for orphan in golden::orphans(&cases)? {
            std::fs::remove_dir_all(&orphan).map_err(|error| Error::disk(&orphan, &error))?;
            println!("{}: removed", orphan.display());
        }
        let (table, faults) = forms::table()?;
        faults.iter().for_each(|fault| println!("{fault}"));
        std::fs::write(forms::path(), table).map_err(|error| Error::disk(&forms::path(), &error))?;
    }
    Ok(())
}
