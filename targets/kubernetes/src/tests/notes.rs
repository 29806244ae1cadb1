//! Notes about the program as a whole.

use super::planned;
use super::sample::{self, Draft, fixed, service, workload};
use exoc_diagnostics::Diagnostic;
use exoc_ir::{Component, Program, Protocol};

/// Who uses a service that has two ports, of which one speaks `protocol`: `caller` uses the ports given.
fn used(draft: &mut Draft, role: &str, protocol: Protocol, pods: u32, caller: Option<(Component, u16)>) {
    let image = draft.pinned("redis:7.4");
    let ports = [("many", 7070, protocol), ("one", 8080, Protocol::Http)];
    let mut service = service(role, workload(image, &ports));
    service.scale = fixed(pods);
    let component = draft.service(service);
    draft.writes(component, "scale");
    if let Some((caller, port)) = caller {
        draft.uses(caller, component, &[port]);
    }
}

fn caller(draft: &mut Draft) -> Component {
    let image = draft.pinned("redis:7.4");
    draft.service(service("caller", workload(image, &[])))
}

fn notes(program: &Program) -> Vec<Diagnostic> {
    let (_, diagnostics) = planned(program);
    let found = diagnostics.into_iter().filter(|it| it.code.id == "EX0518");
    found.collect()
}

#[test]
fn one_note_names_all_services_whose_connections_are_shared_out() {
    let mut draft = Draft::new();
    let caller = caller(&mut draft);
    used(&mut draft, "cart", Protocol::Grpc, 3, Some((caller, 7070)));
    used(&mut draft, "mail", Protocol::Http2, 2, Some((caller, 7070)));
    let notes = notes(&draft.finish());
    let [note] = notes.as_slice() else {
        panic!("{notes:#?}")
    };
    assert_eq!(
        note.message,
        "kubernetes shares out connections to `cart` and `mail`, not requests, among their pods"
    );
    let labels: Vec<&str> = note
        .primary
        .iter()
        .chain(&note.secondary)
        .map(|label| label.message.as_str())
        .collect();
    assert_eq!(labels, ["`cart` has up to 3 pods", "`mail` has up to 2 pods"]);
}

#[test]
fn one_pod_or_one_request_for_each_connection_or_no_user_needs_no_note() {
    for (protocol, pods, port) in [
        (Protocol::Grpc, 1, Some(7070)),
        (Protocol::Http, 3, Some(7070)),
        (Protocol::Tcp, 3, Some(7070)),
        (Protocol::Grpc, 3, Some(8080)),
        (Protocol::Grpc, 3, None),
    ] {
        let mut draft = Draft::new();
        let caller = caller(&mut draft);
        let by = port.map(|port| (caller, port));
        used(&mut draft, "cart", protocol, pods, by);
        assert_eq!(notes(&draft.finish()).len(), 0, "{protocol:?} {pods} {port:?}");
    }
    assert_eq!(notes(&sample::shop()).len(), 0);
}
