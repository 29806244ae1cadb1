//! The companion that waits for jobs that nothing else waits for. `docker compose up --wait` takes a container that ends
//! for a failure unless another one waits for its end (seen with compose v5 and an engine 20.10, 2026-11-21).

use super::{Context, labels, node, service};
use crate::model::{Condition, Life, Model, Service};
use crate::names;
use exoc_ir::Component;
use std::collections::BTreeMap;

/// The companion, if there is such a job.
pub(super) fn companion(context: &Context<'_>, model: &Model) -> Option<Service> {
    let program = context.program;
    let jobs = program.services().iter().filter(|(_, service)| {
        let planned = model.services.get(&service.role);
        planned.is_some_and(|planned| planned.life == Life::Once) && !is_awaited(model, &service.role)
    });
    let places: BTreeMap<_, _> = jobs
        .map(|(id, service)| (&service.role, program.at(node(Component::Service(id)), "when")))
        .collect();
    if places.is_empty() {
        return None;
    }
    let purpose = "Starts when the last jobs have ended well, so that `docker compose up --wait` says whether they did.";
    let from = places.values().copied().collect();
    let mut companion = service::idle_companion(from, purpose.to_owned());
    companion.depends_on = places
        .into_keys()
        .map(|role| (role.clone(), Condition::Completed))
        .collect();
    companion.labels = labels::of(program, names::DEPLOYED, "companion");
    Some(companion)
}

/// Whether something that goes on waits for the end of a service.
fn is_awaited(model: &Model, role: &str) -> bool {
    model.services.values().any(|service| {
        service.life == Life::Forever && service.depends_on.get(role) == Some(&Condition::Completed)
    })
}
