//! Images are made and had: what is built is built, the rest is pulled if it is missing. What goes wrong is told with
//! the image and with the engine's last words.

use super::Session;
use super::follow::spoken;
use super::start::{LINES, evidence};
use crate::engine::failed;
use crate::error::CommandError;
use crate::process::{Finished, Program};
use crate::render::Colour;
use std::collections::BTreeSet;

/// Which images are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Images {
    /// Those whose sources changed: what did not change is kept by the engine's cache.
    Changed,
    /// All of them, from the first instruction on, on bases that are pulled anew.
    Anew,
}

/// Builds and pulls the images that are meant.
///
/// # Errors
///
/// If an image cannot be made or had, with the last lines that say why; or somebody asked for an end.
pub fn build(session: &Session<'_>, images: Images) -> Result<(), CommandError> {
    for step in steps(session, images) {
        session.console.progress(&format!("{}.", step.what));
        let finished = session
            .console
            .waiting(step.what, || step.program.run(session.stop))
            .map_err(failed)?;
        if !finished.is_fine() {
            return Err((step.fault)(&finished));
        }
    }
    Ok(())
}

/// What `build` would run, in order.
pub(super) fn commands(session: &Session<'_>, images: Images) -> Vec<String> {
    let steps = steps(session, images).into_iter();
    steps.map(|step| step.program.shown()).collect()
}

/// A program that has to end well.
struct Step {
    what: &'static str,
    program: Program,
    fault: fn(&Finished) -> CommandError,
}

fn steps(session: &Session<'_>, images: Images) -> Vec<Step> {
    let of = |built: bool| {
        let services = session.model.services.iter();
        let services = services.filter(move |(name, it)| it.is_built == built && session.means(name));
        services.map(|(name, _)| name.as_str()).collect::<Vec<_>>()
    };
    let (built, pulled) = (of(true), of(false));
    let anew: &[&str] = match images {
        Images::Changed => &[],
        Images::Anew => &["--no-cache", "--pull"],
    };
    let mut steps = Vec::new();
    if !built.is_empty() {
        steps.push(Step {
            what: "Building images",
            program: session
                .project
                .compose(["--progress", "plain", "build"])
                .with(anew.iter().copied())
                .with(built),
            fault: not_built,
        });
    }
    if !pulled.is_empty() {
        steps.push(Step {
            what: "Pulling images that are not there",
            program: session
                .project
                .compose(["pull", "--quiet", "--policy", "missing"])
                .with(pulled),
            fault: not_pulled,
        });
    }
    steps
}

fn not_built(finished: &Finished) -> CommandError {
    let lines = last_words(finished);
    let says = |words: &str| lines.iter().any(|line| line.contains(words));
    let reason = if says("failed to read dockerfile") || says("Cannot locate specified Dockerfile") {
        ": its Dockerfile is missing"
    } else {
        ""
    };
    // `target web: failed to solve: …` is how BuildKit ends.
    let of = |line: &String| Some(line.split_once("target ")?.1.split_once(": failed")?.0.to_owned());
    CommandError::Surroundings {
        message: match lines.iter().find_map(of) {
            Some(service) => format!("the image of `{service}` cannot be built{reason}"),
            None => format!("an image cannot be built{reason}"),
        },
        help: evidence("the last lines were", &lines),
    }
}

/// What the words of a registry, or of one that is out of reach, mean; the first that fits counts.
///
/// Source: the messages of Docker Engine 28 and of Go's network library, read 2026-11.
const REASONS: &[(&[&str], &str, &str)] = &[
    (
        &[
            "no such host",
            "dial tcp",
            "i/o timeout",
            "network is unreachable",
            "server misbehaving",
        ],
        "its registry cannot be reached",
        "see whether this machine reaches the network, and whether the name begins with the right registry",
    ),
    (
        &["x509", "certificate"],
        "the certificate of its registry is not trusted",
        "trust the registry's authority in the engine's settings",
    ),
    (
        &["toomanyrequests", "rate limit"],
        "its registry allows no more pulls for now",
        "log in with `docker login REGISTRY`, or wait",
    ),
    (
        &["denied", "unauthorized", "authentication required"],
        "it is private, or there is none of that name",
        "log in with `docker login REGISTRY`, or correct the name",
    ),
    (
        &["not found", "manifest unknown", "no such image"],
        "there is none of that name and tag",
        "correct the name or the tag in the manifest",
    ),
    (
        &["no matching manifest"],
        "it does not exist for this machine's processor",
        "name an image that offers this platform",
    ),
];

fn not_pulled(finished: &Finished) -> CommandError {
    let lines = last_words(finished);
    let says = |words: &[&str]| {
        let said = |line: &String| words.iter().any(|word| line.to_lowercase().contains(word));
        lines.iter().any(said)
    };
    let known = REASONS.iter().find(|(words, _, _)| says(words));
    let (reason, help) = known.map_or(("", "see whether its registry can be reached from here"), |it| {
        (it.1, it.2)
    });
    // ` Image db:1 Error …` is how compose tells whose fault it is.
    let of = |line: &String| {
        Some(
            line.trim()
                .strip_prefix("Image ")?
                .split_once(" Error")?
                .0
                .to_owned(),
        )
    };
    let images: BTreeSet<String> = lines.iter().filter_map(of).map(|it| format!("`{it}`")).collect();
    let images: Vec<String> = images.into_iter().collect();
    let whose = match images.as_slice() {
        [] => "an image".to_owned(),
        [image] => format!("the image {image}"),
        several => format!("the images {}", several.join(", ")),
    };
    let colon = if reason.is_empty() { "" } else { ": " };
    let mut all = vec![help.to_owned()];
    all.extend(evidence("the last lines were", &lines));
    CommandError::Surroundings {
        message: format!("{whose} cannot be pulled{colon}{reason}"),
        help: all,
    }
}

/// The last lines without colours, and without what went well.
fn last_words(finished: &Finished) -> Vec<String> {
    let well = ["Skipped", "Pulling", "Pulled", "Building", "Interrupted"];
    let lines = finished.last_lines(usize::MAX).into_iter();
    let lines = lines.map(|line| spoken(line, Colour::Plain));
    let mut lines: Vec<String> = lines
        .filter(|line| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let progress = matches!(words.as_slice(), ["Image", _, state, ..] if well.contains(state));
            !progress && !words.is_empty()
        })
        .collect();
    lines.drain(..lines.len().saturating_sub(LINES));
    lines
}

#[cfg(test)]
mod tests {
    use super::{not_built, not_pulled};
    use crate::process::Finished;

    fn finished(err: &str) -> Finished {
        Finished {
            code: Some(1),
            out: String::new(),
            err: err.to_owned(),
        }
    }

    #[test]
    fn the_engines_words_are_told_apart() {
        let message = |err| not_pulled(&finished(err)).to_string();
        assert!(message("pull access denied for x").contains("private"));
        assert!(message("manifest for x:1 not found").contains("none of that name and tag"));
        assert!(message("dial tcp: lookup x: no such host").contains("registry cannot be reached"));
        assert!(message("no matching manifest for linux/arm64").contains("processor"));
        assert_eq!(message("a word"), "an image cannot be pulled");
        assert_eq!(
            message(" Image b:1 Error not found\n Image a:1 Error not found"),
            "the images `a:1`, `b:1` cannot be pulled: there is none of that name and tag"
        );
        let built = not_built(&finished(
            "step 1\nfailed to read dockerfile: open Dockerfile: no such file",
        ));
        assert!(built.to_string().contains("Dockerfile is missing"));
        assert!(built.help().iter().any(|help| help.contains("step 1")));
    }
}
