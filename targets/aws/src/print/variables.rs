//! `variables.tf`: what the files take as input, in alphabetical order.

use super::common::File;
use crate::model::{Model, StoredSecret};
use exoc_emit::hcl::{Block, Body, Expression, Object, block, call, equal, for_list, list, reference, var};

/// The inputs that this module has.
pub(super) fn file(model: &Model) -> File {
    let mut file = File::default();
    if let Some(companion) = &model.images.companion {
        file.add(
            "For accounts that pull through a cache of their own.",
            &companion.lines,
            variable(
                "companion_image",
                "Image of the containers that check tasks and write their files; busybox or the like.",
                "string",
            )
            .attr("default", &companion.image)
            .attr("nullable", false),
        );
    }
    if let Some(lines) = &model.protected {
        file.add(
            "To be set to false and applied before the environment is destroyed.",
            lines,
            variable(
                "deletion_protection",
                "Whether what holds data or is public refuses to be destroyed.",
                "bool",
            )
            .attr("default", true)
            .attr("nullable", false),
        );
    }
    let keys: Vec<&str> = model
        .images
        .built
        .iter()
        .filter(|image| !image.pinned)
        .map(|image| image.key.as_str())
        .collect();
    if !keys.is_empty() {
        file.add(
            "The one thing that changes with every release.",
            &model.images.input_lines,
            images(&keys),
        );
    }
    if !model.secrets.versioned.is_empty() {
        file.add(
            "Numbers may only grow; what is not named here has the number 1.",
            &model.secrets.versioned_lines,
            versions(&model.secrets.versioned),
        );
    }
    let supplied: Vec<&str> = model
        .secrets
        .supplied
        .iter()
        .filter_map(StoredSecret::key)
        .collect();
    if !supplied.is_empty() {
        file.add(
            "Never stored by Terraform: neither the plan nor the state holds it.",
            &model.secrets.supplied_lines,
            variable(
                "secrets",
                "Values to store in this run, by name: of secrets that are new, or whose number was raised.",
                "",
            )
            .attr("type", call("map", [reference(["string"])]))
            .attr("default", Object::new())
            .attr("ephemeral", true)
            .attr("nullable", false)
            .attr("sensitive", true)
            .block("validation", |body| only(body, "secrets", &supplied, "values")),
        );
    }
    file
}

fn variable(name: &str, description: &str, kind: &str) -> Block {
    let block = block("variable", [name]).attr("description", description);
    if kind.is_empty() {
        block
    } else {
        block.attr("type", reference([kind]))
    }
}

fn names(keys: &[impl AsRef<str>]) -> Expression {
    list(keys.iter().map(|key| Expression::from(key.as_ref())))
}

fn images(keys: &[&str]) -> Block {
    let exactly = equal(
        call("toset", [call("keys", [var("images")])]),
        call("toset", [names(keys)]),
    );
    let pinned = for_list(
        "image",
        call("values", [var("images")]),
        call(
            "can",
            [call("regex", [Expression::from(PINNED), reference(["image"])])],
        ),
    );
    variable(
        "images",
        "Whole reference of the image to run for each image that is built, with tag or digest.",
        "",
    )
    .attr("type", call("map", [reference(["string"])]))
    .attr("nullable", false)
    .block("validation", |body| {
        body.attr("condition", exactly).attr(
            "error_message",
            format!("Give exactly these images: {}.", keys.join(", ")),
        )
    })
    .block("validation", |body| {
        body.attr("condition", call("alltrue", [Expression::from(pinned)]))
            .attr("error_message", "Every image needs a tag or a digest.")
    })
}

/// Ends with a tag or a digest.
const PINNED: &str = "^[^@ ]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$";

fn versions(keys: &[String]) -> Block {
    variable(
        "secret_versions",
        "Numbers of secrets, by name; a higher number stores a new value.",
        "",
    )
    .attr("type", call("map", [reference(["number"])]))
    .attr("default", Object::new())
    .attr("nullable", false)
    .block("validation", |body| {
        only(body, "secret_versions", keys, "numbers")
    })
}

/// Refuses keys that nothing has, which are slips.
fn only(body: Body, variable: &str, keys: &[impl AsRef<str>], what: &str) -> Body {
    let unknown = call("setsubtract", [call("keys", [var(variable)]), names(keys)]);
    let known: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
    body.attr("condition", equal(call("length", [unknown]), 0)).attr(
        "error_message",
        format!("Only these have {what}: {}.", known.join(", ")),
    )
}
