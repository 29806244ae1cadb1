//! A program -> its picture. Decides what is shown and in which words; [`facts`](crate::facts) has the words of a node.

use crate::facts;
use crate::picture::{Kind, Link, LinkKind, Node, Picture, Zone};
use exoc_ir::{
    Access, App, Backing, Callee, Component, Door, Edge, EdgePort, Engine, Entrance, Id, Mount, Owner,
    Product, Program, Service, Transport, Volume,
};
use std::collections::BTreeMap;

impl Picture {
    /// The picture of a program.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let App {
            name,
            description,
            owner,
        } = program.app();
        let mut plan = Plan::new(program);
        plan.doors();
        plan.edges();
        plan.mounts();
        plan.subscriptions();
        let Plan { nodes, links, .. } = plan;
        let links = links.into_iter();
        Self {
            application: name.clone(),
            description: description.clone(),
            owner: owner.clone(),
            environment: program.environment().name.clone(),
            nodes,
            links: links
                .map(|((from, to, kind), labels)| Link {
                    from,
                    to,
                    kind,
                    labels,
                })
                .collect(),
        }
    }
}

/// What a node is of, in the order in which they stand in the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Subject<'a> {
    Host(&'a str),
    Service(Id<Service>),
    Backing(Id<Backing>),
    Volume(Id<Volume>),
    World,
}

struct Plan<'a> {
    program: &'a Program,
    subjects: BTreeMap<Subject<'a>, usize>,
    nodes: Vec<Node>,
    links: BTreeMap<(usize, usize, LinkKind), Vec<String>>,
}

impl<'a> Plan<'a> {
    fn new(program: &'a Program) -> Self {
        let hosts = program.doors().iter().map(|door| Subject::Host(host(door)));
        let services = program.services().iter().map(|(id, _)| Subject::Service(id));
        let backings = program.backings().iter().map(|(id, _)| Subject::Backing(id));
        let volumes = program
            .volumes()
            .iter()
            .filter(|(_, volume)| volume.role().is_some());
        let volumes = volumes.map(|(id, _)| Subject::Volume(id));
        let is_world = |edge: &&Edge| edge.to == Callee::World;
        let world = program.edges().iter().find(is_world).map(|_| Subject::World);
        let mut subjects: BTreeMap<Subject<'_>, usize> = hosts
            .chain(services)
            .chain(backings)
            .chain(volumes)
            .chain(world)
            .map(|subject| (subject, 0))
            .collect();
        let mut nodes = Vec::new();
        for (subject, index) in &mut subjects {
            *index = nodes.len();
            nodes.extend(node(program, *subject));
        }
        Self {
            program,
            subjects,
            nodes,
            links: BTreeMap::new(),
        }
    }

    fn link(&mut self, from: Subject<'_>, to: Subject<'_>, kind: LinkKind, labels: Vec<String>) {
        if let (Some(from), Some(to)) = (self.subjects.get(&from), self.subjects.get(&to)) {
            let told = self.links.entry((*from, *to, kind)).or_default();
            for label in labels {
                if !told.contains(&label) {
                    told.push(label);
                }
            }
        }
    }

    fn doors(&mut self) {
        // Short paths first, as people list them.
        for door in self.program.doors().iter().rev() {
            let label = match &door.entrance {
                Entrance::Http { path, .. } => path.clone(),
                Entrance::Plain {
                    number, transport, ..
                } => format!("{number} {}", word(*transport)),
            };
            let (from, to) = (Subject::Host(host(door)), Subject::Service(door.service));
            self.link(from, to, LinkKind::Door, vec![label]);
        }
    }

    fn edges(&mut self) {
        for Edge {
            from,
            to,
            ports,
            reasons: _,
        } in self.program.edges()
        {
            let callee = match to {
                Callee::Component(component) => subject(*component),
                Callee::World => Subject::World,
            };
            let labels = ports.iter().map(|port| self.port(*to, *port)).collect();
            self.link(subject(*from), callee, LinkKind::Call, labels);
        }
    }

    /// A port at the end of an edge, with what is spoken there as far as the program says it.
    fn port(&self, to: Callee, port: EdgePort) -> String {
        let EdgePort { number, transport } = port;
        let workload = match to {
            Callee::Component(component) => self.program.workload(component),
            Callee::World => None,
        };
        let ports = workload.into_iter().flat_map(|workload| &workload.ports);
        let mut same = ports.filter(|port| (port.number, port.protocol.transport()) == (number, transport));
        let spoken = same.next().map_or(word(transport), |port| port.protocol.word());
        format!("{number} {spoken}")
    }

