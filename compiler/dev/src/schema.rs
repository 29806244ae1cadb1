//! `schema`: compact data of a provider's schema, from the bindings that were published for it.
//!
//! The bindings are the npm package `@cdktf/provider-aws`, unpacked. What it says of an attribute is read from its
//! generated text line by line: the mapping to HCL gives names, types and blocks, what can be
//! taken back is optional, and comments say what only AWS knows. Knows no resource.

use crate::error::Error;
use exoc_snapshot_tests::case;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The names of what is kept, one a line.
const NAMES: &str = "schemas/aws-resources.txt";

/// What is written.
const OUT: &str = "schemas/aws.json";

/// Writes the data of all resources and data sources that are named.
pub(crate) fn run(package: &Path, date: &str) -> Result<(), Error> {
    let root = case::root();
    let names = read(&root.join(NAMES))?;
    let mut wanted: BTreeSet<&str> = names.lines().filter(|line| !line.starts_with('#')).collect();
    let manifest: Value = serde_json::from_str(&read(&package.join("package.json"))?)
        .map_err(|error| Error::Refused(format!("package.json: {error}")))?;
    let word = |path: &str| {
        let found = manifest.pointer(path).and_then(Value::as_str);
        found.ok_or_else(|| Error::Refused(format!("package.json has no {path}")))
    };
    let mut lines = vec![format!(
        "{{\n  \"provider\": {},\n  \"version\": {},\n  \"package\": {},\n  \"date\": {},",
        json!(word("/cdktf/provider/name")?),
        json!(word("/cdktf/provider/version")?),
        json!(format!("{}@{}", word("/name")?, word("/version")?)),
        json!(date),
    )];
    let (mut resources, mut sources) = (BTreeMap::new(), BTreeMap::new());
    for folder in folders(&package.join("lib"))? {
        let text = bindings(&folder)?;
        let Some((class, name)) = kind(&text) else {
            continue;
        };
        let is_source = text.contains(&format!("class {class} extends cdktf.TerraformDataSource"));
        let key = if is_source {
            format!("data.{name}")
        } else {
            name.clone()
        };
        if wanted.remove(key.as_str()) {
            let bindings = Bindings::read(&text, &class);
            let block = bindings.block(&class, "");
            let kept = if is_source { &mut sources } else { &mut resources };
            kept.insert(name, block);
        }
    }
    if let Some(missing) = wanted.first() {
        return Err(Error::Refused(format!("the bindings have no `{missing}`")));
    }
    for (key, blocks, end) in [("resources", &resources, ","), ("data", &sources, "\n}")] {
        let all: Vec<String> = blocks
            .iter()
            .map(|(name, block)| format!("    {}: {block}", json!(name)))
            .collect();
        lines.push(format!("  \"{key}\": {{\n{}\n  }}{end}", all.join(",\n")));
    }
    let path = root.join(OUT);
    std::fs::write(&path, lines.join("\n") + "\n").map_err(|error| Error::disk(&path, &error))?;
    println!(
        "{OUT}: {} resources, {} data sources",
        resources.len(),
        sources.len()
    );
    Ok(())
}

fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::disk(path, &error))
}

fn folders(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let disk = |error: std::io::Error| Error::disk(path, &error);
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(path).map_err(disk)? {
        let entry = entry.map_err(disk)?.path();
        if entry.is_dir() {
            folders.push(entry);
        }
    }
    folders.sort();
    Ok(folders)
}

/// The text of a folder's bindings; large ones have their structures in files of their own.
fn bindings(folder: &Path) -> Result<String, Error> {
    let index = folder.join("index.js");
    if !index.exists() {
        return Ok(String::new());
    }
    let mut text = read(&index)?;
    let structures = folder.join("index-structs");
    if structures.exists() {
        let disk = |error: std::io::Error| Error::disk(&structures, &error);
        for entry in std::fs::read_dir(&structures).map_err(disk)? {
            let path = entry.map_err(disk)?.path();
            if path.extension().is_some_and(|end| end == "js") {
                text.push_str(&read(&path)?);
            }
        }
    }
    Ok(text)
}

/// The class of the resource and the name of its type.
fn kind(text: &str) -> Option<(String, String)> {
    let line = text.lines().find(|line| line.contains(".tfResourceType = "))?;
    let (class, name) = line.trim().split_once(".tfResourceType = ")?;
    Some((
        class.to_owned(),
        name.trim_matches(|c| c == '"' || c == ';').to_owned(),
    ))
}

