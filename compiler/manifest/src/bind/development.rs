//! `development`: the keys that overlay a service in the environment `local`.

use super::keys::DEVELOPMENT;
use super::{Binder, Fields, Want};
use crate::ast::{Development, DevelopmentKeys, Field, Mounted, ServiceLayer, Table};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Member, Node, Spanned, codes};
use std::sync::Arc;

/// A service.yml.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnFile {
    /// Its keys but for `development`.
    pub(crate) layer: Arc<ServiceLayer>,
    /// `development`.
    pub(crate) development: Field<Box<Development>>,
}

impl Binder<'_> {
    /// `development`, with `run` as the command that it is short for.
    pub(crate) fn development(&mut self, node: &Node) -> Result<Box<Development>, Failed> {
        let want = Want::key("development", "a mapping", "development: { run: npm run dev }");
        let fields = self.open(node, &DEVELOPMENT, &want)?;
        let layer = self.service_layer(&fields);
        let written = |key| fields.get(key).filter(|member| !member.value.is_null());
        let command = match (written("run"), written("command")) {
            (Some(run), Some(command)) => Field::Broken(self.both(run, command)),
            (Some(_), None) => self.field(&fields, "run", |binder, node| binder.command(node, "run")),
            (None, Some(_)) => layer.command,
            (None, None) if fields.get("run").is_some() => {
                self.field(&fields, "run", |binder, node| binder.command(node, "run"))
            }
            (None, None) => layer.command,
        };
        Ok(Box::new(Development {
            layer: ServiceLayer { command, ..layer },
            keys: DevelopmentKeys {
                test: self.field(&fields, "test", |binder, node| binder.command(node, "test")),
                mount: self.mount(&fields),
                watch: self.field(&fields, "watch", |binder, node| {
                    let want = Want::key("watch", "a list of files and folders", "watch: [src]");
                    let item = Want::item("watch", "a file or folder", "watch: [src]");
                    let paths = binder.list(node, &want, |binder, node| binder.path(node, &item))?;
                    Ok(Spanned::new(paths, node.span))
                }),
                publish: self.field(&fields, "publish", |binder, node| {
                    let want = Want::key("publish", "a list of numbers", "publish: [9229]");
                    let ports = binder.list(node, &want, Self::published)?;
                    Ok(Spanned::new(ports, node.span))
                }),
            },
        }))
    }

    /// `mount`: a folder of the container, or a map from such a folder to one of the application.
    fn mount(&mut self, fields: &Fields<'_>) -> Table<Spanned<Mounted>> {
        let want = Want::key(
            "mount",
            "a folder of the container, or a mapping from one to a folder of the application",
            "mount: /app",
        );
        let listed = fields.get("mount").map(|member| &member.value);
        if let Some(node) = listed
            && let Kind::Scalar(_) = &node.kind
            && !node.is_null()
        {
            let mut table = Table::new();
            if let Ok(folder) = self.string(node, &want) {
                let source = match self.folder(&folder) {
                    Ok(()) => Field::Set(Spanned::new(Mounted::OwnFolder, folder.span)),
                    Err(failed) => Field::Broken(failed),
                };
                table.insert(folder, source);
            }
            return table;
        }
        let mut table = self.table(fields, "mount", &want, |binder, key, node| {
            binder.folder(&Spanned::new(key.name.to_string(), key.span))?;
            let want = Want {
                what: format!("what lies at `{}`", key.name).into(),
                kind: "a folder of the application",
                example: format!("{}: .", key.name).into(),
            };
            let folder = binder.path(node, &want)?;
            Ok(folder.map(Mounted::Folder))
        });
        self.removed_folders(&mut table);
        table
    }

    fn published(&mut self, node: &Node) -> Result<Spanned<u16>, Failed> {
        let pair = node.as_scalar().and_then(|scalar| {
            let (_, number) = scalar.text.rsplit_once(':')?;
            number.parse::<u16>().ok()
        });
        if let Some(number) = pair {
            let message = "a port of `publish` has one number on both sides";
            return Err(self.sink.error(
                Diagnostic::new(codes::FOREIGN_KEY, message)
                    .at(node.span, "a pair, as Docker Compose has it")
                    .help(format!(
                        "write `publish: [{number}]`: it is that port of 127.0.0.1 as well"
                    )),
            ));
        }
        let want = Want::item("publish", "a number", "publish: [9229]");
        let number = self.whole(node, &want, 1..=u32::from(u16::MAX))?;
        Ok(number.map(|number| u16::try_from(number).unwrap_or(u16::MAX)))
    }

    /// Reports one thing said twice.
    fn both(&mut self, run: &Member, command: &Member) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::CONFLICTING_KEYS, "`run` and `command` side by side")
                .at(run.key.span, "short for `command`")
                .also(command.key.span, "the same in full")
                .help("keep one of the two"),
        )
    }

    /// Reports a service of an environment with `development`, which only the layers below an environment have.
    pub(crate) fn development_of_an_environment(&mut self, member: &Member) -> Failed {
        self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_KEY,
                "a service of an environment has no key `development`",
            )
            .at(member.key.span, "an environment overlays by itself")
            .help("write the keys directly below the service, in the environment `local`"),
        )
    }
}
