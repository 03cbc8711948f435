//! The Lambda service as Step Functions calls it: finds the function in the arguments, wraps what it gives.
//! Separate from what runs functions, so that closures and processes answer in the same form.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use super::envelope;
use crate::core::ResourceKind;
use crate::driver::{Answer, TaskFailure, TaskFuture, TaskRequest, TaskRunner};

/// Somebody who can run functions by name.
pub trait Functions: Send + Sync + 'static {
    /// Runs a function once.
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>>;
}

impl<F: Functions> Functions for Arc<F> {
    fn invoke(&self, invocation: Invocation) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        self.as_ref().invoke(invocation)
    }
}

/// One call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Invocation {
    /// What the document calls the function: a name, an ARN, or a `${Placeholder}`.
    pub function: String,
    /// What it is given.
    pub payload: Value,
}

/// Runs `lambda:invoke` (also with `.waitForTaskToken`) and plain function ARNs.
///
/// `lambda:invoke` answers with the service's envelope (`ExecutedVersion`, `Payload`, ..), a plain function ARN with
/// what the function gave. See the [crate](crate) for an example.
#[derive(Debug, Clone)]
pub struct LambdaService<F> {
    functions: F,
}

impl<F: Functions> LambdaService<F> {
    /// The service with these functions.
    pub fn new(functions: F) -> Self {
        Self { functions }
    }

    fn invocation(request: &TaskRequest) -> Result<Invocation, TaskFailure> {
        match request.resource.kind() {
            ResourceKind::LambdaFunction => {
                let function = request.resource.as_str().to_owned();
                Ok(Invocation { function, payload: request.arguments.clone() })
            }
            ResourceKind::Integration { service, action }
                if &**service == "lambda" && action.starts_with("invoke") =>
            {
                let argument = |name| request.arguments.get(name);
                let Some(function) = argument("FunctionName").and_then(Value::as_str) else {
                    let cause = "The field `FunctionName` is required but was missing";
                    return Err(TaskFailure::new("States.Runtime", cause));
                };
                let payload = argument("Payload").cloned().unwrap_or_else(Value::empty_object);
                Ok(Invocation { function: function.to_owned(), payload })
            }
            ResourceKind::Integration { .. } | ResourceKind::Activity => {
                let cause = format!(
                    "nothing here runs `{}`, expected `arn:aws:states:::lambda:invoke` or the ARN of a function",
                    request.resource.as_str()
                );
                Err(TaskFailure::new("States.Runtime", cause))
            }
        }
    }
}

impl<F: Functions> TaskRunner for LambdaService<F> {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        if *request.resource.kind() == ResourceKind::Activity {
            return std::future::ready(Ok(Answer::Worker)).boxed();
        }
        let invocation = match Self::invocation(&request) {
            Ok(invocation) => invocation,
            Err(failure) => return std::future::ready(Err(failure)).boxed(),
        };
        let is_integration = matches!(request.resource.kind(), ResourceKind::Integration { .. });
        let answer = self.functions.invoke(invocation);
        async move {
            let payload = answer.await?;
            Ok(Answer::Response(if is_integration { envelope::wrap(payload, &request) } else { payload }))
        }
        .boxed()
    }
}
