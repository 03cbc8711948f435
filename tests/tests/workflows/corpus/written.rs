//! Workflows in which something is written by hand: JSONata, and whole States.
//!
//! Separate from integrations: here the author's text meets the workflow's values.

use std::collections::BTreeMap;

use sfn::prelude::*;
use sfn::{events, sqs};

use super::integrations::Question;
use super::iterators::Basket;
use super::tasks::*;

const MEASURE: &str = r#"{
  "Type": "Task",
  "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
  "Arguments": { "Bucket": "reports", "Key": "all" },
  "Output": "{% $label & ': ' & $states.result.ContentLength %}"
}"#;

/// A value that only the `Output` of a State mentions.
#[workflow]
pub async fn output_alone(order: Order) -> Result<String, Failed> {
    let receipt = charge(&order.customer.name, 7).await?;
    let label = format!("{} of {}", receipt.receipt_id, order.order_id);
    notify(&order.order_id).await?;
    let measured = raw_state::<String>(MEASURE).input("label", &label).named("Measure").await?;
    ping().await?;
    Ok(measured)
}

/// The same in child executions, which see no variable of the workflow.
#[workflow]
pub async fn output_in_child(order: Order) -> Result<Vec<String>, Failed> {
    let label = notify(&order.order_id).await?;
    let measured = map_distributed(&order.lines, async |line| {
        notify(&line.sku).await?;
        let measured =
            raw_state::<String>(MEASURE).input("label", format!("{} {}", label, line.quantity)).await?;
        Ok(measured)
    })
    .await?;
    Ok(measured)
}

/// The same in a loop, where a later turn reads it again.
#[workflow]
pub async fn output_in_loop(order: Order) -> Result<String, Failed> {
    let label = notify(&order.order_id).await?;
    let mut last: String = "none".to_string();
    for line in order.lines {
        notify(&line.sku).await?;
        last = raw_state::<String>(MEASURE).input("label", &label).await?;
    }
    Ok(last)
}

const UNDO: &str = r#"{
  "Type": "Task",
  "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
  "Arguments": {
    "Bucket": "reports",
    "Key": "{% $reservation.id & $string($states.context.State.RetryCount) %}",
    "Range": "{% $string($reservation.quantity) & $sku %}"
  },
  "TimeoutSeconds": 90
}"#;

/// What a loop did is undone by a State written by hand.
#[workflow]
pub async fn undone_by_hand_written_state(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        reserve(&line.sku, line.quantity)
            .compensate(|reservation| {
                raw_state::<serde_json::Value>(UNDO).input("reservation", reservation).input("sku", &line.sku)
            })
            .await?;
    }
    ping().await?;
    Ok(())
}

/// What a loop did is undone by services: constants, options and tokens stay in their States.
#[workflow]
pub async fn undone_by_services(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        reserve(&line.sku, 1)
            .compensate(|reservation| sqs::send("${ReleasedQueueUrl}", &reservation.id))
            .await?;
        if line.quantity > 4 {
            reserve(&line.sku, 2)
                .compensate(|reservation| sqs::send("${LaterQueueUrl}", &reservation.id).delay_seconds(5))
                .await?;
        }
        reserve(&line.sku, 3)
            .compensate(|reservation| {
                sqs::send_and_wait::<Answer>(
                    "${QuestionsQueueUrl}",
                    &Question { text: reservation.id.clone(), token: task_token() },
                )
                .timeout(mins(10))
            })
            .await?;
        reserve(&line.sku, 4)
            .compensate(|reservation| {
                events::put("${ShopBusName}", "shop.stock", "Released", reservation).and(
                    "shop.stock",
                    "Counted",
                    &line,
                )
            })
            .await?;
    }
    ping().await?;
    Ok(())
}

/// A service is sent what there was when the step succeeded.
#[workflow]
pub async fn undone_with_what_changes(order: Order) -> Result<u32, Failed> {
    let mut seen: u32 = 1;
    let reservation = reserve(&order.order_id, seen)
        .compensate(|reservation| {
            raw_state::<serde_json::Value>(
                r#"{
              "Type": "Task",
              "Resource": "arn:aws:states:::aws-sdk:s3:headObject",
              "Arguments": { "Bucket": "reports", "Key": "{% $id & $seen %}" }
            }"#,
            )
            .input("id", &reservation.id)
            .input("seen", seen)
        })
        .await?;
    seen += reservation.quantity;
    notify(&order.order_id).await?;
    seen += 1;
    ping().await?;
    Ok(seen)
}

/// A place of a list, of which the text reads another.
#[workflow]
pub async fn places_in_text(basket: Basket) -> Result<(u32, u32), Failed> {
    let lists: Vec<Vec<u32>> = vec![vec![7, 8], vec![9, 10]];
    let by: BTreeMap<String, u32> = BTreeMap::from([("one".to_string(), 1)]);
    let last = lists.len() - 1;
    let inner: u32 = jsonata!("$list[1]", list = &lists[last])?;
    let first: u32 = jsonata!("$list[$by.one]", list = &lists[0], by = &by)?;
    ping().await?;
    Ok((inner, first + basket.few as u32))
}
