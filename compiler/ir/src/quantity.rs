//! Numbers with units.

use serde::Serialize;
use std::fmt;

/// Thousandths of a processor core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct MilliCpu(pub u32);

/// Bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Bytes(pub u64);

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Seconds(pub u32);

impl Bytes {
    /// `count` MiB.
    #[must_use]
    pub const fn mebi(count: u64) -> Self {
        Self(count << 20)
    }

    /// `count` GiB.
    #[must_use]
    pub const fn gibi(count: u64) -> Self {
        Self(count << 30)
    }

    /// Whole MiB, rounded up.
    #[must_use]
    pub const fn as_mebi(self) -> u64 {
        self.0.div_ceil(1 << 20)
    }

    /// Whole GiB, rounded up.
    #[must_use]
    pub const fn as_gibi(self) -> u64 {
        self.0.div_ceil(1 << 30)
    }
}

impl fmt::Display for Bytes {
    /// The largest binary unit that divides the number: `512Mi`, `1536Mi`, `10Gi`, `1000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")];
        let unit = units
            .into_iter()
            .find(|(shift, _)| self.0 > 0 && self.0.trailing_zeros() >= *shift);
        match unit {
            Some((shift, name)) => write!(f, "{}{name}", self.0 >> shift),
            None => write!(f, "{}", self.0),
        }
    }
}

impl fmt::Display for MilliCpu {
    /// Cores as a decimal number: `2`, `0.25`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0 / 1000, self.0 % 1000);
        if rest == 0 {
            return write!(f, "{whole}");
        }
        let digits = format!("{rest:03}");
        write!(f, "{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bytes, MilliCpu};

    #[test]
    fn prints_the_largest_whole_unit() {
        assert_eq!(Bytes::mebi(512).to_string(), "512Mi");
        assert_eq!(Bytes::mebi(1536).to_string(), "1536Mi");
        assert_eq!(Bytes::gibi(10).to_string(), "10Gi");
        assert_eq!(Bytes(1000).to_string(), "1000");
        assert_eq!(Bytes(0).to_string(), "0");
        assert_eq!(MilliCpu(250).to_string(), "0.25");
        assert_eq!(MilliCpu(1005).to_string(), "1.005");
        assert_eq!(MilliCpu(2000).to_string(), "2");
    }
}
