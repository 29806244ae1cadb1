//! The program, and the only way to make one.

mod faults;
mod hosted;

use crate::places::Places;
use crate::{
    Arena, Backing, Callee, Component, Door, Edge, Engine, Entrance, Feature, Id, Image, Managed, Needed,
    Origin, Part, Reference, Secret, Service, User, Value, Volume, Workload, feature,
};
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use faults::{faults, faults_of_workloads};
pub use hosted::Hosted;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// One application in one environment, complete. See the crate's page for what that promises.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    app: App,
    environment: Environment,
    registry: Option<String>,
    images: Arena<Image>,
    secrets: Arena<Secret>,
    services: Arena<Service>,
    backings: Arena<Backing>,
    volumes: Arena<Volume>,
    edges: Vec<Edge>,
    /// The edges by where they end, as indices.
    #[serde(skip)]
    callers: BTreeMap<Callee, Vec<usize>>,
    doors: Vec<Door>,
    #[serde(skip)]
    places: Places,
    #[serde(skip)]
    whole: Span,
}

/// The application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct App {
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Whose it is.
    pub owner: Option<String>,
}

/// The environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Environment {
    /// Its name.
    pub name: String,
    /// Whether it is the developer's machine.
    pub local: bool,
    /// The host that public services have unless they say otherwise, without a port.
    pub domain: Option<String>,
    /// Where HTTP enters if not at the scheme's own port; only in the local environment.
    pub http_port: Option<u16>,
}

/// Names a node, to ask for its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeId {
    /// The application; its fields are `name`, `description`, `owner`, `registry`.
    App,
    /// The environment; its field is `domain`.
    Environment,
    /// An image.
    Image(Id<Image>),
    /// A secret; its fields are `generate` and `name`.
    Secret(Id<Secret>),
    /// A service. Its fields are the manifest's keys with dots: `cpu`, `scale.requests`, `environment.NAME`.
    Service(Id<Service>),
    /// A backing, likewise.
    Backing(Id<Backing>),
    /// A volume. Of a component's own the field is `size`; of a shared one the fields are the manifest's keys.
    Volume(Id<Volume>),
    /// A door, by its place in [`Program::doors`].
    Door(usize),
}

impl Program {
    /// The application.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// The environment.
    #[must_use]
    pub const fn environment(&self) -> &Environment {
        &self.environment
    }

    /// Where built images live, if the manifest says it, without a final slash.
    #[must_use]
    pub fn registry(&self) -> Option<&str> {
        self.registry.as_deref()
    }

    /// The images, by name or reference.
    #[must_use]
    pub const fn images(&self) -> &Arena<Image> {
        &self.images
    }

    /// The secrets, by name.
    #[must_use]
    pub const fn secrets(&self) -> &Arena<Secret> {
        &self.secrets
    }

    /// The services, by role.
    #[must_use]
    pub const fn services(&self) -> &Arena<Service> {
        &self.services
    }

    /// The backings, by role.
    #[must_use]
    pub const fn backings(&self) -> &Arena<Backing> {
        &self.backings
    }

    /// The volumes, by owner: shared ones first.
    #[must_use]
    pub const fn volumes(&self) -> &Arena<Volume> {
        &self.volumes
    }

    /// The edges, by their ends.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The edges that begin at a component.
    pub fn edges_from(&self, component: Component) -> impl Iterator<Item = &Edge> {
        // They are sorted by where they begin.
        let first = self.edges.partition_point(|edge| edge.from < component);
        let rest = self.edges.get(first..).unwrap_or_default();
        rest.iter().take_while(move |edge| edge.from == component)
    }

    /// The edges that end at a component.
    pub fn edges_to(&self, component: Component) -> impl Iterator<Item = &Edge> {
        let callers = self.callers.get(&Callee::Component(component));
        let indices = callers.map(Vec::as_slice).unwrap_or_default();
        indices.iter().filter_map(|index| self.edges.get(*index))
    }

    /// The doors: longer path first, then host, then role.
    #[must_use]
    pub fn doors(&self) -> &[Door] {
        &self.doors
    }

    /// The doors of a service.
    pub fn doors_of(&self, service: Id<Service>) -> impl Iterator<Item = &Door> {
        self.doors.iter().filter(move |door| door.service == service)
    }

    /// The role of a component; empty only for an id of another program.
    #[must_use]
    pub fn role(&self, component: Component) -> &str {
        let role = match component {
            Component::Service(id) => self.services.get(id).map(|service| &service.role),
            Component::Backing(id) => self.backings.get(id).map(|backing| &backing.role),
        };
        role.map_or("", String::as_str)
    }

    /// The identity of a component; empty only for an id of another program.
    #[must_use]
    pub fn identity(&self, component: Component) -> &str {
        let identity = match component {
            Component::Service(id) => self.services.get(id).map(|service| &service.identity),
            Component::Backing(id) => self.backings.get(id).map(|backing| &backing.identity),
        };
        identity.map_or("", String::as_str)
    }

