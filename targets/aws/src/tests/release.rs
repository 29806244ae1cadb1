//! What a pipeline is told, beside what the page tells people.

use super::files;
use crate::support::{shop, skeleton};
use exoc_diagnostics::VirtualPath;
use exoc_ir::Artifacts;
use serde_json::{Value, json};

fn document(artifacts: &Artifacts) -> Value {
    let path = VirtualPath::new("release.json").unwrap();
    serde_json::from_slice(&artifacts.get(&path).unwrap().contents).unwrap()
}

#[test]
fn a_pipeline_is_told_the_place_the_images_and_the_names_of_secrets() {
    let document = document(&files(&shop(None)));
    assert_eq!(document["account"], "123456789012");
    assert_eq!(document["region"], "eu-central-1");
    assert_eq!(
        document["registry"],
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    );
    assert_eq!(
        document["state"],
        json!({ "bucket": null, "key": "shop/production/terraform.tfstate" })
    );
    assert_eq!(document["secrets"], json!(["PAYMENTS_KEY", "SMTP_PASSWORD"]));
    let keys: Vec<&String> = document["images"].as_object().unwrap().keys().collect();
    assert_eq!(keys, ["api", "catalog", "web"]);
    let api = &document["images"]["api"];
    assert_eq!(api["resource"], "aws_ecr_repository.api");
    assert_eq!(
        api["repository"],
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-production/api"
    );
    assert_eq!(api["context"], "api");
}

#[test]
fn what_there_is_none_of_is_empty_and_not_left_out() {
    let document = document(&files(&skeleton()));
    for list in ["secrets", "before_deploy", "after_deploy"] {
        assert_eq!(document[list], json!([]), "{list}");
    }
}
