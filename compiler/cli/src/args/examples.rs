//! An example or more of each command, as its help shows them: the command line, and behind two blanks what it is for.
//! A test reads every line as a command line.

pub(super) const BUILD: &str = "\
Examples:
  exoc build                                     all environments and targets, into infra/
  exoc build --env production --target aws       one environment for one target
  exoc build --check --diff                      what is not current, for a hook or a pipeline
  exoc build --watch                             again whenever a file changes";

pub(super) const CHECK: &str = "\
Examples:
  exoc check                                     everything, for people
  exoc check --env production --deny-warnings    one environment, and warnings fail
  exoc check --format concise                    a line for each fault, for editors and hooks
  exoc check --format github                     annotations on a pull request
  exoc check --format sarif > exoc.sarif         a report for code scanning";

pub(super) const DIFF: &str = "\
Examples:
  exoc diff                                        what the working tree changes since the last commit
  exoc diff --from origin/main --markdown          the same since the main branch, for a pull request
  exoc diff --from v1.4 --env production --files   with the generated files line by line
  exoc diff --env production --against staging     what would change if staging became production";

pub(super) const INIT: &str = "\
Examples:
  exoc init                  what fits this folder, after a question
  exoc init --yes            the same without one
  exoc init --ci github      a workflow for the application that is there";

pub(super) const EXPLAIN: &str = "\
Examples:
  exoc explain EX0304
  exoc explain one-replica";

pub(super) const SECRETS: &str = "\
Examples:
  exoc secrets                                   those of the environment `local`, and which are missing
  exoc secrets --env production                  those of another environment, and where they come from
  exoc secrets set API_TOKEN                     asks for the value, and does not show it
  exoc secrets set API_TOKEN < token.txt
  exoc secrets generate                          makes what is to be made and is missing";

pub(super) const SCHEMA: &str = "\
Examples:
  exoc schema application > .exoc-application.json   what `# yaml-language-server: $schema=` names in application.yml
  exoc schema service > .exoc-service.json           the same for service.yml";

pub(super) const TARGETS: &str = "\
Examples:
  exoc targets
  exoc targets --features                        what each expresses, notes or refuses";

pub(super) const DUMP: &str = "\
Examples:
  exoc dump ast                                  what the files say
  exoc dump ir --env production                  what an environment comes to, as JSON";

pub(super) const RUN: &str = "\
Examples:
  exoc run                                       everything, until Ctrl-C
  exoc run web --detach                          one service and what it waits for, in the background
  exoc run migrate                               a job, until it ends
  exoc run --dry-run                             only the commands";

pub(super) const TEST: &str = "\
Examples:
  exoc test                                      the tests of all services
  exoc test api --timeout 60";

pub(super) const STOP: &str = "\
Examples:
  exoc stop";

pub(super) const LOGS: &str = "\
Examples:
  exoc logs                                      of everything that runs
  exoc logs web --follow --tail 20";

pub(super) const SHELL: &str = "\
Examples:
  exoc shell web
  exoc shell db psql -U app app                  a command instead of a shell";

pub(super) const COMPLETIONS: &str = "\
Examples:
  echo 'source <(exoc completions bash)' >> ~/.bashrc
  echo 'source <(exoc completions zsh)' >> ~/.zshrc
  echo 'exoc completions fish | source' >> ~/.config/fish/config.fish
  exoc completions powershell >> $PROFILE        in PowerShell";

pub(super) const MAN: &str = "\
Examples:
  exoc man build | man -l -
  exoc man > exoc.1";

pub(super) const CLEAN: &str = "\
Examples:
  exoc clean                                     asks before data goes
  exoc clean --volumes                           with the data, without a question";

pub(super) const GRAPH: &str = "\
Examples:
  exoc graph > picture.svg                       a drawing of what is deployed
  exoc graph --format html > picture.html        a page of all environments, to search and zoom
  exoc graph --format mermaid --env production   text that code hosts draw in a README
  exoc graph --format dot | dot -Tpdf > it.pdf   text for Graphviz";
