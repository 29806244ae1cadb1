//! How values and numbers read in a phrase.

use crate::twins::{Side, Twins};
use exoc_diagnostics::credential;
use exoc_ir::{Component, MilliCpu, Part, Program, Value};

/// The most characters of a value that are shown in a phrase.
const ROOM: usize = 60;

/// A number and a noun, in the plural where there is not exactly one.
pub(crate) fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// An amount of processor time.
pub(crate) fn cores(cpu: MilliCpu) -> String {
    let noun = if cpu.0 == 1000 { "core" } else { "cores" };
    format!("{cpu} {noun}")
}

/// Names in backquotes, with commas and a last `and`.
pub(crate) fn names<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(tick).collect();
    sentence(&names)
}

/// Phrases, with commas and a last `and`.
pub(crate) fn sentence(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// How much is in a program.
pub(crate) fn contents(program: &Program) -> String {
    let jobs = program
        .services()
        .iter()
        .filter(|(_, service)| service.job().is_some());
    let jobs = jobs.count();
    let volumes = program
        .volumes()
        .iter()
        .filter(|(_, volume)| volume.role().is_some());
    let parts = [
        (program.services().len() - jobs, "service", "services"),
        (jobs, "job", "jobs"),
        (program.backings().len(), "dependency", "dependencies"),
        (volumes.count(), "shared volume", "shared volumes"),
    ];
    let some = parts.into_iter().filter(|(number, _, _)| *number > 0);
    let words: Vec<String> = some
        .map(|(number, one, many)| counted(number, one, many))
        .collect();
    match words.is_empty() {
        true => "nothing in it".to_owned(),
        false => sentence(&words),
    }
}

/// A value as the language writes it, with the names that components have now.
pub(crate) fn value(twins: &Twins<'_>, side: Side, value: &Value) -> String {
    let program = twins.program(side);
    let part = |part: &Part| match part {
        Part::Text(text) => text.replace("${", "$${"),
        Part::Secret(id) => {
            let name = program
                .secrets()
                .get(*id)
                .map_or("", |secret| secret.name.as_str());
            format!("${{secrets.{name}}}")
        }
        Part::Attribute(id, attribute) => {
            let role = twins.name(side, Component::Backing(*id));
            format!("${{dependencies.{role}.{}}}", attribute.word())
        }
    };
    value.parts().iter().map(part).collect()
}

/// Values as a command line.
pub(crate) fn command(twins: &Twins<'_>, side: Side, items: &[Value]) -> String {
    let word = |item: &Value| {
        let text = value(twins, side, item);
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,${}".contains(c);
        match !text.is_empty() && text.chars().all(plain) {
            true => text,
            false => format!("'{}'", text.replace('\'', r"'\''")),
        }
    };
    items.iter().map(word).collect::<Vec<_>>().join(" ")
}

/// A text in which nothing looks like a credential; nothing at all where its name says that it is one.
pub(crate) fn masked(name: &str, text: &str) -> String {
    if credential::is_named(name, text) {
        return "***".to_owned();
    }
    credential::masked(text).into_owned()
}

/// `x`, was `y`; less where the two read alike or have no room.
pub(crate) fn was(before: &str, after: &str) -> String {
    if before == after || before.contains("***") && after.contains("***") {
        return "other than before, and not shown".to_owned();
    }
    if !fits(before) || !fits(after) {
        return "other than before".to_owned();
    }
    format!("{}, was {}", quoted(after), quoted(before))
}

/// Whether a text fits into a phrase.
pub(crate) fn fits(text: &str) -> bool {
    text.chars().count() <= ROOM && !text.contains(['\n', '`'])
}

/// A text in backquotes, or the word for an empty one.
pub(crate) fn quoted(text: &str) -> String {
    match text {
        "" => "empty".to_owned(),
        text => tick(text),
    }
}

/// A text in backquotes, in which there are none.
pub(crate) fn tick(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// A text with one name in the place of another, where the other stands as a whole.
pub(crate) fn replace_name(text: &str, old: &str, new: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(old) {
        let (before, from) = rest.split_at(at);
        let behind = from.get(old.len()..).unwrap_or_default();
        let whole = !before.ends_with(is_part) && !behind.starts_with(is_part);
        out.push_str(before);
        out.push_str(if whole { new } else { old });
        rest = behind;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{masked, replace_name, was};

    #[test]
    fn names_are_replaced_as_a_whole() {
        assert_eq!(
            replace_name("http://api:4000/x", "api:4000", "api:5000"),
            "http://api:5000/x"
        );
        assert_eq!(
            replace_name("http://my-api:4000", "api:4000", "api:5000"),
            "http://my-api:4000"
        );
        assert_eq!(replace_name("api:40001", "api:4000", "api:5000"), "api:40001");
    }

    #[test]
    fn what_looks_like_a_credential_is_not_shown() {
        assert_eq!(masked("DB_PASSWORD", "hunter2hunter2"), "***");
        assert_eq!(masked("URL", "https://a:hunter2@b"), "https://a:***@b");
        assert_eq!(was("***", "***"), "other than before, and not shown");
        assert_eq!(was("info", "debug"), "`debug`, was `info`");
    }
}
