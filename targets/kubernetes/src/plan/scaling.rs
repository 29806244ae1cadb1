//! How many pods a service has, how they give way to new ones, and how many may be away at once.

use super::Plan;
use crate::model::{Autoscaler, Controller, Object, Probes, Provenance, Strategy};
use crate::plan::pod::Spread;
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Component, Scale};

/// Seconds without progress after which a rollout has failed, unless starting may take longer: Kubernetes' default.
const DEADLINE: u32 = 600;

/// The fields of the manifest that say how many.
const FIELDS: [&str; 4] = ["scale", "scale.cpu", "scale.memory", "scale.overlap"];

/// The controller of a service.
pub(crate) fn controller(
    plan: &Plan<'_>,
    component: Component,
    scale: &Scale,
    probes: Option<&Probes>,
) -> Controller {
    let strategy = if scale.overlap {
        Strategy::Rolling
    } else {
        Strategy::Recreate
    };
    let from = plan.written(component, FIELDS, &Provenance::default());
    deployment((scale.fixed(), from), strategy, probes)
}

/// A Deployment whose rollouts last as long as a start may take, and two minutes to place the pod and pull its image.
pub(crate) fn deployment(
    (replicas, scale): (Option<u32>, Provenance),
    strategy: Strategy,
    probes: Option<&Probes>,
) -> Controller {
    let start = probes.map_or(0, |probes| probes.give_up() + 120);
    Controller::Deployment {
        replicas,
        scale,
        strategy,
        deadline: DEADLINE.max(start),
    }
}

/// Over what the pods of a service spread.
pub(crate) const fn spread(scale: &Scale) -> Spread {
    if scale.max > 1 { Spread::Wide } else { Spread::None }
}

/// The autoscaler and the disruption budget, where a service has them.
pub(crate) fn objects(plan: &mut Plan<'_>, component: Component, scale: &Scale) -> Vec<Object> {
    let Scale {
        min,
        max,
        cpu,
        memory,
        requests,
        overlap: _, // the controller's
    } = *scale;
    let role = plan.program.role(component);
    let requests = requests.and_then(|requests| Some((metric(plan, component)?, requests)));
    let meta = || {
        plan.meta(component, role)
            .because_of(plan.field_lines(component, &FIELDS))
    };
    let mut objects = Vec::new();
    if min < max {
        let goals = [("cpu", cpu), ("memory", memory)];
        objects.push(Object::Autoscaler(Autoscaler {
            meta: meta(),
            deployment: role.to_owned(),
            min,
            max,
            goals: goals
                .into_iter()
                .filter_map(|(resource, percent)| Some((resource, percent?)))
                .collect(),
            requests,
        }));
    }
    // With one pod a budget would keep a machine from being emptied.
    if min > 1 {
        let selector = plan.selector(component);
        objects.push(Object::DisruptionBudget(meta(), selector));
    }
    objects
}

/// The metric that counts requests; reports that the option is missing which names it.
fn metric(plan: &mut Plan<'_>, component: Component) -> Option<String> {
    let metric = plan.options.requests_metric.clone();
    if metric.is_none() {
        let role = plan.program.role(component);
        let message =
            format!("`{role}` scales by requests, and the option `metrics.requests` names no metric");
        let diagnostic = Diagnostic::new(codes::BAD_OPTION, message)
            .at(plan.place_of(component, "scale.requests"), "")
            .help("name what the cluster's adapter of custom metrics has, as in `targets: { kubernetes: { metrics: { requests: http_requests_per_second } } }`")
            .help("or scale by `cpu` or `memory`, which every cluster measures");
        plan.sink.error(diagnostic);
    }
    metric
}
