//! One page with the drawings of several environments: a program in it searches, zooms and shows what is linked with what.
//! Owns the page and what the program is told; the program itself is `page/page.js`.
//!
//! Nothing on the page may ask for anything: its policy allows our program and our style sheet, by their hashes.

use crate::markup::{Element, Markup};
use crate::picture::{Fact, Link, Node, Picture, Zone};
use crate::place::Placed;
use crate::svg::{COLOURS, RULES, Setting, drawing};
use crate::text::plain;
use exoc_emit::base64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

const STYLE: &str = include_str!("page/page.css");
const PROGRAM: &str = include_str!("page/page.js");

/// The page. The first picture is shown at first.
#[must_use]
pub fn html(pictures: &[(&Picture, &Placed)]) -> String {
    let first = pictures.first().map(|(picture, _)| *picture);
    let application = first.map_or("", |picture| picture.application.as_str());
    let style = format!("{}{RULES}{STYLE}", variables());
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(PROGRAM),
        hash(&style)
    );
    let mut head = Markup::default();
    head.end_line();
    head.line(Element::new("meta").with("charset", "utf-8"));
    head.line(
        Element::new("meta")
            .with("http-equiv", "Content-Security-Policy")
            .with("content", policy),
    );
    let viewport = "width=device-width, initial-scale=1";
    head.line(
        Element::new("meta")
            .with("name", "viewport")
            .with("content", viewport),
    );
    head.line(
        Element::new("meta")
            .with("name", "generator")
            .with("content", "exoc graph"),
    );
    head.line(
        Element::new("meta")
            .with("name", "color-scheme")
            .with("content", "light dark"),
    );
    head.line(Element::new("title").text(&format!("{application}: services and what they connect to")));
    head.line(Element::new("style").raw(&style));
    let mut body = Markup::default();
    body.end_line();
    body.line(bar(pictures, first));
    body.line(middle(pictures));
    let data = Value::Array(
        pictures
            .iter()
            .map(|(picture, placed)| told(picture, placed))
            .collect(),
    );
    // Inside of an element of a program nothing is markup but `</script` and `<!--`.
    let data = data.to_string().replace('<', "\\u003c");
    body.line(
        Element::new("script")
            .with("type", "application/json")
            .with("id", "data")
            .raw(&data),
    );
    body.line(Element::new("script").raw(PROGRAM));
    let mut page = Markup::default();
    page.line(
        Element::new("html")
            .with("lang", "en")
            .inside(Element::new("head").all(head))
            .inside(Element::new("body").all(body)),
    );
    format!("<!doctype html>\n{}", page.into_text())
}

/// The hash of a program or style sheet, as a policy names it (<https://www.w3.org/TR/CSP3/#grammardef-hash-source>).
fn hash(text: &str) -> String {
    format!("sha256-{}", base64::encode(&Sha256::digest(text.as_bytes())))
}

/// The colours as variables: as the reader prefers, unless the page says otherwise.
fn variables() -> String {
    let list = |pick: &dyn Fn(&(&str, &str, &str)) -> String| COLOURS.iter().map(pick).collect::<String>();
    let light = list(&|(name, light, _)| format!("--{name}:{light};"));
    let dark = list(&|(name, _, dark)| format!("--{name}:{dark};"));
    format!(
        "\n:root{{color-scheme:light;{light}}}\n\
         @media (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n"
    )
}

