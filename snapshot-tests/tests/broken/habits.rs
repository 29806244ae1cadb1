//! Mistakes that people bring from other tools, and what they must be told: a name, the files, the code, the text
//! that is underlined, and words that the diagnostic must say.

/// A name, files, a code, the text that is underlined, and words of the message, a label or a line of help.
pub(crate) type Habit = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
    &'static str,
    &'static str,
);

/// A mistake each.
pub(crate) const HABITS: &[Habit] = &[
    // Brackets and quotes: told where they open, though the reader stumbles later.
    (
        "braces that end no line above",
        web!("    environment: { A: b, C: d\n    port: 80\n"),
        "EX0005",
        "{",
        "write `}` at its end",
    ),
    (
        "braces around all services",
        app!("services: {\n  web: { image: \"a/b:1\" }\nenvironments: {}\n"),
        "EX0005",
        "{",
        "it must end before this",
    ),
    (
        "two brackets that nothing closes",
        app!("services:\n  web: { command: [a, b\n"),
        "EX0005",
        "[",
        "write `]}` at its end",
    ),
    (
        "a brace that a bracket closes",
        web!("    ports: [{ name: http, port: 80 ]\n    cpu: 1\n"),
        "EX0005",
        "{",
        "write `}` before the `]`",
    ),
    (
        "a comma that is missing between two lines in braces",
        web!("    environment: {\n      A: b\n      C: d\n    }\n"),
        "EX0005",
        ":",
        "write `,` between two members",
    ),
    (
        "a quote that a later quote closes",
        web!("    environment:\n      A: \"x\n      B: \"y\"\n"),
        "EX0005",
        "\"",
        "a quoted text that is never closed",
    ),
    (
        "an apostrophe in single quotes",
        app!("description: 'It's a shop'\n"),
        "EX0005",
        "s",
        "is written `''`",
    ),
];
