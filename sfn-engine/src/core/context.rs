//! The Context Object: what an execution, a State and an item can know about themselves.
//! Separate because its shape is the service's, field by field and in its order.

use std::sync::Arc;

use sfn_asl::Value;

use super::Identity;
use super::strand::{Item, Strand};
use crate::Timestamp;

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
            ("Id", text(&identity.execution_arn)),
            ("Input", input.clone()),
            ("StartTime", Value::from(started.to_string())),
            ("Name", text(&identity.name)),
            ("RoleArn", text(&identity.role_arn)),
        ];
        // Express executions cannot be redriven, and so know nothing of it.
        let redrives = (!identity.is_express()).then(|| ("RedriveCount", Value::from(0)));
        Self {
            execution: execution.into_iter().chain(redrives).collect(),
            machine: object([("Id", text(&identity.machine_arn)), ("Name", text(&identity.machine_name))]),
        }
    }

    /// The execution has been redriven.
    pub(super) fn redriven(&mut self, count: u64, at: Timestamp) {
        let Value::Object(fields) = &self.execution else { return };
        let kept = fields.iter().filter(|(name, _)| !name.starts_with("Redrive"));
        let kept = kept.map(|(name, value)| (Arc::clone(name), value.clone()));
        let count = Value::from(i64::try_from(count).unwrap_or(i64::MAX));
        let new = [("RedriveCount", count), ("RedriveTime", Value::from(at.to_string()))];
        self.execution = kept.chain(new.map(|(name, value)| (name.into(), value))).collect();
    }

    /// The Context Object as the State that a strand is in sees it.
    pub(super) fn within(&self, strand: &Strand, name: &Arc<str>, has_retry: bool) -> Value {
        let retried: u32 = strand.retries.iter().sum();
        let state = [
            ("Name", Value::from(Arc::clone(name))),
            ("EnteredTime", Value::from(strand.entered_at.to_string())),
        ];
        let state =
            state.into_iter().chain(has_retry.then(|| ("RetryCount", Value::from(i64::from(retried)))));
        let mut fields = vec![
            ("Execution", self.execution.clone()),
            ("StateMachine", self.machine.clone()),
            ("State", state.collect()),
        ];
        fields.extend(
            strand.token.as_ref().map(|token| ("Task", object([("Token", Value::from(Arc::clone(token)))]))),
        );
        fields.extend(strand.item.as_ref().map(map_field));
        fields.into_iter().collect()
    }
}

/// A Context Object as the Item Selector sees it for an item.
pub(super) fn with_item(context: &Value, item: &Item) -> Value {
    let mut fields = context.as_object().cloned().unwrap_or_default();
    let (name, value) = map_field(item);
    fields.insert(name, value);
    Value::from(fields)
}

fn map_field(item: &Item) -> (&'static str, Value) {
    let text = |text: &Arc<str>| Value::from(Arc::clone(text));
    let fields = [
        ("Index", Some(Value::from(i64::try_from(item.index).unwrap_or(i64::MAX)))),
        ("Key", item.key.as_ref().map(text)),
        ("Value", Some(item.value.clone())),
        ("Source", item.source.as_ref().map(text)),
    ];
    let item = fields.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    ("Map", object([("Item", item)]))
}

fn object<const N: usize>(fields: [(&'static str, Value); N]) -> Value {
    fields.into_iter().collect()
}
