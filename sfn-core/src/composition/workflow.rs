//! A call of a workflow: natively the run of its function, in a workflow an execution of its own.
//! Separate from tasks because a workflow has no handler and its failure is already what it failed with.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::Callable;
use super::nested::{Nested, Started};
use crate::native::{Invocation, as_execution, register_compensation, saga_in, with_retry_count};
use crate::payload::{decode, invalid};
use crate::task::CallOptions;
use crate::{
    AnyVal, ArgValue, ExecutionType, Failed, Flow, Origin, Retry, Step, Task, TaskCall, TaskEntry, Workflow,
};

/// A workflow whose function runs in this process: what `#[workflow]` implements.
pub trait NativeWorkflow: Workflow {
    /// Runs the user's body.
    ///
    /// # Errors
    ///
    /// Whatever the body fails with; what it did is not undone here.
    fn run(input: Self::Input) -> impl Future<Output = Result<Self::Output, Failed>> + Send;
}

/// A call of a workflow, about to run: what `order_saga(&order)` gives.
///
/// Awaiting it runs the function in this process and undoes what it did, should it fail. Awaited in another workflow, it is
/// an execution of its own there (`states:startExecution.sync:2`), and its failure is what that failed with.
#[must_use = "a workflow runs when its call is awaited"]
pub struct WorkflowCall<W: NativeWorkflow> {
    input: ArgValue,
    options: CallOptions,
    run: Option<Run<W::Output>>,
}

type Run<O> = Pin<Box<dyn Future<Output = Result<O, Failed>> + Send>>;

impl<W: NativeWorkflow> WorkflowCall<W> {
    /// A call with an input.
    pub fn new(input: ArgValue) -> Self {
        Self { input, options: CallOptions::default(), run: None }
    }

    /// A call of a workflow that has no input.
    pub fn without_input() -> Self {
        Self::new(ArgValue::Json(serde_json::Value::Null))
    }

    /// The same call, what its execution did undone by a task should the workflow fail after it has succeeded.
    ///
    /// An execution that fails undoes what it did itself.
    pub fn compensate<'f, C: Task>(
        self,
        undo: impl FnOnce(&W::Output) -> TaskCall<C> + Send + 'f,
    ) -> CompensatedWorkflow<'f, W> {
        CompensatedWorkflow { call: self, undo: Box::new(|output| undo(output).into_invocation()) }
    }

    /// Starts the execution and goes on: gives its ARN.
    pub fn start(self) -> StartCall<W> {
        StartCall { call: self, run: None }
    }
}

/// A call of a workflow, and how what its execution did is undone: what [`WorkflowCall::compensate`] gives.
#[must_use = "a workflow runs when its call is awaited"]
pub struct CompensatedWorkflow<'f, W: NativeWorkflow> {
    call: WorkflowCall<W>,
    undo: Undo<'f, W::Output>,
}

type Undo<'f, O> = Box<dyn FnOnce(&O) -> Invocation + Send + 'f>;

