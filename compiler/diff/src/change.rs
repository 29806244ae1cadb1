//! What a change is. Knows nothing of how changes are found.

use exoc_diagnostics::Span;

/// How much a change weighs for whoever reviews it, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Data is lost, left behind or kept less well.
    Data,
    /// More can reach the application, or the application can reach more.
    Exposure,
    /// Something is gone that somebody may have used.
    Loss,
    /// Something works in another way.
    Change,
    /// Something is there that was not.
    Addition,
    /// Nothing works in another way.
    Note,
}

impl Weight {
    /// All weights, worst first.
    pub const ALL: &[Self] = &[
        Self::Data,
        Self::Exposure,
        Self::Loss,
        Self::Change,
        Self::Addition,
        Self::Note,
    ];

    /// One word, for programs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Exposure => "exposure",
            Self::Loss => "loss",
            Self::Change => "change",
            Self::Addition => "addition",
            Self::Note => "note",
        }
    }

    /// The heading above changes of this weight.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Data => "Data at risk",
            Self::Exposure => "More exposed",
            Self::Loss => "Removed",
            Self::Change => "Changed",
            Self::Addition => "Added",
            Self::Note => "Noted",
        }
    }
}

/// Declares the kinds with their words, their weights and what they mean.
macro_rules! kinds {
    ($($name:ident = $word:literal, $weight:ident, $meaning:literal;)*) => {
        /// A kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $(#[doc = $meaning] $name,)* }

        impl Kind {
            /// All kinds, worst first.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name, for programs: it never changes its meaning.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// How much it weighs.
            #[must_use]
            pub const fn weight(self) -> Weight {
                match self { $(Self::$name => Weight::$weight,)* }
            }

            /// What it means, for the table of the documentation.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => $meaning,)* }
            }
        }
    };
}

kinds! {
    ApplicationRenamed = "application-renamed", Data, "the application has another name, from which everything is named";
    EnvironmentRemoved = "environment-removed", Data, "an environment is gone";
    DataRemoved = "data-removed", Data, "a dependency that holds data is gone";
    VolumeRemoved = "volume-removed", Data, "a volume is gone";
    IdentityChanged = "identity-changed", Data, "a component keeps its role and has another identity: its data stays behind";
    TypeChanged = "type-changed", Data, "a dependency is another product";
    VersionLowered = "version-lowered", Data, "a dependency has an earlier version";
    StorageLowered = "storage-lowered", Data, "a dependency or volume is to hold less";
    AccountChanged = "account-changed", Data, "a dependency has another database or user";
    AvailabilityLowered = "availability-lowered", Data, "no second server stands by any more";
    BackupsLowered = "backups-lowered", Data, "backups are kept for fewer days";

    Opened = "opened-to-internet", Exposure, "a service is reachable from the internet where it was not";
    InternetAdded = "internet-added", Exposure, "a component may open connections to any public address";
    SecurityLoosened = "security-loosened", Exposure, "a container may do more";
    SecretInPlain = "secret-in-plain", Exposure, "a variable that was a secret is a text";

    ServiceRemoved = "service-removed", Loss, "a service is gone";
    JobRemoved = "job-removed", Loss, "a job is gone";
    DependencyRemoved = "dependency-removed", Loss, "a dependency without data of its own is gone";
    RouteRemoved = "route-removed", Loss, "a service is no longer reachable there";
    EdgeRemoved = "edge-removed", Loss, "a component no longer uses another";
    InternetRemoved = "internet-removed", Loss, "a component may no longer open connections to public addresses";
    SecretRemoved = "secret-removed", Loss, "a secret is no longer used";
    PortRemoved = "port-removed", Loss, "a component no longer listens on a port";
    VariableRemoved = "variable-removed", Loss, "a variable is no longer set";
    FileRemoved = "file-removed", Loss, "a file is no longer there";
    HealthRemoved = "health-removed", Loss, "a health check is gone";

    Renamed = "renamed", Change, "a component or volume has another role and keeps its data";
    DomainChanged = "domain-changed", Change, "an environment has another domain";
    ImageChanged = "image-changed", Change, "another image runs";
    BuildChanged = "build-changed", Change, "an image is built in another way";
    PlatformsChanged = "platforms-changed", Change, "an image is made for other platforms";
    CommandChanged = "command-changed", Change, "a container is started in another way";
    VariableChanged = "variable-changed", Change, "a variable has another value";
    FileChanged = "file-changed", Change, "a file has other contents";
    PortChanged = "port-changed", Change, "a port has another number or protocol";
    RouteChanged = "route-changed", Change, "a route works in another way";
    ReplicasChanged = "replicas-changed", Change, "another number of replicas runs";
    ScalingChanged = "scaling-changed", Change, "replicas are added for other reasons, or replaced in another way";
    CpuChanged = "cpu-changed", Change, "another amount of processor time is reserved";
    MemoryChanged = "memory-changed", Change, "another amount of memory is reserved";
    HealthChanged = "health-changed", Change, "health is checked in another way";
    KindChanged = "kind-changed", Change, "a service has become a job, or the reverse";
    ScheduleChanged = "schedule-changed", Change, "a job runs at other times or for another reason";
    JobLimitsChanged = "job-limits-changed", Change, "a run of a job may take another time, or is repeated as often";
    ShutdownChanged = "shutdown-changed", Change, "a container has another time to stop";
    WritableChanged = "writable-changed", Change, "other folders in memory can be written";
    SecurityTightened = "security-tightened", Change, "a container may do less";
    MountChanged = "mount-changed", Change, "a volume lies elsewhere or is used in another way";
    VersionRaised = "version-raised", Change, "a dependency has a later version";
    StorageRaised = "storage-raised", Change, "a dependency or volume is to hold more";
    AvailabilityRaised = "availability-raised", Change, "a second server stands by";
    BackupsChanged = "backups-changed", Change, "backups are kept for more days, or as long as a target does by itself";
    ParametersChanged = "parameters-changed", Change, "a dependency has other settings";
    SubscriptionsChanged = "subscriptions-changed", Change, "a queue gets messages of other topics";
    AddressChanged = "address-changed", Change, "a dependency outside is at another address";
    SecretChanged = "secret-changed", Change, "a secret comes from elsewhere";
    RegistryChanged = "registry-changed", Change, "built images live in another registry";
    DevelopmentChanged = "development-changed", Change, "a service works in another way on a developer's machine";

    EnvironmentAdded = "environment-added", Addition, "an environment is new";
    ServiceAdded = "service-added", Addition, "a service is new";
    JobAdded = "job-added", Addition, "a job is new";
    DependencyAdded = "dependency-added", Addition, "a dependency is new";
    VolumeAdded = "volume-added", Addition, "a volume is new";
    SecretAdded = "secret-added", Addition, "a secret is new";
    EdgeAdded = "edge-added", Addition, "a component uses another";
    RouteAdded = "route-added", Addition, "a service is reachable there on a developer's machine";
    PortAdded = "port-added", Addition, "a component listens on another port";
    VariableAdded = "variable-added", Addition, "a variable is new";
    FileAdded = "file-added", Addition, "a file is new";
    HealthAdded = "health-added", Addition, "a health check is new";

    OwnerChanged = "owner-changed", Note, "the application has another owner";
    DescriptionChanged = "description-changed", Note, "a description says something else";
}

