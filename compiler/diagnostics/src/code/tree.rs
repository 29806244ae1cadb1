//! EX06: what a build does to what stands in the tree.

super::family! {
    /// Something that holds data is in no file any more.
    DATA_GIVEN_UP = "EX0601" "data-given-up" Warning Manifest;
}
