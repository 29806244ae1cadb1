//! A picture and its places -> a drawing. Owns shapes and colours; decides nothing about what is shown or where.

use crate::icon;
use crate::markup::{Element, Markup};
use crate::picture::{Kind, Link, LinkKind, Node, Picture, Zone};
use crate::place::{BESIDE, Bend, HEIGHT, LABEL, NAME, Placed, Point, Rect, Route, WHAT};
use crate::text;

/// Rules for everything that is drawn, with the names of colours.
pub(crate) const RULES: &str = include_str!("page/graph.css");

/// Colours by name, in the light and in the dark. Text has a contrast of at least 4.5 to what lies behind it, and lines
/// one of 3 (WCAG 2.2, 1.4.3 and 1.4.11); a test computes it.
pub(crate) const COLOURS: &[(&str, &str, &str)] = &[
    ("ground", "#f8fafc", "#0b1120"),
    ("text", "#0f172a", "#e6edf7"),
    ("muted", "#475569", "#a9b6ca"),
    ("card", "#ffffff", "#182338"),
    ("edge", "#cbd5e1", "#33425c"),
    ("entry", "#1d4ed8", "#8ab8ff"),
    ("entry-soft", "#dbeafe", "#1c2f57"),
    ("entry-zone", "#eff5ff", "#0f1a33"),
    ("application", "#475569", "#b4c0d3"),
    ("application-soft", "#e8edf4", "#26334b"),
    ("application-zone", "#f0f3f8", "#10192b"),
    ("data", "#047857", "#5ee0b0"),
    ("data-soft", "#d1fae5", "#103c33"),
    ("data-zone", "#ecfbf4", "#0b2320"),
    ("outside", "#a64b09", "#f8bd5c"),
    ("outside-soft", "#ffedd5", "#43290f"),
    ("outside-zone", "#fff7ed", "#22180d"),
    ("call", "#64748b", "#8c9bb3"),
];

/// How a drawing stands in what surrounds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Setting {
    /// It is a file.
    Alone,
    /// It is one of several in a page, with this number.
    InPage(usize),
}

/// The drawing as a file.
#[must_use]
pub fn svg(picture: &Picture, placed: &Placed) -> String {
    let mut markup = Markup::default();
    markup.line(drawing(picture, placed, Setting::Alone));
    markup.into_text()
}

