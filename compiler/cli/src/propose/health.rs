//! What a compose file's `healthcheck` asks.

use super::compose::is_credential;
use exoc_emit::read::Value;

/// How a service tells that it is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Health {
    /// A path on its port.
    Path(String),
    /// A command in its container.
    Command(Vec<String>),
}

/// The check of a service that listens on this port; a path if that is all that is asked there. A check that is switched
/// off is none, and so is one that holds a secret or a variable of the machine.
pub(super) fn of(service: &Value, port: Option<u16>) -> Option<Health> {
    let check = service.get("healthcheck")?;
    if check.get("disable").and_then(Value::as_str) == Some("true") {
        return None;
    }
    let words = words(check.get("test")?)?;
    let text = words.join(" ");
    if let Some(path) = path(&text, port) {
        return Some(Health::Path(path));
    }
    let is_plain = !text.contains("${") && !is_credential(&text);
    let plain = words.into_iter().map(|word| word.replace("$$", "$"));
    is_plain.then(|| Health::Command(plain.collect()))
}

/// The words of the command; a text is for a shell (the Compose specification, `healthcheck`, read 2026-11).
fn words(test: &Value) -> Option<Vec<String>> {
    let shell = |text: &str| Some(["sh", "-c", text].map(str::to_owned).to_vec());
    let Some(items) = test.as_array() else {
        return shell(test.as_str()?);
    };
    let words: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    match words.as_slice() {
        ["CMD-SHELL", text] => shell(text),
        ["CMD", words @ ..] if !words.is_empty() => Some(words.iter().map(|&word| word.to_owned()).collect()),
        _ => None,
    }
}

/// The path that is asked on this port by HTTP.
fn path(text: &str, port: Option<u16>) -> Option<String> {
    let (_, rest) = text.split_once("http://")?;
    let url = rest.split([' ', '"', '\'', '|']).next()?;
    let (host, path) = url.split_once('/').unwrap_or((url, ""));
    let asked = host
        .rsplit_once(':')
        .map_or(Some(80), |(_, port)| port.parse().ok());
    (asked == port).then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::{Health, of};
    use exoc_emit::read;

    fn check(text: &str) -> Option<Health> {
        of(read::yaml(text).first().unwrap(), Some(8000))
    }

    fn command(words: &[&str]) -> Option<Health> {
        Some(Health::Command(
            words.iter().map(|&word| word.to_owned()).collect(),
        ))
    }

    #[test]
    fn a_path_is_read_and_everything_else_is_a_command() {
        let path = Some(Health::Path("/up".to_owned()));
        for test in [
            "[CMD, curl, -f, 'http://localhost:8000/up']",
            "[CMD-SHELL, 'curl -f http://localhost:8000/up || exit 1']",
            "wget -q -O- http://127.0.0.1:8000/up | grep ok",
        ] {
            assert_eq!(check(&format!("healthcheck: {{ test: {test} }}")), path, "{test}");
        }
        assert_eq!(
            check("healthcheck: { test: [CMD, /api, -health] }"),
            command(&["/api", "-health"])
        );
        assert_eq!(
            check("healthcheck: { test: 'test $$(date +%s) -gt 0' }"),
            command(&["sh", "-c", "test $(date +%s) -gt 0"])
        );
        // Another port than that of the service.
        assert_eq!(
            check("healthcheck: { test: [CMD, curl, 'http://localhost:9000/up'] }"),
            command(&["curl", "http://localhost:9000/up"])
        );
        for none in [
            "image: x",
            "healthcheck: { interval: 5s }",
            "healthcheck: { test: [NONE] }",
            "healthcheck: { test: [CMD] }",
            "healthcheck: { disable: true, test: [CMD, /api] }",
            "healthcheck: { test: 'check ${TOKEN}' }",
            "healthcheck: { test: [CMD, psql, 'postgres://app:secret@db/app'] }",
        ] {
            assert_eq!(check(none), None, "{none}");
        }
    }
}
