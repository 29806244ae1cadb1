//! Names that are derived for Kubernetes, over random programs whose names are as long as the language lets them be, nearly
//! equal, or equal once they are joined: each is within its limit and of its form, and no two objects have one name.
//!
//! Read from the printed files alone. What cannot be called apart is refused (EX0405, EX0406), and never printed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;

use cluster::{Cluster, Object, items, text};
use exoc_diagnostics::MemorySources;
use exoc_lower::Selection;
use exoc_snapshot_tests::case;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use yaml_rust2::Yaml;

/// What a name may look like.
#[derive(Clone, Copy)]
enum Form {
    /// Labels of small letters, digits and `-`, joined by dots.
    Subdomain,
    /// One of these.
    Label,
    /// One that begins with a letter.
    Address,
    /// Letters, digits, `-`, `_` and `.`, not dots alone and not two of them first.
    Key,
    /// Letters, digits, `-`, `_` and `.` between letters or digits; or nothing.
    Value,
}

/// The longest name of objects of each kind, and its form.
///
/// Sources: kubernetes/kubernetes 1.36.3, `pkg/apis/{apps,autoscaling,batch,core,networking,policy}/validation`; of a
/// StatefulSet 52, for its name, a hyphen and a hash of ten characters are the value of a label (`pkg/controller/history`,
/// `pkg/controller/statefulset`); of a CronJob 52 and of a Job 63 (`ValidateCronJobCreate`, the label of its pods).
/// sigs.k8s.io/gateway-api 1.4.1, `apis/v1/shared_types.go`, and its GEP 1762, by which a Gateway's name is the value of a
/// label. cloudnative-pg 1.30.0, `internal/webhook/v1/cluster_webhook.go`, and `api/v1/scheduledbackup_funcs.go`, by which
/// a hyphen and 14 digits are added to the name of a ScheduledBackup. rabbitmq/cluster-operator 2.16.0, whose
/// StatefulSet is called `<name>-server`. Read 2026-11.
const KINDS: [(&str, usize, Form); 21] = [
    ("Cluster", 50, Form::Address),
    ("ConfigMap", 253, Form::Subdomain),
    ("CronJob", 52, Form::Subdomain),
    ("Deployment", 253, Form::Subdomain),
    ("ExternalSecret", 253, Form::Subdomain),
    ("GRPCRoute", 253, Form::Subdomain),
    ("Gateway", 63, Form::Address),
    ("HTTPRoute", 253, Form::Subdomain),
    ("HorizontalPodAutoscaler", 253, Form::Subdomain),
    ("Ingress", 253, Form::Subdomain),
    ("Job", 63, Form::Subdomain),
    ("Namespace", 63, Form::Label),
    ("NetworkPolicy", 253, Form::Subdomain),
    ("ObjectStore", 253, Form::Subdomain),
    ("Password", 253, Form::Subdomain),
    ("PersistentVolumeClaim", 253, Form::Subdomain),
    ("PodDisruptionBudget", 253, Form::Subdomain),
    ("RabbitmqCluster", 45, Form::Address),
    ("ScheduledBackup", 238, Form::Subdomain),
    ("Service", 63, Form::Address),
    ("ServiceAccount", 253, Form::Subdomain),
];

impl Form {
    fn fits(self, name: &str) -> bool {
        let is_edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_label = |label: &str| {
            label.len() <= 63
                && label.starts_with(is_edge)
                && label.ends_with(is_edge)
                && label.chars().all(|c| is_edge(c) || c == '-')
        };
        let is_open = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        match self {
            Self::Subdomain => name.split('.').all(|label| {
                // Only hosts are held to 63 characters between two dots.
                label.starts_with(is_edge)
                    && label.ends_with(is_edge)
                    && label.chars().all(|c| is_edge(c) || c == '-')
            }),
            Self::Label => is_label(name),
            Self::Address => is_label(name) && name.starts_with(|c: char| c.is_ascii_lowercase()),
            Self::Key => {
                !name.is_empty() && name != "." && !name.starts_with("..") && name.chars().all(is_open)
            }
            Self::Value => {
                let is_edge = |c: char| c.is_ascii_alphanumeric();
                name.is_empty()
                    || (name.starts_with(is_edge) && name.ends_with(is_edge) && name.chars().all(is_open))
            }
        }
    }
}

/// What is wrong with names of one output.
#[derive(Default)]
struct Faults {
    /// What is wrong.
    found: Vec<String>,
    /// Who has a name: what kind of name, where, the name.
    taken: BTreeMap<(String, String), String>,
}

