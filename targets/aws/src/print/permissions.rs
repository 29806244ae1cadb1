//! What a task may do itself, as the policy of its own role.

use super::common::{File, data, expression, resource, statement};
use crate::model::{Permission, Task};
use exoc_emit::hcl::{Block, reference};

/// Adds the policy of a task's own role; nothing if the role may do nothing.
pub(super) fn add(file: &mut File, task: &Task) {
    if task.permissions.is_empty() {
        return;
    }
    let own = format!("{}_task", task.address);
    let document = data("aws_iam_policy_document", &own);
    file.add(
        format!("What {} may do: what its uses need, and nothing else.", task.role),
        &task.lines,
        task.permissions.iter().fold(document, add_statement),
    );
    file.add(
        "Gives the role above its permissions.",
        &task.lines,
        resource("aws_iam_role_policy", &own)
            .attr("name", "use-dependencies")
            .attr("role", reference(["aws_iam_role", &own, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &own, "json"]),
            ),
    );
}

fn add_statement(block: Block, permission: &Permission) -> Block {
    let Permission {
        sid,
        actions,
        resources,
        conditions,
    } = permission;
    block.block("statement", |body| {
        let body = statement(sid, actions, resources.iter().map(expression))(body);
        conditions.iter().fold(body, |body, (key, values)| {
            body.block("condition", |body| {
                body.attr("test", "StringEquals")
                    .attr("variable", *key)
                    .attr("values", values.iter().map(expression).collect::<Vec<_>>())
            })
        })
    })
}
