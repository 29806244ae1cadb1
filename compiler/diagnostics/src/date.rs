//! Days of the calendar. Knows no clock: who has one hands in the day.

use std::fmt;

/// Seconds of a day, without leap seconds, as the system's clock counts.
const DAY: u64 = 24 * 60 * 60;

/// A day of the Gregorian calendar, in UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// The day that a text like `2027-01-31` names; `None` if it names none.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let digits = |text: &str, count: usize| {
            let fits = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
            fits.then(|| text.parse::<u16>().ok()).flatten()
        };
        let mut parts = text.split('-');
        let year = digits(parts.next()?, 4)?;
        let month = u8::try_from(digits(parts.next()?, 2)?).ok()?;
        let day = u8::try_from(digits(parts.next()?, 2)?).ok()?;
        let date = Self { year, month, day };
        let fits = parts.next().is_none() && (1..=days(year, month)).contains(&day);
        fits.then_some(date)
    }

    /// The day of a moment, in seconds since the beginning of 1970 in UTC.
    #[must_use]
    pub fn of_seconds(seconds: u64) -> Self {
        let mut rest = seconds / DAY;
        let (mut year, mut month) = (1970, 1);
        while year < u16::MAX && rest >= days_of_year(year) {
            rest -= days_of_year(year);
            year += 1;
        }
        while month < 12 && rest >= u64::from(days(year, month)) {
            rest -= u64::from(days(year, month));
            month += 1;
        }
        let day = u8::try_from(rest).unwrap_or(30).min(30) + 1;
        Self { year, month, day }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

const fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_of_year(year: u16) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

/// The days of a month; none of one that there is not.
const fn days(year: u16, month: u8) -> u8 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn only_days_that_there_are_can_be_read() {
        for text in ["2027-01-31", "2028-02-29", "2000-02-29", "1970-01-01"] {
            assert_eq!(Date::read(text).unwrap().to_string(), text);
        }
        for text in [
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-00-01",
            "2027-01-00",
            "2027-04-31",
            "27-01-01",
            "2027-1-1",
            "2027-01-01-",
            "2027/01/01",
            "tomorrow",
            "",
            "+027-01-01",
        ] {
            assert_eq!(Date::read(text), None, "{text}");
        }
    }

    #[test]
    fn moments_are_of_days() {
        let of = |seconds| Date::of_seconds(seconds).to_string();
        assert_eq!(of(0), "1970-01-01");
        assert_eq!(of(86_399), "1970-01-01");
        assert_eq!(of(951_782_400), "2000-02-29");
        assert_eq!(of(1_795_305_600), "2026-11-22");
        assert_eq!(of(1_798_761_599), "2026-12-31");
        assert!(Date::of_seconds(u64::MAX) > Date::of_seconds(0));
    }
}
