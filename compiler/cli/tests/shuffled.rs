//! A hundred processes over one application, each with the keys of its manifests and the making of its files in an order
//! of its own, in a folder of its own, in turn under two locales and two umasks: the same bytes, comments and all.
//!
//! Each manifest is one line, so that no order moves a key to another one: what is printed names lines.

use super::same_bytes::{Files, build, files};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// How many processes there are.
const PROCESSES: u64 = 100;

/// One in so many builds everything, which takes several times as long.
const EVERYTHING: u64 = 10;

/// The environments that the others build, for Kubernetes.
const NARROW: [&str; 2] = ["staging", "production"];

/// How many of them run at a time.
const AT_ONCE: usize = 2;

/// Names of folders, which no output has in it.
const FOLDERS: [&str; 3] = ["a", "Ein Name/größer, tiefer", "x/y/$HOME/%d"];

/// Numbers that look random and are the same in each run: the generator SplitMix64.
///
/// Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
struct Numbers(u64);

impl Numbers {
    /// A number below a bound.
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % bound as u64).unwrap()
    }

    /// The items in another order.
    fn shuffled<T>(&mut self, items: impl IntoIterator<Item = T>) -> Vec<T> {
        let mut items: Vec<T> = items.into_iter().collect();
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
        items
    }

    /// A document on one line, the keys of its mappings in another order.
    fn line(&mut self, value: &Value, out: &mut String) {
        match value {
            Value::Object(members) => {
                let mut lead = "{";
                for (key, member) in self.shuffled(members) {
                    write!(out, "{lead} {}: ", Value::from(key.as_str())).unwrap();
                    self.line(member, out);
                    lead = ",";
                }
                out.push_str(if lead == "{" { "{}" } else { " }" });
            }
            Value::Array(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { ", " });
                    self.line(item, out);
                }
                out.push(']');
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                write!(out, "{value}").unwrap();
            }
        }
    }
}

/// What all services of the application need and run in, beside them.
fn application() -> Value {
    json!({
        "name": "books",
        "description": "Lends books",
        "owner": "team-lending",
        "registry": "ghcr.io/acme",
        "environment": { "LOG_LEVEL": "info", "ZONE": "eu", "APP": "${app.name}", "B": "2", "A": "1" },
        "secrets": {
            "SALT": { "generate": 32 },
            "MAIL_PASSWORD": { "description": "Password of the mail account" },
            "API_KEY": {},
        },
        "dependencies": {
            "db": "postgres:17",
            "cache": { "type": "redis", "version": "7", "parameters": { "maxmemory-policy": "noeviction", "timeout": 60 } },
            "broker": "rabbitmq:4.2",
            "mail": { "type": "external", "url": "smtp://smtp.example.com:587" },
            "partner": { "type": "external", "url": "https://partner.example.com" },
            "scans": { "type": "volume", "storage": "5Gi" },
            "search": {
                "type": "container",
                "image": "getmeili/meilisearch:v1.13",
                "port": 7700,
                "volumes": { "index": "/meili_data" },
                "environment": { "MEILI_NO_ANALYTICS": "true", "MEILI_ENV": "production" },
                "security": { "user": 1000 },
            },
        },
        "services": { "web": "./web", "api": "./api", "worker": "./worker", "migrate": migrate(), "nightly": nightly() },
        "environments": {
            "staging": {
                "domain": "staging.books.example.com",
                "environment": { "LOG_LEVEL": "debug", "C": "3" },
                "targets": {
                    "kubernetes": { "shared-storage-class": "nfs", "operators": { "cloudnative-pg": "cnpg-system" } },
                    "compose": {},
                },
            },
            "production": {
                "domain": "books.example.com",
                "dependencies": { "db": { "cpu": 2, "memory": "8Gi" }, "scans": { "storage": "50Gi" } },
                "services": { "api": { "scale": { "min": 3, "max": 9, "cpu": "70%" } }, "web": { "scale": 2 } },
                "targets": {
                    "aws": { "region": "eu-central-1", "account": "123456789012" },
                    "kubernetes": {
                        "version": "1.36",
                        "secrets": "external-secrets",
                        "secret-store": { "name": "vault" },
                        "shared-storage-class": "nfs",
                    },
                },
            },
            "patched": {
                "domain": "patched.books.example.com",
                "targets": {
                    "kubernetes": {
                        "shared-storage-class": "nfs",
                        "patches": [{
                            "at": "Deployment/api",
                            "set": {
                                "spec.minReadySeconds": 5,
                                "spec.template.spec.tolerations": [{ "operator": "Exists", "key": "a" }],
                            },
                        }],
                    },
                },
            },
        },
    })
}

fn migrate() -> Value {
    json!({
        "location": "./api",
        "when": "before-deploy",
        "command": ["node", "migrate.js"],
        "port": null,
        "ports": null,
        "route": null,
        "health": null,
        "scale": null,
        "files": null,
        "uses": ["db"],
    })
}

fn nightly() -> Value {
    json!({
        "image": "ghcr.io/acme/reports:4",
        "schedule": "0 3 * * *",
        "command": ["report", "--all"],
        "uses": ["db", "mail"],
        "environment": { "MAIL": "${dependencies.mail.host}", "PASSWORD": "${secrets.MAIL_PASSWORD}" },
        "security": { "user": 2000, "group": 2000 },
    })
}

