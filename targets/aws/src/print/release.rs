//! `release.json`: what a pipeline must know to release, for programs. `README.md` says the same to people.

use super::{outputs, readme};
use crate::model::{Build, BuiltImage, Content, ImageHome, Model, Recipe};
use serde_json::{Map, Value, json};

/// The document, with a line end at its end.
pub(super) fn document(model: &Model) -> String {
    let built = || model.images.built.iter().filter(|image| !image.pinned);
    let own = built().any(|image| matches!(image.home, ImageHome::Repository { .. }));
    let images: Map<String, Value> = built()
        .map(|image| (image.key.clone(), described(model, image)))
        .collect();
    let before = model.gate.as_ref().map(|gate| gate.jobs.as_slice());
    let document = json!({
        "account": model.place.account,
        "region": model.place.region,
        "state": { "bucket": model.state.bucket, "key": model.state.key },
        "registry": own.then(|| readme::registry_host(model)),
        "images": images,
        "secrets": secrets(model),
        "before_deploy": before.unwrap_or_default(),
        "after_deploy": outputs::after(model),
    });
    format!("{document:#}\n")
}

/// How an image is built and where it is pushed. Paths are seen from the application's folder, as in the output `images`.
fn described(model: &Model, image: &BuiltImage) -> Value {
    let mut object = Map::new();
    object.insert("repository".into(), readme::repository(model, image).into());
    if let ImageHome::Repository { address, name: _ } = &image.home {
        object.insert("resource".into(), format!("aws_ecr_repository.{address}").into());
    }
    match &image.recipe {
        Recipe::Layer(layer) => {
            object.insert("bake".into(), layer.target.as_str().into());
        }
        Recipe::Build(Build {
            context,
            file,
            stage,
            args,
            platforms,
        }) => {
            let context = if context.is_empty() { "." } else { context };
            let args: Map<String, Value> = args
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().into()))
                .collect();
            object.insert("context".into(), context.into());
            object.insert("dockerfile".into(), file.as_str().into());
            object.insert("target".into(), stage.as_deref().into());
            object.insert("args".into(), args.into());
            object.insert("platforms".into(), platforms.as_slice().into());
        }
    }
    object.into()
}

/// The names under which values are supplied, in the order of the page.
fn secrets(model: &Model) -> Vec<&str> {
    let supplied = model.secrets.supplied.iter();
    let key = supplied.filter_map(|secret| match &secret.content {
        Content::Supplied { key } => Some(key.as_str()),
        Content::Generated { .. }
        | Content::InState { .. }
        | Content::Fixed { .. }
        | Content::Composed { .. } => None,
    });
    key.collect()
}
