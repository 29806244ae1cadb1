//! What the model holds is in the text, where the API looks for it.

use super::{documents, printed, printed_with, sample};
use yaml_rust2::{Yaml, YamlLoader};

/// The object of that kind and name.
fn find<'a>(documents: &'a [Yaml], kind: &str, name: &str) -> &'a Yaml {
    let found = documents
        .iter()
        .find(|it| it["kind"].as_str() == Some(kind) && it["metadata"]["name"].as_str() == Some(name));
    found.unwrap_or_else(|| panic!("no {kind} `{name}`"))
}

/// What is at a path of keys and indices, as one word; `-` if nothing is.
fn at(node: &Yaml, path: &str) -> String {
    let mut node = node;
    for key in path.split('/').filter(|key| !key.is_empty()) {
        node = match key.parse::<usize>() {
            Ok(index) => &node[index],
            Err(_) => &node[key],
        };
    }
    if let Some(list) = node.as_vec() {
        return list.iter().map(|it| at(it, "")).collect::<Vec<_>>().join(" ");
    }
    let number = || node.as_i64().map(|it| it.to_string());
    let truth = || node.as_bool().map(|it| it.to_string());
    node.as_str()
        .map(str::to_owned)
        .or_else(number)
        .or_else(truth)
        .unwrap_or_else(|| "-".to_owned())
}

/// Checks lines of `path = word`.
fn says(node: &Yaml, lines: &str) {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let found: Vec<String> = lines
        .clone()
        .map(|line| {
            let (path, _) = line.split_once(" = ").expect("path = word");
            format!("{path} = {}", at(node, path))
        })
        .collect();
    assert_eq!(found, lines.collect::<Vec<_>>());
}

#[test]
fn a_deployment_holds_what_was_planned() {
    let documents = documents(&sample::shop());
    says(
        find(&documents, "Deployment", "web"),
        "apiVersion = apps/v1
         metadata/labels/owner = team-shop
         spec/replicas = 3
         spec/revisionHistoryLimit = 5
         spec/progressDeadlineSeconds = 600
         spec/strategy/type = RollingUpdate
         spec/strategy/rollingUpdate/maxSurge = 1
         spec/strategy/rollingUpdate/maxUnavailable = 0
         spec/template/spec/serviceAccountName = web
         spec/template/spec/automountServiceAccountToken = false
         spec/template/spec/enableServiceLinks = false
         spec/template/spec/terminationGracePeriodSeconds = 35
         spec/template/spec/topologySpreadConstraints/0/topologyKey = topology.kubernetes.io/zone
         spec/template/spec/topologySpreadConstraints/0/whenUnsatisfiable = ScheduleAnyway
         spec/template/spec/topologySpreadConstraints/1/topologyKey = kubernetes.io/hostname
         spec/template/spec/volumes/0/emptyDir/medium = Memory
         spec/template/spec/volumes/1/emptyDir/sizeLimit = 256Mi",
    );
    says(
        &find(&documents, "Deployment", "web")["spec"]["template"]["spec"]["securityContext"],
        "runAsNonRoot = true
         runAsUser = 10001
         runAsGroup = 10001
         fsGroup = -
         fsGroupChangePolicy = -
         seccompProfile/type = RuntimeDefault
         sysctls/0/name = net.ipv4.ip_unprivileged_port_start
         sysctls/0/value = 0",
    );
    // Only a claim has to be given to the group: anybody in the pod may write to an `emptyDir`.
    says(
        &find(&documents, "StatefulSet", "db")["spec"]["template"]["spec"]["securityContext"],
        "runAsGroup = 999
         fsGroup = 999
         fsGroupChangePolicy = OnRootMismatch",
    );
    says(
        find(&documents, "Deployment", "worker"),
        "spec/strategy/type = Recreate",
    );
    says(
        find(&documents, "ServiceAccount", "web"),
        "automountServiceAccountToken = false",
    );
}

