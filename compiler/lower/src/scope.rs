//! What can be named: roles with what each offers, and secrets. Built once for an environment, then only read.

use crate::build::job::Run;
use crate::field::Look;
use crate::words::upper;
use exoc_catalogue::Entry;
use exoc_diagnostics::{Failed, Span};
use exoc_ir::{
    Attribute, Backing, Component, EdgePort, Id, Origin, Part, Port, Protocol, Secret, Transport, Value,
    Volume,
};
use exoc_manifest::ast::ServiceLayer;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// The names of one environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scope {
    /// All roles.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Roles that the environment's overlay removes, with the place.
    pub(crate) removed: BTreeMap<String, Span>,
    /// The proof that roles may be missing here because what declares them could not be read.
    pub(crate) roles_lost: Option<Failed>,
    /// Roles whose names were reported, as written and as they were probably meant.
    pub(crate) misnamed: BTreeMap<String, Failed>,
    /// Shared volumes that the environment's overlay removes, with the place.
    pub(crate) unmounted: BTreeMap<String, Span>,
}

/// A service or dependency.
#[derive(Clone, Debug)]
pub(crate) struct Role {
    /// Where it is declared.
    pub(crate) key: Span,
    /// Where the strongest layer says what it is: the type of a dependency, what starts a job.
    pub(crate) made: Option<Span>,
    /// Its node; `None` for a volume, which is no component; `Err` if it could not be understood far enough to have one.
    pub(crate) component: Result<Option<Component>, Failed>,
    /// Whether it stands among the services.
    pub(crate) noun: Noun,
    /// What it offers.
    pub(crate) offer: Offer,
    /// Whether it goes on, or is a job.
    pub(crate) run: Run,
    /// What a layer took from it with `null`.
    pub(crate) taken: Taken,
    /// The proof that something of the other noun has this role as well.
    pub(crate) clash: Option<Failed>,
    /// What `uses` gives, from the first use on: many may use one role.
    pub(crate) given: OnceLock<Vec<Given>>,
}

/// Keys that a layer removes from what a weaker one says, with the places: faults that follow are that layer's.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Taken {
    /// `port` or `ports`.
    pub(crate) ports: Option<Span>,
    /// `route`.
    pub(crate) route: Option<Span>,
}

impl Taken {
    /// What merging left of a layer.
    pub(crate) fn of(layer: &ServiceLayer) -> Self {
        Self {
            ports: layer.ports.removed(),
            route: layer.route.removed(),
        }
    }
}

/// Where a role is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noun {
    /// Under `services`.
    Service,
    /// Under `dependencies`.
    Dependency,
}

impl Noun {
    /// The word for messages.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Dependency => "dependency",
        }
    }

    /// The first name of a reference to one.
    pub(crate) const fn root(self) -> &'static str {
        match self {
            Self::Service => "services",
            Self::Dependency => "dependencies",
        }
    }
}

/// What a role offers to others.
#[derive(Clone, Debug)]
pub(crate) enum Offer {
    /// What it is was reported.
    Unknown(Failed),
    /// It listens on ports under its role's name.
    Listens {
        /// The ports; empty if it listens on none.
        ports: Result<Vec<Port>, Failed>,
        /// Its public address, if it has one.
        public: Result<Option<Public>, Failed>,
    },
    /// A product: its attributes are known to the target only.
    Managed(&'static Entry, Id<Backing>),
    /// A product that is there already: its attributes are what the manifest says.
    Existing(Result<Kept, Failed>),
    /// An address outside.
    External(Result<Outside, Failed>),
    /// Nothing: it is mounted.
    Volume(Id<Volume>),
}

/// A public address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Public {
    /// Scheme, host and path, without a final slash.
    pub(crate) url: String,
    /// The host, with its port where that is not the scheme's own.
    pub(crate) host: String,
}

/// What an external's URL says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outside {
    pub(crate) url: Value,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) transport: Transport,
    pub(crate) username: Option<Value>,
    pub(crate) password: Option<Value>,
    pub(crate) database: Option<Value>,
}

/// What is said of a product that is there already.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) entry: &'static Entry,
    pub(crate) attributes: BTreeMap<Attribute, Value>,
    pub(crate) hosts: Vec<String>,
    pub(crate) ports: Vec<EdgePort>,
}

