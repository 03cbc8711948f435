//! Workflows made of others: inlined fragments, with parameters and types of their own.
//!
//! Separate because what is called here is no task.

use std::time::Duration;

use sfn::prelude::*;
use sfn::sns;

use super::tasks::*;
use crate::script::Trouble;

/// Reserves one line of an order.
#[workflow(inline)]
async fn reserve_line(line: &Line, unit: &str, factor: u32) -> Result<Reservation, Failed> {
    let quantity = line.quantity * factor;
    let reservation = reserve(format!("{unit} {}", line.sku), quantity)
        .compensate(|reservation| release(reservation))
        .await?;
    notify(&line.sku).await?;
    Ok(reservation)
}

/// Leaves in the middle.
#[workflow(inline)]
async fn paid(order: Order) -> Result<Option<Receipt>, Failed> {
    if order.total_cents == 0 {
        return Ok(None);
    }
    if order.total_cents > 50_000 {
        return Err(fail("TooMuch", order.order_id));
    }
    match charge(&order.customer.name, order.total_cents)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .await
    {
        Ok(receipt) => Ok(Some(receipt)),
        Err(Failure::Task(Trouble::Gone)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// Asks as often as a constant says.
#[workflow(inline)]
async fn insist<const TIMES: u32, T: Clone + Sync>(value: &T, text: &str) -> Result<T, Failed> {
    for _ in 0..TIMES {
        notify(text).await?;
    }
    Ok(value.clone())
}

/// Gives nothing.
#[workflow(inline)]
async fn knock() -> Result<(), Failed> {
    ping().await?;
    Ok(())
}

/// Fragments one after the other, one of them in another.
#[workflow]
pub async fn fragments(order: Order) -> Result<(String, bool), Failed> {
    let unit = order.order_id.clone();
    let receipt = paid(order.clone()).await?;
    knock().await?;
    let mut id: String = "none".to_string();
    for line in order.lines {
        let reservation = reserve_line(&line, &unit, 2).await?;
        id = reservation.id;
    }
    ping().await?;
    Ok((id, receipt.is_some()))
}

/// Fragments with constants and types of their own.
#[workflow]
pub async fn parameters(order: Order) -> Result<u32, Failed> {
    let total = insist::<2, u32>(&order.total_cents, "twice").await?;
    let name = insist::<0, String>(&order.customer.name, "never").await?;
    notify(&name).await?;
    Ok(total)
}

/// The same fragment twice, its names told apart.
#[workflow]
pub async fn twice(order: Order) -> Result<Option<Receipt>, Failed> {
    paid(order.clone()).await?;
    paid(order).await
}

/// Is executed by others: what it does it undoes itself.
#[workflow]
pub async fn paid_apart(order: Order) -> Result<Receipt, Failed> {
    if order.total_cents > 50_000 {
        return Err(fail("TooMuch", order.order_id));
    }
    let receipt = charge(&order.customer.name, order.total_cents)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .await?;
    notify(&receipt.receipt_id).await?;
    Ok(receipt)
}

/// An execution of another workflow, among steps that are undone should it fail.
#[workflow]
pub async fn executed(order: Order) -> Result<u32, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let receipt = paid_apart(&order).await?;
    ping().await?;
    Ok(receipt.amount)
}

/// The failure of an execution is the workflow's own.
#[workflow]
pub async fn executed_at_the_end(order: Order) -> Result<Receipt, Failed> {
    ping().await?;
    Ok(paid_apart(order).named("Pay apart").await?)
}

/// An execution that may fail.
#[workflow]
pub async fn executed_and_matched(order: Order) -> Result<String, Failed> {
    let id = match paid_apart(&order).await {
        Ok(receipt) => receipt.receipt_id,
        Err(_) => "unpaid".to_string(),
    };
    notify(&id).await?;
    match paid_apart(&order).await {
        Ok(receipt) => Ok(receipt.receipt_id),
        Err(failed) => Err(failed),
    }
}

/// Takes its time, and may take too long for itself.
#[workflow]
pub async fn announced_apart(order: Order) -> Result<String, Failed> {
    let told = notify(&order.order_id).await?;
    let id = sns::publish("${OrdersTopicArn}", &told).await?;
    Ok(id)
}

/// An execution that is tried again, however it failed, but for its own timeout.
#[workflow]
pub async fn executed_again(order: Order) -> Result<String, Failed> {
    let id = announced_apart(&order)
        .retry(RetryPolicy::new().attempts(2).interval(secs(1)))
        .timeout(secs(15))
        .await?;
    ping().await?;
    Ok(id)
}

/// An execution that is started and left.
#[workflow]
pub async fn started(order: Order) -> Result<(), Failed> {
    announced_apart(&order).start().await?;
    sleep(mins(5)).await;
    ping().await?;
    Ok(())
}

/// Pays and reserves, and looks after nothing itself.
#[workflow(inline)]
async fn paid_and_reserved(order: &Order, factor: u32) -> Result<Reservation, Failed> {
    ping().await?;
    paid(order.clone()).await?;
    reserve_line(&Line { sku: order.order_id.clone(), quantity: 1 }, "box", factor).await
}

/// What is undone in branches and iterations is out of sight: they run to their ends all the same.
#[workflow]
pub async fn fragments_side_by_side(order: Order) -> Result<Vec<u32>, Failed> {
    join!(
        async {
            paid_and_reserved(&order, 2).await?;
            Ok(())
        },
        notify(&order.customer.name),
        knock(),
    )
    .await?;
    let reserved = map(&order.lines, async |line| {
        let reservation = reserve_line(&line, "crate", 1).await?;
        Ok(reservation.quantity)
    })
    .await?;
    // Nothing in these is undone: the first failure ends them.
    join!(insist::<2, u32>(&order.total_cents, "twice"), notify(&order.order_id)).await?;
    ping().await?;
    Ok(reserved)
}

/// Executions that are undone when something fails behind them.
#[workflow]
pub async fn executed_and_undone(order: Order) -> Result<u32, Failed> {
    let receipt = paid_apart(&order).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    for line in order.lines.clone() {
        notify(&line.sku).await?;
        let told = match announced_apart(&order)
            .compensate(|id| notify(format!("never mind {id} {}", line.sku)))
            .timeout(mins(2))
            .await
        {
            Ok(id) => id,
            Err(_) => continue,
        };
        notify(&told).await?;
    }
    join!(paid_apart(&order).compensate(|receipt| refund(&receipt.receipt_id)), ping()).await?;
    ping().await?;
    Ok(receipt.amount)
}

/// Tells as many people as it is defined for, and is strict about it where it is defined so.
#[workflow]
pub async fn told<const PEOPLE: u32, const STRICT: bool>(order: Order) -> Result<u32, Failed> {
    let mut heard: u32 = 0;
    for person in 0..PEOPLE {
        match notify(format!("{} {person}", order.order_id)).await {
            Ok(_) => heard += 1,
            Err(_) => ping().await?,
        }
    }
    if STRICT && heard < PEOPLE {
        return Err(fail("Unheard", format!("{heard} of {}", PEOPLE)));
    }
    Ok(heard)
}

/// Where orders are packed.
pub trait Hall: Profile {
    const GREETING: &'static str;
    const PAUSE: Duration;
    const ALLOWANCE: u32;
    const TRIES: RetryPolicy = RetryPolicy::new();
}

pub enum Berlin {}

impl Profile for Berlin {
    const NAME: &'static str = "berlin";
}

impl Hall for Berlin {
    const GREETING: &'static str = "Guten Tag, {% $name %}";
    const PAUSE: Duration = secs(5);
    const ALLOWANCE: u32 = 40_000;
}

pub enum Lima {}

impl Profile for Lima {
    const NAME: &'static str = "lima";
}

impl Hall for Lima {
    const GREETING: &'static str = "Buenos d\u{ed}as";
    const PAUSE: Duration = mins(2);
    const ALLOWANCE: u32 = 0;
    const TRIES: RetryPolicy = RetryPolicy::new().attempts(1);
}

/// A part of what is defined for a hall.
#[workflow(inline)]
async fn greeted<H: Hall>(name: &str) -> Result<(), Failed> {
    notify(format!("{}, {name}", H::GREETING)).await?;
    Ok(())
}

/// Packs as it is done in a hall, of a text or of an order, whatever it is defined for.
#[workflow]
pub async fn packed_in<H, T>(goods: Vec<T>) -> Result<Vec<T>, Failed>
where
    H: Hall,
    T: Clone + Profile,
{
    greeted::<H>("packers").await?;
    if (goods.len() as u32) > H::ALLOWANCE {
        sleep(H::PAUSE).await;
        charge("hall", 1).retry(H::TRIES).await?;
    }
    Ok(goods)
}

impl Profile for Line {
    const NAME: &'static str = "lines";
}

/// Executes one function as two workflows.
#[workflow]
pub async fn told_twice(order: Order) -> Result<u32, Failed> {
    let some = told::<1, false>(&order).await?;
    let all = told::<2, true>(&order).await?;
    packed_in::<Lima, Line>(&order.lines).start().await?;
    Ok(some + all)
}
