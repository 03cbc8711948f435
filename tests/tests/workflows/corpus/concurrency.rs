//! Workflows that do several things at once: `join!` and `map`.
//!
//! Separate because the order of their calls is free.

use sfn::prelude::*;

use super::tasks::*;
use crate::script::Trouble;

/// Results of branches, by pattern.
#[workflow]
pub async fn join_results(order: Order) -> Result<(String, i32), Failed> {
    let (told, doubled) = join!(notify(&order.order_id), double(21)).await?;
    ping().await?;
    Ok((told, doubled))
}

/// Results nobody reads.
#[workflow]
pub async fn join_unused(order: Order) -> Result<(), Failed> {
    join!(notify(&order.order_id), ping(), inspect(&order)).await?;
    Ok(())
}

/// The branches come first, so that the input is still the execution's.
#[workflow]
pub async fn join_first(order: Order) -> Result<String, Failed> {
    let (status, told) = join!(inspect(&order), notify(&order.customer.email)).await?;
    if status == Status::Done {
        return Ok(told);
    }
    Ok(order.order_id)
}

/// One task per item.
#[workflow]
pub async fn map_items(order: Order) -> Result<Vec<Option<u32>>, Failed> {
    let unit = order.order_id.clone();
    let weights = map(&order.lines, async |line| Ok(weigh(line, &unit).await?)).max_concurrency(2).await?;
    Ok(weights)
}

/// Several steps per item, with a decision.
#[workflow]
pub async fn map_steps(order: Order) -> Result<Vec<String>, Failed> {
    ping().await?;
    let told = map(order.lines, async |line| {
        if line.quantity > 4 {
            return Err(fail("TooMany", line.sku));
        }
        let reserved = reserve(&line.sku, line.quantity).await?;
        let told = notify(&reserved.id).await?;
        Ok(told)
    })
    .await?;
    ping().await?;
    Ok(told)
}

/// Pure work per item.
#[workflow]
pub async fn map_nothing(order: Order) -> Result<Vec<u32>, Failed> {
    Ok(map(order.lines, async |line| Ok(line.quantity * 2)).await?)
}

/// Branches of several steps that read what is around them, beside a plain call.
#[workflow]
pub async fn join_blocks(order: Order) -> Result<(String, u32, Status), Failed> {
    let unit = format!("{} pieces", order.lines.len());
    let (told, weight, status) = join!(
        async {
            let reserved = reserve(&order.order_id, order.total_cents).await?;
            let unit = format!("{unit}!");
            notify(format!("{} {unit}", reserved.id)).await
        },
        async {
            let mut total: u32 = 0;
            for line in order.lines.iter() {
                let weight = weigh(line, &unit).await?;
                total += weight.unwrap_or_default();
            }
            Ok(total)
        },
        inspect(&order),
    )
    .await?;
    ping().await?;
    Ok((told, weight, status))
}

/// Branches that end early, one of them with a failure of its own.
#[workflow]
pub async fn join_early_ends(order: Order) -> Result<Vec<String>, Failed> {
    let (words, receipt) = join!(
        async {
            if order.express {
                return Ok(vec![order.order_id.to_uppercase()]);
            }
            let Some(coupon) = &order.coupon else {
                return Err(fail("NoCoupon", &order.order_id));
            };
            if coupon.is_empty() {
                return Ok(vec![]);
            }
            let told = notify(coupon).await?;
            Ok(vec![told])
        },
        async {
            match charge(&order.order_id, 7).await {
                Ok(receipt) => Ok(receipt.receipt_id),
                Err(Failure::Task(Trouble::Refused { reason, .. })) => Ok(reason),
                Err(other) => Err(other.into()),
            }
        },
    )
    .await?;
    Ok(words.iter().map(|word| format!("{word} {receipt}")).collect::<Vec<_>>())
}

/// Every branch decides by itself whether the others go on.
#[workflow]
pub async fn join_settled(order: Order) -> Result<(Option<String>, Option<i32>), Failed> {
    let (told, doubled) = join!(
        async {
            match notify(&order.order_id).await {
                Ok(told) => Ok(Some(told)),
                Err(_) => Ok(None),
            }
        },
        async {
            if order.total_cents > 500 {
                let doubled = double(3).await?;
                return Ok(Some(doubled));
            }
            Ok(None)
        },
    )
    .await?;
    Ok((told, doubled))
}

/// A join in a map in a join, each reading the variables around it.
#[workflow]
pub async fn join_in_map_in_join(
    order: Order,
) -> Result<(Vec<(String, Option<u32>)>, (String, i32)), Failed> {
    let prefix = order.order_id.clone();
    ping().await?;
    let (lines, both) = join!(
        map(&order.lines, async |line| {
            let (told, weight) = join!(
                async {
                    let told = notify(format!("{prefix} {}", line.sku)).await?;
                    Ok(told)
                },
                weigh(&line, &prefix),
            )
            .await?;
            Ok((told, weight))
        })
        .max_concurrency(2),
        join!(notify(&prefix), double(21)),
    )
    .await?;
    Ok((lines, both))
}

