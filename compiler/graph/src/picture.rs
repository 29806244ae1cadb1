//! The picture as a model: what is shown, before anybody knows where or in which format.

/// What is shown of one application in one environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The application's name.
    pub application: String,
    /// What it is.
    pub description: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
    /// The environment's name.
    pub environment: String,
    /// The nodes: hosts, services, backings, shared volumes, the world.
    pub nodes: Vec<Node>,
    /// The links, by their ends.
    pub links: Vec<Link>,
}

/// Whom one trusts how much, from the outside in and out again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Zone {
    /// Where anybody may come in.
    Entry,
    /// The application's own network.
    Application,
    /// What keeps its data.
    Data,
    /// What belongs to somebody else.
    Outside,
}

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A host at which the application is reached.
    Host,
    /// A service that listens.
    Server,
    /// A service that does not.
    Worker,
    /// A service that runs and ends.
    Job,
    /// An image that is no service.
    Container,
    /// A database.
    Database,
    /// A store in memory.
    Cache,
    /// A broker, queue or topic.
    Messages,
    /// A search engine.
    Search,
    /// A bucket.
    Bucket,
    /// A volume that several components mount.
    Volume,
    /// Somebody else's server.
    External,
    /// Any public address.
    World,
}

/// Something that is drawn as a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its role or host. Unique among the nodes of a kind, but a host may be called as a service is.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Where it belongs.
    pub zone: Zone,
    /// What stands below its name, in a few words.
    pub what: String,
    /// How many run, if not one.
    pub count: Option<String>,
    /// What else is known of it.
    pub facts: Vec<Fact>,
}

/// Something that is known of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What.
    pub label: &'static str,
    /// One or several values.
    pub values: Vec<String>,
}

/// Why two nodes are linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// Whoever knows the host reaches the service.
    Door,
    /// The one opens connections to the other.
    Call,
    /// The one mounts the other.
    Mount,
    /// Messages of the one reach the other.
    Subscription,
}

/// An arrow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Where it begins, as an index of [`Picture::nodes`].
    pub from: usize,
    /// Where it ends, likewise.
    pub to: usize,
    /// Why it is there.
    pub kind: LinkKind,
    /// Of a call the ports, as `5432 tcp`; of a door the paths or ports; of a mount what may be done. Empty for any port.
    pub labels: Vec<String>,
}

impl Zone {
    /// All of them, from left to right.
    pub const ALL: [Self; 4] = [Self::Entry, Self::Application, Self::Data, Self::Outside];

    /// What stands above it.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Entry => "Public entry",
            Self::Application => "Private network",
            Self::Data => "Data",
            Self::Outside => "Outside",
        }
    }

    /// Its word in class names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::Application => "application",
            Self::Data => "data",
            Self::Outside => "outside",
        }
    }
}

impl Kind {
    /// What it is called.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Server => "service",
            Self::Worker => "worker",
            Self::Job => "job",
            Self::Container => "container",
            Self::Database => "database",
            Self::Cache => "cache",
            Self::Messages => "messages",
            Self::Search => "search",
            Self::Bucket => "bucket",
            Self::Volume => "volume",
            Self::External => "external",
            Self::World => "internet",
        }
    }
}

impl LinkKind {
    /// Its word in class names.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Door => "door",
            Self::Call => "call",
            Self::Mount => "mount",
            Self::Subscription => "subscription",
        }
    }

    /// The verb between its ends.
    #[must_use]
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Door => "leads to",
            Self::Call => "connects to",
            Self::Mount => "mounts",
            Self::Subscription => "sends its messages to",
        }
    }
}

impl Link {
    /// What stands beside it.
    #[must_use]
    pub fn label(&self) -> String {
        match (self.kind, self.labels.is_empty()) {
            (LinkKind::Call, true) => "any port".to_owned(),
            (LinkKind::Subscription, true) => "messages".to_owned(),
            (LinkKind::Door | LinkKind::Call | LinkKind::Mount | LinkKind::Subscription, _) => {
                self.labels.join(", ")
            }
        }
    }
}

impl Picture {
    /// How it is titled.
    #[must_use]
    pub fn title(&self) -> String {
        format!("{} in {}", self.application, self.environment)
    }

    /// A node.
    #[must_use]
    pub fn name(&self, index: usize) -> &str {
        self.nodes.get(index).map_or("", |node| node.name.as_str())
    }

    /// A link as a sentence without a full stop.
    #[must_use]
    pub fn sentence(&self, link: &Link) -> String {
        let (from, to) = (self.name(link.from), self.name(link.to));
        let verb = link.kind.verb();
        format!("{from} {verb} {to}: {}", link.label())
    }

    /// What is in it, as a sentence without a full stop.
    #[must_use]
    pub fn summary(&self) -> String {
        let number = |wanted: &[Kind]| {
            self.nodes
                .iter()
                .filter(|node| wanted.contains(&node.kind))
                .count()
        };
        let of = |zone: Zone| self.nodes.iter().filter(|node| node.zone == zone).count();
        let parts = [
            (number(&[Kind::Server, Kind::Worker]), "service", "services"),
            (number(&[Kind::Job]), "job", "jobs"),
            (number(&[Kind::Container]), "container", "containers"),
            (of(Zone::Data), "store of data", "stores of data"),
            (number(&[Kind::External]), "external service", "external services"),
            (self.links.len(), "link", "links"),
        ];
        let some = parts.into_iter().filter(|(number, _, _)| *number > 0);
        let words: Vec<String> = some
            .map(|(number, one, many)| format!("{number} {}", if number == 1 { one } else { many }))
            .collect();
        match words.is_empty() {
            true => "nothing".to_owned(),
            false => words.join(", "),
        }
    }
}
