//! Files of a service of a docker-compose project: copies that are mounted, and what a companion writes into volumes.
//!
//! The companion's script is read word by word; whatever it does besides what is known here is an error.

use super::{interpolated, plain};
use crate::facts::{Content, File, Files, Value, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

/// What every script begins with; that it does what it should was seen on an engine.
const BEGINNING: &str = "umask 022; put() { cat >.exoc-unfinished; chmod \"$1\" .exoc-unfinished; mkdir -p \
                         \"$(dirname \"./$2\")\"; mv -f .exoc-unfinished \"./$2\"; }; ";

/// The files of a service, by path.
pub(super) fn files(
    role: &str,
    service: &Yaml,
    services: &BTreeMap<&str, &Yaml>,
    printed: &Files,
) -> Result<BTreeMap<String, File>, String> {
    let mut found = BTreeMap::new();
    let mut written: Option<BTreeMap<String, BTreeMap<String, File>>> = None;
    for mount in yaml::list(&service["volumes"], "volumes")? {
        let target = plain(yaml::string(&mount["target"], "target")?)?;
        if let Some(contents) = copied(mount, printed)? {
            let content = Content::of(contents);
            found.insert(
                target,
                File {
                    content,
                    executable: None,
                },
            );
            continue;
        }
        let volume = plain(yaml::string(&mount["source"], "source")?)?;
        let companion = format!("{role}_files");
        if !volume.starts_with(&companion) {
            continue;
        }
        let nocopy = mount["volume"]["nocopy"].as_bool() == Some(true);
        if !nocopy || mount["read_only"].as_bool() != Some(true) {
            return Err(format!("the image or the service can change what is in {target}"));
        }
        let waits = &service["depends_on"][companion.as_str()];
        let fits = waits["condition"].as_str() == Some("service_completed_successfully")
            && waits["restart"].as_bool() == Some(true);
        if !fits {
            return Err(format!("it does not wait for what writes {target}"));
        }
        let all = match &mut written {
            Some(all) => all,
            None => {
                let writer = services.get(companion.as_str());
                let writer = writer.ok_or_else(|| format!("nobody writes {target}"))?;
                written.insert(by_volume(writer, printed)?)
            }
        };
        let inside = all.remove(&volume);
        let inside = inside.ok_or_else(|| format!("nobody writes {target}"))?;
        found.extend(
            inside
                .into_iter()
                .map(|(name, file)| (format!("{target}/{name}"), file)),
        );
    }
    match written.into_iter().flatten().next() {
        Some((volume, _)) => Err(format!("nobody reads the volume {volume}")),
        None => Ok(found),
    }
}

/// The bytes of a file beside the project, if a mount is one.
fn copied<'f>(mount: &Yaml, printed: &'f Files) -> Result<Option<&'f [u8]>, String> {
    let source = plain(yaml::string(&mount["source"], "source")?)?;
    let Some(path) = source
        .strip_prefix("./")
        .filter(|path| path.starts_with("files/"))
    else {
        return Ok(None);
    };
    let kept = mount["read_only"].as_bool() == Some(true)
        && mount["bind"]["create_host_path"].as_bool() == Some(false)
        && mount["type"].as_str() == Some("bind");
    if !kept {
        return Err(format!("the mount of {path} is not for reading a file only"));
    }
    let bytes = printed
        .get(path)
        .ok_or_else(|| format!("{path}: there is no such file"))?;
    Ok(Some(bytes))
}

/// What a companion writes, by volume and name.
fn by_volume(companion: &Yaml, printed: &Files) -> Result<BTreeMap<String, BTreeMap<String, File>>, String> {
    let (mut folders, mut known) = (BTreeMap::new(), BTreeMap::new());
    for mount in yaml::list(&companion["volumes"], "volumes")? {
        let target = plain(yaml::string(&mount["target"], "target")?)?;
        match copied(mount, printed)? {
            Some(bytes) => drop(known.insert(target, bytes)),
            None => drop(folders.insert(target, plain(yaml::string(&mount["source"], "source")?)?)),
        }
    }
    let words = yaml::list(&companion["command"], "command")?.iter();
    let words: Vec<&str> = words.filter_map(Yaml::as_str).collect();
    let [shell, option, script] = words.as_slice() else {
        return Err("the companion runs no script".to_owned());
    };
    if (*shell, *option) != ("sh", "-euc") {
        return Err(format!("the companion runs {shell} {option}"));
    }
    let script = plain(script)?;
    let script = script
        .strip_prefix(BEGINNING)
        .ok_or("the companion's script begins otherwise")?;
    let mut run = Run {
        environment: yaml::entries(&companion["environment"], "environment")?
            .into_iter()
            .collect(),
        known,
        folders,
        inside: None,
        kept: BTreeSet::new(),
        written: BTreeMap::new(),
    };
    for statement in statements(script)? {
        run.statement(&statement)?;
    }
    if run.inside.is_some() {
        return Err("the last folder stays open".to_owned());
    }
    Ok(run.written)
}

