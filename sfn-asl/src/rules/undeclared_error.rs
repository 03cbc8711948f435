//! `undeclared-error`: a Retrier or Catcher waits for an error that its Task's action never raises.
//! Separate because every rule has a file of its own.

use sfn_catalogue::{Action, Pattern, Resource, Service};

use super::error_names::lists;
use super::{Check, Example, Rule};
use crate::document::has_placeholder;
use crate::nearest::nearest;
use crate::survey::{Site, Survey};
use crate::{Code, Diagnostic, ProcessorMode, Severity, State};

const CODE: Code = Code::new("undeclared-error");

pub(super) static RULE: Rule = Rule {
    code: CODE,
    severity: Severity::Warning,
    what: "An Error Name in a Retrier or Catcher that what is called does not raise: an API that does not declare it, \
           a job (`.sync`), an HTTP endpoint, a distributed Map; or one that Step Functions spells otherwise.",
    why: "The name never matches, so that the error goes past: a handler that looks right does nothing. An error is \
          the service's name, a dot, and the exception with the ending `Exception`. The two kinds of integrations \
          name the same service differently: `DynamoDB.` in `dynamodb:putItem`, `DynamoDb.` in \
          `aws-sdk:dynamodb:putItem`. Whatever happens to a job, a nested Execution included, the Task fails with \
          `States.TaskFailed`; whatever happens to an item of a distributed Map counts as a failure of the item.",
    instead: "Write the name the integration raises, or `States.TaskFailed` for all of them.",
    invalid: &[
        Example::new(
            "/States/Put/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "Put", "States": {
                "Put": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:dynamodb:putItem", "End": true,
                        "Catch": [{"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException"], "Next": "No"}]},
                "No": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Get/Catch/0/ErrorEquals/0",
            r#"{"StartAt": "Get", "States": {
                "Get": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:s3:getObject", "End": true,
                        "Catch": [{"ErrorEquals": ["S3.NoSuchKey"], "Next": "No"}]},
                "No": {"Type": "Succeed"}}}"#,
        ),
        Example::new(
            "/States/Run/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:states:::lambda:invoke",
                "Retry": [{"ErrorEquals": ["Lambda.AWSLambdaExeption"]}]}}}"#,
        ),
        Example::new(
            "/States/Run/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
                "Resource": "arn:aws:lambda:us-east-1:123456789012:function:run:1",
                "Retry": [{"ErrorEquals": ["Lambda.TooManyRequestException"]}]}}}"#,
        ),
        Example::new(
            "/States/Run/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true, "TimeoutSeconds": 60,
                "Resource": "arn:aws:states:::states:startExecution.sync:2", "Parameters": {"StateMachineArn": "m"},
                "Retry": [{"ErrorEquals": ["OutOfStock"]}]}}}"#,
        ),
        Example::new(
            "/States/Each/Retry/0/ErrorEquals/0",
            r#"{"StartAt": "Each", "States": {"Each": {"Type": "Map", "End": true, "MaxConcurrency": 5,
                "Retry": [{"ErrorEquals": ["OutOfStock"]}],
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
                    "StartAt": "Item", "States": {"Item": {"Type": "Succeed"}}}}}}"#,
        ),
    ],
    valid: &[
        r#"{"StartAt": "Run", "States": {"Run": {
            "Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "End": true, "TimeoutSeconds": 60,
            "Parameters": {"JobName": "j"}, "Retry": [
                {"ErrorEquals": ["Glue.ConcurrentRunsExceededException", "States.TaskFailed"]}]}}}"#,
        r#"{"StartAt": "Put", "States": {"Put": {
            "Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "End": true, "Retry": [
                {"ErrorEquals": ["DynamoDB.ConditionalCheckFailedException", "DynamoDB.AmazonDynamoDBException"]},
                {"ErrorEquals": ["DynamoDB.ThrottlingException", "States.Timeout"]}]}}}"#,
        r#"{"StartAt": "Run", "States": {"Run": {"Type": "Task", "End": true,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Retry": [{"ErrorEquals": ["OutOfStock", "com.example.NoSuchOrder", "Lambda.TooManyRequestsException"]}]}}}"#,
    ],
    check: Check::Machine(check),
};

fn check(survey: &Survey<'_>, found: &mut Vec<Diagnostic>) {
    for (_, site) in survey.handling() {
        let Some(called) = Called::of(site) else { continue };
        for (list, handler, names) in lists(site) {
            for (index, name) in names.iter().enumerate() {
                if name.starts_with("States.") || has_placeholder(name) {
                    continue;
                }
                let Some(help) = called.judge(name) else { continue };
                let place = site.pointer().join(list).join(handler).join("ErrorEquals").join(index);
                let message = format!("{} raises no error called `{name}`", called.shown());
                found.push(Diagnostic::warning(CODE, place, message).with_help(help));
            }
        }
    }
}

/// Who fails, as far as its errors are known.
enum Called {
    /// An API, with its own errors.
    Api(Action),
    /// A job: an API's errors until it has started, and then one for all that may happen to it.
    Job(Action),
    /// A Lambda function: its own errors, of any name, and those of Lambda.
    Function(Action),
    /// An HTTP endpoint.
    Http(Action),
    /// A Map Run, whose child Executions keep their errors to themselves.
    MapRun,
}

