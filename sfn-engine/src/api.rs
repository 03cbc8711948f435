//! The service's API on loopback, in the AWS JSON 1.0 protocol, so that real SDK clients come to us.
//!
//! Separate from the engine because it speaks HTTP and the service's words for what goes wrong. Each group of
//! operations is a file that maps a request to a call of the engine and an error to the service's shape.
//!
//! Only programs of this machine may call: the `Host` header must name the loopback interface, which a web page that
//! has rebound its name to 127.0.0.1 cannot do, and a request with an `Origin` is refused. Signatures are not checked.

mod client;
mod guard;
mod protocol;
mod tasks;

use std::fmt;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::driver::Engine;
pub use client::{Client, ClientError};
use protocol::{ApiError, Call};

/// A port for the API, open but not yet served: functions can be told its address before there is an engine.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
}

/// The API being served; it ends when this is dropped.
pub struct Server {
    address: SocketAddr,
    server: JoinHandle<()>,
}

impl Endpoint {
    /// Opens a port on the loopback interface; port 0 takes any that is free.
    ///
    /// # Errors
    /// The port is taken.
    pub async fn bind(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where clients find it, as in `AWS_ENDPOINT_URL_SFN`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves an engine from now on.
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
    pub fn serve(self, engine: Engine) -> Server {
        let routes = Router::new()
            .route("/", post(call))
            .layer(middleware::from_fn(guard::only_this_machine))
            .with_state(engine);
        // Without this every answer waits for an acknowledgement that is itself delayed.
        let listener = self.listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move {
            // Serving ends with the task; an accept that fails is retried by the server itself.
            let _ = axum::serve(listener, routes).await;
        });
        Server { address: self.address, server }
    }
}

impl Server {
    /// Where clients find it, as in `AWS_ENDPOINT_URL_SFN`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Server").field("address", &self.address).finish_non_exhaustive()
    }
}

async fn call(State(engine): State<Engine>, request: Request) -> Response {
    let answer = async { dispatch(&engine, &Call::read(request).await?).await };
    match answer.await {
        Ok(output) => protocol::answer(&output),
        Err(error) => error.into_response(),
    }
}

async fn dispatch(engine: &Engine, call: &Call) -> Result<serde_json::Value, ApiError> {
    match call.operation.as_str() {
        "SendTaskSuccess" => tasks::send_task_success(engine, call).await,
        "SendTaskFailure" => tasks::send_task_failure(engine, call).await,
        "SendTaskHeartbeat" => tasks::send_task_heartbeat(engine, call).await,
        unknown => Err(ApiError::unknown_operation(unknown)),
    }
}
