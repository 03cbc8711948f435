//! Stored values of runs in this process, in the objects of the engine.
//! Separate because handlers know a store of values, and the engine one of objects.

use std::sync::Arc;

use sfn_core::{ValueStore, ValueStoreAnswer, ValueStoreError};
use sfn_engine::Timestamp;
use sfn_engine::objects::{ObjectError, ObjectStore};

/// The bucket that they are in.
const BUCKET: &str = "stored-values";

pub(super) struct Values(pub(super) Arc<dyn ObjectStore>);

impl ValueStore for Values {
    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>) -> ValueStoreAnswer<'a, String> {
        Box::pin(async move {
            // Here nothing expires.
            let written = self.0.put(BUCKET, key, bytes, Timestamp::default()).await;
            written.map_err(|error| ValueStoreError::Unreachable(Box::new(error)))?;
            Ok(BUCKET.to_owned())
        })
    }

    fn get<'a>(&'a self, bucket: &'a str, key: &'a str) -> ValueStoreAnswer<'a, Vec<u8>> {
        Box::pin(async move {
            let object = self.0.get(bucket, key).await.map_err(|error| match error {
                ObjectError::NoSuchBucket { .. } | ObjectError::NoSuchKey { .. } => ValueStoreError::Missing,
                other => ValueStoreError::Unreachable(Box::new(other)),
            })?;
            Ok(object.body)
        })
    }
}
