//! Formats: of diagnostics, and of pictures. One option has both, because both are what a command shows.

use crate::render::Document;
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

/// What `--format` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// How diagnostics are shown.
    Report(Format),
    /// What `exoc graph` draws.
    Picture(Drawing),
}

impl Default for Shown {
    fn default() -> Self {
        Self::Report(Format::default())
    }
}

impl ValueEnum for Shown {
    fn value_variants<'a>() -> &'a [Self] {
        &[
            Self::Report(Format::Human),
            Self::Report(Format::Concise),
            Self::Report(Format::Json),
            Self::Report(Format::Sarif),
            Self::Report(Format::Github),
            Self::Report(Format::Gitlab),
            Self::Report(Format::Junit),
        ]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        match self {
            Self::Report(format) => format.to_possible_value(),
            Self::Picture(drawing) => drawing.to_possible_value(),
        }
    }
}

/// What `exoc graph` draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Drawing {
    /// A drawing, light or dark as its reader prefers
    #[default]
    Svg,
    /// One page of all environments in itself: search, zoom, what each node is linked with
    Html,
    /// A flowchart of Mermaid
    Mermaid,
    /// A graph of Graphviz
    Dot,
}

impl Drawing {
    /// Reads it where it stands in for the format of every command.
    pub(super) fn parser() -> impl TypedValueParser<Value = Shown> {
        let values = Self::value_variants().iter();
        let values = PossibleValuesParser::new(values.filter_map(Self::to_possible_value));
        values.map(|word| Shown::Picture(Self::from_str(&word, false).unwrap_or_default()))
    }
}

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Pictures with excerpts of the files, for people
    #[default]
    Human,
    /// One line each: `path:line:column: severity[code]: message`
    Concise,
    /// One JSON document; of `build`, `check`, `diff`, `init` and `secrets` it is the result, on standard output
    Json,
    /// SARIF 2.1.0, for code scanning; of `build` and `check`, as those below
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// JUnit's XML, a test case for each file
    Junit,
}

impl Format {
    /// The document that it is, if everything is told in one.
    #[must_use]
    pub const fn document(self) -> Option<Document> {
        match self {
            Self::Human | Self::Concise => None,
            Self::Json => Some(Document::Json),
            Self::Sarif => Some(Document::Sarif),
            Self::Github => Some(Document::Github),
            Self::Gitlab => Some(Document::Gitlab),
            Self::Junit => Some(Document::Junit),
        }
    }
}
