//! The five fields of a schedule, as sets. What schedulers disagree about is refused.

use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, Spanned, codes};
use exoc_ir::{Moments, Schedule};
use std::collections::BTreeSet;

/// One of the five.
struct Field {
    noun: &'static str,
    least: u8,
    most: u8,
    /// Names of the numbers from `least` on.
    names: &'static [&'static str],
}

const FIELDS: [Field; 5] = [
    Field {
        noun: "minute",
        least: 0,
        most: 59,
        names: &[],
    },
    Field {
        noun: "hour",
        least: 0,
        most: 23,
        names: &[],
    },
    Field {
        noun: "day of the month",
        least: 1,
        most: 31,
        names: &[],
    },
    Field {
        noun: "month",
        least: 1,
        most: 12,
        names: &[
            "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
        ],
    },
    Field {
        noun: "day of the week",
        least: 0,
        most: 6,
        names: &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    },
];

/// What other schedulers call whole schedules.
const MACROS: &[(&str, &str)] = &[
    ("@yearly", "0 0 1 1 *"),
    ("@annually", "0 0 1 1 *"),
    ("@monthly", "0 0 1 * *"),
    ("@weekly", "0 0 * * 0"),
    ("@daily", "0 0 * * *"),
    ("@midnight", "0 0 * * *"),
    ("@hourly", "0 * * * *"),
];

/// The days of each month, the longest February included.
const DAYS: [u8; 12] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Reads a schedule.
pub(crate) fn schedule(text: &Spanned<String>, sink: &mut Sink) -> Result<Schedule, Failed> {
    read(text).map_err(|diagnostic| sink.error(*diagnostic))
}

fn read(text: &Spanned<String>) -> Result<Schedule, Box<Diagnostic>> {
    let words: Vec<Spanned<&str>> = words(text);
    let [minute, hour, day, month, weekday] = words.as_slice() else {
        return Err(other_form(text, words.len()).into());
    };
    let [of_minutes, of_hours, of_days, of_months, of_weekdays] = &FIELDS;
    let schedule = Schedule {
        minutes: moments(minute, of_minutes)?,
        hours: moments(hour, of_hours)?,
        days: moments(day, of_days)?,
        months: moments(month, of_months)?,
        weekdays: moments(weekday, of_weekdays)?,
    };
    if let (Moments::Only(_), Moments::Only(_)) = (&schedule.days, &schedule.weekdays) {
        return Err(bad(
            weekday.span,
            "a schedule with two fields for days".to_owned(),
            "a day of the week",
        )
        .also(day.span, "a day of the month")
        .help("write `*` for one of the two: schedulers disagree about what both together mean")
        .into());
    }
    if let (Moments::Only(days), months) = (&schedule.days, &schedule.months) {
        let longest = DAYS
            .iter()
            .zip(1..)
            .filter(|(_, month)| match months {
                Moments::Every => true,
                Moments::Only(months) => months.contains(month),
            })
            .map(|(days, _)| *days)
            .max();
        if days.first() > longest.as_ref() {
            return Err(bad(
                day.span,
                "a schedule that never comes".to_owned(),
                "no month of these has this day",
            )
            .also(month.span, "in these months")
            .help("write a day that the month has; the last day of a month cannot be named")
            .into());
        }
    }
    Ok(schedule)
}

/// The words of a text, with their places. A text in quotes begins one byte later than its span; where the span is
/// longer still, escapes make the places unknown.
fn words(text: &Spanned<String>) -> Vec<Spanned<&str>> {
    let value = text.value.as_str();
    let start = match text.span.range().len().checked_sub(value.len()) {
        Some(0) => Some(0),
        Some(2) => Some(1),
        Some(_) | None => None,
    };
    let mut words = Vec::new();
    let mut rest = 0;
    for piece in value.split(' ') {
        if !piece.is_empty() {
            let span = start.map_or(text.span, |start| {
                text.span.part(start + rest, start + rest + piece.len())
            });
            words.push(Spanned::new(piece, span));
        }
        rest += piece.len() + 1;
    }
    words
}

fn bad(at: Span, message: String, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(codes::BAD_SCHEDULE, message).at(at, label)
}

/// A text that has not five fields.
fn other_form(text: &Spanned<String>, count: usize) -> Diagnostic {
    let known = MACROS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(text.value.trim()));
    let label = match count {
        1 => "one field".to_owned(),
        _ => format!("{count} fields"),
    };
    let diagnostic = bad(
        text.span,
        format!("the schedule {} has not five fields", quoted(&text.value)),
        label,
    );
    match known {
        Some((_, fields)) => diagnostic.help(format!("write `{fields}`")),
        None => diagnostic.help(
            "write minute, hour, day of the month, month and day of the week, as in `0 3 * * *`; all in UTC",
        ),
    }
}