fn bar(pictures: &[(&Picture, &Placed)], first: Option<&Picture>) -> Element {
    let name = first.map_or("", |picture| picture.application.as_str());
    let heading = Element::new("h1").text(name);
    let mut choice = Element::new("div")
        .with("class", "environments")
        .with("role", "group");
    choice = choice.with("aria-label", "Environment");
    for (index, (picture, _)) in pictures.iter().enumerate() {
        let button = Element::new("button")
            .with("type", "button")
            .with("data-environment", index);
        choice = choice.inside(button.with("aria-pressed", index == 0).text(&picture.environment));
    }
    let search = Element::new("input")
        .with("type", "search")
        .with("id", "search")
        .with("placeholder", "Search  ( / )")
        .with("aria-label", "Search services, images, hosts and ports")
        .with("autocomplete", "off")
        .with("spellcheck", "false");
    let found = Element::new("output")
        .with("id", "found")
        .with("for", "search")
        .with("aria-live", "polite");
    let search = Element::new("div")
        .with("class", "search")
        .with("role", "search")
        .inside(search)
        .inside(found);
    let button = |id: &str, label: &str, path: &str| {
        let sign = Element::new("svg")
            .with("viewBox", "0 0 20 20")
            .with("aria-hidden", "true")
            .inside(Element::new("path").with("d", path));
        let button = Element::new("button")
            .with("type", "button")
            .with("class", "sign-button");
        button
            .with("id", id)
            .with("aria-label", label)
            .with("title", label)
            .inside(sign)
    };
    let tools = Element::new("div")
        .with("class", "tools")
        .with("role", "group")
        .with("aria-label", "View")
        .inside(button("out", "Zoom out ( - )", "M4 10h12"))
        .inside(button("in", "Zoom in ( + )", "M4 10h12M10 4v12"))
        .inside(button(
            "fit",
            "Fit ( 0 )",
            "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
        ))
        .inside(button(
            "theme",
            "Light or dark ( d )",
            "M10 3a7 7 0 1 0 0 14a7 7 0 1 0 0-14zM10 3v14M10 6a4 4 0 0 1 0 8",
        ));
    Element::new("header")
        .inside(heading)
        .inside(choice)
        .inside(search)
        .inside(tools)
}

fn middle(pictures: &[(&Picture, &Placed)]) -> Element {
    let mut canvas = Element::new("div").with("id", "canvas").with("tabindex", "-1");
    for (index, (picture, placed)) in pictures.iter().enumerate() {
        let mut lines = Markup::default();
        lines.end_line();
        lines.line(drawing(picture, placed, Setting::InPage(index)));
        let mut sheet = Element::new("div")
            .with("class", "sheet")
            .with("data-sheet", index)
            .all(lines);
        if index > 0 {
            sheet = sheet.with("hidden", "");
        }
        canvas = canvas.inside(sheet);
    }
    let panel = Element::new("aside")
        .with("id", "panel")
        .with("aria-label", "Details")
        .with("aria-live", "polite");
    Element::new("main").inside(canvas).inside(panel)
}

/// What the program is told of a picture; texts only reach the page as text.
fn told(picture: &Picture, placed: &Placed) -> Value {
    let Picture {
        application: _,
        description,
        owner,
        environment,
        nodes,
        links,
    } = picture;
    let node = |node: &Node| {
        let Node {
            name,
            kind,
            zone,
            what,
            count,
            facts,
        } = node;
        let fact = |Fact { label, values }: &Fact| {
            let values: Vec<String> = values.iter().map(|value| plain(value)).collect();
            json!([label, values])
        };
        json!({
            "name": plain(name),
            "kind": kind.word(),
            "zone": zone.word(),
            "what": plain(what),
            "count": count,
            "facts": facts.iter().map(fact).collect::<Vec<_>>(),
        })
    };
    let link = |link: &Link| {
        let labels = plain(&link.label());
        json!([link.from, link.to, link.kind.word(), labels])
    };
    let zones: Vec<Value> = Zone::ALL
        .iter()
        .map(|zone| json!([zone.word(), zone.title()]))
        .collect();
    json!({
        "environment": plain(environment),
        "description": description.as_deref().map(plain),
        "owner": owner.as_deref().map(plain),
        "summary": picture.summary(),
        "dense": placed.is_dense,
        "zones": zones,
        "nodes": nodes.iter().map(node).collect::<Vec<_>>(),
        "links": links.iter().map(link).collect::<Vec<_>>(),
    })
}
