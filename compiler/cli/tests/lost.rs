//! Data that the tree spoke of and will not: `build` and `build --check` warn of it, and `was` takes it up.

use super::support::App;

/// A shop with a database under a name, and further keys of the database.
fn manifest(database: &str, keys: &str) -> String {
    format!(
        "name: shop\ndependencies:\n  {database}: {{ type: postgres, version: \"17\"{keys} }}\n  pages: memcached:1.6\n\
         services:\n  web: {{ image: \"a/b:1\", port: 80, security: {{ user: 101 }}, uses: [{database}, pages] }}\n\
         environments:\n  production:\n    targets: {{ aws: {{ region: eu-central-1, account: \"123456789012\" }} }}\n  \
         cluster:\n    targets: {{ kubernetes: {{}} }}\n    dependencies: {{ pages: null }}\n    \
         services: {{ web: {{ uses: [{database}] }} }}\n"
    )
}

fn built() -> App {
    let app = App::with(&[("application.yml", &manifest("db", ""))]);
    app.run(&["build"]).ended(0);
    app
}

const OLD: [&str; 2] = [
    "infra/cluster/kubernetes/db.yaml",
    "infra/production/aws/dependency_db.tf",
];

#[test]
fn a_database_that_goes_is_told_with_its_file() {
    let app = built();
    app.write("application.yml", &manifest("store", ""));
    let check = app.run(&["build", "--check"]);
    check.ended(1).told("not as the manifest says");
    let build = app.run(&["build"]);
    build.ended(0);
    for run in [&check, &build] {
        run.told("warning[EX0601]").told("was: db");
        for file in OLD {
            run.told(&format!("`{file}` held the data of `db`"));
        }
        assert_eq!(run.err.matches("warning[EX0601]").count(), OLD.len(), "{run:?}");
        // Each target says what becomes of it there.
        run.told("whoever applies the files destroys it")
            .told("claims and Secrets stay");
    }
    let again = app.run(&["build"]);
    again.ended(0);
    assert!(!again.err.contains("EX0601"), "{again:?}");
}

#[test]
fn a_database_that_was_renamed_is_not_lost() {
    let app = built();
    let of_aws = ["build", "--env", "production"];
    app.write("application.yml", &manifest("store", ", was: db"));
    let run = app.run(&of_aws);
    run.ended(0);
    assert!(!run.err.contains("EX0601"), "{run:?}");
    assert!(app.exists("infra/production/aws/dependency_store.tf"));
    assert!(!app.exists(OLD[1]));
    app.write("application.yml", &manifest("store", ""));
    app.run(&of_aws)
        .ended(0)
        .told("`infra/production/aws/dependency_store.tf` held the data of `db`");
}

#[test]
fn what_holds_nothing_goes_without_a_word() {
    let app = built();
    let without = manifest("db", "")
        .replace("  pages: memcached:1.6\n", "")
        .replace("uses: [db, pages]", "uses: [db]")
        .replace("    dependencies: { pages: null }\n", "");
    app.write("application.yml", &without);
    let run = app.run(&["build"]);
    run.ended(0);
    assert!(!run.err.contains("EX0601"), "{run:?}");
    assert!(!app.exists("infra/production/aws/dependency_pages.tf"));
}

#[test]
fn an_environment_that_goes_takes_its_data_along() {
    let app = built();
    let without = manifest("db", "").replace("  production:\n", "  other:\n");
    app.write("application.yml", &without);
    let run = app.run(&["build"]);
    run.ended(0).told(&format!("`{}` held the data of `db`", OLD[1]));
    assert_eq!(run.err.matches("warning[EX0601]").count(), 1, "{run:?}");
}

#[test]
fn a_service_that_loses_its_volume_is_told_although_its_file_stays() {
    let manifest = |volume: &str| {
        format!(
            "name: shop\nservices:\n  web: {{ image: \"a/b:1\", security: {{ user: 101 }}{volume} }}\nenvironments:\n  \
             production:\n    targets: {{ aws: {{ region: eu-central-1, account: \"123456789012\" }} }}\n"
        )
    };
    let app = App::with(&[("application.yml", &manifest(", volumes: { data: /data }"))]);
    app.run(&["build"]).ended(0);
    app.write("application.yml", &manifest(""));
    app.run(&["build"])
        .ended(0)
        .told("`infra/production/aws/service_web.tf` held the data of `web`");
}

#[test]
fn where_warnings_are_denied_nothing_is_written() {
    let app = built();
    app.write("application.yml", &manifest("store", ""));
    let before = app.files();
    let run = app.run(&["build", "--deny-warnings"]);
    run.ended(1).without_result().told("EX0601");
    assert_eq!(app.files(), before);
}

#[test]
fn where_its_level_is_an_error_nothing_is_written() {
    let app = built();
    let levels = "diagnostics: { EX0601: { level: error, because: Data goes in a migration only } }\n";
    app.write("application.yml", &(manifest("store", "") + levels));
    app.run(&["build"]).ended(1).told("error[EX0601]");
    assert!(!app.exists("infra/production/aws/dependency_store.tf"));
    assert!(app.exists("infra/production/aws/dependency_db.tf"));
}

#[test]
fn programs_are_told_as_well() {
    let app = built();
    app.write("application.yml", &manifest("store", ""));
    for arguments in [
        &["build", "--check", "--format", "json"][..],
        &["build", "--format", "json"],
    ] {
        let document = app.run(arguments).json();
        let all = document["diagnostics"].as_array().unwrap();
        let lost: Vec<_> = all.iter().filter(|told| told["code"] == "EX0601").collect();
        assert_eq!(lost.len(), OLD.len(), "{document:#}");
        for told in lost {
            assert_eq!(told["severity"], "warning");
            assert_eq!(told["span"]["line"], 1, "{told:#}");
        }
    }
}
