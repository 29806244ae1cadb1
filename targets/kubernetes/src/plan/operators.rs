//! Products that an operator runs instead of a StatefulSet of ours, and which can so have a second server.
//!
//! The operator makes pods, claims, Services and the Secret of the user itself; its pods carry its own labels.

pub(crate) mod backups;
mod rabbitmq;

use super::{Plan, pod, volumes};
use crate::model::{Labels, Object, Operator, Peer, PolicyPort, PostgresCluster, Provenance, Remark, Rule};
use exoc_diagnostics::{Diagnostic, codes};
use exoc_ir::{Availability, Component, Managed, Port, Product, Protocol, Resources};
use std::collections::BTreeSet;

/// All of them.
const ALL: [Operator; 2] = [Operator::CloudnativePg, Operator::Rabbitmq];

/// What an operator is and how its pods are found.
struct Facts {
    /// What people call it.
    name: &'static str,
    /// The option that names its namespace, under `operators`.
    option: &'static str,
    /// What it runs.
    product: Product,
    /// The label of its pods.
    pods: (&'static str, &'static str),
    /// On which ports it and the servers reach a server.
    operator: &'static [u16],
    servers: &'static [u16],
    /// The most characters of a name.
    longest: usize,
}

impl Operator {
    /// Sources: cloudnative-pg/cloudnative-pg 1.30.0, config/manager/manager.yaml, and docs/src/security.md, "Exposed
    /// Ports", and internal/webhook/v1/cluster_webhook.go, `validateName`; rabbitmq/cluster-operator 2.16.0,
    /// config/manager/manager.yaml and docs/examples/network-policies, and internal/resource/statefulset.go, whose
    /// StatefulSet `<name>-server` has at most 52 characters; 2026-11.
    const fn facts(self) -> Facts {
        match self {
            Self::CloudnativePg => Facts {
                name: "CloudNativePG",
                option: "cloudnative-pg",
                product: Product::Postgres,
                pods: ("app.kubernetes.io/name", "cloudnative-pg"),
                // The second is where servers say how they are.
                operator: &[5432, 8000],
                servers: &[5432, 8000],
                longest: 50,
            },
            Self::Rabbitmq => Facts {
                name: "the RabbitMQ Cluster Operator",
                option: "rabbitmq",
                product: Product::Rabbitmq,
                pods: ("app.kubernetes.io/name", "rabbitmq-cluster-operator"),
                // The HTTP API.
                operator: &[15672],
                // Who is where, among nodes, and for commands.
                servers: &[4369, 25672, 35672],
                longest: 45,
            },
        }
    }

    /// The namespace of its pods, if the cluster has it.
    fn namespace<'a>(self, plan: &Plan<'a>) -> Option<&'a str> {
        let namespace = match self {
            Self::CloudnativePg => &plan.options.cloudnative_pg,
            Self::Rabbitmq => &plan.options.rabbitmq,
        };
        namespace.as_deref()
    }

    /// What the Secret ends with that it makes for the user, with the key `password`.
    ///
    /// Sources: cloudnative-pg/cloudnative-pg 1.30.0, docs/src/applications.md; rabbitmq/cluster-operator 2.16.0,
    /// internal/resource/default_user_secret.go; 2026-11.
    pub(crate) const fn login(self) -> &'static str {
        match self {
            Self::CloudnativePg => "app",
            Self::Rabbitmq => "default-user",
        }
    }
}

/// Where the API server may listen: managed clusters have the first, kubeadm and others the second.
const API_SERVER: [u16; 2] = [443, 6443];

/// The operator that runs a component, if one does.
pub(crate) fn of(plan: &Plan<'_>, component: Component) -> Option<Operator> {
    let product = match component {
        Component::Service(_) => None,
        Component::Backing(id) => plan.program.managed(id).map(|managed| managed.product),
    };
    let runs = |operator: &Operator| Some(operator.facts().product) == product;
    ALL.into_iter()
        .find(runs)
        .filter(|operator| operator.namespace(plan).is_some())
}

/// Whether an operator runs a component.
pub(crate) fn is_run(plan: &Plan<'_>, component: Component) -> bool {
    of(plan, component).is_some()
}

/// The operators that run anything.
pub(crate) fn running(plan: &Plan<'_>) -> BTreeSet<Operator> {
    let backings = plan.program.backings().iter();
    backings
        .filter_map(|(id, _)| of(plan, Component::Backing(id)))
        .collect()
}

/// What selects the pods that an operator makes, those of its jobs among them.
///
/// Sources: cloudnative-pg/cloudnative-pg 1.30.0, pkg/specs/pods.go and jobs.go, docs/src/labels_annotations.md;
/// rabbitmq/cluster-operator 2.16.0, internal/metadata/label.go; 2026-11.
pub(crate) fn selector(operator: Operator, identity: &str) -> Labels {
    let name = identity.to_owned();
    match operator {
        Operator::CloudnativePg => [("cnpg.io/cluster", name)].into(),
        Operator::Rabbitmq => [
            ("app.kubernetes.io/name", name),
            ("app.kubernetes.io/component", "rabbitmq".to_owned()),
        ]
        .into(),
    }
}

