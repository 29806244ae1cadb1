//! The objects of an output for Kubernetes as tests read them: from the printed files alone, without a type of exoc.

#![allow(dead_code, reason = "not every test asks for everything")]

use exoc_snapshot_tests::facts::Files;
use exoc_snapshot_tests::{case, golden};
use std::collections::BTreeMap;
use yaml_rust2::{Yaml, YamlLoader};

/// Labels of an object, or what a selector wants of them.
pub(crate) type Labels = BTreeMap<String, String>;

/// An object and the file that it stands in.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// The file.
    pub(crate) file: String,
    /// All of it.
    pub(crate) body: Yaml,
}

impl Object {
    /// Its kind.
    pub(crate) fn kind(&self) -> &str {
        text(&self.body["kind"])
    }

    /// Its name.
    pub(crate) fn name(&self) -> &str {
        text(&self.body["metadata"]["name"])
    }

    /// Kind and name.
    pub(crate) fn address(&self) -> String {
        format!("{}/{}", self.kind(), self.name())
    }

    /// What it makes pods of, if it makes some.
    pub(crate) fn template(&self) -> Option<&Yaml> {
        let spec = &self.body["spec"];
        let template = match self.kind() {
            "Deployment" | "StatefulSet" | "DaemonSet" | "Job" => &spec["template"],
            "CronJob" => &spec["jobTemplate"]["spec"]["template"],
            _ => return None,
        };
        Some(template)
    }

    /// The labels of its pods, if it makes some. Those of a Job have one more, which controllers add.
    pub(crate) fn pod_labels(&self) -> Option<Labels> {
        Some(labels(&self.template()?["metadata"]["labels"]))
    }
}

/// All that one output gives.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    /// What the kustomization lists, in its order.
    pub(crate) objects: Vec<Object>,
    /// The page beside it.
    pub(crate) page: String,
}

impl Cluster {
    /// Reads the files of an output.
    pub(crate) fn read(files: &Files) -> Self {
        let of = |path: &str| {
            let bytes = files.get(path).unwrap_or_else(|| panic!("there is no `{path}`"));
            String::from_utf8(bytes.clone()).unwrap()
        };
        let documents = |path: &str| {
            let text = of(path);
            YamlLoader::load_from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}\n{text}"))
        };
        let kustomization = documents("kustomization.yaml");
        let mut objects = Vec::new();
        for path in items(&kustomization[0]["resources"]) {
            let file = text(path);
            let bodies = documents(file).into_iter().filter(|body| !body.is_null());
            objects.extend(bodies.map(|body| Object {
                file: file.to_owned(),
                body,
            }));
        }
        Self {
            objects,
            page: of("README.md"),
        }
    }

    /// All objects of a kind.
    pub(crate) fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Object> {
        self.objects.iter().filter(move |object| object.kind() == kind)
    }

    /// What makes pods, and the labels of the pods.
    pub(crate) fn workloads(&self) -> Vec<(&Object, Labels)> {
        let all = self.objects.iter();
        all.filter_map(|object| Some((object, object.pod_labels()?)))
            .collect()
    }
}

/// A text, or nothing.
pub(crate) fn text(node: &Yaml) -> &str {
    node.as_str().unwrap_or_default()
}

/// The items of a list, or none.
pub(crate) fn items(node: &Yaml) -> &[Yaml] {
    node.as_vec().map(Vec::as_slice).unwrap_or_default()
}

/// A mapping of texts, or none.
pub(crate) fn labels(node: &Yaml) -> Labels {
    let pairs = node.as_hash().into_iter().flatten();
    pairs
        .map(|(key, value)| (text(key).to_owned(), text(value).to_owned()))
        .collect()
}

/// Whether something with these labels is selected by all that is wanted.
pub(crate) fn selects(wanted: &Labels, labels: &Labels) -> bool {
    wanted.iter().all(|(key, value)| labels.get(key) == Some(value))
}

/// The outputs for Kubernetes of all goldens, by case and environment.
pub(crate) fn goldens() -> BTreeMap<String, Files> {
    let mut outputs: BTreeMap<String, Files> = BTreeMap::new();
    for case in case::all().unwrap() {
        for (path, bytes) in golden::read(&case.goldens).unwrap() {
            let parts: Vec<&str> = path.splitn(3, '/').collect();
            if let [environment, "kubernetes", rest] = parts.as_slice() {
                let output = outputs.entry(format!("{}/{environment}", case.name)).or_default();
                output.insert((*rest).to_owned(), bytes);
            }
        }
    }
    assert!(outputs.len() > 30, "only {} goldens were read", outputs.len());
    outputs
}
