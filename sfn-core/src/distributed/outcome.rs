//! What comes of a distributed map: the outputs, outputs and failures, or a note of where they were written.
//! Separate because each is a type of its own, and options of the call choose between them.

use std::convert::Infallible;

use super::record::record;
use crate::Failed;

record! {
    /// What a distributed map gives whose results are written: its Map Run, and where the results are.
    MapRun / MapRunFields {
        /// The ARN of the Map Run.
        map_run_arn: String = "MapRunArn",
        /// Where the results are.
        result_writer_details: ResultWriterDetails = "ResultWriterDetails",
    }
}

record! {
    /// Where a distributed map has written its results: the object that lists their files.
    ResultWriterDetails / ResultWriterDetailsFields {
        /// The bucket.
        bucket: String = "Bucket",
        /// The key of `manifest.json`.
        key: String = "Key",
    }
}

record! {
    /// Why a child execution failed.
    ItemFailure / ItemFailureFields {
        /// The Error Name.
        error: String = "error",
        /// The cause.
        cause: String = "cause",
    }
}

/// The items that failed, or the batches of them, each with why.
pub type FailedItems<T> = Vec<(T, ItemFailure)>;

impl From<Failed> for ItemFailure {
    fn from(failed: Failed) -> Self {
        Self { error: failed.error().to_owned(), cause: failed.cause().to_owned() }
    }
}

/// How what comes of the children is gathered.
pub trait Gathering {
    /// How it is gathered where failures are tolerated.
    type Tolerant: Gathering;
}

/// All outputs, where no child may fail.
#[derive(Debug)]
pub struct OnlySuccesses(Infallible);

/// Outputs and failures.
#[derive(Debug)]
pub struct Split(Infallible);

/// Nothing: the results are written.
#[derive(Debug)]
pub struct Written(Infallible);

impl Gathering for OnlySuccesses {
    type Tolerant = Split;
}

impl Gathering for Split {
    type Tolerant = Self;
}

impl Gathering for Written {
    type Tolerant = Self;
}
