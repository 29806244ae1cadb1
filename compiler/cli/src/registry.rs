//! The registered targets, one line each. Nothing else in the compiler names a target.

use exoc_ir::Target;

/// Every target, in the order of lists and tables.
pub const TARGETS: &[&dyn Target] = &[
    &exoc_compose::Compose,
    &exoc_kubernetes::Kubernetes,
];
