//! `image`, `build` and what belongs to them: references to images, folders, platforms.

use super::keys::BUILD;
use super::{Binder, Want, list_words};
use crate::ast::{Build, Field};
use exoc_diagnostics::{Diagnostic, Failed, Kind, Node, PathError, Spanned, VirtualPath, codes, nearest};

const PLATFORMS: &[&str] = &[
    "linux/amd64",
    "linux/arm64",
    "linux/arm/v6",
    "linux/arm/v7",
    "linux/386",
    "linux/ppc64le",
    "linux/riscv64",
    "linux/s390x",
];

/// Why a text is no reference to an image.
///
/// The grammar is that of distribution/reference, as of 2026-11: `[host[:port]/]path[:tag][@digest]`.
fn image_fault(text: &str) -> Option<&'static str> {
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some(digest)),
        None => (text, None),
    };
    if text.contains("://") {
        return Some("remove the scheme: an image begins with its registry's host");
    }
    if let Some(digest) = digest {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        if hex.len() != 64
            || !hex
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        {
            return Some("a digest is `sha256:` and 64 digits of 0-9 and a-f");
        }
    }
    let last = rest.rsplit('/').next().unwrap_or_default();
    let (path, tag) = match last.rsplit_once(':') {
        Some((_, tag)) => (
            rest.get(..rest.len() - tag.len() - 1).unwrap_or_default(),
            Some(tag),
        ),
        None => (rest, None),
    };
    if let Some(tag) = tag {
        let fine = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if tag.is_empty() || tag.len() > 128 || tag.starts_with(['.', '-']) || !tag.bytes().all(fine) {
            return Some(
                "a tag holds letters, digits, `_`, `.` and `-`, and begins with none of the last two",
            );
        }
    }
    if path.is_empty() || text.starts_with(['.', '/']) {
        return Some("write for example `image: ghcr.io/acme/api:1.4.2`");
    }
    let mut segments = path.split('/').peekable();
    let first = segments.peek().copied().unwrap_or_default();
    if path.contains('/') && (first.contains(['.', ':']) || first == "localhost") {
        segments.next();
        let (host, port) = first.split_once(':').unwrap_or((first, "1"));
        let host_fine = host
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
        if host.is_empty() || !host_fine || port.is_empty() || !port.bytes().all(|b| b.is_ascii_digit()) {
            return Some("a registry is a host name, with or without `:` and a port");
        }
    }
    let segment = |text: &str| {
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.' | b'-');
        let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        text.bytes().all(fine)
            && text.bytes().next().is_some_and(inner)
            && text.bytes().last().is_some_and(inner)
    };
    if !segments.all(segment) {
        return Some("a repository holds lowercase letters, digits, `_`, `.` and `-` between its slashes");
    }
    None
}

impl Binder<'_> {
    /// `image`: a reference to an image in a registry.
    pub(crate) fn image(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let want = Want::key("image", "a text", "image: ghcr.io/acme/api:1.4.2");
        let image = self.string(node, &want)?;
        match image_fault(&image.value) {
            None => Ok(image),
            Some(help) => {
                let text = image.value.as_str();
                let lower = text.to_lowercase();
                let straight = text.trim_matches(|c| matches!(c, '“' | '”' | '‘' | '’' | '„'));
                let help = if text.starts_with(['.', '/']) {
                    format!("an image that is built is `build: {text}`")
                } else if straight != text {
                    format!("write `{straight}`: only straight quotes are quotes")
                } else if lower != text && image_fault(&lower).is_none() {
                    format!("write `{lower}`: a repository has no capital letters")
                } else {
                    help.to_owned()
                };
                let message = format!("`{text}` is no reference to an image");
                Err(self.malformed(node, message, "expected `name:tag`", help))
            }
        }
    }

    /// `platforms` of a build, or of what an image offers.
    pub(crate) fn platforms(&mut self, node: &Node) -> Result<Spanned<Vec<Spanned<String>>>, Failed> {
        let want = Want::key(
            "platforms",
            "a list of platforms",
            "platforms: [linux/amd64, linux/arm64]",
        );
        let item = Want::item("platforms", "a platform", "[linux/amd64]");
        let platforms = self.list(node, &want, |binder, node| binder.platform(node, &item))?;
        Ok(Spanned::new(platforms, node.span))
    }

    /// `registry`: where images lie, without a tag.
    pub(crate) fn registry(&mut self, node: &Node) -> Result<Spanned<String>, Failed> {
        let want = Want::key("registry", "a text", "registry: ghcr.io/acme");
        let registry = self.string(node, &want)?;
        let text = registry.value.as_str();
        let help = image_fault(&format!("{text}/x")).filter(|_| !text.is_empty());
        let help = help.or_else(|| {
            text.is_empty()
                .then_some("write for example `registry: ghcr.io/acme`")
        });
        match help {
            None => Ok(registry),
            Some(help) => {
                let message = format!("`{text}` is no place for images");
                Err(self.malformed(
                    node,
                    message,
                    "expected a host and a path, as in `ghcr.io/acme`",
                    help.into(),
                ))
            }
        }
    }

    /// A path, seen from the folder of the file.
    pub(crate) fn path(&mut self, node: &Node, want: &Want) -> Result<Spanned<VirtualPath>, Failed> {
        let text = self.string(node, want)?;
        let folder = self.folder.clone();
        self.join(&folder, &text)
            .map(|path| Spanned::new(path, text.span))
    }

    /// The path that `relative` names, seen from `folder`.
    pub(crate) fn join(
        &mut self,
        folder: &VirtualPath,
        relative: &Spanned<String>,
    ) -> Result<VirtualPath, Failed> {
        join(folder, relative).map_err(|diagnostic| self.sink.error(*diagnostic))
    }

    /// `build`, short or long.
    pub(crate) fn build(&mut self, node: &Node) -> Result<Build, Failed> {
        let context = Want::key("context", "a folder", "context: .");
        if let Kind::Scalar(_) = &node.kind {
            let short = Want::key("build", "a folder or a mapping", "build: .");
            let path = self.path(node, &short)?;
            return Ok(Build {
                span: node.span,
                context: Field::Set(path),
                dockerfile: Field::Absent,
                stage: Field::Absent,
                args: crate::ast::Table::new(),
                platforms: Field::Absent,
            });
        }
        let fields = self.open(
            node,
            &BUILD,
            &Want::key("build", "a folder or a mapping", "build: ."),
        )?;
        Ok(Build {
            span: node.span,
            context: self.field(&fields, "context", |b, n| b.path(n, &context)),
            dockerfile: self.field(&fields, "dockerfile", |b, n| {
                b.string(n, &Want::key("dockerfile", "a path", "dockerfile: Dockerfile"))
            }),
            stage: self.field(&fields, "stage", |b, n| {
                b.string(n, &Want::key("stage", "the name of a stage", "stage: run"))
            }),
            args: self.table(
                &fields,
                "args",
                &Want::key("args", "a mapping", "args: { NODE_ENV: production }"),
                |b, key, n| {
                    let want = Want {
                        what: format!("the argument `{}`", key.name).into(),
                        kind: "one value",
                        example: "NODE_ENV: production".into(),
                    };
                    b.as_written(n, &want)
                },
            ),
            platforms: self.field(&fields, "platforms", Self::platforms),
        })
    }
}

