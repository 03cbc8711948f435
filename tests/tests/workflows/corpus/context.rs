//! Workflows that ask for their execution, for the time and for chance.
//!
//! Separate from other values: these are the same wherever they are read, or another each time, and evaluated once.

use sfn::prelude::*;
use sfn::sqs;

use super::tasks::*;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Marked {
    pub execution: String,
    pub machine: String,
    pub begun: Timestamp,
    pub key: String,
}

/// Who this is: nothing has to be assigned for it.
#[workflow]
pub async fn who(order: Order) -> Result<Marked, Failed> {
    notify(execution().name()).await?;
    let told = notify(format!("{} of {}", order.order_id, execution().id())).await?;
    Ok(Marked {
        execution: execution().name(),
        machine: state_machine().name(),
        begun: execution().start_time(),
        key: format!("{told} {}", state_machine().id()),
    })
}

/// What it was started with, wherever that is asked.
#[workflow]
pub async fn its_input(order: Order) -> Result<u32, Failed> {
    notify(&order.order_id).await?;
    let total = started_with().await?;
    Ok(total + order.total_cents % 10)
}

#[workflow(inline)]
async fn started_with() -> Result<u32, Failed> {
    let order = execution().input::<Order>()?;
    ping().await?;
    Ok(order.total_cents / 2)
}

/// A key that is drawn first is the same for every retry and for every task that is given it.
#[workflow]
pub async fn idempotent(order: Order) -> Result<String, Failed> {
    let key = uuid();
    let receipt = charge(&key, order.total_cents).await?;
    notify(&key).await?;
    Ok(receipt.receipt_id)
}

/// A key that is given to one task alone is the same for its retries, too.
#[workflow]
pub async fn drawn_in_place(order: Order) -> Result<String, Failed> {
    ping().await?;
    let receipt = charge(uuid(), order.total_cents).await?;
    Ok(receipt.receipt_id)
}

/// A task that is not retried draws it itself.
#[workflow]
pub async fn drawn_without_retries(order: Order) -> Result<String, Failed> {
    let told = notify(format!("{} {}", order.order_id, uuid())).await?;
    Ok(told)
}

/// One key in two places, two keys in two places.
#[workflow]
pub async fn two_keys(order: Order) -> Result<(String, String, Vec<String>), Failed> {
    let one = uuid();
    let both = format!("{one} {one}");
    Ok((one.clone(), both, vec![uuid(), uuid(), one, order.order_id]))
}

/// Different ways draw different keys, of which one is drawn.
#[workflow]
pub async fn drawn_or_given(order: Order) -> Result<String, Failed> {
    let key = if order.express { uuid() } else { order.order_id.clone() };
    let mut last = String::new();
    let mut first: String = key.clone();
    if order.total_cents > 50 {
        let drawn = uuid();
        last = drawn.clone();
        first = drawn;
    }
    notify(&key).await?;
    Ok(format!("{key} {last} {first}"))
}

/// A key for each turn of a loop, and for each element of a list.
#[workflow]
pub async fn drawn_in_turns(order: Order) -> Result<Vec<String>, Failed> {
    let mut keys: Vec<String> = Vec::new();
    for line in &order.lines {
        let key = uuid();
        charge(&key, line.quantity).await?;
        keys.push(format!("{} {key}", line.sku));
    }
    let more = order.lines.iter().map(|line| format!("{} {}", line.sku, uuid())).collect::<Vec<_>>();
    keys.extend(more.clone());
    notify(more.join(",")).await?;
    Ok(keys)
}

/// The time is told where it is asked for, not where it is used.
#[workflow]
pub async fn measured(order: Order) -> Result<u32, Failed> {
    let begun = now();
    sleep(secs(90)).await;
    let noon = now();
    notify(&order.order_id).await?;
    sleep(mins(5)).await;
    let over = now();
    let whole = over.secs_since(&execution().start_time());
    if over <= noon || begun > noon || begun == over {
        return Err(fail("Clock", "time stands still"));
    }
    Ok(noon.secs_since(&begun) + over.secs_since(&noon) + begun.secs_since(&noon) + whole)
}

/// A deadline: each turn asks what time it is.
#[workflow]
pub async fn deadline(order: Order) -> Result<u32, Failed> {
    let deadline = now().plus_secs(100);
    let mut turns: u32 = 0;
    while turns < 20 && now() < deadline {
        notify(&order.order_id).await?;
        sleep(secs(30)).await;
        turns += 1;
    }
    if turns > order.total_cents && now() > deadline {
        return Ok(0);
    }
    Ok(turns)
}

/// A choice by chance is made once.
#[workflow]
pub async fn by_chance(numbers: Numbers) -> Result<i32, Failed> {
    let mut high: i32 = 0;
    let mut low: i32 = 0;
    if random() < 0.5 {
        high += 1;
    } else {
        low += 1;
    }
    let share = random();
    let scaled = share * 2.0 - share;
    if scaled >= 1.0 || share < 0.0 || scaled != share {
        return Err(fail("Chance", "out of bounds"));
    }
    Ok(high + low + numbers.a)
}

/// How often a task was tried before, counted by the service.
#[workflow]
pub async fn counted_tries(order: Order) -> Result<u32, Failed> {
    let receipt = charge(&order.order_id, retry_count()).await?;
    let once = charge("once", retry_count()).retry(Retry::None).await?;
    Ok(receipt.amount + once.amount)
}

