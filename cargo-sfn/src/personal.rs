//! Personal data in what is shown of a run: which values are personal, by the manifest's schemas, and texts without them.
//! Apart from the timeline and the display, which know nothing of payloads.

use serde_json::Value;
use sfn_core::{ErrorBody, TaskManifest, WorkflowManifest, for_each_personal};
use sfn_engine::driver::{Observation, Observed};
use sfn_engine::history::{Details, Fault, HistoryEvent};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What stands in the place of a personal value.
const HIDDEN: &str = "[pii]";

/// Shorter texts and numbers are part of everything, and tell nobody.
const SHORTEST: usize = 3;

/// The personal values that were seen so far.
#[derive(Debug)]
pub(crate) struct Personal {
    input: Option<Value>,
    output: Option<Value>,
    /// The tasks, each with what the definition calls its function or activity.
    tasks: Vec<(String, TaskManifest)>,
    /// The task that each event is about, by the execution and the number of the event.
    about: HashMap<(Arc<str>, u64), usize>,
    /// The texts, as they stand in others.
    seen: BTreeSet<String>,
}

impl Personal {
    /// Of a run of a workflow; `called` says what its definition calls a task.
    pub(crate) fn of(workflow: &WorkflowManifest, called: impl Fn(&TaskManifest) -> String) -> Self {
        Self {
            input: workflow.input.clone(),
            output: workflow.output.clone(),
            tasks: workflow.tasks.iter().map(|task| (called(task), task.clone())).collect(),
            about: HashMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// Where nothing is to be hidden.
    pub(crate) fn shown() -> Self {
        Self { input: None, output: None, tasks: Vec::new(), about: HashMap::new(), seen: BTreeSet::new() }
    }

    /// Notes what is personal in what happened.
    pub(crate) fn note(&mut self, observation: &Observation) {
        if let Observed::Recorded(event) = &observation.what {
            self.event(&observation.execution, event);
        }
    }

    fn event(&mut self, execution: &Arc<str>, event: &HistoryEvent) {
        let key = |id| (Arc::clone(execution), id);
        let task = match &event.details {
            Details::ExecutionStarted { input, .. } => {
                let schema = self.input.clone();
                return self.gather(schema.as_ref(), &json(input));
            }
            Details::TaskScheduled(scheduled) => {
                let parameters = json(&scheduled.parameters);
                let (called, payload) = match parameters.get("FunctionName").and_then(Value::as_str) {
                    Some(function) => (function, &parameters["Payload"]),
                    // An activity is the Resource itself, and is given nothing but its payload.
                    None => (scheduled.resource.as_str(), &parameters),
                };
                let task = self.tasks.iter().position(|(name, _)| name == called);
                if let Some(task) = task {
                    let schema = self.tasks[task].1.input.clone();
                    self.gather(Some(&schema), payload);
                }
                task
            }
            _ => self.about.get(&key(event.previous_event_id)).copied(),
        };
        let Some(task) = task else { return };
        match &event.details {
            Details::TaskScheduled(_) | Details::TaskStarted { .. } | Details::TaskSubmitted { .. } => {
                self.about.insert(key(event.id), task);
            }
            Details::TaskSucceeded { output, .. } => {
                let (schema, output) = (self.tasks[task].1.output.clone(), json(output));
                // Request Response answers with the payload among other things, a callback with nothing else.
                self.gather(Some(&schema), output.get("Payload").unwrap_or(&output));
            }
            Details::TaskFailed { fault, .. } => self.fault(task, fault),
            _ => {}
        }
    }

    /// The fields of a declared error.
    fn fault(&mut self, task: usize, fault: &Fault) {
        let body = fault.cause.as_deref().and_then(|cause| serde_json::from_str::<ErrorBody>(cause).ok());
        let Some(body) = body else { return };
        let message: Value = serde_json::from_str(&body.error_message).unwrap_or_default();
        let declared = self.tasks[task].1.errors.iter().find(|error| error.name == body.error_type);
        for (name, schema) in declared.map(|error| error.fields.clone()).unwrap_or_default() {
            self.gather(Some(&schema), &message["fields"][name.as_str()]);
        }
    }

    /// Notes the values that a schema marks.
    fn gather(&mut self, schema: Option<&Value>, value: &Value) {
        let Some(schema) = schema else { return };
        for_each_personal(schema, &mut value.clone(), &mut |found| self.remember(found));
    }

    fn remember(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.remember(item)),
            Value::Object(fields) => fields.values().for_each(|field| self.remember(field)),
            Value::String(text) if text.chars().count() >= SHORTEST => {
                self.seen.insert(text.clone());
                // As it stands in JSON.
                let quoted = value.to_string();
                self.seen.insert(quoted[1..quoted.len() - 1].to_owned());
            }
            Value::Number(number) if number.to_string().len() >= SHORTEST => {
                self.seen.insert(number.to_string());
            }
            _ => {}
        }
    }

    /// A text without what is personal.
    pub(crate) fn hide(&self, text: &str) -> String {
        let mut found: Vec<&String> = self.seen.iter().filter(|seen| text.contains(seen.as_str())).collect();
        // A longer one may hold a shorter one.
        found.sort_by_key(|seen| std::cmp::Reverse(seen.len()));
        found.into_iter().fold(text.to_owned(), |text, seen| text.replace(seen.as_str(), HIDDEN))
    }

    /// What the workflow gave, without what is personal.
    pub(crate) fn output(&self, mut output: Value) -> Value {
        if let Some(schema) = &self.output {
            for_each_personal(schema, &mut output, &mut |found| *found = HIDDEN.into());
        }
        output
    }
}

/// The engine's values as the manifest's.
fn json(value: &sfn_asl::Value) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_seen_is_hidden_in_texts_and_outputs() {
        let text = json!({ "type": "string", "x-pii": true });
        let whole = json!({ "type": "object", "properties": { "email": text, "age": { "type": "integer", "x-pii": true } } });
        let mut personal = Personal { input: None, output: Some(whole.clone()), ..Personal::shown() };
        personal.gather(Some(&whole), &json!({ "email": "ada \"x\" example", "age": 36, "id": "o-1" }));
        personal.gather(Some(&text), &json!("ada \"x\" example.com"));
        let line = r#"o-1: ada "x" example.com and {"to":"ada \"x\" example"} at 36"#;
        assert_eq!(personal.hide(line), r#"o-1: [pii] and {"to":"[pii]"} at 36"#);
        let output = personal.output(json!({ "email": "eve", "age": 1, "id": "o-1" }));
        assert_eq!(output, json!({ "email": "[pii]", "age": "[pii]", "id": "o-1" }));
    }
}
