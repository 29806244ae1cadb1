//! Walks every cell of the feature table: each feature alone, for each target.
//!
//! *Expressed* means that taking the feature away changes the files, *noted* that it changes the files or what is said
//! about them; *refused* means exactly one refusal, at the words between `«` and `»`, or at the role where there are
//! none.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use exoc_diagnostics::{Diagnostic, MemorySources, Severity, Sink, SourceMap, codes};
use exoc_ir::{Expression, Feature, Product, Support, Target};
use exoc_lower::Selection;
use exoc_snapshot_tests::{case, concise};
use std::borrow::Cow;

const DOCKERFILE: &str = "FROM scratch\nUSER 1000\n";

/// An application that needs a feature: the keys of its service `web`, and further top-level lines.
struct Example {
    feature: Feature,
    web: &'static str,
    more: Cow<'static, str>,
}

const fn web(feature: Feature, web: &'static str) -> Example {
    Example {
        feature,
        web,
        more: Cow::Borrowed(""),
    }
}

const fn more(feature: Feature, web: &'static str, more: &'static str) -> Example {
    Example {
        feature,
        web,
        more: Cow::Borrowed(more),
    }
}

const IMAGE: &str = "image: nginx:1.29, security: { user: 101 }";

/// A dependency of a product in a version that all targets that have the product offer: the least, but of MongoDB.
fn product(product: Product) -> Example {
    let word = product.word();
    let versions = exoc_catalogue::entry(product).versions;
    let version = if product == Product::Mongodb {
        versions.last()
    } else {
        versions.first()
    };
    let version = version.map_or_else(String::new, |version| format!(":{}", version.number));
    Example {
        feature: Feature::Product(product),
        web: "IMAGE, uses: [db]",
        more: Cow::Owned(format!("dependencies: {{ db: \"«{word}»{version}\" }}\n")),
    }
}

/// One example per feature.
fn examples() -> Vec<Example> {
    let products = Product::ALL.iter().copied().map(product);
    plain_examples().into_iter().chain(products).collect()
}

