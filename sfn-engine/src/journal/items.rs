//! What is kept of the tables that stand in for DynamoDB's: their items, and what was answered to whoever changed them.
//! Separate from what happens to executions because items outlive the executions that put them there.

use std::collections::HashMap;

use sfn_asl::Value;

use super::codec::{codec_struct, decode};
use super::{Codec, Store, StoreError, Table, Write, key_of, key_of_text};

/// An item of a table.
#[derive(Debug)]
pub(crate) struct KeptItem {
    pub(crate) table: String,
    /// The text of its key.
    pub(crate) key: String,
    pub(crate) item: Value,
}

struct Answered {
    execution: u64,
    request: String,
    answer: Value,
}

codec_struct!(KeptItem { table, key, item });
codec_struct!(Answered { execution, request, answer });

/// What earlier processes left.
#[derive(Debug, Default)]
pub(crate) struct KeptItems {
    pub(crate) items: Vec<KeptItem>,
    /// What was answered, by the number of the execution and the unique name of the request. If the process died before an
    /// execution knew of its answer, the request is made again, and must not change anything a second time.
    pub(crate) answers: HashMap<(u64, String), Value>,
}

impl KeptItems {
    pub(super) fn read(store: &impl Store) -> Result<Self, StoreError> {
        let answers = values(store, Table::Answers)?.into_iter();
        Ok(Self {
            items: values(store, Table::Items)?,
            answers: answers
                .map(|Answered { execution, request, answer }| ((execution, request), answer))
                .collect(),
        })
    }
}

fn values<T: Codec>(store: &impl Store, table: Table) -> Result<Vec<T>, StoreError> {
    let damaged = || StoreError::Damaged(format!("an entry of the table {table:?} cannot be read"));
    store.read(table)?.iter().map(|(_, value)| decode(value).ok_or_else(damaged)).collect()
}

/// Sets what the item of a key is from now on, or that there is none.
pub(crate) fn kept(table: &str, key: &str, item: Option<Value>) -> Write {
    let place = [key_of_text(table), key_of_text(key)].concat();
    match item {
        Some(item) => {
            let row = KeptItem { table: table.to_owned(), key: key.to_owned(), item };
            Write::put(Table::Items, place, &row)
        }
        None => Write::Clear { table: Table::Items, prefix: place },
    }
}

/// Keeps what was answered to a request of an execution of that number, for as long as that is not over.
pub(crate) fn answered(execution: u64, request: String, answer: &Value) -> Write {
    let place = [key_of(execution), key_of_text(&request)].concat();
    Write::put(Table::Answers, place, &Answered { execution, request, answer: answer.clone() })
}
