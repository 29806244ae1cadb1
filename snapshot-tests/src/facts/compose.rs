//! Facts of a docker-compose project.

use super::{
    Capabilities, Component, Door, Edge, Entrance, Facts, Files, Health, Image, Leave, Part, Port, Probe,
    Run, Scale, Start, Transport, Value, Wire, haproxy, probe, suites, volumes, yaml,
};
mod files;
mod names;
pub(super) use files::statements;

use std::collections::{BTreeMap, BTreeSet};
use yaml_rust2::Yaml;

const FILE: &str = "compose.yaml";

/// So many networks may a project make: docs/targets/compose.md.
pub(super) const MOST_NETWORKS: usize = 8;

/// What a variable of `.env` is, by what compose says when it is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Supplied,
    Generated,
    Image,
}

/// Reads the files of one project.
///
/// # Errors
///
/// If a file is no YAML, or says something that there is no fact for.
pub fn facts(files: &Files) -> Result<Facts, String> {
    let documents = yaml::documents(FILE, super::text(files, FILE)?)?;
    let [project] = documents.as_slice() else {
        return Err(format!("{FILE} is not one document"));
    };
    let name = yaml::string(&project["name"], "name")?;
    let services: BTreeMap<&str, &Yaml> = yaml::entries(&project["services"], "services")?
        .into_iter()
        .collect();
    suites::check(files, name, &services)?;
    let mut facts = Facts {
        before: before(&services)?,
        ..Facts::default()
    };
    for (role, service) in services.iter().filter(|(role, _)| !role.contains('_')) {
        let companion = services.get(format!("{role}_health").as_str()).copied();
        let component =
            component(name, role, service, companion).map_err(|error| format!("{role}: {error}"))?;
        let files =
            files::files(role, service, &services, files).map_err(|error| format!("{role}: {error}"))?;
        let component = Component { files, ..component };
        facts.components.insert((*role).to_owned(), component);
    }
    for (role, service) in services.iter().filter(|(role, _)| role.contains('_')) {
        if role.ends_with("_volumes") {
            volumes::given(role, &services)?;
        } else {
            let of = ["_health", "_files"]
                .iter()
                .find_map(|suffix| role.strip_suffix(suffix));
            if !of.is_some_and(|of| services.contains_key(of))
                && !["exoc_deployed", "exoc_gateway"].contains(role)
            {
                return Err(format!("the companion `{role}` is not known"));
            }
        }
        only_loopback(role, service)?;
    }
    let members = members(&project["networks"], &services)?;
    facts.names = names::names(&services)?;
    facts.edges = edges(&facts.components, &members);
    facts.joined = joined_networks(&project["networks"], &members, &facts.components)?;
    for role in members.get("exoc_internet").into_iter().flatten() {
        facts.leaves.insert((role.clone(), Leave::Any));
    }
    add_doors(&mut facts, &services, &members, files)?;
    for (name, purpose) in variables(project)? {
        match purpose {
            Purpose::Image => continue,
            Purpose::Generated => {}
            Purpose::Supplied => drop(facts.supplied.insert(name.clone())),
        }
        facts.stored.insert(name);
    }
    Ok(facts)
}

fn component(
    project: &str,
    role: &str,
    service: &Yaml,
    companion: Option<&Yaml>,
) -> Result<Component, String> {
    let limits = &service["deploy"]["resources"]["limits"];
    let replicas = &service["deploy"]["replicas"];
    let replicas = if yaml::present(replicas) {
        yaml::number(replicas, "replicas")?
    } else {
        1
    };
    let environment = yaml::entries(&service["environment"], "environment")?;
    let is = |key: &str| service[key].as_bool() == Some(true);
    if is("init") {
        return Err("another process runs as number 1".to_owned());
    }
    if !yaml::strings(&service["security_opt"], "security_opt")?.contains("no-new-privileges:true") {
        return Err("it may gain privileges".to_owned());
    }
    Ok(Component {
        image: image(project, service)?,
        entrypoint: yaml::values(&service["entrypoint"], "entrypoint", interpolated)?,
        command: yaml::values(&service["command"], "command", interpolated)?,
        environment: environment
            .into_iter()
            .map(|(name, value)| Ok((name.to_owned(), interpolated(yaml::string(value, name)?)?)))
            .collect::<Result<_, String>>()?,
        writable: writable(service)?,
        files: BTreeMap::new(),
        volumes: super::volumes::lasting(service)?,
        ports: ports(&service["labels"]["exoc.ports"])?,
        user: user(service)?,
        root_writable: !is("read_only"),
        capabilities: Capabilities::after(
            &yaml::strings(&service["cap_drop"], "cap_drop")?,
            &yaml::strings(&service["cap_add"], "cap_add")?,
        ),
        privileged: is("privileged"),
        low_ports: low_ports(service)?,
        cpu: yaml::cores(&limits["cpus"], "cpus")?,
        memory: yaml::bytes(&limits["memory"], "memory")?,
        // What has a fixed name and volumes of its own is stopped before its successor starts.
        scale: Scale::fixed(replicas, false),
        health: health(role, service, companion)?,
        shutdown: yaml::seconds(&service["stop_grace_period"], "stop_grace_period")?,
        run: run(&service["labels"]["exoc.run"])?.map(|(run, _)| run),
        owner: service["labels"]["owner"].as_str().map(plain).transpose()?,
    })
}

