//! The driver of a single State: waits as it asks to, and has its work done.
//! Separate from the engine's driver because nobody else takes part: no tokens, no workers, no Map Runs.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sfn_asl::Value;

use crate::Timestamp;
use crate::core::{Command, Event, Execution, Report, TaskId, TimerId};
use crate::driver::{Answer, Engine, Pending, TaskFailure, TaskRequest, panicked};

type Work = BoxFuture<'static, Result<Value, TaskFailure>>;

/// Runs a trial to its end, which comes after five minutes if not before.
pub(super) async fn run(engine: &Engine, mut execution: Execution) -> Report {
    let clock = engine.clock();
    let mut work: Option<(TaskId, Work)> = None;
    let mut timers: BTreeMap<TimerId, Timestamp> = BTreeMap::new();
    let mut event = Event::Started;
    loop {
        let now = clock.now();
        for command in execution.handle(now, event) {
            match command {
                Command::StartTask(start) => {
                    let request = TaskRequest::of(&start, Arc::clone(execution.identity()), None, None, now);
                    work = Some((start.task, perform(engine, request)));
                }
                Command::CancelTask(_) => work = None,
                Command::StartTimer { timer, at } => drop(timers.insert(timer, at)),
                Command::CancelTimer(timer) => drop(timers.remove(&timer)),
                Command::Finish(status) => return execution.into_report(status),
                Command::Record(_)
                | Command::Notify(_)
                | Command::StartMapRun { .. }
                | Command::RedriveMapRun(_)
                | Command::StopMapRun(_) => {}
            }
        }
        let next = timers.iter().map(|(timer, at)| (*at, *timer)).min();
        let pending = if work.is_some() { Pending::Tasks } else { Pending::Nothing };
        let alarm = async {
            match next {
                Some((at, timer)) => {
                    clock.sleep_until(at, pending).await;
                    timer
                }
                None => std::future::pending().await,
            }
        };
        let done = async {
            match &mut work {
                Some((task, work)) => (*task, work.await),
                None => std::future::pending().await,
            }
        };
        event = tokio::select! {
            biased;
            (task, result) = done => match result {
                Ok(output) => Event::TaskSucceeded { task, output },
                Err(failure) => Event::TaskFailed { task, fault: failure.into() },
            },
            timer = alarm => Event::TimerFired { timer },
        };
        match &event {
            Event::TimerFired { timer } => drop(timers.remove(timer)),
            _ => work = None,
        }
    }
}

/// What the task runner makes of a request.
fn perform(engine: &Engine, request: TaskRequest) -> Work {
    let runner = Arc::clone(engine.runner());
    let answer = AssertUnwindSafe(async move { runner.run(request).await }).catch_unwind();
    async move {
        match answer.await.unwrap_or_else(|panic| Err(panicked(&panic)))? {
            Answer::Response(output) => Ok(output),
            Answer::Job(job) => job.result.await,
            Answer::Worker => {
                Err(TaskFailure::new("States.Runtime", "a State that is tested by itself has no workers"))
            }
        }
    }
    .boxed()
}
