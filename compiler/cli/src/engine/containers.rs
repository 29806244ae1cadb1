//! What runs: the containers of a project as the engine lists them.

use serde_json::Value;

/// A container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// Its id.
    pub id: String,
    /// The compose service that it belongs to.
    pub service: String,
    /// What it does.
    pub state: State,
}

/// What a container does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is made and has not started, or is about to go.
    Waiting,
    /// It runs.
    Running(Health),
    /// It ended, with this code.
    Ended(i64),
    /// It ended, and is started again.
    Restarting,
}

/// What its health check says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// There is none.
    Unknown,
    /// Nothing so far.
    Starting,
    /// It works.
    Healthy,
    /// It does not.
    Unhealthy,
}

impl Container {
    /// From what `docker compose ps --all --format json` prints: an object a line, or one list. `None` if it is neither:
    /// what cannot be read must not pass for an engine where nothing runs.
    #[must_use]
    pub fn list(text: &str) -> Option<Vec<Self>> {
        let values: Vec<Value> = match serde_json::from_str(text) {
            Ok(Value::Array(values)) => values,
            Ok(_) | Err(_) => {
                let lines = text.lines().filter(|line| !line.trim().is_empty());
                lines
                    .map(|line| serde_json::from_str(line).ok())
                    .collect::<Option<_>>()?
            }
        };
        values.iter().map(Self::read).collect()
    }

    fn read(it: &Value) -> Option<Self> {
        let text = |name: &str| it.get(name).and_then(Value::as_str);
        let health = match text("Health") {
            Some("healthy") => Health::Healthy,
            Some("unhealthy") => Health::Unhealthy,
            Some("starting") => Health::Starting,
            Some(_) | None => Health::Unknown,
        };
        let state = match text("State")? {
            "running" | "paused" => State::Running(health),
            "exited" | "dead" => State::Ended(it.get("ExitCode").and_then(Value::as_i64).unwrap_or(-1)),
            "restarting" => State::Restarting,
            _ => State::Waiting,
        };
        Some(Self {
            id: text("ID")?.to_owned(),
            service: text("Service")?.to_owned(),
            state,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Container, Health, State};

    #[test]
    fn lines_and_a_list_mean_the_same() {
        let lines = "{\"ID\":\"1\",\"Service\":\"db\",\"State\":\"running\",\"Health\":\"healthy\"}\n\
                     {\"ID\":\"2\",\"Service\":\"job\",\"State\":\"exited\",\"ExitCode\":3}\n";
        let list = format!("[{}]", lines.trim().replace('\n', ","));
        let read = Container::list(lines).unwrap();
        assert_eq!(Some(&read), Container::list(&list).as_ref());
        let states: Vec<State> = read.iter().map(|container| container.state).collect();
        assert_eq!(states, [State::Running(Health::Healthy), State::Ended(3)]);
        assert_eq!(Container::list(""), Some(Vec::new()));
        assert_eq!(Container::list("nothing runs\n"), None);
        assert_eq!(Container::list("{\"ID\":\"1\"}\n"), None);
    }
}