    /// The workload of a component, if it has one.
    #[must_use]
    pub fn workload(&self, component: Component) -> Option<&Workload> {
        match component {
            Component::Service(id) => self.services.get(id).map(|service| &service.workload),
            Component::Backing(id) => match &self.backings.get(id)?.engine {
                Engine::Container(workload) => Some(workload),
                Engine::Managed(_) | Engine::External(_) | Engine::Existing(_) => None,
            },
        }
    }

    /// All components: services first, then backings.
    pub fn components(&self) -> impl Iterator<Item = Component> {
        let services = self.services.iter().map(|(id, _)| Component::Service(id));
        let backings = self.backings.iter().map(|(id, _)| Component::Backing(id));
        services.chain(backings)
    }

    /// All workloads with their components: services first, then containers.
    pub fn workloads(&self) -> impl Iterator<Item = (Component, &Workload)> {
        self.components()
            .filter_map(|component| Some((component, self.workload(component)?)))
    }

    /// The place in the manifest of a node's field; of the node if the field has none; of the file if neither has.
    #[must_use]
    pub fn at(&self, node: NodeId, field: &str) -> Span {
        self.places.find(node, field).unwrap_or(self.whole)
    }

    /// What this program needs of a target, each kind at every place that needs it.
    #[must_use]
    pub fn features(&self) -> Vec<Needed> {
        self.features_that(&|_| true)
    }

    /// Those of its features that are `wanted`.
    #[must_use]
    pub fn features_that(&self, wanted: &dyn Fn(Feature) -> bool) -> Vec<Needed> {
        feature::needed(self, wanted)
    }
}

/// A program under construction.
#[derive(Clone, Debug)]
pub struct Builder {
    program: Program,
}

impl Builder {
    /// Begins a program; `whole` is the place of the manifest as a whole.
    #[must_use]
    pub const fn new(app: App, environment: Environment, registry: Option<String>, whole: Span) -> Self {
        let program = Program {
            app,
            environment,
            registry,
            images: Arena::new(),
            secrets: Arena::new(),
            services: Arena::new(),
            backings: Arena::new(),
            volumes: Arena::new(),
            edges: Vec::new(),
            callers: BTreeMap::new(),
            doors: Vec::new(),
            places: Places::new(),
            whole,
        };
        Self { program }
    }

    /// Adds an image. Images, secrets, services and backings are added in the order in which the program has them.
    pub fn image(&mut self, image: Image, at: Span) -> Id<Image> {
        let id = self.program.images.push(image);
        self.place(NodeId::Image(id), "", at);
        id
    }

    /// Adds a secret.
    pub fn secret(&mut self, secret: Secret, at: Span) -> Id<Secret> {
        let id = self.program.secrets.push(secret);
        self.place(NodeId::Secret(id), "", at);
        id
    }

    /// Adds a service.
    pub fn service(&mut self, service: Service, at: Span) -> Id<Service> {
        let id = self.program.services.push(service);
        self.place(NodeId::Service(id), "", at);
        id
    }

    /// Adds a backing.
    pub fn backing(&mut self, backing: Backing, at: Span) -> Id<Backing> {
        let id = self.program.backings.push(backing);
        self.place(NodeId::Backing(id), "", at);
        id
    }

    /// Adds a volume.
    pub fn volume(&mut self, volume: Volume, at: Span) -> Id<Volume> {
        let id = self.program.volumes.push(volume);
        self.place(NodeId::Volume(id), "", at);
        id
    }

    /// Takes the volumes and the places of a builder that began as a copy of this one when there were `common` volumes:
    /// by how much the ids of the volumes grow that it has added.
    pub fn absorb(&mut self, other: Self, common: usize) -> usize {
        let Program { volumes, places, .. } = other.program;
        let later = self.program.volumes.len().saturating_sub(common);
        self.program.places.absorb(places, common, later);
        for (_, volume) in volumes.iter().skip(common) {
            self.program.volumes.push(volume.clone());
        }
        later
    }

    /// Sets who writes a volume that was added before its writers were known.
    pub fn written_by(&mut self, id: Id<Volume>, writer: User) {
        self.program
            .volumes
            .change(id, |volume| volume.writer = Some(writer));
    }

    /// Sets the edges; [`Builder::finish`] sorts them.
    pub fn edges(&mut self, edges: Vec<Edge>) {
        self.program.edges = edges;
        self.program.edges.sort_by_key(|edge| (edge.from, edge.to));
        self.program.callers.clear();
        for (index, edge) in self.program.edges.iter().enumerate() {
            self.program.callers.entry(edge.to).or_default().push(index);
        }
    }

