//! One invocation: a payload in, an output or a named error out. Apart from serving, because this happens many times and
//! is where Lambda's idea of an error meets ours.

use crate::{logs, panics};
use lambda_runtime::{Context, Diagnostic, LambdaEvent};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use sfn_core::{ErrorBody, Failed, Surroundings, TaskEntry, TaskSpec, name};
use std::time::{Duration, SystemTime};
use tracing::Instrument as _;

/// A request's body, which may not be JSON.
///
/// `lambda_runtime` would answer for a body that does not fit, under an error name taken from a Rust type. So this type
/// fits every body.
#[derive(Debug)]
pub(crate) struct Event(Result<Value, String>);

impl<'de> Deserialize<'de> for Event {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer).map_err(|error| error.to_string())))
    }
}

/// A failure on its way to Lambda.
#[derive(Debug)]
pub(crate) struct Reported(ErrorBody);

impl From<Reported> for Diagnostic {
    fn from(Reported(body): Reported) -> Self {
        Self { error_type: body.error_type, error_message: body.error_message }
    }
}

/// Runs the task once.
pub(crate) async fn invoke(
    task: &TaskEntry,
    surroundings: &Surroundings,
    event: LambdaEvent<Event>,
) -> Result<Value, Reported> {
    let LambdaEvent { payload: Event(payload), context } = event;
    let span = logs::span(&task.spec, payload.as_ref().unwrap_or(&Value::Null), &context);
    let outcome = async {
        let outcome = match payload {
            Ok(payload) => in_time(task, surroundings.clone(), payload, &context).await,
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

async fn in_time(
    task: &TaskEntry,
    mut surroundings: Surroundings,
    payload: Value,
    context: &Context,
) -> Result<Value, Failed> {
    let left = context.deadline().duration_since(SystemTime::now()).unwrap_or_default();
    surroundings.request_id = Some(context.request_id.as_str().into());
    surroundings.trace_id = context.xray_trace_id.as_deref().map(Into::into);
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
    let size = serialized_size(&output);
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

fn serialized_size(value: &Value) -> usize {
    struct Counter(usize);

    impl std::io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    let mut counter = Counter(0);
    // Counting does not fail, and neither does writing what was read as JSON.
    let _ = serde_json::to_writer(&mut counter, value);
    counter.0
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
