//! The command `exoc targets`.
