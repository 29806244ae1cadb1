//! `README.md`: how the project is started and what it needs, for whoever finds the folder.

use crate::model::Guide;
use std::collections::{BTreeMap, BTreeSet};

/// What to know of `.env`.
const ENV_RULES: &str = "
Inside the quotes `\\`, `\"` and `$` are written with a `\\` before them.
";

/// Who fills the file.
const KEPT: &str = "
`exoc secrets` lists what is missing, `exoc secrets set` asks for a value, and `exoc secrets generate` makes those of
letters and digits.
";

/// What to know of passwords where there is data.
const PASSWORD_RULES: &str = "
A database takes its password when its volume is new: later it is changed in the database first, then in `.env`.
";

/// How changes reach what runs.
const WATCH: &str = "
`docker compose watch` stays, and begins a service anew when its files change.
";

/// The page.
pub(super) fn print(project: &str, guide: &Guide) -> String {
    let Guide {
        builds,
        variables,
        kept,
        generated,
        addresses,
        hosts,
        tls_expected,
        jobs,
        watches,
        tests,
        volumes,
    } = guide;
    let mut page = format!("# {project}, with docker-compose\n\n");
    page.push_str("```sh\n");
    let build = if *builds { " --build" } else { "" };
    page.push_str(&format!("docker compose up{build} --wait\n"));
    let keeps = if volumes.is_empty() {
        ""
    } else {
        "    # keeps the data"
    };
    page.push_str(&format!("docker compose down{keeps}\n```\n"));
    if *watches {
        page.push_str(WATCH);
    }
    if !variables.is_empty() {
        page.push_str(
            "\n## `.env`\n\nA file `.env` beside `compose.yaml` holds, one `NAME=\"value\"` a line:\n\n",
        );
        page.push_str("| variable | what it is |\n|---|---|\n");
        for (name, purpose) in variables {
            page.push_str(&format!("| `{name}` | {} |\n", cell(purpose)));
        }
        page.push_str(ENV_RULES);
        if *kept {
            page.push_str(KEPT);
        }
        page.push_str(&made(generated));
        if !volumes.is_empty() {
            page.push_str(PASSWORD_RULES);
        }
    }
    if !addresses.is_empty() {
        page.push_str(
            "\n## Addresses\n\nOnly this machine can reach them.\n\n| service | address |\n|---|---|\n",
        );
        for (role, address) in addresses {
            page.push_str(&format!("| `{role}` | {} |\n", cell(address)));
        }
        page.push_str(&around(hosts, *tls_expected));
    }
    if !jobs.is_empty() {
        page.push_str("\n## Jobs\n\n`up` leaves these alone; compose runs no schedules.\n\n| command | when elsewhere |\n|---|---|\n");
        for (role, schedule) in jobs {
            let when = match schedule {
                Some(schedule) => format!("`{schedule}`, in UTC"),
                None => "on demand".to_owned(),
            };
            page.push_str(&format!("| `docker compose run --rm {role}` | {when} |\n"));
        }
    }
    page.push_str(&suites(tests));
    if !volumes.is_empty() {
        page.push_str("\n## Data\n\n| volume | of |\n|---|---|\n");
        for (volume, roles) in volumes {
            let roles: Vec<String> = roles.iter().map(|role| format!("`{role}`")).collect();
            page.push_str(&format!("| `{volume}` | {} |\n", roles.join(", ")));
        }
        page.push_str("\n`docker compose down --volumes` deletes it for good.\n");
    }
    page
}

/// How tests are run. They are a project of their own, which may run beside the other one.
fn suites(tests: &BTreeMap<String, String>) -> String {
    if tests.is_empty() {
        return String::new();
    }
    let mut text =
        "\n## Tests\n\nA project of their own: they see neither the data nor the ports of the other one.\n\n\
                    | service | command |\n|---|---|\n"
            .to_owned();
    for (role, test) in tests {
        let command = format!("docker compose -f compose.test.yaml run --build --rm {test}");
        text.push_str(&format!("| `{role}` | `{command}` |\n"));
    }
    text.push_str("\n`docker compose -f compose.test.yaml down --volumes` removes what they needed.\n");
    text
}

/// How secrets are made: once, for what is there already stays.
fn made(generated: &BTreeMap<String, u32>) -> String {
    if generated.is_empty() {
        return String::new();
    }
    let mut text =
        "\nWithout exoc, these lines make what is not there yet. Git ignores `.env`.\n\n```sh\n".to_owned();
    text.push_str("(umask 077; touch .env)\n");
    for (name, length) in generated {
        text.push_str(&format!(
            "grep -q '^{name}=' .env || \\\n  printf '{name}=\"%s\"\\n' \"$(LC_ALL=C tr -dc A-Za-z0-9 </dev/urandom | head -c {length})\" >>.env\n"
        ));
    }
    text.push_str("```\n");
    text
}

/// What must stand around the project before its addresses can be opened as they are written.
fn around(hosts: &BTreeSet<String>, tls_expected: bool) -> String {
    let mut text = String::new();
    if !hosts.is_empty() {
        let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
        text.push_str(&format!(
            "\nThese hosts must lead to this machine, as by this line of its hosts file:\n\n```\n127.0.0.1 {}\n```\n",
            names.join(" ")
        ));
    }
    if tls_expected {
        text.push_str(
            "\nPublic addresses in variables say `https`. They hold when a server with a certificate stands before the\n\
             project's port.\n",
        );
    }
    text
}

/// A text that stays inside its cell.
fn cell(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('|', "\\|").replace('<', "&lt;")
}
