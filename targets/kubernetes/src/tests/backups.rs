//! Backups of PostgreSQL that CloudNativePG runs: where they go, who may write there, and what is refused.

use super::sample::{self, Draft};
use super::{planned_with, printed_by, set, texts};
use crate::options::Options;
use exoc_diagnostics::{Diagnostic, Node, Severity, Sink};
use exoc_ir::{Component, Engine, Id, Managed, NodeId, Origin, Product, Program};
use std::collections::BTreeMap;
use yaml_rust2::{Yaml, YamlLoader};

/// A service that uses a product, which was called `shed`.
fn program(product: Product, backups: Option<u32>) -> Program {
    let mut draft = Draft::new();
    let password = draft.secret("STORE_PASSWORD", Origin::PasswordOf(Id::new(0)));
    let line = draft.line();
    let Engine::Managed(managed) = sample::managed(product, "17", password, None) else {
        panic!("it is no product")
    };
    let backing = exoc_ir::Backing {
        role: "store".into(),
        identity: "shed".into(),
        engine: Engine::Managed(Managed {
            backups,
            database: Some("goods".into()),
            username: Some("clerk".into()),
            ..managed
        }),
    };
    let store = draft.builder.backing(backing, line);
    let image = draft.pinned("redis:7.4");
    let web = draft.service(sample::service("web", sample::workload(image, &[])));
    draft.uses(web, Component::Backing(store), &[5432]);
    draft.finish()
}

/// The options of a cluster with CloudNativePG, and what `backups` says.
fn options(program: &Program, backups: &[(&str, &str)]) -> Node {
    let at = program.at(NodeId::App, "");
    let mut options = texts(at, &[]);
    set(
        &mut options,
        "operators",
        texts(at, &[("cloudnative-pg", "databases")]),
    );
    if !backups.is_empty() {
        set(&mut options, "backups", texts(at, backups));
    }
    options
}

const BUCKET: (&str, &str) = ("destination", "s3://acme/postgres/");
const SECRET: (&str, &str) = ("secret", "opener");
const ROLE: (&str, &str) = ("role", "arn:aws:iam::123456789012:role/backups");

fn run(backups: &[(&str, &str)]) -> BTreeMap<String, String> {
    let program = program(Product::Postgres, Some(7));
    printed_by(&program, &options(&program, backups))
}

fn object(files: &BTreeMap<String, String>, file: &str, kind: &str) -> Yaml {
    let objects = YamlLoader::load_from_str(&files[file]).expect("YAML");
    let found = objects.into_iter().find(|it| it["kind"].as_str() == Some(kind));
    found.unwrap_or_else(|| panic!("no {kind} in {file}"))
}

fn errors(said: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let is_error = |it: &Diagnostic| it.code.severity == Severity::Error;
    said.into_iter().filter(is_error).collect()
}

/// What a plan refuses.
fn refused(program: &Program, options: &Node) -> Vec<Diagnostic> {
    errors(planned_with(program, options).1)
}

/// What reading the options refuses.
fn misread(backups: &[(&str, &str)]) -> Vec<Diagnostic> {
    let program = program(Product::Postgres, Some(7));
    let mut sink = Sink::new();
    let read = Options::read(&options(&program, backups), &program, &mut sink);
    assert!(read.is_err(), "{backups:?}");
    errors(sink.into_sorted())
}

#[test]
fn a_database_has_a_folder_of_its_identity_below_that_of_its_environment() {
    let files = run(&[BUCKET, SECRET]);
    let store = object(&files, "store.yaml", "ObjectStore");
    assert_eq!(store["metadata"]["name"].as_str(), Some("shed"));
    let configuration = &store["spec"]["configuration"];
    let folder = configuration["destinationPath"].as_str();
    assert_eq!(folder, Some("s3://acme/postgres/shop/production"));
    assert_eq!(store["spec"]["retentionPolicy"].as_str(), Some("7d"));
    let cluster = object(&files, "store.yaml", "Cluster");
    let plugin = &cluster["spec"]["plugins"][0];
    assert_eq!(plugin["name"].as_str(), Some("barman-cloud.cloudnative-pg.io"));
    assert_eq!(plugin["isWALArchiver"].as_bool(), Some(true));
    let parameters = &plugin["parameters"];
    assert_eq!(
        (
            parameters["barmanObjectName"].as_str(),
            parameters["serverName"].as_str()
        ),
        (Some("shed"), Some("shed"))
    );
}

