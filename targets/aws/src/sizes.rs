//! What AWS sells, in sizes: pairs of Fargate, classes of rented products. Must not know who asks.

use exoc_ir::{Bytes, MilliCpu, Resources};

/// A pair of processor and memory that Fargate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FargatePair {
    /// Units of CPU: 1024 are one core.
    pub(crate) cpu: u64,
    /// MiB.
    pub(crate) memory: u64,
}

/// Rows of Fargate: units of CPU, least and most memory and the step between, in MiB.
///
/// Source: Amazon ECS developer guide, "Task CPU and memory" of Fargate, read 2026-11. The first row's three sizes
/// are 512, 1024 and 2048.
const FARGATE: &[(u64, u64, u64, u64)] = &[
    (256, 512, 2048, 512),
    (512, 1024, 4096, 1024),
    (1024, 2048, 8192, 1024),
    (2048, 4096, 16384, 1024),
    (4096, 8192, 30720, 1024),
    (8192, 16384, 61440, 4096),
    (16384, 32768, 122_880, 8192),
];

impl FargatePair {
    /// The smallest pair with both numbers at least as large; `None` beyond 16 cores or 120 GiB.
    pub(crate) fn for_resources(resources: Resources) -> Option<Self> {
        let cpu = (u64::from(resources.cpu.0) * 1024).div_ceil(1000);
        let memory = resources.memory.as_mebi();
        FARGATE.iter().find_map(|&(units, least, most, step)| {
            if units < cpu || most < memory {
                return None;
            }
            let memory = memory.max(least).next_multiple_of(step);
            // The only row whose sizes are no multiples of its step.
            let memory = if units == 256 && memory == 1536 {
                2048
            } else {
                memory
            };
            Some(Self { cpu: units, memory })
        })
    }

    /// Its cores.
    pub(crate) fn cores(self) -> MilliCpu {
        MilliCpu(u32::try_from(self.cpu * 1000 / 1024).unwrap_or(u32::MAX))
    }

    /// The same in words.
    pub(crate) fn cores_in_words(self) -> String {
        match self.cores() {
            MilliCpu(1000) => "1 core".to_owned(),
            other => format!("{other} cores"),
        }
    }

    /// Whether it is more than was asked for.
    pub(crate) fn exceeds(self, resources: Resources) -> bool {
        self.cores() > resources.cpu || Bytes::mebi(self.memory) > resources.memory
    }
}

/// A class of a rented product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// As AWS names it.
    pub(crate) name: &'static str,
    /// Cores.
    pub(crate) cores: u32,
    /// Hundredths of a GiB.
    centi_gibi: u64,
}

impl Class {
    /// Its cores, in words.
    pub(crate) fn cores_in_words(self) -> String {
        match self.cores {
            1 => "1 core".to_owned(),
            several => format!("{several} cores"),
        }
    }
}

/// The largest CPU that a burstable class may answer for: what bursts has no lasting core.
const BURSTABLE: MilliCpu = MilliCpu(1000);

const fn class(name: &'static str, cores: u32, centi_gibi: u64) -> Class {
    Class {
        name,
        cores,
        centi_gibi,
    }
}

/// Classes of RDS, from the smallest.
///
/// Source: Amazon RDS user guide, "Hardware specifications for DB instance classes", read 2026-11.
pub(crate) const RDS: &[Class] = &[
    class("db.t4g.micro", 2, 100),
    class("db.t4g.small", 2, 200),
    class("db.t4g.medium", 2, 400),
    class("db.t4g.large", 2, 800),
    class("db.m7g.large", 2, 800),
    class("db.r7g.large", 2, 1600),
    class("db.m7g.xlarge", 4, 1600),
    class("db.r7g.xlarge", 4, 3200),
    class("db.m7g.2xlarge", 8, 3200),
    class("db.r7g.2xlarge", 8, 6400),
    class("db.m7g.4xlarge", 16, 6400),
    class("db.r7g.4xlarge", 16, 12800),
    class("db.m7g.8xlarge", 32, 12800),
    class("db.r7g.8xlarge", 32, 25600),
    class("db.m7g.16xlarge", 64, 25600),
    class("db.r7g.16xlarge", 64, 51200),
];

