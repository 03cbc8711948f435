//! Tasks and workflows awaited in this process: retries, time, tokens, compensations.
//! Separate because it needs the macros and the runtime together, as a user has them.

#![expect(clippy::unwrap_used, reason = "the tests' tasks panic as tests do")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use serde_json::json;
use sfn::prelude::*;
use sfn::{ArgumentSource, Pattern, Task, TaskEntry, saga};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    total_cents: u32,
}

#[derive(Debug, PartialEq, thiserror::Error, TaskError)]
enum PaymentError {
    #[error("card declined: {reason}")]
    PaymentDeclined { reason: String },
    #[error("gateway unavailable")]
    #[task_error(name = "Gateway.Unavailable", retry)]
    GatewayUnavailable,
    #[error("{0} of {1}")]
    Partial(u32, u32),
}

tokio::task_local! {
    static CALLS: Arc<Mutex<Vec<String>>>;
}

fn called(call: impl Into<String>) {
    CALLS.with(|calls| calls.lock().unwrap().push(call.into()));
}

/// What a future gives, and the calls it made.
async fn recorded<T>(future: impl Future<Output = T>) -> (T, Vec<String>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let output = CALLS.scope(Arc::clone(&calls), future).await;
    let calls = calls.lock().unwrap().clone();
    (output, calls)
}

/// Charges the card.
///
/// More words.
#[task(timeout = "30s", memory = 512)]
async fn charge(order: Order, mode: String) -> Result<u32, PaymentError> {
    called(format!("charge {mode}"));
    match mode.as_str() {
        "decline" => Err(PaymentError::PaymentDeclined { reason: "no \"funds\"".to_owned() }),
        "unavailable" => Err(PaymentError::GatewayUnavailable),
        "partial" => Err(PaymentError::Partial(1, 2)),
        "hang" => std::future::pending().await,
        "panic" => panic!("out of paper"),
        _ => Ok(order.total_cents),
    }
}

#[task]
async fn echo(order: Order) -> Result<Order, Infallible> {
    called("echo");
    Ok(order)
}

#[task]
async fn undo(what: String) -> Result<(), PaymentError> {
    called(format!("undo {what}"));
    if what == "stuck" { Err(PaymentError::PaymentDeclined { reason: "stuck".to_owned() }) } else { Ok(()) }
}

#[task]
async fn nothing() -> Result<(), Infallible> {
    called("nothing");
    Ok(())
}

#[task(timeout = "3d", heartbeat = "1h")]
async fn approve(how: String, token: TaskToken<bool>) -> Result<(), PaymentError> {
    match how.as_str() {
        "yes" => token.succeed(true).await.unwrap(),
        "fail" => token.fail(PaymentError::PaymentDeclined { reason: "person".to_owned() }).await.unwrap(),
        "error" => return Err(PaymentError::Partial(3, 4)),
        "later" => {
            let stored = serde_json::to_value(&token).unwrap();
            tokio::spawn(async move {
                let token: TaskToken<bool> = serde_json::from_value(stored).unwrap();
                for _ in 0..5 {
                    sleep(mins(50)).await;
                    token.heartbeat().await.unwrap();
                }
                token.succeed(false).await.unwrap();
                assert!(token.succeed(true).await.is_err(), "a token completes once");
            });
        }
        "alive" => {
            tokio::spawn(async move {
                while token.heartbeat().await.is_ok() {
                    sleep(mins(30)).await;
                }
            });
        }
        _ => {}
    }
    Ok(())
}

fn order() -> Order {
    Order { order_id: "o-1".to_owned(), total_cents: 500 }
}

#[tokio::test]
async fn arguments_are_values_and_references() {
    let order = order();
    let calls = async {
        assert_eq!(charge(&order, "ok").await, Ok(500));
        assert_eq!(charge(order.clone(), String::from("ok")).await, Ok(500));
        assert_eq!(echo(&order).await, Ok(order.clone()));
        assert_eq!(nothing().await, Ok(()));
    };
    assert_eq!(recorded(calls).await.1, ["charge ok", "charge ok", "echo", "nothing"]);
}

