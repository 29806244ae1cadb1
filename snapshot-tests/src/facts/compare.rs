//! When two outputs mean the same: their facts are equal but for five differences, each a function of its own here.
//!
//! 1. `rented`: what a product's attributes are called. 2. What a note says that a target cannot do:
//!    `scale_of_compose`, `edges_of_compose`, `leaves_of_compose`, `doors_of_compose`, `same_question`.
//! 3. `least_pair`, `rounded_start`: numbers that a target has no other of. 4. `unwritten`: a check that nobody
//!    wrote. 5. `owners_of_folders`: who runs a product of which a target has no rented one. Everything else has to be
//!    equal. [`laws`] holds for one output alone.

mod networks;
mod rented;

use super::{
    Component, Content, Door, Entrance, Facts, File, Health, Image, Leave, Probe, Scale, Start, Target,
    Transport, Value, fargate,
};
pub use networks::gives_up;
use networks::{edges_of_compose, joined_without_need};
use rented::{may_differ, rendered};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

/// The facts of one target's output.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// Whose.
    pub target: Target,
    /// What it means.
    pub facts: &'a Facts,
}

/// What differs and must not, a line each.
#[must_use]
pub fn differences(a: Side<'_>, b: Side<'_>) -> Vec<String> {
    let mut found = Vec::new();
    compare_roles(a, b, &mut found);
    for (role, one) in &a.facts.components {
        if let Some(other) = b.facts.components.get(role) {
            let mut pair = Pair {
                a,
                b,
                role,
                found: &mut found,
            };
            pair.component(one, other);
        }
    }
    compare_edges(a, b, &mut found);
    compare_sets(
        a,
        b,
        "leaves",
        &leaves_of_compose(a, b),
        &leaves_of_compose(b, a),
        &mut found,
    );
    let (doors_a, doors_b) = (doors_of_compose(a, b), doors_of_compose(b, a));
    compare_sets(a, b, "door", &doors_a, &doors_b, &mut found);
    compare_sets(
        a,
        b,
        "reachable from outside",
        &a.facts.entries,
        &b.facts.entries,
        &mut found,
    );
    if a.facts.before != b.facts.before {
        found.push(format!(
            "jobs before a deployment: {:?} on {}, {:?} on {}",
            a.facts.before,
            a.target.id(),
            b.facts.before,
            b.target.id()
        ));
    }
    compare_sets(
        a,
        b,
        "stored secret",
        &rented::stored(a, b),
        &rented::stored(b, a),
        &mut found,
    );
    compare_sets(
        a,
        b,
        "supplied secret",
        &a.facts.supplied,
        &b.facts.supplied,
        &mut found,
    );
    found
}

/// What holds for every output alone.
#[must_use]
pub fn laws(side: Side<'_>) -> Vec<String> {
    let Facts {
        components,
        rented,
        names: _,
        edges,
        joined,
        leaves,
        doors,
        entries,
        before,
        stored,
        supplied,
    } = side.facts;
    let mut broken = Vec::new();
    let opened: BTreeSet<(String, u16, Transport)> = doors
        .iter()
        .map(|door| (door.role.clone(), door.number, door.transport()))
        .collect();
    for entry in entries.difference(&opened) {
        broken.push(format!("{entry:?} can be reached from outside and is no door"));
    }
    for door in opened.difference(entries) {
        broken.push(format!("{door:?} is a door and cannot be reached"));
    }
    for (role, component) in components {
        let in_files = component
            .files
            .iter()
            .filter_map(|(path, file)| match &file.content {
                Content::Text(value) => Some((path, value)),
                Content::Bytes(_) => None,
            });
        for (name, value) in component.environment.iter().chain(in_files) {
            for secret in value.secrets().filter(|secret| !stored.contains(*secret)) {
                broken.push(format!(
                    "{role}: {name} needs the secret {secret}, which nobody stores"
                ));
            }
        }
    }
    for secret in supplied.difference(stored) {
        broken.push(format!("the secret {secret} is supplied and stored nowhere"));
    }
    let runs_before: BTreeSet<&String> = components
        .iter()
        .filter(|(_, component)| matches!(&component.run, Some(run) if run.start == Start::Before))
        .map(|(role, _)| role)
        .collect();
    if before.len() != runs_before.len() || !before.iter().all(|role| runs_before.contains(role)) {
        broken.push(format!("{before:?} is no order of {runs_before:?}"));
    }
    let known = |role: &String| components.contains_key(role) || rented.contains_key(role);
    for edge in edges
        .iter()
        .filter(|edge| edge.from == edge.to || !known(&edge.from) || !known(&edge.to))
    {
        broken.push(format!("{edge:?} does not join two components"));
    }
    if side.target != Target::Compose && !joined.is_empty() {
        broken.push(format!(
            "networks are joined where nobody counts them: {joined:?}"
        ));
    }
    for (role, _) in leaves.iter().filter(|(role, _)| !components.contains_key(role)) {
        broken.push(format!("`{role}` leaves and is no component"));
    }
    broken
}

