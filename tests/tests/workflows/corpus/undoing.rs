//! Workflows that undo what stands deep inside: loops in branches in arms, fragments in maps, steps that may have happened.
//!
//! Separate from `sagas`, which has each kind of place by itself.

use sfn::prelude::*;

use super::iterators::Basket;
use super::matching::{Event, Events};
use super::tasks::*;
use crate::script::Trouble;

/// A loop inside a branch inside an arm.
#[workflow]
pub async fn undone_loop_in_join_in_arm(events: Events) -> Result<u32, Failed> {
    let total = match events.event {
        Event::Moved(by, to) => {
            let (sum, _) = join!(
                async {
                    let mut sum: u32 = 0;
                    for n in 0..3 {
                        let reserved = reserve(format!("{to}{n}"), n)
                            .compensate(|reservation| release(reservation))
                            .await?;
                        sum += reserved.quantity;
                    }
                    double(by).await?;
                    Ok(sum)
                },
                notify(&to).compensate(|told| notify(told)),
            )
            .await?;
            sum
        }
        Event::Closed { code, .. } => {
            charge("code", code).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            code
        }
        _ => 0,
    };
    ping().await?;
    Ok(total)
}

/// A join inside each turn of a loop that is left in the middle.
#[workflow]
pub async fn undone_join_in_loop(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        if line.quantity == 7 {
            break;
        }
        join!(
            reserve(&line.sku, line.quantity).compensate(|reservation| release(reservation)),
            charge(&line.sku, 1).compensate(|receipt| refund(&receipt.receipt_id)),
        )
        .await?;
        if line.quantity == 0 {
            continue;
        }
        notify(&line.sku).await?;
    }
    ping().await?;
    Ok(())
}

/// A loop inside each item of a map, in one of two ways.
#[workflow]
pub async fn undone_loop_in_map(order: Order) -> Result<Vec<u32>, Failed> {
    let counts = map(&order.lines, async |line| {
        let mut count: u32 = 0;
        while count < line.quantity && count < 2 {
            count += 1;
            if order.express {
                charge(&line.sku, count).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            } else {
                reserve(&line.sku, count).compensate(|reservation| release(reservation)).await?;
            }
        }
        notify(&line.sku).await?;
        Ok(count)
    })
    .max_concurrency(2)
    .await?;
    ping().await?;
    Ok(counts)
}

/// Steps of a conditional loop among unconditional ones of the same kind.
#[workflow]
pub async fn undone_same_kind(order: Order) -> Result<(), Failed> {
    reserve("first", 1).compensate(|reservation| release(reservation)).await?;
    if order.total_cents > 400 {
        let mut turn: u32 = 0;
        loop {
            reserve("turn", turn).compensate(|reservation| release(reservation)).await?;
            turn += 1;
            if turn == 2 {
                break;
            }
        }
    }
    reserve("last", 1).compensate(|reservation| release(reservation)).await?;
    ping().await?;
    Ok(())
}

/// A failure is handled by steps that are undone themselves when that fails.
#[workflow]
pub async fn undone_handler(order: Order) -> Result<String, Failed> {
    let id = match charge(&order.customer.name, 7).compensate(|receipt| refund(&receipt.receipt_id)).await {
        Ok(receipt) => receipt.receipt_id,
        Err(Failure::Task(Trouble::Gone | Trouble::Missing(_))) => {
            let reserved = reserve("instead", 1).compensate(|reservation| release(reservation)).await?;
            match notify(&reserved.id).compensate(|told| notify(told)).await {
                Ok(told) => told,
                Err(Failure::Timeout) => return Err(fail("Late", reserved.id)),
                Err(_) => "quiet".to_string(),
            }
        }
        Err(other) => return Err(other.into()),
    };
    ping().await?;
    Ok(id)
}

/// What is given to the undoing task is calculated of what the step gave and of what was known.
#[workflow]
pub async fn undone_with_calculated(order: Order) -> Result<(), Failed> {
    let prefix = order.order_id.to_uppercase();
    for (at, line) in order.lines.iter().enumerate() {
        reserve(&line.sku, line.quantity)
            .compensate(|reservation| {
                release(Reservation {
                    id: format!("{prefix} {at} {}", reservation.id),
                    quantity: reservation.quantity + line.quantity,
                })
            })
            .await?;
    }
    ping().await?;
    Ok(())
}

