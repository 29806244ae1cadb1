//! Laws of what is printed for AWS, on every golden and on random programs, read by a parser that is not ours: nothing is
//! open to the world but doors, every key of a document and every action of a policy is one that AWS has, nothing stands
//! outside of what Terraform 1.11 and OpenTofu 1.11 both know, and every name fits.
//!
//! That a port is open in the security groups if and only if there is an edge is said by `equivalence`, where the edges of
//! AWS equal those of Kubernetes. Lists stand in `printed/*.tsv`; a new line says where it is from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::wildcard_enum_match_arm, reason = "types of the parser")]

mod printed;
mod random;

use exoc_lower::Selection;
use exoc_snapshot_tests::facts::Files;
use exoc_snapshot_tests::{case, golden};
use hcl::Body;
use hcl::expr::Expression;
use printed::{Printed, attribute, encoded, expressions, functions, literal, paths, words};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// The root modules of all goldens, by their folder.
fn goldens() -> BTreeMap<String, Files> {
    let mut modules: BTreeMap<String, Files> = BTreeMap::new();
    for case in case::all().unwrap() {
        for (path, bytes) in golden::read(&case.goldens).unwrap() {
            let parts: Vec<&str> = path.splitn(3, '/').collect();
            if let [environment, "aws", rest] = parts.as_slice() {
                let module = modules.entry(format!("{}/{environment}", case.name)).or_default();
                module.insert((*rest).to_owned(), bytes);
            }
        }
    }
    assert!(modules.len() > 30, "only {} goldens were read", modules.len());
    modules
}

/// What a manifest gives for AWS.
fn built(manifest: &str) -> Files {
    let sources = random::sources(manifest);
    let selection = Selection {
        targets: vec!["aws".to_owned()],
        ..Selection::default()
    };
    let built = case::compile(&sources, &selection).unwrap_or_else(|told| panic!("{told}\n{manifest}"));
    let output = built.outputs.first().unwrap();
    let artifacts = output.artifacts.iter();
    artifacts
        .map(|(path, artifact)| (path.to_string(), artifact.contents.clone()))
        .collect()
}

/// The lines of a table, in cells.
fn table(text: &'static str, cells: usize) -> Vec<Vec<&'static str>> {
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let found: Vec<&str> = line.split('\t').collect();
            assert_eq!(found.len(), cells, "{line}");
            assert!(found.iter().all(|cell| !cell.is_empty()), "{line}");
            found
        })
        .collect()
}

/// What stands open to the world and is no door; what leads there and may not.
fn open(module: &Printed) -> Vec<String> {
    let mut found = Vec::new();
    let group = |body: &Body| {
        let id = attribute(body, "security_group_id")
            .map(words)
            .unwrap_or_default();
        id.split('.').nth(1).unwrap_or_default().to_owned()
    };
    let is_anywhere = |body: &Body| {
        ["cidr_ipv4", "cidr_ipv6"]
            .iter()
            .any(|key| ["0.0.0.0/0", "::/0"].contains(&literal(body, key).unwrap_or_default()))
    };
    // Groups of load balancers, and the ports on which each listens.
    let mut listening: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (balancer, body) in module.of("resource", "aws_lb") {
        for id in printed::listed(attribute(body, "security_groups")) {
            let of = id.split('.').nth(1).unwrap_or_default().to_owned();
            let ports = listening.entry(of).or_default();
            for (_, listener) in module.of("resource", "aws_lb_listener") {
                let arn = attribute(listener, "load_balancer_arn")
                    .map(words)
                    .unwrap_or_default();
                if arn == format!("aws_lb.{balancer}.arn") {
                    ports.extend(attribute(listener, "port").map(words));
                }
            }
        }
    }
    for (address, body) in module.of("resource", "aws_vpc_security_group_ingress_rule") {
        let port = attribute(body, "from_port").map(words).unwrap_or_default();
        let is_door = listening
            .get(&group(body))
            .is_some_and(|ports| ports.contains(&port));
        if is_anywhere(body) && !is_door {
            found.push(format!("{address} lets the world in at {port}"));
        }
    }
    let of_tasks: BTreeSet<&str> = module
        .of("resource", "aws_ecs_task_definition")
        .map(|(address, _)| address)
        .collect();
    for (address, body) in module.of("resource", "aws_vpc_security_group_egress_rule") {
        if is_anywhere(body) && !of_tasks.contains(group(body).as_str()) {
            found.push(format!("{address} lets out what is no task"));
        }
    }
    found
}