macro_rules! options {
    ($($owner:ty => $($path:ident).+),+) => {$(
        impl<W: NativeWorkflow> $owner {
            /// The same call, retried in this way when the execution has failed.
            pub fn retry(mut self, retry: impl Into<Retry>) -> Self {
                self.$($path).+.retry = Some(retry.into());
                self
            }

            /// The same call, which fails with `States.Timeout` after this long.
            pub fn timeout(mut self, timeout: Duration) -> Self {
                self.$($path).+.timeout = Some(timeout);
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
    WorkflowCall<W> => options,
    CompensatedWorkflow<'_, W> => call.options
}

/// A workflow about to be started and left: what [`WorkflowCall::start`] gives.
#[must_use = "a workflow is started when this is awaited"]
pub struct StartCall<W: NativeWorkflow> {
    call: WorkflowCall<W>,
    run: Option<Run<String>>,
}

impl<W: NativeWorkflow> StartCall<W> {
    /// The same call, its State named by hand.
    pub fn named(mut self, name: &'static str) -> Self {
        self.call.options.name = Some(name);
        self
    }
}

/// An argument as it travels.
fn json(argument: ArgValue) -> Result<serde_json::Value, Failed> {
    match argument {
        ArgValue::Json(json) => Ok(json),
        ArgValue::Unfit(failed) => Err(failed),
        ArgValue::Symbolic(_) => Err(invalid(".", &"a symbolic value exists only while a workflow is built")),
    }
}

/// An argument as Rust has it.
pub(super) fn native<T: serde::de::DeserializeOwned>(argument: ArgValue) -> Result<T, Failed> {
    decode(json(argument)?)
}

async fn run<W: NativeWorkflow + 'static>(
    input: ArgValue,
    options: CallOptions,
) -> Result<W::Output, Failed> {
    if options == CallOptions::default() {
        // Nobody tries it again.
        return execute::<W>(with_retry_count(json(input)?, 0)).await;
    }
    invoked::<Nested<W>>(input, options).await
}

/// Runs a workflow as an execution of its own.
pub(super) async fn execute<W: NativeWorkflow>(input: serde_json::Value) -> Result<W::Output, Failed> {
    let run = saga_in(W::COMPENSATION, W::run(decode(input.clone())?));
    as_execution(W::SPEC.name, input, run).await
}

async fn invoked<T: Task>(input: ArgValue, options: CallOptions) -> Result<T::Output, Failed> {
    let invocation = Invocation { task: TaskEntry::of::<T>(), payload: json(input), options };
    invocation.run().await.and_then(decode)
}

impl<W: NativeWorkflow + 'static> Future for WorkflowCall<W> {
    type Output = Result<W::Output, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { input, options, run: started } = &mut *self;
        let begin = || {
            let input = std::mem::replace(input, ArgValue::Json(serde_json::Value::Null));
            Box::pin(run::<W>(input, *options)) as Run<W::Output>
        };
        started.get_or_insert_with(begin).as_mut().poll(context)
    }
}

impl<'f, W: NativeWorkflow + 'static> IntoFuture for CompensatedWorkflow<'f, W> {
    type Output = Result<W::Output, Failed>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + 'f>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { call, undo } = self;
        Box::pin(async move {
            let output = call.await?;
            register_compensation(undo(&output));
            Ok(output)
        })
    }
}

impl<W: NativeWorkflow + 'static> Future for StartCall<W> {
    type Output = Result<String, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, run: started } = &mut *self;
        let begin = || {
            let input = std::mem::replace(&mut call.input, ArgValue::Json(serde_json::Value::Null));
            Box::pin(invoked::<Started<W>>(input, call.options)) as Run<String>
        };
        started.get_or_insert_with(begin).as_mut().poll(context)
    }
}

impl<W: NativeWorkflow + 'static> Callable for WorkflowCall<W> {
    type Step<'f> = Step<'f, Nested<W>>;

    fn with(arguments: Vec<AnyVal>) -> Self {
        arguments
            .into_iter()
            .next()
            .map_or_else(Self::without_input, |input| Self::new(ArgValue::Symbolic(input)))
    }

    fn step(self, flow: &mut Flow, origin: Origin) -> Step<'_, Nested<W>> {
        flow.calls::<W>(true);
        if W::KIND == ExecutionType::Express {
            let name = W::SPEC.name;
            flow.report(
                "express-execution-awaited",
                origin,
                format!("`{name}` is express, and the service does not wait for Express executions"),
                "start it and go on (`.start().await?`), or remove `express` from it",
            );
        }
        Step::new(flow, origin, called(self))
    }
}

impl<W: NativeWorkflow + 'static> Callable for StartCall<W> {
    type Step<'f> = Step<'f, Started<W>>;

    fn with(arguments: Vec<AnyVal>) -> Self {
        WorkflowCall::with(arguments).start()
    }

    fn step(self, flow: &mut Flow, origin: Origin) -> Step<'_, Started<W>> {
        flow.calls::<W>(false);
        Step::new(flow, origin, called(self.call))
    }
}

impl<W: NativeWorkflow + 'static> super::ExpressCallable for StartCall<W> {}

fn called<W: NativeWorkflow, T: Task>(call: WorkflowCall<W>) -> TaskCall<T> {
    let mut made = TaskCall::new(vec![("input", call.input)]);
    made.options = call.options;
    made
}

impl<W: NativeWorkflow> fmt::Debug for WorkflowCall<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct(W::SPEC.name).field("input", &self.input).finish_non_exhaustive()
    }
}

impl<W: NativeWorkflow> fmt::Debug for CompensatedWorkflow<'_, W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CompensatedWorkflow").field("call", &self.call).finish_non_exhaustive()
    }
}

impl<W: NativeWorkflow> fmt::Debug for StartCall<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("StartCall").field(&self.call).finish()
    }
}
