//! The two roles of a task: what starts it, and what it may do itself.

use super::common::{File, data, resource, statement};
use crate::model::{Pull, Task};
use exoc_emit::hcl::{Expression, Template, reference};

/// Adds the roles.
pub(super) fn add(file: &mut File, task: &Task) {
    let (address, role) = (&task.address, &task.role);
    let execution = format!("{address}_execution");
    let document = statements(task).into_iter().fold(
        data("aws_iam_policy_document", &execution),
        |block, (sid, actions, resources)| block.block("statement", statement(sid, actions, resources)),
    );
    file.add(format!("What ECS may do to start {role}."), &task.lines, document);
    file.add(
        format!("The role that ECS takes to start {role}."),
        &task.lines,
        role_block(
            &execution,
            &task.execution_role,
            &format!("Starts the tasks of {role}"),
        ),
    );
    file.add(
        "Gives the role its permissions.",
        &task.lines,
        resource("aws_iam_role_policy", &execution)
            .attr("name", "start-tasks")
            .attr("role", reference(["aws_iam_role", &execution, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &execution, "json"]),
            ),
    );
    file.add(
        format!("The role of {role} itself: nothing it uses asks for a permission of AWS."),
        &task.lines,
        role_block(
            &format!("{address}_task"),
            &task.task_role,
            &format!("What {role} may do"),
        ),
    );
}

fn role_block(address: &str, name: &str, description: &str) -> exoc_emit::hcl::Block {
    resource("aws_iam_role", address)
        .attr("name", name)
        .attr("description", description)
        .attr(
            "assume_role_policy",
            reference(["data", "aws_iam_policy_document", "task_trust", "json"]),
        )
}

type Statement = (&'static str, &'static [&'static str], Vec<Expression>);

fn statements(task: &Task) -> Vec<Statement> {
    let mut statements: Vec<Statement> = Vec::new();
    let repository = match &task.pull {
        Pull::Public => None,
        Pull::Repository(address) => Some(reference(["aws_ecr_repository", address, "arn"])),
        Pull::Arn(arn) => Some(arn.into()),
    };
    if let Some(repository) = repository {
        statements.push((
            "LogInToRegistry",
            &["ecr:GetAuthorizationToken"],
            vec!["*".into()],
        ));
        statements.push((
            "PullImage",
            &[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            vec![repository],
        ));
    }
    let group = reference(["aws_cloudwatch_log_group", &task.address, "arn"]);
    statements.push((
        "WriteLog",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        vec![Template::new().value(group).text(":*").into()],
    ));
    if !task.reads.is_empty() {
        let arn = |secret: &String| reference(["aws_secretsmanager_secret", secret, "arn"]);
        statements.push((
            "ReadSecrets",
            &["secretsmanager:GetSecretValue"],
            task.reads.iter().map(arn).collect(),
        ));
        statements.push((
            "DecryptSecrets",
            &["kms:Decrypt"],
            vec![reference(["aws_kms_key", "main", "arn"])],
        ));
    }
    statements
}
