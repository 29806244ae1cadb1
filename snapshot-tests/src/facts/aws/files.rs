//! Files of a task: a layer above its image, and what a companion writes before it starts.
//!
//! What builds a layer and what the companion runs are read word by word; whatever they do besides what is known here is
//! an error.

use super::module::{Module, Piece, Term, parse};
use super::secret;
use super::task::{self, arguments, variables};
use crate::facts::compose::statements;
use crate::facts::{Content, File, Files, Image, Part, Value};
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

const BAKE: &str = "images/docker-bake.hcl";

/// What every script begins with; that it does what it should was seen in a shell.
const BEGINNING: &str =
    "umask 022; put() { mkdir -p \"$(dirname \"./$2\")\"; cat >\"./$2\"; chmod \"$1\" \"./$2\"; }; ";

/// What is built under a key of the variable `images`: an image of the application's, or files above another image.
pub(super) struct Built {
    pub(super) image: Image,
    pub(super) files: BTreeMap<String, File>,
    /// Who runs it unless the task says otherwise, where the layer says it.
    user: Option<String>,
    /// Where the layer is pushed.
    pushed: Vec<String>,
}

/// All that is built, by key.
pub(super) fn built(module: &Module, printed: &Files) -> Result<BTreeMap<String, Built>, String> {
    let mut all = BTreeMap::new();
    let output = match module.block(&["output", "images"]) {
        Some(output) => module.required(output, "value", "the output `images`")?,
        None => Term::Object(BTreeMap::new()),
    };
    let Term::Object(outputs) = output else {
        return Err(format!("the output `images` is {output:?}"));
    };
    let mut layers = layers(module, printed)?;
    for (key, how) in outputs {
        let built = match how.get("bake").map(|name| name.plain().unwrap_or_default()) {
            None => Built {
                image: Image::Built(key.clone()),
                files: BTreeMap::new(),
                user: None,
                pushed: Vec::new(),
            },
            Some(target) => {
                let layer = layers.remove(&target);
                let layer = layer.ok_or_else(|| format!("{BAKE} builds no `{target}`"))?;
                check_home(module, &layer, how.get("repository"))?;
                layer
            }
        };
        all.insert(key, built);
    }
    match layers.keys().next() {
        Some(left) => Err(format!("`{left}` of {BAKE} is no input")),
        None => Ok(all),
    }
}

/// The layers by the names of their targets.
fn layers(module: &Module, printed: &Files) -> Result<BTreeMap<String, Built>, String> {
    if !printed.contains_key(BAKE) {
        return Ok(BTreeMap::new());
    }
    let body = parse(crate::facts::text(printed, BAKE)?).map_err(|error| format!("{BAKE}: {error}"))?;
    let target = |name: &str| {
        let mut blocks = body.blocks().filter(|block| block.identifier() == "target");
        blocks.find(|block| block.labels().first().is_some_and(|label| label.as_str() == name))
    };
    let group = body.blocks().find(|block| block.identifier() == "group");
    let group = group.ok_or_else(|| format!("{BAKE} has no group"))?;
    let names = module.required(group.body(), "targets", "the group")?;
    let mut layers = BTreeMap::new();
    for name in names.list().unwrap_or_default() {
        let name = name.plain().ok_or("a target has no name")?;
        let own = target(&name).ok_or_else(|| format!("there is no target `{name}`"))?;
        let folder = module.plain(own.body(), "context", &name)?;
        let base = module.required(own.body(), "args", &name)?;
        let base = base
            .get("BASE")
            .and_then(Term::plain)
            .ok_or("a layer lies on nothing")?;
        let image = match module.attribute(own.body(), "contexts")? {
            None => Image::Pinned(base),
            Some(contexts) => {
                let below = contexts.get(&base).and_then(Term::plain).unwrap_or_default();
                let below = below.strip_prefix("target:").unwrap_or_default();
                let image = below.strip_suffix("_base").filter(|_| target(below).is_some());
                Image::Built(
                    image
                        .ok_or_else(|| format!("`{name}` lies on `{below}`"))?
                        .to_owned(),
                )
            }
        };
        let (files, user) = dockerfile(printed, &folder)?;
        let pushed = pushed(module, own.body(), &name)?;
        let layer = Built {
            image,
            files,
            user,
            pushed,
        };
        layers.insert(name, layer);
    }
    Ok(layers)
}