/// Reports a second server that nobody would keep, and an operator that has nothing to run.
pub(crate) fn check(plan: &mut Plan<'_>) {
    for (id, backing) in plan.program.backings().iter() {
        let component = Component::Backing(id);
        let Some(managed) = plan.program.managed(id) else {
            continue;
        };
        if let Some(operator) = of(plan, component) {
            match operator {
                Operator::CloudnativePg => check_image(plan, component, managed),
                Operator::Rabbitmq => {}
            }
            check_name(plan, component, operator);
            continue;
        }
        if managed.availability == Availability::Single {
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
    backups::check(plan);
    let running = running(plan);
    for operator in ALL {
        if operator.namespace(plan).is_none() || running.contains(&operator) {
            continue;
        }
        let facts = operator.facts();
        let (option, kind) = (facts.option, facts.product.word());
        let message = format!("`operators` names `{option}`, which has nothing to run");
        let diagnostic = Diagnostic::new(codes::BAD_OPTION, message)
            .at(
                plan.places.options,
                format!("no dependency is of the type `{kind}` here"),
            )
            .help(format!("remove it, or give the environment a `{kind}`"));
        plan.sink.error(diagnostic);
    }
}

/// What to write instead of a second server. One of plain replicas would hold other data than the first.
const fn instead(product: Product) -> &'static str {
    match product {
        Product::Postgres => {
            "let CloudNativePG run it: `targets: { kubernetes: { operators: { cloudnative-pg: cnpg-system } } }`"
        }
        Product::Rabbitmq => {
            "let the RabbitMQ Cluster Operator run it: `targets: { kubernetes: { operators: { rabbitmq: rabbitmq-system } } }`"
        }
        Product::Memcached => {
            "memcached does not replicate: use `valkey` with `existing`, or leave `availability` out"
        }
        Product::Mysql
        | Product::Mariadb
        | Product::Mongodb
        | Product::Redis
        | Product::Valkey
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

/// The port of a product.
pub(crate) fn ports(operator: Operator) -> Vec<Port> {
    let name = match operator {
        Operator::CloudnativePg => "postgres",
        Operator::Rabbitmq => "amqp",
    };
    vec![Port {
        name: name.to_owned(),
        number: exoc_catalogue::entry(operator.facts().product).port,
        protocol: Protocol::Tcp,
    }]
}

/// What has the operator run a component, and what it does not make itself.
pub(crate) fn objects(
    plan: &Plan<'_>,
    component: Component,
    operator: Operator,
    managed: &Managed,
) -> Vec<Object> {
    match operator {
        Operator::CloudnativePg => {
            let mut objects = vec![cluster(plan, component, managed)];
            objects.extend(backups::objects(plan, component));
            objects
        }
        Operator::Rabbitmq => rabbitmq::objects(plan, component, managed),
    }
}

/// The cluster of PostgreSQL.
fn cluster(plan: &Plan<'_>, component: Component, managed: &Managed) -> Object {
    let Managed {
        product: _, // PostgreSQL
        version,
        resources: Resources { cpu, memory },
        storage,
        parameters,
        image,
        availability,
        backups: _,    // beside it
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
        backups: backups::access(plan, component),
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

/// Reports data whose name is too long for its operator.
fn check_name(plan: &mut Plan<'_>, component: Component, operator: Operator) {
    let facts = operator.facts();
    let (name, longest) = (facts.name, facts.longest);
    let identity = plan.identity(component);
    if identity.len() <= longest {
        return;
    }
    let message = format!("{name} takes no name of more than {longest} characters");
    let diagnostic = Diagnostic::new(codes::TARGET_LIMIT, message)
        .at(plan.place(component), format!("{} characters", identity.len()))
        .help("give it a shorter role, and its data if there is some");
    plan.sink.error(diagnostic);
}

/// What the operator and its servers need among themselves: what they receive, and what they send.
pub(crate) fn rules(plan: &Plan<'_>, component: Component) -> (Vec<Rule>, Vec<Rule>) {
    let run = of(plan, component).and_then(|operator| Some((operator, operator.namespace(plan)?)));
    let Some((operator, namespace)) = run else {
        return (Vec::new(), Vec::new());
    };
    let servers = || vec![Peer::Pods(plan.selector(component))];
    let facts = operator.facts();
    let (key, value) = facts.pods;
    let pods = Peer::NamespacePods(namespace.to_owned(), [(key, value.to_owned())].into());
    let received = [
        rule(servers(), None, facts.servers),
        rule(vec![pods], None, facts.operator),
    ];
    let sent = [
        rule(servers(), None, facts.servers),
        rule(super::network::any_server(), Some(Remark::ApiServer), &API_SERVER),
    ];
    let sent = sent.into_iter().chain(backups::rules(plan, component));
    (received.into(), sent.collect())
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