/// The label of a job, and its rank: `timeout=1800s retries=0 schedule=0 3 * * *`,
/// `timeout=1800s retries=0 when=before-deploy rank=0`.
fn run(label: &Yaml) -> Result<Option<(Run, u64)>, String> {
    let Some(text) = label.as_str() else {
        return Ok(None);
    };
    let bad = || format!("the job `{text}`");
    let word = |name: &str| text.split(' ').find_map(|word| word.strip_prefix(name));
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).ok_or_else(bad);
    let start = match (text.split_once(" schedule="), word("when=")) {
        (Some((_, fields)), None) => {
            let fields: Vec<&str> = fields.split(' ').collect();
            let fields = <[&str; 5]>::try_from(fields).map_err(|_| bad())?;
            Start::schedule(fields)?
        }
        (None, Some("before-deploy")) => Start::Before,
        (None, Some("after-deploy")) => Start::After,
        (None, Some("on-demand")) => Start::OnDemand,
        _ => return Err(bad()),
    };
    let run = Run {
        timeout: number(word("timeout=").and_then(|text| text.strip_suffix('s')))?,
        retries: number(word("retries="))?,
        start,
    };
    let rank = match run.start {
        Start::Before => number(word("rank="))?,
        Start::Schedule(_) | Start::After | Start::OnDemand => 0,
    };
    Ok(Some((run, rank)))
}

/// Jobs before a deployment, by rank and then by role.
fn before(services: &BTreeMap<&str, &Yaml>) -> Result<Vec<String>, String> {
    let mut jobs = Vec::new();
    for (role, service) in services {
        if let Some((run, rank)) = run(&service["labels"]["exoc.run"])?
            && run.start == Start::Before
        {
            jobs.push((rank, (*role).to_owned()));
        }
    }
    jobs.sort();
    Ok(jobs.into_iter().map(|(_, role)| role).collect())
}

/// A text as compose reads it: `$$` is `$`, `${NAME:?complaint}` a variable that must be there.
fn interpolated(text: &str) -> Result<Value, String> {
    let mut value = Value::default();
    for piece in pieces(text)? {
        value.push(match piece {
            Piece::Text(text) => Part::Text(text),
            Piece::Variable(name, _) => Part::Secret(name),
        });
    }
    Ok(value)
}

enum Piece {
    Text(String),
    Variable(String, String),
}

fn pieces(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        pieces.push(Piece::Text(rest.get(..at).unwrap_or_default().to_owned()));
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('$') {
            pieces.push(Piece::Text("$".to_owned()));
            rest = after;
        } else if let Some((inside, after)) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            let (name, complaint) = inside
                .split_once(":?")
                .ok_or_else(|| format!("`{inside}` may be missing without a word"))?;
            pieces.push(Piece::Variable(name.to_owned(), complaint.to_owned()));
            rest = after;
        } else {
            return Err(format!("a `$` alone in {text:?}"));
        }
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

/// A text in which nothing is filled in.
fn plain(text: &str) -> Result<String, String> {
    let value = interpolated(text)?;
    match value.parts() {
        [] => Ok(String::new()),
        [Part::Text(text)] => Ok(text.clone()),
        _ => Err(format!("a plain text is expected, not {value}")),
    }
}

/// All variables of the project, with what they are for.
fn variables(node: &Yaml) -> Result<BTreeMap<String, Purpose>, String> {
    let mut found = BTreeMap::new();
    if let Some(text) = node.as_str() {
        for piece in pieces(text)? {
            if let Piece::Variable(name, complaint) = piece {
                found.insert(name, purpose(&complaint));
            }
        }
    }
    for item in node.as_vec().into_iter().flatten() {
        found.extend(variables(item)?);
    }
    for (_, value) in node.as_hash().into_iter().flatten() {
        found.extend(variables(value)?);
    }
    Ok(found)
}