/// A component on two sides.
struct Pair<'a> {
    a: Side<'a>,
    b: Side<'a>,
    role: &'a str,
    found: &'a mut Vec<String>,
}

impl Pair<'_> {
    fn component(&mut self, one: &Component, other: &Component) {
        let Component {
            image,
            entrypoint,
            command,
            environment,
            writable,
            files,
            volumes,
            ports,
            user: _, // in `owners_of_folders`
            root_writable,
            capabilities,
            privileged,
            low_ports,
            cpu,
            memory,
            scale,
            health,
            shutdown,
            run,
            owner,
        } = one;
        self.equal("image", image, &other.image);
        self.arguments("entrypoint", entrypoint.as_deref(), other.entrypoint.as_deref());
        self.arguments("command", command.as_deref(), other.command.as_deref());
        self.environment(environment, &other.environment);
        self.equal("writable folders", writable, &other.writable);
        self.files(files, &other.files);
        self.equal("volumes", volumes, &other.volumes);
        self.equal("ports", ports, &other.ports);
        let (wanted, have) = owners_of_folders((self.a, one), (self.b, other));
        self.equal("user and group", &wanted, &have);
        self.equal("writable root", root_writable, &other.root_writable);
        self.equal("capabilities", capabilities, &other.capabilities);
        self.equal("privileged", privileged, &other.privileged);
        self.equal("low ports", low_ports, &other.low_ports);
        let (wanted, have) = least_pair(self.a, (*cpu, *memory), self.b, (other.cpu, other.memory));
        self.equal("cpu and memory", &wanted, &have);
        let (wanted, have) = scale_of_compose(self.a, scale, self.b, &other.scale);
        self.equal("scale", &wanted, &have);
        self.health(health.as_ref(), other.health.as_ref());
        self.equal("shutdown", shutdown, &other.shutdown);
        self.equal("run", run, &other.run);
        self.equal("owner", owner, &other.owner);
    }

    fn equal<T: PartialEq + Debug>(&mut self, what: &str, one: &T, other: &T) {
        if one != other {
            let (a, b) = (self.a.target.id(), self.b.target.id());
            self.found.push(format!(
                "{}: {what}\n    {a}: {one:?}\n    {b}: {other:?}",
                self.role
            ));
        }
    }

    fn arguments(&mut self, what: &str, one: Option<&[Value]>, other: Option<&[Value]>) {
        let texts = |side: Side<'_>, values: Option<&[Value]>| {
            values.map(|values| {
                values
                    .iter()
                    .map(|value| rendered(side, value))
                    .collect::<Vec<_>>()
            })
        };
        let (one, other) = (texts(self.a, one), texts(self.b, other));
        self.equal(what, &one, &other);
    }

    fn environment(&mut self, one: &BTreeMap<String, Value>, other: &BTreeMap<String, Value>) {
        let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        for name in names {
            let texts = (
                one.get(name).map(|value| rendered(self.a, value)),
                other.get(name).map(|value| rendered(self.b, value)),
            );
            let (one, other) = (texts.0.as_deref(), texts.1.as_deref());
            if one != other && !self.may_differ(one, other) {
                self.equal(&format!("variable {name}"), &texts.0, &texts.1);
            }
        }
    }

    fn files(&mut self, one: &BTreeMap<String, File>, other: &BTreeMap<String, File>) {
        let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        for path in paths {
            let (Some(one), Some(other)) = (one.get(path), other.get(path)) else {
                self.equal(&format!("presence of {path}"), &one.get(path), &other.get(path));
                continue;
            };
            match (&one.content, &other.content) {
                (Content::Text(one), Content::Text(other)) => {
                    let text = |side, value| without_origin(rendered(side, value));
                    let (one, other) = (text(self.a, one), text(self.b, other));
                    if one != other && !self.may_differ(Some(&one), Some(&other)) {
                        self.equal(&format!("file {path}"), &one, &other);
                    }
                }
                (one, other) => self.equal(&format!("file {path}"), one, other),
            }
            // Where a printed file is copied, its own mode says it.
            if let (Some(one), Some(other)) = (one.executable, other.executable) {
                self.equal(&format!("mode of {path}"), &one, &other);
            }
        }
    }

    /// Part of difference 1: what a product's attributes may differ in.
    fn may_differ(&self, one: Option<&str>, other: Option<&str>) -> bool {
        may_differ(self.a, self.b, self.role, (one, other))
            || may_differ(self.b, self.a, self.role, (other, one))
    }

    fn health(&mut self, one: Option<&Health>, other: Option<&Health>) {
        match (one, other) {
            (None, None) => {}
            (Some(health), None) if unwritten(self.a, health) => {}
            (None, Some(health)) if unwritten(self.b, health) => {}
            // Whether `tcp` was written can be told from compose's output alone.
            (Some(one), Some(other)) if unwritten(self.a, one) && unwritten(self.b, other) => {}
            (Some(one), Some(other)) => {
                if !same_question(self.a, &one.probe, self.b, &other.probe) {
                    self.equal("question of the check", &one.probe, &other.probe);
                }
                let numbers = |health: &Health, start| {
                    (
                        health.port,
                        health.interval,
                        health.timeout,
                        health.retries,
                        start,
                    )
                };
                let (start, other_start) = rounded_start(self.a, one, self.b, other);
                let what = "port, interval, timeout, retries and start of the check";
                self.equal(what, &numbers(one, start), &numbers(other, other_start));
            }
            (one, other) => self.equal("check", &one, &other),
        }
    }
}

