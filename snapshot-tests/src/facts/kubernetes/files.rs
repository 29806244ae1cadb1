//! What lies in the folders of a pod: files of ConfigMaps, files that a companion writes, and claims that outlive it.
//!
//! The companion's script is read word by word; whatever it does besides what is known here is an error.

use super::{Objects, environment, job, name};
use crate::facts::aws::decoded;
use crate::facts::compose::statements;
use crate::facts::{Content, File, Part, Value, yaml};
use std::collections::BTreeMap;
use yaml_rust2::Yaml;

/// What every script begins with; that it does what it should was seen in a shell.
const BEGINNING: &str =
    "umask 022\nput() { mkdir -p \"$(dirname \"./$2\")\"; cat >\"./$2\"; chmod \"$1\" \"./$2\"; }\n";

/// What lies where in a container.
#[derive(Default)]
pub(super) struct Lying {
    pub(super) writable: BTreeMap<String, u64>,
    pub(super) files: BTreeMap<String, File>,
    pub(super) volumes: BTreeMap<String, (String, bool)>,
}

/// A volume of a pod.
enum Volume {
    /// Memory of so many bytes.
    Memory(u64),
    /// A ConfigMap's keys, and whether they may be run.
    Map(BTreeMap<String, Content>, bool),
    /// What outlives the pod, and whether it can only be read.
    Claim(String, bool),
}

/// Reads the mounts of the container of a workload that is not ours.
pub(super) fn lying(objects: &Objects, workload: &Yaml, container: &Yaml) -> Result<Lying, String> {
    let volumes = volumes(objects, workload)?;
    let written = written(workload, &volumes)?;
    let mut lying = Lying::default();
    for mount in yaml::list(&container["volumeMounts"], "volumeMounts")? {
        let path = yaml::string(&mount["mountPath"], "the path of a mount")?.to_owned();
        let volume = yaml::string(&mount["name"], &path)?;
        let read_only = mount["readOnly"].as_bool() == Some(true);
        let file = mount["subPath"].as_str();
        let source = volumes
            .get(volume)
            .ok_or_else(|| format!("no volume `{volume}`"))?;
        match (source, written.get(volume), file) {
            (Volume::Memory(size), None, None) if !read_only => {
                lying.writable.insert(path, *size);
            }
            (Volume::Memory(_), Some(inside), None) if read_only => {
                let inside = inside.iter();
                lying
                    .files
                    .extend(inside.map(|(name, file)| (format!("{path}/{name}"), file.clone())));
            }
            (Volume::Memory(_), Some(inside), Some(name)) if read_only => {
                let file = inside.get(name).ok_or_else(|| format!("nobody writes {name}"))?;
                lying.files.insert(path, file.clone());
            }
            (Volume::Map(keys, executable), None, Some(key)) if read_only => {
                let content = keys.get(key).ok_or_else(|| format!("no key `{key}`"))?;
                let file = File {
                    content: content.clone(),
                    executable: Some(*executable),
                };
                lying.files.insert(path, file);
            }
            (Volume::Claim(identity, of_source), None, None) if read_only == *of_source => {
                lying.volumes.insert(path, (identity.clone(), read_only));
            }
            _ => return Err(format!("`{volume}` at {path} is mounted as {mount:?}")),
        }
    }
    let group = &job::template(workload)["spec"]["securityContext"]["fsGroup"];
    if lying.volumes.values().any(|(_, read_only)| !read_only) && !yaml::present(group) {
        return Err("nobody gives it the volumes that it writes".to_owned());
    }
    Ok(lying)
}

