//! The service's API on loopback, in the AWS JSON 1.0 protocol, so that real SDK clients come to us.
//!
//! Separate from the engine because it speaks HTTP and the service's words for what goes wrong. Each group of
//! operations is a file that maps a request to a call of the engine and an error to the service's shape.
//!
//! Only programs of this machine may call: the `Host` header must name the loopback interface, which a web page that
//! has rebound its name to 127.0.0.1 cannot do, and a request with an `Origin` is refused. Signatures are not checked.
//!
//! For `StartSyncExecution` and `TestState` the SDKs put `sync-` before the host's name. boto3 and the AWS
//! command line leave it off when `AWS_DISABLE_HOST_PREFIX_INJECTION` is `true`, boto3 also with
//! `Config(inject_host_prefix=False)`, an SDK for Rust with an interceptor.

mod client;
mod connections;
mod executions;
mod guard;
mod machines;
mod map_runs;
mod model;
mod protocol;
mod resources;
mod tables;
mod tasks;
mod test_state;

use std::fmt;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::control::{Control, Refusal};
use crate::services::Services;
pub use client::{Client, ClientError};
use protocol::Call;

/// A port for the API, open but not yet served: functions can be told its address before there is an engine.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
    tables: Option<Services>,
}

/// What calls are answered by.
#[derive(Clone)]
struct Served {
    control: Control,
    tables: Option<Services>,
}

/// The API being served; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    serving: JoinHandle<()>,
    end: Option<oneshot::Sender<()>>,
}

impl Endpoint {
    /// Opens a port on the loopback interface; port 0 takes any that is free.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address, tables: None })
    }

    /// Where clients find it, as in `AWS_ENDPOINT_URL_SFN`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same, which answers for the DynamoDB tables of services, too: `GetItem`, `PutItem`, `UpdateItem` and `DeleteItem`,
    /// for programs that find it by `AWS_ENDPOINT_URL_DYNAMODB`.
    pub fn tables(self, services: &Services) -> Self {
        Self { tables: Some(services.clone()), ..self }
    }

    /// Serves an engine, or its control plane, from now on.
    ///
    /// ```
    /// use sfn_asl::Value;
    /// use sfn_engine::api::Endpoint;
    /// use sfn_engine::driver::{Engine, TaskRequest};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// let endpoint = Endpoint::bind(0).await?;
    /// let url = endpoint.url();
    /// let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn();
    /// let server = endpoint.serve(engine);
    /// assert_eq!(server.url(), url);
    /// # Ok(())
    /// # }
    /// ```
    pub fn serve(self, control: impl Into<Control>) -> Server {
        let control = control.into();
        control.resume();
        let routes = Router::new()
            .route("/", post(call).get(greet))
            .layer(middleware::from_fn(guard::only_this_machine))
            .with_state(Served { control, tables: self.tables });
        let (end, told) = oneshot::channel();
        let serving = tokio::spawn(connections::serve(self.listener, routes, told));
        Server { address: self.address, serving, end: Some(end) }
    }
}

impl Server {
    /// Where clients find it, as in `AWS_ENDPOINT_URL_SFN`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no more calls, and answers those that are being worked on if that takes no longer than a moment.
    pub async fn shut_down(mut self) {
        if let Some(end) = self.end.take() {
            // A server that is gone needs no telling.
            let _ = end.send(());
        }
        let _ = (&mut self.serving).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

/// What a person sees who looks here with a browser or with `curl`.
async fn greet() -> &'static str {
    "Step Functions on this machine. Point an AWS client here: AWS_ENDPOINT_URL_SFN is this address.\n"
}

async fn call(State(Served { control, tables }): State<Served>, request: Request) -> Response {
    if let Some(services) = tables
        && let Some(operation) = tables::operation(&request)
    {
        return tables::call(&services, &operation, request).await;
    }
    let request_id = control.unique();
    let answer = async {
        let output = dispatch(&control, &Call::read(request).await?).await;
        // Nobody is told what the end of this process could undo.
        control.persisted().await.map_err(|error| Refusal::not_kept(&error))?;
        output
    };
    let mut response = match answer.await {
        Ok(output) => protocol::answer(&output),
        Err(refusal) => refusal.into_response(),
    };
    if let Ok(request_id) = HeaderValue::from_str(&request_id) {
        response.headers_mut().insert("x-amzn-requestid", request_id);
    }
    response
}

async fn dispatch(control: &Control, call: &Call) -> Result<serde_json::Value, Refusal> {
    match call.operation.as_str() {
        "CreateStateMachine" => machines::create_state_machine(control, call),
        "UpdateStateMachine" => machines::update_state_machine(control, call),
        "DescribeStateMachine" => machines::describe_state_machine(control, call),
        "DescribeStateMachineForExecution" => machines::describe_state_machine_for_execution(control, call),
        "ListStateMachines" => machines::list_state_machines(control, call),
        "DeleteStateMachine" => machines::delete_state_machine(control, call),
        "ValidateStateMachineDefinition" => Ok(machines::validate_definition(call)),
        "TestState" => test_state::test_state(control, call).await,
        "PublishStateMachineVersion" => machines::publish_version(control, call),
        "ListStateMachineVersions" => machines::list_versions(control, call),
        "DeleteStateMachineVersion" => machines::delete_version(control, call),
        "CreateStateMachineAlias" => machines::create_alias(control, call),
        "UpdateStateMachineAlias" => machines::update_alias(control, call),
        "DescribeStateMachineAlias" => machines::describe_alias(control, call),
        "ListStateMachineAliases" => machines::list_aliases(control, call),
        "DeleteStateMachineAlias" => machines::delete_alias(control, call),

        "StartExecution" => executions::start_execution(control, call),
        "StartSyncExecution" => executions::start_sync_execution(control, call).await,
        "StopExecution" => executions::stop_execution(control, call).await,
        "RedriveExecution" => executions::redrive_execution(control, call),
        "DescribeExecution" => executions::describe_execution(control, call).await,
        "ListExecutions" => executions::list_executions(control, call).await,
        "GetExecutionHistory" => executions::get_execution_history(control, call).await,

        "DescribeMapRun" => map_runs::describe_map_run(control, call).await,
        "ListMapRuns" => map_runs::list_map_runs(control, call).await,
        "UpdateMapRun" => map_runs::update_map_run(control, call).await,

        "SendTaskSuccess" => tasks::send_task_success(control, call).await,
        "SendTaskFailure" => tasks::send_task_failure(control, call).await,
        "SendTaskHeartbeat" => tasks::send_task_heartbeat(control, call).await,
        "GetActivityTask" => tasks::get_activity_task(control, call).await,

        "CreateActivity" => resources::create_activity(control, call),
        "DescribeActivity" => resources::describe_activity(control, call),
        "ListActivities" => resources::list_activities(control, call),
        "DeleteActivity" => resources::delete_activity(control, call),
        "TagResource" => resources::tag_resource(control, call),
        "UntagResource" => resources::untag_resource(control, call),
        "ListTagsForResource" => resources::list_tags(control, call),

        unknown => Err(protocol::unknown_operation(unknown)),
    }
}
