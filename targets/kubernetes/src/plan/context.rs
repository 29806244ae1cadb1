//! What every part of the plan needs: the program, the options, names that several objects share, labels.

use super::job::{self, Wave};
use super::operators;
use super::places::Places;
use crate::feature;
use crate::model::{Labels, Meta, Operator, Provenance, VariableValue};
use crate::names;
use crate::options::Options;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_ir::{
    Attribute, Backing, Component, Door, Engine, Expression, Id, Image, Job, Kind, NodeId, Origin, Program,
    Secret, Service, Shortened, Value,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The plan under way: what is decided once for all, shared by every part of the plan that is made beside others,
/// and what this part reports.
pub(crate) struct Plan<'a> {
    /// The program.
    pub(crate) program: &'a Program,
    /// The options.
    pub(crate) options: &'a Options,
    /// Where things were written.
    pub(crate) places: Places<'a>,
    /// Where notes and errors go; notes by [`Plan::note`].
    pub(crate) sink: Sink,
    /// The ranks of jobs before a deployment; `None` if no job belongs to one.
    pub(crate) ranks: Option<u32>,
    /// What was noted so far: the code and the message.
    notes: Vec<(&'static str, String)>,
    /// What was looked for once.
    found: Arc<Found<'a>>,
    /// The names that several objects share.
    shared: Arc<Shared>,
}

/// What is looked for once in the program, and not again for each component.
struct Found<'a> {
    /// What each image runs in.
    users: BTreeMap<Id<Image>, Vec<Component>>,
    /// What built images are called.
    built: BTreeSet<&'a str>,
    /// The doors of each service, by their place in the program.
    doors: BTreeMap<Id<Service>, Vec<usize>>,
}

impl<'a> Found<'a> {
    fn of(program: &'a Program) -> Self {
        let mut users = BTreeMap::<_, Vec<_>>::new();
        for (component, workload) in program.workloads() {
            users.entry(workload.image).or_default().push(component);
        }
        let built = program.images().iter().filter_map(|(_, image)| match image {
            Image::Built(built) => Some(built.name.as_str()),
            Image::Pinned(_) => None,
        });
        let mut doors = BTreeMap::<_, Vec<_>>::new();
        for (index, door) in program.doors().iter().enumerate() {
            doors.entry(door.service).or_default().push(index);
        }
        Self {
            users,
            built: built.collect(),
            doors,
        }
    }
}

/// The names that several objects share.
#[derive(Default)]
struct Shared {
    /// The label of each component's identity.
    instances: BTreeMap<Component, String>,
    /// The Secret of each secret.
    secrets: BTreeMap<Id<Secret>, String>,
}

impl<'a> Plan<'a> {
    /// Begins a plan: decides the names that several objects share. What it reports goes to `sink`.
    pub(crate) fn new(program: &'a Program, options: &'a Options, places: Places<'a>, sink: Sink) -> Self {
        let mut plan = Self {
            program,
            options,
            places,
            sink,
            ranks: job::ranks(program.services().iter().map(|(_, service)| service)),
            notes: Vec::new(),
            found: Arc::new(Found::of(program)),
            shared: Arc::default(),
        };
        let mut shared = Shared::default();
        for component in program.components() {
            let label = names::instance(&program.app().name, plan.identity(component));
            let label = plan.shortened(label, plan.place(component));
            shared.instances.insert(component, label);
        }
        let mut taken = BTreeMap::new();
        for (id, secret) in program.secrets().iter() {
            let name = names::secret(program, secret, plan.maker(secret).map(Operator::login));
            let name = plan.shortened(name, program.at(NodeId::Secret(id), ""));
            plan.check_secret(id, &name, &mut taken);
            shared.secrets.insert(id, name);
        }
        plan.shared = Arc::new(shared);
        plan
    }

    /// The same plan for a part that is made beside others and handed over with [`Plan::absorb`].
    pub(crate) fn beside(&self) -> Self {
        Self {
            program: self.program,
            options: self.options,
            places: self.places,
            sink: self.sink.beside(),
            ranks: self.ranks,
            notes: Vec::new(),
            found: Arc::clone(&self.found),
            shared: Arc::clone(&self.shared),
        }
    }

    /// Takes what a part reported.
    pub(crate) fn absorb(&mut self, part: Self) {
        self.notes.extend(part.notes);
        self.sink.absorb(part.sink);
    }

    /// What an image runs in.
    pub(crate) fn users(&self, image: Id<Image>) -> &[Component] {
        self.found.users.get(&image).map_or(&[], Vec::as_slice)
    }

    /// Whether an image that is built has this name.
    pub(crate) fn is_built(&self, name: &str) -> bool {
        self.found.built.contains(name)
    }

