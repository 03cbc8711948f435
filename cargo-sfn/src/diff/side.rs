//! The two sides of a comparison: a definition, a folder of artifacts, or what a git revision builds. Apart from the
//! comparison, because only here files are read and programs started.

use crate::check::files::{FilesError, Source};
use crate::definition::{self, DefinitionError, Meant};
use crate::project::{Project, ProjectError};
use sfn_core::Manifest;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The workflows of one side.
#[derive(Debug)]
pub(super) enum Side {
    /// One definition, about which nothing else is known.
    Definition(Box<Meant>),
    /// All workflows of a workspace.
    Workflows(Vec<Meant>),
}

/// Why there is no such side.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SideError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error(transparent)]
    Definition(#[from] DefinitionError),
    #[error("{} is no manifest: {reason}", .path.display())]
    Manifest { path: PathBuf, reason: String },
    #[error(
        "{} has the format {format_version}, and this `cargo sfn` knows formats up to {}: use the one that comes with the \
         sfn that wrote it", .path.display(), Manifest::FORMAT_VERSION
    )]
    Newer { path: PathBuf, format_version: u32 },
    #[error("`{0}` is neither a file, a folder with a `manifest.json`, nor a git revision: {1}")]
    Nothing(String, String),
    #[error("`git` does not start: {0}")]
    NoGit(std::io::Error),
    #[error("the workspace of revision `{revision}` cannot be built: {reason}")]
    Build { revision: String, reason: String },
}

/// What every manifest begins with, whatever else its format has.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Format {
    format_version: u32,
}

/// What a path or a revision holds.
pub(super) fn read(what: &str) -> Result<Side, SideError> {
    let path = Path::new(what);
    let is_manifest = path.file_name().is_some_and(|name| name == "manifest.json");
    if path.is_dir() {
        return of_manifest(&path.join("manifest.json"));
    } else if is_manifest && path.is_file() {
        return of_manifest(path);
    } else if path.is_file() || what == "-" {
        let source = if what == "-" { Source::Stdin } else { Source::Named(path.to_owned()) };
        return Ok(Side::Definition(Box::new(definition::read(&source, None)?)));
    } else if path
        .extension()
        .is_some_and(|extension| ["json", "yaml", "yml"].iter().any(|known| extension == *known))
    {
        return Err(DefinitionError::from(FilesError::Missing(path.to_owned())).into());
    }
    of_revision(what)
}

/// What this workspace's last build emitted.
pub(super) fn last_build() -> Result<Side, SideError> {
    of_manifest(&Project::locate()?.artifacts().join("manifest.json"))
}

fn of_manifest(path: &Path) -> Result<Side, SideError> {
    let bad = |reason: String| SideError::Manifest { path: path.to_owned(), reason };
    let bytes = std::fs::read(path).map_err(|error| bad(format!("{error}; run `cargo build`")))?;
    let Format { format_version } = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    if format_version > Manifest::FORMAT_VERSION {
        return Err(SideError::Newer { path: path.to_owned(), format_version });
    }
    let manifest: Manifest = serde_json::from_slice(&bytes).map_err(|error| bad(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let read = |workflow: sfn_core::WorkflowManifest| {
        let source = Source::Named(folder.join(&workflow.file));
        Ok(definition::of_workflow(definition::read(&source, None)?, workflow))
    };
    Ok(Side::Workflows(manifest.workflows.into_iter().map(read).collect::<Result<_, SideError>>()?))
}

/// Builds a revision in a folder of its own, which is removed again.
fn of_revision(revision: &str) -> Result<Side, SideError> {
    let commit = format!("{revision}^{{commit}}");
    let known = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    if !known.status.success() {
        let reason = "no such commit is known here".to_owned();
        return Err(SideError::Nothing(revision.to_owned(), reason));
    }
    let commit = text(&known.stdout);
    let project = Project::locate()?;
    let top = PathBuf::from(text(&git(&["rev-parse", "--show-toplevel"])?.stdout));
    let checkout = Checkout::of(&commit, revision)?;
    let inside = project.root.strip_prefix(&top).unwrap_or(Path::new(""));
    let artifacts = checkout.folder.join("artifacts");
    let status = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .arg("build")
        .current_dir(checkout.tree().join(inside))
        .env("CARGO_TARGET_DIR", checkout.folder.join("target"))
        .env("SFN_OUT_DIR", &artifacts)
        .stdout(Stdio::null())
        .status()
        .map_err(|error| SideError::Build { revision: revision.to_owned(), reason: error.to_string() })?;
    if !status.success() {
        let reason = "cargo's messages are above".to_owned();
        return Err(SideError::Build { revision: revision.to_owned(), reason });
    }
    of_manifest(&artifacts.join("manifest.json"))
}

/// A revision in a temporary folder, together with all that is built of it.
struct Checkout {
    folder: PathBuf,
}

impl Checkout {
    fn of(commit: &str, revision: &str) -> Result<Self, SideError> {
        let checkout = Self { folder: std::env::temp_dir().join(format!("sfn-diff-{}", std::process::id())) };
        let tree = checkout.tree();
        let added = git(&["worktree", "add", "--quiet", "--detach", &tree.to_string_lossy(), commit])?;
        if added.status.success() {
            return Ok(checkout);
        }
        let reason = text(&added.stderr);
        Err(SideError::Build { revision: revision.to_owned(), reason })
    }

    fn tree(&self) -> PathBuf {
        self.folder.join("tree")
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        // What cannot be removed lies in the folder for temporary files, and git forgets it by itself.
        let _ = git(&["worktree", "remove", "--force", &self.tree().to_string_lossy()]);
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn git(arguments: &[&str]) -> Result<Output, SideError> {
    Command::new("git").args(arguments).output().map_err(SideError::NoGit)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
