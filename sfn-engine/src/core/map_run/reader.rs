//! The Item Reader: which objects it asks for, one after the other, and the items it finds in them.
//! Separate because the core may only ask; what the store answers comes back as an event, later.

use std::collections::VecDeque;
use std::sync::Arc;

use sfn_asl::Value;

use super::formats::{self, Format, Keyed};
use super::plan::Source;
use crate::objects::{Object, ObjectError, ObjectSummary};

/// What an Item Reader reads, in the words of its `ReaderConfig`.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::core) enum Reads {
    /// One object of items.
    Object(Format),
    /// An S3 inventory: a manifest that names lists of objects.
    Inventory,
    /// What Athena wrote: a manifest that names objects of items.
    Athena(Format),
    /// The list of a bucket's objects.
    List,
    /// The items in all of a bucket's objects.
    Listed(Format),
}

impl Reads {
    /// Whether it begins with a list, which has a prefix instead of a key.
    pub(in crate::core) fn is_list(&self) -> bool {
        matches!(self, Self::List | Self::Listed(_))
    }

    /// Whether its items are found with `ItemsPointer`.
    pub(in crate::core) fn has_pointer(&self) -> bool {
        let (Self::Object(format) | Self::Athena(format) | Self::Listed(format)) = self else { return false };
        matches!(format, Format::Json { pointer: Some(_) })
    }
}

/// The items of a source without asking the store: what a reader would find there is in `data`, and the lists that
/// lead to it have been followed.
pub(super) fn entries(source: &Source, data: &[u8]) -> Result<Vec<Entry>, String> {
    let (reads, bucket, place, limit) = match source {
        Source::Items(items) => return Ok(Entry::of_state_data(items.clone())),
        Source::Nowhere(cause) => return Err(cause.clone()),
        Source::Objects { reads, bucket, place, limit } => (reads, bucket, place, *limit),
    };
    let listed = Format::Json { pointer: None };
    let format = match reads {
        Reads::Object(format) | Reads::Athena(format) | Reads::Listed(format) => format,
        Reads::Inventory | Reads::List => &listed,
    };
    let source: Arc<str> = format!("S3://{bucket}/{place}").into();
    Ok(format.items(data, limit)?.into_iter().map(|item| Entry::of(item, &source)).collect())
}

/// What is asked of the object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreRequest {
    /// An object.
    Get {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
    },
    /// The objects whose keys begin with a prefix.
    List {
        /// The bucket.
        bucket: String,
        /// The prefix.
        prefix: String,
    },
    /// To keep an object.
    Put {
        /// Its bucket.
        bucket: String,
        /// Its key.
        key: String,
        /// Its bytes.
        body: Vec<u8>,
    },
}

/// What the object store answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreAnswer {
    /// The object asked for.
    Object(Object),
    /// The objects asked for.
    List(Vec<ObjectSummary>),
    /// The object is kept.
    Kept,
    /// The store could not.
    Refused(ObjectError),
}

/// An item, and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) value: Value,
    pub(super) key: Option<Arc<str>>,
    pub(super) source: Arc<str>,
}

/// A reader at work.
#[derive(Debug)]
pub(super) struct Reading {
    reads: Reads,
    bucket: String,
    limit: usize,
    entries: Vec<Entry>,
    asked: Part,
    /// What is still to be asked for.
    parts: VecDeque<(Part, String, String)>,
}

/// What an object that was asked for is.
#[derive(Debug, Clone)]
enum Part {
    Whole,
    Items(Format),
    /// Part of an inventory, with the names of its columns.
    Listing(Vec<Arc<str>>),
}

/// How far a reader got.
pub(super) enum Step {
    Ask(StoreRequest),
    Done(Vec<Entry>),
}

impl Reading {
    /// Begins to read. `place` is a key, or for lists a prefix.
    pub(super) fn begin(reads: Reads, bucket: String, place: String, limit: usize) -> (Self, StoreRequest) {
        let request = match reads {
            Reads::List | Reads::Listed(_) => StoreRequest::List { bucket: bucket.clone(), prefix: place },
            Reads::Object(_) | Reads::Inventory | Reads::Athena(_) => {
                StoreRequest::Get { bucket: bucket.clone(), key: place }
            }
        };
        let (entries, parts) = (Vec::new(), VecDeque::new());
        (Self { reads, bucket, limit, entries, asked: Part::Whole, parts }, request)
    }

