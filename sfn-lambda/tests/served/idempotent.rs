//! Idempotent tasks in real processes, which claim, die and record over one table. Apart from other tasks, which need no table.

use crate::tables::{TABLE, Way, table};
use crate::{PATIENCE, end, finish, lambda, runtime_api, runtime_api_within};
use serde_json::{Value, json};
use sfn_core::{
    ArgumentSpec, Arguments, ErrorSpec, Failed, Idempotency, KeySource, Origin, Payload, Repetition, Task,
    TaskError, TaskSpec, respond,
};
use std::net::SocketAddr;
use std::process::Child;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

/// Counts its runs, and does what it is told: once for each visit.
pub(crate) struct Count;

/// The same, once for each key.
pub(crate) struct CountByKey;

static RUNS: AtomicU32 = AtomicU32::new(0);

const ONCE: Idempotency = Idempotency { key: KeySource::Visit, remember: Idempotency::REMEMBERED };

impl Task for Count {
    type Output = Value;
    type Error = Unwilling;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[ArgumentSpec::new("told", <String as Payload>::shape), ArgumentSpec::visit()],
        repetition: Repetition::Replays(ONCE),
        ..TaskSpec::new::<Self>("count", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let told: String = Arguments::new(&Self::SPEC, payload)?.take("told")?;
        respond::<Self>(count(&told).await)
    }
}

impl Task for CountByKey {
    type Output = Value;
    type Error = Unwilling;

    const SPEC: TaskSpec = TaskSpec {
        arguments: &[
            ArgumentSpec::new("key", <String as Payload>::shape),
            ArgumentSpec::new("told", <String as Payload>::shape),
        ],
        repetition: Repetition::Replays(Idempotency {
            key: KeySource::Arguments(|payload| sfn_core::idempotency_key(&payload["key"])),
            ..ONCE
        }),
        ..TaskSpec::new::<Self>("count-by-key", Origin::new(file!(), line!(), 1))
    };

    async fn run(payload: Value) -> Result<Value, Failed> {
        let told: String = Arguments::new(&Self::SPEC, payload)?.take("told")?;
        respond::<Self>(count(&told).await)
    }
}

/// Does not want to.
#[derive(Debug, thiserror::Error)]
#[error("not today")]
pub(crate) struct Unwilling;

impl TaskError for Unwilling {
    const ERRORS: &'static [ErrorSpec] =
        &[ErrorSpec { variant: "Unwilling", name: "Unwilling", retry: false, fields: &[] }];

    fn error_name(&self) -> &'static str {
        "Unwilling"
    }

    fn fields(&self) -> Value {
        Value::Null
    }

    fn from_fields(_: &str, _: Value) -> Option<Self> {
        Some(Self)
    }
}

async fn count(told: &str) -> Result<Value, Unwilling> {
    let runs = RUNS.fetch_add(1, Ordering::Relaxed) + 1;
    match told {
        "refuse once" if runs == 1 => return Err(Unwilling),
        "panic once" if runs == 1 => panic!("once"),
        "die" if std::env::var("MAY_DIE").is_ok() => std::process::abort(),
        "take your time" => tokio::time::sleep(Duration::from_millis(700)).await,
        "give much" => return Ok("x".repeat(420_000).into()),
        _ => {}
    }
    Ok(json!([std::process::id(), runs]))
}

