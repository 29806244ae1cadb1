//! EX01: the shape of a manifest.

super::family! {
    /// A key that the language does not have.
    UNKNOWN_KEY = "EX0101" "unknown-key" Error Manifest;
    /// A value of the wrong type.
    WRONG_TYPE = "EX0102" "wrong-type" Error Manifest;
    /// A required key is absent.
    MISSING_KEY = "EX0103" "missing-key" Error Manifest;
    /// A key of Compose, Kubernetes or Exosphere.
    FOREIGN_KEY = "EX0104" "foreign-key" Error Manifest;
    /// A key of the language that this version of exoc does not build yet.
    NOT_BUILT_YET = "EX0105" "not-built-yet" Error Manifest;
    /// A word that is not one of the few allowed.
    UNKNOWN_WORD = "EX0106" "unknown-word" Error Manifest;
    /// A number outside its bounds.
    OUT_OF_BOUNDS = "EX0107" "out-of-bounds" Error Manifest;
    /// A quantity without a unit, or with an unknown one.
    BAD_UNIT = "EX0108" "bad-unit" Error Manifest;
    /// Two keys of which only one may be written.
    CONFLICTING_KEYS = "EX0109" "conflicting-keys" Error Manifest;
    /// A text without the form that its key needs.
    MALFORMED = "EX0110" "malformed" Error Manifest;
    /// A `${…}` that cannot be read.
    MALFORMED_REFERENCE = "EX0111" "malformed-reference" Error Manifest;
    /// A `${…}` where none is allowed.
    MISPLACED_REFERENCE = "EX0112" "misplaced-reference" Error Manifest;
    /// A text with a NUL.
    NUL_CHARACTER = "EX0113" "nul-character" Error Manifest;
    /// A text that is not in Unicode's normal form C.
    NOT_NORMALIZED = "EX0114" "not-normalized" Warning Manifest;
    /// A command as text that wants a shell.
    SHELL_SYNTAX = "EX0115" "shell-syntax" Error Manifest;
}
