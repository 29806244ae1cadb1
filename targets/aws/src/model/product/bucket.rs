//! S3. Must not know who reads and writes.

/// A bucket.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// With a final hyphen.
    pub(crate) name_prefix: String,
    /// Days that overwritten and deleted objects can be had back.
    pub(crate) kept_days: u32,
}
