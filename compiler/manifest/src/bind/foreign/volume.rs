//! What other tools call the keys of a volume.

use super::{COMPOSE, Hints, KUBERNETES};
use crate::bind::keys::Hint::{Elsewhere, Foreign};

/// Keys that a volume does not have.
pub(in crate::bind) const VOLUME: Hints = &[
    ("target", Foreign(COMPOSE, "write `path`")),
    (
        "source",
        Foreign(
            COMPOSE,
            "write the volume's name as the key, as in `uploads: /data`",
        ),
    ),
    ("type", Foreign(COMPOSE, "remove it; a volume has one type")),
    (
        "driver",
        Foreign(COMPOSE, "remove it; each target chooses its own storage"),
    ),
    ("mountPath", Foreign(KUBERNETES, "write `path`")),
    ("storage", Elsewhere("write `size`")),
];
