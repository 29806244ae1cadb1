//! Layers become one: the files of an application and an environment's overlay, as one set of keys.
//!
//! Fills no default and resolves nothing. Every value keeps the place of the layer that it came from.

mod dependency;
mod development;
mod job;
mod parts;

pub(crate) use development::Development;

use crate::field::{Look, merge, one_of, replace, table};
use exoc_diagnostics::{Failed, Span, Spanned, VirtualPath, Workers};
use exoc_manifest::ast::{
    Dependency, DevelopmentKeys, Dockerfile, Environment, Field, Lost, Manifest, Secret, ServiceEntry,
    ServiceFile, ServiceLayer, Shared, Table, Text,
};
use std::collections::BTreeMap;

/// One environment's manifest after its layers were merged.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    pub(crate) owner: Field<Spanned<String>>,
    pub(crate) registry: Field<Spanned<String>>,
    pub(crate) environment: Table<Text>,
    pub(crate) secrets: Table<Secret>,
    pub(crate) dependencies: BTreeMap<String, Entry<Dependency>>,
    pub(crate) services: BTreeMap<String, Entry<Service>>,
    /// Roles that the environment's overlay removes, with the place.
    pub(crate) removed: BTreeMap<String, Span>,
    /// The proof that secrets may be missing here because what declares them could not be read.
    pub(crate) secrets_lost: Option<Failed>,
    /// The same for roles.
    pub(crate) roles_lost: Option<Failed>,
}

/// Something with a role.
#[derive(Clone, Debug)]
pub(crate) struct Entry<T> {
    /// The role where it is declared first.
    pub(crate) key: Span,
    /// Whether only the environment's overlay declares it.
    pub(crate) overlaid: bool,
    /// What it is; `Err` where a part of it without which nothing can be said was reported.
    pub(crate) value: Result<T, Failed>,
}

/// A service whose layers are merged.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) location: Option<Spanned<String>>,
    /// Where a layer takes its location away.
    pub(crate) displaced: Option<Span>,
    pub(crate) folder: Option<VirtualPath>,
    pub(crate) dockerfile: Option<Dockerfile>,
    pub(crate) layer: ServiceLayer,
    /// What only `development` says; nothing where it is not seen.
    pub(crate) development: DevelopmentKeys,
}

/// Merges the layers of one environment. `failed` is the proof that something was reported, if anything was.
pub(crate) fn merged(
    manifest: &Manifest,
    environment: Option<&Field<Environment>>,
    development: Development,
    failed: Option<Failed>,
    workers: &dyn Workers,
) -> Merged {
    let nothing = Shared::default();
    let below = &manifest.application.shared;
    let above = environment
        .and_then(Look::set)
        .map_or(&nothing, |environment| &environment.shared);
    let broken = environment.and_then(Look::broken);
    let lost = |lost: fn(&Lost) -> Option<Failed>| broken.or_else(|| lost(&above.lost));
    let mut removed = BTreeMap::new();
    let dependencies = roles(
        &below.dependencies,
        &above.dependencies,
        lost(|lost| lost.dependencies),
        &mut removed,
        |weaker, stronger| merge(weaker, stronger, dependency::over),
    );
    let entries = roles(
        &below.services,
        &above.services,
        lost(|lost| lost.services),
        &mut removed,
        |weaker, stronger| merge(weaker, stronger, service_entry),
    );
    let services = workers.map_whole(entries.into_iter().collect(), |(role, entry)| {
        let file = manifest.service_files.get(&role);
        let key = Spanned::new(role.clone(), entry.key);
        let entries: Vec<&ServiceEntry> = [&below.services, &above.services]
            .into_iter()
            .filter_map(|table| table.get(&key).and_then(Look::set))
            .collect();
        let value = entry
            .value
            .map(|value| service(&value.location, &entries, file, development, failed));
        let entry = Entry {
            key: entry.key,
            overlaid: entry.overlaid,
            value,
        };
        (role, entry)
    });
    Merged {
        owner: replace(&below.owner, &above.owner),
        registry: replace(&below.registry, &above.registry),
        environment: table(&below.environment, &above.environment, replace),
        secrets: table(&below.secrets, &above.secrets, |weaker, stronger| {
            merge(weaker, stronger, secret)
        }),
        dependencies,
        services: services.into_iter().collect(),
        removed,
        secrets_lost: below.lost.secrets.or_else(|| lost(|lost| lost.secrets)),
        roles_lost: [lost(|lost| lost.dependencies), lost(|lost| lost.services)]
            .into_iter()
            .chain([below.lost.dependencies, below.lost.services])
            .find_map(|failed| failed),
    }
}

