//! The user's own value behind a foreign key, in the words of this language.
//!
//! Values are copied into a line of help only where they are short and plainly mean one thing; whoever asks has a
//! line of general help for all others. Values of variables are never copied: one may be a secret.

use exoc_diagnostics::{Kind, Node, Scalar, Style, Typed};

/// The longest line that is suggested, in characters.
const LONGEST: usize = 68;

/// What to write instead of `key: value`.
pub(super) fn instead(key: &str, value: &Node) -> Option<String> {
    let line = match key {
        "depends_on" | "links" => format!("uses: {}", roles(value)?),
        "expose" | "containerPort" | "target" | "targetPort" if one(value).is_some_and(is_number) => {
            format!("port: {}", one(value)?)
        }
        "target" => format!("stage: {}", one(value)?),
        "healthcheck" => health_of_compose(value)?,
        "test" => check_of_compose(value)?,
        "livenessProbe" | "readinessProbe" | "startupProbe" => health_of_probe(value)?,
        "httpGet" => format!("path: {}", one(value.get("path")?)?),
        "exec" => format!("command: {}", flow(value.get("command")?)?),
        "deploy" => deploy(value)?,
        "resources" => resources(value)?,
        "replicas" => format!("scale: {}", one(value).filter(|text| is_number(text))?),
        "minReplicas" => format!("min: {}", one(value)?),
        "maxReplicas" => format!("max: {}", one(value)?),
        "mem_limit" | "mem_reservation" => format!("memory: {}", memory(one(value)?)?),
        "cpus" => format!("cpu: {}", cpu(one(value)?)?),
        "size" => format!("storage: {}", memory(one(value)?)?),
        "user" => format!("security: {{ {} }}", user(one(value)?)?),
        "runAsUser" => format!("user: {}", one(value)?),
        "runAsGroup" | "fsGroup" => format!("group: {}", one(value)?),
        "group" => format!(
            "security: {{ group: {} }}",
            one(value).filter(|text| is_number(text))?
        ),
        "privileged" => format!("security: {{ privileged: {} }}", one(value)?),
        "capabilities" => format!("security: {{ capabilities: {} }}", list(value)?),
        "cap_add" => format!("security: {{ capabilities: {} }}", list(value)?),
        "stop_grace_period" | "terminationGracePeriodSeconds" => {
            format!("shutdown: {}", seconds(one(value)?)?)
        }
        "periodSeconds" => format!("interval: {}", seconds(one(value)?)?),
        "timeoutSeconds" => format!("timeout: {}", seconds(one(value)?)?),
        "initialDelaySeconds" | "start_period" => format!("start: {}", seconds(one(value)?)?),
        "failureThreshold" => format!("retries: {}", one(value)?),
        "args" | "cmd" | "run" => format!("command: {}", flow(value)?),
        "tmpfs" => format!("writable: {}", list(value)?),
        "platform" => format!("platforms: [{}]", one(value)?),
        "docker-image" => format!("image: {}", one(value)?),
        "dockerfile" => format!("build: {{ dockerfile: {} }}", one(value)?),
        "context" => format!("build: {{ context: {} }}", one(value)?),
        "hostname" | "container_name" => return None,
        "engine" | "template" => format!("type: {}", one(value)?),
        "appProtocol" => format!("protocol: {}", one(value)?),
        "region" => format!("targets: {{ aws: {{ region: {} }} }}", one(value)?),
        "account" => format!("targets: {{ aws: {{ account: \"{}\" }} }}", scalar(value)?.text),
        "interval" => format!("health: {{ path: /, interval: {} }}", one(value)?),
        "health_check" | "health-check" | "healthCheck" | "healthCheckPath" | "health_check_path"
        | "probe" => {
            format!("health: {}", one(value).filter(|path| path.starts_with('/'))?)
        }
        "instances" | "instance_count" | "instanceCount" | "numInstances" => {
            format!("scale: {}", one(value).filter(|text| is_number(text))?)
        }
        "autoscaling" | "autoscale" => {
            let number = |key: &str| value.get(key).and_then(one).filter(|text| is_number(text));
            format!("scale: {{ min: {}, max: {} }}", number("min")?, number("max")?)
        }
        "internal_port" | "container_port" | "http_port" | "listen" => {
            format!("port: {}", one(value).filter(|text| is_number(text))?)
        }
        "startCommand" | "start_command" | "start" => format!("command: {}", flow(value)?),
        "prefix" => format!("path: {}", one(value)?),
        "strip_prefix" => format!("strip: {}", one(value)?),
        "domain" => format!("route: {{ host: {} }}", one(value)?),
        "env" | "envVars" | "env_vars" | "envs" | "vars" | "variables" => {
            format!("environment: {{ {} }}", variables(value)?)
        }
        "secrets" => secrets(value)?,
        _ => return None,
    };
    (line.chars().count() <= LONGEST).then_some(line)
}

