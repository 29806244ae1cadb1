//! An environment that runs on compose and is not `local`: the fixture `server`, in which `production` says only what
//! such an environment must, compared with `local` key by key.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests may fail a test"
)]

use exoc_diagnostics::VirtualPath;
use exoc_snapshot_tests::case;
use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::{Yaml, YamlLoader};

/// The project of an environment of the fixture, and the page beside it.
fn project(environment: &str) -> (Yaml, String) {
    let case = case::all().unwrap();
    let case = case.iter().find(|case| case.name == "server").unwrap();
    let built = case.build().unwrap();
    let output = built
        .outputs
        .iter()
        .find(|output| output.environment == environment);
    let text = |path: &str| {
        let file = output.unwrap().artifacts.get(&VirtualPath::new(path).unwrap());
        String::from_utf8(file.unwrap().contents.clone()).unwrap()
    };
    let documents = YamlLoader::load_from_str(&text("compose.yaml")).unwrap();
    (documents.into_iter().next().unwrap(), text("README.md"))
}

/// Every scalar by its path; items of lists by their place.
fn scalars(node: &Yaml, path: &str, all: &mut BTreeMap<String, String>) {
    match node {
        Yaml::Hash(map) => {
            for (key, value) in map {
                scalars(value, &format!("{path}/{}", key.as_str().unwrap()), all);
            }
        }
        Yaml::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                scalars(value, &format!("{path}/{index}"), all);
            }
        }
        Yaml::Real(text) | Yaml::String(text) => drop(all.insert(path.to_owned(), text.clone())),
        Yaml::Integer(number) => drop(all.insert(path.to_owned(), number.to_string())),
        Yaml::Boolean(value) => drop(all.insert(path.to_owned(), value.to_string())),
        Yaml::Alias(_) | Yaml::Null | Yaml::BadValue => panic!("{path}: {node:?}"),
    }
}

fn all(environment: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    scalars(&project(environment).0, "", &mut found);
    found
}

/// What may differ: the ends of paths, with what stands there outside `local`.
const DIFFERENCES: &[(&str, &str)] = &[
    ("/name", "server-production"),
    // Images come from registries, pinned or named by a variable, and nothing is built.
    (
        "/services/api/image",
        "${API_IMAGE:?set API_IMAGE in .env to ghcr.io/acme/server-api with its tag or digest}",
    ),
    ("/services/api/build/context", ""),
    (
        "/services/migrate/image",
        "${API_IMAGE:?set API_IMAGE in .env to ghcr.io/acme/server-api with its tag or digest}",
    ),
    ("/services/migrate/build/context", ""),
    (
        "/services/report/image",
        "${API_IMAGE:?set API_IMAGE in .env to ghcr.io/acme/server-api with its tag or digest}",
    ),
    ("/services/report/build/context", ""),
    ("/services/web/image", "ghcr.io/acme/shop-web:2.1.0"),
    ("/services/web/build/context", ""),
    // `development` is not seen.
    ("/services/api/command/0", ""),
    ("/services/api/command/1", ""),
    ("/services/api/command/2", ""),
    ("/services/web/environment/MODE", "fast"),
    // The domain is as written, and public addresses have its scheme.
    ("/services/api/environment/AT", "https://shop.example.com/api"),
    (
        "/services/api/labels/exoc.doors",
        "protocol=http host=shop.example.com path=/api port=4000 strip=false timeout=60s",
    ),
    (
        "/services/gate/labels/exoc.doors",
        "protocol=tcp host=gate.shop.example.com number=25 port=25",
    ),
    (
        "/services/web/labels/exoc.doors",
        "protocol=http host=shop.example.com path=/ port=3000 strip=false timeout=60s",
    ),
    // What is switched off does not run.
    ("/services/beta/deploy/replicas", "0"),
];

#[test]
fn it_differs_from_local_in_what_its_page_says_and_in_nothing_else() {
    let (local, server) = (all("local"), all("production"));
    let paths: BTreeSet<&String> = local.keys().chain(server.keys()).collect();
    let value = |values: &BTreeMap<String, String>, path: &str| values.get(path).cloned().unwrap_or_default();
    let differing = paths
        .into_iter()
        .filter(|path| local.get(*path) != server.get(*path));
    let mut found: BTreeMap<String, String> = differing
        .map(|path| (path.clone(), value(&server, path)))
        .collect();
    // Of every service.
    for role in ["api", "beta", "gate", "migrate", "report", "web"] {
        for (variable, said) in [("SITE", "shop.example.com"), ("STAGE", "production")] {
            let path = format!("/services/{role}/environment/{variable}");
            assert_eq!(found.remove(&path).as_deref(), Some(said), "{path}");
        }
    }
    // The gateway knows the domain by its configuration.
    assert!(found.remove("/services/exoc_gateway/labels/exoc.files").is_some());
    let wanted: BTreeMap<String, String> = DIFFERENCES
        .iter()
        .map(|(path, said)| ((*path).to_owned(), (*said).to_owned()))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn only_the_entry_is_published_and_to_this_machine_alone() {
    let published: BTreeMap<String, String> = all("production")
        .into_iter()
        .filter(|(path, _)| path.contains("/ports/"))
        .collect();
    let wanted = [
        ("/services/exoc_gateway/ports/0", "127.0.0.1:8080:8080"),
        ("/services/gate/ports/0", "127.0.0.1:8025:25"),
    ];
    assert_eq!(
        published,
        wanted.map(|(path, port)| (path.into(), port.into())).into()
    );
}

#[test]
fn what_serves_comes_back_and_what_ends_does_not() {
    let restarts: BTreeMap<String, String> = all("production")
        .into_iter()
        .filter(|(path, _)| path.ends_with("/restart"))
        .collect();
    for (path, restart) in &restarts {
        let ends = ["/migrate/", "/report/"].iter().any(|job| path.contains(job));
        assert_eq!(restart, if ends { "no" } else { "unless-stopped" }, "{path}");
    }
    assert_eq!(restarts.len(), 9, "{restarts:?}");
}

#[test]
fn every_service_is_limited_and_holds_no_secret() {
    let values = all("production");
    let services: BTreeSet<&str> = values
        .keys()
        .filter_map(|path| path.strip_prefix("/services/")?.split('/').next())
        .collect();
    for service in services {
        for limit in ["cpus", "memory"] {
            let path = format!("/services/{service}/deploy/resources/limits/{limit}");
            assert!(values.contains_key(&path), "{path}");
        }
    }
    let secrets: Vec<&String> = values.values().filter(|value| value.starts_with("${")).collect();
    assert!(secrets.iter().all(|value| value.contains(":?")), "{secrets:?}");
    let password = &values["/services/db/environment/POSTGRES_PASSWORD"];
    assert!(
        password.starts_with("${DB_ADMINISTRATOR_PASSWORD:?"),
        "{password}"
    );
}

#[test]
fn its_page_says_what_it_does_not_do() {
    let (_, page) = project("production");
    for words in [
        "docker compose up --wait",
        "| `WEB_IMAGE`",
        "| `API_IMAGE` |",
        "grep -q '^SESSION_KEY=' .env",
        "grep -q '^DB_PASSWORD=' .env",
        "http://shop.example.com:8080/api",
        "a server with a certificate",
        "docker compose run --rm report",
    ] {
        assert_eq!(page.contains(words), words != "| `WEB_IMAGE`", "{words}\n{page}");
    }
}