impl Called {
    fn of(site: &Site<'_>) -> Option<Self> {
        match (site.state, site.resource) {
            (State::Map(map), _) => {
                (map.item_processor.mode() == ProcessorMode::Distributed).then_some(Self::MapRun)
            }
            (State::Task(_), Resource::Known { action, pattern }) => {
                match (action.service().prefix(), pattern) {
                    ("Lambda", _) if action.name() == "invoke" => Some(Self::Function(action)),
                    ("Http", _) => Some(Self::Http(action)),
                    (_, Pattern::RequestResponse) => Some(Self::Api(action)),
                    (_, Pattern::RunAJob | Pattern::RunAJobWithJson) => Some(Self::Job(action)),
                    // Whoever returns a Task Token names errors as it likes.
                    (_, Pattern::WaitForCallback) => None,
                }
            }
            (State::Task(task), _) if task.resource.contains(":lambda:") => {
                sfn_catalogue::optimised_service("lambda")?.action("invoke").map(Self::Function)
            }
            _ => None,
        }
    }

    fn shown(&self) -> String {
        match self {
            Self::Api(action) | Self::Job(action) | Self::Function(action) | Self::Http(action) => {
                format!("`{action}`")
            }
            Self::MapRun => "a distributed Map State".to_owned(),
        }
    }

    /// For a name that is never raised, what to do about it.
    fn judge(&self, name: &str) -> Option<String> {
        let (owner, exception) = match name.split_once('.') {
            Some((owner, exception)) => (Some(owner), exception),
            None => (None, name),
        };
        match self {
            Self::Api(action) => {
                let declared: Vec<_> = action.exceptions().collect();
                misnamed(action.service(), &declared, owner, exception)
            }
            // A job is watched and stopped by other actions of the same service.
            Self::Job(action) => {
                let service = action.service();
                let sdk = sfn_catalogue::sdk_service(service.name());
                let actions = service.actions().chain(sdk.into_iter().flat_map(Service::actions));
                let declared: Vec<_> = actions.flat_map(Action::exceptions).collect();
                let help = misnamed(service, &declared, owner, exception)?;
                let is_near = help.starts_with("did you mean");
                Some(if is_near { help } else { "write `States.TaskFailed`: whatever happens to a job, it fails so".to_owned() })
            }
            // What a function raises has any name.
            Self::Function(action) => {
                let prefix = action.service().prefix();
                let declared: Vec<_> = action.exceptions().collect();
                owner.filter(|owner| owner.eq_ignore_ascii_case(prefix))?;
                let help = misnamed(action.service(), &declared, owner, exception)?;
                Some(help).filter(|help| help.starts_with("did you mean"))
            }
            Self::Http(_) => {
                Some("write `States.Http.StatusCode.` and a status code, `States.Http.Socket` or `States.TaskFailed`".to_owned())
            }
            Self::MapRun => Some(
                "write `States.ExceedToleratedFailureThreshold`: what fails in an item counts as a failure of the item"
                    .to_owned(),
            ),
        }
    }
}

/// For a name that a service never raises, what to do about it.
fn misnamed(service: Service, declared: &[&str], owner: Option<&str>, exception: &str) -> Option<String> {
    let prefix = service.prefix();
    let alike = declared.iter().copied().filter(|declared| is_like(declared, exception));
    let near = nearest(exception, alike);
    let is_raised = match near {
        Some(near) => near == exception,
        None => declared.is_empty() || is_undeclared_everywhere(exception),
    };
    if owner == Some(prefix) && is_raised {
        return None;
    }
    match near.or_else(|| is_raised.then_some(exception)) {
        Some(near) => Some(format!("did you mean `{prefix}.{near}`?")),
        None if declared.is_empty() => None,
        None => Some("write an error that it declares, or `States.TaskFailed` for all of them".to_owned()),
    }
}

/// Whether a declared exception is what a name may stand for, the ending aside.
fn is_like(declared: &str, name: &str) -> bool {
    // The ending may be misspelt itself.
    let stem = |name: &str| name.rfind("Ex").map_or(name, |ending| &name[..ending]).to_ascii_lowercase();
    let (declared, name) = (stem(declared), stem(name));
    declared == name || nearest(&name, [declared.as_str()]).is_some()
}

/// Exceptions that models do not declare operation by operation: a service's catch-all, the SDK's own, and those
/// that come from the front of every API.
fn is_undeclared_everywhere(exception: &str) -> bool {
    const PARTS: [&str; 14] = [
        "AccessDenied",
        "ExpiredToken",
        "InternalFailure",
        "InternalServer",
        "RequestLimit",
        "SdkClient",
        "Service",
        "Throttl",
        "Timeout",
        "TooManyRequests",
        "Unhandled",
        "Unknown",
        "UnrecognizedClient",
        "Validation",
    ];
    let is_catch_all = ["Amazon", "AWS", "Aws"].iter().any(|owner| exception.starts_with(owner));
    is_catch_all || PARTS.iter().any(|part| exception.contains(part))
}