/// The names of a list of variables with dots for their values, as members of a mapping.
pub(super) fn variables(value: &Node) -> Option<String> {
    let names: Option<Vec<&str>> = match &value.kind {
        Kind::List(items) => items
            .iter()
            .map(
                |item| match (item.as_text(), item.get("name").or_else(|| item.get("key"))) {
                    (Some(text), _) => Some(text.split_once(['=', ':']).map_or(text, |(name, _)| name)),
                    (None, Some(name)) => name.as_text(),
                    (None, None) => match item.as_map()?.members.as_slice() {
                        [only] => Some(&*only.key.name),
                        _ => None,
                    },
                },
            )
            .collect(),
        Kind::Map(map) => Some(map.members.iter().map(|member| &*member.key.name).collect()),
        Kind::Scalar(_) => None,
    };
    let names = names?;
    let fits = |name: &&str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if names.is_empty() || !names.iter().all(fits) {
        return None;
    }
    let shown: Vec<String> = names.iter().take(3).map(|name| format!("{name}: …")).collect();
    let more = if names.len() > 3 { ", …" } else { "" };
    Some(format!("{}{more}", shown.join(", ")))
}

fn scalar(value: &Node) -> Option<&Scalar> {
    value.as_scalar().filter(|scalar| scalar.typed != Typed::Null)
}

/// The text of a scalar that needs no quotes.
pub(super) fn one(value: &Node) -> Option<&str> {
    let text = &*scalar(value)?.text;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-:@".contains(c);
    (!text.is_empty() && text.chars().all(plain) && !text.ends_with(':')).then_some(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A value as it would be written on one line.
pub(super) fn flow(value: &Node) -> Option<String> {
    match &value.kind {
        Kind::Scalar(scalar) => match scalar.style {
            Style::Plain if scalar.typed != Typed::Null => Some(scalar.text.to_string()),
            Style::Quoted if !scalar.text.contains(['"', '\\', '\n']) => Some(format!("\"{}\"", scalar.text)),
            Style::Plain | Style::Quoted | Style::Block => None,
        },
        Kind::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(flow).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Kind::Map(_) => None,
    }
}

/// A list of plain words; a single word counts as one.
fn list(value: &Node) -> Option<String> {
    let items: Option<Vec<&str>> = match &value.kind {
        Kind::List(items) => items.iter().map(one).collect(),
        Kind::Scalar(_) => Some(vec![one(value)?]),
        Kind::Map(_) => None,
    };
    let items = items.filter(|items| !items.is_empty())?;
    Some(format!("[{}]", items.join(", ")))
}

/// Roles of a list, without the alias behind a `:`, or the keys of a mapping.
fn roles(value: &Node) -> Option<String> {
    let roles: Option<Vec<&str>> = match &value.kind {
        Kind::List(items) => items
            .iter()
            .map(|item| one(item).map(|text| text.split(':').next().unwrap_or(text)))
            .collect(),
        Kind::Map(map) => Some(map.members.iter().map(|member| &*member.key.name).collect()),
        Kind::Scalar(_) => Some(vec![one(value)?]),
    };
    let roles = roles.filter(|roles| !roles.is_empty())?;
    Some(format!("[{}]", roles.join(", ")))
}

fn secrets(value: &Node) -> Option<String> {
    let Kind::List(items) = &value.kind else {
        return None;
    };
    let name = one(items.first()?)?.to_ascii_uppercase().replace('-', "_");
    Some(format!("environment: {{ {name}: \"${{secrets.{name}}}\" }}"))
}

/// `healthcheck` of Compose.
fn health_of_compose(value: &Node) -> Option<String> {
    let check = check_of_compose(value.get("test")?)?;
    Some(match check.strip_prefix("path: ") {
        Some(path) => format!("health: {path}"),
        None => format!("health: {{ {check} }}"),
    })
}

/// `test` of Compose: a call of curl or wget asks a path, everything else is a command.
fn check_of_compose(test: &Node) -> Option<String> {
    let words: Vec<&str> = match &test.kind {
        Kind::List(items) => items.iter().map(Node::as_text).collect::<Option<_>>()?,
        Kind::Scalar(scalar) => vec![&*scalar.text],
        Kind::Map(_) => return None,
    };
    let asked = words
        .iter()
        .flat_map(|word| word.split_whitespace())
        .find(|word| word.starts_with("http://"));
    if let Some(url) = asked {
        let rest = url.strip_prefix("http://")?;
        let path = rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/");
        return Some(format!("path: {path}"));
    }
    let command = match words.as_slice() {
        ["CMD", command @ ..] => command,
        _ => return None,
    };
    let plain = |word: &&str| {
        word.chars()
            .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c))
    };
    (!command.is_empty() && command.iter().all(plain)).then(|| format!("command: [{}]", command.join(", ")))
}

