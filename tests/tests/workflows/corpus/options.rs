//! Workflows that make options themselves and ask them later.
//!
//! Separate from `methods`, whose options come from payloads with a shape of their own.

use sfn::prelude::*;

use super::tasks::*;

/// Options of values, of constants and of steps, made by `if` and `match`.
#[workflow]
pub async fn made_options(numbers: Numbers) -> Result<(bool, i32, Option<i32>, i32), Failed> {
    let high = if numbers.a > 3 { Some(numbers.a) } else { None };
    let fixed = if numbers.b > 3 { Some(3) } else { None };
    ping().await?;
    let half = match numbers.c {
        0..9 => None,
        c => Some(c as i32),
    };
    let told = if numbers.b > 0 { Some(double(numbers.b).await?) } else { None };
    let mut sum: i32 = 0;
    if let Some(high) = high {
        sum += double(high).await?;
    }
    if let Some(told) = told {
        sum += told;
    }
    if let Some(fixed) = fixed {
        sum += fixed;
    }
    Ok((fixed.is_some(), high.unwrap_or(1), half, sum))
}

/// Options of loops, of labelled blocks, of arms that match on failures.
#[workflow]
pub async fn options_of_blocks(order: Order) -> Result<(u32, String, Option<u32>), Failed> {
    let found = loop {
        let status = progress(&order).await?;
        match status {
            Status::Done => break None,
            Status::InProgress => break Some(order.total_cents),
            Status::New => sleep(secs(1)).await,
        }
    };
    let told = 'told: {
        if order.express {
            break 'told None;
        }
        Some(notify(&order.order_id).await?)
    };
    let weight = match charge(&order.customer.name, 2).await {
        Ok(receipt) => Some(receipt.amount),
        Err(Failure::Task(_)) => None,
        Err(other) => return Err(other.into()),
    };
    let size = match (found, weight) {
        (Some(cents), Some(amount)) => cents + amount,
        (Some(one), None) => one,
        (None, Some(other)) => other,
        (None, None) => 0,
    };
    Ok((size, told.unwrap_or("quiet".to_string()), weight))
}

/// Options of branches and of iterations.
#[workflow]
pub async fn options_of_branches(order: Order) -> Result<(String, Vec<u32>), Failed> {
    let (told, weights) = join!(
        async { if order.express { Ok(Some(notify("express").await?)) } else { Ok(None) } },
        map(&order.lines, async |line| {
            if line.quantity == 0 {
                return Ok(None);
            }
            let weight = weigh(&line, "kg").await?;
            Ok(weight.or(Some(line.quantity)))
        }),
    )
    .await?;
    let told = if let Some(told) = told { told } else { "nothing".to_string() };
    Ok((told, weights.iter().flatten().copied().collect::<Vec<_>>()))
}

/// Options in fields, in lists and as arguments, made in place; asked without a name.
#[workflow]
pub async fn options_in_parts(order: Order) -> Result<(Order, Vec<Option<u32>>, bool, u32), Failed> {
    let large = if order.total_cents > 500 { Some(order.total_cents) } else { None };
    let list = vec![None, large, Some(3)];
    let coupon = if order.lines.is_empty() { None } else { Some(order.lines[0].sku.clone()) };
    let changed = Order { coupon, note: Some("parts".to_string()), ..order };
    inspect(&changed).await?;
    if let Some(_) = large {
        ping().await?;
    }
    let held = list.iter().filter_map(|one| *one).sum::<u32>();
    Ok((changed, list, large == None || large == Some(700), held))
}
