//! What `.env` holds: the secrets under their names, each with what it is. The plan prints variables by it, and the command
//! line fills the file by it. Knows no values.

use exoc_ir::{Component, Origin, Program, Secret};

/// The file beside `compose.yaml` from which compose takes the values of variables.
pub const VALUES: &str = ".env";

/// A secret that a project needs. Its name is the variable's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need<'p> {
    /// The secret.
    pub secret: &'p Secret,
    /// What it is, in the manifest's words if it has some.
    pub what: String,
}

impl Need<'_> {
    /// What it is, and how it is made if it is.
    #[must_use]
    pub fn purpose(&self) -> String {
        let Self { secret, what } = self;
        match secret.length() {
            Some(length) => format!("{what}: {length} letters and digits"),
            None => what.clone(),
        }
    }
}

/// What the project of a program needs, by name.
#[must_use]
pub fn needs(program: &Program) -> Vec<Need<'_>> {
    let secrets = program.secrets().iter();
    secrets
        .map(|(_, secret)| Need {
            secret,
            what: what(program, secret),
        })
        .collect()
}

fn what(program: &Program, secret: &Secret) -> String {
    let Secret { name: _, origin } = secret;
    match origin {
        Origin::Supplied {
            description,
            store: _, // a note says that it means nothing here
        }
        | Origin::Generated {
            length: _,
            description,
        } => {
            let described = description.clone();
            described.unwrap_or_else(|| "Secret of the application".to_owned())
        }
        Origin::PasswordOf(id) => format!("Password of `{}`", program.role(Component::Backing(*id))),
        Origin::AdministratorOf(id) => {
            format!(
                "Administrator's password of `{}`",
                program.role(Component::Backing(*id))
            )
        }
    }
}
