//! What a plain scalar means: YAML 1.2's core schema, and what YAML 1.1 would have read instead.
//!
//! Sources: yaml.org/spec/1.2.2 section 10.3.2 (tag resolution), and the types of yaml.org/type (1.1), both read
//! 2026-11.

use exoc_diagnostics::Typed;

/// What the plain scalar `text` means in YAML 1.2's core schema.
pub(crate) fn core_schema(text: &str) -> Typed {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Typed::Null,
        "true" | "True" | "TRUE" => return Typed::Bool(true),
        "false" | "False" | "FALSE" => return Typed::Bool(false),
        ".nan" | ".NaN" | ".NAN" => return Typed::Float(f64::NAN),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return Typed::Float(if text.starts_with('-') {
            f64::NEG_INFINITY
        } else {
            f64::INFINITY
        });
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix)
            && !digits.starts_with(['-', '+'])
            && let Ok(number) = i64::from_str_radix(digits, radix)
        {
            return Typed::Int(number);
        }
    }
    if is_digits(unsigned) {
        return text
            .parse()
            .map_or_else(|_| Typed::Float(text.parse().unwrap_or_default()), Typed::Int);
    }
    if is_float(unsigned) {
        text.parse().map_or(Typed::Text, Typed::Float)
    } else {
        Typed::Text
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, "")) => is_digits(whole),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(mantissa),
    };
    mantissa && exponent.is_none_or(|digits| is_digits(digits.strip_prefix(['-', '+']).unwrap_or(digits)))
}

/// What YAML 1.1 reads where 1.2 reads the plain scalar `text` as a text; nothing if both agree.
pub(crate) fn yaml_1_1(text: &str) -> Option<&'static str> {
    const BOOLEANS: &[&str] = &[
        "y", "Y", "yes", "Yes", "YES", "n", "N", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF",
    ];
    if BOOLEANS.contains(&text) {
        return Some("a boolean");
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if is_date(text) {
        Some("a date")
    } else if is_base_60(unsigned) {
        Some("a number to the base 60")
    } else if is_underscored(unsigned) {
        Some("a number")
    } else {
        None
    }
}

/// Digits in any base with `_` among them, or binary digits.
fn is_underscored(unsigned: &str) -> bool {
    let plain: String = unsigned.chars().filter(|c| *c != '_').collect();
    let digits = match plain.strip_prefix("0b") {
        Some(binary) => return !binary.is_empty() && binary.bytes().all(|b| matches!(b, b'0' | b'1')),
        None => match plain.strip_prefix("0x") {
            Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
            None => is_digits(&plain) || (plain.contains('.') && is_float(&plain)),
        },
    };
    digits && unsigned.contains('_') && unsigned.starts_with(|c: char| c.is_ascii_digit())
}

/// `[1-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`, also from `0` on as the float of 1.1 has it.
fn is_base_60(unsigned: &str) -> bool {
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<&str> = parts.collect();
    let Some((last, middle)) = rest.split_last() else {
        return false;
    };
    let sixty = |part: &str| {
        is_digits(part)
            && part.len() <= 2
            && (part.len() == 1 || part.starts_with(['0', '1', '2', '3', '4', '5']))
    };
    let last = last.split_once('.').map_or(*last, |(whole, _)| whole);
    let first_is_number = first.starts_with(|c: char| c.is_ascii_digit())
        && first.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    first_is_number && middle.iter().all(|part| sixty(part)) && sixty(last)
}

/// `YYYY-M-D`, with or without a time behind it.
fn is_date(text: &str) -> bool {
    let date = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    let part = |digits: &str| is_digits(digits) && digits.len() <= 2;
    is_digits(year) && year.len() == 4 && part(month) && part(day)
}

#[cfg(test)]
mod tests {
    use super::{core_schema, yaml_1_1};
    use exoc_diagnostics::Typed;

    #[test]
    fn follows_the_core_schema() {
        for null in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(core_schema(null), Typed::Null);
        }
        for text in [
            "no",
            "on",
            "y",
            "1_000",
            "0b1",
            "12:30",
            "2024-01-01",
            "nUll",
            "1.2.3",
            "-",
            ".",
            "+",
            "0x",
            "e3",
        ] {
            assert_eq!(core_schema(text), Typed::Text, "{text}");
        }
        assert_eq!(core_schema("014"), Typed::Int(14));
        assert_eq!(core_schema("0o14"), Typed::Int(12));
        assert_eq!(core_schema("-0x1"), Typed::Text);
        assert_eq!(core_schema("0x1F"), Typed::Int(31));
        assert_eq!(core_schema("+12"), Typed::Int(12));
        assert_eq!(core_schema("1.10"), Typed::Float(1.1));
        assert_eq!(core_schema("1e3"), Typed::Float(1000.0));
        assert_eq!(core_schema(".5"), Typed::Float(0.5));
        assert_eq!(core_schema("1."), Typed::Float(1.0));
        assert_eq!(core_schema("99999999999999999999"), Typed::Float(1e20));
        assert_eq!(core_schema("True"), Typed::Bool(true));
    }

    #[test]
    fn knows_what_the_older_yaml_reads_otherwise() {
        for boolean in ["no", "On", "y", "OFF"] {
            assert_eq!(yaml_1_1(boolean), Some("a boolean"), "{boolean}");
        }
        assert_eq!(yaml_1_1("1:30"), Some("a number to the base 60"));
        assert_eq!(yaml_1_1("12:30:45"), Some("a number to the base 60"));
        assert_eq!(yaml_1_1("1_000"), Some("a number"));
        assert_eq!(yaml_1_1("0b101"), Some("a number"));
        assert_eq!(yaml_1_1("0x_1"), Some("a number"));
        assert_eq!(yaml_1_1("2024-01-01"), Some("a date"));
        assert_eq!(yaml_1_1("2024-1-1T10:00:00Z"), Some("a date"));
        for same in [
            "",
            "not",
            "postgres:17",
            "3000:3000",
            "1:99",
            "2024-01",
            "10.0.0.1",
            "a_b",
            "_1",
            "0b",
            "./web",
        ] {
            assert_eq!(yaml_1_1(same), None, "{same}");
        }
    }
}
