//! Workflows of idempotent tasks: each visit of a State is a call of its own, and all calls of one key are one.
//!
//! Separate from other tasks, which are run whenever they are called.

use serde_json::json;
use sfn::prelude::*;

use super::tasks::*;
use crate::script::{Trouble, attempt};

/// Takes money, once for each visit.
#[task(timeout = "10s", idempotent)]
pub async fn collect(customer: String, amount: u32) -> Result<Receipt, Trouble> {
    attempt("collect", json!([customer, amount])).await?;
    Ok(Receipt { receipt_id: format!("c-{customer}"), amount })
}

/// Looks at a whole order, once for each visit.
#[task(timeout = "10s", idempotent, retry(attempts = 2, interval = "1s"))]
pub async fn inspect(order: Order) -> Result<u32, Trouble> {
    attempt("inspect", json!(order.order_id)).await?;
    Ok(order.total_cents)
}

/// Takes a fee, once for each customer and amount.
#[task(timeout = "10s", idempotent = (customer, amount))]
pub async fn take_fee(customer: String, amount: u32, reason: String) -> Result<Receipt, Trouble> {
    attempt("take_fee", json!([customer, amount, reason])).await?;
    Ok(Receipt { receipt_id: format!("f-{customer}"), amount })
}

/// Gives money back, once for each visit.
#[task(timeout = "10s", idempotent)]
pub async fn give_back(receipt_id: String) -> Result<(), Trouble> {
    attempt("give_back", json!(receipt_id)).await
}

/// The attempts of one visit are one call, and what failed is tried again.
#[workflow]
pub async fn visits(order: Order) -> Result<u32, Failed> {
    let total = inspect(&order).await?;
    let again = inspect(&order).await?;
    Ok(total.saturating_add(again))
}

/// Equal turns of a loop are told apart.
#[workflow]
pub async fn equal_turns(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 0;
    for _ in 0..3 {
        let receipt = collect(&order.order_id, 5).await?;
        total += receipt.amount;
    }
    Ok(total)
}

/// Equal items are told apart, in maps of maps too.
#[workflow]
pub async fn equal_items(order: Order) -> Result<Vec<Vec<u32>>, Failed> {
    let rows = map(vec![1, 1, 2], async |row: u32| {
        let receipts = map(&order.lines, async |_line| {
            let receipt = collect("anybody", 1).await?;
            Ok(receipt.amount)
        })
        .await?;
        collect("anybody", row).await?;
        Ok(receipts)
    })
    .await?;
    Ok(rows)
}

/// Equal compensations are told apart, wherever they run.
#[workflow]
pub async fn undone_once(order: Order) -> Result<Vec<u32>, Failed> {
    let amounts = map(&order.lines, async |_line| {
        let receipt = collect("anybody", 1).compensate(|receipt| give_back(&receipt.receipt_id)).await?;
        Ok(receipt.amount)
    })
    .max_concurrency(1)
    .await?;
    ping().await?;
    Ok(amounts)
}

/// What a key was given once, it is given again.
#[workflow]
pub async fn equal_keys(order: Order) -> Result<Vec<String>, Failed> {
    let first = take_fee(&order.order_id, 5, "late").await?;
    let again = take_fee(&order.order_id, 5, "late").await?;
    let other = take_fee(&order.order_id, 6, "late").await?;
    Ok(vec![first.receipt_id, again.receipt_id, other.receipt_id])
}

/// Two calls of one key with different arguments are a fault.
#[workflow]
pub async fn mistaken(order: Order) -> Result<String, Failed> {
    take_fee(&order.order_id, 5, "late").await?;
    let again = take_fee(&order.order_id, 5, "early").await?;
    Ok(again.receipt_id)
}

/// Of two calls of one key at the same time, one waits for the other.
#[workflow]
pub async fn together(order: Order) -> Result<(String, String), Failed> {
    let (left, right) =
        join!(take_fee(&order.order_id, 5, "late"), take_fee(&order.order_id, 5, "late")).await?;
    Ok((left.receipt_id, right.receipt_id))
}
