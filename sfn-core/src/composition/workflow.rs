//! A call of a workflow: natively the run of its function.
//! Separate from tasks because a workflow has no handler and its failure is already what it failed with.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::native::saga_in;
use crate::payload::{decode, invalid};
use crate::{ArgValue, Failed, Workflow};

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
/// Awaiting it runs the function in this process and undoes what it did, should it fail.
#[must_use = "a workflow runs when its call is awaited"]
pub struct WorkflowCall<W: NativeWorkflow> {
    input: ArgValue,
    run: Option<Run<W::Output>>,
}

type Run<O> = Pin<Box<dyn Future<Output = Result<O, Failed>> + Send>>;

impl<W: NativeWorkflow> WorkflowCall<W> {
    /// A call with an input.
    pub fn new(input: ArgValue) -> Self {
        Self { input, run: None }
    }

    /// A call of a workflow that has no input.
    pub fn without_input() -> Self {
        Self { input: ArgValue::Json(serde_json::Value::Null), run: None }
    }
}

async fn run<W: NativeWorkflow>(input: ArgValue) -> Result<W::Output, Failed> {
    saga_in(W::COMPENSATION, W::run(native(input)?)).await
}

/// An argument as Rust has it.
pub(super) fn native<T: serde::de::DeserializeOwned>(argument: ArgValue) -> Result<T, Failed> {
    match argument {
        ArgValue::Json(json) => decode(json),
        ArgValue::Unfit(failed) => Err(failed),
        ArgValue::Symbolic(_) => Err(invalid(".", &"a symbolic value exists only while a workflow is built")),
    }
}

impl<W: NativeWorkflow + 'static> Future for WorkflowCall<W> {
    type Output = Result<W::Output, Failed>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let call = &mut *self;
        let input = &mut call.input;
        let started = call.run.get_or_insert_with(|| {
            Box::pin(run::<W>(std::mem::replace(input, ArgValue::Json(serde_json::Value::Null))))
        });
        started.as_mut().poll(context)
    }
}

impl<W: NativeWorkflow> fmt::Debug for WorkflowCall<W> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct(W::SPEC.name).field("input", &self.input).finish_non_exhaustive()
    }
}
