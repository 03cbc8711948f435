//! Where objects live: buckets of keyed bytes, as S3 has them.
//!
//! Separate because distributed Maps read and write objects just as the S3 integrations do, and neither should know
//! whether a bucket is a folder or a table in memory.

mod folder;
mod memory;

pub use folder::FolderStore;
pub use memory::MemoryStore;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use md5::{Digest, Md5};

use crate::Timestamp;

/// What an object store gives back, when it is done.
pub type Stored<T> = BoxFuture<'static, Result<T, ObjectError>>;

/// Buckets of objects.
///
/// ```
/// use sfn_engine::Timestamp;
/// use sfn_engine::objects::{MemoryStore, ObjectStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sfn_engine::objects::ObjectError> {
/// let store = MemoryStore::new();
/// store.put("orders", "2026/a.json", b"[1]".to_vec(), Timestamp::from_millis(0)).await?;
///
/// assert_eq!(store.get("orders", "2026/a.json").await?.body, b"[1]");
/// assert_eq!(store.list("orders", "2026/").await?[0].size, 3);
/// # Ok(())
/// # }
/// ```
pub trait ObjectStore: Send + Sync + 'static {
    /// Reads an object.
    fn get(&self, bucket: &str, key: &str) -> Stored<Object>;

    /// Writes an object, as of `at`; in place of the one that has the key. A bucket begins with its first object.
    fn put(&self, bucket: &str, key: &str, body: Vec<u8>, at: Timestamp) -> Stored<ObjectSummary>;

    /// The objects whose keys begin with `prefix`, in the order of their keys' bytes.
    fn list(&self, bucket: &str, prefix: &str) -> Stored<Vec<ObjectSummary>>;
}

impl<S: ObjectStore + ?Sized> ObjectStore for Arc<S> {
    fn get(&self, bucket: &str, key: &str) -> Stored<Object> {
        (**self).get(bucket, key)
    }

    fn put(&self, bucket: &str, key: &str, body: Vec<u8>, at: Timestamp) -> Stored<ObjectSummary> {
        (**self).put(bucket, key, body, at)
    }

    fn list(&self, bucket: &str, prefix: &str) -> Stored<Vec<ObjectSummary>> {
        (**self).list(bucket, prefix)
    }
}

/// An object with its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What a list says about it.
    pub summary: ObjectSummary,
    /// Its bytes.
    pub body: Vec<u8>,
}

/// What a list says about an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectSummary {
    /// Its key.
    pub key: String,
    /// How many bytes it has.
    pub size: u64,
    /// Its entity tag, quotes included: S3's is the MD5 of the bytes.
    pub etag: String,
    /// When it was written.
    pub last_modified: Timestamp,
}

impl ObjectSummary {
    fn of(key: &str, body: &[u8], last_modified: Timestamp) -> Self {
        let size = u64::try_from(body.len()).unwrap_or(u64::MAX);
        Self { key: key.to_owned(), size, etag: etag(body), last_modified }
    }
}

fn etag(body: &[u8]) -> String {
    use std::fmt::Write;

    let mut etag = String::from("\"");
    for byte in Md5::digest(body) {
        // Writing to a string cannot fail.
        let _ = write!(etag, "{byte:02x}");
    }
    etag.push('"');
    etag
}

/// Why an object store could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ObjectError {
    /// There is no such bucket.
    #[error("The specified bucket does not exist")]
    NoSuchBucket {
        /// Its name.
        bucket: String,
    },
    /// The bucket has no such object.
    #[error("The specified key does not exist.")]
    NoSuchKey {
        /// Its key.
        key: String,
    },
    /// The store itself is in trouble, or cannot have an object of that name.
    #[error("{0}")]
    Unavailable(String),
}
