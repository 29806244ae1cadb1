//! Task definitions and the services and jobs that run them, as components.

use super::entry::Balancer;
use super::files::{self, Built};
use super::job::{self, Machine};
use super::module::{Module, Piece, Term};
use super::{secret, volume};
use crate::facts::{
    Capabilities, Component, File, Health, Image, Port, Probe, Scale, Transport, Value, Wire, probe,
};
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

/// A service of ECS, or a job, with its task definition and its containers.
pub(super) struct Task<'a> {
    pub(super) role: String,
    /// None for a job.
    pub(super) service: Option<&'a Body>,
    /// None for a service.
    pub(super) job: Option<Machine>,
    pub(super) definition: &'a Body,
    container: Term,
    companions: Vec<Term>,
}

impl Task<'_> {
    /// The key of the variable `images` that says what it runs, if one does.
    pub(super) fn input(&self) -> Option<String> {
        files::key(self.container.get("image")?)
    }
}

/// All services of ECS and all jobs, by their address.
pub(super) fn all(module: &Module) -> Result<BTreeMap<String, Task<'_>>, String> {
    let mut tasks = BTreeMap::new();
    let mut defined: BTreeSet<&str> = module
        .all("aws_ecs_task_definition")
        .map(|(address, _)| address)
        .collect();
    for (address, service) in module.all("aws_ecs_service") {
        let term = module.required(service, "task_definition", address)?;
        let definition = match term.reference().map(secret::parts).as_deref() {
            Some(["aws_ecs_task_definition", definition, "arn"]) => (*definition).to_owned(),
            _ => return Err(format!("the service `{address}` runs {term:?}")),
        };
        defined.remove(definition.as_str());
        let task = task(module, &definition, Some(service), None)?;
        tasks.insert(address.to_owned(), task);
    }
    for (address, body) in module.all("aws_sfn_state_machine") {
        let machine = job::machine(module, address, body)?;
        let definition = machine.definition.clone();
        defined.remove(definition.as_str());
        let task = task(module, &definition, None, Some(machine))?;
        if tasks.insert(address.to_owned(), task).is_some() {
            return Err(format!("`{address}` is a service and a job"));
        }
    }
    match defined.first() {
        Some(left) => Err(format!("nothing runs the task definition `{left}`")),
        None => Ok(tasks),
    }
}

fn task<'a>(
    module: &'a Module,
    definition: &str,
    service: Option<&'a Body>,
    job: Option<Machine>,
) -> Result<Task<'a>, String> {
    let body = module
        .block(&["aws_ecs_task_definition", definition])
        .ok_or_else(|| format!("there is no task definition `{definition}`"))?;
    let term = module.required(body, "container_definitions", definition)?;
    let Some([Term::List(containers)]) = term.call("jsonencode") else {
        return Err(format!("the containers of `{definition}`: {term:?}"));
    };
    let is_companion = |container: &Term| name(container).is_some_and(|name| name.starts_with("exoc-"));
    let (companions, own): (Vec<&Term>, Vec<&Term>) = containers.iter().partition(|c| is_companion(c));
    let [container] = own.as_slice() else {
        return Err(format!(
            "`{definition}` has {} containers of the application",
            own.len()
        ));
    };
    Ok(Task {
        role: name(container).ok_or_else(|| format!("a container of `{definition}` has no name"))?,
        service,
        job,
        definition: body,
        container: (*container).clone(),
        companions: companions.into_iter().cloned().collect(),
    })
}

fn name(container: &Term) -> Option<String> {
    container.get("name")?.plain()
}

/// The component that a service of ECS runs.
pub(super) fn component(
    module: &Module,
    task: &Task<'_>,
    balancer: &Balancer,
    built: &BTreeMap<String, Built>,
    owner: Option<&str>,
) -> Result<Component, String> {
    let in_role = |error| format!("{}: {error}", task.role);
    build(module, task, balancer, built, owner).map_err(in_role)
}

