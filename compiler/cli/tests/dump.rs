//! The command `exoc dump`.
