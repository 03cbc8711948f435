//! What the workspace-wide tests share: where the workspace and its Rust sources are, and an engine and objects that are served.
//!
//! Separate from the tests themselves so that each suite reads the tree in the same way.

use std::fs;
use std::path::{Path, PathBuf};

pub mod s3;
pub mod served;

/// The root folder of the workspace.
///
/// ```
/// assert!(sfn_tests::workspace_root().join("Cargo.toml").is_file());
/// ```
///
/// # Panics
///
/// Never in a checkout: the package stands one folder below the root.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Every file below `folder` whose name ends in `.{extension}`, sorted; build output and hidden folders are passed over.
///
/// ```
/// let sources = sfn_tests::files(&sfn_tests::workspace_root().join("sfn-asl"), "rs");
/// assert!(sources.iter().any(|path| path.ends_with("src/lib.rs")));
/// ```
#[must_use]
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.');
            if path.is_dir() && !hidden && name != "target" && name != "node_modules" {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The environment variable that tells a suite to write its golden files instead of comparing them; `cargo bless` sets it.
pub const BLESS: &str = "SFN_BLESS";