/// The repositories of a target's tags.
fn pushed(module: &Module, target: &Body, name: &str) -> Result<Vec<String>, String> {
    let tags = module.required(target, "tags", name)?;
    let repository = |tag: &Term| match tag.pieces().as_deref() {
        Some([Piece::Literal(before), Piece::Reference(tag)]) if *tag == ["TAG"] => {
            before.strip_suffix(':').map(str::to_owned)
        }
        _ => None,
    };
    tags.list()
        .unwrap_or_default()
        .iter()
        .map(|tag| repository(tag).ok_or_else(|| format!("the tag of `{name}` is {tag:?}")))
        .collect()
}

/// A layer is pushed to where its task looks for it.
fn check_home(module: &Module, layer: &Built, repository: Option<&Term>) -> Result<(), String> {
    let home = match repository.and_then(Term::reference).map(secret::parts).as_deref() {
        Some(["aws_ecr_repository", address, "repository_url"]) => {
            let body = module.block(&["aws_ecr_repository", address]);
            let body = body.ok_or_else(|| format!("there is no repository `{address}`"))?;
            format!(".amazonaws.com/{}", module.plain(body, "name", address)?)
        }
        _ => repository
            .and_then(Term::plain)
            .ok_or("an image has no repository")?,
    };
    match layer.pushed.as_slice() {
        [pushed] if pushed.ends_with(&home) => Ok(()),
        other => Err(format!("an image for {home} is pushed to {other:?}")),
    }
}

/// What a Dockerfile of ours adds to an image, and the user that it says.
fn dockerfile(printed: &Files, folder: &str) -> Result<(BTreeMap<String, File>, Option<String>), String> {
    let path = format!("{folder}/Dockerfile");
    let (mut files, mut user) = (BTreeMap::new(), None);
    let mut begun = Vec::new();
    for line in crate::facts::text(printed, &path)?.lines() {
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("COPY --chmod=") {
            copy(printed, folder, rest, &mut files).map_err(|error| format!("{path}: {line}: {error}"))?;
        } else if let Some(name) = line.strip_prefix("USER ") {
            user = Some(name.to_owned());
        } else if !line.is_empty() && !line.starts_with('#') {
            begun.push(line);
        }
    }
    if begun != ["ARG BASE", "FROM ${BASE:?missing}", "HEALTHCHECK NONE"] {
        return Err(format!("{path} does {begun:?}"));
    }
    let copied: BTreeSet<String> = files.keys().map(|file| format!("{folder}/files{file}")).collect();
    let there = printed
        .keys()
        .filter(|path| path.starts_with(&format!("{folder}/files/")));
    match there.into_iter().find(|path| !copied.contains(*path)) {
        Some(left) => Err(format!("nobody copies {left}")),
        None => Ok((files, user)),
    }
}

fn copy(
    printed: &Files,
    folder: &str,
    words: &str,
    files: &mut BTreeMap<String, File>,
) -> Result<(), String> {
    let (mode, list) = words.split_once(' ').ok_or("nothing is copied")?;
    let executable = match mode {
        "a=r" => false,
        "a=rx" => true,
        _ => return Err(format!("the mode {mode}")),
    };
    let words: Vec<String> = serde_json::from_str(list).map_err(|error| error.to_string())?;
    let (to, sources) = words.split_last().ok_or("nothing is copied")?;
    let to = unescaped(to)?;
    for source in sources {
        let source = matched(&unescaped(source)?)?;
        let bytes = printed
            .get(&format!("{folder}/{source}"))
            .ok_or_else(|| format!("there is no {source}"))?;
        let name = source.rsplit('/').next().unwrap_or_default();
        let path = format!("{to}{name}");
        if source != format!("files{path}") {
            return Err(format!("{source} becomes {path}"));
        }
        let content = Content::of(bytes);
        let executable = Some(executable);
        if files.insert(path.clone(), File { content, executable }).is_some() {
            return Err(format!("{path} is copied twice"));
        }
    }
    Ok(())
}

/// What the builder makes of a word: it replaces variables and takes quotes away, but what is behind a backslash.
fn unescaped(word: &str) -> Result<String, String> {
    let (mut text, mut letters) = (String::new(), word.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            '$' | '\'' | '"' => return Err(format!("{word} holds {letter}")),
            other => text.push(other),
        }
    }
    Ok(text)
}

