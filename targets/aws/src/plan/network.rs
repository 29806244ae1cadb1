//! The network: of our own, or one that exists already; and what is asked of AWS inside it.

use super::container::node;
use super::{Context, images};
use crate::model::{Given, Nat, Network, Own, Pull, Standing, Vpc};
use crate::names::limit;
use crate::options::GivenVpc;
use exoc_diagnostics::{Diagnostic, Sink, codes};
use exoc_ir::{Callee, Component, Entrance, NodeId, Product, Workload};
use std::collections::BTreeSet;

/// Plans the network.
pub(super) fn plan(context: &Context<'_>, sink: &mut Sink) -> Network {
    let options = context.options;
    let vpc = match &options.vpc {
        Some(vpc) => given(&vpc.value),
        None => Vpc::Own(Box::new(own(context, sink))),
    };
    Network {
        waits: waits(context),
        vpc,
        tasks: options.tasks.value,
        lines: match &options.vpc {
            Some(_) => context.lines_of_options(&["vpc"]),
            None => context.lines_of_target(),
        },
    }
}

fn given(vpc: &GivenVpc) -> Vpc {
    let GivenVpc {
        id,
        public,
        private,
        data,
        namespace: _, // with the cluster's names
    } = vpc;
    Vpc::Given(Given {
        id: id.clone(),
        public: public.clone(),
        private: private.clone(),
        data: data.clone(),
    })
}

fn own(context: &Context<'_>, sink: &mut Sink) -> Own {
    let span = context.program.at(NodeId::App, "name");
    let options = context.options;
    let inside = options.endpoints.value == crate::options::Endpoints::Interface;
    Own {
        cidr: options.cidr.value.clone(),
        zones: options.zones.clone(),
        nat: options.nat.value,
        interfaces: if options.asks_inside() {
            interfaces(context)
        } else {
            Vec::new()
        },
        flow_log: format!("/{}/exoc-flow-log", context.names.path(&[])),
        flow_role: context.names.within(&["exoc-flow-log"], limit::ROLE, span, sink),
        cidr_lines: context.lines_of_options(&["cidr"]),
        zone_lines: context.lines_of_options(&["zones", "cidr"]),
        nat_lines: context.lines_of_options(&["nat"]),
        interface_lines: context.lines_of_options(&[if inside { "endpoints" } else { "nat" }]),
    }
}

/// What a task's start needs and no reference of its service names.
fn waits(context: &Context<'_>) -> Vec<(&'static str, &'static str)> {
    let options = context.options;
    if options.vpc.is_some() {
        return Vec::new();
    }
    let mut waits = Vec::new();
    match (options.tasks.value, options.nat.value) {
        (Standing::Public, Nat::None | Nat::Single | Nat::PerZone) => {
            waits.push(("aws_route", "public_internet"));
        }
        (Standing::Private, Nat::Single | Nat::PerZone) => waits.push(("aws_route", "private_internet")),
        (Standing::Private, Nat::None) => {}
    }
    if options.asks_inside() {
        waits.push(("aws_vpc_endpoint", "interface"));
    }
    waits.push(("aws_vpc_dhcp_options_association", "main"));
    waits
}

/// The services of AWS that tasks ask, as far as an endpoint in the network stands for them. Keys are no such: whoever
/// stores something decrypts it himself. Buckets have an endpoint of another kind.
///
/// Source: Amazon ECS developer guide, "Amazon ECS interface VPC endpoints (AWS PrivateLink)", read 2026-11.
fn interfaces(context: &Context<'_>) -> Vec<&'static str> {
    let mut asked: BTreeSet<&'static str> = ["ecr.api", "ecr.dkr", "logs", "secretsmanager"].into();
    for edge in context.program.edges() {
        let product = match edge.to {
            Callee::Component(Component::Backing(id)) => {
                context.program.managed(id).map(|managed| managed.product)
            }
            Callee::Component(Component::Service(_)) | Callee::World => None,
        };
        asked.extend(product.and_then(endpoint));
    }
    asked.into_iter().collect()
}

/// The service that clients of a product ask over HTTPS.
const fn endpoint(product: Product) -> Option<&'static str> {
    match product {
        Product::Queue => Some("sqs"),
        Product::Topic => Some("sns"),
        Product::Bucket
        | Product::Postgres
        | Product::Mysql
        | Product::Mariadb
        | Product::Redis
        | Product::Valkey
        | Product::Memcached
        | Product::Mongodb
        | Product::Rabbitmq
        | Product::Kafka
        | Product::Nats
        | Product::Search => None,
    }
}

