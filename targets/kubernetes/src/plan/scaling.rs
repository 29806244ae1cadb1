//! How many pods a service has, how they give way to new ones, and how many may be away at once.

use super::Plan;
use crate::model::{Autoscaler, Controller, Object, Probes, Strategy};
use crate::plan::pod::Spread;
use exoc_ir::{Component, Scale};

/// Seconds without progress after which a rollout has failed, unless starting may take longer: Kubernetes' default.
const DEADLINE: u32 = 600;

/// The controller of a service.
pub(crate) fn controller(scale: &Scale, probes: Option<&Probes>) -> Controller {
    let strategy = if scale.overlap {
        Strategy::Rolling
    } else {
        Strategy::Recreate
    };
    deployment(scale.fixed(), strategy, probes)
}

/// A Deployment whose rollouts last as long as a start may take, and two minutes to place the pod and pull its image.
pub(crate) fn deployment(replicas: Option<u32>, strategy: Strategy, probes: Option<&Probes>) -> Controller {
    let start = probes.map_or(0, |probes| probes.give_up() + 120);
    Controller::Deployment {
        replicas,
        strategy,
        deadline: DEADLINE.max(start),
    }
}

/// Over what the pods of a service spread.
pub(crate) const fn spread(scale: &Scale) -> Spread {
    if scale.max > 1 { Spread::Wide } else { Spread::None }
}

/// The autoscaler and the disruption budget, where a service has them.
pub(crate) fn objects(plan: &Plan<'_>, component: Component, scale: &Scale) -> Vec<Object> {
    let Scale {
        min,
        max,
        cpu,
        memory,
        requests: _, // refused by the feature table
        overlap: _,  // the controller's
    } = *scale;
    let role = plan.program.role(component);
    let mut objects = Vec::new();
    if min < max {
        let goals = [("cpu", cpu), ("memory", memory)];
        objects.push(Object::Autoscaler(Autoscaler {
            meta: plan.meta(component, role),
            deployment: role.to_owned(),
            min,
            max,
            goals: goals
                .into_iter()
                .filter_map(|(resource, percent)| Some((resource, percent?)))
                .collect(),
        }));
    }
    // With one pod a budget would keep a machine from being emptied.
    if min > 1 {
        let selector = plan.selector(component);
        objects.push(Object::DisruptionBudget(plan.meta(component, role), selector));
    }
    objects
}