impl Faults {
    /// Whether a name is within its limit and of its form.
    fn name(&mut self, what: &str, name: &str, limit: usize, form: Form) {
        if name.len() > limit || !form.fits(name) {
            self.found
                .push(format!("{what} `{name}`, {} characters", name.len()));
        }
    }

    /// Whether nothing else of this kind has the name.
    fn own(&mut self, kind: &str, name: &str, owner: &str) {
        let key = (kind.to_owned(), name.to_owned());
        if let Some(other) = self.taken.insert(key, owner.to_owned()) {
            self.found.push(format!("{kind} `{name}` of {owner} and {other}"));
        }
    }

    fn object(&mut self, object: &Object) {
        let (kind, name, address) = (object.kind(), object.name(), object.address());
        let limit = KINDS.iter().find(|(of, ..)| *of == kind);
        let limit = match (kind, limit) {
            // One kind needs two limits: a hash is added to the name of one that has claims.
            ("StatefulSet", _) => Some(&("StatefulSet", 52, Form::Label)),
            (_, limit) => limit,
        };
        let (_, limit, form) = limit.unwrap_or_else(|| panic!("no limit of {kind}"));
        self.name(kind, name, *limit, *form);
        self.own(kind, name, &address);
        self.labels(&object.body);
        let spec = &object.body["spec"];
        match kind {
            "StatefulSet" | "Cluster" | "RabbitmqCluster" => self.made(object),
            "ExternalSecret" => self.own("Secret", text(&spec["target"]["name"]), &address),
            "ConfigMap" => {
                for part in ["data", "binaryData"] {
                    for key in object.body[part].as_hash().into_iter().flatten() {
                        self.name("key", text(key.0), 253, Form::Key);
                    }
                }
            }
            "Service" => {
                for port in items(&spec["ports"]) {
                    self.name("port of a Service", text(&port["name"]), 63, Form::Label);
                    self.own(&format!("port of {address}"), text(&port["name"]), "a port");
                }
            }
            "Gateway" => {
                for listener in items(&spec["listeners"]) {
                    let name = text(&listener["name"]);
                    self.name("listener", name, 253, Form::Subdomain);
                    self.own("listener", name, text(&listener["hostname"]));
                    for secret in items(&listener["tls"]["certificateRefs"]) {
                        let secret = text(&secret["name"]);
                        self.name("certificate", secret, 253, Form::Subdomain);
                        self.own("Secret", secret, name);
                    }
                }
            }
            "Ingress" => {
                for tls in items(&spec["tls"]) {
                    let secret = text(&tls["secretName"]);
                    self.name("certificate", secret, 253, Form::Subdomain);
                    self.own("Secret", secret, &address);
                }
            }
            _ => {}
        }
        if let Some(template) = object.template() {
            self.pod(&address, &template["spec"]);
        }
    }

    /// What controllers and operators make of an object.
    fn made(&mut self, object: &Object) {
        let (name, address, spec) = (object.name(), object.address(), &object.body["spec"]);
        match object.kind() {
            "StatefulSet" => {
                for claim in items(&spec["volumeClaimTemplates"]) {
                    let claim = text(&claim["metadata"]["name"]);
                    self.name("template", claim, 63, Form::Label);
                    let claim = format!("{claim}-{name}-0");
                    self.name("claim", &claim, 253, Form::Subdomain);
                    self.own("PersistentVolumeClaim", &claim, &address);
                }
            }
            "Cluster" => {
                for end in ["rw", "ro", "r"] {
                    self.own("Service", &format!("{name}-{end}"), &address);
                }
                let services = &spec["managed"]["services"]["additional"];
                for service in items(services) {
                    let service = text(&service["serviceTemplate"]["metadata"]["name"]);
                    self.name("Service", service, 63, Form::Address);
                    self.own("Service", service, &address);
                }
                for number in 1..=3 {
                    self.own("PersistentVolumeClaim", &format!("{name}-{number}"), &address);
                }
                self.own("Secret", &format!("{name}-app"), &address);
            }
            "RabbitmqCluster" => {
                for service in [name.to_owned(), format!("{name}-nodes")] {
                    self.own("Service", &service, &address);
                }
                for number in 0..3 {
                    let claim = format!("persistence-{name}-server-{number}");
                    self.own("PersistentVolumeClaim", &claim, &address);
                }
                self.own("Secret", &format!("{name}-default-user"), &address);
            }
            _ => {}
        }
    }

