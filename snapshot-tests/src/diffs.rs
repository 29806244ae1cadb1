//! Changes of an application and what `exoc diff` says of each. A case is an edit of `diffs/base`, or of a fixture; its
//! goldens are `diffs/golden/<case>.{txt,json,md}`.

use crate::Problem;
use crate::case::root;
use exoc::changes::State;
use exoc::registry::TARGETS;
use exoc::render::difference::{self, Files, Origin, Told};
use exoc::render::{Colour, WIDTH};
use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use std::path::PathBuf;
use walkdir::WalkDir;

/// What is edited: a file, what stands in it, and what is to stand there.
pub type Edit = (&'static str, &'static str, &'static str);

/// A change of an application.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// Its name.
    pub name: &'static str,
    /// The folder of the application, from the project's.
    pub folder: &'static str,
    /// Edits that lead to what was before.
    pub before: &'static [Edit],
    /// Edits that lead to what is now.
    pub after: &'static [Edit],
}

const BASE: &str = "snapshot-tests/diffs/base";
const APP: &str = "application.yml";
const API: &str = "api/service.yml";
const WEB: &str = "web/service.yml";

const fn case(name: &'static str, after: &'static [Edit]) -> Case {
    Case {
        name,
        folder: BASE,
        before: &[],
        after,
    }
}

/// The same change the other way round.
const fn undone(name: &'static str, before: &'static [Edit]) -> Case {
    Case {
        name,
        folder: BASE,
        before,
        after: &[],
    }
}

const USES: &str = "uses: [db, orders, events, payments]";
const EDGE: &[Edit] = &[(API, USES, "uses: [db, orders, events, payments, cache]")];
const OPENED: &[Edit] = &[(API, "port: 4000\n", "port: 4000\nroute: /api\n")];
const INTERNET: &[Edit] = &[(API, USES, "uses: [db, orders, events, payments, internet]")];
const SECRET: &[Edit] = &[
    (
        APP,
        "secrets:\n",
        "secrets:\n  SMTP_PASSWORD: { description: Password of the mail account }\n",
    ),
    (
        API,
        "environment:\n",
        "environment:\n  SMTP_PASSWORD: ${secrets.SMTP_PASSWORD}\n",
    ),
];
const BUCKET: &[Edit] = &[
    (APP, "  orders: queue\n", "  orders: queue\n  assets: bucket\n"),
    (API, USES, "uses: [db, orders, events, payments, assets]"),
];
const LOOSE: &[Edit] = &[(
    APP,
    "security: { user: 2000 }",
    "security: { user: root, writable-filesystem: true, capabilities: [NET_BIND_SERVICE] }",
)];
const JOB: &[Edit] = &[(
    APP,
    "  nightly: {",
    "  migrate: { location: ./jobs, when: before-deploy, command: [node, migrate.js], uses: [db] }\n  nightly: {",
)];
const STAGING: &[Edit] = &[(
    APP,
    "environments:\n",
    "environments:\n  staging:\n    domain: staging.shop.example.com\n    registry: ghcr.io/acme\n    targets: { compose: {} }\n",
)];
const VOLUME: &[Edit] = &[(
    API,
    "volumes: { media: /srv/media }",
    "volumes: { media: /srv/media, uploads: /data }",
)];

