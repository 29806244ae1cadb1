//! The inventory, decided.

/// What is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Inventory {
    /// The first line.
    pub(crate) title: String,
    /// What there is, by role.
    pub(crate) entries: Vec<Entry>,
    /// Who uses whom; `None` where they are not listed.
    pub(crate) edges: Option<Vec<(String, String)>>,
}

/// A component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its role.
    pub(crate) role: String,
    /// `server`, `worker`, `postgres`, `redis`, `container`, `external`.
    pub(crate) kind: String,
    /// Its image, if it has one.
    pub(crate) image: Option<String>,
    /// Its ports.
    pub(crate) ports: Vec<u16>,
    /// How many run at least, of a service.
    pub(crate) replicas: Option<u32>,
    /// What a patch adds.
    pub(crate) remark: Option<String>,
}
