//! `exoc dump`: shows what a stage of the compilation makes.

use super::show;
use crate::args::{Dump, Global, Stage};
use crate::disk;
use crate::error::{CommandError, Exit};
use crate::pipeline::{self, Compilation};
use crate::terminal::Console;
use exoc_diagnostics::{Sink, SourceMap, Span};
use exoc_manifest::ast::Manifest;
use serde_json::Value;

/// Runs the command.
///
/// # Errors
///
/// If the application is not found, an environment is unknown, or the result cannot be printed.
pub fn run(global: &Global, dump: &Dump, console: &Console) -> Result<Exit, CommandError> {
    let application = disk::find(&global.directory)?;
    let compilation = match dump.stage {
        Stage::Ast => pipeline::with_manifest(&application.folder, &dump.environments, |manifest, _, _| {
            Some(format!("{manifest:#?}"))
        })?,
        Stage::Ir => {
            pipeline::with_manifest(&application.folder, &dump.environments, |manifest, _, sink| {
                programs(&manifest, &dump.environments, sink)
            })?
        }
    };
    let exit = show(global, &application.prefix, &compilation, console);
    if let Compilation {
        product: Some(text), ..
    } = &compilation
    {
        match dump.stage {
            Stage::Ast => console.result(&readable(text, &compilation.sources))?,
            Stage::Ir => console.result(text)?,
        }
    }
    Ok(exit)
}

/// The programs of the environments, all of them where none is named, as a JSON object.
fn programs(manifest: &Manifest, wanted: &[String], sink: &mut Sink) -> Option<String> {
    let mut programs = serde_json::Map::new();
    for environment in exoc_lower::environments(manifest) {
        if !wanted.is_empty() && !wanted.contains(&environment.name) {
            continue;
        }
        // All environments are lowered, so that the faults of all come out.
        if let Ok(program) = exoc_lower::lower(manifest, &environment.name, sink).finish(sink) {
            let value = serde_json::to_value(&program).unwrap_or(Value::Null);
            programs.insert(environment.name, value);
        }
    }
    sink.checkpoint().ok()?;
    serde_json::to_string_pretty(&programs)
        .ok()
        .map(|text| text + "\n")
}

/// A tree without the lines that only say that a key is absent, and with places as people write them.
///
/// A line that ends like this is never a user's text, which stands in quotes with its line breaks escaped.
fn readable(debug: &str, sources: &SourceMap) -> String {
    let absent = [": Absent,", ": {},", ": [],"];
    let kept = debug
        .lines()
        .filter(|line| !absent.iter().any(|end| line.ends_with(end)));
    kept.map(|line| format!("{}\n", with_places(line, sources)))
        .collect()
}

/// A line with `@application.yml:3:5` for `@0:21..27`, outside quotes.
fn with_places(line: &str, sources: &SourceMap) -> String {
    let mut shown = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['"', '@']) {
        let (before, from) = rest.split_at(at);
        let length = if from.starts_with('"') {
            quoted(from)
        } else {
            place(from)
        };
        let (word, after) = from.split_at(length);
        shown.push_str(before);
        shown.push_str(&named(word, sources).unwrap_or_else(|| word.to_owned()));
        rest = after;
    }
    shown + rest
}

/// The length of the quoted text that `from` begins with.
fn quoted(from: &str) -> usize {
    let mut escaped = true;
    let end = from.char_indices().find(|(_, character)| {
        let end = *character == '"' && !escaped;
        // The first quote counts as escaped: it is not the end.
        escaped = *character == '\\' && !escaped;
        end
    });
    end.map_or(from.len(), |(at, _)| at + 1)
}

/// The length of the place that `from` begins with.
fn place(from: &str) -> usize {
    let inside = |character: char| character.is_ascii_digit() || [':', '.', '@'].contains(&character);
    let end = from.find(|character| !inside(character)).unwrap_or(from.len());
    // A colon behind a place belongs to a mapping.
    from.get(..end)
        .map_or(end, |word| word.trim_end_matches(':').len())
}

fn named(word: &str, sources: &SourceMap) -> Option<String> {
    let (number, range) = word.strip_prefix('@')?.split_once(':')?;
    let start = range.split_once("..")?.0.parse().ok()?;
    let id = sources.ids().nth(number.parse().ok()?)?;
    let at = sources.start(Span::new(id, start, start))?;
    Some(format!("@{}:{}:{}", sources.file(id)?.path, at.line, at.column))
}

#[cfg(test)]
mod tests {
    use super::readable;
    use exoc_diagnostics::{SourceMap, Span, Spanned, VirtualPath};

    #[test]
    fn places_are_named_and_texts_left_alone() {
        let mut sources = SourceMap::default();
        let id = sources.add(VirtualPath::new("a.yml").unwrap(), "a:\n  b: c\n".to_owned());
        let spanned = Spanned::new("\"@0:5..6\\", Span::new(id, 5, 6));
        let map = std::collections::BTreeMap::from([(spanned, spanned.span)]);
        assert_eq!(
            readable(&format!("{map:?}"), &sources),
            "{\"\\\"@0:5..6\\\\\" @a.yml:2:3: @a.yml:2:3}\n"
        );
    }

    #[test]
    fn absent_keys_are_left_out_but_no_text_that_looks_like_one() {
        let sources = SourceMap::default();
        assert_eq!(
            readable("a: Absent,\nb: {},\nc: \"x: Absent,\"\n", &sources),
            "c: \"x: Absent,\"\n"
        );
    }
}