impl Kept {
    fn attribute(&self, word: &str) -> Answer {
        let value = word_of(self.entry.attributes, word).and_then(|found| self.attributes.get(&found));
        value.map_or_else(
            || Answer::None(self.attributes.keys().map(|known| known.word()).collect()),
            |value| Answer::Value(value.clone()),
        )
    }
}

/// The answer to a question for an attribute.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// It is this.
    Value(Value),
    /// It cannot be told, and somebody was told why.
    Unknown(Failed),
    /// There is no such attribute; these there are.
    None(Vec<&'static str>),
}

/// What `uses` gives: the variable's name behind the role's, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) value: Value,
}

/// Attributes of one port.
pub(crate) const PORT_ATTRIBUTES: [&str; 3] = ["url", "port", "address"];
const ADDRESS_ATTRIBUTES: [&str; 4] = ["url", "host", "port", "address"];
const PUBLIC_ATTRIBUTES: [&str; 2] = ["public-url", "public-host"];

impl Role {
    /// The place that says what it is, or that it is.
    pub(crate) fn place(&self) -> Span {
        self.made.unwrap_or(self.key)
    }

    /// An attribute of the role named `role`.
    pub(crate) fn attribute(&self, role: &str, attribute: &str) -> Answer {
        match &self.offer {
            Offer::Unknown(failed) => Answer::Unknown(*failed),
            Offer::Managed(entry, id) => match word_of(entry.attributes, attribute) {
                Some(found) => Answer::Value(Value::new([Part::Attribute(*id, found)])),
                None => Answer::None(entry.attributes.iter().map(|known| known.word()).collect()),
            },
            Offer::Existing(Ok(kept)) => kept.attribute(attribute),
            Offer::Existing(Err(failed)) => Answer::Unknown(*failed),
            Offer::External(outside) => external(outside.as_ref(), attribute),
            Offer::Volume(_) => Answer::None(Vec::new()),
            Offer::Listens { ports, public } => {
                if PUBLIC_ATTRIBUTES.contains(&attribute) && self.noun == Noun::Service {
                    return match public {
                        Err(failed) => Answer::Unknown(*failed),
                        Ok(Some(public)) => Answer::Value(Value::literal(match attribute {
                            "public-url" => public.url.clone(),
                            _ => public.host.clone(),
                        })),
                        Ok(None) => Answer::None(self.words()),
                    };
                }
                if !ADDRESS_ATTRIBUTES.contains(&attribute) {
                    return Answer::None(self.words());
                }
                match ports {
                    Err(failed) => Answer::Unknown(*failed),
                    Ok(ports) => match ports.first().and_then(|port| of_port(role, port, attribute)) {
                        Some(text) => Answer::Value(Value::literal(text)),
                        None => Answer::None(Vec::new()),
                    },
                }
            }
        }
    }

