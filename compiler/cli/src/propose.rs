//! An application for a folder that has none: what lies there is looked at, and files are proposed. Touches no disk, asks
//! nobody, and knows no target.
//!
//! | Part | Where |
//! |---|---|
//! | which folders there are, and what is in them | `walk` |
//! | what a Dockerfile and a list of libraries say | `dockerfile`, `library` |
//! | what a compose file says | `compose` |
//! | the files | `write` |
//!
//! Only what a file says is proposed. What would have to be guessed is left out, and said.

mod compose;
mod dockerfile;
mod health;
mod library;
mod walk;
mod write;

pub use health::Health;
pub use write::files;

use self::dockerfile::{Dockerfile, User};
use self::walk::Place;
use exoc_diagnostics::{ReadError, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// An application that would fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proposal {
    /// What it is called.
    pub name: String,
    /// Its services, by role.
    pub services: BTreeMap<String, Service>,
    /// What they use, by role: type and version as the language writes them.
    pub dependencies: BTreeMap<String, String>,
    /// The names of secrets that somebody has to supply.
    pub secrets: BTreeSet<String>,
    /// What was seen and not taken over, or should be looked at, a sentence each.
    pub remarks: Vec<String>,
}

/// A service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The folder that it is built in, from the application's.
    pub folder: String,
    /// The name of the Dockerfile if it is another, and the stage if it is not the last.
    pub build: (Option<String>, Option<String>),
    /// Where it listens.
    pub port: Option<u16>,
    /// Where it is reached from outside, if it is public.
    pub route: Option<Route>,
    /// What tells that it is well.
    pub health: Option<Health>,
    /// What runs instead of the image's command.
    pub command: Option<Vec<String>>,
    /// What runs on a developer's machine, where the folder is mounted to.
    pub development: Option<(Option<Vec<String>>, String)>,
    /// When it runs, if it is a job.
    pub when: Option<&'static str>,
    /// Whom it uses.
    pub uses: BTreeSet<String>,
    /// Its variables.
    pub environment: BTreeMap<String, String>,
    /// Folders that outlive it, by name.
    pub volumes: BTreeMap<String, String>,
    /// The number of its user, where the image only has a name.
    pub user: Option<u32>,
}

/// Where a service is reached from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// At the environment's own host.
    Front,
    /// At a host that begins with its role.
    OwnHost,
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nothing {
    /// Nothing says how anything is built or run.
    NoService {
        /// What was seen all the same, a sentence each.
        remarks: Vec<String>,
    },
    /// A folder could not be read.
    Unreadable(ReadError),
}

/// What fits this folder, which is called so.
///
/// # Errors
///
/// If no service is found, or the folder cannot be read.
pub fn propose(sources: &dyn Sources, folder: &str) -> Result<Proposal, Nothing> {
    let (places, cut) = walk::places(sources).map_err(Nothing::Unreadable)?;
    let mut proposal = Proposal {
        name: name(folder, 32).unwrap_or_else(|| "application".to_owned()),
        ..Proposal::default()
    };
    if let Some(most) = cut {
        proposal.remarks.push(format!(
            "there are more than {most} folders: those behind `{}` were not looked at",
            places.last().map_or("", |place| place.path.as_str())
        ));
    }
    let composed = compose::take(&places, &mut proposal);
    for place in &places {
        of_folder(place, composed, &mut proposal);
    }
    doors(&mut proposal, composed);
    edges(&mut proposal);
    if proposal.services.is_empty() {
        return Err(Nothing::NoService {
            remarks: proposal.remarks,
        });
    }
    Ok(proposal)
}

/// Whether a compose file says which services there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Composed {
    Yes,
    No,
}

