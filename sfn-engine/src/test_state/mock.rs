//! What stands in for a State's work, and whether it may: the service's checks, in its order.
//! Separate because these checks look at the request alone, before anything is evaluated.

use sfn_asl::{State, Value};

use super::definition::{Single, has_inside};
use super::{TestState, schema};
use crate::control::Refusal;
use crate::core::{Pattern, Resource, ResourceKind};
use crate::history::Fault;

/// What stands in for a State's work: a result or an error.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mock {
    /// The result, as JSON text.
    pub result: Option<String>,
    /// Error and cause.
    pub error_output: Option<Fault>,
    /// How closely the result is held against the service's API.
    pub field_validation: FieldValidation,
}

/// How closely a mocked result is held against the API of the service that it stands for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// What must be there is there, and what is there is as it should be.
    #[default]
    Strict,
    /// What is there is as it should be.
    Present,
    /// Anything goes.
    None,
}

impl Mock {
    /// A result, as JSON text.
    pub fn of_result(result: impl Into<String>) -> Self {
        Self { result: Some(result.into()), ..Self::default() }
    }

    /// An error of that name and cause.
    pub fn of_error(error: &str, cause: &str) -> Self {
        let fault = Fault { error: Some(error.into()), cause: Some(cause.into()) };
        Self { error_output: Some(fault), ..Self::default() }
    }

    pub(super) fn parsed(self) -> Result<crate::core::Mock, Refusal> {
        match (self.result, self.error_output) {
            (_, Some(fault)) => Ok(crate::core::Mock::Error(fault)),
            (Some(result), None) => parse(&result).map(crate::core::Mock::Result),
            (None, None) => Err(nothing_mocked()),
        }
    }
}

/// Refuses what the service refuses before it evaluates anything.
pub(super) fn check(single: &Single, test: &TestState) -> Result<(), Refusal> {
    let state = &single.state;
    match &test.mock {
        None => check_without(state, test),
        Some(mock) => check_mock(state, test, mock),
    }
}

fn check_without(state: &State, test: &TestState) -> Result<(), Refusal> {
    let configuration = &test.configuration;
    for (field, is_given) in [
        ("RetrierRetryCount", configuration.retrier_retry_count.is_some()),
        ("ErrorCausedByState", configuration.error_caused_by_state.is_some()),
        ("MapIterationFailureCount", configuration.map_iteration_failure_count.is_some()),
        ("MapItemReaderData", configuration.map_item_reader_data.is_some()),
        ("Context", test.context.is_some()),
    ] {
        if is_given {
            let message = format!("TestState does not support {field} when a mock is not specified.");
            return Err(Refusal::validation(message));
        }
    }
    let unsupported =
        |what: &str| Err(Refusal::new("InvalidDefinition", format!("TestState API does not support {what}")));
    let State::Task(task) = state else {
        return match state {
            State::Map(_) | State::Parallel(_) => unsupported(
                "Map or Parallel states. Supported state types include: [Task, Wait, Pass, Succeed, Fail, Choice]",
            ),
            _ => Ok(()),
        };
    };
    let resource = Resource::new(&task.resource);
    if *resource.kind() == ResourceKind::Activity {
        return unsupported("Activity tasks.");
    }
    if resource.pattern() != Pattern::RequestResponse {
        return unsupported("'.sync' or '.waitForTaskToken' integration patterns.");
    }
    if test.role_arn.is_none() {
        return Err(Refusal::validation("RoleArn must be specified when testing a Task state"));
    }
    Ok(())
}

fn check_mock(state: &State, test: &TestState, mock: &Mock) -> Result<(), Refusal> {
    if !matches!(state, State::Task(_) | State::Map(_) | State::Parallel(_)) {
        let kind = state.type_name();
        let message = format!("State type '{kind}' is not supported when a mock is specified");
        return Err(Refusal::validation(message));
    }
    if test.reveals_secrets {
        let message = "TestState does not support RevealSecrets when a mock is specified.";
        return Err(Refusal::validation(message));
    }
    match (&mock.result, &mock.error_output) {
        (Some(_), Some(_)) => {
            let message = "A test mock should have only one of the following fields: [result, errorOutput].";
            return Err(Refusal::validation(message));
        }
        (None, None) => return Err(nothing_mocked()),
        (None, Some(fault)) if fault.error.as_deref().is_none_or(str::is_empty) => {
            let message = "An error was not specified in the mocked error output.";
            return Err(Refusal::validation(message));
        }
        (None, Some(_)) => {}
        (Some(result), None) => check_result(state, &parse(result)?, mock.field_validation)?,
    }
    check_configuration(state, test)
}

fn check_result(state: &State, result: &Value, validation: FieldValidation) -> Result<(), Refusal> {
    let array = || result.as_array().ok_or_else(|| Refusal::validation("Mocked result must be an array."));
    match state {
        State::Map(map) if map.result_writer.as_ref().is_some_and(|writer| writer.resource.is_some()) => {
            match result {
                Value::Object(_) => Ok(()),
                _ => Err(Refusal::validation("Mocked result must be a JSON object.")),
            }
        }
        State::Map(_) => array().map(drop),
        State::Parallel(parallel) if array()?.len() != parallel.branches.len() => Err(Refusal::validation(
            "Mocked result must contain the same number of items as number of Parallel branches.",
        )),
        State::Task(task) => schema::check(&task.resource, result, validation),
        _ => Ok(()),
    }
}

fn check_configuration(state: &State, test: &TestState) -> Result<(), Refusal> {
    let configuration = &test.configuration;
    let is_map = matches!(state, State::Map(_));
    for (field, is_given) in [
        ("MapIterationFailureCount", configuration.map_iteration_failure_count.is_some()),
        ("MapItemReaderData", configuration.map_item_reader_data.is_some()),
    ] {
        if is_given && !is_map {
            let message = format!("{field} is only supported when testing a Map state.");
            return Err(Refusal::validation(message));
        }
    }
    if let Some(name) = &configuration.error_caused_by_state
        && !has_inside(state, name)
    {
        let message = format!("State '{name}' of ErrorCausedByState not found in the tested state");
        return Err(Refusal::validation(message));
    }
    if let State::Map(map) = state
        && map.item_reader.is_some()
        && configuration.map_item_reader_data.is_none()
    {
        let message = "ItemReader data must be specified when testing a Map state with ItemReader specified.";
        return Err(Refusal::validation(message));
    }
    Ok(())
}

fn parse(result: &str) -> Result<Value, Refusal> {
    serde_json::from_str(result).map_err(|_| Refusal::validation("Mocked result must be valid JSON"))
}

fn nothing_mocked() -> Refusal {
    Refusal::validation("A test mock should have one of the following fields: [result, errorOutput].")
}
