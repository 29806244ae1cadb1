//! A compose file as compose itself understands it. Knows no engine.

use exoc_compose::names;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The services of a file, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// The services, those of profiles too.
    pub services: BTreeMap<String, Service>,
}

/// A service of a file, as far as running it is concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The image.
    pub image: String,
    /// Whether it is built.
    pub is_built: bool,
    /// What exoc's label says it is, such as `server`, `job` or `companion`.
    pub kind: String,
    /// The addresses of the gateway that lead to it.
    pub has_doors: bool,
    /// Whether its files are watched.
    pub is_watched: bool,
    /// Whether it only starts when asked for.
    pub on_demand: bool,
    /// The ports of the machine that it takes.
    pub ports: Vec<Port>,
    /// The services that it waits for.
    pub waits_for: BTreeSet<String>,
}

/// A port of the machine.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Port {
    /// The machine's address; empty for all of them.
    pub address: String,
    /// The number.
    pub number: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

impl Model {
    /// From what `docker compose config --format json` prints.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let document: Value = serde_json::from_str(text).ok()?;
        let services = document.get("services")?.as_object()?.iter();
        Some(Self {
            services: services.map(|(name, it)| (name.clone(), service(it))).collect(),
        })
    }

    /// The names that built images have in a project of their own, by service. Two checkouts of an application give
    /// their images one name, and would start each other's.
    #[must_use]
    pub fn own_images(&self, project: &str) -> BTreeMap<String, String> {
        let built = self.services.iter().filter(|(_, service)| service.is_built);
        built
            .map(|(name, service)| (name.clone(), format!("{project}/{}", service.image)))
            .collect()
    }

    /// What stands for a role of the application: its own service, and the companions that ask it from outside or
    /// lead to it.
    #[must_use]
    pub fn of_role(&self, role: &str) -> Vec<String> {
        let doors = self.services.get(role).is_some_and(|service| service.has_doors);
        let companions = self.services.iter().filter(|(name, service)| {
            let its_own = name.strip_prefix(role).is_some_and(|rest| rest.starts_with('_'));
            service.is_companion() && !service.on_demand && (its_own || (doors && *name == names::GATEWAY))
        });
        let names = companions.map(|(name, _)| name.clone());
        std::iter::once(role.to_owned()).chain(names).collect()
    }

    /// The component that a companion asks from outside, for which it speaks; none for any other service.
    #[must_use]
    pub fn asked<'n>(&self, service: &'n str) -> Option<&'n str> {
        let companion = self.services.get(service).is_some_and(Service::is_companion);
        names::asked(service).filter(|_| companion)
    }

    /// These services and all that they wait for, directly or not.
    #[must_use]
    pub fn closure(&self, names: &[String]) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        let mut open: Vec<String> = names.to_vec();
        while let Some(name) = open.pop() {
            if let Some(service) = self.services.get(&name)
                && all.insert(name)
            {
                open.extend(service.waits_for.iter().cloned());
            }
        }
        all
    }
}

impl Service {
    /// Whether exoc added it: it is none of the application's.
    #[must_use]
    pub fn is_companion(&self) -> bool {
        self.kind == "companion"
    }
}

fn service(it: &Value) -> Service {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let label = |name: &str| it.get("labels").and_then(|labels| labels.get(name));
    let waits_for = it.get("depends_on").and_then(Value::as_object);
    Service {
        image: text(it.get("image")),
        is_built: it.get("build").is_some(),
        kind: text(label("app.kubernetes.io/component")),
        has_doors: label("exoc.doors").is_some(),
        is_watched: it.get("develop").and_then(|it| it.get("watch")).is_some(),
        on_demand: it
            .get("profiles")
            .and_then(Value::as_array)
            .is_some_and(|list| !list.is_empty()),
        ports: it
            .get("ports")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(port)
            .collect(),
        waits_for: waits_for
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default(),
    }
}

fn port(it: &Value) -> Option<Port> {
    let published = it.get("published")?;
    let number = published
        .as_str()
        .and_then(|text| text.parse().ok())
        .or_else(|| published.as_u64().and_then(|number| u16::try_from(number).ok()))?;
    let text = |name: &str| {
        it.get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    Some(Port {
        address: text("host_ip"),
        number,
        protocol: text("protocol"),
    })
}

#[cfg(test)]
mod tests {
    use super::{Model, Port};

    fn model() -> Model {
        Model::read(
            r#"{"services": {
              "web": {"image": "a", "build": {}, "labels": {"exoc.doors": "x", "app.kubernetes.io/component": "server"},
                      "depends_on": {"db_health": {}}, "ports": [{"published": "80", "host_ip": "127.0.0.1", "protocol": "tcp"}]},
              "web_health": {"labels": {"app.kubernetes.io/component": "companion"}, "depends_on": {"web": {}}},
              "web-2_health": {"labels": {"app.kubernetes.io/component": "companion"}},
              "exoc_gateway": {"labels": {"app.kubernetes.io/component": "companion"}},
              "db": {"develop": {"watch": []}, "profiles": ["jobs"]},
              "db_health": {"depends_on": {"db": {}}}
            }}"#,
        )
        .unwrap()
    }

    #[test]
    fn a_role_brings_its_companions_and_the_gateway_to_it() {
        assert_eq!(model().of_role("web"), ["web", "exoc_gateway", "web_health"]);
        assert_eq!(model().of_role("db"), ["db"]);
    }

    #[test]
    fn a_closure_follows_what_is_waited_for() {
        let all: Vec<String> = model().closure(&["web".to_owned()]).into_iter().collect();
        assert_eq!(all, ["db", "db_health", "web"]);
    }

    #[test]
    fn ports_and_marks_are_read() {
        let model = model();
        let web = &model.services["web"];
        let port = Port {
            address: "127.0.0.1".into(),
            number: 80,
            protocol: "tcp".into(),
        };
        assert_eq!(web.ports, [port]);
        assert!(web.is_built && web.has_doors && !web.is_watched && !web.on_demand);
        let db = &model.services["db"];
        assert!(db.is_watched && db.on_demand && !db.is_built);
    }
}
