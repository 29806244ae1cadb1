//! Names: their forms and lengths, the reserved ones, and names that two things have.

use crate::build::backing::{made, product};
use crate::build::identity;
use crate::field::Look;
use crate::merge::{Entry, Merged};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean};
use exoc_ir::Id;
use exoc_manifest::ast::{Field, Manifest, Table, Text};
use std::collections::BTreeMap;

const LONGEST_APP: usize = 32;
const LONGEST_ENVIRONMENT: usize = 20;
const LONGEST_ROLE: usize = 52;
const LONGEST_VOLUME: usize = 52;
/// Roles that mean something else.
const RESERVED_ROLES: &[&str] = &["internet", "local"];
const RESERVED_ROLE_PREFIX: &str = "exoc-";
const RESERVED_VARIABLE_PREFIX: &str = "EXOC_";

/// The application's name.
pub(crate) fn app(manifest: &Manifest, sink: &mut Sink) -> Result<String, Failed> {
    match &manifest.application.name {
        Field::Set(name) => {
            dashed("the application", name, LONGEST_APP, sink)?;
            Ok(name.value.clone())
        }
        Field::Broken(failed) => Err(*failed),
        Field::Absent | Field::Removed(_) => sink.checkpoint().and_then(|()| {
            Err(sink.error(
                Diagnostic::new(codes::MISSING_KEY, "the application has no `name`")
                    .at(manifest.application.span.part(0, 0), "`name` is required")
                    .help("write `name: shop` at the top of application.yml"),
            ))
        }),
    }
}

/// Names of environments, whichever is lowered.
pub(crate) fn environments(manifest: &Manifest, sink: &mut Sink) {
    for (key, field) in &manifest.application.environments {
        match field {
            Field::Set(_) | Field::Broken(_) => {
                let _reported = dashed("an environment", key, LONGEST_ENVIRONMENT, sink);
            }
            Field::Removed(_) | Field::Absent => {}
        }
    }
}

/// Names that were reported, as written and as they were probably meant, with the proof: whatever names one of them
/// either way stays silent.
pub(crate) type Misnamed = BTreeMap<String, Failed>;

/// The names of roles.
pub(crate) fn roles(merged: &Merged, sink: &mut Sink) -> Misnamed {
    let services = merged.services.iter().map(|(role, entry)| (role, entry.key));
    let dependencies = merged.dependencies.iter().map(|(role, entry)| (role, entry.key));
    let mut misnamed = Misnamed::new();
    for (name, key) in services.chain(dependencies) {
        if let Err(failed) = role(&Spanned::new(name.clone(), key), sink) {
            misnamed.extend(guess(name).map(|guess| (guess, failed)));
            misnamed.insert(name.clone(), failed);
        }
    }
    misnamed
}

/// The names of secrets.
pub(crate) fn secrets(merged: &Merged, sink: &mut Sink) -> Misnamed {
    let mut misnamed = Misnamed::new();
    for (name, _) in crate::field::members(&merged.secrets) {
        if let Err(failed) = secret(name, sink) {
            misnamed.extend(secret_guess(&name.value).map(|guess| (guess, failed)));
        }
    }
    misnamed
}

/// Services and dependencies that an overlay refines and nothing declares: nothing is known of them.
pub(crate) fn overlaid(merged: &mut Merged, misnamed: &Misnamed, sink: &mut Sink) {
    let lost = merged.roles_lost;
    let known = |role: &str| lost.or_else(|| misnamed.get(role).copied());
    let services = declared(&merged.services);
    let dependencies = declared(&merged.dependencies);
    for (role, entry) in &mut merged.services {
        let bare = entry.value.as_ref().is_ok_and(|service| {
            let layer = &service.layer;
            service.location.is_none() && is_absent(&layer.image) && is_absent(&layer.build)
        });
        if entry.overlaid && bare {
            let failed =
                known(role).unwrap_or_else(|| refines_nothing("service", role, entry.key, &services, sink));
            entry.value = Err(failed);
        }
    }
    for (role, entry) in &mut merged.dependencies {
        let bare = entry
            .value
            .as_ref()
            .is_ok_and(|dependency| is_absent(&dependency.kind));
        if entry.overlaid && bare {
            let failed = known(role)
                .unwrap_or_else(|| refines_nothing("dependency", role, entry.key, &dependencies, sink));
            entry.value = Err(failed);
        }
    }
}

