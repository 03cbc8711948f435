//! A client for our own endpoint: enough to bring the result of a task that waits for a person.
//! Separate from the server because it runs in another process, and knows of the engine only what is on the wire.

use std::io;

use serde_json::{Value as Json, json};
use sfn_asl::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A client of an [`Endpoint`](super::Endpoint), by its URL.
///
/// It speaks plain HTTP to the loopback interface, so that a command line needs no SDK.
///
/// ```
/// use sfn_asl::Value;
/// use sfn_engine::api::{Client, Endpoint};
/// use sfn_engine::driver::{Engine, TaskRequest};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let engine = Engine::builder(|request: TaskRequest| async move { Ok(request.arguments) }).spawn();
/// let server = Endpoint::bind(0).await?.serve(engine);
/// let refused = Client::new(server.url()).send_task_success("nonsense", &Value::Null).await.unwrap_err();
/// assert_eq!(refused.to_string(), "InvalidToken: Invalid Token: 'Invalid token'");
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    address: String,
}

/// Why a call came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Nobody is there, or what is there does not speak our language.
    #[error("cannot call `{address}`: {error}")]
    Unreachable {
        /// Where the call went.
        address: String,
        /// What happened there.
        error: io::Error,
    },
    /// The service refused.
    #[error("{code}: {message}")]
    Refused {
        /// The service's error code, such as `TaskTimedOut`.
        code: String,
        /// What it says about it.
        message: String,
    },
}

impl Client {
    /// A client of the endpoint at `url`, `http://127.0.0.1:8083` for example.
    pub fn new(url: impl AsRef<str>) -> Self {
        let address = url.as_ref().trim_start_matches("http://").trim_end_matches('/').to_owned();
        Self { address }
    }

    /// Brings the result of the task that has this token.
    ///
    /// # Errors
    /// The endpoint cannot be reached, or refuses the token.
    pub async fn send_task_success(&self, token: &str, output: &Value) -> Result<(), ClientError> {
        self.call("SendTaskSuccess", &json!({ "taskToken": token, "output": output.to_string() }))
            .await
            .map(drop)
    }

    /// Brings the failure of the task that has this token.
    ///
    /// # Errors
    /// The endpoint cannot be reached, or refuses the token.
    pub async fn send_task_failure(&self, token: &str, error: &str, cause: &str) -> Result<(), ClientError> {
        self.call("SendTaskFailure", &json!({ "taskToken": token, "error": error, "cause": cause }))
            .await
            .map(drop)
    }

    /// Says that the task that has this token is still being worked on.
    ///
    /// # Errors
    /// The endpoint cannot be reached, or refuses the token.
    pub async fn send_task_heartbeat(&self, token: &str) -> Result<(), ClientError> {
        self.call("SendTaskHeartbeat", &json!({ "taskToken": token })).await.map(drop)
    }

    /// Calls any operation of the service's with an input in its JSON form, and gives the output in the same.
    ///
    /// # Errors
    /// The endpoint cannot be reached, or refuses the call.
    pub async fn call(&self, operation: &str, input: &Json) -> Result<Json, ClientError> {
        let unreachable = |error| ClientError::Unreachable { address: self.address.clone(), error };
        let answer = self.exchange(operation, &input.to_string()).await.map_err(unreachable)?;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let output: Json = serde_json::from_str(body).map_err(|_| {
            let line = head.lines().next().unwrap_or_default();
            unreachable(io::Error::other(format!("found `{line}`, expected an answer of the service")))
        })?;
        if head.split(' ').nth(1) == Some("200") {
            return Ok(output);
        }
        let text = |field: &str| output[field].as_str().unwrap_or_default().to_owned();
        Err(ClientError::Refused { code: text("__type"), message: text("message") })
    }

    /// One request on a connection of its own, which the server closes after its answer.
    async fn exchange(&self, operation: &str, body: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(&self.address).await?;
        let request = format!(
            "POST / HTTP/1.1\r\nHost: {}\r\nX-Amz-Target: AWSStepFunctions.{operation}\r\n\
             Content-Type: application/x-amz-json-1.0\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.address,
            body.len(),
        );
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}
