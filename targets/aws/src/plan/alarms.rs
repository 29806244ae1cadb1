//! Which alarms there are: of services, of what is public, and of rented products.

use super::Context;
use super::doors::Doors;
use crate::model::{
    Alarm, Alarms, Cluster, Comparison, Kind, Lines, Metered, Piece, Product, Reference, Rental, Running,
    Silence, Statistic, TargetGroup, Task, Text, Version,
};
use crate::names::limit;
use exoc_diagnostics::Sink;
use exoc_ir::NodeId;

/// Failed answers in five minutes that are too many.
const FAILURES: u64 = 10;

/// Seconds in which 95 of a hundred requests should be answered.
const LATENCY: u64 = 2;

/// Percent of the processor time or of the memory of a product that leave no room.
const BUSY: u64 = 80;

/// Percent of a database's storage that should be free.
const FREE: u64 = 10;

/// Plans all alarms.
pub(super) fn plan(
    context: &Context<'_>,
    doors: &Doors,
    cluster: &Cluster,
    (tasks, products): (&[Task], &[Product]),
    sink: &mut Sink,
) -> Alarms {
    let mut alarms = Vec::new();
    for task in tasks {
        match task.kind {
            Kind::Service | Kind::Dependency => {}
            Kind::Job => alarms.push(failed(context, task)),
        }
        for group in &task.target_groups {
            alarms.extend(of_group(context, doors, task, group));
        }
    }
    for product in products {
        alarms.extend(of_product(context, product));
    }
    let span = context.program.at(NodeId::App, "name");
    Alarms {
        topic: context.names.within(&["exoc-alarms"], limit::TOPIC, span, sink),
        emails: context
            .options
            .alarm_emails
            .iter()
            .map(|email| email.value.clone())
            .collect(),
        running: running(context, cluster, tasks),
        alarms,
        lines: context.lines_of_target(),
        email_lines: context.lines_of_options(&["alarm-emails"]),
    }
}

fn alarm(context: &Context<'_>, owner: (&str, &str), what: &str, meaning: String, lines: &Lines) -> Alarm {
    let (address, identity) = owner;
    Alarm {
        address: format!("{address}_{}", what.replace('-', "_")),
        name: context.names.whole(&[identity, what]),
        meaning,
        metered: metered("", "", Statistic::Average, Vec::new()),
        comparison: Comparison::Above,
        threshold: 0,
        period: 60,
        periods: 5,
        silence: Silence::Well,
        lines: lines.clone(),
    }
}

