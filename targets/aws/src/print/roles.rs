//! The two roles of a task: what starts it, and what it may do itself.

use super::common::{File, data, resource, statement};
use crate::model::{Login, Pull, Task};
use exoc_emit::hcl::{Block, Expression, Template, local, reference};

/// Adds the roles.
pub(super) fn add(file: &mut File, task: &Task) {
    let (address, role) = (&task.address, &task.role);
    let execution = format!("{address}_execution");
    let document = statements(task)
        .into_iter()
        .fold(data("aws_iam_policy_document", &execution), |block, statement| {
            statement.block(block)
        });
    file.add(
        format!("What ECS may do to start {role}: {}.", words(task)),
        &task.lines,
        document,
    );
    file.add(
        format!("The role that ECS takes to start {role}."),
        &task.lines,
        self::role(
            &execution,
            &task.execution_role,
            &format!("Starts the tasks of {role}"),
            "task_trust",
        ),
    );
    file.add(
        "Gives the role above its permissions.",
        &task.lines,
        resource("aws_iam_role_policy", &execution)
            .attr("name", "start-tasks")
            .attr("role", reference(["aws_iam_role", &execution, "id"]))
            .attr(
                "policy",
                reference(["data", "aws_iam_policy_document", &execution, "json"]),
            ),
    );
    let words = if task.permissions.is_empty() && task.mounts.is_empty() {
        ", without a permission: nothing in the manifest asks AWS for any"
    } else {
        ""
    };
    file.add(
        format!("The role that {role} itself has{words}."),
        &task.lines,
        self::role(
            &format!("{address}_task"),
            &task.task_role,
            &format!("What {role} may do"),
            "task_trust",
        ),
    );
    super::permissions::add(file, task);
}

/// A role that whoever the document `trust` names may take.
pub(super) fn role(address: &str, name: &str, description: &str, trust: &str) -> Block {
    resource("aws_iam_role", address)
        .attr("name", name)
        .attr("description", description)
        .attr(
            "assume_role_policy",
            reference(["data", "aws_iam_policy_document", trust, "json"]),
        )
}

/// What the statements come to.
fn words(task: &Task) -> String {
    let pulls = (!repositories(task).is_empty()).then_some("fetch its image");
    let has_secrets = !task.reads.is_empty() || !task.reads_named.is_empty();
    let reads = has_secrets.then_some("read its own secrets");
    let all: Vec<&str> = pulls.into_iter().chain(reads).chain(["write its log"]).collect();
    all.join(", ")
}

/// What a role may do.
struct Statement {
    sid: &'static str,
    actions: &'static [&'static str],
    resources: Vec<Expression>,
    /// Keys, all of which must have one of the values behind them.
    conditions: Vec<(&'static str, Vec<Expression>)>,
}

impl Statement {
    const fn new(sid: &'static str, actions: &'static [&'static str], resources: Vec<Expression>) -> Self {
        Self {
            sid,
            actions,
            resources,
            conditions: Vec::new(),
        }
    }

    fn block(self, block: Block) -> Block {
        let Self {
            sid,
            actions,
            resources,
            conditions,
        } = self;
        block.block("statement", |body| {
            let body = statement(sid, actions, resources)(body);
            conditions.into_iter().fold(body, |body, (key, values)| {
                body.block("condition", |body| {
                    body.attr("test", "StringEquals")
                        .attr("variable", key)
                        .attr("values", values)
                })
            })
        })
    }
}

/// The repositories that its images come from.
fn repositories(task: &Task) -> Vec<Expression> {
    let pulls = std::iter::once(&task.pull).chain(&task.companion);
    let repository = |pull: &Pull| match pull {
        Pull::Public | Pull::Login(_) => None,
        Pull::Repository(address) => Some(reference(["aws_ecr_repository", address, "arn"])),
        Pull::Arn(arn) => Some(arn.into()),
    };
    pulls.filter_map(repository).collect()
}

/// What reads the users and passwords of private registries.
fn logins(task: &Task) -> Vec<Statement> {
    let mut logins: Vec<&Login> = Vec::new();
    for pull in std::iter::once(&task.pull).chain(&task.companion) {
        match pull {
            Pull::Login(login) if !logins.contains(&login) => logins.push(login),
            Pull::Login(_) | Pull::Public | Pull::Repository(_) | Pull::Arn(_) => {}
        }
    }
    let secrets: Vec<Expression> = logins.iter().map(|login| (&login.secret).into()).collect();
    let keys: Vec<Expression> = logins
        .iter()
        .filter_map(|login| login.key.as_ref().map(Expression::from))
        .collect();
    let mut statements = Vec::new();
    if !secrets.is_empty() {
        statements.push(Statement::new(
            "ReadLogin",
            &["secretsmanager:GetSecretValue"],
            secrets,
        ));
    }
    if !keys.is_empty() {
        statements.push(Statement::new("DecryptLogin", &["kms:Decrypt"], keys));
    }
    statements
}

fn statements(task: &Task) -> Vec<Statement> {
    let mut statements = Vec::new();
    let repositories = repositories(task);
    if !repositories.is_empty() {
        statements.push(Statement::new(
            "LogInToRegistry",
            &["ecr:GetAuthorizationToken"],
            vec!["*".into()],
        ));
        statements.push(Statement::new(
            "PullImage",
            &[
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
            repositories,
        ));
    }
    statements.extend(logins(task));
    let group = reference(["aws_cloudwatch_log_group", &task.address, "arn"]);
    statements.push(Statement::new(
        "WriteLog",
        &["logs:CreateLogStream", "logs:PutLogEvents"],
        vec![Template::new().value(group).text(":*").into()],
    ));
    let arn = |secret: &String| reference(["aws_secretsmanager_secret", secret, "arn"]);
    let own: Vec<Expression> = task.reads.iter().map(arn).collect();
    // The same key encrypts everything else of the environment.
    let key = reference(["aws_kms_key", "main", "arn"]);
    statements.extend(readable(["ReadSecrets", "DecryptSecrets"], &own, key));
    let arn = |secret: &String| reference(["data", "aws_secretsmanager_secret", secret, "arn"]);
    let named: Vec<Expression> = task.reads_named.iter().map(arn).collect();
    // Whoever owns the secret may change its key at any time.
    let keys = super::common::arn("kms").text("key/*").into();
    statements.extend(readable(
        ["ReadNamedSecrets", "DecryptNamedSecrets"],
        &named,
        keys,
    ));
    statements
}

/// What it takes to read secrets that keys encrypt: nothing, if there are none.
fn readable(sids: [&'static str; 2], secrets: &[Expression], keys: Expression) -> Vec<Statement> {
    if secrets.is_empty() {
        return Vec::new();
    }
    let [read, decrypt] = sids;
    let store = Template::new()
        .text("secretsmanager.")
        .value(local("region"))
        .text(".amazonaws.com");
    vec![
        Statement::new(read, &["secretsmanager:GetSecretValue"], secrets.to_vec()),
        Statement {
            conditions: vec![
                ("kms:ViaService", vec![store.into()]),
                ("kms:EncryptionContext:SecretARN", secrets.to_vec()),
            ],
            ..Statement::new(decrypt, &["kms:Decrypt"], vec![keys])
        },
    ]
}
