//! Workflows that go through items in child executions: `map_distributed`, its sources and its outcomes.
//!
//! Separate because their objects live in a store, which both runs of the differential test are given.

use sfn::prelude::*;
use sfn::{ItemFailure, MapRun};

use super::matching::{Event, Events, Inside};
use super::tasks::*;
use crate::script::Trouble;

/// A row of a file, which holds nothing but texts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Row {
    pub sku: String,
    pub quantity: String,
}

/// A column of an S3 Inventory is named as S3 names it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Payload)]
pub struct Listed {
    #[serde(rename = "Key")]
    pub key: String,
}

/// Nothing is captured: an item is all that a child gets.
#[workflow]
pub async fn distributed_items(order: Order) -> Result<Vec<String>, Failed> {
    let told = map_distributed(&order.lines, async |line| {
        let reserved = reserve(&line.sku, line.quantity).await?;
        Ok(notify(&reserved.id).await?)
    })
    .max_concurrency(10)
    .await?;
    Ok(told)
}

/// A child is handed what it reads of the variables around it, and no more.
#[workflow]
pub async fn distributed_captures(order: Order) -> Result<Vec<String>, Failed> {
    let unit = order.order_id.clone();
    let count = order.lines.iter().map(|line| line.quantity).sum::<u32>();
    ping().await?;
    let told = map_distributed(&order.lines, async |line| {
        if line.quantity > 6 {
            return Ok(format!("{} is much for {}", line.sku, order.customer.name));
        }
        let weight = weigh(&line, &unit).await?;
        if let (Some(weight), Some(coupon)) = (weight, &order.coupon) {
            return Ok(notify(format!("{weight} of {count} {coupon}")).await?);
        }
        match &order.note {
            Some(note) => Ok(note.clone()),
            None => Ok(order.address.street_line.clone()),
        }
    })
    .label("captures")
    .express()
    .await?;
    Ok(told)
}

/// The first failure is one too many.
#[workflow]
pub async fn distributed_first(order: Order) -> Result<(), Failed> {
    map_distributed(order.tags, async |tag| {
        notify(&tag).await?;
        Ok(())
    })
    .named("TellEverybody")
    .await?;
    ping().await?;
    Ok(())
}

/// Batches, with what every child is handed.
#[workflow]
pub async fn distributed_batches(order: Order) -> Result<Vec<u32>, Failed> {
    let sums = map_distributed(order.lines.clone().batch(2), async |lines| {
        let mut sum: u32 = 0;
        for line in lines.iter() {
            let weight = weigh(line, &order.order_id).await?;
            sum += weight.unwrap_or(1);
        }
        Ok(sum)
    })
    .await?;
    Ok(sums)
}

/// Failures are tolerated, and come back with their items.
#[workflow]
pub async fn distributed_tolerant(order: Order) -> Result<(Vec<String>, Vec<String>), Failed> {
    let (told, failed) = map_distributed(&order.lines, async |line| {
        let reserved = reserve(&line.sku, line.quantity).await?;
        Ok(reserved.id)
    })
    .tolerate_percentage(100.0)
    .await?;
    let failed = failed
        .iter()
        .map(|(line, failure)| format!("{}: {} {}", line.sku, failure.error, failure.cause))
        .collect::<Vec<_>>();
    Ok((told, failed))
}

/// Of batches as well; one failed batch of two items is too much here.
#[workflow]
pub async fn distributed_tolerant_batches(order: Order) -> Result<Vec<(Vec<Line>, ItemFailure)>, Failed> {
    let prefix = order.order_id.clone();
    let (told, failed) = map_distributed(order.lines.batch(2), async |lines| {
        for line in lines {
            notify(format!("{prefix} {}", line.sku)).await?;
        }
        Ok(())
    })
    .tolerate(1)
    .await?;
    if told.is_empty() {
        ping().await?;
    }
    Ok(failed)
}

/// Objects of JSON, with a pointer; there may be none.
#[workflow]
pub async fn distributed_json(order: Order) -> Result<Vec<u32>, Failed> {
    let key = if order.express { "none.json" } else { "shop.json" };
    let lines =
        map_distributed(s3::json::<Line>("shop", key).items_at("/lines").max_items(2), async |line| {
            let weight = weigh(&line, &order.order_id).await?;
            Ok(weight.unwrap_or_default())
        })
        .await?;
    Ok(lines)
}

/// JSON Lines, in batches.
#[workflow]
pub async fn distributed_jsonl(order: Order) -> Result<Vec<Vec<String>>, Failed> {
    ping().await?;
    let bucket = "shop".to_string();
    let told = map_distributed(s3::jsonl::<Line>(&bucket, "lines.jsonl").batch(3), async |lines| {
        Ok(lines.iter().map(|line| format!("{} {}", order.order_id, line.sku)).collect::<Vec<_>>())
    })
    .max_concurrency(2)
    .await?;
    Ok(told)
}

