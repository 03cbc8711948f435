//! A task as a `tower` service: everything that an invocation comes to, for a runtime that may have layers around it.
//! Separate from serving, which is such a runtime without any.

use crate::invoke::{self, Event, Reported};
use lambda_runtime::{LambdaEvent, Service};
use serde_json::Value;
use sfn_core::{Surroundings, TaskEntry};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// The service of a task: what [`service`](crate::service()) gives, and what [`serve`](crate::serve()) runs.
///
/// A failure of the task is an error of the service, whose [`ErrorBody`](sfn_core::ErrorBody) is what Step Functions will be
/// told; the service itself is always ready and goes on after any failure. Its clones share everything.
///
/// A test of one's layers puts them around a task and calls what comes out, without Lambda:
///
/// ```
/// use lambda_runtime::tower::{Service, ServiceBuilder, ServiceExt};
/// use lambda_runtime::{Context, LambdaEvent};
/// use serde_json::json;
/// use sfn_core::{Surroundings, TaskEntry};
/// use sfn_lambda::{Event, TaskService, lambda_runtime};
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../sfn-core/tests/support/greeting.in")); }
/// # use support::greet;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let task = TaskService::new(TaskEntry::of::<greet>(), Surroundings::default());
/// let mut layered = ServiceBuilder::new()
///     .map_request(|mut event: LambdaEvent<Event>| {
///         let shouted = event.payload.json().and_then(|name| name.as_str()).map(str::to_uppercase);
///         event.payload = Event::from(json!(shouted));
///         event
///     })
///     .map_err(|reported: sfn_lambda::Reported| reported.body().error_type.clone())
///     .service(task);
///
/// let event = |payload| LambdaEvent::new(Event::from(payload), Context::default());
/// assert_eq!(layered.ready().await.unwrap().call(event(json!("ada"))).await, Ok(json!("hello, ADA")));
/// assert_eq!(layered.ready().await.unwrap().call(event(json!(7))).await, Err("Payload.Invalid".to_owned()));
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TaskService(Arc<Served>);

/// What every invocation has in common.
#[derive(Debug)]
pub(crate) struct Served {
    pub(crate) task: TaskEntry,
    pub(crate) surroundings: Surroundings,
}

impl TaskService {
    /// The service of a task that runs in surroundings.
    pub fn new(task: TaskEntry, surroundings: Surroundings) -> Self {
        Self(Arc::new(Served { task, surroundings }))
    }
}

impl Service<LambdaEvent<Event>> for TaskService {
    type Response = Value;
    type Error = Reported;
    type Future = Pin<Box<dyn Future<Output = Result<Value, Reported>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Reported>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, event: LambdaEvent<Event>) -> Self::Future {
        Box::pin(invoke::invoke(Arc::clone(&self.0), event))
    }
}
