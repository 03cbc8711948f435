//! Step Functions as its own integration: nested executions in every pattern, and Task Tokens from inside a machine.
//! Separate because here the service called is this engine, whose time the caller's clock need not wait for.

use std::sync::{Arc, Weak};

use sfn_asl::{ExecutionType, Value};

use super::envelope::{JSON, object, wrap};
use super::fault::{STATES, is_sdk, missing, refused};
use crate::Timestamp;
use crate::control::{ExecutionDescription, Executions, Refusal, StartExecution, Started};
use crate::core::Pattern;
use crate::driver::{Answer, Job, TaskFailure, TaskRequest, TokenError};
use crate::history::Fault;

/// Calls an operation; `None` for one that has no stand-in.
pub(super) async fn call(
    executions: Arc<dyn Executions>,
    request: &TaskRequest,
) -> Option<Result<Answer, TaskFailure>> {
    let operation = Operation { executions, request };
    Some(match request.resource.action() {
        "startExecution" => operation.start(),
        "startSyncExecution" => operation.start_sync(),
        "describeExecution" => operation.describe(),
        "stopExecution" => operation.stop().await,
        "sendTaskSuccess" => operation.send_success().await,
        "sendTaskFailure" => operation.send_failure().await,
        "sendTaskHeartbeat" => operation.send_heartbeat().await,
        _ => return None,
    })
}

/// Stops the nested execution that a request in an earlier process started, if it did.
pub(super) fn give_up(executions: Arc<dyn Executions>, request: &TaskRequest) {
    let operation = Operation { executions, request };
    if let Ok(start) = operation.nested_start() {
        operation.executions.give_up(&start);
    }
}

struct Operation<'a> {
    executions: Arc<dyn Executions>,
    request: &'a TaskRequest,
}

type Called = Result<Answer, TaskFailure>;

impl Operation<'_> {
    fn start(&self) -> Called {
        let started = self.started()?;
        let date = self.date(started.started);
        let answer = object([("ExecutionArn", Value::from(Arc::clone(&started.arn))), ("StartDate", date)]);
        let submitted = if is_sdk(self.request) {
            answer
        } else {
            // The service writes numbers as Java does.
            let seconds = started.started.as_seconds();
            let body = format!("{{\"executionArn\":\"{}\",\"startDate\":{seconds:E}}}", started.arn);
            wrap(&answer, JSON, &body, self.request)
        };
        if self.request.resource.pattern() != Pattern::RunAJob {
            return Ok(Answer::Response(submitted));
        }
        let is_parsed = self.request.resource.as_str().ends_with(":2");
        let (finished, nested) = (self.executions.finished(&started.arn), self.nested(started));
        let result = async move {
            let description =
                finished.await.map_err(|refusal| TaskFailure::new("States.Runtime", refusal.to_string()));
            nested.finish();
            outcome(&description?, is_parsed)
        };
        Ok(Answer::Job(Job { is_inside: true, ..Job::new(submitted, result) }))
    }

    fn start_sync(&self) -> Called {
        let started = self.started()?;
        let described = self.executions.describe(&started.arn).map_err(|refusal| self.refused(&refusal))?;
        let (finished, nested) = (self.executions.finished(&started.arn), self.nested(started));
        if described.kind == ExecutionType::Standard {
            return Err(self.refused(&Refusal::type_not_supported()));
        }
        let result = async move {
            let description =
                finished.await.map_err(|refusal| TaskFailure::new("States.Runtime", refusal.to_string()));
            nested.finish();
            // Whether it failed is for the caller to see.
            Ok(written(&description?, |text| text, |date| Value::from(date.to_string()))
                .into_iter()
                .collect())
        };
        Ok(Answer::Job(Job { is_inside: true, ..Job::new(Value::Null, result) }))
    }

    fn describe(&self) -> Called {
        let arn = self.text("ExecutionArn")?;
        let description = self.executions.describe(arn).map_err(|refusal| self.refused(&refusal))?;
        Ok(Answer::Response(written(&description, |text| text, |date| self.date(date)).into_iter().collect()))
    }

    async fn stop(&self) -> Called {
        let arn = self.text("ExecutionArn")?;
        let fault = Fault { error: self.optional("Error"), cause: self.optional("Cause") };
        self.executions.stop(arn, fault).map_err(|refusal| self.refused(&refusal))?;
        let ended = self.executions.finished(arn).await.map_err(|refusal| self.refused(&refusal))?;
        let date = ended.stopped.map_or(Value::Null, |at| self.date(at));
        Ok(Answer::Response(object([("StopDate", date)])))
    }

    async fn send_success(&self) -> Called {
        let (token, engine) = (self.text("TaskToken")?, self.executions.engine());
        let output = self.request.arguments.get("Output").cloned().unwrap_or_default();
        let output = match output.as_str().map(serde_json::from_str) {
            Some(Ok(parsed)) => parsed,
            None => output,
            Some(Err(error)) => {
                // The service looks at the token first.
                self.sent(engine.send_task_heartbeat(token).await)?;
                return Err(
                    self.refused(&Refusal::new("InvalidOutput", format!("Invalid Output: '{error}'")))
                );
            }
        };
        self.sent(engine.send_task_success(token, output).await)
    }

    async fn send_failure(&self) -> Called {
        let token = self.text("TaskToken")?;
        let fault = Fault { error: self.optional("Error"), cause: self.optional("Cause") };
        self.sent(self.executions.engine().send_task_fault(token, fault).await)
    }

    async fn send_heartbeat(&self) -> Called {
        let token = self.text("TaskToken")?;
        self.sent(self.executions.engine().send_task_heartbeat(token).await)
    }

    fn sent(&self, sent: Result<(), TokenError>) -> Called {
        let code = match sent {
            Ok(()) => return Ok(Answer::Response(Value::empty_object())),
            Err(TokenError::Invalid) => "InvalidToken",
            Err(TokenError::Unknown) => "TaskDoesNotExist",
            Err(TokenError::TimedOut) => "TaskTimedOut",
            Err(TokenError::ShutDown) => "ServiceUnavailable",
        };
        let message = sent.err().map(|error| error.to_string()).unwrap_or_default();
        Err(self.refused(&Refusal::new(code, message)))
    }

    fn started(&self) -> Result<Started, TaskFailure> {
        self.executions.start(self.nested_start()?).map_err(|refusal| self.refused(&refusal))
    }

    fn nested_start(&self) -> Result<StartExecution, TaskFailure> {
        let input = self.request.arguments.get("Input").filter(|input| !input.is_null());
        // JSON text is passed on as it is, any other JSON is written as text.
        let input = input.map(|input| input.as_str().map_or_else(|| input.to_string(), str::to_owned));
        Ok(StartExecution {
            machine: self.text("StateMachineArn")?.to_owned(),
            name: self
                .optional("Name")
                .map(|name| name.to_string())
                .or_else(|| Some(self.request.unique_name())),
            input,
            trace_header: self.optional("TraceHeader").map(|header| header.to_string()),
            request: Some(self.request.unique_name()),
        })
    }

    fn nested(&self, started: Started) -> Nested {
        Nested { executions: Some(Arc::downgrade(&self.executions)), arn: started.arn }
    }

    fn date(&self, at: Timestamp) -> Value {
        if is_sdk(self.request) { Value::from(at.to_string()) } else { Value::from(at.as_millis()) }
    }

    fn optional(&self, name: &str) -> Option<Arc<str>> {
        self.request.arguments.get(name).and_then(Value::as_str).map(Into::into)
    }

    fn text(&self, name: &str) -> Result<&str, TaskFailure> {
        let text = self.request.arguments.get(name).and_then(Value::as_str);
        text.ok_or_else(|| missing(STATES, self.request, name))
    }

    fn refused(&self, refusal: &Refusal) -> TaskFailure {
        refused(STATES, self.request, 400, refusal.code, &refusal.message)
    }
}

