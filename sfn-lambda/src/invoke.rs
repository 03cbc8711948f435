//! One invocation: a payload in, an output or a named error out. Apart from serving, because this happens many times and
//! is where Lambda's idea of an error meets ours.

use crate::service::Served;
use crate::{logs, panics};
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sfn_core::{ErrorBody, Failed, TaskSpec, name};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tracing::Instrument as _;

/// What a task is invoked with: a request's body, which may not be JSON.
///
/// `lambda_runtime` would answer for a body that does not fit, under an error name taken from a Rust type. So this type
/// fits every body.
#[derive(Debug)]
pub struct Event(Result<Value, String>);

impl Event {
    /// The body, if it is JSON; the task of one that is not fails with `Payload.Invalid`.
    pub fn json(&self) -> Option<&Value> {
        self.0.as_ref().ok()
    }
}

impl From<Value> for Event {
    fn from(json: Value) -> Self {
        Self(Ok(json))
    }
}

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer).map_err(|error| error.to_string())))
    }
}

/// How an invocation failed, as Lambda is told.
///
/// It is the error of the service that a runtime is given, too, layers included: Lambda would be told a Rust type's name of
/// any other. Where a layer has boxed errors (`tower`'s own `Timeout` does), one more makes them this again:
///
/// ```
/// use lambda_runtime::tower::BoxError;
/// use sfn_core::ErrorBody;
/// use sfn_lambda::{Reported, lambda_runtime};
///
/// fn reported(error: BoxError) -> Reported {
///     error.downcast::<Reported>().map_or_else(
///         |other| {
///             let error_type = "Layer.Refused".to_owned();
///             Reported::from(ErrorBody { error_type, error_message: other.to_string() })
///         },
///         |reported| *reported,
///     )
/// }
///
/// let body = ErrorBody { error_type: "Declined".to_owned(), error_message: "no funds".to_owned() };
/// assert_eq!(reported(Reported::from(body).into()).body().error_type, "Declined");
/// assert_eq!(reported("too many".into()).to_string(), "Layer.Refused: too many");
/// ```
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", .0.error_type, .0.error_message)]
pub struct Reported(ErrorBody);

impl From<ErrorBody> for Reported {
    fn from(body: ErrorBody) -> Self {
        Self(body)
    }
}

impl Reported {
    /// The declared name of the error, and its message.
    pub fn body(&self) -> &ErrorBody {
        &self.0
    }
}

impl From<Reported> for Diagnostic {
    fn from(Reported(body): Reported) -> Self {
        Self { error_type: body.error_type, error_message: body.error_message }
    }
}

/// Runs the task once.
pub(crate) async fn invoke(served: Arc<Served>, event: LambdaEvent<Event>) -> Result<Value, Reported> {
    let LambdaEvent { payload: Event(payload), context } = event;
    let task = &served.task;
    let span = logs::span(&task.spec, payload.as_ref().unwrap_or(&Value::Null), &context);
    let outcome = async {
        let outcome = match payload {
            Ok(payload) => in_time(&served, payload, &context).await,
            Err(reason) => Err(Failed::of_task(name::PAYLOAD_INVALID, &format!(".: {reason}"))),
        };
        outcome.and_then(|output| of_a_size(&task.spec, output)).map_err(|failed| {
            let body = with_place(ErrorBody::of(&failed));
            logs::failed(&task.spec, &body);
            Reported(body)
        })
    };
    outcome.instrument(span).await
}

/// How long before the end of the function's time a task is given up: enough to tell why.
const MARGIN: Duration = Duration::from_millis(100);
/// The deadline of a context that is not Lambda's.
const NEVER: u64 = 0;

async fn in_time(served: &Served, payload: Value, context: &Context) -> Result<Value, Failed> {
    let (task, mut surroundings) = (&served.task, served.surroundings.clone());
    surroundings.request_id = Some(context.request_id.as_str().into());
    surroundings.trace_id = context.xray_trace_id.as_deref().map(Into::into);
    if context.deadline == NEVER {
        return surroundings.around((task.run)(payload)).await;
    }
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    // Half of the time, should there be less than two margins.
    let limit = left.saturating_sub(MARGIN).max(left / 2);
    let run = surroundings.within(Some(left)).around((task.run)(payload));
    tokio::time::timeout(limit, run).await.unwrap_or_else(|_| {
        let message = format!("task `{}` was about to outlive its Lambda function's time", task.spec.name);
        Err(Failed::of_task(name::TASK_TIMED_OUT, &message))
    })
}

/// The largest output that Step Functions takes, in bytes of JSON.
const LARGEST: usize = 256 * 1024;

/// An output that Step Functions takes, or a failure that says what to do, where the service would only say that there is too
/// much.
fn of_a_size(task: &TaskSpec, output: Value) -> Result<Value, Failed> {
    // It was made by a serializer, so it can be written.
    let size = serde_json::to_vec(&output).map_or(0, |json| json.len());
    if size <= LARGEST {
        return Ok(output);
    }
    let message = format!(
        "task `{}` gave {size} bytes of JSON, and Step Functions takes {LARGEST}: give less, or a `Stored` value, of which a \
         reference travels",
        task.name
    );
    Err(Failed::of_task(name::PAYLOAD_TOO_LARGE, &message))
}

/// A panic's report says where the code stands, too: nobody can attach a debugger to a Lambda function.
fn with_place(mut body: ErrorBody) -> ErrorBody {
    if body.error_type == name::TASK_PANICKED
        && let Some(place) = panics::take_place()
    {
        body.error_message.push_str(", at ");
        body.error_message.push_str(&place);
    }
    body
}
