//! PostgreSQL that CloudNativePG runs: its cluster, who reaches it, and what is refused without it.

use super::sample::{self, Draft};
use super::{codes, planned_with, printed, printed_by, set, texts};
use exoc_diagnostics::Node;
use exoc_ir::{
    Availability, Component, Engine, Id, Managed, NodeId, Origin, Part, Product, Program, Reference, Value,
};
use std::collections::BTreeMap;
use yaml_rust2::{Yaml, YamlLoader};

/// A service that uses a product, which was called `shed`.
fn program(product: Product, availability: Availability) -> Program {
    program_with(product, availability, None)
}

/// The same of an image of the manifest's.
fn program_with(product: Product, availability: Availability, image: Option<&str>) -> Program {
    let mut draft = Draft::new();
    let administrator = draft.secret(
        "STORE_ADMINISTRATOR_PASSWORD",
        Origin::AdministratorOf(Id::new(0)),
    );
    let password = draft.secret("STORE_PASSWORD", Origin::PasswordOf(Id::new(0)));
    let line = draft.line();
    let Engine::Managed(managed) = sample::managed(product, "17", password, Some(administrator)) else {
        panic!("it is no product")
    };
    let backing = exoc_ir::Backing {
        role: "store".into(),
        identity: "shed".into(),
        engine: Engine::Managed(Managed {
            availability,
            image: image.and_then(Reference::parse),
            ..managed
        }),
    };
    let store = draft.builder.backing(backing, line);
    let image = draft.pinned("redis:7.4");
    let mut web = sample::workload(image, &[]);
    let value = Value::new([sample::text("key "), Part::Secret(password)]);
    web.environment.insert("LOGIN".into(), value);
    let web = draft.service(sample::service("web", web));
    draft.uses(web, Component::Backing(store), &[5432]);
    draft.finish()
}

fn operator(program: &Program) -> Node {
    let at = program.at(NodeId::App, "");
    let mut options = texts(at, &[]);
    let operators = texts(at, &[("cloudnative-pg", "databases")]);
    set(&mut options, "operators", operators);
    options
}

fn run(availability: Availability) -> BTreeMap<String, String> {
    let program = program(Product::Postgres, availability);
    printed_by(&program, &operator(&program))
}

fn object(files: &BTreeMap<String, String>, file: &str, kind: &str) -> Yaml {
    let objects = YamlLoader::load_from_str(&files[file]).expect("YAML");
    let found = objects.into_iter().find(|it| it["kind"].as_str() == Some(kind));
    found.unwrap_or_else(|| panic!("no {kind} in {file}"))
}

#[test]
fn a_highly_available_database_is_three_servers_on_three_machines_of_which_two_have_each_answer() {
    let spec = &object(&run(Availability::High), "store.yaml", "Cluster")["spec"];
    assert_eq!(spec["instances"].as_i64(), Some(3));
    assert_eq!(spec["affinity"]["podAntiAffinityType"].as_str(), Some("required"));
    assert_eq!(spec["postgresql"]["synchronous"]["number"].as_i64(), Some(1));
    assert!(spec["enablePDB"].is_badvalue());
}

#[test]
fn a_single_server_keeps_no_machine_from_being_emptied() {
    let spec = &object(&run(Availability::Single), "store.yaml", "Cluster")["spec"];
    assert_eq!(
        (spec["instances"].as_i64(), spec["enablePDB"].as_bool()),
        (Some(1), Some(false))
    );
    assert!(spec["affinity"].is_badvalue());
}

#[test]
fn its_data_has_the_identity_and_its_address_the_role() {
    let cluster = object(&run(Availability::High), "store.yaml", "Cluster");
    assert_eq!(cluster["metadata"]["name"].as_str(), Some("shed"));
    let service = &cluster["spec"]["managed"]["services"]["additional"][0];
    assert_eq!(service["selectorType"].as_str(), Some("rw"));
    assert_eq!(
        service["serviceTemplate"]["metadata"]["name"].as_str(),
        Some("store")
    );
}

#[test]
fn users_read_the_secret_that_the_operator_makes_and_nobody_else_makes_one() {
    let files = run(Availability::Single);
    let web = &files["web.yaml"];
    assert!(
        web.contains("name: shed-app\n                  key: password"),
        "{web}"
    );
    assert!(!files["README.md"].contains("create secret generic"));
}

