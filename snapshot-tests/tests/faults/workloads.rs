//! Faults in the jobs, files and volumes that Kubernetes prints.

use super::{Fault, kubernetes};

const JOBS: (&str, &str) = ("jobs-deploy", "staging");
const CLOCK: (&str, &str) = ("jobs-schedule", "production");

const fn job(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: JOBS,
        ..kubernetes(what, file, from, to)
    }
}

const fn clock(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: CLOCK,
        ..kubernetes(what, file, from, to)
    }
}

const fn file(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: ("files", "production"),
        ..kubernetes(what, "web.yaml", from, to)
    }
}

const fn volume(what: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: ("volumes", "production"),
        ..kubernetes(what, "board.yaml", from, to)
    }
}

const fn shared(what: &'static str, file: &'static str, from: &'static str, to: &'static str) -> Fault {
    Fault {
        of: ("shared-files", "production"),
        ..kubernetes(what, file, from, to)
    }
}

/// Faults of workloads that are no services which listen.
pub(crate) const WORKLOADS: &[Fault] = &[
    job(
        "a run that takes longer",
        "expand.yaml",
        "activeDeadlineSeconds: 300",
        "activeDeadlineSeconds: 301",
    ),
    job(
        "a run repeated less often",
        "expand.yaml",
        "backoffLimit: 2",
        "backoffLimit: 1",
    ),
    job(
        "a run that an emptied machine uses up",
        "expand.yaml",
        "action: Ignore",
        "action: Count",
    ),
    job(
        "a failed run that begins again in its pod",
        "expand.yaml",
        "restartPolicy: Never",
        "restartPolicy: OnFailure",
    ),
    job(
        "a migration that is forgotten and runs again",
        "expand.yaml",
        "  # From application.yml:12.\n",
        "  ttlSecondsAfterFinished: 600\n",
    ),
    job(
        "jobs in another order",
        "backfill.yaml",
        "sync-wave: \"-9\"\n    checkov",
        "sync-wave: \"-11\"\n    checkov",
    ),
    job(
        "a job whose account comes later",
        "backfill.yaml",
        "sync-wave: \"-9\"",
        "sync-wave: \"-8\"",
    ),
    job(
        "a job before its database",
        "db.yaml",
        "sync-wave: \"-20\"\n    checkov",
        "sync-wave: \"-5\"\n    checkov",
    ),
    job(
        "a job that runs once and for all",
        "expand.yaml",
        "hook-delete-policy: BeforeHookCreation",
        "hook-delete-policy: HookFailed",
    ),
    job(
        "a job that another image cannot change",
        "expand.yaml",
        "force: enabled",
        "force: disabled",
    ),
    job(
        "a job after a deployment before it",
        "announce.yaml",
        "exoc.run: after-deploy\n  annotations:\n    argocd.argoproj.io/hook",
        "exoc.run: before-deploy\n  annotations:\n    argocd.argoproj.io/hook",
    ),
    job(
        "a job that the clock starts",
        "repair.yaml",
        "  suspend: true\n",
        "",
    ),
    job(
        "a job that may not reach its database",
        "repair.yaml",
        "port: 5432",
        "port: 5433",
    ),
    clock("another hour", "nightly.yaml", "\"0 3 * * *\"", "\"0 4 * * *\""),
    clock("weekdays counted from one", "office.yaml", "* * 1-5", "* * 2-6"),
    clock(
        "a clock of another place",
        "nightly.yaml",
        "Etc/UTC",
        "Europe/Berlin",
    ),
    clock("runs that overlap", "nightly.yaml", "Forbid", "Allow"),
    clock(
        "a run that begins hours late",
        "nightly.yaml",
        "startingDeadlineSeconds: 60",
        "startingDeadlineSeconds: 7200",
    ),
    file(
        "a file that is another one",
        "subPath: settings.ini",
        "subPath: banner.txt",
    ),
    file(
        "a file elsewhere",
        "mountPath: /etc/web/settings.ini",
        "mountPath: /etc/web/setting.ini",
    ),
    file(
        "a file that can be written",
        "subPath: settings.ini\n              readOnly: true",
        "subPath: settings.ini",
    ),
    file("a file that may be run", "defaultMode: 292", "defaultMode: 365"),
    file(
        "files that change below who reads them",
        "immutable: true",
        "immutable: false",
    ),
    volume(
        "data that another one keeps",
        "mountPath: /srv/sessions",
        "mountPath: /srv/session",
    ),
    volume(
        "data under another name",
        "        name: sessions\n      spec",
        "        name: session\n      spec",
    ),
    volume("data that nobody may write", "fsGroup: ", "runAsAny: "),
    volume(
        "data that others write",
        "accessModes: [ReadWriteOnce]",
        "accessModes: [ReadWriteMany]",
    ),
    shared(
        "a shared volume for one machine",
        "media.yaml",
        "ReadWriteMany",
        "ReadWriteOnce",
    ),
    shared(
        "a shared volume that its reader writes",
        "gallery.yaml",
        "              readOnly: true\n",
        "",
    ),
    shared(
        "another shared volume",
        "thumbnails.yaml",
        "claimName: media",
        "claimName: fonts",
    ),
];
