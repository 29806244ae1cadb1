//! `files`: what lies beside the image's own files, by the path in the container.

use super::keys::FILE;
use super::{Binder, Fields, Want};
use crate::ast::{Field, File, Table, Text};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, Spanned, VirtualPath, codes};

impl Binder<'_> {
    /// `files`: a map from the path in the container to the file's own path, or to the long form.
    pub(crate) fn files(&mut self, fields: &Fields<'_>) -> Table<File> {
        let listed = fields.get("files").and_then(|member| in_own_words(&member.value));
        let want = Want {
            what: "`files`".into(),
            kind: "a mapping from path to file",
            example: match listed {
                Some(members) => format!("files: {{ {members} }}").into(),
                None => "files: { /etc/app/config.yml: ./config.yml }".into(),
            },
        };
        let mut table = self.table(fields, "files", &want, |binder, key, node| {
            binder.placed(&Spanned::new(key.name.to_string(), key.span))?;
            let want = Want {
                what: format!("the file `{}`", key.name).into(),
                kind: "a path or a mapping",
                example: format!("{}: ./config.yml", key.name).into(),
            };
            binder.file(node, &want)
        });
        for (path, file) in table.iter_mut() {
            if let Field::Removed(_) = file
                && let Err(failed) = self.placed(path)
            {
                *file = Field::Broken(failed);
            }
        }
        table
    }

    fn placed(&mut self, path: &Spanned<String>) -> Result<(), Failed> {
        self.in_container(path, "file")
    }

    fn file(&mut self, node: &Node, want: &Want) -> Result<File, Failed> {
        if let Kind::Scalar(_) = &node.kind {
            return Ok(File {
                span: node.span,
                source: Field::Set(self.path(node, want)?),
                content: Field::Absent,
                executable: Field::Absent,
            });
        }
        let fields = self.open(node, &FILE, want)?;
        let (source, content) = match (self.both_contents(&fields), fields.lost) {
            (Some(failed), _) => (Field::Broken(failed), Field::Absent),
            // One of them may be what was lost.
            (None, Some(failed)) if fields.get("source").or(fields.get("content")).is_none() => {
                (Field::Broken(failed), Field::Absent)
            }
            (None, _) => self.origin(&fields),
        };
        Ok(File {
            span: node.span,
            source,
            content,
            executable: self.field(&fields, "executable", |b, n| {
                b.boolean(
                    n,
                    &Want::key("executable", "`true` or `false`", "executable: true"),
                )
            }),
        })
    }

    fn origin(&mut self, fields: &Fields<'_>) -> (Field<Spanned<VirtualPath>>, Field<Text>) {
        let source = self.field(fields, "source", |b, n| {
            b.path(n, &Want::key("source", "a path", "source: ./config.yml"))
        });
        let content = self.field(fields, "content", |b, n| {
            b.referring(
                n,
                &Want::key("content", "a text", "content: \"level: ${env.name}\""),
            )
        });
        (source, content)
    }

    /// Reports `source` and `content` side by side.
    fn both_contents(&mut self, fields: &Fields<'_>) -> Option<Failed> {
        let written = |key| fields.get(key).filter(|member| !member.value.is_null());
        let (source, content) = (written("source")?.key.span, written("content")?.key.span);
        Some(
            self.sink.error(
                Diagnostic::new(codes::CONFLICTING_KEYS, "`source` and `content` of one file")
                    .at(source.max(content), "says what is in it as well")
                    .also(source.min(content), "says what is in it")
                    .help("keep one of the two"),
            ),
        )
    }
}

/// The members that a list of Compose's `source:/path` stands for.
fn in_own_words(node: &Node) -> Option<String> {
    let Kind::List(items) = &node.kind else {
        return None;
    };
    let members: Option<Vec<String>> = items
        .iter()
        .map(|item| {
            let (source, path) = item.as_scalar()?.text.split_once(':')?;
            let path = path.split(':').next()?;
            let plain = |text: &str| {
                text.chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_'))
            };
            let fits = source.starts_with('.') && path.starts_with('/') && plain(source) && plain(path);
            fits.then(|| format!("{path}: {source}"))
        })
        .collect();
    members
        .filter(|members| !members.is_empty())
        .map(|members| members.join(", "))
}
