//! Actions of GitHub, each pinned to a commit: a tag can be moved, and what it means then runs with this repository's
//! rights.
//!
//! Source: the tags of the repositories on GitHub, read 2026-08.

use exoc_emit::yaml::Mapping;

/// An action at a commit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Action {
    name: &'static str,
    commit: &'static str,
    release: &'static str,
}

pub(super) const CHECKOUT: Action = Action {
    name: "actions/checkout",
    commit: "3d3c42e5aac5ba805825da76410c181273ba90b1",
    release: "v7.0.1",
};
pub(super) const UPLOAD: Action = Action {
    name: "actions/upload-artifact",
    commit: "bbbca2ddaa5d8feaa63e36b76fdaad77386f024f",
    release: "v7.0.0",
};
pub(super) const DOWNLOAD: Action = Action {
    name: "actions/download-artifact",
    commit: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c",
    release: "v8.0.1",
};
pub(super) const CREDENTIALS: Action = Action {
    name: "aws-actions/configure-aws-credentials",
    commit: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
    release: "v6.2.3",
};
pub(super) const QEMU: Action = Action {
    name: "docker/setup-qemu-action",
    commit: "96fe6ef7f33517b61c61be40b68a1882f3264fb8",
    release: "v4.2.0",
};
pub(super) const BUILDX: Action = Action {
    name: "docker/setup-buildx-action",
    commit: "37fe631027851001ddb9b187196cc803df7f5f0e",
    release: "v4.3.0",
};
pub(super) const TOFU: Action = Action {
    name: "opentofu/setup-opentofu",
    commit: "a1320f892987e89d278cc92dc5adc984fb93aca4",
    release: "v2.0.2",
};
pub(super) const TERRAFORM: Action = Action {
    name: "hashicorp/setup-terraform",
    commit: "dfe3c3f87815947d99a8997f908cb6525fc44e9e",
    release: "v4.0.1",
};

impl Action {
    /// A step that uses it.
    pub(super) fn step(self, with: Mapping) -> Mapping {
        let Self {
            name,
            commit,
            release,
        } = self;
        Mapping::new()
            .with_remark("uses", &format!("{name}@{commit}"), release)
            .with_map_unless_empty("with", with)
    }
}
