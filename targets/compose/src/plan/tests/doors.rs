//! What is published, and where.

use super::{planned, planned_with_notes, refused, service};
use crate::model::{File, Gateway, Model, Published, Rule, Wire};
use crate::testing::{Sketch, TIMEOUT, http, port};
use exoc_ir::{Entrance, Protocol, Seconds, Transport};

fn with_port(protocol: Protocol, number: u16) -> Sketch {
    let mut sketch = Sketch::new(&["web"], &[], &[]);
    sketch.listen("web", &[port("main", number, protocol)]);
    sketch
}

fn gateway(model: &Model) -> Option<&Gateway> {
    let path = "files/exoc_gateway/usr/local/etc/haproxy/haproxy.cfg";
    match model.files.get(path) {
        Some(File::Gateway(gateway)) => Some(gateway),
        Some(File::Text(..) | File::Copy(..)) | None => None,
    }
}

fn plain(number: u16, transport: Transport) -> Entrance {
    Entrance::Plain {
        host: "web.localhost".to_owned(),
        number,
        transport,
    }
}

const fn published(machine: u16, container: u16, transport: Transport) -> Published {
    Published {
        machine,
        container,
        transport,
    }
}

#[test]
fn one_public_http_service_is_published_as_it_is() {
    let mut sketch = with_port(Protocol::Http, 3000);
    sketch.door("web", 0, http("localhost", "/"));
    let (model, notes) = planned_with_notes(sketch);
    let expected = published(8080, 3000, Transport::Tcp);
    assert_eq!(service(&model, "web").published, [expected]);
    assert_eq!(gateway(&model), None);
    assert_eq!(notes, <[&str; 0]>::default());
}

#[test]
fn whatever_a_port_cannot_express_needs_the_gateway() {
    let route = |strip, timeout| Entrance::Http {
        host: "localhost".to_owned(),
        path: "/".to_owned(),
        strip,
        timeout,
    };
    for (protocol, entrance) in [
        (Protocol::Http, http("localhost", "/shop")),
        (Protocol::Http, http("admin.localhost", "/")),
        (Protocol::Http, route(true, TIMEOUT)),
        (Protocol::Http, route(false, Seconds(300))),
        (Protocol::Http2, http("localhost", "/")),
    ] {
        let mut sketch = with_port(protocol, 3000);
        sketch.door("web", 0, entrance.clone());
        let model = planned(sketch);
        assert!(gateway(&model).is_some(), "{entrance:?}");
        assert_eq!(service(&model, "web").published, []);
        let expected = published(8080, 8080, Transport::Tcp);
        assert_eq!(service(&model, "exoc_gateway").published, [expected]);
    }
}

#[test]
fn the_gateway_asks_the_most_specific_route_first() {
    let mut sketch = Sketch::new(&["api", "web"], &[], &[]);
    sketch.listen("api", &[port("http", 4000, Protocol::Http2)]);
    sketch.listen("web", &[port("http", 3000, Protocol::Http)]);
    sketch.door("web", 0, http("LocalHost", "/"));
    sketch.door("api", 0, http("localhost", "/api"));
    sketch.door(
        "api",
        0,
        Entrance::Http {
            host: "localhost".to_owned(),
            path: "/api/v2".to_owned(),
            strip: true,
            timeout: Seconds(90),
        },
    );
    let model = planned(sketch);
    let gateway = gateway(&model).unwrap();
    let rule = |rule: &Rule| {
        let Rule {
            from: _,
            host,
            path,
            backend,
        } = rule.clone();
        (host, path, backend)
    };
    let rules: Vec<(String, String, String)> = gateway.rules.iter().map(rule).collect();
    let expected = [("/api/v2", "api"), ("/api", "api_2"), ("/", "web")];
    assert_eq!(
        rules,
        expected.map(|(path, backend)| ("localhost".to_owned(), path.to_owned(), backend.to_owned()))
    );
    let [first, second, third] = gateway.backends.as_slice() else {
        panic!("{:?}", gateway.backends)
    };
    assert_eq!(
        (first.strip.as_deref(), first.timeout, first.wire),
        (Some("/api/v2"), Seconds(90), Wire::Http2)
    );
    assert_eq!((second.strip.as_deref(), second.timeout), (None, TIMEOUT));
    assert_eq!(
        (third.host.as_str(), third.port, third.wire),
        ("web", 3000, Wire::Http1)
    );
    assert_eq!(gateway.client_timeout, Seconds(90));
}

