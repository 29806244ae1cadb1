//! EX04: what a target cannot express. EX05: what it expresses with a note.

super::family! {
    /// A feature that a target does not express.
    REFUSED_FEATURE = "EX0401" "refused-feature" Error Manifest;
    /// An option that a target does not have, or with a wrong value.
    BAD_OPTION = "EX0402" "bad-option" Error Manifest;
    /// A version that a target does not offer.
    VERSION_NOT_OFFERED = "EX0403" "version-not-offered" Error Manifest;
    /// A patch that does not fit what it patches.
    BAD_PATCH = "EX0404" "bad-patch" Error Manifest;
    /// Two generated things with one name.
    DERIVED_NAME_CLASH = "EX0405" "derived-name-clash" Error Manifest;
    /// More of something than a target holds.
    TARGET_LIMIT = "EX0406" "target-limit" Error Manifest;
    /// A text that a target would change.
    TEXT_NOT_KEPT = "EX0407" "text-not-kept" Error Manifest;
    /// Two services on one port of the developer's machine.
    HOST_PORT_CLASH = "EX0408" "host-port-clash" Error Manifest;
    /// An attribute that a dependency does not have on a target, inside a longer text.
    ABSENT_ATTRIBUTE = "EX0409" "absent-attribute" Error Manifest;

    /// Compose runs one replica of everything.
    ONE_REPLICA = "EX0501" "one-replica" Note Manifest;
    /// Compose serves plain HTTP.
    LOCAL_PLAIN = "EX0502" "local-plain" Note Manifest;
    /// Compose reports an unhealthy service and does not replace it.
    COMPOSE_HEALTH = "EX0503" "compose-health" Note Manifest;
    /// Compose cannot hold a service to one port or host outside.
    COMPOSE_EGRESS = "EX0504" "compose-egress" Note Manifest;
    /// Compose lets the users of one component reach each other.
    COMPOSE_EDGES = "EX0505" "compose-edges" Note Manifest;
    /// The size of storage is not enforced.
    VOLUME_SIZE = "EX0506" "volume-size" Note Manifest;
    /// A processor and memory pair was rounded up.
    FARGATE_PAIR = "EX0507" "fargate-pair" Note Manifest;
    /// A product was picked for a dependency.
    PRODUCT = "EX0508" "product" Note Manifest;
    /// A password stands in Terraform's encrypted state.
    STATE_PASSWORD = "EX0509" "state-password" Note Manifest;
    /// Every task may open connections to port 443.
    AWS_443 = "EX0510" "aws-443" Note Manifest;
    /// The balancer asks `/` where a TCP check was written.
    ALB_TCP = "EX0511" "alb-tcp" Note Manifest;
    /// A gRPC check asks only whether the port is open.
    GRPC_TCP = "EX0512" "grpc-tcp" Note Manifest;
    /// The balancer has one idle timeout for all routes.
    ROUTE_TIMEOUT = "EX0513" "route-timeout" Note Manifest;
    /// Fargate cannot forbid set-user-ID programs.
    SETUID = "EX0514" "setuid" Note Manifest;
    /// The namespace enforces a weaker pod security level.
    POD_SECURITY = "EX0515" "pod-security" Note Manifest;
    /// Nothing waits for a dependency at start-up.
    RETRY = "EX0516" "retry" Note Manifest;
    /// A derived name was shortened.
    SHORTENED_NAME = "EX0517" "shortened-name" Note Manifest;
    /// Connections are shared out among replicas, not requests.
    CONNECTION_BALANCE = "EX0518" "connection-balance" Note Manifest;
    /// A target that runs no schedules.
    NO_SCHEDULER = "EX0519" "no-scheduler" Note Manifest;
    /// A target that neither limits nor repeats a run.
    JOB_TIMEOUT = "EX0520" "job-timeout" Note Manifest;
    /// A secret's name in a store, where there is no store.
    SECRET_NAME = "EX0530" "secret-name" Note Manifest;
    /// An emulator that keeps nothing over a restart.
    EMULATOR = "EX0531" "emulator" Note Manifest;
    /// A product of one server, where others have several.
    ONE_NODE = "EX0532" "one-node" Note Manifest;
    /// Nobody makes backups.
    NO_BACKUP = "EX0540" "no-backup" Note Manifest;
    /// Compose joins networks, for an engine has few.
    COMPOSE_FEW_NETWORKS = "EX0550" "compose-few-networks" Note Manifest;
    /// Tasks have addresses that the internet can reach.
    PUBLIC_TASKS = "EX0560" "public-tasks" Note Manifest;
    /// MongoDB's protocol, and not all of MongoDB.
    DOCUMENTDB = "EX0570" "documentdb" Note Manifest;
    /// A store without password and encryption.
    MEMCACHED_PLAIN = "EX0571" "memcached-plain" Note Manifest;
    /// A cluster that is larger than one server.
    SINGLE_ZONE_BROKER = "EX0572" "single-zone-broker" Note Manifest;
    /// A product that a target runs in a container of its own, because it rents none.
    NATS_ECS = "EX0573" "nats-ecs" Note Manifest;
    /// Plain requests are the matter of an Ingress's controller.
    PLAIN_ENTRY = "EX0580" "plain-entry" Note Manifest;
}
