//! Ways in other than a Gateway of the application's own: an Ingress, and a Gateway that is there.

use super::sample::{self, Draft};
use super::{planned_with, printed_by, set, texts};
use exoc_diagnostics::{Node, Severity};
use exoc_ir::{NodeId, Program, Protocol};
use yaml_rust2::{Yaml, YamlLoader};

fn options(program: &Program, texts: &[(&str, &str)]) -> Node {
    super::texts(program.at(NodeId::App, ""), texts)
}

fn ingress(program: &Program) -> Node {
    let texts = [
        ("entry", "ingress"),
        ("ingress-class", "traefik"),
        ("ingress-namespace", "traefik-system"),
        ("cluster-issuer", "letsencrypt"),
    ];
    options(program, &texts)
}

fn given(program: &Program) -> Node {
    let at = program.at(NodeId::App, "");
    let mut options = texts(at, &[]);
    let gateway = texts(at, &[("name", "shared"), ("namespace", "gateways")]);
    set(&mut options, "gateway", gateway);
    options
}

/// A service with two hosts and one with two paths.
fn site(draft: &mut Draft) {
    let image = draft.pinned("redis:7.4");
    let api = sample::workload(image, &[("http", 4000, Protocol::Http)]);
    let api = draft.service(sample::service("api", api));
    let web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    let web = draft.service(sample::service("web", web));
    draft.http(api, 0, "example.com", "/api", false, 60);
    draft.http(api, 0, "example.com", "/a", false, 60);
    draft.http(web, 0, "example.com", "/", false, 60);
    draft.http(web, 0, "www.example.com", "/", false, 60);
}

fn documents(program: &Program, options: &Node, file: &str) -> Vec<Yaml> {
    YamlLoader::load_from_str(&printed_by(program, options)[file]).expect("YAML")
}

fn list(node: &Yaml) -> &[Yaml] {
    node.as_vec().map(Vec::as_slice).unwrap_or_default()
}

#[test]
fn one_ingress_has_all_hosts_with_their_certificates_and_the_longest_path_first() {
    let mut draft = Draft::new();
    site(&mut draft);
    let program = draft.finish();
    let documents = documents(&program, &ingress(&program), "ingress.yaml");
    let [ingress, solvers] = documents.as_slice() else {
        panic!("{documents:?}")
    };
    let spec = &ingress["spec"];
    assert_eq!(spec["ingressClassName"].as_str(), Some("traefik"));
    let annotations = &ingress["metadata"]["annotations"];
    assert_eq!(
        annotations["cert-manager.io/cluster-issuer"].as_str(),
        Some("letsencrypt")
    );
    let tls: Vec<_> = list(&spec["tls"])
        .iter()
        .map(|tls| (tls["hosts"][0].as_str(), tls["secretName"].as_str()))
        .collect();
    assert_eq!(
        tls,
        [
            (Some("example.com"), Some("example.com-tls")),
            (Some("www.example.com"), Some("www.example.com-tls"))
        ]
    );
    let mut ways = Vec::new();
    for rule in list(&spec["rules"]) {
        for path in list(&rule["http"]["paths"]) {
            let service = &path["backend"]["service"];
            ways.push((
                rule["host"].as_str().expect("a host"),
                path["path"].as_str().expect("a path"),
                path["pathType"].as_str().expect("a type"),
                service["name"].as_str().expect("a Service"),
                service["port"]["number"].as_i64().expect("a number"),
            ));
        }
    }
    assert_eq!(
        ways,
        [
            ("example.com", "/api", "Prefix", "api", 4000),
            ("example.com", "/a", "Prefix", "api", 4000),
            ("example.com", "/", "Prefix", "web", 8080),
            ("www.example.com", "/", "Prefix", "web", 8080),
        ]
    );
    assert_eq!(solvers["metadata"]["name"].as_str(), Some("exoc-allow-solvers"));
}

#[test]
fn only_the_pods_of_the_way_in_reach_public_services() {
    let mut draft = Draft::new();
    site(&mut draft);
    let program = draft.finish();
    for (options, namespace) in [
        (ingress(&program), "traefik-system"),
        (given(&program), "gateways"),
    ] {
        let documents = documents(&program, &options, "web.yaml");
        let policy = documents
            .iter()
            .find(|it| it["kind"].as_str() == Some("NetworkPolicy"));
        let ingress = list(&policy.expect("a policy")["spec"]["ingress"]);
        assert_eq!(ingress.len(), 1);
        let labels = &ingress[0]["from"][0]["namespaceSelector"]["matchLabels"];
        assert_eq!(labels["kubernetes.io/metadata.name"].as_str(), Some(namespace));
        let is_routed = documents
            .iter()
            .any(|it| it["kind"].as_str() == Some("HTTPRoute"));
        assert_eq!(is_routed, namespace == "gateways");
    }
}

