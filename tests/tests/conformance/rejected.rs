//! Definitions that the service refused when they were recorded, and what it said.
//! Separate because these are calls of the control plane: nothing runs.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value as Json, json};
use sfn_asl::{ExecutionType, Value};
use sfn_engine::control::{Control, CreateStateMachine, Finding, Place, Refusal, UpdateStateMachine, judge};
use sfn_engine::driver::{Engine, TaskRequest};

use crate::compare::same;
use crate::lines;
use crate::suite::{Differences, Suite};

#[derive(Deserialize)]
struct Case {
    id: String,
    kind: String,
    definition: Json,
    definition_is_text: bool,
    #[serde(rename = "type")]
    execution_type: String,
    name: Option<String>,
    expected_error: Option<String>,
    expected_cause: Option<String>,
    expected_response: Option<Value>,
}

pub(crate) fn run(folder: &Path, differences: &Differences) -> Option<Suite> {
    let cases: Vec<Case> = lines(folder, "rejected.jsonl")?;
    let mut suite = Suite::new("rejected", &["REJECTED"], differences);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let _entered = runtime.enter();
    for case in cases {
        suite.count(&case.id, [case.verdict()]);
    }
    Some(suite)
}

impl Case {
    /// Inside a runtime, which an engine needs even where nothing runs.
    fn verdict(&self) -> Result<(), String> {
        if self.kind == "validate" {
            return self.validated();
        }
        let found = self.refused();
        let expected = self.expected_error.as_deref().zip(self.cause());
        match (&found, expected) {
            (Err(refusal), Some((code, message)))
                if refusal.code == code
                    && same(&Value::from(message), &Value::from(refusal.message.as_str())) =>
            {
                Ok(())
            }
            _ => Err(format!("expected {expected:?}, found {found:?}")),
        }
    }

    /// The service's words. Some were recorded through a client, which says first that an error occurred.
    fn cause(&self) -> Option<&str> {
        let cause = self.expected_cause.as_deref()?;
        let said =
            cause.strip_prefix("An error occurred (").and_then(|cause| cause.split_once(" operation: "));
        Some(said.map_or(cause, |(_, cause)| cause))
    }

    fn text(&self) -> String {
        match &self.definition {
            Json::String(text) if self.definition_is_text => text.clone(),
            definition => definition.to_string(),
        }
    }

    fn kind(&self) -> ExecutionType {
        if self.execution_type == "EXPRESS" { ExecutionType::Express } else { ExecutionType::Standard }
    }

    fn validated(&self) -> Result<(), String> {
        let findings = judge(&self.text(), self.kind());
        let refused: Vec<&Finding> = findings.iter().filter(|finding| finding.is_refused).collect();
        let diagnostic = |finding: &&Finding| {
            let mut diagnostic =
                json!({ "severity": "ERROR", "code": finding.code, "message": finding.message });
            if let Some(location) = &finding.location {
                diagnostic["location"] = location.as_str().into();
            }
            diagnostic
        };
        let found = json!({
            "diagnostics": refused.iter().map(diagnostic).collect::<Vec<_>>(),
            "result": if refused.is_empty() { "OK" } else { "FAIL" },
            "truncated": false,
            "ResponseMetadata": { "HTTPHeaders": {}, "HTTPStatusCode": 200 },
        });
        let expected = self.expected_response.as_ref().ok_or("a validation has a response")?;
        let found = Value::from(found);
        if same(expected, &found) { Ok(()) } else { Err(format!("expected {expected}, found {found}")) }
    }

    /// Calls what was called. What must have been there before follows from what the service said.
    fn refused(&self) -> Result<(), Refusal> {
        const ROLE: &str = "arn:aws:iam::111111111111:role/recorded";
        const BEFORE: &str = r#"{"StartAt": "Before", "States": {"Before": {"Type": "Succeed"}}}"#;
        let control =
            Control::new(Engine::builder(async |request: TaskRequest| Ok(request.arguments)).spawn());
        let place = Place { region: "us-east-1".to_owned(), account: "111111111111".to_owned() };
        // Names are masked in the recordings.
        let name = self.name.as_deref().filter(|name| !name.contains('<')).unwrap_or("masked");
        let create = |definition: &str, kind| {
            let create = CreateStateMachine { kind, ..CreateStateMachine::new(name, definition, ROLE) };
            control.create_state_machine(&place, create)
        };
        if self.kind == "update_error" {
            let machine = create(BEFORE, self.kind())?.arn;
            // The part of the ARN behind the masked name is what was wrong with it.
            let qualifier =
                self.cause().and_then(|cause| cause.rsplit_once('>')).map_or("", |(_, rest)| rest);
            let update = UpdateStateMachine {
                machine: format!("{machine}{}", qualifier.trim_end_matches('\'')),
                definition: Some(self.text()),
                ..UpdateStateMachine::default()
            };
            return control.update_state_machine(update).map(drop);
        }
        if self.expected_error.as_deref() == Some("StateMachineAlreadyExists") {
            create(BEFORE, self.kind())?;
        }
        create(&self.text(), self.kind()).map(drop)
    }
}