/// A probe of Kubernetes.
fn health_of_probe(probe: &Node) -> Option<String> {
    if let Some(path) = probe.get("httpGet").and_then(|get| get.get("path")) {
        return Some(format!("health: {}", one(path)?));
    }
    if probe.get("tcpSocket").is_some() {
        return Some("health: { tcp: true }".to_owned());
    }
    if probe.get("grpc").is_some() {
        return Some("health: { grpc: true }".to_owned());
    }
    let command = probe.get("exec")?.get("command")?;
    Some(format!("health: {{ command: {} }}", flow(command)?))
}

/// `deploy` of Compose.
fn deploy(value: &Node) -> Option<String> {
    let scale = value
        .get("replicas")
        .and_then(one)
        .map(|number| format!("scale: {number}"));
    let resources = value.get("resources").and_then(resources);
    let parts: Vec<String> = scale.into_iter().chain(resources).collect();
    (!parts.is_empty()).then(|| parts.join("` and `"))
}

/// `resources` of Compose and Kubernetes: limits, else what is requested or reserved.
fn resources(value: &Node) -> Option<String> {
    let part = ["limits", "requests", "reservations"]
        .into_iter()
        .find_map(|key| value.get(key))?;
    let cpus = part.get("cpu").or_else(|| part.get("cpus"));
    let cpu = cpus
        .and_then(one)
        .and_then(cpu)
        .map(|cores| format!("cpu: {cores}"));
    let memory = part
        .get("memory")
        .and_then(one)
        .and_then(memory)
        .map(|size| format!("memory: {size}"));
    let parts: Vec<String> = cpu.into_iter().chain(memory).collect();
    (!parts.is_empty()).then(|| parts.join("` and `"))
}

/// Cores from a number of them or of their thousandths.
fn cpu(text: &str) -> Option<String> {
    match text.strip_suffix('m') {
        Some(thousandths) => {
            let number: u32 = thousandths.parse().ok()?;
            let text = format!("{}.{:03}", number / 1000, number % 1000);
            Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
        }
        None => text.parse::<f64>().is_ok().then(|| text.to_owned()),
    }
}

/// Memory in binary units from a size as Compose and Kubernetes write it.
fn memory(text: &str) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let unit = match unit.to_ascii_lowercase().as_str() {
        "k" | "kb" | "ki" | "kib" => "Ki",
        "m" | "mb" | "mi" | "mib" => "Mi",
        "g" | "gb" | "gi" | "gib" => "Gi",
        "t" | "tb" | "ti" | "tib" => "Ti",
        "" | "b" if number >= 1 << 20 => return Some(format!("{}Mi", number >> 20)),
        _ => return None,
    };
    Some(format!("{number}{unit}"))
}

/// Seconds from a number of them or a duration as Go writes it.
fn seconds(text: &str) -> Option<String> {
    if is_number(text) {
        return Some(format!("{text}s"));
    }
    let (mut total, mut number) = (0_u32, String::new());
    for c in text.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'h' => 3600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<u32>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    number.is_empty().then(|| format!("{total}s"))
}

