//! A picture as a flowchart of Mermaid (<https://mermaid.js.org/syntax/flowchart.html>), which code hosts draw. Names of
//! nodes are ours; every text of the manifest stands in quotes, with character codes for whatever is not plainly harmless.

use crate::picture::{Kind, Link, LinkKind, Node, Picture, Zone};
use crate::text::plain;
use std::fmt::Write as _;

/// The picture as text.
#[must_use]
pub fn mermaid(picture: &Picture) -> String {
    // The title is no text of the flowchart but of the YAML before it, which knows none of its codes.
    let title: String = plain(&picture.title())
        .chars()
        .map(|c| if is_harmless(c) { c } else { '\u{fffd}' })
        .collect();
    let mut text = format!("---\ntitle: \"{title}\"\n---\nflowchart LR\n");
    for zone in Zone::ALL {
        let nodes = picture
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| node.zone == zone);
        let lines: Vec<String> = nodes
            .map(|(index, node)| format!("    {}\n", shape(index, node)))
            .collect();
        if !lines.is_empty() {
            let (word, title) = (zone.word(), zone.title());
            let _ = write!(
                text,
                "  subgraph zone_{word} [\"{title}\"]\n{}  end\n",
                lines.concat()
            );
        }
    }
    for link in &picture.links {
        let _ = writeln!(text, "  {}", arrow(link));
    }
    for (word, style, around) in [
        (
            "entry",
            "fill:#dbeafe,stroke:#2563eb,color:#0f172a",
            "fill:#eff5ff,stroke:#bfdbfe,color:#1d4ed8",
        ),
        (
            "application",
            "fill:#ffffff,stroke:#64748b,color:#0f172a",
            "fill:#f0f3f8,stroke:#cbd5e1,color:#475569",
        ),
        (
            "data",
            "fill:#d1fae5,stroke:#059669,color:#0f172a",
            "fill:#ecfbf4,stroke:#a7f3d0,color:#047857",
        ),
        (
            "outside",
            "fill:#fef3c7,stroke:#b45309,color:#0f172a",
            "fill:#fff7ed,stroke:#fed7aa,color:#a64b09",
        ),
    ] {
        let is_in = |node: &Node| node.zone.word() == word;
        let nodes = picture.nodes.iter().enumerate().filter(|(_, node)| is_in(node));
        let names: Vec<String> = nodes.map(|(index, _)| format!("n{index}")).collect();
        if !names.is_empty() {
            let _ = write!(
                text,
                "  classDef {word} {style}\n  class {} {word}\n  style zone_{word} {around}\n",
                names.join(",")
            );
        }
    }
    text
}

fn shape(index: usize, node: &Node) -> String {
    let count = node
        .count
        .as_deref()
        .map(|count| format!(" {count}"))
        .unwrap_or_default();
    let label = format!("{}{}<br/>{}", coded(&node.name), coded(&count), coded(&node.what));
    let (open, close) = match node.kind {
        Kind::Host | Kind::World | Kind::External => ("([", "])"),
        Kind::Server | Kind::Container => ("[", "]"),
        Kind::Worker => ("(", ")"),
        Kind::Job => ("{{", "}}"),
        Kind::Database | Kind::Cache | Kind::Search | Kind::Bucket | Kind::Volume => ("[(", ")]"),
        Kind::Messages => ("[[", "]]"),
    };
    format!("n{index}{open}\"{label}\"{close}")
}

fn arrow(link: &Link) -> String {
    let line = match link.kind {
        LinkKind::Door => "==>",
        LinkKind::Call => "-->",
        LinkKind::Mount | LinkKind::Subscription => "-.->",
    };
    format!("n{} {line}|\"{}\"| n{}", link.from, coded(&link.label()), link.to)
}

/// Letters, digits and a few marks that mean nothing in Mermaid, Markdown or HTML.
fn is_harmless(character: char) -> bool {
    character.is_alphanumeric() || " .,:/-×–·…\u{fffd}".contains(character)
}

/// The text with codes for all that is not harmless.
fn coded(text: &str) -> String {
    let mut coded = String::new();
    for character in plain(text).chars() {
        if is_harmless(character) {
            coded.push(character);
        } else {
            let _ = write!(coded, "#{};", u32::from(character));
        }
    }
    coded
}

#[cfg(test)]
mod tests {
    use super::coded;

    #[test]
    fn nothing_ends_a_text_or_means_something_in_it() {
        assert_eq!(
            coded("a\"b`c|d#e;f<g>h\\"),
            "a#34;b#96;c#124;d#35;e#59;f#60;g#62;h#92;"
        );
        assert_eq!(coded("%%{init}%%"), "#37;#37;#123;init#125;#37;#37;");
        assert_eq!(
            coded("4000 http, ghcr.io/acme/mailer:2.1.0"),
            "4000 http, ghcr.io/acme/mailer:2.1.0"
        );
    }
}
