//! What changed between two states of an application, to text; one file per format. Knows no streams.

pub mod concise;
pub mod human;
pub mod json;
pub mod markdown;

use super::tree::Contents;
use super::visible;
use exoc_diagnostics::SourceMap;
use exoc_diff::{Change, Consequence, Effect, Entry, Place, Subject, Weight, What};
use exoc_ir::TargetId;

/// What is to be told.
#[derive(Debug)]
pub struct Told {
    /// The application's name.
    pub application: String,
    /// What was compared with what.
    pub origin: Origin,
    /// The environments that were compared, in order.
    pub environments: Vec<String>,
    /// What changed, worst first.
    pub entries: Vec<Entry>,
    /// What it does to what each target has made, where it does anything.
    pub outcomes: Vec<Outcome>,
    /// Where places before are.
    pub before: Side,
    /// Where places now are.
    pub after: Side,
}

/// What a change does to what a target has made of an environment.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The environment.
    pub environment: String,
    /// The target.
    pub target: TargetId,
    /// What becomes of the things that its files describe, worst first.
    pub consequences: Vec<Consequence>,
    /// The files that differ.
    pub files: Vec<FileDifference>,
}

/// A file that differs.
#[derive(Clone, Debug)]
pub struct FileDifference {
    /// Its path below the folder of all generated files.
    pub path: String,
    /// Both sides.
    pub contents: Contents,
}

impl Outcome {
    /// How many things have each effect, worst first; no zeros.
    fn counts(&self) -> Vec<(Effect, usize)> {
        let count = |effect: &Effect| {
            let of = self.consequences.iter().filter(|one| one.effect == *effect);
            (*effect, of.count())
        };
        Effect::ALL
            .iter()
            .map(count)
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    /// The counts in words.
    fn summary(&self) -> String {
        let counts = self.counts();
        if counts.is_empty() {
            return "nothing but comments".to_owned();
        }
        let words = counts
            .iter()
            .map(|(effect, count)| format!("{count} {}", effect.words()));
        words.collect::<Vec<_>>().join(", ")
    }

    /// What is worth a line of its own: what is neither added nor changed in place.
    fn notable(&self) -> impl Iterator<Item = &Consequence> {
        self.consequences.iter().filter(|one| match one.effect {
            Effect::Replaced | Effect::MayBeReplaced | Effect::Removed | Effect::Moved | Effect::Revised => {
                true
            }
            Effect::Changed | Effect::Added => false,
        })
    }
}

/// Why, or from where, in a few words.
fn reason(consequence: &Consequence) -> String {
    match (&consequence.was, consequence.because.as_slice()) {
        (Some(was), _) => format!("was {was}"),
        (None, [one, two, three, rest @ ..]) if !rest.is_empty() => {
            format!("{one}, {two}, {three} and {} more", rest.len())
        }
        (None, because) => because.join(", "),
    }
}

/// What was compared with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A commit with the working tree.
    Commit {
        /// As somebody named it.
        name: String,
        /// Its full name.
        id: String,
        /// Its first characters.
        short: String,
        /// Whether it has the application.
        existed: bool,
        /// The folder where the application lay, if not where it lies now.
        moved: Option<String>,
    },
    /// One environment with another.
    Environment {
        /// The one that would change.
        old: String,
        /// What it would become.
        new: String,
    },
}

/// The texts of one side.
#[derive(Debug)]
pub struct Side {
    /// The texts.
    pub sources: SourceMap,
    /// What to put before a path.
    pub prefix: String,
}

impl Told {
    /// File and line of a change.
    fn place(&self, change: &Change) -> Option<(&'static str, String, usize)> {
        let (word, side, span) = match change.at? {
            Place::Before(span) => ("before", &self.before, span),
            Place::After(span) => ("after", &self.after, span),
        };
        let file = side.sources.file(span.source)?;
        let line = side.sources.start(span)?.line;
        Some((word, format!("{}{}", side.prefix, file.path), line))
    }

    /// The environments of a change, where they are not all, and it is not about one.
    fn environments_of<'e>(&self, entry: &'e Entry) -> Option<&'e [String]> {
        let about_one = entry.change.subject.what == What::Environment;
        let all = entry.environments.len() == self.environments.len();
        (!about_one && !all).then_some(entry.environments.as_slice())
    }

    /// The changes of each weight, worst first; no empty groups.
    fn groups(&self) -> impl Iterator<Item = (Weight, Vec<&Entry>)> {
        Weight::ALL.iter().filter_map(|weight| {
            let of = self
                .entries
                .iter()
                .filter(|entry| entry.change.kind.weight() == *weight);
            let of: Vec<&Entry> = of.collect();
            (!of.is_empty()).then_some((*weight, of))
        })
    }

    /// What was compared, as a sentence without markup but backquotes.
    fn compared(&self) -> String {
        let environments: Vec<String> = self.environments.iter().map(|name| format!("`{name}`")).collect();
        match &self.origin {
            Origin::Commit {
                name,
                short,
                existed,
                moved,
                id: _,
            } => {
                let moved = match moved {
                    Some(folder) if folder.is_empty() => {
                        ", where it lay at the top of the repository".to_owned()
                    }
                    Some(folder) => format!(", where it lay in `{}`", folder.trim_end_matches('/')),
                    None => String::new(),
                };
                if *existed {
                    format!(
                        "From `{name}` ({short}){moved} to the working tree, in {}.",
                        environments.join(", ")
                    )
                } else {
                    format!("`{name}` ({short}) has no such application: all of it is new.")
                }
            }
            Origin::Environment { old, new } => {
                format!("What would change if `{old}` became as `{new}` is.")
            }
        }
    }
}

/// The names of subjects, which are all of one kind.
fn names(subjects: &[Subject]) -> String {
    let names: Vec<String> = subjects.iter().map(|subject| visible(&subject.name)).collect();
    names.join(", ")
}

/// The sentence for no changes.
const NOTHING: &str = "Nothing changed in the application.";

/// Verbs that begin what is said of one subject, and what several do.
const VERBS: &[(&str, &str)] = &[
    ("answers", "answer"),
    ("comes", "come"),
    ("gets", "get"),
    ("has", "have"),
    ("holds", "hold"),
    ("is", "are"),
    ("keeps", "keep"),
    ("listens", "listen"),
    ("mounts", "mount"),
    ("now uses", "now use"),
    ("no longer gets", "no longer get"),
    ("no longer has", "no longer have"),
    ("no longer listens", "no longer listen"),
    ("no longer mounts", "no longer mount"),
    ("no longer uses", "no longer use"),
    ("opens", "open"),
    ("runs", "run"),
    ("starts", "start"),
    ("stops", "stop"),
    ("was called", "were called"),
];

/// What is said of the subjects of an entry.
fn said(entry: &Entry) -> String {
    let text = visible(&entry.change.text);
    if entry.subjects.len() < 2 {
        return text;
    }
    let several = VERBS.iter().find_map(|(one, several)| {
        let rest = text.strip_prefix(one)?;
        rest.starts_with(' ').then(|| format!("{several}{rest}"))
    });
    several.unwrap_or(text)
}

/// Whether the files that change are shown line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Files {
    /// They are.
    Shown,
    /// They are not.
    Hidden,
}
