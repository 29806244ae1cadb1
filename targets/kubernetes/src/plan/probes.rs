//! Startup, readiness and liveness from one health check.

use super::{Plan, environment, texts};
use crate::model::{Check, Probe, Probes};
use exoc_diagnostics::Failed;
use exoc_ir::{Component, Health, Port, Seconds, Transport};

/// The numbers of a check that nobody wrote: the language's defaults.
const UNWRITTEN: Numbers = Numbers {
    interval: Seconds(10),
    timeout: Seconds(3),
    retries: 3,
    start: Seconds(30),
};

/// How many times longer a container may fail before it is replaced than before it gets no more traffic.
const PATIENCE: u32 = 3;

struct Numbers {
    interval: Seconds,
    timeout: Seconds,
    retries: u32,
    start: Seconds,
}

/// The probes of a container; `None` if there is nothing to ask.
pub(crate) fn probes(
    plan: &mut Plan<'_>,
    component: Component,
    health: Option<&Health>,
    ports: &[Port],
) -> Result<Option<Probes>, Failed> {
    let Some(health) = health else {
        let tcp = ports
            .iter()
            .find(|port| port.protocol.transport() == Transport::Tcp);
        return Ok(tcp.map(|port| {
            let check = Check::TcpSocket {
                port: port.name.clone(),
            };
            three(check, &UNWRITTEN)
        }));
    };
    let Health {
        probe,
        interval,
        timeout,
        retries,
        start,
    } = health;
    let numbers = Numbers {
        interval: *interval,
        timeout: *timeout,
        retries: *retries,
        start: *start,
    };
    if let exoc_ir::Probe::Http { path: text, .. }
    | exoc_ir::Probe::Grpc {
        service: Some(text), ..
    } = probe
    {
        texts::check(plan, text, plan.place_of(component, "health"));
    }
    let check = match probe {
        exoc_ir::Probe::Http { port, path } => ports.get(*port).map(|port| Check::HttpGet {
            path: path.clone(),
            port: port.name.clone(),
        }),
        exoc_ir::Probe::Tcp { port } => ports.get(*port).map(|port| Check::TcpSocket {
            port: port.name.clone(),
        }),
        exoc_ir::Probe::Grpc { port, service } => ports.get(*port).map(|port| Check::Grpc {
            port: port.number,
            service: service.clone(),
        }),
        exoc_ir::Probe::Command(values) => Some(Check::Exec(environment::words(
            plan,
            component,
            values,
            "health.command",
        )?)),
    };
    match check {
        Some(check) => Ok(Some(three(check, &numbers))),
        None => Err(plan.fault(component, "its check asks a port that it does not have")),
    }
}

/// A starting container is given up after `start + retries × interval`, as on every target.
fn three(check: Check, numbers: &Numbers) -> Probes {
    let Numbers {
        interval,
        timeout,
        retries,
        start,
    } = numbers;
    let probe = |failures| Probe {
        period: interval.0,
        timeout: timeout.0,
        failures,
    };
    Probes {
        check,
        startup: probe(start.0.div_ceil(interval.0.max(1)) + retries),
        readiness: probe(*retries),
        liveness: probe(PATIENCE * retries),
    }
}

impl Probes {
    /// Seconds after which a container that never answers is given up.
    pub(crate) const fn give_up(&self) -> u32 {
        self.startup.period * self.startup.failures
    }
}
