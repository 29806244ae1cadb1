//! What the commands for the laptop share: `secrets`, and whatever starts the application here. They run what the target
//! `compose` makes for the environment `local`, so that this module may know that target.

pub mod ask;
pub mod secrets;
pub mod value;
pub mod values;

/// The environment of the laptop.
pub const ENVIRONMENT: &str = "local";
/// The target that makes what runs there.
pub const TARGET: &str = "compose";
