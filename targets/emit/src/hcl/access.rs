//! Reading and changing a tree that is built already: for what is decided after its builder has run. Knows where in a
//! body an attribute or a block belongs, and not what it means.

use super::body::{Block, Body, Item};
use super::expression::{Expression, Key, KeyNode, Node, Object};
use super::lexical::Identifier;

/// What comes last in a block: how Terraform treats it, not what it is.
const LAST: [&str; 2] = ["lifecycle", "depends_on"];

impl Body {
    /// The names of its attributes and blocks, in order, those of equal blocks once.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for name in self.items.iter().filter_map(Item::name) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The value of an attribute.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&Expression> {
        self.items.iter().find_map(|item| match item {
            Item::Attribute {
                name: found, value, ..
            } if found.as_str() == name => Some(value),
            Item::Attribute { .. } | Item::Block(_) | Item::Comment(_) | Item::Blank => None,
        })
    }

    /// The value of an attribute, to change it.
    pub fn attribute_mut(&mut self, name: &str) -> Option<&mut Expression> {
        self.items.iter_mut().find_map(|item| match item {
            Item::Attribute {
                name: found, value, ..
            } if found.as_str() == name => Some(value),
            Item::Attribute { .. } | Item::Block(_) | Item::Comment(_) | Item::Blank => None,
        })
    }

    /// The blocks of a type, in order.
    pub fn blocks<'b>(&'b self, kind: &str) -> impl Iterator<Item = &'b Block> {
        self.items.iter().filter_map(move |item| match item {
            Item::Block(block) if block.kind.as_str() == kind => Some(block),
            Item::Block(_) | Item::Attribute { .. } | Item::Comment(_) | Item::Blank => None,
        })
    }

    /// The blocks of a type, in order, to change them.
    pub fn blocks_mut<'b>(&'b mut self, kind: &str) -> impl Iterator<Item = &'b mut Block> {
        self.items.iter_mut().filter_map(move |item| match item {
            Item::Block(block) if block.kind.as_str() == kind => Some(block),
            Item::Block(_) | Item::Attribute { .. } | Item::Comment(_) | Item::Blank => None,
        })
    }

    /// All blocks, in order, to change them.
    pub fn all_blocks_mut(&mut self) -> impl Iterator<Item = &mut Block> {
        self.items.iter_mut().filter_map(|item| match item {
            Item::Block(block) => Some(block),
            Item::Attribute { .. } | Item::Comment(_) | Item::Blank => None,
        })
    }

    /// Adds an attribute where attributes stand: above the first block, and above what comes last.
    pub fn insert_attribute(&mut self, name: &str, value: impl Into<Expression>) {
        let before = |item: &Item| match item {
            Item::Block(_) => true,
            Item::Attribute { name, .. } => LAST.contains(&name.as_str()),
            Item::Comment(_) | Item::Blank => false,
        };
        let place = self.above(self.items.iter().position(before));
        self.items.insert(
            place,
            Item::Attribute {
                name: Identifier::sanitized(name),
                value: value.into(),
                comment: None,
            },
        );
    }

    /// Adds a block behind the last of its type, or else at the end, above what comes last.
    pub fn insert_block(&mut self, block: Block) {
        let kind = block.kind.clone();
        let same = |item: &Item| matches!(item, Item::Block(Block { kind: found, .. }) if *found == kind);
        let place = match self.items.iter().rposition(same) {
            Some(last) => last + 1,
            None => {
                let is_last = |item: &Item| item.name().is_some_and(|name| LAST.contains(&name));
                self.above(self.items.iter().position(is_last))
            }
        };
        self.items.insert(place, Item::Block(block));
    }

    /// Puts blocks where all of their type stood.
    pub fn replace_blocks(&mut self, kind: &str, blocks: Vec<Block>) {
        let is_old = |item: &Item| matches!(item, Item::Block(block) if block.kind.as_str() == kind);
        let Some(first) = self.items.iter().position(is_old) else {
            return;
        };
        // What stands before the first is none of them, so that its place stays.
        self.items.retain(|item| !is_old(item));
        self.items
            .splice(first..first, blocks.into_iter().map(Item::Block));
    }

    /// Puts a comment above an attribute, or above one of the blocks of a type, below the comments that it has.
    pub fn comment_on(&mut self, name: &str, which: usize, text: impl Into<String>) {
        let mut named = self.items.iter().enumerate();
        let mut named = named.by_ref().filter(|(_, item)| item.name() == Some(name));
        if let Some((place, _)) = named.nth(which) {
            self.items.insert(place, Item::Comment(text.into()));
        }
    }

    /// The place above an item and its comments; the end for none.
    fn above(&self, item: Option<usize>) -> usize {
        let Some(item) = item else {
            return self.items.len();
        };
        let before = self.items.get(..item).unwrap_or_default();
        let own = before.iter().rev();
        let own = own.take_while(|item| matches!(item, Item::Comment(_) | Item::Blank));
        item - own.count()
    }
}

