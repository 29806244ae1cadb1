//! The pairs of cpu and memory that AWS sells for a task, as a table of this crate's own.
//!
//! Must not know the compiler's table, which it checks.

/// The least pair with so many thousandths of a core and so many bytes; what was asked for if none is enough.
///
/// Source: Amazon ECS developer guide, "Task CPU and memory", read 2026-11: cores in thousandths, then GiB from, to
/// and step; the first row has 0.5 GiB instead of a step.
#[must_use]
pub fn least_pair((cpu, memory): (u64, u64)) -> (u64, u64) {
    const ROWS: [(u64, &[u64]); 3] = [
        (250, &[512, 1024, 2048]),
        (500, &[1024, 2048, 3072, 4096]),
        (1000, &[]),
    ];
    const STEPS: [(u64, u64, u64, u64); 5] = [
        (1000, 2, 8, 1),
        (2000, 4, 16, 1),
        (4000, 8, 30, 1),
        (8000, 16, 60, 4),
        (16000, 32, 120, 8),
    ];
    let listed = ROWS
        .iter()
        .flat_map(|(cpu, sizes)| sizes.iter().map(|mebi| (*cpu, mebi << 20)));
    let stepped = STEPS.iter().flat_map(|(cpu, from, to, step)| {
        (*from..=*to)
            .step_by(usize::try_from(*step).unwrap_or(1))
            .map(|gibi| (*cpu, gibi << 30))
    });
    listed
        .chain(stepped)
        .find(|(cores, bytes)| *cores >= cpu && *bytes >= memory)
        .unwrap_or((cpu, memory))
}

#[cfg(test)]
mod tests {
    use super::least_pair;

    #[test]
    fn pairs_are_the_least_that_are_enough() {
        assert_eq!(least_pair((250, 512 << 20)), (250, 512 << 20));
        assert_eq!(least_pair((250, 1536 << 20)), (250, 2 << 30));
        assert_eq!(least_pair((300, 700 << 20)), (500, 1 << 30));
        assert_eq!(least_pair((250, 5 << 30)), (1000, 5 << 30));
        assert_eq!(least_pair((5000, 17 << 30)), (8000, 20 << 30));
    }
}
