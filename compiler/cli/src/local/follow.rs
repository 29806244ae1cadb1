//! The application while it works: its logs, one colour for each service; what dies, with its last words; and changes of
//! files that services wait for.

use super::Session;
use super::start::last_lines;
use crate::engine::{Container, State, docker, failed};
use crate::error::CommandError;
use crate::process::{Failure, Line, Next, Running, Stream, next};
use crate::render::{Colour, visible};
use crate::terminal::Reader;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Sender};
use std::time::Duration;

/// How often it is looked up whether somebody asks for an end.
const GLANCE: Duration = Duration::from_millis(100);
/// The signal that ends a container at once, which nobody sends who wants it to end in order.
const KILL: &str = "9";

const LOGS: usize = 0;
const EVENTS: usize = 1;
const WATCH: usize = 2;

/// The names of services before their lines: each padded to the widest and in a colour of its own.
#[derive(Clone, Debug)]
pub struct Names {
    colours: BTreeMap<String, usize>,
    width: usize,
    colour: Colour,
}

impl Names {
    /// For these services.
    pub fn new<'a>(services: impl IntoIterator<Item = &'a str>, colour: Colour) -> Self {
        let names = services.into_iter().enumerate();
        let colours: BTreeMap<String, usize> = names.map(|(index, name)| (name.to_owned(), index)).collect();
        let width = colours
            .keys()
            .map(|name| name.chars().count())
            .max()
            .unwrap_or_default();
        Self {
            colours,
            width,
            colour,
        }
    }

    /// A line of compose's logs, `service-1  | words`, as it is shown; nothing for what compose itself says there.
    #[must_use]
    pub fn line(&self, text: &str) -> Option<String> {
        // Beside the logs it says what it does, from the start of the terminal's line on.
        if text.starts_with('\r') {
            return None;
        }
        let (container, words) = text.split_once(' ').unwrap_or((text, ""));
        let known = container.rsplit_once('-').and_then(|(service, _)| {
            let index = self.colours.get(service)?;
            Some((service, *index))
        });
        let Some((service, index)) = known else {
            return Some(format!("{}\n", spoken(text, self.colour)));
        };
        let name = format!("{service:<width$} |", width = self.width);
        // Compose changes its column while it prints, and then the bar may be missing (seen with 5.4.0).
        let words = words.trim_start_matches(' ');
        let words = words.strip_prefix('|').unwrap_or(words);
        let words = words.strip_prefix(' ').unwrap_or(words);
        Some(format!(
            "{} {}\n",
            self.colour.nth(index, &name),
            spoken(words, self.colour)
        ))
    }
}

/// What a service says, on a terminal: its colours stay where there are colours, tabs are room, and nothing else acts.
pub(super) fn spoken(text: &str, colour: Colour) -> String {
    let text = text.replace('\t', "    ");
    let mut out = String::with_capacity(text.len());
    let mut painted = false;
    let mut parts = text.split("\u{1b}[");
    out.push_str(&visible(parts.next().unwrap_or_default()));
    for part in parts {
        let end = part
            .find(|c: char| !(c.is_ascii_digit() || c == ';'))
            .unwrap_or(part.len());
        let (style, rest) = part.split_at(end);
        match (rest.strip_prefix('m'), colour) {
            (Some(rest), Colour::Ansi) => {
                painted = true;
                out.push_str(&format!("\u{1b}[{style}m{}", visible(rest)));
            }
            (Some(rest), Colour::Plain) => out.push_str(&visible(rest)),
            (None, Colour::Plain | Colour::Ansi) => out.push_str(&visible(&format!("\u{1b}[{part}"))),
        }
    }
    if painted {
        out.push_str("\u{1b}[0m");
    }
    out
}

