//! Texts with references become values. Checks every reference; what it names stands in [`Scope`].

use crate::absent::{mounted, unknown_role, unreachable};
use crate::environment::Surroundings;
use crate::scope::{Answer, Noun, Offer, PORT_ATTRIBUTES, Role, Scope, Secrets, of_port};
use crate::words::{list, quoted};
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean, nearest};
use exoc_ir::{Part, Value};
use exoc_manifest::ast::{Reference, Text, TextPart};

/// Where a text stands: it decides what may be named there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A variable of a service or container.
    Variable,
    /// The content of a file of a service or container.
    File,
    /// A variable of the application.
    SharedVariable,
    /// An argument, under this key.
    Argument(&'static str),
    /// A route's host.
    RouteHost,
    /// An argument of a build.
    BuildArgument,
    /// The URL of an external dependency.
    ExternalUrl,
    /// An attribute of a dependency that exists already.
    Existing,
}

impl Place {
    /// The key for messages.
    const fn key(self) -> &'static str {
        match self {
            Self::Variable | Self::SharedVariable => "environment",
            Self::File => "content",
            Self::Argument(key) => key,
            Self::RouteHost => "route.host",
            Self::BuildArgument => "build.args",
            Self::ExternalUrl => "url",
            Self::Existing => "existing",
        }
    }

    /// Whether a secret would be readable here.
    const fn readable(self) -> bool {
        match self {
            Self::Variable | Self::File | Self::SharedVariable | Self::ExternalUrl | Self::Existing => false,
            Self::Argument(_) | Self::RouteHost | Self::BuildArgument => true,
        }
    }

    /// Whether a reference here may need a connection.
    const fn connects(self) -> bool {
        match self {
            Self::Variable | Self::File | Self::Argument(_) => true,
            Self::SharedVariable
            | Self::RouteHost
            | Self::BuildArgument
            | Self::ExternalUrl
            | Self::Existing => false,
        }
    }

    /// Whether a public address may stand here.
    const fn public(self) -> bool {
        match self {
            Self::Variable | Self::File | Self::Argument(_) | Self::SharedVariable | Self::BuildArgument => {
                true
            }
            Self::RouteHost | Self::ExternalUrl | Self::Existing => false,
        }
    }

    /// What may be named here, where not everything may.
    const fn allowed(self) -> &'static str {
        match self {
            Self::Variable | Self::File | Self::Argument(_) => "",
            Self::SharedVariable => {
                "the application's variables may name `app`, `env`, `service`, `secrets` and public addresses; \
                 write this variable into the services that need it"
            }
            Self::RouteHost => "a host may name `app`, `env` and `service.name`",
            Self::BuildArgument => "arguments of a build may name `app`, `env` and public addresses",
            Self::ExternalUrl => "the URL of an external dependency may name `app`, `env` and `secrets`",
            Self::Existing => "what is said of a dependency that exists may name `app`, `env` and `secrets`",
        }
    }
}

/// Who refers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Own<'a> {
    /// Its role; `None` where a text is checked for no service in particular.
    pub(crate) role: Option<&'a str>,
}

/// The roots of references.
const ROOTS: [&str; 6] = ["app", "env", "service", "services", "dependencies", "secrets"];

/// Words of other tools for attributes.
const OTHER_WORDS: &[(&[&str], &str)] = &[
    (&["user", "login"], "username"),
    (&["pass", "pwd", "secret"], "password"),
    (
        &[
            "uri",
            "dsn",
            "connection-string",
            "connection_string",
            "connectionString",
            "endpoint",
        ],
        "url",
    ),
    (&["hostname", "ip", "domain"], "host"),
    (
        &["db", "dbname", "name", "database-name", "database_name"],
        "database",
    ),
    (&["addr", "hostport", "host-port"], "address"),
];

/// The attributes that a service can have, seen from itself.
const KNOWN: [&str; 7] = [
    "name",
    "url",
    "host",
    "port",
    "address",
    "public-url",
    "public-host",
];

/// Turns texts into values.
pub(crate) struct Resolver<'a> {
    pub(crate) app: &'a Result<String, Failed>,
    pub(crate) surroundings: &'a Surroundings,
    pub(crate) secrets: &'a Secrets,
    pub(crate) scope: &'a Scope,
    pub(crate) sink: &'a mut Sink,
    /// Roles that were referred to in a way that needs a connection, with the places.
    pub(crate) references: Vec<(String, Span)>,
}

