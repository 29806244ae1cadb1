//! Scalars and lists: texts, numbers, booleans, words.

use super::{Binder, Want, list_words};
use crate::ast::Text;
use crate::reference::{self, Places};
use crate::yaml::scalar::yaml_1_1;
use exoc_diagnostics::{
    Diagnostic, Failed, Kind, Node, Scalar, Span, Spanned, Style, Typed, codes, did_you_mean,
};
use std::ops::RangeInclusive;

impl Binder<'_> {
    /// A text without references.
    pub(crate) fn string(&mut self, node: &Node, want: &Want) -> Result<Spanned<String>, Failed> {
        let scalar = self.text_scalar(node, want)?;
        let raw = self.raw(node.span);
        reference::refuse(
            &scalar.text,
            &want.what,
            Places::new(&scalar.text, raw, node.span),
            self.sink,
        )?;
        Ok(Spanned::new(scalar.text.to_string(), node.span))
    }

    /// Any scalar as written, without references.
    pub(crate) fn written(&mut self, node: &Node, want: &Want) -> Result<Spanned<String>, Failed> {
        let scalar = self.scalar(node, want)?;
        let raw = self.raw(node.span);
        let places = Places::new(&scalar.text, raw, node.span);
        reference::refuse(&scalar.text, &want.what, places, self.sink)?;
        Ok(Spanned::new(scalar.text.to_string(), node.span))
    }

    /// A text that may hold references.
    pub(crate) fn referring(&mut self, node: &Node, want: &Want) -> Result<Text, Failed> {
        let scalar = self.text_scalar(node, want)?;
        self.read_references(scalar, node)
    }

    /// A variable's value: any scalar as written, which may hold references.
    pub(crate) fn as_written(&mut self, node: &Node, want: &Want) -> Result<Text, Failed> {
        let scalar = self.scalar(node, want)?;
        self.read_references(scalar, node)
    }

    fn read_references(&mut self, scalar: &Scalar, node: &Node) -> Result<Text, Failed> {
        let raw = self.raw(node.span);
        reference::text(scalar, Places::new(&scalar.text, raw, node.span), self.sink)
    }

    /// A scalar that means a text, in every version of YAML.
    pub(crate) fn text_scalar<'n>(&mut self, node: &'n Node, want: &Want) -> Result<&'n Scalar, Failed> {
        let scalar = self.scalar(node, want)?;
        let text = &scalar.text;
        match scalar.typed {
            Typed::Text => {}
            Typed::Null => return Err(self.wrong_type(node, want)),
            // Quotes help only where any text will do.
            Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) if !want.kind.starts_with("a text") => {
                return Err(self.wrong_type(node, want));
            }
            Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) => {
                let found = node.describe();
                return Err(self.sink.error(
                    Diagnostic::new(
                        codes::WRONG_TYPE,
                        format!("{} takes {}, not {found}", want.what, want.kind),
                    )
                    .at(node.span, format!("without quotes this is {found}"))
                    .help(format!("quote it: `\"{text}\"`")),
                ));
            }
        }
        if scalar.style == Style::Plain
            && let Some(meaning) = yaml_1_1(text)
        {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::AMBIGUOUS_SCALAR,
                    format!("`{text}` is a text to some readers of YAML only"),
                )
                .at(node.span, format!("YAML 1.1 reads {meaning}"))
                .help(format!("quote it: `\"{text}\"`")),
            ));
        }
        Ok(scalar)
    }

    /// `true` or `false`.
    pub(crate) fn boolean(&mut self, node: &Node, want: &Want) -> Result<Spanned<bool>, Failed> {
        let scalar = self.scalar(node, want)?;
        match scalar.typed {
            Typed::Bool(value) => Ok(Spanned::new(value, node.span)),
            Typed::Text => {
                let value = match scalar.text.to_ascii_lowercase().as_str() {
                    "yes" | "on" | "y" | "true" => "true",
                    "no" | "off" | "n" | "false" => "false",
                    _ => return Err(self.wrong_type(node, want)),
                };
                Err(self.sink.error(
                    Diagnostic::new(
                        codes::WRONG_TYPE,
                        format!("{} takes {}, not a text", want.what, want.kind),
                    )
                    .at(node.span, "this is a text")
                    .help(format!("write `{value}` without quotes")),
                ))
            }
            Typed::Null | Typed::Int(_) | Typed::Float(_) => Err(self.wrong_type(node, want)),
        }
    }

    /// A whole number within bounds.
    pub(crate) fn whole(
        &mut self,
        node: &Node,
        want: &Want,
        bounds: RangeInclusive<u32>,
    ) -> Result<Spanned<u32>, Failed> {
        let scalar = self.scalar(node, want)?;
        match scalar.typed {
            Typed::Int(value) => match u32::try_from(value) {
                Ok(value) if bounds.contains(&value) => Ok(Spanned::new(value, node.span)),
                Ok(_) | Err(_) => Err(self.out_of_bounds(
                    node,
                    want,
                    &bounds.start().to_string(),
                    &bounds.end().to_string(),
                )),
            },
            Typed::Text if scalar.text.parse::<i64>().is_ok() => Err(self.sink.error(
                Diagnostic::new(
                    codes::WRONG_TYPE,
                    format!("{} takes {}, not a text", want.what, want.kind),
                )
                .at(node.span, "quotes make this a text")
                .help(format!("remove the quotes: `{}`", scalar.text)),
            )),
            Typed::Float(value) if value.is_finite() && value.fract() == 0.0 && value.abs() > 1e15 => {
                Err(self.out_of_bounds(node, want, &bounds.start().to_string(), &bounds.end().to_string()))
            }
            Typed::Float(_) => Err(self.sink.error(
                Diagnostic::new(
                    codes::WRONG_TYPE,
                    format!("{} is `{}`, not a whole number", want.what, scalar.text),
                )
                .at(node.span, "not whole")
                .help(format!("write for example `{}`", want.example)),
            )),
            Typed::Null | Typed::Bool(_) | Typed::Text => Err(self.wrong_type(node, want)),
        }
    }

    /// Reports a value outside its bounds, which are given as they would be written.
    pub(crate) fn out_of_bounds(&mut self, node: &Node, want: &Want, least: &str, most: &str) -> Failed {
        let text = node.as_scalar().map(|scalar| &*scalar.text).unwrap_or_default();
        self.sink.error(
            Diagnostic::new(
                codes::OUT_OF_BOUNDS,
                format!("{} is `{text}`, outside {least} to {most}", want.what),
            )
            .at(node.span, "out of bounds")
            .help(format!("write a value from {least} to {most}")),
        )
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(
        &mut self,
        node: &Node,
        want: &Want,
        words: &[(&'static str, T)],
    ) -> Result<Spanned<T>, Failed> {
        let scalar = self.text_scalar(node, want)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == &*scalar.text) {
            return Ok(Spanned::new(*value, node.span));
        }
        let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        Err(self.unknown_word(node.span, want, &scalar.text, &known, None))
    }

    /// Reports a word that is not one of `known`; `help` goes before a guess.
    pub(crate) fn unknown_word(
        &mut self,
        span: Span,
        want: &Want,
        word: &str,
        known: &[&str],
        help: Option<String>,
    ) -> Failed {
        let near = help.or_else(|| did_you_mean(word, known.iter().copied()));
        let help = near.unwrap_or_else(|| format!("the words are {}", list_words(known)));
        self.sink.error(
            Diagnostic::new(codes::UNKNOWN_WORD, format!("{} cannot be `{word}`", want.what))
                .at(span, format!("expected {}", want.kind))
                .help(help),
        )
    }

    /// Reports a text that lacks the form that its place needs.
    pub(crate) fn malformed(&mut self, node: &Node, message: String, label: &str, help: String) -> Failed {
        self.sink.error(
            Diagnostic::new(codes::MALFORMED, message)
                .at(node.span, label)
                .help(help),
        )
    }

    /// The items of a list; every faulty one is reported.
    pub(crate) fn list<T>(
        &mut self,
        node: &Node,
        want: &Want,
        mut bind: impl FnMut(&mut Self, &Node) -> Result<T, Failed>,
    ) -> Result<Vec<T>, Failed> {
        let Kind::List(items) = &node.kind else {
            return Err(self.wrong_type(node, want));
        };
        let (mut bound, mut failed) = (Vec::new(), self.marks.broken(node));
        for item in items {
            match bind(self, item) {
                Ok(value) => bound.push(value),
                Err(proof) => failed = Some(proof),
            }
        }
        failed.map_or(Ok(bound), Err)
    }

    /// One value, or a list of at least one.
    pub(crate) fn one_or_more<T>(
        &mut self,
        node: &Node,
        want: &Want,
        mut bind: impl FnMut(&mut Self, &Node) -> Result<T, Failed>,
    ) -> Result<Spanned<Vec<T>>, Failed> {
        match &node.kind {
            Kind::Scalar(_) => Ok(Spanned::new(vec![bind(self, node)?], node.span)),
            Kind::List(items) if items.is_empty() => Err(self.malformed(
                node,
                format!("{} is an empty list", want.what),
                "nothing stands in it",
                format!("write for example `{}`, or remove the key", want.example),
            )),
            Kind::List(_) | Kind::Map(_) => Ok(Spanned::new(self.list(node, want, bind)?, node.span)),
        }
    }
}
