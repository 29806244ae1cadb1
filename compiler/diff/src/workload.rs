//! What runs in a container, on both sides.

use crate::change::{Change, Kind};
use crate::component::node;
use crate::twins::{Side, Twins};
use crate::words;
use exoc_ir::{
    Built, Capabilities, Component, Files, Health, Image, LateContents, Mount, Owner, Port, Probe, Resources,
    Security, User, Value, Workload,
};
use std::collections::{BTreeMap, BTreeSet};

/// A component that has a workload on both sides.
struct Pair<'t, 'p> {
    twins: &'t Twins<'p>,
    new: Component,
    old: Component,
}

pub(crate) fn compare(
    twins: &Twins<'_>,
    (old, before): (Component, &Workload),
    (new, after): (Component, &Workload),
    changes: &mut Vec<Change>,
) {
    let Workload {
        image,
        platforms,
        entrypoint,
        command,
        environment: _, // said with variables
        ports,
        scratch,
        mounts,
        files,
        health,
        resources,
        security,
        shutdown,
    } = after;
    let pair = Pair { twins, new, old };
    pair.image(before, *image, changes);
    if before.platforms != *platforms {
        let (was, is) = (before.platforms.join(" "), platforms.join(" "));
        let text = format!("is made for the platforms {}", words::was(&was, &is));
        changes.push(
            pair.say(Kind::PlatformsChanged, text, "platforms")
                .values(was, is),
        );
    }
    pair.command("entrypoint", &before.entrypoint, entrypoint, changes);
    pair.command("command", &before.command, command, changes);
    pair.ports(&before.ports, ports, changes);
    if before.scratch != *scratch {
        let shown = |folders: &BTreeMap<String, exoc_ir::Bytes>| {
            let folders = folders.iter().map(|(folder, size)| format!("{folder} {size}"));
            folders.collect::<Vec<_>>().join(", ")
        };
        let (was, is) = (shown(&before.scratch), shown(scratch));
        let text = format!("has the writable folders {}", words::was(&was, &is));
        changes.push(pair.say(Kind::WritableChanged, text, "writable").values(was, is));
    }
    pair.mounts(&before.mounts, mounts, changes);
    pair.files(&before.files, files, changes);
    pair.health(before, after, changes);
    let _: &Option<Health> = health;
    pair.resources(before.resources, *resources, changes);
    pair.security(&before.security, security, changes);
    if before.shutdown != *shutdown {
        let (was, is) = (before.shutdown.to_string(), shutdown.to_string());
        let text = format!("has {is} to stop, was {was}");
        changes.push(pair.say(Kind::ShutdownChanged, text, "shutdown").values(was, is));
    }
}

impl Pair<'_, '_> {
    fn say(&self, kind: Kind, text: impl Into<String>, field: &str) -> Change {
        let at = self.twins.place(Side::After, node(self.new), field);
        Change::new(kind, self.twins.subject(Side::After, self.new), text).at(at)
    }

    fn image(&self, before: &Workload, after: exoc_ir::Id<Image>, changes: &mut Vec<Change>) {
        let old = self.twins.image(Side::Before, before.image);
        let new = self.twins.image(Side::After, after);
        let (Some(old), Some(new)) = (old, new) else {
            return;
        };
        let shown = |image: &Image| match image {
            Image::Pinned(reference) => reference.to_string(),
            Image::Built(built) => match &built.pinned {
                Some(reference) => reference.to_string(),
                None => format!("built from {}", built.context),
            },
        };
        let (was, is) = (shown(old), shown(new));
        if was != is {
            let text = match (old, new) {
                (Image::Pinned(old), Image::Pinned(new)) if old.name == new.name => {
                    let tail = |image: &str| image.get(old.name.len() + 1..).unwrap_or_default().to_owned();
                    format!("runs `{is}`, was {}", words::quoted(&tail(&was)))
                }
                _ => format!("runs {}", words::was(&was, &is)),
            };
            changes.push(self.say(Kind::ImageChanged, text, "image").values(was, is));
        }
        if let (Image::Built(old), Image::Built(new)) = (old, new) {
            self.build(old, new, changes);
        }
    }

