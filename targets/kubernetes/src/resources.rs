//! What the printed files describe, for comparisons: the objects that are applied, and which of their fields never change.
//!
//! A cluster refuses a change of an immutable field: the object has to be deleted and made anew. Sources: the validation of
//! updates in kubernetes/kubernetes, `pkg/apis/{core,apps,batch,rbac,storage}/validation/validation.go`, of 1.36.3 (module
//! k8s.io/kubernetes), and the definition of ScheduledBackup in cloudnative-pg/cloudnative-pg 1.30.0; read 2026-11.

use exoc_emit::read::{self, Value};
use exoc_ir::{Artifacts, Replacement, Resource};
use std::collections::BTreeMap;

/// Fields that force a new object: kind and field, with everything below.
const IMMUTABLE: &[(&str, &str)] = &[
    ("ClusterRoleBinding", "roleRef"),
    ("DaemonSet", "spec.selector"),
    ("Deployment", "spec.selector"),
    ("Job", "spec.backoffLimitPerIndex"),
    ("Job", "spec.completionMode"),
    ("Job", "spec.managedBy"),
    ("Job", "spec.podFailurePolicy"),
    ("Job", "spec.selector"),
    ("Job", "spec.successPolicy"),
    ("Job", "spec.template"),
    ("PersistentVolumeClaim", "spec.accessModes"),
    ("PersistentVolumeClaim", "spec.selector"),
    ("PersistentVolumeClaim", "spec.storageClassName"),
    ("PersistentVolumeClaim", "spec.volumeMode"),
    ("PersistentVolumeClaim", "spec.volumeName"),
    ("RoleBinding", "roleRef"),
    ("ScheduledBackup", "spec.cluster"),
    ("Secret", "type"),
    ("StatefulSet", "spec.podManagementPolicy"),
    ("StatefulSet", "spec.selector"),
    ("StatefulSet", "spec.serviceName"),
    ("StatefulSet", "spec.volumeClaimTemplates"),
    ("StorageClass", "parameters"),
    ("StorageClass", "provisioner"),
    ("StorageClass", "reclaimPolicy"),
    ("StorageClass", "volumeBindingMode"),
];

/// Fields that some values of which are refused: a claim grows if its class lets it, and never shrinks.
const SOMETIMES: &[(&str, &str)] = &[
    ("Job", "spec.completions"),
    ("PersistentVolumeClaim", "spec.resources"),
    ("Service", "spec.clusterIP"),
];

/// The objects, with the images that kustomize gives them.
pub(crate) fn resources(artifacts: &Artifacts) -> Vec<Resource> {
    let mut documents = Vec::new();
    let mut images: BTreeMap<String, String> = BTreeMap::new();
    for (path, artifact) in artifacts.iter() {
        if !path.name().ends_with(".yaml") {
            continue;
        }
        for document in read::yaml(&String::from_utf8_lossy(&artifact.contents)) {
            if text(&document, "/kind") == "Kustomization" {
                images.extend(renamed(&document));
            } else {
                documents.push(document);
            }
        }
    }
    let resource = |document: &Value| {
        let kind = text(document, "/kind");
        let mut attributes = read::flat(document);
        for (path, value) in &mut attributes {
            if let Some(image) = images.get(value.as_str()).filter(|_| path.ends_with(".image")) {
                image.clone_into(value);
            }
        }
        let namespace = text(document, "/metadata/namespace");
        let name = text(document, "/metadata/name");
        let whole = match namespace {
            "" => format!("{kind}/{name}"),
            namespace => format!("{kind}/{name} in {namespace}"),
        };
        Resource {
            address: whole,
            kind: kind.to_owned(),
            attributes,
            was: None,
        }
    };
    documents.iter().map(resource).collect()
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

/// The images that a kustomization names otherwise.
fn renamed(document: &Value) -> Vec<(String, String)> {
    let images = document.pointer("/images").and_then(Value::as_array);
    let one = |image: &Value| {
        let name = text(image, "/name").to_owned();
        let new = format!(
            "{}:{}{}",
            text(image, "/newName"),
            text(image, "/newTag"),
            text(image, "/digest")
        );
        (name, new)
    };
    images.into_iter().flatten().map(one).collect()
}

/// What becomes of an object of this kind when this field changes.
pub(crate) fn replacement(kind: &str, attribute: &str) -> Replacement {
    let is_in = |table: &[(&str, &str)]| {
        let mut fields = table.iter().filter(|(of, _)| *of == kind);
        fields.any(|(_, field)| read::is_within(attribute, field))
    };
    match (is_in(IMMUTABLE), is_in(SOMETIMES)) {
        (true, _) => Replacement::Always,
        (false, true) => Replacement::Maybe,
        (false, false) => Replacement::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::{IMMUTABLE, replacement, resources};
    use exoc_ir::{Artifacts, Comments, Replacement};

    #[test]
    fn objects_have_the_images_that_kustomize_gives() {
        let mut artifacts = Artifacts::default();
        let api = "kind: Deployment\nmetadata:\n  name: api\n  namespace: shop\nspec:\n  template:\n    image: api\n";
        let custom =
            "kind: Kustomization\nimages:\n  - name: api\n    newName: ghcr.io/acme/api\n    newTag: \"2\"\n";
        artifacts
            .text("api.yaml", Comments::Hash, api.to_owned())
            .unwrap();
        artifacts
            .text("kustomization.yaml", Comments::Hash, custom.to_owned())
            .unwrap();
        let resources = resources(&artifacts);
        assert_eq!(resources.len(), 1);
        assert_eq!(resources[0].address, "Deployment/api in shop");
        assert_eq!(
            resources[0].attributes["spec.template.image"],
            "ghcr.io/acme/api:2"
        );
    }

    #[test]
    fn immutable_fields_replace() {
        assert!(IMMUTABLE.is_sorted());
        assert_eq!(
            replacement("StatefulSet", "spec.volumeClaimTemplates.spec.resources"),
            Replacement::Always
        );
        assert_eq!(
            replacement("StatefulSet", "spec.template.spec.containers.image"),
            Replacement::Never
        );
        assert_eq!(replacement("Job", "spec.template.spec"), Replacement::Always);
        assert_eq!(
            replacement("PersistentVolumeClaim", "spec.resources.requests.storage"),
            Replacement::Maybe
        );
        assert_eq!(replacement("Deployment", "spec.selectors"), Replacement::Never);
    }
}
