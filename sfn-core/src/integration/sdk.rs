//! Every other action of every service: by name, typed by its caller, checked against the catalogue when it is built.
//! Separate because it knows of no service.

use std::fmt;
use std::marker::PhantomData;

use super::given::text;
use super::task::NoErrors;
use super::{AnyArg, Given, Integration, Request};
use crate::ir::{Element, Expr, ExprKind};
use crate::task::{Pattern, Retry};
use crate::{AnyVal, Arg, Payload, TaskCall, TaskError};

/// How an action is called: the start and the end of its `Resource`, and how the result comes back.
pub trait CallPattern: 'static {
    /// What stands before the service.
    const PREFIX: &'static str;
    /// What stands behind the action.
    const SUFFIX: &'static str;
    /// How the result comes back.
    const PATTERN: Pattern;
}

macro_rules! patterns {
    ($($(#[$doc:meta])* $name:ident $prefix:literal $suffix:literal $pattern:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub enum $name {}

        impl CallPattern for $name {
            const PREFIX: &'static str = $prefix;
            const SUFFIX: &'static str = $suffix;
            const PATTERN: Pattern = Pattern::$pattern;
        }
    )+};
}

patterns! {
    /// An action of the AWS SDK: the service answers.
    AwsSdk "aws-sdk:" "" RequestResponse;
    /// An optimised integration: the service answers.
    RequestResponse "" "" RequestResponse;
    /// An optimised integration that waits for the job's end.
    RunAJob "" ".sync" RequestResponse;
    /// An integration that waits for the task token.
    WaitForCallback "" ".waitForTaskToken" WaitForCallback;
}

/// An action of a service: gives an `O`, fails with an `E` or another error.
pub struct Action<P, O, E = NoErrors>(PhantomData<fn() -> P>, PhantomData<fn() -> O>, PhantomData<fn() -> E>);

/// `aws-sdk:service:action`: calls any action of any service and gives its result as an `O`.
///
/// Service and action are spelt as in the `Resource`, arguments and results as the service spells them in Step Functions:
/// with a capital letter. Names and required arguments are checked when the workflow is built. A constant with `${Name}`
/// in the arguments is filled in at deployment. Nothing is retried unless [`retry`](TaskCall::retry) says so; then every
/// failure of the service is.
///
/// ```
/// use sfn_core::{Definition, aws_sdk};
/// use serde_json::{Value, json};
///
/// let definition = Definition::from_flow("size", "", |flow| {
///     let call = aws_sdk::<Value>("s3", "headObject", &json!({ "Bucket": "${Bucket}", "Key": "a.csv" }));
///     let head = flow.task(call).run();
///     flow.succeed(head);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""Resource": "arn:aws:states:::aws-sdk:s3:headObject""#));
///
/// let misspelt = Definition::from_flow("size", "", |flow| {
///     flow.task(aws_sdk::<Value>("s3", "headObjekt", &json!({}))).run();
/// });
/// let faults = misspelt.lower().unwrap_err();
/// assert!(faults[0].help.as_ref().unwrap().contains("headObject"));
/// ```
pub fn aws_sdk<O: Payload>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<AwsSdk, O>> {
    called(service, action, arguments)
}

/// As [`aws_sdk`], with errors to match on: an enum of [`service_errors!`](crate::service_errors!).
pub fn aws_sdk_with<O: Payload, E: TaskError>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<AwsSdk, O, E>> {
    called(service, action, arguments)
}

/// An optimised integration in its Request Response pattern: `service:action`.
pub fn request_response<O: Payload>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<RequestResponse, O>> {
    called(service, action, arguments)
}

/// An optimised integration in its Run a Job pattern: `service:action.sync` waits until the job has ended and gives its
/// description. Give it a timeout.
///
/// ```
/// use sfn_core::{hours, run_job};
/// use serde_json::{Value, json};
///
/// let call = run_job::<Value>("glue", "startJobRun", &json!({ "JobName": "${NightlyJob}" })).timeout(hours(2));
/// # let _ = call;
/// ```
pub fn run_job<O: Payload>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<RunAJob, O>> {
    called(service, action, arguments)
}

/// An integration in its Wait for Callback pattern: `service:action.waitForTaskToken` waits until the
/// [task token](crate::task_token) among its arguments is completed, with an `O`. Give it a timeout.
///
/// A service of the AWS SDK is called `aws-sdk:service`.
pub fn wait_for_callback<O: Payload>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<WaitForCallback, O>> {
    called(service, action, arguments)
}

fn called<P: CallPattern, O: Payload, E: TaskError>(
    service: impl Arg<String>,
    action: impl Arg<String>,
    arguments: impl AnyArg,
) -> TaskCall<Action<P, O, E>> {
    let call = TaskCall::of_service().with_argument("service", service).with_argument("action", action);
    call.with("arguments", [arguments.into_any_arg()])
}

impl<P: CallPattern, O: Payload, E: TaskError> Integration for Action<P, O, E> {
    type Output = O;
    type Error = E;
    const NAME: &'static str = "aws_sdk";
    const ARGUMENTS: &'static [&'static str] = &["service", "action", "arguments"];
    const PATTERN: Pattern = P::PATTERN;
    const RETRY: Retry = Retry::None;
    const TRANSIENT: &'static [&'static str] = &["States.TaskFailed"];

    fn request(given: &Given) -> Request {
        let name = |part, what| text(&given.get(part).unwrap_or_else(AnyVal::unit), what);
        let arguments = given.get("arguments").unwrap_or_else(AnyVal::unit);
        match (name("service", "a service's name"), name("action", "an action's name")) {
            (Ok(service), Ok(action)) => {
                let expr = with_placeholders(&arguments.expr);
                let request = format!("{}{service}:{action}{}", P::PREFIX, P::SUFFIX);
                let name = format!("{}_{action}", service.trim_start_matches("aws-sdk:"));
                Request { name: Some(name), ..Request::new(request, AnyVal { expr, ..arguments }) }
            }
            (service, action) => {
                let faults = [service.err(), action.err()].into_iter().flatten().collect();
                Request::new("aws-sdk", arguments.with_faults(faults))
            }
        }
    }

    fn answer(result: AnyVal) -> AnyVal {
        AnyVal::new(result.expr, O::shape())
    }
}

