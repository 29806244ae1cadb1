//! Walking into a printed block and changing what is there, with the schema beside it: a step leads into a nested block,
//! an attribute or a document inside of one. Knows no spans; a block that a change does not fit is not to be kept.

use super::schema::{Form, Member, Need, Schema, Shape, member, shape};
use super::value::{blocks, body, expression, form, kept, misfits, unknown};
use exoc_diagnostics::{Key, Kind, Map, Member as Written, Node};
use exoc_emit::hcl::{Block, Body, Expression, block};
use exoc_emit::patch::path::{Step, To};
use exoc_emit::patch::{Act, Fault, Misfit};
use serde_json::Value;
use std::collections::BTreeSet;

/// The function whose argument a document is.
const DOCUMENT: &str = "jsonencode";

/// A change to be made.
pub(super) struct Put<'a> {
    pub(super) schema: &'a Schema,
    /// `resource` or `data`.
    pub(super) block: &'a str,
    /// The type of the resource.
    pub(super) kind: &'a str,
    /// What the provider takes in it.
    pub(super) of: &'a Value,
    pub(super) steps: &'a [Step],
    pub(super) act: Act,
    pub(super) value: &'a Node,
}

/// What was done.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// The keys and places that the path leads through.
    pub(super) pointer: Vec<String>,
    /// The attribute or block that a comment can stand above, behind the blocks that it stands in: names, and which of
    /// those with the same name.
    pub(super) mark: Vec<(String, usize)>,
    /// What does not fit.
    pub(super) misfits: BTreeSet<Misfit>,
}

impl Put<'_> {
    /// Puts the value at the end of the path. What is missing on the way to an added value is made.
    ///
    /// # Errors
    ///
    /// If the path leads nowhere, or the act does not suit what is there. The block may be changed then.
    pub(super) fn place(&self, root: &mut Block) -> Result<Placed, Fault> {
        let mut walk = Walk {
            put: self,
            placed: Placed::default(),
        };
        walk.body(root.body_mut(), Shape::Members(self.of), 0)?;
        Ok(walk.placed)
    }
}

/// Puts a comment where a change was made; nowhere if a later one took that away.
pub(super) fn comment(root: &mut Block, mark: &[(String, usize)], text: &str) {
    let Some(((name, which), outer)) = mark.split_last() else {
        return;
    };
    let mut inner = Some(root.body_mut());
    for (name, which) in outer {
        inner = inner.and_then(|body| body.blocks_mut(name).nth(*which).map(Block::body_mut));
    }
    if let Some(body) = inner {
        body.comment_on(name, *which, text);
    }
}

struct Walk<'a> {
    put: &'a Put<'a>,
    placed: Placed,
}

type Walked = Result<(), Fault>;

impl<'a> Walk<'a> {
    fn is_last(&self, step: usize) -> bool {
        step + 1 == self.put.steps.len()
    }