/// Classes of ElastiCache, from the smallest.
///
/// Source: Amazon ElastiCache user guide, "Supported node types", read 2026-11.
pub(crate) const ELASTICACHE: &[Class] = &[
    class("cache.t4g.micro", 2, 50),
    class("cache.t4g.small", 2, 137),
    class("cache.t4g.medium", 2, 309),
    class("cache.m7g.large", 2, 638),
    class("cache.m7g.xlarge", 4, 1293),
    class("cache.r7g.large", 2, 1307),
    class("cache.r7g.xlarge", 4, 2632),
    class("cache.m7g.2xlarge", 8, 2604),
    class("cache.r7g.2xlarge", 8, 5282),
    class("cache.r7g.4xlarge", 16, 10581),
    class("cache.r7g.8xlarge", 32, 20955),
    class("cache.r7g.12xlarge", 48, 31777),
    class("cache.r7g.16xlarge", 64, 41909),
];

/// The classes of RDS that have performance insights for every engine, and that may have a standby.
pub(crate) const RDS_FROM_MEDIUM: &[Class] = RDS.split_at(2).1;

/// Classes of `DocumentDB`, from the smallest.
///
/// Source: Amazon `DocumentDB` developer guide, "Instance class specifications", read 2026-11.
pub(crate) const DOCUMENTDB: &[Class] = &[
    class("db.t4g.medium", 2, 400),
    class("db.r6g.large", 2, 1600),
    class("db.r6g.xlarge", 4, 3200),
    class("db.r6g.2xlarge", 8, 6400),
    class("db.r6g.4xlarge", 16, 12800),
    class("db.r6g.8xlarge", 32, 25600),
    class("db.r6g.12xlarge", 48, 38400),
    class("db.r6g.16xlarge", 64, 51200),
];

/// Types of Amazon MQ for `RabbitMQ`, from the smallest; the first is for single brokers only.
///
/// Source: Amazon MQ developer guide, "Broker instance types" of `RabbitMQ`, read 2026-11.
pub(crate) const MQ: &[Class] = &[
    class("mq.m7g.medium", 1, 400),
    class("mq.m7g.large", 2, 800),
    class("mq.m7g.xlarge", 4, 1600),
    class("mq.m7g.2xlarge", 8, 3200),
    class("mq.m7g.4xlarge", 16, 6400),
];

/// The types of Amazon MQ that a cluster may have.
pub(crate) const MQ_CLUSTER: &[Class] = MQ.split_at(1).1;

/// Types of MSK, from the smallest.
///
/// Source: Amazon MSK developer guide, "Amazon MSK broker types", read 2026-11.
pub(crate) const MSK: &[Class] = &[
    class("kafka.m7g.large", 2, 800),
    class("kafka.m7g.xlarge", 4, 1600),
    class("kafka.m7g.2xlarge", 8, 3200),
    class("kafka.m7g.4xlarge", 16, 6400),
    class("kafka.m7g.8xlarge", 32, 12800),
    class("kafka.m7g.16xlarge", 64, 25600),
];

/// Types of `OpenSearch` Service, from the smallest.
///
/// Source: Amazon `OpenSearch` Service developer guide, "Supported instance types", read 2026-11.
pub(crate) const OPENSEARCH: &[Class] = &[
    class("t3.small.search", 2, 200),
    class("t3.medium.search", 2, 400),
    class("m7g.large.search", 2, 800),
    class("m7g.xlarge.search", 4, 1600),
    class("m7g.2xlarge.search", 8, 3200),
    class("m7g.4xlarge.search", 16, 6400),
    class("m7g.8xlarge.search", 32, 12800),
];

/// The types of `OpenSearch` Service that a domain with managers may have.
pub(crate) const OPENSEARCH_FROM_LARGE: &[Class] = OPENSEARCH.split_at(2).1;

/// The least storage of RDS with gp3, and the most, in GiB.
///
/// Source: Amazon RDS user guide, "Amazon RDS DB instance storage", read 2026-11.
pub(crate) const RDS_STORAGE: (u64, u64) = (20, 65_536);

/// The least storage of a broker of MSK, and the most, in GiB.
///
/// Source: Amazon MSK API reference, `EBSStorageInfo`, read 2026-11.
pub(crate) const MSK_STORAGE: (u64, u64) = (1, 16_384);

/// The least storage of a node of `OpenSearch` Service with gp3, in GiB.
///
/// Source: Amazon `OpenSearch` Service developer guide, "EBS volume size quotas", read 2026-11.
pub(crate) const OPENSEARCH_STORAGE: u64 = 10;

/// The most storage of a node of `OpenSearch` Service by its type, in GiB, as far as any volume goes.
///
/// Source: Amazon `OpenSearch` Service developer guide, "EBS volume size quotas", read 2026-11.
pub(crate) fn opensearch_storage(kind: &str) -> u64 {
    match kind {
        "t3.small.search" => 100,
        "t3.medium.search" => 200,
        "m7g.large.search" => 512,
        "m7g.xlarge.search" => 1024,
        "m7g.2xlarge.search" => 1536,
        "m7g.4xlarge.search" => 3072,
        _ => 6144,
    }
}

