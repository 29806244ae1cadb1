//! Commands of a shell, for the page. Owns their quoting; knows no manifest.

use crate::model::Build;

/// One command that builds an image and pushes it, with a line end. `application` is the way from this folder to the
/// application's.
pub(super) fn build(build: &Build, application: &str, repository: &str) -> String {
    let Build {
        context,
        file,
        stage,
        args,
        platforms,
    } = build;
    let folder = match context.as_str() {
        "" | "." => application.to_owned(),
        context => format!("{application}/{context}"),
    };
    let mut words = vec!["docker buildx build --push".to_owned()];
    if !platforms.is_empty() {
        words.push(format!("--platform {}", quoted(&platforms.join(","))));
    }
    words.push(format!("--file {}", quoted(&format!("{folder}/{file}"))));
    words.extend(stage.iter().map(|stage| format!("--target {}", quoted(stage))));
    words.extend(
        args.iter()
            .map(|(name, value)| format!("--build-arg {}", quoted(&format!("{name}={value}")))),
    );
    words.push(format!(
        "--tag {}:\"$TAG\" {}",
        quoted(repository),
        quoted(&folder)
    ));
    words.join(" ") + "\n"
}

/// A word that a POSIX shell reads as this text.
pub(super) fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@,=+".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

/// A fence of Markdown that no line of the text closes.
pub(super) fn fence(text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or_default();
    "`".repeat(3.max(longest + 1))
}

#[cfg(test)]
mod tests {
    use super::{build, fence, quoted};
    use crate::model::Build;

    #[test]
    fn a_command_has_whatever_the_build_says() {
        let all = Build {
            context: "api".into(),
            file: "my file".into(),
            stage: Some("run".into()),
            args: vec![("A".into(), "it's $x".into())],
            platforms: vec!["linux/arm64".into()],
        };
        assert_eq!(
            build(&all, "../../..", "ghcr.io/acme/api"),
            "docker buildx build --push --platform linux/arm64 --file '../../../api/my file' --target run \
             --build-arg 'A=it'\\''s $x' --tag ghcr.io/acme/api:\"$TAG\" ../../../api\n"
        );
    }

    #[test]
    fn no_text_ends_a_word_or_a_fence() {
        assert_eq!(quoted("a;b"), "'a;b'");
        assert_eq!(fence("a\n```\nb"), "````");
    }
}
