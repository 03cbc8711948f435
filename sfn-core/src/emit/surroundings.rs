//! What Cargo tells a build script: which package it is, and where `target` lies.
//! Separate because it is the only file of this crate that reads the environment.

use std::env;
use std::path::{Component, Path, PathBuf};
use std::time::SystemTime;

use thiserror::Error;

use super::Package;

/// Where artifacts go and on whose behalf.
#[derive(Clone, Debug)]
pub struct Surroundings {
    /// The package that emits.
    pub package: Package,
    /// The folder of its `Cargo.toml`.
    pub manifest_dir: PathBuf,
    /// The folder that all packages of the workspace share.
    pub shared: PathBuf,
    /// The folder of this package's build script alone.
    pub out_dir: PathBuf,
    /// The time written files are given: Cargo runs a build script again when a file it names is younger than its run.
    pub stamp: Option<SystemTime>,
}

/// A variable of Cargo's that is not there: the code runs outside of a build script.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the environment has no `{variable}`: `emit` belongs into the `main` of a `build.rs`")]
pub struct EnvironmentError {
    variable: &'static str,
}

impl Surroundings {
    /// What Cargo tells the build script that runs this.
    ///
    /// # Errors
    ///
    /// Outside of a build script.
    pub fn from_build_script() -> Result<Self, EnvironmentError> {
        let manifest_dir = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
        let out_dir = PathBuf::from(variable("OUT_DIR")?);
        let target = env::var("TARGET").unwrap_or_default();
        let shared = match env::var_os("SFN_OUT_DIR") {
            Some(folder) => manifest_dir.join(folder),
            None => target_dir(&out_dir, &target).join("sfn"),
        };
        let dir = relative(&shared, &manifest_dir).display().to_string();
        let package = Package { name: variable("CARGO_PKG_NAME")?, dir };
        let executable = env::current_exe().and_then(|path| path.metadata()).and_then(|data| data.modified());
        Ok(Self { package, manifest_dir, shared, out_dir, stamp: executable.ok() })
    }
}

fn variable(name: &'static str) -> Result<String, EnvironmentError> {
    env::var(name).map_err(|_| EnvironmentError { variable: name })
}

/// The way from one folder to another, so that what is written does not depend on where the workspace lies.
pub(super) fn relative(from: &Path, to: &Path) -> PathBuf {
    let shared = from.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    up.chain(to.components().skip(shared)).collect()
}

/// The target folder: `OUT_DIR` is `<target>[/<triple>]/<profile>/build/<package>-<hash>/out`.
pub(super) fn target_dir(out_dir: &Path, triple: &str) -> PathBuf {
    let build =
        out_dir.ancestors().skip(1).find(|above| above.file_name().is_some_and(|name| name == "build"));
    let above_profile = build.and_then(Path::parent).and_then(Path::parent);
    match above_profile {
        Some(folder) if folder.file_name().is_some_and(|name| name == triple) => {
            folder.parent().unwrap_or(folder)
        }
        Some(folder) => folder,
        None => out_dir,
    }
    .to_path_buf()
}