fn declared<T>(entries: &BTreeMap<String, Entry<T>>) -> Vec<String> {
    let declared = entries.iter().filter(|(_, entry)| !entry.overlaid);
    declared.map(|(role, _)| role.clone()).collect()
}

const fn is_absent<T>(field: &Field<T>) -> bool {
    match field {
        Field::Absent | Field::Removed(_) => true,
        Field::Broken(_) | Field::Set(_) => false,
    }
}

fn refines_nothing(noun: &str, role: &str, at: Span, declared: &[String], sink: &mut Sink) -> Failed {
    let needs = if noun == "service" {
        "an `image`"
    } else {
        "a `type`"
    };
    sink.error(
        Diagnostic::new(
            codes::UNKNOWN_ROLE,
            format!("no {noun} is called {} to be overlaid", quoted(role)),
        )
        .at(at, "not declared by the application")
        .help_if(did_you_mean(role, declared.iter().map(String::as_str)))
        .help(format!(
            "declare it outside `environments`, or give it {needs} to add it to this environment"
        )),
    )
}

/// Names of one environment that two things have, and names of variables.
pub(crate) fn all(manifest: &Manifest, merged: &Merged, sink: &mut Sink) {
    for (role, service) in &merged.services {
        let Some(dependency) = merged.dependencies.get(role) else {
            continue;
        };
        let later = dependency.overlaid || (!service.overlaid && dependency.key > service.key);
        let (at, first) = if later {
            (dependency.key, service.key)
        } else {
            (service.key, dependency.key)
        };
        sink.error(
            Diagnostic::new(
                codes::NAME_CLASH,
                format!("a service and a dependency are both called {}", quoted(role)),
            )
            .at(at, "called the same")
            .also(first, "the first one")
            .help("give one of the two another role: both share one namespace"),
        );
    }
    made_secrets(merged, sink);
    identities(merged, sink);
    contradictions(merged, sink);
    variables(&manifest.application.shared.environment, sink);
    variables(&merged.environment, sink);
    let layers = merged
        .services
        .values()
        .filter_map(|entry| entry.value.as_ref().ok())
        .map(|service| &service.layer);
    let others = merged
        .dependencies
        .values()
        .filter_map(|entry| entry.value.as_ref().ok());
    for layer in layers.chain(others.map(|dependency| &dependency.layer)) {
        variables(&layer.environment, sink);
    }
}

/// Earlier names: their form, and that no two components go by one.
fn identities(merged: &Merged, sink: &mut Sink) {
    let services = merged.services.iter().filter_map(|(role, entry)| {
        let layer = &entry.value.as_ref().ok()?.layer;
        Some((role, entry.key, layer))
    });
    let dependencies = merged.dependencies.iter().filter_map(|(role, entry)| {
        let layer = &entry.value.as_ref().ok()?.layer;
        Some((role, entry.key, layer))
    });
    let all: Vec<_> = services.chain(dependencies).collect();
    for (role, _, layer) in &all {
        let Some(was) = layer.was.set() else { continue };
        if self::role(was, sink).is_err() {
            continue;
        }
        let other = all.iter().find(|(other, _, layer)| {
            // Of two that were called the same the later one is told.
            let earlier = layer.was.set().is_none_or(|other| other.span < was.span);
            other != role && earlier && identity(other, layer) == was.value
        });
        if let Some((other, key, layer)) = other {
            let first = layer.was.set().map_or(*key, |was| was.span);
            let message = format!("{} and {} go by one name", quoted(role), quoted(other));
            sink.error(
                Diagnostic::new(codes::NAME_CLASH, message)
                    .at(was.span, "the data of both would be one")
                    .also(first, format!("{} goes by it", quoted(other)))
                    .help("`was` is the role that this one had; a role that another has now is the other's"),
            );
        }
    }
}

