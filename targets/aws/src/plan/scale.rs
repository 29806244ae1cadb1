//! How many tasks run and how they are replaced.

use super::Context;
use crate::model::{Autoscaling, Capacity, Goal, Metric, Scale, TargetGroup, Version};
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Component, Id, Service};

/// What a container among the dependencies has: one task that stops before its successor starts, because nobody
/// said that it tolerates another beside it.
pub(super) const fn single() -> Scale {
    Scale {
        desired: 1,
        minimum_healthy: 0,
        maximum: 100,
        auto: None,
    }
}

/// Which machines the tasks of a role run on.
pub(super) fn capacity(context: &Context<'_>, role: &str) -> Capacity {
    if context.options.spot.iter().any(|named| named.value == role) {
        Capacity::Spare
    } else {
        Capacity::Kept
    }
}

/// Reports roles of the option `spot` that no service has.
pub(super) fn check_spot(context: &Context<'_>, sink: &mut Sink) {
    for named in &context.options.spot {
        let mut services = context.program.services().iter();
        if !services.any(|(_, service)| service.role == named.value) {
            sink.error(
                Diagnostic::new(
                    codes::BAD_OPTION,
                    format!("`spot` names `{}`, and no service has this role", named.value),
                )
                .at(named.span, "")
                .help("name services of this environment"),
            );
        }
    }
}

/// The scale of a service.
pub(super) fn plan(
    context: &Context<'_>,
    service: Id<Service>,
    scale: exoc_ir::Scale,
    target_groups: &[TargetGroup],
) -> Scale {
    let exoc_ir::Scale {
        min,
        max,
        cpu,
        memory,
        requests,
        overlap,
    } = scale;
    let (minimum_healthy, maximum) = if overlap { (100, 200) } else { (0, 100) };
    let lines = |field: &str| context.lines_of_field(Component::Service(service), field);
    let auto = (min != max).then(|| {
        let mut goals = Vec::new();
        let mut goal = |name, metric, target| {
            let lines = lines(&format!("scale.{name}"));
            goals.push(Goal {
                name,
                metric,
                target,
                lines,
            });
        };
        if let Some(percent) = cpu {
            goal("cpu", Metric::Cpu, u64::from(percent));
        }
        if let Some(percent) = memory {
            goal("memory", Metric::Memory, u64::from(percent));
        }
        // The manifest counts requests per second, the metric counts them per minute.
        let by_request = |group: &&TargetGroup| match group.version {
            Version::Http1 | Version::Http2 | Version::Grpc => true,
            Version::Tcp | Version::Udp | Version::TcpUdp => false,
        };
        if let (Some(rate), Some(group)) = (requests, target_groups.iter().find(by_request)) {
            goal(
                "requests",
                Metric::Requests(group.address.clone()),
                u64::from(rate) * 60,
            );
        }
        Autoscaling {
            min,
            max,
            goals,
            lines: lines("scale"),
        }
    });
    Scale {
        desired: min,
        minimum_healthy,
        maximum,
        auto,
    }
}
