//! Who answers a Task: mocks, routes of the user's, the Lambda functions, and local stand-ins for the services.
//!
//! Separate from the driver because a driver knows tasks, and only here is it known what a service integration is sent
//! and what it answers.

mod direct;
mod envelope;
mod fault;
mod handler;
mod http;
mod sent;

mod dynamodb;
mod events;
mod http_task;
mod lambda;
mod s3;
mod sns;
mod sqs;
mod states;

pub(crate) use dynamodb::Refusal as TableRefusal;
pub(crate) use http_task::http_request;

pub use handler::{Handler, InvalidUrl};
pub use sent::Sent;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock, Weak};

use futures_util::FutureExt;
use sfn_asl::Value;

use crate::control::Executions;
use crate::core::{Pattern, ResourceKind};
use crate::driver::{Answer, Job, TaskFailure, TaskFuture, TaskRequest, TaskRunner};
use crate::journal::Journal;
use crate::lambda::{Functions, Invocation};
use crate::mocks::{Mocked, Mocks};
use crate::objects::ObjectStore;
use dynamodb::Tables;
use sent::Sents;

/// Everything a Task's `Resource` can name, on this machine.
///
/// Who answers a Task, the first of these that can:
///
/// 1. the [`Mocks`] of the execution's test case, if they speak of the State;
/// 2. a [route](Self::route) for the Lambda function: as it was written, then `name:qualifier`, then `name`;
/// 3. a route for the `Resource`: as it was written, then without `.sync` and its like, then the longest one that ends
///    in `*` and matches;
/// 4. the Lambda [functions](Self::functions); for an Activity, a worker;
/// 5. a stand-in that keeps what it was [sent](Self::sent) and answers as the service does: `sns:publish`,
///    `sqs:sendMessage`, `events:putEvents`, also in their `aws-sdk` spellings; `http:invoke` on this machine;
///    `dynamodb:getItem`, `putItem`, `updateItem` and `deleteItem` on declared [tables](Self::table);
///    with [objects](Self::objects) `aws-sdk:s3:getObject`, `putObject` and `listObjectsV2`; [connected](Self::connect)
///    to a control plane `states:startExecution` in every pattern and `aws-sdk:sfn` with executions and Task Tokens.
///
/// Any other Task fails, and its cause says how to route it. Cloning gives another hold of the same services.
///
/// ```
/// use std::sync::Arc;
/// use sfn_asl::Value;
/// use sfn_engine::core::{Machine, Status};
/// use sfn_engine::driver::{Engine, Start};
/// use sfn_engine::services::{Handler, Services};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let machine: Machine = r#"{
///   "QueryLanguage": "JSONata",
///   "StartAt": "Charge",
///   "States": {
///     "Charge": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::lambda:invoke",
///       "Arguments": { "FunctionName": "charge:live", "Payload": { "cents": 500 } },
///       "Output": "{% $states.result.Payload %}",
///       "Next": "Announce"
///     },
///     "Announce": {
///       "Type": "Task",
///       "Resource": "arn:aws:states:::sns:publish",
///       "Arguments": { "TopicArn": "arn:aws:sns:us-east-1:123456789012:sold", "Message": "{% $states.input %}" },
///       "Output": "{% $states.input %}",
///       "End": true
///     }
///   }
/// }"#
/// .parse()?;
///
/// let services = Services::new().route("charge", Handler::new(async |payload: Value| {
///     Ok(payload.get("cents").cloned().unwrap_or_default())
/// }));
/// let engine = Engine::builder(services.clone()).spawn();
/// let outcome = engine.start(&Arc::new(machine), Start::default())?.finished().await;
///
/// assert_eq!(outcome.status, Status::Succeeded(Value::from(500)));
/// assert_eq!(services.sent()[0].arguments.get("Message"), Some(&Value::from(500)));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Services {
    mocks: Mocks,
    routes: BTreeMap<Arc<str>, Handler>,
    functions: Option<Arc<dyn Functions>>,
    sents: Sents,
    tables: Tables,
    objects: Option<Arc<dyn ObjectStore>>,
    executions: Arc<OnceLock<Weak<dyn Executions>>>,
}

