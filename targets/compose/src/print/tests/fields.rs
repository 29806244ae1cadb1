//! Everything that the model says stands in the file, under the key that compose reads.

use super::{files, project, text};
use crate::testing::{Sketch, http, port};
use exoc_ir::{
    Access, Availability, Bytes, Capabilities, Entrance, Health, Id, MilliCpu, Mount, Owner, Probe, Program,
    Protocol, Scale, Seconds, Transport, User, Volume,
};
use yaml_rust2::{Yaml, YamlLoader};

/// A program that uses every key.
fn full() -> Program {
    let mut sketch = Sketch::new(
        &["api", "dns", "mail", "root"],
        &["db"],
        &["DB_ADMINISTRATOR", "DB_PASSWORD"],
    );
    sketch.postgres("db");
    sketch.listen("api", &[port("http", 80, Protocol::Http)]);
    sketch.door("api", 0, http("localhost", "/"));
    let api = &mut sketch.service("api").workload;
    api.health = Some(Health {
        probe: Probe::Http {
            port: 0,
            path: "/ok".to_owned(),
        },
        interval: Seconds(7),
        timeout: Seconds(4),
        retries: 6,
        start: Seconds(9),
    });
    api.resources.cpu = MilliCpu(1250);
    api.resources.memory = Bytes::mebi(768);
    api.shutdown = Seconds(45);
    api.scratch.insert("/cache".to_owned(), Bytes::gibi(1));
    api.security.capabilities = Capabilities::Only(["CHOWN".to_owned(), "NET_RAW".to_owned()].into());
    sketch.listen("dns", &[port("dns", 5353, Protocol::Udp)]);
    let entrance = Entrance::Plain {
        host: "dns.localhost".to_owned(),
        number: 5353,
        transport: Transport::Udp,
    };
    sketch.door("dns", 0, entrance);
    let root = &mut sketch.service("root").workload;
    root.security.user = User::FromImage;
    root.security.capabilities = Capabilities::Default;
    root.security.root_writable = true;
    root.security.privileged = true;
    sketch.uses("api", "db");
    sketch.uses("mail", "api");
    sketch.leaves("mail");
    sketch.finish()
}

fn yaml(text: &str) -> Yaml {
    let documents = YamlLoader::load_from_str(text).unwrap();
    documents.into_iter().next().unwrap()
}

/// Compares the keys that `expected` names; `null` means that a key must not be there.
fn says(project: &Yaml, service: &str, expected: &str) {
    let service = &project["services"][service];
    for (key, value) in yaml(expected).as_hash().unwrap() {
        let found = &service[key.as_str().unwrap()];
        if value.is_null() {
            assert!(found.is_badvalue(), "{key:?}: {found:?}");
        } else {
            assert_eq!(found, value, "{key:?}");
        }
    }
}

#[test]
fn a_service_says_all_that_was_planned() {
    let project = project(&files(&full()));
    says(
        &project,
        "api",
        r#"
image: "busybox:1.37.0-musl"
build: null
entrypoint: null
command: null
init: null
user: "10001:10001"
read_only: true
tmpfs: ["/cache:exec,mode=1777,size=1g", "/tmp:exec,mode=1777,size=64m"]
privileged: null
cap_drop: ["ALL"]
cap_add: ["CHOWN", "NET_RAW"]
security_opt: ["no-new-privileges:true"]
sysctls: { net.ipv4.ip_unprivileged_port_start: "0" }
ports: ["127.0.0.1:8080:80"]
networks: ["api", "db", "exoc_entry_api"]
healthcheck: null
depends_on: { db: { condition: "service_healthy" } }
deploy: { resources: { limits: { cpus: "1.25", memory: "768m" } } }
restart: "unless-stopped"
stop_grace_period: "45s"
"#,
    );
}

#[test]
fn a_service_that_is_loosened_says_so() {
    let project = project(&files(&full()));
    says(
        &project,
        "root",
        "user: null\nread_only: null\nprivileged: true\ncap_drop: null\ncap_add: null\nsysctls: null\nports: null\n\
         security_opt: ['no-new-privileges:true']\n",
    );
}

