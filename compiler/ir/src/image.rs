//! Images: from a registry, or made from the application's files.

use exoc_diagnostics::VirtualPath;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// What a workload runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Image {
    /// An image of a registry.
    Pinned(Reference),
    /// An image that the application's files describe.
    Built(Built),
}

/// `[registry/]repository[:tag][@digest]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reference {
    /// Everything before tag and digest, as written.
    pub name: String,
    /// The tag.
    pub tag: Option<String>,
    /// The digest, with its algorithm.
    pub digest: Option<String>,
}

/// How an image is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Built {
    /// The image's name: the identity of the first service that runs it.
    pub name: String,
    /// The folder that is sent to the builder, from the application's folder.
    #[serde(serialize_with = "as_text")]
    pub context: VirtualPath,
    /// The build file, from `context`, if it is not `Dockerfile`.
    pub file: Option<String>,
    /// The stage to build, if not the last.
    pub stage: Option<String>,
    /// Arguments of the build.
    pub args: BTreeMap<String, String>,
    /// Platforms that the image is made for, like `linux/arm64`; empty where nothing is said.
    pub platforms: Vec<String>,
    /// What runs outside the local environment, if the manifest says it.
    pub pinned: Option<Reference>,
}

fn as_text<S: Serializer>(path: &VirtualPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(path.as_str())
}

impl Reference {
    /// Reads a reference; `None` if the text has not the form of one.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) => (rest, Some(digest)),
            None => (text, None),
        };
        let after_slash = rest.rfind('/').map_or(0, |at| at + 1);
        let colon = rest.get(after_slash..)?.find(':').map(|at| after_slash + at);
        let (name, tag) = match colon {
            Some(at) => (rest.get(..at)?, Some(rest.get(at + 1..)?)),
            None => (rest, None),
        };
        let name_ok = !name.is_empty()
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-/:".contains(&b))
            && !name.starts_with(['/', '.', '-'])
            && name.split('/').all(|segment| !segment.is_empty())
            && name
                .rsplit('/')
                .next()
                .is_some_and(|last| !last.bytes().any(|b| b.is_ascii_uppercase() || b == b':'));
        let tag_ok = tag.is_none_or(|tag| {
            (1..=128).contains(&tag.len())
                && tag
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
                && !tag.starts_with(['.', '-'])
        });
        let digest_ok = digest.is_none_or(|digest| {
            digest.strip_prefix("sha256:").is_some_and(|hex| {
                hex.len() == 64
                    && hex
                        .bytes()
                        .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
            })
        });
        (name_ok && tag_ok && digest_ok).then(|| Self {
            name: name.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
        })
    }

    /// Whether it names the same bytes tomorrow as far as a name can: a digest, or a tag other than `latest`.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        self.digest.is_some() || self.tag.as_deref().is_some_and(|tag| tag != "latest")
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Reference;

    #[test]
    fn reads_references() {
        let read = |text: &str| Reference::parse(text).map(|r| (r.name, r.tag));
        assert_eq!(read("redis:7"), Some(("redis".into(), Some("7".into()))));
        assert_eq!(
            read("localhost:5000/a/b"),
            Some(("localhost:5000/a/b".into(), None))
        );
        assert_eq!(
            read("localhost:5000/a/b:1.2"),
            Some(("localhost:5000/a/b".into(), Some("1.2".into())))
        );
        assert_eq!(read("Redis"), None);
        assert_eq!(read("redis:"), None);
        assert_eq!(read("a//b"), None);
        assert_eq!(read("redis@sha256:12"), None);
        assert_eq!(read(""), None);
        let digest = format!("redis:7@sha256:{}", "a".repeat(64));
        assert_eq!(Reference::parse(&digest).unwrap().to_string(), digest);
    }
}