/// What the text says.
#[derive(Debug, Default)]
struct Bindings {
    /// Of each structure, and of the resource itself under its class: what is mapped to HCL.
    mapped: BTreeMap<String, Vec<Entry>>,
    /// Of each class: marks of its getters, and the types of those that only AWS knows.
    marks: BTreeMap<String, BTreeMap<String, (char, &'static str)>>,
    /// Of each class: what can be taken back, in its own spelling.
    optional: BTreeMap<String, BTreeSet<String>>,
}

/// An attribute or a block as it is mapped to HCL.
#[derive(Debug, Default)]
struct Entry {
    name: String,
    value: String,
    is_block: bool,
    kind: String,
}

impl Bindings {
    fn read(text: &str, class: &str) -> Self {
        let mut found = Self::default();
        let (mut of, mut of_class) = (None::<String>, String::new());
        let mut entry: Option<Entry> = None;
        let mut marked: Option<String> = None;
        for line in text.lines().map(str::trim) {
            if let Some(rest) = line.strip_prefix("function ") {
                of = rest
                    .split_once("ToHclTerraform(")
                    .map(|(structure, _)| capitalised(structure));
            } else if line.starts_with("synthesizeHclAttributes()") {
                of = Some(class.to_owned());
            } else if let Some(rest) = line.strip_prefix("class ") {
                let name = rest.split_whitespace().next().unwrap_or_default();
                of_class = name.strip_suffix("OutputReference").unwrap_or(name).to_owned();
                of = None;
            } else if let Some((name, flags)) =
                line.strip_prefix("// ").and_then(|rest| rest.split_once(" - "))
            {
                marked = mark(flags).map(|mark| {
                    let marks = found.marks.entry(of_class.clone()).or_default();
                    marks.insert(name.to_owned(), (mark, "any"));
                    name.to_owned()
                });
            } else if let Some(name) = line
                .strip_prefix("reset")
                .and_then(|rest| rest.strip_suffix("() {"))
            {
                found
                    .optional
                    .entry(of_class.clone())
                    .or_default()
                    .insert(name.to_owned());
            } else if let Some(rest) = line.strip_prefix("return this.") {
                let marks = found.marks.get_mut(&of_class);
                if let (Some(name), Some(marks)) = (marked.take(), marks) {
                    marks.entry(name).and_modify(|(_, kind)| *kind = read_type(rest));
                }
            } else if let Some(structure) = &of {
                match (&mut entry, line.split_once(": ")) {
                    (None, Some((name, "{"))) => {
                        let name = name.trim_matches('"').to_owned();
                        entry = Some(Entry {
                            name,
                            ..Entry::default()
                        });
                    }
                    (Some(entry), Some(("value", value))) => entry.value = value.to_owned(),
                    (Some(entry), Some(("isBlock", value))) => entry.is_block = value == "true,",
                    (Some(entry), Some(("type", value))) => {
                        entry.kind = value.trim_matches(|c| c == '"' || c == ',').to_owned();
                    }
                    (Some(_), _) if line == "}," => {
                        found
                            .mapped
                            .entry(structure.clone())
                            .or_default()
                            .extend(entry.take());
                    }
                    _ => {}
                }
            }
        }
        found
    }

    /// A block of the schema; `structure` is the name of what is mapped.
    fn block(&self, structure: &str, path: &str) -> Value {
        let (mut attributes, mut blocks) = (Map::new(), Map::new());
        let marks = self.marks.get(structure);
        let optional = self.optional.get(structure);
        let mark_of = |entry: &Entry| match marks.and_then(|marks| marks.get(&entry.name)) {
            Some((mark, _)) => *mark,
            None if optional.is_some_and(|names| names.contains(&entry.field())) => ' ',
            None => '!',
        };
        let entries = self.mapped.get(structure).map(Vec::as_slice).unwrap_or_default();
        for entry in entries {
            let mark = mark_of(entry);
            let inner = entry.inner();
            // A structure that holds itself ends where it begins again.
            let here = format!("{path}/{structure}");
            if inner.starts_with("cdktf.") || path.contains(&format!("/{}/", capitalised(&inner))) {
                let kind = entry.of_scalar(&inner);
                attributes.insert(entry.name.clone(), json!(marked(mark, &kind)));
                continue;
            }
            let of = self.block(&capitalised(&inner), &here);
            if entry.is_nested_block() {
                let mut block = Map::new();
                block.insert("nesting".into(), json!(entry.nesting()));
                if mark == '!' {
                    block.insert("required".into(), json!(true));
                }
                block.insert("of".into(), of);
                blocks.insert(entry.name.clone(), block.into());
            } else {
                let kind = if entry.value.contains("hashMapper") {
                    "map"
                } else {
                    entry.nesting()
                };
                let value = json!({ "object": marked(mark, kind), "of": of });
                attributes.insert(entry.name.clone(), value);
            }
        }
        for (name, (mark, kind)) in marks.into_iter().flatten() {
            let is_mapped = entries.iter().any(|entry| entry.name == *name);
            if !is_mapped {
                attributes.insert(name.clone(), json!(marked(*mark, kind)));
            }
        }
        attributes.sort_keys();
        blocks.sort_keys();
        let mut block = Map::new();
        if !attributes.is_empty() {
            block.insert("attributes".into(), attributes.into());
        }
        if !blocks.is_empty() {
            block.insert("blocks".into(), blocks.into());
        }
        block.into()
    }
}

impl Entry {
    /// What the bindings call it, as their methods do.
    fn field(&self) -> String {
        let name = ["this._", "struct.", "struct!."]
            .iter()
            .find_map(|before| self.value.split_once(before))
            .map_or("", |(_, rest)| rest);
        let end = name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        capitalised(name.get(..end).unwrap_or_default())
    }