fn purpose(complaint: &str) -> Purpose {
    if complaint.ends_with("with its tag or digest") {
        Purpose::Image
    } else if complaint.ends_with("letters and digits") {
        Purpose::Generated
    } else {
        Purpose::Supplied
    }
}

fn image(project: &str, service: &Yaml) -> Result<Image, String> {
    let text = yaml::string(&service["image"], "image")?;
    if yaml::present(&service["build"]) {
        // In the local environment the project is called as the application, and no registry holds the image.
        let name = plain(text)?;
        let name = name.strip_suffix(":local");
        let name = name.and_then(|name| name.strip_prefix(&format!("{project}-")));
        return name
            .map(|name| Image::Built(name.to_owned()))
            .ok_or_else(|| format!("the image `{text}`"));
    }
    let pieces: Vec<Piece> = pieces(text)?
        .into_iter()
        .filter(|piece| !matches!(piece, Piece::Text(text) if text.is_empty()))
        .collect();
    match pieces.as_slice() {
        [Piece::Variable(name, complaint)] if purpose(complaint) == Purpose::Image => {
            let name = name
                .strip_suffix("_IMAGE")
                .ok_or_else(|| format!("the image is `{name}`"))?;
            Ok(Image::Built(name.to_lowercase().replace('_', "-")))
        }
        _ => plain(text).map(Image::Pinned),
    }
}

fn writable(service: &Yaml) -> Result<BTreeMap<String, u64>, String> {
    let mut writable = BTreeMap::new();
    for mount in yaml::list(&service["tmpfs"], "tmpfs")? {
        let mount = plain(yaml::string(mount, "tmpfs")?)?;
        let (path, options) = mount
            .split_once(':')
            .ok_or_else(|| format!("`{mount}` has no size"))?;
        let options: Vec<&str> = options.split(',').collect();
        let size = options.iter().find_map(|option| option.strip_prefix("size="));
        if !options.contains(&"exec") || !options.contains(&"mode=1777") {
            return Err(format!("`{path}` is not for everybody: {options:?}"));
        }
        let size = size.ok_or_else(|| format!("`{mount}` has no size"))?;
        writable.insert(
            path.to_owned(),
            yaml::bytes(&Yaml::String(size.to_owned()), "tmpfs")?,
        );
    }
    Ok(writable)
}

/// Reads `http=4000/http grpc=5000/grpc`.
fn ports(label: &Yaml) -> Result<BTreeSet<Port>, String> {
    let Some(text) = label.as_str() else {
        return Ok(BTreeSet::new());
    };
    let port = |word: &str| {
        let bad = || format!("the port `{word}`");
        let (name, rest) = word.split_once('=').ok_or_else(bad)?;
        let (number, protocol) = rest.split_once('/').ok_or_else(bad)?;
        let (transport, wire) = match protocol {
            "http" => (Transport::Tcp, Wire::Http1),
            "http2" | "grpc" => (Transport::Tcp, Wire::H2c),
            "tcp" => (Transport::Tcp, Wire::Plain),
            "udp" => (Transport::Udp, Wire::Plain),
            _ => return Err(bad()),
        };
        Ok(Port {
            name: name.to_owned(),
            number: number.parse().map_err(|_| bad())?,
            transport,
            wire,
        })
    };
    text.split_whitespace().map(port).collect()
}

pub(super) fn user(service: &Yaml) -> Result<Option<(u32, u32)>, String> {
    let Some(text) = service["user"].as_str() else {
        return Ok(None);
    };
    let bad = || format!("the user `{text}`");
    let (user, group) = text.split_once(':').ok_or_else(bad)?;
    Ok(Some((
        user.parse().map_err(|_| bad())?,
        group.parse().map_err(|_| bad())?,
    )))
}

fn low_ports(service: &Yaml) -> Result<bool, String> {
    let mut low = false;
    for (key, value) in yaml::entries(&service["sysctls"], "sysctls")? {
        match (key, value.as_str()) {
            ("net.ipv4.ip_unprivileged_port_start", Some("0")) => low = true,
            other => return Err(format!("the kernel parameter {other:?}")),
        }
    }
    Ok(low)
}

