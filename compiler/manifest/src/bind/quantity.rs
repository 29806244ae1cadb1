//! Quantities with units: cores, bytes, seconds, percent.

use super::{Binder, Want};
use exoc_diagnostics::{Diagnostic, Failed, Node, Scalar, Spanned, Typed, codes};
use std::ops::RangeInclusive;

const MEMORY_UNITS: &[(&str, u64)] = &[("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1 << 40)];
const TIME_UNITS: &[(&str, u64)] = &[
    ("ms", 1),
    ("s", 1000),
    ("m", 60_000),
    ("h", 3_600_000),
    ("d", 86_400_000),
];
/// The most cores of one replica.
const MOST_CORES: u32 = 64;

/// The value of `<whole number><unit>` in the smallest unit of `units`; `None` without that form.
fn measure(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = text.split_at_checked(unit_at)?;
    let (_, factor) = units.iter().find(|(known, _)| *known == unit)?;
    // A number beyond all bounds is still a number, and its bounds are what the message names.
    (!digits.is_empty()).then(|| {
        digits
            .parse::<u64>()
            .ok()
            .and_then(|n| n.checked_mul(*factor))
            .unwrap_or(u64::MAX)
    })
}

/// How long RDS keeps a backup at most.
///
/// Source: Amazon RDS user guide, "Backup retention period", read 2026-11.
const MOST_DAYS: u32 = 35;

impl Binder<'_> {
    /// `cpu`: a number of cores, in thousandths.
    pub(crate) fn cores(&mut self, node: &Node) -> Result<Spanned<u32>, Failed> {
        let want = Want::key("cpu", "a number of cores", "cpu: 0.5");
        let scalar = self.scalar(node, &want)?;
        let cores = match scalar.typed {
            #[expect(
                clippy::cast_precision_loss,
                reason = "numbers this large are out of bounds either way"
            )]
            Typed::Int(cores) => cores as f64,
            Typed::Float(cores) => cores,
            Typed::Text => return Err(self.cores_as_text(node, scalar, &want)),
            Typed::Null | Typed::Bool(_) => return Err(self.wrong_type(node, &want)),
        };
        let thousandths = cores * 1000.0;
        if !(1.0..=f64::from(MOST_CORES * 1000)).contains(&thousandths) {
            return Err(self.out_of_bounds(node, &want, "0.001", &MOST_CORES.to_string()));
        }
        if (thousandths - thousandths.round()).abs() > 1e-6 {
            return Err(self.malformed(
                node,
                format!("`cpu` is `{}`, finer than thousandths of a core", scalar.text),
                "too many digits",
                "write at most three digits behind the point".into(),
            ));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "held within bounds above"
        )]
        Ok(Spanned::new(thousandths.round() as u32, node.span))
    }

    fn cores_as_text(&mut self, node: &Node, scalar: &Scalar, want: &Want) -> Failed {
        let text = &*scalar.text;
        if let Some(thousandths) = text
            .strip_suffix('m')
            .and_then(|digits| digits.parse::<u32>().ok())
        {
            let cores = f64::from(thousandths) / 1000.0;
            return self.sink.error(
                Diagnostic::new(
                    codes::BAD_UNIT,
                    format!("`cpu` is `{text}`, thousandths as Kubernetes writes them"),
                )
                .at(node.span, "`cpu` counts cores")
                .help(format!("write `cpu: {cores}`")),
            );
        }
        if text.parse::<f64>().is_ok() {
            return self.sink.error(
                Diagnostic::new(codes::WRONG_TYPE, "`cpu` takes a number of cores, not a text")
                    .at(node.span, "quotes make this a text")
                    .help(format!("remove the quotes: `cpu: {text}`")),
            );
        }
        self.wrong_type(node, want)
    }

    /// A number of bytes, at least one KiB.
    pub(crate) fn bytes(&mut self, node: &Node, want: &Want) -> Result<Spanned<u64>, Failed> {
        let scalar = self.scalar(node, want)?;
        let text = &*scalar.text;
        match scalar.typed {
            Typed::Null | Typed::Bool(_) => return Err(self.wrong_type(node, want)),
            Typed::Text | Typed::Int(_) | Typed::Float(_) => {}
        }
        match measure(text, MEMORY_UNITS) {
            Some(0) | Some(u64::MAX) => Err(self.out_of_bounds(node, want, "1Ki", "9999Ti")),
            Some(bytes) => Ok(Spanned::new(bytes, node.span)),
            None => {
                let small = if want.example.ends_with("Gi") { "Gi" } else { "Mi" };
                let guess = guess_memory(text, small).map(|guess| format!("write `{guess}`"));
                Err(self.bad_unit(node, want, text, guess, "Ki, Mi, Gi and Ti, powers of 1024"))
            }
        }
    }

    /// A whole number of seconds within bounds.
    pub(crate) fn seconds(
        &mut self,
        node: &Node,
        want: &Want,
        bounds: RangeInclusive<u32>,
    ) -> Result<Spanned<u32>, Failed> {
        let scalar = self.scalar(node, want)?;
        let text = &*scalar.text;
        match scalar.typed {
            Typed::Null | Typed::Bool(_) => return Err(self.wrong_type(node, want)),
            Typed::Text | Typed::Int(_) | Typed::Float(_) => {}
        }
        let Some(milliseconds) = measure(text, TIME_UNITS) else {
            // A number that is too large in seconds was probably one of milliseconds.
            let thousandths = text.parse::<u32>().ok().filter(|number| {
                number % 1000 == 0 && !bounds.contains(number) && bounds.contains(&(number / 1000))
            });
            let guess = match thousandths {
                Some(number) => Some(format!("{}s", number / 1000)),
                None => guess_time(text),
            };
            let guess = guess.map(|guess| format!("write `{guess}`"));
            return Err(self.bad_unit(node, want, text, guess, "ms, s, m, h and d"));
        };
        let (least, most) = (duration(*bounds.start()), duration(*bounds.end()));
        match u32::try_from(milliseconds / 1000) {
            Ok(seconds) if milliseconds % 1000 == 0 && bounds.contains(&seconds) => {
                Ok(Spanned::new(seconds, node.span))
            }
            Ok(seconds) if milliseconds % 1000 != 0 && bounds.contains(&seconds) => Err(self.malformed(
                node,
                format!("{} is `{text}`, no whole number of seconds", want.what),
                "a fraction of a second",
                format!("write `{seconds}s` or `{}s`", seconds + 1),
            )),
            Ok(_) | Err(_) => Err(self.out_of_bounds(node, want, &least, &most)),
        }
    }

    /// A share from 1 % to 100 %.
    pub(crate) fn percent(&mut self, node: &Node, want: &Want) -> Result<Spanned<u32>, Failed> {
        let scalar = self.scalar(node, want)?;
        let text = &*scalar.text;
        match scalar.typed {
            Typed::Null | Typed::Bool(_) => return Err(self.wrong_type(node, want)),
            Typed::Text | Typed::Int(_) | Typed::Float(_) => {}
        }
        match measure(text, &[("%", 1)]).map(u32::try_from) {
            Some(Ok(percent)) if (1..=100).contains(&percent) => Ok(Spanned::new(percent, node.span)),
            Some(_) => Err(self.out_of_bounds(node, want, "1%", "100%")),
            None => {
                let guess = match scalar.typed {
                    Typed::Int(n @ 1..=100) => Some(format!("write `{n}%`")),
                    Typed::Float(share) if share > 0.0 && share <= 1.0 => {
                        Some(format!("write `{}%`", (share * 100.0).round()))
                    }
                    Typed::Null | Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) | Typed::Text => None,
                };
                Err(self.bad_unit(node, want, text, guess, "%"))
            }
        }
    }

    /// Whole days, up to the longest that a backup is kept anywhere.
    pub(crate) fn days(&mut self, node: &Node, want: &Want) -> Result<Spanned<u32>, Failed> {
        let scalar = self.scalar(node, want)?;
        let text = &*scalar.text;
        match scalar.typed {
            Typed::Null | Typed::Bool(_) => return Err(self.wrong_type(node, want)),
            Typed::Text | Typed::Int(_) | Typed::Float(_) => {}
        }
        match measure(text, &[("d", 1)]).map(u32::try_from) {
            Some(Ok(days)) if (1..=MOST_DAYS).contains(&days) => Ok(Spanned::new(days, node.span)),
            Some(_) => Err(self.out_of_bounds(node, want, "1d", &format!("{MOST_DAYS}d"))),
            None => {
                let guess = match scalar.typed {
                    Typed::Int(days @ 1..=35) => Some(format!("write `{days}d`")),
                    Typed::Null | Typed::Bool(_) | Typed::Int(_) | Typed::Float(_) | Typed::Text => None,
                };
                Err(self.bad_unit(node, want, text, guess, "d"))
            }
        }
    }

    fn bad_unit(
        &mut self,
        node: &Node,
        want: &Want,
        text: &str,
        guess: Option<String>,
        units: &str,
    ) -> Failed {
        let bare = text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'_'));
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let (message, label) = if bare {
            (format!("{} is `{text}`, without a unit", want.what), "no unit")
        } else if units.split([' ', ',']).any(|known| known == unit) {
            (
                format!("{} is `{text}`, not a whole number", want.what),
                "expected a whole number and a unit",
            )
        } else {
            (
                format!("{} is `{text}`, which has no unit that is known", want.what),
                "expected a whole number and a unit",
            )
        };
        let diagnostic = Diagnostic::new(codes::BAD_UNIT, message).at(node.span, label);
        let plural = if units.contains(',') {
            "units are"
        } else {
            "unit is"
        };
        let help = guess.unwrap_or_else(|| format!("write for example `{}`", want.example));
        self.sink
            .error(diagnostic.help(help).help(format!("the {plural} {units}")))
    }
}

