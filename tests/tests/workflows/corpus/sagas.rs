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

/// What each turn did is undone, the last first.
#[workflow]
pub async fn loop_items(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        reserve(&line.sku, line.quantity).compensate(|reservation| release(reservation)).await?;
        notify(&line.sku).await?;
    }
    ping().await?;
    Ok(())
}

/// Several ways to undo in one loop, among other steps that can be undone.
#[workflow]
pub async fn loop_kinds(order: Order) -> Result<u32, Failed> {
    charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    let mut total: u32 = 0;
    for line in order.lines {
        if line.quantity > 8 {
            return Err(fail("TooMany", line.sku));
        }
        let id =
            match charge(&line.sku, line.quantity).compensate(|receipt| refund(&receipt.receipt_id)).await {
                Ok(receipt) => {
                    notify(&receipt.receipt_id).await?;
                    receipt.receipt_id
                }
                Err(Failure::Task(Trouble::Gone)) => continue,
                Err(Failure::Task(Trouble::Missing(_))) => break,
                Err(other) => return Err(other.into()),
            };
        total += line.quantity;
        if total > 5 {
            let answered = reserve(&id, total).compensate(|reservation| release(reservation)).await?;
            notify(&answered.id).await?;
        } else {
            ping().compensate(|_| ping()).await?;
        }
    }
    reserve(&order.order_id, total).compensate(|reservation| release(reservation)).await?;
    ping().await?;
    Ok(total)
}

/// A loop in a loop, in one branch of several.
#[workflow]
pub async fn loop_in_branch(order: Order) -> Result<(), Failed> {
    if order.express {
        let mut turn: i32 = 0;
        while turn < 2 {
            for line in order.lines.clone() {
                reserve(&line.sku, line.quantity).compensate(|_| notify(&line.sku)).await?;
            }
            turn += 1;
            double(turn).compensate(|doubled| double(doubled)).await?;
        }
    } else {
        reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    }
    ping().await?;
    Ok(())
}

/// A compensation is given what its variables hold when its step succeeds.
#[workflow]
pub async fn captured_value(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 1;
    let receipt = charge(&order.customer.name, total).compensate(|_| reserve(&order.order_id, total)).await?;
    total += receipt.amount;
    notify(&order.order_id).await?;
    total += 1;
    ping().await?;
    Ok(total)
}

/// A person undoes it, through a task token.
#[workflow]
pub async fn undone_by_hand(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        reserve(&line.sku, 1)
            .compensate(|reservation| ask(format!("Please release {}", reservation.id)))
            .await?;
    }
    ping().await?;
    Ok(())
}

/// What was done is undone all at once.
#[workflow(compensate = parallel)]
pub async fn at_once(order: Order) -> Result<(), Failed> {
    ping().await?;
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    if order.express {
        charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    }
    for line in order.lines {
        reserve(&line.sku, 2).compensate(|reservation| release(reservation)).await?;
    }
    notify(&order.order_id).await?;
    Ok(())
}

/// The same with one way to undo.
#[workflow(compensate = parallel)]
pub async fn only_kind_at_once(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    reserve(&order.customer.name, 1).compensate(|reservation| release(reservation)).await?;
    notify(&order.order_id).await?;
    Ok(())
}

/// What branches did is undone, the last one's steps first, also when another of them fails.
#[workflow]
pub async fn branches(order: Order) -> Result<String, Failed> {
    charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    let (reserved, told, _) = join!(
        reserve(&order.order_id, 1).compensate(|reservation| release(reservation)),
        async {
            let receipt =
                charge(&order.order_id, 3).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            if receipt.amount > order.total_cents {
                return Err(fail("TooMuch", receipt.receipt_id));
            }
            notify(&receipt.receipt_id).await?;
            reserve(&receipt.receipt_id, 2).compensate(|reservation| release(reservation)).await?;
            Ok(receipt.receipt_id)
        },
        ping(),
    )
    .await?;
    notify(&told).await?;
    Ok(reserved.id)
}

