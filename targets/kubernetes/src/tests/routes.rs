//! The gateway and its routes.

use super::sample::{self, Draft};
use super::{codes, model, objects};
use crate::model::{Gateway, Match, Model, Object, Route, RouteKind, RouteRules};
use exoc_ir::Protocol;

fn routes(model: &Model) -> Vec<&Route> {
    let routes = objects(model).filter_map(|object| {
        if let Object::Route(route) = object {
            Some(route)
        } else {
            None
        }
    });
    routes.collect()
}

fn gateway(model: &Model) -> Option<&Gateway> {
    objects(model).find_map(|object| {
        if let Object::Gateway(gateway) = object {
            Some(gateway)
        } else {
            None
        }
    })
}

fn rules(route: &Route) -> Vec<(Match, bool, Option<u32>, u16)> {
    match &route.rules {
        RouteRules::RedirectToHttps => Vec::new(),
        RouteRules::Forward(rules) => rules
            .iter()
            .map(|rule| (rule.matches.clone(), rule.strip, rule.timeout, rule.port))
            .collect(),
    }
}

fn prefix(path: &str) -> Match {
    Match::Prefix(path.into())
}

#[test]
fn every_host_has_a_listener_with_tls_and_the_plain_one_only_redirects() {
    let model = model(&sample::shop());
    let listeners: Vec<_> = gateway(&model)
        .expect("a gateway")
        .listeners
        .iter()
        .map(|it| {
            (
                it.name.as_str(),
                it.port,
                it.host.as_deref(),
                it.certificate.as_deref(),
            )
        })
        .collect();
    let host = |section, host, secret| (section, 443, Some(host), Some(secret));
    assert_eq!(
        listeners,
        [
            ("http", 80, None, None),
            host(
                "https-greet.shop.example.com",
                "greet.shop.example.com",
                "greet.shop.example.com-tls"
            ),
            host(
                "https-shop.example.com",
                "shop.example.com",
                "shop.example.com-tls"
            ),
            host(
                "https-www.shop.example.com",
                "www.shop.example.com",
                "www.shop.example.com-tls"
            ),
        ]
    );
    for route in routes(&model) {
        let plain = route.parents.iter().any(|parent| parent.section == "http");
        assert_eq!(
            plain,
            route.rules == RouteRules::RedirectToHttps,
            "{}",
            route.meta.name
        );
    }
}

#[test]
fn paths_are_prefixes_with_their_own_rule_timeout_and_strip() {
    let model = model(&sample::shop());
    let find = |name: &str| {
        *routes(&model)
            .iter()
            .find(|it| it.meta.name == name)
            .expect("a route")
    };
    assert_eq!(rules(find("api")), [(prefix("/api"), true, Some(120), 4000)]);
    assert_eq!(rules(find("web")), [(prefix("/"), false, Some(60), 80)]);
    assert_eq!(find("web").hosts, ["shop.example.com", "www.shop.example.com"]);
    let greeter = find("greeter");
    assert_eq!(greeter.kind, RouteKind::Grpc);
    assert_eq!(
        rules(greeter),
        [(Match::GrpcService("shop.Greeter".into()), false, None, 5000)]
    );
}

/// A gRPC and an HTTP service on the given hosts.
fn mixed(grpc_host: &str, grpc_timeout: u32) -> Model {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let greeter = sample::workload(image, &[("grpc", 5000, Protocol::Grpc)]);
    let greeter = draft.service(sample::service("greeter", greeter));
    let web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    let web = draft.service(sample::service("web", web));
    draft.http(greeter, 0, grpc_host, "/shop.Greeter", false, grpc_timeout);
    draft.http(web, 0, "shop.example.com", "/", false, 60);
    model(&draft.finish())
}

#[test]
fn grpc_is_an_http_route_where_a_grpc_route_would_clash_or_lose_its_timeout() {
    let kind = |model: &Model| {
        let found = routes(model)
            .into_iter()
            .find(|it| it.meta.name == "greeter")
            .map(|it| (it.kind, rules(it)));
        found.expect("a route")
    };
    assert_eq!(kind(&mixed("grpc.example.com", 60)).0, RouteKind::Grpc);
    let as_http = |timeout| {
        (
            RouteKind::Http,
            vec![(prefix("/shop.Greeter"), false, Some(timeout), 5000)],
        )
    };
    assert_eq!(kind(&mixed("shop.example.com", 60)), as_http(60));
    assert_eq!(kind(&mixed("grpc.example.com", 90)), as_http(90));
}

#[test]
fn more_hosts_or_paths_than_a_route_holds_become_more_routes() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    let web = draft.service(sample::service("web", web));
    for host in 0..20 {
        for path in 0..17 {
            draft.http(
                web,
                0,
                &format!("h{host:02}.example.com"),
                &format!("/p{path:02}"),
                false,
                60,
            );
        }
    }
    let model = model(&draft.finish());
    let mut seen = std::collections::BTreeSet::new();
    let mut names = std::collections::BTreeSet::new();
    for route in routes(&model)
        .into_iter()
        .filter(|it| it.rules != RouteRules::RedirectToHttps)
    {
        assert!(route.hosts.len() <= 16 && route.parents.len() <= 32 && rules(route).len() <= 16);
        assert!(names.insert(route.meta.name.clone()), "{}", route.meta.name);
        for host in &route.hosts {
            for (matches, ..) in rules(route) {
                let Match::Prefix(path) = matches else {
                    panic!("a prefix")
                };
                assert!(seen.insert((host.clone(), path)), "twice");
            }
        }
    }
    assert_eq!(seen.len(), 20 * 17);
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        ["web", "web.2", "web.3", "web.4"]
    );
}

#[test]
fn more_hosts_than_a_gateway_holds_are_refused() {
    let with = |count: usize| {
        let mut draft = Draft::new();
        let image = draft.pinned("redis:7.4");
        let web = sample::workload(image, &[("http", 8080, Protocol::Http)]);
        let web = draft.service(sample::service("web", web));
        for host in 0..count {
            draft.http(web, 0, &format!("h{host:02}.example.com"), "/", false, 60);
        }
        codes(&draft.finish())
    };
    assert!(with(63).is_empty());
    assert_eq!(with(64), ["EX0406"]);
}

#[test]
fn without_http_doors_there_is_no_gateway() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    draft.service(sample::service("worker", sample::workload(image, &[])));
    assert_eq!(gateway(&model(&draft.finish())), None);
}

#[test]
fn locally_there_is_one_plain_listener_and_no_redirect() {
    let model = model(&sample::local());
    let gateway = gateway(&model).expect("a gateway");
    let listeners: Vec<_> = gateway
        .listeners
        .iter()
        .map(|it| (it.port, it.certificate.as_deref()))
        .collect();
    assert_eq!(listeners, [(8080, None)]);
    let routes = routes(&model);
    assert_eq!(routes.len(), 1);
    assert_eq!(routes[0].parents[0].section, "http");
    assert_eq!(routes[0].hosts, ["localhost"]);
    assert!(model.readme.certificates.is_empty());
}