/// A number of seconds as people write it.
fn duration(seconds: u32) -> String {
    match seconds {
        s if s > 0 && s % 3600 == 0 => format!("{}h", s / 3600),
        s if s > 300 && s % 60 == 0 => format!("{}m", s / 60),
        s => format!("{s}s"),
    }
}

/// The number at the start of a text, and the rest.
fn leading_number(text: &str) -> Option<(f64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end)?;
    Some((
        number.parse().ok().filter(|n| *n > 0.0 && *n < 1e15)?,
        rest.trim(),
    ))
}

/// What a size in another notation was meant to be; a small number without a unit counts in `small`.
fn guess_memory(text: &str, small: &'static str) -> Option<String> {
    let (number, unit) = leading_number(text)?;
    let (own, smaller) = match unit.to_ascii_lowercase().as_str() {
        "" if number >= 1_048_576.0 => return Some(format!("{}Mi", (number / 1_048_576.0).ceil())),
        "" => (small, ""),
        "m" | "mb" | "mi" | "mib" => ("Mi", "Ki"),
        "k" | "kb" | "ki" | "kib" => ("Ki", ""),
        "g" | "gb" | "gi" | "gib" => ("Gi", "Mi"),
        "t" | "tb" | "ti" | "tib" => ("Ti", "Gi"),
        _ => return None,
    };
    let fits = number.fract() == 0.0 || smaller.is_empty();
    Some(if fits {
        format!("{}{own}", number.ceil())
    } else {
        format!("{}{smaller}", (number * 1024.0).round())
    })
}