const fn metered(
    namespace: &'static str,
    metric: &'static str,
    statistic: Statistic,
    dimensions: Vec<(&'static str, Text)>,
) -> Metered {
    Metered {
        namespace,
        metric,
        statistic,
        dimensions,
    }
}

fn attribute(resource: &'static str, address: &str, attribute: &'static str) -> Text {
    Text {
        pieces: vec![Piece::Attribute(Reference::text(resource, address, attribute))],
    }
}

/// Fewer tasks run than should. Identities are the keys, so that a renamed service keeps its alarm.
fn running(context: &Context<'_>, cluster: &Cluster, tasks: &[Task]) -> Option<Running> {
    let services: Vec<(String, String)> = tasks
        .iter()
        .filter(|task| match task.kind {
            Kind::Service | Kind::Dependency => true,
            Kind::Job => false,
        })
        .map(|task| (task.identity.clone(), task.address.clone()))
        .collect();
    (!services.is_empty()).then(|| Running {
        cluster: cluster.name.clone(),
        prefix: context.names.whole(&[]),
        services,
        lines: context.lines_of_target(),
    })
}

/// A run failed, and was repeated as often as it may.
fn failed(context: &Context<'_>, task: &Task) -> Alarm {
    let machine = attribute("aws_sfn_state_machine", &task.address, "arn");
    let of = vec![("StateMachineArn", machine)];
    Alarm {
        metered: metered("AWS/States", "ExecutionsFailed", Statistic::Sum, of),
        period: 300,
        periods: 1,
        ..alarm(
            context,
            (&task.address, &task.identity),
            "failed",
            format!("a run of {} failed for good", task.role),
            &task.lines,
        )
    }
}

/// What a load balancer says of a target group.
fn of_group(context: &Context<'_>, doors: &Doors, task: &Task, group: &TargetGroup) -> Vec<Alarm> {
    let by_request = match group.version {
        Version::Http1 | Version::Http2 | Version::Grpc => true,
        Version::Tcp | Version::Udp | Version::TcpUdp => false,
    };
    let (namespace, balancer) = if by_request {
        ("AWS/ApplicationELB", doors.balancer_suffix())
    } else {
        ("AWS/NetworkELB", attribute("aws_lb", "network", "arn_suffix"))
    };
    let suffix = attribute("aws_lb_target_group", &group.address, "arn_suffix");
    let metric = |metric, statistic| {
        let of = vec![
            ("LoadBalancer", balancer.clone()),
            ("TargetGroup", suffix.clone()),
        ];
        metered(namespace, metric, statistic, of)
    };
    let named = |what: &str, meaning: String| {
        let what = format!("{}-{what}", group.port);
        let what = if group.version == Version::Udp {
            format!("{what}-udp")
        } else {
            what
        };
        alarm(
            context,
            (&task.address, &task.identity),
            &what,
            meaning,
            &group.lines,
        )
    };
    let mut alarms = vec![Alarm {
        metered: metric("UnHealthyHostCount", Statistic::Maximum),
        ..named(
            "unhealthy",
            format!("a task of {} fails its check, for five minutes", task.role),
        )
    }];
    if by_request {
        alarms.push(Alarm {
            metered: metric("HTTPCode_Target_5XX_Count", Statistic::Sum),
            threshold: FAILURES,
            period: 300,
            periods: 1,
            ..named(
                "failures",
                format!(
                    "{} answered more than {FAILURES} requests with a failure in five minutes",
                    task.role
                ),
            )
        });
        alarms.push(Alarm {
            metered: metric("TargetResponseTime", Statistic::P95),
            threshold: LATENCY,
            period: 300,
            periods: 3,
            ..named(
                "latency",
                format!(
                    "one in twenty requests to {} takes longer than {LATENCY} seconds, for a quarter of an hour",
                    task.role
                ),
            )
        });
    }
    alarms
}

/// A product, for its alarms.
struct Watched<'a> {
    context: &'a Context<'a>,
    product: &'a Product,
}

