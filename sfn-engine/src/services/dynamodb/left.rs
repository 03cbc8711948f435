//! What outlives the process of tables: what earlier processes left, and what the next ones will find.
//! Separate because operations know nothing of it.

use std::collections::HashMap;

use sfn_asl::Value;
use sfn_jsonata::Object;

use super::Change;
use crate::driver::TaskRequest;
use crate::journal::{KeptItem, KeptItems, Unit, answered, kept};

/// What earlier processes left.
#[derive(Debug)]
pub(super) struct Left {
    /// By table, the items of those that are not declared, or that are declared with another key, each with the text of
    /// its key: whoever declares them as they were finds them again.
    items: HashMap<String, Vec<(String, Object)>>,
    answers: HashMap<(u64, String), Value>,
}

impl From<KeptItems> for Left {
    fn from(KeptItems { items, answers }: KeptItems) -> Self {
        let mut by_table: HashMap<String, Vec<_>> = HashMap::new();
        for KeptItem { table, key, item } in items {
            if let Value::Object(item) = item {
                by_table.entry(table).or_default().push((key, Object::clone(&item)));
            }
        }
        Self { items: by_table, answers }
    }
}

impl Left {
    /// Takes out the items of a table whose keys are what the table makes of them.
    pub(super) fn items_of(
        &mut self,
        table: &str,
        key_of: impl Fn(&Object) -> Option<String>,
    ) -> Vec<(String, Object)> {
        let Some(items) = self.items.get_mut(table) else { return Vec::new() };
        items.extract_if(.., |(key, item)| key_of(item).as_ref() == Some(key)).collect()
    }

    /// What was answered to a request, if it was made before, and the process died before the execution knew.
    pub(super) fn answered(&mut self, request: &TaskRequest) -> Option<Value> {
        let number = request.number.filter(|_| !self.answers.is_empty())?;
        self.answers.remove(&(number, request.unique_name()))
    }
}

/// A change and what it is answered with, for the store.
pub(super) fn unit(table: &str, change: &Change, request: Option<&TaskRequest>, answer: &Value) -> Unit {
    let item = kept(table, &change.key, change.item.clone().map(Value::from));
    let answer = request
        .and_then(|request| Some((request.number?, request.unique_name())))
        .map(|(number, name)| answered(number, name, answer));
    std::iter::once(item).chain(answer).collect()
}
