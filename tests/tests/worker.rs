//! Activities: what their States are, and `sfn::worker` against the engine's API on loopback, through AWS's own SDK.
//! Separate because both sides of an activity's queue are ours here, each in its own process as a rule.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use sfn::client::{Client, ClientError, ExecutionFailure, StateMachine};
use sfn::local::Local;
use sfn::prelude::*;
use sfn::worker::{Worker, WorkerError};
use sfn::{Definition, Tasks, Workflow};
use sfn_engine::history::HistoryEvent;
use sfn_engine::services::Services;
use sfn_tests::served::{Served, artifact};
use tokio::sync::{Notify, oneshot};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
struct Parcel {
    id: String,
    grams: u32,
}

#[derive(Debug, PartialEq, thiserror::Error, TaskError)]
enum ShippingError {
    #[error("{grams} g are too many")]
    TooHeavy { grams: u32 },
}

/// What the workers of a test share.
#[derive(Debug, Default, Clone)]
struct Yard {
    busy: Arc<AtomicUsize>,
    busiest: Arc<AtomicUsize>,
    begun: Arc<Notify>,
}

/// Carries a parcel, for as many milliseconds as it has grams.
#[task(activity, timeout = "1m", heartbeat = "1s")]
async fn carry(parcel: Parcel, state: &Yard, context: TaskContext) -> Result<String, ShippingError> {
    if parcel.grams > 5_000 {
        return Err(ShippingError::TooHeavy { grams: parcel.grams });
    }
    let busy = state.busy.fetch_add(1, Ordering::Relaxed) + 1;
    state.busiest.fetch_max(busy, Ordering::Relaxed);
    state.begun.notify_one();
    tokio::time::sleep(Duration::from_millis(parcel.grams.into())).await;
    state.busy.fetch_sub(1, Ordering::Relaxed);
    Ok(format!("{} by {}, retry {}", parcel.id, context.state(), context.retry_count()))
}

/// Says that it is there.
#[task(activity, timeout = "10s")]
async fn ring() -> Result<u32, std::convert::Infallible> {
    Ok(7)
}

#[derive(Debug, PartialEq, thiserror::Error, TaskError)]
enum StoryError {
    #[error("{text}")]
    Endless { text: String },
}

/// Tells of a parcel, with as many letters as it has grams.
#[task(activity, timeout = "10s")]
async fn tell(parcel: Parcel) -> Result<String, StoryError> {
    let text = "ö".repeat(parcel.grams.try_into().expect("it fits"));
    if parcel.id == "endless" { Err(StoryError::Endless { text }) } else { Ok(text) }
}

mod elsewhere {
    use sfn::prelude::*;

    /// Another one of that name.
    #[task(activity, timeout = "10s")]
    pub(super) async fn ring() -> Result<u32, std::convert::Infallible> {
        Ok(8)
    }

    #[workflow]
    pub(super) async fn visit_elsewhere() -> Result<u32, Failed> {
        let rung = ring().await?;
        Ok(rung)
    }
}

#[workflow]
async fn story(parcel: Parcel) -> Result<String, Failed> {
    let told = tell(&parcel).await?;
    Ok(told)
}

#[workflow]
async fn ship(parcel: Parcel) -> Result<String, Failed> {
    match carry(&parcel).await {
        Ok(note) => Ok(note),
        Err(Failure::Task(ShippingError::TooHeavy { grams })) => Ok(format!("{grams} g stay here")),
        Err(other) => Err(other.into()),
    }
}

#[workflow]
async fn ship_all(parcels: Vec<Parcel>) -> Result<Vec<String>, Failed> {
    let notes = map(parcels, async |parcel| Ok(carry(parcel).await?)).await?;
    Ok(notes)
}

#[workflow]
async fn visit() -> Result<u32, Failed> {
    let rung = ring().await?;
    Ok(rung)
}

fn parcel(id: &str, grams: u32) -> Parcel {
    Parcel { id: id.to_owned(), grams }
}

#[test]
fn a_workers_task_is_sent_its_payload_alone() {
    let lowered = ship::definition().lower().expect("it is a state machine");
    let machine = serde_json::to_value(&lowered.machine).expect("it is JSON");
    let state = &machine["States"]["Carry"];
    assert_eq!(state["Resource"], "${CarryActivityArn}");
    assert_eq!(state["Arguments"]["parcel"], "{% $states.input %}");
    assert_eq!((&state["TimeoutSeconds"], &state["HeartbeatSeconds"]), (&json!(60), &json!(1)));
    assert_eq!(state["Retry"][0]["ErrorEquals"], json!(["Task.Stopped"]));
    let machine = serde_json::to_value(&visit::definition().lower().expect("it is one").machine);
    assert_eq!(machine.expect("it is JSON")["States"]["Ring"]["Arguments"], json!({}));
    let artifact = artifact(&ship::definition());
    let task = &artifact.entry.tasks[0];
    assert_eq!((task.pattern.as_str(), task.placeholder.as_str()), ("ACTIVITY", "CarryActivityArn"));
}