fn build(
    module: &Module,
    task: &Task<'_>,
    balancer: &Balancer,
    built: &BTreeMap<String, Built>,
    owner: Option<&str>,
) -> Result<Component, String> {
    let container = &task.container;
    let groups = match (task.service, &task.job) {
        (Some(service), _) => volume::groups(module, service)?,
        (None, Some(machine)) => machine.groups.clone(),
        (None, None) => return Err("nothing runs it".to_owned()),
    };
    let (image, mut found) = image(container, built)?;
    found.extend(files::written(
        module,
        task.definition,
        container,
        &task.companions,
    )?);
    secret::check_readable(module, task.definition, container)?;
    let linux = container.get("linuxParameters");
    Ok(Component {
        image,
        entrypoint: arguments(module, container.get("entryPoint"))?,
        command: arguments(module, container.get("command"))?,
        environment: variables(module, container)?,
        writable: writable(linux)?,
        ports: ports(container)?,
        user: user(container)?,
        root_writable: !truth(container.get("readonlyRootFilesystem"), false)?,
        capabilities: capabilities(linux.and_then(|linux| linux.get("capabilities")))?,
        privileged: truth(container.get("privileged"), false)?,
        files: found,
        volumes: volume::lasting(module, &groups, task.definition, container)?,
        low_ports: low_ports(container)?,
        // Units of 1/1024 core.
        cpu: module.number(task.definition, "cpu", "the task")? * 1000 / 1024,
        memory: module.number(task.definition, "memory", "the task")? << 20,
        scale: scale(module, task)?,
        health: health(module, task, balancer)?,
        shutdown: number(container.get("stopTimeout"), "stopTimeout")?,
        run: task.job.as_ref().map(|machine| machine.run.clone()),
        owner: owner.map(str::to_owned),
    })
}

/// What a container runs, and the files in its layer.
fn image(
    container: &Term,
    built: &BTreeMap<String, Built>,
) -> Result<(Image, BTreeMap<String, File>), String> {
    let term = container.get("image").ok_or("no image")?;
    if let Some(key) = files::key(term) {
        let built = built
            .get(&key)
            .ok_or_else(|| format!("nobody says how `{key}` is built"))?;
        let user = container.get("user").and_then(Term::plain);
        built.check_user(user.as_deref())?;
        return Ok((built.image.clone(), built.files.clone()));
    }
    term.plain()
        .map(|reference| (Image::Pinned(reference), BTreeMap::new()))
        .ok_or_else(|| format!("the image is {term:?}"))
}

fn value(module: &Module, term: &Term) -> Result<Value, String> {
    let pieces = term
        .pieces()
        .ok_or_else(|| format!("a text is expected, not {term:?}"))?;
    let mut value = Value::default();
    for piece in &pieces {
        value.extend(secret::piece(module, piece)?);
    }
    Ok(value)
}

pub(super) fn arguments(module: &Module, term: Option<&Term>) -> Result<Option<Vec<Value>>, String> {
    let Some(term) = term else { return Ok(None) };
    let items = term
        .list()
        .ok_or_else(|| format!("a list is expected, not {term:?}"))?;
    items
        .iter()
        .map(|item| value(module, item))
        .collect::<Result<_, _>>()
        .map(Some)
}

pub(super) fn variables(module: &Module, container: &Term) -> Result<BTreeMap<String, Value>, String> {
    let mut variables = BTreeMap::new();
    for (list, key) in [("environment", "value"), ("secrets", "valueFrom")] {
        for entry in container.get(list).and_then(Term::list).unwrap_or_default() {
            let name = name(entry).ok_or_else(|| format!("a variable has no name: {entry:?}"))?;
            let term = entry.get(key).ok_or_else(|| format!("`{name}` has no `{key}`"))?;
            let read = if key == "value" {
                value(module, term)
            } else {
                secret::value_from(module, term)
            };
            let read = read.map_err(|error| format!("`{name}`: {error}"))?;
            if variables.insert(name.clone(), read).is_some() {
                return Err(format!("`{name}` is there twice"));
            }
        }
    }
    Ok(variables)
}

/// Where a volume of the task lies in a container.
pub(super) struct Mount {
    pub(super) volume: String,
    pub(super) path: String,
    pub(super) read_only: bool,
}

/// All mounts of a container.
pub(super) fn mounts(container: &Term) -> Result<Vec<Mount>, String> {
    let mounts = container.get("mountPoints").and_then(Term::list);
    let mount = |mount: &Term| {
        let word = |key| {
            let word = mount.get(key).and_then(Term::plain);
            word.ok_or_else(|| format!("a mount has no {key}: {mount:?}"))
        };
        Ok(Mount {
            volume: word("sourceVolume")?,
            path: word("containerPath")?,
            read_only: truth(mount.get("readOnly"), false)?,
        })
    };
    mounts.unwrap_or_default().iter().map(mount).collect()
}

