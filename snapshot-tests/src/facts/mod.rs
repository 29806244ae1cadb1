//! What a target's files mean: the same facts, read back from the files of every target.
//!
//! An extractor gets nothing but printed files, reads them through parsers that are not ours, and gives [`Facts`].
//! Must not know a type of the compiler, so that an error of a plan or of a printer cannot hide in it. What facts
//! may differ in is said in [`compare`], one function for each reason.

pub mod aws;
pub mod compare;
pub mod compose;
pub mod fargate;
mod haproxy;
pub mod kubernetes;
mod probe;
pub mod project;
mod suites;
mod volumes;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The printed files of one target, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A text file, or why it cannot be read.
pub(crate) fn text<'a>(files: &'a Files, path: &str) -> Result<&'a str, String> {
    let bytes = files
        .get(path)
        .ok_or_else(|| format!("{path}: there is no such file"))?;
    std::str::from_utf8(bytes).map_err(|error| format!("{path}: {error}"))
}

/// Whose files they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// docker compose.
    Compose,
    /// Terraform for AWS.
    Aws,
    /// Kubernetes objects.
    Kubernetes,
}

impl Target {
    /// All targets that have an extractor.
    pub const ALL: [Self; 3] = [Self::Compose, Self::Aws, Self::Kubernetes];

    /// The name of its folder.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Aws => "aws",
            Self::Kubernetes => "kubernetes",
        }
    }

    /// Reads its files.
    ///
    /// # Errors
    ///
    /// If a file is no text of its format, or says something that the extractor has no fact for.
    pub fn facts(self, files: &Files) -> Result<Facts, String> {
        match self {
            Self::Compose => compose::facts(files),
            Self::Aws => aws::facts(files),
            Self::Kubernetes => kubernetes::facts(files),
        }
    }
}

/// What an output means.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// What runs in containers, by role.
    pub components: BTreeMap<String, Component>,
    /// What is rented as a product, by role, with what is known of it.
    pub rented: BTreeMap<String, Rented>,
    /// Other names under which a component answers, where one stands for several.
    pub names: BTreeMap<String, String>,
    /// Who can open connections to whom.
    pub edges: BTreeSet<Edge>,
    /// Components that are in one network because there are few: those of each network that stands for several.
    pub joined: BTreeSet<BTreeSet<String>>,
    /// Who can leave to any public address, and to which of its ports.
    pub leaves: BTreeSet<(String, Leave)>,
    /// What is published, as whoever publishes it says.
    pub doors: BTreeSet<Door>,
    /// Which ports of components can be reached by something that is no component: a gateway, a balancer, the host.
    pub entries: BTreeSet<(String, u16, Transport)>,
    /// Jobs that run before a deployment, in their order.
    pub before: Vec<String>,
    /// Every secret that somebody or something must put into the target's store.
    pub stored: BTreeSet<String>,
    /// Those of [`Facts::stored`] that somebody must supply.
    pub supplied: BTreeSet<String>,
}

/// A container that is not a companion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// What runs.
    pub image: Image,
    /// What replaces the image's entrypoint.
    pub entrypoint: Option<Vec<Value>>,
    /// What replaces the image's command.
    pub command: Option<Vec<Value>>,
    /// Its variables.
    pub environment: BTreeMap<String, Value>,
    /// Writable folders in memory and their sizes in bytes.
    pub writable: BTreeMap<String, u64>,
    /// Files besides the image's own, by path.
    pub files: BTreeMap<String, File>,
    /// Volumes that outlive it, by where they lie: what the volume is named after, and whether it is only read.
    pub volumes: BTreeMap<String, (String, bool)>,
    /// Where it listens.
    pub ports: BTreeSet<Port>,
    /// User and group; the image's if absent.
    pub user: Option<(u32, u32)>,
    /// Whether its root file system is writable.
    pub root_writable: bool,
    /// What it keeps of root's power.
    pub capabilities: Capabilities,
    /// Whether it may do everything.
    pub privileged: bool,
    /// Whether ports below 1024 are open to any user.
    pub low_ports: bool,
    /// Thousandths of a core.
    pub cpu: u64,
    /// Bytes.
    pub memory: u64,
    /// How many run.
    pub scale: Scale,
    /// How it is asked.
    pub health: Option<Health>,
    /// Seconds between the stop signal and the kill.
    pub shutdown: u64,
    /// What starts it, if it runs and ends.
    pub run: Option<Run>,
    /// Who answers for it.
    pub owner: Option<String>,
}

/// A product that the target rents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rented {
    /// Where an image of it listens: edges name it by this port.
    pub port: u16,
    /// Where the rented one listens; nowhere if whoever has a permission asks.
    pub here: Option<u16>,
    /// The word before `://` in its URL, or a word of its own.
    pub scheme: String,
    /// Who logs in, where an image of it asks nobody.
    pub login: Option<String>,
}

