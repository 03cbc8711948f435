//! Workflows that undo what they did.
//!
//! Separate from failures: here the order of the calls after the failure is the point.

use sfn::prelude::*;

use super::tasks::*;
use crate::script::Trouble;

/// Two steps undone in reverse.
#[workflow]
pub async fn two_steps(order: Order) -> Result<String, Failed> {
    let reservation = reserve(&order.order_id, 2).compensate(|reservation| release(reservation)).await?;
    let receipt = charge(&order.customer.name, order.total_cents)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .await?;
    notify(&order.order_id).await?;
    Ok(format!("{} {}", reservation.id, receipt.receipt_id))
}

/// A step whose result is used by nothing but its compensation.
#[workflow]
pub async fn unused_result(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    ping().await?;
    ping().await?;
    Ok(())
}

/// A compensation that needs nothing of the step's result.
#[workflow]
pub async fn undo_by_input(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 3).compensate(|_| refund(&order.order_id)).await?;
    notify("charged").await?;
    Ok(())
}

/// A failure of the workflow's own undoes too.
#[workflow]
pub async fn failing_by_hand(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 3).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    if order.total_cents > 50_000 {
        return Err(fail("TooMuch", format!("{} is too much", order.total_cents)));
    }
    ping().await?;
    Ok(())
}

/// Only what ran is undone.
#[workflow]
pub async fn conditional_step(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    if order.express {
        charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    }
    notify(&order.order_id).await?;
    ping().await?;
    Ok(())
}

/// One step or another is undone.
#[workflow]
pub async fn either_step(order: Order) -> Result<(), Failed> {
    if order.express {
        let receipt =
            charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
        notify(&receipt.receipt_id).await?;
    } else {
        reserve(&order.order_id, 4).compensate(|reservation| release(reservation)).await?;
    }
    ping().await?;
    Ok(())
}

/// A caught failure undoes nothing, what fails afterwards does.
#[workflow]
pub async fn caught_step(order: Order) -> Result<String, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let id = match charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await {
        Ok(receipt) => receipt.receipt_id,
        Err(Failure::Task(Trouble::Refused { reason, .. })) => return Err(fail("Refused", reason)),
        Err(Failure::Task(Trouble::Gone)) => "unpaid".to_string(),
        Err(other) => return Err(other.into()),
    };
    notify(&id).await?;
    Ok(id)
}

/// A fan-out after a step that can be undone.
#[workflow]
pub async fn fan_out(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    join!(notify(&order.order_id), ping()).await?;
    Ok(())
}

/// A compensation with its own options.
#[workflow]
pub async fn careful_compensation(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 7)
        .compensate(|receipt| {
            refund(&receipt.receipt_id).retry(RetryPolicy::new().attempts(5)).named("Give it back")
        })
        .await?;
    notify(&order.order_id).await?;
    Ok(())
}
