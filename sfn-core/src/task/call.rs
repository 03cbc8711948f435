//! A call of a task: its arguments, its options, and what becomes of it when it is awaited.
//! Separate because the same value is awaited natively and handed to a workflow's builder.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use serde_json::{Map, Value};

use super::{Retry, Task, TaskEntry, TaskSpec};
use crate::native::{Invocation, register_compensation};
use crate::payload::decode;
use crate::{AnyVal, Arg, ArgValue, Failed, Failure, StateCall, read_failure};

/// A task with its arguments, about to run: what `charge_payment(&order.id, 500)` gives.
///
/// Awaiting it runs the task in this process, as the service would: with its retries, its timeout and its token.
#[must_use = "a task runs when its call is awaited"]
pub struct TaskCall<T: Task> {
    pub(crate) arguments: Vec<(&'static str, ArgValue)>,
    pub(crate) options: CallOptions,
    task: PhantomData<fn() -> T>,
}

/// What a call says about its own run, over what its task says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct CallOptions {
    /// What happens to an attempt that failed.
    pub retry: Option<Retry>,
    /// After how long an attempt fails with `States.Timeout`.
    pub timeout: Option<Duration>,
    /// After how long without a heartbeat an attempt fails with `States.HeartbeatTimeout`.
    pub heartbeat: Option<Duration>,
    /// The name of its State.
    pub name: Option<&'static str>,
}

/// A call that is undone when the workflow fails later: what [`TaskCall::compensate`] gives.
#[must_use = "a task runs when its call is awaited"]
pub struct Compensated<'f, T: Task> {
    call: TaskCall<T>,
    undo: Option<Undo<'f, T::Output>>,
    unknown: Option<UndoUnknown<'f>>,
}

pub(crate) type Undo<'f, O> = Box<dyn FnOnce(&O) -> Invocation + Send + 'f>;
pub(crate) type UndoUnknown<'f> = Box<dyn FnOnce() -> Invocation + Send + 'f>;

/// What awaiting a call gives.
type Outcome<T> = Result<<T as Task>::Output, Failure<<T as Task>::Error>>;

impl<T: Task> TaskCall<T> {
    /// A call with these arguments, under the names the task declares.
    pub fn new(arguments: Vec<(&'static str, ArgValue)>) -> Self {
        Self { arguments, options: CallOptions::default(), task: PhantomData }
    }

    /// A call of a service whose parts are still to be given.
    pub fn of_service() -> Self {
        Self::new(Vec::new())
    }

    /// The same call of a service, with one more part: an argument, or what an option says. Several values are a tuple.
    ///
    /// [`Integration::request`](crate::Integration::request) finds it under this name.
    pub fn with(mut self, name: &'static str, values: impl IntoIterator<Item = AnyVal>) -> Self {
        let mut values: Vec<AnyVal> = values.into_iter().collect();
        let value = match (values.pop(), values.is_empty()) {
            (Some(only), true) => only,
            (last, _) => crate::tuple(values.into_iter().chain(last).collect()),
        };
        self.arguments.push((name, ArgValue::Symbolic(value)));
        self
    }

    /// As [`with`](Self::with), one argument of a known type.
    pub fn with_argument<A>(mut self, name: &'static str, argument: impl Arg<A>) -> Self {
        self.arguments.push((name, argument.into_arg()));
        self
    }

    /// The same call, undone by another task, or by a workflow, should the workflow fail after this one has succeeded.
    ///
    /// Compensations run in reverse order, each with its own retries. A call that is awaited outside of any workflow
    /// has nobody to undo it.
    pub fn compensate<'f, C: StateCall>(
        self,
        undo: impl FnOnce(&T::Output) -> C + Send + 'f,
    ) -> Compensated<'f, T> {
        Compensated { call: self, undo: None, unknown: None }.compensate(undo)
    }

    /// The same call, undone by another task, or by a workflow, should it fail so that nobody knows whether it happened:
    /// should it time out, panic, or fail by anything else but an error that it declares.
    ///
    /// The compensation must bear that there is nothing to undo.
    pub fn compensate_unknown<'f, C: StateCall>(
        self,
        undo: impl FnOnce() -> C + Send + 'f,
    ) -> Compensated<'f, T> {
        Compensated { call: self, undo: None, unknown: None }.compensate_unknown(undo)
    }

    pub(crate) fn into_invocation(self) -> Invocation {
        let payload = match &T::SPEC.integration {
            Some(service) if service.execution.is_none() => {
                crate::integration::request(service, self.arguments)
            }
            _ => payload(&T::SPEC, self.arguments),
        };
        Invocation { task: TaskEntry::of::<T>(), payload, options: self.options }
    }
}