/// `user` and perhaps `group` from numbers with a `:` between them.
fn user(text: &str) -> Option<String> {
    let (user, group) = match text.split_once(':') {
        Some((user, group)) => (user, Some(group)),
        None => (text, None),
    };
    let user = if user == "root" || is_number(user) {
        user
    } else {
        return None;
    };
    match group {
        None => Some(format!("user: {user}")),
        Some(group) => is_number(group).then(|| format!("user: {user}, group: {group}")),
    }
}

#[cfg(test)]
mod tests {
    use super::instead;
    use exoc_diagnostics::{Sink, SourceMap, VirtualPath};

    fn of(line: &str) -> Option<String> {
        let mut map = SourceMap::default();
        let id = map.add(VirtualPath::root(), line.to_owned());
        let root = crate::yaml::parse(id, line, &mut Sink::new()).unwrap().root;
        let member = root.as_map().unwrap().members.first().unwrap();
        instead(&member.key.name, &member.value)
    }

    #[test]
    fn values_come_back_in_the_words_of_this_language() {
        for (theirs, ours) in [
            ("depends_on: [db, cache]", "uses: [db, cache]"),
            ("depends_on: { db: { condition: service_healthy } }", "uses: [db]"),
            ("links: [\"db:database\"]", "uses: [db]"),
            ("expose: 80", "port: 80"),
            ("target: production", "stage: production"),
            ("target: 80", "port: 80"),
            ("replicas: 3", "scale: 3"),
            ("deploy: { replicas: 3 }", "scale: 3"),
            (
                "deploy: { replicas: 3, resources: { limits: { cpus: '0.5', memory: 512M } } }",
                "scale: 3` and `cpu: 0.5` and `memory: 512Mi",
            ),
            (
                "resources: { requests: { cpu: 100m }, limits: { cpu: 1500m, memory: 1Gi } }",
                "cpu: 1.5` and `memory: 1Gi",
            ),
            ("mem_limit: 512m", "memory: 512Mi"),
            ("mem_limit: 536870912", "memory: 512Mi"),
            ("cpus: 0.5", "cpu: 0.5"),
            ("user: \"1000:1001\"", "security: { user: 1000, group: 1001 }"),
            ("user: root", "security: { user: root }"),
            ("cap_add: [NET_ADMIN]", "security: { capabilities: [NET_ADMIN] }"),
            ("stop_grace_period: 1m30s", "shutdown: 90s"),
            ("terminationGracePeriodSeconds: 45", "shutdown: 45s"),
            ("args: [--port, \"80\"]", "command: [--port, \"80\"]"),
            (
                "healthcheck: { test: [CMD, pg_isready, -U, app] }",
                "health: { command: [pg_isready, -U, app] }",
            ),
            (
                "healthcheck: { test: \"curl -f http://localhost:80/health || exit 1\" }",
                "health: /health",
            ),
            (
                "livenessProbe: { httpGet: { path: /live, port: 80 } }",
                "health: /live",
            ),
            (
                "readinessProbe: { tcpSocket: { port: 80 } }",
                "health: { tcp: true }",
            ),
            (
                "env: [{ name: A, value: b }, { name: B, value: c }]",
                "environment: { A: …, B: … }",
            ),
            ("env: [A=1, B]", "environment: { A: …, B: … }"),
            (
                "secrets: [db-password]",
                "environment: { DB_PASSWORD: \"${secrets.DB_PASSWORD}\" }",
            ),
            ("tmpfs: /run", "writable: [/run]"),
            ("size: 10GB", "storage: 10Gi"),
            (
                "account: 012345678901",
                "targets: { aws: { account: \"012345678901\" } }",
            ),
        ] {
            assert_eq!(of(theirs).as_deref(), Some(ours), "{theirs}");
        }
    }

    #[test]
    fn what_has_no_plain_meaning_is_not_copied() {
        for theirs in [
            "depends_on: null",
            "user: node",
            "replicas: many",
            "mem_limit: lots",
            "healthcheck: { disable: true }",
            "args: { a: b }",
            "restart: always",
            "env: { password: [x] }\n",
        ] {
            let found = of(theirs);
            assert!(
                found.is_none() || theirs.starts_with("env"),
                "{theirs}: {found:?}"
            );
        }
        assert_eq!(
            of("env: { SMTP_PASSWORD: hunter2 }").as_deref(),
            Some("environment: { SMTP_PASSWORD: … }")
        );
        assert_eq!(of(&format!("args: [{}]", "a, ".repeat(40))), None);
    }
}