/// One example per feature that is no product.
#[expect(clippy::too_many_lines, reason = "one line per row of the table")]
fn plain_examples() -> Vec<Example> {
    use Feature as F;
    vec![
        more(F::Owner, "IMAGE", "owner: «team-a»\n"),
        more(F::Description, "IMAGE", "description: «An example»\n"),
        more(
            F::Registry,
            "build: ./web",
            "registry: «registry.example.com/a»\n",
        ),
        web(F::BuiltWithoutRegistry, "build: «./web»"),
        more(
            F::BuiltImage,
            "build: «./web»",
            "registry: registry.example.com/a\n",
        ),
        web(
            F::PinnedBuild,
            "build: ./web, image: «registry.example.com/a/web:1.0»",
        ),
        web(F::ImagePlatforms, "IMAGE, platforms: «[linux/arm64]»"),
        web(F::Entrypoint, "IMAGE, entrypoint: «[a, b]»"),
        web(F::Command, "IMAGE, command: «[a, b]»"),
        web(F::Variable, "IMAGE, environment: { A: «b» }"),
        more(
            F::SecretVariable,
            "IMAGE, environment: { A: «\"${secrets.S}\"» }",
            "secrets: { S: {} }\n",
        ),
        more(
            F::ComposedSecret,
            "IMAGE, environment: { A: «\"x${secrets.S}\"» }",
            "secrets: { S: {} }\n",
        ),
        more(
            F::AttributeVariable,
            "IMAGE, environment: { A: «\"${dependencies.db.host}\"» }",
            "dependencies: { db: \"postgres:17\" }\n",
        ),
        web(F::UnnormalizedText, "IMAGE, environment: { A: «\"e\u{301}\"» }"),
        more(
            F::SuppliedSecret,
            "IMAGE, environment: { A: \"${secrets.S}\" }",
            "secrets: { S: «{}» }\n",
        ),
        more(
            F::NamedSecret,
            "IMAGE, environment: { A: \"${secrets.S}\" }",
            "secrets: { S: { name: «a/b» } }\n",
        ),
        more(
            F::GeneratedSecret,
            "IMAGE, environment: { A: \"${secrets.S}\" }",
            "secrets: { S: { generate: «50» } }\n",
        ),
        web(F::Renamed, "IMAGE, was: «old»"),
        web(F::LargeWorkload, "IMAGE, cpu: «17»"),
        web(F::FixedReplicas, "IMAGE, scale: «2»"),
        web(F::Autoscaling, "IMAGE, scale: «{ min: 1, max: 2, cpu: 70% }»"),
        web(F::ScaleByCpu, "IMAGE, scale: { min: 1, max: 2, cpu: «60%» }"),
        web(
            F::ScaleByMemory,
            "IMAGE, scale: { min: 1, max: 2, memory: «70%» }",
        ),
        web(
            F::ScaleByRequests,
            "IMAGE, port: 8080, route: /, scale: { min: 1, max: 2, requests: «70» }",
        ),
        web(F::NoOverlap, "IMAGE, scale: { min: 1, max: 1, overlap: «false» }"),
        web(F::SwitchedOff, "IMAGE, scale: «0»"),
        web(F::ScheduledJob, "IMAGE, schedule: «0 3 * * *»"),
        web(F::BeforeDeployJob, "IMAGE, when: «before-deploy»"),
        web(
            F::JobOrder,
            "IMAGE, when: before-deploy, uses: «[zero]» }\n  zero: { IMAGE, when: before-deploy",
        ),
        web(F::AfterDeployJob, "IMAGE, when: «after-deploy»"),
        web(F::OnDemandJob, "IMAGE, when: «on-demand»"),
        web(F::JobTimeout, "IMAGE, when: on-demand, timeout: «5m»"),
        web(F::JobRetries, "IMAGE, when: on-demand, retries: «2»"),
        web(F::UserOfImage, "image: nginx:1.29"), // reported at the role: what is at fault is not there
        web(F::NumericUser, "image: nginx:1.29, security: { user: «101» }"),
        web(F::RootUser, "image: nginx:1.29, security: { user: «root» }"),
        web(
            F::WritableRoot,
            "image: nginx:1.29, security: { user: 101, writable-filesystem: «true» }",
        ),
        web(
            F::Capabilities,
            "image: nginx:1.29, security: { user: 101, capabilities: «[CHOWN]» }",
        ),
        web(
            F::Privileged,
            "image: nginx:1.29, security: { user: 101, privileged: «true» }",
        ),
        web(F::LowPort, "IMAGE, port: «80»"),
        web(F::Scratch, "IMAGE, writable: { /var/cache: «64Mi» }"),
        web(F::OwnVolume, "IMAGE, volumes: { «data»: /data }"),
        web(
            F::VolumeSize,
            "IMAGE, volumes: { data: { path: /data, size: «5Gi» } }",
        ),
        more(
            F::SharedVolume,
            "IMAGE, volumes: { media: /media }",
            "dependencies: { media: «volume» }\n",
        ),
        more(
            F::ReadOnlyMount,
            "IMAGE, volumes: { media: { path: /media, read-only: «true» } }",
            "dependencies: { media: volume }\n",
        ),
        web(
            F::MountedSource,
            "IMAGE, development: { mount: { «/app»: ./web } }",
        ),
        web(
            F::WatchedSource,
            "build: ./web, development: { watch: [«./web»] }",
        ),
        web(F::Test, "IMAGE, development: { test: «[a, b]» }"),
        web(F::DeveloperPort, "IMAGE, development: { publish: [«9229»] }"),
        web(F::FixedFile, "IMAGE, files: { «/etc/motd»: { content: hello } }"),
        more(
            F::LateFile,
            "IMAGE, files: { «/etc/app/token»: { content: \"${secrets.S}\" } }",
            "secrets: { S: {} }\n",
        ),
        web(
            F::ExecutableFile,
            "IMAGE, files: { /opt/run.sh: { content: hello, executable: «true» } }",
        ),
        web(F::Shutdown, "IMAGE, shutdown: «20s»"),
        web(F::HttpPort, "IMAGE, port: «8080»"),
        web(
            F::Http2Port,
            "IMAGE, ports: [«{ name: a, port: 8080, protocol: http2 }»]",
        ),
        web(
            F::GrpcPort,
            "IMAGE, ports: [«{ name: a, port: 8080, protocol: grpc }»]",
        ),
        web(
            F::TcpPort,
            "IMAGE, ports: [«{ name: a, port: 8080, protocol: tcp }»]",
        ),
        web(
            F::UdpPort,
            "IMAGE, ports: [«{ name: a, port: 8080, protocol: udp }»]",
        ),
        web(F::HttpDoor, "IMAGE, port: 8080, route: «/»"),
        web(
            F::Http2Door,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: http2 }], route: «/»",
        ),
        web(
            F::GrpcDoor,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: grpc }], route: «/»",
        ),
        web(
            F::TcpDoor,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: tcp }], route: «{}»",
        ),
        web(
            F::UdpDoor,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: tcp }, { name: b, port: 8081, protocol: udp }], \
             route: «{ port: b }»",
        ),
        web(
            F::StripPath,
            "IMAGE, port: 8080, route: { path: /a, strip: «true» }",
        ),
        web(
            F::StripGrpc,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: grpc }], route: { path: /a, strip: «true» }",
        ),
        web(
            F::RouteTimeout,
            "IMAGE, port: 8080, route: { path: /a, timeout: «90s» }",
        ),
        web(F::HttpHealth, "IMAGE, port: 8080, health: «/up»"),
        web(F::PublicHttpHealth, "IMAGE, port: 8080, route: /, health: «/up»"),
        web(F::TcpHealth, "IMAGE, port: 8080, health: «{ tcp: true }»"),
        web(
            F::PublicTcpHealth,
            "IMAGE, port: 8080, route: /, health: «{ tcp: true }»",
        ),
        web(
            F::GrpcHealth,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: grpc }], health: «{ grpc: true }»",
        ),
        web(
            F::PublicGrpcHealth,
            "IMAGE, ports: [{ name: a, port: 8080, protocol: grpc }], route: /, health: «{ grpc: true }»",
        ),
        web(F::CommandHealth, "IMAGE, health: «{ command: [a, b] }»"),
        more(
            F::Edge,
            "IMAGE, uses: [«db»]",
            "dependencies: { db: \"postgres:17\" }\n",
        ),
        web(F::Internet, "IMAGE, uses: [«internet»]"),
        more(
            F::Storage,
            "IMAGE, uses: [db]",
            "dependencies: { db: { type: postgres, version: \"17\", storage: «50Gi» } }\n",
        ),
        more(
            F::Parameters,
            "IMAGE, uses: [db]",
            "dependencies: { db: { type: postgres, version: \"17\", parameters: { «jit»: off } } }\n",
        ),
        more(
            F::ProductImage,
            "IMAGE, uses: [db]",
            "dependencies: { db: { type: postgres, version: \"17\", image: «\"postgis/postgis:17-3.5\"» } }\n",
        ),
        more(
            F::HighAvailability,
            "IMAGE, uses: [db]",
            "dependencies: { db: { type: postgres, version: \"17\", availability: «high» } }\n",
        ),
        more(
            F::Backups,
            "IMAGE, uses: [db]",
            "dependencies: { db: { type: postgres, version: \"17\", backups: «7d» } }\n",
        ),
        more(
            F::Subscription,
            "IMAGE, uses: [events, orders]",
            "dependencies: { events: topic, orders: { type: queue, subscribes: «[events]» } }\n",
        ),
        more(
            F::Container,
            "IMAGE, uses: [c]",
            "dependencies: { c: «{ type: container, image: \"redis:7.4\", port: 6379, security: { user: 999 } }» }\n",
        ),
        more(
            F::Existing,
            "IMAGE, uses: [c]",
            "dependencies: { c: «{ type: kafka, existing: { brokers: \"k.example.com:9092\", tls: \"false\" } }» }\n",
        ),
        more(
            F::External,
            "IMAGE, uses: [c]",
            "dependencies: { c: «{ type: external, url: \"https://crm.example.com\" }» }\n",
        ),
    ]
}

