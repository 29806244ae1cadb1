//! Whether the objects for Kubernetes fit each other, read from the goldens' files alone: whatever an object refers to is
//! there or is listed to supply, ports that are named are declared, selectors match exactly the pods that they are for,
//! and claims have a class. kwok calls any pod ready, so that no run of controllers would notice.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod cluster;
mod misfits;

use misfits::misfits;

#[test]
fn whatever_an_object_refers_to_is_there_and_is_the_right_one() {
    let mut broken = Vec::new();
    for (name, files) in cluster::goldens() {
        let found = misfits(&files).into_iter();
        broken.extend(found.map(|what| format!("{name}: {what}")));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// A golden, a file of it, what stands there, what shall stand there, and what is then said.
const FAULTS: &[(&str, &str, &str, &str, &str)] = &[
    (
        "server/cluster",
        "api.yaml",
        "cnpg.io/cluster: db",
        "cnpg.io/cluster: dc",
        "NetworkPolicy/api selects []",
    ),
    (
        "server/cluster",
        "api.yaml",
        "name: db-app",
        "name: dc-app",
        "refers to Secret/dc-app",
    ),
    (
        "server/cluster",
        "db.yaml",
        "barmanObjectName: db",
        "barmanObjectName: dc",
        "refers to ObjectStore/dc",
    ),
    (
        "server/cluster",
        "db.yaml",
        "  cluster:\n    name: db",
        "  cluster:\n    name: dc",
        "refers to Cluster/dc",
    ),
    (
        "server/cluster",
        "db.yaml",
        "key: ACCESS_SECRET_KEY",
        "key: ACCESS_SECRET",
        "refers to Secret/backups",
    ),
    (
        "shop/staging",
        "api.yaml",
        "serviceAccountName: api",
        "serviceAccountName: apj",
        "refers to ServiceAccount/apj",
    ),
    (
        "shop/staging",
        "db.yaml",
        "serviceName: db",
        "serviceName: dc",
        "refers to Service/dc",
    ),
    (
        "shop/staging",
        "db.yaml",
        "name: db-password",
        "name: db-passwort",
        "refers to Secret/db-passwort",
    ),
    (
        "shop/staging",
        "db.yaml",
        "key: value",
        "key: values",
        "with [\"values\"]",
    ),
    (
        "shop/staging",
        "README.md",
        "create secret generic secret-smtp-password",
        "create secret generic other",
        "Secret/secret-smtp-password",
    ),
    (
        "shop/staging",
        "README.md",
        "create secret tls ",
        "create secret tls x",
        "staging.shop.example.com-tls",
    ),
    (
        "entries/ingress",
        "README.md",
        "create secret docker-registry mirror",
        "create secret docker-registry other",
        "ServiceAccount/api refers to Secret/mirror",
    ),
    (
        "entries/ingress",
        "ingress.yaml",
        "cert-manager.io/cluster-issuer",
        "example.com/issuer",
        "Secret/shop.example.com-tls",
    ),
    (
        "entries/ingress",
        "ingress.yaml",
        "number: 4000",
        "number: 4001",
        "forwards to Integer(4001)",
    ),
    (
        "entries/ingress",
        "ingress.yaml",
        "name: api",
        "name: apj",
        "Ingress/entries",
    ),
    (
        "shop/staging",
        "gateway.yaml",
        "staging.shop.example.com-tls",
        "other-tls",
        "Secret/other-tls",
    ),
    (
        "shop/staging",
        "db.yaml",
        "\n  name: db-files-",
        "\n  name: dc-files-",
        "mounts a ConfigMap that is not there",
    ),
    (
        "shop/staging",
        "db.yaml",
        "subPath: \"10-owner.sh\"",
        "subPath: \"11-owner.sh\"",
        "mounts 11-owner.sh of",
    ),
    (
        "shop/staging",
        "db.yaml",
        "- name: tmp\n              mountPath",
        "- name: tmq\n              mountPath",
        "mounts tmq",
    ),
    (
        "shop/staging",
        "db.yaml",
        "        name: data\n",
        "        name: date\n",
        "has a volume date",
    ),
    (
        "shop/staging",
        "db.yaml",
        "targetPort: postgres",
        "targetPort: postgras",
        "leads to String(\"postgras\")",
    ),
    (
        "shop/staging",
        "web.yaml",
        "            - name: http\n",
        "            - name: web\n",
        "by its readinessProbe",
    ),
    (
        "shop/staging",
        "web.yaml",
        "containerPort: 3000\n              protocol: TCP",
        "containerPort: 3000\n              protocol: UDP",
        "does not declare",
    ),
    (
        "shop/staging",
        "web.yaml",
        "          port: 3000\n          weight",
        "          port: 3001\n          weight",
        "forwards to Integer(3001)",
    ),
    (
        "shop/staging",
        "web.yaml",
        "sectionName: https-",
        "sectionName: http-",
        "which is not there",
    ),
    (
        "shop/staging",
        "gateway.yaml",
        "hostname: staging.",
        "hostname: stagink.",
        "for which nobody listens",
    ),
    (
        "shop/staging",
        "web.yaml",
        "      app.kubernetes.io/name: web\n  template",
        "      app.kubernetes.io/name: wet\n  template",
        "Deployment/web selects []",
    ),
    (
        "shop/staging",
        "web.yaml",
        "    app.kubernetes.io/name: web\n  ports",
        "    app.kubernetes.io/name: api\n  ports",
        "Service/web selects []",
    ),
    (
        "shop/staging",
        "web.yaml",
        "    app.kubernetes.io/instance: shop-web\n    app.kubernetes.io/name: web\n  ports",
        "    app.kubernetes.io/part-of: shop\n  ports",
        "Service/web selects [",
    ),
    (
        "shop/staging",
        "web.yaml",
        "              app.kubernetes.io/instance: shop-api\n",
        "              app.kubernetes.io/instance: shop-apj\n",
        "NetworkPolicy/web selects []",
    ),
    (
        "shop/staging",
        "web.yaml",
        "  podSelector:\n    matchLabels:\n      app.kubernetes.io/instance: shop-web\n      app.kubernetes.io/name: web\n",
        "  podSelector: {}\n",
        "NetworkPolicy/web selects [",
    ),
    (
        "scaling/staging",
        "fixed.yaml",
        "AlwaysAllow\n  selector:\n    matchLabels:",
        "AlwaysAllow\n  selector:\n    matchExpressions:",
        "selects by",
    ),
    (
        "shop/staging",
        "README.md",
        "a default StorageClass",
        "a class",
        "of no class",
    ),
    (
        "secrets/operator",
        "secrets.yaml",
        "kind: Password\n          name: exoc",
        "kind: Password\n          name: other",
        "refers to Secret/secret-session-key",
    ),
    (
        "secrets/operator",
        "secrets.yaml",
        "- secretKey: value",
        "- secretKey: other",
        "refers to Secret/secret-mail-password",
    ),
];

#[test]
fn each_fault_is_noticed() {
    let goldens = cluster::goldens();
    for (golden, path, right, wrong, said) in FAULTS {
        let mut files = goldens[*golden].clone();
        let text = String::from_utf8(files[*path].clone()).unwrap();
        assert!(text.contains(right), "{golden}/{path} has no longer {right:?}");
        let faulty = text.replace(right, wrong);
        files.insert((*path).to_owned(), faulty.into_bytes());
        let found = misfits(&files);
        assert!(
            found.iter().any(|what| what.contains(said)),
            "{golden}/{path}: {wrong:?} instead of {right:?} gives {found:#?}"
        );
    }
}
