//! When a scheduled job runs: five sets of numbers, in UTC. Knows no text of any scheduler.

use serde::Serialize;
use std::collections::BTreeSet;

/// The minutes at which a run starts. A minute is one if every field has it; at most one of the two day fields is
/// not [`Moments::Every`], because schedulers disagree about what both together mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Schedule {
    /// 0 to 59.
    pub minutes: Moments,
    /// 0 to 23.
    pub hours: Moments,
    /// Days of the month, 1 to 31.
    pub days: Moments,
    /// 1 to 12.
    pub months: Moments,
    /// Days of the week, 0 (Sunday) to 6.
    pub weekdays: Moments,
}

/// One field of a [`Schedule`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Moments {
    /// Each one.
    Every,
    /// These; at least one.
    Only(BTreeSet<u8>),
}

impl Schedule {
    /// The five fields as cron writes them, in numbers, each as short as lists and ranges make it.
    #[must_use]
    pub fn cron(&self) -> String {
        let Self {
            minutes,
            hours,
            days,
            months,
            weekdays,
        } = self;
        [minutes, hours, days, months, weekdays]
            .map(Moments::ranges)
            .join(" ")
    }
}

impl Moments {
    /// `*`, or numbers and ranges with commas.
    #[must_use]
    pub fn ranges(&self) -> String {
        let numbers = match self {
            Self::Every => return "*".to_owned(),
            Self::Only(numbers) => numbers,
        };
        let mut runs: Vec<(u8, u8)> = Vec::new();
        for number in numbers.iter().copied() {
            match runs.last_mut() {
                Some((_, last)) if last.checked_add(1) == Some(number) => *last = number,
                Some(_) | None => runs.push((number, number)),
            }
        }
        let run = |(first, last): &(u8, u8)| match last - first {
            0 => first.to_string(),
            1 => format!("{first},{last}"),
            2.. => format!("{first}-{last}"),
        };
        runs.iter().map(run).collect::<Vec<_>>().join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::{Moments, Schedule};

    #[test]
    fn fields_are_lists_and_ranges() {
        let only = |numbers: &[u8]| Moments::Only(numbers.iter().copied().collect());
        let schedule = Schedule {
            minutes: only(&[0, 15, 30, 45]),
            hours: only(&[9, 10, 11, 20, 21]),
            days: Moments::Every,
            months: only(&[12]),
            weekdays: only(&[1, 2, 3, 4, 5]),
        };
        assert_eq!(schedule.cron(), "0,15,30,45 9-11,20,21 * 12 1-5");
    }
}
