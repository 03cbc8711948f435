//! The Context Object: what an execution, a State and an item can know about themselves.
//! Separate because its shape is the service's, field by field and in its order.

use std::sync::{Arc, LazyLock};

use sfn_asl::Value;

use super::Identity;
use super::strand::{Item, Strand};
use crate::Timestamp;

/// Writes the names of the fields, each of which every Context Object shares.
macro_rules! names {
    ($($name:ident = $text:literal),+) => { $(static $name: LazyLock<Arc<str>> = LazyLock::new(|| $text.into());)+ };
}

names!(
    ID = "Id",
    INPUT = "Input",
    START_TIME = "StartTime",
    NAME = "Name",
    ROLE_ARN = "RoleArn",
    REDRIVE_COUNT = "RedriveCount",
    REDRIVE_TIME = "RedriveTime",
    ENTERED_TIME = "EnteredTime",
    RETRY_COUNT = "RetryCount",
    EXECUTION = "Execution",
    STATE_MACHINE = "StateMachine",
    STATE = "State",
    TASK = "Task",
    TOKEN = "Token",
    MAP = "Map",
    ITEM = "Item",
    INDEX = "Index",
    KEY = "Key",
    VALUE = "Value",
    SOURCE = "Source"
);

/// One of them.
type Name = &'static LazyLock<Arc<str>>;

/// The parts that are the same for every State of an execution, built once.
#[derive(Debug)]
pub(super) struct ContextRoot {
    execution: Value,
    machine: Value,
}

impl ContextRoot {
    pub(super) fn new(identity: &Identity, input: &Value, started: Timestamp) -> Self {
        let text = |text: &Arc<str>| Value::from(Arc::clone(text));
        let execution = [
            (&ID, text(&identity.execution_arn)),
            (&INPUT, input.clone()),
            (&START_TIME, Value::from(started.to_string())),
            (&NAME, text(&identity.name)),
            (&ROLE_ARN, text(&identity.role_arn)),
        ];
        // Express executions cannot be redriven, and so know nothing of it.
        let redrives = (!identity.is_express()).then(|| (&REDRIVE_COUNT, Value::from(0)));
        Self {
            execution: object(execution.into_iter().chain(redrives)),
            machine: object([(&ID, text(&identity.machine_arn)), (&NAME, text(&identity.machine_name))]),
        }
    }

    /// The execution has been redriven.
    pub(super) fn redriven(&mut self, count: u64, at: Timestamp) {
        let Value::Object(fields) = &self.execution else { return };
        let mut fields = (**fields).clone();
        fields.insert(Arc::clone(&REDRIVE_COUNT), Value::from(i64::try_from(count).unwrap_or(i64::MAX)));
        fields.insert(Arc::clone(&REDRIVE_TIME), Value::from(at.to_string()));
        self.execution = Value::from(fields);
    }

    /// The Context Object as the State that a strand is in sees it.
    pub(super) fn within(&self, strand: &Strand, name: &Arc<str>, has_retry: bool) -> Value {
        let retried: u32 = strand.retries.iter().sum();
        let state = [
            (&NAME, Value::from(Arc::clone(name))),
            (&ENTERED_TIME, Value::from(strand.entered_at.to_string())),
        ];
        let state =
            state.into_iter().chain(has_retry.then(|| (&RETRY_COUNT, Value::from(i64::from(retried)))));
        let mut fields = vec![
            (&EXECUTION, self.execution.clone()),
            (&STATE_MACHINE, self.machine.clone()),
            (&STATE, object(state)),
        ];
        fields.extend(
            strand.token.as_ref().map(|token| (&TASK, object([(&TOKEN, Value::from(Arc::clone(token)))]))),
        );
        fields.extend(strand.item.as_deref().map(map_field));
        object(fields)
    }
}

/// A Context Object as the Item Selector sees it for an item.
pub(super) fn with_item(context: &Value, item: &Item) -> Value {
    let mut fields = context.as_object().cloned().unwrap_or_default();
    let (name, value) = map_field(item);
    fields.insert(Arc::clone(name), value);
    Value::from(fields)
}

fn map_field(item: &Item) -> (Name, Value) {
    let text = |text: &Arc<str>| Value::from(Arc::clone(text));
    let fields = [
        (&INDEX, Some(Value::from(i64::try_from(item.index).unwrap_or(i64::MAX)))),
        (&KEY, item.key.as_ref().map(text)),
        (&VALUE, Some(item.value.clone())),
        (&SOURCE, item.source.as_ref().map(text)),
    ];
    let item = object(fields.into_iter().filter_map(|(name, value)| Some((name, value?))));
    (&MAP, object([(&ITEM, item)]))
}

fn object(fields: impl IntoIterator<Item = (Name, Value)>) -> Value {
    fields.into_iter().map(|(name, value)| (Arc::clone(name), value)).collect()
}
