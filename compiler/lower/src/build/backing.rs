//! Dependencies: what they offer, and their nodes.

use super::account::{DATABASE, USERNAME};
use super::existing::kept;
use super::external::read;
use super::keys::foreign_keys;
use super::workload::resources;
use super::{Lowering, Site};
use crate::field::Look;
use crate::resolve::{Own, Place, Resolver};
use crate::scope::{Noun, Offer, Outside};
use crate::words::{list, quoted};
use exoc_catalogue::Entry;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes, did_you_mean};
use exoc_ir::{
    Attribute, Availability, Backing, Bytes, Engine, External, Id, Managed, Origin, Port, Transport, Value,
};
use exoc_manifest::ast::{self, Dependency, DependencyType, TextPart};

/// Storage unless the manifest says otherwise.
const STORAGE: Bytes = Bytes::gibi(10);

/// The catalogue's entry of a type of dependency, if it is managed.
pub(crate) fn product(kind: DependencyType) -> Option<&'static Entry> {
    match kind {
        DependencyType::Managed(word) => exoc_catalogue::named(word),
        DependencyType::Container | DependencyType::External | DependencyType::Volume => None,
    }
}

/// The secrets that a managed dependency brings with it: their names, which last as long as its data, and what each
/// is.
pub(crate) fn made(identity: &str, entry: &Entry, id: Id<Backing>) -> Vec<(String, Origin)> {
    let password = entry
        .secret
        .map(|attribute| (secret_of(identity, attribute), Origin::PasswordOf(id)));
    let administrator = entry
        .administrator
        .then(|| (administrator_of(identity), Origin::AdministratorOf(id)));
    password.into_iter().chain(administrator).collect()
}

/// The availability that a dependency asks for.
pub(super) fn availability(dependency: &Dependency) -> Availability {
    match dependency.availability.set().map(|written| written.value) {
        Some(ast::Availability::High) => Availability::High,
        Some(ast::Availability::Single) | None => Availability::Single,
    }
}

/// A dependency whose type is known and that is no volume.
#[derive(Clone, Debug)]
pub(crate) struct Known<'a> {
    pub(crate) id: Id<Backing>,
    pub(crate) key: Span,
    pub(crate) kind: Spanned<DependencyType>,
    pub(crate) dependency: &'a Dependency,
    /// Ports of a container.
    pub(crate) ports: Result<Vec<(Port, Span)>, Failed>,
}

/// The type of a dependency.
pub(crate) fn kind(
    role: &str,
    key: Span,
    dependency: &Dependency,
    sink: &mut Sink,
) -> Result<Spanned<DependencyType>, Failed> {
    if let Some(kind) = dependency.kind.known()? {
        return Ok(*kind);
    }
    let image = dependency.layer.image.set();
    let help = match image.and_then(|image| known_image(&image.value)) {
        Some(short) => format!("write `{role}: {short}`, or `type: container` to run the image as it is"),
        None if image.is_some() => "write `type: container` beside `image`".to_owned(),
        None => "write for example `type: postgres`, or `type: container` for any image".to_owned(),
    };
    Err(sink.error(
        Diagnostic::new(
            codes::MISSING_KEY,
            format!("the dependency {} has no `type`", quoted(role)),
        )
        .at(key, "`type` is required")
        .help(help),
    ))
}

/// The short form of a dependency whose image is that of a product.
fn known_image(image: &str) -> Option<String> {
    let name = image.rsplit('/').next()?;
    let (word, tag) = name.split_once(':')?;
    let version: String = tag
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect();
    (exoc_catalogue::named(word).is_some() && !version.is_empty()).then(|| format!("{word}:{version}"))
}

/// What others see of a dependency.
pub(crate) fn offer(role: &str, known: &Known<'_>, resolver: &mut Resolver<'_>) -> Offer {
    match known.kind.value {
        DependencyType::Managed(_) | DependencyType::Volume => match product(known.kind.value) {
            Some(entry) => match kept(role, known, entry, resolver) {
                Some(kept) => Offer::Existing(kept),
                None => Offer::Managed(entry, known.id),
            },
            None => Offer::Unknown(unknown_product(known, resolver.sink)),
        },
        DependencyType::Container => {
            let ports = known.ports.as_ref().map_err(|failed| *failed);
            Offer::Listens {
                ports: ports.map(|ports| ports.iter().map(|(port, _)| port.clone()).collect()),
                public: Ok(None),
            }
        }
        DependencyType::External => Offer::External(outside(role, known, resolver)),
    }
}

