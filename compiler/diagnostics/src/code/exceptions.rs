//! EX07: what an application says about diagnostics.

super::family! {
    /// A code that does not exist.
    UNKNOWN_CODE = "EX0701" "unknown-code" Error Manifest;
    /// An exception of an error.
    FIXED_LEVEL = "EX0702" "fixed-level" Error Manifest;
    /// An exception without a reason.
    NO_REASON = "EX0703" "no-reason" Error Manifest;
    /// An end date that is no day.
    BAD_DATE = "EX0704" "bad-date" Error Manifest;
    /// A comment to exoc that cannot be read.
    MALFORMED_COMMENT = "EX0705" "malformed-comment" Error Manifest;
    /// An exception that met nothing.
    UNUSED_EXCEPTION = "EX0706" "unused-exception" Warning Manifest;
    /// An exception whose last day has passed.
    END_DATE_PASSED = "EX0707" "end-date-passed" Warning Manifest;
}