/// Rows with names, and rows that are given them.
#[workflow]
pub async fn distributed_csv(order: Order) -> Result<(Vec<Row>, Vec<String>), Failed> {
    let rows = map_distributed(s3::csv::<Row>("shop", "lines.csv"), async |row| Ok(row)).await?;
    let skus = map_distributed(
        s3::csv::<Row>("shop", "bare.csv").delimiter(s3::Delimiter::Semicolon).headers(["sku", "quantity"]),
        async |row| Ok(format!("{} {}", order.order_id, row.sku)),
    )
    .await?;
    Ok((rows, skus))
}

/// The objects of a bucket, by their list and by an inventory.
#[workflow]
pub async fn distributed_objects(order: Order) -> Result<(Vec<String>, Vec<String>), Failed> {
    let (listed, inventoried) = join!(
        map_distributed(s3::list_objects("shop", "lines"), async |object| {
            if object.size == 0 {
                return Err(fail("Empty", object.key));
            }
            Ok(format!("{} {}", object.key, order.order_id))
        }),
        map_distributed(s3::manifest::<Listed>("shop", "manifest.json"), async |object| Ok(object.key)),
    )
    .await?;
    Ok((listed, inventoried))
}

/// The results are written, failures and all.
#[workflow]
pub async fn distributed_written(order: Order) -> Result<String, Failed> {
    let run: MapRun = map_distributed(&order.lines, async |line| {
        let told = notify(&line.sku).await?;
        Ok(told)
    })
    .tolerate(2)
    .results_to("results", format!("orders/{}", order.lines.len()))
    .await?;
    Ok(run.result_writer_details.bucket)
}

/// Joins and maps inside a child, and a distributed map in another.
#[workflow]
pub async fn distributed_nested(order: Order) -> Result<Vec<Vec<String>>, Failed> {
    let prefix = order.order_id.clone();
    let told = map_distributed(&order.lines, async |line| {
        let (weight, tags) =
            join!(weigh(&line, &prefix), map(&order.tags, async |tag| Ok(format!("{tag} {}", line.sku))),)
                .await?;
        let told =
            map_distributed(&tags, async |tag| Ok(format!("{prefix} {tag} {}", weight.unwrap_or_default())))
                .await?;
        Ok(told)
    })
    .await?;
    Ok(told)
}

/// What the map did not do is undone by the steps before it.
#[workflow]
pub async fn distributed_compensated(order: Order) -> Result<u32, Failed> {
    let receipt = charge(&order.order_id, 5).compensate(|receipt| refund(&receipt.receipt_id)).await?;
    let weights = map_distributed(&order.lines, async |line| match weigh(&line, &receipt.receipt_id).await {
        Ok(weight) => Ok(weight.unwrap_or_default()),
        Err(Failure::Task(Trouble::Gone)) => Ok(0),
        Err(other) => Err(other.into()),
    })
    .await?;
    Ok(weights.iter().sum())
}

/// On the service only: this machine reads no Parquet.
#[workflow]
pub async fn distributed_parquet(order: Order) -> Result<Vec<u32>, Failed> {
    let weights = map_distributed(s3::parquet::<Line>(&order.order_id, "lines.parquet"), async |line| {
        let weight = weigh(&line, "kg").await?;
        Ok(weight.unwrap_or_default())
    })
    .await?;
    Ok(weights)
}

/// Parts that only some variants have are handed over where they are there.
#[workflow]
pub async fn distributed_variants(events: Events) -> Result<Vec<String>, Failed> {
    let words = vec!["one".to_string(), "two".to_string()];
    let told = map_distributed(&words, async |word| {
        let said = match &events.event {
            Event::Opened => word.clone(),
            Event::Paid(receipt) => format!("{word} {} {}", receipt.receipt_id, receipt.amount),
            Event::Moved(by, to) => {
                let twice = double(*by).await?;
                format!("{word} {twice} {to}")
            }
            Event::Closed { reason: Some(reason), code } if *code > 2 => format!("{reason} {code}"),
            Event::Closed { .. } => notify(&word).await?,
        };
        match &events.inside {
            Inside::Named { name, .. } => Ok(format!("{said} {name}")),
            Inside::Receipt(receipt) => Ok(format!("{said} {}", receipt.amount)),
            Inside::Empty => Ok(said),
        }
    })
    .await?;
    Ok(told)
}

/// Child executions turn after turn, with what each turn and all of them have; their failure is matched on.
#[workflow]
pub async fn distributed_again(order: Order) -> Result<u32, Failed> {
    let label = notify(&order.order_id).await?;
    let mut failed: u32 = 0;
    for line in order.lines {
        ping().await?;
        match map_distributed(&order.tags, async |tag| {
            let told = notify(format!("{} {} {tag}", label, line.sku)).await?;
            Ok(told)
        })
        .await
        {
            Ok(told) => {
                notify(told.len().to_string()).await?;
            }
            Err(_) => failed += 1,
        }
    }
    Ok(failed)
}
