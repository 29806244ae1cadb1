//! The target's column of the feature table. Knows features by name only, never a program.

use exoc_diagnostics::codes;
use exoc_ir::{Expression, Feature, Product};

const ONE_REPLICA: Expression = Expression::Noted {
    code: codes::ONE_REPLICA,
    text: "compose runs one replica of everything",
};

const GRPC_TCP: Expression = Expression::Noted {
    code: codes::GRPC_TCP,
    text: "compose checks that the port accepts connections, not that the answer is SERVING",
};

/// Reported by the plan once per program, not at every check.
const COMPOSE_HEALTH: Expression = Expression::Noted {
    code: codes::COMPOSE_HEALTH,
    text: "",
};

/// Reported by the plan, and only outside the local environment: there public addresses say `https`.
const LOCAL_PLAIN: Expression = Expression::Noted {
    code: codes::LOCAL_PLAIN,
    text: "",
};

/// What compose does about a feature.
#[expect(clippy::too_many_lines, reason = "a table: one line for each row")]
pub(crate) const fn express(feature: Feature) -> Expression {
    match feature {
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
        | Feature::UnnormalizedText
        | Feature::SuppliedSecret
        | Feature::GeneratedSecret
        | Feature::Renamed
        | Feature::LargeWorkload
        | Feature::NoOverlap
        | Feature::UserOfImage
        | Feature::NumericUser
        | Feature::RootUser
        | Feature::WritableRoot
        | Feature::Capabilities
        | Feature::Privileged
        | Feature::BeforeDeployJob
        | Feature::JobOrder
        | Feature::AfterDeployJob
        | Feature::OnDemandJob
        | Feature::LowPort
        | Feature::Scratch
        | Feature::OwnVolume
        | Feature::SharedVolume
        | Feature::ReadOnlyMount
        | Feature::FixedFile
        | Feature::LateFile
        | Feature::ExecutableFile
        | Feature::Shutdown
        | Feature::MountedSource
        | Feature::WatchedSource
        | Feature::Test
        | Feature::DeveloperPort
        | Feature::HttpPort
        | Feature::Http2Port
        | Feature::GrpcPort
        | Feature::TcpPort
        | Feature::UdpPort
        | Feature::TcpDoor
        | Feature::UdpDoor
        | Feature::StripPath
        | Feature::Internet
        | Feature::Product(
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
            | Product::Search
            | Product::Bucket
            | Product::Queue,
        )
        | Feature::Parameters
        | Feature::ProductImage
        | Feature::Container => Expression::Expressed,
        Feature::Product(Product::Topic) => Expression::Noted {
            code: codes::EMULATOR,
            text: "compose runs an emulator of topics, which forgets everything when it restarts",
        },
        Feature::Subscription => Expression::Noted {
            code: codes::EMULATOR,
            text: "a queue that subscribes is part of the topic's emulator, which forgets its messages when it restarts",
        },
        Feature::HighAvailability => Expression::Noted {
            code: codes::ONE_REPLICA,
            text: "compose runs one server of every dependency",
        },
        Feature::Backups => Expression::Noted {
            code: codes::NO_BACKUP,
            text: "compose makes no backups",
        },
        Feature::FixedReplicas
        | Feature::Autoscaling
        | Feature::ScaleByCpu
        | Feature::ScaleByMemory
        | Feature::ScaleByRequests => ONE_REPLICA,
        // Only in the local environment is a service that is switched off run all the same: the plan knows.
        Feature::SwitchedOff => Expression::Noted {
            code: codes::ONE_REPLICA,
            text: "",
        },
        Feature::ScheduledJob => Expression::Noted {
            code: codes::NO_SCHEDULER,
            text: "compose runs no schedules: `docker compose run --rm` with a job's name runs it",
        },
        Feature::JobTimeout | Feature::JobRetries => Expression::Noted {
            code: codes::JOB_TIMEOUT,
            text: "compose neither limits nor repeats a run of a job",
        },
        Feature::HttpDoor | Feature::Http2Door | Feature::GrpcDoor => LOCAL_PLAIN,
        Feature::RouteTimeout => Expression::Noted {
            code: codes::ROUTE_TIMEOUT,
            text: "compose limits how long a service is silent, not how long a request takes",
        },
        Feature::StripGrpc => Expression::Refused {
            instead: "leave `strip` out: the path of a grpc request is the name of its method",
        },
        Feature::HttpHealth
        | Feature::PublicHttpHealth
        | Feature::TcpHealth
        | Feature::PublicTcpHealth
        | Feature::CommandHealth => COMPOSE_HEALTH,
        Feature::GrpcHealth | Feature::PublicGrpcHealth => GRPC_TCP,
        // Reported by the plan once per program, with what the networks became.
        Feature::Edge => Expression::Noted {
            code: codes::COMPOSE_EDGES,
            text: "",
        },
        // Reported by the plan where the manifest writes a size.
        Feature::Storage => Expression::Noted {
            code: codes::VOLUME_SIZE,
            text: "",
        },
        Feature::NamedSecret => Expression::Noted {
            code: codes::SECRET_NAME,
            text: "compose knows the secret by its key, not by `name`",
        },
        Feature::VolumeSize => Expression::Noted {
            code: codes::VOLUME_SIZE,
            text: "compose does not enforce the size of a volume",
        },
        Feature::External | Feature::Existing => Expression::Noted {
            code: codes::COMPOSE_EGRESS,
            text: "compose cannot limit a service that may leave to one port or host",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::express;
    use exoc_ir::{Expression, Feature};

    #[test]
    fn refuses_nothing_but_a_grpc_path_that_is_removed() {
        let refused: Vec<Feature> = Feature::ALL
            .iter()
            .copied()
            .filter(|feature| matches!(express(*feature), Expression::Refused { .. }))
            .collect();
        assert_eq!(refused, [Feature::StripGrpc]);
    }

    #[test]
    fn says_how_it_counts_the_timeout_of_a_route() {
        let said = match express(Feature::RouteTimeout) {
            Expression::Noted { code, text } => Some((code.name, text)),
            Expression::Expressed | Expression::Refused { .. } => None,
        };
        let text = "compose limits how long a service is silent, not how long a request takes";
        assert_eq!(said, Some(("route-timeout", text)));
    }
}