fn volumes(objects: &Objects, workload: &Yaml) -> Result<BTreeMap<String, Volume>, String> {
    let mut volumes = BTreeMap::new();
    let own = name(workload)?;
    for claim in yaml::list(&workload["spec"]["volumeClaimTemplates"], "volumeClaimTemplates")? {
        let template = name(claim)?;
        check_claim(claim, "ReadWriteOnce")?;
        let identity = format!("{own}-{template}");
        volumes.insert(template.to_owned(), Volume::Claim(identity, false));
    }
    for volume in yaml::list(&job::template(workload)["spec"]["volumes"], "volumes")? {
        let what = yaml::string(&volume["name"], "the name of a volume")?;
        let (memory, map, claim) = (
            &volume["emptyDir"],
            &volume["configMap"],
            &volume["persistentVolumeClaim"],
        );
        let source = if yaml::present(memory) {
            if memory["medium"].as_str() != Some("Memory") {
                return Err(format!("the volume `{what}` is not in memory"));
            }
            Volume::Memory(yaml::bytes(&memory["sizeLimit"], what)?)
        } else if yaml::present(map) {
            let executable = match map["defaultMode"].as_i64() {
                Some(0o444) => false,
                Some(0o555) => true,
                other => return Err(format!("the volume `{what}` has the mode {other:?}")),
            };
            Volume::Map(keys(objects, yaml::string(&map["name"], what)?)?, executable)
        } else if yaml::present(claim) {
            let identity = yaml::string(&claim["claimName"], what)?;
            let object = objects
                .all("PersistentVolumeClaim")
                .find(|object| name(object) == Ok(identity));
            let object = object.ok_or_else(|| format!("there is no claim `{identity}`"))?;
            let runs_alone = workload["kind"].as_str() == Some("CronJob");
            let is_shared =
                object["metadata"]["labels"]["app.kubernetes.io/component"].as_str() == Some("volume");
            let mode = if is_shared || !runs_alone {
                "ReadWriteMany"
            } else {
                "ReadWriteOnce"
            };
            check_claim(object, mode)?;
            Volume::Claim(identity.to_owned(), claim["readOnly"].as_bool() == Some(true))
        } else {
            return Err(format!("the volume `{what}` is {volume:?}"));
        };
        if volumes.insert(what.to_owned(), source).is_some() {
            return Err(format!("two volumes are called `{what}`"));
        }
    }
    Ok(volumes)
}

fn check_claim(claim: &Yaml, mode: &str) -> Result<(), String> {
    let modes = yaml::strings(&claim["spec"]["accessModes"], "accessModes")?;
    if modes.len() == 1 && modes.contains(mode) {
        Ok(())
    } else {
        Err(format!("{} is claimed as {modes:?} and not {mode}", name(claim)?))
    }
}

/// What a ConfigMap holds. Nothing may change in it, or pods that are there would hold another content.
fn keys(objects: &Objects, called: &str) -> Result<BTreeMap<String, Content>, String> {
    let object = objects.all("ConfigMap").find(|object| name(object) == Ok(called));
    let object = object.ok_or_else(|| format!("there is no ConfigMap `{called}`"))?;
    if object["immutable"].as_bool() != Some(true) {
        return Err(format!("the ConfigMap `{called}` may change"));
    }
    let mut keys = BTreeMap::new();
    for (key, text) in yaml::entries(&object["data"], "data")? {
        keys.insert(key.to_owned(), Content::of(yaml::string(text, key)?.as_bytes()));
    }
    for (key, text) in yaml::entries(&object["binaryData"], "binaryData")? {
        let value = Value::text(yaml::string(text, key)?);
        if keys.insert(key.to_owned(), decoded(&value)?).is_some() {
            return Err(format!("`{key}` is a text and bytes"));
        }
    }
    Ok(keys)
}

type Written = BTreeMap<String, BTreeMap<String, File>>;

