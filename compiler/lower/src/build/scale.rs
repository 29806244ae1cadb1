//! Numbers of replicas: defaults and contradictions.

use super::{Lowering, Site};
use crate::field::Look;
use exoc_diagnostics::{Diagnostic, Failed, Spanned, codes};
use exoc_ir::Scale;
use exoc_manifest::ast::{self, Field};

/// The goal of a range for which none is written: percent of the reserved processor time.
const CPU_GOAL: u32 = 70;

const ONE: Scale = Scale {
    min: 1,
    max: 1,
    cpu: None,
    memory: None,
    requests: None,
    overlap: true,
};

impl Lowering<'_> {
    /// The scale of a service; `public` tells whether it has an HTTP door.
    pub(crate) fn scale(&mut self, site: &Site<'_>, public: Result<bool, Failed>) -> Scale {
        let Some(scale) = site.layer.scale.set() else {
            return ONE;
        };
        let ast::Scale {
            span,
            min,
            max,
            cpu,
            memory,
            requests,
            overlap,
        } = scale;
        self.place(site, "scale", *span);
        for (field, value) in [
            ("scale.cpu", cpu),
            ("scale.memory", memory),
            ("scale.requests", requests),
        ] {
            if let Some(value) = value.set() {
                self.place(site, field, value.span);
            }
        }
        if let Some(overlap) = overlap.set() {
            self.place(site, "scale.overlap", overlap.span);
        }
        let overlap = overlap.set().is_none_or(|overlap| overlap.value);
        if min.broken().is_some() || max.broken().is_some() {
            return Scale { overlap, ..ONE };
        }
        let (least, most) = match (min.set(), max.set()) {
            (None, None) => (1, 1),
            (Some(min), None) => (min.value, min.value.max(1)),
            (None, Some(max)) => (max.value.min(1), max.value),
            (Some(min), Some(max)) => (min.value, max.value),
        };
        if self.contradicts(min.set(), max.set(), least, most) {
            return Scale { overlap, ..ONE };
        }
        let value = |goal: &Field<Spanned<u32>>| goal.set().map(|goal| goal.value);
        let (mut by_cpu, by_memory, mut by_requests) = (value(cpu), value(memory), value(requests));
        if least == most {
            self.idle_goals([("cpu", cpu), ("memory", memory), ("requests", requests)], most);
            return Scale {
                min: least,
                max: most,
                overlap,
                ..ONE
            };
        }
        let silent = [cpu, memory, requests].iter().any(|goal| goal.broken().is_some());
        if by_cpu.is_none() && by_memory.is_none() && by_requests.is_none() && !silent {
            by_cpu = Some(CPU_GOAL);
        }
        if let (Some(requests), Ok(false)) = (requests.set(), public) {
            let message = format!("{} scales by requests and is not public over HTTP", site.noun());
            let diagnostic = Diagnostic::new(codes::BAD_SCALE, message);
            let diagnostic = match site.layer.route.removed() {
                Some(removed) => diagnostic
                    .at(removed, "removed here")
                    .also(requests.span, "counts its requests"),
                None => diagnostic.at(requests.span, "nobody counts its requests"),
            };
            self.sink
                .error(diagnostic.help("scale by `cpu` or `memory`, as in `cpu: 70%`"));
            // Refused once, not by each target as well.
            by_requests = None;
        }
        Scale {
            min: least,
            max: most,
            cpu: by_cpu,
            memory: by_memory,
            requests: by_requests,
            overlap,
        }
    }

    fn contradicts(
        &mut self,
        min: Option<&Spanned<u32>>,
        max: Option<&Spanned<u32>>,
        least: u32,
        most: u32,
    ) -> bool {
        let diagnostic = match (min, max) {
            (Some(min), Some(max)) if least > most => Diagnostic::new(
                codes::BAD_SCALE,
                format!("at least {least} replicas and at most {most}"),
            )
            .at(max.span, "fewer than the least")
            .also(min.span, "the least")
            .help("write a `max` that is not below `min`"),
            (Some(min), _) if least == 0 && most > 0 => {
                Diagnostic::new(codes::BAD_SCALE, "a scale that begins at 0")
                    .at(min.span, "nothing would start the first replica")
                    .help("write at least `min: 1`; `scale: 0` switches a service off")
            }
            (Some(_) | None, Some(_) | None) => return false,
        };
        self.sink.error(diagnostic);
        true
    }

    /// Goals where the number never changes.
    fn idle_goals(&mut self, goals: [(&str, &Field<Spanned<u32>>); 3], number: u32) {
        for (key, goal) in goals {
            if let Some(goal) = goal.set() {
                self.sink.error(
                    Diagnostic::new(
                        codes::BAD_SCALE,
                        format!(
                            "`{key}` has nothing to decide where the number of replicas is always {number}"
                        ),
                    )
                    .at(goal.span, "never looked at")
                    .help(format!(
                        "write a range, as in `scale: {{ min: {0}, max: {1} }}`, or remove `{key}`",
                        number.max(1),
                        number.max(1) * 2
                    )),
                );
            }
        }
    }
}
