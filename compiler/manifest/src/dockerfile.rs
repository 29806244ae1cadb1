//! The stages of a Dockerfile, and the user and the working directory of one. Knows just enough of Dockerfiles for that: stages, continued
//! lines, comments and here-documents.

use exoc_diagnostics::{Diagnostic, SourceId, Span, Spanned, codes, did_you_mean};

/// One `FROM`.
struct Stage<'t> {
    name: Option<(usize, &'t str)>,
    base: &'t str,
    user: Option<(usize, &'t str)>,
    /// Every `WORKDIR`.
    folders: Vec<(usize, &'t str)>,
}

/// The argument of the last `USER` of the stage `wanted`, else of the last stage.
///
/// A stage that begins from another one has that one's user unless it sets its own.
pub(crate) fn user(source: SourceId, text: &str, wanted: Option<&str>) -> Option<Spanned<String>> {
    let stages = stages(text);
    let mut at = match wanted {
        Some(name) => position(&stages, name)?,
        None => stages.len().checked_sub(1)?,
    };
    loop {
        let stage = stages.get(at)?;
        if let Some((start, argument)) = stage.user {
            return Some(Spanned::new(
                argument.to_owned(),
                Span::new(source, start, start + argument.len()),
            ));
        }
        let base = stage.base;
        at = named(stages.get(..at)?, base)?;
    }
}

/// The working directory at the end of the stage `wanted`, else of the last stage, with the argument of its last
/// `WORKDIR`. Nothing where it depends on a variable, or on an image that only a registry has.
pub(crate) fn workdir(source: SourceId, text: &str, wanted: Option<&str>) -> Option<Spanned<String>> {
    let stages = stages(text);
    let mut at = match wanted {
        Some(name) => position(&stages, name),
        None => stages.len().checked_sub(1),
    };
    let mut chain = Vec::new();
    while let Some(stage) = at.and_then(|at| stages.get(at)) {
        chain.push(stage);
        at = at.and_then(|at| named(stages.get(..at)?, stage.base));
    }
    let folders = chain.iter().rev().flat_map(|stage| &stage.folders);
    folders.fold(None, |before, (start, argument)| {
        let bare = argument.trim_matches(['"', '\'']);
        let folder = match before {
            _ if bare.contains('$') => return None,
            _ if bare.starts_with('/') => bare.to_owned(),
            Some(Spanned { value, span: _ }) => format!("{value}/{bare}"),
            None => return None,
        };
        let span = Span::new(source, *start, start + argument.len());
        Some(Spanned::new(plain(&folder), span))
    })
}

/// An absolute path without empty, `.` and `..` segments.
fn plain(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            other => segments.push(other),
        }
    }
    format!("/{}", segments.join("/"))
}

