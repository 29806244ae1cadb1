//! `SHA256SUMS`: hashes of the files that cannot hold a comment, as `sha256sum --check` reads them.

use super::seal::hash;
use exoc_diagnostics::VirtualPath;
use std::collections::BTreeMap;

/// Its name.
pub const FILE: &str = "SHA256SUMS";

/// The list, without the line that says it is generated.
pub(super) fn print<'a>(files: impl Iterator<Item = (&'a VirtualPath, &'a [u8])>) -> String {
    files
        .map(|(path, contents)| format!("{}  {path}\n", hash(contents)))
        .collect()
}

/// The hashes by path, from a list as it stands on the disk. Lines of another form are left out.
#[must_use]
pub fn read(contents: &[u8]) -> BTreeMap<VirtualPath, String> {
    String::from_utf8_lossy(contents)
        .lines()
        .filter_map(|line| {
            let (hash, path) = line.split_once("  ")?;
            let digits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
            Some((VirtualPath::new(path).filter(|_| digits)?, hash.to_owned()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{hash, print, read};
    use exoc_diagnostics::VirtualPath;

    #[test]
    fn reads_what_it_prints_and_nothing_else() {
        let path = VirtualPath::new("a b.json").unwrap();
        let text = format!(
            "# a comment\n{}nothing  at/all\n",
            print([(&path, b"{}".as_slice())].into_iter())
        );
        let read = read(text.as_bytes());
        assert_eq!(read.len(), 1);
        assert_eq!(read[&path], hash(b"{}"));
    }
}