/// A process that serves a task over a table.
fn serve(task: &str, at: SocketAddr, api: &str, more: &[(&'static str, &str)]) -> Child {
    let mut environment = vec![
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("SFN_IDEMPOTENCY_TABLE", TABLE),
    ];
    let url = format!("http://{at}");
    environment.push(("AWS_ENDPOINT_URL_DYNAMODB", &url));
    environment.extend(more);
    lambda(task, api, &environment)
}

fn answer(posted: &Receiver<(String, Value)>) -> Value {
    posted.recv_timeout(PATIENCE).unwrap().1
}

fn visit(visit: u32, told: &str) -> String {
    json!({ "told": told, "state-visit": { "execution": "arn:e", "state": "Count", "entered": visit } })
        .to_string()
}

/// Serves the events one after the other and gives the answers: the run that gave each, or the error's name.
fn answers(task: &str, at: SocketAddr, events: &[String]) -> Vec<Value> {
    let events: Vec<&str> = events.iter().map(String::as_str).collect();
    let (api, posted) = runtime_api(&events);
    let process = serve(task, at, &api, &[]);
    let answers = events.iter().map(|_| brief(&answer(&posted)));
    let answers = answers.collect();
    end(process);
    answers
}

fn brief(answer: &Value) -> Value {
    if answer["errorType"].is_string() { answer["errorType"].clone() } else { answer[1].clone() }
}

#[test]
fn a_visit_is_one_call_and_another_visit_is_another() {
    let at = table(|_| Way::Clear);
    let events = [visit(1, "go"), visit(1, "go"), visit(2, "go"), visit(1, "go")];
    assert_eq!(answers("count", at, &events), [1, 1, 2, 1]);
    let events = [visit(1, "go"), visit(1, "go on")];
    assert_eq!(answers("count", at, &events)[1], 1, "with other arguments it is another call");
}

#[test]
fn what_fails_may_be_tried_again() {
    for (told, error) in [("refuse once", "Unwilling"), ("panic once", "Task.Panicked")] {
        let events = [visit(1, told), visit(1, told), visit(1, told)];
        assert_eq!(answers("count", table(|_| Way::Clear), &events), [json!(error), json!(2), json!(2)]);
    }
}

#[test]
fn two_invocations_at_once_come_to_one_run() {
    let at = table(|_| Way::Clear);
    let event = visit(1, "take your time");
    let (first_api, first) = runtime_api(&[&event]);
    let one = serve("count", at, &first_api, &[]);
    std::thread::sleep(Duration::from_millis(400));
    let (second_api, second) = runtime_api(&[&event]);
    let other = serve("count", at, &second_api, &[]);
    let refused = answer(&second);
    assert_eq!(refused["errorType"], "Task.InProgress", "{refused}");
    let given = answer(&first);
    end(one);
    end(other);
    let (api, posted) = runtime_api(&[&event]);
    let later = serve("count", at, &api, &[]);
    assert_eq!(answer(&posted), given, "what another process gave");
    end(later);
}

#[test]
fn a_process_that_dies_is_replaced_when_its_time_is_over() {
    let at = table(|_| Way::Clear);
    let event = visit(1, "die");
    let (api, _posted) = runtime_api_within(1_500, &[&event]);
    let output = finish(serve("count", at, &api, &[("MAY_DIE", "1")]));
    assert!(!output.status.success());
    let (api, posted) = runtime_api(&[&event]);
    let process = serve("count", at, &api, &[]);
    assert_eq!(answer(&posted)["errorType"], "Task.InProgress");
    end(process);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(answers("count", at, &[event]), [1]);
}

#[test]
fn a_key_is_one_call_whichever_execution_makes_it() {
    let event = |key: &str, told: &str| json!({ "key": key, "told": told }).to_string();
    let events = [event("a", "go"), event("b", "go"), event("a", "go"), event("a", "stop"), event("", "go")];
    assert_eq!(
        answers("count-by-key", table(|_| Way::Clear), &events),
        [json!(1), json!(2), json!(1), json!("Task.KeyReused"), json!("Payload.Invalid")]
    );
}

#[test]
fn a_result_that_no_item_can_hold_is_said_to_be_too_large_and_not_made_again() {
    let (api, posted) = runtime_api(&[&visit(1, "give much"), &visit(1, "give much"), &visit(2, "go")]);
    let process = serve("count", table(|_| Way::Clear), &api, &[]);
    for _ in 0..2 {
        let told = answer(&posted);
        assert_eq!(told["errorType"], "Task.ResultTooLarge");
        assert!(told["errorMessage"].as_str().unwrap().contains("larger than the 408576 bytes"), "{told}");
    }
    assert_eq!(answer(&posted)[1], 2, "it was run once");
    end(process);
}

#[test]
fn without_an_answer_of_the_table_nothing_is_done() {
    let at = table(|operation| if operation == "DeleteItem" { Way::Clear } else { Way::Throttled });
    assert_eq!(answers("count", at, &[visit(1, "go")]), ["Task.StoreUnavailable"]);
}

#[test]
fn a_result_that_cannot_be_recorded_is_given_all_the_same() {
    let calls = AtomicU32::new(0);
    // The claim arrives, its result does not.
    let at = table(move |_| match calls.fetch_add(1, Ordering::Relaxed) {
        0 => Way::Clear,
        _ => Way::Throttled,
    });
    let (api, posted) = runtime_api(&[&visit(1, "go")]);
    let process = serve("count", at, &api, &[("AWS_LAMBDA_LOG_LEVEL", "WARN")]);
    assert_eq!(answer(&posted)[1], 1);
    crate::terminate(&process);
    let log = String::from_utf8(finish(process).stderr).unwrap();
    assert!(log.contains("what it gave could not be recorded, under the key `count#"), "{log}");
    assert!(log.contains(r#"execution="arn:e" state="Count""#), "{log}");
}

#[test]
fn a_visit_that_no_state_has_written_is_refused() {
    assert_eq!(
        answers("count", table(|_| Way::Clear), &[json!({ "told": "go" }).to_string()]),
        ["Payload.Invalid"]
    );
}

#[test]
fn a_function_that_does_not_know_its_table_says_so_and_ends() {
    let (api, posted) = runtime_api(&[]);
    let output = finish(lambda("count", &api, &[]));
    let body = answer(&posted);
    assert_eq!(body["errorType"], "Runtime.InitFailed");
    let said = body["errorMessage"].as_str().unwrap();
    assert!(
        said.starts_with(
            "task `count` is idempotent, and where its results are kept is not known: `SFN_IDEMPOTENCY_TABLE` is not set"
        ),
        "{said}"
    );
    assert_eq!(output.status.code(), Some(1));
}