/// A word that the manifest's reader knows and the catalogue does not; a test says that there is none.
fn unknown_product(known: &Known<'_>, sink: &mut Sink) -> Failed {
    sink.error(
        Diagnostic::new(codes::INTERNAL, "the catalogue has no such type of dependency")
            .at(known.kind.span, "")
            .help("report this as a fault of exoc, with the manifest"),
    )
}

fn outside(role: &str, known: &Known<'_>, resolver: &mut Resolver<'_>) -> Result<Outside, Failed> {
    let Some(url) = known.dependency.url.known()? else {
        return Err(resolver.sink.error(
            Diagnostic::new(
                codes::MISSING_KEY,
                format!("the dependency {} has no `url`", quoted(role)),
            )
            .at(known.kind.span, "`url` is required")
            .help("write where it is, as in `url: \"https://crm.example.com\"`"),
        ));
    };
    let value = resolver.text(url, Place::ExternalUrl, Own { role: None })?;
    // With references in it the text differs between environments, and the fault does not.
    let literal = match url.parts.as_slice() {
        [TextPart::Literal(literal)] => Some(literal.as_str()),
        [] | [TextPart::Reference(_)] | [_, _, ..] => None,
    };
    read(&value, literal, url.span, resolver.sink)
}

impl Lowering<'_> {
    /// Makes the node of a dependency.
    pub(crate) fn backing(&mut self, site: &Site<'_>, known: &Known<'_>) -> Backing {
        let Dependency {
            span: _,
            kind: _,
            version,
            storage,
            database,
            username,
            parameters,
            availability,
            backups,
            subscribes,
            existing,
            url,
            layer: _,
        } = known.dependency;
        self.place(site, "type", known.kind.span);
        self.place_identity(site);
        let places = [
            ("version", version.set().map(|value| value.span)),
            ("storage", storage.set().map(|value| value.span)),
            ("database", database.set().map(|value| value.span)),
            ("username", username.set().map(|value| value.span)),
            ("parameters", parameters.keys().next().map(|key| key.span)),
            ("availability", availability.set().map(|value| value.span)),
            ("backups", backups.set().map(|value| value.span)),
            ("subscribes", subscribes.set().map(|value| value.span)),
            ("url", url.set().map(|value| value.span)),
        ];
        for (field, at) in places {
            if let Some(at) = at {
                self.place(site, field, at);
            }
        }
        for name in parameters.keys() {
            self.place(site, &format!("parameters.{}", name.value), name.span);
        }
        foreign_keys(known.kind, known.dependency, self.sink);
        let engine = match (known.kind.value, product(known.kind.value)) {
            (DependencyType::Managed(_), Some(entry)) => match existing.set() {
                Some(existing) => Engine::Existing(self.existing(site, entry, existing)),
                None => Engine::Managed(self.managed(site, known, entry)),
            },
            (DependencyType::Container, _) => {
                let image = self.container_image(site);
                Engine::Container(self.workload(site, Noun::Dependency, image, &known.ports))
            }
            // A product that is not in the catalogue was reported; a volume is no backing.
            (DependencyType::External | DependencyType::Managed(_) | DependencyType::Volume, _) => {
                Engine::External(self.external(site, known))
            }
        };
        Backing {
            role: site.role.to_owned(),
            identity: site.identity().to_owned(),
            engine,
        }
    }

    fn external(&mut self, site: &Site<'_>, known: &Known<'_>) -> External {
        if let Some(url) = known.dependency.url.set() {
            self.credential_texts([url]);
        }
        let outside = match self.scope.roles.get(site.role).map(|role| &role.offer) {
            Some(Offer::External(Ok(outside))) => outside.clone(),
            // Reported: an address that asks nothing of a target.
            Some(
                Offer::External(Err(_))
                | Offer::Unknown(_)
                | Offer::Listens { .. }
                | Offer::Managed(..)
                | Offer::Volume(_)
                | Offer::Existing(_),
            )
            | None => Outside {
                url: Value::default(),
                host: String::new(),
                port: 0,
                transport: Transport::Tcp,
                username: None,
                password: None,
                database: None,
            },
        };
        let Outside {
            url,
            host,
            port,
            transport: _,
            username: _,
            password: _,
            database: _,
        } = outside;
        External { url, host, port }
    }

    fn managed(&mut self, site: &Site<'_>, known: &Known<'_>, entry: &Entry) -> Managed {
        let dependency = known.dependency;
        for (field, at) in [
            ("cpu", site.layer.cpu.set().map(|value| value.span)),
            ("memory", site.layer.memory.set().map(|value| value.span)),
        ] {
            if let Some(at) = at {
                self.place(site, field, at);
            }
        }
        let secret = |name: String| self.secrets.id(&name).unwrap_or_else(|| Id::new(0));
        let password = entry
            .secret
            .map(|attribute| secret(secret_of(site.identity(), attribute)));
        let administrator = entry
            .administrator
            .then(|| secret(administrator_of(site.identity())));
        Managed {
            product: entry.product,
            version: self.version(site, known, entry),
            resources: resources(&site.layer.cpu, &site.layer.memory),
            storage: dependency
                .storage
                .set()
                .map_or(STORAGE, |storage| Bytes(storage.value)),
            parameters: self.parameters(entry, dependency),
            image: self.product_image(site),
            availability: availability(dependency),
            backups: dependency.backups.set().map(|days| days.value),
            subscribes: self.subscriptions(entry, dependency),
            database: entry
                .has(Attribute::Database)
                .then(|| self.named(site, known, &dependency.database, &DATABASE, entry)),
            username: entry
                .always_has(Attribute::Username)
                .then(|| self.named(site, known, &dependency.username, &USERNAME, entry)),
            password,
            administrator,
        }
    }

    /// The version; `None` for a product without versions.
    fn version(&mut self, site: &Site<'_>, known: &Known<'_>, entry: &Entry) -> Option<String> {
        let offered = || entry.versions.iter().map(|version| version.number);
        let newest = offered().next_back()?;
        let version = match known.dependency.version.known() {
            Err(_) => return Some(newest.to_owned()),
            Ok(None) => {
                self.sink.error(
                    Diagnostic::new(
                        codes::MISSING_KEY,
                        format!("the dependency {} has no `version`", quoted(site.role)),
                    )
                    .at(known.kind.span, "`version` is required")
                    .help(format!(
                        "write it, as in `{}: {}:{newest}`",
                        site.role,
                        entry.word()
                    )),
                );
                return Some(newest.to_owned());
            }
            Ok(Some(version)) => version,
        };
        if entry.version(&version.value).is_some() {
            return Some(version.value.clone());
        }
        let major = version.value.split('.').next().unwrap_or_default();
        let whole = |known: &&str| {
            let rest = version.value.strip_prefix(known);
            rest.is_some_and(|rest| rest.starts_with(['-', '.']))
        };
        let newest_word = matches!(version.value.as_str(), "latest" | "stable" | "*" | "");
        let same_major = offered()
            .find(|known| known.split('.').next() == Some(major))
            .or_else(|| offered().find(whole))
            .or_else(|| offered().next_back().filter(|_| newest_word))
            .map(|known| format!("did you mean `{known}`?"));
        let near = same_major.or_else(|| did_you_mean(&version.value, offered()));
        self.sink.error(
            Diagnostic::new(
                codes::UNKNOWN_VERSION,
                format!("no target offers {} {}", entry.word(), quoted(&version.value)),
            )
            .at(version.span, "unknown version")
            .help_if(near)
            .help(format!(
                "the versions of {} are {}",
                entry.word(),
                list(offered())
            )),
        );
        Some(newest.to_owned())
    }
}

/// The name of the secret of a managed dependency's user.
fn secret_of(role: &str, attribute: Attribute) -> String {
    format!(
        "{}_{}",
        crate::words::upper(role),
        crate::words::upper(attribute.word())
    )
}

/// The name of the secret that holds its administrator's password.
fn administrator_of(role: &str) -> String {
    format!("{}_ADMINISTRATOR_PASSWORD", crate::words::upper(role))
}