    fn pod(&mut self, address: &str, spec: &Yaml) {
        for volume in items(&spec["volumes"]) {
            let name = text(&volume["name"]);
            self.name("volume", name, 63, Form::Label);
            self.own(&format!("volume of {address}"), name, "a volume");
        }
        let first = items(&spec["initContainers"]).iter();
        for container in first.chain(items(&spec["containers"])) {
            let name = text(&container["name"]);
            self.name("container", name, 63, Form::Label);
            self.own(&format!("container of {address}"), name, "a container");
            for port in items(&container["ports"]) {
                let name = text(&port["name"]);
                self.name("port of a container", name, 15, Form::Label);
                self.own(&format!("port of {address}"), name, "a port");
            }
            for variable in items(&container["env"]) {
                let reference = &variable["valueFrom"]["secretKeyRef"];
                if !reference.is_badvalue() {
                    self.name("Secret", text(&reference["name"]), 253, Form::Subdomain);
                    self.name("key", text(&reference["key"]), 253, Form::Key);
                }
            }
        }
    }

    /// Labels and what selects them, wherever they are.
    fn labels(&mut self, node: &Yaml) {
        for (key, value) in node.as_hash().into_iter().flatten() {
            match text(key) {
                "labels" | "matchLabels" | "selector" if value["matchLabels"].is_badvalue() => {
                    for (_, value) in value.as_hash().into_iter().flatten() {
                        self.name("label", text(value), 63, Form::Value);
                    }
                }
                "hostname" => self.host(text(value)),
                "hostnames" => items(value).iter().for_each(|host| self.host(text(host))),
                _ => {}
            }
            self.labels(value);
        }
        items(node).iter().for_each(|item| self.labels(item));
    }

    fn host(&mut self, host: &str) {
        self.name("host", host, 253, Form::Subdomain);
        let is_long = |label: &str| label.len() > 63;
        if host.split('.').any(is_long) {
            self.found.push(format!("host `{host}`"));
        }
    }
}

/// What is wrong with the names of an output whose secrets are so many.
fn faults(cluster: &Cluster, secrets: usize) -> Vec<String> {
    let mut faults = Faults::default();
    cluster.objects.iter().for_each(|object| faults.object(object));
    // Selectors of what makes pods: no two are the same.
    for (object, labels) in cluster.workloads() {
        let labels = ["app.kubernetes.io/name", "app.kubernetes.io/instance"].map(|key| labels[key].clone());
        faults.own("selector", &labels.join(" "), &object.address());
    }
    let made = cluster.page.split("create secret generic ").skip(1);
    let made: Vec<&str> = made.map(|rest| rest.split(' ').next().unwrap()).collect();
    for name in &made {
        faults.name("Secret", name, 253, Form::Subdomain);
        faults.own("Secret", name, "the page");
    }
    // Beside them is the one that opens the store of backups.
    let opener = usize::from(cluster.of("ObjectStore").next().is_some());
    if !made.is_empty() && made.len() != secrets + opener {
        faults
            .found
            .push(format!("{} of {secrets} Secrets on the page", made.len()));
    }
    faults.found
}

/// Words that some readers of YAML take for something else than a text, so that a manifest must quote them.
const QUOTED: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Few words, so that names that are joined meet.
const WORDS: [&str; 12] = [
    "a", "b", "0", "1", "data", "files", "app", "rw", "password", "key", "secret", "x",
];

/// A name of a few of these words, or one of at most so many characters that differs from others in one place.
fn name(longest: usize) -> impl Strategy<Value = String> {
    let joined = prop::collection::vec(prop::sample::select(WORDS.to_vec()), 1..4);
    let joined = joined.prop_map(|words| words.join("-"));
    let long = (0..3_usize, 0..longest, any::<bool>()).prop_map(move |(less, place, other)| {
        let length = longest - less;
        let mut name: Vec<u8> = b"abcdefghi-".iter().copied().cycle().take(length).collect();
        let at = place % length;
        if name[at] != b'-' && at + 1 != length {
            name[at] = if other { b'z' } else { b'0' };
        }
        name[0] = b'a';
        name[length - 1] = if other { b'z' } else { b'y' };
        String::from_utf8(name).unwrap()
    });
    let close = prop::collection::vec(prop::sample::select(vec!["a", "b", "rw", "1"]), 1..4);
    let close = close.prop_map(|words| words.join("-"));
    prop_oneof![joined, close, long].prop_filter("the language takes it without quotes", move |name| {
        let is_taken = ["exoc-", "0", "1"].iter().any(|start| name.starts_with(start));
        !is_taken && name.len() <= longest && !QUOTED.contains(&name.as_str())
    })
}