/// The service's own check, or the one that its companion makes.
fn health(role: &str, service: &Yaml, companion: Option<&Yaml>) -> Result<Option<Health>, String> {
    let own = &service["healthcheck"];
    let (node, asked_from_outside) = match companion {
        Some(_) if yaml::present(own) => return Err("it is asked from inside and from outside".to_owned()),
        Some(companion) => (&companion["healthcheck"], true),
        None if yaml::present(own) => (own, false),
        None => return Ok(None),
    };
    let mut words = yaml::values(&node["test"], "test", interpolated)?.ok_or("a check asks nothing")?;
    if words.is_empty() || words.remove(0) != Value::text("CMD") {
        return Err("a check runs in a shell".to_owned());
    }
    let timeout = yaml::seconds(&node["timeout"], "timeout")?;
    let (probe, port) = if asked_from_outside {
        let asked = probe::asked(&words)?;
        if asked.host != role || asked.timeout != timeout {
            return Err(format!(
                "its companion asks `{}` for {} s",
                asked.host, asked.timeout
            ));
        }
        (asked.probe, Some(asked.port))
    } else {
        (Probe::Command(words), None)
    };
    Ok(Some(Health {
        probe,
        port,
        interval: yaml::seconds(&node["interval"], "interval")?,
        timeout,
        retries: yaml::number(&node["retries"], "retries")?,
        start: yaml::seconds(&node["start_period"], "start_period")?,
    }))
}

/// Members of every network; of networks of components only those that lead nowhere else.
fn members(
    networks: &Yaml,
    services: &BTreeMap<&str, &Yaml>,
) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let mut members: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (role, service) in services {
        let joined = joined(&service["networks"], role)?;
        if joined.is_empty() && service["network_mode"].as_str() != Some("none") {
            return Err(format!("`{role}` is on the default network"));
        }
        for network in joined {
            members.entry(network).or_default().insert((*role).to_owned());
        }
    }
    for (name, network) in yaml::entries(networks, "networks")? {
        let internal = network["internal"].as_bool() == Some(true);
        let options = &network["driver_opts"]["com.docker.network.bridge.enable_ip_masquerade"];
        let fits = match name {
            "exoc_internet" => !internal,
            name if name.starts_with("exoc_entry") => !internal && options.as_str() == Some("false"),
            _ => internal,
        };
        if !fits {
            return Err(format!("the network `{name}` leads elsewhere than its name says"));
        }
    }
    match members
        .keys()
        .find(|name| !yaml::present(&networks[name.as_str()]))
    {
        Some(unknown) => Err(format!("there is no network `{unknown}`")),
        None => Ok(members),
    }
}

/// The components of each network that stands for several.
fn joined_networks(
    networks: &Yaml,
    members: &BTreeMap<String, BTreeSet<String>>,
    components: &BTreeMap<String, Component>,
) -> Result<BTreeSet<BTreeSet<String>>, String> {
    let all = yaml::entries(networks, "networks")?;
    if all.len() > MOST_NETWORKS {
        return Err(format!("the project makes {} networks", all.len()));
    }
    let joined = all.into_iter().filter(|(name, _)| is_joined(name));
    let of_network = |(name, _): (&str, &Yaml)| {
        let members = members.get(name).into_iter().flatten();
        members
            .filter(|role| components.contains_key(*role))
            .cloned()
            .collect()
    };
    Ok(joined.map(of_network).collect())
}

/// Whether a network stands for several with different members.
pub(super) fn is_joined(network: &str) -> bool {
    network == "exoc_components"
        || ["exoc_shared_", "exoc_entry_shared_"]
            .iter()
            .any(|start| network.starts_with(start))
}

/// The networks of a service: a list of names, or names with what each holds besides, which is other names of the service.
pub(super) fn joined(networks: &Yaml, role: &str) -> Result<BTreeSet<String>, String> {
    if networks.as_hash().is_none() {
        return yaml::strings(networks, role);
    }
    let mut joined = BTreeSet::new();
    for (network, settings) in yaml::entries(networks, role)? {
        for (key, _) in yaml::entries(settings, network)? {
            if key != "aliases" {
                return Err(format!("`{role}` joins a network with `{key}`"));
            }
        }
        joined.insert(network.to_owned());
    }
    Ok(joined)
}

