//! Shapes that people and programs write by habit, and the same words in the shape that is wanted.
//!
//! Only for lines of help: nothing that is guessed here is ever bound.

use super::echo::{flow, one, variables};
use super::keys::{ENVIRONMENT, Keys, SERVICE_ENTRY};
use exoc_diagnostics::{Diagnostic, Key, Kind, Map, Member, Node, Typed, codes};

/// The longest line that is suggested, in characters.
const LONGEST: usize = 96;

/// What to write at `what`, which is a key in backquotes, instead of a value of the wrong shape.
pub(super) fn instead(what: &str, node: &Node) -> Option<String> {
    let key = what.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    let line = match key.unwrap_or(what) {
        "uses" => {
            let roles: Vec<&str> = words(node)?
                .iter()
                .map(|word| word.trim_start_matches('-'))
                .collect();
            format!("uses: [{}]", roles.join(", "))
        }
        "args" => format!("args: {{ {} }}", variables(node)?),
        "an item of `uses`" => format!("uses: [{}]", role(node)?),
        key @ ("targets" | "environments" | "secrets") => {
            let members = empty_members(node).or_else(|| named_members(node));
            format!("{key}: {{ {} }}", members?)
        }
        key @ ("services" | "dependencies") => format!("{key}: {{ {} }}", named_members(node)?),
        "writable" => format!("writable: [{}]", path(node)?),
        "route" => route(node)?,
        "port" => format!("port: {}", only(node).and_then(one)?),
        "ports" => ports(node)?,
        "build" if is_true(node) => "build: .".to_owned(),
        "scale" => scale(node)?,
        "owner" | "description" | "name" => return None,
        what => variable(what, node)?,
    };
    (line.chars().count() <= LONGEST).then_some(line)
}

/// A key that is the name of something, written one level too far out or in.
pub(super) fn misplaced(key: &Key, value: &Node, keys: &Keys) -> Option<Diagnostic> {
    let name = &*key.name;
    if let Some(extension) = name.strip_prefix("x-") {
        return Some(
            Diagnostic::new(
                codes::FOREIGN_KEY,
                format!(
                    "`x-{extension}` is an extension as Docker Compose knows them, not a key of {}",
                    keys.noun
                ),
            )
            .at(key.span, "belongs to Docker Compose")
            .help("remove it; what every service shares is `environment` of application.yml"),
        );
    }
    if keys.hint(name).is_some() || keys.later.contains(&name) {
        return None;
    }
    let map = value.as_map().filter(|map| !map.members.is_empty())?;
    let all_of = |known: &Keys| {
        map.members.iter().all(|member| {
            known.built.contains(&&*member.key.name) || known.later.contains(&&*member.key.name)
        })
    };
    let help = if all_of(keys) {
        format!("write what stands below `{name}` without it, one level further out")
    } else if keys.built.contains(&"services") && all_of(&SERVICE_ENTRY) {
        format!("write it under `services`: `services: {{ {name}: … }}`")
    } else if keys.built.contains(&"environments") && all_of(&ENVIRONMENT) {
        format!("write it under `environments`: `environments: {{ {name}: … }}`")
    } else {
        return None;
    };
    let near = exoc_diagnostics::nearest(name, keys.built.iter().copied()).is_some();
    (!near).then(|| {
        Diagnostic::new(codes::UNKNOWN_KEY, format!("{} has no key `{name}`", keys.noun))
            .at(key.span, "a name, where a key belongs")
            .help(help)
    })
}

/// The keys of one of `keys`' things that stand among the names of such things: they lack indentation.
///
/// Only where a name beside them has nothing below it, and where one of them has a value that no such thing has.
pub(super) fn outdented<'n>(map: &'n Map, keys: &Keys) -> Option<(&'n Key, Vec<&'n Key>)> {
    let lost: Vec<&Member> = map
        .members
        .iter()
        .filter(|member| keys.built.contains(&&*member.key.name) && !member.value.is_null())
        .collect();
    let first = lost.first()?;
    let nothing = |member: &&Member| member.value.is_null();
    let above = map
        .members
        .iter()
        .take_while(|member| member.key.span < first.key.span);
    let owner = above
        .filter(nothing)
        .last()
        .or_else(|| map.members.iter().find(nothing))?;
    let is_own = |member: &&Member| {
        let path = member.value.as_text().is_some_and(|text| text.starts_with("./"));
        !path && member.value.as_map().is_none()
    };
    lost.iter()
        .any(is_own)
        .then(|| (&owner.key, lost.iter().map(|member| &member.key).collect()))
}

