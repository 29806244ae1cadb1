//! Every block says which line of the manifest it comes from, and the line is the right one.

use super::{files, files_with};
use crate::support::{
    Choice, Sample, check, fixed, line, managed, options, shop, skeleton, sources, workload,
};
use exoc_ir::{Artifacts, Attribute, Id, NodeId, Part, Probe, Product, Program, Protocol, Scale, Value};
use std::collections::BTreeMap;

/// The last line of each block's comment, by the block's first line without its brace.
fn origins(artifacts: &Artifacts) -> BTreeMap<String, String> {
    let mut origins = BTreeMap::new();
    for (path, file) in artifacts.iter() {
        // The module that makes the bucket of the state, and the page, are no part of this one.
        if path.as_str().contains('/') || !path.as_str().ends_with(".tf") {
            continue;
        }
        let text = String::from_utf8(file.contents.clone()).unwrap();
        let mut before = "";
        for line in text.lines() {
            if let Some(block) = line.strip_suffix(" {")
                && line.starts_with(|first: char| first.is_ascii_lowercase())
            {
                origins.insert(format!("{path}: {block}"), before.to_owned());
            }
            before = line;
        }
    }
    origins
}

/// The comment for some lines.
fn from(lines: &[usize]) -> String {
    let places = lines.iter().map(|number| line(*number));
    format!("# {}", exoc_emit::origin::origin(sources(), places).unwrap())
}

fn line_of(program: &Program, node: NodeId, field: &str) -> usize {
    sources().start(program.at(node, field)).unwrap().line
}

#[track_caller]
fn block<'o>(origins: &'o BTreeMap<String, String>, block: &str) -> &'o str {
    let mut found = origins.iter().filter(|(name, _)| name.ends_with(block));
    let (_, words) = found.next().unwrap_or_else(|| panic!("no block `{block}`"));
    assert!(found.next().is_none(), "two blocks `{block}`");
    words
}

#[test]
fn every_block_of_every_file_says_where_it_comes_from() {
    let without_nat = {
        let program = skeleton();
        let options = options(&[
            ("region", Choice::Text("eu-central-1")),
            ("account", Choice::Text("123456789012")),
            ("nat", Choice::Text("none")),
        ]);
        files_with(&program, &options)
    };
    let mut walked = 0;
    for artifacts in [files(&shop(None)), files(&skeleton()), without_nat] {
        for (name, words) in origins(&artifacts) {
            walked += 1;
            let line = words.strip_prefix("# From application.yml:");
            let fine = line.is_some_and(|line| {
                line.ends_with('.') && line.starts_with(|first: char| first.is_ascii_digit())
            });
            assert!(fine, "{name}: {words}");
        }
    }
    assert!(walked > 250, "only {walked} blocks were walked");
}

/// A public service, its database and its secret, with everything written on lines of their own.
fn written() -> Program {
    let mut sample = Sample::new("written", None, &["KEY"], &["db"], &["db"]);
    let image = sample.built("api");
    let mut api = workload(
        image,
        &[("http", 4000, Protocol::Http), ("admin", 4001, Protocol::Http)],
    );
    let key = sample.secret("KEY");
    let text = Part::Text("Bearer ".into());
    api.environment
        .insert("AUTHORIZATION".into(), Value::new([text, Part::Secret(key)]));
    let url = Part::Attribute(Id::new(0), Attribute::Url);
    api.environment.insert("DB_URL".into(), Value::new([url]));
    api.health = Some(check(Probe::Http {
        port: 0,
        path: "/".into(),
    }));
    let scale = Scale {
        min: 2,
        max: 4,
        cpu: Some(70),
        ..fixed(2)
    };
    sample.service("api", api, scale);
    for field in [
        "build",
        "cpu",
        "environment.AUTHORIZATION",
        "environment.DB_URL",
        "health",
        "ports.http",
        "ports.admin",
        "scale",
        "scale.cpu",
    ] {
        sample.writes("api", field);
    }
    let db = managed(Product::Postgres, "17", sample.secret("DB_PASSWORD"));
    sample.backing("db", db);
    sample.writes("db", "storage");
    sample.uses("api", "db", &[5432]);
    sample.door("api", 0, "shop.example.com", "/", false);
    sample.door("api", 0, "www.example.com", "/", false);
    sample.finish()
}