/// Roles with what all layers say of them; of none anything is known if an overlay of all could not be read.
fn roles<T: Clone>(
    below: &Table<T>,
    above: &Table<T>,
    unread: Option<Failed>,
    removed: &mut BTreeMap<String, Span>,
    join: impl Fn(&Field<T>, &Field<T>) -> Field<T>,
) -> BTreeMap<String, Entry<T>> {
    let mut entries = BTreeMap::new();
    if let Some(span) = above.cleared {
        let gone = below
            .iter()
            .filter(|(_, field)| !matches!(field, Field::Removed(_)));
        removed.extend(gone.map(|(key, _)| (key.value.clone(), span)));
    }
    for (key, field) in &table(below, above, join) {
        let first = below
            .get_key_value(key)
            .filter(|(_, field)| !matches!(field, Field::Removed(_)));
        let value = match field {
            Field::Set(value) => Ok(value.clone()),
            Field::Broken(failed) => Err(*failed),
            Field::Removed(span) => {
                removed.insert(key.value.clone(), *span);
                continue;
            }
            Field::Absent => continue,
        };
        let value = unread.map_or(value, Err);
        let place = first.map_or(key.span, |(key, _)| key.span);
        entries.insert(
            key.value.clone(),
            Entry {
                key: place,
                overlaid: first.is_none(),
                value,
            },
        );
    }
    entries
}

/// A service's own file below what stands in application.yml, `entries`, weakest first; each with what it says of
/// development above it.
fn service(
    location: &Field<Spanned<String>>,
    entries: &[&ServiceEntry],
    file: Option<&Field<ServiceFile>>,
    development: Development,
    failed: Option<Failed>,
) -> Service {
    // One after the other from the weakest: what a layer in the middle removes begins anew above it.
    let upon = |weakest: ServiceLayer| {
        entries.iter().fold(weakest, |below, entry| {
            development.over(&over(&below, &entry.layer), &entry.development)
        })
    };
    let place = location.set().cloned();
    let unread = location.broken().or_else(|| match (place.is_some(), file) {
        (_, Some(Field::Broken(failed))) => Some(*failed),
        // A folder that was not found was reported where it is named.
        (true, None) => failed,
        (false, None) | (_, Some(Field::Absent | Field::Removed(_) | Field::Set(_))) => None,
    });
    if let Some(failed) = unread {
        return Service {
            displaced: None,
            location: place,
            folder: None,
            dockerfile: None,
            layer: upon(unknown(failed)),
            development: development.keys(&Field::Broken(failed), entries),
        };
    }
    let file = file.and_then(Look::set);
    Service {
        displaced: location.removed(),
        // Without a location of its own a service has no folder, even if its Dockerfile was found.
        folder: place.as_ref().and_then(|place| match file {
            Some(file) => Some(file.folder.clone()),
            None => VirtualPath::root().join(&place.value).ok(),
        }),
        location: place,
        dockerfile: file.and_then(|file| development.dockerfile(file).cloned()),
        layer: upon(
            file.map(|file| development.of_file(file, entries))
                .unwrap_or_default(),
        ),
        development: development.keys(file.map_or(&Field::Absent, |file| &file.development), entries),
    }
}

