//! Distributed maps: what they go through, what comes of them, and where their objects live in a native run.
//! Separate from `native` and `flow` because both mean the same sources and the same outcomes.

mod objects;
mod outcome;
mod reader;
mod record;
mod run;
mod source;

pub(crate) use objects::among_objects;
pub use objects::{ChildResult, Objects, ObjectsAnswer, with_objects};
pub use outcome::{
    FailedItems, Gathering, ItemFailure, MapRun, OnlySuccesses, ResultWriterDetails, Split, Written,
};
pub(crate) use reader::Reading;
pub use reader::{Csv, Delimiter, Json, Object, Reader, csv, json, jsonl, list_objects, manifest, parquet};
pub use run::{DistributedMap, map_distributed};
pub(crate) use source::Items;
pub use source::{Batch, ItemSource, Source};