/// The drawing as an element.
pub(crate) fn drawing(picture: &Picture, placed: &Placed, setting: Setting) -> Element {
    let id = |name: &str| match setting {
        Setting::Alone => name.to_owned(),
        Setting::InPage(number) => format!("p{number}-{name}"),
    };
    let dense = if placed.is_dense { "graph dense" } else { "graph" };
    let size = [placed.width, placed.height].map(number);
    let [width, height] = &size;
    let mut head = Element::new("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with("viewBox", format!("0 0 {width} {height}"))
        .with("class", dense);
    let title = Element::new("title")
        .with("id", id("title"))
        .text(&picture.title());
    let told = Element::new("desc")
        .with("id", id("desc"))
        .text(&description(picture));
    let mut body = Markup::default();
    match setting {
        Setting::Alone => {
            head = head
                .with("width", width)
                .with("height", height)
                .with("role", "img");
            head = head.with("aria-labelledby", format!("{} {}", id("title"), id("desc")));
            body.end_line();
            body.line(title);
            body.line(told);
            body.line(Element::new("style").raw(&alone()));
        }
        Setting::InPage(_) => {
            // A title would be shown wherever the pointer rests.
            head = head
                .with("role", "group")
                .with("aria-label", description(picture));
            head = head.with("data-width", width).with("data-height", height);
            body.end_line();
        }
    }
    body.line(markers(&id));
    if setting == Setting::Alone {
        let ground = Element::new("rect")
            .with("class", "ground")
            .with("width", width)
            .with("height", height);
        body.line(ground);
    }
    body.line(view(picture, placed, setting, &id));
    head.all(body)
}

fn description(picture: &Picture) -> String {
    let of = format!("{}: {}.", picture.title(), picture.summary());
    match &picture.description {
        Some(text) => format!("{of} {text}"),
        None => of,
    }
}

fn view(picture: &Picture, placed: &Placed, setting: Setting, id: &dyn Fn(&str) -> String) -> Element {
    let mut groups = [
        Markup::default(),
        Markup::default(),
        Markup::default(),
        Markup::default(),
    ];
    let [zones, links, nodes, labels] = &mut groups;
    for (zone, rect) in &placed.zones {
        zones.line(around(*zone, *rect));
    }
    for (index, (link, route)) in picture.links.iter().zip(&placed.links).enumerate() {
        links.line(arrow(picture, link, route, setting, index, id));
        labels.line(label(picture, link, route, index));
    }
    for (index, (node, rect)) in picture.nodes.iter().zip(&placed.nodes).enumerate() {
        nodes.line(card(picture, index, node, *rect, setting));
    }
    let mut body = Markup::default();
    body.end_line();
    for (name, group) in ["zones", "links", "nodes", "labels"].into_iter().zip(groups) {
        let mut lines = Markup::default();
        lines.end_line();
        let mut element = Element::new("g").with("class", name).all(lines).all(group);
        if name == "labels" && setting != Setting::Alone {
            element = element.with("aria-hidden", "true");
        }
        body.line(element);
    }
    Element::new("g").with("class", "view").all(body)
}

/// The rules with the colours in them: a drawing has to look right in programs that know no variables of CSS.
fn alone() -> String {
    let light = COLOURS.iter().fold(RULES.to_owned(), |rules, (name, light, _)| {
        rules.replace(&format!("var(--{name})"), light)
    });
    let dark = COLOURS.iter().fold(RULES.to_owned(), |rules, (name, _, dark)| {
        rules.replace(&format!("var(--{name})"), dark)
    });
    format!("\n{light}@media (prefers-color-scheme: dark) {{\n{dark}}}\n")
}

/// The ends of arrows, one for each colour.
fn markers(id: &dyn Fn(&str) -> String) -> Element {
    let mut defs = Element::new("defs");
    for colour in ["call", "entry", "data", "outside"] {
        let tip = Element::new("path")
            .with("class", format!("tip {colour}"))
            .with("d", "M0 0L10 5L0 10L2.5 5z");
        defs = defs.inside(
            Element::new("marker")
                .with("id", id(&format!("tip-{colour}")))
                .with("viewBox", "0 0 10 10")
                .with("refX", "9")
                .with("refY", "5")
                .with("markerWidth", "9")
                .with("markerHeight", "9")
                .with("markerUnits", "userSpaceOnUse")
                .with("orient", "auto")
                .inside(tip),
        );
    }
    defs
}

fn around(zone: Zone, rect: Rect) -> Element {
    let title = Element::new("text")
        .with("x", number(rect.x + 18.0))
        .with("y", number(rect.y + 26.0))
        .text(zone.title());
    Element::new("g")
        .with("class", format!("zone {}", zone.word()))
        .inside(rectangle(rect, 18.0))
        .inside(title)
}

fn rectangle(rect: Rect, radius: f64) -> Element {
    Element::new("rect")
        .with("x", number(rect.x))
        .with("y", number(rect.y))
        .with("width", number(rect.width))
        .with("height", number(rect.height))
        .with("rx", number(radius))
}

/// The colour of a link: that of where it leads, or of where one comes in.
fn colour(picture: &Picture, link: &Link) -> &'static str {
    let zone = picture.nodes.get(link.to).map(|node| node.zone);
    match (link.kind, zone) {
        (LinkKind::Door, _) => "entry",
        (LinkKind::Call | LinkKind::Mount | LinkKind::Subscription, Some(Zone::Data)) => "data",
        (LinkKind::Call | LinkKind::Mount | LinkKind::Subscription, Some(Zone::Outside)) => "outside",
        (
            LinkKind::Call | LinkKind::Mount | LinkKind::Subscription,
            Some(Zone::Entry | Zone::Application) | None,
        ) => "call",
    }
}