#[tokio::test]
async fn declared_errors_come_back_typed() {
    let (failures, _) = recorded(async {
        [charge(order(), "decline").await, charge(order(), "partial").await].map(Result::unwrap_err)
    })
    .await;
    assert_eq!(
        failures,
        [
            Failure::Task(PaymentError::PaymentDeclined { reason: "no \"funds\"".to_owned() }),
            Failure::Task(PaymentError::Partial(1, 2)),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn marked_errors_are_retried_with_growing_delays() {
    let start = tokio::time::Instant::now();
    let (failure, calls) = recorded(charge(order(), "unavailable").into_future()).await;
    assert_eq!(failure, Err(Failure::Task(PaymentError::GatewayUnavailable)));
    assert_eq!((calls.len(), start.elapsed()), (4, secs(1 + 2 + 4)));

    let (_, calls) = recorded(charge(order(), "unavailable").retry(Retry::None).into_future()).await;
    assert_eq!(calls.len(), 1);
    let policy = RetryPolicy::new().attempts(1).interval(secs(60));
    let (_, calls) = recorded(charge(order(), "unavailable").retry(policy).into_future()).await;
    assert_eq!((calls.len(), start.elapsed()), (2, secs(67)));
}

#[tokio::test(start_paused = true)]
async fn time_runs_out_on_each_attempt() {
    let start = tokio::time::Instant::now();
    assert_eq!(recorded(charge(order(), "hang").into_future()).await.0, Err(Failure::Timeout));
    assert_eq!(start.elapsed(), secs(30));
    assert_eq!(
        recorded(charge(order(), "hang").timeout(secs(5)).into_future()).await.0,
        Err(Failure::Timeout)
    );
    assert_eq!(start.elapsed(), secs(35));
}

#[tokio::test]
async fn a_panic_is_a_failure_with_a_name() {
    let (failure, _) = recorded(charge(order(), "panic").into_future()).await;
    let Err(Failure::Other(failed)) = failure else { panic!("{failure:?}") };
    assert_eq!(failed, Failed::of_task("Task.Panicked", "out of paper"));
}

#[tokio::test(start_paused = true)]
async fn a_token_completes_its_task_from_anywhere() {
    let start = tokio::time::Instant::now();
    assert_eq!(approve("yes").await, Ok(true));
    let declined = PaymentError::PaymentDeclined { reason: "person".to_owned() };
    assert_eq!(approve("fail").await, Err(Failure::Task(declined)));
    assert_eq!(approve("error").await, Err(Failure::Task(PaymentError::Partial(3, 4))));
    assert_eq!(start.elapsed(), secs(0));
    assert_eq!(approve("later").await, Ok(false));
    assert_eq!(start.elapsed(), mins(250));
}

#[tokio::test(start_paused = true)]
async fn a_silent_token_times_out() {
    let start = tokio::time::Instant::now();
    assert_eq!(approve("silent").await, Err(Failure::HeartbeatTimeout));
    assert_eq!(start.elapsed(), hours(1));
    assert_eq!(approve("alive").await, Err(Failure::Timeout));
    assert_eq!(start.elapsed(), hours(1) + days(3));
}

#[tokio::test]
async fn compensations_run_in_reverse_order() {
    let (result, calls) = recorded(saga(async {
        let order = order();
        let total = charge(&order, "a").compensate(|total| undo(format!("a {total}"))).await?;
        echo(&order).compensate(|echoed| undo(format!("{} {total}", echoed.order_id))).await?;
        charge(&order, "decline").compensate(|_| undo("never")).await?;
        Ok(())
    }))
    .await;
    assert_eq!(calls, ["charge a", "echo", "charge decline", "undo o-1 500", "undo a 500"]);
    let failed = result.unwrap_err();
    assert_eq!(failed.error(), "PaymentDeclined");
    let body: serde_json::Value = serde_json::from_str(failed.cause()).unwrap();
    let message: serde_json::Value = serde_json::from_str(body["errorMessage"].as_str().unwrap()).unwrap();
    assert_eq!(
        message,
        json!({ "message": "card declined: no \"funds\"", "fields": { "reason": "no \"funds\"" } })
    );
}

#[tokio::test]
async fn a_failed_compensation_does_not_stop_the_others() {
    let (result, calls) = recorded(saga::<()>(async {
        charge(order(), "a").compensate(|_| undo("first")).await?;
        charge(order(), "b").compensate(|_| undo("stuck")).await?;
        Err(fail("Broken", "on purpose"))
    }))
    .await;
    assert_eq!(calls, ["charge a", "charge b", "undo stuck", "undo first"]);
    let failed = result.unwrap_err();
    assert_eq!(failed.error(), "Saga.CompensationFailed");
    let undo = sfn::write_error(&PaymentError::PaymentDeclined { reason: "stuck".to_owned() });
    let cause = format!(
        r#"{{"failure":{{"error":"Broken","cause":"on purpose"}},"compensations":[{{"task":"undo","error":"PaymentDeclined","cause":{}}}]}}"#,
        json!(undo.cause())
    );
    assert_eq!(failed.cause(), cause);
}

#[tokio::test]
async fn an_inner_workflow_keeps_its_compensations_to_itself() {
    let (result, calls) = recorded(saga::<()>(async {
        charge(order(), "outer").compensate(|_| undo("outer")).await?;
        saga(async { Ok(charge(order(), "inner").compensate(|_| undo("inner")).await?) }).await?;
        Err(fail("Broken", ""))
    }))
    .await;
    assert_eq!(calls, ["charge outer", "charge inner", "undo outer"]);
    assert_eq!(result, Err(fail("Broken", "")));
}

#[tokio::test(start_paused = true)]
async fn joined_calls_run_at_once_and_the_first_failure_wins() {
    let order = order();
    let (joined, _) = recorded(async { join!(charge(&order, "a"), echo(&order), nothing()).await }).await;
    assert_eq!(joined, Ok((500, order.clone(), ())));
    let start = tokio::time::Instant::now();
    let failing =
        async { join!(charge(&order, "hang"), charge(&order, "decline").compensate(|_| undo("x"))).await };
    assert_eq!(recorded(failing).await.0.unwrap_err().error(), "PaymentDeclined");
    assert_eq!(start.elapsed(), secs(0));
}

#[tokio::test(start_paused = true)]
async fn a_map_keeps_order_and_limits() {
    let orders: Vec<Order> = (1..=4).map(|n| Order { order_id: n.to_string(), total_cents: n }).collect();
    let factor = 10;
    let start = tokio::time::Instant::now();
    let run = async {
        map(&orders, async |order| {
            sleep(secs(10 - order.total_cents)).await;
            let total = charge(&order, "ok").await?;
            Ok(total * factor)
        })
        .max_concurrency(2)
        .await
    };
    assert_eq!(recorded(run).await.0, Ok(vec![10, 20, 30, 40]));
    assert_eq!(start.elapsed(), secs(8 + 7));

    let failing = async { map(orders.clone(), async |_| Ok(charge(&orders[0], "decline").await?)).await };
    assert_eq!(recorded(failing).await.0.unwrap_err().error(), "PaymentDeclined");
}

#[test]
fn a_task_declares_itself() {
    let spec = charge::SPEC;
    assert_eq!((spec.name, spec.doc), ("charge", "Charges the card.\n\nMore words."));
    assert_eq!((spec.timeout, spec.memory_mb, spec.retry), (Some(secs(30)), Some(512), Retry::Default));
    assert_eq!(spec.arguments.iter().map(|argument| argument.name).collect::<Vec<_>>(), ["order", "mode"]);
    assert_eq!(spec.origin.file, file!());
    assert_eq!((approve::SPEC.pattern, approve::SPEC.heartbeat), (Pattern::WaitForCallback, Some(hours(1))));
    assert_eq!(approve::SPEC.arguments[1].source, ArgumentSource::Token);
}

#[tokio::test]
async fn a_handler_explains_a_payload_that_does_not_fit() {
    async fn check<T: Task>(payload: serde_json::Value, message: &str) {
        let failed = (TaskEntry::of::<T>().run)(payload).await.unwrap_err();
        assert_eq!(failed, Failed::of_task("Payload.Invalid", message));
    }
    let order = json!({ "orderId": "o-1", "totalCents": "many" });
    check::<echo>(order.clone(), "totalCents: invalid type: string \"many\", expected u32").await;
    check::<charge>(
        json!({ "order": order, "mode": "ok" }),
        "order.totalCents: invalid type: string \"many\", expected u32",
    )
    .await;
    check::<charge>(json!({ "mode": "ok" }), "order: missing argument").await;
    check::<charge>(json!([]), ".: found an array, expected an object with the arguments `order`, `mode`")
        .await;
    check::<echo>(json!(5), ".: invalid type: integer `5`, expected struct Order").await;
}

#[tokio::test]
async fn what_json_cannot_carry_does_not_arrive() {
    #[task]
    async fn sum(counts: BTreeMap<String, f64>) -> Result<f64, Infallible> {
        Ok(counts.values().sum())
    }
    assert_eq!(sum(BTreeMap::from([("a".to_owned(), 1.5)])).await, Ok(1.5));
    let Err(Failure::Other(failed)) = sum(BTreeMap::from([("a".to_owned(), f64::NAN)])).await else {
        panic!()
    };
    assert_eq!(failed, Failed::of_task("Payload.Invalid", "a: invalid type: null, expected f64"));
}

#[tokio::test]
async fn futures_of_calls_can_be_sent_to_other_threads() {
    fn check(_: impl Send) {}
    check(charge(order(), "a").into_future());
    check(async {
        let order = order();
        charge(&order, "a").compensate(|_| undo(&order.order_id)).await?;
        join!(echo(&order), nothing()).await?;
        map(vec![order], async |order| Ok(echo(&order).await?)).await
    });
}

#[task(timeout = "1h", heartbeat = "30s")]
async fn ship(labels: u32, token: TaskToken<u32>) -> Result<(), Infallible> {
    token.keep_alive(secs(10)).during(sleep(mins(5))).await.unwrap();
    token.succeed(labels).await.unwrap();
    // Somebody who comes late.
    let late = token.keep_alive(secs(10)).during(std::future::pending::<()>()).await;
    called(format!("{}", late.unwrap_err()));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn heartbeats_keep_a_task_alive_and_end_with_it() {
    let (output, calls) = recorded(async { ship(3).await }).await;
    assert_eq!(output, Ok(3));
    assert_eq!(calls, ["the task does not wait for this token any more"]);
}

struct Prices(u32);

/// Twice unavailable, then priced.
#[task(timeout = "30s")]
async fn price(count: u32, state: &Prices, context: TaskContext) -> Result<u32, PaymentError> {
    called(format!("{} of {} again {}", context.state(), context.execution_name(), context.retry_count()));
    assert_eq!((context.remaining(), context.request_id()), (Some(secs(30)), None));
    match context.retry_count() {
        2 => Ok(count * state.0),
        _ => Err(PaymentError::GatewayUnavailable),
    }
}

#[tokio::test(start_paused = true)]
async fn a_task_shares_a_state_and_knows_where_it_runs() {
    let (output, calls) = recorded(sfn::with_state(Prices(7), async { price(3).await })).await;
    assert_eq!(output, Ok(21));
    assert_eq!(calls, [0, 1, 2].map(|retry| format!("price of native again {retry}")));
    let spec = price::SPEC;
    assert_eq!(spec.arguments.iter().map(|argument| argument.name).collect::<Vec<_>>(), ["count", "context"]);
    assert_eq!((spec.state.unwrap().name)(), "native::Prices");
}

#[tokio::test]
async fn a_state_that_nothing_provides_is_named() {
    let Err(Failure::Other(failed)) = recorded(async { price(3).await }).await.0 else { panic!() };
    assert_eq!(failed.error(), "Task.StateMissing");
    assert!(failed.cause().contains("task `price` needs the state `native::Prices`"), "{}", failed.cause());
}