#[test]
fn a_whole_copy_is_made_at_once_and_each_day_by_the_plugin() {
    let spec = &object(&run(&[BUCKET, SECRET]), "store.yaml", "ScheduledBackup")["spec"];
    assert_eq!(spec["cluster"]["name"].as_str(), Some("shed"));
    assert_eq!(spec["method"].as_str(), Some("plugin"));
    assert_eq!(spec["immediate"].as_bool(), Some(true));
    let fields = spec["schedule"].as_str().expect("a schedule").split(' ').count();
    assert_eq!(fields, 6);
}

#[test]
fn keys_are_read_from_the_secret_which_the_page_says_how_to_make() {
    let files = run(&[BUCKET, SECRET]);
    let store = object(&files, "store.yaml", "ObjectStore");
    let credentials = &store["spec"]["configuration"]["s3Credentials"];
    for (part, key) in [
        ("accessKeyId", "ACCESS_KEY_ID"),
        ("secretAccessKey", "ACCESS_SECRET_KEY"),
    ] {
        assert_eq!(credentials[part]["name"].as_str(), Some("opener"));
        assert_eq!(credentials[part]["key"].as_str(), Some(key));
    }
    let page = &files["README.md"];
    assert!(
        page.contains("printf 'ACCESS_KEY_ID=%s\\nACCESS_SECRET_KEY=%s\\n'"),
        "{page}"
    );
    assert!(page.contains("create secret generic opener --from-env-file=/dev/stdin"));
}

#[test]
fn a_role_stands_at_the_account_of_the_servers_and_needs_no_key() {
    let files = run(&[BUCKET, ROLE]);
    let store = object(&files, "store.yaml", "ObjectStore");
    let credentials = &store["spec"]["configuration"]["s3Credentials"];
    assert_eq!(credentials["inheritFromIAMRole"].as_bool(), Some(true));
    assert!(credentials["accessKeyId"].is_badvalue());
    let cluster = object(&files, "store.yaml", "Cluster");
    let annotations = &cluster["spec"]["serviceAccountTemplate"]["metadata"]["annotations"];
    assert_eq!(annotations["eks.amazonaws.com/role-arn"].as_str(), Some(ROLE.1));
    let page = &files["README.md"];
    assert!(page.contains("system:serviceaccount:shop-production:shed"));
    assert!(!page.contains("create secret generic opener"));
}

#[test]
fn external_secrets_make_both_keys_where_they_make_secrets() {
    let program = program(Product::Postgres, Some(7));
    let mut options = options(&program, &[BUCKET, SECRET]);
    let at = options.span;
    let word = texts(at, &[("secrets", "external-secrets")]);
    set(
        &mut options,
        "secrets",
        word.get("secrets").expect("it is there").clone(),
    );
    set(&mut options, "secret-store", texts(at, &[("name", "vault")]));
    let files = printed_by(&program, &options);
    let secret = object(&files, "secrets.yaml", "ExternalSecret");
    assert_eq!(secret["spec"]["target"]["name"].as_str(), Some("opener"));
    let items = secret["spec"]["data"].as_vec().expect("items").iter();
    let items = items.map(|item| (item["secretKey"].as_str(), item["remoteRef"]["key"].as_str()));
    assert_eq!(
        items.collect::<Vec<_>>(),
        [
            (
                Some("ACCESS_KEY_ID"),
                Some("shop/production/opener/ACCESS_KEY_ID")
            ),
            (
                Some("ACCESS_SECRET_KEY"),
                Some("shop/production/opener/ACCESS_SECRET_KEY")
            ),
        ]
    );
    let page = &files["README.md"];
    assert!(!page.contains("create secret generic"), "{page}");
    assert!(page.contains("--prune-allowlist=external-secrets.io/v1/ExternalSecret"));
}

/// The last rule by which the servers may send.
fn last_rule(backups: &[(&str, &str)]) -> (Yaml, Vec<i64>) {
    let policy = object(&run(backups), "store.yaml", "NetworkPolicy");
    let rules = policy["spec"]["egress"].as_vec().expect("rules");
    let rule = rules.last().expect("a rule");
    let ports = rule["ports"].as_vec().map(Vec::as_slice).unwrap_or_default();
    let ports = ports.iter().filter_map(|port| port["port"].as_i64()).collect();
    (rule["to"][0].clone(), ports)
}

#[test]
fn servers_reach_the_store_and_what_lends_a_role() {
    let far = ("endpoint", "https://s3.example.com:9000");
    let cases = [
        (vec![BUCKET, SECRET], vec![443]),
        (vec![BUCKET, SECRET, far], vec![9000]),
        (vec![BUCKET, ROLE, far], vec![443, 9000]),
        (
            vec![BUCKET, SECRET, ("endpoint", "https://s3.example.com")],
            vec![443],
        ),
    ];
    for (backups, ports) in cases {
        let (to, open) = last_rule(&backups);
        assert_eq!(to["ipBlock"]["cidr"].as_str(), Some("0.0.0.0/0"), "{backups:?}");
        assert_eq!(open, ports, "{backups:?}");
    }
}

