//! Programs that stand in for those that need a network, on a path of their own: each writes a line of what it was asked
//! into `calls`. OpenTofu itself is real; its state is a file, so that the option for a bucket is taken off.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The scripts, by name. `@HERE@` is their folder, `@EXOC@` the program under test, `@TOFU@` the real one.
const SCRIPTS: &[(&str, &str)] = &[
    // exoc is built already, and Rust is there.
    ("rustup", "echo \"rustup $*\" >> @HERE@/calls\n"),
    ("cargo", "echo \"cargo $*\" >> @HERE@/calls\n"),
    ("exoc", "exec @EXOC@ \"$@\"\n"),
    (
        "docker",
        "case $1 in login) cat > /dev/null ;; esac\necho \"docker $*\" >> @HERE@/calls\n",
    ),
    (
        "tofu",
        "echo \"tofu $*\" >> @HERE@/calls\n\
         for word; do\n  shift\n  case $word in -backend-config=*) ;; *) set -- \"$@\" \"$word\" ;; esac\ndone\n\
         exec @TOFU@ \"$@\"\n",
    ),
    // A run of a job is asked for twice: it runs first, and then has succeeded, unless a test wants it to fail.
    (
        "aws",
        "echo \"aws $*\" >> @HERE@/calls\n\
         case \"$1 $2\" in\n\
         'ecr get-login-password') echo password ;;\n\
         'stepfunctions start-execution') rm -f @HERE@/asked; echo \"run-of-$4\" ;;\n\
         'stepfunctions describe-execution')\n  \
         if [ -e @HERE@/asked ]; then cat @HERE@/status 2> /dev/null || echo SUCCEEDED\n  \
         else : > @HERE@/asked; echo RUNNING; fi ;;\n\
         's3 cp') case $4 in s3://*) cp \"@HERE@/bucket/${4#s3://}\" \"$5\" ;;\n  \
         *) mkdir -p \"$(dirname \"@HERE@/bucket/${5#s3://}\")\"; cp \"$4\" \"@HERE@/bucket/${5#s3://}\" ;; esac ;;\n\
         *) echo \"nobody stands in for: aws $*\" >&2; exit 64 ;;\n\
         esac\n",
    ),
    // There is no comment yet; what is sent is kept, the last one by itself.
    (
        "gh",
        "echo \"gh $*\" >> @HERE@/calls\ncase \"$*\" in *--input*) cp comment.json @HERE@/comment.json; cat comment.json >> @HERE@/comments ;; esac\n",
    ),
    (
        "curl",
        "echo \"curl $*\" >> @HERE@/calls\ncase \"$*\" in *comment.json*) cp comment.json @HERE@/comment.json; cat comment.json >> @HERE@/comments ;; *) echo '[]' ;; esac\n",
    ),
    ("sleep", ":\n"),
    // What the images of GitLab's jobs lack; here it is there.
    ("apk", "echo \"apk $*\" >> @HERE@/calls\n"),
    ("apt-get", "echo \"apt-get $*\" >> @HERE@/calls\n"),
];

/// Programs in a folder.
pub(super) struct StandIns {
    folder: PathBuf,
}

impl StandIns {
    /// Writes them.
    pub(super) fn new(folder: &Path, exoc: &Path) -> Result<Self, String> {
        let words = |error: std::io::Error| format!("{}: {error}", folder.display());
        let path = std::env::var_os("PATH").unwrap_or_default();
        let tofu = std::env::split_paths(&path)
            .map(|folder| folder.join("tofu"))
            .find(|program| program.is_file())
            .ok_or("there is no `tofu` on the path")?;
        fs::create_dir_all(folder).map_err(words)?;
        for (name, script) in SCRIPTS {
            let text = script
                .replace("@HERE@", &folder.display().to_string())
                .replace("@EXOC@", &exoc.display().to_string())
                .replace("@TOFU@", &tofu.display().to_string());
            let file = folder.join(name);
            fs::write(&file, format!("#!/bin/sh\n{text}")).map_err(words)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).map_err(words)?;
        }
        let standing = Self {
            folder: folder.to_path_buf(),
        };
        standing.forget()?;
        Ok(standing)
    }

    /// A search path on which they come first.
    pub(super) fn path(&self) -> String {
        let rest = std::env::var("PATH").unwrap_or_default();
        format!("{}:{rest}", self.folder.display())
    }

    /// What was asked of them since the last time that this was asked, a line each.
    pub(super) fn calls(&self) -> Result<String, String> {
        let calls = fs::read_to_string(self.folder.join("calls")).map_err(|error| error.to_string())?;
        self.forget()?;
        Ok(calls)
    }

    fn forget(&self) -> Result<(), String> {
        fs::write(self.folder.join("calls"), "").map_err(|error| error.to_string())
    }

    /// The comment that was sent last.
    pub(super) fn comment(&self) -> Result<String, String> {
        fs::read_to_string(self.folder.join("comment.json")).map_err(|error| format!("a comment: {error}"))
    }

    /// All comments that were sent, the first first.
    pub(super) fn comments(&self) -> Result<String, String> {
        fs::read_to_string(self.folder.join("comments")).map_err(|error| format!("comments: {error}"))
    }

    /// How runs of jobs end from now on.
    pub(super) fn jobs_end(&self, status: &str) -> Result<(), String> {
        fs::write(self.folder.join("status"), status).map_err(|error| error.to_string())
    }
}
