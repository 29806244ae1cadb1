//! Tree -> AST: what is common to all nouns. One file per noun below.
//!
//! A fault is reported once, where it stands: a value that was reported becomes [`Field::Broken`], a mapping that
//! lost a key asks for no required one, and a key that is nearly right breaks the one that was meant.

use crate::ast::{Field, Table};
use crate::reference::{self, Places};
use crate::yaml::Marks;
use exoc_diagnostics::{
    Diagnostic, Failed, Key, Kind, Map, Member, Node, Scalar, Sink, Span, Spanned, VirtualPath, codes,
    did_you_mean, nearest,
};
use keys::{Hint, Keys};
use std::borrow::Cow;

pub(crate) mod application;
mod command;
pub(crate) mod dependency;
mod development;
mod echo;
mod environment;
mod file;
mod foreign;
mod habit;
mod health;
mod image;
pub(crate) use development::OwnFile;
pub(crate) use image::join;
mod job;
pub(crate) mod keys;
mod port;
mod quantity;
mod route;
mod service;
mod value;
mod volume;

/// What a place wants, for messages.
#[derive(Clone, Debug)]
pub(crate) struct Want {
    /// The place, with its key in backquotes.
    pub(crate) what: Cow<'static, str>,
    /// What it takes, with an article.
    pub(crate) kind: &'static str,
    /// A line that is right.
    pub(crate) example: Cow<'static, str>,
}

impl Want {
    /// The value of `key`.
    pub(crate) fn key(key: &str, kind: &'static str, example: &'static str) -> Self {
        Self {
            what: format!("`{key}`").into(),
            kind,
            example: example.into(),
        }
    }

    /// One of the items of the list under `key`.
    pub(crate) fn item(key: &str, kind: &'static str, example: &'static str) -> Self {
        Self {
            what: format!("an item of `{key}`").into(),
            kind,
            example: example.into(),
        }
    }
}

/// Binds the trees of one file.
pub(crate) struct Binder<'a> {
    /// The file's text.
    pub(crate) text: &'a str,
    /// What was reported while the tree was read.
    pub(crate) marks: &'a Marks,
    /// Where faults go.
    pub(crate) sink: &'a mut Sink,
    /// The folder that paths of the file are relative to.
    pub(crate) folder: VirtualPath,
}

/// The members of a mapping whose keys were checked.
pub(crate) struct Fields<'n> {
    map: &'n Map,
    /// The mapping.
    pub(crate) span: Span,
    meant: Vec<(&'static str, Failed)>,
    /// Some key was reported, so a required one may be it.
    lost: Option<Failed>,
    /// Members were dropped while the file was read; each absent key may be one of them.
    incomplete: Option<Failed>,
}