/// Where backups go in a cluster.
macro_rules! backups {
    () => {
        ", backups: { destination: \"s3://acme-backups\", secret: backups }"
    };
}

/// The manifest of an example with its marks, and the environment that it is about.
fn text(example: &Example, target: &str) -> (String, &'static str) {
    let local = [
        Feature::UserOfImage,
        Feature::MountedSource,
        Feature::WatchedSource,
        Feature::Test,
        Feature::DeveloperPort,
    ];
    let environment = if local.contains(&example.feature) {
        "local"
    } else {
        "production"
    };
    let options = match target {
        "aws" => "{ region: eu-central-1, account: \"123456789012\" }",
        "kubernetes" if example.feature == Feature::HighAvailability => {
            "{ operators: { cloudnative-pg: cnpg-system } }"
        }
        "kubernetes" if example.feature == Feature::Backups => {
            concat!("{ operators: { cloudnative-pg: cnpg-system }", backups!(), " }")
        }
        "kubernetes" => "{ shared-storage-class: nfs, metrics: { requests: requests_per_second } }",
        _ => "{}",
    };
    let text = format!(
        "name: shop\n{}services:\n  web: {{ {} }}\nenvironments:\n  {environment}:\n    domain: shop.example.com\n    \
         targets: {{ {target}: {options} }}\n",
        example.more,
        example.web.replace("IMAGE", IMAGE),
    );
    (text, environment)
}