/// A step that may have happened, inside of a map.
#[workflow]
pub async fn unknown_in_map(order: Order) -> Result<(), Failed> {
    map(&order.lines, async |line| {
        charge(&line.sku, 1)
            .compensate(|receipt| refund(&receipt.receipt_id))
            .compensate_unknown(|| refund(&line.sku))
            .await?;
        notify(&line.sku).await?;
        Ok(())
    })
    .await?;
    ping().await?;
    Ok(())
}

/// A step that may have happened, in a branch beside others.
#[workflow]
pub async fn unknown_in_join(order: Order) -> Result<(), Failed> {
    join!(
        async {
            match charge(&order.order_id, 1)
                .compensate(|receipt| refund(&receipt.receipt_id))
                .compensate_unknown(|| refund("whatever"))
                .await
            {
                Ok(_) => {
                    ping().await?;
                }
                Err(Failure::Task(_)) => return Err(fail("Unpaid", &order.order_id)),
                Err(_) => {}
            }
            Ok(())
        },
        reserve(&order.order_id, 2).compensate(|reservation| release(reservation)),
    )
    .await?;
    notify(&order.order_id).await?;
    Ok(())
}

/// The point of no return in an arm, in front of steps that are undone again.
#[workflow(allow(unreachable_compensation))]
pub async fn committed_in_arm(events: Events) -> Result<(), Failed> {
    reserve("it", 1).compensate(|reservation| release(reservation)).await?;
    match events.event {
        Event::Opened => saga::commit(),
        Event::Paid(receipt) => {
            charge(&receipt.receipt_id, 2).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            saga::commit();
            notify("paid").compensate(|told| notify(told)).await?;
        }
        Event::Moved(by, _) if by < 0 => return Err(fail("Back", "moved back")),
        _ => {
            notify("other").await?;
        }
    }
    double(3).compensate(|doubled| double(doubled)).await?;
    ping().await?;
    Ok(())
}

/// All that branches and turns did is undone at once.
#[workflow(compensate = parallel)]
pub async fn undone_map_at_once(order: Order) -> Result<(), Failed> {
    charge("first", 1).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    map(&order.lines, async |line| {
        reserve(&line.sku, 1).compensate(|reservation| release(reservation)).await?;
        if line.quantity > 5 {
            charge(&line.sku, 5).compensate(|receipt| refund(&receipt.receipt_id)).await?;
        }
        Ok(())
    })
    .await?;
    ping().await?;
    Ok(())
}

/// A loop by patterns, whose turns are undone with what they bound.
#[workflow]
pub async fn undone_while_let(basket: Basket) -> Result<u32, Failed> {
    let mut left: Option<u32> = basket.limit;
    let mut sum: u32 = 0;
    while let Some(n) = left
        && sum < 20
    {
        let receipt = charge("turn", n).compensate(|_| notify(format!("undo {n} of {sum}"))).await?;
        sum += receipt.amount;
        left = n.checked_sub(2);
    }
    ping().await?;
    Ok(sum)
}

/// A failure by hand behind a missing value, in a turn, in a branch.
#[workflow]
pub async fn undone_ok_or(basket: Basket) -> Result<Vec<u32>, Failed> {
    reserve("all", 9).compensate(|reservation| release(reservation)).await?;
    let mut found: Vec<u32> = vec![];
    for note in &basket.notes {
        let text = note.clone().ok_or_else(|| fail("NoNote", format!("after {}", found.len() as u32)))?;
        if !text.is_empty() {
            let receipt = charge(&text, 1).compensate(|receipt| refund(&receipt.receipt_id)).await?;
            found.push(receipt.amount);
        }
    }
    Ok(found)
}

/// Loops in loops that are left from inside, each with something to undo that reads what they knew.
#[workflow]
pub async fn undone_labels(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 0;
    'lines: for line in order.lines.clone() {
        reserve(&line.sku, total).compensate(|_| notify(format!("line {} at {total}", line.sku))).await?;
        for n in 0..3 {
            total += 1;
            if n == line.quantity {
                continue 'lines;
            }
            let receipt = charge(&line.sku, n)
                .compensate(|receipt| refund(format!("{} {n} of {total}", receipt.receipt_id)))
                .await?;
            if receipt.amount + total > 7 {
                break 'lines;
            }
        }
        ping().await?;
    }
    notify(&order.order_id).await?;
    Ok(total)
}

