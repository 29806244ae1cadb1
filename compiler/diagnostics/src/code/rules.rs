//! EX03: rules of meaning.

super::family! {
    /// A written `type` that its other keys contradict.
    TYPE_DISAGREES = "EX0301" "type-disagrees" Error Manifest;
    /// A key that this type of service does not have.
    KEY_NOT_FOR_TYPE = "EX0302" "key-not-for-type" Error Manifest;
    /// A service with neither image nor build.
    NO_IMAGE = "EX0303" "no-image" Error Manifest;
    /// An image without a tag, or with `latest`, outside `local`.
    UNPINNED_IMAGE = "EX0304" "unpinned-image" Error Manifest;
    /// An image from a registry that does not say its user, outside `local`.
    UNKNOWN_USER = "EX0305" "unknown-user" Error Manifest;
    /// One port number twice on one protocol.
    PORT_CLASH = "EX0306" "port-clash" Error Manifest;
    /// Two public services on one host and path, or one public number.
    ROUTE_CLASH = "EX0307" "route-clash" Error Manifest;
    /// A route that no service can have.
    BAD_ROUTE = "EX0308" "bad-route" Error Manifest;
    /// An environment with a public service and no domain.
    NO_DOMAIN = "EX0309" "no-domain" Error Manifest;
    /// A service that uses itself.
    SELF_USE = "EX0310" "self-use" Error Manifest;
    /// A health check that its service cannot have.
    BAD_HEALTH = "EX0311" "bad-health" Error Manifest;
    /// A scale that contradicts itself.
    BAD_SCALE = "EX0312" "bad-scale" Error Manifest;
    /// A version that no target offers.
    UNKNOWN_VERSION = "EX0313" "unknown-version" Error Manifest;
    /// A literal that looks like a credential.
    CREDENTIAL_LITERAL = "EX0314" "credential-literal" Warning Manifest;
    /// A folder that cannot be writable, nor hold a volume or a file.
    BAD_FOLDER = "EX0316" "bad-folder" Error Manifest;
    /// A Dockerfile whose user is a name.
    NAMED_USER = "EX0317" "named-user" Error Manifest;
    /// An external address that cannot be read.
    BAD_EXTERNAL = "EX0318" "bad-external" Error Manifest;
    /// Writable folders that leave a service no memory.
    MEMORY_EXHAUSTED = "EX0319" "memory-exhausted" Error Manifest;
    /// A role that listens on no port and is used.
    UNREACHABLE_ROLE = "EX0320" "unreachable-role" Error Manifest;
    /// An environment in which nothing runs.
    NOTHING_RUNS = "EX0321" "nothing-runs" Error Manifest;
    /// A schedule that not every scheduler reads alike.
    BAD_SCHEDULE = "EX0322" "bad-schedule" Error Manifest;
    /// A job is used, or uses what does not run yet.
    JOB_USE = "EX0323" "job-use" Error Manifest;
    /// Jobs that wait for each other.
    JOB_CYCLE = "EX0324" "job-cycle" Error Manifest;
    /// A public name of two environments.
    DOMAIN_CLASH = "EX0325" "domain-clash" Error Manifest;
    /// A volume or file that lies where something else does.
    FOLDER_CLASH = "EX0330" "folder-clash" Error Manifest;
    /// A volume that several replicas, or several users, would write.
    SEVERAL_WRITERS = "EX0331" "several-writers" Error Manifest;
    /// A setting of a product that cannot be passed on.
    BAD_PARAMETER = "EX0340" "bad-parameter" Error Manifest;
    /// A subscription to what is no topic.
    BAD_SUBSCRIPTION = "EX0341" "bad-subscription" Error Manifest;
    /// Something of `development` that nothing could come of.
    BAD_DEVELOPMENT = "EX0350" "bad-development" Error Manifest;
    /// More than 1 MiB of files.
    FILES_TOO_LARGE = "EX0360" "files-too-large" Error Manifest;
    /// A file whose folder would hide what a program needs.
    HIDDEN_FOLDER = "EX0361" "hidden-folder" Error Manifest;
}