#[test]
fn its_pods_are_reached_by_users_by_each_other_and_by_the_operator_alone() {
    let files = run(Availability::High);
    let policy = object(&files, "store.yaml", "NetworkPolicy");
    let spec = &policy["spec"];
    assert_eq!(
        spec["podSelector"]["matchLabels"]["cnpg.io/cluster"].as_str(),
        Some("shed")
    );
    let rules = spec["ingress"].as_vec().expect("rules");
    let ports = |rule: &Yaml| -> Vec<i64> {
        let ports = rule["ports"].as_vec().expect("ports");
        ports.iter().filter_map(|port| port["port"].as_i64()).collect()
    };
    assert_eq!(
        rules.iter().map(ports).collect::<Vec<_>>(),
        [vec![5432], vec![5432, 8000], vec![5432, 8000]]
    );
    let operator = &rules[2]["from"][0];
    let namespace = &operator["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"];
    assert_eq!(namespace.as_str(), Some("databases"));
    assert_eq!(
        operator["podSelector"]["matchLabels"]["app.kubernetes.io/name"].as_str(),
        Some("cloudnative-pg")
    );
    let sent = object(&files, "web.yaml", "NetworkPolicy");
    let to = &sent["spec"]["egress"][0]["to"][0]["podSelector"]["matchLabels"];
    assert_eq!(to["cnpg.io/cluster"].as_str(), Some("shed"));
}

#[test]
fn without_the_operator_a_second_server_is_refused_and_one_is_a_stateful_set() {
    assert!(codes(&program(Product::Postgres, Availability::High)).contains(&"EX0401"));
    let files = printed(&program(Product::Postgres, Availability::Single));
    object(&files, "store.yaml", "StatefulSet");
}

#[test]
fn the_operator_runs_no_other_product() {
    let program = program(Product::Mysql, Availability::High);
    let (model, said) = planned_with(&program, &operator(&program));
    assert!(model.is_none());
    let codes: Vec<&str> = said.iter().map(|it| it.code.id).collect();
    assert!(
        codes.contains(&"EX0401") && codes.contains(&"EX0402"),
        "{codes:?}"
    );
}

#[test]
fn tools_that_delete_what_is_gone_leave_the_cluster_and_its_claims() {
    let cluster = object(&run(Availability::High), "store.yaml", "Cluster");
    let annotations = &cluster["metadata"]["annotations"];
    assert_eq!(
        annotations["kustomize.toolkit.fluxcd.io/prune"].as_str(),
        Some("disabled")
    );
    assert_eq!(
        annotations["argocd.argoproj.io/sync-options"].as_str(),
        Some("Delete=false,Prune=false")
    );
}

