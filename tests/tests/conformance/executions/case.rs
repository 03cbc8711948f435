//! A recorded execution, as it stands in the file.
//! Separate because the file's shape is a contract of its own.

use std::collections::VecDeque;

use serde::Deserialize;
use sfn_asl::Value;

#[derive(Deserialize)]
pub(super) struct Case {
    pub(super) id: String,
    #[serde(rename = "type", default)]
    kind: String,
    definition: Value,
    pub(super) input: Value,
    #[serde(default)]
    needs: Vec<String>,
    #[serde(default)]
    pub(super) mocks: Vec<Mock>,
    pub(super) expected_status: String,
    pub(super) expected_output: Value,
    #[serde(default)]
    pub(super) has_output: bool,
    pub(super) expected_error: Option<Value>,
    pub(super) expected_cause: Option<Value>,
    pub(super) expected_history_types: Option<Vec<String>>,
    #[serde(default)]
    pub(super) expected_history: Option<Vec<Value>>,
    #[serde(default)]
    pub(super) order_normalised: bool,
    /// Day, month and year, then the time.
    #[serde(default)]
    recorded_date: Option<String>,
    #[serde(default)]
    pub(super) s3_objects: Vec<S3Object>,
}

/// An object that was in S3 before the execution began.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct S3Object {
    pub(super) bucket: String,
    pub(super) key: String,
    pub(super) body: String,
}

/// What one attempt at a task was handed and what it came to.
#[derive(Deserialize, Clone)]
pub(super) struct Mock {
    pub(super) state: String,
    pub(super) outcome: MockOutcome,
}

#[derive(Deserialize, Clone)]
pub(super) struct MockOutcome {
    #[serde(rename = "type")]
    pub(super) event_type: String,
    #[serde(default)]
    pub(super) output: Value,
    #[serde(default)]
    pub(super) error: Option<String>,
    #[serde(default)]
    pub(super) cause: Option<Value>,
}

/// A time that the recording masks, in an input that must hold one: past for an execution that ended, far off for one
/// that was still running.
const MASKED_TIME: &str = "<timestamp>";

impl Case {
    /// The document, as the author's text where that was recorded.
    pub(super) fn definition(&self) -> String {
        self.definition.as_str().map_or_else(|| self.definition.to_string(), str::to_owned)
    }

    /// The input, with a time of our own where the recording masks one.
    pub(super) fn input(&self) -> Value {
        let time = if self.is_running() { "2099-01-01T00:00:00Z" } else { "2001-01-01T00:00:00Z" };
        unmasked(&self.input, time)
    }

    /// Whether it is an Express execution.
    pub(super) fn is_express(&self) -> bool {
        self.kind == "EXPRESS"
    }

    /// Whether numbers in it are random, and masked by texts in the recording.
    pub(super) fn is_random(&self) -> bool {
        self.needs.iter().any(|need| need == "nondeterminism")
    }

    /// Whether the execution was still running when it was recorded.
    pub(super) fn is_running(&self) -> bool {
        self.expected_status == "RUNNING?"
    }

    /// Whether it was recorded before that month; the service has changed since.
    pub(super) fn predates(&self, year: &str, month: &str) -> bool {
        let date = self.recorded_date.as_deref().and_then(|date| date.split_once(','));
        let mut parts = date.into_iter().flat_map(|(date, _)| date.split('-')).rev();
        matches!((parts.next(), parts.next()), (Some(y), Some(m)) if (y, m) < (year, month))
    }

    /// The role the recording was made under, from the first event or from a Context Object in the output.
    pub(super) fn role_arn(&self) -> Option<String> {
        let first = self.expected_history.as_ref().and_then(|history| history.first());
        let started =
            first.and_then(|event| event.get("executionStartedEventDetails")?.get("roleArn")?.as_str());
        started.or_else(|| role_in(&self.expected_output)).map(str::to_owned)
    }

    /// The details of the recorded events of a type, in order.
    pub(super) fn recorded(&self, event_type: &str, field: &str) -> VecDeque<Value> {
        let is_of_type = |event: &&Value| event.get("type").and_then(Value::as_str) == Some(event_type);
        let events = self.expected_history.iter().flatten().filter(is_of_type);
        events.filter_map(|event| event.get(field).cloned()).collect()
    }

    /// What the tasks of the recorded history came to.
    pub(super) fn task_outcomes(&self) -> VecDeque<MockOutcome> {
        let fields = ["taskSucceededEventDetails", "taskFailedEventDetails"];
        let events = self.expected_history.iter().flatten();
        events
            .filter_map(|event| {
                let details = fields.iter().find_map(|field| event.get(field))?;
                Some(MockOutcome {
                    event_type: event.get("type")?.as_str()?.to_owned(),
                    output: details.get("output").cloned().unwrap_or_default(),
                    error: details.get("error").and_then(Value::as_str).map(str::to_owned),
                    cause: details.get("cause").cloned(),
                })
            })
            .collect()
    }
}

fn unmasked(value: &Value, time: &str) -> Value {
    match value {
        Value::String(text) if **text == *MASKED_TIME => Value::from(time),
        Value::Array(items) => items.iter().map(|item| unmasked(item, time)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), unmasked(value, time))).collect()
        }
        other => other.clone(),
    }
}

fn role_in(value: &Value) -> Option<&str> {
    let own = value.get("RoleArn").and_then(Value::as_str);
    own.or_else(|| value.as_object()?.values().find_map(role_in))
}
