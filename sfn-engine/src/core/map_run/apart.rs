//! An Item Reader by itself, for whoever goes through its items without a Map Run.
//! Separate from Map Runs, which begin with the same reading and go on by themselves.

use sfn_asl::{ItemReader, Operand, Value};

use super::reader::{Reading, Step, StoreAnswer, StoreRequest};
use super::unreadable;
use crate::core::load::distributed::reads;
use crate::history::Fault;

/// A reader at work.
#[derive(Debug)]
pub struct ItemReading(Reading);

/// How far it got.
#[derive(Debug)]
pub enum Read {
    /// Ask the object store for this.
    Ask(StoreRequest),
    /// These are the items.
    Done(Vec<Value>),
}

impl ItemReading {
    /// Begins with a reader whose `Arguments` are constants.
    ///
    /// # Errors
    /// `States.ItemReaderFailed` where this engine does not read so, or does not know what.
    pub fn begin(reader: &ItemReader) -> Result<(Self, StoreRequest), Fault> {
        let config = reader.reader_config.clone().unwrap_or_default();
        let unsupported = |feature| unreadable(format!("{feature}, which this engine does not run"));
        let reads = reads(&reader.resource, &config).map_err(unsupported)?;
        let text = |name: &str| {
            let argument = reader.arguments.as_ref().and_then(|arguments| arguments.get(name));
            argument.and_then(Value::as_str).map(str::to_owned)
        };
        let place =
            if reads.is_list() { text("Prefix").or_else(|| Some(String::new())) } else { text("Key") };
        let bucket =
            text("Bucket").ok_or_else(|| unreadable("The ItemReader names no Bucket.".to_owned()))?;
        let place = place.ok_or_else(|| unreadable("The ItemReader names no Key.".to_owned()))?;
        let limit = match config.max_items {
            Some(Operand::Literal(limit)) => usize::try_from(limit).ok().filter(|limit| *limit > 0),
            _ => None,
        };
        let (reading, request) = Reading::begin(reads, bucket, place, limit.unwrap_or(usize::MAX));
        Ok((Self(reading), request))
    }

    /// Takes an answer and goes on.
    ///
    /// # Errors
    /// `States.ItemReaderFailed` where an object is not there, or not what it should be.
    pub fn answered(&mut self, answer: StoreAnswer) -> Result<Read, Fault> {
        match self.0.answered(answer).map_err(unreadable)? {
            Step::Ask(request) => Ok(Read::Ask(request)),
            Step::Done(entries) => Ok(Read::Done(entries.into_iter().map(|entry| entry.value).collect())),
        }
    }
}
