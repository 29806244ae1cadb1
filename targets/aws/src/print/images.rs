//! `images/`: what is built besides the application's own images, which is layers of files above others.

use super::common::File;
use crate::model::{Base, Build, Images, Layer, Lines, Recipe};
use exoc_emit::hcl::{Block, Object, Template, block, list, reference};
use exoc_ir::{Artifact, Comments};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// All files, by their paths; none if no image has a layer.
pub(super) fn files(images: &Images) -> Vec<(String, Artifact)> {
    let mut files = Vec::new();
    let mut bake = File::default();
    let mut targets = Vec::new();
    let mut bases = BTreeSet::new();
    for image in &images.built {
        let layer = match &image.recipe {
            Recipe::Build(_) => continue,
            Recipe::Layer(layer) => layer,
        };
        let folder = format!("images/{}", layer.target);
        targets.push(layer.target.as_str());
        files.push((
            format!("{folder}/Dockerfile"),
            text(dockerfile(layer, &image.lines)),
        ));
        for (path, file) in &layer.files {
            let artifact = Artifact {
                contents: file.contents.clone(),
                executable: file.executable,
                comments: Comments::None,
            };
            files.push((format!("{folder}/files{path}"), artifact));
        }
        add(&mut bake, &folder, layer, &image.lines, &mut bases);
    }
    if !targets.is_empty() {
        let whole = head(&targets, images).print() + "\n" + &bake.print();
        files.push(("images/docker-bake.hcl".to_owned(), text(whole)));
    }
    files
}

fn text(contents: String) -> Artifact {
    Artifact {
        contents: contents.into_bytes(),
        executable: false,
        comments: Comments::Hash,
    }
}

fn head(targets: &[&str], images: &Images) -> File {
    let lines = &images.lines;
    let mut file = File::default();
    file.add(
        format!(
            "Builds and pushes images with files of the manifest in them, from the folder above this one:\n\
             TAG=1.0.0 docker buildx bake --allow=fs.read={} --file images/docker-bake.hcl --push",
            images.application
        ),
        lines,
        block("group", ["default"]).attr("targets", list(targets.iter().copied())),
    );
    file.add(
        "The tag of this release; a repository takes each once.",
        lines,
        block("variable", ["TAG"]),
    );
    file
}

/// The target of a layer, and that of what it lies on if that is built too and no other layer lies on it.
fn add<'m>(bake: &mut File, folder: &str, layer: &'m Layer, lines: &Lines, bases: &mut BTreeSet<&'m str>) {
    let Layer {
        role,
        target,
        base,
        user: _,
        platforms,
        repository,
        files: _,
    } = layer;
    let tag = Template::new()
        .text(&format!("{repository}:"))
        .value(reference(["TAG"]));
    let own = block("target", [target.as_str()]).attr("context", folder);
    let (own, below) = match base {
        Base::Reference(reference) => (own.attr("args", Object::new().with("BASE", reference)), None),
        Base::Built { target: below, build } => (
            own.attr("contexts", Object::new().with("base", format!("target:{below}")))
                .attr("args", Object::new().with("BASE", "base")),
            Some((below, build)),
        ),
    };
    bake.add(
        format!("The image of {role} with its files."),
        lines,
        own.attr("platforms", list(platforms))
            .attr("tags", list([exoc_emit::hcl::Expression::from(tag)])),
    );
    if let Some((below, build)) = below.filter(|(below, _)| bases.insert(below)) {
        bake.add(
            format!("What the files of {role} lie on."),
            lines,
            base_target(below, build),
        );
    }
}

fn base_target(target: &str, build: &Build) -> Block {
    let Build {
        context,
        file,
        stage,
        args,
        platforms,
    } = build;
    let args = args
        .iter()
        .fold(Object::new(), |object, (name, value)| object.with(name, value));
    block("target", [target])
        .attr("context", context)
        .attr("dockerfile", file)
        .attr_some("target", stage.as_ref())
        .attr_some("args", (!args.is_empty()).then_some(args))
        .attr("platforms", list(platforms))
}

/// Files of one folder and mode are a layer. Their names stand there one by one, for a folder that is copied gives its
/// mode and owner to the one that is there already.
fn dockerfile(layer: &Layer, lines: &Lines) -> String {
    let mut text = format!("# Files of {} above its image.\n", layer.role);
    if let Some(words) = lines.words() {
        let _ = writeln!(text, "# {words}");
    }
    text.push_str("ARG BASE\nFROM ${BASE:?missing}\n\n");
    text.push_str("# A mode in digits would be that of new folders as well, and nobody could enter them.\n");
    let mut copies: BTreeMap<(&str, bool), Vec<&str>> = BTreeMap::new();
    for (path, file) in &layer.files {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        copies.entry((folder, file.executable)).or_default().push(path);
    }
    for ((folder, executable), paths) in copies {
        let mode = if executable { "a=rx" } else { "a=r" };
        let sources = paths.iter().map(|path| word(&pattern(&format!("files{path}"))));
        let words: Vec<String> = sources.chain([word(&format!("{folder}/"))]).collect();
        let _ = writeln!(text, "COPY --chmod={mode} [{}]", words.join(", "));
    }
    let _ = write!(
        text,
        "\n# The task definition says the same of the user, and ECS asks for health itself.\nUSER {}\nHEALTHCHECK NONE\n",
        layer.user
    );
    text
}

/// A pattern that matches this path and nothing else.
fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    for letter in path.chars() {
        match letter {
            '*' | '?' | '[' => {
                pattern.push('[');
                pattern.push(letter);
                pattern.push(']');
            }
            '\\' => pattern.push_str("\\\\"),
            other => pattern.push(other),
        }
    }
    pattern
}

/// A word of a list of JSON, in which the builder replaces variables and takes quotes away.
fn word(text: &str) -> String {
    let mut word = String::from("\"");
    for letter in text.chars() {
        match letter {
            // Escaped for the builder, and that for JSON.
            '$' | '\'' => {
                word.push_str("\\\\");
                word.push(letter);
            }
            '"' => word.push_str("\\\\\\\""),
            '\\' => word.push_str("\\\\\\\\"),
            other if other.is_control() => {
                let _ = write!(word, "\\u{:04x}", u32::from(other));
            }
            other => word.push(other),
        }
    }
    word.push('"');
    word
}