/// The sources of an example, and the words between the marks.
fn sources(example: &Example, target: &str) -> (MemorySources, String, &'static str) {
    let (text, environment) = text(example, target);
    let words = text
        .split_once('«')
        .and_then(|(_, rest)| rest.split_once('»'))
        .map(|(words, _)| words);
    let words = words.unwrap_or("web").to_owned();
    let plain = text.replace(['«', '»'], "");
    let sources = MemorySources::from([
        ("application.yml", plain.as_str()),
        ("web/Dockerfile", DOCKERFILE),
    ]);
    (sources, words, environment)
}

fn stable() -> impl Iterator<Item = &'static dyn Target> {
    exoc::registry::TARGETS
        .iter()
        .copied()
        .filter(|target| target.support() != Support::Nascent)
}

#[test]
fn every_feature_has_an_example_that_needs_it() {
    let examples = examples();
    for feature in Feature::ALL {
        let example = examples.iter().find(|example| example.feature == *feature);
        let example = example.unwrap_or_else(|| panic!("{feature:?} has no example"));
        let (sources, _, environment) = sources(example, "compose");
        let (mut map, mut sink) = (SourceMap::default(), Sink::new());
        let manifest = exoc_manifest::load(&sources, &mut map, &mut sink).unwrap();
        let lowered = exoc_lower::lower(&manifest, environment, &mut sink);
        assert!(
            sink.checkpoint().is_ok(),
            "{feature:?}:\n{}",
            concise(&sink.into_sorted(), &map)
        );
        let needed = lowered.draft().features();
        assert!(
            needed.iter().any(|needed| needed.feature == *feature),
            "{feature:?} is not needed"
        );
    }
}

/// Whether a refusal is of a feature. A missing registry is one fault of all built images, so it has its own words.
fn is_about(refusal: &Diagnostic, feature: Feature) -> bool {
    let words = if feature == Feature::BuiltWithoutRegistry {
        "needs a `registry`"
    } else {
        feature.words()
    };
    refusal.message.contains(words)
}

