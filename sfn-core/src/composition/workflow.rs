//! A call of a workflow: natively the run of its function, in a workflow an execution of its own.
//! Separate from tasks because a workflow has no handler and its failure is already what it failed with.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::nested::{INPUT, Nested, Started};
use super::{Callable, StateCall};
use crate::error::name;
use crate::native::{as_execution, register_compensation, saga_in, with_retry_count};
use crate::payload::decode;
use crate::task::{CallOptions, Undo, UndoUnknown};
use crate::{AnyVal, ArgValue, ExecutionType, Failed, Flow, Origin, Retry, Step, Task, TaskCall, Workflow};

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

    /// The same call, what its execution did undone by a task, or by another workflow, should the workflow fail after it
    /// has succeeded.
    ///
    /// An execution that fails undoes what it did itself.
    pub fn compensate<'f, C: StateCall>(
        self,
        undo: impl FnOnce(&W::Output) -> C + Send + 'f,
    ) -> CompensatedWorkflow<'f, W> {
        CompensatedWorkflow { call: self, undo: None, unknown: None }.compensate(undo)
    }

    /// The same call, what its execution may have done undone should it end so that nobody undid it: should it take too
    /// long, be stopped, or fail with `Saga.CompensationFailed` or with what no workflow can catch.
    ///
    /// The compensation must bear that there is nothing to undo.
    pub fn compensate_unknown<'f, C: StateCall>(
        self,
        undo: impl FnOnce() -> C + Send + 'f,
    ) -> CompensatedWorkflow<'f, W> {
        CompensatedWorkflow { call: self, undo: None, unknown: None }.compensate_unknown(undo)
    }

    /// The call, on its way into its run.
    fn take(&mut self) -> Self {
        let input = std::mem::replace(&mut self.input, ArgValue::Json(serde_json::Value::Null));
        Self { input, options: self.options, run: None }
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
    undo: Option<Undo<'f, W::Output>>,
    unknown: Option<UndoUnknown<'f>>,
}

impl<'f, W: NativeWorkflow> CompensatedWorkflow<'f, W> {
    /// As [`WorkflowCall::compensate`].
    pub fn compensate<C: StateCall>(self, undo: impl FnOnce(&W::Output) -> C + Send + 'f) -> Self {
        Self { undo: Some(Box::new(|output| undo(output).into_task_call().into_invocation())), ..self }
    }

    /// As [`WorkflowCall::compensate_unknown`].
    pub fn compensate_unknown<C: StateCall>(self, undo: impl FnOnce() -> C + Send + 'f) -> Self {
        Self { unknown: Some(Box::new(|| undo().into_task_call().into_invocation())), ..self }
    }
}

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

/// What an execution came to, or that it took too long.
type Ended<O> = Result<Result<O, Failed>, Failed>;

async fn ended<W: NativeWorkflow + 'static>(call: WorkflowCall<W>) -> Ended<W::Output> {
    if call.options == CallOptions::default() {
        // Nobody tries it again.
        return match call.input.into_json(INPUT) {
            Ok(input) => Ok(execute::<W>(with_retry_count(input, 0)).await),
            Err(unfit) => Ok(Err(unfit)),
        };
    }
    let ended = call.into_task_call().into_invocation().end().await?;
    Ok(ended.and_then(decode))
}

/// Whether nobody undid what an execution did before it failed.
fn is_left_behind<O>(ended: &Ended<O>) -> bool {
    match ended {
        Ok(Ok(_)) => false,
        Ok(Err(failed)) => name::LEFT_BEHIND.contains(&failed.error()),
        Err(_late) => true,
    }
}

/// Runs a workflow as an execution of its own.
pub(super) async fn execute<W: NativeWorkflow>(input: serde_json::Value) -> Result<W::Output, Failed> {
    let run = saga_in(W::COMPENSATION, W::run(decode(input.clone())?));
    as_execution(W::SPEC.name, input, run).await
}

impl<W: NativeWorkflow + 'static> Future for WorkflowCall<W> {
    type Output = Result<W::Output, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let run = if let Some(run) = self.run.take() {
            run
        } else {
            let call = self.take();
            Box::pin(async { ended(call).await.flatten() })
        };
        self.run.insert(run).as_mut().poll(context)
    }
}

impl<'f, W: NativeWorkflow + 'static> IntoFuture for CompensatedWorkflow<'f, W> {
    type Output = Result<W::Output, Failed>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<W::Output, Failed>> + Send + 'f>>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { call, undo, unknown } = self;
        Box::pin(async move {
            let ended = ended(call).await;
            let due = match &ended {
                Ok(Ok(output)) => undo.map(|undo| undo(output)),
                failed if is_left_behind(failed) => unknown.map(|undo| undo()),
                _ => None,
            };
            due.into_iter().for_each(register_compensation);
            ended.flatten()
        })
    }
}

impl<W: NativeWorkflow + 'static> Future for StartCall<W> {
    type Output = Result<String, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let run = if let Some(run) = self.run.take() {
            run
        } else {
            let call = Self { call: self.call.take(), run: None };
            let invocation = call.into_task_call().into_invocation();
            Box::pin(async { invocation.run().await.and_then(decode) })
        };
        self.run.insert(run).as_mut().poll(context)
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
        Step::new(flow, origin, self)
    }
}

impl<W: NativeWorkflow + 'static> StateCall for WorkflowCall<W> {
    type Task = Nested<W>;

    fn announce(flow: &mut Flow, origin: Origin) {
        flow.calls::<W>(true);
        if W::KIND == ExecutionType::Express {
            let name = W::SPEC.name;
            flow.report(
                "express-execution-awaited",
                origin,
                format!("`{name}` is express, and the service does not wait for Express executions"),
                "start it and go on (`.start()`), or remove `express` from it",
            );
        }
    }

    fn into_task_call(self) -> TaskCall<Nested<W>> {
        called(self)
    }
}

impl<W: NativeWorkflow + 'static> Callable for StartCall<W> {
    type Step<'f> = Step<'f, Started<W>>;

    fn with(arguments: Vec<AnyVal>) -> Self {
        WorkflowCall::with(arguments).start()
    }

    fn step(self, flow: &mut Flow, origin: Origin) -> Step<'_, Started<W>> {
        Step::new(flow, origin, self)
    }
}

impl<W: NativeWorkflow + 'static> StateCall for StartCall<W> {
    type Task = Started<W>;

    fn announce(flow: &mut Flow, _: Origin) {
        flow.calls::<W>(false);
    }

    fn into_task_call(self) -> TaskCall<Started<W>> {
        called(self.call)
    }
}

impl<W: NativeWorkflow + 'static> super::ExpressCallable for StartCall<W> {}

fn called<W: NativeWorkflow, T: Task>(call: WorkflowCall<W>) -> TaskCall<T> {
    let mut made = TaskCall::new(vec![(INPUT, call.input)]);
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