/// A script while it runs.
struct Run<'a> {
    environment: BTreeMap<&'a str, &'a Yaml>,
    known: BTreeMap<String, &'a [u8]>,
    /// Volumes by where they lie.
    folders: BTreeMap<String, String>,
    /// The volume that it works on.
    inside: Option<String>,
    /// Patterns of what stays there.
    kept: BTreeSet<String>,
    written: BTreeMap<String, BTreeMap<String, File>>,
}

impl Run<'_> {
    fn statement(&mut self, words: &[String]) -> Result<(), String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let unknown = || Err(format!("the companion does {words:?}"));
        match words.as_slice() {
            ["cd", folder] if self.inside.is_none() => {
                let volume = self
                    .folders
                    .get(*folder)
                    .ok_or_else(|| format!("no volume at {folder}"))?;
                self.written.insert(volume.clone(), BTreeMap::new());
                self.inside = Some(volume.clone());
            }
            ["chmod", "-R", "u+w", "."] => {}
            [
                "find",
                ".",
                "-type",
                "f",
                rest @ ..,
                "-exec",
                "rm",
                "-f",
                "{}",
                "+",
            ] => {
                for kept in rest.chunks(3) {
                    match kept {
                        ["!", "-path", pattern] => drop(self.kept.insert((*pattern).to_owned())),
                        _ => return unknown(),
                    }
                }
            }
            [
                "find",
                ".",
                "-mindepth",
                "1",
                "-depth",
                "-type",
                "d",
                "-exec",
                "rmdir",
                "{}",
                "+",
                "2>/dev/null",
                "||",
                ":",
            ] => {}
            ["printf", "%s", variables @ .., "|", "put", mode, name] => {
                let mut value = Value::default();
                for variable in variables {
                    let name = variable.trim_start_matches('$');
                    let text = self.environment.get(name).ok_or_else(|| format!("no {name}"))?;
                    value.extend(interpolated(yaml::string(text, name)?)?);
                }
                self.put(mode, name, Content::Text(value))?;
            }
            ["put", mode, name, from] => {
                let bytes = self.known.get(from.trim_start_matches('<'));
                let content = Content::of(bytes.ok_or_else(|| format!("nothing at {from}"))?);
                self.put(mode, name, content)?;
            }
            ["chmod", "-R", "a-w", "."] => self.leave()?,
            _ => return unknown(),
        }
        Ok(())
    }

    fn put(&mut self, mode: &str, name: &str, content: Content) -> Result<(), String> {
        let executable = match mode {
            "0444" => Some(false),
            "0555" => Some(true),
            _ => return Err(format!("{name} has the mode {mode}")),
        };
        let volume = self.inside.as_ref().ok_or("a file lies nowhere")?;
        let inside = self.written.entry(volume.clone()).or_default();
        match inside.insert(name.to_owned(), File { content, executable }) {
            None => Ok(()),
            Some(_) => Err(format!("{name} is written twice")),
        }
    }

    /// What is written there is what stays there.
    fn leave(&mut self) -> Result<(), String> {
        let volume = self.inside.take().ok_or("no folder is left")?;
        let names = self.written.get(&volume).into_iter().flat_map(BTreeMap::keys);
        let escaped = |name: &String| {
            name.chars().fold("./".to_owned(), |mut pattern, character| {
                if "*?[\\".contains(character) {
                    pattern.push('\\');
                }
                pattern.push(character);
                pattern
            })
        };
        let written: BTreeSet<String> = names.map(escaped).collect();
        if std::mem::take(&mut self.kept) != written {
            return Err(format!("{volume} keeps other files than are written"));
        }
        Ok(())
    }
}

/// The words of a script, by statement. Quotes are taken away; `"$NAME"` is `$NAME`.
pub(in crate::facts) fn statements(script: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut statements, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut rest = script.chars();
    while let Some(character) = rest.next() {
        match character {
            '\'' | '"' => {
                let inside: String = rest.by_ref().take_while(|c| *c != character).collect();
                if character == '"' && inside.contains(['\\', '`', '(']) {
                    return Err(format!("a text of the shell: {inside}"));
                }
                word.get_or_insert_default().push_str(&inside);
            }
            '\\' => word.get_or_insert_default().extend(rest.next()),
            ' ' => words.extend(word.take()),
            ';' => {
                words.extend(word.take());
                statements.push(std::mem::take(&mut words));
            }
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    statements.push(words);
    Ok(statements)
}
