//! The Kubernetes column of the feature table. Owns what is refused and noted; knows no program.

use exoc_diagnostics::{Code, codes};
use exoc_ir::{Expression, Feature, Product};

/// What Kubernetes does about a feature.
#[expect(clippy::too_many_lines, reason = "a table: one line for each row")]
pub(crate) fn express(feature: Feature) -> Expression {
    match feature {
        Feature::Product(product) => managed(product),
        Feature::MountedSource | Feature::WatchedSource | Feature::Test | Feature::DeveloperPort => {
            refused("build another environment for this target: only `local` has what `development` says")
        }
        // Of what no operator runs, the plan refuses them.
        Feature::HighAvailability | Feature::Backups => Expression::Expressed,
        Feature::Subscription => refused(
            "no well-kept server speaks the protocol of topics in a cluster: use `nats` or `rabbitmq`",
        ),
        Feature::BuiltWithoutRegistry => {
            refused("write `registry`, from which a cluster can pull, or an `image` beside `build`")
        }
        Feature::UserOfImage => refused("write `security.user`, a number, which the cluster can check"),
        Feature::StripGrpc => refused("leave `strip` out: a gRPC path is the name of the service"),
        Feature::RootUser | Feature::Capabilities | Feature::Privileged => noted(codes::POD_SECURITY),
        Feature::RouteTimeout => Expression::Noted {
            code: codes::ROUTE_TIMEOUT,
            text: "a gateway on kubernetes limits the whole request, also while bytes flow",
        },
        // Where such a port is used and has several replicas.
        Feature::Http2Port | Feature::GrpcPort => noted(codes::CONNECTION_BALANCE),
        Feature::Edge => noted(codes::RETRY),
        Feature::Owner
        | Feature::Description
        | Feature::Registry
        | Feature::BuiltImage
        | Feature::PinnedBuild
        | Feature::ImagePlatforms
        | Feature::Entrypoint
        | Feature::Command
        | Feature::Variable
        | Feature::SecretVariable
        | Feature::ComposedSecret
        | Feature::AttributeVariable
        | Feature::UnnormalizedText
        | Feature::SuppliedSecret
        | Feature::NamedSecret
        | Feature::GeneratedSecret
        | Feature::Renamed
        | Feature::LargeWorkload
        | Feature::FixedReplicas
        | Feature::Autoscaling
        | Feature::ScaleByCpu
        | Feature::ScaleByMemory
        | Feature::NoOverlap
        | Feature::ScaleByRequests
        | Feature::OwnVolume
        | Feature::VolumeSize
        | Feature::SharedVolume
        | Feature::ReadOnlyMount
        | Feature::FixedFile
        | Feature::LateFile
        | Feature::ExecutableFile
        | Feature::ScheduledJob
        | Feature::BeforeDeployJob
        | Feature::JobOrder
        | Feature::AfterDeployJob
        | Feature::OnDemandJob
        | Feature::JobTimeout
        | Feature::JobRetries
        | Feature::SwitchedOff
        | Feature::NumericUser
        | Feature::WritableRoot
        | Feature::LowPort
        | Feature::Scratch
        | Feature::Shutdown
        | Feature::HttpPort
        | Feature::TcpPort
        | Feature::UdpPort
        | Feature::HttpDoor
        | Feature::Http2Door
        | Feature::GrpcDoor
        | Feature::TcpDoor
        | Feature::UdpDoor
        | Feature::StripPath
        | Feature::HttpHealth
        | Feature::PublicHttpHealth
        | Feature::TcpHealth
        | Feature::PublicTcpHealth
        | Feature::GrpcHealth
        | Feature::PublicGrpcHealth
        | Feature::CommandHealth
        | Feature::Internet
        | Feature::Storage
        | Feature::Parameters
        | Feature::ProductImage
        | Feature::Container
        | Feature::External
        | Feature::Existing => Expression::Expressed,
    }
}

const fn refused(instead: &'static str) -> Expression {
    Expression::Refused { instead }
}

/// A note whose text depends on the program: the plan reports it.
const fn noted(code: &'static Code) -> Expression {
    Expression::Noted { code, text: "" }
}

/// What a cluster does about a product: it runs the same image as a developer's machine, where a server is well kept.
const fn managed(product: Product) -> Expression {
    match product {
        Product::Postgres
        | Product::Mysql
        | Product::Mariadb
        | Product::Mongodb
        | Product::Redis
        | Product::Valkey
        | Product::Memcached
        | Product::Rabbitmq
        | Product::Nats
        | Product::Kafka
        | Product::Search => Expression::Expressed,
        Product::Bucket => Expression::Noted {
            code: codes::ONE_NODE,
            text: "a bucket is one server on kubernetes: a restart interrupts it",
        },
        Product::Queue | Product::Topic => refused(
            "no well-kept server speaks its protocol in a cluster: write `existing` with the address of one, or use `nats` or `rabbitmq`",
        ),
    }
}