/// An image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Image {
    /// The application's own, under this name; which one runs is said at deployment.
    Built(String),
    /// Exactly this.
    Pinned(String),
}

/// A text that may hold what only the target knows; neighbouring texts are joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(Vec<Part>);

/// A part of a [`Value`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Literal characters.
    Text(String),
    /// A secret by name.
    Secret(String),
    /// An attribute of a rented product: its role, and the attribute's word.
    Attribute(String, String),
}

/// A file besides the image's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// What is in it.
    pub content: Content,
    /// Whether it may be run; absent where the mode of a printed file says it.
    pub executable: Option<bool>,
}

/// What is in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// A text.
    Text(Value),
    /// Bytes that are no text.
    Bytes(Vec<u8>),
}

impl Content {
    /// Bytes, as a text where they are one.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self::Text(Value::text(text)),
            Err(_) => Self::Bytes(bytes.to_vec()),
        }
    }
}

/// A port of a component.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// Its number.
    pub number: u16,
    /// What carries its packets.
    pub transport: Transport,
    /// What is spoken there.
    pub wire: Wire,
}

/// What carries packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Transport {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl Transport {
    /// Reads `tcp`, `UDP`.
    pub(crate) fn read(word: &str) -> Result<Self, String> {
        match word.to_ascii_lowercase().as_str() {
            "tcp" => Ok(Self::Tcp),
            "udp" => Ok(Self::Udp),
            _ => Err(format!("`{word}` is no transport")),
        }
    }
}

/// What is spoken on a port, as far as every target says it: gRPC is HTTP/2 to Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wire {
    /// HTTP/1.1.
    Http1,
    /// HTTP/2 without TLS, also under gRPC.
    H2c,
    /// Anything else.
    Plain,
}

/// What is kept of root's power.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Capabilities {
    /// What the runtime gives.
    Default,
    /// Exactly these.
    Only(BTreeSet<String>),
}

/// What the runtimes give to root, by their own documents: moby/profiles, containerd's `defaultUnixCaps`.
pub(crate) const DEFAULT_CAPABILITIES: [&str; 14] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

impl Capabilities {
    /// What dropping and adding leaves.
    pub(crate) fn after(drop: &BTreeSet<String>, add: &BTreeSet<String>) -> Self {
        if drop.is_empty() && add.is_empty() {
            return Self::Default;
        }
        let all = drop.contains("ALL");
        let kept = DEFAULT_CAPABILITIES
            .iter()
            .filter(|name| !all && !drop.contains(**name));
        Self::Only(
            kept.map(|name| (*name).to_owned())
                .chain(add.iter().cloned())
                .collect(),
        )
    }
}

/// How many run, and how they are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// At least so many.
    pub min: u64,
    /// At most so many.
    pub max: u64,
    /// Percent of the reserved processor time.
    pub cpu: Option<u64>,
    /// Percent of the reserved memory.
    pub memory: Option<u64>,
    /// Requests per second and replica.
    pub requests: Option<u64>,
    /// Whether a new one starts before an old one stops.
    pub overlap: bool,
}

impl Scale {
    /// A number that never changes by itself.
    pub(crate) const fn fixed(number: u64, overlap: bool) -> Self {
        Self {
            min: number,
            max: number,
            cpu: None,
            memory: None,
            requests: None,
            overlap,
        }
    }
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// What is asked.
    pub probe: Probe,
    /// At which port, if it is asked over the network.
    pub port: Option<u16>,
    /// Seconds from one question to the next.
    pub interval: u64,
    /// Seconds that an answer may take.
    pub timeout: u64,
    /// So many failures in a row make it unhealthy.
    pub retries: u64,
    /// Seconds after the start in which a failure does not count.
    pub start: u64,
}

/// When a job runs and how a run is bounded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What starts it.
    pub start: Start,
    /// Seconds that a run may take.
    pub timeout: u64,
    /// How often a run that failed is repeated.
    pub retries: u64,
}

/// What starts a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// The clock, in UTC: minutes, hours, days of the month, months, days of the week from 0 for Sunday.
    Schedule([BTreeSet<u8>; 5]),
    /// A deployment, before anything new starts; [`Facts::before`] has the order.
    Before,
    /// A deployment, when everything new is healthy.
    After,
    /// A person.
    OnDemand,
}

/// The least and the most of each field of a schedule.
const FIELDS: [(u8, u8); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];

impl Start {
    /// Five fields of numbers and ranges with commas; `*` is all.
    pub(crate) fn schedule(fields: [&str; 5]) -> Result<Self, String> {
        let mut sets = [const { BTreeSet::new() }; 5];
        for ((set, field), (least, most)) in sets.iter_mut().zip(fields).zip(FIELDS) {
            let bad = || format!("`{field}` is no field of a schedule");
            if field == "*" {
                set.extend(least..=most);
                continue;
            }
            for item in field.split(',') {
                let (first, last) = item.split_once('-').unwrap_or((item, item));
                let first: u8 = first.parse().map_err(|_| bad())?;
                let last: u8 = last.parse().map_err(|_| bad())?;
                if first > last || first < least || last > most {
                    return Err(bad());
                }
                set.extend(first..=last);
            }
        }
        Ok(Self::Schedule(sets))
    }
}

