//! Manifests from memory, and a target that refuses what it is told to.

use exoc_diagnostics::{Diagnostic, Failed, MemorySources, Sink, SourceMap, codes};
use exoc_ir::{Artifacts, Comments, Expression, Feature, Input, Program, Support, Target, TargetId};
use exoc_lower::{Output, Selection, compile, lower};

/// A target with a name of its own, a refused feature and a noted one.
pub(crate) struct Toy {
    pub(crate) id: TargetId,
    pub(crate) refused: Option<Feature>,
    pub(crate) noted: Option<Feature>,
    pub(crate) schema: &'static str,
}

/// Takes everything.
pub(crate) const COMPOSE: Toy = Toy {
    id: "compose",
    refused: None,
    noted: None,
    schema: r#"{"type": "object"}"#,
};
/// Refuses privileged containers, notes fixed replicas, has options.
pub(crate) const STRICT: Toy = Toy {
    id: "strict",
    refused: Some(Feature::Privileged),
    noted: Some(Feature::FixedReplicas),
    schema: r#"{
        "type": "object",
        "additionalProperties": false,
        "required": ["region"],
        "properties": {
            "region": { "type": "string", "description": "Where everything stands", "minLength": 1, "examples": ["eu-central-1"] },
            "nat": { "enum": ["none", "single"] }, "zones": { "type": "array", "minItems": 2, "items": { "type": "string", "minLength": 2 } },
            "state": {
                "type": "object",
                "additionalProperties": false,
                "properties": { "bucket": { "type": "string" } }
            }
        }
    }"#,
};

impl Target for Toy {
    fn id(&self) -> TargetId {
        self.id
    }

    fn summary(&self) -> &'static str {
        "a list of roles"
    }

    fn support(&self) -> Support {
        Support::Nascent
    }

    fn express(&self, feature: Feature) -> Expression {
        if self.refused == Some(feature) {
            return Expression::Refused {
                instead: "write something else",
            };
        }
        if self.noted == Some(feature) {
            return Expression::Noted {
                code: codes::ONE_REPLICA,
                text: "one replica of everything",
            };
        }
        Expression::Expressed
    }

    /// Taken by what stands for a real target, and not looked at: what they do is its own test.
    fn patches(&self) -> bool {
        self.id != "toy"
    }

    fn makes_records(&self) -> bool {
        false
    }

    fn options_schema(&self) -> &'static str {
        self.schema
    }

    fn emit(&self, input: &Input<'_>, _: &mut Sink) -> Result<Artifacts, Failed> {
        let mut artifacts = Artifacts::default();
        let roles: Vec<&str> = input
            .program
            .services()
            .iter()
            .map(|(_, service)| service.role.as_str())
            .collect();
        artifacts.text("roles", Comments::Hash, roles.join("\n")).unwrap();
        Ok(artifacts)
    }
}

/// What came of files.
pub(crate) struct Run {
    pub(crate) outputs: Option<Vec<Output>>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) map: SourceMap,
}

impl Run {
    /// Code, file, line and the underlined words of every diagnostic, one a line; notes are left out.
    pub(crate) fn found(&self) -> String {
        self.lines(|diagnostic| diagnostic.code.severity != exoc_diagnostics::Severity::Note)
    }

    /// The same with notes.
    pub(crate) fn all(&self) -> String {
        self.lines(|_| true)
    }

    fn lines(&self, wanted: impl Fn(&Diagnostic) -> bool) -> String {
        let line = |diagnostic: &Diagnostic| {
            let span = diagnostic.primary.as_ref().unwrap().span;
            let file = &self.map.file(span.source).unwrap().path;
            let at = self.map.start(span).unwrap().line;
            format!("{} {file}:{at} {}\n", diagnostic.code.id, self.map.slice(span))
        };
        self.diagnostics.iter().filter(|d| wanted(d)).map(line).collect()
    }

    /// Everything that a person would read, for failures of tests.
    pub(crate) fn text(&self) -> String {
        let line = |d: &Diagnostic| {
            let label = d.primary.as_ref().map_or("", |label| &label.message);
            let also: Vec<String> = d
                .secondary
                .iter()
                .map(|l| format!("{} <- {}", self.map.slice(l.span), l.message))
                .collect();
            format!(
                "{} {}\n  {label}\n  {also:?}\n  {:?}\n",
                d.code.id, d.message, d.help
            )
        };
        self.found() + &self.diagnostics.iter().map(line).collect::<String>()
    }
}

/// Compiles files for the two targets of this module.
pub(crate) fn run(files: &[(&str, &str)]) -> Run {
    run_for(files, &Selection::default(), &[&COMPOSE, &STRICT])
}

/// Compiles a selection of files for some targets.
pub(crate) fn run_for(files: &[(&str, &str)], selection: &Selection, registry: &[&dyn Target]) -> Run {
    let mut sources = MemorySources::default();
    for (path, text) in files {
        sources.insert(path, text.as_bytes());
    }
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let application = |_: &str, _: &str| "../../..".to_owned();
    let outputs = exoc_manifest::load(&sources, &mut map, &mut sink)
        .and_then(|manifest| compile(&manifest, selection, registry, &map, &application, &mut sink).ok());
    for diagnostic in sink.clone().into_sorted() {
        assert!(!diagnostic.help.is_empty(), "no help: {}", diagnostic.message);
    }
    Run {
        outputs,
        diagnostics: sink.into_sorted(),
        map,
    }
}

/// Compiles one application.yml and returns what was found wrong.
pub(crate) fn faults(application: &str) -> String {
    run(&[("application.yml", application)]).found()
}

/// The program of one environment; panics with the diagnostics if there is none.
pub(crate) fn program(files: &[(&str, &str)], environment: &str) -> Program {
    let mut sources = MemorySources::default();
    for (path, text) in files {
        sources.insert(path, text.as_bytes());
    }
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(&sources, &mut map, &mut sink);
    let program =
        manifest.and_then(|manifest| lower(&manifest, environment, &mut sink).finish(&mut sink).ok());
    let run = Run {
        outputs: None,
        diagnostics: sink.into_sorted(),
        map,
    };
    program.unwrap_or_else(|| panic!("{}", run.text()))
}