    /// All doors, each with its place.
    pub(crate) fn doors(&self) -> impl Iterator<Item = (&'a Door, Span)> + use<'a> {
        let program = self.program;
        let doors = program.doors().iter().enumerate();
        doors.map(|(index, door)| (door, program.at(NodeId::Door(index), "")))
    }

    /// The doors of a service, each with its place.
    pub(crate) fn doors_of(&self, service: Id<Service>) -> impl Iterator<Item = (&'a Door, Span)> {
        let program = self.program;
        let indices = self.found.doors.get(&service).into_iter().flatten();
        indices.filter_map(move |index| {
            let door = program.doors().get(*index)?;
            Some((door, program.at(NodeId::Door(*index), "")))
        })
    }

    /// Two secrets of one name would be one Secret.
    fn check_secret(&mut self, id: Id<Secret>, name: &str, taken: &mut BTreeMap<String, Id<Secret>>) {
        let clash = taken.insert(name.to_owned(), id);
        if let Some(other) = clash {
            let diagnostic = Diagnostic::new(
                codes::DERIVED_NAME_CLASH,
                format!("two secrets would be the Kubernetes Secret `{name}`"),
            )
            .at(self.secret_place(id), "")
            .also(self.secret_place(other), "the other one")
            .help("rename one of them");
            self.sink.error(diagnostic);
        }
    }

    /// What a secret is there for.
    pub(crate) fn secret_lines(&self, id: Id<Secret>) -> Provenance {
        Provenance::of([self.secret_place(id)])
    }

    /// Where a secret was written: a backing's password has no line of its own.
    fn secret_place(&self, id: Id<Secret>) -> Span {
        match self.program.secrets().get(id).map(|secret| &secret.origin) {
            Some(Origin::PasswordOf(backing) | Origin::AdministratorOf(backing)) => {
                self.program.at(NodeId::Backing(*backing), "")
            }
            Some(Origin::Supplied { .. } | Origin::Generated { .. }) | None => {
                self.program.at(NodeId::Secret(id), "")
            }
        }
    }

    /// What a component's data and selectors are named after.
    pub(crate) fn identity(&self, component: Component) -> &'a str {
        let identity = match component {
            Component::Service(id) => self.program.services().get(id).map(|service| &service.identity),
            Component::Backing(id) => self.program.backings().get(id).map(|backing| &backing.identity),
        };
        identity.map_or("", String::as_str)
    }

    /// Where a component was written.
    pub(crate) fn place(&self, component: Component) -> Span {
        self.place_of(component, "")
    }

    /// Where a field of a component was written.
    pub(crate) fn place_of(&self, component: Component, field: &str) -> Span {
        let node = match component {
            Component::Service(id) => NodeId::Service(id),
            Component::Backing(id) => NodeId::Backing(id),
        };
        self.program.at(node, field)
    }

