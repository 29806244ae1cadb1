//! RabbitMQ that its Cluster Operator runs. Knows what the operator makes: the StatefulSet `<name>-server`, its claims, the
//! Service `<name>` and the Secret of the user.

use super::super::{Plan, network, pod, volumes};
use crate::model::{Object, Operator, RabbitmqCluster};
use exoc_ir::{Availability, Component, Managed, Reference, Resources};

/// The first user is no administrator, as without the operator.
const TAGS: &str = "default_user_tags.management = true";

/// What is replicated if nothing else is said of a queue; those that cannot be are not.
///
/// Source: rabbitmq/rabbitmq-server, pull requests 11164 and 12112, which are in 4.0 and later, 2026-11.
const QUEUES: &str = "default_queue_type";

/// The cluster, the budget of its servers, and the Service under the role if that is not the name of its data, which the
/// operator's own has.
pub(super) fn objects(plan: &Plan<'_>, component: Component, managed: &Managed) -> Vec<Object> {
    let (role, identity) = (plan.program.role(component), plan.identity(component));
    let mut objects = vec![cluster(plan, component, managed)];
    if managed.availability == Availability::High {
        let budget = plan.meta(component, role);
        objects.push(Object::DisruptionBudget(budget, plan.selector(component)));
    }
    if role != identity {
        objects.extend(network::service(
            plan,
            component,
            &super::ports(Operator::Rabbitmq),
        ));
    }
    objects
}

fn cluster(plan: &Plan<'_>, component: Component, managed: &Managed) -> Object {
    let Managed {
        product: _, // RabbitMQ
        version,
        resources: Resources { cpu, memory },
        storage,
        parameters,
        image,
        availability,
        backups: _,    // refused
        subscribes: _, // of a queue alone
        database: _,   // the one virtual host
        username,
        password: _,      // the operator's own Secret has it
        administrator: _, // nobody logs in as such
    } = managed;
    let version = version.as_deref().unwrap_or_default();
    let user = username.as_ref().map(|name| format!("default_user = {name}"));
    let mut settings: Vec<String> = user.into_iter().chain([TAGS.to_owned()]).collect();
    if *availability == Availability::High && !parameters.contains_key(QUEUES) {
        settings.push(format!("{QUEUES} = quorum"));
    }
    settings.extend(parameters.iter().map(|(name, value)| format!("{name} = {value}")));
    Object::RabbitmqCluster(Box::new(RabbitmqCluster {
        // Its claims go with it.
        meta: volumes::kept(plan.meta(component, plan.identity(component))),
        image: image
            .as_ref()
            .map_or_else(|| catalogue_image(version), Reference::to_string),
        replicas: match availability {
            Availability::Single => 1,
            Availability::High => 3,
        },
        settings,
        selector: plan.selector(component),
        storage: storage.to_string(),
        priority: plan.options.priority_class.clone(),
        pull_secrets: plan.options.pull_secrets.clone(),
        class: plan.options.storage_class.clone(),
        cpu: pod::cores(*cpu),
        memory: memory.to_string(),
    }))
}

/// The official image with the management plugin, which the operator turns on.
///
/// Source: rabbitmq/cluster-operator 2.16.0, internal/resource/rabbitmq_plugins.go and its default image, 2026-11.
fn catalogue_image(version: &str) -> String {
    format!("rabbitmq:{version}-management")
}
