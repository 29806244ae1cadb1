//! The command `exoc reference`.