    /// The attributes that a role which listens has.
    fn words(&self) -> Vec<&'static str> {
        let Offer::Listens { ports, public } = &self.offer else {
            return Vec::new();
        };
        let mut words = Vec::new();
        if !ports.as_ref().is_ok_and(Vec::is_empty) {
            words.extend(ADDRESS_ATTRIBUTES);
        }
        if !matches!(public, Ok(None)) {
            words.extend(PUBLIC_ATTRIBUTES);
        }
        words
    }

    /// The ports by name, if it listens and they are known.
    pub(crate) fn ports(&self) -> Option<Result<&[Port], Failed>> {
        match &self.offer {
            Offer::Listens {
                ports: Ok(ports),
                public: _,
            } => Some(Ok(ports)),
            Offer::Listens {
                ports: Err(failed),
                public: _,
            }
            | Offer::Unknown(failed) => Some(Err(*failed)),
            Offer::Managed(..) | Offer::Existing(_) | Offer::External(_) | Offer::Volume(_) => None,
        }
    }

    /// Whether it has an attribute in principle, and exists already without it.
    pub(crate) fn lacks(&self, attribute: &str) -> bool {
        match &self.offer {
            Offer::Existing(Ok(kept)) => word_of(kept.entry.attributes, attribute)
                .is_some_and(|found| !kept.attributes.contains_key(&found)),
            Offer::Existing(Err(_))
            | Offer::Unknown(_)
            | Offer::Managed(..)
            | Offer::External(_)
            | Offer::Volume(_)
            | Offer::Listens { .. } => false,
        }
    }

    /// Whether it is known to listen on no port.
    pub(crate) fn is_portless(&self) -> bool {
        match &self.offer {
            Offer::Listens { ports, public: _ } => ports.as_ref().is_ok_and(Vec::is_empty),
            Offer::Unknown(_)
            | Offer::Managed(..)
            | Offer::Existing(_)
            | Offer::External(_)
            | Offer::Volume(_) => false,
        }
    }

    /// The ports that an edge to it opens.
    pub(crate) fn edge_ports(&self) -> Result<Vec<EdgePort>, Failed> {
        match &self.offer {
            Offer::Unknown(failed) => Err(*failed),
            Offer::Listens { ports, public: _ } => Ok(ports
                .as_ref()
                .map_err(|failed| *failed)?
                .iter()
                .map(|port| EdgePort {
                    number: port.number,
                    transport: port.protocol.transport(),
                })
                .collect()),
            Offer::Volume(_) => Ok(Vec::new()),
            Offer::Managed(entry, _) => Ok(vec![EdgePort {
                number: entry.port,
                transport: Transport::Tcp,
            }]),
            Offer::Existing(kept) => Ok(kept.as_ref().map_err(|failed| *failed)?.ports.clone()),
            Offer::External(outside) => {
                let outside = outside.as_ref().map_err(|failed| *failed)?;
                Ok(vec![EdgePort {
                    number: outside.port,
                    transport: outside.transport,
                }])
            }
        }
    }

    /// The variables that `uses` gives for the role named `role`, as far as they are known.
    pub(crate) fn given(&self, role: &str) -> &[Given] {
        self.given.get_or_init(|| self.give(role))
    }

    fn give(&self, role: &str) -> Vec<Given> {
        let prefix = upper(role);
        let mut given = Vec::new();
        let mut add = |attribute: &str, value: Value| {
            given.push(Given {
                name: format!("{prefix}_{}", upper(attribute)),
                value,
            });
        };
        match &self.offer {
            Offer::Unknown(_) | Offer::External(Err(_)) | Offer::Existing(Err(_)) | Offer::Volume(_) => {}
            Offer::Existing(Ok(kept)) => {
                for (attribute, value) in &kept.attributes {
                    add(attribute.word(), value.clone());
                }
            }
            Offer::Managed(entry, id) => {
                for attribute in entry.attributes {
                    add(attribute.word(), Value::new([Part::Attribute(*id, *attribute)]));
                }
            }
            Offer::External(Ok(_)) => {
                for attribute in ALL_ATTRIBUTES {
                    if let Answer::Value(value) = self.attribute(role, attribute.word()) {
                        add(attribute.word(), value);
                    }
                }
            }
            Offer::Listens { ports, public: _ } => {
                for attribute in ADDRESS_ATTRIBUTES.iter().chain(&PUBLIC_ATTRIBUTES) {
                    if let Answer::Value(value) = self.attribute(role, attribute) {
                        add(attribute, value);
                    }
                }
                for port in ports.iter().flatten().skip(1) {
                    for attribute in PORT_ATTRIBUTES {
                        if let Some(text) = of_port(role, port, attribute) {
                            add(&format!("{}-{attribute}", port.name), Value::literal(text));
                        }
                    }
                }
            }
        }
        given
    }
}

/// Attributes that a URL may have.
const ALL_ATTRIBUTES: [Attribute; 8] = [
    Attribute::Url,
    Attribute::Host,
    Attribute::Port,
    Attribute::Address,
    Attribute::Username,
    Attribute::Password,
    Attribute::Database,
    Attribute::Tls,
];

fn word_of(attributes: &[Attribute], word: &str) -> Option<Attribute> {
    attributes
        .iter()
        .copied()
        .find(|attribute| attribute.word() == word)
}

/// `url`, `host`, `port` or `address` of one port.
pub(crate) fn of_port(role: &str, port: &Port, attribute: &str) -> Option<String> {
    let number = port.number;
    match attribute {
        "url" => Some(format!("{}://{role}:{number}", scheme(port.protocol))),
        "host" => Some(role.to_owned()),
        "port" => Some(number.to_string()),
        "address" => Some(format!("{role}:{number}")),
        _ => None,
    }
}