fn writable(linux: Option<&Term>) -> Result<BTreeMap<String, u64>, String> {
    let folders = linux
        .and_then(|linux| linux.get("tmpfs"))
        .and_then(Term::list)
        .unwrap_or_default();
    let mut writable = BTreeMap::new();
    for folder in folders {
        let path = folder
            .get("containerPath")
            .and_then(Term::plain)
            .ok_or("a folder in memory has no path")?;
        let options = texts(folder.get("mountOptions"))?;
        if !options.contains("exec") || !options.contains("mode=1777") {
            return Err(format!("`{path}` is not for everybody: {options:?}"));
        }
        writable.insert(path, number(folder.get("size"), "size")? << 20);
    }
    Ok(writable)
}

fn ports(container: &Term) -> Result<BTreeSet<Port>, String> {
    let mappings = container
        .get("portMappings")
        .and_then(Term::list)
        .unwrap_or_default();
    let port = |mapping: &Term| {
        let transport = mapping
            .get("protocol")
            .and_then(Term::plain)
            .ok_or("a port has no protocol")?;
        let protocol = mapping.get("appProtocol").and_then(Term::plain);
        Ok(Port {
            name: name(mapping).ok_or("a port has no name")?,
            number: port_number(mapping.get("containerPort"))?,
            transport: Transport::read(&transport)?,
            wire: match protocol.as_deref() {
                None => Wire::Plain,
                Some("http") => Wire::Http1,
                Some("http2" | "grpc") => Wire::H2c,
                Some(other) => return Err(format!("the protocol `{other}`")),
            },
        })
    };
    mappings.iter().map(port).collect()
}

fn user(container: &Term) -> Result<Option<(u32, u32)>, String> {
    let Some(text) = container.get("user").and_then(Term::plain) else {
        return Ok(None);
    };
    let bad = || format!("the user `{text}`");
    let (user, group) = text.split_once(':').ok_or_else(bad)?;
    Ok(Some((
        user.parse().map_err(|_| bad())?,
        group.parse().map_err(|_| bad())?,
    )))
}

fn capabilities(term: Option<&Term>) -> Result<Capabilities, String> {
    let drop = texts(term.and_then(|term| term.get("drop")))?;
    let add = texts(term.and_then(|term| term.get("add")))?;
    Ok(Capabilities::after(&drop, &add))
}

fn low_ports(container: &Term) -> Result<bool, String> {
    let controls = container
        .get("systemControls")
        .and_then(Term::list)
        .unwrap_or_default();
    let mut low = false;
    for control in controls {
        let key = control.get("namespace").and_then(Term::plain);
        let value = control.get("value").and_then(Term::plain);
        match (key.as_deref(), value.as_deref()) {
            (Some("net.ipv4.ip_unprivileged_port_start"), Some("0")) => low = true,
            _ => return Err(format!("the kernel parameter {control:?}")),
        }
    }
    Ok(low)
}

/// How many run: the service's number, or an autoscaler's bounds and goals.
fn scale(module: &Module, task: &Task<'_>) -> Result<Scale, String> {
    // One run at a time.
    let Some(body) = task.service else {
        return Ok(Scale::fixed(1, false));
    };
    let percent = |key| module.number(body, key, "the service");
    let overlap = match (
        percent("deployment_minimum_healthy_percent")?,
        percent("deployment_maximum_percent")?,
    ) {
        (100, 200) => true,
        (0, 100) => false,
        other => return Err(format!("a deployment between {other:?} percent")),
    };
    let number = module.number(body, "desired_count", "the service")?;
    let mut scale = Scale::fixed(number, overlap);
    for (address, target) in module.all("aws_appautoscaling_target") {
        let resource = module.required(target, "resource_id", address)?;
        let name = module.plain(body, "name", "the service")?;
        // The cluster may be one that the module only refers to.
        let scaled = match resource.pieces().as_deref() {
            Some([.., Piece::Literal(end)]) => end.clone(),
            _ => return Err(format!("`{address}` scales {resource:?}")),
        };
        if scaled.rsplit('/').next() != Some(&name) {
            continue;
        }
        scale.min = module.number(target, "min_capacity", address)?;
        scale.max = module.number(target, "max_capacity", address)?;
        for (policy, body) in module.all("aws_appautoscaling_policy") {
            if module.required(body, "resource_id", policy)? == resource {
                add_goal(module, policy, body, &mut scale)?;
            }
        }
    }
    Ok(scale)
}

