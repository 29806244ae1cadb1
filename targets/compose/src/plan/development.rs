//! What a service has on a developer's machine: folders of the application in it, and what compose watches.

use super::{Context, image};
use crate::model::{Action, Mount, Service};
use exoc_ir::{Development, Renewal};

/// Adds it to the service. Files are never copied into a running container: that would need programs of the image, and
/// a file system that its user may write.
pub(super) fn add(context: &Context<'_>, development: &Development, planned: &mut Service) {
    let Development {
        sources,
        watched,
        test: _,      // a service of another file: `suites`
        published: _, // with all other ports: `entry`
    } = development;
    for (target, folder) in sources {
        planned.mounts.push(Mount::Source {
            folder: image::beside(context.application, folder.as_str()),
            target: target.clone(),
        });
    }
    for (path, renewal) in watched {
        let action = match renewal {
            Renewal::Restart => Action::Restart,
            Renewal::Rebuild => Action::Rebuild,
        };
        let path = image::beside(context.application, path.as_str());
        planned.watched.insert(path, action);
    }
}
