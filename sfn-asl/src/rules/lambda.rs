//! Which Lambda function a Task State invokes, and where that is written.
//! Separate because several rules about functions ask.

use crate::{Task, Value};

/// Whether the Task invokes a Lambda function, by its ARN or by the optimised integration.
pub(super) fn is_invoked(task: &Task) -> bool {
    task.resource.contains(":states:::lambda:invoke") || qualified(&task.resource).is_some()
}

/// The ARN of the Lambda function that a Task invokes, with the fields that lead to it in the State; nothing where it
/// is computed or a mere name.
pub(super) fn function(task: &Task) -> Option<(&'static [&'static str], &str)> {
    if qualified(&task.resource).is_some() {
        return Some((&["Resource"], &task.resource));
    }
    let (fields, payload): (&[&str], _) = match &task.arguments {
        Some(arguments) => (&["Arguments", "FunctionName"], arguments),
        None => (&["Parameters", "FunctionName"], task.parameters.as_ref()?),
    };
    let function = payload.get("FunctionName").and_then(Value::as_str).filter(|_| is_invoked(task))?;
    qualified(function).map(|_| (fields, function))
}

/// The name of the function in a Lambda function's ARN, and what stands behind it.
pub(super) fn qualified(arn: &str) -> Option<(&str, Option<&str>)> {
    if !arn.starts_with("arn:") {
        return None;
    }
    let (head, function) = arn.split_once(":function:")?;
    let parts = match function.split_once(':') {
        Some((name, qualifier)) => (name, Some(qualifier)),
        None => (function, None),
    };
    head.contains(":lambda:").then_some(parts)
}
