//! Faults put into what AWS rents: attributes, permissions, logins.

use super::Fault;
use exoc_snapshot_tests::facts::Target::Aws;

const fn of(
    fixture: &'static str,
    what: &'static str,
    file: &'static str,
    from: &'static str,
    to: &'static str,
) -> Fault {
    Fault {
        what,
        of: (fixture, "production"),
        target: Aws,
        file,
        from,
        to,
    }
}

/// Of products of AWS.
pub(crate) const PRODUCTS: &[Fault] = &[
    of(
        "bucket",
        "objects that cannot be written",
        "service_web.tf",
        "\"s3:PutObject\"",
        "\"s3:PutObjectAcl\"",
    ),
    of(
        "bucket",
        "a bucket that cannot be listed",
        "service_web.tf",
        "\"s3:ListBucket\"",
        "\"s3:GetBucketAcl\"",
    ),
    of(
        "bucket",
        "objects that cannot be decrypted",
        "service_web.tf",
        "\"kms:Decrypt\", \"kms:GenerateDataKey\"",
        "\"kms:DescribeKey\"",
    ),
    of(
        "bucket",
        "a permission that no role has",
        "service_web.tf",
        "role   = aws_iam_role.web_task.id",
        "role   = aws_iam_role.web_execution.id",
    ),
    of(
        "bucket",
        "a bucket under another name",
        "service_web.tf",
        "aws_s3_bucket.assets.bucket",
        "aws_s3_bucket.assets.arn",
    ),
    of(
        "queue",
        "messages that cannot be received",
        "service_web.tf",
        "\"sqs:ReceiveMessage\"",
        "\"sqs:PurgeQueue\"",
    ),
    of(
        "queue",
        "the queue of dead letters instead",
        "service_web.tf",
        "aws_sqs_queue.orders.url",
        "aws_sqs_queue.exoc_dead_letter_orders.url",
    ),
    of(
        "queue",
        "a permission for the queue of dead letters",
        "service_web.tf",
        "resources = [aws_sqs_queue.orders.arn]",
        "resources = [aws_sqs_queue.exoc_dead_letter_orders.arn]",
    ),
    of(
        "topics",
        "a topic that cannot be published to",
        "service_web.tf",
        "aws_sns_topic.news.arn,",
        "",
    ),
    of(
        "topics",
        "another queue's name",
        "service_mailer.tf",
        "aws_sqs_queue.mail.name",
        "aws_sqs_queue.audit.name",
    ),
    of(
        "kafka",
        "another user in the secret",
        "dependency_events.tf",
        "username = \"kafka\"",
        "username = \"other\"",
    ),
    of(
        "kafka",
        "a user that the cluster does not know",
        "dependency_events.tf",
        "cluster_arn     = aws_msk_cluster.events.arn",
        "cluster_arn     = aws_msk_configuration.events.arn",
    ),
    of(
        "kafka",
        "brokers without a login",
        "service_web.tf",
        "bootstrap_brokers_sasl_scram",
        "bootstrap_brokers_tls",
    ),
    of(
        "kafka",
        "a port where nobody listens",
        "dependency_events.tf",
        "from_port                    = 9096\n  to_port                      = 9096",
        "from_port                    = 9094\n  to_port                      = 9094",
    ),
    of(
        "rabbitmq",
        "a URL without TLS",
        "dependency_broker.tf",
        "\"amqps://clerk:",
        "\"amqp://clerk:",
    ),
    of(
        "rabbitmq",
        "another member's host",
        "dependency_broker.tf",
        "instances[0].endpoints[0]",
        "instances[0].console_url[0]",
    ),
    of(
        "search",
        "another user in the URL",
        "dependency_texts.tf",
        "\"https://search:%s@",
        "\"https://other:%s@",
    ),
    of(
        "search",
        "another password than is told",
        "dependency_texts.tf",
        "master_user_password = random_password.texts.result",
        "master_user_password = \"known\"",
    ),
    of(
        "mongodb",
        "writes that are repeated",
        "dependency_db.tf",
        "retryWrites=false",
        "retryWrites=true",
    ),
    of(
        "mysql",
        "an attribute of another kind",
        "service_web.tf",
        "aws_db_instance.db.address",
        "aws_db_instance.db.arn",
    ),
    of(
        "memcached",
        "a port where nobody may go",
        "dependency_cache.tf",
        "port                 = 11211",
        "port                 = 11212",
    ),
];
