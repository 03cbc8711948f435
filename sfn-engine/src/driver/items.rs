//! Reads the items that a distributed Map State would go through, without one.
//! Separate from Map Runs because nothing is run here.

use sfn_asl::{ItemReader, Value};

use crate::core::{ItemReading, Read, StoreAnswer, StoreRequest};
use crate::history::Fault;
use crate::objects::ObjectStore;

/// The items that an Item Reader finds whose `Arguments` are constants.
///
/// ```
/// use sfn_asl::{ItemReader, Value};
/// use sfn_engine::driver::read_items;
/// use sfn_engine::objects::{MemoryStore, ObjectStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sfn_engine::objects::ObjectError> {
/// let store = MemoryStore::new();
/// store.put("orders", "a.json", b"[1, 2]".to_vec(), Default::default()).await?;
/// let reader = ItemReader {
///     resource: "arn:aws:states:::s3:getObject".to_owned(),
///     arguments: Some([("Bucket", Value::from("orders")), ("Key", Value::from("a.json"))].into_iter().collect()),
///     ..ItemReader::default()
/// };
/// assert_eq!(read_items(&store, &reader).await.unwrap(), [Value::from(1), Value::from(2)]);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// `States.ItemReaderFailed`, with the cause that a Map Run would fail with.
pub async fn read_items(store: &dyn ObjectStore, reader: &ItemReader) -> Result<Vec<Value>, Fault> {
    let (mut reading, mut request) = ItemReading::begin(reader)?;
    loop {
        match reading.answered(answer(store, request).await)? {
            Read::Ask(next) => request = next,
            Read::Done(items) => return Ok(items),
        }
    }
}

async fn answer(store: &dyn ObjectStore, request: StoreRequest) -> StoreAnswer {
    let answered = match request {
        StoreRequest::Get { bucket, key } => store.get(&bucket, &key).await.map(StoreAnswer::Object),
        StoreRequest::List { bucket, prefix } => store.list(&bucket, &prefix).await.map(StoreAnswer::List),
        StoreRequest::Put { .. } => Ok(StoreAnswer::Kept),
    };
    answered.unwrap_or_else(StoreAnswer::Refused)
}