    fn build(&self, old: &Built, new: &Built, changes: &mut Vec<Change>) {
        let Built {
            name: _,
            context,
            file,
            stage,
            args,
            platforms,
            pinned: _,
        } = new;
        let mut parts = Vec::new();
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        if old.context != *context {
            parts.push(format!(
                "the folder {}",
                words::was(old.context.as_str(), context.as_str())
            ));
        }
        if old.file != *file {
            parts.push(format!(
                "the build file {}",
                words::was(&text(&old.file), &text(file))
            ));
        }
        if old.stage != *stage {
            parts.push(format!(
                "the stage {}",
                words::was(&text(&old.stage), &text(stage))
            ));
        }
        let names: BTreeSet<&String> = old.args.keys().chain(args.keys()).collect();
        let names = names
            .into_iter()
            .filter(|name| old.args.get(*name) != args.get(*name));
        let names: Vec<&str> = names.map(String::as_str).collect();
        if !names.is_empty() {
            parts.push(format!("other values of {}", words::names(names)));
        }
        if old.platforms != *platforms {
            let (was, is) = (old.platforms.join(" "), platforms.join(" "));
            parts.push(format!("the platforms {}", words::was(&was, &is)));
        }
        if !parts.is_empty() {
            let text = format!("is built with {}", words::sentence(&parts));
            changes.push(self.say(Kind::BuildChanged, text, "build"));
        }
    }

    fn command(
        &self,
        key: &str,
        old: &Option<Vec<Value>>,
        new: &Option<Vec<Value>>,
        changes: &mut Vec<Change>,
    ) {
        let shown = |side, items: &Option<Vec<Value>>| {
            let items = items.as_ref();
            items.map(|items| words::command(self.twins, side, items))
        };
        let (was, is) = (shown(Side::Before, old), shown(Side::After, new));
        if was.as_deref().map(|text| self.twins.carried(text)) == is {
            return;
        }
        let masked = |text: Option<String>| words::masked("", &text.unwrap_or_default());
        let own = format!("with the image's own {key}");
        let text = match (&was, &is) {
            (Some(was), Some(is)) => {
                format!(
                    "has the {key} {}",
                    words::was(&words::masked("", was), &words::masked("", is))
                )
            }
            (Some(_), None) => format!("is started {own} again"),
            (None, _) => format!("has the {key} {}", words::tick(&masked(is.clone()))),
        };
        changes.push(
            self.say(Kind::CommandChanged, text, key)
                .values(masked(was), masked(is)),
        );
    }

    fn ports(&self, old: &[Port], new: &[Port], changes: &mut Vec<Change>) {
        let shown = |port: &Port| format!("{}/{}", port.number, port.protocol.word());
        for port in new {
            let was = old.iter().find(|other| other.name == port.name);
            let field = format!("ports.{}", port.name);
            match was {
                None => {
                    let text = format!("listens on `{}`", shown(port));
                    changes.push(
                        self.say(Kind::PortAdded, text, &field)
                            .part(&port.name)
                            .after(shown(port)),
                    );
                }
                Some(was) if was != port => {
                    let text = format!("listens on {}", words::was(&shown(was), &shown(port)));
                    let change = self.say(Kind::PortChanged, text, &field).part(&port.name);
                    changes.push(change.values(shown(was), shown(port)));
                }
                Some(_) => {}
            }
        }
        for port in old {
            if !new.iter().any(|other| other.name == port.name) {
                let text = format!("no longer listens on `{}`", shown(port));
                let change = self.say(Kind::PortRemoved, text, "ports").part(&port.name);
                changes.push(change.before(shown(port)));
            }
        }
    }

    /// Where volumes lie. One that is new or gone says so itself.
    fn mounts(
        &self,
        old: &BTreeMap<String, Mount>,
        new: &BTreeMap<String, Mount>,
        changes: &mut Vec<Change>,
    ) {
        let shown = |side: Side, mounts: &BTreeMap<String, Mount>| -> BTreeSet<(String, String)> {
            let one = |(folder, mount): (&String, &Mount)| {
                let volume = self.twins.program(side).volumes().get(mount.volume)?;
                let name = match &volume.owner {
                    Owner::Shared { role, .. } => role.clone(),
                    Owner::Component { component: _, name } => name.clone(),
                };
                let access = match mount.access {
                    exoc_ir::Access::Write => "",
                    exoc_ir::Access::Read => ", to be read",
                };
                Some((name, format!("{folder}{access}")))
            };
            mounts.iter().filter_map(one).collect()
        };
        let (was, is) = (shown(Side::Before, old), shown(Side::After, new));
        for (name, place) in is.difference(&was) {
            if let Some((_, old)) = was.iter().find(|(other, _)| other == name) {
                let text = format!("has the volume `{name}` at {}", words::was(old, place));
                changes.push(
                    self.say(Kind::MountChanged, text, "volumes")
                        .part(name)
                        .values(old, place),
                );
            } else if self.is_shared(name) {
                let text = format!("mounts the volume `{name}` at {}", words::tick(place));
                changes.push(
                    self.say(Kind::MountChanged, text, "volumes")
                        .part(name)
                        .after(place),
                );
            }
        }
        for (name, place) in was.difference(&is) {
            if self.is_shared(name) && !is.iter().any(|(other, _)| other == name) {
                let text = format!("no longer mounts the volume `{name}`");
                changes.push(
                    self.say(Kind::MountChanged, text, "volumes")
                        .part(name)
                        .before(place),
                );
            }
        }
    }

