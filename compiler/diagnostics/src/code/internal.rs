//! EX09: faults of exoc itself.

super::family! {
    /// exoc contradicts itself.
    INTERNAL = "EX0901" "internal" Error Surroundings;
}