/// What a duration in another notation was meant to be.
fn guess_time(text: &str) -> Option<String> {
    let mut seconds = 0.0;
    let mut rest = text;
    let mut first = true;
    while !rest.is_empty() {
        let (number, more) = leading_number(rest)?;
        let end = more.find(|c: char| c.is_ascii_digit()).unwrap_or(more.len());
        let (unit, after) = more.split_at_checked(end)?;
        seconds += match unit.trim() {
            "" if first && after.is_empty() => number,
            "s" | "S" | "sec" | "secs" | "second" | "seconds" => number,
            "m" | "M" | "min" | "mins" | "minute" | "minutes" => number * 60.0,
            "h" | "H" | "hour" | "hours" => number * 3600.0,
            "d" | "day" | "days" => number * 86_400.0,
            _ => return None,
        };
        rest = after;
        first = false;
    }
    (seconds >= 1.0).then(|| format!("{}s", seconds.round()))
}

#[cfg(test)]
mod tests {
    use super::{MEMORY_UNITS, TIME_UNITS, duration, guess_memory, guess_time, measure};

    #[test]
    fn measures_whole_numbers_with_a_known_unit() {
        assert_eq!(measure("512Mi", MEMORY_UNITS), Some(512 << 20));
        assert_eq!(measure("90s", TIME_UNITS), Some(90_000));
        assert_eq!(measure("99999999999999999999Ti", MEMORY_UNITS), Some(u64::MAX));
        for wrong in ["512", "512MB", "Mi", "1.5Gi", "512 Mi", "-1Mi", ""] {
            assert_eq!(measure(wrong, MEMORY_UNITS), None, "{wrong}");
        }
    }

    #[test]
    fn guesses_what_other_notations_mean() {
        assert_eq!(guess_memory("512", "Mi").as_deref(), Some("512Mi"));
        assert_eq!(guess_memory("512MB", "Mi").as_deref(), Some("512Mi"));
        assert_eq!(guess_memory("1.5Gi", "Mi").as_deref(), Some("1536Mi"));
        assert_eq!(guess_memory("536870912", "Mi").as_deref(), Some("512Mi"));
        assert_eq!(guess_memory("lots", "Mi"), None);
        assert_eq!(guess_time("30").as_deref(), Some("30s"));
        assert_eq!(guess_time("1m30s").as_deref(), Some("90s"));
        assert_eq!(guess_time("1.5m").as_deref(), Some("90s"));
        assert_eq!(guess_time("2 min").as_deref(), Some("120s"));
        assert_eq!(guess_time("1y"), None);
        assert_eq!(duration(300), "300s");
        assert_eq!(duration(3600), "1h");
    }
}
