//! Jobs: kinds, bounds, names, waves, and what the page says of them.

use super::sample::{self, Draft};
use super::{model, naming, objects, printed};
use crate::model::{CronJob, Job as Planned, Labels, Meta, Object, Start};
use crate::patch::Patches;
use crate::print;
use exoc_diagnostics::{InTurn, Sink};
use exoc_ir::{Component, Engine, Job, Kind, Moments, Program, Schedule, Seconds, Service, Trigger};

fn job(draft: &mut Draft, role: &str, image: &str, trigger: Trigger) -> Service {
    let image = draft.pinned(image);
    let mut service = sample::service(role, sample::workload(image, &[]));
    service.kind = Kind::Job(Job {
        trigger,
        timeout: Seconds(600),
        retries: 2,
    });
    service
}

fn at_three() -> Trigger {
    let only = |number: u8| Moments::Only([number].into());
    Trigger::Schedule(Schedule {
        minutes: only(0),
        hours: only(3),
        days: Moments::Every,
        months: Moments::Every,
        weekdays: Moments::Every,
    })
}

/// A program of jobs that are called after what starts them.
fn program() -> Program {
    let mut draft = Draft::new();
    let triggers = [
        ("after", Trigger::AfterDeploy),
        ("first", Trigger::BeforeDeploy { rank: 0 }),
        ("nightly", at_three()),
        ("repair", Trigger::OnDemand),
        ("second", Trigger::BeforeDeploy { rank: 1 }),
    ];
    for (role, trigger) in triggers {
        let service = job(&mut draft, role, &format!("acme/{role}:1"), trigger);
        draft.service(service);
    }
    let image = draft.pinned("redis:7.4");
    let ports = [("redis", 6379, exoc_ir::Protocol::Tcp)];
    draft.backing("cache", Engine::Container(sample::workload(image, &ports)));
    let web = draft.pinned("nginx:1.29");
    draft.service(sample::service("web", sample::workload(web, &[])));
    draft.finish()
}

fn one(trigger: Trigger, image: &str) -> Program {
    let mut draft = Draft::new();
    let service = job(&mut draft, "migrate", image, trigger);
    draft.service(service);
    draft.finish()
}

fn metas(program: &Program) -> Vec<Meta> {
    let model = model(program);
    objects(&model)
        .map(|object| naming::meta(object).1.clone())
        .collect()
}

fn value<'l>(labels: &'l Labels, key: &str) -> Option<&'l str> {
    let mut labels = labels.iter();
    let found = labels.find(|(known, _)| *known == key);
    found.map(|(_, value)| value.as_str())
}

fn cron_jobs(program: &Program) -> Vec<CronJob> {
    let model = model(program);
    let mut jobs = Vec::new();
    for object in objects(&model) {
        if let Object::CronJob(job) = object {
            jobs.push((**job).clone());
        }
    }
    jobs
}

fn planned_job(program: &Program) -> Planned {
    let model = model(program);
    let job = objects(&model).find_map(|object| {
        if let Object::Job(job) = object {
            Some((**job).clone())
        } else {
            None
        }
    });
    job.expect("a Job")
}

/// The name of the only Job in a file.
fn printed_name(program: &Program) -> String {
    let files = printed(program);
    name_in(files.get("migrate.yaml").expect("its file"))
}

/// The same for a Job that is not quite as it was planned.
fn printed_name_with(program: &Program, change: impl Fn(&mut Planned)) -> String {
    let mut model = model(program);
    for object in model.files.iter_mut().flat_map(|file| &mut file.objects) {
        if let Object::Job(job) = object {
            change(job);
        }
    }
    let (sources, mut sink) = (sample::sources(), Sink::new());
    let patches = Patches::new(&[], crate::options::Version::V36, &sources, &mut sink).expect("no patches");
    let artifacts = print::artifacts(model, &patches, &sources, &InTurn, &mut sink).expect("files");
    let (_, file) = artifacts
        .iter()
        .find(|(path, _)| path.to_string() == "migrate.yaml")
        .expect("its file");
    name_in(std::str::from_utf8(&file.contents).expect("UTF-8"))
}

fn name_in(text: &str) -> String {
    let job = text.split("kind: Job\n").nth(1).expect("a Job");
    let name = job.lines().find_map(|line| line.trim().strip_prefix("name: "));
    name.expect("a name").to_owned()
}

