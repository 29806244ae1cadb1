//! Schedules in the words of EventBridge. Knows five sets of numbers and six fields of text.

use exoc_ir::{Moments, Schedule};
use std::collections::BTreeSet;

/// The most characters of an expression.
///
/// Source: EventBridge Scheduler API reference, `ScheduleExpression`, read 2026-11.
pub(super) const LONGEST: usize = 256;

/// Days of the week from Sunday on; EventBridge counts them from 1, so their names are used.
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The most days that each month has, in a leap year.
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// A schedule as EventBridge writes it. It has `?` in the day field that says nothing, and a year besides.
///
/// Source: EventBridge Scheduler user guide, "Cron-based schedules", read 2026-11.
pub(super) fn expression(schedule: &Schedule) -> String {
    let Schedule {
        minutes,
        hours,
        days,
        months,
        weekdays,
    } = schedule;
    let (days, weekdays) = match weekdays {
        Moments::Every => (days.ranges(), "?".to_owned()),
        Moments::Only(numbers) => ("?".to_owned(), names(numbers)),
    };
    let (minutes, hours, months) = (minutes.ranges(), hours.ranges(), months.ranges());
    format!("cron({minutes} {hours} {days} {months} {weekdays} *)")
}

/// Names of weekdays: lists and ranges, as short as [`Moments::ranges`] makes numbers.
fn names(numbers: &BTreeSet<u8>) -> String {
    let ranges = Moments::Only(numbers.clone()).ranges();
    let name = |letter: char| {
        let index = letter.to_digit(10).and_then(|digit| usize::try_from(digit).ok());
        index.and_then(|index| WEEKDAYS.get(index))
    };
    let mut out = String::new();
    for letter in ranges.chars() {
        match name(letter) {
            Some(name) => out.push_str(name),
            None => out.push(letter),
        }
    }
    out
}

/// Whether one of the days is in one of the months.
pub(super) fn ever_comes(schedule: &Schedule) -> bool {
    let (days, months) = match (&schedule.days, &schedule.months) {
        (Moments::Only(days), Moments::Only(months)) => (days, months),
        (Moments::Every, Moments::Every | Moments::Only(_)) | (Moments::Only(_), Moments::Every) => {
            return true;
        }
    };
    let most = |month: &u8| DAYS.get(usize::from(month.saturating_sub(1))).copied();
    months
        .iter()
        .filter_map(most)
        .any(|most| days.first().is_some_and(|first| *first <= most))
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, ever_comes, expression};
    use exoc_ir::{Moments, Schedule};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn only(numbers: &[u8]) -> Moments {
        Moments::Only(numbers.iter().copied().collect())
    }

    fn at(minutes: Moments, hours: Moments, days: Moments, months: Moments, weekdays: Moments) -> Schedule {
        Schedule {
            minutes,
            hours,
            days,
            months,
            weekdays,
        }
    }

    use Moments::Every;

    #[test]
    fn one_day_field_is_a_question_mark() {
        let nightly = at(only(&[0]), only(&[3]), Every, Every, Every);
        assert_eq!(expression(&nightly), "cron(0 3 * * ? *)");
        let monthly = at(
            only(&[5, 35]),
            only(&[0]),
            only(&[1]),
            only(&[1, 4, 7, 10]),
            Every,
        );
        assert_eq!(expression(&monthly), "cron(5,35 0 1 1,4,7,10 ? *)");
    }

    #[test]
    fn weekdays_have_names() {
        let office = at(Every, only(&[8, 9, 10]), Every, Every, only(&[1, 2, 3, 4, 5]));
        assert_eq!(expression(&office), "cron(* 8-10 ? * MON-FRI *)");
        let weekend = at(only(&[0]), only(&[0]), Every, Every, only(&[0, 6]));
        assert_eq!(expression(&weekend), "cron(0 0 ? * SUN,SAT *)");
    }

    #[test]
    fn a_day_that_no_month_has_never_comes() {
        let day = |day: u8, months: Moments| at(only(&[0]), only(&[0]), only(&[day]), months, Every);
        assert!(!ever_comes(&day(30, only(&[2]))));
        assert!(!ever_comes(&day(31, only(&[4, 6, 9, 11]))));
        assert!(ever_comes(&day(29, only(&[2]))));
        assert!(ever_comes(&day(31, only(&[2, 3]))));
        assert!(ever_comes(&day(31, Every)));
    }

    fn field(least: u8, most: u8) -> impl Strategy<Value = Moments> {
        let some = proptest::collection::btree_set(least..=most, 1..=usize::from(most - least) + 1);
        prop_oneof![Just(Every), some.prop_map(Moments::Only)]
    }

    /// What EventBridge reads in a field: `?` and `*` are all.
    fn read(field: &str, least: u8, most: u8) -> BTreeSet<u8> {
        let number = |word: &str| match super::WEEKDAYS.iter().position(|name| *name == word) {
            Some(index) => u8::try_from(index).unwrap(),
            None => word.parse().unwrap(),
        };
        if field == "*" || field == "?" {
            return (least..=most).collect();
        }
        let run = |item: &str| match item.split_once('-') {
            Some((first, last)) => number(first)..=number(last),
            None => number(item)..=number(item),
        };
        field.split(',').flat_map(run).collect()
    }

    proptest! {
        #[test]
        fn every_schedule_is_held_and_says_the_same(
            minutes in field(0, 59),
            hours in field(0, 23),
            days in field(1, 31),
            months in field(1, 12),
            weekdays in field(0, 6),
            by_weekday: bool,
        ) {
            let (days, weekdays) = if by_weekday { (Every, weekdays) } else { (days, Every) };
            let schedule = at(minutes, hours, days, months, weekdays);
            let text = expression(&schedule);
            prop_assert!(text.len() <= LONGEST);
            let inner = text.strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')).unwrap();
            let fields: Vec<&str> = inner.split(' ').collect();
            let [minutes, hours, days, months, weekdays, year] = fields.as_slice() else { panic!("{text}") };
            prop_assert_eq!(*year, "*");
            prop_assert_eq!([*days, *weekdays].iter().filter(|field| **field == "?").count(), 1);
            let all = [
                (minutes, &schedule.minutes, 0, 59),
                (hours, &schedule.hours, 0, 23),
                (days, &schedule.days, 1, 31),
                (months, &schedule.months, 1, 12),
                (weekdays, &schedule.weekdays, 0, 6),
            ];
            for (text, moments, least, most) in all {
                let expected = match moments {
                    Every => (least..=most).collect(),
                    Moments::Only(numbers) => numbers.clone(),
                };
                prop_assert_eq!(read(text, least, most), expected);
            }
        }
    }
}
