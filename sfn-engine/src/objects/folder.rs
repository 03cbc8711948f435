//! Objects as files: a folder with one sub-folder per bucket, keys as paths below it.
//! Separate because names become paths here, and a key must never lead out of its bucket.

use std::fs::{self, File};
use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use futures_util::FutureExt;

use super::{Object, ObjectError, ObjectStore, ObjectSummary, Stored};
use crate::Timestamp;

/// An [`ObjectStore`] in a folder: `orders/2026/a.json` below it is the object `2026/a.json` of the bucket `orders`.
#[derive(Debug, Clone)]
pub struct FolderStore {
    root: PathBuf,
}

impl FolderStore {
    /// The store in that folder, which need not exist before something is put into it.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    fn bucket(&self, bucket: &str) -> Result<PathBuf, ObjectError> {
        let is_name = !bucket.contains(['/', '\\']) && is_below(bucket);
        if is_name { Ok(self.root.join(bucket)) } else { Err(unusable("bucket", bucket)) }
    }

    fn object(&self, bucket: &str, key: &str) -> Result<(PathBuf, PathBuf), ObjectError> {
        let folder = self.bucket(bucket)?;
        let path = folder.join(key);
        // `a//b`, `a/./b` and `a/` name other keys than the paths they would become.
        let is_itself = is_below(key) && key.split('/').all(|part| !part.is_empty() && part != ".");
        if is_itself { Ok((folder, path)) } else { Err(unusable("key", key)) }
    }
}

/// Whether a name leads further down, and nowhere else.
fn is_below(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some()
        && parts.all(|part| matches!(part, Component::Normal(_)))
        && !name.contains(['\0', '\\'])
}

fn unusable(what: &str, name: &str) -> ObjectError {
    ObjectError::Unavailable(format!(
        "the {what} `{name}` cannot be a path in a folder, expected names without empty parts, `.`, `..` and backslashes"
    ))
}

fn trouble(path: &Path, error: &io::Error) -> ObjectError {
    ObjectError::Unavailable(format!("{}: {error}", path.display()))
}

/// Files are read and written where waiting for a disk holds nobody up.
fn apart<T: Send + 'static>(work: impl FnOnce() -> Result<T, ObjectError> + Send + 'static) -> Stored<T> {
    let work = tokio::task::spawn_blocking(work);
    async move { work.await.unwrap_or_else(|error| Err(ObjectError::Unavailable(error.to_string()))) }.boxed()
}

impl ObjectStore for FolderStore {
    fn get(&self, bucket: &str, key: &str) -> Stored<Object> {
        let (bucket, key, place) = (bucket.to_owned(), key.to_owned(), self.object(bucket, key));
        apart(move || {
            let (folder, path) = place?;
            match read(&path, &key) {
                Ok(object) => Ok(object),
                Err(_) if !folder.is_dir() => Err(ObjectError::NoSuchBucket { bucket }),
                Err(_) if !path.is_file() => Err(ObjectError::NoSuchKey { key }),
                Err(error) => Err(trouble(&path, &error)),
            }
        })
    }

    fn put(&self, bucket: &str, key: &str, body: Vec<u8>, at: Timestamp) -> Stored<ObjectSummary> {
        let (key, place) = (key.to_owned(), self.object(bucket, key));
        apart(move || {
            let (_, path) = place?;
            write(&path, &body, at).map_err(|error| trouble(&path, &error))?;
            Ok(ObjectSummary::of(&key, &body, at))
        })
    }

    fn list(&self, bucket: &str, prefix: &str) -> Stored<Vec<ObjectSummary>> {
        let (bucket, prefix, folder) = (bucket.to_owned(), prefix.to_owned(), self.bucket(bucket));
        apart(move || {
            let folder = folder?;
            if !folder.is_dir() {
                return Err(ObjectError::NoSuchBucket { bucket });
            }
            let mut keys = Vec::new();
            collect(&folder, "", &prefix, &mut keys).map_err(|error| trouble(&folder, &error))?;
            keys.sort_unstable();
            keys.iter()
                .map(|key| {
                    let path = folder.join(key);
                    read(&path, key).map(|object| object.summary).map_err(|error| trouble(&path, &error))
                })
                .collect()
        })
    }
}

fn read(path: &Path, key: &str) -> io::Result<Object> {
    let body = fs::read(path)?;
    let since_epoch = fs::metadata(path)?.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let summary = ObjectSummary::of(key, &body, Timestamp::default().after(since_epoch));
    Ok(Object { summary, body })
}

fn write(path: &Path, body: &[u8], at: Timestamp) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, body)?;
    let since_epoch = Duration::from_millis(u64::try_from(at.as_millis()).unwrap_or(0));
    File::options().write(true).open(path)?.set_modified(UNIX_EPOCH + since_epoch)
}

/// The keys below a folder that begin with the prefix. Folders that cannot hold any are not entered.
fn collect(folder: &Path, above: &str, prefix: &str, keys: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        // A file whose name is no text has no key.
        let Ok(name) = entry.file_name().into_string() else { continue };
        let key = format!("{above}{name}");
        if entry.path().is_dir() {
            let below = format!("{key}/");
            if below.starts_with(prefix) || prefix.starts_with(&below) {
                collect(&entry.path(), &below, prefix, keys)?;
            }
        } else if key.starts_with(prefix) {
            keys.push(key);
        }
    }
    Ok(())
}
