//! What patches make of the root module for AWS.

use crate::{Faults, built, checked, fence, section, shows};

const SERVICE: &str = "service_web.tf";

/// An application whose environment `demo` patches its root module.
fn manifest(patches: &str) -> String {
    format!(
        "name: shop\ndependencies:\n  cache: redis:7\nservices:\n  web:\n    image: example/web:1.0\n    security: {{ user: \
         101 }}\n    port: 3000\n    health: /up\n    uses: [cache]\n    \
         environment: {{ MODE: a }}\nenvironments:\n  demo:\n    targets:\n      aws:\n        region: eu-central-1\n        \
         account: \"123456789012\"\n        patches:\n{patches}"
    )
}

/// The lines that patches add to a file, without those that say where others come from.
fn added_to(path: &str, patches: &str) -> Vec<String> {
    let without = |text: &str| {
        let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        lines.map(squeezed).collect::<Vec<_>>()
    };
    let before = without(&built(&manifest("          []\n"), path).unwrap());
    let after = without(&built(&manifest(patches), path).unwrap_or_else(|told| panic!("{told}")));
    after.into_iter().filter(|line| !before.contains(line)).collect()
}

/// The line without the spaces that align it.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn added(patches: &str) -> Vec<String> {
    added_to(SERVICE, patches)
}