    /// Whether a volume is shared on both sides.
    fn is_shared(&self, name: &str) -> bool {
        let has = |side: Side| {
            let mut volumes = self.twins.program(side).volumes().iter();
            volumes.any(|(_, volume)| volume.role() == Some(name))
        };
        has(Side::Before) && has(Side::After)
    }

    fn files(&self, old: &Files, new: &Files, changes: &mut Vec<Change>) {
        let (was, is) = (self.contents(Side::Before, old), self.contents(Side::After, new));
        for (path, contents) in &is {
            let field = format!("files.{path}");
            match was.get(path) {
                None => {
                    let text = format!("has the new file {}", words::tick(path));
                    changes.push(self.say(Kind::FileAdded, text, &field).part(path));
                }
                Some(was) if was != contents => {
                    let text = format!("has other contents in {}", words::tick(path));
                    changes.push(self.say(Kind::FileChanged, text, &field).part(path));
                }
                Some(_) => {}
            }
        }
        for path in was.keys().filter(|path| !is.contains_key(*path)) {
            let text = format!("no longer has the file {}", words::tick(path));
            changes.push(self.say(Kind::FileRemoved, text, "files").part(path));
        }
    }

    /// What is in each file, for comparisons.
    fn contents(&self, side: Side, files: &Files) -> BTreeMap<String, (Vec<u8>, bool)> {
        let Files { fixed, late } = files;
        let fixed = fixed.iter().map(|(path, file)| {
            let bytes = file.contents.bytes().to_vec();
            (path.clone(), (bytes, file.executable))
        });
        let late = late.iter().flat_map(|(folder, files)| {
            files.iter().map(move |(path, file)| {
                let bytes = match &file.contents {
                    LateContents::Known(contents) => contents.bytes().to_vec(),
                    LateContents::Value(value) => {
                        let text = words::value(self.twins, side, value);
                        match side {
                            Side::Before => self.twins.carried(&text).into_bytes(),
                            Side::After => text.into_bytes(),
                        }
                    }
                };
                (format!("{folder}/{path}"), (bytes, file.executable))
            })
        });
        fixed.chain(late).collect()
    }

    fn health(&self, before: &Workload, after: &Workload, changes: &mut Vec<Change>) {
        let shown = |side, workload: &Workload| {
            let health = workload.health.as_ref();
            health.map(|health| self.probe(side, workload, health))
        };
        let (was, is) = (shown(Side::Before, before), shown(Side::After, after));
        match (was, is) {
            (None, Some((probe, _))) => {
                let text = format!("is checked by {probe}");
                changes.push(self.say(Kind::HealthAdded, text, "health").after(probe));
            }
            (Some((probe, _)), None) => {
                let text = format!("is no longer checked by {probe}");
                let at = self.twins.place(Side::Before, node(self.old), "health");
                changes.push(self.say(Kind::HealthRemoved, text, "health").before(probe).at(at));
            }
            (Some((was, was_times)), Some((is, times))) => {
                if was != is {
                    let text = format!("is checked by {is}, was {was}");
                    changes.push(self.say(Kind::HealthChanged, text, "health").values(was, is));
                } else if was_times != times {
                    let differ = times.iter().zip(&was_times).filter(|(new, old)| new != old);
                    let parts =
                        differ.map(|((key, new), (_, old))| format!("{key} {}", words::was(old, new)));
                    let parts: Vec<String> = parts.collect();
                    let text = format!("is checked with {}", words::sentence(&parts));
                    changes.push(self.say(Kind::HealthChanged, text, "health"));
                }
            }
            (None, None) => {}
        }
    }