#[test]
fn the_page_has_the_services_wait_for_the_cluster() {
    let page = &run(Availability::High)["README.md"];
    let places: Vec<usize> = [
        "kubectl apply -k . --selector='app.kubernetes.io/component notin (server, worker, job)' &&\n",
        "wait clusters.postgresql.cnpg.io --for=condition=Ready --timeout=15m",
        "kubectl apply -k . &&\n",
        "rollout status deployments,statefulsets",
    ]
    .into_iter()
    .map(|line| page.find(line).unwrap_or_else(|| panic!("{line}\n{page}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn an_image_of_whose_tag_the_operator_reads_no_version_is_refused() {
    let said = |image: &str| {
        let program = program_with(Product::Postgres, Availability::Single, Some(image));
        let (_, said) = planned_with(&program, &operator(&program));
        said.iter().map(|it| it.code.id).collect::<Vec<_>>()
    };
    for image in ["acme/db:latest", "acme/db:16.4", "acme/db:170", "acme/db"] {
        assert!(said(image).contains(&"EX0406"), "{image}");
    }
    for image in ["acme/db:17", "acme/db:17.6-3", "acme/db:17-trixie"] {
        assert!(!said(image).contains(&"EX0406"), "{image}");
    }
}

/// A broker that its operator runs.
fn broker(availability: Availability, role: &str) -> BTreeMap<String, String> {
    let mut draft = Draft::new();
    let password = draft.secret("SHED_PASSWORD", Origin::PasswordOf(Id::new(0)));
    let line = draft.line();
    let Engine::Managed(managed) = sample::managed(Product::Rabbitmq, "4.2", password, None) else {
        panic!("it is no product")
    };
    let backing = exoc_ir::Backing {
        role: role.into(),
        identity: "shed".into(),
        engine: Engine::Managed(Managed {
            availability,
            username: Some("clerk".into()),
            parameters: [("channel_max".to_owned(), "64".to_owned())].into(),
            ..managed
        }),
    };
    let store = draft.builder.backing(backing, line);
    let image = draft.pinned("redis:7.4");
    let mut web = sample::workload(image, &[]);
    let value = Value::new([sample::text("key "), Part::Secret(password)]);
    web.environment.insert("LOGIN".into(), value);
    let web = draft.service(sample::service("web", web));
    draft.uses(web, Component::Backing(store), &[5672]);
    let program = draft.finish();
    let at = program.at(NodeId::App, "");
    let mut options = texts(at, &[]);
    set(&mut options, "operators", texts(at, &[("rabbitmq", "brokers")]));
    printed_by(&program, &options)
}

#[test]
fn a_highly_available_broker_is_three_servers_on_three_machines_whose_queues_are_replicated() {
    let files = broker(Availability::High, "shed");
    let spec = &object(&files, "shed.yaml", "RabbitmqCluster")["spec"];
    assert_eq!(spec["replicas"].as_i64(), Some(3));
    let apart = &spec["affinity"]["podAntiAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"][0];
    assert_eq!(apart["topologyKey"].as_str(), Some("kubernetes.io/hostname"));
    assert_eq!(
        spec["rabbitmq"]["additionalConfig"].as_str(),
        Some(
            "default_user = clerk\ndefault_user_tags.management = true\ndefault_queue_type = quorum\nchannel_max = 64\n"
        )
    );
    let budget = object(&files, "shed.yaml", "PodDisruptionBudget");
    let selected = &budget["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"];
    assert_eq!(selected.as_str(), Some("shed"));
}

#[test]
fn a_single_broker_has_no_budget_and_queues_as_their_programs_say() {
    let files = broker(Availability::Single, "shed");
    let spec = &object(&files, "shed.yaml", "RabbitmqCluster")["spec"];
    assert_eq!(spec["replicas"].as_i64(), Some(1));
    assert!(spec["affinity"].is_badvalue() && !files["shed.yaml"].contains("quorum"));
    assert!(!files["shed.yaml"].contains("PodDisruptionBudget"));
}

#[test]
fn containers_of_a_broker_meet_the_strictest_level() {
    let files = broker(Availability::High, "shed");
    let spec = &object(&files, "shed.yaml", "RabbitmqCluster")["spec"];
    let pod = &spec["override"]["statefulSet"]["spec"]["template"]["spec"];
    assert_eq!(pod["securityContext"]["runAsNonRoot"].as_bool(), Some(true));
    let seccomp = &pod["securityContext"]["seccompProfile"]["type"];
    assert_eq!(seccomp.as_str(), Some("RuntimeDefault"));
    for (of, name) in [("initContainers", "setup-container"), ("containers", "rabbitmq")] {
        let container = &pod[of][0];
        assert_eq!(container["name"].as_str(), Some(name));
        let security = &container["securityContext"];
        assert_eq!(security["allowPrivilegeEscalation"].as_bool(), Some(false));
        assert_eq!(security["capabilities"]["drop"][0].as_str(), Some("ALL"));
    }
}

#[test]
fn users_read_the_secret_of_the_broker_and_reach_it_as_its_operator_and_servers_do() {
    let files = broker(Availability::High, "shed");
    let web = &files["web.yaml"];
    let key = "name: shed-default-user\n                  key: password";
    assert!(web.contains(key), "{web}");
    assert!(!files["README.md"].contains("create secret generic"));
    let policy = object(&files, "shed.yaml", "NetworkPolicy");
    let rules = policy["spec"]["ingress"].as_vec().expect("rules");
    let ports = |rule: &Yaml| -> Vec<i64> {
        let ports = rule["ports"].as_vec().expect("ports");
        ports.iter().filter_map(|port| port["port"].as_i64()).collect()
    };
    assert_eq!(
        rules.iter().map(ports).collect::<Vec<_>>(),
        [vec![5672], vec![4369, 25672, 35672], vec![15672]]
    );
    let namespace = &rules[2]["from"][0]["namespaceSelector"]["matchLabels"];
    assert_eq!(namespace["kubernetes.io/metadata.name"].as_str(), Some("brokers"));
}

#[test]
fn a_broker_that_was_called_otherwise_has_a_service_under_its_role_and_only_then() {
    let files = broker(Availability::High, "store");
    let service = object(&files, "store.yaml", "Service");
    assert_eq!(service["metadata"]["name"].as_str(), Some("store"));
    let selected = &service["spec"]["selector"]["app.kubernetes.io/name"];
    assert_eq!(selected.as_str(), Some("shed"));
    assert!(!broker(Availability::High, "shed")["shed.yaml"].contains("kind: Service\n"));
}

#[test]
fn the_page_has_the_services_wait_for_the_broker_and_says_how_its_operator_is_installed() {
    let page = &broker(Availability::High, "shed")["README.md"];
    assert!(page.contains("wait rabbitmqclusters.rabbitmq.com --for=condition=AllReplicasReady"));
    assert!(page.contains("/cluster-operator.yml\n"), "{page}");
}