/// Items with their places, an early end, and a loop per item.
#[workflow]
pub async fn map_places(order: Order) -> Result<Vec<u32>, Failed> {
    let unit = order.order_id.clone();
    let sums = map(order.lines.iter().enumerate(), async |(at, line)| {
        if line.quantity == 0 {
            return Ok(0);
        }
        let mut sum: u32 = 0;
        for _ in 0..3 {
            let weight = weigh(&line, &unit).await?;
            sum += weight.unwrap_or(1);
        }
        Ok(sum + at as u32)
    })
    .await?;
    Ok(sums)
}

/// Maps in maps: the inner one reads the outer one's item.
#[workflow]
pub async fn map_in_map(order: Order) -> Result<Vec<Vec<String>>, Failed> {
    let told = map(&order.lines, async |line| {
        let told = map(&order.tags, async |tag| {
            let text = format!("{tag} {}", line.sku);
            Ok(notify(text).await?)
        })
        .await?;
        Ok(told)
    })
    .max_concurrency(3)
    .await?;
    Ok(told)
}

/// What every iteration gives is known, whichever way it ends.
#[workflow]
pub async fn map_typed_ends(order: Order) -> Result<Vec<String>, Failed> {
    let found = map(&order.lines, async |line| {
        if line.quantity > 6 {
            let reserved = reserve(&line.sku, 1).await?;
            return Ok(reserved);
        }
        match reserve(&line.sku, line.quantity).await {
            Ok(reserved) => return Ok(reserved),
            Err(Failure::Task(Trouble::Gone)) => {
                return Ok(Reservation { id: line.sku.clone(), quantity: 0 });
            }
            Err(other) => return Err(other.into()),
        }
    })
    .await?;
    Ok(found.iter().map(|reserved| reserved.id.to_uppercase()).collect::<Vec<_>>())
}

/// What branches came to together: their values, or the first failure.
#[workflow]
pub async fn join_matched(order: Order) -> Result<String, Failed> {
    let text = match join!(reserve(&order.order_id, 2), notify(&order.customer.name)).await {
        Ok((reservation, told)) => {
            ping().await?;
            format!("{} {told}", reservation.id)
        }
        Err(_) => {
            notify("nothing").await?;
            "nothing".to_string()
        }
    };
    knock_on(&text).await?;
    Ok(text)
}

/// A failure that nobody minds, and one that is passed on.
#[workflow]
pub async fn join_ignored(order: Order) -> Result<u32, Failed> {
    let _ = join!(notify(&order.order_id), ping()).await;
    match map(&order.lines, async |line| Ok(weigh(&line, "kg").await?)).max_concurrency(1).await {
        Ok(weights) => Ok(weights.len() as u32),
        Err(failure) => {
            notify("too heavy").await?;
            return Err(failure);
        }
    }
}

/// A value of either way, calculated where it is used.
#[workflow]
pub async fn map_matched(order: Order) -> Result<u32, Failed> {
    let counted: u32 = match map(&order.lines, async |line| {
        notify(&line.sku).await?;
        Ok(line.quantity)
    })
    .max_concurrency(1)
    .await
    {
        Ok(quantities) => quantities.iter().sum(),
        Err(_) => 0,
    };
    ping().await?;
    Ok(counted)
}

/// What is undone later was done by branches of which one failed, and by none of them.
#[workflow]
pub async fn join_matched_in_saga(order: Order) -> Result<u32, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let first: u32 =
        match join!(charge(&order.order_id, 3).compensate(|receipt| refund(&receipt.receipt_id)), async {
            notify(&order.customer.name).await?;
            let more =
                reserve(&order.customer.name, 2).compensate(|reservation| release(reservation)).await?;
            Ok(more.quantity)
        },)
        .await
        {
            Ok((receipt, more)) => receipt.amount + more,
            Err(_) => {
                charge(&order.customer.name, 5).compensate(|receipt| refund(&receipt.receipt_id)).await?;
                0
            }
        };
    ping().await?;
    let _ = map(&order.lines, async |line| {
        reserve(&line.sku, 4).compensate(|reservation| release(reservation)).await?;
        notify(&line.sku).await?;
        Ok(())
    })
    .await;
    ping().await?;
    Ok(first)
}

/// Tells somebody.
#[workflow(inline)]
async fn knock_on(text: &str) -> Result<(), Failed> {
    notify(text).await?;
    Ok(())
}

/// Branches that may do nothing, turn after turn: what came in does not come out of each of them again.
#[workflow]
pub async fn join_idle_in_turns(order: Order) -> Result<u32, Failed> {
    let mut turns: u32 = 0;
    while turns < 24 {
        join!(
            async {
                if order.express {
                    notify(&order.order_id).await?;
                }
                Ok(())
            },
            async {
                if order.total_cents > 100_000_000 {
                    ping().await?;
                }
                Ok(())
            }
        )
        .await?;
        turns += 1;
    }
    Ok(turns)
}
