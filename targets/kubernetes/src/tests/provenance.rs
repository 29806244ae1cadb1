//! Every block says which line of the manifest it comes from, and the line is the right one.

use super::printed;
use super::sample::{self, Draft};
use exoc_ir::{
    Callee, Capabilities, Component, NodeId, Origin, Part, Probe, Product, Program, Protocol, Reason, Value,
};

/// Whether a line is such a comment.
fn is_origin(line: &str) -> bool {
    let words = line.trim_start().strip_prefix("# From application.yml:");
    words.is_some_and(|words| words.ends_with('.') && words.starts_with(|c: char| c.is_ascii_digit()))
}

/// The file of that name, by documents.
fn documents(program: &Program, name: &str) -> Vec<String> {
    printed(program)[name].split("---\n").map(str::to_owned).collect()
}

/// The line above the first line that reads so, after the first that reads like `after`.
fn above(text: &str, after: &str, line: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let from = lines.iter().position(|it| *it == after).expect("the first line");
    let at = lines[from..].iter().position(|it| *it == line).expect("the line") + from;
    lines[at - 1].to_owned()
}

/// The comment that names these lines, which come sorted; those that follow each other as a range.
fn lines(numbers: &[usize]) -> String {
    let places: Vec<String> = numbers
        .chunk_by(|one, next| one + 1 == *next)
        .map(|run| match run {
            [first, .., last] => format!("application.yml:{first}-{last}"),
            [one] => format!("application.yml:{one}"),
            [] => String::new(),
        })
        .collect();
    let (last, others) = places.split_last().expect("a line");
    if others.is_empty() {
        format!("# From {last}.")
    } else {
        format!("# From {} and {last}.", others.join(", "))
    }
}

/// The line on which a node stands, counted from 1.
fn line_of(program: &Program, node: NodeId) -> usize {
    let sources = sample::sources();
    sources.start(program.at(node, "")).expect("a place").line
}

fn component_line(program: &Program, role: &str) -> usize {
    let mut services = program.services().iter();
    let service = services.find(|(_, it)| it.role == role);
    let backing = program.backings().iter().find(|(_, it)| it.role == role);
    match (service, backing) {
        (Some((id, _)), _) => line_of(program, NodeId::Service(id)),
        (None, Some((id, _))) => line_of(program, NodeId::Backing(id)),
        (None, None) => panic!("no `{role}`"),
    }
}

#[test]
fn every_document_of_every_file_says_where_it_comes_from() {
    let mut walked = 0;
    for (name, program) in sample::all() {
        for (file, text) in printed(&program) {
            if !file.ends_with(".yaml") {
                assert!(!text.lines().any(is_origin), "{name}/{file}");
                continue;
            }
            for document in text.split("---\n") {
                walked += 1;
                let first = document.lines().next().unwrap_or_default();
                assert!(
                    is_origin(first) && !first.starts_with(' '),
                    "{name}/{file}: {document}"
                );
            }
        }
    }
    assert!(walked > 60, "only {walked} documents were walked");
}

#[test]
fn every_rule_of_a_components_policy_and_every_image_of_the_registry_says_where_it_comes_from() {
    let mut walked = 0;
    for (name, program) in sample::all() {
        let shared = ["network.yaml", "gateway.yaml", "README.md"];
        for (file, text) in printed(&program) {
            if shared.contains(&file.as_str()) {
                continue;
            }
            let lines: Vec<&str> = text.lines().collect();
            for pair in lines.windows(2) {
                if ["- from:", "- to:"].contains(&pair[1].trim()) || pair[1].starts_with("  - name: ") {
                    walked += 1;
                    assert!(is_origin(pair[0]), "{name}/{file}: {pair:?}");
                }
            }
        }
    }
    assert!(walked > 20, "only {walked} were walked");
}

#[test]
fn objects_of_a_component_name_its_line() {
    let program = sample::shop();
    for (role, kinds) in [
        ("api", ["ServiceAccount", "Deployment", "NetworkPolicy"]),
        ("db", ["ServiceAccount", "StatefulSet", "NetworkPolicy"]),
    ] {
        for kind in kinds {
            let documents = documents(&program, &format!("{role}.yaml"));
            let kind = format!("\nkind: {kind}\n");
            let document = documents
                .iter()
                .find(|it| it.contains(&kind))
                .expect("the object");
            let head = document.lines().next();
            let line = component_line(&program, role);
            assert_eq!(head, Some(lines(&[line]).as_str()), "{role} {kind}");
        }
    }
}

