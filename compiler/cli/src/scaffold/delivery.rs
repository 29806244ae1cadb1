//! What a pipeline must know of an environment when the workflow is written: read from `release.json`, in which a target
//! tells it to programs. Whatever can be read when the workflow runs is left there.

use serde_json::Value;

/// The file in which a target says how its output is released.
pub const FILE: &str = "release.json";

/// An environment that a pipeline can release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The environment.
    pub environment: String,
    /// The target.
    pub target: String,
    /// The account of AWS, 12 digits.
    pub account: String,
    /// The region.
    pub region: String,
    /// The bucket of the state, if the manifest names one.
    pub bucket: Option<String>,
    /// What the state is called in its bucket.
    pub key: String,
    /// Where images are pushed.
    pub images: Images,
    /// Names of secrets whose values somebody supplies.
    pub secrets: Vec<String>,
    /// Whether jobs run before anything else of a release is applied.
    pub before: Jobs,
    /// Whether jobs run when everything is.
    pub after: Jobs,
}

/// Where the images of an environment are pushed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Images {
    /// Nothing is built.
    None,
    /// To repositories that the module makes, in this registry of the account.
    Own(String),
    /// To a registry that somebody else runs, by its host.
    Elsewhere(String),
}

/// Whether there are jobs of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jobs {
    /// There are.
    Some,
    /// There are none.
    None,
}

impl Delivery {
    /// What the file says; `None` if it says something else than a target of ours does.
    #[must_use]
    pub fn read(environment: &str, target: &str, file: &[u8]) -> Option<Self> {
        let file: Value = serde_json::from_slice(file).ok()?;
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let jobs = |key: &str| match file.get(key)?.as_array()?.as_slice() {
            [] => Some(Jobs::None),
            [..] => Some(Jobs::Some),
        };
        let state = file.get("state")?;
        let images = file.get("images")?.as_object()?;
        let elsewhere = images
            .values()
            .find_map(|image| text(image.get("repository")?))
            .map_or(Images::None, |repository| Images::Elsewhere(host(&repository)));
        Some(Self {
            environment: environment.to_owned(),
            target: target.to_owned(),
            account: text(file.get("account")?)?,
            region: text(file.get("region")?)?,
            bucket: text(state.get("bucket")?),
            key: text(state.get("key")?)?,
            images: text(file.get("registry")?).map_or(elsewhere, Images::Own),
            secrets: file.get("secrets")?.as_array()?.iter().filter_map(text).collect(),
            before: jobs("before_deploy")?,
            after: jobs("after_deploy")?,
        })
    }

    /// What names of variables of this environment begin with.
    #[must_use]
    pub fn prefix(&self) -> String {
        format!("EXOC_{}", self.environment.to_uppercase().replace('-', "_"))
    }

    /// The module's folder, from the application's.
    #[must_use]
    pub fn module(&self) -> String {
        format!("infra/{}/{}", self.environment, self.target)
    }
}

/// The host of a repository, which is Docker's own where its name begins with none.
fn host(repository: &str) -> String {
    match repository.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => host.to_owned(),
        Some(_) | None => "docker.io".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Delivery, Images, Jobs};
    use serde_json::json;

    fn read(images: &serde_json::Value, registry: &serde_json::Value) -> Option<Delivery> {
        let file = json!({
            "account": "123456789012",
            "region": "eu-central-1",
            "state": { "bucket": null, "key": "shop/blue-green/terraform.tfstate" },
            "registry": registry,
            "images": images,
            "secrets": ["TOKEN"],
            "before_deploy": ["migrate"],
            "after_deploy": [],
        });
        Delivery::read("blue-green", "aws", file.to_string().as_bytes())
    }

    #[test]
    fn what_a_target_says_is_read() {
        let delivery = read(&json!({}), &json!(null)).unwrap();
        assert_eq!(delivery.images, Images::None);
        assert_eq!(delivery.prefix(), "EXOC_BLUE_GREEN");
        assert_eq!(delivery.module(), "infra/blue-green/aws");
        assert_eq!((delivery.before, delivery.after), (Jobs::Some, Jobs::None));
        assert_eq!(delivery.secrets, ["TOKEN"]);
    }

    #[test]
    fn a_registry_of_somebody_else_is_known_by_its_host() {
        let images = |repository: &str| json!({ "web": { "repository": repository } });
        let host = |repository: &str| read(&images(repository), &json!(null)).unwrap().images;
        assert_eq!(host("ghcr.io/acme/web"), Images::Elsewhere("ghcr.io".into()));
        assert_eq!(host("acme/web"), Images::Elsewhere("docker.io".into()));
        let own = read(&images("ghcr.io/acme/web"), &json!("1.dkr.ecr"))
            .unwrap()
            .images;
        assert_eq!(own, Images::Own("1.dkr.ecr".into()));
    }

    #[test]
    fn what_no_target_says_is_not_guessed() {
        assert_eq!(Delivery::read("production", "aws", b"{}"), None);
        assert_eq!(Delivery::read("production", "aws", b"not JSON"), None);
    }
}
