//! Personal data in what is shown of a run: which values are personal, by the manifest's schemas, and texts without them.
//! Apart from the timeline and the display, which know nothing of payloads.

use serde_json::Value;
use sfn_core::{ErrorBody, ErrorManifest, TaskManifest, WorkflowManifest, for_each_personal};
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
    /// What is called, each under the name that definitions have for it.
    called: Vec<(String, Called)>,
    /// What each event is about, by the execution and the number of the event.
    about: HashMap<(Arc<str>, u64), usize>,
    /// The texts, as they stand in others.
    seen: BTreeSet<String>,
}

/// A task, or a workflow that another executes.
#[derive(Debug)]
struct Called {
    input: Option<Value>,
    output: Option<Value>,
    errors: Vec<ErrorManifest>,
    /// Where what it gives stands in the result of its State, among other things; a callback gives nothing else.
    gives: &'static str,
}

impl Personal {
    /// Of a run of the first of these workflows, which executes the others; `task` and `machine` say what definitions call a
    /// task and a workflow.
    pub(crate) fn of<'w>(
        workflows: impl Iterator<Item = &'w WorkflowManifest> + Clone,
        task: impl Fn(&TaskManifest) -> String,
        machine: impl Fn(&str) -> String,
    ) -> Self {
        let first = workflows.clone().next();
        let tasks = workflows.clone().flat_map(|workflow| &workflow.tasks).map(|own| {
            let (input, output) = (Some(own.input.clone()), Some(own.output.clone()));
            (task(own), Called { input, output, errors: own.errors.clone(), gives: "Payload" })
        });
        let executed = workflows.skip(1).map(|workflow| {
            let (input, output) = (workflow.input.clone(), workflow.output.clone());
            (machine(&workflow.name), Called { input, output, errors: Vec::new(), gives: "Output" })
        });
        Self {
            input: first.and_then(|workflow| workflow.input.clone()),
            output: first.and_then(|workflow| workflow.output.clone()),
            called: tasks.chain(executed).collect(),
            ..Self::shown()
        }
    }

    /// Where nothing is to be hidden.
    pub(crate) fn shown() -> Self {
        Self { input: None, output: None, called: Vec::new(), about: HashMap::new(), seen: BTreeSet::new() }
    }

    /// Notes what is personal in what happened.
    pub(crate) fn note(&mut self, observation: &Observation) {
        if let Observed::Recorded(event) = &observation.what {
            self.event(&observation.execution, event);
        }
    }

    fn event(&mut self, execution: &Arc<str>, event: &HistoryEvent) {
        let key = |id| (Arc::clone(execution), id);
        let called = match &event.details {
            // What others are given is seen where they are called.
            Details::ExecutionStarted { input, .. } => {
                let schema = self.input.take();
                return self.gather(schema.as_ref(), &json(input));
            }
            Details::TaskScheduled(scheduled) => {
                let parameters = json(&scheduled.parameters);
                let text = |name: &str| parameters.get(name).and_then(Value::as_str);
                let (called, payload) = match (text("FunctionName"), text("StateMachineArn")) {
                    (Some(function), _) => (function, &parameters["Payload"]),
                    (None, Some(machine)) => (machine, &parameters["Input"]),
                    // An activity is the Resource itself, and is given nothing but its payload.
                    (None, None) => (scheduled.resource.as_str(), &parameters),
                };
                let called = self.called.iter().position(|(name, _)| name == called);
                if let Some(called) = called {
                    let schema = self.called[called].1.input.clone();
                    self.gather(schema.as_ref(), payload);
                }
                called
            }
            _ => self.about.get(&key(event.previous_event_id)).copied(),
        };
        let Some(called) = called else { return };
        match &event.details {
            Details::TaskScheduled(_) | Details::TaskStarted { .. } | Details::TaskSubmitted { .. } => {
                self.about.insert(key(event.id), called);
            }
            Details::TaskSucceeded { output, .. } => {
                let (own, output) = (&self.called[called].1, json(output));
                let given = output.get(own.gives).unwrap_or(&output).clone();
                let schema = own.output.clone();
                self.gather(schema.as_ref(), &given);
            }
            Details::TaskFailed { fault, .. } => self.fault(called, fault),
            _ => {}
        }
    }

    /// The fields of a declared error.
    fn fault(&mut self, called: usize, fault: &Fault) {
        let body = fault.cause.as_deref().and_then(|cause| serde_json::from_str::<ErrorBody>(cause).ok());
        let Some(body) = body else { return };
        let message: Value = serde_json::from_str(&body.error_message).unwrap_or_default();
        let declared = self.called[called].1.errors.iter().find(|error| error.name == body.error_type);
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
