//! The arguments. The doc comments are the help texts and, through `reference`, docs/cli-reference.md.

mod examples;
mod format;

use crate::complete;
use crate::error::Warnings;
use crate::render::Document;
use clap::{Args, ColorChoice, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::engine::ArgValueCandidates;
pub use format::{Drawing, Format, Shown};
use std::ffi::OsString;
use std::path::PathBuf;

/// Compile one description of an application to docker-compose, Terraform and Kubernetes files
#[derive(Clone, Debug, Parser)]
#[command(name = "exoc", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
pub struct Cli {
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
    /// The command; without one it is said what to do next.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXIT_CODES: &str = "\
Exit codes: 0 fine; 1 the manifest is wrong, or files are not what it says, or secrets are missing, or tests or a job fail; 2 the command line is wrong; 3 a file, a folder or another program failed; 128 and the signal's number if a signal ended it.

Results go to standard output, everything else to standard error.";

/// Options of every command.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Run as if started in this folder
    ///
    /// The application is the nearest folder with an `application.yml`: this one or one above it, up to the root
    /// of the Git repository. Other paths of the command line are relative to this folder as well.
    #[arg(
        short = 'C',
        value_name = "DIR",
        global = true,
        default_value = ".",
        hide_default_value = true
    )]
    pub directory: PathBuf,
    /// How diagnostics are shown
    #[arg(long, value_enum, value_name = "FORMAT", global = true, default_value_t)]
    pub format: Shown,
    /// Fail on warnings as on errors
    #[arg(long, global = true)]
    pub deny_warnings: bool,
    /// When to use colours
    #[arg(long, value_enum, value_name = "WHEN", global = true, default_value_t)]
    pub color: Color,
    /// Show neither notes nor progress
    #[arg(long, short, global = true)]
    pub quiet: bool,
}

impl Global {
    /// How diagnostics are shown.
    #[must_use]
    pub const fn report(&self) -> Format {
        match self.format {
            Shown::Report(format) => format,
            // Where the result is a picture, diagnostics are for whoever looks at it.
            Shown::Picture(_) => Format::Human,
        }
    }

    /// What warnings mean.
    #[must_use]
    pub const fn warnings(&self) -> Warnings {
        if self.deny_warnings {
            Warnings::Denied
        } else {
            Warnings::Allowed
        }
    }
}