#[test]
fn both_ends_of_an_edge_name_the_line_that_made_it() {
    let program = sample::shop();
    let sources = sample::sources();
    let (mail, _) = program
        .backings()
        .iter()
        .find(|(_, it)| it.role == "mail")
        .expect("an external");
    let mail = program.at(NodeId::Backing(mail), "");
    let line = |edge: &exoc_ir::Edge| {
        let mut spans: Vec<_> = edge.reasons.iter().map(|reason: &Reason| reason.span()).collect();
        if let Callee::Component(callee) = edge.to
            && program.role(callee) == "mail"
        {
            spans.push(mail);
        }
        spans.sort();
        let lines = spans
            .into_iter()
            .filter_map(|span| Some(sources.start(span)?.line));
        self::lines(&lines.collect::<Vec<_>>())
    };
    let mut walked = 0;
    for edge in program.edges() {
        let caller = &printed(&program)[&format!("{}.yaml", program.role(edge.from))];
        assert!(
            caller.contains(&format!("    {}\n    - to:\n", line(edge))),
            "{edge:?}"
        );
        if let Callee::Component(callee) = edge.to
            && program.workload(callee).is_some()
        {
            let callee = &printed(&program)[&format!("{}.yaml", program.role(callee))];
            assert!(
                callee.contains(&format!("    {}\n    - from:\n", line(edge))),
                "{edge:?}"
            );
            walked += 1;
        }
    }
    assert!(walked >= 2, "only {walked} edges were walked");
}

/// A service and a database with everything written, and the lines of it.
struct Written {
    program: Program,
    line: std::collections::BTreeMap<&'static str, usize>,
}

