//! The load balancer: target groups, listener rules, what it asks of a task.

use super::module::{Module, Term};
use super::secret::parts;
use super::task::{Task, port_number};
use crate::facts::{Door, Entrance, Health, Probe, Transport, Wire};
use hcl::Body;
use std::collections::{BTreeMap, BTreeSet};

/// Which port of which role a target group leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Target {
    role: String,
    number: u16,
}

/// What the balancer sends where.
#[derive(Debug, Default)]
pub(super) struct Balancer {
    targets: BTreeMap<String, Target>,
}

impl Balancer {
    /// Reads which service stands behind which target group.
    pub(super) fn read(module: &Module, tasks: &BTreeMap<String, Task<'_>>) -> Result<Self, String> {
        let mut targets = BTreeMap::new();
        for (address, task) in tasks {
            for block in task
                .service
                .into_iter()
                .flat_map(|service| blocks(service, "load_balancer"))
            {
                let group = group(module, block, "target_group_arn", address)?;
                if module.plain(block, "container_name", address)? != task.role {
                    return Err(format!("the balancer of `{address}` leads to another container"));
                }
                let number = port_number(module.attribute(block, "container_port")?.as_ref())?;
                let target = Target {
                    role: task.role.clone(),
                    number,
                };
                if targets.insert(group.clone(), target).is_some() {
                    return Err(format!("two services stand behind the target group `{group}`"));
                }
            }
        }
        match module
            .all("aws_lb_target_group")
            .find(|(address, _)| !targets.contains_key(*address))
        {
            Some((left, _)) => Err(format!("nothing stands behind the target group `{left}`")),
            None => Ok(Self { targets }),
        }
    }

    /// All doors by host and path.
    pub(super) fn doors(&self, module: &Module) -> Result<BTreeSet<Door>, String> {
        let mut doors = BTreeSet::new();
        let mut priorities = BTreeMap::new();
        for (address, rule) in module.all("aws_lb_listener_rule") {
            let priority = module.number(rule, "priority", address)?;
            let (hosts, path) = conditions(module, rule, address)?;
            let group = self.forward(module, rule, address)?;
            let body = module
                .block(&["aws_lb_target_group", &group])
                .ok_or_else(|| format!("there is no target group `{group}`"))?;
            let target = self
                .targets
                .get(&group)
                .ok_or_else(|| format!("nothing stands behind `{group}`"))?;
            let strip = strip(module, rule, &path, address)?;
            for host in hosts {
                priorities.insert((host.clone(), path.clone()), priority);
                let entrance = Entrance::Route {
                    host,
                    path: path.clone(),
                    strip,
                    wire: wire(module, body, &group)?,
                };
                doors.insert(Door {
                    entrance,
                    role: target.role.clone(),
                    number: target.number,
                });
            }
        }
        self.numbers(module, &mut doors)?;
        check_order(&priorities)?;
        check_names(module, &doors)?;
        Ok(doors)
    }

    /// Adds the doors by number: the listeners that send everything to one group.
    fn numbers(&self, module: &Module, doors: &mut BTreeSet<Door>) -> Result<(), String> {
        for (address, listener) in module.all("aws_lb_listener") {
            let transports: &[Transport] = match module.plain(listener, "protocol", address)?.as_str() {
                "HTTP" | "HTTPS" => continue,
                "TCP" => &[Transport::Tcp],
                "UDP" => &[Transport::Udp],
                "TCP_UDP" => &[Transport::Tcp, Transport::Udp],
                other => return Err(format!("the listener `{address}` carries {other}")),
            };
            let number = port_number(module.attribute(listener, "port")?.as_ref())?;
            let actions = blocks(listener, "default_action");
            let [action] = actions.as_slice() else {
                return Err(format!("the listener `{address}` has no one action"));
            };
            let group = group(module, action, "target_group_arn", address)?;
            let target = self
                .targets
                .get(&group)
                .ok_or_else(|| format!("nothing stands behind `{group}`"))?;
            for transport in transports {
                doors.insert(Door {
                    entrance: Entrance::Number(number, *transport),
                    role: target.role.clone(),
                    number: target.number,
                });
            }
        }
        Ok(())
    }

