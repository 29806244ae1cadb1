//! What is told while containers change: one line for each change that matters to somebody who waits. Knows no engine.

use crate::engine::{Container, Health, Model, State};
use crate::process::Clock;
use exoc_compose::names;
use std::collections::BTreeMap;

/// What was told so far.
#[derive(Debug)]
pub(super) struct Told {
    begun: Clock,
    known: BTreeMap<String, State>,
}

impl Told {
    /// Nothing.
    pub(super) fn new() -> Self {
        Self {
            begun: Clock::now(),
            known: BTreeMap::new(),
        }
    }

    /// What is known already is not told.
    pub(super) fn knowing(mut self, containers: &[Container]) -> Self {
        for container in containers {
            self.known.insert(container.service.clone(), container.state);
        }
        self
    }

    /// A line for each change since the last call.
    pub(super) fn news(&mut self, containers: &[Container], model: &Model) -> Vec<String> {
        let mut lines = Vec::new();
        for Container {
            id: _,
            service,
            state,
        } in containers
        {
            let before = self.known.insert(service.clone(), *state);
            if before == Some(*state) {
                continue;
            }
            let Some(words) = self.words(service, *state, before, model) else {
                continue;
            };
            lines.push(format!("{words} ({:.1} s)", self.begun.elapsed().as_secs_f64()));
        }
        lines
    }

    /// What a change is called; nothing for one that nobody waits for.
    fn words(&self, service: &str, state: State, before: Option<State>, model: &Model) -> Option<String> {
        let known = model.services.get(service)?;
        // What asks a service from outside speaks for it.
        let asked = model.asked(service);
        if known.is_companion() && asked.is_none() {
            return None;
        }
        let role = asked.unwrap_or(service);
        let is_asked = model.services.contains_key(&names::health(service));
        match state {
            State::Running(Health::Healthy) => Some(format!("{role} is healthy")),
            State::Running(Health::Unhealthy) => Some(format!("{role} is not healthy")),
            State::Running(Health::Unknown) if asked.is_none() && !is_asked => match before {
                Some(State::Running(_)) => None,
                Some(State::Waiting | State::Ended(_) | State::Restarting) | None => {
                    Some(format!("{role} runs"))
                }
            },
            State::Ended(0) if asked.is_none() => Some(format!("{role} has ended")),
            State::Ended(code) if asked.is_none() => Some(format!("{role} has ended with {code}")),
            State::Restarting if asked.is_none() => Some(format!("{role} ended, and is started again")),
            State::Running(Health::Unknown | Health::Starting)
            | State::Waiting
            | State::Ended(_)
            | State::Restarting => None,
        }
    }

    /// What is waited for, shortly.
    pub(super) fn open(containers: &[Container], model: &Model) -> Vec<String> {
        let mut open: Vec<String> = containers
            .iter()
            .filter_map(
                |Container {
                     id: _,
                     service,
                     state,
                 }| {
                    let known = model.services.get(service)?;
                    let role = model.asked(service);
                    match state {
                        State::Running(Health::Starting) => Some(role.unwrap_or(service).to_owned()),
                        State::Running(Health::Unknown) if known.kind == "job" => Some(service.clone()),
                        State::Running(Health::Unknown | Health::Healthy | Health::Unhealthy)
                        | State::Waiting
                        | State::Ended(_)
                        | State::Restarting => None,
                    }
                },
            )
            .collect();
        open.sort();
        open
    }
}

#[cfg(test)]
mod tests {
    use super::Told;
    use crate::engine::{Container, Health, Model, State};

    #[test]
    fn a_companion_speaks_for_its_service_and_nothing_is_told_twice() {
        let model = Model::read(
            r#"{"services": {"web": {}, "db": {}, "job": {"labels": {"app.kubernetes.io/component": "job"}},
                "web_health": {"labels": {"app.kubernetes.io/component": "companion"}},
                "exoc_gateway": {"labels": {"app.kubernetes.io/component": "companion"}}}}"#,
        )
        .unwrap();
        let container = |service: &str, state| Container {
            id: service.to_owned(),
            service: service.to_owned(),
            state,
        };
        let mut told = Told::new();
        let seen = [
            container("web", State::Running(Health::Unknown)),
            container("web_health", State::Running(Health::Starting)),
            container("exoc_gateway", State::Running(Health::Healthy)),
            container("job", State::Running(Health::Unknown)),
        ];
        let first: Vec<String> = told.news(&seen, &model);
        assert_eq!(first.len(), 1, "{first:?}");
        assert!(
            first.iter().all(|line| line.starts_with("job runs (")),
            "{first:?}"
        );
        assert_eq!(Told::open(&seen, &model), ["job", "web"]);
        assert!(told.news(&seen, &model).is_empty());
        let then = [
            container("web_health", State::Running(Health::Healthy)),
            container("job", State::Ended(2)),
        ];
        let then = told.news(&then, &model).join(";");
        assert!(
            then.starts_with("web is healthy (") && then.contains(";job has ended with 2 ("),
            "{then}"
        );
    }
}
