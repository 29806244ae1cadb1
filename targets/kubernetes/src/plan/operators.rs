//! Products that an operator runs instead of a StatefulSet of ours, and which can so have a second server.
//!
//! The operator makes pods, claims, Services and the Secret of the user itself; its pods carry its own labels.

use super::{Plan, pod, volumes};
use crate::model::{Labels, Object, Peer, PolicyPort, PostgresCluster, Provenance, Remark, Rule};
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Availability, Component, Managed, Port, Product, Protocol, Resources};

/// The label of an operator's pods, and that of the pods that it makes, those of its jobs among them.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, config/manager/manager.yaml, pkg/specs/pods.go and jobs.go,
/// docs/src/labels_annotations.md, 2026-11.
const OPERATOR: (&str, &str) = ("app.kubernetes.io/name", "cloudnative-pg");
const CLUSTER: &str = "cnpg.io/cluster";

/// Where servers tell the operator how they are.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, docs/src/security.md, "Exposed Ports", 2026-11.
const STATUS: u16 = 8000;

/// Where the API server may listen: managed clusters have the first, kubeadm and others the second.
const API_SERVER: [u16; 2] = [443, 6443];

/// Whether an operator runs a component.
pub(crate) fn is_run(plan: &Plan<'_>, component: Component) -> bool {
    let product = match component {
        Component::Service(_) => None,
        Component::Backing(id) => plan.program.managed(id).map(|managed| managed.product),
    };
    plan.options.cloudnative_pg.is_some() && product == Some(Product::Postgres)
}

/// Whether an operator runs anything.
pub(crate) fn run_something(plan: &Plan<'_>) -> bool {
    let mut backings = plan.program.backings().iter();
    backings.any(|(id, _)| is_run(plan, Component::Backing(id)))
}

/// What selects the pods that an operator makes.
pub(crate) fn selector(identity: &str) -> Labels {
    [(CLUSTER, identity.to_owned())].into()
}

/// Reports a second server that nobody would keep, and an operator that has nothing to run.
pub(crate) fn check(plan: &mut Plan<'_>) {
    for (id, backing) in plan.program.backings().iter() {
        let component = Component::Backing(id);
        let Some(managed) = plan.program.managed(id) else {
            continue;
        };
        if is_run(plan, component) {
            check_image(plan, component, managed);
            check_name(plan, component);
        }
        if managed.availability == Availability::Single || is_run(plan, component) {
            continue;
        }
        let message = format!(
            "the target `kubernetes` does not express high availability (dependency `{}`)",
            backing.role
        );
        let diagnostic = Diagnostic::new(codes::REFUSED_FEATURE, message)
            .at(plan.place_of(component, "availability"), "needed here")
            .help(instead(managed.product));
        plan.sink.error(diagnostic);
    }
    if plan.options.cloudnative_pg.is_some() && !run_something(plan) {
        let diagnostic = Diagnostic::new(
            codes::BAD_OPTION,
            "`operators` names `cloudnative-pg`, which has nothing to run",
        )
        .at(
            plan.places.options,
            "no dependency is of the type `postgres` here",
        )
        .help("remove it, or give the environment a `postgres`");
        plan.sink.error(diagnostic);
    }
}

/// What to write instead of a second server. One of plain replicas would hold other data than the first.
const fn instead(product: Product) -> &'static str {
    match product {
        Product::Postgres => {
            "let CloudNativePG run it: `targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }`"
        }
        Product::Memcached => {
            "memcached does not replicate: use `valkey` with `existing`, or leave `availability` out"
        }
        Product::Mysql
        | Product::Mariadb
        | Product::Mongodb
        | Product::Redis
        | Product::Valkey
        | Product::Rabbitmq
        | Product::Nats
        | Product::Kafka
        | Product::Search
        | Product::Bucket
        | Product::Queue
        | Product::Topic => {
            "write `existing` with the address of one that somebody keeps highly available, or leave `availability` out"
        }
    }
}

/// The port of PostgreSQL.
pub(crate) fn ports() -> Vec<Port> {
    vec![Port {
        name: "postgres".to_owned(),
        number: exoc_catalogue::entry(Product::Postgres).port,
        protocol: Protocol::Tcp,
    }]
}