#[test]
fn nothing_is_open_to_the_world_but_doors() {
    let broken: Vec<String> = goldens()
        .iter()
        .flat_map(|(name, files)| {
            let open = open(&Printed::read(files)).into_iter();
            open.map(move |open| format!("{name}: {open}"))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// The keys of all documents of a module that are not in the list.
fn unknown_keys(module: &Printed, known: &BTreeMap<&str, BTreeSet<&str>>) -> BTreeSet<String> {
    let mut unknown = BTreeSet::new();
    for block in &module.blocks {
        let kind = block
            .labels()
            .first()
            .map_or(block.identifier(), hcl::BlockLabel::as_str);
        expressions(block.body(), &mut |name, expression| {
            let Some(document) = encoded(expression) else {
                return;
            };
            let kind = format!("{kind}.{name}");
            let mut found = BTreeSet::new();
            paths(document, "", &mut found);
            let of_kind = known.get(kind.as_str());
            for path in found {
                let is_known = of_kind.is_some_and(|keys| {
                    let is_free =
                        |key: &&str| key.strip_suffix('*').is_some_and(|free| path.starts_with(free));
                    keys.contains(path.as_str()) || keys.iter().any(is_free)
                });
                if !is_known {
                    unknown.insert(format!("{kind}\t{path}"));
                }
            }
        });
    }
    unknown
}

fn known_keys() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in table(include_str!("printed/keys.tsv"), 2) {
        known.entry(line[0]).or_default().insert(line[1]);
    }
    known
}

#[test]
fn every_key_of_every_document_is_one_that_aws_has() {
    let known = known_keys();
    let modules: Vec<Printed> = goldens().values().map(Printed::read).collect();
    let unknown: BTreeSet<String> = modules
        .iter()
        .flat_map(|module| unknown_keys(module, &known))
        .collect();
    let unknown: Vec<String> = unknown.into_iter().collect();
    assert!(
        unknown.is_empty(),
        "add these to printed/keys.tsv, below the page that has them:\n{}",
        unknown.join("\n")
    );
}

/// Actions that are not in the list, and `*` that no line allows.
fn wild(module: &Printed) -> BTreeSet<String> {
    let known: BTreeSet<&str> = table(include_str!("printed/actions.tsv"), 2)
        .into_iter()
        .map(|line| line[0])
        .collect();
    let mut found = BTreeSet::new();
    for statement in module.statements() {
        let of = &statement.of;
        let is_key_policy = of.starts_with("aws_kms_key.");
        for action in &statement.actions {
            let may = match action.as_str() {
                "kms:*" => is_key_policy,
                "s3:*" => statement.is_denial,
                other => known.contains(other),
            };
            if !may {
                found.insert(format!("{of}: the action {action}"));
            }
        }
        for resource in statement
            .resources
            .iter()
            .filter(|resource| resource.contains('*'))
        {
            let inside = resource.strip_suffix('*').unwrap_or_default();
            let below_own = inside.ends_with(['/', ':']) && !inside.contains('*') && inside.contains("arn");
            let below_account = inside.ends_with("${local.account_id}:");
            let may = if resource == "*" {
                is_key_policy
                    || statement
                        .actions
                        .iter()
                        .all(|action| WITHOUT_RESOURCES.contains(&action.as_str()))
            } else if inside.ends_with(":key/") {
                statement.actions == ["kms:Decrypt"]
            } else {
                below_own && !below_account
            };
            if !may {
                found.insert(format!("{of}: {:?} on {resource}", statement.actions));
            }
        }
    }
    found
}

/// Actions for which AWS has no type of resource.
///
/// Source: Service Authorization Reference, "Actions, resources, and condition keys" of Amazon ECR, AWS X-Ray and Amazon
/// CloudWatch Logs, read 2026-11.
const WITHOUT_RESOURCES: &[&str] = &[
    "ecr:GetAuthorizationToken",
    "logs:CreateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:DescribeLogGroups",
    "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:UpdateLogDelivery",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
];

#[test]
fn every_action_is_listed_and_no_star_has_a_narrower_form() {
    let modules: Vec<Printed> = goldens().values().map(Printed::read).collect();
    let found: BTreeSet<String> = modules.iter().flat_map(wild).collect();
    let found: Vec<String> = found.into_iter().collect();
    assert!(
        found.is_empty(),
        "a new action goes into printed/actions.tsv, with its page; `*` has the lines of printed/stars.tsv and no others:\n{}",
        found.join("\n")
    );
    assert!(table(include_str!("printed/stars.tsv"), 3).len() <= 5);
}

/// What a module uses of the language: functions, blocks, arguments that belong to the language.
fn used(module: &Printed) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for block in &module.blocks {
        let kind = block.identifier();
        used.insert(format!("block\t{kind}"));
        used.extend(
            functions(block.body())
                .into_iter()
                .map(|name| format!("function\t{name}")),
        );
        let is_of_language = ["variable", "output", "terraform", "moved", "provider"].contains(&kind);
        for attribute in block.body().attributes() {
            let name = attribute.key();
            let is_meta = ["for_each", "count", "depends_on", "provider", "provisioner"].contains(&name);
            if (is_of_language && kind != "provider") || is_meta || name == "alias" {
                used.insert(format!(
                    "argument\t{}.{name}",
                    if is_meta { "resource" } else { kind }
                ));
            }
        }
        for inner in block.body().blocks() {
            let name = inner.identifier();
            if is_of_language && kind != "provider" {
                used.insert(format!("block\t{kind}.{name}"));
            }
            if name == "lifecycle" {
                let own = inner.body().attributes();
                used.extend(own.map(|attribute| format!("argument\tlifecycle.{}", attribute.key())));
                let own = inner.body().blocks();
                used.extend(own.map(|block| format!("block\tlifecycle.{}", block.identifier())));
            }
            if ["dynamic", "provisioner", "connection"].contains(&name) {
                used.insert(format!("block\t{name}"));
            }
        }
    }
    used
}

fn outside_of_the_language(module: &Printed) -> Vec<String> {
    let known: BTreeSet<String> = table(include_str!("printed/language.tsv"), 4)
        .into_iter()
        .map(|line| format!("{}\t{}", line[0], line[1]))
        .collect();
    used(module)
        .into_iter()
        .filter(|used| !known.contains(used))
        .collect()
}

#[test]
fn nothing_is_used_that_terraform_and_opentofu_do_not_both_know() {
    let modules: Vec<Printed> = goldens().values().map(Printed::read).collect();
    let found: BTreeSet<String> = modules.iter().flat_map(outside_of_the_language).collect();
    let found: Vec<String> = found.into_iter().collect();
    assert!(
        found.is_empty(),
        "add these to printed/language.tsv with the first version of each that has them, at most 1.11:\n{}",
        found.join("\n")
    );
    for line in table(include_str!("printed/language.tsv"), 4) {
        let minor = |version: &str| {
            version
                .strip_prefix("1.")
                .and_then(|minor| minor.parse::<u32>().ok())
        };
        for version in [line[2], line[3]] {
            assert!(minor(version).is_some_and(|minor| minor <= 11), "{line:?}");
        }
    }
}

/// Names that are too long for AWS.
fn too_long(module: &Printed) -> Vec<String> {
    let mut found = Vec::new();
    for line in table(include_str!("printed/limits.tsv"), 4) {
        let limit: usize = line[2].parse().unwrap();
        for (address, body) in module.of("resource", line[0]) {
            let Some(expression) = attribute(body, line[1]) else {
                continue;
            };
            let Expression::String(name) = expression else {
                continue;
            };
            let length = name.chars().count();
            if length > limit || name.is_empty() || name.contains("--") {
                found.push(format!(
                    "{}.{address}: {} is {name:?}, {length} characters",
                    line[0], line[1]
                ));
            }
        }
    }
    found
}

#[test]
fn names_of_goldens_fit() {
    for (golden, files) in goldens() {
        let found = too_long(&Printed::read(&files));
        assert!(found.is_empty(), "{golden}: {}", found.join("\n"));
    }
}

#[test]
fn what_breaks_a_law_is_noticed() {
    let rule = |direction: &str, group: &str, port: u16| {
        format!(
            "resource \"aws_vpc_security_group_{direction}_rule\" \"x\" {{\n  security_group_id = \
             aws_security_group.{group}.id\n  cidr_ipv4 = \"0.0.0.0/0\"\n  from_port = {port}\n}}\n"
        )
    };
    let policy = |action: &str, resource: &str| {
        format!(
            "data \"aws_iam_policy_document\" \"x\" {{\n  statement {{\n    actions = [\"{action}\"]\n    \
             resources = [\"{resource}\"]\n  }}\n}}\n"
        )
    };
    let document = |keys: &str| {
        format!("resource \"aws_ecr_lifecycle_policy\" \"x\" {{\n  policy = jsonencode({{ {keys} }})\n}}\n")
    };
    let lb = |name: &str| format!("resource \"aws_lb\" \"x\" {{\n  name = \"{name}\"\n}}\n");
    let broken = |text: String| {
        let module = Printed::read(&Files::from([("main.tf".to_owned(), text.into_bytes())]));
        [
            open(&module).len(),
            unknown_keys(&module, &known_keys()).len(),
            wild(&module).len(),
            outside_of_the_language(&module).len(),
            too_long(&module).len(),
        ]
    };
    assert_eq!(broken(rule("ingress", "api", 22)), [1, 0, 0, 0, 0]);
    assert_eq!(broken(rule("egress", "db", 443)), [1, 0, 0, 0, 0]);
    assert_eq!(broken(document("rules = []")), [0; 5]);
    assert_eq!(broken(document("rulse = []")), [0, 1, 0, 0, 0]);
    assert_eq!(broken(policy("s3:GetObject", "${aws_s3_bucket.a.arn}/*")), [0; 5]);
    assert_eq!(broken(policy("s3:GetObject", "*")), [0, 0, 1, 0, 0]);
    assert_eq!(
        broken(policy("s3:GetObject", "arn:aws:s3:::*/a")),
        [0, 0, 1, 0, 0]
    );
    assert_eq!(
        broken(policy("s3:*", "${aws_s3_bucket.a.arn}/*")),
        [0, 0, 1, 0, 0]
    );
    assert_eq!(
        broken(policy("s3:GetObjects", "${aws_s3_bucket.a.arn}/*")),
        [0, 0, 1, 0, 0]
    );
    assert_eq!(
        broken("locals {\n  x = timestamp()\n}\n".to_owned()),
        [0, 0, 0, 1, 0]
    );
    assert_eq!(broken("removed {\n  from = a.b\n}\n".to_owned()), [0, 0, 0, 1, 0]);
    assert_eq!(
        broken(lb("a-name-of-more-than-thirty-two-letters")),
        [0, 0, 0, 0, 1]
    );
}

/// Words that some readers of YAML take for something else than a text, so that a manifest must quote them.
const QUOTED: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// Words joined by single hyphens, up to a length.
fn name(longest: usize) -> impl Strategy<Value = String> {
    let words = prop::collection::vec("[a-z][a-z0-9]{0,11}", 1..8);
    let name = words.prop_map(move |words| {
        let mut name = words.join("-");
        name.truncate(longest);
        name.trim_end_matches('-').to_owned()
    });
    name.prop_filter("it is written without quotes", |name| {
        !QUOTED.contains(&name.as_str())
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_programs_keep_the_laws(manifest in random::manifest()) {
        let files = built(&manifest);
        let module = Printed::read(&files);
        prop_assert_eq!(open(&module), Vec::<String>::new());
        prop_assert_eq!(unknown_keys(&module, &known_keys()), BTreeSet::new());
        prop_assert_eq!(wild(&module), BTreeSet::new());
        prop_assert_eq!(outside_of_the_language(&module), Vec::<String>::new());
        prop_assert_eq!(too_long(&module), Vec::<String>::new());
    }

    #[test]
    fn every_derived_name_fits(
        app in name(32),
        environment in name(20),
        roles in prop::collection::btree_set(name(52), 5),
    ) {
        prop_assume!(environment != "local" && roles.iter().all(|role| !role.starts_with("exoc-")));
        let roles: Vec<&String> = roles.iter().collect();
        let manifest = format!(
            "name: {app}\nsecrets: {{ A: {{}} }}\ndependencies:\n  {}: postgres:17\n  {}: redis:7\n  {}: volume\nservices:\n  \
             {}:\n    image: a/b:1\n    port: 3000\n    route: /\n    uses: [{}, {}]\n    security: {{ user: 1000 }}\n    \
             environment: {{ X: \"a ${{secrets.A}}\" }}\n    volumes: {{ {}: /srv }}\n  {}:\n    image: a/c:1\n    \
             security: {{ user: 1000 }}\n    volumes: {{ own: /own }}\nenvironments:\n  {environment}:\n    \
             domain: a.example.com\n    targets: {{ aws: {{ region: eu-central-1, account: \"123456789012\" }} }}\n",
            roles[0], roles[1], roles[2], roles[3], roles[0], roles[1], roles[2], roles[4],
        );
        let found = too_long(&Printed::read(&built(&manifest)));
        prop_assert_eq!(found, Vec::<String>::new(), "{}", manifest);
    }
}
