//! What other tools call the keys of a file.

use super::{COMPOSE, Hints, KUBERNETES};
use crate::bind::keys::Hint::{Elsewhere, Foreign};

/// Keys that a file does not have.
pub(in crate::bind) const FILE: Hints = &[
    ("file", Foreign(COMPOSE, "write `source`")),
    (
        "target",
        Foreign(
            COMPOSE,
            "write the path as the key, as in `/etc/app/config.yml: ./config.yml`",
        ),
    ),
    (
        "mode",
        Foreign(
            COMPOSE,
            "write `executable: true`, or remove it: everybody can read a file",
        ),
    ),
    (
        "uid",
        Foreign(
            COMPOSE,
            "remove it; everybody can read a file, and nobody can write it",
        ),
    ),
    (
        "gid",
        Foreign(
            COMPOSE,
            "remove it; everybody can read a file, and nobody can write it",
        ),
    ),
    (
        "environment",
        Foreign(COMPOSE, "write `content`, as in `content: \"${secrets.NAME}\"`"),
    ),
    (
        "mountPath",
        Foreign(
            KUBERNETES,
            "write the path as the key, as in `/etc/app/config.yml: ./config.yml`",
        ),
    ),
    (
        "subPath",
        Foreign(
            KUBERNETES,
            "write the path as the key, as in `/etc/app/config.yml: ./config.yml`",
        ),
    ),
    (
        "path",
        Elsewhere("write `source`; where it lies in the container is the key"),
    ),
    ("text", Elsewhere("write `content`")),
];