/// The last stage of this name.
fn named(stages: &[Stage<'_>], name: &str) -> Option<usize> {
    stages.iter().rposition(|stage| {
        stage
            .name
            .is_some_and(|(_, known)| known.eq_ignore_ascii_case(name))
    })
}

/// The stage that a name or a number means.
fn position(stages: &[Stage<'_>], wanted: &str) -> Option<usize> {
    named(stages, wanted).or_else(|| wanted.parse().ok().filter(|number| *number < stages.len()))
}

/// What is wrong with a Dockerfile as a whole: nothing can be built from one without a `FROM`.
pub(crate) fn fault(source: SourceId, text: &str, path: &str) -> Option<Diagnostic> {
    if !stages(text).is_empty() {
        return None;
    }
    let start = text.len() - text.trim_start().len();
    let line = text
        .get(start..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    let (span, label) = match line.trim_end() {
        "" => (Span::new(source, 0, 0), "the file is empty"),
        line => (
            Span::new(source, start, start + line.len()),
            "begins here, without a base image",
        ),
    };
    Some(
        Diagnostic::new(codes::MALFORMED, format!("`{path}` has no `FROM`"))
            .at(span, label)
            .help("begin it with the image that it builds upon, as in `FROM alpine:3.22`"),
    )
}

/// Why `wanted` is none of a Dockerfile's stages, if it is none.
pub(crate) fn unknown_stage(
    source: SourceId,
    text: &str,
    path: &str,
    wanted: &Spanned<String>,
) -> Option<Diagnostic> {
    let stages = stages(text);
    if stages.is_empty() || position(&stages, &wanted.value).is_some() {
        return None;
    }
    let names: Vec<(usize, &str)> = stages.iter().filter_map(|stage| stage.name).collect();
    let words: Vec<&str> = names.iter().map(|(_, name)| *name).collect();
    let diagnostic = Diagnostic::new(
        codes::UNKNOWN_WORD,
        format!("`{path}` has no stage `{}`", wanted.value),
    )
    .at(wanted.span, "no `FROM … AS` has this name");
    let near = did_you_mean(&wanted.value, words.iter().copied());
    let all = match (words.as_slice(), stages.len()) {
        ([], 1) => "its only stage has no name: remove `stage`, or name it with `FROM … AS NAME`".to_owned(),
        ([], many) => format!("its {many} stages have no names; give one with `FROM … AS NAME`"),
        (words, _) => format!("its stages are {}", crate::bind::list_words(words)),
    };
    let meant = near.as_ref().and_then(|near| {
        names
            .iter()
            .find(|(_, name)| *near == format!("did you mean `{name}`?"))
    });
    let diagnostic = match meant {
        Some((start, name)) => diagnostic.also(
            Span::new(source, *start, start + name.len()),
            "a stage of a similar name",
        ),
        None => diagnostic,
    };
    Some(diagnostic.help(near.unwrap_or(all)))
}

fn stages(text: &str) -> Vec<Stage<'_>> {
    let mut stages: Vec<Stage<'_>> = Vec::new();
    let mut here: Vec<&str> = Vec::new();
    let mut continued = false;
    let mut offset = 0;
    let escape = escape(text);
    for line in text.split_inclusive('\n') {
        let start = offset;
        offset += line.len();
        let content = line.trim();
        if let Some(end) = here.first() {
            if content == *end {
                here.remove(0);
            }
            continue;
        }
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let goes_on = content.ends_with(escape);
        if !std::mem::replace(&mut continued, goes_on) {
            let indent = line.len() - line.trim_start().len();
            instruction(
                content.trim_end_matches(escape).trim_end(),
                start + indent,
                &mut stages,
            );
        }
        here.extend(here_documents(content));
    }
    stages
}

/// The character that continues a line: `\`, unless the first line says otherwise.
fn escape(text: &str) -> char {
    let directive = text
        .lines()
        .map(str::trim)
        .take_while(|line| line.starts_with('#'));
    let value = directive
        .filter_map(|line| line.trim_start_matches('#').trim().split_once('='))
        .find_map(|(key, value)| {
            key.trim()
                .eq_ignore_ascii_case("escape")
                .then(|| value.trim().chars().next())
                .flatten()
        });
    value.filter(|c| *c == '`').unwrap_or('\\')
}

fn instruction<'t>(line: &'t str, start: usize, stages: &mut Vec<Stage<'t>>) {
    let Some((word, rest)) = line.split_once([' ', '\t']) else {
        return;
    };
    let argument = rest.trim_start();
    let at = start + line.len() - argument.len();
    if word.eq_ignore_ascii_case("FROM") {
        let mut words = argument.split_whitespace().filter(|word| !word.starts_with("--"));
        let base = words.next().unwrap_or_default();
        let name = words
            .next()
            .filter(|word| word.eq_ignore_ascii_case("AS"))
            .and_then(|_| words.next())
            .and_then(|name| Some((at + argument.rfind(name)?, name)));
        stages.push(Stage {
            name,
            base,
            user: None,
            folders: Vec::new(),
        });
    } else if word.eq_ignore_ascii_case("WORKDIR")
        && let Some(stage) = stages.last_mut()
    {
        stage.folders.push((at, argument.trim_end()));
    } else if word.eq_ignore_ascii_case("USER")
        && let Some(stage) = stages.last_mut()
    {
        stage.user = Some((at, argument.trim_end()));
    }
}

/// The words that end the here-documents which a line begins.
fn here_documents(line: &str) -> impl Iterator<Item = &str> {
    line.match_indices("<<").filter_map(|(at, _)| {
        let rest = line.get(at + 2..)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let quoted = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
        let end = quoted
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(quoted.len());
        let word = quoted.get(..end)?;
        let begins = word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        begins.then_some(word)
    })
}

#[cfg(test)]
mod tests {
    use exoc_diagnostics::{SourceMap, VirtualPath};

    #[test]
    fn stages_are_known_by_name_and_by_number() {
        let text = "FROM a AS build\nFROM --platform=x as AS Production # p\nFROM c\n";
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::new("Dockerfile").unwrap(), text.to_owned());
        let told = |wanted: &str| {
            let wanted = super::Spanned::new(wanted.to_owned(), super::Span::new(id, 0, 0));
            let found = super::unknown_stage(id, text, "Dockerfile", &wanted)?;
            Some((
                found.help.concat(),
                found
                    .secondary
                    .first()
                    .map(|label| map.slice(label.span).to_owned()),
            ))
        };
        for known in ["build", "BUILD", "production", "0", "2"] {
            assert_eq!(told(known), None, "{known}");
        }
        assert_eq!(
            told("prodution"),
            Some((
                "did you mean `Production`?".to_owned(),
                Some("Production".to_owned())
            ))
        );
        assert_eq!(
            told("3"),
            Some(("its stages are `build` and `Production`".to_owned(), None))
        );
    }

    fn user(text: &str, stage: Option<&str>) -> Option<String> {
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::new("Dockerfile").unwrap(), text.to_owned());
        let found = super::user(id, text, stage)?;
        assert_eq!(map.slice(found.span), found.value);
        Some(found.value)
    }

    #[test]
    fn is_that_of_the_last_stage() {
        assert_eq!(
            user("FROM a AS b\nUSER 1\nFROM c\nUSER 2\nUSER 3:4 \n", None).as_deref(),
            Some("3:4")
        );
        assert_eq!(user("FROM a AS b\nUSER 1\nFROM c\n", None), None);
        assert_eq!(user("from a\n  user node\r\n", None).as_deref(), Some("node"));
        assert_eq!(user("", None), None);
    }

    #[test]
    fn the_working_directory_is_known_where_no_variable_and_no_other_image_decides() {
        let mut map = SourceMap::default();
        let mut of = |text: &str, stage| {
            let id = map.add(VirtualPath::new("Dockerfile").unwrap(), text.to_owned());
            let found = super::workdir(id, text, stage)?;
            Some((found.value, map.slice(found.span).to_owned()))
        };
        let found = |folder: &str, words: &str| Some((folder.to_owned(), words.to_owned()));
        assert_eq!(of("FROM a\nWORKDIR /app\n", None), found("/app", "/app"));
        assert_eq!(
            of("FROM a\nWORKDIR /app/\nWORKDIR ../srv\n", None),
            found("/srv", "../srv")
        );
        assert_eq!(of("FROM a\nWORKDIR app\n", None), None);
        assert_eq!(of("FROM a\nWORKDIR /app\nWORKDIR $X\n", None), None);
        assert_eq!(
            of("FROM a\nWORKDIR $X\nWORKDIR \"/b\"\n", None),
            found("/b", "\"/b\"")
        );
        let staged = "FROM a AS base\nWORKDIR /app\nFROM base AS run\nWORKDIR src\nFROM c\n";
        assert_eq!(of(staged, Some("run")), found("/app/src", "src"));
        assert_eq!(of(staged, None), None);
    }

    #[test]
    fn is_that_of_the_wanted_stage_or_of_what_it_begins_from() {
        let text = "FROM --platform=linux/amd64 a AS base\nUSER 1\nFROM base AS dev\nFROM scratch\nUSER 9\n";
        assert_eq!(user(text, Some("base")).as_deref(), Some("1"));
        assert_eq!(user(text, Some("DEV")).as_deref(), Some("1"));
        assert_eq!(user(text, Some("none")), None);
        assert_eq!(
            user("FROM a AS a\nUSER 1\nFROM a AS a\n", None).as_deref(),
            Some("1")
        );
    }

    #[test]
    fn is_not_mistaken_for_other_lines() {
        let text =
            "# escape=\\\nFROM a\nUSER 1\nRUN echo \\\n# note\n  USER 2\nRUN <<EOF\nUSER 3\nEOF\n#USER 4\n";
        assert_eq!(user(text, None).as_deref(), Some("1"));
        assert_eq!(
            user("#escape=`\nFROM a\nRUN dir c:\\\nUSER 2\n", None).as_deref(),
            Some("2")
        );
    }
}
