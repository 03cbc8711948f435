//! Which Lambda function a Task State invokes, and where that is written.
//! Separate because several rules about functions ask.

use crate::Task;

/// Whether the Task invokes a Lambda function, by its ARN or by the optimised integration.
pub(super) fn is_invoked(task: &Task) -> bool {
    is_integration(task) || Function::of_arn(&task.resource).is_some()
}

fn is_integration(task: &Task) -> bool {
    around(&task.resource, "states:::lambda:invoke").is_some()
}

/// What stands in an ARN before a part and the colon before that, and what stands behind it.
#[inline]
fn around<'a>(arn: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    // Few of its bytes are colons, so that this finds the part sooner than a search for the whole.
    let mut colons = arn.bytes().enumerate().filter(|(_, byte)| *byte == b':');
    colons.find_map(|(at, _)| Some((&arn[..at], arn[at + 1..].strip_prefix(part)?)))
}

/// A Lambda function, named by its ARN.
#[derive(Debug, Clone, Copy)]
pub(super) struct Function<'m> {
    pub(super) name: &'m str,
    /// The version or alias.
    pub(super) qualifier: Option<&'m str>,
}

impl<'m> Function<'m> {
    pub(super) fn of_arn(arn: &'m str) -> Option<Self> {
        let (head, function) = around(arn, "function:").filter(|_| arn.starts_with("arn:"))?;
        let (name, qualifier) = match function.split_once(':') {
            Some((name, qualifier)) => (name, Some(qualifier)),
            None => (function, None),
        };
        around(head, "lambda:").map(|_| Self { name, qualifier })
    }
}

/// The Lambda function that a Task invokes, with the fields that lead to its ARN in the State; nothing where that is
/// computed or a mere name.
pub(super) fn function(task: &Task) -> Option<(&'static [&'static str], Function<'_>)> {
    if !is_integration(task) {
        return Some((&["Resource"], Function::of_arn(&task.resource)?));
    }
    let (fields, payload): (&[&str], _) = match &task.arguments {
        Some(arguments) => (&["Arguments", "FunctionName"], arguments),
        None => (&["Parameters", "FunctionName"], task.parameters.as_ref()?),
    };
    Some((fields, Function::of_arn(payload.get("FunctionName")?.as_str()?)?))
}