#[test]
fn a_block_names_the_nearest_line_that_decided_it() {
    let program = written();
    let origins = origins(&files(&program));
    let api = |field| line_of(&program, NodeId::Service(Id::new(0)), field);
    let db = |field| line_of(&program, NodeId::Backing(Id::new(0)), field);
    let doors = [0, 1].map(|index| line_of(&program, NodeId::Door(index), ""));
    let edge = sources()
        .start(program.edges()[0].reasons[0].span())
        .unwrap()
        .line;
    let image = line_of(&program, NodeId::Image(Id::new(0)), "");
    let secrets = program.secrets().iter();
    let secret: BTreeMap<&str, usize> = secrets
        .map(|(id, secret)| (secret.name.as_str(), line_of(&program, NodeId::Secret(id), "")))
        .collect();
    let expected = [
        ("\"aws_cloudwatch_log_group\" \"api\"", vec![api("")]),
        ("\"aws_iam_role\" \"api_task\"", vec![api("")]),
        (
            "\"aws_ecs_task_definition\" \"api\"",
            vec![api(""), api("build"), api("cpu")],
        ),
        (
            "\"aws_service_discovery_service\" \"api\"",
            vec![api("ports.http"), api("ports.admin")],
        ),
        ("\"aws_ecs_service\" \"api\"", vec![api(""), api("scale")]),
        ("\"aws_appautoscaling_target\" \"api\"", vec![api("scale")]),
        (
            "\"aws_appautoscaling_policy\" \"api_cpu\"",
            vec![api("scale.cpu")],
        ),
        ("\"api_to_db_5432\"", vec![edge]),
        ("\"db_from_api_5432\"", vec![edge]),
        ("\"api_from_exoc_load_balancer_4000\"", doors.to_vec()),
        ("\"exoc_load_balancer_to_api_4000\"", doors.to_vec()),
        (
            "\"aws_lb_target_group\" \"api_4000\"",
            [doors.to_vec(), vec![api("health")]].concat(),
        ),
        ("\"aws_lb\" \"main\"", doors.to_vec()),
        ("\"aws_s3_bucket\" \"exoc_logs\"", doors.to_vec()),
        (
            "\"aws_secretsmanager_secret\" \"key_supplied\"",
            vec![secret["KEY"]],
        ),
        (
            "\"aws_secretsmanager_secret\" \"api_composed\"",
            vec![api("environment.AUTHORIZATION")],
        ),
        (
            "\"aws_secretsmanager_secret\" \"db_url\"",
            vec![api("environment.DB_URL")],
        ),
        ("\"aws_secretsmanager_secret\" \"db_password\"", vec![db("")]),
        ("\"aws_db_subnet_group\" \"db\"", vec![db("")]),
        ("\"aws_db_instance\" \"db\"", vec![db(""), db("storage")]),
        ("\"aws_ecr_repository\" \"api\"", vec![image, api("build")]),
        ("variable \"images\"", vec![image, api("build")]),
        ("variable \"secrets\"", vec![secret["KEY"]]),
        (
            "variable \"secret_versions\"",
            vec![secret["KEY"], secret["DB_PASSWORD"]],
        ),
        (
            "variable \"deletion_protection\"",
            [doors.to_vec(), vec![db("")]].concat(),
        ),
        ("output \"urls\"", doors.to_vec()),
        ("provider \"aws\"", vec![1]),
    ];
    for (name, lines) in expected {
        assert_eq!(block(&origins, name), from(&lines), "{name}");
    }
}

#[test]
fn what_belongs_to_one_host_names_its_route_alone() {
    let program = written();
    let origins = origins(&files(&program));
    for (index, door) in program.doors().iter().enumerate() {
        let exoc_ir::Entrance::Http { host, .. } = &door.entrance else {
            panic!("no host")
        };
        let words = block(
            &origins,
            &format!("\"aws_acm_certificate\" \"{}\"", host.replace('.', "_")),
        );
        let line = line_of(&program, NodeId::Door(index), "");
        assert!(
            words.contains(&format!("application.yml:{line}")),
            "{host}: {words}"
        );
        assert!(words.matches("application.yml").count() <= 2, "{host}: {words}");
    }
}

#[test]
fn a_rule_that_two_externals_share_names_the_lines_of_both() {
    let program = {
        let mut sample = Sample::new("shared", None, &[], &[], &["one", "two"]);
        let image = sample.pinned("busybox:1.37.0");
        sample.service("api", workload(image, &[]), fixed(1));
        for role in ["one", "two"] {
            sample.backing(
                role,
                exoc_ir::Engine::External(exoc_ir::External {
                    url: Value::literal(format!("https://{role}.example.com")),
                    host: format!("{role}.example.com"),
                    port: 443,
                }),
            );
            sample.uses("api", role, &[443]);
        }
        sample.finish()
    };
    let origins = origins(&files(&program));
    let edges = program.edges().iter();
    let mut lines: Vec<usize> = edges
        .map(|edge| sources().start(edge.reasons[0].span()).unwrap().line)
        .collect();
    lines.extend([0, 1].map(|index| line_of(&program, NodeId::Backing(Id::new(index)), "")));
    assert_eq!(block(&origins, "\"api_to_one_443\""), from(&lines));
}
