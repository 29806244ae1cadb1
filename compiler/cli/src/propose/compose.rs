//! What a compose file says: services that are built, and images of products that are dependencies here.

use super::health;
use super::library::{self, Kind};
use super::walk::Place;
use super::{Composed, Proposal, Route, Service, role, words};
use exoc_diagnostics::{VirtualPath, credential};
use exoc_emit::read::{self, Value};
use std::collections::BTreeMap;

/// The names of compose files, as the tool looks for them.
const NAMES: &[&str] = &[
    "compose.yaml",
    "compose.yml",
    "docker-compose.yaml",
    "docker-compose.yml",
];

/// Images of products, by the last part of their names without a tag.
const IMAGES: &[(&str, &str)] = &[
    ("postgres", "postgres"),
    ("postgis", "postgres"),
    ("mysql", "mysql"),
    ("mariadb", "mariadb"),
    ("mongo", "mongodb"),
    ("redis", "redis"),
    ("valkey", "valkey"),
    ("memcached", "memcached"),
    ("rabbitmq", "rabbitmq"),
    ("nats", "nats"),
    ("kafka", "kafka"),
    ("opensearch", "search"),
    ("minio", "bucket"),
    ("seaweedfs", "bucket"),
];

/// Takes over what the compose file of the uppermost folder says, if there is one.
pub(super) fn take(places: &[Place], proposal: &mut Proposal) -> Composed {
    let root = places.iter().find(|place| place.path.as_str().is_empty());
    let file = root.and_then(|place| {
        NAMES
            .iter()
            .find_map(|name| Some((*name, place.files.get(*name)?)))
    });
    let Some((name, text)) = file else {
        return Composed::No;
    };
    let documents = read::yaml(text);
    let services = documents
        .first()
        .and_then(|document| document.get("services")?.as_object());
    let Some(services) = services else {
        proposal.remarks.push(format!(
            "`{name}` was not read: it has no services, or is written with aliases"
        ));
        return Composed::No;
    };
    // What each is called here.
    let mut roles: BTreeMap<&str, String> = BTreeMap::new();
    for (key, service) in services {
        let called = role(key, proposal);
        if let Some(kind) = product(service) {
            let written = versioned(key, service, kind, proposal);
            proposal.dependencies.insert(called.clone(), written);
        } else {
            let Some(made) = built(key, service, proposal) else {
                continue;
            };
            proposal.services.insert(called.clone(), made);
        }
        roles.insert(key, called);
    }
    // Where all run images from a registry, what is built here is said elsewhere.
    if proposal.services.is_empty() {
        return Composed::No;
    }
    for (key, service) in services {
        let Some(called) = roles.get(key.as_str()).cloned() else {
            continue;
        };
        connect(&called, service, &roles, proposal);
    }
    Composed::Yes
}

/// The product that an image is of.
fn product(service: &Value) -> Option<Kind> {
    if service.get("build").is_some() {
        return None;
    }
    let (name, _) = image(service)?;
    let last = name.rsplit('/').next()?;
    let known = IMAGES.iter().find(|(image, _)| *image == last);
    library::named(known?.1)
}

/// The name and the tag of its image.
fn image(service: &Value) -> Option<(&str, &str)> {
    let image = service.get("image")?.as_str()?;
    let image = image.split('@').next().unwrap_or(image);
    let tag = image
        .rfind(':')
        .filter(|at| !image.get(*at..).unwrap_or_default().contains('/'));
    Some(match tag {
        Some(at) => (image.get(..at)?, image.get(at + 1..)?),
        None => (image, ""),
    })
}

/// The type with the version of the image, or with the one that is proposed if that is none.
fn versioned(key: &str, service: &Value, kind: Kind, proposal: &mut Proposal) -> String {
    let tag = image(service).map_or("", |(_, tag)| tag);
    let versions = exoc_catalogue::named(kind.word).map_or(&[][..], |entry| entry.versions);
    let numbers = versions.iter().map(|version| version.number);
    let begins = |number: &&str| {
        let rest = tag.strip_prefix(*number);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
    };
    match numbers.filter(begins).max_by_key(|number| number.len()) {
        Some(number) => format!("{}:{number}", kind.word),
        None => {
            if !versions.is_empty() && tag.starts_with(|c: char| c.is_ascii_digit()) {
                proposal.remarks.push(format!(
                    "`{key}` runs {} {tag} there, which is not offered: `{}` is proposed, and its data would have to come along",
                    kind.word,
                    kind.written()
                ));
            }
            kind.written()
        }
    }
}

