//! Elements and text -> XML, which HTML readers understand as well. The only place where a text of the manifest becomes
//! markup.

use crate::text::plain;
use std::fmt::Display;

/// Elements and text, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Markup {
    text: String,
}

/// An element under construction.
#[derive(Clone, Debug)]
pub(crate) struct Element {
    name: &'static str,
    attributes: String,
    contents: Markup,
}

impl Markup {
    /// Adds an element on a line of its own.
    pub(crate) fn line(&mut self, element: Element) {
        self.push(element);
        self.text.push('\n');
    }

    /// Adds an element.
    pub(crate) fn push(&mut self, element: Element) {
        let Element {
            name,
            attributes,
            contents,
        } = element;
        // HTML has elements without an end and others that must have one, XML leaves the choice.
        let is_void = matches!(name, "meta" | "input" | "path" | "rect" | "circle" | "use");
        let end = if is_void {
            "/>".to_owned()
        } else {
            format!(">{}</{name}>", contents.text)
        };
        self.text += &format!("<{name}{attributes}{end}");
    }

    /// Adds a line break.
    pub(crate) fn end_line(&mut self) {
        self.text.push('\n');
    }

    /// What was added.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

impl Element {
    /// An element without attributes and contents.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            attributes: String::new(),
            contents: Markup::default(),
        }
    }

    /// With an attribute.
    pub(crate) fn with(mut self, name: &str, value: impl Display) -> Self {
        self.attributes += &format!(" {name}=\"{}\"", escaped(&value.to_string()));
        self
    }

    /// With a text in it.
    pub(crate) fn text(mut self, text: &str) -> Self {
        self.contents.text += &escaped(text);
        self
    }

    /// With an element in it.
    pub(crate) fn inside(mut self, element: Self) -> Self {
        self.contents.push(element);
        self
    }

    /// With all of these in it.
    pub(crate) fn all(mut self, markup: Markup) -> Self {
        self.contents.text += &markup.text;
        self
    }

    /// With a program or a style sheet in it, which is one of our own files or holds no `<`: neither is escaped.
    pub(crate) fn raw(mut self, text: &str) -> Self {
        self.contents.text += text;
        self
    }
}

/// See <https://www.w3.org/TR/xml/#syntax>; the quotes are for attributes.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => escaped += "&amp;",
            '<' => escaped += "&lt;",
            '>' => escaped += "&gt;",
            '"' => escaped += "&quot;",
            '\'' => escaped += "&#39;",
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Element, Markup};

    #[test]
    fn no_text_becomes_markup() {
        let hostile = "</script><!--\"' onload=x-->&amp;\u{1b}]0;";
        let mut markup = Markup::default();
        markup.push(Element::new("text").with("class", hostile).text(hostile));
        let escaped = "&lt;/script&gt;&lt;!--&quot;&#39; onload=x--&gt;&amp;amp;\u{fffd}]0;";
        assert_eq!(
            markup.into_text(),
            format!("<text class=\"{escaped}\">{escaped}</text>")
        );
    }
}