/// The same arguments, constants with `${Name}` to be filled in at deployment.
fn with_placeholders(expr: &Expr) -> Expr {
    match expr.kind() {
        ExprKind::Object(entries) => {
            let entries = entries.iter().map(|(name, entry)| (name.clone(), with_placeholders(entry)));
            Expr::new(ExprKind::Object(entries.collect()))
        }
        ExprKind::Array(elements) => {
            let elements = elements.iter().map(|element| element.with(with_placeholders(element.expr())));
            Expr::new(ExprKind::Array(elements.collect()))
        }
        ExprKind::Literal(value) => constant(value),
        _ => expr.clone(),
    }
}

fn constant(value: &serde_json::Value) -> Expr {
    use serde_json::Value;
    match value {
        Value::String(text) if text.contains("${") => Expr::new(ExprKind::Placeholder(text.clone())),
        Value::Array(items) => {
            let element = |item: &Value| match item {
                Value::Array(_) => Element::Array(constant(item)),
                _ => Element::Plain(constant(item)),
            };
            Expr::new(ExprKind::Array(items.iter().map(element).collect()))
        }
        Value::Object(entries) => {
            let entries = entries.iter().map(|(name, entry)| (name.clone(), constant(entry)));
            Expr::new(ExprKind::Object(entries.collect()))
        }
        other => Expr::literal(other.clone()),
    }
}

impl<P, O, E> fmt::Debug for Action<P, O, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Action")
    }
}
