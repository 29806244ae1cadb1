//! Pages of diagnostics as tests: reading `docs/diagnostics/*.md`.
//!
//! A page has a title `# EX0101 unknown-key`, a summary, and the sections Why, Example and Fix. The fences of
//! Example are the files of a small application, in which a line that ends with `# error: EX0101` (or `warning`,
//! `note`) is where that diagnostic begins. The fences of Fix replace or add files. A fault that no text can show
//! names the test that shows it instead: `Shown by: <file>::<test>`.

use exoc_diagnostics::{Code, MemorySources};
use std::collections::BTreeMap;

/// A page.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The first line.
    pub title: String,
    /// Section names in order.
    pub sections: Vec<String>,
    /// Files of the example.
    pub example: BTreeMap<String, String>,
    /// Files of the fix.
    pub fix: BTreeMap<String, String>,
    /// The test that shows it, if no text can.
    pub shown_by: Option<String>,
}

/// What an example promises: file, line, severity, code.
pub type Mark = (String, usize, String, String);

impl Page {
    /// Reads a page.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let mut page = Self::default();
        let mut fence: Option<(String, String)> = None;
        for line in text.lines() {
            match fence.take() {
                Some((path, body)) if line.trim_end() == "```" => {
                    let files = if page.sections.last().is_some_and(|section| section == "Fix") {
                        &mut page.fix
                    } else {
                        &mut page.example
                    };
                    if !path.is_empty() {
                        files.insert(path, body);
                    }
                }
                Some((path, body)) => fence = Some((path, body + line + "\n")),
                None => page.prose(line, &mut fence),
            }
        }
        page
    }

    fn prose(&mut self, line: &str, fence: &mut Option<(String, String)>) {
        if let Some(info) = line.strip_prefix("```") {
            let path = info.split_once(' ').map_or("", |(_, path)| path.trim());
            *fence = Some((path.to_owned(), String::new()));
        } else if let Some(section) = line.strip_prefix("## ") {
            self.sections.push(section.to_owned());
        } else if let Some(title) = line.strip_prefix("# ") {
            title.clone_into(&mut self.title);
        } else if let Some(test) = line.strip_prefix("Shown by: ") {
            self.shown_by = Some(test.trim().trim_matches('`').to_owned());
        }
    }

    /// The example's files.
    #[must_use]
    pub fn example_sources(&self) -> MemorySources {
        sources(&self.example)
    }

    /// The example's files with the fix's over them.
    #[must_use]
    pub fn fix_sources(&self) -> MemorySources {
        let mut files = self.example.clone();
        files.extend(self.fix.clone());
        sources(&files)
    }

    /// The marks of the example.
    #[must_use]
    pub fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (path, text) in &self.example {
            for (index, line) in text.lines().enumerate() {
                for severity in ["error", "warning", "note"] {
                    if let Some((_, code)) = line.rsplit_once(&format!("# {severity}: ")) {
                        marks.push((
                            path.clone(),
                            index + 1,
                            severity.to_owned(),
                            code.trim().to_owned(),
                        ));
                    }
                }
            }
        }
        marks.sort();
        marks
    }
}

fn sources(files: &BTreeMap<String, String>) -> MemorySources {
    let mut sources = MemorySources::default();
    for (path, text) in files {
        sources.insert(path, text.clone().into_bytes());
    }
    sources
}

/// Every page of a code, read.
#[must_use]
pub fn of(code: &Code) -> Page {
    Page::read(code.page)
}