/// All cases.
pub const CASES: &[Case] = &[
    case("edge-added", EDGE),
    undone("edge-removed", EDGE),
    case("opened-to-internet", OPENED),
    undone("route-removed", OPENED),
    case("internet-added", INTERNET),
    undone("internet-removed", INTERNET),
    case("secret-added", SECRET),
    undone("secret-removed", SECRET),
    case(
        "secret-in-plain",
        &[(
            API,
            "  SESSION_KEY: ${secrets.SESSION_KEY}",
            "  SESSION_KEY: k3yk3yk3yk3yk3y7",
        )],
    ),
    case("secret-made-longer", &[(APP, "generate: 50", "generate: 64")]),
    case(
        "replicas-changed",
        &[(WEB, "scale: 2", "scale: { min: 3, max: 9, cpu: 70% }")],
    ),
    case(
        "cpu-and-memory-changed",
        &[(API, "cpu: 0.5\nmemory: 1Gi", "cpu: 1\nmemory: 2Gi")],
    ),
    case("image-changed", &[(APP, "mailer:2.1.0", "mailer:2.2.0")]),
    case(
        "command-changed",
        &[(
            API,
            "command: [node, server.js]",
            "command: [node, --enable-source-maps, server.js]",
        )],
    ),
    case(
        "variable-changed",
        &[
            (APP, "LOG_LEVEL: info", "LOG_LEVEL: debug"),
            (
                APP,
                "GREETING: hello",
                "DEBUG_URL: \"https://me:hunter2hunter2@debug.example.com\"",
            ),
        ],
    ),
    case("file-changed", &[(API, "requests: 10", "requests: 20")]),
    case(
        "health-changed",
        &[(WEB, "health: /healthz", "health: { path: /ready, retries: 5 }")],
    ),
    undone("health-added", &[(WEB, "health: /healthz\n", "")]),
    case("health-removed", &[(WEB, "health: /healthz\n", "")]),
    case(
        "route-changed",
        &[(WEB, "route: /\n", "route: { path: /, timeout: 20s }\n")],
    ),
    case(
        "domain-changed",
        &[(APP, "domain: shop.example.com", "domain: shop.example.org")],
    ),
    case("port-changed", &[(API, "port: 4000", "port: 5000")]),
    case("dependency-added", BUCKET),
    undone("data-removed", BUCKET),
    case(
        "type-changed",
        &[(
            APP,
            "db: { type: postgres, version: \"16\"",
            "db: { type: mysql, version: \"8.4\"",
        )],
    ),
    case("version-raised", &[(APP, "version: \"16\"", "version: \"17\"")]),
    undone("version-lowered", &[(APP, "version: \"16\"", "version: \"17\"")]),
    case("storage-lowered", &[(APP, "storage: 20Gi", "storage: 10Gi")]),
    case(
        "availability-and-backups-lowered",
        &[(APP, "backups: 14d, availability: high", "backups: 7d")],
    ),
    case(
        "account-changed",
        &[(APP, "storage: 20Gi", "storage: 20Gi, database: store")],
    ),
    case(
        "subscribed",
        &[(
            APP,
            "  orders: queue",
            "  orders: { type: queue, subscribes: [events] }",
        )],
    ),
    case(
        "address-changed",
        &[(APP, "payments.example.com", "pay.example.com")],
    ),
    case(
        "service-removed",
        &[
            (
                APP,
                "  mailer:\n    image: ghcr.io/acme/mailer:2.1.0\n    command: [mailer, run]\n    uses: [cache]\n    environment: { GREETING: hello }\n    security: { user: 2000 }\n",
                "",
            ),
            (APP, "  cache: redis:7\n", ""),
        ],
    ),
    case("job-added", JOB),
    undone("job-removed", JOB),
    case("schedule-changed", &[(APP, "\"0 3 * * *\"", "\"30 4 * * 1-5\"")]),
    case("volume-added", VOLUME),
    undone("volume-removed", VOLUME),
    case(
        "renamed",
        &[
            (APP, "  db: {", "  store: { was: db,"),
            (APP, "uses: [db]", "uses: [store]"),
            (API, USES, "uses: [store, orders, events, payments]"),
        ],
    ),
    case(
        "renamed-without-was",
        &[
            (APP, "  db: {", "  store: {"),
            (APP, "uses: [db]", "uses: [store]"),
            (API, USES, "uses: [store, orders, events, payments]"),
        ],
    ),
    case("environment-added", STAGING),
    undone(
        "availability-and-backups-raised",
        &[(APP, "backups: 14d, availability: high", "backups: 7d")],
    ),
    case(
        "variable-removed",
        &[(APP, "environment:\n  LOG_LEVEL: info\n", "")],
    ),
    undone("environment-removed", STAGING),
    case("security-loosened", LOOSE),
    undone("security-tightened", LOOSE),
    case(
        "owner-changed",
        &[(APP, "owner: team-checkout", "owner: team-shop")],
    ),
    case("application-renamed", &[(APP, "name: shop", "name: store")]),
    case(
        "nothing",
        &[(
            APP,
            "description: Sells things\n",
            "description: Sells things # as before\n",
        )],
    ),
    Case {
        name: "shop-release",
        folder: "fixtures/shop",
        before: &[],
        after: &[
            (APP, "mailer:2.1.0", "mailer:2.2.0"),
            (
                APP,
                "  cache: redis:7\n",
                "  cache: redis:7\n  receipts: bucket\n",
            ),
            (
                APP,
                "  catalog: ./catalog\n",
                "  catalog: ./catalog\n  reindex: { location: ./catalog, schedule: \"0 3 * * *\", command: [node, reindex.js], uses: [db] }\n",
            ),
            (
                APP,
                "secrets:                          # names only; the values live in each target's store\n",
                "secrets:\n  STRIPE_KEY: { description: Key of Stripe }\n",
            ),
            (
                APP,
                "cpu: 2, memory: 8Gi, storage: 100Gi",
                "cpu: 2, memory: 16Gi, storage: 200Gi",
            ),
            (APP, "web: { scale: 2 }", "web: { scale: 3 }"),
            (
                "api/service.yml",
                "uses: [cache, catalog, payments]",
                "uses: [cache, catalog, payments, receipts]",
            ),
            (
                "api/service.yml",
                "environment:\n",
                "environment:\n  STRIPE_KEY: ${secrets.STRIPE_KEY}\n",
            ),
            (
                "catalog/service.yml",
                "port: 7000 ",
                "route: /catalog\nport: 7000 ",
            ),
        ],
    },
];

