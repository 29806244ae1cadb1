//! Commands that build images, for the page. Owns the quoting of the shell; knows no manifest.

use crate::model::ImageToBuild;

/// One command that builds an image and pushes it, with a line end.
pub(super) fn command(image: &ImageToBuild) -> String {
    let ImageToBuild {
        reference,
        context,
        file,
        stage,
        args,
        platforms,
    } = image;
    let tag = match &reference.tag {
        Some(tag) => quoted(&format!("{}:{tag}", reference.name)),
        None => format!("{}:\"$TAG\"", quoted(&reference.name)),
    };
    let mut words = vec!["docker buildx build --push".to_owned()];
    if !platforms.is_empty() {
        words.push(format!("--platform {}", quoted(&platforms.join(","))));
    }
    words.extend(file.iter().map(|file| format!("--file {}", quoted(file))));
    words.extend(stage.iter().map(|stage| format!("--target {}", quoted(stage))));
    words.extend(
        args.iter()
            .map(|(name, value)| format!("--build-arg {}", quoted(&format!("{name}={value}")))),
    );
    words.push(format!("--tag {tag} {}", quoted(context)));
    words.join(" ") + "\n"
}

/// A word that a POSIX shell reads as this text.
fn quoted(text: &str) -> String {
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
    use super::{command, fence, quoted};
    use crate::model::ImageToBuild;
    use exoc_ir::Reference;

    fn image(reference: &str) -> ImageToBuild {
        ImageToBuild {
            reference: Reference::parse(reference).expect("a reference"),
            context: "../../../api".into(),
            file: None,
            stage: None,
            args: [].into(),
            platforms: Vec::new(),
        }
    }

    #[test]
    fn a_command_has_whatever_the_build_says() {
        assert_eq!(
            command(&image("ghcr.io/acme/api")),
            "docker buildx build --push --tag ghcr.io/acme/api:\"$TAG\" ../../../api\n"
        );
        let all = ImageToBuild {
            file: Some("../../../api/my file".into()),
            stage: Some("run".into()),
            args: [("A".to_owned(), "it's $x".to_owned())].into(),
            platforms: vec!["linux/amd64".into(), "linux/arm64".into()],
            ..image("ghcr.io/acme/api:1")
        };
        assert_eq!(
            command(&all),
            "docker buildx build --push --platform linux/amd64,linux/arm64 --file '../../../api/my file' \
             --target run --build-arg 'A=it'\\''s $x' --tag ghcr.io/acme/api:1 ../../../api\n"
        );
    }

    #[test]
    fn no_text_ends_a_word_or_a_fence() {
        assert_eq!(quoted(""), "''");
        assert_eq!(quoted("a;b"), "'a;b'");
        assert_eq!(fence("a"), "```");
        assert_eq!(fence("a\n```\nb"), "````");
    }
}