#[tokio::test]
async fn the_native_run_and_the_engine_do_it_in_this_process() {
    let native = sfn::with_state(Yard::default(), ship(parcel("p", 1))).await.expect("it succeeds");
    assert_eq!(native, "p by carry, retry 0");
    let run = Local::new(ship::definition()).virtual_time().run(json!(parcel("p", 1)));
    let finished = sfn::with_state(Yard::default(), run).await.expect("it is a state machine");
    assert_eq!(finished.result.expect("it succeeds"), "p by Carry, retry 0");
    let events: Vec<_> = finished.history.iter().map(HistoryEvent::event_type).collect();
    assert!(events.contains(&"ActivityScheduled") && events.contains(&"ActivitySucceeded"), "{events:?}");
    // Workers send heartbeats, and so does what stands in for them.
    let run = Local::new(ship::definition()).run(json!(parcel("p", 1_300)));
    let finished = sfn::with_state(Yard::default(), run).await.expect("it is a state machine");
    assert_eq!(finished.result.expect("it succeeds"), "p by Carry, retry 0");
    let heavy = Local::new(ship::definition()).virtual_time().run(json!(parcel("p", 9_999)));
    let heavy = sfn::with_state(Yard::default(), heavy).await.expect("it is a state machine");
    assert_eq!(heavy.result.expect("it is caught"), "9999 g stay here");
}

/// A workflow on a served engine with one activity, and a worker for it.
async fn deploy<W: Workflow>(task: &str) -> (Served, Client, StateMachine<W>, Worker) {
    let definition = Definition::of::<W>();
    let artifact = artifact(&definition);
    let served = Served::new(Services::new()).await;
    let activity = served.sdk.create_activity().name(task).send().await.expect("it is valid").activity_arn;
    let placeholder = format!("${{{}}}", artifact.entry.tasks[0].placeholder);
    let arn = served.create(&definition, artifact.definition.replace(&placeholder, &activity)).await;
    let client = Client::local(&served.server.url());
    let worker = Worker::new(&client).tasks(Tasks::of::<W>()).activity(task, activity).name("the yard");
    let machine = client.state_machine(arn);
    (served, client, machine, worker.grace(Duration::from_millis(300)))
}

/// A worker at work, until it is told to stop.
struct AtWork {
    stop: oneshot::Sender<()>,
    ended: tokio::task::JoinHandle<Result<(), WorkerError>>,
}

fn work(worker: Worker, yard: &Yard) -> AtWork {
    let (stop, stopped) = oneshot::channel();
    let run = worker.run_until(async { stopped.await.unwrap_or_default() });
    AtWork { stop, ended: tokio::spawn(sfn::with_state(yard.clone(), run)) }
}

impl AtWork {
    async fn stop(self) -> Result<(), WorkerError> {
        self.stop.send(()).expect("it works");
        self.ended.await.expect("no panic")
    }
}

#[tokio::test]
async fn a_worker_does_the_tasks_of_an_activity_and_its_errors_come_back_typed() {
    let (served, _, machine, worker) = deploy::<ship>("carry").await;
    let worker = work(worker, &Yard::default());
    // Longer than the heartbeats may stay away.
    let long = machine.start("long", &parcel("long", 1_500)).await.expect("it starts");
    let heavy = machine.start("heavy", &parcel("heavy", 9_999)).await.expect("it starts");
    assert_eq!(heavy.output().await.expect("it succeeds"), "9999 g stay here");
    assert_eq!(long.output().await.expect("it succeeds"), "long by Carry, retry 0");
    let history = served.sdk.get_execution_history().execution_arn(long.arn());
    let history = history.send().await.expect("it is there");
    let started = history.events.iter().find_map(|event| event.activity_started_event_details.as_ref());
    assert_eq!(started.and_then(|started| started.worker_name()), Some("the yard"));
    worker.stop().await.expect("nothing went wrong");
}

#[tokio::test]
async fn a_worker_does_no_more_at_a_time_than_it_may() {
    let (_server, _, machine, worker) = deploy::<ship_all>("carry").await;
    let yard = Yard::default();
    let worker = work(worker.concurrency(2), &yard);
    let parcels: Vec<_> = ["a", "b", "c", "d", "e", "f"].iter().map(|id| parcel(id, 60)).collect();
    let notes = machine.run("all", &parcels).await.expect("it succeeds");
    assert_eq!(notes.len(), 6);
    assert_eq!(yard.busiest.load(Ordering::Relaxed), 2);
    worker.stop().await.expect("nothing went wrong");
}