impl Cli {
    /// The document that is the command's result, on standard output, if it is one.
    #[must_use]
    pub fn document(&self) -> Option<Document> {
        let document = self.global.report().document()?;
        let reports = matches!(&self.command, Some(Command::Build(_) | Command::Check(_)));
        let lists = matches!(
            &self.command,
            Some(Command::Diff(_) | Command::Init(_) | Command::Secrets(_))
        );
        let is_result = reports || (lists && document == Document::Json);
        is_result.then_some(document)
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Compile and write the files
    ///
    /// Everything is compiled before anything is written: an error writes no file. A file whose contents would not
    /// change is not touched, generated files that are no longer made are removed, and files of yours stay as they
    /// are. A generated file that was edited by hand is not overwritten unless `--force` says so. The path of each
    /// written or removed file is printed.
    #[command(after_help = examples::BUILD)]
    Build(Build),
    /// Compile everything and write nothing
    #[command(after_help = examples::CHECK)]
    Check(Check),
    /// Say what changed in terms of the application, worst first
    ///
    /// Compares the files of the working tree with those of a commit, environment by environment: which service may now
    /// connect to which, what was opened to the internet, how many replicas run, whose data goes. Values of secrets are in
    /// no manifest, and texts that look like one are not shown. Exits with 0 whether there are changes or not.
    #[command(after_help = examples::DIFF)]
    Diff(Diff),
    /// Propose an application for a folder that has none, or write a workflow for one that has
    ///
    /// Without `--ci`, looks at the folders here: Dockerfiles, a compose file, a Procfile, and lists of libraries say which
    /// services and dependencies there are. Shows the files that fit, asks, and writes them. Only what a file says is
    /// proposed; what would have to be guessed is left out and said.
    ///
    /// With `--ci`, the workflow goes to where the service looks for it, in the repository of the application. It checks the manifest
    /// and the generated files; for each environment with the target `aws` it shows on a pull request what would change,
    /// and on the main branch builds the images, plans, and applies exactly that plan when a person has approved it. The
    /// file belongs to the team from then on: no later command changes it, and one that stands there stays unless
    /// `--force` says otherwise.
    #[command(after_help = examples::INIT)]
    Init(Init),
    /// Explain a diagnostic's code
    #[command(after_help = examples::EXPLAIN)]
    Explain(Explain),
    /// List the secrets that an environment needs, and keep the values of the local one
    ///
    /// Values of `local` are in `infra/local/compose/.env`, which Git leaves out and only its owner may read. No other
    /// file and no message holds one. Exits with 1 if one is missing there. How other environments get theirs is said
    /// by the README.md of their targets.
    #[command(after_help = examples::SECRETS)]
    Secrets(Secrets),
    /// Print the JSON Schema of application.yml or service.yml, for editors
    ///
    /// The schema stands by itself: it refers to no other file and to no address. An editor that knows it completes keys,
    /// shows what they mean and flags what is wrong while somebody types; `exoc check` knows more.
    #[command(after_help = examples::SCHEMA)]
    Schema(Schema),
    /// List the targets
    #[command(after_help = examples::TARGETS)]
    Targets(Targets),
    /// Show a stage of the compilation
    #[command(after_help = examples::DUMP)]
    Dump(Dump),
    /// Draw the application: who comes in, what runs, and what it connects to
    ///
    /// Shows every service, job and dependency of an environment in its zone of trust, and every connection between them with
    /// its ports. An HTML page holds all environments, or those of `--env`; the other formats hold one, by default the first
    /// that is not `local`. No value of a variable or secret is in it, and nothing in it asks for anything from a network.
    #[command(after_help = examples::GRAPH)]
    Graph(Graph),
    /// Start the application on this machine, and follow it
    ///
    /// Compiles the local environment as `exoc build --env local --target compose` does, builds the images, starts
    /// everything in the order of the graph, waits until it is healthy, and prints its addresses. Then it shows what
    /// the services say, tells which of them dies, and starts a service anew when the files change that it watches,
    /// until Ctrl-C ends what was started. The data of volumes is kept. Needs Docker with Compose 2.24 or later.
    ///
    /// A job with a schedule or on demand starts only if it is named. If nothing else is, the run ends when the job
    /// does, and with 1 if that fails. What ran before a run still runs after it.
    #[command(after_help = examples::RUN)]
    Run(Run),
    /// Run the tests of services, each in its own container with what it needs
    ///
    /// A service's tests are its `development.test`. They run in a project of their own, so that they see neither the
    /// data nor the ports of a running application, side by side as far as the machine has cores. All of it is
    /// removed at the end.
    #[command(after_help = examples::TEST)]
    Test(Test),
    /// End the application on this machine
    ///
    /// Containers and networks go; the data of volumes is kept.
    #[command(after_help = examples::STOP)]
    Stop,
    /// Show what the services of the running application say
    #[command(after_help = examples::LOGS)]
    Logs(Logs),
    /// Run a command in a running service, by default a shell
    #[command(after_help = examples::SHELL)]
    Shell(Shell),
    /// Print what completes commands, options and names in a shell
    ///
    /// What is printed belongs into the start-up file of the shell, and asks exoc itself what there is: names of
    /// environments, services and secrets come from the application's files in the folder where somebody types.
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
    /// Print a page for `man`
    ///
    /// Of the program as a whole, or of one command.
    #[command(after_help = examples::MAN)]
    Man(Man),
    /// Remove what the application made on this machine
    ///
    /// Containers, networks and built images go, and after a question the volumes with their data. Nothing else that
    /// is on the engine is touched.
    #[command(after_help = examples::CLEAN)]
    Clean(Clean),
}

/// What to start.
#[derive(Clone, Debug, Args)]
pub struct Run {
    /// Only these services, jobs or dependencies, with what they wait for
    #[arg(value_name = "SERVICE", add = ArgValueCandidates::new(complete::components))]
    pub services: Vec<String>,
    /// Come back when everything is healthy, and leave it running
    #[arg(long, short)]
    pub detach: bool,
    /// Build images from their first instruction on, on base images that are pulled anew
    ///
    /// Without it, instructions are repeated only from the first one on whose files changed.
    #[arg(long)]
    pub build: bool,
    /// Print the commands, and start nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// What to test.
#[derive(Clone, Debug, Args)]
pub struct Test {
    /// Only the tests of these services
    #[arg(value_name = "SERVICE", add = ArgValueCandidates::new(complete::components))]
    pub services: Vec<String>,
    /// How many seconds each may take
    #[arg(long, value_name = "SECONDS", default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86400))]
    pub timeout: u64,
}

/// What to show.
#[derive(Clone, Debug, Args)]
pub struct Logs {
    /// Only these services, jobs or dependencies
    #[arg(value_name = "SERVICE", add = ArgValueCandidates::new(complete::components))]
    pub services: Vec<String>,
    /// Go on until Ctrl-C
    #[arg(long, short)]
    pub follow: bool,
    /// Only so many last lines of each
    #[arg(long, short = 'n', value_name = "NUMBER")]
    pub tail: Option<u32>,
}

/// What to run, and where.
#[derive(Clone, Debug, Args)]
pub struct Shell {
    /// The service, job or dependency
    #[arg(value_name = "SERVICE", add = ArgValueCandidates::new(complete::components))]
    pub service: String,
    /// The command and its arguments
    #[arg(value_name = "COMMAND", trailing_var_arg = true, allow_hyphen_values = true)]
    pub command: Vec<String>,
}

/// What to remove.
#[derive(Clone, Debug, Args)]
pub struct Clean {
    /// Remove the volumes too, and ask nothing
    #[arg(long)]
    pub volumes: bool,
}

/// What to compile.
#[derive(Clone, Debug, Args)]
pub struct Select {
    /// Only this environment; may be repeated
    #[arg(long = "env", value_name = "ENV", add = ArgValueCandidates::new(complete::environments))]
    pub environments: Vec<String>,
    /// Only this target, also where an environment does not list it; may be repeated
    #[arg(long = "target", value_name = "TARGET", add = ArgValueCandidates::new(complete::targets))]
    pub targets: Vec<String>,
}

/// What to compile, and where to.
#[derive(Clone, Debug, Args)]
pub struct Build {
    /// What to compile.
    #[command(flatten)]
    pub select: Select,
    /// Write to `DIR/<env>/<target>/`, not to `infra/<env>/<target>/` in the application's folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing, and fail unless every file is as it would be written
    ///
    /// Lists the files that are missing, stale (the manifest says something else by now), edited by hand, or orphaned
    /// (no longer made), and exits with 1 if there are any.
    #[arg(long, conflicts_with = "force")]
    pub check: bool,
    /// Show what would change in each file as a unified diff
    #[arg(long, requires = "check")]
    pub diff: bool,
    /// Overwrite and remove generated files even if they were edited by hand
    #[arg(long)]
    pub force: bool,
    /// Build again whenever a file changes that was read, until Ctrl-C
    ///
    /// Prints a line for each build. Errors and warnings stay on the screen until they are dealt with; notes are not shown.
    #[arg(long, conflicts_with = "check")]
    pub watch: bool,
}

/// What to check.
#[derive(Clone, Debug, Args)]
pub struct Check {
    /// What to compile.
    #[command(flatten)]
    pub select: Select,
    /// Check as if the files were written there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// What to compare.
#[derive(Clone, Debug, Args)]
pub struct Diff {
    /// What to compile.
    #[command(flatten)]
    pub select: Select,
    /// The commit, branch or tag to compare with
    ///
    /// Its files are read from the repository's objects: the working tree stays as it is, and no hook or filter runs.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub from: String,
    /// Compare the one environment of `--env` with this one, both of the working tree
    #[arg(
        long,
        value_name = "ENV",
        add = ArgValueCandidates::new(complete::environments),
        conflicts_with = "from",
        requires = "environments"
    )]
    pub against: Option<String>,
    /// Print Markdown, for a comment on a pull request
    #[arg(long)]
    pub markdown: bool,
    /// Show the generated files that change as unified diffs
    #[arg(long)]
    pub files: bool,
}

/// What to write.
#[derive(Clone, Debug, Args)]
pub struct Init {
    /// The service that runs the workflow
    #[arg(long, value_enum, value_name = "SERVICE")]
    pub ci: Option<Ci>,
    /// The program that plans and applies
    #[arg(long, value_enum, value_name = "TOOL", default_value_t, requires = "ci")]
    pub tool: Tool,
    /// Overwrite a workflow that stands there
    #[arg(long, requires = "ci")]
    pub force: bool,
    /// Write what is proposed without a question
    #[arg(long, conflicts_with = "ci")]
    pub yes: bool,
}

/// A service that runs workflows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Ci {
    /// GitHub Actions: `.github/workflows/exoc.yml`
    Github,
    /// GitLab CI: `.gitlab/exoc.yml`, and `.gitlab-ci.yml` if there is none
    Gitlab,
    /// Gitea Actions: `.gitea/workflows/exoc.yml` and `exoc-apply.yml`
    Gitea,
}