    /// The hosts of a component that stands elsewhere; `None` if it runs here.
    pub(crate) fn elsewhere(&self, component: Component) -> Option<&'a [String]> {
        match component {
            Component::Service(_) => None,
            Component::Backing(id) => match &self.program.backings().get(id)?.engine {
                Engine::External(external) => Some(std::slice::from_ref(&external.host)),
                Engine::Existing(existing) => Some(&existing.hosts),
                Engine::Managed(_) | Engine::Container(_) => None,
            },
        }
    }

    /// The Secret that holds a secret.
    pub(crate) fn secret(&self, id: Id<Secret>) -> &str {
        self.shared.secrets.get(&id).map_or("", String::as_str)
    }

    /// What a managed backing says of itself here: texts and secrets; `None` for what it does not have.
    pub(crate) fn attribute(&self, backing: Id<Backing>, attribute: Attribute) -> Option<Value> {
        exoc_catalogue::attribute(self.program, backing, attribute)
    }

    /// What a variable that is a secret holds.
    pub(crate) fn secret_value(&self, id: Id<Secret>) -> VariableValue {
        let name = self.secret(id).to_owned();
        let secret = self.program.secrets().get(id);
        if secret.is_some_and(|secret| self.is_operators(secret)) {
            VariableValue::Login(name)
        } else {
            VariableValue::Secret(name)
        }
    }

    /// Whether an operator makes a secret together with what it opens.
    pub(crate) fn is_operators(&self, secret: &Secret) -> bool {
        self.maker(secret).is_some()
    }

    /// The operator that makes a secret together with what it opens.
    fn maker(&self, secret: &Secret) -> Option<Operator> {
        match secret.origin {
            Origin::PasswordOf(backing) | Origin::AdministratorOf(backing) => {
                operators::of(self, Component::Backing(backing))
            }
            Origin::Supplied { .. } | Origin::Generated { .. } => None,
        }
    }

    /// What selects the pods of a component. It never changes while the identity stays.
    pub(crate) fn selector(&self, component: Component) -> Labels {
        if let Some(operator) = operators::of(self, component) {
            return operators::selector(operator, self.identity(component));
        }
        self.named(component)
    }

    /// The labels that name a component.
    fn named(&self, component: Component) -> Labels {
        let instance = self.shared.instances.get(&component).cloned().unwrap_or_default();
        [
            ("app.kubernetes.io/name", self.identity(component).to_owned()),
            ("app.kubernetes.io/instance", instance),
        ]
        .into()
    }

    /// What selects everything.
    pub(crate) fn everything(&self) -> Labels {
        [
            ("app.kubernetes.io/part-of", self.program.app().name.clone()),
            ("app.kubernetes.io/managed-by", "exoc".to_owned()),
        ]
        .into()
    }

    /// The labels of everything.
    fn common_labels(&self) -> Labels {
        let mut labels = self.everything();
        if let Some(owner) = &self.program.app().owner {
            labels.insert("owner", owner.clone());
        }
        labels
    }

    /// The labels of everything that belongs to a component.
    pub(crate) fn labels(&self, component: Component) -> Labels {
        let mut labels = self.common_labels();
        labels.extend(self.named(component));
        labels.insert("app.kubernetes.io/component", self.kind(component).to_owned());
        if let Some(job) = self.job(component) {
            labels.insert(job::RUN, job::word(&job.trigger).to_owned());
        }
        labels
    }

    /// The job of a component that is one.
    fn job(&self, component: Component) -> Option<&'a Job> {
        match component {
            Component::Service(id) => self.program.services().get(id)?.job(),
            Component::Backing(_) => None,
        }
    }

    /// What kind of thing a component is. It may change while the identity stays, so no selector has it.
    fn kind(&self, component: Component) -> &'static str {
        match component {
            Component::Service(id) => match self.program.services().get(id).map(|service| &service.kind) {
                Some(Kind::Worker) => "worker",
                Some(Kind::Job(_)) => "job",
                Some(Kind::Server) | None => "server",
            },
            Component::Backing(_) => "dependency",
        }
    }

    /// The metadata of an object of a component.
    pub(crate) fn meta(&self, component: Component, name: impl Into<String>) -> Meta {
        let meta = Meta {
            name: name.into(),
            namespace: Some(self.options.namespace.clone()),
            labels: self.labels(component),
            annotations: Labels::new(),
            from: self.component_lines(component),
        };
        self.in_wave(meta, Wave::Of(component))
    }

    /// The metadata of an object of all components.
    pub(crate) fn shared_meta(&self, name: &str) -> Meta {
        Meta {
            name: name.to_owned(),
            namespace: Some(self.options.namespace.clone()),
            labels: self.common_labels(),
            annotations: Labels::new(),
            from: self.options_lines(),
        }
    }

    /// The name, and a note if it is not whole.
    pub(crate) fn shortened(&mut self, name: Shortened, at: Span) -> String {
        let Shortened { name, whole } = name;
        if let Some(whole) = whole {
            self.note(
                Diagnostic::new(
                    codes::SHORTENED_NAME,
                    format!("`{whole}` is shortened to `{name}`"),
                )
                .at(at, "")
                .help("shorter names are kept whole"),
            );
        }
        name
    }

    /// Reports a note and keeps it for the page.
    pub(crate) fn note(&mut self, note: Diagnostic) {
        self.notes.push((note.code.id, note.message.clone()));
        self.sink.report(note);
    }

    /// Everything that is noted of this output, in the order of the codes: what was reported here, and what is the
    /// same for every program and so reported from the feature table.
    pub(crate) fn noted(&self) -> Vec<(&'static str, String)> {
        let of_feature = |feature| match feature::express(feature) {
            Expression::Noted { code, text } => (!text.is_empty()).then(|| (code.id, text.to_owned())),
            Expression::Expressed | Expression::Refused { instead: _ } => None,
        };
        let needed = self
            .program
            .features_that(&|feature| of_feature(feature).is_some());
        let of_table = needed.iter().filter_map(|needed| of_feature(needed.feature));
        let all: BTreeSet<_> = self.notes.iter().cloned().chain(of_table).collect();
        all.into_iter().collect()
    }

    /// Reports that the program breaks its own contract.
    pub(crate) fn fault(&mut self, component: Component, fault: &str) -> Failed {
        let role = self.program.role(component);
        let diagnostic = Diagnostic::new(codes::INTERNAL, format!("`{role}` cannot be planned: {fault}"))
            .at(self.place(component), "")
            .help("this is a fault of exoc; please report it with the manifest");
        self.sink.error(diagnostic)
    }
}
