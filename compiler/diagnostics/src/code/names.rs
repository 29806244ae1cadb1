//! EX02: names and references.

super::family! {
    /// A name that does not have the form of names.
    BAD_NAME = "EX0201" "bad-name" Error Manifest;
    /// A name that the language keeps for itself.
    RESERVED_NAME = "EX0202" "reserved-name" Error Manifest;
    /// One name for two things.
    NAME_CLASH = "EX0203" "name-clash" Error Manifest;
    /// A role that no service or dependency has.
    UNKNOWN_ROLE = "EX0204" "unknown-role" Error Manifest;
    /// An attribute that a component does not have.
    UNKNOWN_ATTRIBUTE = "EX0205" "unknown-attribute" Error Manifest;
    /// A secret that is not declared.
    UNKNOWN_SECRET = "EX0206" "unknown-secret" Error Manifest;
    /// A reference to something that has no such part.
    UNKNOWN_REFERENCE = "EX0207" "unknown-reference" Error Manifest;
    /// Two roles that a service uses give it one variable.
    VARIABLE_CLASH = "EX0208" "variable-clash" Error Manifest;
    /// A dependency that no service uses.
    UNUSED_DEPENDENCY = "EX0209" "unused-dependency" Warning Manifest;
    /// A secret that nothing uses.
    UNUSED_SECRET = "EX0210" "unused-secret" Warning Manifest;
    /// A secret where it would be readable.
    MISPLACED_SECRET = "EX0211" "misplaced-secret" Error Manifest;
    /// A reference that this place may not make.
    FORBIDDEN_REFERENCE = "EX0212" "forbidden-reference" Error Manifest;
    /// A target that does not exist.
    UNKNOWN_TARGET = "EX0214" "unknown-target" Error Manifest;
}
