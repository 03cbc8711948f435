//! Calls of services in a native run: the same request that the state machine sends, to whatever stands in for the service.
//! Separate because a process has no services: a test provides them, for the length of a run.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::{Value, json};

use super::{Given, Request};
use crate::evaluate::evaluate;
use crate::task::TaskSpec;
use crate::{ArgValue, Failed, fail, lower};

/// What stands in the place of a token that is not minted yet: every attempt has its own.
pub(super) const PENDING: &str = "sfn-pending-task-token";

/// A request of a service integration, as the state machine sends it.
#[derive(Debug, Clone, PartialEq)]
pub struct ServiceRequest {
    /// The `Resource`.
    pub resource: String,
    /// The evaluated `Arguments`.
    pub arguments: Value,
    /// The Task Token, where the call waits for a callback.
    pub token: Option<String>,
}

/// The answer of a service: its whole result, or how it refused.
pub type ServiceAnswer = Pin<Box<dyn Future<Output = Result<Value, Failed>> + Send>>;

/// What stands in for the services in a native run.
pub trait ServiceRunner: Send + Sync + 'static {
    /// Answers a request.
    fn answer(&self, request: ServiceRequest) -> ServiceAnswer;

    /// Runs a State Machine: a State written by hand, as the only one.
    fn run(&self, machine: Value) -> ServiceAnswer {
        drop(machine);
        Box::pin(async {
            Err(fail("States.Runtime", "no engine runs raw States here: use `sfn::local::with_services`"))
        })
    }
}

impl<F> ServiceRunner for F
where
    F: Fn(ServiceRequest) -> ServiceAnswer + Send + Sync + 'static,
{
    fn answer(&self, request: ServiceRequest) -> ServiceAnswer {
        self(request)
    }
}

tokio::task_local! {
    static SERVICES: Arc<dyn ServiceRunner>;
}

/// Runs something natively among services: what awaits an integration in it is answered by them.
///
/// ```
/// use std::sync::Arc;
/// use serde_json::json;
/// use sfn_core::{ServiceRequest, ServiceRunner, sns, with_services};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().build()?;
/// # runtime.block_on(async {
/// let services: Arc<dyn ServiceRunner> = Arc::new(|request: ServiceRequest| -> sfn_core::ServiceAnswer {
///     assert_eq!(request.arguments, json!({ "TopicArn": "news", "Message": "hello" }));
///     Box::pin(async { Ok(json!({ "MessageId": "m-1" })) })
/// });
/// let id = with_services(services, async { sns::publish("news", "hello").await }).await;
/// assert_eq!(id.unwrap(), "m-1");
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn with_services<T>(services: Arc<dyn ServiceRunner>, run: impl Future<Output = T>) -> T {
    SERVICES.scope(services, run).await
}

/// The same run among the services that are here now, wherever it is polled.
pub(crate) fn among_services<F: Future>(run: F) -> impl Future<Output = F::Output> {
    let services = SERVICES.try_with(Arc::clone);
    async move {
        match services {
            Ok(services) => with_services(services, run).await,
            Err(_) => run.await,
        }
    }
}

/// The request of a call, as the payload of its run.
pub(crate) fn request(
    integration: &super::IntegrationSpec,
    arguments: Vec<(&'static str, ArgValue)>,
) -> Result<Value, Failed> {
    let request: Request = (integration.request)(&Given::new(arguments));
    if let Some(fault) = request.arguments.faults.first() {
        return Err(fail("States.Runtime", fault.message()));
    }
    match request.resource() {
        Some(resource) => {
            let arguments = evaluate(&request.arguments.expr, &Value::Null)?;
            Ok(json!({ "Resource": resource, "Arguments": arguments }))
        }
        None => Ok(json!({ "State": lower::constant_template(&request.arguments.expr) })),
    }
}

/// The payload with the token of an attempt.
pub(crate) fn with_token(mut payload: Value, token: &str) -> Value {
    fill(&mut payload, token);
    payload["Token"] = token.into();
    payload
}

/// Puts a token in the place of the one that was not minted yet, inside of texts too: a body may be JSON as text.
fn fill(value: &mut Value, token: &str) {
    match value {
        Value::String(text) if text.contains(PENDING) => *text = text.replace(PENDING, token),
        Value::Array(items) => items.iter_mut().for_each(|item| fill(item, token)),
        Value::Object(entries) => entries.values_mut().for_each(|entry| fill(entry, token)),
        _ => {}
    }
}

/// Calls the service, and gives what its result means.
pub(crate) async fn call(spec: &TaskSpec, mut payload: Value) -> Result<Value, Failed> {
    let services = SERVICES.try_with(Arc::clone);
    if let Some(Value::Object(state)) = payload.get("State") {
        let Ok(services) = services else { return Err(nobody("a raw State")) };
        return services.run(super::raw::alone(state)).await;
    }
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let request = ServiceRequest {
        resource: text(&payload["Resource"]).unwrap_or_default(),
        arguments: payload["Arguments"].take(),
        token: text(&payload["Token"]),
    };
    let Ok(services) = services else { return Err(nobody(&request.resource)) };
    let result = services.answer(request).await?;
    match &spec.integration {
        Some(integration) => evaluate(&integration.output(spec.pattern), &result),
        None => Ok(result),
    }
}

fn nobody(what: &str) -> Failed {
    fail(
        "States.Runtime",
        format!("nothing stands in for `{what}` here: run this inside of `sfn::local::with_services`"),
    )
}

impl fmt::Debug for dyn ServiceRunner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ServiceRunner")
    }
}