#[test]
fn routes_that_differ_in_host_and_path_alone_share_a_backend() {
    let mut sketch = with_port(Protocol::Http, 3000);
    for (host, path) in [("localhost", "/a"), ("localhost", "/b"), ("x.localhost", "/a")] {
        sketch.door("web", 0, http(host, path));
    }
    let model = planned(sketch);
    let gateway = gateway(&model).unwrap();
    assert_eq!((gateway.rules.len(), gateway.backends.len()), (3, 1));
}

#[test]
fn other_protocols_have_ports_of_their_own_out_of_the_low_range() {
    for (protocol, number, machine, transport) in [
        (Protocol::Tcp, 5432, 5432, Transport::Tcp),
        (Protocol::Tcp, 25, 8025, Transport::Tcp),
        (Protocol::Udp, 53, 8053, Transport::Udp),
    ] {
        let mut sketch = with_port(protocol, number);
        sketch.door("web", 0, plain(number, transport));
        let model = planned(sketch);
        let expected = published(machine, number, transport);
        assert_eq!(service(&model, "web").published, [expected]);
        assert_eq!(gateway(&model), None);
    }
}

#[test]
fn several_paths_of_one_grpc_port_are_one_port_of_the_machine() {
    let mut sketch = with_port(Protocol::Grpc, 5000);
    sketch.door("web", 0, http("localhost", "/shop.Cart"));
    sketch.door("web", 0, http("localhost", "/shop.Orders"));
    let model = planned(sketch);
    let expected = published(5000, 5000, Transport::Tcp);
    assert_eq!(service(&model, "web").published, [expected]);
}

#[test]
fn two_claims_on_one_port_of_the_machine_are_refused() {
    let mut with_http = with_port(Protocol::Tcp, 80);
    with_http.listen(
        "web",
        &[port("tcp", 80, Protocol::Tcp), port("http", 3000, Protocol::Http)],
    );
    with_http.door("web", 0, plain(80, Transport::Tcp));
    with_http.door("web", 1, http("localhost", "/"));
    assert_eq!(refused(with_http), ["host-port-clash"]);

    let mut grpc = Sketch::new(&["a", "b"], &[], &[]);
    for role in ["a", "b"] {
        grpc.listen(role, &[port("grpc", 5000, Protocol::Grpc)]);
        grpc.door(role, 0, http("localhost", &format!("/{role}")));
    }
    assert_eq!(refused(grpc), ["host-port-clash"]);
}

#[test]
fn one_number_on_two_transports_is_no_clash() {
    let mut sketch = with_port(Protocol::Tcp, 53);
    sketch.listen(
        "web",
        &[port("tcp", 53, Protocol::Tcp), port("udp", 53, Protocol::Udp)],
    );
    sketch.door("web", 0, plain(53, Transport::Tcp));
    sketch.door("web", 1, plain(53, Transport::Udp));
    assert_eq!(service(&planned(sketch), "web").published.len(), 2);
}

#[test]
fn http_enters_where_public_addresses_say_and_elsewhere_at_8080() {
    for (http_port, expected) in [(Some(9000), 9000), (None, 80)] {
        let mut sketch = with_port(Protocol::Http, 3000);
        sketch.environment.http_port = http_port;
        sketch.door("web", 0, http("localhost", "/"));
        let model = planned(sketch);
        let expected = published(expected, 3000, Transport::Tcp);
        assert_eq!(service(&model, "web").published, [expected]);
    }
    let mut sketch = with_port(Protocol::Http, 3000).elsewhere();
    sketch.door("web", 0, http("shop.example.com", "/"));
    let (model, notes) = planned_with_notes(sketch);
    let expected = published(8080, 3000, Transport::Tcp);
    assert_eq!(service(&model, "web").published, [expected]);
    assert_eq!(notes, ["local-plain"]);
}

#[test]
fn labels_say_what_a_port_cannot() {
    let mut sketch = with_port(Protocol::Http, 3000);
    sketch.door("web", 0, http("localhost", "/"));
    let model = planned(sketch);
    let labels = &service(&model, "web").labels;
    assert_eq!(labels["exoc.ports"], "main=3000/http");
    assert_eq!(
        labels["exoc.doors"],
        "protocol=http host=localhost path=/ port=3000 strip=false timeout=60s"
    );
}