impl Ci {
    /// Its name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Gitea => "gitea",
        }
    }
}

/// A program that plans and applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Tool {
    /// OpenTofu
    #[default]
    Tofu,
    /// Terraform
    Terraform,
}

/// For which shell.
#[derive(Clone, Copy, Debug, Args)]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shells,
}

/// A shell that completes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shells {
    /// bash 4.4 or later
    Bash,
    /// zsh, after `compinit`
    Zsh,
    /// fish
    Fish,
    /// PowerShell 7
    Powershell,
}

impl Shells {
    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::Powershell => "powershell",
        }
    }
}

/// Which page.
#[derive(Clone, Debug, Args)]
pub struct Man {
    /// A command; without one the page is about exoc as a whole
    #[arg(value_name = "COMMAND", add = ArgValueCandidates::new(complete::commands))]
    pub command: Option<String>,
}

/// Whose schema.
#[derive(Clone, Copy, Debug, Args)]
pub struct Schema {
    /// The file that it is of
    #[arg(value_enum)]
    pub file: SchemaFile,
}

/// A file that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaFile {
    /// application.yml
    Application,
    /// service.yml
    Service,
}

/// What to explain.
#[derive(Clone, Debug, Args)]
pub struct Explain {
    /// The code's number or name, like `EX0101` or `unknown-key`
    #[arg(add = ArgValueCandidates::new(complete::codes))]
    pub code: String,
}