#[test]
fn a_container_holds_what_was_planned() {
    let documents = documents(&sample::shop());
    let container = |name| &find(&documents, "Deployment", name)["spec"]["template"]["spec"]["containers"][0];
    says(
        container("api"),
        "name = api
         image = api
         args = serve --price=$$(LOG_LEVEL)
         command = -
         ports/1/name = metrics
         ports/1/containerPort = 9090
         ports/1/protocol = TCP
         resources/requests/cpu = 250m
         resources/requests/memory = 512Mi
         resources/limits/memory = 512Mi
         resources/limits/cpu = -
         startupProbe/httpGet/path = /healthz?full=1
         startupProbe/httpGet/port = http
         startupProbe/httpGet/host = -
         startupProbe/failureThreshold = 7
         readinessProbe/periodSeconds = 15
         readinessProbe/timeoutSeconds = 5
         readinessProbe/failureThreshold = 4
         livenessProbe/failureThreshold = 12
         lifecycle/preStop/sleep/seconds = 5
         securityContext/allowPrivilegeEscalation = false
         securityContext/privileged = -
         securityContext/readOnlyRootFilesystem = true
         securityContext/capabilities/drop = ALL
         volumeMounts/0/mountPath = /tmp",
    );
    says(
        container("greeter"),
        "readinessProbe/grpc/port = 5000
         readinessProbe/grpc/service = shop.Greeter",
    );
    says(
        container("worker"),
        "livenessProbe/exec/command = true\nlifecycle = -",
    );
    says(container("web"), "livenessProbe/tcpSocket/port = http");
}

#[test]
fn root_and_privileges_are_said_where_they_are_wanted_and_nowhere_else() {
    let documents = documents(&sample::root());
    let pod = |name| &find(&documents, "Deployment", name)["spec"]["template"]["spec"];
    says(
        pod("root"),
        "securityContext/runAsNonRoot = false
         securityContext/runAsUser = 0
         containers/0/securityContext/capabilities = -
         containers/0/securityContext/allowPrivilegeEscalation = false
         containers/0/securityContext/readOnlyRootFilesystem = false",
    );
    says(
        pod("keeper"),
        "securityContext/runAsNonRoot = true
         containers/0/securityContext/capabilities/drop = ALL
         containers/0/securityContext/capabilities/add = CHOWN NET_BIND_SERVICE",
    );
    says(
        pod("plain"),
        "containers/0/securityContext/capabilities/drop = ALL
         containers/0/securityContext/capabilities/add = -",
    );
    let labels = &find(&documents, "Namespace", "root-production")["metadata"]["labels"];
    // The audit log still names what the strictest level would not take.
    for (mode, level) in [
        ("enforce", "baseline"),
        ("audit", "restricted"),
        ("warn", "baseline"),
    ] {
        let label = |end: &str| labels[format!("pod-security.kubernetes.io/{mode}{end}").as_str()].as_str();
        assert_eq!((label(""), label("-version")), (Some(level), Some("v1.34")));
    }
}

#[test]
fn a_privileged_container_may_escalate_for_the_api_refuses_the_contrary() {
    let mut draft = sample::Draft::new();
    let image = draft.pinned("redis:7.4");
    let mut workload = sample::workload(image, &[]);
    workload.security.privileged = true;
    draft.service(sample::service("worker", workload));
    let documents = documents(&draft.finish());
    let pod = &find(&documents, "Deployment", "worker")["spec"]["template"]["spec"];
    says(
        &pod["containers"][0]["securityContext"],
        "privileged = true\nallowPrivilegeEscalation = -",
    );
}

