//! Tables of what an upstream project says: every `fixtures/*/upstream.tsv`, read.
//!
//! The columns are explained in `fixtures/voting-app/README.md`. Must not know a target or what it printed.

use exoc_snapshot_tests::{Case, case};
use std::collections::{BTreeMap, BTreeSet};

/// A row, by the columns that a test compares.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Of the file, from 1.
    pub(crate) line: usize,
    /// A role.
    pub(crate) component: String,
    /// Empty for every environment.
    pub(crate) environments: BTreeSet<String>,
    /// What the row is about.
    pub(crate) kind: String,
    /// Which of them.
    pub(crate) key: String,
    /// What upstream says.
    pub(crate) upstream: String,
    /// What the fixture means.
    pub(crate) manifest: String,
    /// Why these two differ, or `-`.
    pub(crate) note: String,
}

/// The table of a fixture.
pub(crate) struct Table {
    /// The fixture.
    pub(crate) case: Case,
    /// Its rows, in their order.
    pub(crate) rows: Vec<Row>,
}

impl Row {
    /// Whether it is about an environment.
    pub(crate) fn is_about(&self, environment: &str) -> bool {
        self.environments.is_empty() || self.environments.contains(environment)
    }
}

impl Table {
    /// The rows of a kind that are about an environment.
    pub(crate) fn of<'a>(&'a self, kind: &'a str, environment: &'a str) -> impl Iterator<Item = &'a Row> {
        let is_so = move |row: &&Row| row.kind == kind && row.is_about(environment);
        self.rows.iter().filter(is_so)
    }

    /// All roles that it speaks of.
    pub(crate) fn components(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.component.as_str()).collect()
    }

    /// All edges that it speaks of: from whom, to whom.
    pub(crate) fn edges(&self) -> BTreeSet<(&str, &str)> {
        let edges = self.rows.iter().filter(|row| row.kind == "edge");
        edges
            .map(|row| (row.component.as_str(), row.key.as_str()))
            .collect()
    }
}

/// The table of every fixture that has one.
pub(crate) fn all() -> Vec<Table> {
    let cases = case::all().unwrap();
    let read = |case: Case| {
        let path = case.folder.join("upstream.tsv");
        let rows = path.exists().then(|| std::fs::read_to_string(path).unwrap());
        rows.map(|text| Table {
            rows: rows_of(&case.name, &text),
            case,
        })
    };
    cases.into_iter().filter_map(read).collect()
}

fn rows_of(fixture: &str, text: &str) -> Vec<Row> {
    let mut lines = text.lines().enumerate();
    let header: Vec<&str> = lines.next().unwrap().1.split('\t').collect();
    let column = |name: &str| {
        let found = header.iter().position(|column| *column == name);
        found.unwrap_or_else(|| panic!("{fixture}: there is no column `{name}`"))
    };
    let columns = [
        "component",
        "environment",
        "kind",
        "key",
        "upstream",
        "manifest",
        "note",
    ]
    .map(column);
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    // What upstream says of several at once is one line.
    let rows = |(index, line): (usize, &str)| {
        let cells: Vec<&str> = line.split('\t').collect();
        assert_eq!(
            cells.len(),
            header.len(),
            "{fixture}: cells of line {}",
            index + 1
        );
        let [component, environments, kind, key, upstream, manifest, note] =
            columns.map(|column| cells[column].to_owned());
        let environments = environments
            .split(',')
            .filter(|name| *name != "*")
            .map(str::to_owned);
        let row = Row {
            line: index + 1,
            component,
            environments: environments.collect(),
            kind,
            key,
            upstream,
            manifest,
            note,
        };
        let roles = |cell: &str| -> Vec<String> {
            let words = cell.split(',').map(str::to_owned);
            let of = |word: String| groups.get(&word).cloned().unwrap_or_else(|| vec![word]);
            words.flat_map(of).collect()
        };
        if row.kind == "group" {
            let members = roles(&row.manifest);
            groups.insert(row.component, members);
            return Vec::new();
        }
        let of = |component| Row {
            component,
            ..row.clone()
        };
        roles(&row.component).into_iter().map(of).collect()
    };
    lines.flat_map(rows).collect()
}