impl Watched<'_> {
    fn named(&self, what: &str, meaning: String) -> Alarm {
        let (identity, address) = (&self.product.identity, &self.product.address);
        Alarm {
            period: 300,
            periods: 3,
            silence: Silence::Unknown,
            ..alarm(
                self.context,
                (address, identity),
                what,
                meaning,
                &self.product.server_lines,
            )
        }
    }

    /// An attribute of a resource of the product.
    fn own(&self, resource: &'static str, name: &'static str) -> Text {
        attribute(resource, &self.product.address, name)
    }

    fn busy(&self, metered: Metered) -> Alarm {
        let role = &self.product.role;
        Alarm {
            metered,
            threshold: BUSY,
            ..self.named(
                "cpu",
                format!("{role} is busy for more than {BUSY} percent of its time"),
            )
        }
    }

    /// Less than a tenth is free of what the manifest asks for, in the metric's unit.
    fn full(&self, metered: Metered, whole: u64) -> Alarm {
        let role = &self.product.role;
        Alarm {
            metered,
            comparison: Comparison::Below,
            threshold: whole / 100 * FREE,
            ..self.named(
                "storage",
                format!("less than {FREE} percent of the storage of {role} that was asked for is free"),
            )
        }
    }

    fn cache_node(&self, group: &str, number: u32) -> Alarm {
        let role = &self.product.role;
        let of = vec![("CacheClusterId", Text::literal(format!("{group}-{number:03}")))];
        Alarm {
            metered: metered(
                "AWS/ElastiCache",
                "DatabaseMemoryUsagePercentage",
                Statistic::Maximum,
                of,
            ),
            threshold: BUSY,
            ..self.named(
                &format!("memory-{number}"),
                format!("more than {BUSY} percent of the memory of node {number} of {role} is used"),
            )
        }
    }

    fn stream_broker(&self, number: u32) -> Alarm {
        let role = &self.product.role;
        let of = vec![
            ("Broker ID", Text::literal(number.to_string())),
            ("Cluster Name", self.own("aws_msk_cluster", "cluster_name")),
        ];
        Alarm {
            metered: metered("AWS/Kafka", "KafkaDataLogsDiskUsed", Statistic::Maximum, of),
            threshold: BUSY,
            ..self.named(
                &format!("storage-{number}"),
                format!("more than {BUSY} percent of the storage of broker {number} of {role} is used"),
            )
        }
    }

    fn search(&self, storage_gib: u64) -> Vec<Alarm> {
        let of = || {
            vec![
                ("ClientId", Text::literal(&self.context.options.account)),
                ("DomainName", self.own("aws_opensearch_domain", "domain_name")),
            ]
        };
        let free = metered("AWS/ES", "FreeStorageSpace", Statistic::Minimum, of());
        vec![
            self.busy(metered("AWS/ES", "CPUUtilization", Statistic::Maximum, of())),
            // The metric counts MiB of the fullest node.
            self.full(free, storage_gib.saturating_mul(1 << 10)),
        ]
    }

    fn dead_letters(&self) -> Alarm {
        let (role, address) = (&self.product.role, &self.product.address);
        let dead = attribute("aws_sqs_queue", &format!("exoc_dead_letter_{address}"), "name");
        let metric = "ApproximateNumberOfMessagesVisible";
        Alarm {
            metered: metered("AWS/SQS", metric, Statistic::Maximum, vec![("QueueName", dead)]),
            periods: 1,
            ..self.named("dead-letters", format!("nobody could handle a message of {role}"))
        }
    }
}

/// What a product says of itself.
///
/// Source: the pages on metrics for CloudWatch in the guides of each product, read 2026-11.
fn of_product(context: &Context<'_>, product: &Product) -> Vec<Alarm> {
    let watched = Watched { context, product };
    let busy = |namespace, metric, of| watched.busy(metered(namespace, metric, Statistic::Average, of));
    match &product.rental {
        Rental::Database(database) => {
            let of = || {
                vec![(
                    "DBInstanceIdentifier",
                    watched.own("aws_db_instance", "identifier"),
                )]
            };
            let free = metered("AWS/RDS", "FreeStorageSpace", Statistic::Minimum, of());
            vec![
                busy("AWS/RDS", "CPUUtilization", of()),
                watched.full(free, database.storage_gib.saturating_mul(1 << 30)),
            ]
        }
        Rental::Documents(_) => {
            let of = vec![(
                "DBClusterIdentifier",
                watched.own("aws_docdb_cluster", "cluster_identifier"),
            )];
            vec![busy("AWS/DocDB", "CPUUtilization", of)]
        }
        Rental::Cache(cache) => {
            let nodes = if cache.standby { 2 } else { 1 };
            (1..=nodes)
                .map(|number| watched.cache_node(&cache.name, number))
                .collect()
        }
        Rental::Memcached(_) => {
            let of = vec![(
                "CacheClusterId",
                watched.own("aws_elasticache_cluster", "cluster_id"),
            )];
            vec![busy("AWS/ElastiCache", "CPUUtilization", of)]
        }
        Rental::Broker(_) => {
            let of = vec![("Broker", watched.own("aws_mq_broker", "broker_name"))];
            vec![busy("AWS/AmazonMQ", "SystemCpuUtilization", of)]
        }
        Rental::Stream(stream) => (1..=stream.brokers)
            .map(|number| watched.stream_broker(number))
            .collect(),
        Rental::Search(search) => watched.search(search.storage_gib),
        Rental::Queue(_) => vec![watched.dead_letters()],
        Rental::Bucket(_) | Rental::Topic(_) => Vec::new(),
    }
}