    fn mounts(&mut self) {
        for (component, workload) in self.program.workloads() {
            for Mount { volume, access } in workload.mounts.values() {
                let label = match access {
                    Access::Write => "read, write",
                    Access::Read => "read",
                };
                let labels = vec![label.to_owned()];
                self.link(
                    subject(component),
                    Subject::Volume(*volume),
                    LinkKind::Mount,
                    labels,
                );
            }
        }
    }

    fn subscriptions(&mut self) {
        for (id, _) in self.program.backings().iter() {
            for topic in self
                .program
                .managed(id)
                .into_iter()
                .flat_map(|queue| &queue.subscribes)
            {
                let (from, to) = (Subject::Backing(*topic), Subject::Backing(id));
                self.link(from, to, LinkKind::Subscription, Vec::new());
            }
        }
    }
}

const fn subject<'a>(component: Component) -> Subject<'a> {
    match component {
        Component::Service(id) => Subject::Service(id),
        Component::Backing(id) => Subject::Backing(id),
    }
}

fn host(door: &Door) -> &str {
    match &door.entrance {
        Entrance::Http { host, .. } | Entrance::Plain { host, .. } => host,
    }
}

pub(crate) const fn word(transport: Transport) -> &'static str {
    match transport {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
    }
}

/// The node of a subject; `None` only for an id of another program.
fn node(program: &Program, subject: Subject<'_>) -> Option<Node> {
    match subject {
        Subject::Host(host) => Some(Node {
            name: host.to_owned(),
            kind: Kind::Host,
            zone: Zone::Entry,
            what: facts::entrances(program, host),
            count: None,
            facts: Vec::new(),
        }),
        Subject::Service(id) => Some(facts::service(program, id, program.services().get(id)?)),
        Subject::Backing(id) => Some(backing(program, id, program.backings().get(id)?)),
        Subject::Volume(id) => volume(program.volumes().get(id)?),
        Subject::World => Some(Node {
            name: "internet".to_owned(),
            kind: Kind::World,
            zone: Zone::Outside,
            what: "any public address".to_owned(),
            count: None,
            facts: Vec::new(),
        }),
    }
}

fn backing(program: &Program, id: Id<Backing>, backing: &Backing) -> Node {
    let Backing {
        role,
        identity,
        engine,
    } = backing;
    let (kind, zone, what, mut told) = match engine {
        Engine::Managed(managed) => {
            let (what, told) = facts::managed(managed);
            (kind(managed.product), Zone::Data, what, told)
        }
        Engine::Container(workload) => {
            let (what, told) = facts::workload(program, Component::Backing(id), workload);
            (Kind::Container, Zone::Application, what, told)
        }
        Engine::External(external) => {
            let (what, told) = facts::external(external);
            (Kind::External, Zone::Outside, what, told)
        }
        Engine::Existing(existing) => {
            let (what, told) = facts::existing(existing);
            (kind(existing.product), Zone::Outside, what, told)
        }
    };
    told.extend(facts::identity(role, identity));
    Node {
        name: role.clone(),
        kind,
        zone,
        what,
        count: None,
        facts: told,
    }
}

fn volume(volume: &Volume) -> Option<Node> {
    let Volume {
        owner,
        size,
        writer: _,
    } = volume;
    match owner {
        Owner::Shared {
            role,
            identity,
            availability,
            backups,
        } => {
            let mut told = facts::kept(*size, *availability, *backups);
            told.extend(facts::identity(role, identity));
            Some(Node {
                name: role.clone(),
                kind: Kind::Volume,
                zone: Zone::Data,
                what: "shared volume".to_owned(),
                count: None,
                facts: told,
            })
        }
        Owner::Component { .. } => None,
    }
}

const fn kind(product: Product) -> Kind {
    match product {
        Product::Postgres | Product::Mysql | Product::Mariadb | Product::Mongodb => Kind::Database,
        Product::Redis | Product::Valkey | Product::Memcached => Kind::Cache,
        Product::Rabbitmq | Product::Nats | Product::Kafka | Product::Queue | Product::Topic => {
            Kind::Messages
        }
        Product::Search => Kind::Search,
        Product::Bucket => Kind::Bucket,
    }
}