    /// What maps the value itself: a function of cdktf, or a structure.
    fn inner(&self) -> String {
        let mut value = self.value.as_str();
        for mapper in ["cdktf.listMapperHcl(", "cdktf.hashMapperHcl("] {
            value = value.strip_prefix(mapper).unwrap_or(value);
        }
        let end = value.find(['(', ',', ')']).unwrap_or(value.len());
        let name = value.get(..end).unwrap_or_default();
        name.strip_suffix("ToHclTerraform").unwrap_or(name).to_owned()
    }

    /// What the mapper of a list says outweighs what is said beside it: attributes that are written as blocks are said to
    /// be blocks there.
    fn is_nested_block(&self) -> bool {
        let is_list_of_attributes = self.value.contains("ListMapperHcl(") || self.value.contains(", false)");
        self.is_block && !is_list_of_attributes && !self.value.contains("hashMapper")
    }

    fn nesting(&self) -> &'static str {
        match self.kind.as_str() {
            "set" if self.value.contains("listMapperHcl(") => "set",
            "struct" => "single",
            _ if self.value.contains("listMapperHcl(") => "list",
            _ => "one",
        }
    }

    fn of_scalar(&self, inner: &str) -> String {
        let scalar = match inner {
            "cdktf.string" => "string",
            "cdktf.number" => "number",
            "cdktf.boolean" => "bool",
            _ => "any",
        };
        if self.value.starts_with("cdktf.listMapperHcl(cdktf.")
            && !self.value.contains("Mapper(cdktf.listMapper")
        {
            let of = if self.kind == "set" { "set" } else { "list" };
            format!("{of}({scalar})")
        } else if self.value.contains("hashMapperHcl(") {
            format!("map({scalar})")
        } else {
            scalar.to_owned()
        }
    }
}

/// `!` is required, `=` is known to AWS alone, `~` may be given as well.
fn mark(flags: &str) -> Option<char> {
    let is = |flag: &str| flags.contains(&format!("{flag}: true"));
    if !flags.contains("computed: ") {
        None
    } else if is("required") {
        Some('!')
    } else if is("optional") {
        Some(if is("computed") { '~' } else { ' ' })
    } else {
        Some('=')
    }
}

fn marked(mark: char, kind: &str) -> String {
    format!("{mark}{kind}").trim_start().to_owned()
}

/// The type that a getter reads.
fn read_type(call: &str) -> &'static str {
    let of = [
        ("getStringAttribute", "string"),
        ("getNumberAttribute", "number"),
        ("getBooleanAttribute", "bool"),
        ("getListAttribute", "list(string)"),
        ("getNumberListAttribute", "list(number)"),
    ];
    let found = of.into_iter().find(|(name, _)| call.starts_with(name));
    found.map_or("any", |(_, kind)| kind)
}

fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Bindings;
    use serde_json::json;

    const TEXT: &str = r#"
function thingPartToHclTerraform(struct) {
    const attrs = {
        size: {
            value: cdktf.numberToHclTerraform(struct.size),
            isBlock: false,
            type: "simple",
        },
        unit: {
            value: cdktf.stringToHclTerraform(struct.unit),
            isBlock: false,
            type: "simple",
        },
    };
}
class ThingPartOutputReference extends cdktf.ComplexObject {
    get size() {
        return this.getNumberAttribute('size');
    }
    get unit() {
        return this.getStringAttribute('unit');
    }
    resetUnit() {
        this._unit = undefined;
    }
}
class Thing extends cdktf.TerraformResource {
    constructor(scope, id, config) {
        // part - computed: false, optional: true, required: false
        this._part = new ThingPartList(this, "part", false);
        // rule - computed: true, optional: true, required: false
        this._rule = new ThingRuleList(this, "rule", true);
    }
    // arn - computed: true, optional: false, required: false
    get arn() {
        return this.getStringAttribute('arn');
    }
    synthesizeHclAttributes() {
        const attrs = {
            names: {
                value: cdktf.listMapperHcl(cdktf.stringToHclTerraform, false)(this._names),
                isBlock: false,
                type: "set",
            },
            part: {
                value: cdktf.listMapperHcl(thingPartToHclTerraform, true)(this._part.internalValue),
                isBlock: true,
                type: "list",
            },
            rule: {
                value: cdktf.listMapperHcl(thingPartToHclTerraform, false)(this._rule.internalValue),
                isBlock: true,
                type: "set",
            },
        };
    }
}
"#;

    #[test]
    fn blocks_attributes_and_what_only_the_cloud_knows_are_told_apart() {
        let part = json!({ "attributes": { "size": "!number", "unit": "string" } });
        let wanted = json!({
            "attributes": {
                "arn": "=string",
                "names": "!set(string)",
                "rule": { "object": "~set", "of": part },
            },
            "blocks": { "part": { "nesting": "list", "of": part } },
        });
        assert_eq!(Bindings::read(TEXT, "Thing").block("Thing", ""), wanted);
    }
}
