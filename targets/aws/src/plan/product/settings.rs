//! `parameters` of a product, as AWS wants them written.

use super::{Context, Subject};
use crate::model::Settings;
use exoc_diagnostics::{Diagnostic, Sink, codes};

/// A setting as AWS writes it, or what can be done instead.
pub(super) type Written = Result<(String, String), String>;

/// How a setting is written: which ones exoc makes itself, its name and its value.
pub(super) type Write = fn(&[&str], &str, &str) -> Written;

/// The settings that the manifest makes, each by `write`, which gives the name and the value, or says why AWS cannot
/// take it.
pub(super) fn read(
    context: &Context<'_>,
    subject: &Subject<'_>,
    write: impl Fn(&str, &str) -> Written,
    sink: &mut Sink,
) -> Settings {
    let mut settings = Settings::new();
    for (name, value) in &subject.managed.parameters {
        match write(name, value) {
            Ok(setting) => settings.push(setting),
            Err(help) => {
                sink.error(
                    Diagnostic::new(
                        codes::BAD_PARAMETER,
                        format!("aws cannot set `{name}` of `{}` to `{value}`", subject.role),
                    )
                    .at(subject.at(context, &format!("parameters.{name}")), "")
                    .help(help),
                );
            }
        }
    }
    settings.sort();
    settings
}

/// Takes settings as they are, but for those that exoc makes itself.
pub(super) fn plain(own: &[&str], name: &str, value: &str) -> Written {
    not_own(own, name)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Takes settings that AWS lists, and no others.
pub(super) fn listed(product: &str, known: &[&str], name: &str, value: &str) -> Written {
    if known.contains(&name) {
        Ok((name.to_owned(), value.to_owned()))
    } else {
        Err(format!("{product} has these settings: {}", known.join(", ")))
    }
}

/// Refuses a setting that exoc makes itself.
fn not_own(own: &[&str], name: &str) -> Result<(), String> {
    if own.contains(&name) {
        Err(format!("exoc sets `{name}` itself here: leave it out"))
    } else {
        Ok(())
    }
}

/// An option of a server's command as a parameter of AWS: underscores, and whole numbers instead of `128M`.
pub(super) fn option(own: &[&str], name: &str, value: &str) -> Written {
    let name = name.replace('-', "_");
    not_own(own, &name)?;
    Ok((name, whole(value).unwrap_or_else(|| value.to_owned())))
}

/// `128M` as a number.
fn whole(value: &str) -> Option<String> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    let shift = match unit {
        "k" | "K" => 10,
        "m" | "M" => 20,
        "g" | "G" => 30,
        _ => return None,
    };
    let number: u64 = digits.parse().ok()?;
    Some(number.checked_shl(shift)?.to_string())
}

/// Settings of PostgreSQL that know more words than two, so that `on` is one of them.
///
/// Source: PostgreSQL 18, table `pg_settings`, settings of the kind `enum` that have `on` among their values, read
/// 2026-11.
const WORDS: &[&str] = &[
    "backslash_quote",
    "compute_query_id",
    "constraint_exclusion",
    "debug_parallel_query",
    "huge_pages",
    "recovery_prefetch",
    "synchronous_commit",
    "wal_compression",
];

/// Units that PostgreSQL understands and parameter groups do not.
const UNITS: [&str; 11] = ["kB", "MB", "GB", "TB", "us", "ms", "min", "B", "s", "h", "d"];

/// A setting of PostgreSQL as a parameter of RDS: truth values are numbers there, and numbers have no units.
pub(super) fn postgres(own: &[&str], name: &str, value: &str) -> Written {
    not_own(own, name)?;
    let has_unit = UNITS.iter().any(|unit| {
        let digits = value.strip_suffix(unit).map(str::trim_end);
        digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
    });
    if has_unit {
        return Err(format!(
            "RDS takes a number in the unit that the server counts `{name}` in, which `pg_settings` tells"
        ));
    }
    let value = match value {
        "true" | "on" | "yes" if !WORDS.contains(&name) => "1",
        "false" | "off" | "no" if !WORDS.contains(&name) => "0",
        other => other,
    };
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Written, listed, option, postgres};

    fn pair(name: &str, value: &str) -> Written {
        Ok((name.to_owned(), value.to_owned()))
    }

    #[test]
    fn writes_settings_as_parameter_groups_want_them() {
        assert_eq!(
            option(&[], "max-connections", "50"),
            pair("max_connections", "50")
        );
        assert_eq!(
            option(&[], "innodb-buffer-pool-size", "128M"),
            pair("innodb_buffer_pool_size", "134217728")
        );
        assert_eq!(option(&[], "sql_mode", "ANSI"), pair("sql_mode", "ANSI"));
        assert_eq!(postgres(&[], "jit", "false"), pair("jit", "0"));
        assert_eq!(
            postgres(&[], "synchronous_commit", "off"),
            pair("synchronous_commit", "off")
        );
        assert_eq!(
            postgres(&[], "log_statement", "ddl"),
            pair("log_statement", "ddl")
        );
    }

    #[test]
    fn refuses_what_aws_cannot_take() {
        assert!(postgres(&[], "shared_buffers", "128MB").is_err());
        assert!(postgres(&["rds.force_ssl"], "rds.force_ssl", "0").is_err());
        assert!(option(&["require_secure_transport"], "require-secure-transport", "OFF").is_err());
        assert!(listed("x", &["tls"], "ttlMonitorSleepSecs", "1").is_err());
    }
}