    /// The name at a step into a mapping.
    fn key(&self, step: usize) -> Result<&'a str, Fault> {
        match self.put.steps.get(step).map(|step| &step.to) {
            Some(To::Key(key)) => Ok(key),
            Some(To::Index(_) | To::Item { .. }) | None => Err(Fault::WrongShape {
                step,
                is: "a mapping",
            }),
        }
    }

    fn misfit(&mut self, misfit: Misfit) -> Walked {
        self.placed.misfits.insert(misfit);
        Ok(())
    }

    fn check(&mut self, node: &Node, of: Shape<'_>) {
        misfits(node, of, &self.placed.pointer, &mut self.placed.misfits);
    }

    /// A step into a block.
    fn body(&mut self, inside: &mut Body, of: Shape<'a>, step: usize) -> Walked {
        let name = self.key(step)?;
        let known = match of {
            Shape::Members(of) if step == 0 => self.put.schema.top(self.put.block, of, name),
            Shape::Members(of) => member(of, name),
            Shape::Text
            | Shape::Number
            | Shape::Bool
            | Shape::Word(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Several(_)
            | Shape::Any => {
                let (form, shape) = form(of, name, self.put.value);
                let is_block = form == Form::Block || inside.blocks(name).next().is_some();
                Some(Member {
                    shape,
                    form: if is_block || !self.is_last(step) {
                        Form::Block
                    } else {
                        Form::Attribute
                    },
                    need: Need::Optional,
                })
            }
        };
        let present = inside.names().contains(&name);
        match known {
            None if self.put.act == Act::Replace && !present => Err(absent(inside.names(), step)),
            None => {
                let unknown = match of {
                    Shape::Members(of) => unknown(of, name, &self.placed.pointer),
                    Shape::Text
                    | Shape::Number
                    | Shape::Bool
                    | Shape::Word(_)
                    | Shape::List(_)
                    | Shape::Map(_)
                    | Shape::Several(_)
                    | Shape::Any => return Err(absent(inside.names(), step)),
                };
                self.misfit(unknown)
            }
            Some(Member {
                need: Need::Kept(why),
                ..
            }) => {
                self.placed.pointer.push(name.to_owned());
                let at = self.placed.pointer.clone();
                self.misfit(kept(why, &at))
            }
            Some(_) if !present && self.put.act == Act::Replace => Err(absent(inside.names(), step)),
            Some(_) if present && self.put.act == Act::Set && self.is_last(step) => Err(Fault::Present),
            Some(found) => {
                self.placed.pointer.push(name.to_owned());
                match found.form {
                    Form::Attribute => self.attribute(inside, name, found, step),
                    Form::Block => self.blocks(inside, name, found.shape, step),
                }
            }
        }
    }

    /// A step to an attribute.
    fn attribute(&mut self, inside: &mut Body, name: &str, found: Member<'a>, step: usize) -> Walked {
        self.placed.mark.push((name.to_owned(), 0));
        let Some(value) = inside.attribute_mut(name) else {
            let made = self.wrapped(step + 1)?;
            self.check(&made, found.shape);
            self.lead(step + 1);
            inside.insert_attribute(name, expression(&made));
            return Ok(());
        };
        if !self.is_last(step) {
            let of = if step == 0 && matches!(found.shape, Shape::Text) {
                self.put.schema.document(self.put.kind, name)
            } else {
                found.shape
            };
            return self.value(value, of, step + 1);
        }
        // What Terraform is told as `null` is as if it were not there.
        if !(self.put.value.is_null() && found.need == Need::Optional) {
            self.check(self.put.value, found.shape);
        }
        *value = expression(self.put.value);
        Ok(())
    }

    /// A step to the blocks of a type.
    fn blocks(&mut self, inside: &mut Body, name: &str, of: Shape<'a>, step: usize) -> Walked {
        let several = matches!(of, Shape::Several(_));
        let count = inside.blocks(name).count();
        if count == 0 {
            let made = self.wrapped(step + 1)?;
            self.check(&made, of);
            self.placed.mark.push((name.to_owned(), 0));
            self.lead(step + 1);
            for made in blocks(name, &made, of) {
                inside.insert_block(made);
            }
            return Ok(());
        }
        if self.is_last(step) {
            self.check(self.put.value, of);
            self.placed.mark.push((name.to_owned(), 0));
            inside.replace_blocks(name, blocks(name, self.put.value, of));
            return Ok(());
        }
        if !several {
            self.placed.mark.push((name.to_owned(), 0));
            let only = inside.blocks_mut(name).next();
            return only.map_or(Ok(()), |block| self.body(block.body_mut(), of, step + 1));
        }
        let of = match of {
            Shape::Several(of) => Shape::Members(of),
            Shape::Text
            | Shape::Number
            | Shape::Bool
            | Shape::Word(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Members(_)
            | Shape::Any => of,
        };
        let step = step + 1;
        let matches_text = |block: &Block, key: &str, text: &str| {
            block.body().attribute(key).and_then(Expression::as_text) == Some(text)
        };
        let has = |index: usize, key: &str, text: &str| {
            let block = inside.blocks(name).nth(index);
            block.is_some_and(|block| matches_text(block, key, text))
        };
        let index = self.index(step, count, &has)?;
        self.placed.pointer.push(index.to_string());
        self.placed.mark.push((name.to_owned(), index));
        let last = self.is_last(step);
        let Some(found) = inside.blocks_mut(name).nth(index) else {
            self.check(self.put.value, of);
            inside.insert_block(block(name, []).map(|_| body(self.put.value, of)));
            return Ok(());
        };
        if last {
            self.check(self.put.value, of);
            *found.body_mut() = body(self.put.value, of);
            return Ok(());
        }
        self.body(found.body_mut(), of, step + 1)
    }

    /// Which item a step leads to; the place behind the last for one that is added.
    fn index(
        &self,
        step: usize,
        length: usize,
        has: &dyn Fn(usize, &str, &str) -> bool,
    ) -> Result<usize, Fault> {
        let index = match self.put.steps.get(step).map(|step| &step.to) {
            Some(To::Index(index)) => *index,
            Some(To::Item { key, text }) => {
                let found: Vec<usize> = (0..length).filter(|index| has(*index, key, text)).collect();
                match found.as_slice() {
                    [only] => *only,
                    _ => {
                        return Err(Fault::NoItem {
                            step,
                            found: found.len(),
                        });
                    }
                }
            }
            Some(To::Key(_)) | None => return Err(Fault::WrongShape { step, is: "a list" }),
        };
        let set = self.put.act == Act::Set;
        if index < length {
            if self.is_last(step) && set {
                return Err(Fault::Present);
            }
        } else if !(index == length && set && self.is_last(step)) {
            return Err(Fault::NoIndex { step, length });
        }
        Ok(index)
    }

    /// A step into the value of an attribute.
    fn value(&mut self, at: &mut Expression, of: Shape<'a>, step: usize) -> Walked {
        if at.argument_mut(DOCUMENT).is_some() {
            let document = at.argument_mut(DOCUMENT);
            return document.map_or(Ok(()), |document| self.value(document, of, step));
        }
        let is = at.describe();
        match self.put.steps.get(step).map(|step| &step.to) {
            None => {
                self.check(self.put.value, of);
                *at = expression(self.put.value);
                Ok(())
            }
            Some(To::Key(name)) => self.entry(at, of, name, step),
            Some(To::Index(_) | To::Item { .. }) => {
                let Some(items) = at.as_list_mut() else {
                    return Err(misshapen(is, step));
                };
                let has = |index: usize, key: &str, text: &str| {
                    let object = items.get(index).and_then(Expression::as_object);
                    object.and_then(|object| object.get(key)?.as_text()) == Some(text)
                };
                let index = self.index(step, items.len(), &has)?;
                self.placed.pointer.push(index.to_string());
                let inner = match of {
                    Shape::Several(of) => Shape::Members(of),
                    Shape::List(word) => shape(word),
                    Shape::Text
                    | Shape::Number
                    | Shape::Bool
                    | Shape::Word(_)
                    | Shape::Map(_)
                    | Shape::Members(_)
                    | Shape::Any => Shape::Any,
                };
                match items.get_mut(index) {
                    Some(item) => self.value(item, inner, step + 1),
                    None => {
                        self.check(self.put.value, inner);
                        items.push(expression(self.put.value));
                        Ok(())
                    }
                }
            }
        }
    }

    /// A step to an entry of an object.
    fn entry(&mut self, at: &mut Expression, of: Shape<'a>, name: &str, step: usize) -> Walked {
        let is = at.describe();
        let Some(object) = at.as_object_mut() else {
            return Err(misshapen(is, step));
        };
        let known = |object: &exoc_emit::hcl::Object| object.names().map(str::to_owned).collect();
        let inner = match of {
            Shape::Members(of) => match member(of, name) {
                Some(Member { shape, .. }) => shape,
                None if self.put.act == Act::Replace && object.get(name).is_none() => {
                    return Err(Fault::NoKey {
                        step,
                        known: known(object),
                    });
                }
                None => {
                    let unknown = unknown(of, name, &self.placed.pointer);
                    return self.misfit(unknown);
                }
            },
            Shape::Map(word) => shape(word),
            Shape::Text
            | Shape::Number
            | Shape::Bool
            | Shape::Word(_)
            | Shape::List(_)
            | Shape::Several(_)
            | Shape::Any => Shape::Any,
        };
        if object.get(name).is_some() && self.is_last(step) && self.put.act == Act::Set {
            return Err(Fault::Present);
        }
        if object.get(name).is_none() && self.put.act == Act::Replace {
            return Err(Fault::NoKey {
                step,
                known: known(object),
            });
        }
        self.placed.pointer.push(name.to_owned());
        if let Some(found) = object.get_mut(name) {
            return self.value(found, inner, step + 1);
        }
        let made = self.wrapped(step + 1)?;
        self.check(&made, inner);
        self.lead(step + 1);
        object.insert(name.to_owned(), expression(&made));
        Ok(())
    }

    /// The value inside of the mappings that the rest of the path names.
    fn wrapped(&self, from: usize) -> Result<Node, Fault> {
        let mut made = self.put.value.clone();
        for (step, Step { to, at: _ }) in self.put.steps.iter().enumerate().skip(from).rev() {
            let To::Key(name) = to else {
                return Err(Fault::NoList { step });
            };
            let span = made.span;
            let key = Key {
                name: name.as_str().into(),
                span,
            };
            let members = vec![Written { key, value: made }];
            made = Node {
                span,
                kind: Kind::Map(Map { members }),
            };
        }
        Ok(made)
    }

    /// Counts the rest of the path as gone.
    fn lead(&mut self, from: usize) {
        let rest = self.put.steps.iter().skip(from);
        let names = rest.filter_map(|step| match &step.to {
            To::Key(key) => Some(key.clone()),
            To::Index(_) | To::Item { .. } => None,
        });
        self.placed.pointer.extend(names);
    }
}

fn absent(names: Vec<&str>, step: usize) -> Fault {
    Fault::NoKey {
        step,
        known: names.into_iter().map(str::to_owned).collect(),
    }
}

fn misshapen(is: &'static str, step: usize) -> Fault {
    if is == "an expression" {
        Fault::Computed { step }
    } else {
        Fault::WrongShape { step, is }
    }
}
