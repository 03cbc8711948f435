//! Reading fields: by name, all of them (`*`), and all the way down (`**`).
//! Separate because these three look at values only and need no evaluation.

use crate::value::{Array, Flags, Value};

/// The field of an object; of an array, the fields of its elements, flattened into a sequence.
pub(crate) fn lookup(input: &Value, name: &str) -> Option<Value> {
    match input {
        Value::Object(fields) => fields.get(name).cloned(),
        Value::Array(items) => {
            let mut found = Vec::new();
            gather(items, name, &mut found);
            Some(Value::Array(Array::sequence(found)))
        }
        _ => None,
    }
}

fn gather(items: &Array, name: &str, found: &mut Vec<Value>) {
    for item in items {
        match item {
            Value::Object(fields) => match fields.get(name) {
                Some(Value::Array(values)) => found.extend_from_slice(values),
                Some(value) => found.push(value.clone()),
                None => {}
            },
            Value::Array(items) => gather(items, name, found),
            _ => {}
        }
    }
}

/// Every field of an object or element of an array, arrays flattened.
pub(super) fn wildcard(input: &Value) -> Value {
    let mut input = input;
    if let Value::Array(items) = input
        && items.flags().has(Flags::OUTER_WRAPPER)
        && let Some(first) = items.first()
    {
        input = first;
    }
    let mut found = Vec::new();
    let mut flags = Flags::SEQUENCE;
    let mut add = |value: &Value| match value {
        Value::Array(items) => {
            flatten(items, &mut found);
            // Joining arrays gives an ordinary array, whose single element is not unwrapped.
            flags = Flags::default();
        }
        value => found.push(value.clone()),
    };
    match input {
        Value::Array(items) => items.iter().for_each(&mut add),
        Value::Object(fields) => fields.values().for_each(&mut add),
        _ => {}
    }
    Value::Array(Array::from(found).flagged(flags))
}

fn flatten(items: &Array, found: &mut Vec<Value>) {
    for item in items {
        match item {
            Value::Array(items) => flatten(items, found),
            value => found.push(value.clone()),
        }
    }
}

/// The value and everything below it, arrays flattened.
pub(super) fn descendants(input: &Value) -> Value {
    let mut found = Vec::new();
    descend(input, &mut found);
    if found.len() == 1 {
        return found.swap_remove(0);
    }
    Value::Array(Array::sequence(found))
}

fn descend(input: &Value, found: &mut Vec<Value>) {
    match input {
        Value::Array(items) => items.iter().for_each(|item| descend(item, found)),
        Value::Object(fields) => {
            found.push(input.clone());
            fields.values().for_each(|value| descend(value, found));
        }
        value => found.push(value.clone()),
    }
}
