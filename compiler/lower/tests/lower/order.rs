//! The order of keys means nothing: equal manifests give equal programs.

use crate::support::program;

const PARTS: [&str; 5] = [
    "secrets:\n  Z: {}\n  A: { description: x }\n",
    "dependencies:\n  z: postgres:17\n  c: redis:7\n  x: { type: external, url: \"https://u:${secrets.Z}@x.example.com\" }\n",
    "environment:\n  B: b\n  A: ${secrets.A}\n",
    "services:\n  web: { image: \"nginx:1.29\", port: 80, route: /, uses: [z, c] }\n  \
     api: { image: \"nginx:1.29\", port: 81, route: { path: /api }, uses: [x, web] }\n  \
     box: { image: \"redis:7\", environment: { Z: \"${dependencies.x.url}\", Y: \"${services.api.url}\" } }\n",
    "description: text\n",
];

#[test]
fn the_order_of_keys_changes_no_program() {
    let dump = |order: &[usize]| {
        let text: String = order
            .iter()
            .filter_map(|index| PARTS.get(*index))
            .copied()
            .collect();
        let text = format!("name: shop\n{text}");
        serde_json::to_string_pretty(&program(&[("application.yml", &text)], "local")).unwrap()
    };
    let straight = dump(&[0, 1, 2, 3, 4]);
    assert_eq!(straight, dump(&[4, 3, 2, 1, 0]));
    assert_eq!(straight, dump(&[3, 0, 4, 1, 2]));
}

#[test]
fn the_order_within_a_mapping_changes_no_program() {
    let dump = |services: [&str; 3]| {
        let text = format!(
            "name: shop\ndependencies: {{ db: postgres:17 }}\nservices:\n{}{}{}",
            services[0], services[1], services[2]
        );
        serde_json::to_string_pretty(&program(&[("application.yml", &text)], "local")).unwrap()
    };
    let (a, b, c) = (
        "  a: { image: \"nginx:1.29\", port: 1, uses: [db, c] }\n",
        "  b: { uses: [a, db], image: \"alpine:3\" }\n",
        "  c: { image: \"nginx:1.29\", environment: { X: \"${services.a.url}\" }, port: 2 }\n",
    );
    assert_eq!(dump([a, b, c]), dump([c, b, a]));
    assert_eq!(dump([a, b, c]), dump([b, c, a]));
}