/// The scheme of a port's `url`.
pub(crate) const fn scheme(protocol: Protocol) -> &'static str {
    match protocol {
        Protocol::Http | Protocol::Http2 | Protocol::Grpc => "http",
        Protocol::Tcp => "tcp",
        Protocol::Udp => "udp",
    }
}

fn external(outside: Result<&Outside, &Failed>, attribute: &str) -> Answer {
    let Some(known) = word_of(&ALL_ATTRIBUTES, attribute).filter(|known| *known != Attribute::Tls) else {
        let words = ALL_ATTRIBUTES.iter().filter(|known| **known != Attribute::Tls);
        return Answer::None(words.map(|known| known.word()).collect());
    };
    let Outside {
        url,
        host,
        port,
        transport: _,
        username,
        password,
        database,
    } = match outside {
        Ok(outside) => outside,
        Err(failed) => return Answer::Unknown(*failed),
    };
    let value = match known {
        Attribute::Url => Some(url.clone()),
        Attribute::Host => Some(Value::literal(host)),
        Attribute::Port => Some(Value::literal(port.to_string())),
        Attribute::Address => Some(Value::literal(format!("{host}:{port}"))),
        Attribute::Username => username.clone(),
        Attribute::Password => password.clone(),
        Attribute::Database => database.clone(),
        Attribute::Tls
        | Attribute::Brokers
        | Attribute::Name
        | Attribute::Region
        | Attribute::Endpoint
        | Attribute::AccessKey
        | Attribute::SecretKey => None,
    };
    let optional = [
        (username, "username"),
        (password, "password"),
        (database, "database"),
    ];
    let present = optional
        .into_iter()
        .filter(|(value, _)| value.is_some())
        .map(|(_, word)| word);
    value.map_or_else(
        || Answer::None(ADDRESS_ATTRIBUTES.into_iter().chain(present).collect()),
        Answer::Value,
    )
}

/// All secrets that a value may name, before it is known which of them are consumed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// By name. A secret's provisional id is its place here.
    pub(crate) all: BTreeMap<String, Declared>,
    /// The proof that secrets may be missing here because what declares them could not be read.
    pub(crate) lost: Option<Failed>,
    /// Secrets that a layer takes away, with the place.
    pub(crate) removed: BTreeMap<String, Span>,
    /// Secrets whose names were reported, as they were probably meant.
    pub(crate) misnamed: BTreeMap<String, Failed>,
}

/// A secret and where it is declared.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) at: Span,
    /// Keys with their places.
    pub(crate) fields: Vec<(&'static str, Span)>,
    pub(crate) origin: Origin,
}

impl Declared {
    const fn is_declared(&self) -> bool {
        match self.origin {
            Origin::Supplied { .. } | Origin::Generated { .. } => true,
            Origin::PasswordOf(_) | Origin::AdministratorOf(_) => false,
        }
    }
}

impl Secrets {
    /// The names that the manifest declares.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all
            .iter()
            .filter(|(_, secret)| secret.is_declared())
            .map(|(name, _)| name.as_str())
    }

    /// The provisional id of a secret that the manifest declares.
    pub(crate) fn declared(&self, name: &str) -> Option<Id<Secret>> {
        self.all
            .get(name)
            .filter(|secret| secret.is_declared())
            .and_then(|_| self.id(name))
    }

    /// The role of the managed dependency whose password has this name.
    pub(crate) fn made_by<'s>(&self, name: &str, scope: &'s Scope) -> Option<&'s str> {
        let backing = match self.all.get(name)?.origin {
            Origin::PasswordOf(backing) => backing,
            Origin::AdministratorOf(_) | Origin::Supplied { .. } | Origin::Generated { .. } => return None,
        };
        let of = |role: &Role| {
            role.component
                .is_ok_and(|component| component == Some(Component::Backing(backing)))
        };
        scope
            .roles
            .iter()
            .find(|(_, role)| of(role))
            .map(|(name, _)| name.as_str())
    }

    /// The provisional id of a secret.
    pub(crate) fn id(&self, name: &str) -> Option<Id<Secret>> {
        self.all.keys().position(|known| known == name).map(Id::new)
    }
}