    /// Takes an answer and goes on. An error is the cause that the Map Run fails with.
    pub(super) fn answered(&mut self, answer: StoreAnswer) -> Result<Step, String> {
        match answer {
            StoreAnswer::Refused(error) => return Err(refusal(&self.bucket, &error)),
            StoreAnswer::List(objects) => self.take_list(objects),
            StoreAnswer::Object(object) => self.take_object(&object)?,
            StoreAnswer::Kept => {}
        }
        let is_full = self.entries.len() >= self.limit;
        Ok(match self.parts.pop_front().filter(|_| !is_full) {
            Some((part, bucket, key)) => {
                self.asked = part;
                self.bucket.clone_from(&bucket);
                Step::Ask(StoreRequest::Get { bucket, key })
            }
            None => Step::Done(std::mem::take(&mut self.entries)),
        })
    }

    fn take_list(&mut self, objects: Vec<ObjectSummary>) {
        if let Reads::Listed(format) = &self.reads {
            let part = |object: ObjectSummary| (Part::Items(format.clone()), self.bucket.clone(), object.key);
            self.parts = objects.into_iter().map(part).collect();
        } else {
            let source: Arc<str> = format!("S3://{}", self.bucket).into();
            let listed = objects.into_iter().take(self.limit);
            self.entries = listed.map(|object| Entry::of((None, listed_object(object)), &source)).collect();
        }
    }

    fn take_object(&mut self, object: &Object) -> Result<(), String> {
        let source: Arc<str> = format!("S3://{}/{}", self.bucket, object.summary.key).into();
        let left = self.limit - self.entries.len();
        let items = match (&self.asked, &self.reads) {
            (Part::Items(format), _) | (Part::Whole, Reads::Object(format)) => {
                format.items(&object.body, left)?
            }
            (Part::Listing(columns), _) => {
                let unpacked = formats::unpacked(&object.body)?;
                formats::csv(unpacked.as_deref().unwrap_or(&object.body), Some(columns), b',', left)?
            }
            (Part::Whole, Reads::Athena(format)) => {
                let format = format.clone();
                for line in formats::lines(&object.body)? {
                    let (bucket, key) = location(&line)
                        .ok_or_else(|| format!("The manifest names '{line}', which is no S3 URI."))?;
                    self.parts.push_back((Part::Items(format.clone()), bucket.to_owned(), key.to_owned()));
                }
                return Ok(());
            }
            (Part::Whole, _) => return self.take_inventory(&formats::json(&object.body)?),
        };
        self.entries.extend(items.into_iter().map(|item| Entry::of(item, &source)));
        Ok(())
    }

    fn take_inventory(&mut self, manifest: &Value) -> Result<(), String> {
        let text = |name: &str| manifest.get(name).and_then(Value::as_str);
        match text("fileFormat") {
            Some("CSV") => {}
            found => {
                let found = found.unwrap_or("nothing");
                return Err(format!("The inventory has fileFormat {found}, expected CSV."));
            }
        }
        let schema = text("fileSchema").ok_or("The inventory has no fileSchema.")?;
        let columns: Vec<Arc<str>> = schema.split(',').map(|name| Arc::from(name.trim())).collect();
        let bucket = text("destinationBucket")
            .map_or(self.bucket.as_str(), |arn| arn.strip_prefix("arn:aws:s3:::").unwrap_or(arn));
        let files = manifest.get("files").and_then(Value::as_array).ok_or("The inventory has no files.")?;
        for file in files {
            let key = file.get("key").and_then(Value::as_str).ok_or("A file of the inventory has no key.")?;
            self.parts.push_back((Part::Listing(columns.clone()), bucket.to_owned(), key.to_owned()));
        }
        Ok(())
    }
}

impl Entry {
    fn of((key, value): Keyed, source: &Arc<str>) -> Self {
        Self { value, key, source: Arc::clone(source) }
    }

    /// The items of a State's own data.
    pub(super) fn of_state_data(items: Vec<Keyed>) -> Vec<Self> {
        let source: Arc<str> = "STATE_DATA".into();
        items.into_iter().map(|item| Self::of(item, &source)).collect()
    }
}

/// The cause of a request that the store refused.
pub(super) fn refusal(bucket: &str, error: &ObjectError) -> String {
    match error {
        ObjectError::NoSuchKey { key } => format!("{error} (Bucket: {bucket}, Key: {key})"),
        _ => format!("{error} (Bucket: {bucket})"),
    }
}

fn listed_object(object: ObjectSummary) -> Value {
    let number = |number: u64| Value::from(i64::try_from(number).unwrap_or(i64::MAX));
    let fields = [
        ("Etag", Value::from(object.etag)),
        ("Key", Value::from(object.key)),
        ("LastModified", Value::from(object.last_modified.as_millis().div_euclid(1_000))),
        ("Size", number(object.size)),
        ("StorageClass", Value::from("STANDARD")),
    ];
    fields.into_iter().collect()
}

/// The bucket and the key of `s3://bucket/key`.
fn location(uri: &str) -> Option<(&str, &str)> {
    uri.trim_matches('"').strip_prefix("s3://")?.split_once('/')
}