#[test]
fn a_product_holds_what_was_planned() {
    let documents = documents(&sample::shop());
    says(
        find(&documents, "StatefulSet", "db"),
        "spec/serviceName = db
         spec/replicas = 1
         spec/persistentVolumeClaimRetentionPolicy/whenDeleted = Retain
         spec/persistentVolumeClaimRetentionPolicy/whenScaled = Retain
         spec/volumeClaimTemplates/0/apiVersion = v1
         spec/volumeClaimTemplates/0/kind = PersistentVolumeClaim
         spec/volumeClaimTemplates/0/spec/volumeMode = Filesystem
         spec/volumeClaimTemplates/0/status/phase = Pending
         spec/volumeClaimTemplates/0/metadata/name = data
         spec/volumeClaimTemplates/0/spec/accessModes = ReadWriteOnce
         spec/volumeClaimTemplates/0/spec/resources/requests/storage = 10Gi
         spec/volumeClaimTemplates/0/spec/storageClassName = -
         spec/template/spec/volumes/2/configMap/defaultMode = 292
         spec/template/spec/containers/0/image = postgres:17
         spec/template/spec/containers/0/volumeMounts/3/subPath = 10-owner.sh
         spec/template/spec/containers/0/volumeMounts/3/readOnly = true",
    );
    let map = documents
        .iter()
        .find(|it| it["kind"].as_str() == Some("ConfigMap"))
        .expect("a map");
    says(map, "immutable = true");
    let program = sample::shop();
    let (db, _) = program
        .backings()
        .iter()
        .find(|(_, it)| it.role == "db")
        .expect("a backing");
    let run = exoc_catalogue::run(&program, db).expect("a product");
    let files: Vec<&str> = run.files.values().map(String::as_str).collect();
    assert_eq!(files, [map["data"]["10-owner.sh"].as_str().expect("a text")]);
}

#[test]
fn services_lead_to_the_same_number_and_say_what_is_spoken() {
    let documents = documents(&sample::shop());
    says(
        find(&documents, "Service", "api"),
        "spec/type = ClusterIP
         spec/ports/0/port = 4000
         spec/ports/0/targetPort = http
         spec/ports/0/protocol = TCP
         spec/ports/0/appProtocol = http",
    );
    says(
        find(&documents, "Service", "greeter"),
        "spec/ports/0/appProtocol = kubernetes.io/h2c",
    );
    says(
        find(&documents, "Service", "exoc-public-dns"),
        "spec/type = LoadBalancer
         spec/externalTrafficPolicy = Local
         spec/ports/0/port = 53
         spec/ports/0/protocol = TCP
         spec/ports/0/appProtocol = -
         spec/ports/1/port = 53
         spec/ports/1/targetPort = udp
         spec/ports/1/protocol = UDP",
    );
    let selector = &find(&documents, "Service", "web")["spec"]["selector"];
    assert_eq!(selector["app.kubernetes.io/name"].as_str(), Some("site"));
    assert_eq!(selector["app.kubernetes.io/instance"].as_str(), Some("shop-site"));
    let annotations = &find(&documents, "Service", "exoc-public-dns")["metadata"]["annotations"];
    let hosts = annotations["external-dns.alpha.kubernetes.io/hostname"].as_str();
    assert_eq!(hosts, Some("dns.shop.example.com"));
}

#[test]
fn routes_hold_what_was_planned() {
    let documents = documents(&sample::shop());
    says(
        find(&documents, "HTTPRoute", "api"),
        "spec/parentRefs/0/name = shop
         spec/parentRefs/0/sectionName = https-shop.example.com
         spec/hostnames = shop.example.com
         spec/rules/0/matches/0/path/type = PathPrefix
         spec/rules/0/matches/0/path/value = /api
         spec/rules/0/filters/0/type = URLRewrite
         spec/rules/0/filters/0/urlRewrite/path/type = ReplacePrefixMatch
         spec/rules/0/filters/0/urlRewrite/path/replacePrefixMatch = /
         spec/rules/0/backendRefs/0/name = api
         spec/rules/0/backendRefs/0/port = 4000
         spec/rules/0/timeouts/request = 120s",
    );
    says(find(&documents, "HTTPRoute", "web"), "spec/rules/0/filters = -");
    says(
        find(&documents, "GRPCRoute", "greeter"),
        "spec/rules/0/matches/0/method/service = shop.Greeter
         spec/rules/0/backendRefs/0/port = 5000",
    );
    says(
        find(&documents, "HTTPRoute", "exoc-redirect"),
        "spec/parentRefs/0/sectionName = http
         spec/rules/0/filters/0/requestRedirect/scheme = https
         spec/rules/0/filters/0/requestRedirect/statusCode = 301
         spec/rules/0/backendRefs = -",
    );
    says(
        find(&documents, "Gateway", "shop"),
        "spec/gatewayClassName = gateway
         spec/listeners/0/protocol = HTTP
         spec/listeners/2/protocol = HTTPS
         spec/listeners/2/port = 443
         spec/listeners/2/hostname = shop.example.com
         spec/listeners/2/tls/mode = Terminate
         spec/listeners/2/tls/certificateRefs/0/name = shop.example.com-tls
         spec/listeners/2/allowedRoutes/namespaces/from = Same",
    );
}

