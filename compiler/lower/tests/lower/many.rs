//! Many components, which are lowered in shares: what one share makes says the same beside others.

use exoc_diagnostics::{MemorySources, Sink, SourceMap, Workers};
use exoc_ir::{Component, Image, NodeId, Owner, Program, Target};
use exoc_lower::{Selection, plans, prepare};
use std::fmt::Write;

/// More than three shares.
const COUNT: usize = 210;
const IMAGES: usize = 7;

/// Begins with the last.
#[derive(Debug)]
struct Backwards;

impl Workers for Backwards {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).rev().for_each(work);
    }
}

/// Does things in their order.
#[derive(Debug)]
struct Forwards;

impl Workers for Forwards {
    fn run(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// One line for each service, the first on line 5; every fifth has a volume of its own and writes the shared one.
fn application() -> String {
    let mut text = "name: shop\ndependencies:\n  media: volume\nservices:\n".to_owned();
    for number in 0..COUNT {
        let image = number % IMAGES;
        let before = number
            .checked_sub(1)
            .map_or_else(String::new, |before| format!("s{before:03}"));
        let volumes = if number.is_multiple_of(5) {
            ", volumes: { own: /own, media: /media }, security: { user: 1000 }"
        } else {
            ""
        };
        writeln!(
            text,
            "  s{number:03}: {{ image: \"acme/i{image}:1.0\", port: 80, uses: [{before}]{volumes} }}"
        )
        .unwrap();
    }
    text
}

/// The program with these workers, and what was reported.
fn lowered(application: &str, workers: &dyn Workers) -> (Option<String>, Vec<String>, Option<Program>) {
    let mut sources = MemorySources::default();
    sources.insert("application.yml", application.as_bytes());
    let (mut map, mut sink) = (SourceMap::default(), Sink::new());
    let manifest = exoc_manifest::load(&sources, &mut map, &mut sink).unwrap();
    let registry: [&dyn Target; 1] = [&crate::support::COMPOSE];
    let plans = plans(&manifest, &Selection::default(), &registry, &mut sink);
    let drafts: Vec<_> = plans
        .into_iter()
        .map(|plan| plan.lower(&manifest, workers))
        .collect();
    let emissions = prepare(&manifest, drafts, &|_, _| String::new(), &mut sink);
    let output = emissions
        .ok()
        .and_then(|emissions| emissions.first()?.emit(&map, workers, &mut sink).ok());
    let reported = sink.into_sorted().into_iter();
    let reported = reported.map(|diagnostic| format!("{:?}", diagnostic)).collect();
    let program = output.map(|output| Program::clone(&output.program));
    let dump = program
        .as_ref()
        .map(|program| serde_json::to_string(program).unwrap());
    (dump, reported, program)
}

#[test]
fn what_components_have_is_their_own_however_many_there_are() {
    let (_, reported, program) = lowered(&application(), &Backwards);
    let program = program.unwrap_or_else(|| panic!("{reported:#?}"));
    assert_eq!(program.images().len(), IMAGES);
    assert_eq!(program.volumes().len(), 1 + COUNT / 5);
    assert_eq!(program.services().len(), COUNT);
    for (id, service) in program.services().iter() {
        let number: usize = service.role.trim_start_matches('s').parse().unwrap();
        let component = Component::Service(id);
        match program.images().get(service.workload.image) {
            Some(Image::Pinned(reference)) => {
                assert_eq!(reference.to_string(), format!("acme/i{}:1.0", number % IMAGES));
            }
            other => panic!("{other:?}"),
        }
        let owners = service.workload.mounts.iter().map(|(path, mount)| {
            let volume = program.volumes().get(mount.volume).unwrap();
            (path.as_str(), mount.volume, &volume.owner)
        });
        for (path, volume, owner) in owners {
            match owner {
                Owner::Component { component: of, name } => {
                    assert_eq!((*of, name.as_str(), path), (component, "own", "/own"));
                    let node = program.at(NodeId::Service(id), "");
                    let at = program.at(NodeId::Volume(volume), "");
                    assert!(at.start > node.start, "{}", service.role);
                    let next = program.at(NodeId::Service(exoc_ir::Id::new(id.index() + 1)), "");
                    assert!(at.start < next.start || number + 1 == COUNT, "{}", service.role);
                }
                Owner::Shared { role, .. } => assert_eq!((role.as_str(), path), ("media", "/media")),
            }
        }
        assert_eq!(
            service.workload.mounts.len(),
            if number.is_multiple_of(5) { 2 } else { 0 }
        );
        let edges: Vec<_> = program.edges_from(component).collect();
        assert_eq!(edges.len(), usize::from(number > 0), "{}", service.role);
    }
}

#[test]
fn whoever_is_ready_first_the_program_and_what_is_reported_are_the_same() {
    let (one, notes, _) = lowered(&application(), &Forwards);
    assert!(one.is_some());
    assert_eq!((one, notes), {
        let (other, notes, _) = lowered(&application(), &Backwards);
        (other, notes)
    });
    // Two users write one volume; a role is not there; two have one route.
    let broken = application()
        .replacen("user: 1000", "user: 1001", 1)
        .replace("uses: [s150]", "uses: [s999]")
        .replace("s007: { ", "s007: { route: /a, ")
        .replace("s170: { ", "s170: { route: /a, ");
    let (none, faults, _) = lowered(&broken, &Forwards);
    assert_eq!(none, None);
    assert!(faults.len() >= 3, "{faults:#?}");
    let (_, again, _) = lowered(&broken, &Backwards);
    assert_eq!(faults, again);
}