    /// Sets the doors, each with its place, and sorts them.
    pub fn doors(&mut self, mut doors: Vec<(Door, Span)>) {
        doors.sort_by_key(|(door, _)| {
            let role = self.program.role(Component::Service(door.service)).to_owned();
            match &door.entrance {
                Entrance::Http { host, path, .. } => (
                    0,
                    std::cmp::Reverse(path.len()),
                    host.clone(),
                    path.clone(),
                    role,
                    0,
                ),
                Entrance::Plain { host, number, .. } => (
                    1,
                    std::cmp::Reverse(0),
                    host.clone(),
                    String::new(),
                    role,
                    *number,
                ),
            }
        });
        for (index, (door, span)) in doors.into_iter().enumerate() {
            self.program.doors.push(door);
            self.place(NodeId::Door(index), "", span);
        }
    }

    /// Remembers where a field of a node was written.
    pub fn place(&mut self, node: NodeId, field: &str, at: Span) {
        self.program.places.put(node, field, at);
    }

    /// What the program needs so far. Lets refusals be reported beside errors that keep it from being finished.
    #[must_use]
    pub fn features(&self) -> Vec<Needed> {
        self.program.features()
    }

    /// The program as far as it stands, for dumps of what could be understood.
    #[must_use]
    pub const fn draft(&self) -> &Program {
        &self.program
    }

    /// Verifies the invariants and hands the program out.
    ///
    /// # Errors
    ///
    /// If any error was reported before, or an invariant does not hold, which is a fault of exoc and reported as one.
    pub fn finish(self, sink: &mut Sink) -> Result<Program, Failed> {
        sink.checkpoint()?;
        for fault in faults(&self.program)
            .into_iter()
            .chain(faults_of_workloads(&self.program))
        {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("the program is inconsistent: {fault}"))
                    .at(self.program.whole, "")
                    .help("this is a fault of exoc; please report it with the manifest"),
            );
        }
        sink.checkpoint()?;
        Ok(self.program)
    }
}

impl Workload {
    /// All its values: arguments, variables, contents of files, the check's command.
    pub fn values(&self) -> impl Iterator<Item = &Value> {
        let check = match self.health.as_ref().map(|health| &health.probe) {
            Some(crate::Probe::Command(items)) => items.as_slice(),
            Some(crate::Probe::Http { .. } | crate::Probe::Tcp { .. } | crate::Probe::Grpc { .. }) | None => {
                &[]
            }
        };
        let arguments = self
            .entrypoint
            .iter()
            .flatten()
            .chain(self.command.iter().flatten());
        arguments
            .chain(self.environment.values())
            .chain(self.files.values())
            .chain(check)
    }
}

impl Image {
    /// Whether it may run outside the local environment: a pinned reference, or an image of the application's own.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        match self {
            Self::Pinned(reference) => reference.is_pinned(),
            Self::Built(built) => built.pinned.as_ref().is_none_or(Reference::is_pinned),
        }
    }
}

impl Program {
    /// Who consumes each secret, directly or through an attribute of a backing: workloads, by component. A secret that
    /// nobody consumes has no entry.
    #[must_use]
    pub fn consumers(&self) -> BTreeMap<Id<Secret>, BTreeSet<Component>> {
        let mut passwords: BTreeMap<Id<Backing>, Id<Secret>> = BTreeMap::new();
        for (id, secret) in self.secrets.iter() {
            match secret.origin {
                Origin::PasswordOf(backing) => {
                    passwords.insert(backing, id);
                }
                Origin::AdministratorOf(_) | Origin::Supplied { .. } | Origin::Generated { .. } => {}
            }
        }
        let named = |part: &Part| match part {
            Part::Text(_) => None,
            Part::Secret(id) => Some(*id),
            Part::Attribute(backing, attribute) if attribute.sensitive() => passwords.get(backing).copied(),
            Part::Attribute(..) => None,
        };
        let mut consumers: BTreeMap<Id<Secret>, BTreeSet<Component>> = BTreeMap::new();
        for (component, workload) in self.workloads() {
            for secret in workload.values().flat_map(Value::parts).filter_map(named) {
                consumers.entry(secret).or_default().insert(component);
            }
        }
        consumers
    }

    /// The values of a component's test.
    fn arguments_of_test(&self, component: Component) -> impl Iterator<Item = &Value> {
        let service = match component {
            Component::Service(id) => self.services.get(id),
            Component::Backing(_) => None,
        };
        service
            .and_then(|service| service.development.test.as_ref())
            .into_iter()
            .flatten()
    }

    /// The managed product behind a backing, if it is one.
    #[must_use]
    pub fn managed(&self, backing: Id<Backing>) -> Option<&Managed> {
        match &self.backings.get(backing)?.engine {
            Engine::Managed(managed) => Some(managed),
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => None,
        }
    }
}
