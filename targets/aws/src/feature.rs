//! The target's column of the feature table. Must not know how anything is expressed.

use exoc_diagnostics::codes;
use exoc_ir::{Expression, Feature};

/// What this target does about a feature.
#[expect(clippy::too_many_lines, reason = "one line per row of the table")]
pub(crate) fn express(feature: Feature) -> Expression {
    match feature {
        Feature::MountedSource | Feature::WatchedSource | Feature::Test | Feature::DeveloperPort => {
            Expression::Refused {
                instead: "build another environment for this target: only `local` has what `development` says",
            }
        }
        Feature::UnnormalizedText => Expression::Refused {
            instead: "write the text in Unicode's normal form C: HCL changes any other",
        },
        Feature::LargeWorkload => Expression::Refused {
            instead: "split the service: Fargate has at most 16 cores and 120Gi for a task",
        },
        Feature::UserOfImage => Expression::Refused {
            instead: "write `security.user`",
        },
        Feature::Privileged => Expression::Refused {
            instead: "leave `privileged` out: Fargate has no privileged tasks",
        },
        Feature::StripGrpc => Expression::Refused {
            instead: "leave `strip` out: a grpc path names the service that is called",
        },
        Feature::PublicTcpHealth => Expression::Noted {
            code: codes::ALB_TCP,
            text: "the load balancer asks `/` and accepts any status below 500",
        },
        Feature::GrpcHealth => Expression::Noted {
            code: codes::GRPC_TCP,
            text: "aws checks that the port accepts connections, not that the answer is SERVING",
        },
        Feature::RouteTimeout => Expression::Noted {
            code: codes::ROUTE_TIMEOUT,
            text: "",
        },
        Feature::VolumeSize => Expression::Noted {
            code: codes::VOLUME_SIZE,
            text: "the size of a volume is not enforced on aws: a file system grows with its files",
        },
        Feature::Product(product) => crate::rented::express(product),
        Feature::Owner
        | Feature::Description
        | Feature::Registry
        | Feature::BuiltWithoutRegistry
        | Feature::BuiltImage
        | Feature::PinnedBuild
        | Feature::ImagePlatforms
        | Feature::Entrypoint
        | Feature::Command
        | Feature::Variable
        | Feature::SecretVariable
        | Feature::ComposedSecret
        | Feature::AttributeVariable
        | Feature::SuppliedSecret
        | Feature::GeneratedSecret
        | Feature::NamedSecret
        | Feature::ScheduledJob
        | Feature::BeforeDeployJob
        | Feature::JobOrder
        | Feature::AfterDeployJob
        | Feature::OnDemandJob
        | Feature::JobTimeout
        | Feature::JobRetries
        | Feature::Renamed
        | Feature::FixedReplicas
        | Feature::Autoscaling
        | Feature::ScaleByCpu
        | Feature::ScaleByMemory
        | Feature::ScaleByRequests
        | Feature::NoOverlap
        | Feature::SwitchedOff
        | Feature::NumericUser
        | Feature::RootUser
        | Feature::WritableRoot
        | Feature::Capabilities
        | Feature::LowPort
        | Feature::OwnVolume
        | Feature::SharedVolume
        | Feature::ReadOnlyMount
        | Feature::FixedFile
        | Feature::LateFile
        | Feature::ExecutableFile
        | Feature::Scratch
        | Feature::Shutdown
        | Feature::HttpPort
        | Feature::Http2Port
        | Feature::GrpcPort
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
        | Feature::PublicGrpcHealth
        | Feature::CommandHealth
        | Feature::Edge
        | Feature::Internet
        | Feature::Storage
        | Feature::Parameters
        | Feature::HighAvailability
        | Feature::Backups
        | Feature::Subscription
        | Feature::ProductImage
        | Feature::Container
        | Feature::External
        | Feature::Existing => Expression::Expressed,
    }
}
