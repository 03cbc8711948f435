//! Where the native run of a distributed map reads its items and writes its results.
//! Separate because this crate knows no object store: whoever runs a workflow natively provides one.

use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;
use sfn_asl::ItemReader;

use super::MapRun;
use crate::{Failed, fail};

/// An answer of [`Objects`], to be awaited.
pub type ObjectsAnswer<T> = Pin<Box<dyn Future<Output = Result<T, Failed>> + Send>>;

/// A child's input, and what it came to.
pub type ChildResult = (Value, Result<Value, Failed>);

/// What reads items and writes results.
pub trait Objects: Send + Sync + 'static {
    /// The items that an Item Reader finds; its `Arguments` are constants.
    fn read(&self, reader: ItemReader) -> ObjectsAnswer<Vec<Value>>;

    /// Writes results below a prefix of a bucket, as JSON Lines.
    fn write(&self, bucket: String, prefix: String, results: Vec<ChildResult>) -> ObjectsAnswer<MapRun>;
}

tokio::task_local! {
    static OBJECTS: Arc<dyn Objects>;
}

/// Runs a future whose distributed maps read and write these objects.
///
/// Where the engine is at hand, `sfn::local::with_objects` reads the objects of its stores.
pub async fn with_objects<F: Future>(objects: Arc<dyn Objects>, future: F) -> F::Output {
    OBJECTS.scope(objects, future).await
}

/// The same run among the objects that are here now, wherever it is polled.
pub(crate) fn among_objects<F: Future>(run: F) -> impl Future<Output = F::Output> {
    let objects = OBJECTS.try_with(Arc::clone);
    async move {
        match objects {
            Ok(objects) => with_objects(objects, run).await,
            Err(_) => run.await,
        }
    }
}

pub(super) async fn read(reader: ItemReader) -> Result<Vec<Value>, Failed> {
    let objects = OBJECTS.try_with(Arc::clone).map_err(|_| missing("States.ItemReaderFailed"))?;
    objects.read(reader).await
}

pub(super) async fn write(
    bucket: String,
    prefix: String,
    results: Vec<ChildResult>,
) -> Result<MapRun, Failed> {
    let objects = OBJECTS.try_with(Arc::clone).map_err(|_| missing("States.ResultWriterFailed"))?;
    objects.write(bucket, prefix, results).await
}

fn missing(error: &str) -> Failed {
    fail(error, "no object store is at hand: run the workflow inside `sfn::local::with_objects(store, ..)`")
}