impl Class {
    /// The first class of a table that has what is asked for.
    pub(crate) fn pick(table: &'static [Self], resources: Resources) -> Option<Self> {
        table
            .iter()
            .find(|class| {
                let enough = u64::from(class.cores) * 1000 >= u64::from(resources.cpu.0)
                    && u128::from(class.centi_gibi) << 30 >= u128::from(resources.memory.0) * 100;
                enough && (!class.is_burstable() || resources.cpu <= BURSTABLE)
            })
            .copied()
    }

    fn is_burstable(&self) -> bool {
        self.name.split('.').any(|part| matches!(part, "t3" | "t4g"))
    }

    /// Its memory in words: `8Gi`, `0.5Gi`.
    pub(crate) fn memory(&self) -> String {
        let (whole, rest) = (self.centi_gibi / 100, self.centi_gibi % 100);
        if rest == 0 {
            return format!("{whole}Gi");
        }
        let digits = format!("{rest:02}");
        format!("{whole}.{}Gi", digits.trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, ELASTICACHE, FargatePair, RDS};
    use exoc_ir::{Bytes, MilliCpu, Resources};

    fn pair(cpu: u32, mebi: u64) -> Option<(u64, u64)> {
        let resources = Resources {
            cpu: MilliCpu(cpu),
            memory: Bytes::mebi(mebi),
        };
        FargatePair::for_resources(resources).map(|pair| (pair.cpu, pair.memory))
    }

    #[test]
    fn rounds_up_to_the_next_pair_of_fargate() {
        assert_eq!(pair(250, 512), Some((256, 512)));
        assert_eq!(pair(100, 64), Some((256, 512)));
        assert_eq!(pair(250, 1025), Some((256, 2048)));
        assert_eq!(pair(250, 1024), Some((256, 1024)));
        assert_eq!(pair(300, 700), Some((512, 1024)));
        assert_eq!(pair(250, 2049), Some((512, 3072)));
        assert_eq!(pair(250, 4097), Some((1024, 5120)));
        assert_eq!(pair(4000, 30720), Some((4096, 30720)));
        assert_eq!(pair(4000, 30721), Some((8192, 32768)));
        assert_eq!(pair(8000, 16385), Some((8192, 20480)));
        assert_eq!(pair(16000, 122_880), Some((16384, 122_880)));
        assert_eq!(pair(16001, 1024), None);
        assert_eq!(pair(1000, 122_881), None);
    }

    #[test]
    fn says_whether_a_pair_is_more_than_asked() {
        let exact = Resources {
            cpu: MilliCpu(250),
            memory: Bytes::mebi(512),
        };
        assert!(!FargatePair::for_resources(exact).unwrap().exceeds(exact));
        let less = Resources {
            cpu: MilliCpu(200),
            memory: Bytes::mebi(512),
        };
        assert!(FargatePair::for_resources(less).unwrap().exceeds(less));
    }

    #[test]
    fn picks_the_first_class_that_is_large_enough() {
        let pick = |table, cpu, mebi| {
            let resources = Resources {
                cpu: MilliCpu(cpu),
                memory: Bytes::mebi(mebi),
            };
            Class::pick(table, resources).map(|class| class.name)
        };
        assert_eq!(pick(RDS, 250, 512), Some("db.t4g.micro"));
        assert_eq!(pick(RDS, 1000, 8192), Some("db.t4g.large"));
        assert_eq!(pick(RDS, 2000, 8192), Some("db.m7g.large"));
        assert_eq!(pick(RDS, 2000, 8193), Some("db.r7g.large"));
        assert_eq!(pick(RDS, 1000, 8193), Some("db.r7g.large"));
        assert_eq!(pick(RDS, 64_000, 524_288), Some("db.r7g.16xlarge"));
        assert_eq!(pick(RDS, 64_001, 512), None);
        assert_eq!(pick(ELASTICACHE, 250, 512), Some("cache.t4g.micro"));
        assert_eq!(pick(ELASTICACHE, 250, 513), Some("cache.t4g.small"));
        assert_eq!(pick(ELASTICACHE, 1500, 512), Some("cache.m7g.large"));
    }

    #[test]
    fn words_the_memory_of_a_class() {
        assert_eq!(RDS[0].memory(), "1Gi");
        assert_eq!(ELASTICACHE[0].memory(), "0.5Gi");
        assert_eq!(ELASTICACHE[1].memory(), "1.37Gi");
    }
}