/// The one path that a pattern matches.
fn matched(pattern: &str) -> Result<String, String> {
    let (mut path, mut letters) = (String::new(), pattern.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '[' => {
                path.extend(letters.next());
                if letters.next() != Some(']') {
                    return Err(format!("{pattern} matches several"));
                }
            }
            '*' | '?' => return Err(format!("{pattern} matches several")),
            '\\' => path.extend(letters.next()),
            other => path.push(other),
        }
    }
    Ok(path)
}

impl Built {
    /// An error if the layer says another user than the task.
    pub(super) fn check_user(&self, user: Option<&str>) -> Result<(), String> {
        match &self.user {
            Some(own) if Some(own.as_str()) != user => Err(format!("its layer is run by {own}")),
            Some(_) | None => Ok(()),
        }
    }
}

/// What a companion writes for a container, by path.
pub(super) fn written(
    module: &Module,
    definition: &Body,
    container: &Term,
    companions: &[Term],
) -> Result<BTreeMap<String, File>, String> {
    let mounts = task::mounts(container)?;
    let read: BTreeMap<&str, (&str, bool)> = mounts
        .iter()
        .filter(|mount| mount.volume.starts_with("exoc-files-"))
        .map(|mount| (mount.volume.as_str(), (mount.path.as_str(), mount.read_only)))
        .collect();
    let writer = companions
        .iter()
        .find(|companion| companion.get("name").and_then(Term::plain).as_deref() == Some("exoc-files"));
    let Some(writer) = writer else {
        return if read.is_empty() {
            Ok(BTreeMap::new())
        } else {
            Err("nobody writes its files".to_owned())
        };
    };
    check_order(container, writer)?;
    secret::check_readable(module, definition, writer)?;
    let folders: BTreeMap<String, String> = task::mounts(writer)?
        .into_iter()
        .map(|mount| (mount.path, mount.volume))
        .collect();
    let mut files = BTreeMap::new();
    for (volume, inside) in run(module, writer, &folders)? {
        check_volume(module, definition, &volume)?;
        match read.get(volume.as_str()) {
            Some((path, true)) => {
                files.extend(
                    inside
                        .into_iter()
                        .map(|(name, file)| (format!("{path}/{name}"), file)),
                );
            }
            Some((path, false)) => return Err(format!("it can change what is in {path}")),
            None => return Err(format!("nobody reads the volume {volume}")),
        }
    }
    match read
        .keys()
        .find(|volume| !folders.values().any(|filled| filled == *volume))
    {
        Some(left) => Err(format!("nobody writes {left}")),
        None => Ok(files),
    }
}

/// The companion ends before the container starts, and the task goes on without it.
fn check_order(container: &Term, writer: &Term) -> Result<(), String> {
    let waits = container
        .get("dependsOn")
        .and_then(Term::list)
        .unwrap_or_default();
    let is_wait = |wait: &Term| {
        let word = |key| wait.get(key).and_then(Term::plain);
        word("containerName").as_deref() == Some("exoc-files")
            && word("condition").as_deref() == Some("SUCCESS")
    };
    if !waits.iter().any(is_wait) {
        return Err("it does not wait for its files".to_owned());
    }
    match writer.get("essential") {
        Some(Term::Bool(false)) => Ok(()),
        other => Err(format!(
            "the end of what writes its files ends the task: {other:?}"
        )),
    }
}

/// The volume is one of the task alone.
fn check_volume(module: &Module, definition: &Body, name: &str) -> Result<(), String> {
    let mut volumes = definition.blocks().filter(|block| block.identifier() == "volume");
    let volume = volumes.find(|block| module.plain(block.body(), "name", "a volume").as_deref() == Ok(name));
    match volume {
        Some(volume)
            if volume.body().blocks().next().is_none() && volume.body().attributes().count() == 1 =>
        {
            Ok(())
        }
        Some(_) => Err(format!("the volume {name} outlives the task")),
        None => Err(format!("there is no volume {name}")),
    }
}

type Written = BTreeMap<String, BTreeMap<String, File>>;