/// A text that begins with a key of `keys` and a `:` without a space: the line that was meant.
pub(super) fn glued(text: &str, keys: &Keys) -> Option<String> {
    let (key, rest) = text.split_once(':')?;
    let value = rest.split_whitespace().next()?;
    (keys.built.contains(&key) && !rest.starts_with(' ')).then(|| format!("{key}: {value}"))
}

fn is_true(node: &Node) -> bool {
    node.as_scalar()
        .is_some_and(|scalar| scalar.typed == Typed::Bool(true))
}

/// The value, or the only item of a list.
fn only(node: &Node) -> Option<&Node> {
    match &node.kind {
        Kind::List(items) => match items.as_slice() {
            [item] => Some(item),
            _ => None,
        },
        Kind::Scalar(_) | Kind::Map(_) => None,
    }
}

/// A text, a list of them, or the keys of a mapping.
fn words(node: &Node) -> Option<Vec<&str>> {
    let words: Vec<&str> = match &node.kind {
        Kind::Scalar(scalar) if scalar.typed == Typed::Text => scalar
            .text
            .split([',', ' '])
            .filter(|word| !word.is_empty())
            .collect(),
        Kind::Scalar(_) => return None,
        Kind::List(items) => items.iter().map(one).collect::<Option<_>>()?,
        Kind::Map(map) => map.members.iter().map(|member| &*member.key.name).collect(),
    };
    let plain = |word: &&str| {
        word.bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    (!words.is_empty() && words.iter().all(plain)).then_some(words)
}

/// The role in a mapping that stands for one.
fn role(node: &Node) -> Option<&str> {
    let Kind::Map(Map { members }) = &node.kind else {
        return None;
    };
    match members.as_slice() {
        [only] if only.value.as_text().is_some() => one(&only.value),
        [only] => Some(&*only.key.name),
        _ => None,
    }
}

/// `a: {}, b: {}` of a list of names.
fn empty_members(node: &Node) -> Option<String> {
    let (Kind::List(_) | Kind::Scalar(_)) = &node.kind else {
        return None;
    };
    let members: Vec<String> = words(node)?.iter().map(|word| format!("{word}: {{}}")).collect();
    Some(members.join(", "))
}

/// The items of a list as members of a mapping: single members, or mappings with their own `name`.
fn named_members(node: &Node) -> Option<String> {
    let Kind::List(items) = &node.kind else {
        return None;
    };
    let members: Option<Vec<String>> = items
        .iter()
        .map(|item| match (&item.kind, item.get("name").and_then(one)) {
            (_, Some(name)) => Some(format!("{name}: {{ … }}")),
            (Kind::Map(Map { members }), None) => match members.as_slice() {
                [only] => {
                    let value = flow(&only.value).unwrap_or_else(|| "{ … }".to_owned());
                    Some(format!("{}: {value}", only.key.name))
                }
                _ => None,
            },
            (Kind::Scalar(_), None) => {
                let text = one(item)?;
                let last = text.trim_end_matches('/').rsplit('/').next()?;
                let role = last.split(':').next()?;
                Some(format!("{role}: {text}"))
            }
            (Kind::List(_), None) => None,
        })
        .collect();
    members
        .filter(|members| !members.is_empty())
        .map(|members| members.join(", "))
}

fn path(node: &Node) -> Option<&str> {
    one(node).filter(|path| path.starts_with('/'))
}

fn route(node: &Node) -> Option<String> {
    if is_true(node) {
        return Some("route: /".to_owned());
    }
    let Kind::List(items) = &node.kind else {
        return None;
    };
    let paths: Vec<&str> = items.iter().map(path).collect::<Option<_>>()?;
    match paths.as_slice() {
        [] => None,
        [only] => Some(format!("route: {only}")),
        several => Some(format!("route: {{ path: [{}] }}", several.join(", "))),
    }
}

/// A list of ports from a mapping of names to numbers.
fn ports(node: &Node) -> Option<String> {
    let Kind::Map(Map { members }) = &node.kind else {
        return None;
    };
    let items: Vec<String> = members
        .iter()
        .map(|member| {
            let number = one(&member.value).filter(|text| text.bytes().all(|b| b.is_ascii_digit()))?;
            Some(format!("{{ name: {}, port: {number} }}", member.key.name))
        })
        .collect::<Option<_>>()?;
    (!items.is_empty()).then(|| format!("ports: [{}]", items.join(", ")))
}

/// `{ min, max }` from two numbers in one text.
fn scale(node: &Node) -> Option<String> {
    let text = node.as_text()?;
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let (min, max) = ["..", "-", ":", "/"].into_iter().find_map(|mark| {
        text.split_once(mark)
            .and_then(|(min, max)| Some((number(min)?, number(max)?)))
    })?;
    Some(format!("scale: {{ min: {min}, max: {max} }}"))
}

/// The names that a nested variable was meant to have.
fn variable(what: &str, node: &Node) -> Option<String> {
    let name = what.strip_prefix("the variable `")?.strip_suffix('`')?;
    let Kind::Map(Map { members }) = &node.kind else {
        return None;
    };
    let first = &*members.first()?.key.name;
    if let Some(secret) = secret_in(node) {
        return Some(format!("{name}: ${{secrets.{secret}}}"));
    }
    if members
        .iter()
        .all(|member| ENVIRONMENT.built.contains(&&*member.key.name))
    {
        return Some(format!("environments: {{ {name}: {{ {first}: … }} }}"));
    }
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    (plain(name) && plain(first)).then(|| format!("{name}_{first}: …"))
}

/// The secret that a mapping refers to as other tools do: `{ secret: KEY }`, or Kubernetes' `valueFrom`.
fn secret_in(node: &Node) -> Option<&str> {
    let direct = ["secret", "secretRef", "fromSecret", "secretKeyRef"];
    let found = direct.into_iter().find_map(|key| node.get(key));
    match found {
        Some(value) => one(value).or_else(|| value.get("key").and_then(one)),
        None => secret_in(node.get("valueFrom")?),
    }
}

#[cfg(test)]
mod tests {
    use exoc_diagnostics::{Sink, SourceMap, VirtualPath};

    fn of(line: &str) -> Option<String> {
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::root(), line.to_owned());
        let root = crate::yaml::parse(id, line, &mut Sink::new()).unwrap().root;
        let member = root.as_map().unwrap().members.first().unwrap();
        super::instead(&format!("`{}`", member.key.name), &member.value)
    }

    #[test]
    fn words_come_back_in_the_shape_that_is_wanted() {
        for (theirs, ours) in [
            ("uses: db", "uses: [db]"),
            ("uses: -db -cache", "uses: [db, cache]"),
            ("args: [A=1]", "args: { A: … }"),
            ("uses: { db: {}, cache: {} }", "uses: [db, cache]"),
            (
                "targets: [aws, kubernetes]",
                "targets: { aws: {}, kubernetes: {} }",
            ),
            ("targets: aws", "targets: { aws: {} }"),
            ("secrets: [A, B]", "secrets: { A: {}, B: {} }"),
            (
                "services: [{ web: ./web }, { api: { port: 80 } }]",
                "services: { web: ./web, api: { … } }",
            ),
            ("services: [{ name: web, port: 80 }]", "services: { web: { … } }"),
            ("services: [./web, api]", "services: { web: ./web, api: api }"),
            (
                "dependencies: [postgres:17]",
                "dependencies: { postgres: postgres:17 }",
            ),
            ("writable: /cache", "writable: [/cache]"),
            ("route: true", "route: /"),
            ("route: [/a, /b]", "route: { path: [/a, /b] }"),
            ("port: [80]", "port: 80"),
            ("ports: { http: 80 }", "ports: [{ name: http, port: 80 }]"),
            ("scale: 2-10", "scale: { min: 2, max: 10 }"),
            ("build: true", "build: ."),
        ] {
            assert_eq!(of(theirs).as_deref(), Some(ours), "{theirs}");
        }
        for theirs in [
            "uses: 5",
            "targets: 5",
            "services: 5",
            "scale: many",
            "port: [80, 81]",
            "route: 5",
        ] {
            assert_eq!(of(theirs), None, "{theirs}");
        }
    }
}
