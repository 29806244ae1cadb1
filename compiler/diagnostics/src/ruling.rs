//! What an application says about diagnostics: levels of codes, and exceptions beside lines. Knows neither how they are
//! written nor a clock.

use crate::{Code, Date, Diagnostic, Severity, Sink, Span, codes};

/// What is said about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is as grave as this.
    Shown(Severity),
    /// It is not shown.
    Hidden,
}

/// Where something is said about a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// For the whole application.
    Everywhere,
    /// For the line of this span, where a diagnostic's primary label begins.
    Line(Span),
}

/// Something said about one code, with a reason that only people read. The code is that of a warning or a note.
#[derive(Clone, Debug)]
pub struct Ruling {
    /// The code.
    pub code: &'static Code,
    /// What is said.
    pub level: Level,
    /// Where it holds.
    pub reach: Reach,
    /// The last day on which it holds, if not for ever.
    pub until: Option<Date>,
    /// Where it is written.
    pub at: Span,
}

impl Ruling {
    fn holds_on(&self, today: Date) -> bool {
        self.until.is_none_or(|until| today <= until)
    }

    fn is_about(&self, diagnostic: &Diagnostic) -> bool {
        let reaches = match self.reach {
            Reach::Everywhere => true,
            Reach::Line(line) => diagnostic.primary.as_ref().is_some_and(|label| {
                let Span {
                    source,
                    start,
                    end: _,
                } = label.span;
                line.contains(Span {
                    source,
                    start,
                    end: start,
                })
            }),
        };
        diagnostic.code == self.code && reaches
    }
}

/// Everything that an application says about diagnostics.
#[derive(Clone, Debug, Default)]
pub struct Rulings(pub Vec<Ruling>);

impl Rulings {
    /// The diagnostics as they are to be told on this day, sorted. What is said beside a line outranks a level.
    ///
    /// After its last day a ruling does nothing but say so. If `whole`, everything was compiled, so that an exception
    /// which met nothing is told as well.
    #[must_use]
    pub fn apply(&self, diagnostics: Vec<Diagnostic>, today: Date, whole: bool) -> Vec<Diagnostic> {
        let Self(rulings) = self;
        if rulings.is_empty() {
            return diagnostics;
        }
        let mut met = vec![false; rulings.len()];
        let mut sink = Sink::new();
        for diagnostic in diagnostics {
            let lines = |ruling: &Ruling| matches!(ruling.reach, Reach::Line(_));
            let about = rulings
                .iter()
                .zip(&mut met)
                .filter(|(ruling, _)| ruling.holds_on(today) && ruling.is_about(&diagnostic))
                .min_by_key(|(ruling, _)| !lines(ruling));
            let level = about.map(|(ruling, met)| {
                *met = true;
                ruling.level
            });
            self.tell(diagnostic, level, &mut sink);
        }
        for (ruling, met) in rulings.iter().zip(met) {
            let warning = match ruling.until {
                Some(until) if !ruling.holds_on(today) => expired(ruling, until),
                Some(_) | None if met || !whole || !is_of_compilation(ruling.code) => continue,
                Some(_) | None => match ruling.reach {
                    Reach::Everywhere => continue,
                    Reach::Line(_) => unused(ruling),
                },
            };
            let everywhere = |other: &&Ruling| other.reach == Reach::Everywhere && other.holds_on(today);
            let level = rulings
                .iter()
                .filter(everywhere)
                .find(|other| other.code == warning.code);
            self.tell(warning, level.map(|ruling| ruling.level), &mut sink);
        }
        sink.into_sorted()
    }

    fn tell(&self, diagnostic: Diagnostic, level: Option<Level>, sink: &mut Sink) {
        match level {
            None => sink.report(diagnostic),
            Some(Level::Hidden) => {}
            Some(Level::Shown(severity)) => sink.report(Diagnostic {
                severity,
                ..diagnostic
            }),
        }
    }
}

/// Whether compiling alone can report a code: what is said of the files that stand in the tree comes later.
fn is_of_compilation(code: &Code) -> bool {
    !code.id.starts_with("EX06")
}

fn expired(ruling: &Ruling, until: Date) -> Diagnostic {
    let id = ruling.code.id;
    Diagnostic::new(
        codes::END_DATE_PASSED,
        format!("what is said of {id} here ended on {until}"),
    )
    .at(ruling.at, "does nothing any more")
    .help(format!(
        "remove it, or give it a later date if its reason still holds; `exoc explain {id}`"
    ))
}

fn unused(ruling: &Ruling) -> Diagnostic {
    let id = ruling.code.id;
    Diagnostic::new(
        codes::UNUSED_EXCEPTION,
        format!("nothing reports {id} on this line"),
    )
    .at(ruling.at, "allows nothing")
    .help("remove it; an exception stands at the end of the line that it is for, or on the line above")
}

#[cfg(test)]
mod tests {
    use super::{Level, Reach, Ruling, Rulings};
    use crate::{Code, Date, Diagnostic, Severity, SourceMap, Span, VirtualPath, codes};

    fn ruling(code: &'static Code, level: Level, reach: Reach, at: Span) -> Ruling {
        Ruling {
            code,
            level,
            reach,
            until: None,
            at,
        }
    }

    #[test]
    fn a_level_holds_everywhere_and_what_is_said_beside_a_line_outranks_it() {
        let source = SourceMap::default().add(VirtualPath::root(), String::new());
        let span = |start, end| Span::new(source, start, end);
        let note = |at| Diagnostic::new(codes::ONE_REPLICA, "x").at(at, "");
        let rulings = Rulings(vec![
            ruling(
                codes::ONE_REPLICA,
                Level::Shown(Severity::Error),
                Reach::Everywhere,
                span(0, 1),
            ),
            ruling(
                codes::ONE_REPLICA,
                Level::Hidden,
                Reach::Line(span(20, 30)),
                span(25, 30),
            ),
            ruling(
                codes::UNUSED_EXCEPTION,
                Level::Hidden,
                Reach::Everywhere,
                span(2, 3),
            ),
            ruling(
                codes::ONE_NODE,
                Level::Hidden,
                Reach::Line(span(40, 50)),
                span(45, 50),
            ),
        ]);
        let today = Date::of_seconds(0);
        let told = rulings.apply(vec![note(span(10, 12)), note(span(22, 60))], today, true);
        let told: Vec<_> = told.iter().map(|told| (told.code.id, told.severity)).collect();
        assert_eq!(told, [("EX0501", Severity::Error)]);
    }
}
