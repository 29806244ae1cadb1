//! The command `exoc general`.