impl<'f, T: Task> Compensated<'f, T> {
    /// As [`TaskCall::compensate`].
    pub fn compensate<C: StateCall>(self, undo: impl FnOnce(&T::Output) -> C + Send + 'f) -> Self {
        Self { undo: Some(Box::new(|output| undo(output).into_task_call().into_invocation())), ..self }
    }

    /// As [`TaskCall::compensate_unknown`].
    pub fn compensate_unknown<C: StateCall>(self, undo: impl FnOnce() -> C + Send + 'f) -> Self {
        Self { unknown: Some(Box::new(|| undo().into_task_call().into_invocation())), ..self }
    }
}

macro_rules! options {
    ($($owner:ty => $($path:ident).+),+) => {$(
        impl<T: Task> $owner {
            /// The same call, retried in this way.
            pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
                self.$($path).+.retry = Some(retry.into());
                self
            }

            /// The same call, each attempt of which fails with `States.Timeout` after this long.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.$($path).+.timeout = Some(timeout);
                self
            }

            /// The same call, each attempt of which fails with `States.HeartbeatTimeout` after this long without a
            /// heartbeat of its token.
            pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
                self.$($path).+.heartbeat = Some(heartbeat);
                self
            }

            /// The same call, its State named by hand.
            pub fn named(mut self, name: &'static str) -> Self {
                self.$($path).+.name = Some(name);
                self
            }
        }
    )+};
}

options! {
    TaskCall<T> => options,
    Compensated<'_, T> => call.options
}

/// The payload of a call: nothing but an empty object, the only argument itself, or an object of the arguments.
fn payload(spec: &TaskSpec, arguments: Vec<(&'static str, ArgValue)>) -> Result<Value, Failed> {
    let mut named = Map::new();
    for (name, argument) in arguments {
        let json = argument.into_json(name)?;
        if spec.sole_argument().is_some() {
            return Ok(json);
        }
        named.insert(name.to_owned(), json);
    }
    Ok(Value::Object(named))
}

async fn outcome<T: Task>(invocation: Invocation) -> Outcome<T> {
    match invocation.run().await {
        Ok(json) => decode(json).map_err(Failure::Other),
        Err(failed) => Err(read_failure(failed)),
    }
}

impl<T: Task> IntoFuture for TaskCall<T> {
    type Output = Outcome<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Outcome<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(outcome::<T>(self.into_invocation()))
    }
}

impl<'f, T: Task> IntoFuture for Compensated<'f, T> {
    type Output = Outcome<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Outcome<T>> + Send + 'f>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { call, undo, unknown } = self;
        let invocation = call.into_invocation();
        Box::pin(async move {
            let outcome = outcome::<T>(invocation).await;
            match &outcome {
                Ok(output) => undo.into_iter().for_each(|undo| register_compensation(undo(output))),
                // A declared error says that it did not happen.
                Err(Failure::Task(_)) => {}
                Err(_) => unknown.into_iter().for_each(|undo| register_compensation(undo())),
            }
            outcome
        })
    }
}

impl<T: Task> fmt::Debug for TaskCall<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { arguments, options, task: _ } = self;
        formatter.debug_struct(T::SPEC.name).field("arguments", arguments).field("options", options).finish()
    }
}

impl<T: Task> fmt::Debug for Compensated<'_, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Compensated").field("call", &self.call).finish_non_exhaustive()
    }
}
