//! Workflows about what goes wrong: `?`, `match` on an outcome, ignored failures, retries, timeouts.
//!
//! Separate from sagas: nothing is undone here.

use sfn::prelude::*;

use super::tasks::*;
use crate::script::Trouble;

/// `?` propagates.
#[workflow]
pub async fn propagation(order: Order) -> Result<Receipt, Failed> {
    inspect(&order).await?;
    Ok(charge(&order.customer.name, order.total_cents).await?)
}

/// A failure that does not matter.
#[workflow]
pub async fn ignored(order: Order) -> Result<String, Failed> {
    let _ = notify(&order.order_id).await;
    let _ = double(1).await;
    Ok(order.order_id)
}

/// Every kind of arm.
#[workflow]
pub async fn every_arm(order: Order) -> Result<String, Failed> {
    let text = match charge(&order.customer.name, order.total_cents).await {
        Ok(receipt) => receipt.receipt_id,
        Err(Failure::Task(Trouble::Refused { reason, code })) => format!("refused {reason} {code}"),
        Err(Failure::Task(Trouble::Missing(what))) => {
            notify(&what).await?;
            what
        }
        Err(Failure::Timeout) => "too slow".to_string(),
        Err(_) => return Err(fail("Unpaid", order.order_id)),
    };
    ping().await?;
    Ok(text)
}

/// Arms that say nothing of a failure hand it on.
#[workflow]
pub async fn rethrown(order: Order) -> Result<Option<Receipt>, Failed> {
    match charge(&order.customer.name, 5).await {
        Ok(receipt) => Ok(Some(receipt)),
        Err(Failure::Task(Trouble::Gone | Trouble::Busy)) => Ok(None),
        Err(other) => return Err(other.into()),
    }
}

/// Any declared error, or anything else.
#[workflow]
pub async fn declared_or_not(numbers: Numbers) -> Result<i32, Failed> {
    match double(numbers.a).await {
        Ok(doubled) => Ok(doubled),
        Err(Failure::Task(_)) => Ok(-1),
        Err(_) => Ok(-2),
    }
}

/// Options of the call rule over those of the task.
#[workflow]
pub async fn options(order: Order) -> Result<u32, Failed> {
    let receipt = charge(&order.customer.name, 1)
        .retry(RetryPolicy::new().attempts(4).interval(secs(2)).backoff(1.5))
        .timeout(secs(3))
        .named("Take the money")
        .await?;
    inspect(&order).retry(Retry::None).await?;
    Ok(receipt.amount)
}

/// A person answers through a task token, or does not.
#[workflow]
pub async fn callback(order: Order) -> Result<String, Failed> {
    match ask(format!("May {} have it?", order.customer.name)).await {
        Ok(answer) => {
            if answer.granted {
                Ok(answer.by)
            } else {
                Err(fail("Denied", answer.by))
            }
        }
        Err(Failure::Task(Trouble::Missing(what))) => Ok(what),
        Err(Failure::HeartbeatTimeout | Failure::Timeout) => Ok("nobody answered".to_string()),
        Err(other) => Err(other.into()),
    }
}

/// A timeout arm does not take missed heartbeats.
#[workflow]
pub async fn only_timeout(order: Order) -> Result<String, Failed> {
    match ask(order.order_id).heartbeat(secs(20)).await {
        Ok(answer) => Ok(answer.by),
        Err(Failure::Timeout) => Ok("timeout".to_string()),
        Err(_) => Ok("anything else".to_string()),
    }
}
