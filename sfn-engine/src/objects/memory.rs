//! Objects in memory.
//! Separate because tests want a store that is empty at the start, answers at once and leaves nothing behind.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use futures_util::future::ready;

use super::{Object, ObjectError, ObjectStore, ObjectSummary, Stored};
use crate::Timestamp;

type Buckets = BTreeMap<String, BTreeMap<String, Object>>;

/// An [`ObjectStore`] in memory. Clones share their objects.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    buckets: Arc<Mutex<Buckets>>,
}

impl MemoryStore {
    /// A store without a bucket.
    pub fn new() -> Self {
        Self::default()
    }

    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_bucket<T>(
        &self,
        bucket: &str,
        find: impl FnOnce(&BTreeMap<String, Object>) -> Result<T, ObjectError>,
    ) -> Result<T, ObjectError> {
        match self.buckets().get(bucket) {
            Some(objects) => find(objects),
            None => Err(ObjectError::NoSuchBucket { bucket: bucket.to_owned() }),
        }
    }
}

impl ObjectStore for MemoryStore {
    fn get(&self, bucket: &str, key: &str) -> Stored<Object> {
        let found = self.in_bucket(bucket, |objects| {
            objects.get(key).cloned().ok_or_else(|| ObjectError::NoSuchKey { key: key.to_owned() })
        });
        ready(found).boxed()
    }

    fn put(&self, bucket: &str, key: &str, body: Vec<u8>, at: Timestamp) -> Stored<ObjectSummary> {
        let summary = ObjectSummary::of(key, &body, at);
        let object = Object { summary: summary.clone(), body };
        self.buckets().entry(bucket.to_owned()).or_default().insert(key.to_owned(), object);
        ready(Ok(summary)).boxed()
    }

    fn list(&self, bucket: &str, prefix: &str) -> Stored<Vec<ObjectSummary>> {
        let found = self.in_bucket(bucket, |objects| {
            let from_prefix = objects.range(prefix.to_owned()..);
            Ok(from_prefix
                .take_while(|(key, _)| key.starts_with(prefix))
                .map(|(_, object)| object.summary.clone())
                .collect())
        });
        ready(found).boxed()
    }
}