fn arrow(
    picture: &Picture,
    link: &Link,
    route: &Route,
    setting: Setting,
    index: usize,
    id: &dyn Fn(&str) -> String,
) -> Element {
    let colour = colour(picture, link);
    let line = Element::new("path")
        .with("d", way(route))
        .with("marker-end", format!("url(#{})", id(&format!("tip-{colour}"))));
    let mut group = Element::new("g").with("class", format!("link {} {colour}", link.kind.word()));
    if setting != Setting::Alone {
        group = group.with("data-link", index);
    }
    group
        .inside(Element::new("title").text(&picture.sentence(link)))
        .inside(line)
}

fn label(picture: &Picture, link: &Link, route: &Route, index: usize) -> Element {
    let text = link.label();
    let width = text::width(&text, LABEL).min(230.0) + 12.0;
    let shown = text::clipped(&text, LABEL, 230.0);
    let Point { x, y } = route.label;
    let rect = Rect {
        x: x - width / 2.0,
        y: y - 9.0,
        width,
        height: 18.0,
    };
    let words = Element::new("text")
        .with("x", number(x))
        .with("y", number(y + 3.8))
        .text(&shown);
    Element::new("g")
        .with("class", format!("label {}", colour(picture, link)))
        .with("data-link", index)
        .inside(rectangle(rect, 9.0))
        .inside(words)
}

fn card(picture: &Picture, index: usize, node: &Node, rect: Rect, setting: Setting) -> Element {
    let room = rect.width - BESIDE;
    let count = node
        .count
        .as_deref()
        .map(|count| (count, text::width(count, WHAT) + 14.0));
    let taken = count.map_or(0.0, |(_, width)| width);
    let (x, y) = (rect.x, rect.y);
    let tile = Rect {
        x: x + 10.0,
        y: y + 10.0,
        width: 32.0,
        height: HEIGHT - 20.0,
    };
    let sign = Element::new("path")
        .with("class", "sign")
        .with(
            "transform",
            format!("translate({} {})", number(x + 16.0), number(y + 16.0)),
        )
        .with("d", icon::strokes(node.kind));
    let words = |class: &str, y: f64, text: &str| {
        let at = Element::new("text")
            .with("class", class)
            .with("x", number(x + 51.0));
        at.with("y", number(y)).text(text)
    };
    let job = if node.kind == Kind::Job { " job" } else { "" };
    let mut group = Element::new("g").with("class", format!("node {}{job}", node.zone.word()));
    let aside = aside(picture, index, node);
    group = match setting {
        Setting::Alone => group.inside(Element::new("title").text(&aside)),
        Setting::InPage(_) => group
            .with("data-node", index)
            .with("role", "button")
            .with("tabindex", "0")
            .with("aria-label", aside),
    };
    group = group
        .inside(rectangle(rect, 12.0).with("class", "card"))
        .inside(rectangle(tile, 9.0).with("class", "tile"))
        .inside(sign)
        .inside(words(
            "name",
            y + 23.0,
            &text::clipped(&node.name, NAME, room - taken),
        ))
        .inside(words("what", y + 39.5, &text::clipped(&node.what, WHAT, room)));
    if let Some((count, width)) = count {
        let pill = Rect {
            x: rect.right() - width - 2.0,
            y: y + 9.5,
            width: width - 6.0,
            height: 17.0,
        };
        let middle = pill.x + pill.width / 2.0;
        let text = Element::new("text")
            .with("class", "count")
            .with("x", number(middle));
        group = group
            .inside(rectangle(pill, 8.5).with("class", "pill"))
            .inside(text.with("y", number(y + 22.0)).text(count));
    }
    group
}