/// A layer of which nothing is known: whatever depends on one of its keys stays silent.
fn unknown(failed: Failed) -> ServiceLayer {
    ServiceLayer {
        kind: Field::Broken(failed),
        build: Field::Broken(failed),
        image: Field::Broken(failed),
        platforms: Field::Broken(failed),
        entrypoint: Field::Broken(failed),
        command: Field::Broken(failed),
        ports: Field::Broken(failed),
        route: Field::Broken(failed),
        health: Field::Broken(failed),
        uses: Field::Broken(failed),
        environment: Table::new(),
        cpu: Field::Broken(failed),
        memory: Field::Broken(failed),
        scale: Field::Broken(failed),
        writable: Table::new(),
        volumes: Table::new(),
        files: Table::new(),
        was: Field::Broken(failed),
        security: Field::Broken(failed),
        shutdown: Field::Broken(failed),
        schedule: Field::Broken(failed),
        when: Field::Broken(failed),
        timeout: Field::Broken(failed),
        retries: Field::Broken(failed),
    }
}

fn service_entry(weaker: &ServiceEntry, stronger: &ServiceEntry) -> ServiceEntry {
    let ServiceEntry {
        span,
        location,
        layer,
        development,
    } = stronger;
    ServiceEntry {
        span: *span,
        location: replace(&weaker.location, location),
        layer: over(&weaker.layer, layer),
        development: merge(&weaker.development, development, |weaker, stronger| {
            Box::new(development::join(weaker, stronger))
        }),
    }
}

/// The keys of a service in two layers, as one.
pub(crate) fn over(weaker: &ServiceLayer, stronger: &ServiceLayer) -> ServiceLayer {
    let ServiceLayer {
        kind,
        build,
        image,
        platforms,
        entrypoint,
        command,
        ports,
        route,
        health,
        uses,
        environment,
        cpu,
        memory,
        scale,
        writable,
        volumes,
        files,
        was,
        security,
        shutdown,
        schedule,
        when,
        timeout,
        retries,
    } = stronger;
    let weaker = &*job::below(weaker, stronger);
    ServiceLayer {
        kind: replace(&weaker.kind, kind),
        build: merge(&weaker.build, build, parts::build),
        image: replace(&weaker.image, image),
        platforms: replace(&weaker.platforms, platforms),
        entrypoint: replace(&weaker.entrypoint, entrypoint),
        command: replace(&weaker.command, command),
        ports: replace(&weaker.ports, ports),
        route: merge(&weaker.route, route, parts::route),
        health: merge(&weaker.health, health, parts::health),
        uses: replace(&weaker.uses, uses),
        environment: table(&weaker.environment, environment, replace),
        cpu: replace(&weaker.cpu, cpu),
        memory: replace(&weaker.memory, memory),
        scale: merge(&weaker.scale, scale, parts::scale),
        writable: table(&weaker.writable, writable, replace),
        volumes: table(&weaker.volumes, volumes, |weaker, stronger| {
            merge(weaker, stronger, parts::volume)
        }),
        files: table(&weaker.files, files, |weaker, stronger| {
            merge(weaker, stronger, parts::file)
        }),
        was: replace(&weaker.was, was),
        security: merge(&weaker.security, security, parts::security),
        shutdown: replace(&weaker.shutdown, shutdown),
        schedule: one_of(&weaker.schedule, schedule, when),
        when: one_of(&weaker.when, when, schedule),
        timeout: replace(&weaker.timeout, timeout),
        retries: replace(&weaker.retries, retries),
    }
}

fn secret(weaker: &Secret, stronger: &Secret) -> Secret {
    let Secret {
        span,
        description,
        generate,
        name,
    } = stronger;
    Secret {
        span: *span,
        description: replace(&weaker.description, description),
        generate: replace(&weaker.generate, generate),
        name: replace(&weaker.name, name),
    }
}

#[cfg(test)]
mod tests {
    use super::{Development, merged, over};
    use crate::field::Look;
    use exoc_diagnostics::{InTurn, MemorySources, Sink, SourceMap};
    use exoc_manifest::ast::{Manifest, ServiceLayer};

