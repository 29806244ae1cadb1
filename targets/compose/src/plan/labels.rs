//! Labels: for people, for tools that read the community's names, and for facts that no field of compose holds.

use exoc_ir::{Door, Entrance, Id, Job, Port, Program, Service, Trigger};
use std::collections::BTreeMap;

/// What everything but a volume carries.
pub(super) fn common(program: &Program) -> BTreeMap<String, String> {
    let app = program.app();
    let mut labels = BTreeMap::from([
        ("app.kubernetes.io/part-of".to_owned(), app.name.clone()),
        ("app.kubernetes.io/managed-by".to_owned(), "exoc".to_owned()),
    ]);
    if let Some(owner) = &app.owner {
        labels.insert("owner".to_owned(), owner.clone());
    }
    labels
}

/// What a service of the project carries. `kind`: `server`, `worker`, `job`, `dependency` or `companion`.
pub(super) fn of(program: &Program, identity: &str, kind: &str) -> BTreeMap<String, String> {
    let mut labels = common(program);
    let instance = format!("{}-{identity}", program.app().name);
    labels.insert("app.kubernetes.io/name".to_owned(), identity.to_owned());
    labels.insert("app.kubernetes.io/instance".to_owned(), instance);
    labels.insert("app.kubernetes.io/component".to_owned(), kind.to_owned());
    labels
}

/// `name=number/protocol` of every port, in order: compose has no field for a port that is not published.
pub(super) fn ports(labels: &mut BTreeMap<String, String>, ports: &[Port]) {
    let words: Vec<String> = ports
        .iter()
        .map(|port| {
            let Port {
                name,
                number,
                protocol,
            } = port;
            format!("{name}={number}/{}", protocol.word())
        })
        .collect();
    if !words.is_empty() {
        labels.insert("exoc.ports".to_owned(), words.join(" "));
    }
}

/// Every door of a service, separated by `; `: a published port does not say at which host and path it stands.
pub(super) fn doors(
    labels: &mut BTreeMap<String, String>,
    program: &Program,
    id: Id<Service>,
    ports: &[Port],
) {
    let words: Vec<String> = program
        .doors_of(id)
        .filter_map(|door| {
            let Door {
                service: _,
                port,
                entrance,
            } = door;
            let port = ports.get(*port)?;
            let protocol = port.protocol.word();
            Some(match entrance {
                Entrance::Http {
                    host,
                    path,
                    strip,
                    timeout,
                } => format!(
                    "protocol={protocol} host={host} path={path} port={} strip={strip} timeout={timeout}",
                    port.number
                ),
                Entrance::Plain {
                    host,
                    number,
                    transport: _,
                } => format!(
                    "protocol={protocol} host={host} number={number} port={}",
                    port.number
                ),
            })
        })
        .collect();
    if !words.is_empty() {
        labels.insert("exoc.doors".to_owned(), words.join("; "));
    }
}

/// When a job runs and how a run is bounded, for whoever holds it to that from outside.
pub(super) fn run(labels: &mut BTreeMap<String, String>, job: Option<&Job>) {
    let Some(Job {
        trigger,
        timeout,
        retries,
    }) = job
    else {
        return;
    };
    let trigger = match trigger {
        Trigger::Schedule(schedule) => format!("schedule={}", schedule.cron()),
        Trigger::BeforeDeploy { rank } => format!("when=before-deploy rank={rank}"),
        Trigger::AfterDeploy => "when=after-deploy".to_owned(),
        Trigger::OnDemand => "when=on-demand".to_owned(),
    };
    let run = format!("timeout={timeout} retries={retries} {trigger}");
    labels.insert("exoc.run".to_owned(), run);
}
