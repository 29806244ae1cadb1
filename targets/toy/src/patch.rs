//! Patches: `at` is a role; the one path is `remark`.

use crate::model::{Entry, Inventory};
use exoc_diagnostics::{Diagnostic, Failed, Node, Sink, Spanned, codes, did_you_mean};
use exoc_ir::Patch;

pub(crate) fn apply(inventory: &mut Inventory, patches: &[Patch], sink: &mut Sink) -> Result<(), Failed> {
    for Patch { at, set, replace } in patches {
        let roles: Vec<String> = inventory.entries.iter().map(|entry| entry.role.clone()).collect();
        let Some(entry) = inventory.entries.iter_mut().find(|entry| entry.role == at.value) else {
            let near = did_you_mean(&at.value, roles.iter().map(String::as_str));
            let message = format!("no component `{}` to patch", at.value);
            let help = near.unwrap_or_else(|| format!("the roles are {}", roles.join(", ")));
            sink.error(
                Diagnostic::new(codes::BAD_PATCH, message)
                    .at(at.span, "matches nothing")
                    .help(help),
            );
            continue;
        };
        set.iter().for_each(|change| remark(entry, change, false, sink));
        replace
            .iter()
            .for_each(|change| remark(entry, change, true, sink));
    }
    sink.checkpoint()
}

/// Adds a remark, or changes it where `existing` says that there must be one.
fn remark(entry: &mut Entry, (path, value): &(Spanned<String>, Node), existing: bool, sink: &mut Sink) {
    let bad = |message: &str| Diagnostic::new(codes::BAD_PATCH, message.to_owned());
    if path.value != "remark" {
        let message = format!("no path `{}` in an entry of the inventory", path.value);
        sink.error(bad(&message).at(path.span, "").help("the one path is `remark`"));
    } else if existing != entry.remark.is_some() {
        let help = if existing {
            "write `set` to add one"
        } else {
            "write `replace` to change it"
        };
        let message = if existing {
            "there is no remark to replace"
        } else {
            "there is a remark already"
        };
        sink.error(bad(message).at(path.span, "").help(help));
    } else if let Some(text) = value.as_text() {
        entry.remark = Some(text.to_owned());
    } else {
        let message = format!("a remark is a text, not {}", value.describe());
        sink.error(bad(&message).at(value.span, "").help("put it in quotes"));
    }
}
