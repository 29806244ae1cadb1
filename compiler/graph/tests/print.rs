//! What is printed of pictures that are made here: texts that want to be more than texts, and many nodes.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use exoc_graph::{
    Bend, Fact, Kind, Link, LinkKind, Node, Picture, Placed, Zone, dot, html, mermaid, place, svg,
};

/// Texts that end a string, a comment, an element or a line somewhere, or move a cursor.
const HOSTILE: &[&str] = &[
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onclick='alert(1)",
    "-->x<!--",
    "]]>",
    "`whoami`",
    "${alert(1)}",
    "\\\";\\N\\l",
    "#quot;#35;",
    "%%{init: {}}%%",
    "a\nclick n0 href \"javascript:alert(1)\"",
    "\u{1b}]0;title\u{7}\u{1b}[31m",
    "\u{202e}drow",
    "\0",
    "&amp;&lt;",
    "end",
];

fn picture(text: &str) -> Picture {
    let node = |name: &str, kind, zone| Node {
        name: name.to_owned(),
        kind,
        zone,
        what: text.to_owned(),
        count: Some("×2".to_owned()),
        facts: vec![Fact {
            label: "Image",
            values: vec![text.to_owned()],
        }],
    };
    let link = |from, to, kind| Link {
        from,
        to,
        kind,
        labels: vec![text.to_owned()],
    };
    Picture {
        application: text.to_owned(),
        description: Some(text.to_owned()),
        owner: Some(text.to_owned()),
        environment: text.to_owned(),
        nodes: vec![
            node(text, Kind::Host, Zone::Entry),
            node("web", Kind::Server, Zone::Application),
            node(text, Kind::External, Zone::Outside),
        ],
        links: vec![link(0, 1, LinkKind::Door), link(1, 2, LinkKind::Call)],
    }
}

fn page(picture: &Picture) -> String {
    html(&[(picture, &place(picture))])
}

/// The text without what stands in quotes; a backslash takes the mark behind it along.
fn unquoted(text: &str) -> String {
    let (mut outside, mut inside, mut marks) = (String::new(), false, text.chars());
    while let Some(mark) = marks.next() {
        match mark {
            '\\' if inside => drop(marks.next()),
            '"' => inside = !inside,
            _ if inside => {}
            other => outside.push(other),
        }
    }
    assert!(!inside, "a quote is not closed: {text}");
    outside
}

#[test]
fn no_text_becomes_anything_else() {
    let harmless = picture("harmless");
    let tags = |text: &str| text.matches('<').count();
    for text in HOSTILE {
        let hostile = picture(text);
        let drawn = svg(&hostile, &place(&hostile));
        assert_eq!(tags(&drawn), tags(&svg(&harmless, &place(&harmless))), "{text:?}");
        assert_eq!(tags(&page(&hostile)), tags(&page(&harmless)), "{text:?}");
        for printed in [drawn, page(&hostile)] {
            let is_hidden = |mark: char| mark.is_control() && mark != '\n' || mark == '\u{202e}';
            assert!(!printed.contains(is_hidden), "{text:?}");
        }
        assert_eq!(unquoted(&dot(&hostile)), unquoted(&dot(&harmless)), "{text:?}");
        assert_eq!(
            unquoted(&mermaid(&hostile)),
            unquoted(&mermaid(&harmless)),
            "{text:?}"
        );
        let lines = mermaid(&hostile);
        assert!(
            !lines.contains(['`', '\u{1b}']) && !lines.contains("alert("),
            "{lines}"
        );
    }
}

#[test]
fn the_page_asks_for_nothing() {
    let page = page(&picture("harmless"));
    assert!(
        page.contains("default-src &#39;none&#39;; script-src &#39;sha256-"),
        "{page}"
    );
    let namespace = "http://www.w3.org/2000/svg";
    assert!(!page.replace(namespace, "").contains("://"));
    for word in [
        "src=",
        "href",
        "@import",
        "fetch(",
        "XMLHttpRequest",
        "innerHTML",
        "localStorage",
        "eval(",
    ] {
        assert!(!page.contains(word), "{word}");
    }
}

