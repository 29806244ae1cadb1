//! YAML text -> spanned [`Node`] tree. The only module that names types of the YAML parser.
//!
//! Knows YAML and nothing of the manifest's language. What cannot be kept in a tree (an alias to nothing, a
//! tagged value, a merge key) is reported here and marked, so that whoever binds the tree stays silent about it.

use crate::reference::check_characters;
use exoc_diagnostics::codes;
use exoc_diagnostics::{
    Diagnostic, Failed, Key, Kind, Map, Member, Node, Scalar, Sink, SourceId, Span, Style, Typed,
};
use granit_parser::{Event, Parser, ScalarStyle, StrInput, StructureStyle};
use scalar::core_schema;
use std::collections::BTreeMap;

mod lines;
mod open;
pub(crate) mod scalar;
mod syntax;

/// The deepest nesting of collections, also through aliases.
pub(crate) const MAX_DEPTH: usize = 64;
/// The most nodes that the aliases of one file may add to it.
const MAX_ALIASED_NODES: usize = 100_000;

/// A file's data, and which parts of it were reported.
#[derive(Debug)]
pub(crate) struct Document {
    /// The only document's root.
    pub(crate) root: Node,
    /// What was reported.
    pub(crate) marks: Marks,
}

/// Places about which a diagnostic exists already.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    broken: BTreeMap<Span, Failed>,
    incomplete: BTreeMap<Span, Failed>,
}

impl Marks {
    /// The proof that this value was reported, if it was.
    pub(crate) fn broken(&self, node: &Node) -> Option<Failed> {
        self.broken.get(&node.span).copied()
    }

    /// The proof that some member of this mapping was dropped and reported, if one was.
    pub(crate) fn incomplete(&self, node: &Node) -> Option<Failed> {
        self.incomplete.get(&node.span).copied()
    }
}

/// Reads the one document of `text`.
///
/// # Errors
///
/// If the text is not YAML, has no content, or cannot be held in memory or on the stack.
pub(crate) fn parse(source: SourceId, text: &str, sink: &mut Sink) -> Result<Document, Failed> {
    refuse_nul(source, text, sink)?;
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    let events = Parser::new_from_str_with_options(text, options);
    let builder = Builder {
        events,
        source,
        text,
        anchors: BTreeMap::new(),
        aliased: 0,
        marks: Marks::default(),
        sink,
    };
    builder.document()
}

/// The places of all comments of a text, each from its `#` to the end of its line; where the text is not YAML, those
/// before the fault.
pub(crate) fn comments(source: SourceId, text: &str) -> Vec<Span> {
    let options = granit_parser::options! {
        emit_comments: true,
        emit_unresolved_aliases: true,
        // Each is at least a byte of the text.
        max_buffered_comment_events: text.len(),
        block_nesting_limit: MAX_DEPTH,
        flow_nesting_limit: MAX_DEPTH,
    };
    let mut events = Parser::new_from_str_with_options(text, options);
    let mut places = Vec::new();
    while let Some(Ok((event, place))) = events.next_event() {
        if matches!(event, Event::Comment(..))
            && let Some(range) = place.byte_range()
        {
            places.push(Span::new(source, range.start, range.end));
        }
    }
    places.sort_unstable();
    places
}

fn refuse_nul(source: SourceId, text: &str, sink: &mut Sink) -> Result<(), Failed> {
    text.find('\0').map_or(Ok(()), |at| {
        Err(sink.error(
            Diagnostic::new(codes::NUL_CHARACTER, "a NUL character")
                .at(Span::new(source, at, at + 1), "here")
                .help("no YAML file and no environment variable can hold a NUL; remove it"),
        ))
    })
}

/// What an anchor names.
struct Anchored {
    node: Node,
    nodes: usize,
    height: usize,
    broken: Option<Failed>,
}