/// A service that is built in a folder of the application; of others it is said why not.
fn built(key: &str, service: &Value, proposal: &mut Proposal) -> Option<Service> {
    let Some(build) = service.get("build") else {
        proposal.remarks.push(format!(
            "`{key}` runs {}, which is not built here: if it is deployed, write it as a service with `image` and its user's number",
            image(service).map_or_else(|| "nothing that is said".to_owned(), |(name, _)| format!("`{name}`"))
        ));
        return None;
    };
    let context = build
        .as_str()
        .or_else(|| build.get("context")?.as_str())
        .unwrap_or(".");
    let Ok(folder) = VirtualPath::root().join(context) else {
        proposal.remarks.push(format!(
            "`{key}` is built from `{context}`, which is not in this folder"
        ));
        return None;
    };
    let text = |name: &str| build.get(name).and_then(Value::as_str).map(str::to_owned);
    let dockerfile = text("dockerfile").filter(|name| name != "Dockerfile" && name != "./Dockerfile");
    let (port, published) = port(service);
    let command = command(service).filter(|words| {
        let is_plain = !words
            .iter()
            .any(|word| is_credential(word) || word.contains("${"));
        if !is_plain {
            proposal.remarks.push(format!(
                "the command of `{key}` holds a secret or a variable of the machine: it was left out"
            ));
        }
        is_plain
    });
    let mount = mount(service, &folder);
    let (command, development) = match mount {
        // What runs beside a mounted folder is for whoever works on it.
        Some(place) => (None, Some((command, place))),
        None => (command, None),
    };
    Some(Service {
        folder: folder.as_str().to_owned(),
        build: (dockerfile, text("target")),
        port,
        // Who is in front is decided when all are known.
        route: published.then_some(Route::OwnHost),
        health: health::of(service, port),
        command,
        development,
        ..Service::default()
    })
}

/// Where the folder that it is built in is mounted, if it is.
fn mount(service: &Value, folder: &VirtualPath) -> Option<String> {
    let volumes = service.get("volumes")?.as_array()?;
    volumes.iter().filter_map(Value::as_str).find_map(|volume| {
        let (source, target) = volume.split_once(':')?;
        let source = VirtualPath::root().join(source).ok()?;
        (source == *folder).then(|| target.split(':').next().unwrap_or(target).to_owned())
    })
}

/// Where it listens, and whether that is opened to the machine.
fn port(service: &Value) -> (Option<u16>, bool) {
    let list = |key: &str| {
        service
            .get(key)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    let number = |text: &str| text.split('/').next().and_then(|text| text.parse().ok());
    let of = |item: &Value| match item.as_str() {
        Some(text) => number(text.rsplit(':').next().unwrap_or(text)),
        None => item.get("target").and_then(Value::as_str).and_then(number),
    };
    let published: Option<u16> = list("ports").iter().find_map(of);
    let exposed: Option<u16> = list("expose").iter().find_map(of);
    (published.or(exposed), published.is_some())
}

fn command(service: &Value) -> Option<Vec<String>> {
    let command = service.get("command")?;
    match command.as_str() {
        Some(text) => Some(words(text)),
        None => {
            let items = command.as_array()?.iter().filter_map(Value::as_str);
            Some(items.map(str::to_owned).collect())
        }
    }
}

/// Whom a service uses, and its variables and volumes.
fn connect(called: &str, service: &Value, roles: &BTreeMap<&str, String>, proposal: &mut Proposal) {
    let names = |value: Option<&Value>| -> Vec<String> {
        match value {
            Some(Value::Array(items)) => items
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            Some(Value::Object(members)) => members.keys().cloned().collect(),
            _ => Vec::new(),
        }
    };
    let links = names(service.get("links"));
    let links = links
        .iter()
        .map(|link| link.split(':').next().unwrap_or(link).to_owned());
    let mut uses: Vec<String> = names(service.get("depends_on"))
        .into_iter()
        .chain(links)
        .collect();
    let mut environment = BTreeMap::new();
    let mut secrets = Vec::new();
    for (name, value) in variables(service) {
        let (text, used) = referring(&value, roles, &proposal.dependencies);
        let is_bare = used.is_some() && text.is_none();
        uses.extend(used);
        if is_bare {
            proposal.remarks.push(format!(
                "`{name}` of `{called}` is `{value}`, a host without `http://`: it was left out; a bucket has an `endpoint`"
            ));
            continue;
        }
        let text = text.or_else(|| account(&name, proposal));
        match text {
            Some(text) => drop(environment.insert(name, text)),
            None if is_secret(&name) || is_credential(&value) => {
                environment.insert(name.clone(), format!("${{secrets.{name}}}"));
                secrets.push(name);
            }
            None if value.contains("${") => proposal.remarks.push(format!(
                "`{name}` of `{called}` takes its value from the machine: it was left out"
            )),
            None => drop(environment.insert(name, value.replace("$$", "$"))),
        }
    }
    let volumes = names(service.get("volumes")).into_iter().filter_map(|volume| {
        let (source, target) = volume.split_once(':')?;
        let target = target.split(':').next().unwrap_or(target);
        let is_named = !source.starts_with(['.', '/', '~', '$']);
        is_named.then(|| Some((super::name(source, 52)?, target.to_owned())))?
    });
    let volumes: BTreeMap<String, String> = volumes.collect();
    let Some(service) = proposal.services.get_mut(called) else {
        return;
    };
    service.uses = uses
        .iter()
        .filter_map(|key| roles.get(key.as_str()).cloned())
        .collect();
    service.environment = environment;
    service.volumes = volumes;
    proposal.secrets.extend(secrets);
}

/// Its variables; one without a value comes from whoever starts it.
fn variables(service: &Value) -> Vec<(String, String)> {
    let pair = |text: &str| {
        let (name, value) = text.split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    match service.get("environment") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).filter_map(pair).collect(),
        Some(Value::Object(members)) => {
            let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
            members.iter().filter_map(text).collect()
        }
        _ => Vec::new(),
    }
}