/// What a folder's own files say: of a service that a compose file names only what that leaves open.
fn of_folder(place: &Place, composed: Composed, proposal: &mut Proposal) {
    let path = place.path.as_str();
    let libraries = library::products(place);
    let Some(text) = place.files.get("Dockerfile") else {
        if !libraries.is_empty() || library::is_program(place) {
            let shown = if path.is_empty() { "this folder" } else { path };
            if composed == Composed::No {
                proposal.remarks.push(format!(
                    "`{shown}` has a program and no Dockerfile: with one it would be a service"
                ));
            }
        }
        return;
    };
    let known: Vec<String> = proposal
        .services
        .iter()
        .filter(|(_, service)| service.folder == path)
        .map(|(role, _)| role.clone())
        .collect();
    let file = dockerfile::read(text);
    let roles = match (known.as_slice(), composed) {
        ([], Composed::Yes) => {
            proposal.remarks.push(format!(
                "`{}` is built by no service of the compose file",
                place.shown("Dockerfile")
            ));
            return;
        }
        ([], Composed::No) => processes(place, &file, proposal),
        (known, _) => known.to_vec(),
    };
    // A compose file names all that there is: libraries only tell who uses it.
    let uses: BTreeSet<String> = match composed {
        Composed::Yes => libraries
            .iter()
            .filter_map(|kind| known_dependency(*kind, proposal))
            .collect(),
        Composed::No => libraries.iter().map(|kind| dependency(*kind, proposal)).collect(),
    };
    for role in roles {
        let mut remarks = Vec::new();
        if let Some(service) = proposal.services.get_mut(&role) {
            service.uses.extend(uses.iter().cloned());
            if service.port.is_none() && service.when.is_none() && composed == Composed::Yes {
                service.port = file.ports.first().copied();
                if service.port.is_none() {
                    remarks.push(format!(
                        "nothing says where `{role}` listens: it is a worker until it has a `port`"
                    ));
                }
            }
            match &file.user {
                User::Named { name, number } => {
                    service.user = Some(number.unwrap_or(DEFAULT_USER));
                    if number.is_none() {
                        remarks.push(format!(
                            "`{}` runs as `{name}`, whose number it does not say: `{role}` has {DEFAULT_USER}",
                            place.shown("Dockerfile")
                        ));
                    }
                }
                User::Numbered | User::Unsaid => {}
            }
        }
        proposal.remarks.extend(remarks);
    }
}

/// The number of the first user that most distributions make.
const DEFAULT_USER: u32 = 1000;

/// The services of a folder with a Dockerfile: one, or one for each process of its Procfile.
fn processes(place: &Place, file: &Dockerfile, proposal: &mut Proposal) -> Vec<String> {
    let named = place.path.segments().filter(|segment| !GENERIC.contains(segment));
    let own = named.last().unwrap_or(&proposal.name).to_owned();
    let own = role(&own, proposal);
    let service = Service {
        folder: place.path.as_str().to_owned(),
        ..Service::default()
    };
    let lines: Vec<(String, String)> = place.files.get("Procfile").map_or_else(Vec::new, |text| {
        let lines = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, command)| (name.trim().to_owned(), command.trim().to_owned()))
            .filter(|(_, command)| !command.is_empty())
            .collect()
    });
    if lines.is_empty() {
        let service = Service {
            port: file.ports.first().copied(),
            ..service
        };
        if service.port.is_none() {
            proposal.remarks.push(format!(
                "nothing says where `{own}` listens: it is a worker until it has a `port`"
            ));
        }
        proposal.services.insert(own.clone(), service);
        return vec![own];
    }
    let mut roles = Vec::new();
    for (process, command) in lines {
        let name = role(&process, proposal);
        let is_web = process == "web";
        let one = Service {
            port: if is_web {
                file.ports.first().copied().or(Some(WEB))
            } else {
                None
            },
            command: Some(words(&command)),
            when: (process == "release").then_some("before-deploy"),
            environment: if is_web && file.ports.is_empty() {
                BTreeMap::from([("PORT".to_owned(), WEB.to_string())])
            } else {
                BTreeMap::new()
            },
            ..service.clone()
        };
        proposal.services.insert(name.clone(), one);
        roles.push(name);
    }
    roles
}

/// Names of folders that say nothing of what is in them.
const GENERIC: &[&str] = &["code", "docker", "server", "source", "src"];

/// Where a process `web` listens that takes its port from the variable `PORT`.
const WEB: u16 = 8080;

/// The role of a dependency of this type, which is made if there is none.
fn dependency(product: library::Kind, proposal: &mut Proposal) -> String {
    if let Some(role) = known_dependency(product, proposal) {
        return role;
    }
    let role = role(product.role, proposal);
    proposal.dependencies.insert(role.clone(), product.written());
    role
}

fn known_dependency(kind: library::Kind, proposal: &Proposal) -> Option<String> {
    let same = |written: &str| written.split(':').next() == Some(kind.word);
    let known = proposal.dependencies.iter().find(|(_, written)| same(written));
    known.map(|(role, _)| role.clone())
}

