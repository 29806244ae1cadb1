//! A volume that services share. It is no product: nothing runs, nobody connects to it, and it has no attributes.

use crate::Source;
use exoc_ir::Bytes;

/// The word of the language.
pub const VOLUME: &str = "volume";

/// What is known of a shared volume.
#[derive(Debug)]
pub struct Shared {
    /// What it is called.
    pub title: &'static str,
    /// Its size unless the manifest says otherwise.
    pub storage: Bytes,
    /// The image of the companion that gives a new one to its writers where a target keeps it on one machine.
    pub companion: &'static str,
    /// What differs from the file system that a cloud rents.
    pub differs: &'static str,
    /// Where the facts are from.
    pub sources: &'static [Source],
}

/// The entry.
pub const SHARED: Shared = Shared {
    title: "a file system that services share",
    storage: Bytes::gibi(10),
    companion: crate::PROBE_IMAGE,
    differs: "on one machine it is a folder of that machine: its size is not enforced, and it is as available as the \
              machine",
    sources: &[
        Source {
            facts: "a new volume of Docker takes on what the image has in the folder",
            from: "docs.docker.com/engine/storage/volumes, \"When to use volumes\"",
            date: "2026-11",
        },
        Source {
            facts: "`read_only` and `volume.nocopy` of a mount",
            from: "compose-spec/compose-spec 05-services.md, \"Long syntax\" of `volumes`",
            date: "2026-11",
        },
    ],
};
