//! Paths inside an application's folder or an artifact's folder. Knows no file system.

use std::fmt;

/// A relative path with `/` between its segments, without `.`, `..`, empty segments or `\`.
///
/// The empty path is the root folder itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VirtualPath(Box<str>);

/// Why a text is no path below a root.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathError {
    /// It begins with `/` or a drive letter.
    Absolute,
    /// Its `..` segments lead above the root.
    Leaves,
    /// It has a `\`, a NUL or another control character.
    Character,
}

impl VirtualPath {
    /// The root folder.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// `text` as a path, if it is already in the one form that this type holds.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let path = Self::root().join(text).ok()?;
        (&*path.0 == text).then_some(path)
    }

    /// The path that `relative` names, seen from the folder `self`.
    ///
    /// # Errors
    ///
    /// If `relative` is absolute, leads above the root, or has a character that no path may have.
    pub fn join(&self, relative: &str) -> Result<Self, PathError> {
        if relative.starts_with('/') || relative.as_bytes().get(1) == Some(&b':') {
            return Err(PathError::Absolute);
        }
        if relative.chars().any(|c| c == '\\' || c.is_control()) {
            return Err(PathError::Character);
        }
        let mut segments: Vec<&str> = self.segments().collect();
        for segment in relative.split('/') {
            match segment {
                "" | "." => {}
                ".." => {
                    segments.pop().ok_or(PathError::Leaves)?;
                }
                other => segments.push(other),
            }
        }
        Ok(Self(segments.join("/").into()))
    }

    /// The segments, none for the root.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// The folder that holds this; the root for the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        Self(self.0.rsplit_once('/').map_or("", |(folder, _)| folder).into())
    }

    /// The last segment; empty for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The path as text; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VirtualPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::{PathError, VirtualPath};

    #[test]
    fn joins_and_refuses_to_leave() {
        let web = VirtualPath::new("services/web").unwrap();
        assert_eq!(web.join("../api/./src").unwrap().as_str(), "services/api/src");
        assert_eq!(web.join("../..").unwrap(), VirtualPath::root());
        assert_eq!(web.join("../../.."), Err(PathError::Leaves));
        assert_eq!(web.join("/etc"), Err(PathError::Absolute));
        assert_eq!(web.join("C:/x"), Err(PathError::Absolute));
        assert_eq!(web.join("a\\b"), Err(PathError::Character));
        assert_eq!(VirtualPath::new("a//b"), None);
        assert_eq!(web.parent().as_str(), "services");
        assert_eq!(web.name(), "web");
    }
}