/// Whoever shares a network can connect to any port of the other.
fn edges(
    components: &BTreeMap<String, Component>,
    members: &BTreeMap<String, BTreeSet<String>>,
) -> BTreeSet<Edge> {
    let mut edges = BTreeSet::new();
    // Containers on a network that lets out and in can reach each other there as well.
    for members in members.values() {
        for (to, component) in components.iter().filter(|(role, _)| members.contains(*role)) {
            for from in members
                .iter()
                .filter(|from| *from != to && components.contains_key(*from))
            {
                for port in &component.ports {
                    edges.insert(Edge {
                        from: from.clone(),
                        to: to.clone(),
                        number: port.number,
                        transport: port.transport,
                    });
                }
            }
        }
    }
    edges
}

/// Ports of the machine, and what the gateway behind one of them does.
fn add_doors(
    facts: &mut Facts,
    services: &BTreeMap<&str, &Yaml>,
    members: &BTreeMap<String, BTreeSet<String>>,
    files: &Files,
) -> Result<(), String> {
    for (role, service) in services {
        for (number, transport) in published(role, service)? {
            let outward = members.iter().any(|(network, members)| {
                let leads = network == "exoc_internet" || network.starts_with("exoc_entry");
                leads && members.contains(*role)
            });
            if !outward {
                return Err(format!(
                    "`{role}` publishes a port over networks that lead nowhere"
                ));
            }
            if *role == "exoc_gateway" {
                add_gateway(facts, service, number, members, files)?;
                continue;
            }
            facts.entries.insert(((*role).to_owned(), number, transport));
            let role = (*role).to_owned();
            facts.doors.insert(Door {
                entrance: Entrance::Machine(transport),
                role,
                number,
            });
        }
    }
    Ok(())
}

fn add_gateway(
    facts: &mut Facts,
    service: &Yaml,
    published: u16,
    members: &BTreeMap<String, BTreeSet<String>>,
    files: &Files,
) -> Result<(), String> {
    let mounts = yaml::list(&service["volumes"], "volumes")?;
    let configuration = mounts
        .iter()
        .find(|mount| mount["target"].as_str() == Some("/usr/local/etc/haproxy/haproxy.cfg"))
        .ok_or("the gateway has no configuration")?;
    let path = yaml::string(&configuration["source"], "source")?;
    let gateway = haproxy::read(super::text(files, path.trim_start_matches("./"))?)?;
    if gateway.port != published {
        return Err(format!(
            "the gateway listens on {}, not on {published}",
            gateway.port
        ));
    }
    for way in gateway.ways {
        let shared = members
            .values()
            .any(|members| members.contains("exoc_gateway") && members.contains(&way.role));
        if !shared {
            return Err(format!("the gateway cannot reach `{}`", way.role));
        }
        facts
            .entries
            .insert((way.role.clone(), way.number, Transport::Tcp));
        let entrance = Entrance::Route {
            host: way.host,
            path: way.path,
            strip: way.strip,
            wire: way.wire,
        };
        facts.doors.insert(Door {
            entrance,
            role: way.role,
            number: way.number,
        });
    }
    Ok(())
}

/// The ports of a container that are ports of the machine.
fn published(role: &str, service: &Yaml) -> Result<Vec<(u16, Transport)>, String> {
    only_loopback(role, service)?;
    let read = |node: &Yaml| {
        let text = yaml::string(node, role)?;
        let (address, transport) = match text.split_once('/') {
            Some((address, transport)) => (address, Transport::read(transport)?),
            None => (text, Transport::Tcp),
        };
        let number = address.rsplit(':').next().and_then(|number| number.parse().ok());
        number
            .map(|number| (number, transport))
            .ok_or_else(|| format!("`{role}` publishes `{text}`"))
    };
    yaml::list(&service["ports"], role)?.iter().map(read).collect()
}

fn only_loopback(role: &str, service: &Yaml) -> Result<(), String> {
    for port in yaml::list(&service["ports"], role)? {
        if !port.as_str().is_some_and(|text| text.starts_with("127.0.0.1:")) {
            return Err(format!("`{role}` publishes {port:?} to the world"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Value, interpolated};
    use crate::facts::Part;

    #[test]
    fn dollars_are_read_as_compose_reads_them() {
        assert_eq!(interpolated("$$HOME $$$$"), Ok(Value::text("$HOME $$")));
        let expected = [
            Part::Text("a".into()),
            Part::Secret("KEY".into()),
            Part::Text("b".into()),
        ];
        assert_eq!(
            interpolated("a${KEY:?set KEY in .env}b"),
            Ok(expected.into_iter().collect())
        );
        assert!(interpolated("${KEY}").is_err());
        assert!(interpolated("$KEY").is_err());
    }
}
