//! Probes, security, resources, scaling, stopping, products.

use super::sample::{self, Draft};
use super::{codes, model, objects, planned, pod, workload};
use crate::model::{Check, Controller, Data, Kept, Model, Object, Probe, Strategy, VolumeSource};
use exoc_ir::{Bytes, Capabilities, MilliCpu, Protocol, User, Value, Workload};

/// A program of one service, changed.
fn one(ports: &[(&str, u16, Protocol)], change: impl FnOnce(&mut Workload)) -> exoc_ir::Program {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut workload = sample::workload(image, ports);
    change(&mut workload);
    draft.service(sample::service("api", workload));
    draft.finish()
}

fn enforced(model: &Model) -> &str {
    let labels = objects(model).find_map(|object| {
        if let Object::Namespace(meta) = object {
            Some(&meta.labels)
        } else {
            None
        }
    });
    let mut labels = labels.expect("a namespace").iter();
    let enforced = labels.find(|(key, _)| *key == "pod-security.kubernetes.io/enforce");
    enforced.expect("a level").1
}

const HTTP: [(&str, u16, Protocol); 1] = [("http", 8080, Protocol::Http)];

#[test]
fn one_check_becomes_three_probes_with_the_documented_numbers() {
    let model = model(&sample::shop());
    let probes = pod(&model, "api").container.probes.clone().expect("probes");
    let probe = |failures| Probe {
        period: 15,
        timeout: 5,
        failures,
    };
    // 40 seconds of start are three questions, begun ones counted whole, and then four retries.
    assert_eq!(probes.startup, probe(7));
    assert_eq!(probes.readiness, probe(4));
    assert_eq!(probes.liveness, probe(12));
    assert_eq!(
        probes.check,
        Check::HttpGet {
            path: "/healthz?full=1".into(),
            port: "http".into()
        }
    );
    let grpc = pod(&model, "greeter").container.probes.clone().expect("probes");
    assert_eq!(
        grpc.check,
        Check::Grpc {
            port: 5000,
            service: Some("shop.Greeter".into())
        }
    );
    let command = pod(&model, "worker").container.probes.clone().expect("probes");
    assert_eq!(
        (command.startup.failures, command.check),
        (4, Check::Exec(vec!["true".into()]))
    );
}

#[test]
fn an_unwritten_check_asks_the_first_tcp_port_if_there_is_one() {
    let udp = ("udp", 53, Protocol::Udp);
    let both = model(&one(&[udp, ("tcp", 53, Protocol::Tcp)], |_| {}));
    let probes = pod(&both, "api").container.probes.clone().expect("probes");
    assert_eq!(probes.check, Check::TcpSocket { port: "tcp".into() });
    assert_eq!(
        probes.startup,
        Probe {
            period: 10,
            timeout: 3,
            failures: 6
        }
    );
    assert_eq!(pod(&model(&one(&[udp], |_| {})), "api").container.probes, None);
    assert_eq!(pod(&model(&one(&[], |_| {})), "api").container.probes, None);
}

#[test]
fn a_slow_start_does_not_fail_the_rollout() {
    let probe = exoc_ir::Probe::Tcp { port: 0 };
    let program = one(&HTTP, |it| {
        it.health = Some(sample::health(probe, 300, 60, 10, 300))
    });
    let model = model(&program);
    let Controller::Deployment { deadline, .. } = workload(&model, "api").controller else {
        panic!("a deployment")
    };
    assert!(deadline > 11 * 300, "{deadline}");
}

#[test]
fn the_namespace_enforces_the_strictest_level_that_all_pods_meet() {
    let level = |change: &dyn Fn(&mut Workload)| enforced(&model(&one(&HTTP, change))).to_owned();
    let keep = |name: &'static str| {
        move |it: &mut Workload| it.security.capabilities = Capabilities::Only([name.to_owned()].into())
    };
    assert_eq!(level(&|_| {}), "restricted");
    assert_eq!(level(&keep("NET_BIND_SERVICE")), "restricted");
    assert_eq!(level(&keep("CHOWN")), "baseline");
    assert_eq!(level(&keep("NET_RAW")), "privileged");
    assert_eq!(level(&keep("SYS_ADMIN")), "privileged");
    assert_eq!(level(&|it| it.security.privileged = true), "privileged");
    assert_eq!(level(&|it| it.security.root_writable = true), "restricted");
    let root = |it: &mut Workload| {
        it.security.user = User::Ids { user: 0, group: 0 };
        it.security.capabilities = Capabilities::Default;
    };
    assert_eq!(level(&root), "baseline");
    assert_eq!(codes(&one(&HTTP, root)), ["EX0515"]);
    assert!(codes(&one(&HTTP, keep("NET_BIND_SERVICE"))).is_empty());
    assert_eq!(
        enforced(&model(&sample::root())),
        "baseline",
        "one pod that needs nothing changes nothing"
    );
}

