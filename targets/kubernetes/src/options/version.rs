//! The versions of Kubernetes that are printed for. Knows what each takes, and no object.

/// The least version of Kubernetes that a cluster has: the oldest of them, if nobody says more, since nothing that is
/// printed needs a newer one.
///
/// Source: kubernetes.io, "Patch releases", read 2026-11. Of these 1.34 got its last patches in 2026-10, and managed
/// clusters still run it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Version {
    /// 1.34.
    #[default]
    V34,
    /// 1.35.
    V35,
    /// 1.36.
    V36,
}

impl Version {
    /// All of them, the oldest first.
    const ALL: [Self; 3] = [Self::V34, Self::V35, Self::V36];

    /// The version of these digits.
    pub(super) fn of(digits: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|version| version.digits() == digits)
    }

    /// Its digits.
    pub(crate) const fn digits(self) -> &'static str {
        match self {
            Self::V34 => "1.34",
            Self::V35 => "1.35",
            Self::V36 => "1.36",
        }
    }

    /// Who takes or refuses a patch.
    pub(crate) const fn owner(self) -> &'static str {
        match self {
            Self::V34 => "Kubernetes 1.34",
            Self::V35 => "Kubernetes 1.35",
            Self::V36 => "Kubernetes 1.36",
        }
    }

    /// What it takes: JSON Schemas by kind. Their sources stand in schemas/kubernetes.md.
    pub(crate) const fn schema(self) -> &'static str {
        match self {
            Self::V34 => include_str!("../../../../schemas/kubernetes-1.34.json"),
            Self::V35 => include_str!("../../../../schemas/kubernetes-1.35.json"),
            Self::V36 => include_str!("../../../../schemas/kubernetes-1.36.json"),
        }
    }
}