/// What a check asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// GET of a path; 200 to 399 is healthy.
    Http(String),
    /// A connection.
    Tcp,
    /// The gRPC health protocol, for a service or for all.
    Grpc(Option<String>),
    /// A program inside.
    Command(Vec<Value>),
    /// What a balancer asks when it must ask something and nobody said what.
    Lenient,
}

/// A permission to connect.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// Who opens the connection.
    pub from: String,
    /// To whom.
    pub to: String,
    /// At which port.
    pub number: u16,
    /// Over what.
    pub transport: Transport,
}

/// Which ports of public addresses can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Leave {
    /// All.
    Any,
    /// One.
    Number(u16),
}

/// A public entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Door {
    /// How it is told apart.
    pub entrance: Entrance,
    /// To whom it leads.
    pub role: String,
    /// To which port.
    pub number: u16,
}

impl Door {
    /// What carries its packets.
    #[must_use]
    pub const fn transport(&self) -> Transport {
        match &self.entrance {
            Entrance::Route { .. } => Transport::Tcp,
            Entrance::Machine(transport) | Entrance::Number(_, transport) => *transport,
        }
    }
}

/// How a door is told apart from others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Entrance {
    /// By host and path.
    Route {
        /// The host.
        host: String,
        /// The path.
        path: String,
        /// Whether the path is removed.
        strip: bool,
        /// What the entry speaks to the component.
        wire: Wire,
    },
    /// By nothing: a port of the machine leads to this one port, whatever host and path are asked for.
    Machine(Transport),
    /// By its own number.
    Number(u16, Transport),
}

impl Value {
    /// A text.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        let mut value = Self::default();
        value.push(Part::Text(text.into()));
        value
    }

    /// A secret.
    #[must_use]
    pub fn secret(name: impl Into<String>) -> Self {
        Self(vec![Part::Secret(name.into())])
    }

    /// Adds a part.
    pub fn push(&mut self, part: Part) {
        match (self.0.last_mut(), part) {
            (Some(Part::Text(before)), Part::Text(text)) => before.push_str(&text),
            (_, Part::Text(text)) if text.is_empty() => {}
            (_, part) => self.0.push(part),
        }
    }

    /// Adds all parts of another value.
    pub fn extend(&mut self, other: Self) {
        other.0.into_iter().for_each(|part| self.push(part));
    }

    /// The parts.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.0
    }

    /// The secrets in it.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|part| match part {
            Part::Secret(name) => Some(name.as_str()),
            Part::Text(_) | Part::Attribute(..) => None,
        })
    }
}

impl FromIterator<Part> for Value {
    fn from_iter<I: IntoIterator<Item = Part>>(parts: I) -> Self {
        let mut value = Self::default();
        parts.into_iter().for_each(|part| value.push(part));
        value
    }
}

impl fmt::Display for Value {
    /// Texts quoted, the rest in angle brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return write!(f, "\"\"");
        }
        for part in &self.0 {
            match part {
                Part::Text(text) => write!(f, "{text:?}")?,
                Part::Secret(name) => write!(f, "<secret {name}>")?,
                Part::Attribute(role, word) => write!(f, "<{word} of {role}>")?,
            }
        }
        Ok(())
    }
}

/// The name of a secret that belongs to a role: `my-db`, `password` gives `MY_DB_PASSWORD`.
pub(crate) fn secret_of(role: &str, word: &str) -> String {
    format!("{role}_{word}").to_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::{Capabilities, Part, Value};
    use std::collections::BTreeSet;

    #[test]
    fn neighbouring_texts_are_one() {
        let value: Value = [Part::Text("a".into()), Part::Text("b".into())]
            .into_iter()
            .collect();
        assert_eq!(value, Value::text("ab"));
        assert_eq!(Value::text("").parts(), &[]);
    }

    #[test]
    fn dropping_one_keeps_the_rest_of_the_default() {
        let set = |names: &[&str]| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<BTreeSet<_>>()
        };
        assert_eq!(Capabilities::after(&set(&[]), &set(&[])), Capabilities::Default);
        assert_eq!(
            Capabilities::after(&set(&["ALL"]), &set(&["CHOWN"])),
            Capabilities::Only(set(&["CHOWN"]))
        );
        let Capabilities::Only(kept) = Capabilities::after(&set(&["MKNOD"]), &set(&[])) else {
            panic!()
        };
        assert_eq!(kept.len(), 13);
    }
}