#[test]
fn routes_attach_to_the_listeners_of_a_gateway_that_is_there_and_nothing_of_it_is_printed() {
    let mut draft = Draft::new();
    site(&mut draft);
    let program = draft.finish();
    let files = printed_by(&program, &given(&program));
    assert!(
        files
            .values()
            .all(|text| !text.contains("kind: Gateway\nmetadata"))
    );
    let parent = |document: &Yaml| {
        let parents = list(&document["spec"]["parentRefs"]);
        assert_eq!(parents.len(), 1);
        ["namespace", "name", "sectionName"].map(|key| parents[0][key].as_str().expect("a text").to_owned())
    };
    let redirects = documents(&program, &given(&program), "gateway.yaml");
    assert_eq!(redirects.len(), 1);
    assert_eq!(parent(&redirects[0]), ["gateways", "shared", "http"]);
    let hosts: Vec<_> = list(&redirects[0]["spec"]["hostnames"])
        .iter()
        .map(Yaml::as_str)
        .collect();
    assert_eq!(hosts, [Some("example.com"), Some("www.example.com")]);
    for file in ["web.yaml", "api.yaml"] {
        let documents = documents(&program, &given(&program), file);
        let route = documents
            .iter()
            .find(|it| it["kind"].as_str() == Some("HTTPRoute"));
        assert_eq!(
            parent(route.expect("a route")),
            ["gateways", "shared", "https"],
            "{file}"
        );
    }
}

#[test]
fn many_hosts_are_redirected_by_several_routes() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    let web = draft.service(sample::service("web", web));
    for number in 0..70 {
        draft.http(web, 0, &format!("h{number:02}.example.com"), "/", false, 60);
    }
    let program = draft.finish();
    let redirects = documents(&program, &given(&program), "gateway.yaml");
    let hosts: Vec<usize> = redirects
        .iter()
        .map(|it| list(&it["spec"]["hostnames"]).len())
        .collect();
    assert_eq!(hosts, [16, 16, 16, 16, 6]);
    assert_eq!(redirects[1]["metadata"]["name"].as_str(), Some("exoc-redirect.2"));
}

#[test]
fn what_an_ingress_has_no_word_for_is_refused_at_its_line_and_once() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut lines = Vec::new();
    let ports = [("http", 8080, Protocol::Http)];
    let slow = draft.service(sample::service("slow", sample::workload(image, &ports)));
    draft.http(slow, 0, "example.com", "/slow", false, 300);
    lines.push((draft.writes(slow, "route.timeout"), "a timeout of a route"));
    let stripped = draft.service(sample::service("stripped", sample::workload(image, &ports)));
    draft.http(stripped, 0, "a.example.com", "/a", true, 60);
    draft.http(stripped, 0, "b.example.com", "/a", true, 60);
    lines.push((draft.writes(stripped, "route.strip"), "a path that is removed"));
    let program = draft.finish();
    let (_, diagnostics) = planned_with(&program, &ingress(&program));
    let sources = sample::sources();
    let told: Vec<(usize, &str)> = diagnostics
        .iter()
        .filter(|it| it.code.severity == Severity::Error)
        .map(|it| {
            assert_eq!(it.code.id, "EX0401");
            let at = it.primary.as_ref().expect("a place").span;
            (sources.start(at).expect("a line").line, it.message.as_str())
        })
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    for ((line, message), (wanted, what)) in told.iter().zip(lines) {
        assert!(
            *line == wanted && message.contains(what),
            "{line} {wanted} {message}"
        );
    }
}

#[test]
fn grpc_and_http2_need_a_gateway() {
    for protocol in [Protocol::Grpc, Protocol::Http2] {
        let mut draft = Draft::new();
        let image = draft.pinned("redis:7.4");
        let web = sample::workload(image, &[("h2", 8080, protocol)]);
        let web = draft.service(sample::service("web", web));
        draft.http(web, 0, "example.com", "/", false, 60);
        let program = draft.finish();
        let (model, diagnostics) = planned_with(&program, &ingress(&program));
        assert!(model.is_none());
        assert!(
            diagnostics
                .iter()
                .any(|it| it.message.contains("http2 and grpc behind the entry"))
        );
    }
}