impl Binder<'_> {
    /// The members of a mapping; reports whatever is none, and each key that `keys` does not have.
    pub(crate) fn open<'n>(
        &mut self,
        node: &'n Node,
        keys: &Keys,
        want: &Want,
    ) -> Result<Fields<'n>, Failed> {
        let Kind::Map(map) = &node.kind else {
            return Err(self.wrong_type(node, want));
        };
        let mut fields = Fields {
            map,
            span: node.span,
            meant: Vec::new(),
            lost: self.marks.incomplete(node),
            incomplete: self.marks.incomplete(node),
        };
        for Member { key, value } in &map.members {
            if keys.built.contains(&&*key.name) {
                continue;
            }
            let failed = match habit::misplaced(key, value, keys) {
                Some(diagnostic) => self.sink.error(diagnostic),
                None => self.unknown_key(key, value, keys),
            };
            fields.lost = Some(failed);
            let name = &*key.name;
            let known = keys.hint(name).is_some() || keys.later.contains(&name);
            let near = nearest(name, keys.built.iter().copied()).filter(|_| !known);
            for meant in keys
                .built
                .iter()
                .filter(|built| near == Some(**built) || keys::meant_by(name).contains(*built))
            {
                fields.meant.push((meant, failed));
            }
        }
        Ok(fields)
    }

    fn unknown_key(&mut self, key: &Key, value: &Node, keys: &Keys) -> Failed {
        if value.as_scalar().is_some() && matches!(&*key.name, "value" | "default") {
            self.sink.redact(value.span);
        }
        self.hide(&key.name, value);
        let (noun, built, later) = (keys.noun, keys.built, keys.later);
        let name = &*key.name;
        if later.contains(&name) {
            return self.not_built(key.span, &format!("`{name}`"), keys::later_help(name));
        }
        let diagnostic = match keys.hint(name) {
            Some(Hint::Foreign(origin, help)) => Diagnostic::new(
                codes::FOREIGN_KEY,
                format!("`{name}` is a key of {origin}, not of {noun}"),
            )
            .at(key.span, format!("belongs to {origin}"))
            .help(keys::in_own_words(name, value, keys, help)),
            Some(Hint::Elsewhere(help)) => {
                Diagnostic::new(codes::UNKNOWN_KEY, format!("{noun} has no key `{name}`"))
                    .at(key.span, "does not belong here")
                    .help(keys::in_own_words(name, value, keys, help))
            }
            None => {
                let near = did_you_mean(name, built.iter().chain(later).copied());
                let all = || match built {
                    _ if name.starts_with("//") => "a comment begins with `#`".to_owned(),
                    _ if name.contains(' ') && value.is_null() => {
                        "between braces a comma ends a text: quotes around the text keep it whole".to_owned()
                    }
                    [only] => format!("{noun} has only the key `{only}`"),
                    several => format!("{noun} has the keys {}", list_words(several)),
                };
                Diagnostic::new(codes::UNKNOWN_KEY, format!("{noun} has no key `{name}`"))
                    .at(key.span, "unknown key")
                    .help(near.unwrap_or_else(all))
            }
        };
        self.sink.error(diagnostic)
    }

    /// Hides from excerpts what may be a secret in a value that nobody reads: no check of credentials looks at it.
    pub(crate) fn hide(&mut self, name: &str, value: &Node) {
        match &value.kind {
            Kind::Scalar(scalar) => {
                let assigned = scalar.text.split_once('=').map_or("", |(name, _)| name);
                let secretive = reference::is_secretive(name) || reference::is_secretive(assigned);
                if secretive && !scalar.text.contains("${") && !scalar.text.is_empty() {
                    self.sink.redact(value.span);
                }
            }
            Kind::List(items) => {
                for item in items {
                    self.hide(name, item);
                }
            }
            Kind::Map(map) => {
                // Kubernetes writes the name of a variable beside its value.
                let named = value.get("name").and_then(Node::as_text).unwrap_or_default();
                for Member { key, value } in &map.members {
                    let name = if &*key.name == "value" { named } else { &*key.name };
                    self.hide(name, value);
                }
            }
        }
    }

    /// Reports a part of the language that this version does not build.
    pub(crate) fn not_built(&mut self, span: Span, what: &str, help: Option<&str>) -> Failed {
        let help =
            help.unwrap_or("remove it to build the rest; nothing of the language is ignored in silence");
        self.sink.error(
            Diagnostic::new(codes::NOT_BUILT_YET, format!("{what} is not built yet"))
                .at(span, "part of the language, not of this version of exoc")
                .help(help.to_owned()),
        )
    }

    /// Reports a value of the wrong type.
    pub(crate) fn wrong_type(&mut self, node: &Node, want: &Want) -> Failed {
        if let Some(failed) = self.marks.broken(node) {
            return failed;
        }
        self.hide("", node);
        let Want { what, kind, example } = want;
        let found = node.describe();
        let help = match habit::instead(what, node) {
            Some(line) => format!("write `{line}`"),
            None => format!("write for example `{example}`"),
        };
        self.sink.error(
            Diagnostic::new(codes::WRONG_TYPE, format!("{what} takes {kind}, not {found}"))
                .at(node.span, format!("this is {found}"))
                .help(help),
        )
    }

    /// Refuses a text that is a key and a value without a space between them.
    pub(crate) fn unglued(&mut self, text: &Spanned<String>, keys: &Keys) -> Result<(), Failed> {
        let Some(line) = habit::glued(&text.value, keys) else {
            return Ok(());
        };
        let length = line.len() - 1;
        let span = if self.raw(text.span).starts_with(['"', '\'']) {
            text.span
        } else {
            text.span.part(0, length)
        };
        let shown = line.replacen(": ", ":", 1);
        Err(self.sink.error(
            Diagnostic::new(
                codes::MALFORMED,
                format!("`{shown}` is one text, not a key and its value"),
            )
            .at(span, "no space behind the `:`")
            .help(format!("write `{line}`")),
        ))
    }

    /// Reports keys that stand among the names of what they belong to.
    pub(crate) fn outdented(
        &mut self,
        fields: &Fields<'_>,
        of: &str,
        keys: &Keys,
    ) -> Option<(Failed, Vec<Span>)> {
        let map = fields.get(of)?.value.as_map()?;
        let (owner, lost) = habit::outdented(map, keys)?;
        let (first, others) = lost.split_first()?;
        let (key, name) = (&first.name, &owner.name);
        let mut diagnostic = Diagnostic::new(
            codes::UNKNOWN_KEY,
            format!("the key `{key}` stands beside `{name}`, and not below it"),
        )
        .at(first.span, format!("among the names of `{of}`"))
        .also(owner.span, "nothing stands below this");
        for other in others {
            diagnostic = diagnostic.also(other.span, "so does this");
        }
        let help = format!("indent it by two spaces more than `{name}`");
        let spans = lost.iter().map(|key| key.span).collect();
        Some((self.sink.error(diagnostic.help(help)), spans))
    }

    /// The scalar that `node` is.
    pub(crate) fn scalar<'n>(&mut self, node: &'n Node, want: &Want) -> Result<&'n Scalar, Failed> {
        if let Some(failed) = self.marks.broken(node) {
            return Err(failed);
        }
        match node.as_scalar() {
            Some(scalar) => Ok(scalar),
            None => Err(self.wrong_type(node, want)),
        }
    }

    /// Binds the value of a key.
    pub(crate) fn field<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &'static str,
        bind: impl FnOnce(&mut Self, &Node) -> Result<T, Failed>,
    ) -> Field<T> {
        match fields.map.get(key) {
            Some(member) => self.value(member, bind),
            None => fields.meant(key).map_or(Field::Absent, Field::Broken),
        }
    }

    fn value<T>(
        &mut self,
        member: &Member,
        bind: impl FnOnce(&mut Self, &Node) -> Result<T, Failed>,
    ) -> Field<T> {
        if let Some(failed) = self.marks.broken(&member.value) {
            return Field::Broken(failed);
        }
        if member.value.is_null() {
            return Field::Removed(member.value.span);
        }
        match bind(self, &member.value) {
            Ok(value) => Field::Set(value),
            Err(failed) => Field::Broken(failed),
        }
    }

    /// Binds a mapping whose keys are names.
    pub(crate) fn table<T>(
        &mut self,
        fields: &Fields<'_>,
        key: &'static str,
        want: &Want,
        mut bind: impl FnMut(&mut Self, &Key, &Node) -> Result<T, Failed>,
    ) -> Table<T> {
        let Some(member) = fields.map.get(key) else {
            return Table::new();
        };
        self.entries(member, want, &mut bind)
    }

    /// The proof that the mapping under `key` was reported as a whole, so that its names are not known.
    pub(crate) fn lost(&self, fields: &Fields<'_>, key: &str) -> Option<Failed> {
        let Some(member) = fields.map.get(key) else {
            return fields.meant(key);
        };
        let marked = self
            .marks
            .broken(&member.value)
            .or_else(|| self.marks.incomplete(&member.value));
        let mapping = member.value.is_null() || member.value.as_map().is_some();
        marked.or_else(|| self.sink.checkpoint().err().filter(|_| !mapping))
    }

    fn entries<T>(
        &mut self,
        member: &Member,
        want: &Want,
        bind: &mut dyn FnMut(&mut Self, &Key, &Node) -> Result<T, Failed>,
    ) -> Table<T> {
        let mut table = Table::new();
        if self.marks.broken(&member.value).is_some() {
            return table;
        }
        if member.value.is_null() {
            table.cleared = Some(member.value.span);
            return table;
        }
        let Kind::Map(map) = &member.value.kind else {
            self.wrong_type(&member.value, want);
            return table;
        };
        for member in &map.members {
            let name = &*member.key.name;
            let places = Places::new(name, self.raw(member.key.span), member.key.span);
            if reference::refuse(name, "a key", places, self.sink).is_err() {
                continue;
            }
            let value = self.value(member, |binder, node| bind(binder, &member.key, node));
            table.insert(Spanned::new(name.to_owned(), member.key.span), value);
        }
        table
    }

    /// Reports a required key that a mapping lacks, unless the mapping lost a key that was reported.
    pub(crate) fn required(&mut self, fields: &Fields<'_>, key: &str, of: &str, help: &str) -> Failed {
        match fields.lost {
            Some(failed) => failed,
            None => self.missing(fields.span, key, of, help),
        }
    }

    /// Reports that the mapping at `span` lacks `key`.
    pub(crate) fn missing(&mut self, span: Span, key: &str, of: &str, help: &str) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::MISSING_KEY, format!("{of} has no `{key}`"))
                .at(span, format!("`{key}` is required"))
                .help(help.to_owned()),
        )
    }
}

impl<'a> Binder<'a> {
    /// The source under a span.
    pub(crate) fn raw(&self, span: Span) -> &'a str {
        let text: &'a str = self.text;
        text.get(span.range()).unwrap_or_default()
    }
}

impl<'n> Fields<'n> {
    /// The member with this key.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Member> {
        self.map.get(key)
    }

    /// The proof that `key` was meant by another key that was reported.
    fn meant(&self, key: &str) -> Option<Failed> {
        let meant = self
            .meant
            .iter()
            .find(|(meant, _)| *meant == key)
            .map(|(_, failed)| *failed);
        meant.or(self.incomplete)
    }
}

/// Words in backquotes, with commas and `and`.
pub(crate) fn list_words(words: &[&str]) -> String {
    let mut text = String::new();
    for (at, word) in words.iter().enumerate() {
        let joint = match words.len() - at {
            _ if at == 0 => "",
            1 => " and ",
            _ => ", ",
        };
        text.push_str(joint);
        text.push('`');
        text.push_str(word);
        text.push('`');
    }
    text
}