impl Services {
    /// The stand-ins alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Mocks, which the test case of an execution chooses.
    pub fn mocks(self, mocks: Mocks) -> Self {
        Self { mocks, ..self }
    }

    /// Lambda functions that have no route of their own.
    pub fn functions(self, functions: impl Functions) -> Self {
        Self { functions: Some(Arc::new(functions)), ..self }
    }

    /// Has a handler answer what documents call so.
    ///
    /// A Lambda function by its name, `name:qualifier`, ARN or `${Placeholder}`: the handler is given the payload.
    /// Anything else by its `Resource`, whole, without `.sync` and its like, or the beginning of one with `*` after it:
    /// the handler is given the arguments, and what it gives is the integration's whole answer.
    pub fn route(mut self, called: impl Into<Arc<str>>, handler: Handler) -> Self {
        self.routes.insert(called.into(), handler);
        self
    }

    /// Declares a DynamoDB table by the name of its partition key and, if it has one, of its sort key. It is empty, unless
    /// these services are connected to a control plane on a store that has items of such a table.
    pub fn table<K: Into<String>>(self, name: impl Into<String>, key: impl IntoIterator<Item = K>) -> Self {
        self.tables.declare(name.into(), key.into_iter().map(Into::into).collect());
        self
    }

    /// Where the objects of `aws-sdk:s3` live.
    pub fn objects(self, objects: Arc<dyn ObjectStore>) -> Self {
        Self { objects: Some(objects), ..self }
    }

    /// Connects nested executions to what knows State Machines by their ARNs, once; held weakly, since that in turn
    /// holds the engine these services work for. If what executions do outlives the process there, so do the items of
    /// the tables: connect before executions are resumed. Of several `Services` over one store, the first to be connected
    /// has its tables kept.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use sfn_engine::control::Control;
    /// use sfn_engine::driver::Engine;
    /// use sfn_engine::services::Services;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let services = Services::new();
    /// let control = Arc::new(Control::new(Engine::builder(services.clone()).spawn()));
    /// services.connect(&control);
    /// # }
    /// ```
    pub fn connect<E: Executions>(&self, executions: &Arc<E>) {
        let weak: Weak<E> = Arc::downgrade(executions);
        // Whoever came first stays.
        if self.executions.set(weak).is_ok()
            && let Some(items) = executions.engine().journal().and_then(Journal::take_items)
        {
            self.tables.outlive(items);
        }
    }

    /// What the stand-ins were sent, the latest thousand, oldest first.
    pub fn sent(&self) -> Vec<Sent> {
        self.sents.all()
    }

    /// Answers a program that calls a table itself; `None` for an operation that has no stand-in.
    pub(crate) async fn call_table(
        &self,
        operation: &str,
        arguments: &Value,
    ) -> Option<Result<Value, TableRefusal>> {
        let connected = self.executions.get().and_then(Weak::upgrade);
        let journal = connected.and_then(|executions| executions.engine().journal().cloned());
        self.tables.call_directly(operation, arguments, journal).await
    }

    async fn answer(self, request: TaskRequest) -> Result<Answer, TaskFailure> {
        if let Some(mocked) = self.mocks.answer(&request) {
            return mocked.and_then(|mocked| play(mocked, &request));
        }
        if let Some(call) = lambda::Call::of(&request)? {
            if let Some(handler) = call.function.find(&self.routes).cloned() {
                return call.make(&request, |payload| handler.call(payload)).await;
            }
            if self.resource_route(&request).is_none() {
                let names = self.functions.iter().flat_map(|functions| functions.names()).collect::<Vec<_>>();
                let known = call.function.candidates().find(|name| names.contains(name));
                let Some((functions, function)) = self.functions.as_ref().zip(known) else {
                    return Err(lambda::not_found(&call.function, &names, &request));
                };
                let run = |payload| functions.invoke(Invocation { function: function.to_owned(), payload });
                return call.make(&request, run).await;
            }
        }
        if let Some(handler) = self.resource_route(&request) {
            return handler.call(request.arguments).await.map(Answer::Response);
        }
        self.stand_in(&request).await
    }