/// What the companion's script writes, by volume and name.
fn run(module: &Module, writer: &Term, folders: &BTreeMap<String, String>) -> Result<Written, String> {
    let words = arguments(module, writer.get("command"))?.unwrap_or_default();
    let [shell, option, script] = words.as_slice() else {
        return Err("the companion runs no script".to_owned());
    };
    if (shell, option) != (&Value::text("sh"), &Value::text("-euc")) {
        return Err(format!("the companion runs {shell} {option}"));
    }
    let [Part::Text(script)] = script.parts() else {
        return Err(format!("the companion runs {script}"));
    };
    let script = script
        .strip_prefix(BEGINNING)
        .ok_or("the companion's script begins otherwise")?;
    let environment = variables(module, writer)?;
    let mut written = Written::new();
    let mut inside: Option<String> = None;
    let mut pieces: Vec<Content> = Vec::new();
    for statement in statements(script)? {
        let mut words: Vec<&str> = statement.iter().map(String::as_str).collect();
        let opens = words.first() == Some(&"{");
        let closes = words.first() == Some(&"}");
        if opens || closes {
            words.remove(0);
        }
        match words.as_slice() {
            ["cd", folder] => {
                let volume = folders
                    .get(*folder)
                    .ok_or_else(|| format!("no volume at {folder}"))?;
                written.insert(volume.clone(), BTreeMap::new());
                inside = Some(volume.clone());
            }
            ["printf", "%s", name, rest @ ..] => {
                let value = environment
                    .get(name.trim_start_matches('$'))
                    .ok_or_else(|| format!("no {name}"))?;
                let (encoded, rest) = match rest {
                    ["|", "base64", "-d", rest @ ..] => (true, rest),
                    rest => (false, rest),
                };
                pieces.push(if encoded {
                    decoded(value)?
                } else {
                    Content::Text(value.clone())
                });
                if !rest.is_empty() {
                    put(rest, &mut pieces, inside.as_ref(), &mut written)?;
                }
            }
            rest if closes => put(rest, &mut pieces, inside.as_ref(), &mut written)?,
            _ => return Err(format!("the companion does {words:?}")),
        }
    }
    if pieces.is_empty() {
        Ok(written)
    } else {
        Err("the companion's last words go nowhere".to_owned())
    }
}

/// `| put MODE NAME` with what was printed.
fn put(
    words: &[&str],
    pieces: &mut Vec<Content>,
    inside: Option<&String>,
    written: &mut Written,
) -> Result<(), String> {
    let ["|", "put", mode, name] = words else {
        return Err(format!("the companion does {words:?}"));
    };
    let executable = match *mode {
        "0444" => Some(false),
        "0555" => Some(true),
        _ => return Err(format!("{name} has the mode {mode}")),
    };
    let content = joined(std::mem::take(pieces))?;
    let volume = inside.ok_or("a file lies nowhere")?;
    let folder = written.entry(volume.clone()).or_default();
    match folder.insert((*name).to_owned(), File { content, executable }) {
        None => Ok(()),
        Some(_) => Err(format!("{name} is written twice")),
    }
}

fn joined(pieces: Vec<Content>) -> Result<Content, String> {
    if let [Content::Bytes(_)] = pieces.as_slice() {
        return pieces.into_iter().next().ok_or_else(String::new);
    }
    let mut whole = Value::default();
    for piece in pieces {
        match piece {
            Content::Text(value) => whole.extend(value),
            Content::Bytes(_) => return Err("bytes among texts".to_owned()),
        }
    }
    Ok(Content::Text(whole))
}

/// The bytes of a text of 64 letters.
pub(in crate::facts) fn decoded(value: &Value) -> Result<Content, String> {
    let text = match value.parts() {
        [] => "",
        [Part::Text(text)] => text,
        _ => return Err(format!("{value} is no text of 64 letters")),
    };
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_usize, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let place = LETTERS.iter().position(|known| *known == letter);
        bits = bits << 6 | place.ok_or_else(|| format!("{text} is no text of 64 letters"))?;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).map_err(|error| error.to_string())?);
            bits &= (1 << count) - 1;
        }
    }
    Ok(Content::of(&bytes))
}

/// The key in `var.images["key"]`.
pub(super) fn key(term: &Term) -> Option<String> {
    match term.pieces()?.as_slice() {
        [Piece::Reference(path)] => match path.as_slice() {
            [var, images, key] if var == "var" && images == "images" => Some(key.clone()),
            _ => None,
        },
        _ => None,
    }
}