/// A value that names another service as its host, as a reference; and whom it names.
fn referring(
    value: &str,
    roles: &BTreeMap<&str, String>,
    dependencies: &BTreeMap<String, String>,
) -> (Option<String>, Option<String>) {
    let (host, is_url) = match value.split_once("://") {
        Some((_, rest)) => {
            let rest = rest.split(['/', '?']).next().unwrap_or(rest);
            (rest.rsplit('@').next().unwrap_or(rest), true)
        }
        None => (value, false),
    };
    let (name, port) = host
        .split_once(':')
        .map_or((host, None), |(name, port)| (name, Some(port)));
    let Some(role) = roles.get(name) else {
        return (None, None);
    };
    let of = if dependencies.contains_key(role) {
        "dependencies"
    } else {
        "services"
    };
    let is_bucket = dependencies.get(role).is_some_and(|kind| kind == "bucket");
    let attribute = match (is_url, port) {
        (true, _) if is_bucket => "endpoint",
        // What a bucket is reached at is an address with `http` everywhere.
        (false, _) if is_bucket => return (None, Some(name.to_owned())),
        (true, _) => "url",
        (false, Some(_)) => "address",
        (false, None) => "host",
    };
    (
        Some(format!("${{{of}.{role}.{attribute}}}")),
        Some(name.to_owned()),
    )
}

/// Variables by which the images of databases get a user, and by which programs know it: the dependency, and what is
/// asked of it. Names from the pages of the official images, from AWS' list of variables of its SDKs, and from MinIO's
/// pages (2026-11).
const ACCOUNTS: &[(&str, &str, &str)] = &[
    ("POSTGRES_DB", "postgres", "database"),
    ("POSTGRES_USER", "postgres", "username"),
    ("POSTGRES_PASSWORD", "postgres", "password"),
    ("PGDATABASE", "postgres", "database"),
    ("PGUSER", "postgres", "username"),
    ("PGPASSWORD", "postgres", "password"),
    ("MYSQL_DATABASE", "mysql", "database"),
    ("MYSQL_USER", "mysql", "username"),
    ("MYSQL_PASSWORD", "mysql", "password"),
    ("MARIADB_DATABASE", "mariadb", "database"),
    ("MARIADB_USER", "mariadb", "username"),
    ("MARIADB_PASSWORD", "mariadb", "password"),
    ("MYSQL_DATABASE", "mariadb", "database"),
    ("MYSQL_USER", "mariadb", "username"),
    ("MYSQL_PASSWORD", "mariadb", "password"),
    ("AWS_ACCESS_KEY_ID", "bucket", "access-key"),
    ("AWS_SECRET_ACCESS_KEY", "bucket", "secret-key"),
    ("AWS_REGION", "bucket", "region"),
    ("AWS_DEFAULT_REGION", "bucket", "region"),
    ("MINIO_ACCESS_KEY", "bucket", "access-key"),
    ("MINIO_SECRET_KEY", "bucket", "secret-key"),
    ("S3_ACCESS_KEY", "bucket", "access-key"),
    ("S3_ACCESS_KEY_ID", "bucket", "access-key"),
    ("S3_BUCKET", "bucket", "name"),
    ("S3_BUCKET_NAME", "bucket", "name"),
    ("S3_REGION", "bucket", "region"),
    ("S3_SECRET_ACCESS_KEY", "bucket", "secret-key"),
    ("S3_SECRET_KEY", "bucket", "secret-key"),
];

/// What the only dependency that such a variable can mean says instead.
fn account(name: &str, proposal: &Proposal) -> Option<String> {
    ACCOUNTS
        .iter()
        .filter(|(known, ..)| *known == name)
        .find_map(|(_, word, attribute)| {
            let is = |written: &&String| written.split(':').next() == Some(word);
            let mut all = proposal.dependencies.iter().filter(|(_, written)| is(written));
            let (role, _) = all.next()?;
            all.next()
                .is_none()
                .then(|| format!("${{dependencies.{role}.{attribute}}}"))
        })
}

/// Whether a text looks like a secret, or is an address with a password in it.
pub(super) fn is_credential(text: &str) -> bool {
    let has_password = text.split_once("://").is_some_and(|(_, rest)| {
        let host = rest.split('/').next().unwrap_or(rest);
        host.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'))
    });
    has_password || !credential::places(text).is_empty()
}

/// Whether the name of a variable says that its value is nobody's business.
fn is_secret(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    let parts: Vec<&str> = upper.split('_').collect();
    parts
        .iter()
        .any(|part| ["PASSWORD", "PASS", "SECRET", "TOKEN", "CREDENTIALS"].contains(part))
        || upper.ends_with("_KEY") && !upper.ends_with("PUBLIC_KEY")
}
