//! Bytes -> a text of the [`SourceMap`], and words for every way in which that can fail.

use exoc_diagnostics::{
    Code, Diagnostic, Entry, Failed, ReadError, Sink, SourceId, SourceMap, Sources, Span, VirtualPath, codes,
};

/// The most bytes of one file.
const MOST_BYTES: usize = 16 << 20;
/// The file that makes a folder an application.
const APPLICATION_FILE: &str = "application.yml";

/// A file that was reported as unreadable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Unread {
    failed: Failed,
    /// Its text with marks in place of what is no character, if there is any.
    pub(crate) lossy: Option<SourceId>,
}

impl From<Failed> for Unread {
    fn from(failed: Failed) -> Self {
        Self { failed, lossy: None }
    }
}

/// Reads application.yml.
pub(crate) fn application_file(
    sources: &dyn Sources,
    map: &mut SourceMap,
    sink: &mut Sink,
) -> Result<SourceId, Unread> {
    let root = VirtualPath::root();
    let path = root.join(APPLICATION_FILE).unwrap_or_default();
    match sources.read(&path) {
        Ok(bytes) => add(path, bytes, None, map, sink),
        Err(ReadError::NotFound) => {
            let other = root.join("application.yaml").unwrap_or_default();
            let help = if sources.entry(&other) == Ok(Entry::File) {
                "rename `application.yaml`: the file is called `application.yml`"
            } else {
                "run exoc in the application's folder, or write an application.yml with `name` and `services`"
            };
            let diagnostic = Diagnostic::new(codes::MISSING_PATH, "there is no application.yml here");
            Err(sink.error(diagnostic.help(help)).into())
        }
        Err(error) => Err(sink.error(unreadable(&path, &error, None)).into()),
    }
}

/// Reads a file that `named_at` leads to.
pub(crate) fn file(
    path: VirtualPath,
    named_at: Span,
    sources: &dyn Sources,
    map: &mut SourceMap,
    sink: &mut Sink,
) -> Result<SourceId, Failed> {
    match sources.read(&path) {
        Ok(bytes) => add(path, bytes, Some(named_at), map, sink).map_err(|unread| unread.failed),
        Err(error) => Err(sink.error(unreadable(&path, &error, Some(named_at)))),
    }
}

fn add(
    path: VirtualPath,
    bytes: Vec<u8>,
    named_at: Option<Span>,
    map: &mut SourceMap,
    sink: &mut Sink,
) -> Result<SourceId, Unread> {
    if bytes.len() > MOST_BYTES {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        return Err(sink
            .error(unreadable(&path, &ReadError::TooLarge(size), named_at))
            .into());
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(map.add(path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let bad = error.as_bytes().get(at).copied().unwrap_or_default();
            // Replacing bad bytes moves nothing that stands before the first of them.
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let id = map.add(path.clone(), text);
            let span = Span::new(id, at, at + char::REPLACEMENT_CHARACTER.len_utf8());
            let hint = if bad == 0xff || bad == 0xfe {
                "UTF-16"
            } else {
                "another encoding"
            };
            let diagnostic = Diagnostic::new(codes::NOT_UTF8, format!("`{path}` is not UTF-8"))
                .at(span, format!("the byte 0x{bad:02x} begins no character here"))
                .help(format!("the file may be in {hint}; save it as UTF-8"));
            Err(Unread {
                failed: sink.error(diagnostic),
                lossy: Some(id),
            })
        }
    }
}

/// Why a file could not be read.
pub(crate) fn unreadable(path: &VirtualPath, error: &ReadError, named_at: Option<Span>) -> Diagnostic {
    let (code, message, help): (&'static Code, String, &str) = match error {
        ReadError::NotFound => (
            codes::MISSING_PATH,
            format!("`{path}` does not exist"),
            "create it, or correct the path",
        ),
        ReadError::IsFolder => (
            codes::UNREADABLE_FILE,
            format!("`{path}` is a folder, and a file is expected"),
            "rename the folder, or put the file in its place",
        ),
        ReadError::Leaves => (
            codes::PATH_LEAVES_APPLICATION,
            format!("a symbolic link at `{path}` leads out of the application's folder"),
            "put a copy in its place; what is built must lie in the application's folder",
        ),
        ReadError::Cycle => (
            codes::UNREADABLE_FILE,
            format!("the symbolic links at `{path}` form a cycle"),
            "remove one of the links",
        ),
        ReadError::TooLarge(bytes) => (
            codes::TOO_LARGE,
            format!("`{path}` has {bytes} bytes, and 16 MiB are the most"),
            "a manifest this large holds data; move the data elsewhere",
        ),
        ReadError::Other(words) => (
            codes::UNREADABLE_FILE,
            format!("`{path}` cannot be read: {words}"),
            "check the file and its permissions",
        ),
    };
    let diagnostic = Diagnostic::new(code, message).help(help);
    match named_at {
        Some(span) => diagnostic.at(span, "named here"),
        None => diagnostic,
    }
}
