//! One attempt of a task: its handler, its clock, and its callback where it waits for one.
//! Separate because this is where the four ways an attempt can end race each other.

use std::pin::pin;
use std::time::Duration;

use serde_json::Value;
use tokio::time::{Instant, sleep_until, timeout};

use super::callback::{Callback, Pending};
use crate::error::name;
use crate::task::{ArgumentSource, Pattern, Surroundings, TaskContext, TaskEntry};
use crate::{Failed, fail};

/// How long an attempt may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) timeout: Option<Duration>,
    pub(super) heartbeat: Option<Duration>,
}

/// What a task answered, or that it took too long.
pub(crate) type Ended = Result<Result<Value, Failed>, Failed>;

/// Runs a task once, of which so many attempts have failed.
pub(super) async fn attempt(task: &TaskEntry, mut payload: Value, limits: Limits, retries: u32) -> Ended {
    supply(task, &mut payload, ArgumentSource::Context, || TaskContext::native(task.spec.name, retries));
    let surroundings = Surroundings::current().within(limits.timeout);
    surroundings.around(ended(task, payload, limits)).await
}

async fn ended(task: &TaskEntry, payload: Value, limits: Limits) -> Ended {
    match task.spec.pattern {
        Pattern::RequestResponse | Pattern::Activity => {
            let run = (task.run)(payload);
            within(limits.timeout, async { Ok(run.await) }).await
        }
        Pattern::WaitForCallback => {
            within(limits.timeout, wait_for_callback(task, payload, limits.heartbeat)).await
        }
    }
}

async fn within(limit: Option<Duration>, run: impl Future<Output = Ended>) -> Ended {
    match limit {
        Some(limit) => timeout(limit, run).await.unwrap_or_else(|_| Err(fail(name::TIMEOUT, ""))),
        None => run.await,
    }
}

/// Runs the handler and waits for its token, whichever order they come in.
///
/// The handler's failure ends the attempt, its success does not. A token completed while the handler still runs decides
/// the result, and the handler runs on to its end, as a Lambda function does.
async fn wait_for_callback(task: &TaskEntry, mut payload: Value, heartbeat: Option<Duration>) -> Ended {
    let mut pending = Pending::mint();
    if task.spec.integration.is_some() {
        payload = crate::integration::with_token(payload, pending.token());
    }
    supply(task, &mut payload, ArgumentSource::Token, || Value::from(pending.token()));
    let mut handler = pin!((task.run)(payload));
    let mut running = true;
    let mut completed = None;
    let mut last_sign = Instant::now();
    loop {
        if !running && let Some(result) = completed.take() {
            return Ok(result);
        }
        tokio::select! {
            biased;
            answer = &mut handler, if running => {
                running = false;
                if let (Err(failed), None) = (answer, &completed) {
                    return Ok(Err(failed));
                }
            }
            callback = pending.next(), if completed.is_none() => match callback {
                Callback::Heartbeat => last_sign = Instant::now(),
                Callback::Completed(result) => completed = Some(result),
            },
            () = expire(last_sign, heartbeat), if completed.is_none() => {
                return Err(fail(name::HEARTBEAT_TIMEOUT, ""));
            }
        }
    }
}

async fn expire(since: Instant, limit: Option<Duration>) {
    match limit {
        Some(limit) => sleep_until(since + limit).await,
        None => std::future::pending().await,
    }
}

/// Writes what the State would, where the task asks for it.
pub(super) fn supply(
    task: &TaskEntry,
    payload: &mut Value,
    source: ArgumentSource,
    value: impl FnOnce() -> Value,
) {
    let argument = task.spec.arguments.iter().find(|argument| argument.source == source);
    if let (Value::Object(arguments), Some(argument)) = (payload, argument) {
        arguments.insert(argument.name.to_owned(), value());
    }
}
