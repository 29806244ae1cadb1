//! A picture in the DOT language (<https://graphviz.org/doc/info/lang.html>), for Graphviz and what reads its files.

use crate::picture::{Kind, Link, LinkKind, Node, Picture, Zone};
use crate::text::plain;
use std::fmt::Write as _;

/// The picture as text.
#[must_use]
pub fn dot(picture: &Picture) -> String {
    let mut text = format!("digraph {} {{\n", quoted(&[&picture.title()]));
    text += "  graph [rankdir=LR, fontname=\"Helvetica\", labeljust=l, ranksep=1.2, nodesep=0.3, compound=true];\n";
    text += "  node [shape=box, style=\"rounded,filled\", fontname=\"Helvetica\", fontsize=11, fontcolor=\"#0f172a\"];\n";
    text += "  edge [fontname=\"Helvetica\", fontsize=9, fontcolor=\"#334155\", color=\"#64748b\", arrowsize=0.7];\n";
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
                "  subgraph \"cluster_{word}\" {{\n    label=\"{title}\"; style=\"rounded,filled\"; \
                 color=\"#cbd5e1\"; fillcolor=\"#f8fafc\";\n{}  }}\n",
                lines.concat()
            );
        }
    }
    for link in &picture.links {
        let _ = writeln!(text, "  {}", arrow(link));
    }
    text + "}\n"
}

fn shape(index: usize, node: &Node) -> String {
    let shape = match node.kind {
        Kind::Host | Kind::World | Kind::External => "ellipse",
        Kind::Server | Kind::Container | Kind::Worker => "box",
        Kind::Job => "hexagon",
        Kind::Database | Kind::Cache | Kind::Search | Kind::Bucket | Kind::Volume => "cylinder",
        Kind::Messages => "cds",
    };
    let (fill, line) = match node.zone {
        Zone::Entry => ("#dbeafe", "#2563eb"),
        Zone::Application => ("#ffffff", "#64748b"),
        Zone::Data => ("#d1fae5", "#059669"),
        Zone::Outside => ("#fef3c7", "#b45309"),
    };
    let style = match node.kind {
        Kind::Server | Kind::Worker | Kind::Container => "rounded,filled",
        Kind::Job => "dashed,filled",
        Kind::Host
        | Kind::Database
        | Kind::Cache
        | Kind::Messages
        | Kind::Search
        | Kind::Bucket
        | Kind::Volume
        | Kind::External
        | Kind::World => "filled",
    };
    let name = match &node.count {
        Some(count) => format!("{} {count}", node.name),
        None => node.name.clone(),
    };
    let label = quoted(&[&name, &node.what]);
    format!(
        "n{index} [label={label}, shape={shape}, style=\"{style}\", fillcolor=\"{fill}\", color=\"{line}\"];"
    )
}

fn arrow(link: &Link) -> String {
    let style = match link.kind {
        LinkKind::Door => ", penwidth=1.8, color=\"#2563eb\"",
        LinkKind::Call => "",
        LinkKind::Mount | LinkKind::Subscription => ", style=dashed",
    };
    format!(
        "n{} -> n{} [label={}{style}];",
        link.from,
        link.to,
        quoted(&[&link.label()])
    )
}

/// Lines as a quoted text. A backslash begins an escape there, and `&` an entity.
fn quoted(lines: &[&str]) -> String {
    let line = |line: &&str| {
        plain(line)
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('&', "&amp;")
    };
    format!("\"{}\"", lines.iter().map(line).collect::<Vec<_>>().join("\\n"))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn nothing_ends_a_text_or_means_something_in_it() {
        assert_eq!(
            quoted(&["a\"];b\\N&lt;", "\u{1b}c"]),
            r#""a\"];b\\N&amp;lt;\n�c""#
        );
    }
}
