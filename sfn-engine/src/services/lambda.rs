//! The Lambda service as Task States call it: finds the function in the arguments, wraps what it gives.
//! Separate from what runs functions, so that routes, closures and processes answer in the same form.

use std::future::Future;

use sfn_asl::Value;

use super::envelope::{Headers, object, wrap_with};
use super::fault::{LAMBDA, is_sdk, refused};
use crate::core::ResourceKind;
use crate::driver::{Answer, TaskFailure, TaskRequest};
use crate::lambda::FunctionName;

/// A call of a function.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) function: FunctionName,
    payload: Value,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A function's own ARN as the `Resource`: no envelope.
    Plain,
    RequestResponse,
    /// The function runs on its own; nobody waits for it.
    Event,
    DryRun,
}

impl Call {
    /// The call a Task makes, if it makes one of Lambda's.
    pub(super) fn of(request: &TaskRequest) -> Result<Option<Self>, TaskFailure> {
        let ResourceKind::Integration { service, .. } = request.resource.kind() else {
            let function = FunctionName::new(request.resource.as_str());
            let call = Self { function, payload: request.arguments.clone(), kind: Kind::Plain };
            return Ok((*request.resource.kind() == ResourceKind::LambdaFunction).then_some(call));
        };
        if !matches!(&**service, "lambda" | "aws-sdk:lambda") || request.resource.action() != "invoke" {
            return Ok(None);
        }
        let argument = |name| request.arguments.get(name);
        let text = |name| argument(name).and_then(Value::as_str);
        let Some(called) = text("FunctionName") else {
            let cause = "The field 'FunctionName' is required but was missing";
            return Err(TaskFailure::new("States.Runtime", cause));
        };
        let kind = match text("InvocationType") {
            None | Some("RequestResponse") => Kind::RequestResponse,
            Some("Event") => Kind::Event,
            Some("DryRun") => Kind::DryRun,
            Some(other) => {
                let message = format!(
                    "1 validation error detected: Value '{other}' at 'invocationType' failed to satisfy constraint: \
                     Member must satisfy enum value set: [Event, RequestResponse, DryRun]"
                );
                return Err(refused(LAMBDA, request, 400, "ValidationException", &message));
            }
        };
        let function = match text("Qualifier") {
            Some(qualifier) => FunctionName::qualified(called, qualifier),
            None => FunctionName::new(called),
        };
        let payload = argument("Payload").cloned().unwrap_or_else(Value::empty_object);
        Ok(Some(Self { function, payload, kind }))
    }

    /// Has `run` do the work, and wraps what it gives.
    pub(super) async fn make<R>(
        &self,
        request: &TaskRequest,
        run: impl FnOnce(Value) -> R,
    ) -> Result<Answer, TaskFailure>
    where
        R: Future<Output = Result<Value, TaskFailure>> + Send + 'static,
    {
        let payload = match self.kind {
            Kind::Plain => return run(self.payload.clone()).await.map(Answer::Response),
            Kind::RequestResponse => run(self.payload.clone()).await?,
            Kind::Event => {
                // Nobody learns how it went, as on the service.
                tokio::spawn(run(self.payload.clone()));
                Value::empty_object()
            }
            Kind::DryRun => Value::empty_object(),
        };
        Ok(Answer::Response(self.wrap(payload, request)))
    }

    fn wrap(&self, payload: Value, request: &TaskRequest) -> Value {
        let status = match self.kind {
            Kind::Plain | Kind::RequestResponse => 200,
            Kind::Event => 202,
            Kind::DryRun => 204,
        };
        let version = self.function.version();
        let body = payload.to_string();
        let id = super::envelope::request_id(request);
        let trace =
            format!("root=1-{};parent={};sampled=0;lineage=1:{}:0", &id[..8], &id[19..23], &id[24..32]);
        let headers =
            Headers { content_type: "application/json", connection: "Connection", more: &[], status };
        let own = [
            ("X-Amz-Executed-Version", version.to_owned()),
            ("x-amzn-Remapped-Content-Length", "0".to_owned()),
            ("X-Amzn-Trace-Id", trace),
        ];
        let is_sdk = is_sdk(request);
        // The SDK has the payload as bytes, which come as text.
        let payload = if is_sdk { Value::from(body.as_str()) } else { payload };
        let answer = object([
            ("ExecutedVersion", Value::from(version)),
            ("Payload", payload),
            ("StatusCode", Value::from(status)),
        ]);
        if is_sdk { answer } else { wrap_with(&answer, headers, &own, &body, request) }
    }
}

/// The service's answer to an unknown function, and what would have been known.
pub(super) fn not_found(function: &FunctionName, known: &[&str], request: &TaskRequest) -> TaskFailure {
    let parts: Vec<&str> = request.identity.machine_arn.split(':').collect();
    let (region, account) = (parts.get(3).unwrap_or(&""), parts.get(4).unwrap_or(&""));
    let message = format!("Function not found: {}", function.arn(region, account));
    let TaskFailure { error, cause } = refused(LAMBDA, request, 404, "ResourceNotFoundException", &message);
    let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
    TaskFailure { error, cause: format!("{cause} [functions on this machine: {known}]") }
}