/// What iterations did is undone, the last one's steps first, also when another of them fails.
#[workflow]
pub async fn iterations(order: Order) -> Result<Vec<Vec<u32>>, Failed> {
    let reserved = map(&order.lines, async |line| {
        let reservation =
            reserve(&line.sku, line.quantity).compensate(|reservation| release(reservation)).await?;
        notify(&line.sku).await?;
        if reservation.quantity > 8 {
            return Err(fail("TooMany", line.sku));
        }
        Ok(vec![reservation.quantity])
    })
    .max_concurrency(2)
    .await?;
    ping().await?;
    Ok(reserved)
}

/// Branches in iterations in a loop, with steps of every kind around them.
#[workflow]
pub async fn nested_scopes(order: Order) -> Result<(), Failed> {
    let mut turn: u32 = 0;
    while turn < 2 {
        reserve(&order.order_id, turn).compensate(|reservation| release(reservation)).await?;
        map(order.lines.clone(), async |line| {
            if line.quantity > 4 {
                charge(&line.sku, turn).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            }
            join!(
                reserve(&line.sku, turn).compensate(|reservation| release(reservation)),
                notify(&line.sku),
            )
            .await?;
            Ok(line.quantity)
        })
        .await?;
        turn += 1;
    }
    ping().await?;
    Ok(())
}

/// A step that may have happened is undone as well.
#[workflow]
pub async fn maybe_done(order: Order) -> Result<String, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let receipt = charge(&order.customer.name, 7)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .compensate_unknown(|| refund(format!("whatever {} paid", order.customer.name)))
        .await?;
    ping().await?;
    Ok(receipt.receipt_id)
}

/// The first step of all may have happened.
#[workflow]
pub async fn maybe_done_first(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate_unknown(|| notify(&order.order_id)).await?;
    ping().await?;
    Ok(())
}

/// What may have happened is known to arms by what they take, and undone later.
#[workflow]
pub async fn maybe_done_arms(order: Order) -> Result<String, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let id = match charge(&order.customer.name, 7)
        .compensate(|receipt| refund(&receipt.receipt_id))
        .compensate_unknown(|| refund(&order.order_id))
        .await
    {
        Ok(receipt) => receipt.receipt_id,
        Err(Failure::Task(Trouble::Gone)) => "gone".to_string(),
        Err(Failure::Timeout | Failure::Task(Trouble::Missing(_))) => "late".to_string(),
        Err(Failure::Task(Trouble::Refused { reason, .. })) => return Err(fail("Refused", reason)),
        Err(_) => "unpaid".to_string(),
    };
    notify(&id).await?;
    ping().await?;
    Ok(id)
}

/// The same in a loop.
#[workflow]
pub async fn maybe_done_again(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        let _ = charge(&line.sku, 7)
            .compensate(|receipt| refund(&receipt.receipt_id))
            .compensate_unknown(|| refund(&line.sku))
            .await;
        reserve(&line.sku, 2).compensate_unknown(|| notify(&line.sku)).await?;
    }
    ping().await?;
    Ok(())
}

/// Behind the point of no return nothing is undone that was done in front of it.
#[workflow]
pub async fn committed(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    notify(&order.order_id).await?;
    saga::commit();
    charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    ping().await?;
    Ok(())
}

/// One way passes the point of no return, another does not.
#[workflow(allow(unreachable_compensation))]
pub async fn committed_in_branch(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    if order.express {
        charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
        saga::commit();
        reserve(&order.customer.name, 2).compensate(|reservation| release(reservation)).await?;
    }
    notify(&order.order_id).await?;
    ping().await?;
    Ok(())
}

/// A turn passes the point of no return.
#[workflow]
pub async fn committed_in_loop(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    for line in order.lines {
        reserve(&line.sku, 2).compensate(|reservation| release(reservation)).await?;
        if line.quantity > 4 {
            saga::commit();
        }
        notify(&line.sku).await?;
    }
    ping().await?;
    Ok(())
}