/// Follows until somebody asks for an end, nothing is left that runs, or nobody reads what is printed.
///
/// # Errors
///
/// If the engine refuses, somebody asked for an end, or nothing but jobs was named and one fails.
pub fn follow(session: &Session<'_>) -> Result<(), CommandError> {
    if session.is_errand() {
        return super::errand::follow(session);
    }
    let services: Vec<&str> = own(session);
    let names = Names::new(services.iter().copied(), session.console.out_colour());
    let (sender, lines) = mpsc::channel();
    let mut logs = logs(session, &services, "all", &sender)?;
    let filter = session.project.filter();
    let events = docker([
        "events",
        "--format",
        "{{json .}}",
        "--filter",
        "type=container",
        "--filter",
        &filter,
    ]);
    let _events = events.start(EVENTS, &sender).map_err(failed)?;
    let watched = services
        .iter()
        .any(|name| session.model.services.get(*name).is_some_and(|it| it.is_watched));
    let _watch = watched.then(|| watch(session, &services, &sender)).transpose()?;
    let mut deaths = Deaths::default();
    let mut renewal = Renewal::default();
    loop {
        match next(&lines, GLANCE) {
            Next::Line(Line {
                from: LOGS,
                stream: _,
                text,
            }) => {
                let line = names.line(&text).unwrap_or_default();
                if session.console.stream(&line)? == Reader::Gone {
                    return Ok(());
                }
            }
            Next::Line(Line {
                from: EVENTS,
                stream: Stream::Out,
                text,
            }) => {
                if let Some(death) = deaths.hear(&text) {
                    tell(session, &death)?;
                }
            }
            Next::Line(Line {
                from: WATCH,
                stream: _,
                text,
            }) => {
                if let Some(news) = renewal.hear(&text) {
                    session.console.progress(&news);
                }
            }
            Next::Line(_) | Next::Nothing => {}
            Next::End => return Ok(()),
        }
        if let Some(asked) = session.stop.asked() {
            return Err(failed(Failure::Stopped(asked)));
        }
        if logs.has_ended() {
            let containers = session.project.containers(session.stop)?;
            let mut followed = containers
                .iter()
                .filter(|it| services.contains(&it.service.as_str()));
            if !followed.any(runs) {
                return Ok(());
            }
            logs = self::logs(session, &services, "0", &sender)?;
        }
    }
}

/// The services that are the application's own.
fn own<'a>(session: &Session<'a>) -> Vec<&'a str> {
    let services = session.model.services.iter();
    let own = services.filter(|(name, service)| session.means(name) && !service.is_companion());
    own.map(|(name, _)| name.as_str()).collect()
}

fn logs(
    session: &Session<'_>,
    services: &[&str],
    tail: &str,
    sender: &Sender<Line>,
) -> Result<Running, CommandError> {
    session
        .project
        .compose(["--profile", "*", "logs", "--follow", "--no-color", "--tail", tail])
        .with(services.iter().copied())
        .start(LOGS, sender)
        .map_err(failed)
}

fn watch(session: &Session<'_>, services: &[&str], sender: &Sender<Line>) -> Result<Running, CommandError> {
    let watched = services
        .iter()
        .filter(|name| session.model.services.get(**name).is_some_and(|it| it.is_watched));
    session
        .project
        .compose(["watch", "--no-up"])
        .with(watched.copied())
        .start(WATCH, sender)
        .map_err(failed)
}

pub(super) const fn runs(container: &Container) -> bool {
    match container.state {
        State::Running(_) | State::Restarting => true,
        State::Waiting | State::Ended(_) => false,
    }
}

fn tell(session: &Session<'_>, Death { service, code }: &Death) -> Result<(), CommandError> {
    let Some(known) = session.model.services.get(service) else {
        return Ok(());
    };
    if known.is_companion() || (known.kind == "job" && *code == 0) {
        return Ok(());
    }
    let colour = session.console.style().colour;
    let mut text = format!(
        "{}\n",
        colour.red(&format!("`{service}` died with exit code {code}"))
    );
    let lines = last_lines(session, service)?;
    if !lines.is_empty() {
        text.push_str("its last lines:\n");
    }
    lines
        .iter()
        .for_each(|line| text.push_str(&format!("  {}\n", spoken(line, colour))));
    session.console.aside(&text);
    Ok(())
}

/// What `docker compose watch` says: what changes, shortly, and all of it where something fails.
#[derive(Debug, Default)]
struct Renewal {
    said: Vec<String>,
}

impl Renewal {
    /// A line of it.
    fn hear(&mut self, line: &str) -> Option<String> {
        let services = || {
            let list = line.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
            list.map_or("a service", |(names, _)| names).replace('"', "`")
        };
        if line.contains("Watch enabled") {
            return Some("Watching files for changes.".to_owned());
        }
        if line.contains("Rebuilding service") {
            self.said.clear();
            return Some(format!("{} changed, and is built anew.", services()));
        }
        if line.contains("successfully built") {
            self.said.clear();
            return Some(format!("{} is built, and starts.", services()));
        }
        if line.contains("restarted") {
            self.said.clear();
            return Some(format!("{} changed, and starts anew.", services()));
        }
        self.said.push(visible(line.trim()));
        let words = line.to_lowercase();
        let fails = words.contains("error") || words.contains("failed");
        fails.then(|| std::mem::take(&mut self.said).join("\n"))
    }
}