/// What the names of a manifest are.
#[derive(Clone, Debug)]
struct Names {
    app: String,
    environment: String,
    roles: Vec<String>,
    volumes: Vec<String>,
    secrets: Vec<String>,
    ports: Vec<String>,
    hosts: Vec<String>,
    files: Vec<String>,
    was: Option<String>,
    gateway: bool,
    operators: bool,
    store: bool,
}

/// So many different ones, in any order.
fn some<S: Strategy<Value = String>>(of: S, count: usize) -> impl Strategy<Value = Vec<String>> {
    prop::collection::btree_set(of, count)
        .prop_map(|names| names.into_iter().collect::<Vec<_>>())
        .prop_shuffle()
}

fn names() -> impl Strategy<Value = Names> {
    let secret = name(80).prop_map(|name| name.to_ascii_uppercase().replace('-', "_"));
    let host = (1..=63_usize, 1..=3_usize, "[ab]").prop_map(|(length, labels, last)| {
        vec![format!("{}{last}", "a".repeat(length - 1)); labels].join(".")
    });
    let file = prop_oneof![
        name(30),
        (250..=255_usize, "[ab]").prop_map(|(length, last)| "f".repeat(length - 1) + &last),
        prop::sample::select(vec!["..a", "a..b", "_a", "a b", "a.b", "A.B", "ä", "ö"])
            .prop_map(str::to_owned),
    ];
    let of_app = (
        name(32),
        name(20),
        some(name(52), 9),
        prop::option::weighted(0.3, name(52)),
    );
    let of_parts = (
        some(name(52), 3),
        some(secret, 3),
        some(name(15), 3),
        some(host, 2),
        some(file, 3),
    );
    (of_app, of_parts, any::<(bool, bool, bool)>()).prop_map(|(of_app, of_parts, options)| {
        let (app, environment, roles, was) = of_app;
        let (volumes, secrets, ports, hosts, files) = of_parts;
        let (gateway, operators, store) = options;
        Names {
            app,
            environment,
            roles,
            volumes,
            secrets,
            ports,
            hosts,
            files,
            was,
            gateway,
            operators,
            store,
        }
    })
}

/// The options of the target.
fn options(names: &Names) -> String {
    let mut options = vec!["shared-storage-class: nfs"];
    options.push(if names.gateway {
        "gateway-class: a"
    } else {
        "entry: ingress, ingress-class: a, ingress-namespace: a"
    });
    options.extend(
        names
            .operators
            .then_some("operators: { cloudnative-pg: cnpg-system, rabbitmq: rabbitmq-system }, backups: { destination: \"s3://acme-backups\", secret: x--backups }"),
    );
    options.extend(
        names
            .store
            .then_some("secrets: external-secrets, secret-store: { name: vault }"),
    );
    options.join(", ")
}

