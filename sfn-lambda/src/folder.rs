//! Stored values in a folder, where a program is not on Lambda but under `cargo sfn run`. Separate because whoever deploys it
//! has a bucket.

use sfn_core::{ValueStore, ValueStoreAnswer, ValueStoreError};
use std::io::ErrorKind;
use std::path::PathBuf;

/// The variable that names the folder.
pub(crate) const FOLDER: &str = "SFN_STORED_FOLDER";

/// A folder that keeps the bytes of stored values.
#[derive(Debug)]
pub(crate) struct FolderValues(PathBuf);

impl FolderValues {
    pub(crate) fn new(folder: impl Into<PathBuf>) -> Self {
        Self(folder.into())
    }

    /// The file of a key; a key from elsewhere leads to none outside.
    fn path(&self, key: &str) -> PathBuf {
        self.0.join(key.rsplit(['/', '\\']).next().unwrap_or_default())
    }
}

impl ValueStore for FolderValues {
    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>) -> ValueStoreAnswer<'a, String> {
        Box::pin(async move {
            let written =
                std::fs::create_dir_all(&self.0).and_then(|()| std::fs::write(self.path(key), bytes));
            written.map_err(|error| ValueStoreError::Unreachable(Box::new(error)))?;
            Ok("local".to_owned())
        })
    }

    fn get<'a>(&'a self, _: &'a str, key: &'a str) -> ValueStoreAnswer<'a, Vec<u8>> {
        Box::pin(async move {
            std::fs::read(self.path(key)).map_err(|error| match error.kind() {
                ErrorKind::NotFound => ValueStoreError::Missing,
                _ => ValueStoreError::Unreachable(Box::new(error)),
            })
        })
    }
}
