//! A page of the documentation per product, made from its entry.

use crate::{ENTRIES, Entry, Page, Run, SHARED, Shared, Source, Subject, VOLUME, Version};
use exoc_ir::{Attribute, Availability, Bytes, Health, Managed, MilliCpu, Probe, Resources, Seconds};
use std::fmt::Write as _;

/// The list of all pages.
#[must_use]
pub fn index() -> String {
    let mut out = "# Types of dependencies\n\nMade from the catalogue by `cargo dev generate`. Besides these there are \
                   `container`, for any image, and `external`, for an address outside. One that is there already keeps its \
                   type and says its attributes under `existing`; then nothing is made for it.\n\n| type | product | versions | \
                   image |\n|---|---|---|---|\n"
        .to_owned();
    for entry in ENTRIES {
        let word = entry.word();
        let _ = writeln!(
            out,
            "| [`{word}`]({word}.md) | {} | {} | `{}` |",
            entry.page.title,
            numbers(entry.versions),
            entry.page.image
        );
    }
    let _ = writeln!(out, "| [`{VOLUME}`]({VOLUME}.md) | {} |  |  |", SHARED.title);
    out
}

/// The page of the type that is no product and is mounted, in Markdown.
#[must_use]
pub fn volume() -> String {
    let Shared {
        title,
        storage,
        companion,
        differs,
        sources,
    } = SHARED;
    let mut out = format!(
        "# `{VOLUME}`: {title}\n\nMade from the catalogue by `cargo dev generate`.\n\n```yaml\ndependencies:\n  media: \
         {VOLUME}\nservices:\n  api:\n    volumes: {{ media: /srv/media }}\n  gallery:\n    volumes: {{ media: {{ path: \
         /srv/media, read-only: true }} }}\n```\n\nA service mounts it by naming it under `volumes`, which is a use: it \
         gives no variables and opens no connection. Any number of services and replicas mount it. All that write it \
         have one user and group; others read it with `read-only: true`. It is empty at first: nothing of an image is \
         seen in it. A name under `volumes` that no dependency has is a volume of the service's own, and services that \
         share one folder have one each.\n\n| | |\n|---|---|\n"
    );
    let _ = writeln!(
        out,
        "| attributes | none |\n| `storage` | {storage} unless written |"
    );
    let _ = writeln!(out, "| other keys | `availability`, `backups`, `was` |");
    let _ = writeln!(
        out,
        "| image of the companion that gives a new one to its writers | `{companion}` |"
    );
    let _ = write!(
        out,
        "\n## What differs from the cloud\n\nWhere a target keeps it itself, {differs}.\n"
    );
    sourced(&mut out, sources);
    out
}

fn sourced(out: &mut String, sources: &[Source]) {
    out.push_str("\n## Sources\n\n| facts | from | date |\n|---|---|---|\n");
    for Source { facts, from, date } in sources {
        let _ = writeln!(out, "| {facts} | {from} | {date} |");
    }
    out.push_str("\nWhat each target makes of it is in the [feature table](../feature-table.md).\n");
}

/// The page of a product, in Markdown.
#[must_use]
pub fn page(entry: &Entry) -> String {
    let Page {
        title,
        image: _, // with its tag below
        why,
        differs,
        sources,
    } = entry.page;
    let word = entry.word();
    let managed = sample(entry);
    let run = (entry.run)(&Subject {
        role: word,
        identity: word,
        managed: &managed,
        hub: None,
    });
    let mut out = format!("# `{word}`: {title}\n\nMade from the catalogue by `cargo dev generate`.\n\n");
    let short = managed
        .version
        .as_ref()
        .map_or_else(|| word.to_owned(), |version| format!("{word}:{version}"));
    let _ = write!(out, "```yaml\ndependencies:\n  {}: {short}\n```\n\n", role(entry));
    let _ = writeln!(out, "| | |\n|---|---|");
    if !entry.versions.is_empty() {
        let _ = writeln!(out, "| versions | {} |", numbers(entry.versions));
    }
    let _ = writeln!(out, "| attributes | {} |", attributes(entry));
    for (key, names) in [
        ("username", entry.reserved_usernames),
        ("database", entry.reserved_databases),
    ] {
        if !names.is_empty() {
            let _ = writeln!(out, "| no `{key}` | {} |", codes(names.iter().copied()));
        }
    }
    let _ = writeln!(out, "| `parameters` | {} |", settings(entry));
    rows(&mut out, &run);
    let _ = write!(
        out,
        "\n## Why this image\n\nIt is {why}.\n\n## What differs from the cloud\n\nWhere a target runs the image \
         itself: {differs}.\n"
    );
    sourced(&mut out, sources);
    out
}

fn rows(out: &mut String, run: &Run) {
    let Run {
        image,
        user,
        group,
        root_writable,
        port: (_, number),
        command: _,
        environment: _,
        files: _,
        data,
        scratch,
        health,
        shutdown: Seconds(shutdown),
    } = run;
    let folders = codes(scratch.keys().map(String::as_str));
    let writable = if *root_writable {
        "everything".to_owned()
    } else {
        format!("{folders}, in memory")
    };
    let _ = writeln!(out, "| image | `{image}` |\n| runs as | {user}:{group} |");
    let _ = writeln!(out, "| port | {number} |");
    let _ = match data {
        Some(folder) => writeln!(out, "| data | `{folder}` |"),
        None => writeln!(out, "| data | none that must survive |"),
    };
    let _ = writeln!(out, "| may write besides | {writable} |");
    let _ = writeln!(
        out,
        "| is ready when this succeeds | {} |\n| time to stop | {shutdown} s |",
        asked(health)
    );
}

fn settings(entry: &Entry) -> String {
    if !entry.parameters {
        return "none".to_owned();
    }
    if entry.own_parameters.is_empty() {
        return "the engine's settings".to_owned();
    }
    let own = codes(entry.own_parameters.iter().copied());
    format!("the engine's settings, but for those that exoc makes: {own}")
}

/// The newest version, with the language's own numbers.
fn sample(entry: &Entry) -> Managed {
    let name = |attribute| entry.has(attribute).then(|| "shop".to_owned());
    Managed {
        product: entry.product,
        version: entry.versions.last().map(|version| version.number.to_owned()),
        resources: Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        },
        storage: Bytes::gibi(10),
        parameters: [].into(),
        image: None,
        availability: Availability::Single,
        backups: None,
        subscribes: [].into(),
        database: name(Attribute::Database),
        username: name(Attribute::Username),
        password: None,
        administrator: None,
    }
}

fn role(entry: &Entry) -> &'static str {
    if entry.has(Attribute::Database) {
        "db"
    } else {
        entry.word()
    }
}

fn numbers(versions: &[Version]) -> String {
    codes(versions.iter().map(|version| version.number))
}

fn attributes(entry: &Entry) -> String {
    let word = |attribute: &Attribute| {
        let absent = if entry.optional.contains(attribute) {
            "?"
        } else {
            ""
        };
        format!("`{}`{absent}", attribute.word())
    };
    let words: Vec<String> = entry.attributes.iter().map(word).collect();
    words.join(", ")
}

fn asked(health: &Health) -> String {
    match &health.probe {
        Probe::Command(words) => {
            let words: Vec<&str> = words.iter().filter_map(|word| word.text()).collect();
            format!("`{}`", words.join(" ").replace('|', "\\|"))
        }
        Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. } => "a question from outside".to_owned(),
    }
}

fn codes<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
