//! Workflows that recover from failures deep inside: in turns, in branches, in arms of other failures.
//!
//! Separate from `failures`, which has each kind of arm by itself.

use sfn::prelude::*;

use super::matching::{Event, Events};
use super::tasks::*;
use crate::script::Trouble;

/// One after the other, until one succeeds.
#[workflow]
pub async fn ladder(order: Order) -> Result<String, Failed> {
    match charge(&order.customer.name, 3).await {
        Ok(receipt) => Ok(receipt.receipt_id),
        Err(Failure::Task(Trouble::Gone)) => Err(fail("Gone", order.order_id)),
        Err(_) => match reserve(&order.order_id, 3).await {
            Ok(reservation) => Ok(reservation.id),
            Err(Failure::Timeout) => Ok("slow".to_string()),
            Err(_) => match notify(&order.order_id).await {
                Ok(told) => Ok(told),
                Err(last) => Err(last.into()),
            },
        },
    }
}

/// What came out is a value of one of several kinds, used behind the match.
#[workflow]
pub async fn outcomes_as_values(order: Order) -> Result<(Event, Option<u32>), Failed> {
    let event = match reserve(&order.order_id, order.total_cents).await {
        Ok(Reservation { id, quantity }) => {
            if quantity == 0 {
                Event::Opened
            } else {
                Event::Closed { reason: Some(id), code: quantity }
            }
        }
        Err(Failure::Task(Trouble::Refused { reason, code })) => Event::Moved(code as i32, reason),
        Err(Failure::Task(Trouble::Missing(what))) => Event::Closed { reason: Some(what), code: 0 },
        Err(Failure::Task(_)) => Event::Closed { reason: None, code: 1 },
        Err(other) => return Err(other.into()),
    };
    ping().await?;
    let code = match &event {
        Event::Closed { code, .. } => Some(*code),
        _ => None,
    };
    Ok((event, code))
}

/// A failure as a number, counted over the turns, and the last one kept.
#[workflow]
pub async fn counted_failures(order: Order) -> Result<(u32, String), Failed> {
    let mut failures: u32 = 0;
    let mut last: String = "none".to_string();
    'lines: for line in &order.lines {
        loop {
            let again = match notify(&line.sku).await {
                Ok(_) => continue 'lines,
                Err(Failure::Task(Trouble::Busy)) => true,
                Err(Failure::Task(Trouble::Refused { reason, .. })) => {
                    last = reason;
                    false
                }
                Err(Failure::Timeout | Failure::Task(Trouble::Gone)) => break 'lines,
                Err(other) => return Err(other.into()),
            };
            failures += 1;
            if !again || failures > 4 {
                break;
            }
            sleep(secs(2)).await;
        }
    }
    Ok((failures, last))
}

/// A branch that recovers beside one that does not.
#[workflow]
pub async fn recovered_in_branch(order: Order) -> Result<(u32, String), Failed> {
    let both = join!(
        async {
            let mut tries: u32 = 0;
            while tries < 3 {
                tries += 1;
                match charge(&order.order_id, tries).await {
                    Ok(receipt) => return Ok(receipt.amount),
                    Err(Failure::Task(Trouble::Gone)) => return Err(fail("GoneAway", &order.order_id)),
                    Err(_) => sleep(mins(1)).await,
                }
            }
            Ok(0)
        },
        notify(&order.order_id),
    )
    .await?;
    Ok(both)
}

/// Items that fail are left out, others end it all.
#[workflow]
pub async fn recovered_in_map(order: Order) -> Result<Vec<String>, Failed> {
    let told = map(&order.lines, async |line| {
        let reservation = match reserve(&line.sku, line.quantity).await {
            Ok(reservation) => reservation,
            Err(Failure::Task(Trouble::Gone | Trouble::Missing(_)) | Failure::Timeout) => return Ok(None),
            Err(other) => return Err(other.into()),
        };
        let _ = notify(&reservation.id).await;
        Ok(Some(reservation.id))
    })
    .await?;
    Ok(told.iter().flatten().cloned().collect::<Vec<_>>())
}

/// The failure of several things is handled by several things.
#[workflow]
pub async fn join_for_join(order: Order) -> Result<u32, Failed> {
    let size = match join!(reserve("a", 1), reserve("b", 2)).await {
        Ok((one, other)) => one.quantity + other.quantity,
        Err(_) => {
            let (one, other) = join!(charge("a", 1), charge("b", 2)).await?;
            match map(&order.tags, async |tag| Ok(notify(&tag).await?)).await {
                Ok(told) => told.len() as u32 + one.amount,
                Err(_) => other.amount,
            }
        }
    };
    ping().await?;
    Ok(size)
}

/// A match on the outcome within an arm of a match on a value, given on as a value.
#[workflow]
pub async fn outcome_in_arm(events: Events) -> Result<String, Failed> {
    let text = match events.event {
        Event::Moved(by, to) => match double(by).await {
            Ok(n) => {
                if n > 10 {
                    format!("{to} far")
                } else {
                    format!("{to} {n}")
                }
            }
            Err(Failure::Task(_)) => to,
            Err(_) => return Ok("lost".to_string()),
        },
        Event::Paid(receipt) => {
            let _ = refund(&receipt.receipt_id).await;
            receipt.receipt_id
        }
        _ => "none".to_string(),
    };
    Ok(notify(text).await?)
}

/// A step of its own name and options in each turn, ignored in one way.
#[workflow]
pub async fn named_and_ignored(order: Order) -> Result<u32, Failed> {
    let mut done: u32 = 0;
    for line in &order.lines {
        if line.quantity > 3 {
            let _ = charge(&line.sku, line.quantity)
                .retry(RetryPolicy::new().attempts(1).interval(secs(3)))
                .timeout(secs(4))
                .named("Perhaps")
                .await;
            continue;
        }
        charge(&line.sku, 0).retry(Retry::None).named("Surely").await?;
        done += 1;
    }
    Ok(done)
}