    /// Every key of a layer, in long and short forms.
    const FULL: &str = "{ type: private, build: { context: ., args: { A: b } }, image: \"a:1\", entrypoint: [a], \
        command: b, port: 80, route: { path: /a, strip: true }, health: { path: /h, retries: 2 }, uses: [x], \
        environment: { A: b, C: null }, cpu: 1, memory: 1Gi, scale: { min: 1, max: 3, cpu: 50% }, \
        writable: [/x], volumes: { v: { path: /v, size: 1Gi } }, \
        files: { /f: { content: a, executable: true } }, was: old, security: { user: 5 }, shutdown: 9s }";
    const OTHER: &str = "{ build: { stage: s, args: { A: null } }, command: null, port: null, route: { timeout: 9s }, \
        health: { tcp: true }, environment: { A: z, C: d }, scale: { requests: 4 }, volumes: { v: /w, u: null }, \
        files: { /f: ./Dockerfile, /g: null }, security: { group: 6 } }";

    fn load(service: &str) -> Manifest {
        let text = format!(
            "name: a\nservices: {{ s: {service} }}\nenvironments: {{ e: {{ services: {{ s: {service} }} }} }}\n"
        );
        let mut sources = MemorySources::from([("application.yml", text)]);
        sources.insert("Dockerfile", "FROM a AS s");
        let (mut map, mut sink) = (SourceMap::default(), Sink::new());
        let manifest = exoc_manifest::load(&sources, &mut map, &mut sink);
        assert!(sink.checkpoint().is_ok(), "{:?}", sink.into_sorted());
        manifest.unwrap()
    }

    fn layer(service: &str) -> ServiceLayer {
        let manifest = load(service);
        let entry = manifest.application.shared.services.values().next();
        entry.and_then(Look::set).unwrap().layer.clone()
    }

    /// What a layer says, without places: `@`, the source, and the range in it.
    fn said(layer: &ServiceLayer) -> String {
        let text = format!("{layer:?}");
        let mut parts = text.split('@');
        let first = parts.next().unwrap_or_default().to_owned();
        let is_place = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
        parts.fold(first, |said, part| said + part.trim_start_matches(is_place))
    }

    #[test]
    fn an_empty_layer_changes_nothing() {
        let (full, empty) = (layer(FULL), ServiceLayer::default());
        assert_eq!(format!("{:?}", over(&empty, &full)), format!("{full:?}"));
        assert_eq!(format!("{:?}", over(&full, &empty)), format!("{full:?}"));
    }

    #[test]
    fn a_layer_over_itself_says_the_same() {
        let full = layer(FULL);
        assert_eq!(said(&over(&full, &full)), said(&full));
        let other = layer(OTHER);
        assert_eq!(said(&over(&other, &other)), said(&other));
    }

    #[test]
    fn a_third_layer_sees_the_first_two_as_one() {
        let (a, b, c) = (
            layer(FULL),
            layer(OTHER),
            layer("{ command: [c], route: { path: /c } }"),
        );
        // No key is removed by `b` and merged by `c`, which is where the order of merging would matter.
        assert_eq!(said(&over(&over(&a, &b), &c)), said(&over(&a, &over(&b, &c))));
    }

    #[test]
    fn a_removed_mapping_begins_anew() {
        let below = over(&layer(FULL), &layer("{ health: null }"));
        let health = over(&below, &layer("{ health: { tcp: true } }")).health;
        assert!(health.set().unwrap().retries.set().is_none());
    }

    #[test]
    fn an_overlay_equal_to_what_it_overlays_changes_nothing() {
        let manifest = load(FULL);
        let environment = manifest.application.environments.values().next();
        let plain = merged(&manifest, None, Development::Unseen, None, &InTurn);
        let overlaid = merged(&manifest, environment, Development::Unseen, None, &InTurn);
        let layer = |merged: &super::Merged| said(&merged.services["s"].value.as_ref().unwrap().layer);
        assert_eq!(layer(&plain), layer(&overlaid));
    }
}
