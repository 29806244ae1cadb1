//! What the last stage of a Dockerfile says of how it runs.

use std::collections::BTreeMap;

/// What it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Dockerfile {
    /// Where it listens, in the order of the file.
    pub(super) ports: Vec<u16>,
    pub(super) user: User,
}

/// Who runs it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum User {
    /// Nothing is said.
    #[default]
    Unsaid,
    /// A number, which exoc reads by itself.
    Numbered,
    /// A name, with its number if that is known.
    Named { name: String, number: Option<u32> },
}

/// Users of well-known base images, and their numbers. From the images' own Dockerfiles: node 22, nginx 1.29,
/// distroless (`nonroot`), Debian's and Alpine's base (2026-11).
const USERS: &[(&str, u32)] = &[
    ("node", 1000),
    ("nginx", 101),
    ("nonroot", 65_532),
    ("nobody", 65_534),
    ("www-data", 33),
];

/// Reads the text.
pub(super) fn read(text: &str) -> Dockerfile {
    let mut stages: BTreeMap<String, Dockerfile> = BTreeMap::new();
    let mut name = String::new();
    let mut stage = Dockerfile::default();
    for line in instructions(text) {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
        match word.to_ascii_uppercase().as_str() {
            "FROM" => {
                stages.insert(std::mem::take(&mut name), stage);
                let words: Vec<&str> = rest
                    .split_whitespace()
                    .filter(|word| !word.starts_with("--"))
                    .collect();
                // One that begins with another stage has what that says.
                let base = words.first().map(|base| base.to_lowercase()).unwrap_or_default();
                stage = stages.get(&base).cloned().unwrap_or_else(|| of_image(&base));
                name = words.get(2).map(|name| name.to_lowercase()).unwrap_or_default();
            }
            "EXPOSE" => {
                let tcp = rest.split_whitespace().filter(|port| !port.ends_with("/udp"));
                let numbers = tcp.filter_map(|port| port.trim_end_matches("/tcp").parse::<u16>().ok());
                stage.ports.extend(numbers);
            }
            "USER" => stage.user = user(rest.trim(), text),
            _ => {}
        }
    }
    stage
}

/// What a base image exposes itself. From the Dockerfiles of the official images (2026-11).
const EXPOSED: &[(&str, u16)] = &[("caddy", 80), ("httpd", 80), ("nginx", 80)];

/// What a stage has from its image.
fn of_image(image: &str) -> Dockerfile {
    let name = image.rsplit('/').next().unwrap_or(image);
    let name = name.split([':', '@']).next().unwrap_or(name);
    let known = EXPOSED.iter().find(|(known, _)| *known == name);
    Dockerfile {
        ports: known.map(|(_, port)| *port).into_iter().collect(),
        user: User::Unsaid,
    }
}

/// Lines that belong together as one, without comments.
fn instructions(text: &str) -> Vec<String> {
    let mut whole = Vec::new();
    let mut line = String::new();
    for part in text.lines().map(str::trim).filter(|part| !part.starts_with('#')) {
        match part.strip_suffix('\\') {
            Some(begun) => {
                line.push_str(begun);
                line.push(' ');
            }
            None => {
                line.push_str(part);
                whole.push(std::mem::take(&mut line));
            }
        }
    }
    whole.push(line);
    whole
}

fn user(written: &str, text: &str) -> User {
    let name = written.split(':').next().unwrap_or_default();
    if name.is_empty() || name.starts_with('$') {
        return User::Unsaid;
    }
    if name.bytes().all(|byte| byte.is_ascii_digit()) || name == "root" {
        return User::Numbered;
    }
    let number = made(name, text).or_else(|| {
        let known = USERS.iter().find(|(known, _)| *known == name);
        known.map(|(_, number)| *number)
    });
    User::Named {
        name: name.to_owned(),
        number,
    }
}

/// The number with which a command of the file makes a user.
fn made(name: &str, text: &str) -> Option<u32> {
    let lines = instructions(text);
    let commands = lines.iter().flat_map(|line| line.split("&&"));
    let makes = |command: &&str| {
        let mut words = command.split_whitespace();
        words
            .clone()
            .any(|word| word.ends_with("adduser") || word.ends_with("useradd"))
            && words.any(|word| word == name)
    };
    commands.filter(makes).find_map(|command| {
        let words: Vec<&str> = command.split_whitespace().collect();
        let pair = words.windows(2).find_map(|pair| match pair {
            ["-u" | "--uid", number] => number.trim_matches('"').parse().ok(),
            _ => None,
        });
        pair.or_else(|| {
            words
                .iter()
                .find_map(|word| word.strip_prefix("--uid=")?.parse().ok())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{User, read};

    #[test]
    fn the_last_stage_counts() {
        let file =
            read("FROM node AS build\nEXPOSE 9999\nUSER node\nFROM nginx\nEXPOSE 80/tcp 443 \\\n  53/udp\n");
        assert_eq!(file.ports, [80, 80, 443]);
        assert_eq!(file.user, User::Unsaid);
    }

    #[test]
    fn a_stage_has_what_the_one_says_that_it_begins_with() {
        let file = read(
            "FROM node AS base\nEXPOSE 80\nFROM base AS dev\nEXPOSE 9229\nFROM --platform=x Base AS prod\nUSER node\n",
        );
        assert_eq!(file.ports, [80]);
        assert!(matches!(file.user, User::Named { .. }));
    }

    #[test]
    fn a_user_with_a_name_has_the_number_that_it_was_made_with() {
        let of = |text: &str| read(text).user;
        let named = |name: &str, number| User::Named {
            name: name.to_owned(),
            number,
        };
        assert_eq!(of("FROM a\nUSER node\n"), named("node", Some(1000)));
        assert_eq!(
            of("FROM a\nRUN addgroup -S app && adduser -S -u 1234 app\nUSER app:app\n"),
            named("app", Some(1234))
        );
        assert_eq!(
            of("FROM a\nRUN useradd --uid=77 app\nUSER app\n"),
            named("app", Some(77))
        );
        assert_eq!(of("FROM a\nUSER app\n"), named("app", None));
        assert_eq!(of("FROM a\nUSER 10001:10001\n"), User::Numbered);
        assert_eq!(of("FROM a\nUSER $APP_USER\n"), User::Unsaid);
    }
}