impl Item {
    /// Its name, if it has one.
    fn name(&self) -> Option<&str> {
        match self {
            Self::Attribute { name, .. } => Some(name.as_str()),
            Self::Block(block) => Some(block.kind.as_str()),
            Self::Comment(_) | Self::Blank => None,
        }
    }
}

impl Block {
    /// What it holds.
    #[must_use]
    pub const fn body(&self) -> &Body {
        &self.body
    }

    /// What it holds, to change it.
    pub const fn body_mut(&mut self) -> &mut Body {
        &mut self.body
    }
}

impl Expression {
    /// The text, if it is a literal one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Node::Text(text) = &self.0 {
            Some(text)
        } else {
            None
        }
    }

    /// The items, if it is a list that is written down.
    pub const fn as_list_mut(&mut self) -> Option<&mut Vec<Self>> {
        if let Node::List(items) = &mut self.0 {
            Some(items)
        } else {
            None
        }
    }

    /// The object, if it is one that is written down.
    #[must_use]
    pub const fn as_object(&self) -> Option<&Object> {
        if let Node::Object(object) = &self.0 {
            Some(object)
        } else {
            None
        }
    }

    /// The object, to change it.
    pub const fn as_object_mut(&mut self) -> Option<&mut Object> {
        if let Node::Object(object) = &mut self.0 {
            Some(object)
        } else {
            None
        }
    }

    /// The only argument, if it is a call of this function with one, to change it.
    pub fn argument_mut(&mut self, function: &str) -> Option<&mut Self> {
        if let Node::Call { name, arguments, .. } = &mut self.0
            && name == function
            && let [only] = arguments.as_mut_slice()
        {
            Some(only)
        } else {
            None
        }
    }

    /// What kind of thing it is, with an article.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match &self.0 {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Number(_) => "a number",
            Node::Text(_) => "a text",
            Node::List(_) => "a list",
            Node::Object(_) => "a mapping",
            Node::Template(_)
            | Node::Path(_)
            | Node::Attribute(..)
            | Node::Index(..)
            | Node::Splat(_)
            | Node::Call { .. }
            | Node::Unary(..)
            | Node::Binary(..)
            | Node::Conditional { .. }
            | Node::For(_) => "an expression",
        }
    }
}

impl Object {
    /// The names of its entries, in order; those that are computed have none.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().filter_map(|(key, _)| key.name())
    }

    /// The value of an entry.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Expression> {
        let mut entries = self.entries.iter();
        entries
            .find(|(key, _)| key.name() == Some(name))
            .map(|(_, value)| value)
    }

    /// The value of an entry, to change it.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Expression> {
        let mut entries = self.entries.iter_mut();
        entries
            .find(|(key, _)| key.name() == Some(name))
            .map(|(_, value)| value)
    }
}

