//! The Lambda Runtime API of one process: hands it invocations, takes its answers.
//! Separate from the process because this half speaks HTTP and the other half pipes and signals.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode, header};
use axum::routing::{get, post};
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::Timestamp;

/// The largest answer a function may give, as on the service.
const RESPONSE_BYTES: usize = 6_291_556;

/// An invocation on its way to the process.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) request_id: String,
    pub(super) function_arn: String,
    pub(super) deadline: Timestamp,
    pub(super) payload: String,
    pub(super) reply: oneshot::Sender<Reply>,
}

/// What the process said, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    Response(Bytes),
    Error(Bytes),
}

/// A Lambda Runtime API on a port of its own, so that whoever asks is known by where it asks.
#[derive(Debug)]
pub(super) struct RuntimeApi {
    pub(super) address: SocketAddr,
    pub(super) deliveries: mpsc::Sender<Delivery>,
    server: JoinHandle<()>,
}

#[derive(Clone)]
struct Shared {
    queue: Arc<tokio::sync::Mutex<mpsc::Receiver<Delivery>>>,
    waiting: Arc<Mutex<Waiting>>,
}

type Waiting = HashMap<String, oneshot::Sender<Reply>>;

impl RuntimeApi {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let (deliveries, queue) = mpsc::channel(1);
        let shared = Shared { queue: Arc::new(tokio::sync::Mutex::new(queue)), waiting: Arc::default() };
        let routes = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route("/2018-06-01/runtime/invocation/{id}/response", post(response))
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(shared);
        // Without this every answer waits for an acknowledgement that is itself delayed.
        let listener = listener.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        let server = tokio::spawn(async move {
            // Serving ends with the task; an accept that fails is retried by the server itself.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { address, deliveries, server })
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self, id: &str, reply: Reply) -> Response<Body> {
        match self.waiting().remove(id) {
            // Whoever waited may have given up; to the process that is no fault.
            Some(waiting) => {
                let _ = waiting.send(reply);
                status(StatusCode::ACCEPTED)
            }
            None => status(StatusCode::BAD_REQUEST),
        }
    }
}

async fn next(State(shared): State<Shared>) -> Response<Body> {
    let Some(delivery) = shared.queue.lock().await.recv().await else { return status(StatusCode::GONE) };
    shared.waiting().insert(delivery.request_id.clone(), delivery.reply);
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .header("Lambda-Runtime-Aws-Request-Id", &delivery.request_id)
        .header("Lambda-Runtime-Deadline-Ms", delivery.deadline.as_millis())
        .header("Lambda-Runtime-Invoked-Function-Arn", &delivery.function_arn)
        .header("Lambda-Runtime-Trace-Id", format!("Root=1-{}", delivery.request_id))
        .body(Body::from(delivery.payload));
    response.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
}

async fn response(State(shared): State<Shared>, Path(id): Path<String>, request: Request) -> Response<Body> {
    if let Ok(body) = to_bytes(request.into_body(), RESPONSE_BYTES).await {
        return shared.answer(&id, Reply::Response(body));
    }
    let message =
        format!("Response payload size exceeded maximum allowed payload size ({RESPONSE_BYTES} bytes).");
    shared.answer(&id, Reply::Error(error_body("Function.ResponseSizeTooLarge", &message)));
    status(StatusCode::PAYLOAD_TOO_LARGE)
}

async fn error(State(shared): State<Shared>, Path(id): Path<String>, request: Request) -> Response<Body> {
    match to_bytes(request.into_body(), RESPONSE_BYTES).await {
        Ok(body) => shared.answer(&id, Reply::Error(body)),
        Err(_) => status(StatusCode::PAYLOAD_TOO_LARGE),
    }
}

/// The process cannot start: whatever it was about to be given fails with what it says.
async fn init_error(State(shared): State<Shared>, request: Request) -> Response<Body> {
    let Ok(body) = to_bytes(request.into_body(), RESPONSE_BYTES).await else {
        return status(StatusCode::PAYLOAD_TOO_LARGE);
    };
    if let Some(delivery) = shared.queue.lock().await.recv().await {
        let _ = delivery.reply.send(Reply::Error(body));
    }
    status(StatusCode::ACCEPTED)
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(r#"{"status":"OK"}"#));
    *response.status_mut() = status;
    response
}

/// The body a Lambda error has on the wire.
pub(super) fn error_body(error_type: &str, message: &str) -> Bytes {
    Bytes::from(serde_json::json!({ "errorMessage": message, "errorType": error_type }).to_string())
}