/// What is told of one patch.
fn told(patch: &str) -> String {
    let told = built(&manifest(&format!("          - {patch}\n")), SERVICE);
    told.err().unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn arguments_and_nested_blocks_are_added_and_changed_where_their_paths_say() {
    let new = added(
        "          - at: aws_ecs_service.web\n            set: { enable_execute_command: true, tags.Team: shop, \
         deployment_configuration: { bake_time_in_minutes: \"5\", strategy: BLUE_GREEN }, 'lifecycle.prevent_destroy': true }\n            \
         replace: { deployment_maximum_percent: 150, \
         'capacity_provider_strategy[capacity_provider=FARGATE].weight': 2, network_configuration.assign_public_ip: true }\n",
    );
    assert_eq!(
        new,
        [
            "deployment_maximum_percent = 150",
            "enable_execute_command = true",
            "Team = \"shop\"",
            "weight = 2",
            "assign_public_ip = true",
            "deployment_configuration {",
            "bake_time_in_minutes = \"5\"",
            "strategy = \"BLUE_GREEN\"",
            "prevent_destroy = true",
        ]
    );
}

#[test]
fn blocks_are_added_behind_their_like_and_replaced_where_they_stood() {
    let at = "          - at: aws_ecs_service.web\n            ";
    let new = added(&format!(
        "{at}set: {{ 'capacity_provider_strategy[1]': {{ capacity_provider: FARGATE_SPOT, weight: 3 }} }}\n"
    ));
    assert_eq!(new, ["capacity_provider = \"FARGATE_SPOT\"", "weight = 3"]);
    let file = |change: &str| built(&manifest(&format!("{at}{change}\n")), SERVICE).unwrap();
    let text = file(
        "replace: { capacity_provider_strategy: [{ capacity_provider: A, weight: 1 }, { capacity_provider: B, weight: 2 }] }",
    );
    assert_eq!(text.matches("capacity_provider_strategy {").count(), 2);
    assert!(!text.contains("\"FARGATE\"\n"), "{text}");
    let text = file("replace: { deployment_circuit_breaker: { enable: false, rollback: false } }");
    assert_eq!(text.matches("deployment_circuit_breaker {").count(), 1);
    assert!(text.contains("enable   = false\n    rollback = false"), "{text}");
}

#[test]
fn documents_inside_of_arguments_are_patched_by_their_own_types() {
    let new = added(
        "          - at: aws_ecs_task_definition.web\n            set: { 'container_definitions[name=web].ulimits': [{ \
         name: nofile, softLimit: 5, hardLimit: 6 }], 'container_definitions[0].linuxParameters.sharedMemorySize': 64 }\n            \
         replace: { 'container_definitions[name=web].environment[name=MODE].value': b }\n",
    );
    assert_eq!(
        new,
        [
            "sharedMemorySize = 64",
            "{ name = \"MODE\", value = \"b\" },",
            "ulimits = [",
            "hardLimit = 6",
            "name = \"nofile\"",
            "softLimit = 5",
        ]
    );
}

#[test]
fn data_sources_and_resources_of_other_files_are_patched_as_well() {
    let new = added(
        "          - { at: data.aws_iam_policy_document.web_execution, set: { version: \"2012-10-17\" } }\n",
    );
    assert_eq!(new, ["version = \"2012-10-17\""]);
    let new = added_to(
        "network.tf",
        "          - { at: aws_subnet.private, set: { 'tags.\"example.com/tier\"': a } }\n",
    );
    assert_eq!(new, ["\"example.com/tier\" = \"a\""]);
    let new = added_to(
        "dependency_cache.tf",
        "          - { at: aws_elasticache_replication_group.cache, replace: { maintenance_window: \"sun:05:00-sun:06:00\" } }\n",
    );
    assert_eq!(new, ["maintenance_window = \"sun:05:00-sun:06:00\""]);
}

#[test]
fn an_argument_is_taken_back_with_null() {
    let new = added("          - { at: aws_ecs_service.web, replace: { platform_version: null } }\n");
    assert_eq!(new, ["platform_version = null"]);
}

#[test]
fn later_patches_see_what_earlier_ones_made() {
    let new = added(
        "          - { at: aws_ecs_service.web, set: { tags.Team: a } }\n          - { at: aws_ecs_service.web, set: { \
         tags.Stage: b }, replace: { tags.Team: c } }\n",
    );
    assert_eq!(new, ["Team = \"c\"", "Stage = \"b\""]);
}

#[test]
fn what_patches_made_says_which_lines_it_comes_from_once() {
    let text = manifest(
        "          - at: aws_ecs_task_definition.web\n            set:\n              'container_definitions[0].hostname': a\n              \
         'container_definitions[0].cpu': 5\n            replace:\n              cpu: \"512\"\n",
    );
    let file = built(&text, SERVICE).unwrap();
    let line = |key: &str| text.lines().position(|line| line.contains(key)).unwrap() + 1;
    let from = format!(
        "  # From application.yml:{}-{}.\n  container_definitions = jsonencode([\n",
        line("hostname"),
        line("[0].cpu")
    );
    assert!(file.contains(&from), "{from}{file}");
    let from = format!("  # From application.yml:{}.\n  cpu", line("cpu: \"512\""));
    assert!(file.contains(&from), "{from}{file}");
}

#[test]
fn texts_of_a_patch_are_literal() {
    let new = added("          - { at: aws_ecs_service.web, set: { tags.a: \"$5 %{if x} \\\\ \\\"\" } }\n");
    assert_eq!(new, ["a = \"$5 %%{if x} \\\\ \\\"\""]);
}

#[test]
fn keys_in_another_order_make_the_same_file() {
    let one = "          - at: aws_ecs_service.web\n            set: { tags: { b: c, a: d }, alarms: { alarm_names: [x], enable: true, \
               rollback: true } }\n";
    let other = "          - at: aws_ecs_service.web\n            set: { alarms: { rollback: true, enable: true, alarm_names: [x] }, \
                 tags: { a: d, b: c } }\n";
    let without_places = |text: &str| {
        let file = built(&manifest(text), SERVICE).unwrap();
        file.lines()
            .skip(1)
            .map(|line| format!("{line}\n"))
            .collect::<String>()
    };
    assert_eq!(without_places(one), without_places(other));
}

const FAULTS: Faults = &[
    (
        "{ at: aws_ecs_service.wep, set: { tags.a: b } }",
        "aws_ecs_service.wep",
        &[
            "has no `aws_ecs_service.wep`",
            "did you mean `aws_ecs_service.web`?",
            "`data.`",
        ],
    ),
    (
        "{ at: web, set: { tags.a: b } }",
        "web",
        &["the root module has no `web`", "by its type and address"],
    ),
    (
        "{ at: 'aws_subnet.private[\"a\"]', set: { tags.a: b } }",
        "'aws_subnet.private[\"a\"]'",
        &["write `aws_subnet.private`", "all of its instances"],
    ),
    (
        "{ at: resource.aws_ecs_service.web, set: { tags.a: b } }",
        "resource.aws_ecs_service.web",
        &["write `aws_ecs_service.web`"],
    ),
    (
        "{ at: aws_s3_bucket.state, set: { tags.a: b } }",
        "aws_s3_bucket.state",
        &["the root module has no"],
    ),
    (
        "{ at: random_id.cache, set: { prefix: b } }",
        "random_id.cache",
        &["no patch changes `random_id.cache`", "hashicorp/aws"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { enable_exec_command: true } }",
        "enable_exec_command",
        &[
            "the provider knows no key `enable_exec_command`",
            "did you mean `enable_execute_command`?",
        ],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { desired_cont: 2 } }",
        "desired_cont",
        &["has no such key", "did you mean `desired_count`?"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { desired_count: 2 } }",
        "desired_count",
        &["has `desired_count` already", "under `replace`"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { tags: { a: b } } }",
        "tags",
        &["there is no `tags` to replace", "under `set`"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { desired_count: two } }",
        "two",
        &["cannot be a text: expected a number"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { desired_count: \"2\" } }",
        "\"2\"",
        &["write it without quotes: `2`"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { platform_version: 1.4 } }",
        "1.4",
        &["expected a text", "quote it: `\"1.4\"`"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { network_configuration: true } }",
        "true",
        &["expected a mapping"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { network_configuration: null } }",
        "null",
        &["expected a mapping"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { network_configuration: { assign_public_ip: true } } }",
        "{ assign_public_ip: true }",
        &["needs `subnets`"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { deployment_configuration: { stragety: A } } }",
        "stragety",
        &[
            "no key `stragety` in `deployment_configuration`",
            "did you mean `strategy`?",
        ],
    ),
    (
        "{ at: aws_ecs_service.web, set: { deployment_configuration.stragety: A } }",
        "stragety",
        &["did you mean `strategy`?"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'network_configuration[0].subnets': [a] } }",
        "[0]",
        &["`network_configuration` of `aws_ecs_service.web` is a mapping"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { capacity_provider_strategy.base: 1 } }",
        "base",
        &["`capacity_provider_strategy` of `aws_ecs_service.web` is a list"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'capacity_provider_strategy[4]': { capacity_provider: A } } }",
        "[4]",
        &["has 1 item"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'capacity_provider_strategy[capacity_provider=A].base': 1 } }",
        "[capacity_provider=A]",
        &["no item of `capacity_provider_strategy`"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'capacity_provider_strategy[0].arn': 1 } }",
        "arn",
        &["no key `arn`"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'ordered_placement_strategy[0]': { type: spread } } }",
        "[0]",
        &["is not there", "set the whole list"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { id: a } }",
        "id",
        &["no patch changes `id`", "only AWS knows"],
    ),
    (
        "{ at: aws_ecs_cluster.main, replace: { arn: a } }",
        "arn",
        &["no patch changes `arn`", "only AWS knows"],
    ),
    (
        "{ at: aws_subnet.private, replace: { for_each: [a] } }",
        "for_each",
        &["no patch changes `for_each`", "exoc writes it"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { depends_on: [] } }",
        "depends_on",
        &["no patch changes `depends_on`"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { lifecycle.ignore_changes: [tags] } }",
        "ignore_changes",
        &["no key `ignore_changes` in `lifecycle`"],
    ),
    (
        "{ at: aws_security_group.web, set: { ingress: [] } }",
        "ingress",
        &["no patch changes `ingress`", "a resource of its own"],
    ),
    (
        "{ at: aws_secretsmanager_secret_version.cache_password, replace: { secret_string_wo: a } }",
        "secret_string_wo",
        &[
            "no patch changes `secret_string_wo`",
            "a secret never stands in a file",
        ],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'cluster.name': a } }",
        "name",
        &[
            "`cluster` of `aws_ecs_service.web` is an expression",
            "replace `cluster` as a whole",
        ],
    ),
    (
        "{ at: aws_ecs_service.web, set: { 'name.a': a } }",
        "a",
        &["`name` of `aws_ecs_service.web` is a text"],
    ),
    (
        "{ at: aws_ecs_task_definition.web, set: { 'container_definitions[name=web].ulimit': [] } }",
        "ulimit",
        &["no key `ulimit`", "did you mean `ulimits`?"],
    ),
    (
        "{ at: aws_ecs_task_definition.web, set: { 'container_definitions[name=web].ulimits': [{ name: nofiles, softLimit: 1, hardLimit: 1 }] } }",
        "nofiles",
        &["not one of the known words", "did you mean `nofile`?"],
    ),
    (
        "{ at: aws_ecs_task_definition.web, set: { 'container_definitions[name=web].ulimits': [{ name: nofile, softLimit: 1 }] } }",
        "{ name: nofile, softLimit: 1 }",
        &["`container_definitions.0.ulimits.0` of", "needs `hardLimit`"],
    ),
    (
        "{ at: aws_ecs_task_definition.web, set: { 'container_definitions[name=api].cpu': 5 } }",
        "[name=api]",
        &["no item of `container_definitions`"],
    ),
    (
        "{ at: aws_ecs_task_definition.web, replace: { 'container_definitions[0].essential': [] } }",
        "[]",
        &["cannot be a list: expected `true` or `false`"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { tags: { a: 1 } } }",
        "1",
        &["`tags.a` of `aws_ecs_service.web` cannot be a number: expected a text"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { tags/a: b } }",
        "/",
        &["segments are joined by `.`"],
    ),
    (
        "{ at: aws_ecs_service.web, replace: { desired_count: .inf } }",
        ".inf",
        &["no file of Terraform holds an infinite number"],
    ),
    (
        "{ at: aws_ecs_service.web, set: { tags.API_TOKEN: hunter2hunter2 } }",
        "hunter2hunter2",
        &["looks like a credential, by its name"],
    ),
];