fn add_goal(module: &Module, address: &str, body: &Body, scale: &mut Scale) -> Result<(), String> {
    let inner = |body: &Body, name: &str| {
        let found = body
            .blocks()
            .find(|block| block.identifier() == name)
            .map(|block| block.body.clone());
        found.ok_or_else(|| format!("the policy `{address}` has no {name}"))
    };
    let tracking = inner(body, "target_tracking_scaling_policy_configuration")?;
    let metric = inner(&tracking, "predefined_metric_specification")?;
    let metric = module.plain(&metric, "predefined_metric_type", address)?;
    let goal = module.number(&tracking, "target_value", address)?;
    match metric.as_str() {
        "ECSServiceAverageCPUUtilization" => scale.cpu = Some(goal),
        "ECSServiceAverageMemoryUtilization" => scale.memory = Some(goal),
        // The metric counts per minute.
        "ALBRequestCountPerTarget" => scale.requests = Some(goal / 60),
        other => return Err(format!("the metric `{other}`")),
    }
    Ok(())
}

/// A check inside, by the companion, or by the balancer.
fn health(module: &Module, task: &Task<'_>, balancer: &Balancer) -> Result<Option<Health>, String> {
    if let Some(check) = task.container.get("healthCheck") {
        let (words, health) = check_numbers(module, check)?;
        return Ok(Some(Health {
            probe: Probe::Command(words),
            ..health
        }));
    }
    for companion in &task.companions {
        let Some(check) = companion.get("healthCheck") else {
            continue;
        };
        if !truth(companion.get("essential"), true)? {
            return Err("the container that asks is not essential".to_owned());
        }
        let (words, health) = check_numbers(module, check)?;
        let asked = probe::asked(&words)?;
        if asked.host != "127.0.0.1" || asked.timeout != health.timeout {
            return Err(format!(
                "the container that asks asks {} for {} s",
                asked.host, asked.timeout
            ));
        }
        return Ok(Some(Health {
            probe: asked.probe,
            port: Some(asked.port),
            ..health
        }));
    }
    match task.service {
        Some(service) => balancer.health(module, service, &task.container),
        None => Ok(None),
    }
}

fn check_numbers(module: &Module, check: &Term) -> Result<(Vec<Value>, Health), String> {
    let mut words = arguments(module, check.get("command"))?.ok_or("a check has no command")?;
    if words.is_empty() || words.remove(0) != Value::text("CMD") {
        return Err("a check runs in a shell".to_owned());
    }
    let health = Health {
        probe: Probe::Lenient,
        port: None,
        interval: number(check.get("interval"), "interval")?,
        timeout: number(check.get("timeout"), "timeout")?,
        retries: number(check.get("retries"), "retries")?,
        start: number(check.get("startPeriod"), "startPeriod")?,
    };
    Ok((words, health))
}

fn truth(term: Option<&Term>, default: bool) -> Result<bool, String> {
    match term {
        None => Ok(default),
        Some(Term::Bool(value)) => Ok(*value),
        Some(other) => Err(format!("a truth value is expected, not {other:?}")),
    }
}

fn number(term: Option<&Term>, what: &str) -> Result<u64, String> {
    term.and_then(Term::number)
        .ok_or_else(|| format!("`{what}` is {term:?}"))
}

pub(super) fn port_number(term: Option<&Term>) -> Result<u16, String> {
    u16::try_from(number(term, "port")?).map_err(|error| error.to_string())
}

fn texts(term: Option<&Term>) -> Result<BTreeSet<String>, String> {
    let items = term.and_then(Term::list).unwrap_or_default();
    items
        .iter()
        .map(|item| {
            item.plain()
                .ok_or_else(|| format!("a text is expected, not {item:?}"))
        })
        .collect()
}
