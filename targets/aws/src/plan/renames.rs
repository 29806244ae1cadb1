//! Components and shared volumes that are called otherwise than before. Knows roles and identities, and no resource.

use super::Context;
use crate::model::Rename;
use crate::names::{address, volumes_of};
use exoc_diagnostics::Span;
use exoc_ir::{NodeId, Owner};

/// All of them, by their address.
pub(super) fn plan(context: &Context<'_>) -> Vec<Rename> {
    let program = context.program;
    let services = program.services().iter().map(|(id, service)| {
        let node = NodeId::Service(id);
        (service.role.as_str(), service.identity.as_str(), node)
    });
    let backings = program.backings().iter().map(|(id, backing)| {
        let node = NodeId::Backing(id);
        (backing.role.as_str(), backing.identity.as_str(), node)
    });
    let volumes = program
        .volumes()
        .iter()
        .filter_map(|(id, volume)| match &volume.owner {
            Owner::Shared {
                role,
                identity,
                availability: _,
                backups: _,
            } => Some((role.as_str(), identity.as_str(), NodeId::Volume(id))),
            // It is called as its component is.
            Owner::Component {
                component: _,
                name: _,
            } => None,
        });
    let mut renames: Vec<Rename> = services
        .chain(backings)
        .chain(volumes)
        .filter(|(role, identity, _)| role != identity)
        .flat_map(|(role, identity, node)| {
            let own = rename(context, role, identity, program.at(node, "was"));
            let volumes = Rename {
                address: volumes_of(&own.address),
                former: volumes_of(&own.former),
                lines: own.lines.clone(),
            };
            [own, volumes]
        })
        .collect();
    renames.sort_by(|a, b| a.address.cmp(&b.address));
    renames
}

fn rename(context: &Context<'_>, role: &str, identity: &str, at: Span) -> Rename {
    Rename {
        address: address(role),
        former: address(identity),
        lines: context.lines([at]),
    }
}
