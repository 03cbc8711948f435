//! The objects of a native run, in the stores of the engine.
//! Separate because the engine reads the very items that its distributed maps would read.

use std::sync::Arc;

use serde_json::{Value, json};
use sfn_core::{ChildResult, Failed, ItemReader, MapRun, Objects, ObjectsAnswer, ResultWriterDetails, fail};
use sfn_engine::Timestamp;
use sfn_engine::driver::read_items;
use sfn_engine::objects::{ObjectError, ObjectStore};

use super::failed;

/// Runs a future, as that of a workflow's function, whose distributed maps read and write the objects of a store.
///
/// ```
/// use sfn::local::objects::{MemoryStore, ObjectStore};
/// use sfn::prelude::*;
///
/// #[workflow]
/// async fn shout(bucket: String) -> Result<Vec<String>, Failed> {
///     Ok(map_distributed(s3::jsonl::<String>(&bucket, "words"), async |word| Ok(word.to_uppercase())).await?)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemoryStore::new();
/// store.put("texts", "words", b"\"one\"\n\"two\"\n".to_vec(), Default::default()).await?;
/// let words = sfn::local::with_objects(store, shout("texts".to_owned())).await?;
/// assert_eq!(words, ["ONE", "TWO"]);
/// # Ok(())
/// # }
/// ```
pub async fn with_objects<F: Future>(store: impl ObjectStore, future: F) -> F::Output {
    sfn_core::with_objects(Arc::new(Stored(Arc::new(store))), future).await
}

struct Stored(Arc<dyn ObjectStore>);

impl Objects for Stored {
    fn read(&self, reader: ItemReader) -> ObjectsAnswer<Vec<Value>> {
        let store = Arc::clone(&self.0);
        Box::pin(async move {
            let items = read_items(&*store, &reader).await.map_err(|fault| failed(&fault))?;
            Ok(items.iter().map(Value::from).collect())
        })
    }

    fn write(&self, bucket: String, prefix: String, results: Vec<ChildResult>) -> ObjectsAnswer<MapRun> {
        let store = Arc::clone(&self.0);
        Box::pin(async move { write(&*store, bucket, &prefix, results).await })
    }
}

/// Writes what a Result Writer would: outputs as they are, failures with their inputs, and a manifest that lists both.
async fn write(
    store: &dyn ObjectStore,
    bucket: String,
    prefix: &str,
    results: Vec<ChildResult>,
) -> Result<MapRun, Failed> {
    let folder = free_folder(store, &bucket, prefix).await?;
    let (mut succeeded, mut failures) = (Vec::new(), Vec::new());
    for (input, result) in results {
        match result {
            Ok(output) => succeeded.push(output),
            Err(failed) => failures.push(json!({
                "Cause": failed.cause(),
                "Error": failed.error(),
                "Input": input.to_string(),
                "Status": "FAILED",
            })),
        }
    }
    let mut files = serde_json::Map::new();
    for (kind, values) in [("FAILED", failures), ("PENDING", Vec::new()), ("SUCCEEDED", succeeded)] {
        let mut written = Vec::new();
        if !values.is_empty() {
            let body: String = values.iter().flat_map(|value| [value.to_string(), "\n".to_owned()]).collect();
            let key = format!("{folder}/{kind}_0.jsonl");
            written.push(json!({ "Key": key, "Size": body.len() }));
            put(store, &bucket, &key, body).await?;
        }
        files.insert(kind.to_owned(), Value::from(written));
    }
    let map_run_arn = format!("arn:aws:states:us-east-1:123456789012:mapRun:native/{folder}");
    let manifest = json!({ "DestinationBucket": bucket, "MapRunArn": map_run_arn, "ResultFiles": files });
    let key = format!("{folder}/manifest.json");
    put(store, &bucket, &key, manifest.to_string()).await?;
    Ok(MapRun { map_run_arn, result_writer_details: ResultWriterDetails { bucket, key } })
}

/// A folder of its own for each Map Run: numbered, for nothing here is random.
async fn free_folder(store: &dyn ObjectStore, bucket: &str, prefix: &str) -> Result<String, Failed> {
    let prefix = match prefix.trim_end_matches('/') {
        "" => String::new(),
        prefix => format!("{prefix}/"),
    };
    let known = match store.list(bucket, &prefix).await {
        Ok(known) => known,
        Err(ObjectError::NoSuchBucket { .. }) => Vec::new(),
        Err(error) => return Err(unwritten(&error)),
    };
    let mut numbered = (1..).map(|number: u32| format!("{prefix}native-{number}"));
    let is_free = |folder: &String| !known.iter().any(|object| object.key.starts_with(&format!("{folder}/")));
    Ok(numbered.find(is_free).unwrap_or_default())
}

async fn put(store: &dyn ObjectStore, bucket: &str, key: &str, body: String) -> Result<(), Failed> {
    let written = store.put(bucket, key, body.into_bytes(), Timestamp::default()).await;
    written.map(|_| ()).map_err(|error| unwritten(&error))
}

fn unwritten(error: &ObjectError) -> Failed {
    fail("States.ResultWriterFailed", error.to_string())
}
