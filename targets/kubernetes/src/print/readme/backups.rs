//! The section about backups: what is kept where, how one sees it, and how a database is made of it. Holds no value.

use super::super::cluster::PLUGIN;
use crate::model::{BackedUp, BackupsToTell};
use crate::options::{Access, SecretStore};
use std::fmt::Write as _;

/// The section; nothing if no backups are made.
pub(super) fn section(
    namespace: &str,
    backups: Option<&BackupsToTell>,
    store: Option<&SecretStore>,
) -> String {
    let Some(told) = backups else {
        return String::new();
    };
    let BackupsToTell {
        folder,
        access: _, // in `access`
        keys: _,   // likewise
        databases,
    } = told;
    let Some(first) = databases.first() else {
        return String::new();
    };
    let mut section = "\n## Backups\n\n\
         The plugin Barman Cloud sends every change of a database to a bucket, at the latest after five minutes, and a whole copy\n\
         at once and each day at 02:00 UTC. From these a database can be made as it was at any moment of so many days:\n\n\
         | database | kept in | for |\n|---|---|---|\n"
        .to_owned();
    for database in databases {
        let BackedUp {
            role,
            identity,
            days,
            database: _, // for those who restore
            owner: _,    // likewise
        } = database;
        let unit = if *days == 1 { "day" } else { "days" };
        let _ = writeln!(section, "| `{role}` | `{folder}/{identity}` | {days} {unit} |");
    }
    section += &access(namespace, told, store);
    section += &format!(
        "\nThis waits until a change has arrived, and lists the whole copies and since when there are some:\n\n```sh\n\
         kubectl --namespace {namespace} wait clusters.postgresql.cnpg.io --for=condition=ContinuousArchiving --timeout=15m {}\n\
         kubectl --namespace {namespace} get backups.postgresql.cnpg.io\n\
         kubectl --namespace {namespace} get objectstores.barmancloud.cnpg.io {} --output=jsonpath='{{.status.serverRecoveryWindow}}'\n```\n",
        identities(databases),
        first.identity
    );
    section + &restore(namespace, first)
}

fn identities(databases: &[BackedUp]) -> String {
    let names: Vec<&str> = databases.iter().map(|it| it.identity.as_str()).collect();
    names.join(" ")
}

/// By what pods write to the bucket, and what people do for that.
fn access(namespace: &str, told: &BackupsToTell, store: Option<&SecretStore>) -> String {
    let BackupsToTell {
        folder: _,
        access,
        keys,
        databases,
    } = told;
    match (access, store) {
        (Access::Role(role), _) => {
            let accounts = databases
                .iter()
                .map(|it| format!("`system:serviceaccount:{namespace}:{}`", it.identity));
            let accounts: Vec<String> = accounts.collect();
            format!(
                "\nPods write there with the role `{role}`, which EKS lends to their accounts. Its trust policy must name\n{}.\n",
                accounts.join(", ")
            )
        }
        (Access::Secret(secret), Some(SecretStore { kind, name })) => {
            let values: Vec<String> = keys.values().map(|value| format!("`{value}`")).collect();
            format!(
                "\nPods write there with the Secret `{secret}`, which External Secrets makes of the values {} of the\n{kind} `{name}`.\n",
                values.join(" and ")
            )
        }
        (Access::Secret(secret), None) => {
            let tests: Vec<String> = keys.keys().map(|key| format!("test -n \"${key}\"")).collect();
            let lines: Vec<String> = keys.keys().map(|key| format!("{key}=%s")).collect();
            let values: Vec<String> = keys.keys().map(|key| format!("\"${key}\"")).collect();
            format!(
                "\nPods write there with the keys in the Secret `{secret}`. Variables of the shell hold them:\n\n```sh\n\
                 {} && printf '{}\\n' {} |\n  \
                 kubectl --namespace {namespace} create secret generic {secret} --from-env-file=/dev/stdin\n```\n",
                tests.join(" && "),
                lines.join("\\n"),
                values.join(" ")
            )
        }
    }
}

/// How a database is made of its backups: under another name, since the old one's folder takes no other's changes.
///
/// Source: cloudnative-pg/cloudnative-pg 1.30.0, docs/src/recovery.md, "Point in time recovery", "Configure the application
/// database" and "Restoring into a Cluster with a Backup Section"; 2026-11.
fn restore(namespace: &str, database: &BackedUp) -> String {
    let BackedUp {
        role,
        identity,
        days: _,
        database,
        owner,
    } = database;
    let new = format!("{identity}-2");
    format!(
        "\n### Restore\n\n\
         A database is never set back: a new one is made of the backups, and takes the place of the old one. Here of `{role}`; `{new}`\n\
         is any name that no data had yet. In the environment, with the moment, or without `recoveryTarget` for the last:\n\n\
         ```yaml\n\
         dependencies:\n  {role}: {{ was: {new} }}\n\
         targets:\n  kubernetes:\n    patches:\n      - at: Cluster/{new}\n        replace:\n          spec.bootstrap:\n            recovery:\n              \
         source: backups\n              database: {database}\n              owner: {owner}\n              \
         recoveryTarget: {{ targetTime: \"2026-01-31T09:30:00Z\" }}\n        set:\n          spec.externalClusters:\n            - name: backups\n              \
         plugin:\n                name: {PLUGIN}\n                parameters: {{ barmanObjectName: {new}, serverName: {identity} }}\n\
         ```\n\n\
         1. If the old one is still there, it goes, and its claims with it. Its backups stay, until somebody deletes them:\n   \
         `kubectl --namespace {namespace} delete clusters.postgresql.cnpg.io,scheduledbackups.postgresql.cnpg.io {identity}`.\n\
         2. Build and apply, again if waiting ends before all is read. Users get the new password with the new name.\n\
         3. Take the patch out of the manifest, for it only says how a database begins. Keep `was`.\n"
    )
}
