//! Names that the project derives. `_` cannot occur in a role, so no name with one is ever a component's.

use exoc_ir::{App, Environment, Program};

/// The gateway's service.
pub const GATEWAY: &str = "exoc_gateway";
/// The companion that waits for jobs.
pub(crate) const DEPLOYED: &str = "exoc_deployed";
/// The profile of jobs that start only when a person says so.
pub(crate) const JOBS: &str = "jobs";

/// The profile of tests.
pub(crate) const TESTS: &str = "tests";

/// The network over which ports are published; where several publish, the gateway's, and the start of the others' names.
pub(crate) const ENTRY_NETWORK: &str = "exoc_entry";
/// The network over which services leave.
pub(crate) const INTERNET_NETWORK: &str = "exoc_internet";
/// The network that is for all components where they are very many.
pub(crate) const COMPONENTS_NETWORK: &str = "exoc_components";

/// The project.
pub(crate) fn project(app: &App, environment: &Environment) -> String {
    if environment.local {
        app.name.clone()
    } else {
        format!("{}-{}", app.name, environment.name)
    }
}

/// The project of the tests: its data and its networks are not the developer's, nor those of an environment `test`.
pub(crate) fn test_project(project: &str) -> String {
    format!("{project}_test")
}

/// What follows a service's role in the name of what tests it.
const TEST: &str = "_test";
/// What follows a component's role in the name of the companion that asks it.
const HEALTH: &str = "_health";

/// What tests a service.
#[must_use]
pub fn test(role: &str) -> String {
    format!("{role}{TEST}")
}

/// The service that something of this name tests.
#[must_use]
pub fn tested(name: &str) -> Option<&str> {
    name.strip_suffix(TEST)
}

/// The network over which one of several services publishes its ports.
pub(crate) fn entry(role: &str) -> String {
    format!("{ENTRY_NETWORK}_{role}")
}

/// One of the networks that are each for several components.
pub(crate) fn shared(number: usize) -> String {
    format!("exoc_shared_{number}")
}

/// One of the networks over which several publish their ports.
pub(crate) fn shared_entry(number: usize) -> String {
    format!("{ENTRY_NETWORK}_shared_{number}")
}

/// The companion that asks a component whether it works.
#[must_use]
pub fn health(role: &str) -> String {
    format!("{role}{HEALTH}")
}

/// The component that a companion of this name asks.
#[must_use]
pub fn asked(name: &str) -> Option<&str> {
    name.strip_suffix(HEALTH)
}

/// The volume that holds a dependency's data. It follows the identity, so that a new role keeps the data.
pub(crate) fn data_volume(identity: &str) -> String {
    format!("{identity}-data")
}

/// A volume of a component's own. It follows the identity as well.
pub(crate) fn own_volume(identity: &str, volume: &str) -> String {
    format!("{identity}-{volume}")
}

/// A volume that several components mount. It follows the identity likewise.
pub(crate) fn shared_volume(identity: &str) -> String {
    identity.to_owned()
}

/// The companion that gives a component's volumes, or a shared one, to its user.
pub(crate) fn volumes(role: &str) -> String {
    format!("{role}_volumes")
}

/// The companion that writes a component's late files.
pub(crate) fn files(role: &str) -> String {
    format!("{role}_files")
}

/// The volume of one folder of late files. What is in it is made anew from the manifest and `.env`, so it follows the
/// role.
pub(crate) fn files_volume(role: &str, folder: usize) -> String {
    format!("{role}_files_{folder}")
}

/// Where a generated file lies beside the project's file, given its absolute path in the container.
pub(crate) fn file(service: &str, path: &str) -> String {
    format!("files/{service}/{}", path.trim_start_matches('/'))
}

/// The variable that names a built image outside the local environment.
pub(crate) fn image_variable(image: &str) -> String {
    format!("{}_IMAGE", image.to_uppercase().replace('-', "_"))
}

/// An image that compose builds. It never leaves the machine, so that no registry is part of its name; it has one, so
/// that services that share the image share it.
pub(crate) fn local_image(program: &Program, image: &str) -> String {
    format!("{}-{image}:local", program.app().name)
}

/// A built image without its tag as it is published: `[registry/]<app>-<name>`.
pub(crate) fn built_image(program: &Program, image: &str) -> String {
    let name = format!("{}-{image}", program.app().name);
    match program.registry() {
        Some(registry) => format!("{registry}/{name}"),
        None => name,
    }
}
