//! The gate of a deployment on AWS, read from the goldens by a parser that is not ours: it names everything that its
//! jobs need.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_snapshot_tests::{case, golden};
use hcl::{Block, Body};
use std::collections::{BTreeMap, BTreeSet};

/// The resources of a module by `type.address`, and what each of their attributes and blocks says.
struct Module(BTreeMap<String, Block>);

impl Module {
    /// The root module of one environment.
    fn read(tree: &golden::Tree, folder: &str) -> Self {
        let mut resources = BTreeMap::new();
        let files = tree
            .iter()
            .filter(|(path, _)| path.starts_with(folder) && path.ends_with(".tf"));
        for (_, bytes) in files {
            let body: Body = hcl::from_str(std::str::from_utf8(bytes).unwrap()).unwrap();
            for block in body
                .into_blocks()
                .filter(|block| block.identifier() == "resource")
            {
                let labels: Vec<&str> = block.labels().iter().map(hcl::BlockLabel::as_str).collect();
                resources.insert(labels.join("."), block);
            }
        }
        Self(resources)
    }

    /// The resources that an attribute refers to.
    fn referred(&self, resource: &str, attribute: &str) -> BTreeSet<String> {
        let body = self
            .0
            .get(resource)
            .unwrap_or_else(|| panic!("there is no {resource}"))
            .body();
        let Some(attribute) = body.attributes().find(|known| known.key() == attribute) else {
            return BTreeSet::new();
        };
        let text = hcl::format::to_string(attribute.expr()).unwrap();
        text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_' || letter == '.'))
            .filter_map(|word| {
                let mut names = word.split('.');
                let name = format!("{}.{}", names.next()?, names.next()?);
                self.0.contains_key(&name).then_some(name)
            })
            .collect()
    }

    fn of(&self, kind: &str) -> impl Iterator<Item = &String> {
        let prefix = format!("{kind}.");
        self.0.keys().filter(move |name| name.starts_with(&prefix))
    }
}

/// Everything that a job needs and no reference from its state machine leads to.
fn needed(module: &Module, machine: &str) -> BTreeSet<String> {
    let mut needed = BTreeSet::new();
    let reached = module.referred(machine, "definition");
    let one = |kind: &str| {
        let found: Vec<&String> = reached.iter().filter(|name| name.starts_with(kind)).collect();
        let [one] = found.as_slice() else {
            panic!("{machine} has {found:?}")
        };
        (*one).clone()
    };
    let (definition, group) = (one("aws_ecs_task_definition."), one("aws_security_group."));
    let mut roles = module.referred(machine, "role_arn");
    roles.extend(module.referred(&definition, "execution_role_arn"));
    roles.extend(module.referred(&definition, "task_role_arn"));
    assert_eq!(roles.len(), 3, "{machine}: {roles:?}");
    for policy in module.of("aws_iam_role_policy") {
        if !module.referred(policy, "role").is_disjoint(&roles) {
            needed.insert(policy.clone());
        }
    }
    for kind in [
        "aws_vpc_security_group_egress_rule",
        "aws_vpc_security_group_ingress_rule",
    ] {
        for rule in module.of(kind) {
            let ends = ["security_group_id", "referenced_security_group_id"];
            if ends.iter().any(|end| module.referred(rule, end).contains(&group)) {
                needed.insert(rule.clone());
            }
        }
    }
    // Products, and versions of secrets.
    let own = ["aws_cloudwatch_log_group.", "aws_secretsmanager_secret."];
    needed.extend(
        module
            .referred(&definition, "container_definitions")
            .into_iter()
            .filter(|name| !own.iter().any(|kind| name.starts_with(kind))),
    );
    needed.extend(module.of("aws_vpc_dhcp_options_association").cloned());
    needed.extend(module.of("aws_ecs_cluster_capacity_providers").cloned());
    needed.extend(
        module
            .of("aws_route")
            .filter(|route| route.contains("private"))
            .cloned(),
    );
    needed
}

/// All root modules among the goldens, by where they are.
fn modules() -> Vec<(String, Module)> {
    let mut modules = Vec::new();
    for case in case::all().unwrap() {
        let tree = golden::read(&case.goldens).unwrap();
        let folders: BTreeSet<String> = tree
            .keys()
            .filter_map(|path| Some(format!("{}/aws/", path.split_once("/aws/")?.0)))
            .collect();
        for folder in folders {
            let module = Module::read(&tree, &folder);
            modules.push((format!("{}/{folder}", case.name), module));
        }
    }
    modules
}

#[test]
fn the_gate_names_everything_that_its_jobs_need() {
    let (mut gates, mut names) = (0, 0);
    for (name, module) in modules() {
        let gate = "terraform_data.before_deploy";
        if !module.0.contains_key(gate) {
            continue;
        }
        gates += 1;
        let named = module.referred(gate, "depends_on");
        let jobs = module.referred(gate, "input");
        assert!(!jobs.is_empty());
        for job in &jobs {
            let needed = needed(&module, job);
            names += needed.len();
            let missing: Vec<&String> = needed.difference(&named).collect();
            assert!(missing.is_empty(), "{}: {job} needs {missing:?}", name);
        }
        let services: Vec<&String> = module.of("aws_ecs_service").collect();
        assert!(
            services
                .iter()
                .any(|service| module.referred(service, "depends_on").contains(gate))
        );
    }
    assert!(gates > 0 && names > 10, "{gates} gates with {names} names");
}