    /// Where a balancer asks and sends nothing: role and port.
    pub(super) fn asked(&self, module: &Module) -> Result<BTreeSet<(String, u16, Transport)>, String> {
        let mut asked = BTreeSet::new();
        for (group, target) in &self.targets {
            let body = module
                .block(&["aws_lb_target_group", group])
                .ok_or_else(|| format!("there is no target group `{group}`"))?;
            for check in blocks(body, "health_check") {
                let port = check_port(module, check)?.unwrap_or(target.number);
                asked.insert((target.role.clone(), port, Transport::Tcp));
            }
        }
        Ok(asked)
    }

    fn forward(&self, module: &Module, rule: &Body, address: &str) -> Result<String, String> {
        let actions = blocks(rule, "action");
        let [action] = actions.as_slice() else {
            return Err(format!("the rule `{address}` has no one action"));
        };
        if module.plain(action, "type", address)? != "forward" {
            return Err(format!("the rule `{address}` does not forward"));
        }
        group(module, action, "target_group_arn", address)
    }

    /// What the balancer asks of a service's container; `None` if none of its ports is public.
    pub(super) fn health(
        &self,
        module: &Module,
        service: &Body,
        container: &Term,
    ) -> Result<Option<Health>, String> {
        let mut found: Option<Health> = None;
        for block in blocks(service, "load_balancer") {
            let group = group(module, block, "target_group_arn", "the service")?;
            let body = module
                .block(&["aws_lb_target_group", &group])
                .ok_or_else(|| format!("there is no target group `{group}`"))?;
            let number = port_number(module.attribute(block, "container_port")?.as_ref())?;
            let health = self::health(module, service, body, number, container)?;
            let is_written = health.probe != Probe::Lenient;
            if found.is_none() || is_written {
                found = Some(health);
            }
        }
        Ok(found)
    }
}

/// The port of a check, if it is not the one that the requests go to.
fn check_port(module: &Module, check: &Body) -> Result<Option<u16>, String> {
    let port = module.attribute(check, "port")?.and_then(|port| port.plain());
    port.map(|port| port.parse().map_err(|_| format!("a check at the port `{port}`")))
        .transpose()
}

fn health(module: &Module, service: &Body, group: &Body, number: u16, _: &Term) -> Result<Health, String> {
    let checks = blocks(group, "health_check");
    let [check] = checks.as_slice() else {
        return Err("a target group has no one check".to_owned());
    };
    let get = |key| module.number(check, key, "the target group's check");
    let (interval, timeout, retries) = (get("interval")?, get("timeout")?, get("unhealthy_threshold")?);
    let grace = module.number(service, "health_check_grace_period_seconds", "the service")?;
    let start = grace
        .checked_sub(retries * interval)
        .ok_or_else(|| format!("the grace of {grace} s is too short for {retries} times {interval} s"))?;
    let protocol = module.attribute(check, "protocol")?.and_then(|term| term.plain());
    let probe = if protocol.as_deref() == Some("TCP") {
        // It must ask something, and this is the least.
        Probe::Lenient
    } else {
        let path = module.plain(check, "path", "the target group's check")?;
        let matcher = module.plain(check, "matcher", "the target group's check")?;
        match (path.as_str(), matcher.as_str()) {
            ("/", "200-499") | (_, "0-99") => Probe::Lenient,
            (path, "200-399") => Probe::Http(path.to_owned()),
            ("/grpc.health.v1.Health/Check", "0") => Probe::Grpc(None),
            other => return Err(format!("the check {other:?}")),
        }
    };
    Ok(Health {
        probe,
        port: Some(check_port(module, check)?.unwrap_or(number)),
        interval,
        timeout,
        retries,
        start,
    })
}

fn wire(module: &Module, group: &Body, address: &str) -> Result<Wire, String> {
    match module
        .attribute(group, "protocol_version")?
        .and_then(|term| term.plain())
        .as_deref()
    {
        None | Some("HTTP1") => Ok(Wire::Http1),
        Some("HTTP2" | "GRPC") => Ok(Wire::H2c),
        Some(other) => Err(format!("the target group `{address}` speaks {other}")),
    }
}

fn group(module: &Module, body: &Body, key: &str, what: &str) -> Result<String, String> {
    let term = module.required(body, key, what)?;
    match term.reference().map(parts).as_deref() {
        Some(["aws_lb_target_group", address, "arn"]) => Ok((*address).to_owned()),
        _ => Err(format!("{what}: {term:?} is no target group")),
    }
}

