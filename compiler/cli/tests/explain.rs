//! The command `exoc explain`.
