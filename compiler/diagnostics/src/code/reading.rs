//! EX00: files and YAML.

super::family! {
    /// A file exists and cannot be read.
    UNREADABLE_FILE = "EX0001" "unreadable-file" Error Surroundings;
    /// A file or folder that the manifest names does not exist.
    MISSING_PATH = "EX0002" "missing-path" Error Surroundings;
    /// A path or a link leads out of the application's folder.
    PATH_LEAVES_APPLICATION = "EX0003" "path-leaves-application" Error Surroundings;
    /// A file is not UTF-8.
    NOT_UTF8 = "EX0004" "not-utf8" Error Manifest;
    /// A text is not YAML.
    YAML_SYNTAX = "EX0005" "yaml-syntax" Error Manifest;
    /// A key stands twice in one mapping.
    DUPLICATE_KEY = "EX0006" "duplicate-key" Error Manifest;
    /// A tab indents a line.
    TAB_INDENTATION = "EX0007" "tab-indentation" Error Manifest;
    /// Collections are nested too deeply.
    TOO_DEEP = "EX0008" "too-deep" Error Manifest;
    /// A file is too large.
    TOO_LARGE = "EX0009" "too-large" Error Manifest;
    /// Aliases multiply a document beyond measure.
    ALIAS_EXPLOSION = "EX0010" "alias-explosion" Error Manifest;
    /// An alias refers to nothing, or to what holds it.
    BAD_ALIAS = "EX0011" "bad-alias" Error Manifest;
    /// A merge key (`<<`).
    MERGE_KEY = "EX0012" "merge-key" Error Manifest;
    /// A file has more than one document.
    SEVERAL_DOCUMENTS = "EX0013" "several-documents" Error Manifest;
    /// A YAML tag.
    UNKNOWN_TAG = "EX0014" "unknown-tag" Error Manifest;
    /// A key is not a plain text.
    BAD_KEY = "EX0015" "bad-key" Error Manifest;
    /// A file has no content.
    EMPTY_FILE = "EX0016" "empty-file" Error Manifest;
    /// A plain scalar means something else in YAML 1.1.
    AMBIGUOUS_SCALAR = "EX0017" "ambiguous-scalar" Error Manifest;
    /// A value is missing, and beside it stands a comment that looks like one.
    COMMENT_AS_VALUE = "EX0018" "comment-as-value" Error Manifest;
}
