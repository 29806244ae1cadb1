//! What may stand under `targets.toy`.

use exoc_diagnostics::Node;

/// The schema of the options.
pub(crate) const SCHEMA: &str = r#"{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "type": "object",
  "additionalProperties": false,
  "properties": {
    "title": { "type": "string", "minLength": 1, "description": "The first line; the application's name by default." },
    "edges": { "enum": ["list", "none"], "description": "Whether edges are listed; `list` by default." }
  }
}"#;

/// Whether edges are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edges {
    /// They are.
    List,
    /// They are not.
    None,
}

/// The options, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Options {
    /// The first line.
    pub(crate) title: Option<String>,
    /// Whether edges are listed.
    pub(crate) edges: Edges,
}

impl Options {
    /// Reads options that the schema accepted.
    pub(crate) fn read(node: &Node) -> Self {
        let text = |key: &str| node.get(key).and_then(Node::as_text);
        let edges = if text("edges") == Some("none") {
            Edges::None
        } else {
            Edges::List
        };
        Self {
            title: text("title").map(str::to_owned),
            edges,
        }
    }
}