/// A product that one target rents is a component where another runs it.
fn compare_roles(a: Side<'_>, b: Side<'_>, found: &mut Vec<String>) {
    for (one, other) in [(a, b), (b, a)] {
        for role in one.facts.components.keys() {
            if !other.facts.components.contains_key(role) && !other.facts.rented.contains_key(role) {
                found.push(format!(
                    "{role}: runs on {} and not on {}",
                    one.target.id(),
                    other.target.id()
                ));
            }
        }
        for (role, rented) in &one.facts.rented {
            // One server stands for topics and their queues; what nobody uses has no name there.
            let is_used = one.facts.edges.iter().any(|edge| edge.to == *role);
            if !is_used && ["sns", "sqs"].contains(&rented.scheme.as_str()) {
                continue;
            }
            let name = other.facts.names.get(role).unwrap_or(role);
            let Some(component) = other.facts.components.get(name) else {
                found.push(format!(
                    "{role}: is rented on {} and not run on {}",
                    one.target.id(),
                    other.target.id()
                ));
                continue;
            };
            if !component.ports.iter().any(|port| port.number == rented.port) {
                found.push(format!(
                    "{role}: is rented at port {} and runs at {:?}",
                    rented.port, component.ports
                ));
            }
        }
    }
}

fn compare_sets<T: Ord + Debug>(
    a: Side<'_>,
    b: Side<'_>,
    what: &str,
    one: &BTreeSet<T>,
    other: &BTreeSet<T>,
    found: &mut Vec<String>,
) {
    let mut only = |side: Side<'_>, other: Side<'_>, item: &T| {
        found.push(format!(
            "{what}: {item:?} on {} and not on {}",
            side.target.id(),
            other.target.id()
        ));
    };
    one.difference(other).for_each(|item| only(a, b, item));
    other.difference(one).for_each(|item| only(b, a, item));
}

