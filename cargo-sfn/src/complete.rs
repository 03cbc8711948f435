//! `cargo sfn complete`: answers a task token for a person. Apart from `run`, because it speaks to a run in another
//! terminal, through the same API that AWS has.

use crate::project::{Project, ProjectError};
use crate::running::{self, Run};
use crate::style::Style;
use serde_json::Value;
use sfn_asl::nearest;
use sfn_core::Failed;
use sfn_engine::api::{Client, ClientError};
use std::io;
use std::process::ExitCode;

/// Completes a task that waits for its token, in a `cargo sfn run` of another terminal.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The token, as `cargo sfn run` shows it.
    token: String,
    #[command(flatten)]
    answer: Answer,
    /// With `--error`: what went wrong, for people.
    #[arg(long, value_name = "TEXT", conflicts_with = "output", default_value = "")]
    cause: String,
}

#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
struct Answer {
    /// The task's output.
    #[arg(long, value_name = "JSON", value_parser = parse_output)]
    output: Option<Value>,
    /// The name of the error to fail the task with.
    #[arg(long, value_name = "NAME")]
    error: Option<String>,
}

/// Why the token was not completed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompleteError {
    #[error(transparent)]
    Project(#[from] ProjectError),
    #[error("the runs of this workspace cannot be listed: {0}")]
    Runs(io::Error),
    #[error("the async runtime does not start: {0}")]
    Runtime(io::Error),
    #[error("nothing is running here; tokens live as long as their `cargo sfn run`")]
    NothingRuns,
    #[error(
        "no task waits for this token any more: it timed out, was completed before, or its execution is over"
    )]
    Stale,
    #[error("no run knows this token; running here: {0}; copy the token as `cargo sfn run` shows it")]
    Unknown(String),
    #[error("the run of `{workflow}` refused: {reason}")]
    Refused { workflow: String, reason: String },
}

/// Completes the token in whichever run knows it.
pub(crate) fn complete(args: &Args) -> Result<ExitCode, CompleteError> {
    let runs = running::all(&Project::locate()?.artifacts()).map_err(CompleteError::Runs)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(CompleteError::Runtime)?;
    let workflow = runtime.block_on(deliver(args, &runs))?;
    let style = Style::of_stderr();
    eprintln!("{} {workflow} goes on", style.good("completed:"));
    Ok(ExitCode::SUCCESS)
}

fn parse_output(text: &str) -> Result<Value, String> {
    serde_json::from_str(text)
        .map_err(|error| format!("this is not JSON: {error}; a text needs its own quotes: '\"yes\"'"))
}

/// Offers the answer to every run until one takes it; gives that run's workflow.
async fn deliver(args: &Args, runs: &[Run]) -> Result<String, CompleteError> {
    let mut alive = Vec::new();
    let mut is_stale = false;
    for run in runs {
        match send(args, &Client::new(&run.url)).await {
            Ok(()) => return Ok(run.workflow.clone()),
            // A run that was killed leaves its announcement behind.
            Err(ClientError::Unreachable { .. }) => {}
            Err(ClientError::Refused { code, message }) => match code.as_str() {
                // A run says so of any token it does not wait for, also of another run's.
                "TaskTimedOut" => is_stale = true,
                "InvalidToken" | "TaskDoesNotExist" => alive.push(run.workflow.as_str()),
                _ => return Err(CompleteError::Refused { workflow: run.workflow.clone(), reason: message }),
            },
        }
    }
    match alive.as_slice() {
        _ if is_stale => Err(CompleteError::Stale),
        [] => Err(CompleteError::NothingRuns),
        alive => Err(CompleteError::Unknown(nearest::listed(alive))),
    }
}

async fn send(args: &Args, client: &Client) -> Result<(), ClientError> {
    match &args.answer {
        Answer { error: Some(error), .. } => {
            // The cause that a task's own failure has, so that Catchers read both alike.
            let failed = Failed::of_task(error, &args.cause);
            client.send_task_failure(&args.token, failed.error(), failed.cause()).await
        }
        Answer { output, error: None } => {
            let output = output.as_ref().unwrap_or(&Value::Null);
            client.send_task_success(&args.token, &output.into()).await
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;
    use sfn_asl::Value::Null;
    use sfn_engine::api::{Endpoint, Server};
    use sfn_engine::core::Machine;
    use sfn_engine::driver::{Engine, Start, TaskRequest};

    #[derive(Debug, clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn parse(words: &[&str]) -> Result<Args, String> {
        let line = Line::try_parse_from([&["complete", "T"], words].concat());
        line.map(|line| line.args).map_err(|error| error.to_string())
    }

    const ENDED: &str = "cargo-sfn ended";

    /// A run of one task, whose token it gives.
    async fn run(workflow: &str) -> (Run, Server, String) {
        let (sender, mut tokens) = tokio::sync::mpsc::unbounded_channel();
        let runner = move |request: TaskRequest| {
            sender.send(request.token.expect(ENDED).to_string()).expect(ENDED);
            std::future::ready(Ok(Null))
        };
        let engine = Engine::builder(runner).spawn();
        let machine: Machine = r#"{ "QueryLanguage": "JSONata", "StartAt": "Ask", "States": { "Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "End": true,
            "Arguments": { "Payload": "{% $states.context.Task.Token %}" } } } }"#
            .parse()
            .unwrap();
        engine.start(&machine.into(), Start::default()).unwrap();
        let server = Endpoint::bind(0).await.unwrap().serve(engine);
        let run = Run { workflow: workflow.to_owned(), url: server.url() };
        (run, server, tokens.recv().await.unwrap())
    }

    async fn outcome(token: &str, runs: &[&Run]) -> Result<String, String> {
        let args = Args { token: token.to_owned(), ..parse(&["--output", "true"]).unwrap() };
        let runs: Vec<Run> = runs.iter().copied().cloned().collect();
        deliver(&args, &runs).await.map_err(|error| error.to_string())
    }

    #[tokio::test]
    async fn the_run_that_knows_the_token_takes_it_once() {
        let (dead, server, _) = run("dead").await;
        drop(server);
        let (other, _other, _) = run("other").await;
        let (saga, _saga, token) = run("order-saga").await;
        assert_eq!(outcome(&token, &[&dead, &other, &saga]).await.as_deref(), Ok("order-saga"));
        assert_eq!(
            outcome(&token, &[&saga]).await.unwrap_err(),
            "no task waits for this token any more: it timed out, was completed before, or its execution is over"
        );
        assert_eq!(
            outcome("nonsense", &[&dead, &other, &saga]).await.unwrap_err(),
            "no run knows this token; running here: `other`, `order-saga`; copy the token as `cargo sfn run` shows it"
        );
        for runs in [&[&dead][..], &[]] {
            assert_eq!(
                outcome(&token, runs).await.unwrap_err(),
                "nothing is running here; tokens live as long as their `cargo sfn run`"
            );
        }
    }

    #[test]
    fn an_output_or_an_error_is_asked_for_but_not_both() {
        assert!(parse(&[]).unwrap_err().contains("<--output <JSON>|--error <NAME>>"));
        assert!(parse(&["--output", "1", "--error", "E"]).unwrap_err().contains("cannot be used with"));
        assert!(parse(&["--output", "yes"]).unwrap_err().contains("this is not JSON"));
        assert!(parse(&["--output", "1", "--cause", "tired"]).is_err());
        assert!(parse(&["--error", "E", "--cause", "tired"]).is_ok());
    }
}
