//! Whom pods run as, what containers may do, and which Pod Security level that is.

use crate::model::{ContainerSecurity, Kept, PodSecurity};
use exoc_ir::{Capabilities, Port, Security, User};

/// A level of the Pod Security Standards, the strictest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// What hardened pods need.
    Restricted,
    /// What prevents known escalations.
    Baseline,
    /// Everything.
    Privileged,
}

impl Level {
    /// The label's value.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Baseline => "baseline",
            Self::Privileged => "privileged",
        }
    }
}

/// The capability that `restricted` lets a pod keep.
const RESTRICTED_CAPABILITY: &str = "NET_BIND_SERVICE";

/// The capabilities that `baseline` lets a pod keep.
///
/// Source: kubernetes pod-security-admission policy/check_capabilities_baseline.go of 1.36, 2026-11.
const BASELINE_CAPABILITIES: [&str; 13] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
];

/// The strictest level that a workload meets, and the field that keeps it from a stricter one.
pub(crate) fn level(security: &Security) -> (Level, &'static str) {
    let Security {
        user,
        root_writable: _, // no level asks for it
        capabilities,
        privileged,
    } = security;
    let by_user = match user {
        User::FromImage | User::Ids { user: 0, group: _ } => Level::Baseline,
        User::Ids { user: _, group: _ } => Level::Restricted,
    };
    let by_capabilities = match capabilities {
        Capabilities::Default => Level::Baseline,
        Capabilities::Only(kept) => kept
            .iter()
            .map(|name| match name.as_str() {
                RESTRICTED_CAPABILITY => Level::Restricted,
                name if BASELINE_CAPABILITIES.contains(&name) => Level::Baseline,
                _ => Level::Privileged,
            })
            .max()
            .unwrap_or(Level::Restricted),
    };
    let by_privilege = if *privileged {
        Level::Privileged
    } else {
        Level::Restricted
    };
    let level = by_user.max(by_capabilities).max(by_privilege);
    let field = if by_privilege == level {
        "security.privileged"
    } else if by_user == level {
        "security.user"
    } else {
        "security.capabilities"
    };
    (level, field)
}

/// Whom a pod without claims runs as. Ports below 1024 are open to everybody in it, so that they need neither root nor a capability.
pub(crate) fn pod(security: &Security, ports: &[Port]) -> PodSecurity {
    let (user, group) = match security.user {
        User::Ids { user, group } => (user, group),
        // Refused by the feature table; root is what an image that says nothing has.
        User::FromImage => (0, 0),
    };
    let low = ports.iter().any(|port| port.number < 1024);
    PodSecurity {
        user,
        group,
        claim_group: None,
        non_root: user != 0,
        sysctls: if low {
            vec![("net.ipv4.ip_unprivileged_port_start", "0")]
        } else {
            Vec::new()
        },
    }
}

/// What a container may do.
pub(crate) fn container(security: &Security) -> ContainerSecurity {
    let Security {
        user: _, // the pod's
        root_writable,
        capabilities,
        privileged,
    } = security;
    ContainerSecurity {
        privileged: *privileged,
        read_only_root: !root_writable,
        capabilities: match capabilities {
            Capabilities::Default => Kept::Default,
            Capabilities::Only(kept) => Kept::Only(kept.iter().cloned().collect()),
        },
    }
}