impl Resolver<'_> {
    /// The value of a text.
    pub(crate) fn text(&mut self, text: &Text, place: Place, own: Own<'_>) -> Result<Value, Failed> {
        let (mut value, mut failed) = (Value::default(), None);
        for part in &text.parts {
            match part {
                TextPart::Literal(literal) => value.push(Part::Text(literal.clone())),
                TextPart::Reference(reference) => match self.reference(reference, place, own) {
                    Ok(part) => value.extend(part),
                    Err(proof) => failed = Some(proof),
                },
            }
        }
        failed.map_or(Ok(value), Err)
    }

    fn reference(&mut self, reference: &Reference, place: Place, own: Own<'_>) -> Result<Value, Failed> {
        let value = match reference.path.as_slice() {
            [root, name] if root.value == "app" => self.app(name),
            [root, name] if root.value == "env" => self.env(name, reference),
            [root, name] if root.value == "secrets" => self.secret(name, reference, place),
            [root, attribute] if root.value == "service" => self.service(attribute, reference, place, own),
            [root, role, rest @ ..] if noun(root).is_some() && !rest.is_empty() => {
                let noun = noun(root).unwrap_or(Noun::Service);
                self.role(noun, role, rest, reference, place, own)
            }
            path => Err(self.malformed(path, reference)),
        }?;
        if place.readable() && value.sensitive() {
            return Err(self.misplaced(reference, place));
        }
        Ok(value)
    }

    fn app(&mut self, name: &Spanned<String>) -> Result<Value, Failed> {
        match name.value.as_str() {
            "name" => self.app.clone().map(Value::literal),
            _ => Err(self.no_part("the application", name, &["name"])),
        }
    }

    fn env(&mut self, name: &Spanned<String>, reference: &Reference) -> Result<Value, Failed> {
        match name.value.as_str() {
            "name" => Ok(Value::literal(&self.surroundings.name)),
            "domain" => match &self.surroundings.domain {
                Ok(Some(domain)) => Ok(Value::literal(domain.text())),
                Ok(None) => Err(self.surroundings.no_domain(reference.span, self.sink)),
                Err(failed) => Err(*failed),
            },
            _ => Err(self.no_part("an environment", name, &["name", "domain"])),
        }
    }

    fn no_part(&mut self, what: &str, name: &Spanned<String>, known: &[&str]) -> Failed {
        self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_REFERENCE,
                format!("{what} has nothing called {}", quoted(&name.value)),
            )
            .at(name.span, "cannot be referred to")
            .help_if(did_you_mean(&name.value, known.iter().copied()))
            .help(format!("{what} has {}", list(known.iter().copied()))),
        )
    }

    fn malformed(&mut self, path: &[Spanned<String>], reference: &Reference) -> Failed {
        let root = path.first().map_or("", |root| root.value.as_str());
        let known = ROOTS.contains(&root);
        if let (false, Some(root)) = (known, path.first()) {
            let diagnostic = Diagnostic::new(
                codes::UNKNOWN_REFERENCE,
                format!("a reference cannot begin with {}", quoted(&root.value)),
            )
            .at(root.span, "not one of the roots of references");
            let diagnostic = match self.meant(path) {
                Some(meant) => diagnostic.help(format!("did you mean `${{{meant}}}`?")),
                None => diagnostic.help(format!("references begin with {}", list(ROOTS))),
            };
            return self
                .sink
                .error(diagnostic.help("for the characters `${` themselves write `$${`"));
        }
        let form = match root {
            "app" => "`${app.name}`",
            "env" => "`${env.name}` or `${env.domain}`",
            "service" => "`${service.ATTRIBUTE}`",
            "secrets" => "`${secrets.NAME}`",
            "services" => "`${services.ROLE.ATTRIBUTE}` or `${services.ROLE.ports.PORT.ATTRIBUTE}`",
            _ => "`${dependencies.ROLE.ATTRIBUTE}`",
        };
        let whole = path
            .iter()
            .map(|name| name.value.as_str())
            .collect::<Vec<_>>()
            .join(".");
        let help = match self.meant(path) {
            Some(meant) => format!("did you mean `${{{meant}}}`?"),
            None => format!("write {form}"),
        };
        let count = match path.len() {
            1 => "is one name only".to_owned(),
            many => format!("has {many} names"),
        };
        self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_REFERENCE,
                format!("{} refers to nothing", quoted(&whole)),
            )
            .at(reference.span, count)
            .help(help),
        )
    }

    /// The reference that was probably meant by names which refer to nothing.
    fn meant(&self, path: &[Spanned<String>]) -> Option<String> {
        let names: Vec<&str> = path.iter().map(|name| name.value.as_str()).collect();
        let of_role = |role: &str, rest: &[&str]| {
            let root = self.scope.roles.get(role)?.noun.root();
            let rest = if rest.is_empty() {
                "url".to_owned()
            } else {
                rest.join(".")
            };
            Some(format!("{root}.{role}.{rest}"))
        };
        let of_secret = |name: &str| self.secrets.declared(name).map(|_| format!("secrets.{name}"));
        match names.as_slice() {
            ["secret" | "secrets", name] => of_secret(name),
            ["environment" | "stage", "name"] => Some("env.name".to_owned()),
            ["environment" | "env", "domain"] => Some("env.domain".to_owned()),
            ["application", rest @ ..] if !rest.is_empty() => Some(format!("app.{}", rest.join("."))),
            [name] => of_secret(name).or_else(|| of_role(name, &[])),
            [root, role, rest @ ..] if nearest_root(root).is_some() => of_role(role, rest),
            [role, rest @ ..] => of_role(role, rest),
            [] => None,
        }
    }

    fn secret(
        &mut self,
        name: &Spanned<String>,
        reference: &Reference,
        place: Place,
    ) -> Result<Value, Failed> {
        if place.readable() {
            return Err(self.misplaced(reference, place));
        }
        if let Some(id) = self.secrets.declared(&name.value) {
            return Ok(Value::new([Part::Secret(id)]));
        }
        if let Some(role) = self.secrets.made_by(&name.value, self.scope) {
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::UNKNOWN_SECRET,
                    format!("no secret is called {}", quoted(&name.value)),
                )
                .at(name.span, format!("belongs to the dependency {}", quoted(role)))
                .help(format!("write `${{dependencies.{role}.password}}`")),
            ));
        }
        let misnamed = self.secrets.misnamed.get(&name.value).copied();
        if let Some(failed) = self.secrets.lost.or(misnamed) {
            return Err(failed);
        }
        if let Some(removed) = self.secrets.removed.get(&name.value) {
            let written = quoted(&name.value);
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::UNKNOWN_SECRET,
                    format!("the secret {written} is null, which declares nothing"),
                )
                .at(*removed, "null takes a secret away")
                .also(name.span, "named here")
                .help(format!("write `{}: {{}}`", name.value)),
            ));
        }
        let known = self.secrets.names();
        let help = did_you_mean(&name.value, known).unwrap_or_else(|| {
            format!(
                "declare it in application.yml: `secrets: {{ {}: {{}} }}`",
                name.value
            )
        });
        Err(self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_SECRET,
                format!("no secret is called {}", quoted(&name.value)),
            )
            .at(name.span, "not declared")
            .help(help),
        ))
    }

    fn misplaced(&mut self, reference: &Reference, place: Place) -> Failed {
        let key = quoted(place.key());
        let why = match place {
            Place::BuildArgument => "an image keeps the arguments of its build",
            Place::RouteHost => "a host is public",
            Place::Argument(_) => "every list of processes shows it",
            Place::Variable | Place::File | Place::SharedVariable | Place::ExternalUrl | Place::Existing => {
                "it would be readable"
            }
        };
        self.sink.error(
            Diagnostic::new(codes::MISPLACED_SECRET, format!("a secret in {key} would be readable"))
                .at(reference.span, why)
                .help("put it into a variable under `environment`, which reaches the service through the secret store"),
        )
    }

    fn forbidden(&mut self, span: Span, what: &str, place: Place) -> Failed {
        self.sink.error(
            Diagnostic::new(
                codes::FORBIDDEN_REFERENCE,
                format!("{} cannot refer to {what}", quoted(place.key())),
            )
            .at(span, "not known here")
            .help(place.allowed()),
        )
    }

    fn service(
        &mut self,
        attribute: &Spanned<String>,
        reference: &Reference,
        place: Place,
        own: Own<'_>,
    ) -> Result<Value, Failed> {
        let is_name = attribute.value == "name";
        let allowed = match place {
            Place::Variable | Place::File | Place::SharedVariable | Place::Argument(_) => true,
            Place::RouteHost => is_name,
            Place::BuildArgument => attribute.value.starts_with("public-"),
            Place::ExternalUrl | Place::Existing => false,
        };
        if !allowed {
            return Err(self.forbidden(reference.span, "the service itself", place));
        }
        let Some(role) = own.role else {
            return self.some_service(attribute);
        };
        if is_name {
            return Ok(Value::literal(role));
        }
        // What no service has was reported where the application's variables were checked.
        if let (Place::SharedVariable, false) = (place, KNOWN.contains(&attribute.value.as_str())) {
            self.sink.checkpoint()?;
        }
        let scope = self.scope;
        match scope.roles.get(role) {
            Some(found) => self.attribute(found, role, attribute),
            None => Ok(Value::default()),
        }
    }

    /// An attribute of whichever service gets the application's variables: only its name can be checked.
    fn some_service(&mut self, attribute: &Spanned<String>) -> Result<Value, Failed> {
        if KNOWN.contains(&attribute.value.as_str()) {
            return Ok(Value::default());
        }
        Err(self.unknown_attribute("a service", attribute, &KNOWN, None))
    }

    fn role(
        &mut self,
        noun: Noun,
        role: &Spanned<String>,
        rest: &[Spanned<String>],
        reference: &Reference,
        place: Place,
        own: Own<'_>,
    ) -> Result<Value, Failed> {
        let public = noun == Noun::Service && matches!(rest, [one] if one.value.starts_with("public-"));
        if !(place.connects() || (public && place.public())) {
            let what = match noun {
                Noun::Service => "the private address of a service",
                Noun::Dependency => "a dependency",
            };
            return Err(self.forbidden(reference.span, what, place));
        }
        let scope = self.scope;
        let found = self.find(scope, noun, role, reference.span)?;
        let value = match rest {
            [attribute] => self.attribute(found, &role.value, attribute)?,
            [ports, port, attribute] if ports.value == "ports" => self.port(found, role, port, attribute)?,
            _ => {
                let path = &reference.path;
                return Err(self.malformed(path, reference));
            }
        };
        if !public && own.role != Some(role.value.as_str()) {
            self.references.push((role.value.clone(), reference.span));
        }
        Ok(value)
    }

    fn find<'s>(
        &mut self,
        scope: &'s Scope,
        noun: Noun,
        role: &Spanned<String>,
        at: Span,
    ) -> Result<&'s Role, Failed> {
        if let Some(found) = scope.roles.get(&role.value) {
            if found.noun == noun {
                return Ok(found);
            }
            if let Some(failed) = found.clash {
                return Err(failed);
            }
            let (word, root) = (found.noun.word(), found.noun.root());
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::UNKNOWN_ROLE,
                    format!("no {} is called {}", noun.word(), quoted(&role.value)),
                )
                .at(role.span, format!("is a {word}"))
                .also(found.key, format!("the {word} is declared here"))
                .help(format!("write `{root}.{}`", role.value)),
            ));
        }
        let what = format!("no {} is called {}", noun.word(), quoted(&role.value));
        let of_noun = scope
            .roles
            .iter()
            .filter(|(_, known)| known.noun == noun)
            .map(|(name, _)| name.as_str());
        Err(unknown_role(scope, &what, role, at, of_noun, self.sink))
    }

    fn attribute(&mut self, found: &Role, role: &str, attribute: &Spanned<String>) -> Result<Value, Failed> {
        match found.attribute(role, &attribute.value) {
            Answer::Value(value) => Ok(value),
            Answer::Unknown(failed) => Err(failed),
            Answer::None(_) if found.is_portless() && !attribute.value.starts_with("public-") => {
                Err(unreachable(found, role, attribute.span, self.sink))
            }
            Answer::None(_) if let Offer::Volume(_) = found.offer => {
                Err(mounted(found, role, attribute.span, self.sink))
            }
            Answer::None(known) => {
                let what = format!("the {} {}", found.noun.word(), quoted(role));
                Err(self.unknown_attribute(&what, attribute, &known, Some(found)))
            }
        }
    }

    fn unknown_attribute(
        &mut self,
        what: &str,
        attribute: &Spanned<String>,
        known: &[&str],
        found: Option<&Role>,
    ) -> Failed {
        let name = attribute.value.as_str();
        let other = OTHER_WORDS
            .iter()
            .find(|(words, own)| words.contains(&name) && known.contains(own))
            .map(|(_, own)| format!("did you mean `{own}`?"));
        let near = other.or_else(|| did_you_mean(name, known.iter().copied()));
        let public = name.starts_with("public-");
        let listens = found.is_some_and(|found| matches!(found.offer, Offer::Listens { .. }));
        let help = if listens && public {
            format!("a service with a `route` has `public-url` and `public-host`; {what} has none")
        } else {
            format!("{what} has {}", list(known.iter().copied()))
        };
        let diagnostic = Diagnostic::new(
            codes::UNKNOWN_ATTRIBUTE,
            format!("{what} has no attribute {}", quoted(name)),
        );
        // A layer that takes the route away is the culprit, and so is its place.
        let taken = found.and_then(|found| found.taken.route).filter(|_| public);
        let diagnostic = match taken {
            Some(taken) => diagnostic
                .at(taken, "removed here")
                .also(attribute.span, "referred to here"),
            None => diagnostic.at(attribute.span, "unknown attribute"),
        };
        let mut diagnostic = diagnostic.help_if(near).help(help);
        if let Some(found) = found {
            diagnostic = diagnostic.also(found.place(), "declared here");
        }
        self.sink.error(diagnostic)
    }

    fn port(
        &mut self,
        found: &Role,
        role: &Spanned<String>,
        port: &Spanned<String>,
        attribute: &Spanned<String>,
    ) -> Result<Value, Failed> {
        let what = format!("the {} {}", found.noun.word(), quoted(&role.value));
        let ports = match found.ports() {
            Some(ports) => ports?,
            None if let Offer::Volume(_) = found.offer => {
                return Err(mounted(found, &role.value, port.span, self.sink));
            }
            None => {
                return Err(self.sink.error(
                    Diagnostic::new(codes::UNKNOWN_REFERENCE, format!("{what} has no named ports"))
                        .at(port.span, "not one of several ports")
                        .also(found.key, "declared here")
                        .help(format!(
                            "write `${{{}.{}.address}}`",
                            found.noun.root(),
                            role.value
                        )),
                ));
            }
        };
        if ports.is_empty() {
            return Err(unreachable(found, &role.value, port.span, self.sink));
        }
        let Some(one) = ports.iter().find(|known| known.name == port.value) else {
            let names = || ports.iter().map(|port| port.name.as_str());
            return Err(self.sink.error(
                Diagnostic::new(
                    codes::UNKNOWN_REFERENCE,
                    format!("{what} has no port called {}", quoted(&port.value)),
                )
                .at(port.span, "unknown port")
                .also(found.key, "declared here")
                .help_if(did_you_mean(&port.value, names()))
                .help(format!("its ports are {}", list(names()))),
            ));
        };
        let text = of_port(&role.value, one, &attribute.value);
        match text.filter(|_| PORT_ATTRIBUTES.contains(&attribute.value.as_str())) {
            Some(text) => Ok(Value::literal(text)),
            None => Err(self.unknown_attribute("a port", attribute, &PORT_ATTRIBUTES, None)),
        }
    }
}

fn noun(root: &Spanned<String>) -> Option<Noun> {
    match root.value.as_str() {
        "services" => Some(Noun::Service),
        "dependencies" => Some(Noun::Dependency),
        _ => None,
    }
}

/// The root of references to roles that a word is near to, or is.
fn nearest_root(word: &str) -> Option<&'static str> {
    let roots = ["services", "dependencies", "service", "dependency"];
    roots
        .into_iter()
        .find(|root| *root == word)
        .or_else(|| nearest(word, roots))
}