/// Secrets that are made and are there already.
fn contradictions(merged: &Merged, sink: &mut Sink) {
    for (key, secret) in crate::field::members(&merged.secrets) {
        if let (Some(generate), Some(name)) = (secret.generate.set(), secret.name.set()) {
            let (at, first) = if generate.span < name.span {
                (name.span, generate.span)
            } else {
                (generate.span, name.span)
            };
            let message = format!(
                "the secret {} is made by the target and is there already",
                quoted(&key.value)
            );
            sink.error(
                Diagnostic::new(codes::CONFLICTING_KEYS, message)
                    .at(at, "one of the two")
                    .also(first, "the other")
                    .help("remove one of them; `null` removes what a weaker layer says"),
            );
        }
    }
}

/// The name of a volume.
pub(crate) fn volume(name: &Spanned<String>, sink: &mut Sink) -> Result<(), Failed> {
    dashed("a volume", name, LONGEST_VOLUME, sink)
}

/// A name of lowercase words with `-` between them.
fn dashed(what: &str, name: &Spanned<String>, longest: usize, sink: &mut Sink) -> Result<(), Failed> {
    let text = name.value.as_str();
    let length = text.chars().count();
    if length > longest {
        return Err(sink.error(
            Diagnostic::new(codes::BAD_NAME, format!("the name {} is too long", quoted(text)))
                .at(name.span, format!("{length} characters"))
                .help(format!("the name of {what} has at most {longest} characters")),
        ));
    }
    let word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(word) {
        return Ok(());
    }
    let guess = guess(text);
    let guess = guess
        .filter(|guess| guess.len() <= longest)
        .map(|guess| format!("did you mean `{guess}`?"));
    Err(sink.error(
        Diagnostic::new(codes::BAD_NAME, format!("{} is no name of {what}", quoted(text)))
            .at(name.span, "not the form of a name")
            .help_if(guess)
            .help(
                "a name begins with a letter and holds lowercase letters, digits and single `-` between them",
            ),
    ))
}

/// What was probably meant by a name in another style; nothing where a letter of it has no place in a name.
fn guess(text: &str) -> Option<String> {
    if text.chars().any(|c| c.is_alphanumeric() && !c.is_ascii()) {
        return None;
    }
    let mut guess = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() && guess.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            guess.push('-');
        }
        if c.is_ascii_alphanumeric() {
            guess.push(c.to_ascii_lowercase());
        } else if !guess.ends_with('-') {
            guess.push('-');
        }
    }
    let guess = guess.trim_matches('-');
    guess
        .starts_with(|c: char| c.is_ascii_lowercase())
        .then(|| guess.to_owned())
}

fn role(role: &Spanned<String>, sink: &mut Sink) -> Result<(), Failed> {
    let text = role.value.as_str();
    let reserved = if RESERVED_ROLES.contains(&text) {
        Some(format!("the role {} is reserved", quoted(text)))
    } else if text.starts_with(RESERVED_ROLE_PREFIX) {
        Some(format!(
            "roles that begin with `{RESERVED_ROLE_PREFIX}` are reserved"
        ))
    } else {
        None
    };
    match reserved {
        Some(message) => Err(sink.error(
            Diagnostic::new(codes::RESERVED_NAME, message)
                .at(role.span, "means something else")
                .help("choose another role"),
        )),
        None => dashed("a role", role, LONGEST_ROLE, sink),
    }
}

fn is_secret(text: &str) -> bool {
    let fine = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    text.starts_with(|c: char| c.is_ascii_uppercase()) && text.bytes().all(fine)
}

