//! A program in which a target runs products of the catalogue itself: containers in their places.

use super::{NodeId, Program};
use crate::{
    Access, Attribute, Backing, Component, Engine, Id, Image, LateContents, Mount, Origin, Owner, Part,
    Probe, Reference, Secret, User, Value, Volume, Workload,
};

/// A container that a target runs in the place of a managed backing.
#[derive(Clone, Debug)]
pub struct Hosted {
    /// Whose place it takes.
    pub backing: Id<Backing>,
    /// What it runs; the image that [`Hosted::workload`] names does not matter.
    pub image: Reference,
    /// What it is, but for its image and the volume of its data.
    pub workload: Workload,
    /// The folder that must survive, the name of its volume, and who writes it.
    pub data: Option<(String, String, User)>,
}

impl Program {
    /// This program with containers in the place of some managed backings.
    ///
    /// `attribute` says what such a backing can be asked for; every value of the program holds that instead. Passwords of
    /// these backings become secrets that are made once. Images and volumes of the containers come behind all others, so
    /// that no id changes its meaning.
    #[must_use]
    pub fn hosting(
        &self,
        hosted: Vec<Hosted>,
        attribute: &dyn Fn(Id<Backing>, Attribute) -> Option<Value>,
    ) -> Self {
        let mut program = self.clone();
        let ids: Vec<Id<Backing>> = hosted.iter().map(|hosted| hosted.backing).collect();
        for hosted in hosted {
            program.host(hosted);
        }
        program.make_passwords(&ids);
        let told = |value: &mut Value| *value = told(value, &ids, attribute);
        let services: Vec<_> = program.services.iter().map(|(id, _)| id).collect();
        for id in services {
            program.services.change(id, |service| {
                values_of(&mut service.workload, &told);
                service.development.test.iter_mut().flatten().for_each(&told);
            });
        }
        let backings: Vec<_> = program.backings.iter().map(|(id, _)| id).collect();
        for id in backings {
            program.backings.change(id, |backing| match &mut backing.engine {
                Engine::Container(workload) => values_of(workload, &told),
                Engine::External(external) => told(&mut external.url),
                Engine::Existing(existing) => existing.attributes.values_mut().for_each(&told),
                Engine::Managed(_) => {}
            });
        }
        program
    }

    fn host(&mut self, hosted: Hosted) {
        let Hosted {
            backing,
            image,
            mut workload,
            data,
        } = hosted;
        let node = NodeId::Backing(backing);
        let at = |field: &str| self.at(node, field);
        let (whole, stored) = (at(""), at("storage"));
        workload.image = self.images.push(Image::Pinned(image));
        self.places.put(NodeId::Image(workload.image), "", whole);
        if let Some((folder, name, writer)) = data {
            let volume = self.volumes.push(Volume {
                owner: Owner::Component {
                    component: Component::Backing(backing),
                    name,
                },
                size: None,
                writer: Some(writer),
            });
            self.places.put(NodeId::Volume(volume), "", stored);
            let access = Access::Write;
            workload.mounts.insert(folder, Mount { volume, access });
        }
        self.backings
            .change(backing, |backing| backing.engine = Engine::Container(workload));
    }

    /// What logs in at these backings is made like any other secret that nobody supplies.
    fn make_passwords(&mut self, of: &[Id<Backing>]) {
        let mut made = Vec::new();
        for (id, secret) in self.secrets.iter() {
            let (backing, what) = match secret.origin {
                Origin::PasswordOf(backing) => (backing, "Password"),
                Origin::AdministratorOf(backing) => (backing, "Password of the administrator"),
                Origin::Supplied { .. } | Origin::Generated { .. } => continue,
            };
            if let (true, Some(length)) = (of.contains(&backing), secret.length()) {
                let role = self.role(Component::Backing(backing));
                made.push((id, length, format!("{what} of {role}")));
            }
        }
        for (id, length, description) in made {
            self.secrets.change(id, |secret: &mut Secret| {
                secret.origin = Origin::Generated {
                    length,
                    description: Some(description),
                };
            });
        }
    }
}

/// A value with what these backings answer in the place of their attributes.
fn told(
    value: &Value,
    of: &[Id<Backing>],
    attribute: &dyn Fn(Id<Backing>, Attribute) -> Option<Value>,
) -> Value {
    let parts = value.parts().iter().flat_map(|part| match part {
        Part::Attribute(backing, wanted) if of.contains(backing) => {
            let answer = attribute(*backing, *wanted).unwrap_or_default();
            answer.parts().to_vec()
        }
        Part::Text(_) | Part::Secret(_) | Part::Attribute(..) => vec![part.clone()],
    });
    Value::new(parts)
}

fn values_of(workload: &mut Workload, told: &dyn Fn(&mut Value)) {
    let arguments = workload.entrypoint.iter_mut().chain(workload.command.iter_mut());
    arguments.flatten().for_each(told);
    workload.environment.values_mut().for_each(told);
    let files = workload.files.late.values_mut();
    for file in files.flat_map(|files| files.values_mut()) {
        match &mut file.contents {
            LateContents::Value(value) => told(value),
            LateContents::Known(_) => {}
        }
    }
    match workload.health.as_mut().map(|health| &mut health.probe) {
        Some(Probe::Command(items)) => items.iter_mut().for_each(told),
        Some(Probe::Http { .. } | Probe::Tcp { .. } | Probe::Grpc { .. }) | None => {}
    }
}