/// Items of items, any of which ends its iteration early, by a failure or without one.
#[workflow]
pub async fn undone_items_of_items(order: Order) -> Result<Vec<u32>, Failed> {
    charge(&order.customer.name, 1).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    let sums = map(&order.lines, async |line| {
        let reservation =
            reserve(&line.sku, line.quantity).compensate(|reservation| release(reservation)).await?;
        if reservation.quantity == 0 {
            return Ok(0);
        }
        let told = map(&order.tags, async |tag| {
            let told = notify(format!("{tag} {}", line.sku)).compensate(|told| notify(told)).await?;
            if tag.is_empty() {
                return Err(fail("NoTag", &line.sku));
            }
            Ok(told)
        })
        .await?;
        let _ = double(2).compensate(|doubled| double(doubled)).await;
        Ok(told.len() as u32 + reservation.quantity)
    })
    .await?;
    ping().await?;
    Ok(sums)
}

/// A turn passes the point of no return behind branches that did something, in front of others.
#[workflow(allow(unreachable_compensation))]
pub async fn committed_between_joins(order: Order) -> Result<(), Failed> {
    charge("first", 1).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    for line in order.lines {
        reserve(&line.sku, 1).compensate(|reservation| release(reservation)).await?;
        join!(
            async {
                notify(&line.sku).compensate(|told| notify(told)).await?;
                reserve("inside", line.quantity).compensate(|reservation| release(reservation)).await?;
                Ok(())
            },
            charge(&line.sku, 2).compensate(|receipt| refund(&receipt.receipt_id)),
        )
        .await?;
        if line.quantity > 5 {
            saga::commit();
        }
        join!(notify("behind").compensate(|told| notify(told)), ping()).await?;
    }
    ping().await?;
    Ok(())
}

/// Reserves, and cannot go back when there is enough.
#[workflow(inline)]
async fn kept_when_large(line: &Line) -> Result<u32, Failed> {
    let reservation =
        reserve(&line.sku, line.quantity).compensate(|reservation| release(reservation)).await?;
    if reservation.quantity > 4 {
        saga::commit();
    }
    notify(&line.sku).compensate(|told| notify(told)).await?;
    Ok(reservation.quantity)
}

/// Points of no return inside of what is inlined, in sequence and in a loop.
#[workflow(allow(unreachable_compensation))]
pub async fn committed_in_fragment(order: Order) -> Result<u32, Failed> {
    charge("first", 1).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    let mut sum = kept_when_large(&Line { sku: order.order_id.clone(), quantity: order.total_cents }).await?;
    for line in order.lines {
        sum += kept_when_large(&line).await?;
    }
    ping().await?;
    Ok(sum)
}

/// All at once, what changes and what a turn knew included, in loops, branches and arms, and what may have happened.
#[workflow(compensate = parallel)]
pub async fn undone_everything_at_once(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 1;
    for line in order.lines.clone() {
        total += line.quantity;
        reserve(&line.sku, total).compensate(|_| notify(format!("{} of {total}", line.sku))).await?;
        match charge(&line.sku, total)
            .compensate(|receipt| refund(&receipt.receipt_id))
            .compensate_unknown(|| refund(format!("{} perhaps", line.sku)))
            .await
        {
            Ok(receipt) => {
                if receipt.amount > 9 {
                    break;
                }
                total += receipt.amount;
            }
            Err(Failure::Task(Trouble::Gone)) => continue,
            Err(Failure::Timeout) => total += 1,
            Err(other) => return Err(other.into()),
        }
    }
    join!(reserve(&order.order_id, total).compensate(|reservation| release(reservation)), async {
        double(3).compensate(|doubled| double(doubled + 1)).await?;
        Ok(())
    },)
    .await?;
    ping().await?;
    Ok(total)
}

/// A step in the condition of a loop, and one in the operand of another.
#[workflow(allow(unreachable_compensation))]
pub async fn undone_in_conditions(order: Order) -> Result<i32, Failed> {
    let mut n: i32 = 1;
    while double(n).compensate(|doubled| double(doubled)).await? < 9 {
        n += 1;
        if order.express && n == 3 {
            return Ok(double(100).compensate(|_| double(n)).await?);
        }
    }
    let told = notify(reserve("it", 3).compensate(|reservation| release(reservation)).await?.id)
        .compensate(|told| notify(told))
        .await?;
    if told.is_empty() || order.express {
        return Err(fail("Express", told));
    }
    ping().await?;
    Ok(n)
}
