//! Containers beside the user's: one that asks it, and one that writes files for it.

use super::definition::{health, login, logs, with_variables};
use crate::model::{Probe, Task, Writer};
use crate::print::common::inline;
use exoc_emit::hcl::{Block, Expression, Object, block, list, var};

/// The name of the container that asks the user's. No role begins so.
const PROBE: &str = "exoc-health";

/// The name of the container that writes files. No role begins so.
const WRITER: &str = "exoc-files";

/// Sleeps for ever; only its check does something.
pub(super) fn probe(task: &Task, probe: &Probe) -> Expression {
    let Probe { check } = probe;
    Object::new()
        .with("name", PROBE)
        .with("image", var("companion_image"))
        .with_some("repositoryCredentials", task.companion.as_ref().and_then(login))
        .with("essential", true)
        .with("command", vec!["sleep", "2147483647"])
        .with("user", "10001:10001")
        .with("readonlyRootFilesystem", true)
        .with(
            "linuxParameters",
            Object::new()
                .with("initProcessEnabled", true)
                .with("capabilities", nothing()),
        )
        .with("healthCheck", health(check))
        .with("logConfiguration", logs(task))
        .into()
}

/// Writes files into volumes of the task and ends.
pub(super) fn writer(task: &Task, writer: &Writer) -> Expression {
    let Writer {
        script,
        variables,
        folders,
    } = writer;
    let folders = folders
        .iter()
        .map(|folder| mount(&folder.volume, &folder.written_at, false));
    let object = Object::new()
        .with("name", WRITER)
        .with("image", var("companion_image"))
        .with_some("repositoryCredentials", task.companion.as_ref().and_then(login))
        .with("essential", false)
        .with("command", vec!["sh", "-euc", script])
        // The platform gives the folders to root.
        .with("user", "0:0")
        .with("readonlyRootFilesystem", true)
        .with("linuxParameters", Object::new().with("capabilities", nothing()))
        .with_list_unless_empty("mountPoints", folders);
    with_variables(object, variables)
        .with("logConfiguration", logs(task))
        .into()
}

/// What makes a container wait until all files are written.
pub(super) fn written() -> Expression {
    let condition = inline([("containerName", WRITER.into()), ("condition", "SUCCESS".into())]);
    list([condition])
}

/// The volumes that files are written into; they end with the task.
pub(super) fn volumes(task: &Task) -> impl Iterator<Item = Block> {
    let folders = task.writer.iter().flat_map(|writer| &writer.folders);
    folders.map(|folder| block("volume", []).attr("name", &folder.volume))
}

/// Where a volume lies in a container.
pub(super) fn mount(volume: &str, path: &str, read_only: bool) -> Expression {
    inline([
        ("sourceVolume", volume.into()),
        ("containerPath", path.into()),
        ("readOnly", read_only.into()),
    ])
}

fn nothing() -> Object {
    Object::new().with("drop", vec!["ALL"])
}
