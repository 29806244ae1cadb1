//! The keys of each noun: what this version binds, what it refuses as not built yet, and where to look for hints.

use super::{echo, foreign};
use exoc_diagnostics::Node;

/// What to say of a key that a noun does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Hint {
    /// A key of another tool (its name), and what to write instead.
    Foreign(&'static str, &'static str),
    /// A key of this language that stands elsewhere.
    Elsewhere(&'static str),
}

/// The keys of one noun.
#[derive(Clone, Copy, Debug)]
pub struct Keys {
    /// The noun, with an article.
    pub noun: &'static str,
    /// The keys that are bound.
    pub built: &'static [&'static str],
    /// The keys of the language that are refused as not built yet.
    pub later: &'static [&'static str],
    hints: &'static [&'static [(&'static str, Hint)]],
}

impl Keys {
    /// What to say of `name`.
    pub(crate) fn hint(&self, name: &str) -> Option<Hint> {
        self.hints
            .iter()
            .copied()
            .flatten()
            .find(|(key, _)| *key == name)
            .map(|(_, hint)| *hint)
    }
}

/// A line of help for a key that `keys` does not have: with the user's own value, where that has one meaning here.
pub(crate) fn in_own_words(name: &str, value: &Node, keys: &Keys, help: &str) -> String {
    let fits = |line: &String| {
        line.split("` and `").all(|part| {
            let key = part.split(':').next().unwrap_or_default();
            keys.built.contains(&key)
        })
    };
    if let ("target", true, Some(word)) = (name, keys.built.contains(&"targets"), echo::one(value)) {
        return format!("write `targets: {{ {word}: {{}} }}`");
    }
    // A value helps only where the general words name a key to write.
    match echo::instead(name, value).filter(fits) {
        Some(line) if help.contains("write `") => {
            let reason = help.split_once("; ").map_or("", |(_, reason)| reason);
            if reason.is_empty() {
                format!("write `{line}`")
            } else {
                format!("write `{line}`; {reason}")
            }
        }
        Some(_) | None => help.to_owned(),
    }
}

/// The keys that the foreign key `name` stands for.
pub(crate) fn meant_by(name: &str) -> &'static [&'static str] {
    foreign::MEANT
        .iter()
        .find(|(key, _)| *key == name)
        .map_or(&[], |(_, meant)| meant)
}

/// What serves meanwhile instead of a key that is not built yet.
pub(crate) fn later_help(name: &str) -> Option<&'static str> {
    foreign::MEANWHILE
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, help)| *help)
}

/// application.yml.
pub(crate) const APPLICATION: Keys = Keys {
    noun: "an application",
    built: &[
        "name",
        "description",
        "owner",
        "registry",
        "environment",
        "secrets",
        "dependencies",
        "services",
        "diagnostics",
        "environments",
    ],
    later: &[],
    hints: &[foreign::APPLICATION],
};

/// One of `environments`.
pub(crate) const ENVIRONMENT: Keys = Keys {
    noun: "an environment",
    built: &[
        "domain",
        "targets",
        "owner",
        "registry",
        "environment",
        "secrets",
        "dependencies",
        "services",
    ],
    later: &[],
    hints: &[foreign::ENVIRONMENT],
};

/// `service.yml`.
pub(crate) const SERVICE: Keys = Keys {
    noun: "a service",
    built: &[
        "type",
        "build",
        "image",
        "platforms",
        "entrypoint",
        "command",
        "port",
        "ports",
        "route",
        "health",
        "uses",
        "environment",
        "cpu",
        "memory",
        "scale",
        "writable",
        "volumes",
        "files",
        "was",
        "security",
        "shutdown",
        "schedule",
        "when",
        "timeout",
        "retries",
        "development",
    ],
    later: &[],
    hints: &[foreign::SERVICE, foreign::SERVICE_FILE, foreign::SYNONYMS],
};

/// An entry of `services`: a service's keys and `location`.
pub(crate) const SERVICE_ENTRY: Keys = Keys {
    noun: "a service",
    built: &[
        "location",
        "type",
        "build",
        "image",
        "platforms",
        "entrypoint",
        "command",
        "port",
        "ports",
        "route",
        "health",
        "uses",
        "environment",
        "cpu",
        "memory",
        "scale",
        "writable",
        "volumes",
        "files",
        "was",
        "security",
        "shutdown",
        "schedule",
        "when",
        "timeout",
        "retries",
        "development",
    ],
    later: SERVICE.later,
    hints: &[foreign::SERVICE, foreign::SYNONYMS],
};

