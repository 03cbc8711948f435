//! Between what travels and what a handler sees: stored values are fetched before it begins and put away when it has ended.
//! Separate because it works on JSON, whatever the types are, and is the only place that awaits a store.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Reference, VALUE, ValueStore, ValueStoreError};
use crate::error::name;
use crate::payload::encode;
use crate::shape::STORED;
use crate::{Failed, Surroundings, TaskSpec};

/// How many objects are read or written at once.
const AT_ONCE: usize = 16;

/// How the keys of all objects begin: what roles are given rights to.
const PREFIX: &str = "stored/";

/// Puts the values in the places of references, as far as there are any.
///
/// # Errors
///
/// `Payload.Missing` where an object is gone, `Payload.Corrupt` where it is another one, `Payload.Unreachable` where the
/// store does not answer.
pub async fn load(store: &dyn ValueStore, mut json: Value) -> Result<Value, Failed> {
    let fetched: Vec<_> = places(&mut json, STORED).into_iter().map(|place| fetch(store, place)).collect();
    stream::iter(fetched).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(json)
}

/// Puts references in the places of values that are larger than the store's threshold.
///
/// # Errors
///
/// `Payload.NotStored` where the store does not take one.
pub async fn save(store: &dyn ValueStore, mut json: Value) -> Result<Value, Failed> {
    let kept: Vec<_> = places(&mut json, VALUE).into_iter().map(|place| keep(store, place)).collect();
    stream::iter(kept).buffer_unordered(AT_ONCE).try_collect::<()>().await?;
    Ok(json)
}

/// As [`load`], from the store that surrounds the task; where there is none, references are a failure.
pub(crate) async fn opened(spec: &TaskSpec, mut payload: Value) -> Result<Value, Failed> {
    // What looks like a reference to a task that takes none is data of somebody's.
    if places(&mut payload, STORED).is_empty() || !spec.takes_stored() {
        return Ok(payload);
    }
    match Surroundings::current().value_store {
        Some(store) => load(&*store, payload).await,
        None => Err(Failed::of_task(
            name::PAYLOAD_UNREACHABLE,
            "a value of this payload is kept elsewhere, and nothing here reads it: `Surroundings::with_value_store` says who \
             does",
        )),
    }
}

/// As [`save`], into the store that surrounds the task; where there is none, values travel themselves.
pub(crate) async fn put_away(output: Value) -> Result<Value, Failed> {
    match Surroundings::current().value_store {
        Some(store) => save(&*store, output).await,
        None => Ok(output),
    }
}

/// The objects that have a key, the outermost ones.
fn places<'v>(json: &'v mut Value, key: &str) -> Vec<&'v mut Value> {
    let mut found = Vec::new();
    collect(json, key, &mut found);
    found
}

fn collect<'v>(json: &'v mut Value, key: &str, found: &mut Vec<&'v mut Value>) {
    match json {
        Value::Object(fields) if fields.contains_key(key) => found.push(json),
        Value::Object(fields) => fields.values_mut().for_each(|field| collect(field, key, found)),
        Value::Array(items) => items.iter_mut().for_each(|item| collect(item, key, found)),
        _ => {}
    }
}

async fn fetch(store: &dyn ValueStore, place: &mut Value) -> Result<(), Failed> {
    let reference: Reference = serde_json::from_value(place[STORED].take())
        .map_err(|error| Failed::of_task(name::PAYLOAD_INVALID, &format!("{STORED}: {error}")))?;
    let bytes =
        store.get(&reference.bucket, &reference.key).await.map_err(|error| unread(&reference, &error))?;
    let (size, found) = (bytes.len(), digest(&bytes));
    if (size, &found) != (reference.size, &reference.sha256) {
        let expected = format!("{} bytes with the SHA-256 {}", reference.size, reference.sha256);
        let message = format!(
            "the stored value {reference} is another one: found {size} bytes with the SHA-256 {found}, expected {expected}; \
             nothing but tasks may write under `{PREFIX}`"
        );
        return Err(Failed::of_task(name::PAYLOAD_CORRUPT, &message));
    }
    let value: Value = serde_json::from_slice(&bytes).map_err(|error| {
        Failed::of_task(name::PAYLOAD_CORRUPT, &format!("the stored value {reference}: {error}"))
    })?;
    if let Some(fields) = place.as_object_mut() {
        fields.remove(STORED);
        fields.insert(VALUE.to_owned(), value);
    }
    Ok(())
}

