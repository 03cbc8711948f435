//! The tasks and payloads of the corpus: small, and each answered by the script.
//!
//! Separate from the workflows, which are what the corpus is about.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use sfn::prelude::*;

use crate::script::{Trouble, asked, attempt};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Order {
    pub order_id: String,
    pub customer: Customer,
    pub lines: Vec<Line>,
    pub total_cents: u32,
    #[serde(rename = "express?")]
    pub express: bool,
    pub status: Status,
    pub coupon: Option<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(flatten)]
    pub address: Address,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    pub labels: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Customer {
    pub name: String,
    #[serde(rename = "e-mail")]
    pub email: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "SCREAMING-KEBAB-CASE")]
pub struct Address {
    pub street_line: String,
    pub floor: i32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Line {
    pub sku: String,
    pub quantity: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    New,
    InProgress,
    Done,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Numbers {
    pub a: i32,
    pub b: i32,
    pub c: u8,
    pub x: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Payload)]
pub struct Cents(pub u8);

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Payload)]
pub struct Span(pub (i32, i32));

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(transparent)]
pub struct Measured {
    pub numbers: Numbers,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Person {
    pub name: Pii<String>,
    pub age: Pii<u32>,
    pub nick: Option<Pii<String>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Reservation {
    pub id: String,
    pub quantity: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    pub receipt_id: String,
    pub amount: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Answer {
    pub granted: bool,
    pub by: String,
}

/// Does nothing.
#[task(timeout = "10s")]
pub async fn ping() -> Result<(), Trouble> {
    attempt("ping", json!({})).await
}

/// Reserves a quantity of something.
#[task(timeout = "10s")]
pub async fn reserve(item: String, quantity: u32) -> Result<Reservation, Trouble> {
    attempt("reserve", json!([item, quantity])).await?;
    Ok(Reservation { id: format!("r-{item}"), quantity })
}

/// Gives a reservation back.
#[task(timeout = "10s")]
pub async fn release(reservation: Reservation) -> Result<(), Trouble> {
    attempt("release", json!(reservation)).await
}

/// Takes money.
#[task(timeout = "10s", retry(attempts = 2, interval = "1s"))]
pub async fn charge(customer: String, amount: u32) -> Result<Receipt, Trouble> {
    attempt("charge", json!([customer, amount])).await?;
    Ok(Receipt { receipt_id: format!("c-{customer}"), amount })
}

/// Gives money back.
#[task(timeout = "10s")]
pub async fn refund(receipt_id: String) -> Result<(), Trouble> {
    attempt("refund", json!(receipt_id)).await
}

/// Tells somebody something.
#[task(timeout = "10s", retry = none)]
pub async fn notify(text: String) -> Result<String, Trouble> {
    attempt("notify", json!(text)).await?;
    Ok(format!("told {text}"))
}

/// Looks at an order.
#[task(timeout = "10s")]
pub async fn inspect(order: Order) -> Result<Status, Trouble> {
    attempt("inspect", json!(order)).await?;
    Ok(order.status)
}

/// Looks at an order whose work goes on between one look and the next.
#[task(timeout = "10s")]
pub async fn progress(order: Order) -> Result<Status, Trouble> {
    attempt("progress", json!(order)).await?;
    Ok(if asked("progress", json!(order)) < 4 { order.status } else { Status::Done })
}

/// Doubles a number.
#[task(timeout = "10s")]
pub async fn double(n: i32) -> Result<i32, Trouble> {
    attempt("double", json!(n)).await?;
    Ok(n * 2)
}

/// Weighs a line.
#[task(timeout = "10s")]
pub async fn weigh(line: Line, unit: String) -> Result<Option<u32>, Trouble> {
    attempt("weigh", json!([line, unit])).await?;
    Ok((line.quantity % 2 == 0).then_some(line.quantity))
}

/// Says in which execution it runs.
#[task(timeout = "10s")]
pub async fn whereabouts(context: TaskContext) -> Result<String, Trouble> {
    let place = format!("{} {}", context.execution_name(), context.execution_arn());
    attempt("whereabouts", json!(place)).await?;
    Ok(place)
}

/// Asks a person, who answers at once.
#[task(timeout = "1h", heartbeat = "5m")]
pub async fn ask(question: String, token: TaskToken<Answer>) -> Result<(), Trouble> {
    let outcome = attempt("ask", json!(question)).await;
    match outcome {
        Ok(()) => {
            token.heartbeat().await.expect("the token is alive");
            let granted = question.len() % 2 == 0;
            token.succeed(Answer { granted, by: "Ada".to_owned() }).await.expect("the token is alive");
        }
        Err(Trouble::Missing(what)) => token.fail(Trouble::Missing(what)).await.expect("the token is alive"),
        // Nobody ever answers: the heartbeat is missed.
        Err(Trouble::Gone) => {}
        Err(other) => return Err(other),
    }
    Ok(())
}

pub fn texts() -> impl Strategy<Value = String> {
    prop_oneof![Just(String::new()), "[a-z]{1,6}", "[ -~]{0,8}", "\\PC{0,4}", Just("{% 1 %}".to_owned())]
}

pub fn orders() -> impl Strategy<Value = Order> {
    let lines = prop::collection::vec(lines(), 0..4);
    let statuses = prop_oneof![Just(Status::New), Just(Status::InProgress), Just(Status::Done)];
    let customers = (texts(), texts()).prop_map(|(name, email)| Customer { name, email });
    let addresses = (texts(), -3..40).prop_map(|(street_line, floor)| Address { street_line, floor });
    let tags = prop::collection::vec(texts(), 0..3);
    let labels = prop::collection::btree_map("[a-c]", texts(), 0..3);
    let options = (prop::option::of(texts()), prop::option::of(texts()));
    (texts(), customers, lines, 0..100_000_u32, any::<bool>(), statuses, (options, tags, addresses, labels))
        .prop_map(
            |(
                order_id,
                customer,
                lines,
                total_cents,
                express,
                status,
                ((coupon, note), tags, address, labels),
            )| Order {
                order_id,
                customer,
                lines,
                total_cents,
                express,
                status,
                coupon,
                tags,
                address,
                note,
                labels,
            },
        )
}

pub fn lines() -> impl Strategy<Value = Line> {
    (texts(), 0..9_u32).prop_map(|(sku, quantity)| Line { sku, quantity })
}

pub fn persons() -> impl Strategy<Value = Person> {
    let name = || proptest::sample::select(vec!["Ada", "Bob", "Ada Lovelace", ""]).prop_map(str::to_owned);
    (name(), 0..300_u32, proptest::option::of(name())).prop_map(|(name, age, nick)| Person {
        name: Pii::new(name),
        age: Pii::new(age),
        nick: nick.map(Pii::new),
    })
}

pub fn numbers() -> impl Strategy<Value = Numbers> {
    (-1_000..1_000, -1_000..1_000, 1..=40_u8, -1e6..1e6).prop_map(|(a, b, c, x)| Numbers { a, b, c, x })
}