/// Services in tiers of a fifth each, of which each calls some of the next, and stores that they use.
fn many(count: usize) -> Picture {
    let mut picture = picture("x");
    picture.nodes.truncate(1);
    picture.links.clear();
    let stores = count / 6 + 1;
    for index in 0..count + stores {
        let is_store = index >= count;
        picture.nodes.push(Node {
            name: format!("node-{index}"),
            kind: if is_store { Kind::Database } else { Kind::Server },
            zone: if is_store { Zone::Data } else { Zone::Application },
            what: format!(":{index}"),
            count: None,
            facts: Vec::new(),
        });
    }
    let mut link = |from: usize, to: usize| {
        picture.links.push(Link {
            from,
            to,
            kind: LinkKind::Call,
            labels: vec!["80 http".to_owned()],
        });
    };
    for index in 0..count {
        if index < count / 5 {
            link(0, index + 1);
        }
        let next = (index / (count / 5).max(1) + 1) * (count / 5).max(1);
        for step in 0..2 {
            let to = next + (index * 7 + step * 3) % (count / 5).max(1);
            if to < count {
                link(index + 1, to + 1);
            }
        }
        link(index + 1, count + 1 + index * 11 % stores);
    }
    picture
}

fn overlaps(placed: &Placed) -> usize {
    let pairs = placed.nodes.iter().enumerate();
    let pairs =
        pairs.flat_map(|(index, one)| placed.nodes.iter().skip(index + 1).map(move |other| (one, other)));
    pairs
        .filter(|(one, other)| {
            one.x < other.right() && other.x < one.right() && one.y < other.bottom() && other.y < one.bottom()
        })
        .count()
}

#[test]
fn boxes_lie_apart_and_inside_and_twice_the_same() {
    for count in [1, 5, 12, 24, 50, 200] {
        let picture = many(count);
        let placed = place(&picture);
        assert_eq!(overlaps(&placed), 0, "{count}");
        assert_eq!(placed, place(&picture), "{count}");
        for rect in &placed.nodes {
            assert!(rect.x >= 0.0 && rect.y >= 0.0, "{count}");
            assert!(
                rect.right() <= placed.width && rect.bottom() <= placed.height,
                "{count}"
            );
        }
        let zones: Vec<_> = placed.zones.iter().map(|(_, rect)| *rect).collect();
        for pair in zones.windows(2) {
            assert!(pair[0].right() <= pair[1].x, "{count}: {pair:?}");
        }
        assert_eq!(placed.links.len(), picture.links.len());
    }
}

#[test]
fn no_link_of_a_large_picture_crosses_a_box() {
    let picture = many(200);
    let placed = place(&picture);
    for route in &placed.links {
        assert_eq!(route.bend, Bend::Corner);
        for pair in route.points.windows(2) {
            let (left, right) = (pair[0].x.min(pair[1].x), pair[0].x.max(pair[1].x));
            let (top, bottom) = (pair[0].y.min(pair[1].y), pair[0].y.max(pair[1].y));
            let crossed = placed.nodes.iter().find(|rect| {
                left < rect.right() - 0.1 && right > rect.x + 0.1 && top < rect.bottom() && bottom > rect.y
            });
            assert_eq!(crossed, None, "{pair:?}");
        }
    }
}

#[test]
fn a_thousand_services_are_placed() {
    let picture = many(1000);
    let placed = place(&picture);
    assert_eq!(overlaps(&placed), 0);
    let aspect = placed.width / placed.height;
    assert!((0.8..3.0).contains(&aspect), "{aspect}");
}

#[test]
fn an_empty_picture_is_one() {
    let mut picture = picture("x");
    picture.nodes.clear();
    picture.links.clear();
    let placed = place(&picture);
    assert!(svg(&picture, &placed).contains("nothing"));
    assert!(placed.width > 0.0 && placed.height > 0.0);
}