#[test]
fn a_store_in_the_cluster_is_reached_in_its_namespace_whatever_its_pods_listen_on() {
    for host in ["minio.storage.svc", "minio.storage.svc.cluster.local"] {
        let url = format!("http://{host}:9000");
        let (to, open) = last_rule(&[BUCKET, SECRET, ("endpoint", &url)]);
        let namespace = &to["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"];
        assert_eq!(namespace.as_str(), Some("storage"));
        assert!(open.is_empty());
    }
}

#[test]
fn a_store_that_is_not_amazons_is_asked_for_no_newer_checksum() {
    let variables = |backups: &[(&str, &str)]| {
        let store = object(&run(backups), "store.yaml", "ObjectStore");
        let env = &store["spec"]["instanceSidecarConfiguration"]["env"];
        let env = env.as_vec().cloned().unwrap_or_default();
        env.iter()
            .filter_map(|it| it["name"].as_str().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert!(variables(&[BUCKET, SECRET]).is_empty());
    assert_eq!(
        variables(&[BUCKET, SECRET, ("region", "west")]),
        ["AWS_DEFAULT_REGION"]
    );
    assert_eq!(
        variables(&[BUCKET, SECRET, ("endpoint", "https://s3.example.com")]).len(),
        2
    );
}

#[test]
fn without_backups_nothing_of_them_is_printed() {
    let program = program(Product::Postgres, None);
    let files = printed_by(&program, &options(&program, &[]));
    let text: String = files.values().map(String::as_str).collect();
    for word in [
        "barman",
        "kind: ObjectStore",
        "kind: ScheduledBackup",
        "## Backups",
    ] {
        assert!(!text.contains(word), "{word}");
    }
    // What was scheduled before goes with the next prune.
    assert!(text.contains("--prune-allowlist=postgresql.cnpg.io/v1/ScheduledBackup"));
}

#[test]
fn backups_that_go_nowhere_are_refused_and_the_help_names_the_option() {
    let program = program(Product::Postgres, Some(7));
    let said = refused(&program, &options(&program, &[]));
    let [one] = said.as_slice() else {
        panic!("{said:#?}")
    };
    assert_eq!(one.code.id, "EX0401");
    assert!(format!("{one:?}").contains("backups: { destination:"), "{one:#?}");
    assert!(!format!("{one:?}").contains("operators:"), "{one:#?}");
    let alone = Node::empty_map(program.at(NodeId::App, ""));
    let said = refused(&program, &alone);
    let [one] = said.as_slice() else {
        panic!("{said:#?}")
    };
    assert!(
        format!("{one:?}").contains("operators: { cloudnative-pg: cnpg-system }, backups:"),
        "{one:#?}"
    );
}

#[test]
fn backups_of_what_no_operator_backs_up_are_refused() {
    let program = program(Product::Mysql, Some(7));
    let said = refused(&program, &Node::empty_map(program.at(NodeId::App, "")));
    let codes: Vec<&str> = said.iter().map(|it| it.code.id).collect();
    assert_eq!(codes, ["EX0401"]);
}

#[test]
fn a_place_for_backups_that_nobody_makes_is_an_error() {
    let program = program(Product::Postgres, None);
    let said = refused(&program, &options(&program, &[BUCKET, SECRET]));
    let codes: Vec<&str> = said.iter().map(|it| it.code.id).collect();
    assert_eq!(codes, ["EX0402"]);
}

#[test]
fn a_secret_of_the_applications_own_does_not_open_the_store() {
    let program = program(Product::Postgres, Some(7));
    let said = refused(&program, &options(&program, &[BUCKET, ("secret", "shed-app")]));
    let codes: Vec<&str> = said.iter().map(|it| it.code.id).collect();
    assert_eq!(codes, ["EX0405"]);
}

#[test]
fn one_thing_opens_the_store() {
    assert_eq!(
        misread(&[BUCKET])[0].message,
        "`backups` needs `role` or `secret` in it"
    );
    assert_eq!(
        misread(&[BUCKET, ROLE, SECRET])[0].message,
        "`backups` has both `role` and `secret`"
    );
}

#[test]
fn no_backup_leaves_the_cluster_in_plain_text() {
    let said = misread(&[BUCKET, SECRET, ("endpoint", "http://s3.example.com")]);
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].code.id, "EX0402");
}