/// What the companion writes, by volume and name.
fn written(workload: &Yaml, volumes: &BTreeMap<String, Volume>) -> Result<Written, String> {
    let spec = &job::template(workload)["spec"];
    let companions = yaml::list(&spec["initContainers"], "initContainers")?;
    let [writer] = companions else {
        return if companions.is_empty() {
            Ok(Written::new())
        } else {
            Err("several containers run before it".to_owned())
        };
    };
    if yaml::present(&writer["restartPolicy"]) {
        return Err("the companion does not end before it starts".to_owned());
    }
    let context = &writer["securityContext"];
    if context["allowPrivilegeEscalation"].as_bool() != Some(false)
        || context["readOnlyRootFilesystem"].as_bool() != Some(true)
        || yaml::strings(&context["capabilities"]["drop"], "drop")?.len() != 1
    {
        return Err("the companion may do more than write".to_owned());
    }
    let mut places = BTreeMap::new();
    for mount in yaml::list(&writer["volumeMounts"], "volumeMounts")? {
        let path = yaml::string(&mount["mountPath"], "the path of a mount")?;
        places.insert(path, yaml::string(&mount["name"], path)?);
    }
    let variables = environment::variables(writer)?;
    let words = yaml::values(&writer["command"], "command", |text| {
        environment::expand(text, &variables)
    })?;
    let script = match words.unwrap_or_default().as_slice() {
        [shell, option, script] if [shell, option] == [&Value::text("sh"), &Value::text("-euc")] => {
            plain(script).ok_or("the script holds a secret")?.to_owned()
        }
        other => return Err(format!("the companion runs {other:?}")),
    };
    let script = script
        .strip_prefix(BEGINNING)
        .ok_or_else(|| format!("the companion's script begins otherwise: {script}"))?;
    let known = |path: &str| -> Result<Content, String> {
        let (folder, key) = path
            .rsplit_once('/')
            .ok_or_else(|| format!("no folder in {path}"))?;
        match places.get(folder).and_then(|volume| volumes.get(*volume)) {
            Some(Volume::Map(keys, _)) => keys.get(key).cloned().ok_or_else(|| format!("no key `{key}`")),
            Some(Volume::Memory(_) | Volume::Claim(..)) | None => Err(format!("nothing lies at {path}")),
        }
    };
    run(script, &places, &variables, &known)
}

/// What a script writes. It empties each folder first, for it may run again, and closes it in the end.
fn run(
    script: &str,
    places: &BTreeMap<&str, &str>,
    variables: &BTreeMap<String, Value>,
    known: &dyn Fn(&str) -> Result<Content, String>,
) -> Result<Written, String> {
    let mut written = Written::new();
    let mut inside: Option<String> = None;
    let mut ways = Vec::new();
    for statement in statements(&script.replace('\n', ";"))? {
        let words: Vec<&str> = statement.iter().map(String::as_str).collect();
        match words.as_slice() {
            ["cd", folder] => {
                let volume = places
                    .get(*folder)
                    .ok_or_else(|| format!("no volume at {folder}"))?;
                written.insert((*volume).to_owned(), BTreeMap::new());
                inside = Some((*volume).to_owned());
            }
            ["find", ".", "-mindepth", "1", rest @ ..] => ways.push(rest.join(" ")),
            ["printf", "%s", rest @ ..] | ["cat", rest @ ..] => {
                let is_copy = words.first() == Some(&"cat");
                let [sources @ .., "|", "put", mode, file] = rest else {
                    return Err(format!("the companion does {words:?}"));
                };
                let mut content = Vec::new();
                for source in sources {
                    content.push(if is_copy {
                        known(source)?
                    } else {
                        let value = source.strip_prefix('$').and_then(|name| variables.get(name));
                        Content::Text(value.cloned().ok_or_else(|| format!("no {source}"))?)
                    });
                }
                let executable = match *mode {
                    "0444" => Some(false),
                    "0555" => Some(true),
                    _ => return Err(format!("{file} has the mode {mode}")),
                };
                let content = joined(content)?;
                let folder = inside.as_ref().and_then(|volume| written.get_mut(volume));
                let folder = folder.ok_or("a file lies nowhere")?;
                folder.insert((*file).to_owned(), File { content, executable });
            }
            _ => return Err(format!("the companion does {words:?}")),
        }
    }
    let wanted = ["-exec chmod u+w {} +", "-delete", "-exec chmod a-w {} +"].repeat(written.len());
    if ways == wanted {
        Ok(written)
    } else {
        Err(format!("folders are emptied and closed by {ways:?}"))
    }
}

fn joined(pieces: Vec<Content>) -> Result<Content, String> {
    let (mut text, mut bytes) = (Value::default(), Vec::new());
    let is_text = pieces.iter().all(|piece| matches!(piece, Content::Text(_)));
    for piece in pieces {
        match piece {
            Content::Text(value) if is_text => text.extend(value),
            Content::Text(value) => {
                bytes.extend_from_slice(plain(&value).ok_or("a secret among bytes")?.as_bytes())
            }
            Content::Bytes(piece) => bytes.extend(piece),
        }
    }
    Ok(if is_text {
        Content::Text(text)
    } else {
        Content::of(&bytes)
    })
}

fn plain(value: &Value) -> Option<&str> {
    match value.parts() {
        [] => Some(""),
        [Part::Text(text)] => Some(text),
        _ => None,
    }
}