/// Whether a task's start fetches something from outside of AWS' endpoints in the network.
pub(super) fn fetches_outside(context: &Context<'_>, component: Component, workload: &Workload) -> bool {
    let pull = images::running(context, component, workload).pull;
    let companion = images::companion_of(context, component, workload);
    std::iter::once(pull)
        .chain(companion)
        .any(|pull| is_outside(context, &pull))
}

/// Reports a network without a place for the load balancer that is made in it.
pub(super) fn check_public(context: &Context<'_>, sink: &mut Sink) {
    let Some(vpc) = &context.options.vpc else { return };
    let made = context.program.doors().iter().any(|door| match door.entrance {
        Entrance::Http { .. } => context.options.balancer.is_none(),
        Entrance::Plain { .. } => true,
    });
    if made && vpc.value.public.is_empty() {
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                "something is public, and `vpc` names no subnets for a load balancer",
            )
            .at(vpc.span, "")
            .also(
                context.program.at(NodeId::Door(0), ""),
                "the first that is public",
            )
            .help("write `public: [subnet-…, subnet-…]`, or name a load balancer that exists already"),
        );
    }
    if context.options.tasks.value == Standing::Public && vpc.value.public.is_empty() {
        sink.error(
            Diagnostic::new(
                codes::BAD_OPTION,
                "tasks stand in public subnets, and `vpc` names none",
            )
            .at(vpc.span, "")
            .help("write `public: [subnet-…, subnet-…]`"),
        );
    }
}

/// Whether an image comes from outside of the region's ECR.
pub(super) fn is_outside(context: &Context<'_>, pull: &Pull) -> bool {
    match pull {
        Pull::Public | Pull::Login(_) => true,
        Pull::Repository(_) => false,
        Pull::Arn(arn) => !arn.contains(&format!(":ecr:{}:", context.options.region)),
    }
}

/// Addresses that a subnet keeps to itself.
///
/// Source: Amazon VPC user guide, "Subnet sizing", read 2026-11.
const KEPT_OF_A_SUBNET: u64 = 5;

/// Reports a range that cannot hold the tasks of a deployment, of which each has an address.
pub(super) fn check_size(context: &Context<'_>, sink: &mut Sink) {
    if context.options.vpc.is_some() {
        return;
    }
    let cidr = &context.options.cidr;
    let bits: u32 = match cidr.value.split_once('/').and_then(|(_, bits)| bits.parse().ok()) {
        Some(bits) => bits,
        None => return,
    };
    // A tier has a sixteenth of the range in each zone.
    let subnet = 1_u64.checked_shl(28_u32.saturating_sub(bits)).unwrap_or(0);
    let zones = u64::try_from(context.options.zones.len()).unwrap_or(u64::MAX);
    let room = subnet.saturating_sub(KEPT_OF_A_SUBNET).saturating_mul(zones);
    let mut needed = 0_u64;
    for (_, service) in context.program.services().iter() {
        let doubled = if service.scale.overlap { 2 } else { 1 };
        needed = needed.saturating_add(u64::from(service.scale.max).saturating_mul(doubled));
    }
    if needed <= room {
        return;
    }
    let largest = context
        .program
        .services()
        .iter()
        .max_by_key(|(_, service)| service.scale.max)
        .map(|(id, _)| context.program.at(node(Component::Service(id)), "scale"));
    let mut diagnostic = Diagnostic::new(
        codes::BAD_OPTION,
        format!(
            "`{}` has {room} addresses for tasks, and a deployment of everything at its largest has {needed}",
            cidr.value
        ),
    )
    .at(cidr.span, "")
    .help("a wider range, like `cidr: 10.0.0.0/16`, or more zones");
    if let Some(largest) = largest {
        diagnostic = diagnostic.also(largest, "the most");
    }
    sink.error(diagnostic);
}