/// Nobody can use what listens nowhere; and what nobody uses is said.
fn edges(proposal: &mut Proposal) {
    let listening: BTreeSet<String> = proposal
        .services
        .iter()
        .filter(|(_, service)| service.port.is_some())
        .map(|(role, _)| role.clone())
        .chain(proposal.dependencies.keys().cloned())
        .collect();
    let mut remarks = Vec::new();
    let mut used = BTreeSet::new();
    for (role, service) in &mut proposal.services {
        for gone in service.uses.difference(&listening) {
            remarks.push(format!(
                "`{role}` starts after `{gone}` there, which listens nowhere: that order is not kept"
            ));
        }
        service.uses.retain(|one| listening.contains(one) && one != role);
        let texts = service.environment.values();
        let named = proposal.dependencies.keys().filter(|one| {
            let reference = format!("${{dependencies.{one}.");
            texts.clone().any(|text| text.contains(&reference))
        });
        used.extend(named.chain(&service.uses).cloned());
    }
    for unused in proposal.dependencies.keys().filter(|role| !used.contains(*role)) {
        remarks.push(format!(
            "nothing says who uses `{unused}`: name it in `uses` of whoever does, or remove it"
        ));
    }
    proposal.remarks.extend(remarks);
}

/// Who is public: whose port a compose file opens, and otherwise one service at most. Every further door is for a person to
/// open.
fn doors(proposal: &mut Proposal, composed: Composed) {
    let listens = proposal
        .services
        .iter()
        .filter(|(_, service)| service.port.is_some());
    let may = listens.filter(|(_, service)| composed == Composed::No || service.route.is_some());
    let all: Vec<String> = may.map(|(role, _)| role.clone()).collect();
    let rank = |role: &String| FRONT.iter().position(|front| role.contains(front));
    let front = match (
        all.iter().min_by_key(|role| rank(role).unwrap_or(FRONT.len())),
        composed,
    ) {
        (Some(only), _) if all.len() == 1 => Some(only.clone()),
        (Some(first), Composed::Yes) => Some(first.clone()),
        (Some(first), Composed::No) => rank(first).map(|_| first.clone()),
        (None, _) => None,
    };
    if all.is_empty() && composed == Composed::Yes && proposal.services.values().any(|one| one.port.is_some())
    {
        let remark = "the compose file opens no port: nobody is public; who is to be reached from outside needs a `route`";
        proposal.remarks.push(remark.to_owned());
    }
    let mut others = Vec::new();
    for role in all {
        let Some(service) = proposal.services.get_mut(&role) else {
            continue;
        };
        service.route = match composed {
            _ if front.as_ref() == Some(&role) => Some(Route::Front),
            Composed::Yes => Some(Route::OwnHost),
            Composed::No => None,
        };
        if front.as_ref() != Some(&role) {
            others.push(format!("`{role}`"));
        }
    }
    if others.is_empty() {
        return;
    }
    let listed = others.join(", ");
    proposal.remarks.push(match composed {
        Composed::Yes => format!("{listed}: public at a host of its own, for the compose file opens its port; without `route` it is private"),
        Composed::No => format!("{listed}: private; who is to be reached from outside needs a `route`"),
    });
}

/// Parts of names that services in front of others have, the most telling first.
const FRONT: &[&str] = &["web", "front", "ui", "client", "site", "app", "gateway", "proxy"];

/// A command as words; one that only a shell understands is given to one.
fn words(command: &str) -> Vec<String> {
    let needs_shell = |c: char| "|&;<>$`*?(){}[]\"'#~!\\".contains(c);
    let begins = command.split_whitespace().next().unwrap_or_default();
    if command.contains(needs_shell) || begins.contains('=') {
        return vec!["sh".to_owned(), "-c".to_owned(), format!("exec {command}")];
    }
    command.split_whitespace().map(str::to_owned).collect()
}

/// A role that nothing has yet.
fn role(text: &str, proposal: &Proposal) -> String {
    let wanted = name(text, 52).unwrap_or_else(|| "service".to_owned());
    let wanted = match wanted.as_str() {
        "internet" | "local" => format!("{wanted}-service"),
        other if other.starts_with("exoc-") => format!("my-{other}"),
        _ => wanted,
    };
    let taken = |role: &str| proposal.services.contains_key(role) || proposal.dependencies.contains_key(role);
    if !taken(&wanted) {
        return wanted;
    }
    let numbered = (2u32..).map(|number| format!("{wanted}-{number}"));
    let mut free = numbered.filter(|role| !taken(role));
    free.next().unwrap_or(wanted)
}

/// A text as the language wants names: lowercase words with `-` between them, of at most `most` characters.
fn name(text: &str, most: usize) -> Option<String> {
    let lower = text.to_lowercase();
    let words = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    let joined = words.collect::<Vec<_>>().join("-");
    let begun = joined.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    let cut: String = begun.chars().take(most).collect();
    let cut = cut.trim_end_matches('-');
    (!cut.is_empty()).then(|| cut.to_owned())
}