/// A service that ended without being asked to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Death {
    service: String,
    code: i64,
}

/// What the engine says of ends.
#[derive(Debug, Default)]
struct Deaths {
    /// The containers that were asked to end.
    asked: BTreeSet<String>,
}

impl Deaths {
    /// A line of `docker events`.
    fn hear(&mut self, line: &str) -> Option<Death> {
        let event: Value = serde_json::from_str(line).ok()?;
        let action = event.get("Action").and_then(Value::as_str)?;
        let actor = event.get("Actor")?;
        let id = actor.get("ID").and_then(Value::as_str)?;
        let attribute = |name: &str| {
            let attributes = actor.get("Attributes")?;
            attributes.get(name).and_then(Value::as_str)
        };
        match action {
            "kill" if attribute("signal") != Some(KILL) => {
                self.asked.insert(id.to_owned());
                None
            }
            "die" if self.asked.remove(id) => None,
            "die" => Some(Death {
                service: attribute("com.docker.compose.service")?.to_owned(),
                code: attribute("exitCode")
                    .and_then(|code| code.parse().ok())
                    .unwrap_or(-1),
            }),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Death, Deaths, Names, Renewal, spoken};
    use crate::render::Colour;

    fn event(action: &str, attributes: &str) -> String {
        format!(
            r#"{{"Action":"{action}","Actor":{{"ID":"1","Attributes":{{"com.docker.compose.service":"web",{attributes}}}}}}}"#
        )
    }

    #[test]
    fn an_end_that_was_asked_for_is_no_death() {
        let mut deaths = Deaths::default();
        let death = |code| {
            Some(Death {
                service: "web".into(),
                code,
            })
        };
        assert_eq!(deaths.hear(&event("die", r#""exitCode":"3""#)), death(3));
        assert_eq!(deaths.hear(&event("kill", r#""signal":"15""#)), None);
        assert_eq!(deaths.hear(&event("die", r#""exitCode":"143""#)), None);
        assert_eq!(deaths.hear(&event("kill", r#""signal":"9""#)), None);
        assert_eq!(deaths.hear(&event("die", r#""exitCode":"137""#)), death(137));
        assert_eq!(deaths.hear("not json"), None);
    }

    #[test]
    fn names_stand_in_a_column_and_roles_may_hold_a_hyphen() {
        let names = Names::new(["api", "front-end"], Colour::Plain);
        let line = |text| names.line(text).unwrap();
        assert_eq!(line("api-1  | a | b"), "api       | a | b\n");
        assert_eq!(line("front-end-1  | c"), "front-end | c\n");
        assert_eq!(line("api-1  |   indented"), "api       |   indented\n");
        assert_eq!(line("api-1    [1]: a | b"), "api       | [1]: a | b\n");
        assert_eq!(line("no name"), "no name\n");
        assert_eq!(names.line("\r\u{1b}[Kapi-1 exited with code 1"), None);
    }

    #[test]
    fn colours_of_a_service_stay_and_nothing_else_acts() {
        let text = "\u{1b}[31mred\u{1b}[2J\tx\u{1b}]0;title";
        assert_eq!(
            spoken(text, Colour::Ansi),
            "\u{1b}[31mred\u{241b}[2J    x\u{241b}]0;title\u{1b}[0m"
        );
        assert_eq!(spoken(text, Colour::Plain), "red\u{241b}[2J    x\u{241b}]0;title");
    }

    #[test]
    fn a_change_is_told_shortly_and_a_fault_whole() {
        let mut renewal = Renewal::default();
        let heard = |renewal: &mut Renewal, line: &str| renewal.hear(line);
        assert_eq!(
            heard(&mut renewal, "Watch enabled"),
            Some("Watching files for changes.".to_owned())
        );
        assert_eq!(
            heard(
                &mut renewal,
                "Rebuilding service(s) [\"web\"] after changes were detected..."
            ),
            Some("`web` changed, and is built anew.".to_owned())
        );
        assert_eq!(heard(&mut renewal, "Step 1/2 : FROM x"), None);
        assert_eq!(
            heard(&mut renewal, "failed to solve: x"),
            Some("Step 1/2 : FROM x\nfailed to solve: x".to_owned())
        );
        assert_eq!(
            heard(&mut renewal, "service(s) [\"web\"] successfully built"),
            Some("`web` is built, and starts.".to_owned())
        );
    }
}
