//! YAML as extractors need it: documents, and typed reads that name what is missing. Must not know any format.

use super::Value;
use std::collections::BTreeSet;
use yaml_rust2::{Yaml, YamlLoader};

/// The documents of a file; the empty ones left out.
pub(crate) fn documents(path: &str, text: &str) -> Result<Vec<Yaml>, String> {
    let documents = YamlLoader::load_from_str(text).map_err(|error| format!("{path}: {error}"))?;
    Ok(documents
        .into_iter()
        .filter(|document| !document.is_badvalue() && !document.is_null())
        .collect())
}

/// Whether something stands there.
pub(crate) fn present(node: &Yaml) -> bool {
    !node.is_badvalue() && !node.is_null()
}

/// A text that must be there.
pub(crate) fn string<'a>(node: &'a Yaml, what: &str) -> Result<&'a str, String> {
    node.as_str()
        .ok_or_else(|| format!("{what}: a text is expected, not {node:?}"))
}

/// A number that must be there, also as a text.
pub(crate) fn number(node: &Yaml, what: &str) -> Result<u64, String> {
    let read = match node.as_i64() {
        Some(number) => u64::try_from(number).ok(),
        None => node.as_str().and_then(|text| text.parse().ok()),
    };
    read.ok_or_else(|| format!("{what}: a number is expected, not {node:?}"))
}

/// A port number that must be there.
pub(crate) fn port(node: &Yaml, what: &str) -> Result<u16, String> {
    u16::try_from(number(node, what)?).map_err(|error| format!("{what}: {error}"))
}

/// A list; empty if it is absent.
pub(crate) fn list<'a>(node: &'a Yaml, what: &str) -> Result<&'a [Yaml], String> {
    if !present(node) {
        return Ok(&[]);
    }
    node.as_vec()
        .map(Vec::as_slice)
        .ok_or_else(|| format!("{what}: a list is expected, not {node:?}"))
}

/// A mapping's entries; none if it is absent.
pub(crate) fn entries<'a>(node: &'a Yaml, what: &str) -> Result<Vec<(&'a str, &'a Yaml)>, String> {
    if !present(node) {
        return Ok(Vec::new());
    }
    let hash = node
        .as_hash()
        .ok_or_else(|| format!("{what}: a mapping is expected, not {node:?}"))?;
    hash.iter()
        .map(|(key, value)| Ok((string(key, what)?, value)))
        .collect()
}

/// A list of texts as a set; empty if it is absent.
pub(crate) fn strings(node: &Yaml, what: &str) -> Result<BTreeSet<String>, String> {
    list(node, what)?
        .iter()
        .map(|item| string(item, what).map(str::to_owned))
        .collect()
}

/// A list of texts, each read by `read`; `None` if it is absent.
pub(crate) fn values(
    node: &Yaml,
    what: &str,
    mut read: impl FnMut(&str) -> Result<Value, String>,
) -> Result<Option<Vec<Value>>, String> {
    if !present(node) {
        return Ok(None);
    }
    list(node, what)?
        .iter()
        .map(|item| read(string(item, what)?))
        .collect::<Result<_, String>>()
        .map(Some)
}

/// A number with a binary unit as Kubernetes and compose write it, in bytes: `64Mi`, `64m`, `1g`, `1048576`.
pub(crate) fn bytes(node: &Yaml, what: &str) -> Result<u64, String> {
    if let Some(number) = node.as_i64() {
        return u64::try_from(number).map_err(|error| format!("{what}: {error}"));
    }
    let text = string(node, what)?;
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit {
        "" | "b" => 0,
        "Ki" | "k" | "kb" => 10,
        "Mi" | "m" | "mb" => 20,
        "Gi" | "g" | "gb" => 30,
        "Ti" | "t" | "tb" => 40,
        _ => return Err(format!("{what}: `{text}` has an unknown unit")),
    };
    number
        .parse::<u64>()
        .map(|number| number << shift)
        .map_err(|error| format!("{what}: `{text}`: {error}"))
}

/// Cores as a decimal number or with `m`, in thousandths.
pub(crate) fn cores(node: &Yaml, what: &str) -> Result<u64, String> {
    let text = match node {
        Yaml::Real(text) | Yaml::String(text) => text.clone(),
        Yaml::Integer(number) => number.to_string(),
        Yaml::Boolean(_) | Yaml::Array(_) | Yaml::Hash(_) | Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => {
            return Err(format!("{what}: a number of cores is expected, not {node:?}"));
        }
    };
    let bad = || format!("{what}: `{text}` is no number of cores");
    if let Some(milli) = text.strip_suffix('m') {
        return milli.parse().map_err(|_| bad());
    }
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if rest.len() > 3 {
        return Err(bad());
    }
    let whole: u64 = whole.parse().map_err(|_| bad())?;
    let rest: u64 = format!("{rest:0<3}").parse().map_err(|_| bad())?;
    Ok(whole * 1000 + rest)
}

/// A duration of compose in seconds: `30s`, `1m30s`, `2m`.
pub(crate) fn seconds(node: &Yaml, what: &str) -> Result<u64, String> {
    let text = string(node, what)?;
    let bad = || format!("{what}: `{text}` is no duration");
    let (mut total, mut digits) = (0, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                digits.push(c);
                continue;
            }
            's' => 1,
            'm' => 60,
            'h' => 3600,
            _ => return Err(bad()),
        };
        total += digits.parse::<u64>().map_err(|_| bad())? * unit;
        digits.clear();
    }
    if digits.is_empty() { Ok(total) } else { Err(bad()) }
}

#[cfg(test)]
mod tests {
    use super::{bytes, cores, seconds};
    use yaml_rust2::Yaml;

    #[test]
    fn units_of_the_formats_are_read() {
        let text = |text: &str| Yaml::String(text.to_owned());
        assert_eq!(bytes(&text("64m"), ""), Ok(64 << 20));
        assert_eq!(bytes(&text("64Mi"), ""), Ok(64 << 20));
        assert_eq!(bytes(&Yaml::Integer(7), ""), Ok(7));
        assert!(bytes(&text("64M"), "").is_err());
        assert_eq!(cores(&text("250m"), ""), Ok(250));
        assert_eq!(cores(&text("0.25"), ""), Ok(250));
        assert_eq!(cores(&Yaml::Real("1.5".into()), ""), Ok(1500));
        assert_eq!(cores(&Yaml::Integer(2), ""), Ok(2000));
        assert_eq!(seconds(&text("1m30s"), ""), Ok(90));
        assert!(seconds(&text("30"), "").is_err());
    }
}