#[test]
fn pods_run_as_numbers_and_keep_only_what_is_listed() {
    let program = one(&[("http", 80, Protocol::Http)], |it| {
        it.security.user = User::Ids {
            user: 1000,
            group: 2000,
        };
        it.security.capabilities = Capabilities::Only(["CHOWN".to_owned()].into());
    });
    let model = model(&program);
    let pod = pod(&model, "api");
    assert_eq!(
        (pod.security.user, pod.security.group, pod.security.non_root),
        (1000, 2000, true)
    );
    assert_eq!(
        pod.security.sysctls,
        [("net.ipv4.ip_unprivileged_port_start", "0")]
    );
    assert_eq!(
        pod.container.security.capabilities,
        Kept::Only(vec!["CHOWN".into()])
    );
    assert!(pod.container.security.read_only_root);
}

#[test]
fn quantities_are_as_the_api_server_prints_them() {
    let program = one(&HTTP, |it| {
        it.resources.cpu = MilliCpu(2000);
        it.resources.memory = Bytes::mebi(1536);
    });
    let model = model(&program);
    let container = &pod(&model, "api").container;
    assert_eq!(
        (container.cpu.as_str(), container.memory.as_str()),
        ("2", "1536Mi")
    );
    assert_eq!(
        pod(&super::model(&one(&HTTP, |_| {})), "api").container.cpu,
        "250m"
    );
}

#[test]
fn traffic_moves_away_before_the_signal_only_where_there_is_traffic() {
    let model = model(&sample::shop());
    let stop = |name: &str| {
        (
            pod(&model, name).grace,
            pod(&model, name).container.sleep_before_stop,
        )
    };
    assert_eq!(stop("api"), (35, Some(5)));
    assert_eq!(stop("worker"), (30, None));
    assert_eq!(stop("queue"), (35, Some(5)));
    assert_eq!(stop("db"), (60, None));
}

#[test]
fn scale_becomes_replicas_or_an_autoscaler_and_never_both() {
    let model = model(&sample::shop());
    let replicas = |name: &str| match &workload(&model, name).controller {
        Controller::Deployment {
            replicas, strategy, ..
        } => (*replicas, *strategy),
        Controller::StatefulSet { .. } => panic!("a deployment"),
    };
    assert_eq!(replicas("api"), (None, Strategy::Rolling));
    assert_eq!(replicas("web"), (Some(3), Strategy::Rolling));
    assert_eq!(replicas("worker"), (Some(1), Strategy::Recreate));
    assert_eq!(replicas("queue"), (Some(1), Strategy::Recreate));
    let scalers: Vec<_> = objects(&model)
        .filter_map(|object| {
            if let Object::Autoscaler(it) = object {
                Some((it.deployment.as_str(), it.min, it.max, it.goals.clone()))
            } else {
                None
            }
        })
        .collect();
    assert_eq!(scalers, [("api", 2, 8, vec![("cpu", 70), ("memory", 80)])]);
    let budgets: Vec<_> = objects(&model)
        .filter_map(|object| {
            if let Object::DisruptionBudget(meta, _) = object {
                Some(meta.name.as_str())
            } else {
                None
            }
        })
        .collect();
    assert_eq!(budgets, ["api", "web"]);
    assert!(pod(&model, "worker").spread.is_empty());
    assert_eq!(pod(&model, "web").spread.len(), 2);
}

#[test]
fn a_service_that_is_switched_off_has_no_replicas_and_keeps_its_name() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut service = sample::service("api", sample::workload(image, &HTTP));
    service.scale = sample::fixed(0);
    draft.service(service);
    let model = model(&draft.finish());
    assert!(matches!(
        workload(&model, "api").controller,
        Controller::Deployment {
            replicas: Some(0),
            ..
        }
    ));
    assert!(objects(&model).any(|object| matches!(object, Object::Service(it) if it.meta.name == "api")));
}

