//! What a docker-compose project says that no other target says: who waits for whom, whom a network is for, what is
//! mounted where, when a job runs.
//!
//! Gets nothing but printed files, as every extractor; must not know a type of the compiler.

use super::{Files, compose::is_joined, yaml};
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

const FILE: &str = "compose.yaml";

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// What runs, by role; companions are left out.
    pub services: BTreeMap<String, Service>,
    /// Who opens connections to whom: who is in the network that has the other's name, or waits for it in a network
    /// that stands for several.
    pub callers: BTreeSet<(String, String)>,
    /// Who is in which network that stands for several, where some of those who do not wait may call as well.
    pub joined: BTreeMap<String, BTreeSet<String>>,
}

/// What a service of the project says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Its keys.
    pub keys: BTreeSet<String>,
    /// Roles of jobs that must have ended well before it starts.
    pub after: BTreeSet<String>,
    /// Folders that outlive it, and the volumes that they are.
    pub volumes: BTreeMap<String, String>,
    /// Files and folders of the machine, and where these are.
    pub files: BTreeMap<String, String>,
    /// `schedule` or `when`, and what it is, of a job.
    pub job: Option<(String, String)>,
    /// How long an answer may take, by the path of a route.
    pub timeouts: BTreeMap<String, String>,
}

/// Reads the files of one project.
///
/// # Errors
///
/// If a file is no YAML, or no file of a project.
pub fn project(files: &Files) -> Result<Project, String> {
    let documents = yaml::documents(FILE, super::text(files, FILE)?)?;
    let [document] = documents.as_slice() else {
        return Err(format!("{FILE} is not one document"));
    };
    let all = yaml::entries(&document["services"], "services")?;
    let mut project = Project::default();
    for (role, node) in all.iter().filter(|(role, _)| !role.contains('_')) {
        let service = service(node).map_err(|error| format!("{role}: {error}"))?;
        project.services.insert((*role).to_owned(), service);
        for network in yaml::strings(&node["networks"], role)? {
            if is_joined(&network) {
                let joined = project.joined.entry(network).or_default();
                joined.insert((*role).to_owned());
                continue;
            }
            if network != *role && !network.starts_with("exoc_") {
                project.callers.insert(((*role).to_owned(), network));
            }
        }
    }
    for (role, node) in all.iter().filter(|(role, _)| !role.contains('_')) {
        for (waited, edge) in yaml::entries(&node["depends_on"], "depends_on")? {
            let meets = |members: &BTreeSet<String>| members.contains(*role) && members.contains(waited);
            if !has_ended(edge) && project.joined.values().any(meets) {
                project.callers.insert(((*role).to_owned(), waited.to_owned()));
            }
        }
    }
    Ok(project)
}

/// Whether somebody waits for another's end.
fn has_ended(edge: &Yaml) -> bool {
    edge["condition"].as_str() == Some("service_completed_successfully")
}

fn service(node: &Yaml) -> Result<Service, String> {
    let keys = yaml::entries(node, "a service")?;
    let mut service = Service {
        keys: keys.into_iter().map(|(key, _)| key.to_owned()).collect(),
        ..Service::default()
    };
    for (role, edge) in yaml::entries(&node["depends_on"], "depends_on")? {
        // A companion that ends is no job.
        if has_ended(edge) && !role.contains('_') {
            service.after.insert(role.to_owned());
        }
    }
    for mount in yaml::list(&node["volumes"], "volumes")? {
        let source = yaml::string(&mount["source"], "source")?.to_owned();
        let target = yaml::string(&mount["target"], "target")?.to_owned();
        match yaml::string(&mount["type"], "type")? {
            "volume" => service.volumes.insert(target, source),
            _ => service.files.insert(target, source),
        };
    }
    service.job = node["labels"]["exoc.run"].as_str().map(job).transpose()?;
    for door in node["labels"]["exoc.doors"]
        .as_str()
        .unwrap_or_default()
        .split("; ")
    {
        let word = |name: &str| {
            let found = door.split(' ').find_map(|word| word.strip_prefix(name));
            found.map(str::to_owned)
        };
        service.timeouts.extend(word("path=").zip(word("timeout=")));
    }
    Ok(service)
}

/// Reads `timeout=1800s retries=0 schedule=0 3 * * *` and `timeout=1800s retries=0 when=before-deploy rank=0`.
fn job(label: &str) -> Result<(String, String), String> {
    if let Some((_, schedule)) = label.split_once(" schedule=") {
        return Ok(("schedule".to_owned(), schedule.to_owned()));
    }
    let when = label.split(' ').find_map(|word| word.strip_prefix("when="));
    when.map(|when| ("when".to_owned(), when.to_owned()))
        .ok_or_else(|| format!("nothing starts a job: `{label}`"))
}

#[cfg(test)]
mod tests {
    use super::{FILE, project};
    use std::collections::BTreeMap;

    #[test]
    fn waiting_calling_mounting_and_jobs_are_read() {
        let text = r#"
services:
  web:
    networks: ["exoc_entry", "db", "web"]
    depends_on:
      migrate: { condition: "service_completed_successfully" }
      web_volumes: { condition: "service_completed_successfully" }
      db: { condition: "service_healthy" }
    volumes:
      - { type: "volume", source: "web-media", target: "/media" }
      - { type: "bind", source: "./files/web/etc/a", target: "/etc/a" }
    labels: { exoc.doors: "protocol=http host=localhost path=/a port=80 strip=false timeout=5s" }
  web_volumes: { networks: ["web"] }
  migrate:
    labels: { exoc.run: "timeout=300s retries=2 when=before-deploy rank=0" }
  nightly:
    labels: { exoc.run: "timeout=300s retries=0 schedule=0 3 * * *" }
"#;
        let project = project(&BTreeMap::from([(FILE.to_owned(), text.into())])).unwrap();
        let roles: Vec<&String> = project.services.keys().collect();
        assert_eq!(roles, ["migrate", "nightly", "web"]);
        assert_eq!(
            project.callers.into_iter().collect::<Vec<_>>(),
            [("web".to_owned(), "db".to_owned())]
        );
        let web = &project.services["web"];
        assert_eq!(web.after.iter().collect::<Vec<_>>(), ["migrate"]);
        assert_eq!(web.volumes["/media"], "web-media");
        assert_eq!(web.files["/etc/a"], "./files/web/etc/a");
        assert_eq!(web.timeouts["/a"], "5s");
        assert!(web.keys.contains("depends_on") && !web.keys.contains("image"));
        let job = |role: &str| project.services[role].job.clone().unwrap();
        assert_eq!(job("migrate"), ("when".to_owned(), "before-deploy".to_owned()));
        assert_eq!(job("nightly"), ("schedule".to_owned(), "0 3 * * *".to_owned()));
    }
}