/// The application of a case after these edits.
fn files(case: &Case, edits: &[Edit]) -> Result<MemorySources, Problem> {
    let folder = root().join(case.folder);
    let disk = |path: &std::path::Path, error: std::io::Error| Problem::Disk {
        path: path.to_path_buf(),
        error,
    };
    let mut sources = MemorySources::default();
    for entry in WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry.map_err(|error| disk(&folder, error.into()))?;
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
        let name = name.to_string_lossy().into_owned();
        let bytes = std::fs::read(entry.path()).map_err(|error| disk(entry.path(), error))?;
        let mut text = String::from_utf8_lossy(&bytes).into_owned();
        for (path, old, new) in edits {
            if *path == name {
                if !text.contains(old) {
                    return Err(not_there(case, old));
                }
                text = text.replace(old, new);
            }
        }
        sources.insert(&name, text);
    }
    Ok(sources)
}

fn not_there(case: &Case, text: &str) -> Problem {
    Problem::Manifest {
        case: case.name.to_owned(),
        text: format!("`{text}` is not in the file that is edited"),
    }
}

fn state(case: &Case, edits: &[Edit]) -> Result<State, Problem> {
    let sources = files(case, edits)?;
    let selection = Selection::default();
    let place = |_: &str, _: &str| "../../..".to_owned();
    let wrong = |text: String| Problem::Manifest {
        case: case.name.to_owned(),
        text,
    };
    let compilation = exoc::pipeline::compile(&sources, &selection, TARGETS, &place, |output| output);
    let compilation = compilation.map_err(|error| wrong(error.to_string()))?;
    let Some(outputs) = compilation.product else {
        let messages = compilation
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.message.clone());
        return Err(wrong(messages.collect::<Vec<_>>().join("\n")));
    };
    let state = State::new(&sources, compilation.sources, String::new(), &selection, outputs);
    state.map_err(|error| wrong(error.to_string()))
}

/// What is told of a case.
///
/// # Errors
///
/// If an edit finds nothing to edit, or one side does not compile.
pub fn told(case: &Case) -> Result<Told, Problem> {
    let origin = Origin::Commit {
        name: "HEAD".to_owned(),
        id: "0123456789abcdef0123456789abcdef01234567".to_owned(),
        short: "0123456789".to_owned(),
        existed: true,
        moved: None,
    };
    let before = state(case, case.before)?;
    Ok(state(case, case.after)?.since(Some(before), origin, &Selection::default()))
}

/// The goldens of a case: ends of names, and contents.
#[must_use]
pub fn goldens(told: &Told) -> [(&'static str, String); 3] {
    let json = exoc::render::json::with("{}", difference::json::members(told, Files::Hidden));
    [
        (
            "txt",
            difference::human::report(told, Files::Hidden, Colour::Plain, WIDTH),
        ),
        ("json", json),
        ("md", difference::markdown::page(told, Files::Hidden)),
    ]
}

/// Where goldens are.
#[must_use]
pub fn folder() -> PathBuf {
    root().join("snapshot-tests/diffs/golden")
}

/// Makes the goldens what is told now, and gives the names of those that changed.
///
/// # Errors
///
/// If a case cannot be told or a file not be written.
pub fn bless() -> Result<Vec<String>, Problem> {
    let mut changed = Vec::new();
    let folder = folder();
    let disk = |path: &std::path::Path, error: std::io::Error| Problem::Disk {
        path: path.to_path_buf(),
        error,
    };
    std::fs::create_dir_all(&folder).map_err(|error| disk(&folder, error))?;
    let mut wanted = Vec::new();
    for case in CASES {
        for (end, text) in goldens(&told(case)?) {
            let name = format!("{}.{end}", case.name);
            let path = folder.join(&name);
            if std::fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                std::fs::write(&path, text).map_err(|error| disk(&path, error))?;
                changed.push(name.clone());
            }
            wanted.push(name);
        }
    }
    for name in names()? {
        if !wanted.contains(&name) {
            let path = folder.join(&name);
            std::fs::remove_file(&path).map_err(|error| disk(&path, error))?;
            changed.push(name);
        }
    }
    Ok(changed)
}

/// The names of the goldens that there are.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn names() -> Result<Vec<String>, Problem> {
    let folder = folder();
    let disk = |error| Problem::Disk {
        path: folder.clone(),
        error,
    };
    let entries = std::fs::read_dir(&folder).map_err(disk)?;
    let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    let mut names = names.collect::<Result<Vec<_>, _>>().map_err(disk)?;
    names.sort();
    Ok(names)
}