fn compare_edges(a: Side<'_>, b: Side<'_>, found: &mut Vec<String>) {
    let (one, other) = (edges_of_compose(a, b), edges_of_compose(b, a));
    compare_sets(a, b, "edge", &one, &other, found);
    found.extend(joined_without_need(a, b));
    found.extend(joined_without_need(b, a));
}

/// Difference 2, note one-replica: compose runs one of everything, and none of what is switched off.
fn scale_of_compose(a: Side<'_>, one: &Scale, b: Side<'_>, other: &Scale) -> (Scale, Scale) {
    let weaker = |scale: &Scale| Scale::fixed(scale.max.min(1), false);
    match (a.target, b.target) {
        (Target::Compose, Target::Aws | Target::Kubernetes) => (one.clone(), weaker(other)),
        (Target::Aws | Target::Kubernetes, Target::Compose) => (weaker(one), other.clone()),
        (Target::Compose, Target::Compose)
        | (Target::Aws | Target::Kubernetes, Target::Aws | Target::Kubernetes) => {
            (one.clone(), other.clone())
        }
    }
}

/// Difference 2, note compose-egress: who may leave compose's networks may leave to any port.
///
/// Who may leave to any port may leave to one, on every target.
fn leaves_of_compose(side: Side<'_>, other: Side<'_>) -> BTreeSet<(String, Leave)> {
    let leaves = &side.facts.leaves;
    if [side.target, other.target].contains(&Target::Compose) {
        return leaves
            .iter()
            .map(|(role, _)| (role.clone(), Leave::Any))
            .collect();
    }
    let any: BTreeSet<&String> = leaves
        .iter()
        .filter(|(_, leave)| *leave == Leave::Any)
        .map(|(role, _)| role)
        .collect();
    leaves
        .iter()
        .filter(|(role, leave)| *leave == Leave::Any || !any.contains(role))
        .cloned()
        .collect()
}

/// Difference 2, note local-plain: a port of the machine that leads to one port of a component asks for no host and
/// no path. That is what compose makes of the only public HTTP port, and of every door that is told apart by number.
fn doors_of_compose(side: Side<'_>, other: Side<'_>) -> BTreeSet<Door> {
    let machine = |side: Side<'_>| -> BTreeSet<(String, u16)> {
        let own = |door: &&Door| matches!(door.entrance, Entrance::Machine(_));
        side.facts
            .doors
            .iter()
            .filter(own)
            .map(|door| (door.role.clone(), door.number))
            .collect()
    };
    let (own, others) = (machine(side), machine(other));
    let weaker = |door: &Door| {
        let key = (door.role.clone(), door.number);
        if own.contains(&key) || others.contains(&key) {
            let (role, number) = key;
            Door {
                entrance: Entrance::Machine(door.transport()),
                role,
                number,
            }
        } else {
            door.clone()
        }
    };
    side.facts.doors.iter().map(weaker).collect()
}