/// Whose secrets, and what to do with them.
#[derive(Clone, Debug, Args)]
pub struct Secrets {
    /// The environment, if not `local`
    #[arg(
        long = "env",
        value_name = "ENV",
        add = ArgValueCandidates::new(complete::environments),
        global = true,
        default_value = "local",
        hide_default_value = true
    )]
    pub environment: String,
    /// What to do; without it the secrets are listed.
    #[command(subcommand)]
    pub action: Option<SecretsAction>,
}

/// What to do with the secrets of the local environment.
#[derive(Clone, Debug, Subcommand)]
pub enum SecretsAction {
    /// Give a secret of `local` its value
    ///
    /// Asks for it on a terminal and does not show it. Otherwise the value is what standard input holds, without a
    /// newline at its end. The generated files of `local` are made first.
    Set {
        /// The secret
        #[arg(add = ArgValueCandidates::new(complete::secrets))]
        name: String,
        /// Taken in, so that nothing repeats it.
        #[arg(hide = true, allow_hyphen_values = true, num_args = 0..)]
        more: Vec<OsString>,
    },
    /// Make the values of `local` that are to be made and are missing
    ///
    /// Those are the secrets that say `generate` and the passwords of dependencies. A value that is there stays. The
    /// generated files of `local` are made first.
    Generate,
    /// Something else, which may hold a value: clap would repeat it.
    #[command(external_subcommand)]
    Other(Vec<OsString>),
}

/// How to list targets.
#[derive(Clone, Debug, Args)]
pub struct Targets {
    /// Show which target expresses which feature
    #[arg(long)]
    pub features: bool,
}

/// What to show.
#[derive(Clone, Debug, Args)]
pub struct Dump {
    /// The stage
    pub stage: Stage,
    /// Only this environment; may be repeated
    #[arg(long = "env", value_name = "ENV", add = ArgValueCandidates::new(complete::environments))]
    pub environments: Vec<String>,
}

/// What to draw.
#[derive(Clone, Debug, Args)]
pub struct Graph {
    /// Only this environment; may be repeated for a page
    #[arg(long = "env", value_name = "ENV", add = ArgValueCandidates::new(complete::environments))]
    pub environments: Vec<String>,
    // It has the name of the option of every command, and stands in for it.
    /// What is drawn
    #[arg(id = "format", long, value_name = "FORMAT", value_parser = Drawing::parser(), default_value = "svg")]
    pub drawing: Shown,
}

/// A stage of the compilation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Stage {
    /// What the files say, with places
    Ast,
    /// The program of each environment, as JSON
    Ir,
}

/// The command line as clap knows it.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command().long_version(long_version())
}

/// The version with what the program was built from; a release names its commit.
fn long_version() -> String {
    format!(
        "{}\ncommit: {}\nplatform: {} {}\nexoc speaks to no network and reports nothing to anybody.",
        env!("CARGO_PKG_VERSION"),
        option_env!("EXOC_COMMIT").unwrap_or("not of a release"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

/// Reads the arguments, the first of which is the program's name.
///
/// # Errors
///
/// If they are wrong, or ask for help or the version; clap knows which and has the text.
pub fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    let matches = command()
        .color(clap_color(arguments))
        .try_get_matches_from(arguments)?;
    <Cli as clap::FromArgMatches>::from_arg_matches(&matches)
}

/// The colours of clap's own texts, which are printed before or without `--color` being read.
#[must_use]
pub fn clap_color(arguments: &[OsString]) -> ColorChoice {
    let words: Vec<&str> = arguments
        .iter()
        .filter_map(|argument| argument.to_str())
        .collect();
    let apart = words.windows(2).filter_map(|pair| match pair {
        ["--color", value] => Some(*value),
        _ => None,
    });
    let joined = words.iter().filter_map(|word| word.strip_prefix("--color="));
    match apart.chain(joined).last() {
        Some("always") => ColorChoice::Always,
        Some("never") => ColorChoice::Never,
        _ => ColorChoice::Auto,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_consistent() {
        super::command().debug_assert();
    }
}
