//! The operation that tests a State by itself.
//! Separate because each group of operations is a file of its own.

use serde_json::Value as Json;

use super::protocol::{Call, output, some};
use crate::control::{Control, Refusal};
use crate::history::Fault;
use crate::test_state::{self, Configuration, FieldValidation, Mock, TestState};

pub(super) async fn test_state(control: &Control, call: &Call) -> Result<Json, Refusal> {
    let test = TestState {
        definition: call.required("definition").to_owned(),
        state_name: call.text("stateName"),
        role_arn: call.text("roleArn"),
        input: call.text("input"),
        variables: call.text("variables"),
        context: call.text("context"),
        mock: call.json("mock").map(mock),
        configuration: call.json("stateConfiguration").map(configuration).unwrap_or_default(),
        reveals_secrets: call.flag("revealSecrets").unwrap_or(false),
    };
    let level = call.text("inspectionLevel").unwrap_or_default();
    let mut tested = test_state::test_state(control.engine(), &call.place, test).await?;
    if level != "TRACE" {
        tested.inspection.retain(|field, _| !matches!(field.as_str(), "request" | "response"));
    }
    let is_inspected = matches!(level.as_str(), "DEBUG" | "TRACE");
    Ok(output([
        ("status", some(tested.status.as_str())),
        ("output", tested.output.map(|output| output.to_string().into())),
        ("error", tested.fault.error.as_deref().map(Json::from)),
        ("cause", tested.fault.cause.as_deref().map(Json::from)),
        ("nextState", tested.next_state.as_deref().map(Json::from)),
        ("inspectionData", is_inspected.then(|| tested.inspection.into())),
    ]))
}

fn mock(mock: &Json) -> Mock {
    let error_output = mock.get("errorOutput").filter(|error| !error.is_null()).map(|error| Fault {
        error: text(error, "error").map(Into::into),
        cause: text(error, "cause").map(Into::into),
    });
    let field_validation = match mock["fieldValidationMode"].as_str() {
        Some("PRESENT") => FieldValidation::Present,
        Some("NONE") => FieldValidation::None,
        _ => FieldValidation::Strict,
    };
    Mock { result: text(mock, "result"), error_output, field_validation }
}

fn configuration(configuration: &Json) -> Configuration {
    let number = |field: &str| configuration[field].as_u64();
    Configuration {
        retrier_retry_count: number("retrierRetryCount")
            .map(|count| u32::try_from(count).unwrap_or(u32::MAX)),
        error_caused_by_state: text(configuration, "errorCausedByState"),
        map_iteration_failure_count: number("mapIterationFailureCount"),
        map_item_reader_data: text(configuration, "mapItemReaderData"),
    }
}

fn text(value: &Json, field: &str) -> Option<String> {
    value[field].as_str().map(str::to_owned)
}