#[test]
fn the_clock_and_people_start_cron_jobs() {
    let jobs = cron_jobs(&program());
    let [nightly, repair] = jobs.as_slice() else {
        panic!("{} CronJobs", jobs.len())
    };
    assert_eq!(nightly.start, Start::Clock("0 3 * * *".into()));
    assert_eq!(repair.start, Start::Person);
    assert_eq!((nightly.retries, nightly.pod.deadline), (2, Some(600)));
    let files = printed(&program());
    let text = &files["nightly.yaml"];
    for line in [
        "  schedule: \"0 3 * * *\"\n  timeZone: Etc/UTC\n  startingDeadlineSeconds: 60\n",
        "  concurrencyPolicy: Forbid\n",
        "      backoffLimit: 2\n",
        "                status: \"True\"\n",
        "          restartPolicy: Never\n          activeDeadlineSeconds: 600\n",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
    assert!(!text.contains("suspend"));
    assert!(files["repair.yaml"].contains("  suspend: true\n"));
}

#[test]
fn waves_follow_what_stands_on_what() {
    let waves: Vec<(String, Option<String>)> = metas(&program())
        .into_iter()
        .map(|meta| {
            let wave = value(&meta.annotations, "argocd.argoproj.io/sync-wave");
            (meta.name.clone(), wave.map(str::to_owned))
        })
        .collect();
    let of = |name: &str| {
        let of: Vec<Option<&str>> = waves
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, wave)| wave.as_deref())
            .collect();
        assert!(!of.is_empty(), "{name}");
        assert!(of.windows(2).all(|pair| pair[0] == pair[1]), "{name}: {of:?}");
        of[0]
    };
    assert_eq!(of("shop-production"), Some("-20"));
    assert_eq!(of("exoc-default-deny"), Some("-20"));
    assert_eq!(of("cache"), Some("-20"));
    assert_eq!(of("first"), Some("-10"));
    assert_eq!(of("second"), Some("-9"));
    assert_eq!([of("web"), of("nightly"), of("repair")], [None, None, None]);
    assert_eq!(of("after"), Some("10"));
}

#[test]
fn more_ranks_than_ten_still_come_before_the_services() {
    let mut draft = Draft::new();
    for rank in 0..14 {
        let trigger = Trigger::BeforeDeploy { rank };
        let service = job(
            &mut draft,
            &format!("step-{rank:02}"),
            &format!("acme/step:{rank}"),
            trigger,
        );
        draft.service(service);
    }
    let metas = metas(&draft.finish());
    let wave = |name: &str| {
        let meta = metas.iter().find(|meta| meta.name == name).expect("its metadata");
        value(&meta.annotations, "argocd.argoproj.io/sync-wave").map(str::to_owned)
    };
    assert_eq!(wave("shop-production").as_deref(), Some("-24"));
    assert_eq!(wave("step-00").as_deref(), Some("-14"));
    assert_eq!(wave("step-13").as_deref(), Some("-1"));
}

#[test]
fn without_a_job_of_a_deployment_nothing_has_a_wave() {
    let program = one(Trigger::OnDemand, "busybox:1.37");
    for meta in metas(&program) {
        assert_eq!(value(&meta.annotations, "argocd.argoproj.io/sync-wave"), None);
    }
    assert!(!printed(&program)["README.md"].contains("Argo CD"));
}

#[test]
fn the_name_of_a_job_is_that_of_its_content() {
    let before = || Trigger::BeforeDeploy { rank: 0 };
    let name = printed_name(&one(before(), "busybox:1.37"));
    let hash = name.strip_prefix("migrate-").expect("the role");
    assert!(
        hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{name}"
    );
    assert_eq!(name, printed_name(&one(before(), "busybox:1.37")));
    assert_ne!(name, printed_name(&one(before(), "busybox:1.38")));
    // Lines of the manifest are no content.
    let mut draft = Draft::new();
    draft.line();
    let service = job(&mut draft, "migrate", "busybox:1.37", before());
    draft.service(service);
    assert_eq!(name, printed_name(&draft.finish()));
}

#[test]
fn what_runs_nothing_makes_no_job_run_again() {
    let program = one(Trigger::BeforeDeploy { rank: 0 }, "busybox:1.37");
    let name = printed_name(&program);
    let annotated = printed_name_with(&program, |job| {
        for (key, text) in [
            ("argocd.argoproj.io/sync-wave", "-7"),
            ("checkov.io/skip1", "CKV_K8S_11=told in other words"),
        ] {
            assert!(value(&job.meta.annotations, key).is_some_and(|now| now != text));
            job.meta.annotations.insert(key, text.to_owned());
        }
        job.meta.labels.insert("owner", "another-team".to_owned());
    });
    assert_eq!(name, annotated);
    // Kubernetes changes this in place.
    assert_eq!(name, printed_name_with(&program, |job| job.retries += 1));
    // A deadline is the pod's, which is another one then.
    assert_ne!(
        name,
        printed_name_with(&program, |job| job.pod.deadline = Some(601))
    );
}