/// Names of architectures that people know from elsewhere (`uname -m`, Go, Docker), and their platforms.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("x86_64", "linux/amd64"),
    ("x64", "linux/amd64"),
    ("aarch64", "linux/arm64"),
    ("arm64/v8", "linux/arm64"),
    ("armv7", "linux/arm/v7"),
    ("armv7l", "linux/arm/v7"),
    ("armv6", "linux/arm/v6"),
    ("arm", "linux/arm/v7"),
    ("i386", "linux/386"),
    ("i686", "linux/386"),
];

impl Binder<'_> {
    fn platform(&mut self, node: &Node, want: &Want) -> Result<Spanned<String>, Failed> {
        let scalar = self.text_scalar(node, want)?;
        let text = &*scalar.text;
        let known: Vec<&str> = PLATFORMS.to_vec();
        if known.contains(&text) {
            return Ok(Spanned::new(text.to_owned(), node.span));
        }
        let architecture = text.strip_prefix("linux/").unwrap_or(text);
        let other = OTHER_NAMES
            .iter()
            .find(|(name, _)| *name == architecture)
            .map(|(_, platform)| *platform);
        let meant = other.or_else(|| {
            let architectures = known.iter().filter_map(|word| word.strip_prefix("linux/"));
            let exact = |word: &&str| word.strip_prefix("linux/") == Some(architecture);
            let near = nearest(architecture, architectures);
            known
                .iter()
                .copied()
                .find(|word| exact(word) || (near.is_some() && word.strip_prefix("linux/") == near))
        });
        let help = meant.map(|platform| format!("did you mean `{platform}`?"));
        let help = help.unwrap_or_else(|| format!("the platforms are {}", list_words(&known)));
        Err(self.unknown_word(node.span, want, text, &known, Some(help)))
    }
}

/// The path that `relative` names, seen from `folder`, or why it names none.
pub(crate) fn join(folder: &VirtualPath, relative: &Spanned<String>) -> Result<VirtualPath, Box<Diagnostic>> {
    let text = &relative.value;
    let fault = |error| match error {
        PathError::Leaves => Diagnostic::new(
            codes::PATH_LEAVES_APPLICATION,
            format!("`{text}` leads out of the application's folder"),
        )
        .at(relative.span, "above the folder of application.yml")
        .help("move what it names into the application's folder"),
        PathError::Absolute => Diagnostic::new(
            codes::PATH_LEAVES_APPLICATION,
            format!("`{text}` is an absolute path"),
        )
        .at(relative.span, "not inside the application's folder")
        .help("write the path relative to the folder of this file, as in `./web`"),
        PathError::Character => {
            Diagnostic::new(codes::MALFORMED, format!("`{}` is no path", text.escape_debug()))
                .at(relative.span, "has a backslash or a control character")
                .help("write `/` between folders")
        }
    };
    folder.join(text).map_err(|error| Box::new(fault(error)))
}

#[cfg(test)]
mod tests {
    use super::image_fault;

    #[test]
    fn knows_references_to_images() {
        let digest = "a".repeat(64);
        for image in [
            "nginx",
            "nginx:1.29",
            "docker.io/library/nginx:1.29",
            "localhost:5000/api",
            "ghcr.io/acme/api:1.4.2",
            &format!("acme/api@sha256:{digest}"),
            &format!("acme/api:1.0@sha256:{digest}"),
        ] {
            assert_eq!(image_fault(image), None, "{image}");
        }
        for text in [
            "",
            "Nginx",
            "https://ghcr.io/acme/api",
            "nginx:",
            "a//b",
            "nginx@sha256:12",
            "ghcr.io:x/a",
            "a b",
            "-a",
        ] {
            assert!(image_fault(text).is_some(), "{text}");
        }
    }
}
