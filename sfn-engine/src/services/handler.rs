//! What a route leads to: a closure, an HTTP endpoint or a command, each from JSON to JSON.
//! Separate because all three mean the same to whoever routes, and differ only in where the work is done.

use std::ffi::OsString;
use std::fmt;
use std::future::Future;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

use super::http::{self, Exchange, Trouble, Url};
use crate::driver::TaskFailure;

pub use super::http::InvalidUrl;

/// The largest answer that is taken in, as from a Lambda function.
const ANSWER_BYTES: usize = 6_291_556;

/// Answers a Task: takes its payload or arguments, gives its result.
///
/// ```
/// use sfn_asl::Value;
/// use sfn_engine::services::Handler;
///
/// Handler::new(async |payload: Value| Ok(payload));
/// Handler::http("http://localhost:9000/charge")?;
/// Handler::command("./charge.sh", ["--test"]);
///
/// let refused = Handler::http("ftp://localhost").unwrap_err();
/// assert_eq!(refused.to_string(), "found `ftp://localhost`, expected a URL such as `http://localhost:9000/path`");
/// # Ok::<(), sfn_engine::services::InvalidUrl>(())
/// ```
#[derive(Clone)]
pub struct Handler {
    work: Work,
}

type Work = Arc<dyn Fn(Value) -> BoxFuture<'static, Result<Value, TaskFailure>> + Send + Sync>;

impl Handler {
    /// A closure of this process.
    pub fn new<F, R>(closure: F) -> Self
    where
        F: Fn(Value) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Value, TaskFailure>> + Send + 'static,
    {
        Self { work: Arc::new(move |payload| closure(payload).boxed()) }
    }

    /// An HTTP endpoint: is sent the payload as JSON with `POST`, within a minute.
    ///
    /// A status of the two hundreds brings the result as JSON; no body is `null`. Any other status is a failure, and so
    /// is an `X-Amz-Function-Error` header: a body `{"errorType": .., "errorMessage": ..}`, as Lambda functions have it,
    /// gives it its name.
    ///
    /// # Errors
    /// The URL is not one of plain HTTP.
    pub fn http(url: &str) -> Result<Self, InvalidUrl> {
        let url: Url = url.parse()?;
        Ok(Self::new(move |payload| post(url.clone(), payload)).within(Duration::from_mins(1)))
    }

    /// A command: has the payload as JSON on its standard input, and 15 minutes.
    ///
    /// Exit status 0 brings the result as JSON from its standard output; nothing is `null`. Any other end is a failure:
    /// a last line `{"errorType": .., "errorMessage": ..}` on its standard error gives it its name.
    pub fn command<A: Into<OsString>>(
        program: impl Into<OsString>,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        let program: OsString = program.into();
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        Self::new(move |payload| run(program.clone(), arguments.clone(), payload))
            .within(Duration::from_mins(15))
    }

    /// The same, with another limit of real time, after which the Task fails with `States.Timeout`.
    pub fn within(self, limit: Duration) -> Self {
        Self::new(move |payload| {
            let work = (self.work)(payload);
            async move {
                tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
                    let cause = format!("no answer within {} seconds", limit.as_secs_f64());
                    Err(TaskFailure::new("States.Timeout", cause))
                })
            }
        })
    }

    pub(super) fn call(&self, payload: Value) -> BoxFuture<'static, Result<Value, TaskFailure>> {
        (self.work)(payload)
    }
}

async fn post(url: Url, payload: Value) -> Result<Value, TaskFailure> {
    let exchange = Exchange {
        method: "POST".to_owned(),
        url: url.clone(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: payload.to_string().into_bytes(),
    };
    let reply = http::exchange(exchange, ANSWER_BYTES).await.map_err(|trouble| match trouble {
        Trouble::TooLarge => too_large(&url.to_string()),
        Trouble::Unreachable(error) => unnamed(format!("cannot call `{url}`: {error}")),
    })?;
    let is_error = !(200..300).contains(&reply.status) || reply.header("x-amz-function-error").is_some();
    if is_error {
        let said = String::from_utf8_lossy(&reply.body);
        return Err(named(&said).unwrap_or_else(|| {
            unnamed(format!("`{url}` answered with status {}: {}", reply.status, excerpt(&said)))
        }));
    }
    parse(&reply.body, || format!("`{url}`"))
}

async fn run(program: OsString, arguments: Vec<OsString>, payload: Value) -> Result<Value, TaskFailure> {
    let name = program.to_string_lossy().into_owned();
    let cannot = |error: std::io::Error| unnamed(format!("cannot run `{name}`: {error}"));
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(cannot)?;
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let write = async move {
        if let Some(mut stdin) = stdin {
            // A command need not read what it is given.
            let _ = stdin.write_all(payload.to_string().as_bytes()).await;
        }
    };
    let ((), out, err) = tokio::join!(write, drain(stdout), drain(stderr));
    let (out, err) = (out.map_err(cannot)?, err.map_err(cannot)?);
    if out.len() > ANSWER_BYTES {
        return Err(too_large(&name));
    }
    let status = child.wait().await.map_err(cannot)?;
    if status.success() {
        return parse(&out, || format!("`{name}`"));
    }
    let said = String::from_utf8_lossy(&err);
    let last = said.trim_end().lines().next_back().unwrap_or_default();
    Err(named(last)
        .unwrap_or_else(|| unnamed(format!("`{name}` ended with {status}: {}", excerpt(said.trim_end())))))
}

/// All that is written, or one byte more than is taken; the rest is read and forgotten, so that the writer can end.
async fn drain(pipe: Option<impl AsyncRead + Unpin>) -> std::io::Result<Vec<u8>> {
    let mut taken = Vec::new();
    if let Some(mut pipe) = pipe {
        (&mut pipe).take(ANSWER_BYTES as u64 + 1).read_to_end(&mut taken).await?;
        tokio::io::copy(&mut pipe, &mut tokio::io::sink()).await?;
    }
    Ok(taken)
}

fn parse(body: &[u8], who: impl Fn() -> String) -> Result<Value, TaskFailure> {
    if body.trim_ascii().is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| {
        let found = String::from_utf8_lossy(body);
        unnamed(format!("{} answered `{}`, expected JSON: {error}", who(), excerpt(&found)))
    })
}

/// A failure in the form of Lambda's; the whole text is its cause, as it is Lambda's.
fn named(text: &str) -> Option<TaskFailure> {
    let parsed: Value = serde_json::from_str(text).ok()?;
    Some(TaskFailure::new(parsed.get("errorType")?.as_str()?, text))
}

fn unnamed(cause: String) -> TaskFailure {
    TaskFailure::new("States.TaskFailed", cause)
}

fn too_large(who: &str) -> TaskFailure {
    let cause = format!(
        "The state/task '{who}' returned a result with a size exceeding the maximum number of bytes service limit."
    );
    TaskFailure::new("States.DataLimitExceeded", cause)
}

/// The end of what was said, where it is long: errors stand there.
fn excerpt(text: &str) -> &str {
    let start = text.len().saturating_sub(2_000);
    &text[text.ceil_char_boundary(start)..]
}

impl fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Handler").finish_non_exhaustive()
    }
}
