//! Activities: tasks and workers in either order, heartbeats, and tasks that nobody wants any more.
//! Separate because a worker is a party of its own, with a clock and troubles of its own.

use std::time::Duration;

use serde_json::json;
use sfn_engine::driver::{ActivityError, Engine, ExecutionHandle, VirtualClock};
use sfn_engine::history::Fault;
use sfn_engine::services::Services;

use crate::stage::{event_types, result, settle, start, task, value};

struct Shop {
    engine: Engine,
    clock: VirtualClock,
    arn: String,
}

async fn shop() -> Shop {
    let clock = VirtualClock::at_epoch();
    let engine = Engine::builder(Services::new()).clock(clock.clone()).seed(1).spawn();
    let arn = engine.create_activity("ship").await.expect("it is created").arn.to_string();
    Shop { engine, clock, arn }
}

impl Shop {
    fn order(&self) -> ExecutionHandle {
        let fields = json!({ "Resource": self.arn, "TimeoutSeconds": 600, "HeartbeatSeconds": 10,
            "Arguments": { "parcel": 1 } });
        start(&self.engine, &task(&fields))
    }
}

#[tokio::test]
async fn a_worker_that_waits_gets_the_task() {
    let shop = shop().await;
    let (engine, arn) = (shop.engine.clone(), shop.arn.clone());
    let worker = tokio::spawn(async move { engine.get_activity_task(&arn, Some("van")).await });
    settle().await;
    let execution = shop.order();
    let given = worker.await.expect("no panic").expect("the activity is there").expect("a task");
    assert_eq!(given.input, value(json!({ "parcel": 1 })));
    shop.engine.send_task_success(&given.token, value(json!("shipped"))).await.expect("the token is good");
    let outcome = execution.finished().await;
    assert_eq!(result(&outcome), Ok(json!("shipped")));
    let started = serde_json::to_value(&outcome.history[3]).expect("JSON");
    assert_eq!(started["type"], "ActivityStarted");
    assert_eq!(started["activityStartedEventDetails"], json!({ "workerName": "van" }));
}

#[tokio::test]
async fn the_heartbeat_counts_from_when_a_worker_took_the_task() {
    let shop = shop().await;
    let execution = shop.order();
    settle().await;
    shop.clock.advance(Duration::from_mins(5));
    settle().await;
    let given = shop.engine.get_activity_task(&shop.arn, None).await.expect("it is there").expect("a task");
    for _ in 0..3 {
        shop.clock.advance(Duration::from_secs(9));
        settle().await;
        shop.engine.send_task_heartbeat(&given.token).await.expect("the token is good");
    }
    shop.clock.advance(Duration::from_secs(10));
    let outcome = execution.finished().await;
    assert_eq!(result(&outcome), Err(("States.Timeout".to_owned(), String::new())));
    assert_eq!(
        event_types(&outcome)[2..],
        ["ActivityScheduled", "ActivityStarted", "ActivityTimedOut", "ExecutionFailed"]
    );
    assert_eq!(outcome.started.until(outcome.ended), Duration::from_secs(5 * 60 + 27 + 10));
}

#[tokio::test]
async fn a_task_that_nobody_takes_times_out() {
    let shop = shop().await;
    let execution = shop.order();
    settle().await;
    shop.clock.advance(Duration::from_mins(11));
    assert_eq!(
        event_types(&execution.finished().await)[2..],
        ["ActivityScheduled", "ActivityTimedOut", "ExecutionFailed"]
    );
}

#[tokio::test]
async fn a_task_that_nobody_wants_is_not_given_out() {
    let shop = shop().await;
    let stopped = shop.order();
    stopped.stop(Fault::default());
    stopped.finished().await;
    let arn = shop.arn.clone();
    let next = sfn_engine::driver::Start::default().of("Orders").named("two");
    let fields = json!({ "Resource": arn, "Arguments": { "parcel": 2 } });
    let _running = shop.engine.start(&task(&fields), next).expect("it starts");
    let given = shop.engine.get_activity_task(&arn, None).await.expect("it is there").expect("a task");
    assert_eq!(given.input, value(json!({ "parcel": 2 })));
}

#[tokio::test]
async fn a_worker_that_has_left_gets_nothing() {
    let shop = shop().await;
    {
        let poll = shop.engine.get_activity_task(&shop.arn, Some("gone"));
        assert!(tokio::time::timeout(Duration::from_millis(10), poll).await.is_err());
    }
    let _running = shop.order();
    let given = shop.engine.get_activity_task(&shop.arn, Some("here")).await.expect("it is there");
    assert!(given.is_some());
}

#[tokio::test]
async fn an_activity_that_is_not_there_is_named() {
    let shop = shop().await;
    let unknown = shop.arn.replace("ship", "chip");
    let refused = shop.engine.get_activity_task(&unknown, None).await;
    assert_eq!(refused, Err(ActivityError::DoesNotExist(unknown.clone())));
    let execution = start(&shop.engine, &task(&json!({ "Resource": unknown })));
    let expected = ("States.Runtime".to_owned(), format!("Activity Does Not Exist: '{unknown}'"));
    assert_eq!(result(&execution.finished().await), Err(expected));

    shop.engine.delete_activity(&shop.arn);
    let deleted = shop.engine.get_activity_task(&shop.arn, None).await;
    assert_eq!(deleted, Err(ActivityError::DoesNotExist(shop.arn.clone())));
}
