//! Patches: changes of the blocks between printing's building of them and their text, each held to the provider's
//! schema.
//!
//! `at` is the address of a resource of the root module, with `data.` before it that of a data source. A change that does
//! not fit is reported at its path or value and undone, so that the others are judged without it. Decides nothing of the
//! plan; files are handed in one after the other, as printing makes them.

mod place;
mod schema;
mod value;

use exoc_diagnostics::{Diagnostic, Failed, Sink, SourceMap, Span, codes, did_you_mean};
use exoc_emit::hcl::Block;
use exoc_emit::origin::origin;
use exoc_emit::patch::{Change, Misfit, Patched, Words};
use exoc_ir::Patch;
use place::{Placed, Put};
use schema::Schema;
use std::collections::{BTreeMap, BTreeSet};

const WORDS: Words = Words {
    owner: "the provider",
    document: "file of Terraform",
    paths: "`tags.Team`, `network_configuration.subnets` or `container_definitions[name=api].ulimits`",
    page: "schemas/aws.json and the provider's documentation say what stands where",
};

/// The patches of a root module.
pub(crate) struct Patches<'a> {
    sources: &'a SourceMap,
    /// None if there is nothing to apply.
    work: Option<Work<'a>>,
}

struct Work<'a> {
    patches: &'a [Patch],
    schema: Schema,
}

impl<'a> Patches<'a> {
    /// What is to be applied.
    ///
    /// # Errors
    ///
    /// If the schema of this program cannot be read, which is a fault of exoc and reported as one.
    pub(crate) fn new(patches: &'a [Patch], sources: &'a SourceMap, sink: &mut Sink) -> Result<Self, Failed> {
        let Some(first) = patches.first() else {
            return Ok(Self { sources, work: None });
        };
        let schema = Schema::load().map_err(|why| {
            sink.error(
                Diagnostic::new(codes::INTERNAL, format!("the schema of the provider: {why}"))
                    .at(first.at.span, "")
                    .help("this is a fault of exoc; please report it"),
            )
        })?;
        let work = Some(Work { patches, schema });
        Ok(Self { sources, work })
    }

    /// Applies to the blocks of one file what names them.
    pub(crate) fn apply<'b>(&self, blocks: impl Iterator<Item = &'b mut Block>) -> Patched {
        let mut patched = Patched::default();
        let Some(work) = &self.work else {
            return patched;
        };
        for block in blocks {
            if let Some(address) = address(block) {
                work.patch(block, &address, self.sources, &mut patched.sink);
                patched.known.insert(address);
            }
        }
        patched
    }

    /// Reports what was wrong in each file, and what named nothing in any.
    pub(crate) fn finish(&self, files: Vec<Patched>, sink: &mut Sink) {
        let all = Patched::gathered(files, sink);
        for Patch {
            at,
            set: _,
            replace: _,
        } in self.work.iter().flat_map(|work| work.patches)
        {
            if all.contains(&at.value) {
                continue;
            }
            sink.error(
                Diagnostic::new(codes::BAD_PATCH, format!("the root module has no `{}`", at.value))
                    .at(at.span, "matches nothing")
                    .help_if(meant(&at.value, &all))
                    .help("name a resource by its type and address, as in `aws_ecs_service.api`; a data source has `data.` before it"),
            );
        }
    }
}

/// What may have been meant by an address that names nothing.
fn meant(written: &str, known: &BTreeSet<String>) -> Option<String> {
    let instance = written.split_once('[').map(|(before, _)| before);
    if let Some(all) = instance.filter(|all| known.contains(*all)) {
        return Some(format!("write `{all}`: a patch changes all of its instances"));
    }
    let long = written.strip_prefix("resource.");
    if let Some(short) = long.filter(|short| known.contains(*short)) {
        return Some(format!("write `{short}`"));
    }
    did_you_mean(written, known.iter().map(String::as_str))
}

/// The address of a resource or data source.
fn address(block: &Block) -> Option<String> {
    let labels: Vec<&str> = block.labels().collect();
    match (block.kind(), labels.as_slice()) {
        ("resource", [kind, name]) => Some(format!("{kind}.{name}")),
        ("data", [kind, name]) => Some(format!("data.{kind}.{name}")),
        _ => None,
    }
}

impl Work<'_> {
    /// Applies all patches of one block, in their order; the changes of one by their paths, what is added first.
    fn patch(&self, block: &mut Block, address: &str, sources: &SourceMap, sink: &mut Sink) {
        let mut marks: BTreeMap<Vec<(String, usize)>, Vec<Span>> = BTreeMap::new();
        for Patch { at, set, replace } in self.patches.iter().filter(|patch| patch.at.value == address) {
            let kind = block.labels().next().unwrap_or_default().to_owned();
            let Some(of) = self.schema.resource(block.kind(), &kind) else {
                sink.error(
                    Diagnostic::new(codes::BAD_PATCH, format!("no patch changes `{address}`"))
                        .at(at.span, "not of the provider hashicorp/aws")
                        .help("patch a resource whose type begins with `aws_`"),
                );
                continue;
            };
            for change in Change::all(&at.value, set, replace, &WORDS) {
                let Some(steps) = change.steps(sink) else {
                    continue;
                };
                let mut changed = block.clone();
                let put = Put {
                    schema: &self.schema,
                    block: block.kind(),
                    kind: &kind,
                    of,
                    steps: &steps,
                    act: change.act,
                    value: change.value,
                };
                match put.place(&mut changed) {
                    Err(fault) => change.misplaced(&steps, fault, sink),
                    Ok(Placed {
                        pointer,
                        mark,
                        misfits,
                    }) => {
                        if misfits.is_empty() {
                            *block = changed;
                            marks.entry(mark).or_default().push(change.path.span);
                        }
                        for misfit in misfits {
                            if matches!(&misfit, Misfit::Kept { why, .. } if why == schema::SECRET) {
                                sink.redact(change.value.span);
                            }
                            change.misfit(&steps, &pointer, misfit, sink);
                        }
                    }
                }
            }
        }
        for (mark, spans) in marks {
            if let Some(text) = origin(sources, spans) {
                place::comment(block, &mark, &text);
            }
        }
    }
}