#[test]
fn scalers_and_budgets_hold_what_was_planned() {
    let documents = documents(&sample::shop());
    says(
        find(&documents, "HorizontalPodAutoscaler", "api"),
        "spec/scaleTargetRef/kind = Deployment
         spec/scaleTargetRef/name = api
         spec/minReplicas = 2
         spec/maxReplicas = 8
         spec/metrics/0/resource/name = cpu
         spec/metrics/0/resource/target/averageUtilization = 70
         spec/metrics/1/resource/name = memory
         spec/metrics/1/resource/target/averageUtilization = 80",
    );
    says(find(&documents, "Deployment", "api"), "spec/replicas = -");
    says(
        find(&documents, "PodDisruptionBudget", "web"),
        "spec/maxUnavailable = 1
         spec/unhealthyPodEvictionPolicy = AlwaysAllow",
    );
}

#[test]
fn the_kustomization_names_images_as_the_registry_does() {
    let files = printed(&sample::shop());
    let documents = YamlLoader::load_from_str(&files["kustomization.yaml"]).expect("YAML");
    says(
        &documents[0],
        "kind = Kustomization
         images/0/name = api
         images/0/newName = ghcr.io/acme/shop-api
         images/0/newTag = 1.2.3
         images/0/digest = -
         images/1/name = web
         images/1/newName = ghcr.io/acme/shop-web
         images/1/newTag = unset",
    );
}

#[test]
fn options_reach_the_objects() {
    let options = [
        ("namespace", "elsewhere"),
        ("gateway-class", "envoy"),
        ("gateway-namespace", "envoys"),
        ("cluster-issuer", "letsencrypt"),
        ("storage-class", "fast"),
    ];
    let files = printed_with(&sample::shop(), &options);
    let load = |name: &str| YamlLoader::load_from_str(&files[name]).expect("YAML");
    let gateway = load("gateway.yaml");
    says(
        &gateway[0],
        "metadata/namespace = elsewhere\nspec/gatewayClassName = envoy",
    );
    let annotations = &gateway[0]["metadata"]["annotations"];
    assert_eq!(
        annotations["cert-manager.io/cluster-issuer"].as_str(),
        Some("letsencrypt")
    );
    let solvers = find(&gateway, "NetworkPolicy", "exoc-allow-solvers");
    says(
        solvers,
        "spec/policyTypes = Ingress\nspec/ingress/0/ports/0/port = 8089",
    );
    let selected = &solvers["spec"]["podSelector"]["matchLabels"]["acme.cert-manager.io/http01-solver"];
    assert_eq!(selected.as_str(), Some("true"));
    let db = load("db.yaml");
    let claim = "spec/volumeClaimTemplates/0/spec/storageClassName = fast";
    says(find(&db, "StatefulSet", "db"), claim);
    let api = load("api.yaml");
    let from = &find(&api, "NetworkPolicy", "api")["spec"]["ingress"][1]["from"][0];
    let namespace = from["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"].as_str();
    assert_eq!(namespace, Some("envoys"));
    says(&load("namespace.yaml")[0], "metadata/name = elsewhere");
    let page = &files["README.md"];
    assert!(page.contains("--namespace elsewhere ") && !page.contains("create secret tls"));
}