#[test]
fn folders_are_volumes_in_memory_with_names_of_their_own() {
    let program = one(&HTTP, |it| {
        it.scratch.insert("/a/b".into(), Bytes::mebi(1));
        it.scratch.insert("/a-b".into(), Bytes::mebi(2));
        it.scratch.insert("/.Cache_x".into(), Bytes::mebi(3));
    });
    let model = model(&program);
    let pod = pod(&model, "api");
    let volumes: Vec<_> = pod
        .volumes
        .iter()
        .map(|it| (it.name.as_str(), it.source.clone()))
        .collect();
    let memory = |size: &str| VolumeSource::Memory(size.into());
    assert_eq!(
        volumes,
        [
            ("cache-x", memory("3Mi")),
            ("a-b", memory("2Mi")),
            ("a-b-2", memory("1Mi")),
            ("tmp", memory("64Mi"))
        ]
    );
    let mounts: Vec<_> = pod
        .container
        .mounts
        .iter()
        .map(|it| (it.volume.as_str(), it.path.as_str()))
        .collect();
    assert_eq!(
        mounts,
        [
            ("cache-x", "/.Cache_x"),
            ("a-b", "/a-b"),
            ("a-b-2", "/a/b"),
            ("tmp", "/tmp")
        ]
    );
}

#[test]
fn a_product_keeps_its_data_in_a_claim_and_its_files_in_a_map_named_by_content() {
    let model = model(&sample::shop());
    let db = workload(&model, "db");
    let Controller::StatefulSet { claims, .. } = &db.controller else {
        panic!("a stateful set")
    };
    let [claim] = claims.as_slice() else {
        panic!("{} claims", claims.len())
    };
    assert_eq!((claim.name.as_str(), claim.storage.as_str()), ("data", "10Gi"));
    let mount = |path: &str| {
        db.pod
            .container
            .mounts
            .iter()
            .find(|it| it.path == path)
            .expect("a mount")
    };
    assert_eq!(mount("/var/lib/postgresql/data").volume, "data");
    let file = mount("/docker-entrypoint-initdb.d/10-owner.sh");
    assert_eq!(
        (file.volume.as_str(), file.file.as_deref()),
        ("files", Some("10-owner.sh"))
    );
    let map = objects(&model).find_map(|object| {
        if let Object::ConfigMap(meta, data) = object {
            Some((meta.name.clone(), data.clone()))
        } else {
            None
        }
    });
    let (name, data) = map.expect("a map");
    assert!(
        name.starts_with("db-files-") && name.len() == "db-files-".len() + 8,
        "{name}"
    );
    assert!(matches!(&data["10-owner.sh"], Data::Text(text) if text.contains("CREATE ROLE")));
    assert!(
        db.pod
            .volumes
            .iter()
            .any(|it| it.source == VolumeSource::ConfigMap(name.clone()))
    );
}

#[test]
fn an_empty_command_is_refused_for_it_would_be_none() {
    let program = one(&HTTP, |it| it.command = Some(Vec::new()));
    assert_eq!(codes(&program), ["EX0406"]);
    let program = one(&HTTP, |it| {
        it.entrypoint = Some(vec![Value::literal("tini")]);
        it.command = Some(Vec::new());
    });
    assert!(planned(&program).0.is_some());
}

#[test]
fn a_check_that_asks_its_own_name_asks_its_own_pod() {
    let asked = |words: &[&str]| {
        let program = one(&HTTP, |workload| {
            let words = words.iter().map(|word| Value::literal(*word)).collect();
            let probe = exoc_ir::Probe::Command(words);
            workload.health = Some(sample::health(probe, 10, 3, 3, 30));
        });
        pod(&model(&program), "api").asks_itself_by.clone()
    };
    assert_eq!(
        asked(&["wget", "-q", "http://api:9340/healthz"]).as_deref(),
        Some("api")
    );
    assert_eq!(asked(&["wget", "http://localhost:8080/api-docs"]), None);
    for words in [
        ["wget", "http://my-api:8080/"],
        ["wget", "api.example.com:80"],
        ["pgrep", "api"],
    ] {
        assert_eq!(asked(&words), None, "{words:?}");
    }
    let text = &super::printed(&one(&HTTP, |workload| {
        let probe = exoc_ir::Probe::Command(vec![Value::literal("ask"), Value::literal("api:1")]);
        workload.health = Some(sample::health(probe, 10, 3, 3, 30));
    }))["api.yaml"];
    assert!(
        text.contains(
            "      hostAliases:\n        - ip: \"127.0.0.1\"\n          hostnames:\n            - api\n"
        ),
        "{text}"
    );
}
