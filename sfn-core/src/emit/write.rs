//! Puts artifacts into the shared folder: one package at a time, nothing half-written, nothing touched without need.
//! Separate because build scripts of one workspace run side by side and share the manifest.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;

use super::{Artifacts, Surroundings};
use crate::manifest::{Manifest, WorkflowManifest};

const MANIFEST: &str = "manifest.json";

/// What [`write`](fn@write) did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// The artifacts of the package, the manifest last.
    pub paths: Vec<PathBuf>,
    /// Those of them whose bytes changed.
    pub changed: Vec<PathBuf>,
}

/// Why artifacts could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The file system said no.
    #[error("cannot {action} `{}`: {source}\n  = help: make the folder writable, or name another in `SFN_OUT_DIR`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Another package emits a different workflow under the same name.
    #[error(
        "packages `{package}` and `{other}` both emit a workflow named `{workflow}`\n  = help: rename one of them; if it moved, delete `{}`",
        folder.display()
    )]
    DuplicateWorkflow {
        /// The name.
        workflow: String,
        /// The package that emits now.
        package: String,
        /// The package that has emitted before.
        other: String,
        /// The shared folder.
        folder: PathBuf,
    },
}

/// Writes artifacts into the shared folder, merged with those of other packages, and into `OUT_DIR`.
///
/// # Errors
///
/// When a folder is not writable, or another package emits a different workflow of the same name.
pub fn write(artifacts: &Artifacts, surroundings: &Surroundings) -> Result<Written, WriteError> {
    let own = Manifest { workflows: entries(artifacts), ..Manifest::default() };
    let mut copies =
        Folder { path: &surroundings.out_dir, stamp: surroundings.stamp, written: Written::default() };
    copies.write_all(artifacts, &own)?;

    let mut shared =
        Folder { path: &surroundings.shared, stamp: surroundings.stamp, written: Written::default() };
    // Held until the end of the function; the system lets go of it even if the process dies.
    let _lock = shared.lock()?;
    let before = shared.manifest();
    let merged = merge(&before, artifacts, &own, shared.path)?;
    for gone in before.workflows.iter().filter(|entry| merged.workflow(&entry.name).is_none()) {
        shared.remove(&gone.file)?;
    }
    shared.write_all(artifacts, &merged)?;
    Ok(shared.written)
}

fn entries(artifacts: &Artifacts) -> Vec<WorkflowManifest> {
    artifacts.workflows.iter().map(|artifact| artifact.entry.clone()).collect()
}

/// The manifest with this package's entries in place of its former ones, and without packages that are gone.
fn merge(
    before: &Manifest,
    artifacts: &Artifacts,
    own: &Manifest,
    folder: &Path,
) -> Result<Manifest, WriteError> {
    let mut merged = own.clone();
    for entry in &before.workflows {
        let is_gone = !folder.join(&entry.package_dir).join("Cargo.toml").is_file();
        if entry.package == artifacts.package || is_gone {
            continue;
        }
        match artifacts.workflows.iter().find(|artifact| artifact.entry.name == entry.name) {
            None => merged.workflows.push(entry.clone()),
            Some(artifact) => {
                let same = fs::read_to_string(folder.join(&entry.file))
                    .is_ok_and(|text| text == artifact.definition);
                if !same {
                    return Err(WriteError::DuplicateWorkflow {
                        workflow: entry.name.clone(),
                        package: artifacts.package.clone(),
                        other: entry.package.clone(),
                        folder: folder.to_path_buf(),
                    });
                }
            }
        }
    }
    merged.workflows.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(merged)
}

struct Folder<'f> {
    path: &'f Path,
    stamp: Option<SystemTime>,
    written: Written,
}

impl Folder<'_> {
    fn lock(&self) -> Result<File, WriteError> {
        self.create()?;
        let path = self.path.join(".lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path);
        let file = file.map_err(failed("open", &path))?;
        file.lock().map_err(failed("lock", &path))?;
        Ok(file)
    }

    fn create(&self) -> Result<(), WriteError> {
        fs::create_dir_all(self.path).map_err(failed("create", self.path))
    }

    /// The manifest so far; one that cannot be read, or is of another format, begins anew.
    fn manifest(&self) -> Manifest {
        let text = fs::read_to_string(self.path.join(MANIFEST)).unwrap_or_default();
        let manifest: Manifest = serde_json::from_str(&text).unwrap_or_default();
        if manifest.format_version == Manifest::FORMAT_VERSION { manifest } else { Manifest::default() }
    }

    fn write_all(&mut self, artifacts: &Artifacts, manifest: &Manifest) -> Result<(), WriteError> {
        self.create()?;
        for artifact in &artifacts.workflows {
            self.write(&artifact.entry.file, &artifact.definition)?;
        }
        let text = serde_json::to_string_pretty(manifest).map_err(io::Error::from);
        let text = text.map_err(failed("write", &self.path.join(MANIFEST)))?;
        self.write(MANIFEST, &(text + "\n"))
    }

    /// Replaces a file in one step, unless it has these very bytes.
    fn write(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        let path = self.path.join(name);
        self.written.paths.push(path.clone());
        if fs::read(&path).is_ok_and(|before| before == text.as_bytes()) {
            return Ok(());
        }
        let stamp = self.stamp_for(&path);
        let half = self.path.join(format!(".{name}.{}", std::process::id()));
        fs::write(&half, text).map_err(failed("write", &half))?;
        if let Some(stamp) = stamp {
            let file = File::options().write(true).open(&half).map_err(failed("open", &half))?;
            file.set_modified(stamp).map_err(failed("date", &half))?;
        }
        fs::rename(&half, &path).map_err(failed("replace", &path))?;
        self.written.changed.push(path);
        Ok(())
    }

    /// No younger than the file it replaces, which another package's build script may be watching.
    fn stamp_for(&self, path: &Path) -> Option<SystemTime> {
        let before = path.metadata().and_then(|data| data.modified()).ok();
        self.stamp.map(|stamp| before.map_or(stamp, |before| before.min(stamp)))
    }

    fn remove(&self, name: &str) -> Result<(), WriteError> {
        let path = self.path.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove", &path)(error)),
            _ => Ok(()),
        }
    }
}

fn failed(action: &'static str, path: &Path) -> impl Fn(io::Error) -> WriteError {
    let path = path.to_path_buf();
    move |source| WriteError::Io { action, path: path.clone(), source }
}
