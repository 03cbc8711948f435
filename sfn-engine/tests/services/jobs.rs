//! Jobs: work that goes on after its request, and what ends it.
//! Separate because a job has three ends: its own, its token's, and that of whoever waits for it.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use serde_json::json;
use sfn_engine::Value;
use sfn_engine::driver::{
    Answer, Engine, Job, TaskFailure, TaskFuture, TaskRequest, TaskRunner, VirtualClock,
};
use sfn_engine::history::Fault;

use crate::stage::{event_types, result, settle, start, task};

/// Begins a job that comes to `ends`, or never ends; tells when it is given up.
struct Factory {
    ends: Option<Result<Value, TaskFailure>>,
    is_given_up: Arc<AtomicBool>,
}

struct Guard(Arc<AtomicBool>);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

impl TaskRunner for Factory {
    fn run(&self, _: TaskRequest) -> TaskFuture {
        let (ends, guard) = (self.ends.clone(), Guard(Arc::clone(&self.is_given_up)));
        let result = async move {
            let _guard = guard;
            match ends {
                Some(ends) => ends,
                None => pending().await,
            }
        };
        std::future::ready(Ok(Answer::from(Job::new(Value::from("submitted"), result)))).boxed()
    }
}

fn factory(ends: Option<Result<Value, TaskFailure>>) -> (Factory, Arc<AtomicBool>) {
    let is_given_up = Arc::new(AtomicBool::new(false));
    (Factory { ends, is_given_up: Arc::clone(&is_given_up) }, is_given_up)
}

const JOB: &str = "arn:aws:states:::glue:startJobRun.sync";

#[tokio::test]
async fn a_job_ends_its_task_as_it_ends() {
    for (ends, expected, last) in [
        (Ok(Value::from(1)), Ok(json!(1)), "TaskSucceeded"),
        (Err(TaskFailure::new("Broke", "why")), Err(("Broke".to_owned(), "why".to_owned())), "TaskFailed"),
    ] {
        let (factory, _) = factory(Some(ends));
        let engine = crate::stage::engine(factory);
        let outcome = start(&engine, &task(&json!({ "Resource": JOB }))).finished().await;
        assert_eq!(result(&outcome), expected);
        assert_eq!(event_types(&outcome)[2..6], ["TaskScheduled", "TaskStarted", "TaskSubmitted", last]);
    }
}

#[tokio::test]
async fn a_job_is_given_up_with_its_execution() {
    let (factory, is_given_up) = factory(None);
    let clock = VirtualClock::at_epoch();
    let engine = Engine::builder(factory).clock(clock.clone()).seed(1).spawn();
    let execution = start(&engine, &task(&json!({ "Resource": JOB, "TimeoutSeconds": 60 })));
    settle().await;
    assert!(!is_given_up.load(Ordering::SeqCst), "time stands still while somebody works");
    execution.stop(Fault::default());
    execution.finished().await;
    settle().await;
    assert!(is_given_up.load(Ordering::SeqCst));
    drop(clock);
}

#[tokio::test]
async fn a_job_that_takes_too_long_is_given_up() {
    let (factory, is_given_up) = factory(None);
    let clock = VirtualClock::at_epoch();
    let engine = Engine::builder(factory).clock(clock.clone()).seed(1).spawn();
    let execution = start(&engine, &task(&json!({ "Resource": JOB, "TimeoutSeconds": 60 })));
    settle().await;
    clock.advance(Duration::from_secs(61));
    let outcome = execution.finished().await;
    assert_eq!(event_types(&outcome)[4..6], ["TaskSubmitted", "TaskTimedOut"]);
    settle().await;
    assert!(is_given_up.load(Ordering::SeqCst));
}
