//! Who keeps the bytes of stored values: a bucket of S3, a folder, the memory of a test.
//! Separate because this crate knows that somebody does, and not who.

use std::pin::Pin;

/// How many bytes of JSON a value may have to travel itself, unless the store says otherwise.
///
/// A payload has 256 KiB, of which a list of values, or a `map` over them, takes many.
pub const DEFAULT_THRESHOLD: usize = 16 * 1024;

/// Who keeps the bytes of stored values.
pub trait ValueStore: Send + Sync + 'static {
    /// Keeps bytes under a key, in place of what has it; gives the bucket.
    fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>) -> ValueStoreAnswer<'a, String>;

    /// The bytes under a key.
    fn get<'a>(&'a self, bucket: &'a str, key: &'a str) -> ValueStoreAnswer<'a, Vec<u8>>;

    /// How many bytes of JSON a value may have to travel itself.
    fn threshold(&self) -> usize {
        DEFAULT_THRESHOLD
    }
}

/// What a store answers, to be awaited.
pub type ValueStoreAnswer<'a, T> = Pin<Box<dyn Future<Output = Result<T, ValueStoreError>> + Send + 'a>>;

/// Why a store does not answer.
#[derive(Debug, thiserror::Error)]
pub enum ValueStoreError {
    /// Nothing has the key.
    #[error("nothing is there")]
    Missing,
    /// The store does not tell whether anything has the key.
    #[error("nothing is there, or it may not be read")]
    Denied,
    /// The store could not be reached, or refused the call, however often it was tried.
    #[error("{0}")]
    Unreachable(#[from] Box<dyn std::error::Error + Send + Sync>),
}
