//! The names that files beside the project's may rely on: docs/targets/compose.md promises them. Whoever changes one of
//! them breaks somebody's `compose.override.yaml`.

use super::{files, project};
use crate::testing::{Sketch, health, http, port};
use exoc_ir::{Entrance, Part, Probe, Program, Protocol, Transport, Value};
use yaml_rust2::Yaml;

/// A shop whose `db` was once called `store`.
fn shop() -> Program {
    let secrets = ["DB_ADMINISTRATOR", "DB_PASSWORD", "KEY"];
    let mut sketch = Sketch::new(&["api", "dns", "mail", "web"], &["db"], &secrets);
    sketch.app.owner = Some("team-checkout".to_owned());
    sketch.postgres("db");
    sketch.backing("db").identity = "store".to_owned();
    for (role, path) in [("api", "/api"), ("web", "/")] {
        sketch.listen(role, &[port("http", 4000, Protocol::Http)]);
        sketch.door(role, 0, http("localhost", path));
    }
    sketch.service("api").workload.health = Some(health(Probe::Tcp { port: 0 }));
    sketch.listen("dns", &[port("dns", 53, Protocol::Udp)]);
    let entrance = Entrance::Plain {
        host: "dns.localhost".to_owned(),
        number: 53,
        transport: Transport::Udp,
    };
    sketch.door("dns", 0, entrance);
    let key = Value::new([Part::Secret(sketch.secret("KEY"))]);
    let environment = &mut sketch.service("mail").workload.environment;
    environment.insert("KEY".to_owned(), key);
    sketch.uses("api", "db");
    sketch.uses("web", "api");
    sketch.leaves("mail");
    sketch.finish()
}

fn keys(map: &Yaml) -> Vec<&str> {
    let map = map.as_hash().unwrap();
    let mut keys: Vec<&str> = map.keys().map(|key| key.as_str().unwrap()).collect();
    keys.sort_unstable();
    keys
}

fn list(list: &Yaml) -> Vec<&str> {
    let list = list.as_vec().unwrap();
    list.iter().map(|item| item.as_str().unwrap()).collect()
}

#[test]
fn the_project_its_services_networks_and_volumes_have_these_names() {
    let project = project(&files(&shop()));
    assert_eq!(project["name"].as_str(), Some("shop"));
    let services = ["api", "api_health", "db", "dns", "exoc_gateway", "mail", "web"];
    assert_eq!(keys(&project["services"]), services);
    let networks = [
        "api",
        "db",
        "exoc_entry",
        "exoc_entry_dns",
        "exoc_internet",
        "web",
    ];
    assert_eq!(keys(&project["networks"]), networks);
    assert_eq!(keys(&project["volumes"]), ["store-data"]);
}

#[test]
fn services_are_in_these_networks_and_at_these_ports() {
    let project = project(&files(&shop()));
    let services = &project["services"];
    for (service, networks) in [
        ("api", ["api", "db"].as_slice()),
        ("api_health", &["api"]),
        ("db", &["db"]),
        ("dns", &["exoc_entry_dns"]),
        ("exoc_gateway", &["api", "exoc_entry", "web"]),
        ("mail", &["exoc_internet"]),
        ("web", &["api", "web"]),
    ] {
        assert_eq!(list(&services[service]["networks"]), networks, "{service}");
    }
    assert_eq!(list(&services["exoc_gateway"]["ports"]), ["127.0.0.1:8080:8080"]);
    assert_eq!(list(&services["dns"]["ports"]), ["127.0.0.1:8053:53/udp"]);
}

#[test]
fn services_and_networks_have_these_labels() {
    let project = project(&files(&shop()));
    let common = [
        "app.kubernetes.io/managed-by",
        "app.kubernetes.io/part-of",
        "owner",
    ];
    for network in keys(&project["networks"]) {
        assert_eq!(keys(&project["networks"][network]["labels"]), common, "{network}");
    }
    let named = [
        "app.kubernetes.io/component",
        "app.kubernetes.io/instance",
        "app.kubernetes.io/managed-by",
        "app.kubernetes.io/name",
        "app.kubernetes.io/part-of",
    ];
    for (service, own) in [
        ("api", ["exoc.doors", "exoc.ports"].as_slice()),
        ("api_health", &[]),
        ("db", &["exoc.files", "exoc.ports"]),
        ("exoc_gateway", &["exoc.files"]),
        ("mail", &[]),
    ] {
        let expected = [named.as_slice(), own, &["owner"]].concat();
        assert_eq!(
            keys(&project["services"][service]["labels"]),
            expected,
            "{service}"
        );
    }
    let db = &project["services"]["db"]["labels"];
    let label = |key: &str| db[format!("app.kubernetes.io/{key}").as_str()].as_str();
    assert_eq!(
        (label("name"), label("component")),
        (Some("store"), Some("dependency"))
    );
    assert_eq!(label("instance"), Some("shop-store"));
}

#[test]
fn a_project_elsewhere_is_called_after_its_environment() {
    let project = project(&files(&Sketch::new(&["api"], &[], &[]).elsewhere().finish()));
    assert_eq!(project["name"].as_str(), Some("shop-staging"));
}
