//! The command `exoc check`.
