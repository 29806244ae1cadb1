//! The developer's commands, behind the alias `cargo dev`.
//!
//! `bless` writes the goldens, `generate` the pages that are made from code, `validate` hands every golden to the
//! real tools of its target, `interrupt` stops builds at every file call, `laptop` and `tutorial` run applications on an
//! engine, `schema` reads a provider's and `documents` those inside of it,
//! `openapi` reads Kubernetes'. Not part of what users get.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a developer's program reads and writes files, starts the judges and prints"
)]

mod bless;
mod documents;
mod error;
mod generate;
mod interrupt;
mod judge;
mod keys;
mod laptop;
mod openapi;
mod pipelines;
mod policies;
mod schema;
mod site;
mod tutorial;
mod validate;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// The developer's commands
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the goldens what the compiler gives
    Bless {
        /// Only this case (can be repeated)
        #[arg(long = "case")]
        cases: Vec<String>,
    },
    /// Write schemas/aws-documents.json from the model of Amazon ECS
    Documents {
        /// The file service-2.json of botocore
        model: std::path::PathBuf,
        /// The package that it is from, such as `botocore@1.44.5`
        #[arg(long)]
        package: String,
        /// The day on which it was read
        #[arg(long)]
        date: String,
    },
    /// Write the pages that are made from code
    Generate {
        /// Write nothing and fail if a page differs
        #[arg(long)]
        check: bool,
    },
    /// Stop a build at every one of its file calls and look at what is left (needs strace)
    Interrupt {
        /// The program, built for release
        #[arg(long, default_value = "target/release/exoc")]
        binary: std::path::PathBuf,
    },
    /// Try the commands for one's own machine on a real engine
    Laptop {
        /// The program, built for release
        #[arg(long, default_value = "target/release/exoc")]
        binary: std::path::PathBuf,
        /// Only these scenarios
        names: Vec<String>,
    },
    /// Write schemas/kubernetes-VERSION.json from the description of its interface
    Openapi {
        /// The file api/openapi-spec/swagger.json of k8s.io/kubernetes
        swagger: std::path::PathBuf,
        /// A folder of definitions of further kinds
        crds: std::path::PathBuf,
        /// The version, such as `1.36`
        #[arg(long)]
        version: String,
        /// A module that they are from, such as `k8s.io/kubernetes@v1.36.3` (can be repeated)
        #[arg(long = "package")]
        packages: Vec<String>,
        /// The day on which it was read
        #[arg(long)]
        date: String,
    },
    /// Hand all root modules for AWS to checkov in one call, and each to tflint
    Policies,
    /// Write schemas/aws.json from the bindings of the provider
    Schema {
        /// The package @cdktf/provider-aws, unpacked (`npm pack` and `tar` make it)
        package: std::path::PathBuf,
        /// The day on which it was read
        #[arg(long)]
        date: String,
    },
    /// Perform the laptop's tutorial on a container engine
    Tutorial {
        /// The program, built for release
        #[arg(long, default_value = "target/release/exoc")]
        binary: std::path::PathBuf,
    },
    /// Hand every golden to the real tools of its target
    Validate {
        /// Only this target, or `engine`, which runs compose's output (can be repeated)
        targets: Vec<String>,
        /// Only this case (can be repeated)
        #[arg(long = "case")]
        cases: Vec<String>,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Bless { cases } => bless::run(&cases),
        Command::Documents { model, package, date } => documents::run(&model, &package, &date),
        Command::Generate { check } => generate::run(check),
        Command::Laptop { binary, names } => laptop::run(&binary, &names),
        Command::Interrupt { binary } => interrupt::run(&binary),
        Command::Openapi {
            swagger,
            crds,
            version,
            packages,
            date,
        } => {
            let source = openapi::Source {
                version: &version,
                packages: &packages,
                date: &date,
            };
            openapi::run(&swagger, &crds, &source)
        }
        Command::Policies => policies::run(),
        Command::Schema { package, date } => schema::run(&package, &date),
        Command::Tutorial { binary } => tutorial::run(&binary),
        Command::Validate { targets, cases } => validate::run(&targets, &cases),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