/// Hosts and path of a rule. `p` and `p/*` together are whole segments.
fn conditions(module: &Module, rule: &Body, address: &str) -> Result<(Vec<String>, String), String> {
    let (mut hosts, mut path) = (Vec::new(), "/".to_owned());
    for condition in blocks(rule, "condition") {
        for block in condition.blocks() {
            let values = module.required(block.body(), "values", address)?;
            let values: Option<Vec<String>> = values
                .list()
                .map(|items| items.iter().filter_map(Term::plain).collect());
            let values = values.ok_or_else(|| format!("the condition of `{address}`"))?;
            match (block.identifier(), values.as_slice()) {
                ("host_header", [_, ..]) => hosts = values,
                ("path_pattern", [whole, below]) if *below == format!("{whole}/*") => path.clone_from(whole),
                other => return Err(format!("the condition of `{address}`: {other:?}")),
            }
        }
    }
    if hosts.is_empty() {
        Err(format!("the rule `{address}` answers to any host"))
    } else {
        Ok((hosts, path))
    }
}

fn strip(module: &Module, rule: &Body, path: &str, address: &str) -> Result<bool, String> {
    let transforms = blocks(rule, "transform");
    let Some(transform) = transforms.first() else {
        return Ok(false);
    };
    let rewrite = blocks(transform, "url_rewrite_config")
        .first()
        .and_then(|config| blocks(config, "rewrite").first().copied())
        .ok_or_else(|| format!("the transform of `{address}`"))?;
    let regex = module.plain(rewrite, "regex", address)?;
    let replace = module.plain(rewrite, "replace", address)?;
    // Of what a path may hold, only the dot means more in a regular expression.
    let unescaped = regex.replace("\\.", ".").replace("[.]", ".");
    if unescaped == format!("^{path}/?(.*)$") && replace == "/$1" {
        Ok(true)
    } else {
        Err(format!("the transform of `{address}`: `{regex}` to `{replace}`"))
    }
}

/// The balancer takes the lowest number first: a longer path must have a lower one on the same host.
fn check_order(priorities: &BTreeMap<(String, String), u64>) -> Result<(), String> {
    for ((host, path), priority) in priorities {
        for ((other_host, longer), other) in priorities {
            let inside =
                longer.len() > path.len() && (path == "/" || longer.starts_with(&format!("{path}/")));
            if host == other_host && inside && other >= priority {
                return Err(format!("`{host}{longer}` comes after `{path}`"));
            }
        }
    }
    Ok(())
}

/// Every host has a record that leads to the balancer, and a certificate.
fn check_names(module: &Module, doors: &BTreeSet<Door>) -> Result<(), String> {
    let names = |kind: &str, key: &str| -> Result<BTreeSet<String>, String> {
        let mut names = BTreeSet::new();
        for (_, body) in module.all(kind) {
            names.extend(module.attribute(body, key)?.and_then(|term| term.plain()));
        }
        Ok(names)
    };
    let (records, certificates) = (
        names("aws_route53_record", "name")?,
        names("aws_acm_certificate", "domain_name")?,
    );
    let given = given_certificate(module)?;
    for door in doors {
        match &door.entrance {
            Entrance::Route { host, .. } => {
                if !(records.contains(host) && (given || certificates.contains(host))) {
                    return Err(format!("the host `{host}` has no record or no certificate"));
                }
            }
            Entrance::Number(number, _) => {
                if !leads_to_network(module)? {
                    return Err(format!("no name leads to the public port {number}"));
                }
            }
            Entrance::Machine(_) => {}
        }
    }
    Ok(())
}

/// Whether a certificate is shown that the module does not make. Which hosts it covers stands nowhere.
fn given_certificate(module: &Module) -> Result<bool, String> {
    for kind in ["aws_lb_listener", "aws_lb_listener_certificate"] {
        for (_, body) in module.all(kind) {
            let arn = module.attribute(body, "certificate_arn")?;
            if arn
                .and_then(|arn| arn.plain())
                .is_some_and(|arn| arn.starts_with("arn:"))
            {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a record leads to the load balancer by numbers.
fn leads_to_network(module: &Module) -> Result<bool, String> {
    for (address, body) in module.all("aws_route53_record") {
        for alias in blocks(body, "alias") {
            let name = module.required(alias, "name", address)?;
            if name.reference().map(parts).as_deref() == Some(&["aws_lb", "network", "dns_name"]) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn blocks<'a>(body: &'a Body, name: &str) -> Vec<&'a Body> {
    body.blocks()
        .filter(|block| block.identifier() == name)
        .map(hcl::Block::body)
        .collect()
}
