//! What volumes need, and those who mount them.

use super::List;
use crate::{Access, Availability, Component, Feature, Mount, Needed, NodeId, Owner, Subject, Volume};

impl List<'_> {
    pub(super) fn mount(&mut self, node: NodeId, component: Component, mount: &Mount) {
        let Mount { volume: id, access } = mount;
        let Some(volume) = self.program.volumes().get(*id) else {
            return;
        };
        let Volume {
            owner,
            size,
            writer: _,
        } = volume;
        let field = match owner {
            Owner::Shared { role, .. } => format!("volumes.{role}"),
            Owner::Component { component: _, name } => {
                let field = format!("volumes.{name}");
                self.add(Feature::OwnVolume, node, &field, component);
                if size.is_some() {
                    self.add(Feature::VolumeSize, node, format_args!("{field}.size"), component);
                }
                field
            }
        };
        match access {
            Access::Read => {
                let field = format!("{field}.read-only");
                self.add(Feature::ReadOnlyMount, node, &field, component);
            }
            Access::Write => {}
        }
    }

    /// Volumes that are nobody's own.
    pub(super) fn shared(&mut self) {
        let program = self.program;
        for (id, volume) in program.volumes().iter() {
            let Volume {
                owner,
                size: _, // always there
                writer: _,
            } = volume;
            let Owner::Shared {
                role,
                identity,
                availability,
                backups,
            } = owner
            else {
                continue;
            };
            let wanted = self.wanted;
            let mut add = |feature: Feature, field: &str| {
                if !wanted(feature) {
                    return;
                }
                self.needed.push(Needed {
                    feature,
                    span: program.at(NodeId::Volume(id), field),
                    subject: Subject::Volume(id),
                });
            };
            add(Feature::SharedVolume, "type");
            add(Feature::Storage, "storage");
            if identity != role {
                add(Feature::Renamed, "was");
            }
            match availability {
                Availability::High => add(Feature::HighAvailability, "availability"),
                Availability::Single => {}
            }
            if backups.is_some() {
                add(Feature::Backups, "backups");
            }
        }
    }
}