    /// What is asked, and the numbers of it.
    fn probe(
        &self,
        side: Side,
        workload: &Workload,
        health: &Health,
    ) -> (String, [(&'static str, String); 4]) {
        let Health {
            probe,
            interval,
            timeout,
            retries,
            start,
        } = health;
        let name = |index: &usize| {
            let port = workload.ports.get(*index);
            port.map(|port| port.name.clone()).unwrap_or_default()
        };
        let first = |index: &usize| *index == 0;
        let at = |port: &usize| {
            if first(port) {
                String::new()
            } else {
                format!(" on port `{}`", name(port))
            }
        };
        let probe = match probe {
            Probe::Http { port, path } => format!("the path {}{}", words::tick(path), at(port)),
            Probe::Tcp { port } => format!("a connection{}", at(port)),
            Probe::Grpc { port, service } => match service {
                Some(service) => format!("gRPC for {}{}", words::tick(service), at(port)),
                None => format!("gRPC{}", at(port)),
            },
            Probe::Command(items) => {
                let command = words::masked("", &words::command(self.twins, side, items));
                format!("the command {}", words::tick(&command))
            }
        };
        let times = [
            ("interval", interval.to_string()),
            ("timeout", timeout.to_string()),
            ("retries", retries.to_string()),
            ("start", start.to_string()),
        ];
        (probe, times)
    }

    fn resources(&self, old: Resources, new: Resources, changes: &mut Vec<Change>) {
        let Resources { cpu, memory } = new;
        if old.cpu != cpu {
            let (was, is) = (old.cpu.to_string(), cpu.to_string());
            let text = format!("gets {}, was {was}", words::cores(cpu));
            changes.push(self.say(Kind::CpuChanged, text, "cpu").values(was, is));
        }
        if old.memory != memory {
            let (was, is) = (old.memory.to_string(), memory.to_string());
            let text = format!("gets {is} of memory, was {was}");
            changes.push(self.say(Kind::MemoryChanged, text, "memory").values(was, is));
        }
    }

    fn security(&self, old: &Security, new: &Security, changes: &mut Vec<Change>) {
        let Security {
            user,
            root_writable,
            capabilities,
            privileged,
        } = new;
        let mut say = |loose: bool, text: String, key: &str| {
            let kind = if loose {
                Kind::SecurityLoosened
            } else {
                Kind::SecurityTightened
            };
            changes.push(self.say(kind, text, &format!("security.{key}")).part(key));
        };
        if old.user != *user {
            let shown = |user: &User| match user {
                User::FromImage => "that of the image".to_owned(),
                User::Ids { user, group } => format!("{user}:{group}"),
            };
            let root = |user: &User| matches!(user, User::Ids { user: 0, .. });
            let text = match (root(&old.user), root(user)) {
                (false, true) => "runs as root".to_owned(),
                (true, false) => format!("no longer runs as root, but as `{}`", shown(user)),
                (_, _) => format!("runs as the user {}", words::was(&shown(&old.user), &shown(user))),
            };
            say(root(user), text, "user");
        }
        if old.root_writable != *root_writable {
            let verb = if *root_writable {
                "can now"
            } else {
                "can no longer"
            };
            say(
                *root_writable,
                format!("{verb} write its root file system"),
                "writable-filesystem",
            );
        }
        if old.privileged != *privileged {
            let verb = if *privileged { "is now" } else { "is no longer" };
            say(*privileged, format!("{verb} privileged"), "privileged");
        }
        if old.capabilities != *capabilities {
            let shown = |capabilities: &Capabilities| match capabilities {
                Capabilities::Default => "the default ones".to_owned(),
                Capabilities::Only(names) if names.is_empty() => "none".to_owned(),
                Capabilities::Only(names) => names.iter().cloned().collect::<Vec<_>>().join(" "),
            };
            let loose = match (&old.capabilities, capabilities) {
                (Capabilities::Only(_), Capabilities::Default) => true,
                (Capabilities::Default, Capabilities::Only(_)) => false,
                (Capabilities::Only(old), Capabilities::Only(new)) => !new.is_subset(old),
                (Capabilities::Default, Capabilities::Default) => false,
            };
            // The defaults of root come and go with the user.
            if old.user == *user || matches!(capabilities, Capabilities::Only(names) if !names.is_empty()) {
                let text = format!(
                    "keeps the capabilities {}",
                    words::was(&shown(&old.capabilities), &shown(capabilities))
                );
                say(loose, text, "capabilities");
            }
        }
    }
}
