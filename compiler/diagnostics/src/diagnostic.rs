//! A diagnostic as data. Renderers are elsewhere.

use crate::{Code, Span};

/// How grave a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Probably wrong; files are written.
    Warning,
    /// Wrong; no file is written.
    Error,
}

impl Severity {
    /// The word that renderers print.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words, or none.
    pub message: String,
}

/// Something to tell the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable name, severity and page.
    pub code: &'static Code,
    /// How grave it is here: as its code, unless the application says otherwise.
    pub severity: Severity,
    /// One phrase that can be read alone.
    pub message: String,
    /// The culprit.
    pub primary: Option<Label>,
    /// What the fault is about, also in other files.
    pub secondary: Vec<Label>,
    /// What to do.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without a place yet.
    #[must_use]
    pub fn new(code: &'static Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity,
            message: message.into(),
            primary: None,
            secondary: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Points at the culprit; `message` may be empty.
    #[must_use]
    pub fn at(mut self, span: Span, message: impl Into<String>) -> Self {
        self.primary = Some(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Points at what the fault is about.
    #[must_use]
    pub fn also(mut self, span: Span, message: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            message: message.into(),
        });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, line: impl Into<String>) -> Self {
        self.help.push(line.into());
        self
    }

    /// Points at the place that lies in `layer`, where the fault is between one that does and others that do not:
    /// what was right until a layer came over it is that layer's fault.
    #[must_use]
    pub fn blamed_on(mut self, layer: Span) -> Self {
        if let Some(primary) = &mut self.primary
            && !layer.contains(primary.span)
            && let Some(other) = self.secondary.iter_mut().find(|label| layer.contains(label.span))
        {
            std::mem::swap(primary, other);
        }
        self
    }

    /// Says what to do, if there is something to say.
    #[must_use]
    pub fn help_if(mut self, line: Option<String>) -> Self {
        self.help.extend(line);
        self
    }
}