#[test]
fn every_cell_does_what_the_table_says() {
    let mut report = String::new();
    for example in examples() {
        for target in stable() {
            let (sources, words, environment) = sources(&example, target.id());
            let selection = Selection {
                environments: vec![environment.to_owned()],
                targets: vec![target.id().to_owned()],
                http_port: None,
            };
            let (outputs, diagnostics, map) = case::try_compile(&sources, &selection);
            let errors: Vec<Diagnostic> = diagnostics
                .iter()
                .filter(|d| d.code.severity == Severity::Error)
                .cloned()
                .collect();
            let cell = format!("{:?} × {}", example.feature, target.id());
            match target.express(example.feature) {
                Expression::Expressed | Expression::Noted { .. } => {
                    // Another feature of the example may be refused; then that one is named and nothing else.
                    let other = errors.iter().all(|d| d.code == codes::REFUSED_FEATURE)
                        && !errors.iter().any(|d| is_about(d, example.feature));
                    if outputs.is_none() && !other {
                        report += &format!("{cell}: {}", concise(&errors, &map));
                    }
                }
                Expression::Refused { instead } => {
                    let mine = errors
                        .iter()
                        .filter(|d| d.code == codes::REFUSED_FEATURE && is_about(d, example.feature));
                    let places: Vec<&str> = mine
                        .filter_map(|d| d.primary.as_ref())
                        .map(|label| map.slice(label.span))
                        .collect();
                    if places != [words.as_str()] || instead.is_empty() {
                        report += &format!("{cell}: refused at {places:?}, not at {words:?}\n");
                    }
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

/// The path of a gRPC request names its method, so there is nothing that a target could remove.
#[test]
fn no_target_removes_a_grpc_path() {
    for target in stable() {
        let expression = target.express(Feature::StripGrpc);
        assert!(
            matches!(expression, Expression::Refused { .. }),
            "{}: {expression:?}",
            target.id()
        );
    }
}

/// One registry: the words that a manifest may write, the catalogue and the feature table know the same products.
#[test]
fn the_manifest_and_the_catalogue_know_the_same_products() {
    let words: Vec<&str> = Product::ALL.iter().map(|product| product.word()).collect();
    assert_eq!(exoc_manifest::keys::PRODUCTS, words);
    for product in Product::ALL {
        assert_eq!(exoc_catalogue::entry(*product).product, *product);
    }
    let entries: Vec<&str> = exoc_catalogue::ENTRIES.iter().map(|entry| entry.word()).collect();
    assert_eq!(entries, words);
}

/// A manifest without the member that holds the marked words; the lines of all others stay where they are.
fn without(text: &str) -> Option<String> {
    let (open, close) = (text.find('«')?, text.find('»')? + '»'.len_utf8());
    let (mut depth, mut lists, mut start) = (0, 0, 0);
    for (at, letter) in text.get(..open)?.char_indices().rev() {
        match letter {
            ']' | '}' => depth += 1,
            '[' | '{' if depth > 0 => depth -= 1,
            '[' => lists += 1,
            ',' if depth == 0 => {
                start = at;
                break;
            }
            '{' | '\n' => {
                start = at + 1;
                break;
            }
            _ => {}
        }
    }
    let mut end = text.len();
    for (at, letter) in text.get(close..)?.char_indices() {
        match letter {
            '[' | '{' => depth += 1,
            ']' | '}' if depth > 0 => depth -= 1,
            ']' if lists > 0 => lists -= 1,
            ',' | ']' | '}' | '\n' if lists == 0 => {
                end = close + at;
                break;
            }
            _ => {}
        }
    }
    let rest = text.get(end..)?;
    let rest = if text.get(..start)?.ends_with('{') {
        rest.strip_prefix(',').unwrap_or(rest)
    } else {
        rest
    };
    Some(format!("{}{rest}", text.get(..start)?))
}

/// What a target makes of a manifest, and what it says about it; nothing if it is refused.
fn made(text: &str, target: &str, environment: &str) -> Option<(String, String)> {
    let sources = MemorySources::from([("application.yml", text), ("web/Dockerfile", DOCKERFILE)]);
    let selection = Selection {
        environments: vec![environment.to_owned()],
        targets: vec![target.to_owned()],
        http_port: None,
    };
    let (outputs, diagnostics, map) = case::try_compile(&sources, &selection);
    let files = outputs?
        .iter()
        .map(|output| format!("{:?}", output.artifacts))
        .collect();
    Some((files, concise(&diagnostics, &map)))
}

/// Features without which nothing stands: an image must come from somewhere, and a service must run as somebody.
const GROUND: &[Feature] = &[
    Feature::Registry,
    Feature::BuiltWithoutRegistry,
    Feature::BuiltImage,
    Feature::PinnedBuild,
    Feature::NumericUser,
    Feature::RootUser,
    Feature::UserOfImage,
];

/// What is done, or said, where nothing is written as well: a port that nobody asks otherwise is asked by connection,
/// and one note of compose speaks of the whole of `scale`.
const ANYWAY: &[(Feature, &str)] = &[
    (Feature::TcpHealth, "kubernetes"),
    (Feature::PublicTcpHealth, "kubernetes"),
    (Feature::ScaleByCpu, "compose"),
    (Feature::ScaleByMemory, "compose"),
    (Feature::ScaleByRequests, "compose"),
];

#[test]
fn an_expressed_feature_changes_the_files_and_a_noted_one_what_is_made_or_said() {
    let mut report = String::new();
    let mut changed = 0;
    for example in examples() {
        for target in stable() {
            let noted = match target.express(example.feature) {
                Expression::Refused { .. } => continue,
                Expression::Expressed => false,
                Expression::Noted { .. } => true,
            };
            let (text, environment) = text(&example, target.id());
            let whole = text.replace(['«', '»'], "");
            let Some((files, said)) = made(&whole, target.id(), environment) else {
                continue; // another feature of the example is refused: the walk of the cells names it
            };
            let cell = format!("{:?} × {}", example.feature, target.id());
            // Whatever names what is taken away goes with it.
            let rest = without(&text).map(|text| {
                text.replace(", uses: [db]", "")
                    .replace(", uses: [c]", "")
                    .replace(", environment: { A: \"${secrets.S}\" }", "")
                    .replace(backups!(), "")
            });
            let without = rest
                .as_ref()
                .and_then(|rest| made(rest, target.id(), environment));
            let ground = GROUND.contains(&example.feature);
            match without {
                None if ground => {}
                None => report += &format!("{cell}: nothing is made of\n{rest:?}"),
                Some((other, _)) if other != files => changed += 1,
                Some((_, other)) if noted && other != said => changed += 1,
                Some(_) if ANYWAY.contains(&(example.feature, target.id())) => {}
                Some(_) => report += &format!("{cell}: the same files\n"),
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    assert!(changed > 100, "{changed} cells");
}