/// `development`: a service's keys and some of its own.
pub(crate) const DEVELOPMENT: Keys = Keys {
    noun: "`development`",
    built: &[
        "run",
        "test",
        "mount",
        "watch",
        "publish",
        "type",
        "build",
        "image",
        "platforms",
        "entrypoint",
        "command",
        "port",
        "ports",
        "route",
        "health",
        "uses",
        "environment",
        "cpu",
        "memory",
        "scale",
        "writable",
        "volumes",
        "files",
        "security",
        "shutdown",
        "was",
        "schedule",
        "when",
        "timeout",
        "retries",
    ],
    later: SERVICE.later,
    hints: &[foreign::DEVELOPMENT, foreign::SERVICE, foreign::SYNONYMS],
};

/// An entry of `dependencies`.
pub(crate) const DEPENDENCY: Keys = Keys {
    noun: "a dependency",
    built: &[
        "type",
        "version",
        "url",
        "cpu",
        "memory",
        "storage",
        "database",
        "username",
        "parameters",
        "availability",
        "backups",
        "subscribes",
        "existing",
        "image",
        "platforms",
        "entrypoint",
        "command",
        "port",
        "ports",
        "health",
        "uses",
        "environment",
        "writable",
        "volumes",
        "files",
        "was",
        "security",
        "shutdown",
    ],
    later: &[],
    hints: &[foreign::DEPENDENCY, foreign::SERVICE],
};

/// An entry of `secrets`.
pub(crate) const SECRET: Keys = Keys {
    noun: "a secret",
    built: &["description", "generate", "name"],
    later: &[],
    hints: &[foreign::SECRET],
};

/// One of `diagnostics`.
pub(crate) const DIAGNOSTIC: Keys = Keys {
    noun: "a level",
    built: &["level", "because", "until"],
    later: &[],
    hints: &[],
};

/// `build` in its long form.
pub(crate) const BUILD: Keys = Keys {
    noun: "`build`",
    built: &["context", "dockerfile", "stage", "args", "platforms"],
    later: &[],
    hints: &[foreign::BUILD],
};

/// One of `ports`.
pub(crate) const PORT: Keys = Keys {
    noun: "a port",
    built: &["name", "port", "protocol"],
    later: &[],
    hints: &[foreign::PORT],
};

/// `route` in its long form.
pub(crate) const ROUTE: Keys = Keys {
    noun: "`route`",
    built: &["path", "host", "port", "strip", "timeout"],
    later: &[],
    hints: &[foreign::ROUTE],
};

/// `health` in its long form.
pub(crate) const HEALTH: Keys = Keys {
    noun: "`health`",
    built: &[
        "path", "tcp", "grpc", "command", "port", "interval", "timeout", "retries", "start",
    ],
    later: &[],
    hints: &[foreign::HEALTH],
};

/// `scale` in its long form.
pub(crate) const SCALE: Keys = Keys {
    noun: "`scale`",
    built: &["min", "max", "cpu", "memory", "requests", "overlap"],
    later: &[],
    hints: &[foreign::SCALE],
};

/// One of `volumes` in its long form.
pub(crate) const VOLUME: Keys = Keys {
    noun: "a volume",
    built: &["path", "size", "read-only"],
    later: &[],
    hints: &[foreign::VOLUME],
};

/// One of `files` in its long form.
pub(crate) const FILE: Keys = Keys {
    noun: "a file",
    built: &["source", "content", "executable"],
    later: &[],
    hints: &[foreign::FILE],
};

/// `security`.
pub(crate) const SECURITY: Keys = Keys {
    noun: "`security`",
    built: &[
        "user",
        "group",
        "writable-filesystem",
        "capabilities",
        "privileged",
    ],
    later: &[],
    hints: &[foreign::SECURITY],
};

/// One of `patches`.
pub(crate) const PATCH: Keys = Keys {
    noun: "a patch",
    built: &["at", "set", "replace"],
    later: &[],
    hints: &[foreign::PATCH],
};

/// All nouns, with the name that the schemas give each.
pub const ALL: &[(&str, &Keys)] = &[
    ("application", &APPLICATION),
    ("environment", &ENVIRONMENT),
    ("service", &SERVICE),
    ("service-entry", &SERVICE_ENTRY),
    ("development", &DEVELOPMENT),
    ("dependency", &DEPENDENCY),
    ("secret", &SECRET),
    ("diagnostic", &DIAGNOSTIC),
    ("build", &BUILD),
    ("port", &PORT),
    ("route", &ROUTE),
    ("health", &HEALTH),
    ("scale", &SCALE),
    ("volume", &VOLUME),
    ("file", &FILE),
    ("security", &SECURITY),
    ("patch", &PATCH),
];
