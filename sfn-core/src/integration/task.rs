//! What an integration is: a task whose work a service does.
//! Separate from the services because a user writes one for a service of his own with the same trait.

use std::convert::Infallible;
use std::future::Future;

use serde_json::Value;

use super::Given;
use crate::ir::{Expr, Source};
use crate::task::{Pattern, Retry, Task, TaskSpec};
use crate::{AnyVal, Failed, Origin, Payload, Shape, TaskError, TaskToken};

/// A service integration with a typed builder; every one is a [`Task`], called, given options and matched on as such.
///
/// ```
/// use std::convert::Infallible;
/// use sfn_core::{AnyArg, AnyVal, Definition, Given, Integration, Request, TaskCall, service_errors};
///
/// service_errors! {
///     /// What `aws-sdk:cloudwatch:putMetricAlarm` fails with.
///     pub enum AlarmError {
///         /// There are too many alarms.
///         TooMany = "CloudWatch.LimitExceededException",
///     }
/// }
///
/// struct SetAlarm;
///
/// impl Integration for SetAlarm {
///     type Output = ();
///     type Error = AlarmError;
///     const NAME: &'static str = "set_alarm";
///     const ARGUMENTS: &'static [&'static str] = &["alarm"];
///
///     fn request(given: &Given) -> Request {
///         let arguments = given.get("alarm").unwrap_or_else(AnyVal::unit);
///         Request::new("aws-sdk:cloudwatch:putMetricAlarm", arguments)
///     }
///
///     fn answer(_: AnyVal) -> AnyVal {
///         AnyVal::unit()
///     }
/// }
///
/// fn set_alarm(alarm: impl AnyArg) -> TaskCall<SetAlarm> {
///     TaskCall::of_service().with("alarm", [alarm.into_any_arg()])
/// }
/// # let definition = Definition::from_flow("alarm", "", |flow| {
/// #     let alarm = flow.input::<serde_json::Value>("alarm");
/// #     flow.task(set_alarm(alarm)).run();
/// # });
/// # assert_eq!(definition.lower().unwrap().machine.start_at, "SetAlarm");
/// ```
pub trait Integration: Sized + 'static {
    /// What it gives.
    type Output: Payload;
    /// What it fails with.
    type Error: TaskError;
    /// What its State is called, in snake case.
    const NAME: &'static str;
    /// The parts that the function which makes its call is given, in order.
    const ARGUMENTS: &'static [&'static str];
    /// How the workflow learns the result.
    const PATTERN: Pattern = Pattern::RequestResponse;
    /// What happens to a call that failed.
    const RETRY: Retry = Retry::Default;
    /// Error Names that are retried besides those that the errors mark.
    const TRANSIENT: &'static [&'static str] = &[];

    /// What the service is sent.
    fn request(given: &Given) -> Request;

    /// What the service's result means: what the integration gives. Not asked where the result comes with a token.
    fn answer(result: AnyVal) -> AnyVal;
}

/// What a service is sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// The action, as the end of the `Resource`: `sns:publish`, `aws-sdk:s3:getObject`, `ecs:runTask.sync`. A State
    /// written by hand has none.
    pub action: Option<String>,
    /// The `Arguments`, or the whole State written by hand.
    pub arguments: AnyVal,
    /// What its State is called, in snake case, where the action alone tells it.
    pub name: Option<String>,
}

impl Request {
    /// A request of an action.
    pub fn new(action: impl Into<String>, arguments: AnyVal) -> Self {
        Self { action: Some(action.into()), arguments, name: None }
    }

    /// A State written by hand.
    pub(super) fn state(state: AnyVal) -> Self {
        Self { action: None, arguments: state, name: None }
    }

    pub(crate) fn resource(&self) -> Option<String> {
        self.action.as_ref().map(|action| format!("arn:aws:states:::{action}"))
    }
}

/// What a task says when a service does its work.
#[derive(Debug, Clone, Copy)]
pub struct IntegrationSpec {
    /// The parts that the function which makes its call is given, in order.
    pub arguments: &'static [&'static str],
    /// What the service is sent.
    pub request: fn(&Given) -> Request,
    /// What its result means.
    pub answer: fn(AnyVal) -> AnyVal,
    /// Error Names that are retried besides those that the errors mark.
    pub transient: &'static [&'static str],
    /// What becomes of the workflow that it calls, if it calls one: natively that runs in this process.
    pub execution: Option<ExecutionCall>,
}

/// What becomes of a workflow that another one calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionCall {
    /// It is executed to its end: its failure is the call's own, which the service wraps into another.
    Awaited,
    /// It is started and left.
    Started,
}

impl IntegrationSpec {
    /// What a result means; that of a callback is what its token was completed with.
    pub(crate) fn output(&self, pattern: Pattern) -> Expr {
        let result = Expr::source(Source::Result);
        match pattern {
            Pattern::RequestResponse | Pattern::Activity => {
                (self.answer)(AnyVal::new(result, Shape::Any)).expr
            }
            Pattern::WaitForCallback => result,
        }
    }
}

#[diagnostic::do_not_recommend]
impl<I: Integration> Task for I {
    type Output = I::Output;
    type Error = I::Error;

    const SPEC: TaskSpec = TaskSpec {
        pattern: I::PATTERN,
        retry: I::RETRY,
        integration: Some(IntegrationSpec {
            arguments: I::ARGUMENTS,
            request: I::request,
            answer: I::answer,
            transient: I::TRANSIENT,
            execution: None,
        }),
        ..TaskSpec::new::<I>(I::NAME, Origin::new(file!(), line!(), column!()))
    };

    fn run(payload: Value) -> impl Future<Output = Result<Value, Failed>> + Send {
        super::call(const { &I::SPEC }, payload)
    }
}

/// The task token of the call that it is an argument of, to be sent to whoever completes that call.
///
/// Only calls that wait for a callback have one. It travels as its text.
///
/// ```
/// use sfn_core::{Definition, TaskToken, mins, secs, sqs, task_token};
///
/// let definition = Definition::from_flow("ask", "", |flow| {
///     let token = sfn_core::AnyVal::task_token();
///     let asked = sqs::send_and_wait::<bool>("${QuestionsQueueUrl}", token).timeout(mins(5));
///     let answer = flow.task(asked).run();
///     flow.succeed(answer);
/// });
/// let text = definition.lower().unwrap().machine.to_json_pretty();
/// assert!(text.contains(r#""MessageBody": "{% $states.context.Task.Token %}""#));
/// ```
pub fn task_token<T>() -> TaskToken<T> {
    TaskToken::new(super::native::PENDING)
}

impl AnyVal {
    /// The task token of the call that it is an argument of: [`task_token`] in a workflow under construction.
    pub fn task_token() -> Self {
        Self::new(Expr::source(Source::TaskToken), Shape::String)
    }
}

/// An integration without errors of its own.
pub(crate) type NoErrors = Infallible;
