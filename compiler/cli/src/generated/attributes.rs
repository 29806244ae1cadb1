//! `.gitattributes` of an output's folder: names each generated file and no other, so that what people put beside
//! them stays theirs.
//!
//! `linguist-generated` folds a file in GitHub's reviews, `gitlab-generated` in GitLab's (docs.gitlab.com, merge
//! requests, changes: "Collapse generated files", read 2026-11-21). `text eol=lf` keeps line ends as they were
//! written on every machine, `-text` keeps every byte.

use exoc_diagnostics::VirtualPath;
use exoc_ir::Comments;

/// Its name.
pub(super) const FILE: &str = ".gitattributes";

/// The file, without the line that says it is generated; it names itself too.
pub(super) fn print<'a>(files: impl Iterator<Item = (&'a VirtualPath, Comments)>) -> String {
    let own = (FILE.to_owned(), Comments::Hash);
    std::iter::once(own)
        .chain(files.map(|(path, comments)| (path.to_string(), comments)))
        .map(|(path, comments)| {
            let ends = match comments {
                Comments::Hash | Comments::Markup => "text eol=lf",
                Comments::None => "-text",
            };
            format!("{} {ends} linguist-generated gitlab-generated\n", pattern(&path))
        })
        .collect()
}

/// A pattern that matches this path of the folder and nothing else.
fn pattern(path: &str) -> String {
    let mut escaped = String::from("/");
    for character in path.chars() {
        if ['*', '?', '[', '\\'].contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    if escaped.contains([' ', '"']) {
        format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use super::{pattern, print};
    use exoc_diagnostics::VirtualPath;
    use exoc_ir::Comments;

    #[test]
    fn names_each_file_and_itself() {
        let path = VirtualPath::new("a/b.json").unwrap();
        assert_eq!(
            print([(&path, Comments::None)].into_iter()),
            "/.gitattributes text eol=lf linguist-generated gitlab-generated\n\
             /a/b.json -text linguist-generated gitlab-generated\n"
        );
    }

    #[test]
    fn a_path_is_no_pattern() {
        assert_eq!(pattern("a*b"), "/a\\*b");
        assert_eq!(pattern("a b"), "\"/a b\"");
        assert_eq!(pattern("a [b"), "\"/a \\\\[b\"");
    }
}