#[tokio::test]
async fn a_worker_that_is_stopped_finishes_what_it_has() {
    let (_server, _, machine, worker) = deploy::<ship>("carry").await;
    let yard = Yard::default();
    let worker = work(worker, &yard);
    let execution = machine.start("late", &parcel("late", 150)).await.expect("it starts");
    yard.begun.notified().await;
    worker.stop().await.expect("nothing went wrong");
    assert_eq!(execution.output().await.expect("it succeeds"), "late by Carry, retry 0");
}

#[tokio::test]
async fn what_a_stopped_worker_cannot_finish_is_taken_up_by_another() {
    let (_server, client, machine, worker) = deploy::<ship>("carry").await;
    let yard = Yard::default();
    let first = work(worker, &yard);
    let execution = machine.start("slow", &parcel("slow", 2_000)).await.expect("it starts");
    yard.begun.notified().await;
    first.stop().await.expect("nothing went wrong");
    assert_eq!(yard.busy.swap(0, Ordering::Relaxed), 1, "the first was in the middle of it");
    let arn = "arn:aws:states:us-east-1:123456789012:activity:carry";
    let second = Worker::new(&client).tasks(ship::tasks()).activity("carry", arn);
    let second = work(second.grace(Duration::ZERO), &yard);
    assert_eq!(execution.output().await.expect("it succeeds"), "slow by Carry, retry 1");
    second.stop().await.expect("nothing went wrong");
}

#[tokio::test]
async fn a_worker_says_what_it_lacks() {
    let (_server, client, _, worker) = deploy::<ship>("carry").await;
    let refused =
        async |worker: Worker| worker.run_until(std::future::pending()).await.unwrap_err().to_string();
    assert_eq!(
        refused(Worker::new(&client)).await,
        "there is nothing to do: no workflow has a task with `#[task(activity)]`"
    );
    assert_eq!(
        refused(Worker::new(&client).tasks(ship::tasks())).await,
        "the activity of task `carry` is not known: set `CARRY_ACTIVITY_ARN` to its ARN"
    );
    let elsewhere = "arn:aws:states:us-east-1:123456789012:activity:elsewhere";
    assert_eq!(
        refused(worker.activity("carry", elsewhere)).await,
        format!("there is no activity `{elsewhere}`: is it deployed, in this region and account?")
    );
}

#[tokio::test]
async fn two_activities_of_one_name_are_refused() {
    let (_served, client, _, _) = deploy::<visit>("ring").await;
    let tasks = [visit::tasks(), elsewhere::visit_elsewhere::tasks()].concat();
    let [first, second] = [0, 1].map(|at| tasks[at].spec.origin);
    let worker = Worker::new(&client).tasks(tasks);
    assert_eq!(
        worker.run_until(std::future::pending()).await.unwrap_err().to_string(),
        format!(
            "two tasks are named `ring`: one at {first}, one at {second}; rename one with `#[task(name = \"..\")]`"
        )
    );
}

#[tokio::test]
async fn what_the_service_refuses_of_a_report_fails_the_task_and_frees_its_place() {
    let (_served, _, machine, worker) = deploy::<story>("tell").await;
    let worker = work(worker.concurrency(1), &Yard::default());
    let failed = async |name: &str, id: &str, grams: u32| -> ExecutionFailure {
        match machine.run(name, &parcel(id, grams)).await {
            Err(ClientError::Failed(failure)) => failure,
            other => panic!("{name}: {other:?}"),
        }
    };
    for (name, grams) in [("long", 262_145), ("longest", 3 << 20)] {
        let failure = failed(name, "p", grams).await;
        let text = failure.to_string();
        assert!(
            text.contains("Payload.Invalid") && text.contains("the service refuses the output"),
            "{text}"
        );
    }
    let failure = failed("endless", "endless", 40_000).await;
    assert_eq!((failure.failed.error(), failure.failed.cause().chars().count()), ("Endless", 32_768));
    assert_eq!(machine.run("short", &parcel("p", 2)).await.expect("there is room"), "öö");
    worker.stop().await.expect("nothing went wrong");
}

#[tokio::test]
async fn a_worker_that_fails_finishes_what_it_has() {
    let (_served, _, machine, worker) = deploy::<ship>("carry").await;
    let arn = |name: &str| format!("arn:aws:states:us-east-1:123456789012:activity:{name}");
    let worker = worker.tasks(visit::tasks()).activity("ring", arn("nowhere"));
    let worker = worker.tasks(story::tasks()).activity("tell", arn("nowhere"));
    let execution = machine.start("late", &parcel("late", 300)).await.expect("it starts");
    let run = worker.grace(Duration::from_secs(2)).run_until(std::future::pending());
    let ended = sfn::with_state(Yard::default(), run).await;
    assert!(matches!(ended, Err(WorkerError::NoActivity(gone)) if gone == arn("nowhere")));
    assert_eq!(execution.output().await.expect("it succeeds"), "late by Carry, retry 0");
}
