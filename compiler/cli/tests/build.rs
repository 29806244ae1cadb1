//! The command `exoc build`.
