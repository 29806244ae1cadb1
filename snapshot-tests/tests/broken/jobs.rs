//! Faults of jobs, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const JOBS: &[Habit] = &[
    (
        "a schedule with two fields for days",
        web!("    schedule: \"0 3 1 * MON\"\n"),
        "EX0322",
        "MON",
        "write `*` for one of the two",
    ),
    (
        "a service that uses a job",
        app!(
            "services:\n  web: { image: \"a/b:1\", port: 80, uses: [migrate] }\n  \
             migrate: { image: \"a/b:1\", when: before-deploy }\n"
        ),
        "EX0323",
        "migrate",
        "nothing connects to a job",
    ),
    (
        "a service that refers to a job",
        app!(
            "services:\n  web: { image: \"a/b:1\", port: 80, environment: { A: \"${services.migrate.url}\" } }\n  \
             migrate: { image: \"a/b:1\", when: before-deploy }\n"
        ),
        "EX0323",
        "url",
        "job",
    ),
    (
        "a job before a deployment that refers to a service",
        app!(
            "services:\n  web: { image: \"a/b:1\", port: 80 }\n  migrate: { image: \"a/b:1\", when: before-deploy, \
             environment: { A: \"${services.web.url}\" } }\n"
        ),
        "EX0323",
        "${services.web.url}",
        "does not run yet",
    ),
    (
        "a job of a shared file that has a port of its own",
        &[
            (
                "application.yml",
                "name: shop\nservices:\n  web: ./web\n  migrate: { location: ./web, when: before-deploy, port: 81 }\n",
            ),
            ("web/service.yml", "image: \"a/b:1\"\nport: 80\n"),
        ],
        "EX0302",
        "81",
        "nothing connects to it",
    ),
    (
        "jobs that wait for each other",
        app!(
            "services:\n  a: { image: \"a/b:1\", when: before-deploy, uses: [b] }\n  \
             b: { image: \"a/b:1\", when: before-deploy, uses: [a] }\n"
        ),
        "EX0324",
        "b",
        "the job `a` waits for itself",
    ),
    (
        "a job with a port",
        web!("    when: on-demand\n    port: 80\n"),
        "EX0302",
        "80",
        "nothing connects to it",
    ),
    (
        "retries of what is no job",
        web!("    retries: 2\n"),
        "EX0302",
        "2",
        "make `web` a job",
    ),
    (
        "a worker with a schedule",
        web!("    schedule: \"0 3 * * *\"\n    type: worker\n"),
        "EX0301",
        "worker",
        "makes it a job",
    ),
];
