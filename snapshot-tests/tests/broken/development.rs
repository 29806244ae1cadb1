//! Faults of `development`, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const DEVELOPMENT: &[Habit] = &[
    (
        "a command of development in two forms",
        web!("    development: { run: serve, command: [serve] }\n"),
        "EX0109",
        "run",
        "keep one of the two",
    ),
    (
        "development in an environment",
        production!("", "    services: { web: { development: { run: serve } } }\n"),
        "EX0101",
        "development",
        "in the environment `local`",
    ),
    (
        "a folder that development mounts",
        web!("    development: { mount: /app }\n"),
        "EX0105",
        "mount",
        "build the image again",
    ),
    (
        "a value of development that is wrong in local only",
        web!("    port: 80\n    development: { uses: [nobody] }\n"),
        "EX0204",
        "nobody",
        "",
    ),
];
