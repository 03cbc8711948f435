//! One process that serves one function, one invocation at a time.
//! Separate from the pool, which decides who runs; here is what running means.

use std::collections::BTreeMap;
use std::io;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::oneshot;

use super::pool::{FunctionSpec, LogLine, LogStream};
use super::runtime_api::{Delivery, Reply, RuntimeApi, error_body};
use crate::Timestamp;

pub(super) type Logs = Arc<dyn Fn(LogLine) + Send + Sync>;

/// A running process; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    api: RuntimeApi,
}

/// What an invocation came to.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The process answered and can be used again.
    Answered(Reply),
    /// The process is gone or must go; this is the error it leaves behind.
    Lost(Reply),
}

impl Process {
    pub(super) async fn spawn(
        function: &str,
        spec: &FunctionSpec,
        environment: &BTreeMap<String, String>,
        logs: Option<&Logs>,
    ) -> io::Result<Self> {
        let api = RuntimeApi::start().await?;
        let mut child = Command::new(&spec.program)
            .envs(environment)
            .env("AWS_LAMBDA_RUNTIME_API", api.address.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", &spec.name)
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", spec.memory_mb.to_string())
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", format!("/aws/lambda/{}", spec.name))
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "local")
            .env("_HANDLER", &spec.handler)
            .envs(&spec.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        if let Some(stdout) = child.stdout.take() {
            follow(function, LogStream::Stdout, stdout, logs);
        }
        if let Some(stderr) = child.stderr.take() {
            follow(function, LogStream::Stderr, stderr, logs);
        }
        Ok(Self { child, api })
    }

    /// Whether the process is still there to be used.
    pub(super) fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Has the process work on one invocation, until `deadline`.
    pub(super) async fn invoke(&mut self, invocation: Work, now: Timestamp) -> Verdict {
        let (reply, answer) = oneshot::channel();
        let (request_id, timeout) = (invocation.request_id.clone(), now.until(invocation.deadline));
        let delivery = Delivery {
            request_id: invocation.request_id,
            function_arn: invocation.function_arn,
            deadline: invocation.deadline,
            payload: invocation.payload,
            reply,
        };
        if self.api.deliveries.send(delivery).await.is_err() {
            return Verdict::Lost(exited(&request_id, None));
        }
        tokio::select! {
            // An answer that crosses the process's end still counts.
            biased;
            Ok(reply) = answer => Verdict::Answered(reply),
            status = self.child.wait() => Verdict::Lost(exited(&request_id, status.ok())),
            () = tokio::time::sleep(timeout) => {
                let message = format!("RequestId: {request_id} Error: Task timed out after {:.2} seconds", timeout.as_secs_f64());
                Verdict::Lost(Reply::Error(error_body("Sandbox.Timedout", &message)))
            }
        }
    }
}

/// One invocation, ready for the wire.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) request_id: String,
    pub(super) function_arn: String,
    pub(super) deadline: Timestamp,
    pub(super) payload: String,
}

fn exited(request_id: &str, status: Option<ExitStatus>) -> Reply {
    let how = status.map_or_else(|| "unknown status".to_owned(), |status| status.to_string());
    let how = how.replace("exit code", "exit status");
    let message = format!("RequestId: {request_id} Error: Runtime exited with error: {how}");
    Reply::Error(error_body("Runtime.ExitError", &message))
}

/// Passes on what the process writes, line by line. Read even when nobody listens: a full pipe would block it.
fn follow(
    function: &str,
    stream: LogStream,
    pipe: impl AsyncRead + Unpin + Send + 'static,
    logs: Option<&Logs>,
) {
    let (function, logs) = (Arc::<str>::from(function), logs.map(Arc::clone));
    tokio::spawn(async move {
        let mut lines = BufReader::new(pipe).lines();
        while let Ok(Some(text)) = lines.next_line().await {
            if let Some(logs) = &logs {
                logs(LogLine { function: Arc::clone(&function), stream, text });
            }
        }
    });
}
