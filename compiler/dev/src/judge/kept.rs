//! What a manifest says is what an API server keeps: variables, words of commands and files of every golden, as `kubectl
//! get --output=json` gives them back. Reads what the server has, never what was printed.

use super::server::Server;
use exoc_ir::{Program, Value as Said, Workload};
use serde_json::Value;
use std::collections::BTreeMap;

/// What holds pods, and what holds files.
const KINDS: &str = "deployments,statefulsets,jobs,cronjobs,configmaps";

/// The pods of what the server gives, by the name of their container.
type Pods<'v> = BTreeMap<&'v str, &'v Value>;

/// How many texts and files of a program the server keeps, or the first that it does not. Texts with secrets, and those
/// that a product decides, are not compared.
pub(super) fn compared(server: &Server, program: &Program, namespace: &str) -> Result<usize, String> {
    let objects = server.get(KINDS, Some(namespace))?;
    let pods: Pods<'_> = objects
        .iter()
        .filter_map(|object| {
            let template = ["/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];
            let spec = template.into_iter().find_map(|path| object.pointer(path))?;
            Some((spec.pointer("/containers/0/name")?.as_str()?, spec))
        })
        .collect();
    let mut seen = 0;
    for (component, workload) in program.workloads() {
        let role = program.role(component);
        let pod = pods.get(role).ok_or_else(|| format!("`{role}` has no pod"))?;
        seen += texts(role, workload, pod)? + files(role, workload, pod, &objects)?;
    }
    Ok(seen)
}

fn texts(role: &str, workload: &Workload, pod: &Value) -> Result<usize, String> {
    let container = pod.pointer("/containers/0").unwrap_or(&Value::Null);
    let mut seen = 0;
    let mut compare = |what: String, said: &Said, kept: Option<&Value>| {
        let Some(said) = said.text() else { return Ok(()) };
        // Pods read `$$` as `$`, and a server leaves an empty value out.
        let kept = kept
            .and_then(Value::as_str)
            .unwrap_or_default()
            .replace("$$", "$");
        seen += 1;
        if kept == said {
            Ok(())
        } else {
            Err(format!(
                "{what} of `{role}` is {said:?}, and the server keeps {kept:?}"
            ))
        }
    };
    for (name, said) in &workload.environment {
        let variables = container.get("env").and_then(Value::as_array);
        let of_name = |variable: &&Value| variable.get("name").and_then(Value::as_str) == Some(name);
        let variable = variables.into_iter().flatten().find(of_name);
        compare(
            format!("the variable {name}"),
            said,
            variable.and_then(|it| it.get("value")),
        )?;
    }
    let lists = [("command", &workload.entrypoint), ("args", &workload.command)];
    for (key, said) in lists {
        for (index, word) in said.iter().flatten().enumerate() {
            let kept = container.get(key).and_then(|words| words.get(index));
            compare(format!("word {index} of {key}"), word, kept)?;
        }
    }
    Ok(seen)
}

fn files(role: &str, workload: &Workload, pod: &Value, objects: &[Value]) -> Result<usize, String> {
    for (path, file) in &workload.files.fixed {
        let kept = file_at(path, pod, objects).ok_or_else(|| format!("`{role}` has no file {path}"))?;
        if kept != file.contents.bytes() {
            return Err(format!("the server keeps other bytes of {path} of `{role}`"));
        }
    }
    Ok(workload.files.fixed.len())
}

/// The bytes that a pod finds at a path.
fn file_at(path: &str, pod: &Value, objects: &[Value]) -> Option<Vec<u8>> {
    let text = |value: &Value, path: &str| value.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let list = |path: &str| pod.pointer(path).and_then(Value::as_array);
    let mount = list("/containers/0/volumeMounts")?
        .iter()
        .find(|mount| text(mount, "/mountPath").as_deref() == Some(path))?;
    let (volume, key) = (text(mount, "/name")?, text(mount, "/subPath")?);
    let volume = list("/volumes")?
        .iter()
        .find(|it| text(it, "/name").as_ref() == Some(&volume))?;
    let name = text(volume, "/configMap/name")?;
    let map = objects.iter().find(|object| {
        text(object, "/kind").as_deref() == Some("ConfigMap")
            && text(object, "/metadata/name").as_ref() == Some(&name)
    })?;
    let of = |part: &str| map.get(part)?.get(&key)?.as_str();
    match of("data") {
        Some(text) => Some(text.as_bytes().to_vec()),
        None => decoded(of("binaryData")?),
    }
}

/// The bytes of a text of RFC 4648, section 4.
fn decoded(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0_u32);
    for letter in text.bytes().filter(|letter| *letter != b'=') {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn letters_are_the_bytes_that_they_stand_for() {
        assert_eq!(decoded("AAEC/w=="), Some(vec![0, 1, 2, 255]));
        assert_eq!(decoded("aGFsbG8="), Some(b"hallo".to_vec()));
        assert_eq!(decoded("a*"), None);
    }
}
