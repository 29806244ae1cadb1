//! The files of a proposal. Decides nothing: prints what is proposed, each service in the folder that it is built in.

use super::{Health, Proposal, Route, Service};
use exoc_emit::yaml::{Mapping, Scalar, Yaml, flow_list, print};
use std::collections::BTreeMap;

/// The files, by their paths: application.yml, and a service.yml for each folder. `schema` is where an editor finds the
/// schema of a file; the name of the file comes behind it.
#[must_use]
pub fn files(proposal: &Proposal, schema: &str) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut services = Mapping::new();
    for (role, service) in &proposal.services {
        let folder = service.folder.as_str();
        let location = if folder.is_empty() {
            ".".to_owned()
        } else {
            format!("./{folder}")
        };
        let entry = if !folder.is_empty() && is_first(proposal, role, folder) {
            let keys = keys(service);
            if !keys.is_empty() {
                files.insert(
                    format!("{folder}/service.yml"),
                    modeline(schema, "service") + &print(&keys),
                );
            }
            Yaml::from(location)
        } else {
            let location = Mapping::new().with("location", location);
            above(proposal, folder, service, location).into()
        };
        services.insert(role.clone(), entry);
    }
    let secrets: Mapping = proposal
        .secrets
        .iter()
        .map(|name| (name.clone(), Mapping::new()))
        .collect();
    let dependencies: Mapping = proposal
        .dependencies
        .iter()
        .map(|(role, written)| (role.clone(), written.as_str()))
        .collect();
    let mut application = Mapping::new().with("name", proposal.name.as_str());
    if !secrets.is_empty() {
        application = application.blank().with("secrets", secrets);
    }
    if !dependencies.is_empty() {
        application = application.blank().with("dependencies", dependencies);
    }
    let application = application.blank().with("services", services);
    files.insert(
        "application.yml".to_owned(),
        modeline(schema, "application") + &print(&application),
    );
    files
}

/// What the language server of editors reads.
fn modeline(schema: &str, file: &str) -> String {
    format!("# yaml-language-server: $schema={schema}{file}.schema.json\n")
}

/// Whether a role is the first of those that are built in a folder: its keys stand there.
fn is_first(proposal: &Proposal, role: &str, folder: &str) -> bool {
    first(proposal, folder).is_some_and(|(known, _)| known == role)
}

fn first<'p>(proposal: &'p Proposal, folder: &str) -> Option<(&'p str, &'p Service)> {
    let mut all = proposal.services.iter();
    all.find(|(_, service)| service.folder == folder)
        .map(|(role, service)| (role.as_str(), service))
}

/// The keys beside a location: those of the folder's service.yml, which is another role's, are taken back.
fn above(proposal: &Proposal, folder: &str, service: &Service, mut entry: Mapping) -> Mapping {
    let own = keys(service);
    let below = match first(proposal, folder) {
        Some((_, first)) if !folder.is_empty() && first != service => keys(first),
        Some(_) | None => Mapping::new(),
    };
    for (key, value) in own.entries() {
        entry.insert(key.to_owned(), value.clone());
    }
    for (key, _) in below.entries() {
        if own.get(key).is_none() {
            entry.insert(key.to_owned(), Yaml::Scalar(Scalar::Null));
        }
    }
    entry
}

fn keys(service: &Service) -> Mapping {
    let Service {
        folder: _, // where the keys stand
        build: (dockerfile, stage),
        port,
        route,
        health,
        command,
        development,
        when,
        uses,
        environment,
        volumes,
        user,
    } = service;
    let build = Mapping::new()
        .with_some("dockerfile", dockerfile.clone())
        .with_some("stage", stage.clone());
    let texts = |map: &BTreeMap<String, String>| -> Mapping {
        map.iter()
            .map(|(name, text)| (name.clone(), text.as_str()))
            .collect()
    };
    let route = route.map(|route| match route {
        Route::Front => Yaml::from("/"),
        Route::OwnHost => Mapping::new()
            .with("host", "${service.name}.${env.domain}")
            .into(),
    });
    let health = health.as_ref().map(|health| match health {
        Health::Path(path) => Yaml::from(path.as_str()),
        Health::Command(words) => Mapping::new()
            .with("command", flow_list(words.iter().map(String::as_str)))
            .into(),
    });
    let mut keys = Mapping::new()
        .with_map_unless_empty("build", build)
        .with_some("port", *port)
        .with_some("route", route)
        .with_some("health", health);
    if let Some(words) = command {
        keys = keys.with("command", flow_list(words.iter().map(String::as_str)));
    }
    keys = keys.with_some("when", *when);
    if !uses.is_empty() {
        keys = keys.with("uses", flow_list(uses.iter().map(String::as_str)));
    }
    let user = user.map(|user| Mapping::new().with("user", user));
    let development = development.as_ref().map(|(run, mount)| {
        let run = run
            .as_ref()
            .map(|words| flow_list(words.iter().map(String::as_str)));
        Mapping::new().with_some("run", run).with("mount", mount.as_str())
    });
    keys.with_map_unless_empty("environment", texts(environment))
        .with_map_unless_empty("volumes", texts(volumes))
        .with_some("security", user)
        .with_some("development", development)
}
