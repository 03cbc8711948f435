//! A recorded execution, as it stands in the file.
//! Separate because the file's shape is a contract of its own.

use std::collections::VecDeque;

use serde::Deserialize;
use sfn_asl::Value;
use sfn_engine::core::Machine;

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) id: String,
    definition: Value,
    pub(crate) input: Value,
    #[serde(default)]
    pub(crate) needs: Vec<String>,
    #[serde(default)]
    pub(crate) mocks: Vec<Mock>,
    pub(crate) expected_status: String,
    pub(crate) expected_output: Value,
    #[serde(default)]
    pub(crate) has_output: bool,
    pub(crate) expected_error: Option<Value>,
    pub(crate) expected_cause: Option<Value>,
    pub(crate) expected_history_types: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) expected_history: Option<Vec<Value>>,
    #[serde(default)]
    pub(crate) order_normalised: bool,
}

/// What one attempt at a task came to.
#[derive(Deserialize, Clone)]
pub(crate) struct Mock {
    pub(crate) state: String,
    pub(crate) outcome: MockOutcome,
}

#[derive(Deserialize, Clone)]
pub(crate) struct MockOutcome {
    #[serde(rename = "type")]
    pub(crate) event_type: String,
    #[serde(default)]
    pub(crate) output: Value,
    #[serde(default)]
    pub(crate) error: Option<String>,
    #[serde(default)]
    pub(crate) cause: Option<Value>,
}

impl Case {
    /// The machine, if this engine runs it and the recording can be played.
    pub(crate) fn machine(&self) -> Option<Machine> {
        let playable = !self.needs.iter().any(|need| need == "task-token" || need == "activity");
        let finished = self.expected_status != "RUNNING?";
        let machine = playable.then(|| self.definition.to_string().parse::<Machine>().ok())??;
        finished.then_some(machine)
    }

    /// The role the recording was made under.
    pub(crate) fn role_arn(&self) -> Option<String> {
        let started = self.expected_history.as_ref()?.first()?.get("executionStartedEventDetails")?;
        started.get("roleArn")?.as_str().map(str::to_owned)
    }

    /// What the tasks of the recorded history came to.
    pub(crate) fn task_outcomes(&self) -> VecDeque<MockOutcome> {
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
