//! The registered targets, one line each. Nothing else in the compiler names a target, but `local`, which runs what one of
//! them makes.

use exoc_ir::Target;

/// Every target, in the order of lists and tables.
#[rustfmt::skip] // One line each, whatever their number: a new target adds one and changes none.
pub const TARGETS: &[&dyn Target] = &[
    &exoc_compose::Compose,
    &exoc_kubernetes::Kubernetes,
    &exoc_aws::Aws,
    &exoc_toy::Toy,
];