fn written() -> Written {
    let mut draft = Draft::new();
    let image = draft.built("api", Some("ghcr.io/acme/api:1"));
    let administrator = draft.secret(
        "DB_ADMINISTRATOR_PASSWORD",
        Origin::AdministratorOf(exoc_ir::Id::new(0)),
    );
    let password = draft.secret("DB_PASSWORD", Origin::PasswordOf(exoc_ir::Id::new(0)));
    let key = draft.supplied("KEY");
    let mut workload = sample::workload(image, &[("http", 8080, Protocol::Http)]);
    workload
        .environment
        .insert("KEY".into(), Value::new([Part::Secret(key)]));
    workload
        .environment
        .insert("LEVEL".into(), Value::literal("debug"));
    workload.health = Some(sample::health(Probe::Tcp { port: 0 }, 10, 3, 3, 30));
    workload.security.capabilities = Capabilities::Only(["CHOWN".to_owned()].into());
    workload.command = Some(vec![Value::literal("serve")]);
    let mut service = sample::service("api", workload);
    service.scale = sample::fixed(3);
    let api = draft.service(service);
    let db = draft.backing(
        "db",
        sample::managed(Product::Postgres, "17", password, Some(administrator)),
    );
    let fields = [
        (api, "build"),
        (api, "command"),
        (api, "ports.http"),
        (api, "environment.KEY"),
        (api, "environment.LEVEL"),
        (api, "cpu"),
        (api, "health"),
        (api, "shutdown"),
        (api, "security.user"),
        (api, "security.capabilities"),
        (api, "writable./tmp"),
        (api, "scale"),
        (db, "version"),
        (db, "storage"),
    ];
    let line =
        fields.map(|(component, field): (Component, &'static str)| (field, draft.writes(component, field)));
    draft.http(api, 0, "shop.example.com", "/", false, 60);
    Written {
        program: draft.finish(),
        line: line.into(),
    }
}

#[test]
fn parts_that_were_written_name_their_own_lines() {
    let Written { program, line } = written();
    let of = |fields: &[&str]| lines(&fields.iter().map(|field| line[field]).collect::<Vec<_>>());
    let api = &printed(&program)["api.yaml"];
    let say = |after, at| above(api, after, at);
    assert_eq!(say("kind: Deployment", "replicas: 3"), of(&["scale"]));
    assert_eq!(
        say("spec:", "terminationGracePeriodSeconds: 35"),
        of(&["shutdown"])
    );
    assert_eq!(say("spec:", "securityContext:"), of(&["security.user"]));
    assert_eq!(say("containers:", "- name: api"), of(&["build", "command"]));
    assert_eq!(say("containers:", "ports:"), of(&["ports.http"]));
    assert_eq!(
        say("containers:", "env:"),
        of(&["environment.KEY", "environment.LEVEL"])
    );
    assert_eq!(say("containers:", "resources:"), of(&["cpu"]));
    assert_eq!(say("containers:", "startupProbe:"), of(&["health"]));
    assert_eq!(
        say("containers:", "securityContext:"),
        of(&["security.capabilities"])
    );
    assert_eq!(say("containers:", "volumes:"), of(&["writable./tmp"]));
    assert_eq!(say("kind: PodDisruptionBudget", "maxUnavailable: 1"), "spec:");
    let budget = documents(&program, "api.yaml")
        .into_iter()
        .find(|it| it.contains("PodDisruptionBudget"));
    assert!(budget.expect("a budget").starts_with(&of(&["scale"])));
    let service = documents(&program, "api.yaml")
        .into_iter()
        .find(|it| it.contains("kind: Service\n"));
    assert!(service.expect("a service").starts_with(&of(&["ports.http"])));
    let route = documents(&program, "api.yaml")
        .into_iter()
        .find(|it| it.contains("HTTPRoute"));
    let route = route.expect("a route");
    assert!(route.starts_with(&lines(&[line_of(&program, NodeId::Door(0))])));
    assert_eq!(route.lines().filter(|it| is_origin(it)).count(), 1, "{route}");
    let db = &printed(&program)["db.yaml"];
    assert_eq!(above(db, "containers:", "- name: db"), of(&["version"]));
    assert_eq!(
        above(db, "volumeClaimTemplates:", "- apiVersion: v1"),
        of(&["storage"])
    );
    let kustomization = &printed(&program)["kustomization.yaml"];
    let image = line_of(&program, NodeId::Image(exoc_ir::Id::new(0)));
    assert_eq!(
        above(kustomization, "images:", "- name: api"),
        lines(&[image, line["build"]])
    );
}

#[test]
fn a_secret_reference_names_the_line_of_the_secret() {
    let Written { program, line: _ } = written();
    let secret = |name: &str| {
        let found = program.secrets().iter().find(|(_, it)| it.name == name);
        let (id, secret) = found.expect("a secret");
        match secret.origin {
            Origin::Supplied { .. } | Origin::Generated { .. } => line_of(&program, NodeId::Secret(id)),
            Origin::PasswordOf(db) | Origin::AdministratorOf(db) => line_of(&program, NodeId::Backing(db)),
        }
    };
    let files = printed(&program);
    assert_eq!(
        above(&files["api.yaml"], "env:", "- name: KEY"),
        lines(&[secret("KEY")])
    );
    let password = above(&files["db.yaml"], "env:", "- name: POSTGRES_PASSWORD");
    assert_eq!(password, lines(&[secret("DB_ADMINISTRATOR_PASSWORD")]));
    assert!(!is_origin(&above(&files["api.yaml"], "env:", "- name: LEVEL")));
}

#[test]
fn a_part_on_the_line_of_its_component_is_quiet() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut service = sample::service("worker", sample::workload(image, &[]));
    service.scale = sample::fixed(2);
    let worker = draft.service(service);
    let Component::Service(id) = worker else {
        panic!("no service")
    };
    let key = draft.builder.draft().at(NodeId::Service(id), "");
    for field in ["image", "cpu", "scale", "security.user"] {
        draft.builder.place(NodeId::Service(id), field, key.part(1, 3));
    }
    let program = draft.finish();
    for document in documents(&program, "worker.yaml") {
        assert_eq!(
            document.lines().filter(|line| is_origin(line)).count(),
            1,
            "{document}"
        );
    }
}

#[test]
fn a_listener_names_its_routes_and_the_domain_and_rules_of_several_lines_name_their_own() {
    let mut draft = Draft::new();
    let image = draft.pinned("redis:7.4");
    let ports = [("http", 8080, Protocol::Http)];
    let web = draft.service(sample::service("web", sample::workload(image, &ports)));
    let domain = draft.line();
    draft.builder.place(NodeId::Environment, "domain", domain);
    draft.http(web, 0, "shop.example.com", "/a", false, 60);
    draft.http(web, 0, "shop.example.com", "/bb", false, 60);
    draft.http(web, 0, "elsewhere.example.org", "/", false, 60);
    let program = draft.finish();
    let door = |path: &str| {
        let found = program.doors().iter().position(|door| match &door.entrance {
            exoc_ir::Entrance::Http { path: it, .. } => it == path,
            exoc_ir::Entrance::Plain { .. } => false,
        });
        line_of(&program, NodeId::Door(found.expect("a door")))
    };
    let domain = sample::sources().start(domain).expect("a place").line;
    let gateway = &printed(&program)["gateway.yaml"];
    let listener = |host: &str| above(gateway, "listeners:", &format!("- name: https-{host}"));
    assert_eq!(
        listener("shop.example.com"),
        lines(&[domain, door("/a"), door("/bb")])
    );
    assert_eq!(listener("elsewhere.example.org"), lines(&[door("/")]));
    let web = documents(&program, "web.yaml");
    let route = web.iter().find(|it| it.contains("value: /bb")).expect("a route");
    assert!(route.starts_with(&lines(&[door("/a"), door("/bb")])));
    for path in ["/a", "/bb"] {
        let rule = format!(
            "    {}\n    - matches:\n        - path:\n            type: PathPrefix\n            value: {path}\n",
            lines(&[door(path)])
        );
        assert!(route.contains(&rule), "{route}");
    }
}

#[test]
fn a_namespace_names_the_field_that_weakens_its_level() {
    let mut draft = Draft::of("root", None);
    let image = draft.pinned("redis:7.4");
    let mut workload = sample::workload(image, &[]);
    workload.security.privileged = true;
    let worker = draft.service(sample::service("worker", workload));
    let line = draft.writes(worker, "security.privileged");
    let namespace = &printed(&draft.finish())["namespace.yaml"];
    assert!(namespace.starts_with(&lines(&[1, line])), "{namespace}");
}
