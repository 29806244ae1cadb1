//! The intermediate representation: the one thing that every target sees.
//!
//! # The contract
//!
//! A [`Program`] is one application in one environment, complete. *Complete* means: short forms are expanded,
//! layers merged, defaults filled, references replaced, units converted, names checked, edges derived. A target
//! may rely on every sentence of this page and repeats none of its checks. No word of a front end's syntax and no
//! word of a target occurs in this crate.
//!
//! **Made once.** [`Builder::finish`] is the only maker of a `Program`; it verifies the invariants below and
//! fails if any error was reported. There is no `&mut Program`; [`Program::hosting`] gives another one, for a target
//! that runs a product itself which others rent.
//!
//! **Sorted.** Arenas are sorted by role or name, edges by their ends, doors from the most to the least specific.
//! A list keeps the manifest's order only where order means something: arguments of a command, ports.
//!
//! **Role and identity.** A role is how the manifest and the network call a component now; it is unique over
//! services and backings. An identity names its data and its history; it is unique as well. They are equal unless
//! the component was renamed. Physical names derive from the identity; file names, addresses and labels from the
//! role.
//!
//! **Value.** A sequence of parts: text, a secret, an attribute of a managed backing. Neighbouring texts are
//! joined and empty ones left out; the empty value has no parts. An attribute occurs only for a managed backing,
//! whether or not a target happens to know it beforehand; whatever else a reference can name is text already:
//! addresses of services, containers and externals, ports, public addresses, names. Text has no NUL. A value is
//! *sensitive* if a part is a secret or a sensitive attribute; such a value reaches a container only through the
//! target's secret store.
//!
//! **Image.** [`Image::Pinned`] is a reference to a registry, outside the local environment never without both
//! tag and digest, never `latest`. [`Image::Built`] is made from the application's own files; it may carry a
//! pinned reference, which is what runs outside the local environment. Services share an image by id.
//!
//! **Workload.** What runs: image, arguments, variables, ports, folders, files, check, resources, security. A service
//! has one, and a container among the backings has one. Its variables are complete and sorted: derived, inherited
//! and withheld ones are settled. `/tmp` is always among its scratch folders. Its first port is the principal one.
//!
//! **Kind.** A server has at least one port; a worker has none and is checked, if at all, by a command.
//!
//! **Health.** `None` means that nothing was written; a target then checks only what costs nothing. Otherwise one
//! probe with interval, timeout, retries and start inside the bounds of the language; an HTTP probe asks a port
//! whose protocol is HTTP/1.1.
//!
//! **Scale.** `min == max` and no goals when it is fixed; `min >= 1` unless both are 0, which switches the
//! service off. A requests goal stands only beside an HTTP door.
//!
//! **Volume.** A file system that outlives containers, with the one user and group that writes it. A component that
//! has one to itself has one replica, which stops before its successor starts. A shared one is a dependency that is
//! mounted by any number of components and replicas; it has a role and an identity like a backing, and no edge leads
//! to it. No mount lies in another, nor in a writable folder.
//!
//! **Development.** Sources that lie in a service, what is watched, its test, ports for the developer: in the local
//! environment only, else empty.
//! **Files.** A file is fixed, and lies beside what the image has in its folder; or it holds a secret or an attribute of
//! a managed backing, and then its folder is a root of the program's own, which shows nothing of the image. Which of
//! the two does not depend on what a target knows beforehand. No file lies in a mount, a writable folder or a folder of
//! the system; no root lies in another, and no mount or writable folder in a root.
//!
//! **Edge.** From a component to a component or to the world, one per pair, with all ports of the callee, and at
//! least one reason. Every address, attribute and use in the program has its edge. Cycles may occur.
//!
//! **Door.** A public entry: host and path for the HTTP protocols, a number for the others. No two doors match
//! the same host and path, none the same number and transport. Public addresses in values were computed from
//! doors.
//!
//! **Secret.** A name and an origin; a value never exists here. Each is consumed at least once.
//!
//! **Provenance.** [`Program::at`] gives the place in the manifest of a node or of one of its fields. Dumps and
//! comparisons do not see places.
//!
//! **Features.** [`Program::features`] lists what a program needs of a target, each with its place. It is
//! compared once with what a target expresses ([`Target::express`]); a target never meets a feature that it
//! refuses.

mod arena;
mod artifact;
mod backing;
mod development;
mod door;
mod edge;
mod feature;
mod file;
mod image;
mod name;
mod places;
mod product;
mod program;
mod quantity;
mod resource;
mod schedule;
mod secret;
mod service;
mod target;
mod value;
mod volume;
mod workload;

pub use arena::{Arena, Id};
pub use artifact::{Artifact, Artifacts, Comments};
pub use backing::{Availability, Backing, Engine, Existing, External, Managed};
pub use development::{Development, Renewal};
pub use door::{Door, Entrance};
pub use edge::{Callee, Component, Edge, EdgePort, Reason};
pub use feature::{Expression, Feature, Needed, Subject};
pub use file::{Contents, Files, FixedFile, LateContents, LateFile};
pub use image::{Built, Image, Reference};
pub use name::{Shortened, shorten};
pub use product::Product;
pub use program::{App, Builder, Environment, Hosted, NodeId, Program};
pub use quantity::{Bytes, MilliCpu, Seconds};
pub use resource::{Replacement, Resource};
pub use schedule::{Moments, Schedule};
pub use secret::{Origin, Secret};
pub use service::{Job, Kind, Scale, Service, Trigger};
pub use target::{Input, Patch, Support, Target, TargetId};
pub use value::{Attribute, Part, Value};
pub use volume::{Access, Mount, Owner, Volume};
pub use workload::{
    Capabilities, Health, Port, Probe, Protocol, Resources, Security, Transport, User, Workload,
};