/// What kind of thing a change is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The application.
    Application,
    /// An environment.
    Environment,
    /// A service.
    Service,
    /// A service that runs and ends.
    Job,
    /// A dependency.
    Dependency,
    /// A shared volume.
    Volume,
    /// A secret.
    Secret,
}

impl What {
    /// The word of the language.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Environment => "environment",
            Self::Service => "service",
            Self::Job => "job",
            Self::Dependency => "dependency",
            Self::Volume => "volume",
            Self::Secret => "secret",
        }
    }
}

/// What a change is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Its kind.
    pub what: What,
    /// Its role or name; of something that is gone, the one that it had.
    pub name: String,
}

/// Where a change was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the files before.
    Before(Span),
    /// In the files after.
    After(Span),
}

/// One thing that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Which part of the subject: a variable, a port, who is used, where a door is. Empty where it is about the whole.
    pub part: String,
    /// A phrase that goes on where the subject's name ends, without a full stop; names and values stand in backquotes.
    pub text: String,
    /// What it was, if that is one value.
    pub before: Option<String>,
    /// What it is now, if that is one value.
    pub after: Option<String>,
    /// Where it was written.
    pub at: Option<Place>,
}

impl Change {
    pub(crate) fn new(kind: Kind, subject: Subject, text: impl Into<String>) -> Self {
        Self {
            kind,
            subject,
            part: String::new(),
            text: text.into(),
            before: None,
            after: None,
            at: None,
        }
    }

    pub(crate) fn part(mut self, part: impl Into<String>) -> Self {
        self.part = part.into();
        self
    }

    pub(crate) fn values(mut self, before: impl Into<String>, after: impl Into<String>) -> Self {
        self.before = Some(before.into());
        self.after = Some(after.into());
        self
    }

    pub(crate) fn before(mut self, before: impl Into<String>) -> Self {
        self.before = Some(before.into());
        self
    }

    pub(crate) fn after(mut self, after: impl Into<String>) -> Self {
        self.after = Some(after.into());
        self
    }

    pub(crate) const fn at(mut self, at: Place) -> Self {
        self.at = Some(at);
        self
    }

    /// What changes are sorted by.
    pub(crate) fn order(&self) -> (Weight, Kind, &Subject, &str, &str) {
        (
            self.kind.weight(),
            self.kind,
            &self.subject,
            &self.part,
            &self.text,
        )
    }
}