/// The manifests, by their paths.
fn manifests() -> BTreeMap<&'static str, Value> {
    let web = json!({
        "build": { "context": ".", "args": { "MODE": "production", "BASE": "/" } },
        "port": 8080,
        "route": { "host": ["${env.domain}", "www.${env.domain}"], "path": "/" },
        "health": { "path": "/healthz", "interval": "20s", "timeout": "3s" },
        "uses": ["api"],
        "files": { "/etc/web/conf": "./conf", "/etc/web/motd": { "content": "of ${app.name}\n" } },
        "writable": { "/var/cache/web": "64Mi", "/var/run": "1Mi" },
        "security": { "user": 1000 },
    });
    let api = json!({
        "build": ".",
        "ports": [{ "name": "http", "port": 4000 }, { "name": "events", "port": 4001, "protocol": "tcp" }],
        "route": { "path": ["/api", "/hooks"], "port": "http" },
        "health": "/healthz",
        "uses": ["cache", "broker", "search", "partner"],
        "environment": {
            "DATABASE_URL": "${dependencies.db.url}",
            "AUTHORIZATION": "Bearer ${secrets.API_KEY}",
            "SALT": "${secrets.SALT}",
            "PRICE": "$5 of 100%",
        },
        "files": { "/etc/api/key": { "content": "key = ${secrets.API_KEY}\n" } },
        "scale": 2,
        "cpu": 0.5,
        "memory": "1Gi",
        "security": { "user": 1000 },
    });
    let worker = json!({
        "image": "ghcr.io/acme/worker:4.1",
        "command": ["work", "--queue", "scans"],
        "uses": ["broker", "api", "internet"],
        "volumes": { "scans": "/scans" },
        "security": { "user": 3000, "group": 3000, "capabilities": ["CHOWN", "KILL"] },
        "shutdown": "45s",
    });
    BTreeMap::from([
        ("application.yml", application()),
        ("web/service.yml", web),
        ("api/service.yml", api),
        ("worker/service.yml", worker),
    ])
}

/// The files beside the manifests.
const BESIDE: [(&str, &str); 7] = [
    ("web/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("api/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ("web/conf/b.conf", "b\n"),
    ("web/conf/a.conf", "a = $x\n"),
    ("web/conf/Z.conf", ""),
    ("web/conf/more/a.conf", "\n\n more\n"),
    ("web/conf/ä.conf", "ü\n"),
];

/// What the process of this number writes.
fn built(number: u64, everything: bool) -> Files {
    let temporary = tempfile::tempdir().unwrap();
    let mut numbers = Numbers(number);
    let folder = temporary.path().join(FOLDERS[numbers.below(FOLDERS.len())]);
    fs::create_dir_all(folder.join(".git")).unwrap();
    let manifests = manifests().into_iter().map(|(path, manifest)| {
        let mut line = String::new();
        numbers.line(&manifest, &mut line);
        (path, line + "\n")
    });
    let manifests: Vec<(&str, String)> = manifests.collect();
    let beside = BESIDE.map(|(path, text)| (path, text.to_owned()));
    for (path, text) in numbers.shuffled(manifests.into_iter().chain(beside)) {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
    let locale = ["C", "tr_TR.UTF-8"][usize::from(number % 2 == 1)];
    let umask = ["umask 022", "umask 077"][usize::from(number % 4 > 1)];
    let [one, other] = NARROW;
    let narrow = ["--target", "kubernetes", "--env", one, "--env", other];
    let arguments = if everything { &[] } else { &narrow[..] };
    build(umask, &folder, arguments, &[("LC_ALL", locale), ("LANG", locale)]);
    let mut found = Files::new();
    files(&folder.join("infra"), "", &mut found);
    found
}

#[test]
fn a_hundred_processes_with_keys_and_files_in_any_order_write_the_same_bytes() {
    let all = built(0, true);
    let is_narrow = |path: &&String| {
        NARROW
            .iter()
            .any(|name| path.starts_with(&format!("{name}/kubernetes/")))
    };
    let narrow: BTreeSet<&String> = all.keys().filter(is_narrow).collect();
    assert!(narrow.len() > 20 && all.len() > 80, "{:?}", all.keys());
    let (next, different) = (AtomicU64::new(1), Mutex::new(Vec::new()));
    let one = |number| {
        let everything = number % EVERYTHING == 0;
        let files = built(number, everything);
        let expected = all.keys().filter(|path| everything || narrow.contains(path));
        let paths: BTreeSet<&String> = expected.chain(files.keys()).collect();
        let unlike = paths
            .into_iter()
            .filter(|path| all.get(*path) != files.get(*path));
        let unlike = unlike.map(|path| format!("{path} of process {number} differs"));
        different.lock().unwrap().extend(unlike);
    };
    thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                let numbers = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                numbers.take_while(|number| *number < PROCESSES).for_each(one);
            });
        }
    });
    let different = different.into_inner().unwrap();
    assert!(different.is_empty(), "{}", different.join("\n"));
}