/// What was probably meant by a secret's name in another style.
fn secret_guess(text: &str) -> Option<String> {
    let mut words = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() && words.ends_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit()) {
            words.push('_');
        }
        words.push(c);
    }
    let upper = words.to_ascii_uppercase().replace(['-', '.', ' '], "_");
    Some(upper).filter(|upper| is_secret(upper))
}

fn secret(name: &Spanned<String>, sink: &mut Sink) -> Result<(), Failed> {
    let text = name.value.as_str();
    if is_secret(text) {
        return Ok(());
    }
    let guess = secret_guess(text);
    Err(sink.error(
        Diagnostic::new(
            codes::BAD_NAME,
            format!("{} is no name of a secret", quoted(text)),
        )
        .at(name.span, "not the form of a name")
        .help_if(guess.map(|guess| format!("did you mean `{guess}`?")))
        .help("a secret's name begins with a letter and holds capital letters, digits and `_`"),
    ))
}

/// Secrets that managed dependencies bring with them, against each other and against declared ones.
fn made_secrets(merged: &Merged, sink: &mut Sink) {
    let mut brought: Vec<(String, &str, Span)> = Vec::new();
    for (role, entry) in &merged.dependencies {
        let Some(product) = entry
            .value
            .as_ref()
            .ok()
            // For what exists already nothing is made.
            .filter(|dependency| dependency.existing.set().is_none())
            .and_then(|dependency| product(dependency.kind.set()?.value))
        else {
            continue;
        };
        let identity = entry
            .value
            .as_ref()
            .map_or(role.as_str(), |one| identity(role, &one.layer));
        let names = made(identity, product, Id::new(0))
            .into_iter()
            .map(|(name, _)| name);
        brought.extend(names.map(|name| (name, role.as_str(), entry.key)));
    }
    for (index, (name, role, at)) in brought.iter().enumerate() {
        let declared = merged
            .secrets
            .iter()
            .find(|(key, field)| key.value == *name && !matches!(field, Field::Removed(_)));
        let earlier = brought.iter().take(index).find(|(other, _, _)| other == name);
        let clash = match (declared, earlier) {
            (Some((key, _)), _) => Some((key.span, *at, "a secret of this name is declared".to_owned())),
            (None, Some((_, other, first))) => {
                Some((*at, *first, format!("{} brings it as well", quoted(other))))
            }
            (None, None) => None,
        };
        if let Some((primary, secondary, fact)) = clash {
            let (label, also) = if declared.is_some() {
                (fact, format!("{} brings a secret of this name", quoted(role)))
            } else {
                (format!("brings the secret {}", quoted(name)), fact)
            };
            sink.error(
                Diagnostic::new(codes::NAME_CLASH, format!("two secrets are called {}", quoted(name)))
                    .at(primary, label)
                    .also(secondary, also)
                    .help("give one of the two another name: a managed dependency's password is named after its role"),
            );
        }
    }
}

/// What was probably meant by a variable's name with other marks in it.
fn variable_guess(text: &str) -> Option<String> {
    let guess = text.replace(['-', '.', ' ', '/', ':'], "_");
    let fine = guess.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let begins = guess.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (fine && begins).then(|| format!("did you mean `{guess}`?"))
}

fn variables(table: &Table<Text>, sink: &mut Sink) {
    for name in table.keys() {
        let text = name.value.as_str();
        let fine = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
        if text.starts_with(RESERVED_VARIABLE_PREFIX) {
            sink.error(
                Diagnostic::new(
                    codes::RESERVED_NAME,
                    format!("variables that begin with `{RESERVED_VARIABLE_PREFIX}` are reserved"),
                )
                .at(name.span, "kept for what targets need themselves")
                .help("choose another name"),
            );
        } else if !text.bytes().all(fine) || text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit())
        {
            sink.error(
                Diagnostic::new(
                    codes::BAD_NAME,
                    format!("{} is no name of a variable", quoted(text)),
                )
                .at(name.span, "not every target can set it")
                .help_if(variable_guess(text))
                .help("a variable's name holds letters, digits and `_` and does not begin with a digit"),
            );
        }
    }
}