/// The cluster that the operator runs.
pub(crate) fn cluster(plan: &Plan<'_>, component: Component, managed: &Managed) -> Object {
    let Managed {
        product: _, // PostgreSQL
        version,
        resources: Resources { cpu, memory },
        storage,
        parameters,
        image,
        availability,
        backups: _,    // refused by the feature table
        subscribes: _, // of a queue alone
        database,
        username,
        password: _,      // the operator's own Secret has it
        administrator: _, // nobody logs in as such
    } = managed;
    let identity = plan.identity(component);
    let image = image.as_ref().map_or_else(
        || catalogue_image(version.as_deref().unwrap_or_default()),
        ToString::to_string,
    );
    let common = plan.shared_meta("").labels;
    let inherited = common
        .into_iter()
        .filter(|(key, _)| key != "app.kubernetes.io/managed-by");
    let mut labels = Labels::new();
    labels.extend(inherited);
    Object::PostgresCluster(Box::new(PostgresCluster {
        // Its claims go with it.
        meta: volumes::kept(plan.meta(component, identity)),
        service: plan.program.role(component).to_owned(),
        image,
        instances: match availability {
            Availability::Single => 1,
            Availability::High => 3,
        },
        database: database.clone().unwrap_or_default(),
        owner: username.clone().unwrap_or_default(),
        parameters: parameters.clone(),
        inherited: labels,
        storage: storage.to_string(),
        priority: plan.options.priority_class.clone(),
        pull_secrets: plan.options.pull_secrets.clone(),
        class: plan.options.storage_class.clone(),
        cpu: pod::cores(*cpu),
        memory: memory.to_string(),
    }))
}

/// The image of the operator's own project, which has what its manager needs, for PostgreSQL 14 to 18. The manifest's
/// versions are majors, whose tags move with their minors; trixie is the release of Debian that is maintained in full.
///
/// Source: cloudnative-pg/postgres-containers README.md, "Debian Releases" and "Rolling Tags", and docker-bake.hcl;
/// cloudnative-pg/cloudnative-pg docs/src/supported_releases.md; 2026-11.
fn catalogue_image(version: &str) -> String {
    format!("ghcr.io/cloudnative-pg/postgresql:{version}-standard-trixie")
}

/// Reports an image from whose tag the operator could not read which version it is.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, docs/src/container_images.md, "Image Tag Requirements", 2026-11.
fn check_image(plan: &mut Plan<'_>, component: Component, managed: &Managed) {
    let Some(image) = &managed.image else { return };
    let version = managed.version.as_deref().unwrap_or_default();
    let rest = image.tag.as_deref().and_then(|tag| tag.strip_prefix(version));
    if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_'])) {
        return;
    }
    let message = format!("CloudNativePG reads no version {version} from the tag of `{image}`");
    let diagnostic = Diagnostic::new(codes::TARGET_LIMIT, message)
        .at(plan.place_of(component, "image"), "")
        .help(format!(
            "use an image that is made for it and a tag that begins with `{version}`, such as `{}`",
            catalogue_image(version)
        ));
    plan.sink.error(diagnostic);
}

/// Reports data whose name is too long for the operator.
///
/// Source: cloudnative-pg/cloudnative-pg 1.29.0, internal/webhook/v1/cluster_webhook.go, `validateName`, 2026-11.
fn check_name(plan: &mut Plan<'_>, component: Component) {
    const LONGEST: usize = 50;
    let identity = plan.identity(component);
    if identity.len() <= LONGEST {
        return;
    }
    let message = format!("CloudNativePG takes no name of more than {LONGEST} characters");
    let diagnostic = Diagnostic::new(codes::TARGET_LIMIT, message)
        .at(plan.place(component), format!("{} characters", identity.len()))
        .help("give the database a shorter role, and its data if there is some");
    plan.sink.error(diagnostic);
}

/// What the operator and its servers need among themselves: what they receive, and what they send.
pub(crate) fn rules(plan: &Plan<'_>, component: Component) -> (Vec<Rule>, Vec<Rule>) {
    let Some(namespace) = plan
        .options
        .cloudnative_pg
        .as_ref()
        .filter(|_| is_run(plan, component))
    else {
        return (Vec::new(), Vec::new());
    };
    let servers = || vec![Peer::Pods(selector(plan.identity(component)))];
    let (key, value) = OPERATOR;
    let operator = Peer::NamespacePods(namespace.clone(), [(key, value.to_owned())].into());
    let own = [exoc_catalogue::entry(Product::Postgres).port, STATUS];
    let received = [servers(), vec![operator]].map(|peers| rule(peers, None, &own));
    let sent = [
        rule(servers(), None, &own),
        rule(super::network::any_server(), Some(Remark::ApiServer), &API_SERVER),
    ];
    (received.into(), sent.into())
}

fn rule(peers: Vec<Peer>, remark: Option<Remark>, ports: &[u16]) -> Rule {
    let port = |number: &u16| PolicyPort {
        transport: "TCP",
        number: *number,
    };
    Rule {
        peers,
        remark,
        ports: ports.iter().map(port).collect(),
        from: Provenance::default(),
    }
}