impl Key {
    fn name(&self) -> Option<&str> {
        match &self.0 {
            KeyNode::Name(name) => Some(name),
            KeyNode::Computed(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::hcl::{Body, Expression, NULL, block, jsonencode, list, object, reference, text};

    fn service() -> Body {
        Body::new()
            .attr("name", "api")
            .attr("count", 2)
            .comment("Where it listens.")
            .block("port", |body| body.attr("number", 80))
            .block("port", |body| body.attr("number", 81))
            .attr("rest", true)
            .comment("Last.")
            .attr("depends_on", list([reference(["a", "b"])]))
    }

    #[test]
    fn an_attribute_is_added_above_the_blocks_and_their_comments() {
        let mut body = service();
        body.insert_attribute("memory", 5);
        let text = body.print();
        assert!(
            text.contains("\nmemory = 5\n\n# Where it listens.\nport {"),
            "{text}"
        );
        let mut body = Body::new().attr("a", 1);
        body.insert_attribute("b", 2);
        assert_eq!(body.print(), "a = 1\nb = 2\n");
        let mut body = Body::new().comment("Why.").attr("depends_on", list([1]));
        body.insert_attribute("b", 2);
        assert_eq!(body.print(), "b = 2\n\n# Why.\ndepends_on = [1]\n");
    }

    #[test]
    fn a_block_is_added_behind_its_like_or_above_what_comes_last() {
        let mut body = service();
        body.insert_block(block("port", []).attr("number", 82));
        body.insert_block(block("check", []).attr("path", "/"));
        let text = body.print();
        assert!(
            text.contains("number = 81\n}\n\nport {\n  number = 82\n}\n\nrest"),
            "{text}"
        );
        assert!(
            text.contains("rest = true\n\ncheck {\n  path = \"/\"\n}\n\n# Last.\n"),
            "{text}"
        );
    }

    #[test]
    fn blocks_are_replaced_where_the_first_stood() {
        let mut body = service();
        body.replace_blocks("port", vec![block("port", []).attr("number", 1)]);
        body.replace_blocks("none", vec![block("none", [])]);
        let text = body.print();
        assert!(
            text.contains("# Where it listens.\nport {\n  number = 1\n}\n\nrest"),
            "{text}"
        );
        assert_eq!(text.matches("port {").count(), 1);
        assert!(!text.contains("none"));
    }

    #[test]
    fn a_comment_stands_above_what_it_is_about() {
        let mut body = service();
        body.comment_on("count", 0, "Two.");
        body.comment_on("port", 1, "The other.");
        body.comment_on("port", 2, "Nobody.");
        let text = body.print();
        assert!(text.contains("# Two.\ncount"), "{text}");
        assert!(text.contains("\n\n# The other.\nport {\n  number = 81"), "{text}");
        assert!(!text.contains("Nobody"));
    }

    #[test]
    fn values_are_found_and_changed_in_place() {
        let mut body = service();
        assert_eq!(body.names(), ["name", "count", "port", "rest", "depends_on"]);
        if let Some(value) = body.attribute_mut("name") {
            *value = jsonencode(object([("a", list(["b"]))]));
        }
        let inner = body
            .attribute_mut("name")
            .and_then(|value| value.argument_mut("jsonencode"));
        let object = inner.and_then(Expression::as_object_mut).unwrap();
        assert_eq!(object.names().collect::<Vec<_>>(), ["a"]);
        object
            .get_mut("a")
            .unwrap()
            .as_list_mut()
            .unwrap()
            .push(text("c"));
        let printed = body.print();
        assert!(
            printed.contains("name = jsonencode({\n  a = [\"b\", \"c\"]\n})"),
            "{printed}"
        );
        assert_eq!(body.blocks("port").count(), 2);
        let mut ports = body.blocks_mut("port");
        *ports.nth(1).unwrap().body_mut() = Body::new().attr("number", NULL);
        drop(ports);
        assert!(body.print().contains("number = null"));
        assert_eq!(
            body.attribute("rest").map(Expression::describe),
            Some("a boolean")
        );
        assert_eq!(reference(["a", "b"]).describe(), "an expression");
    }
}