fn unread(reference: &Reference, error: &ValueStoreError) -> Failed {
    let expired = "objects expire, so let the bucket's lifecycle rule give them more days than executions take, redrives \
                   included";
    match error {
        ValueStoreError::Missing => Failed::of_task(
            name::PAYLOAD_MISSING,
            &format!("the stored value {reference} is not there any more: {expired}"),
        ),
        ValueStoreError::Denied => Failed::of_task(
            name::PAYLOAD_MISSING,
            &format!(
                "the stored value {reference} is not there any more, or this role may not read it: {expired}; and see that \
                 the role has `s3:GetObject` on `{PREFIX}*`"
            ),
        ),
        ValueStoreError::Unreachable(reason) => Failed::of_task(
            name::PAYLOAD_UNREACHABLE,
            &format!("the stored value {reference} cannot be read: {reason}"),
        ),
    }
}

async fn keep(store: &dyn ValueStore, place: &mut Value) -> Result<(), Failed> {
    let bytes = place[VALUE].to_string().into_bytes();
    if bytes.len() <= store.threshold() {
        return Ok(());
    }
    let (size, sha256) = (bytes.len(), digest(&bytes));
    // Whoever stores the same value stores it in the same place, so attempts that are repeated leave nothing behind.
    let key = format!("{PREFIX}{sha256}.json");
    let bucket = store.put(&key, bytes).await.map_err(|error| {
        Failed::of_task(
            name::PAYLOAD_NOT_STORED,
            &format!("a value of {size} bytes cannot be stored: {error}"),
        )
    })?;
    let reference = encode(&Reference { bucket, key, size, sha256 })?;
    if let Some(fields) = place.as_object_mut() {
        fields.remove(VALUE);
        fields.insert(STORED.to_owned(), reference);
    }
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;

    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;
    use crate::stored::ValueStoreAnswer;

    /// Keeps what it is given, unless it is broken.
    #[derive(Default)]
    struct Memory {
        objects: Mutex<BTreeMap<String, Vec<u8>>>,
        is_broken: bool,
    }

    impl ValueStore for Memory {
        fn put<'a>(&'a self, key: &'a str, bytes: Vec<u8>) -> ValueStoreAnswer<'a, String> {
            Box::pin(async move {
                if self.is_broken {
                    return Err(ValueStoreError::Unreachable("slow down".into()));
                }
                self.objects.lock().unwrap().insert(key.to_owned(), bytes);
                Ok("bucket".to_owned())
            })
        }

        fn get<'a>(&'a self, bucket: &'a str, key: &'a str) -> ValueStoreAnswer<'a, Vec<u8>> {
            Box::pin(async move {
                assert_eq!(bucket, "bucket");
                if self.is_broken {
                    return Err(ValueStoreError::Unreachable("slow down".into()));
                }
                self.objects.lock().unwrap().get(key).cloned().ok_or(ValueStoreError::Missing)
            })
        }

        fn threshold(&self) -> usize {
            10
        }
    }

    fn value(text: &str) -> Value {
        json!({ "summary": text.len(), "sfn:value": text })
    }

    async fn check_failure(store: &Memory, json: Value, error: &str, message: &str) {
        let failed = load(store, json).await.unwrap_err();
        assert_eq!(failed.error(), error);
        assert!(failed.cause().contains(message), "{failed}");
    }

    #[tokio::test]
    async fn large_values_are_put_away_and_come_back_wherever_they_stand() {
        let store = Memory::default();
        let original = json!({ "id": 1, "all": [value("short"), value("rather long"), { "one": value("longer than that") }] });
        let travelling = save(&store, original.clone()).await.unwrap();
        assert_eq!(travelling["all"][0], value("short"));
        let stored = &travelling["all"][1];
        assert_eq!(stored["summary"], 11);
        assert_eq!(stored["sfn:stored"]["size"], 13);
        assert!(stored.get("sfn:value").is_none(), "{stored}");
        assert_eq!(store.objects.lock().unwrap().len(), 2);
        assert_eq!(load(&store, travelling).await.unwrap(), original);
    }

    #[tokio::test]
    async fn what_is_gone_or_another_or_out_of_reach_says_so() {
        let mut store = Memory::default();
        let travelling = save(&store, value("rather long")).await.unwrap();
        let key = travelling["sfn:stored"]["key"].as_str().unwrap().to_owned();
        store.objects.lock().unwrap().insert(key, b"\"rather longer\"".to_vec());
        check_failure(&store, travelling.clone(), "Payload.Corrupt", "is another one: found 15 bytes").await;
        store.objects.lock().unwrap().clear();
        check_failure(&store, travelling.clone(), "Payload.Missing", "is not there any more: objects expire")
            .await;
        store.is_broken = true;
        check_failure(&store, travelling, "Payload.Unreachable", "cannot be read: slow down").await;
        check_failure(&store, json!([{ "sfn:stored": 1 }]), "Payload.Invalid", "sfn:stored: invalid type")
            .await;
        let failed = save(&store, value("rather long")).await.unwrap_err();
        assert_eq!(failed.error(), "Payload.NotStored");
    }
}
