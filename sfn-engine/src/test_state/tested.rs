//! What came of a test, in the words of the service's API.
//! Separate because the core's report knows stages and verdicts, not names of fields.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};
use sfn_asl::Value;

use crate::control::Refusal;
use crate::core::{Report, Stage, Verdict};
use crate::history::Fault;

/// How a tested State was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// By its own way.
    Succeeded,
    /// With a failure that nobody takes.
    Failed,
    /// With a failure that a Retrier takes.
    Retriable,
    /// With a failure that a Catcher took.
    CaughtError,
}

/// What came of a test.
#[derive(Debug, Clone, PartialEq)]
pub struct Tested {
    /// How the State was left.
    pub status: Status,
    /// Its output, if it has one.
    pub output: Option<Value>,
    /// Error and cause, if something went wrong.
    pub fault: Fault,
    /// The State that follows, if one does.
    pub next_state: Option<Arc<str>>,
    /// What its data was at every stage: the service's `inspectionData`.
    pub inspection: Map<String, Json>,
}

impl Status {
    /// The service's word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Retriable => "RETRIABLE",
            Self::CaughtError => "CAUGHT_ERROR",
        }
    }
}

pub(super) fn of(input: &Value, report: Report) -> Result<Tested, Refusal> {
    let Report { stages, variables, verdict } = report;
    let mut inspection = Map::new();
    inspection.insert("input".to_owned(), input.to_string().into());
    inspection.extend(stages.into_iter().map(|(stage, value)| field(stage, &value)));
    if !variables.is_empty() {
        inspection.insert("variables".to_owned(), Value::from(variables).to_string().into());
    }
    let mut tested = Tested {
        status: Status::Failed,
        output: None,
        fault: Fault::default(),
        next_state: None,
        inspection,
    };
    match verdict {
        Verdict::Refused(message) => return Err(Refusal::validation(message)),
        Verdict::Failed(fault) => tested.fault = fault,
        Verdict::Succeeded { output, next } => {
            tested.status = Status::Succeeded;
            (tested.output, tested.next_state) = (Some(output), next);
        }
        Verdict::Caught { fault, catcher, output, next } => {
            (tested.status, tested.fault) = (Status::CaughtError, fault);
            (tested.output, tested.next_state) = (Some(output), next);
            tested.inspection.insert("errorDetails".to_owned(), json!({ "catchIndex": catcher }));
        }
        Verdict::Retriable { fault, retrier, delay } => {
            (tested.status, tested.fault) = (Status::Retriable, fault);
            let details = json!({ "retryIndex": retrier, "retryBackoffIntervalSeconds": delay.as_secs() });
            tested.inspection.insert("errorDetails".to_owned(), details);
        }
    }
    Ok(tested)
}

/// A stage as a field. Data is JSON text, limits are numbers.
fn field(stage: Stage, value: &Value) -> (String, Json) {
    let (name, is_limit) = match stage {
        Stage::AfterInputPath => ("afterInputPath", false),
        Stage::AfterParameters => ("afterParameters", false),
        Stage::AfterArguments => ("afterArguments", false),
        Stage::AfterItemsPath => ("afterItemsPath", false),
        Stage::AfterItemsPointer => ("afterItemsPointer", false),
        Stage::AfterItemSelector => ("afterItemSelector", false),
        Stage::AfterItemBatcher => ("afterItemBatcher", false),
        Stage::MaxConcurrency => ("maxConcurrency", true),
        Stage::ToleratedFailureCount => ("toleratedFailureCount", true),
        Stage::ToleratedFailurePercentage => ("toleratedFailurePercentage", true),
        Stage::Result => ("result", false),
        Stage::AfterResultSelector => ("afterResultSelector", false),
        Stage::AfterResultPath => ("afterResultPath", false),
    };
    let shown = if is_limit { json!(value) } else { value.to_string().into() };
    (name.to_owned(), shown)
}