/// Branches ask the same execution, and draw for themselves.
#[workflow]
pub async fn asked_in_branches(order: Order) -> Result<(String, String, bool), Failed> {
    let key = uuid();
    let (one, (other, same)) = join!(notify(execution().name()), async {
        let own = uuid();
        notify(&own).await?;
        notify(&own).await?;
        Ok((format!("{own} {key}"), own == key))
    })
    .await?;
    Ok((format!("{one}{}", order.order_id), other, same))
}

/// In a distributed map it is the workflow's execution, whose children have others.
#[workflow]
pub async fn asked_by_children(order: Order) -> Result<Vec<String>, Failed> {
    let told = map_distributed(&order.lines, async |line| {
        let input = execution().input::<Order>()?;
        let told = notify(format!("{} {} {}", line.sku, execution().name(), input.order_id)).await?;
        Ok(format!("{told} {}", now() >= execution().start_time()))
    })
    .await?;
    Ok(told)
}

/// What is undone is undone with the key of the step.
#[workflow]
pub async fn undone_by_key(order: Order) -> Result<u32, Failed> {
    let key = uuid();
    let receipt = charge(&key, order.total_cents).compensate(|_| refund(&key)).await?;
    let moment = now();
    for line in &order.lines {
        let own = uuid();
        reserve(&own, line.quantity)
            .compensate(|reserved| release(Reservation { id: own.clone(), quantity: reserved.quantity }))
            .await?;
    }
    ping().await?;
    Ok(receipt.amount + moment.secs_since(&now()))
}

/// A key made by a function.
#[expr]
fn key_of(prefix: &str) -> String {
    format!("{prefix}-{}", uuid())
}

/// What draws inside an expression is evaluated once as well: in arguments, in conditions, by hand.
#[workflow]
pub async fn drawn_in_expressions(order: Order) -> Result<String, Failed> {
    let receipt = charge(key_of(&order.order_id), order.total_cents).await?;
    let by_hand: String = jsonata!("$uuid()")?;
    let weights = weigh(Line { sku: by_hand.clone(), quantity: 2 }, key_of("unit")).await?;
    let first = key_of("first");
    Ok(format!("{} {first} {by_hand} {first} {}", receipt.receipt_id, weights.unwrap_or(0)))
}

/// A key that one way of a choice draws and hands on is one key.
#[workflow]
pub async fn drawn_and_handed_on(order: Order) -> Result<String, Failed> {
    let mut first: String = order.order_id.clone();
    let mut second: String = order.order_id.clone();
    if order.express {
        first = uuid();
        second = first.clone();
    }
    notify(format!("{first} {second}")).await?;
    Ok(format!("{second} {first}"))
}

/// What is copied from a key that nobody reads any more is one key.
#[workflow]
pub async fn drawn_and_copied(order: Order) -> Result<String, Failed> {
    ping().await?;
    let drawn: String = uuid();
    let mut first: String = drawn.clone();
    let mut second: String = first.clone();
    let mut third: String = first.clone();
    notify(format!("{second} {third}")).await?;
    for line in &order.lines {
        first = format!("{} {second}", line.sku);
        second = notify(&third).await?;
        third = notify(&first).await?;
    }
    Ok(format!("{second} {third}"))
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Ticket {
    pub id: String,
}

/// A key that one way gives to a choice behind it, which is known to take it.
#[workflow]
pub async fn drawn_if_reached(order: Order) -> Result<String, Failed> {
    let mut found: Option<Ticket> = None;
    match ping().await {
        Ok(_) => found = Some(Ticket { id: uuid() }),
        Err(_) => {}
    }
    if let Some(ticket) = found {
        let label = format!("{} {}", ticket.id, ticket.id);
        charge(&label, order.total_cents).await?;
        notify(&ticket.id).await?;
    }
    Ok(order.order_id)
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Row {
    pub sku: String,
    pub batch: String,
}

/// What JSONata written by hand is given was drawn before, however often it reads it; and draws as it likes itself.
#[workflow]
pub async fn drawn_for_rows(order: Order) -> Result<(Vec<Row>, bool), Failed> {
    ping().await?;
    let id = uuid();
    let rows: Vec<Row> = jsonata!(
        "[$lines.{'sku': sku, 'batch': $id}, {'sku': 'a', 'batch': $id}, {'sku': 'b', 'batch': $id}]",
        lines = &order.lines,
        id = &id
    )?;
    let key = key_of(&order.order_id);
    let more: Vec<Row> = jsonata!("[[1..3].{'sku': $string($), 'batch': $key}]", key = key)?;
    let own: String = jsonata!("($draw := $uuid; $draw())")?;
    notify(format!("{own} {own}")).await?;
    let same = more[0].batch == more[2].batch;
    Ok((rows, same))
}

#[workflow]
async fn tried(count: u32) -> Result<u32, Failed> {
    notify("tried").await?;
    Ok(count)
}

/// The number of tries inside of what a service is sent, and as the input of another execution.
#[workflow]
pub async fn counted_for_services(order: Order) -> Result<u32, Failed> {
    sqs::send("${PickingQueueUrl}", &order.order_id).delay_seconds(retry_count()).await?;
    let once = tried(retry_count()).await?;
    let again = tried(retry_count()).retry(RetryPolicy::new().attempts(3)).await?;
    Ok(once + again)
}

/// A task that asks where it runs is told the same execution as the workflow.
#[workflow]
pub async fn told_to_a_task(order: Order) -> Result<bool, Failed> {
    let told = whereabouts().await?;
    Ok(told == format!("{} {}", execution().name(), execution().id()) && !order.order_id.is_empty())
}