struct Builder<'t, 's> {
    events: Parser<'t, StrInput<'t>>,
    source: SourceId,
    text: &'t str,
    anchors: BTreeMap<usize, Anchored>,
    aliased: usize,
    marks: Marks,
    sink: &'s mut Sink,
}

/// A finished node with what an alias to it must know.
struct Built {
    node: Node,
    nodes: usize,
    height: usize,
}

impl<'t> Builder<'t, '_> {
    fn document(mut self) -> Result<Document, Failed> {
        let mut root: Option<Node> = None;
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::StreamStart | Event::DocumentEnd) {
                continue;
            }
            if matches!(event, Event::StreamEnd) {
                break;
            }
            if let Event::DocumentStart(..) = event {
                if root.is_some() {
                    self.second_document(span);
                    break;
                }
                continue;
            }
            root = Some(self.node(event, span, 1)?.node);
        }
        match root {
            Some(root) if !root.is_null() || self.marks.broken(&root).is_some() => Ok(Document {
                root,
                marks: self.marks,
            }),
            Some(_) | None => Err(self.sink.error(
                Diagnostic::new(codes::EMPTY_FILE, "the file has no content")
                    .at(Span::new(self.source, 0, 0), "")
                    .help("write at least one key, or remove the file if it is a service.yml"),
            )),
        }
    }

    fn second_document(&mut self, span: Span) {
        self.sink.error(
            Diagnostic::new(codes::SEVERAL_DOCUMENTS, "a second document in one file")
                .at(span, "begins here")
                .help("a file holds one document; move this one to its own file, or remove the `---`"),
        );
    }

    /// The next event and its place; `None` at the end.
    fn next(&mut self) -> Result<Option<(Event<'t>, Span)>, Failed> {
        match self.events.next_event() {
            None => Ok(None),
            Some(Ok((event, place))) => {
                let range = place.byte_range().unwrap_or_default();
                let span = self.span(range.start, range.end);
                if let Some(tag) = place.tag_span().and_then(|tag| tag.byte_range()) {
                    self.tag(self.span(tag.start, tag.end), span);
                }
                Ok(Some((event, span)))
            }
            Some(Err(error)) => {
                let offset = error.marker().byte_offset().unwrap_or_default();
                let diagnostic = syntax::explain(error.kind(), self.source, self.text, offset);
                Err(self.sink.error(diagnostic))
            }
        }
    }

    /// The span of these bytes, held inside the text and at the bounds of characters.
    fn span(&self, start: usize, end: usize) -> Span {
        let start = self.text.floor_char_boundary(start);
        let end = self.text.ceil_char_boundary(end).max(start);
        Span::new(self.source, start, end)
    }

    fn tag(&mut self, tag: Span, node: Span) {
        let text = self.text.get(tag.range()).unwrap_or_default();
        let failed = self.sink.error(
            Diagnostic::new(codes::UNKNOWN_TAG, format!("a YAML tag: `{text}`"))
                .at(tag, "tags are not allowed")
                .help("remove the tag; quotes make a scalar a text"),
        );
        // Collections get their final span later, so the start alone says which node it is.
        self.marks.broken.insert(
            Span {
                end: node.start,
                ..node
            },
            failed,
        );
    }

    fn must_next(&mut self) -> Result<(Event<'t>, Span), Failed> {
        match self.next()? {
            Some(next) => Ok(next),
            None => {
                let end = self.text.len();
                let diagnostic = Diagnostic::new(codes::YAML_SYNTAX, "the file ends inside a value");
                Err(self.sink.error(
                    diagnostic
                        .at(self.span(end, end), "")
                        .help("complete or remove the last key"),
                ))
            }
        }
    }

    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the parser's enum is open and grows with each of its versions"
    )]
    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Built, Failed> {
        if depth > MAX_DEPTH {
            return Err(self.sink.error(syntax::too_deep(span)));
        }
        let anchor = event.anchor_id().filter(|_| !event.is_alias());
        let tagged = self.marks.broken.remove(&Span {
            end: span.start,
            ..span
        });
        let built = match event {
            Event::Alias(id) => self.alias(id, span, depth)?,
            Event::UnresolvedAlias(name) => self.unresolved_alias(&name, span),
            Event::Scalar(value, style, ..) => Built {
                node: self.scalar(&value, style, span),
                nodes: 1,
                height: 0,
            },
            Event::SequenceStart(style, ..) => self.list(style, span, depth)?,
            Event::MappingStart(style, ..) => self.map(style, span, depth)?,
            // Marks of streams and documents hold no data; the parser's enum is open.
            _ => Built {
                node: Node::empty_map(span),
                nodes: 1,
                height: 0,
            },
        };
        if let Some(failed) = tagged {
            self.marks.broken.insert(built.node.span, failed);
        }
        if let Some(id) = anchor {
            let broken = self.marks.broken(&built.node);
            let Built { node, nodes, height } = &built;
            self.anchors.insert(
                id,
                Anchored {
                    node: node.clone(),
                    nodes: *nodes,
                    height: *height,
                    broken,
                },
            );
        }
        Ok(built)
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span) -> Node {
        let (style, typed) = match style {
            ScalarStyle::Plain => (Style::Plain, core_schema(value)),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => (Style::Quoted, Typed::Text),
            ScalarStyle::Literal | ScalarStyle::Folded => (Style::Block, Typed::Text),
        };
        // A block scalar's line breaks at its end, and blank lines after them, are no words to underline.
        let span = match (style, self.text.get(span.range())) {
            (Style::Block, Some(raw)) => span.part(0, raw.trim_end().len()),
            (Style::Block | Style::Plain | Style::Quoted, _) => span,
        };
        let raw = self.text.get(span.range()).unwrap_or_default();
        if let Err(failed) = check_characters(value, raw, span, self.sink) {
            self.marks.broken.insert(span, failed);
        }
        Node {
            span,
            kind: Kind::Scalar(Scalar {
                text: value.into(),
                style,
                typed,
            }),
        }
    }

    /// Reports a key without a value beside which a comment stands that looks like one: `color: #fff`.
    fn comment_in_place_of_a_value(&mut self, key: Span) {
        let end = key.end as usize;
        let line = self.text.get(end..).and_then(|rest| rest.lines().next());
        let rest = line.unwrap_or_default();
        let comment = rest.trim_start_matches([':', ' ']);
        let word = comment.split_whitespace().next().unwrap_or_default();
        let meant = word
            .strip_prefix('#')
            .is_some_and(|behind| behind.starts_with(|first: char| first.is_alphanumeric() || first == '/'));
        if !meant {
            return;
        }
        let start = end + rest.len() - comment.len();
        let place = self.span(start, start + word.len());
        let diagnostic = Diagnostic::new(
            codes::COMMENT_AS_VALUE,
            format!("`{word}` is a comment, and the key has no value"),
        );
        let failed = self.sink.error(
            diagnostic
                .at(place, "YAML takes this for a comment")
                .help(format!("quote it: `\"{word}\"`"))
                .help("a comment has a space behind its `#`, and `null` says that there is no value"),
        );
        self.marks.broken.insert(key, failed);
    }

    /// A node that stands where something was reported.
    fn broken(&mut self, span: Span, failed: Failed) -> Built {
        self.marks.broken.insert(span, failed);
        let scalar = Scalar {
            text: Box::default(),
            style: Style::Plain,
            typed: Typed::Null,
        };
        Built {
            node: Node {
                span,
                kind: Kind::Scalar(scalar),
            },
            nodes: 1,
            height: 0,
        }
    }

    fn unresolved_alias(&mut self, name: &str, span: Span) -> Built {
        // A name with other marks in it is a pattern, as in `*.txt`, and no alias.
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let anchor =
            plain.then(|| format!("write `&{name}` before the value that is meant, above in the same file"));
        let failed = self.sink.error(
            Diagnostic::new(
                codes::BAD_ALIAS,
                format!("the alias `*{name}` refers to no anchor"),
            )
            .at(span, "no anchor of this name stands above")
            .help_if(anchor)
            .help(format!(
                "if it is a text that begins with `*`, quote it: `\"*{name}\"`"
            )),
        );
        self.broken(span, failed)
    }

    fn alias(&mut self, id: usize, span: Span, depth: usize) -> Result<Built, Failed> {
        let name = self.text.get(span.range()).unwrap_or_default();
        let Some(Anchored {
            node,
            nodes,
            height,
            broken,
        }) = self.anchors.get(&id)
        else {
            let failed = self.sink.error(
                Diagnostic::new(
                    codes::BAD_ALIAS,
                    format!("the alias `{name}` refers to the value that holds it"),
                )
                .at(span, "stands inside its own anchor")
                .help("an alias repeats a value that is complete; write the value out here"),
            );
            return Ok(self.broken(span, failed));
        };
        if depth + height > MAX_DEPTH {
            return Err(self.sink.error(syntax::too_deep(span)));
        }
        self.aliased += nodes;
        if self.aliased > MAX_ALIASED_NODES {
            return Err(self.sink.error(
                Diagnostic::new(codes::ALIAS_EXPLOSION, "the aliases of this file repeat too much")
                    .at(span, format!("here they exceed {MAX_ALIASED_NODES} values"))
                    .help("repeat fewer or smaller values by alias"),
            ));
        }
        let built = Built {
            node: Node {
                span,
                kind: node.kind.clone(),
            },
            nodes: *nodes,
            height: *height,
        };
        if let Some(failed) = broken {
            self.marks.broken.insert(span, *failed);
        }
        Ok(built)
    }

    fn list(&mut self, style: StructureStyle, start: Span, depth: usize) -> Result<Built, Failed> {
        let (mut items, mut nodes, mut height) = (Vec::new(), 1, 0);
        let mut span = start;
        loop {
            let (event, at) = self.must_next()?;
            if matches!(event, Event::SequenceEnd) {
                span = self.close(style, span, at);
                break;
            }
            let built = self.node(event, at, depth + 1)?;
            nodes += built.nodes;
            height = height.max(built.height + 1);
            span = span.to(built.node.span);
            items.push(built.node);
        }
        Ok(Built {
            node: Node {
                span,
                kind: Kind::List(items),
            },
            nodes,
            height: height.max(1),
        })
    }

    fn map(&mut self, style: StructureStyle, start: Span, depth: usize) -> Result<Built, Failed> {
        let (mut map, mut nodes, mut height) = (Map::default(), 1, 0);
        let mut seen: BTreeMap<Box<str>, Span> = BTreeMap::new();
        let mut span = start;
        let mut incomplete = None;
        let mut template = None;
        loop {
            let (event, at) = self.must_next()?;
            if matches!(event, Event::MappingEnd) {
                span = self.close(style, span, at);
                break;
            }
            let key = self.node(event, at, depth + 1)?.node;
            let (event, at) = self.must_next()?;
            let mut value = self.node(event, at, depth + 1)?;
            nodes += value.nodes + 1;
            height = height.max(value.height + 1);
            if value.node.is_null() && value.node.span.start == value.node.span.end {
                value.node.span = key.span;
                self.comment_in_place_of_a_value(key.span);
            }
            span = span.to(key.span).to(value.node.span);
            let doubled = matches!(style, StructureStyle::Flow) && key.span.start == start.start + 1;
            if doubled && map.members.is_empty() && key.as_map().is_some() {
                template = Some(self.template(start, key.span));
                continue;
            }
            match self.key(&key, &mut seen) {
                Ok(key) => map.members.push(Member {
                    key,
                    value: value.node,
                }),
                Err(failed) => incomplete = failed.or(incomplete),
            }
        }
        if let Some(failed) = incomplete {
            self.marks.incomplete.insert(span, failed);
        }
        if let Some(failed) = template {
            self.marks.broken.insert(span, failed);
        }
        Ok(Built {
            node: Node {
                span,
                kind: Kind::Map(map),
            },
            nodes,
            height: height.max(1),
        })
    }

    /// The key that `node` is; else the proof that a member is lost, or nothing if an equal one is kept.
    fn key(&mut self, node: &Node, seen: &mut BTreeMap<Box<str>, Span>) -> Result<Key, Option<Failed>> {
        if let Some(failed) = self.marks.broken(node) {
            return Err(Some(failed));
        }
        let scalar = match node.as_scalar() {
            Some(scalar) if scalar.typed != Typed::Null && scalar.style != Style::Block => scalar,
            Some(_) | None => return Err(Some(self.bad_key(node))),
        };
        if &*scalar.text == "<<" && scalar.style == Style::Plain {
            return Err(Some(self.merge_key(node.span)));
        }
        if let Some(first) = seen.get(&scalar.text) {
            let name = &scalar.text;
            self.sink.error(
                Diagnostic::new(
                    codes::DUPLICATE_KEY,
                    format!("the key `{name}` stands twice in one mapping"),
                )
                .at(node.span, "written again")
                .also(*first, "first written here")
                .help("remove or rename one of the two"),
            );
            return Err(None);
        }
        seen.insert(scalar.text.clone(), node.span);
        Ok(Key {
            name: scalar.text.clone(),
            span: node.span,
        })
    }

    fn bad_key(&mut self, node: &Node) -> Failed {
        let is = match &node.kind {
            Kind::Scalar(scalar) if scalar.style == Style::Block => "a block of lines",
            Kind::Scalar(_) | Kind::List(_) | Kind::Map(_) => node.describe(),
        };
        let hint = match &node.kind {
            Kind::Map(_) => "a text with `{` or `}` needs quotes",
            Kind::List(_) => "a text with `[` or `]` needs quotes",
            Kind::Scalar(_) => "write a name before the `:`",
        };
        self.sink.error(
            Diagnostic::new(codes::BAD_KEY, format!("{is} stands where a key belongs"))
                .at(node.span, "a key is a text on one line")
                .help(hint),
        )
    }

    /// `{{ … }}`, which to YAML is a mapping whose key is a mapping.
    fn template(&mut self, start: Span, inner: Span) -> Failed {
        let whole = self.span(start.start as usize, inner.end as usize + 1);
        let text = self.text.get(whole.range()).unwrap_or_default();
        let name = text.trim_matches(['{', '}']).trim();
        let help = if crate::reference::is_path(name) {
            format!("a reference is written `${{{name}}}`")
        } else {
            "a reference is written `${…}`, as in `${secrets.STRIPE_KEY}`".to_owned()
        };
        self.sink.error(
            Diagnostic::new(
                codes::MALFORMED_REFERENCE,
                format!("`{text}` is a template, and a manifest has none"),
            )
            .at(whole, "to YAML, braces begin a mapping")
            .help(help)
            .help("if the braces themselves are meant, quote the text"),
        )
    }

    fn merge_key(&mut self, span: Span) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::MERGE_KEY, "merge keys are not part of the language")
                .at(span, "`<<` merges nothing here")
                .help("variables of every service belong under `environment` of application.yml")
                .help("services that differ in a few keys can share one `location` and overlay it beside that key")
                .help("what only two places share is clearer written twice, or repeated whole with `*alias`"),
        )
    }

    /// A collection's place up to its closing bracket, or to its last member if it has none.
    fn close(&self, style: StructureStyle, span: Span, end: Span) -> Span {
        match style {
            StructureStyle::Block => span,
            StructureStyle::Flow => {
                let after = self.text.get(end.start as usize..).unwrap_or_default();
                let bracket = usize::from(after.starts_with([']', '}']));
                span.to(self.span(end.start as usize, end.start as usize + bracket))
            }
        }
    }
}