    fn resource_route(&self, request: &TaskRequest) -> Option<&Handler> {
        let resource = &request.resource;
        let matching =
            |called: &str| called.strip_suffix('*').is_some_and(|start| resource.as_str().starts_with(start));
        self.routes.get(resource.as_str()).or_else(|| self.routes.get(resource.without_pattern())).or_else(
            || {
                let wide = self.routes.iter().filter(|(called, _)| matching(called));
                wide.max_by_key(|(called, _)| called.len()).map(|(_, handler)| handler)
            },
        )
    }

    async fn stand_in(&self, request: &TaskRequest) -> Result<Answer, TaskFailure> {
        let ResourceKind::Integration { service, .. } = request.resource.kind() else {
            return Ok(Answer::Worker);
        };
        let connected = || self.executions.get().and_then(Weak::upgrade);
        let answer = match (service.trim_start_matches("aws-sdk:"), request.resource.action()) {
            ("states" | "sfn", _) => {
                let executions = connected().ok_or_else(|| nobody(request))?;
                let answer = states::call(executions, request).await.ok_or_else(|| nobody(request))?;
                self.sents.keep(request);
                return answer;
            }
            ("s3", _) => {
                let objects = self.objects.as_ref().ok_or_else(|| nobody(request))?;
                s3::call(objects, request).await.ok_or_else(|| nobody(request))?
            }
            ("dynamodb", _) => {
                let journal = connected().and_then(|executions| executions.engine().journal().cloned());
                self.tables.call(request, journal).await.ok_or_else(|| nobody(request))?
            }
            ("http", "invoke") => http_task::invoke(request).await,
            ("sns", "publish") => sns::publish(request),
            ("sqs", "sendMessage") => sqs::send_message(request),
            ("events" | "eventbridge", "putEvents") => events::put_events(request),
            _ => return Err(nobody(request)),
        };
        self.sents.keep(request);
        answer.map(Answer::Response)
    }
}

impl TaskRunner for Services {
    fn run(&self, request: TaskRequest) -> TaskFuture {
        self.clone().answer(request).boxed()
    }

    fn give_up(&self, request: TaskRequest) {
        if let ResourceKind::Integration { service, .. } = request.resource.kind()
            && **service == *"states"
            && let Some(executions) = self.executions.get().and_then(Weak::upgrade)
        {
            states::give_up(executions, &request);
        }
    }
}

/// A mock speaks for the service and for whoever would have come with the Task Token.
fn play(mocked: Mocked, request: &TaskRequest) -> Result<Answer, TaskFailure> {
    match request.resource.pattern() {
        Pattern::RequestResponse => mocked.map(Answer::Response),
        Pattern::RunAJob | Pattern::WaitForCallback => {
            let job = Job::new(Value::empty_object(), std::future::ready(mocked));
            Ok(Answer::Job(Job { is_inside: true, ..job }))
        }
    }
}

/// The failure of a Task that nothing here can answer.
fn nobody(request: &TaskRequest) -> TaskFailure {
    let (resource, state) = (request.resource.as_str(), &request.state);
    let route = request.resource.without_pattern();
    let cause = format!(
        "nothing on this machine answers `{resource}`: route it (`{route}` to a closure, an HTTP endpoint or a command), \
         or mock state `{state}` in a test case of a MockConfigFile.json"
    );
    TaskFailure::new("States.Runtime", cause)
}

impl fmt::Debug for Services {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Services").field("routes", &self.routes.keys()).finish_non_exhaustive()
    }
}