#[test]
fn a_new_rank_makes_no_job_run_again() {
    let name = printed_name(&one(Trigger::BeforeDeploy { rank: 0 }, "busybox:1.37"));
    let mut draft = Draft::new();
    let first = job(
        &mut draft,
        "first",
        "busybox:1.37",
        Trigger::BeforeDeploy { rank: 0 },
    );
    draft.service(first);
    let second = job(
        &mut draft,
        "migrate",
        "busybox:1.37",
        Trigger::BeforeDeploy { rank: 1 },
    );
    draft.service(second);
    assert_eq!(name, printed_name(&draft.finish()));
}

#[test]
fn the_reference_that_pins_a_built_image_is_content_of_the_job() {
    let of = |pinned: Option<&str>| {
        let mut draft = Draft::new();
        let image = draft.built("migrate", pinned);
        let mut service = job(&mut draft, "migrate", "busybox:1.37", Trigger::AfterDeploy);
        service.workload.image = image;
        draft.service(service);
        draft.finish()
    };
    let (one, two) = (
        of(Some("ghcr.io/acme/shop-migrate:1")),
        of(Some("ghcr.io/acme/shop-migrate:2")),
    );
    assert_eq!(planned_job(&one).pod, planned_job(&two).pod);
    assert_ne!(printed_name(&one), printed_name(&two));
    assert_ne!(printed_name(&one), printed_name(&of(None)));
}

#[test]
fn the_longest_role_makes_a_name_that_fits() {
    let role = "r".repeat(52);
    let mut draft = Draft::new();
    let service = job(&mut draft, &role, "busybox:1.37", Trigger::AfterDeploy);
    draft.service(service);
    let files = printed(&draft.finish());
    let name = files[&format!("{role}.yaml")]
        .lines()
        .find_map(|line| line.strip_prefix(&format!("  name: {role}-")));
    assert_eq!(name.map(|hash| role.len() + 1 + hash.len()), Some(61));
}

#[test]
fn deployments_keep_a_job_until_another_one_takes_its_place() {
    let text = &printed(&one(Trigger::BeforeDeploy { rank: 0 }, "busybox:1.37"))["migrate.yaml"];
    assert!(!text.contains("ttlSecondsAfterFinished"));
    for line in [
        "    argocd.argoproj.io/hook: Sync\n",
        "    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n",
        "    kustomize.toolkit.fluxcd.io/force: enabled\n",
    ] {
        assert!(text.contains(line), "{line}:\n{text}");
    }
}

#[test]
fn the_page_runs_the_jobs_in_their_order_around_the_services() {
    let page = &printed(&program())["README.md"];
    let places: Vec<usize> = [
        "  run 'app.kubernetes.io/name in (first)' 2730s &&\n",
        "  run 'app.kubernetes.io/name in (second)' 2730s &&\n",
        "  kubectl apply -k . --selector='exoc.run notin (before-deploy, after-deploy)' &&\n",
        "  run 'app.kubernetes.io/name in (after)' 2730s\n",
        "create job --from=cronjob/repair repair-",
        "create job --from=cronjob/nightly nightly-",
        "--prune-allowlist=batch/v1/Job",
    ]
    .into_iter()
    .map(|line| page.find(line).unwrap_or_else(|| panic!("{line}\n{page}")))
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("rollout status deployments,statefulsets --timeout=15m --selector="));
    let without = &printed(&one(Trigger::AfterDeploy, "busybox:1.37"))["README.md"];
    assert!(
        !without.contains("component=dependency"),
        "nothing is waited for that is not there"
    );
}

#[test]
fn a_job_has_an_account_and_policies_like_a_service() {
    let mut draft = Draft::new();
    let service = job(
        &mut draft,
        "migrate",
        "busybox:1.37",
        Trigger::BeforeDeploy { rank: 0 },
    );
    let migrate = draft.service(service);
    let image = draft.pinned("redis:7.4");
    let ports = [("redis", 6379, exoc_ir::Protocol::Tcp)];
    let cache = draft.backing("cache", Engine::Container(sample::workload(image, &ports)));
    draft.uses(migrate, cache, &[6379]);
    let program = draft.finish();
    let model = model(&program);
    let of_migrate: Vec<&Object> = model
        .files
        .iter()
        .filter(|file| file.name == "migrate.yaml")
        .flat_map(|file| &file.objects)
        .collect();
    assert!(
        matches!(
            of_migrate.as_slice(),
            [
                Object::ServiceAccount(..),
                Object::Job(_),
                Object::NetworkPolicy(_)
            ]
        ),
        "{of_migrate:#?}"
    );
    let Component::Service(id) = migrate else {
        panic!("a service")
    };
    assert_eq!(
        program.services().get(id).map(|service| service.role.as_str()),
        Some("migrate")
    );
}