/// One field: `*`, numbers, names, ranges, lists, and steps on `*` or a range.
fn moments(word: &Spanned<&str>, field: &Field) -> Result<Moments, Box<Diagnostic>> {
    let mut all = BTreeSet::new();
    for part in word.value.split(',') {
        let (range, step) = match part.split_once('/') {
            None => (part, None),
            Some((range, step)) => (range, Some(step)),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (field.least, field.most),
            None if step.is_some() => {
                return Err(fault(word, field, part, "a step stands behind `*` or a range"));
            }
            None => {
                let number = number(word, field, range)?;
                (number, number)
            }
            Some((first, last)) => (number(word, field, first)?, number(word, field, last)?),
        };
        if first > last {
            return Err(fault(
                word,
                field,
                part,
                "a range runs from the smaller number to the larger one",
            ));
        }
        let step = match step.map(str::parse::<usize>) {
            None => 1,
            Some(Ok(step)) if step > 0 && step <= usize::from(field.most) => step,
            Some(Ok(_) | Err(_)) => {
                let most = field.most;
                return Err(fault(
                    word,
                    field,
                    part,
                    &format!("a step is a number from 1 to {most}"),
                ));
            }
        };
        all.extend((first..=last).step_by(step));
    }
    let every = usize::from(field.most - field.least) + 1;
    Ok(if all.len() == every {
        Moments::Every
    } else {
        Moments::Only(all)
    })
}

fn number(word: &Spanned<&str>, field: &Field, text: &str) -> Result<u8, Box<Diagnostic>> {
    let Field {
        noun: _,
        least,
        most,
        names,
    } = field;
    let named = names
        .iter()
        .zip(*least..)
        .find(|(name, _)| name.eq_ignore_ascii_case(text));
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = text.parse::<u8>().ok().filter(|_| digits);
    match named.map(|(_, number)| number).or(number) {
        Some(number) if (*least..=*most).contains(&number) => Ok(number),
        Some(7) if *most == 6 => Err(fault(word, field, text, "Sunday is `0`")),
        Some(_) | None => {
            let names = match names {
                [first, .., last] => format!(", or from {first} to {last}"),
                [] | [_] => String::new(),
            };
            Err(fault(
                word,
                field,
                text,
                &format!("write numbers from {least} to {most}{names}"),
            ))
        }
    }
}

fn fault(word: &Spanned<&str>, field: &Field, part: &str, help: &str) -> Box<Diagnostic> {
    let message = format!("{} is no {} of a schedule", quoted(part), field.noun);
    Box::new(bad(word.span, message, format!("the {}", field.noun)).help(help))
}

#[cfg(test)]
mod tests {
    use super::read;
    use exoc_diagnostics::{SourceMap, Span, Spanned, VirtualPath};

    fn cron(text: &str) -> Result<String, String> {
        let id = SourceMap::default().add(VirtualPath::root(), text.to_owned());
        let text = Spanned::new(text.to_owned(), Span::new(id, 0, text.len()));
        match read(&text) {
            Ok(schedule) => Ok(schedule.cron()),
            Err(fault) => Err(format!("{}; {}", fault.message, fault.help.join("; "))),
        }
    }

    #[test]
    fn fields_become_sets() {
        for (text, canonical) in [
            ("0 3 * * *", "0 3 * * *"),
            ("*/15 8-18 * * MON-FRI", "0,15,30,45 8-18 * * 1-5"),
            ("5,6,7,9 0-23 1 jan,Dec *", "5-7,9 * 1 1,12 *"),
            ("10-20/5 */7 */10 * *", "10,15,20 0,7,14,21 1,11,21,31 * *"),
            ("0 0 29 2 *", "0 0 29 2 *"),
            ("0  3 * * 0-6", "0 3 * * *"),
        ] {
            assert_eq!(cron(text), Ok(canonical.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_schedulers_disagree_about_is_refused() {
        for (text, words) in [
            ("@daily", "write `0 0 * * *`"),
            ("0 3 * *", "has not five fields"),
            ("0 0 3 * * *", "has not five fields"),
            ("0 3 1 * MON", "two fields for days"),
            ("0 3 * * 7", "Sunday is `0`"),
            ("60 * * * *", "from 0 to 59"),
            ("0 24 * * *", "from 0 to 23"),
            ("0 0 L * *", "from 1 to 31"),
            ("0 0 ? * *", "from 1 to 31"),
            ("0 0 * * 5#2", "from SUN to SAT"),
            ("5/10 * * * *", "a step stands behind"),
            ("*/0 * * * *", "from 1 to 59"),
            ("20-10 * * * *", "from the smaller number"),
            ("0 0 31 4,6 *", "never comes"),
            ("0 0 30 FEB *", "never comes"),
            ("+5 * * * *", "from 0 to 59"),
            ("1,,2 * * * *", "from 0 to 59"),
        ] {
            let said = cron(text).unwrap_err();
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
