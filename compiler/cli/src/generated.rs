//! Outputs -> the files of the tree: each with the line that says it is generated, and for each output the files that
//! Git and the next build read. Pure; knows no target and no disk.
//!
//! | file of an output's folder | what it is |
//! |---|---|
//! | the target's own | as printed, below a line with the hash of what was printed ([`seal`]) |
//! | `.gitattributes` | names every file, so that reviews fold them and line ends stay |
//! | `SHA256SUMS` | hashes of the files that cannot hold a comment; only if there are any |

mod attributes;
pub mod seal;
pub mod sums;

use self::seal::Sealed;
use crate::error::CommandError;
use exoc_diagnostics::{Span, VirtualPath};
use exoc_ir::{Artifact, Comments, NodeId};
use exoc_lower::Output;
use std::collections::BTreeMap;

/// One file of the tree, as it is to stand on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its place: `<environment>/<target>/…`.
    pub path: VirtualPath,
    /// Its bytes.
    pub contents: Sealed,
    /// Whether it may be run.
    pub executable: bool,
}

/// What became of one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// Its folder: `<environment>/<target>`.
    pub folder: VirtualPath,
    /// Its files.
    pub files: Vec<Generated>,
    /// Where the manifest says what the application is called: what is said of the tree as a whole points there.
    pub at: Span,
}

/// All files, sorted by path.
///
/// # Errors
///
/// If two files would have one path, which is a fault of exoc.
pub fn files(made: Vec<Made>) -> Result<Vec<Generated>, CommandError> {
    let mut files: Vec<Generated> = made.into_iter().flat_map(|made| made.files).collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    let twice = files.windows(2).find_map(|pair| match pair {
        [one, other] if one.path == other.path => Some(&one.path),
        _ => None,
    });
    match twice {
        Some(path) => Err(fault(path)),
        None => Ok(files),
    }
}

/// The files of one output.
///
/// # Errors
///
/// If a name is no segment of a path, which earlier stages exclude, or two files would have one path.
pub fn made(output: Output) -> Result<Made, CommandError> {
    let folder = place(&format!("{}/{}", output.environment, output.target))?;
    let at = output.program.at(NodeId::App, "name");
    let mut holding = output.artifacts.holding().clone();
    let mut own: BTreeMap<VirtualPath, Artifact> = output.artifacts.into_files().collect();
    let unsealed = || {
        own.iter()
            .filter(|(_, artifact)| artifact.comments == Comments::None)
    };
    if unsealed().next().is_some() {
        let sums = sums::print(unsealed().map(|(path, artifact)| (path, artifact.contents.as_slice())));
        add(&mut own, sums::FILE, sums)?;
    }
    let text = attributes::print(own.iter().map(|(path, artifact)| (path, artifact.comments)));
    add(&mut own, attributes::FILE, text)?;
    let files = own.into_iter().map(|(path, artifact)| {
        let holds = holding.remove(&path);
        Ok(generated(place(&format!("{folder}/{path}"))?, artifact, holds))
    });
    let files = files.collect::<Result<_, CommandError>>()?;
    Ok(Made { folder, files, at })
}

fn generated(path: VirtualPath, artifact: Artifact, holds: Option<String>) -> Generated {
    let Artifact {
        contents,
        executable,
        comments,
    } = artifact;
    Generated {
        path,
        contents: Sealed::new(comments, holds, contents),
        executable,
    }
}

fn add(
    files: &mut BTreeMap<VirtualPath, Artifact>,
    name: &str,
    contents: String,
) -> Result<(), CommandError> {
    let path = place(name)?;
    let artifact = Artifact {
        contents: contents.into_bytes(),
        executable: false,
        comments: Comments::Hash,
    };
    match files.insert(path.clone(), artifact) {
        None => Ok(()),
        Some(_) => Err(fault(&path)),
    }
}

fn place(path: &str) -> Result<VirtualPath, CommandError> {
    VirtualPath::new(path).ok_or_else(|| {
        let message = format!("`{path}` is no path to write to");
        CommandError::surroundings(message, "please report this fault of exoc with the manifest")
    })
}

fn fault(path: &VirtualPath) -> CommandError {
    let message = format!("two files would be written to `{path}`");
    CommandError::surroundings(message, "please report this fault of exoc with the manifest")
}

#[cfg(test)]
mod tests {
    use super::{Generated, files, made};
    use crate::error::CommandError;
    use exoc_diagnostics::{Sink, SourceMap, Span, VirtualPath};
    use exoc_ir::{App, Artifact, Artifacts, Builder, Comments, Environment};
    use exoc_lower::Output;
    use std::sync::Arc;

    fn output(list: &[(&str, Comments)]) -> Output {
        let mut artifacts = Artifacts::default();
        for (path, comments) in list {
            let artifact = Artifact {
                contents: b"{}\n".to_vec(),
                executable: false,
                comments: *comments,
            };
            artifacts
                .insert(VirtualPath::new(path).unwrap(), artifact)
                .unwrap();
        }
        let app = App {
            name: "a".into(),
            description: None,
            owner: None,
        };
        let environment = Environment {
            name: "local".into(),
            local: true,
            domain: None,
            http_port: None,
        };
        let source = SourceMap::default().add(VirtualPath::root(), String::new());
        let program = Builder::new(app, environment, None, Span::new(source, 0, 0))
            .finish(&mut Sink::new())
            .unwrap();
        Output {
            environment: "local".into(),
            target: "toy",
            artifacts,
            program: Arc::new(program),
        }
    }

    fn files_of(outputs: Vec<Output>) -> Result<Vec<Generated>, CommandError> {
        outputs
            .into_iter()
            .map(made)
            .collect::<Result<_, _>>()
            .and_then(files)
    }

    fn named<'a>(files: &'a [Generated], name: &str) -> Option<&'a Generated> {
        files.iter().find(|file| file.path.name() == name)
    }

    #[test]
    fn what_can_hold_no_comment_is_vouched_for_by_a_list() {
        let files = files_of(vec![output(&[
            ("a.yaml", Comments::Hash),
            ("b.json", Comments::None),
        ])])
        .unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let all = [".gitattributes", "SHA256SUMS", "a.yaml", "b.json"];
        assert_eq!(names, all.map(|name| format!("local/toy/{name}")));
        assert!(named(&files, "a.yaml").unwrap().contents.vouches());
        let json = named(&files, "b.json").unwrap();
        assert!(!json.contents.vouches());
        assert_eq!(json.contents.bytes(), b"{}\n");
        let sums = String::from_utf8(named(&files, "SHA256SUMS").unwrap().contents.bytes()).unwrap();
        // printf '{}\n' | sha256sum
        let expected = "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356  b.json\n";
        assert!(sums.ends_with(expected), "{sums}");
    }

    #[test]
    fn there_is_no_list_without_such_a_file() {
        let files = files_of(vec![output(&[("a.yaml", Comments::Hash)])]).unwrap();
        assert!(named(&files, "SHA256SUMS").is_none());
    }

    #[test]
    fn two_files_of_one_path_are_a_fault() {
        assert!(files_of(vec![output(&[(".gitattributes", Comments::Hash)])]).is_err());
        assert!(files_of(vec![output(&[]), output(&[])]).is_err());
    }
}