#[test]
fn a_companion_asks_with_the_numbers_of_the_check() {
    let project = project(&files(&full()));
    says(
        &project,
        "api_health",
        r#"
init: true
user: "10001:10001"
command: ["sleep", "2147483647"]
networks: ["api"]
healthcheck:
  test: ["CMD", "wget", "-q", "-T", "4", "-O", "/dev/null", "http://api:80/ok"]
  interval: "7s"
  timeout: "4s"
  retries: 6
  start_period: "9s"
depends_on: { api: { condition: "service_started" } }
"#,
    );
}

#[test]
fn udp_is_published_as_udp() {
    let project = project(&files(&full()));
    says(
        &project,
        "dns",
        "ports: ['127.0.0.1:5353:5353/udp']\nnetworks: [exoc_entry_dns]\n",
    );
}

#[test]
fn a_dependency_has_its_volume_and_its_files() {
    let files = files(&full());
    let project = project(&files);
    let script = "files/db/docker-entrypoint-initdb.d/10-owner.sh";
    says(
        &project,
        "db",
        &format!(
            r#"
image: "postgres:17"
volumes:
  - {{ type: "volume", source: "db-data", target: "/var/lib/postgresql/data" }}
  - type: "bind"
    source: "./{script}"
    target: "/docker-entrypoint-initdb.d/10-owner.sh"
    read_only: true
    bind: {{ create_host_path: false }}
"#
        ),
    );
    assert!(project["volumes"]["db-data"].as_hash().is_some());
    assert!(text(&files, script).contains("CREATE ROLE"));
}

#[test]
fn networks_say_whether_they_lead_out() {
    let project = project(&files(&full()));
    let networks = &project["networks"];
    assert_eq!(networks["db"]["internal"].as_bool(), Some(true));
    let entry = &networks["exoc_entry_api"];
    let masquerade = &entry["driver_opts"]["com.docker.network.bridge.enable_ip_masquerade"];
    assert_eq!(
        (masquerade.as_str(), entry["internal"].is_badvalue()),
        (Some("false"), true)
    );
    let internet = &networks["exoc_internet"];
    assert!(internet["internal"].is_badvalue() && internet["driver_opts"].is_badvalue());
}

#[test]
fn a_demand_that_replicas_do_not_overlap_is_written_down() {
    for overlap in [false, true] {
        let mut sketch = Sketch::new(&["api"], &[], &[]);
        sketch.service("api").scale.overlap = overlap;
        let project = project(&files(&sketch.finish()));
        let order = &project["services"]["api"]["deploy"]["update_config"]["order"];
        assert_eq!(order.as_str(), (!overlap).then_some("stop-first"));
    }
}

#[test]
fn a_service_that_is_switched_off_has_no_replica() {
    let mut sketch = Sketch::new(&["api"], &[], &[]).elsewhere();
    sketch.service("api").scale = Scale {
        min: 0,
        max: 0,
        cpu: None,
        memory: None,
        requests: None,
        overlap: true,
    };
    let project = project(&files(&sketch.finish()));
    let replicas = &project["services"]["api"]["deploy"]["replicas"];
    assert_eq!(replicas.as_i64(), Some(0));
}

#[test]
fn a_mount_says_that_it_is_only_read_and_that_nothing_is_copied_into_its_volume() {
    let mut sketch = Sketch::new(&["reader", "writer"], &[], &[]);
    let user = User::Ids {
        user: 10001,
        group: 10001,
    };
    sketch.volumes.push(Volume {
        owner: Owner::Shared {
            role: "media".to_owned(),
            identity: "media".to_owned(),
            availability: Availability::Single,
            backups: None,
        },
        size: Some(Bytes::gibi(10)),
        writer: Some(user),
    });
    for (role, access) in [("reader", Access::Read), ("writer", Access::Write)] {
        let mount = Mount {
            volume: Id::new(0),
            access,
        };
        let mounts = &mut sketch.service(role).workload.mounts;
        mounts.insert("/media".to_owned(), mount);
    }
    let project = project(&files(&sketch.finish()));
    let plain = "type: volume, source: media, target: /media";
    let copied = "volume: { nocopy: true }";
    says(
        &project,
        "reader",
        &format!("volumes: [{{ {plain}, read_only: true, {copied} }}]"),
    );
    says(&project, "writer", &format!("volumes: [{{ {plain}, {copied} }}]"));
    let given = "type: volume, source: media, target: /volumes/media";
    says(&project, "media_volumes", &format!("volumes: [{{ {given} }}]"));
}
