//! `development` in the layers of a service: above the keys beside it, in the environment `local` and nowhere else.

use super::{job, over, unknown};
use crate::field::{Look, replace, table};
use exoc_diagnostics::Failed;
use exoc_manifest::ast::{
    self, DevelopmentKeys, Dockerfile, Field, ServiceEntry, ServiceFile, ServiceLayer, Table,
};

/// Whether `development` overlays the services of an environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Development {
    /// It does: this is `local`.
    Overlays,
    /// It is not seen.
    Unseen,
}

impl Development {
    /// What a service's own file says. An entry that removes `development` removes the file's.
    pub(super) fn of_file(self, file: &ServiceFile, entries: &[&ServiceEntry]) -> ServiceLayer {
        if is_removed(entries) {
            return ServiceLayer::clone(&file.layer);
        }
        self.over(&file.layer, &file.development)
    }

    /// A layer with its `development` above it, where that is seen.
    pub(super) fn over(self, layer: &ServiceLayer, above: &Field<Box<ast::Development>>) -> ServiceLayer {
        match (self, above) {
            (Self::Overlays, Field::Set(above)) => over(layer, &above.layer),
            (Self::Overlays, Field::Broken(failed)) => over(layer, &unknown(*failed)),
            (Self::Overlays, Field::Absent | Field::Removed(_)) | (Self::Unseen, _) => layer.clone(),
        }
    }

    /// What all layers say of the keys that only `development` has; `file` is the weakest.
    pub(super) fn keys(
        self,
        file: &Field<Box<ast::Development>>,
        entries: &[&ServiceEntry],
    ) -> DevelopmentKeys {
        let weakest = if is_removed(entries) { &Field::Absent } else { file };
        let nothing = ServiceLayer::default();
        let stronger = entries.iter().map(|entry| (&entry.layer, &entry.development));
        let layers = std::iter::once((&nothing, weakest)).chain(stronger);
        let joined = |below, above: &Field<Box<ast::Development>>| match (self, above) {
            (Self::Overlays, Field::Set(above)) => join_keys(&below, &above.keys),
            (Self::Overlays, Field::Broken(failed)) => join_keys(&below, &nothing_known(*failed)),
            (Self::Overlays, Field::Absent | Field::Removed(_)) | (Self::Unseen, _) => below,
        };
        layers.fold(DevelopmentKeys::default(), |below, (layer, above)| {
            joined(job::development_below(below, layer), above)
        })
    }

    /// The Dockerfile by which a service is built.
    pub(super) const fn dockerfile(self, file: &ServiceFile) -> Option<&Dockerfile> {
        match self {
            Self::Overlays => file.local_dockerfile.as_ref(),
            Self::Unseen => file.dockerfile.as_ref(),
        }
    }
}

/// Whether a layer of application.yml removes what the service's own file says.
fn is_removed(entries: &[&ServiceEntry]) -> bool {
    entries.iter().any(|entry| entry.development.removed().is_some())
}

/// Two layers of `development` as one.
pub(super) fn join(weaker: &ast::Development, stronger: &ast::Development) -> ast::Development {
    let ast::Development { layer, keys } = stronger;
    ast::Development {
        layer: over(&weaker.layer, layer),
        keys: join_keys(&weaker.keys, keys),
    }
}

fn join_keys(weaker: &DevelopmentKeys, stronger: &DevelopmentKeys) -> DevelopmentKeys {
    let DevelopmentKeys {
        test,
        mount,
        watch,
        publish,
    } = stronger;
    DevelopmentKeys {
        test: replace(&weaker.test, test),
        mount: table(&weaker.mount, mount, replace),
        watch: replace(&weaker.watch, watch),
        publish: replace(&weaker.publish, publish),
    }
}

/// Keys of which nothing is known.
fn nothing_known(failed: Failed) -> DevelopmentKeys {
    DevelopmentKeys {
        test: Field::Broken(failed),
        mount: Table::new(),
        watch: Field::Broken(failed),
        publish: Field::Broken(failed),
    }
}
