//! Workflows whose distributed maps stand in other constructs, with every combination of sources and options.
//!
//! Separate from `distributed`, which has each source and each option by itself.

use sfn::prelude::*;
use sfn::s3;

use super::matching::{Event, Events};
use super::tasks::*;
use crate::script::Trouble;

/// A row of a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Sold {
    pub sku: String,
    pub quantity: String,
}

/// Typed rows in batches, of which some may fail, with what is around them.
#[workflow]
pub async fn rows_in_tolerant_batches(order: Order) -> Result<(Vec<u32>, Vec<String>), Failed> {
    let prefix = order.order_id.clone();
    let (counts, failed) = map_distributed(s3::csv::<Sold>("shop", "lines.csv").batch(2), async |rows| {
        let mut count: u32 = 0;
        for row in rows {
            let reserved =
                reserve(format!("{prefix} {}", row.sku), row.quantity.parse::<u32>().unwrap_or(0)).await?;
            count += reserved.quantity;
        }
        Ok(count)
    })
    .tolerate_percentage(60.0)
    .max_concurrency(3)
    .await?;
    let failed = failed
        .iter()
        .map(|(rows, failure)| format!("{}: {}", rows.len() as u32, failure.error))
        .collect::<Vec<_>>();
    Ok((counts, failed))
}

/// Whatever comes of it is fine.
#[workflow]
pub async fn children_ignored(order: Order) -> Result<u32, Failed> {
    let _ = map_distributed(&order.lines, async |line| {
        notify(&line.sku).await?;
        Ok(line.quantity)
    })
    .express()
    .label("telling")
    .await;
    ping().await?;
    Ok(order.total_cents)
}

/// Their failure is matched on, and others are started.
#[workflow]
pub async fn children_matched(order: Order) -> Result<Vec<String>, Failed> {
    match map_distributed(&order.lines, async |line| Ok(notify(&line.sku).await?)).await {
        Ok(told) => Ok(told),
        Err(_) => {
            let ids = map_distributed(&order.lines, async |line| match reserve(&line.sku, 1).await {
                Ok(reservation) => Ok(reservation.id),
                Err(_) => Ok(order.order_id.clone()),
            })
            .named("Instead")
            .await?;
            Ok(ids)
        }
    }
}

/// Children in each turn of a loop, of a list that changes.
#[workflow]
pub async fn children_in_turns(order: Order) -> Result<Vec<u32>, Failed> {
    let mut left: Vec<Line> = order.lines;
    let mut weights: Vec<u32> = vec![];
    while !left.is_empty() {
        let turn = weights.len() as u32;
        let more = map_distributed(&left, async |line| {
            let weight = weigh(&line, format!("turn {turn}")).await?;
            Ok(weight.unwrap_or(1))
        })
        .await?;
        weights.extend(more);
        left.truncate(1);
        if left.iter().all(|line| line.quantity < 3) || weights.len() > 4 {
            break;
        }
    }
    Ok(weights)
}

/// Children in an arm, of a list made there, reading what the pattern bound.
#[workflow]
pub async fn children_in_arm(events: Events) -> Result<Vec<String>, Failed> {
    let told = match events.event {
        Event::Moved(by, to) if by > 0 => {
            let steps = vec![by, by * 2];
            map_distributed(&steps, async |step| {
                let doubled = double(step).await?;
                Ok(format!("{to} {doubled}"))
            })
            .await?
        }
        Event::Paid(receipt) => vec![receipt.receipt_id],
        _ => return Ok(vec![]),
    };
    ping().await?;
    Ok(told)
}

/// Children whose bodies end early, by patterns, and loop.
#[workflow]
pub async fn children_with_ends(order: Order) -> Result<Vec<Option<String>>, Failed> {
    let found = map_distributed(&order.lines, async |line| {
        if line.sku.is_empty() {
            return Ok(None);
        }
        let mut left: u32 = line.quantity;
        while left > 1 {
            left /= 2;
            match notify(format!("{} {left}", line.sku)).await {
                Ok(told) => {
                    if order.express {
                        return Ok(Some(told));
                    }
                }
                Err(Failure::Task(Trouble::Busy)) => continue,
                Err(Failure::Timeout) => return Err(fail("Slow", &line.sku)),
                Err(other) => return Err(other.into()),
            }
        }
        Ok(order.coupon.clone())
    })
    .await?;
    Ok(found)
}

/// Children beside a step, each with branches of its own; undone steps around them.
#[workflow]
pub async fn children_in_saga(order: Order) -> Result<u32, Failed> {
    let reservation = reserve(&order.order_id, 2).compensate(|reservation| release(reservation)).await?;
    let (weights, _) = join!(
        map_distributed(&order.lines, async |line| {
            let (weight, told) = join!(weigh(&line, &reservation.id), notify(&line.sku)).await?;
            Ok(weight.unwrap_or(told.chars().count() as u32))
        }),
        charge(&order.customer.name, 1).compensate(|receipt| refund(&receipt.receipt_id)),
    )
    .await?;
    ping().await?;
    Ok(weights.iter().sum())
}

/// Written results of tolerated failures, by what is calculated.
#[workflow]
pub async fn children_written_in_branch(order: Order) -> Result<(String, u32), Failed> {
    let prefix = format!("{}/{}", order.lines.len() as u32, order.express);
    if order.lines.is_empty() {
        return Ok((prefix, 0));
    }
    let run = map_distributed(&order.lines, async |line| Ok(notify(&line.sku).await?))
        .results_to("results", &prefix)
        .tolerate_percentage(100.0)
        .await?;
    ping().await?;
    Ok((run.result_writer_details.bucket, order.total_cents))
}
