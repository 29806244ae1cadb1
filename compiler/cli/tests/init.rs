//! `exoc init --ci`.

use super::support::App;
use std::fs;
use std::os::unix::fs::symlink;

const GITHUB: &str = ".github/workflows/exoc.yml";

/// An application that is released to AWS, with a job before each deployment and a secret.
const RELEASED: &str = "\
name: shop
secrets:
  TOKEN: { description: Token of the mail provider }
services:
  web: ./web
  migrate:
    location: ./web
    when: before-deploy
    port: null
    command: [migrate]
environments:
  blue-green:
    domain: shop.example.com
    targets:
      aws: { region: eu-central-1, account: \"123456789012\" }
";

const WEB: &str = "port: 8080\nenvironment: { TOKEN: \"${secrets.TOKEN}\" }\n";

fn released() -> App {
    App::with(&[("application.yml", RELEASED), ("web/service.yml", WEB)])
}

fn text(app: &App, path: &str) -> String {
    fs::read_to_string(app.path(path)).unwrap()
}

#[test]
fn a_workflow_is_written_for_each_service_and_its_path_is_the_result() {
    let services = [
        ("github", &[GITHUB][..]),
        ("gitlab", &[".gitlab/exoc.yml", ".gitlab-ci.yml"]),
        (
            "gitea",
            &[".gitea/workflows/exoc.yml", ".gitea/workflows/exoc-apply.yml"],
        ),
    ];
    for (service, paths) in services {
        let app = released();
        let run = app.run(&["init", "--ci", service]);
        run.ended(0).told("releases `blue-green`");
        assert_eq!(run.out.lines().collect::<Vec<_>>(), paths);
        for path in paths {
            assert!(text(&app, path).ends_with('\n'), "{path}");
        }
    }
}

#[test]
fn the_same_application_gives_the_same_bytes_and_writing_them_again_is_nothing() {
    let (one, other) = (released(), released());
    for app in [&one, &other] {
        app.run(&["init", "--ci", "github"]).ended(0);
    }
    assert_eq!(text(&one, GITHUB), text(&other, GITHUB));
    let again = one.run(&["init", "--ci", "github"]);
    again.ended(0).without_result().told("Nothing to write.");
}

#[test]
fn what_a_team_made_of_it_stays_unless_it_is_forced() {
    let app = released();
    app.write(GITHUB, "# ours\n");
    let run = app.run(&["init", "--ci", "github"]);
    run.ended(1)
        .without_result()
        .told("`.github/workflows/exoc.yml` stands there already")
        .told("--force");
    assert_eq!(text(&app, GITHUB), "# ours\n");
    app.run(&["init", "--ci", "github", "--force"]).ended(0);
    assert!(text(&app, GITHUB).starts_with("# Written by `exoc init --ci github`"));
}

#[test]
fn a_pipeline_of_gitlab_that_is_there_stays_even_if_forced() {
    let app = released();
    app.write(".gitlab-ci.yml", "include: []\n");
    let run = app.run(&["init", "--ci", "gitlab", "--force"]);
    run.ended(0);
    assert_eq!(run.out, ".gitlab/exoc.yml\n");
    assert_eq!(text(&app, ".gitlab-ci.yml"), "include: []\n");
}

#[test]
fn it_lies_at_the_root_of_the_repository_and_works_in_the_applications_folder() {
    let app = App::with(&[
        ("apps/shop/application.yml", RELEASED),
        ("apps/shop/web/service.yml", WEB),
        ("apps/shop/web/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ]);
    app.run(&["init", "--ci", "github", "-C", "apps/shop"]).ended(0);
    let text = text(&app, GITHUB);
    assert!(text.contains("        working-directory: apps/shop\n"), "{text}");
    assert!(
        text.contains("        working-directory: apps/shop/infra/blue-green/aws\n"),
        "{text}"
    );
}

#[test]
fn without_an_environment_to_release_it_only_checks_and_says_so() {
    for service in ["github", "gitlab", "gitea"] {
        let app = App::good();
        let run = app.run(&["init", "--ci", service]);
        run.ended(0)
            .told("It only checks: no environment has the target `aws`.");
        for path in run.out.lines() {
            let text = text(&app, path);
            assert!(!text.contains("tofu") && !text.contains("id-token"), "{text}");
        }
    }
}

#[test]
fn terraform_takes_the_place_of_opentofu_everywhere() {
    for service in ["github", "gitlab", "gitea"] {
        let app = released();
        let run = app.run(&["init", "--ci", service, "--tool", "terraform"]);
        run.ended(0);
        for path in run.out.lines() {
            assert!(!text(&app, path).contains("tofu"), "{path}");
        }
    }
}

#[test]
fn a_variable_names_its_environment_and_a_secret_is_no_part_of_a_command() {
    let app = released();
    app.run(&["init", "--ci", "github"]).ended(0);
    let text = text(&app, GITHUB);
    for variable in ["PLAN_ROLE", "PUSH_ROLE", "APPLY_ROLE", "STATE_BUCKET"] {
        assert!(
            text.contains(&format!("vars.EXOC_BLUE_GREEN_{variable} ")),
            "{variable}"
        );
    }
    assert!(
        text.contains("          SECRET_TOKEN: \"${{ secrets.TOKEN }}\"\n"),
        "{text}"
    );
    let uses: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("secrets.TOKEN"))
        .collect();
    // The jobs before the deployment and the deployment itself.
    assert_eq!(uses.len(), 2, "{uses:?}");
}

#[test]
fn a_manifest_with_a_fault_gives_no_workflow() {
    let app = App::bad();
    app.run(&["init", "--ci", "github"])
        .ended(1)
        .without_result()
        .told("application.yml:2:1");
    assert!(!app.path(".github").exists());
}

#[test]
fn a_link_in_the_way_is_not_followed() {
    let app = released();
    fs::create_dir_all(app.path(".github/workflows")).unwrap();
    symlink("../../web/Dockerfile", app.path(GITHUB)).unwrap();
    app.run(&["init", "--ci", "github", "--force"])
        .ended(3)
        .told("`.github/workflows/exoc.yml` cannot be written");
    assert_eq!(text(&app, "web/Dockerfile"), "FROM scratch\nUSER 1000\n");
}

#[test]
fn programs_read_the_paths_as_json() {
    let run = released().run(&["init", "--ci", "github", "--format", "json"]);
    run.ended(0);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(document["files"], serde_json::json!([GITHUB]));
}

#[test]
fn the_service_is_named() {
    released().run(&["init"]).ended(1).told("--ci");
    released()
        .run(&["init", "--ci", "jenkins"])
        .ended(2)
        .told("gitlab");
}