/// Difference 2, notes grpc-tcp and alb-tcp: compose and AWS ask whether a port is open instead of asking in gRPC,
/// AWS' balancer asks a gRPC server as a whole, and `/` instead of whether a port is open.
fn same_question(a: Side<'_>, one: &Probe, b: Side<'_>, other: &Probe) -> bool {
    let weaker = |side: Side<'_>, probe: &Probe, of: &Probe| match (side.target, probe, of) {
        (Target::Compose | Target::Aws, Probe::Tcp, Probe::Grpc(_))
        | (Target::Aws, Probe::Lenient, Probe::Tcp)
        | (Target::Aws, Probe::Grpc(None), Probe::Grpc(Some(_)) | Probe::Tcp) => true,
        (Target::Compose | Target::Aws | Target::Kubernetes, _, _) => false,
    };
    one == other || weaker(a, one, other) || weaker(b, other, one)
}

/// Difference 3: AWS sells pairs of cpu and memory, and has to give the least that is enough.
fn least_pair(a: Side<'_>, one: (u64, u64), b: Side<'_>, other: (u64, u64)) -> ((u64, u64), (u64, u64)) {
    match (a.target, b.target) {
        (Target::Aws, Target::Compose | Target::Kubernetes) => (one, fargate::least_pair(other)),
        (Target::Compose | Target::Kubernetes, Target::Aws) => (fargate::least_pair(one), other),
        (Target::Aws, Target::Aws)
        | (Target::Compose | Target::Kubernetes, Target::Compose | Target::Kubernetes) => (one, other),
    }
}

/// Difference 3: Kubernetes counts the time to start in whole intervals.
fn rounded_start(a: Side<'_>, one: &Health, b: Side<'_>, other: &Health) -> (u64, u64) {
    let round = |health: &Health| health.start.div_ceil(health.interval.max(1)) * health.interval;
    match (a.target, b.target) {
        (Target::Kubernetes, _) | (_, Target::Kubernetes) => (round(one), round(other)),
        (Target::Compose | Target::Aws, Target::Compose | Target::Aws) => (one.start, other.start),
    }
}

/// Difference 4: what asks although the manifest says nothing. Kubernetes asks whether the first port is open, AWS'
/// balancer asks `/` and takes nearly any answer.
fn unwritten(side: Side<'_>, health: &Health) -> bool {
    match (side.target, &health.probe) {
        (Target::Kubernetes, Probe::Tcp) | (Target::Aws, Probe::Lenient) => true,
        (
            Target::Compose | Target::Kubernetes | Target::Aws,
            Probe::Http(_) | Probe::Tcp | Probe::Grpc(_) | Probe::Command(_) | Probe::Lenient,
        ) => false,
    }
}

/// The images of products that AWS does not rent: it and Kubernetes give their folders to a user of their own, where an
/// engine gives them to root.
const HOSTED: &[&str] = &["nats:"];

/// Whom an engine runs such a product as, and AWS and Kubernetes.
const OWNERS: ((u32, u32), (u32, u32)) = ((0, 0), (10001, 10001));

type Owner = Option<(u32, u32)>;

/// Difference 5: the user of a product that AWS runs itself, as an engine has it.
fn owners_of_folders(a: (Side<'_>, &Component), b: (Side<'_>, &Component)) -> (Owner, Owner) {
    let seen = |(side, component): (Side<'_>, &Component)| {
        let is_hosted = match &component.image {
            Image::Pinned(image) => HOSTED.iter().any(|name| image.starts_with(name)),
            Image::Built(_) => false,
        };
        let keeps = is_hosted && !component.volumes.is_empty();
        match side.target {
            // Any other user there is told.
            Target::Aws if keeps => (component.user == Some(OWNERS.1)).then_some(OWNERS.0),
            Target::Kubernetes if is_hosted => (component.user == Some(OWNERS.1)).then_some(OWNERS.0),
            Target::Aws | Target::Compose | Target::Kubernetes => component.user,
        }
    };
    (seen(a), seen(b))
}

/// A file of a product's own begins on an engine with where it comes from.
fn without_origin(text: String) -> String {
    match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("# From ") && first.contains(".yml:") => rest.to_owned(),
        Some(_) | None => text,
    }
}
