//! Stands in for exoc-lower until that crate has its functions.
#![allow(missing_docs, reason = "replaced by the real crate")]
use exoc_diagnostics::{Failed, Sink};
use exoc_ir::{Artifacts, Program, Target, TargetId};
use exoc_manifest::ast::Manifest;
pub struct EnvironmentInfo {
    pub name: String,
    pub targets: Vec<String>,
}
pub fn environments(manifest: &Manifest) -> Vec<EnvironmentInfo> {
    let _ = manifest;
    Vec::new()
}
pub struct Lowered;
impl Lowered {
    pub fn finish(self, sink: &mut Sink) -> Result<Program, Failed> {
        Err(sink.error(exoc_diagnostics::Diagnostic::new(
            exoc_diagnostics::codes::UNREADABLE_FILE,
            "x",
        )))
    }
}
pub fn lower(_: &Manifest, _: &str, _: &mut Sink) -> Lowered {
    Lowered
}
#[derive(Default)]
pub struct Selection {
    pub environments: Vec<String>,
    pub targets: Vec<String>,
}
#[derive(Debug)]
pub struct Output {
    pub environment: String,
    pub target: TargetId,
    pub artifacts: Artifacts,
}
pub fn compile(
    _: &Manifest,
    _: &Selection,
    _: &[&dyn Target],
    _: &dyn Fn(&str, &str) -> String,
    _: &mut Sink,
) -> Result<Vec<Output>, Failed> {
    Ok(Vec::new())
}
