//! What an application says about diagnostics, and cannot mean so.

use crate::habits::Habit;

/// A fault each, with words of its answer.
pub(crate) const EXCEPTIONS: &[Habit] = &[
    (
        "an exception of a code that there is not",
        web!("    port: 80 # exoc: allow EX0599 because x\n"),
        "EX0701",
        "EX0599",
        "did you mean `EX0",
    ),
    (
        "an exception of a code by its name",
        web!("    port: 80 # exoc: allow one-replica because x\n"),
        "EX0701",
        "one-replica",
        "did you mean `EX0501`?",
    ),
    (
        "an exception of an error",
        web!("    port: 80 # exoc: allow EX0304 because x\n"),
        "EX0702",
        "EX0304",
        "correct what it reports",
    ),
    (
        "an exception without a reason",
        web!("    port: 80 # exoc: allow EX0501\n"),
        "EX0703",
        "# exoc: allow EX0501",
        "say why behind `because`",
    ),
    (
        "an exception until a day that there is not",
        web!("    port: 80 # exoc: allow EX0501 until 2027-02-30 because x\n"),
        "EX0704",
        "2027-02-30",
        "as in `2027-01-31`",
    ),
    (
        "a comment to exoc with a word that is misspelt",
        web!("    port: 80 # exoc: alow EX0501 because x\n"),
        "EX0705",
        "# exoc: alow EX0501 because x",
        "did you mean `allow`?",
    ),
    (
        "a comment to exoc that names no code",
        web!("    port: 80 # exoc: allow because x\n"),
        "EX0705",
        "# exoc: allow because x",
        "write `# exoc: allow EX0501 because",
    ),
    (
        "service.yml: an exception that met nothing",
        service_of!(
            "services: { web: ./web }\n",
            "port: 80 # exoc: allow EX0501 because x\n"
        ),
        "EX0706",
        "# exoc: allow EX0501 because x",
        "remove it",
    ),
    (
        "an exception whose last day has passed",
        web!("    port: 80 # exoc: allow EX0501 until 2026-11-21 because x\n"),
        "EX0707",
        "# exoc: allow EX0501 until 2026-11-21 because x",
        "give it a later date",
    ),
    (
        "a level of a code that there is not",
        app!("diagnostics:\n  EX0599: { level: note, because: x }\n"),
        "EX0701",
        "EX0599",
        "did you mean `EX0",
    ),
    (
        "a level of a code that there is not, without a value",
        app!("diagnostics:\n  ex0501: null\n"),
        "EX0701",
        "ex0501",
        "did you mean `EX0501`?",
    ),
    (
        "a level of an error",
        app!("diagnostics:\n  EX0304: { level: warning, because: x }\n"),
        "EX0702",
        "EX0304",
        "correct what it reports",
    ),
    (
        "a level that there is not",
        app!("diagnostics:\n  EX0501: { level: warn, because: x }\n"),
        "EX0106",
        "warn",
        "the words are `error`, `warning`, `note` and `none`",
    ),
    (
        "a level as a word",
        app!("diagnostics:\n  EX0501: none\n"),
        "EX0102",
        "none",
        "write for example `EX0501: { level: error, because:",
    ),
    (
        "a level without a reason",
        app!("diagnostics:\n  EX0501: { level: none }\n"),
        "EX0103",
        "{ level: none }",
        "write for example `EX0501: { level: error, because:",
    ),
    (
        "a level with an empty reason",
        app!("diagnostics:\n  EX0501: { level: none, because: \"\" }\n"),
        "EX0703",
        "\"\"",
        "as in `because: Everything is backed up here`",
    ),
    (
        "a level until a day that there is not",
        app!("diagnostics:\n  EX0501: { level: none, because: x, until: 2027-13-01 }\n"),
        "EX0704",
        "2027-13-01",
        "as in `2027-01-31`",
    ),
    (
        "a level whose last day has passed",
        web!("diagnostics:\n  EX0501: { level: none, because: x, until: 2026-11-21 }\n"),
        "EX0707",
        "EX0501",
        "give it a later date",
    ),
    (
        "levels in an environment",
        app!("environments: { production: { diagnostics: { EX0501: { level: none, because: x } } } }\n"),
        "EX0101",
        "diagnostics",
        "levels are those of the whole application",
    ),
];
