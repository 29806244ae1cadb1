//! How the load balancer asks a target: as the manifest says, or as much as costs nothing.

use crate::model::{Question, TargetCheck, Version};
use exoc_ir::{Health, Port, Probe, Workload};

/// What the language says where a manifest says nothing.
const DEFAULT: (u32, u32, u32, u32) = (10, 3, 3, 30);

/// What a check counts, as the manifest says or the language.
#[derive(Clone, Copy)]
pub(super) struct Numbers {
    /// Seconds.
    pub(super) interval: u32,
    /// Seconds.
    pub(super) timeout: u32,
    pub(super) retries: u32,
    /// Seconds.
    pub(super) start: u32,
}

impl Numbers {
    pub(super) fn of(workload: &Workload) -> Self {
        let (interval, timeout, retries, start) = match &workload.health {
            Some(Health {
                probe: _,
                interval,
                timeout,
                retries,
                start,
            }) => (interval.0, timeout.0, *retries, start.0),
            None => DEFAULT,
        };
        Self {
            interval,
            timeout,
            retries,
            start,
        }
    }

    /// Seconds that a starting task may fail.
    pub(super) const fn grace(self) -> u32 {
        self.start
            .saturating_add(self.retries.saturating_mul(self.interval))
    }
}

/// The answers that a check by path takes.
pub(super) const HEALTHY: &str = "200-399";

/// The check of a port's target group, and the seconds that a starting task may fail it.
pub(super) fn of_target(workload: &Workload, port: &Port, version: Version) -> (TargetCheck, u32) {
    let numbers = Numbers::of(workload);
    let (path, matcher) = question(workload, port, version);
    let Numbers {
        interval,
        timeout,
        retries,
        start: _,
    } = numbers;
    let check = TargetCheck {
        question: Question::Path { path, matcher },
        port: None,
        interval,
        timeout,
        retries,
    };
    (check, numbers.grace())
}

/// Path and accepted answers.
fn question(workload: &Workload, port: &Port, version: Version) -> (String, &'static str) {
    let asks_this = |index: usize| workload.ports.get(index) == Some(port);
    let probe = workload.health.as_ref().map(|health| &health.probe);
    match (probe, version) {
        (Some(Probe::Http { port, path }), Version::Http1 | Version::Http2) if asks_this(*port) => {
            (path.clone(), HEALTHY)
        }
        (Some(Probe::Grpc { port, service: _ }), Version::Grpc) if asks_this(*port) => {
            ("/grpc.health.v1.Health/Check".to_owned(), "0")
        }
        (
            Some(Probe::Http { .. } | Probe::Grpc { .. } | Probe::Tcp { port: _ } | Probe::Command(_)) | None,
            Version::Http1 | Version::Http2 | Version::Tcp | Version::Udp | Version::TcpUdp,
        ) => ("/".to_owned(), "200-499"),
        (
            Some(Probe::Http { .. } | Probe::Grpc { .. } | Probe::Tcp { port: _ } | Probe::Command(_)) | None,
            Version::Grpc,
        ) => ("/AWS.ALB/healthcheck".to_owned(), "0-99"),
    }
}
