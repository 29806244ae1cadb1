//! `volumes`: folders whose contents outlive the container, by name.

use super::keys::VOLUME;
use super::{Binder, Fields, Want};
use crate::ast::{Field, Table, Volume};
use exoc_diagnostics::{Failed, Kind, Node, Spanned};

impl Binder<'_> {
    /// `volumes`: a map from name to folder, or to the long form.
    pub(crate) fn volumes(&mut self, fields: &Fields<'_>) -> Table<Volume> {
        let listed = fields
            .get("volumes")
            .and_then(|member| in_own_words(&member.value));
        let want = Want {
            what: "`volumes`".into(),
            kind: "a mapping from name to folder",
            example: match listed {
                Some(members) => format!("volumes: {{ {members} }}").into(),
                None => "volumes: { uploads: /data }".into(),
            },
        };
        self.table(fields, "volumes", &want, |binder, key, node| {
            let want = Want {
                what: format!("the volume `{}`", key.name).into(),
                kind: "a folder or a mapping",
                example: format!("{}: /data", key.name).into(),
            };
            binder.volume(node, &want)
        })
    }

    fn volume(&mut self, node: &Node, want: &Want) -> Result<Volume, Failed> {
        if let Kind::Scalar(_) = &node.kind {
            return Ok(Volume {
                span: node.span,
                path: Field::Set(self.mounted_at(node, want)?),
                size: Field::Absent,
                read_only: Field::Absent,
            });
        }
        let fields = self.open(node, &VOLUME, want)?;
        Ok(Volume {
            span: node.span,
            path: self.field(&fields, "path", |b, n| {
                b.mounted_at(n, &Want::key("path", "a folder", "path: /data"))
            }),
            size: self.field(&fields, "size", |b, n| {
                b.bytes(n, &Want::key("size", "a size", "size: 10Gi"))
            }),
            read_only: self.field(&fields, "read-only", |b, n| {
                b.boolean(n, &Want::key("read-only", "`true` or `false`", "read-only: true"))
            }),
        })
    }

    fn mounted_at(&mut self, node: &Node, want: &Want) -> Result<Spanned<String>, Failed> {
        let folder = self.string(node, want)?;
        self.folder(&folder)?;
        Ok(folder)
    }
}

/// The members that a list of Compose's `source:/folder` stands for.
fn in_own_words(node: &Node) -> Option<String> {
    let Kind::List(items) = &node.kind else {
        return None;
    };
    let members: Option<Vec<String>> = items
        .iter()
        .map(|item| {
            let text = &item.as_scalar()?.text;
            let folder = text.split(':').find(|part| part.starts_with('/'))?;
            let folder = folder.trim_end_matches('/');
            let name = folder.rsplit('/').next()?;
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            let named = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain);
            named.then(|| format!("{name}: {folder}"))
        })
        .collect();
    members
        .filter(|members| !members.is_empty())
        .map(|members| members.join(", "))
}
