//! The saga on each sample input: as the function it is, and as the state machine it becomes. Both end alike.

use orders::{Order, order_saga};
use serde_json::{Value, json};
use sfn::local::Local;
use sfn::prelude::*;
use std::fs;
use std::path::Path;

/// Runs a sample input both ways; an `Err` is the error's name.
#[track_caller]
fn check(input: &str, expected: Result<&str, &str>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../inputs").join(input);
    let input: Value = serde_json::from_slice(&fs::read(path).expect("a sample input")).expect("JSON");
    let order: Order = serde_json::from_value(input.clone()).expect("an order");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let (native, engine) = runtime.expect("a runtime").block_on(async {
        let run = Local::new(order_saga::definition()).unattended().seed(1).run(input);
        (order_saga(order).await, run.await.expect("a state machine").result)
    });

    assert_eq!(native.clone().map(|confirmation| json!(confirmation)), engine);
    let outcome = native.as_ref().map(|confirmation| confirmation.charge_id.as_str());
    assert_eq!(outcome.map_err(Failed::error), expected);
}

#[test]
fn an_order_is_confirmed() {
    check("order-saga.json", Ok("charge-of-order-1042"));
}

#[test]
fn an_approval_that_nobody_gives_ends_the_order() {
    check("large-order.json", Err("States.Timeout"));
}

#[test]
fn a_declined_card_ends_the_order() {
    check("declined-card.json", Err("OrderFailed"));
}

#[test]
fn a_gateway_that_stays_away_ends_the_order() {
    check("gateway-down.json", Err("Gateway.Unavailable"));
}

#[test]
fn a_customer_who_cannot_be_told_ends_the_order() {
    check("bounced-email.json", Err("EmailBounced"));
}
