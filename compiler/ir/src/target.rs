//! What a target is.

use crate::{Artifacts, Expression, Feature, Program, Replacement, Resource};
use exoc_diagnostics::{Failed, Node, Sink, SourceMap, Span, Spanned, Workers};

/// A target's name: what stands under `targets` and behind `--target`.
pub type TargetId = &'static str;

/// How far a target can be relied on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Support {
    /// Every fixture has goldens that its own tools accept.
    Stable,
    /// As stable, but its output may still change.
    Preview,
    /// Only fixtures that name it are built for it.
    Nascent,
}

/// What a target gets besides the program's meaning.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The program.
    pub program: &'a Program,
    /// The options under `targets.<id>`: a mapping that its schema accepts; empty if there are none.
    pub options: &'a Node,
    /// The patches under `targets.<id>.patches`.
    pub patches: &'a [Patch],
    /// The application's folder as seen from the folder of the target's files, like `../../..`.
    pub application: &'a str,
    /// The schema of [`Input::options`] was already applied; this is where the options stand, for errors.
    pub at: Span,
    /// The texts that spans point into, so that a comment can say where a block comes from. A target reads nothing
    /// else in them.
    pub sources: &'a SourceMap,
    /// Who prints files side by side. What they make depends on nothing but the rest of the input.
    pub workers: &'a dyn Workers,
}

/// A change to a target's model before it is printed.
#[derive(Clone, Debug)]
pub struct Patch {
    /// Which generated thing, in the target's own words.
    pub at: Spanned<String>,
    /// Paths and values to add; there must be nothing yet.
    pub set: Vec<(Spanned<String>, Node)>,
    /// Paths and values to change; there must be something.
    pub replace: Vec<(Spanned<String>, Node)>,
}

/// A back end: a pure function from a program to files, and what it says about itself.
pub trait Target: Sync {
    /// Its name.
    fn id(&self) -> TargetId;

    /// One line for lists: what it makes.
    fn summary(&self) -> &'static str;

    /// How far it can be relied on.
    fn support(&self) -> Support;

    /// Its column of the feature table.
    fn express(&self, feature: Feature) -> Expression;

    /// Whether it applies patches.
    fn patches(&self) -> bool;

    /// Whether it makes the records of public names itself, so that no two environments can have one name.
    fn makes_records(&self) -> bool;

    /// What becomes of data that no file speaks of any more, as a help line: what happens to it, and what to do.
    fn given_up(&self) -> &'static str {
        "otherwise whoever applies the files destroys it, or is stopped by its protection"
    }

    /// The JSON Schema (2020-12) of its options, without `patches`.
    fn options_schema(&self) -> &'static str;

    /// Makes the files. Never called with a program that needs a feature which [`Target::express`] refuses.
    ///
    /// # Errors
    ///
    /// If the program cannot be expressed for a reason that is no feature, such as a version or a limit; all such
    /// reasons are reported to `sink`.
    fn emit(&self, input: &Input<'_>, sink: &mut Sink) -> Result<Artifacts, Failed>;

    /// The things that its files describe. A target that names none is compared by its files only.
    fn resources(&self, _artifacts: &Artifacts) -> Vec<Resource> {
        Vec::new()
    }

    /// What becomes of a thing of this kind when this attribute changes, whose path has no numbers of items.
    fn replacement(&self, _kind: &str, _attribute: &str) -> Replacement {
        Replacement::Never
    }
}