#[test]
fn what_does_not_fit_is_told_once_where_it_is_written() {
    checked(FAULTS, told);
}

#[test]
fn a_text_that_hcl_would_change_is_refused() {
    let told = told("{ at: aws_ecs_service.web, set: { tags.a: \"e\\u0301\" } }");
    assert!(told.contains("EX0404 `\"e\\u0301\"`: `tags.a`"), "{told}");
    assert!(told.contains("HCL would change it"), "{told}");
}

#[test]
fn every_fault_of_every_patch_is_told_and_none_twice() {
    let patches = "          - { at: aws_ecs_service.web, set: { a: 1, b: 2, desired_count: 1 } }\n          - { at: aws_nothing.a, \
                   set: { a: 1 } }\n          - { at: aws_ecs_cluster.main, set: { c: 1 } }\n";
    let told = built(&manifest(patches), SERVICE).unwrap_err();
    let codes: Vec<_> = told.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(
        codes,
        [
            "EX0404 `a`",
            "EX0404 `b`",
            "EX0404 `desired_count`",
            "EX0404 `aws_nothing.a`",
            "EX0404 `c`"
        ],
        "{told}"
    );
}

#[test]
fn the_example_of_the_page_makes_what_the_page_shows() {
    let page = section(include_str!("../../../docs/targets/aws.md"), "Patches");
    shows(page, "service_api.tf", &fence(page, "hcl service_api.tf"));
}