/// A nested execution somebody waits for; stopped when nobody does any more.
struct Nested {
    executions: Option<Weak<dyn Executions>>,
    arn: Arc<str>,
}

impl Nested {
    fn finish(mut self) {
        self.executions = None;
    }
}

impl Drop for Nested {
    fn drop(&mut self) {
        if let Some(executions) = self.executions.take().and_then(|executions| executions.upgrade()) {
            // One that is over or gone needs no stopping.
            let _ = executions.stop(&self.arn, Fault::default());
        }
    }
}

/// What a nested execution's end is to the Task that waited: `.sync` has texts where `.sync:2` has JSON.
fn outcome(description: &ExecutionDescription, is_parsed: bool) -> Result<Value, TaskFailure> {
    let millis = |at: Timestamp| Value::from(at.as_millis());
    if description.status.as_str() != "SUCCEEDED" {
        let cause: Value = written(description, |text| text, millis).into_iter().collect();
        return Err(TaskFailure::new("States.TaskFailed", cause.to_string()));
    }
    let read = |text: Value| {
        let parsed = text.as_str().filter(|_| is_parsed).and_then(|text| serde_json::from_str(text).ok());
        parsed.unwrap_or(text)
    };
    Ok(written(description, read, millis).into_iter().collect())
}

/// A description with the service's names, in their order.
fn written(
    description: &ExecutionDescription,
    read: impl Fn(Value) -> Value,
    date: impl Fn(Timestamp) -> Value,
) -> Vec<(&'static str, Value)> {
    let text = |text: &Arc<str>| Value::from(Arc::clone(text));
    let included = || object([("Included", Value::from(true))]);
    let output = description.output.as_ref();
    [
        ("Cause", description.fault.cause.as_ref().map(text)),
        ("Error", description.fault.error.as_ref().map(text)),
        ("ExecutionArn", Some(text(&description.arn))),
        ("Input", Some(read(text(&description.input)))),
        ("InputDetails", Some(included())),
        ("Name", Some(text(&description.name))),
        ("Output", output.map(|output| read(Value::from(output.as_str())))),
        ("OutputDetails", output.map(|_| included())),
        ("RedriveCount", Some(Value::from(i64::try_from(description.redrives).unwrap_or(i64::MAX)))),
        ("RedriveStatus", Some(Value::from(description.redrive_status.name()))),
        ("RedriveStatusReason", description.redrive_status.reason().map(Value::from)),
        ("StartDate", Some(date(description.started))),
        ("StateMachineAliasArn", description.alias_arn.as_ref().map(text)),
        ("StateMachineArn", Some(text(&description.machine_arn))),
        ("StateMachineVersionArn", description.version_arn.as_ref().map(text)),
        ("Status", Some(Value::from(description.status.as_str()))),
        ("StopDate", description.stopped.map(date)),
        ("TraceHeader", description.trace_header.as_ref().map(text)),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}
