//! Every construct of the subset in one workflow, without a warning.
#![deny(warnings)]
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn everything(order: Order) -> Result<Receipt, Failed> {
    let charged = charge(&order.id, order.total)
        .timeout(secs(5))
        .compensate(|charged| refund(&charged.id))
        .await?;
    let rate = if order.vip { 5 } else if order.total >= LIMIT && !order.vip { 10 } else { ping().await? };
    let text = format!("{{{rate}}} has {} {}", order.id, order.vip.to_string());
    let (first, _) = join!(ping().named("First"), refund(&charged.id)).await?;
    let events = map(&order.lines, async |line| {
        let event = look_up(&line).await?;
        if line == "x" {
            return Err(fail("Forbidden", line));
        }
        Ok(event)
    })
    .max_concurrency(3)
    .await?;
    let again = match charge(text, first + 1).await {
        Ok(charged) => charged,
        Err(Failure::Task(PaymentError::Declined { reason } | PaymentError::Suspended { reason })) => {
            return Err(fail("Declined", reason));
        }
        Err(Failure::Task(PaymentError::Limit(limit))) => charge("x", limit).await?,
        Err(Failure::Timeout | Failure::HeartbeatTimeout) => Charge { id: String::from("none"), cents: Cents(rate) },
        Err(other) => return Err(other.into()),
    };
    let _ = events;
    let _ = join!(ping(), ping()).await;
    match map(vec![1_u32, 2], async |rate| Ok(rate)).await {
        Ok(_) => {}
        Err(failure) => return Err(failure),
    }
    let Charge { id, cents: Cents(cents) } = again.clone();
    let _ = refund(if order.vip { "a".to_string() } else { id }).retry(RetryPolicy::new().attempts(2)).await;
    sleep(mins(3)).await;
    let _ = vec![Event::Paid(cents), Event::Opened { at: again.id.clone() }, Event::Closed];
    match order.kind.as_str() {
        "gift" | "sample" => {}
        _ => {
            ping().await?;
        }
    }
    let pair = -order.pair.1 * 2;
    match pair {
        -1 => Err(fail("Negative", "below zero")),
        0 => {
            let kind = order.kind.clone();
            Ok(Receipt { order: kind, charge: again.id })
        }
        _ => Ok(Receipt { order: order.id, charge: charged.id }),
    }
}

fn main() {
    let _ = (everything::definition(), |order: Order| everything(order));
}
