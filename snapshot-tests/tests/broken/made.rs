//! Broken manifests that are too large for a row, or that no text can hold: bytes, and files that cannot be read.

use exoc_diagnostics::MemorySources;

/// A fault whose files are made.
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) sources: fn() -> MemorySources,
    pub(crate) code: &'static str,
    /// The text under the primary span, as far as one is shown.
    pub(crate) text: &'static str,
}

const WEB: &str = "name: shop\nservices: { web: ./web }\n";

/// A manifest of more than 16 MiB, most of it a comment.
fn large(manifest: &str) -> Vec<u8> {
    let mut bytes = manifest.as_bytes().to_vec();
    bytes.extend(std::iter::repeat_n(b'#', 16 << 20));
    bytes.push(b'\n');
    bytes
}

/// A fault each.
pub(crate) const MADE: &[Made] = &[
    Made {
        name: "service.yml: more than 16 MiB",
        sources: || {
            MemorySources::from([
                ("application.yml", WEB.as_bytes().to_vec()),
                ("web/service.yml", large("image: a/b:1\n")),
            ])
        },
        code: "EX0009",
        text: "./web",
    },
    Made {
        name: "application.yml: more than 16 MiB",
        sources: || MemorySources::from([("application.yml", large(WEB))]),
        code: "EX0009",
        text: "",
    },
    Made {
        name: "service.yml: bytes that are no text",
        sources: || {
            MemorySources::from([
                ("application.yml", WEB.as_bytes().to_vec()),
                ("web/service.yml", b"image: a/b:1 # gr\xfc\xdfe\n".to_vec()),
            ])
        },
        code: "EX0004",
        text: "\u{fffd}",
    },
    Made {
        name: "application.yml: bytes that are no text",
        sources: || MemorySources::from([("application.yml", b"name: sch\xf6n\n".to_vec())]),
        code: "EX0004",
        text: "\u{fffd}",
    },
    Made {
        name: "service.yml: a folder in the place of the file",
        sources: || MemorySources::from([("application.yml", WEB), ("web/service.yml/x", "a")]),
        code: "EX0001",
        text: "./web",
    },
    Made {
        name: "application.yml: files of more than 1 MiB",
        sources: || {
            let manifest = "name: shop\nservices: { web: { image: \"a/b:1\", files: { /etc/b: ./b } } }\n";
            MemorySources::from([
                ("application.yml", manifest.as_bytes().to_vec()),
                ("b", vec![0; (1 << 20) + 1]),
            ])
        },
        code: "EX0360",
        text: "./b",
    },
    Made {
        name: "aws: more routes than a load balancer has rules",
        sources: || {
            let paths: Vec<String> = (0..101).map(|number| format!("/p{number:03}")).collect();
            let manifest = format!(
                "name: shop\nservices:\n  web: {{ image: \"a/b:1\", security: {{ user: 1 }}, port: 80, route: {{ path: [{}] }} }}\n\
                 environments:\n  p: {{ domain: shop.example.com, targets: {{ aws: {{ region: eu-central-1, account: \"123456789012\" }} }} \
                 }}\n",
                paths.join(", ")
            );
            MemorySources::from([("application.yml", manifest.as_str())])
        },
        code: "EX0406",
        text: "/p100",
    },
];
