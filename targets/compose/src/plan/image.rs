//! Images: built by compose in the local environment, named by a reference or a variable elsewhere.

use super::Context;
use crate::model::{Build, Text, Variable};
use crate::names;
use exoc_ir::{Built, Id, Image, Program};

/// What a workload's service runs, and how it is made if compose makes it.
pub(super) fn image(context: &Context<'_>, id: Id<Image>) -> (Text, Option<Build>) {
    let program = context.program;
    match program.images().get(id) {
        Some(Image::Pinned(reference)) => (reference.to_string().into(), None),
        Some(Image::Built(built)) if program.environment().local => {
            let name = names::local_image(program, &built.name);
            (name.into(), Some(build(built, context.application)))
        }
        Some(Image::Built(built)) => match &built.pinned {
            Some(reference) => (reference.to_string().into(), None),
            None => (variable(program, built).into(), None),
        },
        // The program vouches that there is one.
        None => (Text::default(), None),
    }
}

/// The platform that a workload's image is pulled for: its only one. Among several the engine takes the machine's own,
/// and what compose builds is built for the machine.
pub(super) fn platform(program: &Program, id: Id<Image>, offered: &[String]) -> Option<String> {
    let offered = match program.images().get(id) {
        Some(Image::Built(_)) if program.environment().local => return None,
        Some(Image::Built(built)) if offered.is_empty() => &built.platforms,
        Some(Image::Built(_) | Image::Pinned(_)) | None => offered,
    };
    match offered {
        [only] => Some(only.clone()),
        [] | [_, _, ..] => None,
    }
}

/// The built images whose reference is an input of the project.
pub(super) fn taken_from_variables(program: &Program) -> impl Iterator<Item = (Id<Image>, &Built)> {
    let local = program.environment().local;
    program
        .images()
        .iter()
        .filter_map(move |(id, image)| match image {
            Image::Built(built) if !local && built.pinned.is_none() => Some((id, built)),
            Image::Built(_) | Image::Pinned(_) => None,
        })
}

fn variable(program: &Program, built: &Built) -> Variable {
    let name = names::image_variable(&built.name);
    let complaint = format!(
        "set {name} in .env to {} with its tag or digest",
        names::built_image(program, &built.name)
    );
    Variable { name, complaint }
}

fn build(built: &Built, application: &str) -> Build {
    let Built {
        name: _, // the tag above
        context,
        file,
        stage,
        args,
        // What a published image offers; a laptop builds for itself.
        platforms: _,
        pinned: _, // what runs elsewhere
    } = built;
    Build {
        context: beside(application, context.as_str()),
        dockerfile: file.clone(),
        target: stage.clone(),
        args: args.clone(),
    }
}

/// A folder of the application as seen from the project's. It begins with `.` or `/`, for anything else could be
/// read as the address of a repository.
pub(super) fn beside(application: &str, folder: &str) -> String {
    let start = match application.trim_end_matches('/') {
        "" => ".",
        start => start,
    };
    let start = if start.starts_with(['.', '/']) {
        start.to_owned()
    } else {
        format!("./{start}")
    };
    if folder.is_empty() {
        start
    } else {
        format!("{start}/{folder}")
    }
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_folder_is_never_mistaken_for_a_repository() {
        assert_eq!(beside("../../..", "api"), "../../../api");
        assert_eq!(beside("../../..", ""), "../../..");
        assert_eq!(beside("", "api"), "./api");
        assert_eq!(beside(".", ""), ".");
        assert_eq!(beside("app", "api"), "./app/api");
        assert_eq!(beside("/home/shop/", "api"), "/home/shop/api");
    }
}
