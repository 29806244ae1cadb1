//! What `development` mounts and watches: whether it is there. Knows nothing of where it comes to lie.

use super::Locator;
use crate::ast::{Application, Development, Field, Mounted};
use crate::read;
use exoc_diagnostics::{Diagnostic, Entry, Failed, ReadError, Spanned, VirtualPath, codes};

impl Locator<'_> {
    /// Reports what application.yml mounts or watches and nobody finds, and takes it out: nothing else asks for it.
    pub(crate) fn found_in(&mut self, application: &mut Application) {
        let entries = application.shared.services.values_mut();
        for entry in entries {
            if let Field::Set(entry) = entry {
                self.found(&mut entry.development);
            }
        }
    }

    /// The same for one layer. The engine would make an empty folder of what is missing.
    pub(super) fn found(&mut self, development: &mut Field<Box<Development>>) {
        let Field::Set(development) = development else {
            return;
        };
        for source in development.keys.mount.values_mut() {
            if let Field::Set(Spanned {
                value: Mounted::Folder(folder),
                span,
            }) = source
            {
                let named = Spanned::new(self.written(*span), *span);
                let found = self.folder(folder, &named);
                if let Err(failed) = found {
                    *source = Field::Broken(failed);
                }
            }
        }
        if let Field::Set(watched) = &mut development.keys.watch {
            watched.value.retain(|path| self.watchable(path).is_ok());
        }
    }

    fn watchable(&mut self, path: &Spanned<VirtualPath>) -> Result<(), Failed> {
        let diagnostic = match self.sources.entry(&path.value) {
            Ok(Entry::File | Entry::Folder) => return Ok(()),
            Ok(Entry::Absent) | Err(ReadError::NotFound) => {
                let text = self.written(path.span);
                Diagnostic::new(codes::MISSING_PATH, format!("`{text}` does not exist"))
                    .at(path.span, "no such file or folder")
                    .help(format!("create `{}`, or correct the path", path.value))
            }
            Err(error) => read::unreadable(&path.value, &error, Some(path.span)),
        };
        Err(self.sink.error(diagnostic))
    }
}
