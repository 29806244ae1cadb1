//! Jobs: what starts them, what a deployment waits for, which schedules are refused.

use super::{files, messages, model, reported, task};
use crate::model::{Kind, Start};
use crate::support::{Sample, fixed, least_options, managed, workload};
use exoc_diagnostics::VirtualPath;
use exoc_ir::{Engine, Job, Moments, Product, Program, Schedule, Seconds, Trigger};

fn job(trigger: Trigger, retries: u32) -> Job {
    Job {
        trigger,
        timeout: Seconds(600),
        retries,
    }
}

fn clock(day: Option<u8>, month: Option<u8>) -> Schedule {
    let only = |number: u8| Moments::Only([number].into());
    Schedule {
        minutes: only(0),
        hours: only(3),
        days: day.map_or(Moments::Every, only),
        months: month.map_or(Moments::Every, only),
        weekdays: Moments::Every,
    }
}

/// A service, a database, a container, and jobs of all four kinds; those before a deployment are `two` after `one`.
pub(super) fn deployment() -> Program {
    let mut sample = Sample::new("jobs", None, &[], &["db"], &["db", "search", "unused"]);
    let image = sample.pinned("ghcr.io/acme/web:1");
    sample.service(
        "web",
        workload(image, &[("http", 80, exoc_ir::Protocol::Http)]),
        fixed(1),
    );
    let jobs = [
        ("one", job(Trigger::BeforeDeploy { rank: 1 }, 0)),
        ("two", job(Trigger::BeforeDeploy { rank: 0 }, 2)),
        ("later", job(Trigger::AfterDeploy, 0)),
        ("never", job(Trigger::OnDemand, 0)),
        ("nightly", job(Trigger::Schedule(clock(None, None)), 1)),
    ];
    for (role, job) in jobs {
        sample.job(role, workload(image, &[]), job);
    }
    sample.backing(
        "db",
        managed(Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    for (role, port) in [("search", 9200), ("unused", 9300)] {
        let container = workload(image, &[("http", port, exoc_ir::Protocol::Http)]);
        sample.backing(role, Engine::Container(container));
    }
    sample.uses("one", "db", &[5432]);
    sample.uses("two", "search", &[9200]);
    sample.uses("web", "unused", &[9300]);
    sample.uses("later", "web", &[80]);
    sample.finish()
}

fn text(program: &Program, name: &str) -> String {
    let path = VirtualPath::new(name).unwrap();
    String::from_utf8(files(program).get(&path).unwrap().contents.clone()).unwrap()
}

#[test]
fn a_job_is_a_state_machine_and_no_service() {
    let program = deployment();
    let planned = model(&program);
    let nightly = task(&planned, "nightly");
    assert_eq!(nightly.kind, Kind::Job);
    let job = nightly.job.as_ref().unwrap();
    assert_eq!((job.timeout, job.retries), (600, 1));
    assert_eq!(job.machine, "jobs-production-nightly");
    let Start::Schedule(schedule) = &job.start else {
        panic!("the clock starts it")
    };
    assert_eq!(schedule.expression, "cron(0 3 * * ? *)");
    let printed = text(&program, "job_nightly.tf");
    assert!(printed.contains("resource \"aws_sfn_state_machine\" \"nightly\""));
    assert!(!printed.contains("aws_ecs_service") && !printed.contains("aws_service_discovery"));
}

#[test]
fn what_a_person_or_a_deployer_starts_fails_beside_another_run_and_what_the_clock_starts_is_left_out() {
    let program = deployment();
    assert!(text(&program, "job_nightly.tf").contains("Type = \"Succeed\""));
    for name in ["job_one.tf", "job_later.tf", "job_never.tf"] {
        let printed = text(&program, name);
        assert!(!printed.contains("Succeed"), "{name}");
        assert!(printed.contains("Error = \"StillRunning\""), "{name}");
    }
}

#[test]
fn the_gate_is_for_the_jobs_before_a_deployment_by_rank() {
    let planned = model(&deployment());
    let gate = planned.gate.as_ref().unwrap();
    assert_eq!(gate.jobs, ["two", "one"]);
    let needs: Vec<(&str, &str)> = gate
        .needs
        .iter()
        .map(|(kind, name)| (*kind, name.as_str()))
        .collect();
    assert!(needs.contains(&("aws_ecs_service", "search")), "{needs:?}");
    assert!(!needs.contains(&("aws_ecs_service", "unused")), "{needs:?}");
    for rule in ["db_from_one_5432", "search_from_two_9200"] {
        assert!(
            needs.contains(&("aws_vpc_security_group_ingress_rule", rule)),
            "{rule}"
        );
    }
}

#[test]
fn services_wait_for_the_gate_and_what_the_gate_waits_for_does_not() {
    let program = deployment();
    let gate = "terraform_data.before_deploy,";
    assert!(text(&program, "service_web.tf").contains(gate));
    for name in [
        "dependency_search.tf",
        "dependency_db.tf",
        "job_one.tf",
        "job_later.tf",
    ] {
        assert!(!text(&program, name).contains(gate), "{name}");
    }
}

#[test]
fn without_a_job_before_a_deployment_there_is_no_gate() {
    let mut sample = Sample::new("jobs", None, &[], &[], &[]);
    let image = sample.pinned("ghcr.io/acme/web:1");
    sample.job("later", workload(image, &[]), job(Trigger::AfterDeploy, 0));
    let program = sample.finish();
    assert!(model(&program).gate.is_none());
    assert!(!text(&program, "jobs.tf").contains("before_deploy"));
    assert!(!text(&program, "outputs.tf").contains("before_deploy"));
}

#[test]
fn a_schedule_that_never_comes_is_refused_at_its_line() {
    let with = |schedule: Schedule| {
        let mut sample = Sample::new("jobs", None, &[], &[], &[]);
        let image = sample.pinned("ghcr.io/acme/web:1");
        sample.job(
            "nightly",
            workload(image, &[]),
            job(Trigger::Schedule(schedule), 0),
        );
        sample.writes("nightly", "schedule");
        sample.finish()
    };
    let program = with(clock(Some(30), Some(2)));
    let (planned, reports) = reported(&program, &least_options());
    assert!(!planned);
    assert_eq!(
        messages(&reports, "EX0406"),
        ["no month of the schedule of `nightly` has its day, so it would never run"]
    );
    let at = reports
        .iter()
        .find(|d| d.code.id == "EX0406")
        .unwrap()
        .primary
        .as_ref()
        .unwrap();
    let id = program.services().iter().next().unwrap().0;
    assert_eq!(at.span, program.at(exoc_ir::NodeId::Service(id), "schedule"));
    assert!(reported(&with(clock(Some(29), Some(2))), &least_options()).0);
}

#[test]
fn names_of_jobs_stay_within_the_limits_of_aws() {
    let role = "a-job-with-a-name-of-fifty-two-letters-which-is-most";
    assert_eq!(role.len(), 52);
    let mut sample = Sample::new("an-application-of-thirty-one-chars", None, &[], &[], &[]);
    let image = sample.pinned("ghcr.io/acme/web:1");
    sample.job(
        role,
        workload(image, &[]),
        job(Trigger::Schedule(clock(None, None)), 0),
    );
    let planned = model(&sample.finish());
    let job = planned.tasks[0].job.as_ref().unwrap();
    let Start::Schedule(schedule) = &job.start else {
        panic!("the clock starts it")
    };
    assert!(job.machine.len() <= 80 && schedule.name.len() <= 64);
    assert!(job.run_role.len() <= 64 && schedule.role.len() <= 64);
    let all = [
        &job.run_role,
        &schedule.role,
        &planned.tasks[0].execution_role,
        &planned.tasks[0].task_role,
    ];
    let distinct: std::collections::BTreeSet<_> = all.into_iter().collect();
    assert_eq!(distinct.len(), 4);
}
