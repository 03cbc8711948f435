//! Workflows that do several things at once: `join!` and `map`.
//!
//! Separate because the order of their calls is free.

use sfn::prelude::*;

use super::tasks::*;

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
