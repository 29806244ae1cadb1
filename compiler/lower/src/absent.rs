//! Roles that are named and not there, and roles that are there and cannot be reached.

use crate::build::job::Run;
use crate::scope::{Role, Scope};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean};

/// Reports a role that does not exist; silent where roles were lost.
///
/// A role that the environment's overlay removes is the overlay's fault, and so is the place.
pub(crate) fn unknown_role<'a>(
    scope: &Scope,
    what: &str,
    role: &Spanned<String>,
    at: Span,
    known: impl Iterator<Item = &'a str>,
    sink: &mut Sink,
) -> Failed {
    if let Some(removed) = scope.removed.get(&role.value) {
        return sink.error(
            Diagnostic::new(
                codes::UNKNOWN_ROLE,
                format!("{} is removed here and named elsewhere", quoted(&role.value)),
            )
            .at(*removed, "removed here")
            .also(at, "named here")
            .help("keep it, or overlay what names it in this environment as well"),
        );
    }
    let misnamed = scope.misnamed.get(&role.value).copied();
    if let Some(failed) = scope.roles_lost.or(misnamed) {
        return failed;
    }
    let known: Vec<&str> = known.collect();
    let text = role.value.as_str();
    let bare = text
        .rsplit('.')
        .next()
        .unwrap_or(text)
        .split(':')
        .next()
        .unwrap_or(text);
    let secret = text.strip_prefix("secrets.");
    let near = if secret.is_none() && bare != text && known.contains(&bare) {
        Some(format!("did you mean `{bare}`?"))
    } else {
        did_you_mean(text, known.iter().copied())
    };
    if let Some(secret) = secret {
        return sink.error(
            Diagnostic::new(codes::UNKNOWN_ROLE, what)
                .at(role.span, "a secret is no role")
                .help(format!(
                    "a secret reaches a service by a reference: `{secret}: ${{secrets.{secret}}}`"
                )),
        );
    }
    if let Some(near) = near {
        return sink.error(
            Diagnostic::new(codes::UNKNOWN_ROLE, what)
                .at(role.span, "not declared")
                .help(near),
        );
    }
    let product = role
        .value
        .split_once(':')
        .filter(|(word, _)| exoc_catalogue::named(word).is_some());
    let declare = match product {
        Some((word, _)) => format!(
            "declare `{word}: {}` under `dependencies`, and write its role here: `{word}`",
            role.value
        ),
        None => "declare it in application.yml under `services` or `dependencies`".to_owned(),
    };
    sink.error(
        Diagnostic::new(codes::UNKNOWN_ROLE, what)
            .at(role.span, "not declared")
            .help(declare),
    )
}

/// Reports a role that listens on no port and is named at `at` to be connected to.
///
/// A layer that takes its ports away is the culprit, and so is the place; a job has none to take away.
pub(crate) fn unreachable(found: &Role, role: &str, at: Span, sink: &mut Sink) -> Failed {
    match found.run {
        Run::On => {}
        Run::Before | Run::Later => {
            let message = format!("the job {} is referred to", quoted(role));
            return sink.error(
                Diagnostic::new(codes::JOB_USE, message)
                    .at(at, "nothing connects to a job")
                    .also(found.place(), "declared here")
                    .help("remove it; a job that waits for a `before-deploy` job names it under `uses`"),
            );
        }
    }
    let noun = found.noun.word();
    let message = format!("the {noun} {} listens on no port, and is used", quoted(role));
    let diagnostic = Diagnostic::new(codes::UNREACHABLE_ROLE, message);
    let diagnostic = match found.taken.ports {
        Some(taken) => diagnostic.at(taken, "removed here").also(at, "used here"),
        None => diagnostic.at(at, "there is nothing to connect to"),
    };
    let help = format!("give {} a `port`, or leave it out here", quoted(role));
    sink.error(diagnostic.also(found.key, "declared here").help(help))
}

/// Reports a volume that is named at `at` to be connected to.
pub(crate) fn mounted(found: &Role, role: &str, at: Span, sink: &mut Sink) -> Failed {
    let message = format!("the dependency {} is a volume, and is used", quoted(role));
    sink.error(
        Diagnostic::new(codes::UNREACHABLE_ROLE, message)
            .at(at, "nothing connects to a volume")
            .also(found.place(), "declared here")
            .help(format!(
                "mount it instead: `volumes: {{ {role}: /srv/{role} }}`, which is a use"
            )),
    )
}