/// What a node is and does, for whoever does not see it.
fn aside(picture: &Picture, index: usize, node: &Node) -> String {
    let mut text = format!("{}, {}", node.name, node.kind.word());
    if !node.what.is_empty() && node.what != node.kind.word() {
        text += &format!(", {}", node.what);
    }
    if let Some(count) = &node.count {
        text += &format!(", {count}");
    }
    let number = |number: usize, verb: &str| {
        if number > 0 {
            format!(", {verb} {number}")
        } else {
            String::new()
        }
    };
    let out = picture.links.iter().filter(|link| link.from == index).count();
    let into = picture.links.iter().filter(|link| link.to == index).count();
    text += &number(out, "uses");
    text += &number(into, "used by");
    text
}

/// The data of a path.
fn way(route: &Route) -> String {
    match route.bend {
        Bend::Curve => curve(&route.points),
        Bend::Corner => corners(&route.points),
    }
}

fn curve(points: &[Point]) -> String {
    let mut data = String::new();
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        if data.is_empty() {
            data = format!("M{} {}", number(from.x), number(from.y));
        }
        let middle = number(f64::midpoint(from.x, to.x));
        let (begin, x, y) = (number(from.y), number(to.x), number(to.y));
        data += &format!("C{middle} {begin} {middle} {y} {x} {y}");
    }
    data
}

/// How round a corner is, at most.
const ROUND: f64 = 9.0;

fn corners(points: &[Point]) -> String {
    let [first, .., last] = points else {
        return String::new();
    };
    let mut data = format!("M{} {}", number(first.x), number(first.y));
    for three in points.windows(3) {
        let [before, corner, after] = three else { continue };
        let round = ROUND
            .min(distance(*before, *corner) / 2.0)
            .min(distance(*corner, *after) / 2.0);
        let (begin, end) = (towards(*corner, *before, round), towards(*corner, *after, round));
        let [begin, corner, end] =
            [begin, *corner, end].map(|point| format!("{} {}", number(point.x), number(point.y)));
        data += &format!("L{begin}Q{corner} {end}");
    }
    data + &format!("L{} {}", number(last.x), number(last.y))
}

fn distance(one: Point, other: Point) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

/// The point so far from the one on the way to the other.
fn towards(from: Point, to: Point, far: f64) -> Point {
    let whole = distance(from, to);
    let part = if whole > 0.0 { far / whole } else { 0.0 };
    Point {
        x: from.x + (to.x - from.x) * part,
        y: from.y + (to.y - from.y) * part,
    }
}

/// A length with at most one digit behind the point.
fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    // No `-0`.
    (rounded + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, RULES};

    fn luminance(colour: &str) -> f64 {
        let part = |from: usize| {
            let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn text_and_lines_stand_out() {
        let text = [
            ("text", "card"),
            ("text", "ground"),
            ("muted", "card"),
            ("muted", "ground"),
            ("muted", "application-zone"),
            ("entry", "entry-zone"),
            ("application", "application-zone"),
            ("data", "data-zone"),
            ("outside", "outside-zone"),
            ("application", "application-soft"),
            ("entry", "entry-soft"),
            ("data", "data-soft"),
            ("outside", "outside-soft"),
            ("text", "application-soft"),
        ];
        let lines = [
            ("call", "ground"),
            ("call", "application-zone"),
            ("entry", "ground"),
            ("entry", "application-zone"),
            ("data", "ground"),
            ("data", "application-zone"),
            ("outside", "ground"),
            ("outside", "application-zone"),
        ];
        let of = |wanted: &str| COLOURS.iter().find(|(name, _, _)| *name == wanted).unwrap();
        for (pairs, least) in [(&text[..], 4.5), (&lines[..], 3.0)] {
            for (front, behind) in pairs {
                let (front, behind) = (of(front), of(behind));
                for (one, other) in [(front.1, behind.1), (front.2, behind.2)] {
                    let found = contrast(one, other);
                    assert!(found >= least, "{} on {}: {found:.2}", front.0, behind.0);
                }
            }
        }
    }

    #[test]
    fn every_colour_that_is_named_exists() {
        let left = COLOURS.iter().fold(RULES.to_owned(), |rules, (name, _, _)| {
            rules.replace(&format!("var(--{name})"), "")
        });
        assert!(!left.contains("var("), "{left}");
    }
}
