//! Which Lambda function a Task State invokes, and where that is written.
//! Separate because several rules about functions ask.

use crate::Task;
use crate::survey::Site;

/// What the `Resource` of a Task State says of a Lambda function.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Invoked<'m> {
    /// It invokes none.
    Nothing,
    /// It is the optimised integration: the arguments say which function is invoked.
    Integration,
    /// It names the function itself.
    Function(Function<'m>),
}

impl<'m> Invoked<'m> {
    pub(crate) fn by(resource: &'m str) -> Self {
        match Function::of_arn(resource) {
            Some(function) => Self::Function(function),
            None if around(resource, "states:::lambda:invoke").is_some() => Self::Integration,
            None => Self::Nothing,
        }
    }
}

/// What stands in an ARN before a part and the colon before that, and what stands behind it.
fn around<'a>(arn: &'a str, part: &str) -> Option<(&'a str, &'a str)> {
    // Few of its bytes are colons, so that this finds the part sooner than a search for the whole.
    let mut colons = arn.bytes().enumerate().filter(|(_, byte)| *byte == b':');
    colons.find_map(|(at, _)| Some((&arn[..at], arn[at + 1..].strip_prefix(part)?)))
}

/// A Lambda function, named by its ARN.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Function<'m> {
    pub(super) name: &'m str,
    /// The version or alias.
    pub(super) qualifier: Option<&'m str>,
}

impl<'m> Function<'m> {
    fn of_arn(arn: &'m str) -> Option<Self> {
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
pub(super) fn function<'m>(
    site: &Site<'m>,
    task: &'m Task,
) -> Option<(&'static [&'static str], Function<'m>)> {
    let (fields, payload): (&[&str], _) = match (site.lambda, &task.arguments) {
        (Invoked::Nothing, _) => return None,
        (Invoked::Function(function), _) => return Some((&["Resource"], function)),
        (Invoked::Integration, Some(arguments)) => (&["Arguments", "FunctionName"], arguments),
        (Invoked::Integration, None) => (&["Parameters", "FunctionName"], task.parameters.as_ref()?),
    };
    Some((fields, Function::of_arn(payload.get("FunctionName")?.as_str()?)?))
}
