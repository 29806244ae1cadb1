//! What makes a service a job: `schedule` or `when`.

use super::{Binder, Fields, Want};
use crate::ast::{Field, When};
use exoc_diagnostics::{Diagnostic, Failed, Spanned, codes};

impl Binder<'_> {
    /// `schedule`. Where `when` stands as well, one of the two is reported, and neither is known.
    pub(crate) fn schedule(&mut self, fields: &Fields<'_>) -> Field<Spanned<String>> {
        if let Err(failed) = self.one_trigger(fields) {
            return Field::Broken(failed);
        }
        self.field(fields, "schedule", |b, n| {
            let want = Want::key("schedule", "five fields of a schedule", "schedule: \"0 3 * * *\"");
            b.string(n, &want)
        })
    }

    /// `when`; nothing where `schedule` stands as well, which [`Binder::schedule`] reports.
    pub(crate) fn when(&mut self, fields: &Fields<'_>) -> Field<Spanned<When>> {
        const WORDS: &[(&str, When)] = &[
            ("before-deploy", When::BeforeDeploy),
            ("after-deploy", When::AfterDeploy),
            ("on-demand", When::OnDemand),
        ];
        if both(fields).is_some() {
            return Field::Absent;
        }
        self.field(fields, "when", |b, n| {
            let want = Want::key("when", "what starts a job", "when: before-deploy");
            b.word(n, &want, WORDS)
        })
    }

    fn one_trigger(&mut self, fields: &Fields<'_>) -> Result<(), Failed> {
        let Some((first, second)) = both(fields) else {
            return Ok(());
        };
        Err(self.sink.error(
            Diagnostic::new(codes::CONFLICTING_KEYS, "`schedule` and `when` in one job")
                .at(second, "starts it as well")
                .also(first, "starts it already")
                .help("keep one of the two; a second service of the same `location` can be a job of its own"),
        ))
    }
}

/// The places of both keys in the order of the file, if both are set.
fn both(fields: &Fields<'_>) -> Option<(exoc_diagnostics::Span, exoc_diagnostics::Span)> {
    let written = |key| fields.get(key).filter(|member| !member.value.is_null());
    let (schedule, when) = (written("schedule")?.key.span, written("when")?.key.span);
    Some((schedule.min(when), schedule.max(when)))
}