/// A manifest with these names.
fn manifest(names: &Names) -> String {
    let Names {
        app,
        environment,
        roles,
        volumes,
        secrets,
        ports,
        hosts,
        files,
        was,
        gateway: _,
        operators,
        store: _,
    } = names;
    let backups = if *operators { ", backups: 7d" } else { "" };
    let mut text = format!("name: {app}\nsecrets:\n");
    for (index, secret) in secrets.iter().enumerate() {
        let one = if index == 0 { "{ generate: 32 }" } else { "{}" };
        writeln!(text, "  {secret}: {one}").unwrap();
    }
    let [db, cache, shared, broker, web, nightly, first, worker, store_role] = roles.as_slice() else {
        panic!("nine roles")
    };
    let [one, two, three] = volumes.as_slice() else {
        panic!("three volumes")
    };
    let was = was
        .as_ref()
        .map_or_else(String::new, |was| format!(", was: {was}"));
    writeln!(
        text,
        "dependencies:\n  {db}: {{ type: postgres, version: \"17\"{was}{backups} }}\n  {cache}: redis:7\n  {shared}: volume\n  \
         {broker}: rabbitmq:4.2\n  {store_role}:\n    type: container\n    image: a/s:1\n    port: 7000\n    \
         volumes: {{ {one}: /one, {two}: /two }}\n    security: {{ user: 1000 }}"
    )
    .unwrap();
    let ports: Vec<String> = ports
        .iter()
        .enumerate()
        .map(|(at, name)| format!("{{ name: {name}, port: {} }}", 8000 + at))
        .collect();
    let first_port = &names.ports[0];
    let files = files.iter().enumerate().flat_map(|(at, name)| {
        [
            format!("\"/etc/a/{name}\": {{ content: \"{at}\" }}"),
            format!("\"/etc/b/{name}\": {{ content: \"b{at}\" }}"),
        ]
    });
    let files = files.collect::<Vec<_>>().join(", ");
    let variables = secrets
        .iter()
        .map(|name| format!("V_{name}: \"${{secrets.{name}}}\""))
        .collect::<Vec<_>>()
        .join(", ");
    let hosts = hosts
        .iter()
        .map(|host| format!("\"{host}.example.com\""))
        .collect::<Vec<_>>()
        .join(", ");
    writeln!(
        text,
        "services:\n  {web}:\n    image: a/w:1\n    ports: [{}]\n    route: {{ host: [{hosts}], port: {first_port} }}\n    \
         uses: [{db}, {cache}, {broker}, {store_role}]\n    files: {{ {files} }}\n    environment: {{ {variables} }}\n    \
         volumes: {{ {shared}: /shared, {one}: /one, {three}: /three }}\n    writable: [/var/a, /var/a-b, /var/a/b]\n    \
         security: {{ user: 1000 }}\n  {nightly}:\n    image: a/n:1\n    schedule: \"0 3 * * *\"\n    uses: [{db}]\n    \
         volumes: {{ {two}: /two }}\n    security: {{ user: 1000 }}\n  {first}:\n    image: a/f:1\n    when: before-deploy\n    \
         volumes: {{ {one}: /one, {three}: /three }}\n    uses: [{db}]\n    security: {{ user: 1000 }}\n  {worker}:\n    \
         image: a/k:1\n    uses: [{cache}]\n    scale: 2\n    security: {{ user: 1000 }}",
        ports.join(", ")
    )
    .unwrap();
    writeln!(
        text,
        "environments:\n  {environment}:\n    domain: example.com\n    targets: {{ kubernetes: {{ {} }} }}",
        options(names)
    )
    .unwrap();
    text
}

/// The output of a manifest, or the codes by which it is refused.
fn built(names: &Names) -> Result<Cluster, String> {
    let manifest = manifest(names);
    let sources = MemorySources::from([("application.yml", manifest.as_str())]);
    let selection = Selection {
        environments: vec![names.environment.clone()],
        targets: vec!["kubernetes".to_owned()],
        http_port: None,
    };
    let built = case::compile(&sources, &selection)?;
    let artifacts = built.outputs.first().unwrap().artifacts.iter();
    let files = artifacts.map(|(path, artifact)| (path.to_string(), artifact.contents.clone()));
    Ok(Cluster::read(&files.collect()))
}

/// Words as texts.
fn texts<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).into()
}

#[test]
fn volumes_and_files_of_the_manifest_may_be_called_like_ours() {
    let names = Names {
        app: "a".to_owned(),
        environment: "b".to_owned(),
        roles: texts(["data", "file", "c", "d", "e", "f", "g", "h", "i"]),
        volumes: texts(["files-2", "programs", "tmp"]),
        secrets: texts(["A", "B", "C"]),
        ports: texts(["a", "b", "c"]),
        hosts: texts(["a", "b"]),
        files: texts(["..a", "...", "A b"]),
        was: None,
        gateway: true,
        operators: false,
        store: false,
    };
    for volume in ["files", "files-0", "exoc-files"] {
        let volumes = [&texts([volume]), &names.volumes[..2]].concat();
        let names = Names {
            volumes,
            ..names.clone()
        };
        let cluster = built(&names).unwrap_or_else(|told| panic!("{told}"));
        assert_eq!(faults(&cluster, 7), Vec::<String>::new(), "{volume}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn every_derived_name_is_within_its_limit_and_its_own(names in names()) {
        prop_assume!(names.environment != "local");
        match built(&names) {
            Ok(cluster) => {
                // Those of the manifest and of redis, and unless operators make them of rabbitmq and postgres, which has two.
                let secrets = names.secrets.len() + 1 + if names.operators { 0 } else { 3 };
                prop_assert_eq!(faults(&cluster, secrets), Vec::<String>::new(), "{}", manifest(&names));
            }
            Err(told) => {
                let errors = told.lines().filter_map(|line| line.split_once("error[")?.1.split_once(']'));
                let codes: BTreeSet<&str> = errors.map(|(code, _)| code).collect();
                // Names that the language itself does not take beside each other say nothing of Kubernetes.
                prop_assume!(!codes.contains("EX0203") && !codes.contains("EX0006"));
                let of_target = codes.iter().all(|code| ["EX0405", "EX0406"].contains(code));
                prop_assert!(of_target, "{} {}", told, manifest(&names));
            }
        }
    }
}
