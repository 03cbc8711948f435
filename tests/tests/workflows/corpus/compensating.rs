//! Workflows whose steps are undone by other workflows, and executions of which nobody knows what became.
//!
//! Separate from `sagas` and `undoing`, where tasks undo what tasks did.

use sfn::prelude::*;

use super::composition::paid_apart;
use super::tasks::*;
use crate::script::Trouble;

/// Undoes a payment: a record as input, two steps, nothing of its own to undo.
#[workflow]
pub async fn refunded_apart(receipt: Receipt) -> Result<(), Failed> {
    if receipt.amount > 60_000 {
        return Err(fail("TooMuch", format!("{} is kept", receipt.receipt_id)));
    }
    refund(&receipt.receipt_id).await?;
    notify(&receipt.receipt_id).await?;
    Ok(())
}

/// Undoes something by its name: a text as input, an output that nobody reads, a saga itself.
#[workflow]
pub async fn released_apart(id: String) -> Result<String, Failed> {
    let told = notify(&id).compensate(|told| notify(format!("forget {told}"))).await?;
    release(Reservation { id, quantity: 1 }).await?;
    Ok(told)
}

/// Undoes whatever there is: no input.
#[workflow]
pub async fn cleaned_up() -> Result<(), Failed> {
    ping().await?;
    Ok(())
}

/// Two steps that workflows undo, and one that a task undoes between them.
#[workflow]
pub async fn undone_by_workflows(order: Order) -> Result<String, Failed> {
    let reservation =
        reserve(&order.order_id, 2).compensate(|reservation| released_apart(&reservation.id)).await?;
    notify(&reservation.id).compensate(|told| notify(format!("not {told}"))).await?;
    let receipt =
        charge(&order.customer.name, order.total_cents).compensate(|receipt| refunded_apart(receipt)).await?;
    ping().await?;
    Ok(receipt.receipt_id)
}

/// A workflow that undoes with options of its own.
#[workflow]
pub async fn undone_carefully(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, order.total_cents)
        .compensate(|receipt| {
            refunded_apart(receipt)
                .retry(RetryPolicy::new().attempts(2).interval(secs(1)))
                .timeout(secs(15))
                .named("Give it back")
        })
        .await?;
    reserve(&order.order_id, 1).compensate(|_| cleaned_up()).await?;
    ping().await?;
    Ok(())
}

/// What each turn did is undone by a workflow that is given what the turn knew, and by one more kind of it.
#[workflow]
pub async fn undone_turns(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = 0;
    for line in order.lines {
        total += line.quantity;
        reserve(&line.sku, total).compensate(|_| released_apart(format!("{} of {total}", line.sku))).await?;
        if line.quantity > 4 {
            charge(&line.sku, line.quantity)
                .compensate(|receipt| {
                    refunded_apart(Receipt {
                        receipt_id: receipt.receipt_id.clone(),
                        amount: receipt.amount + total,
                    })
                })
                .await?;
        }
        notify(&line.sku).compensate(|told| notify(told)).await?;
    }
    ping().await?;
    Ok(total)
}

/// A workflow undoes what the only way did that was taken.
#[workflow]
pub async fn undone_way(order: Order) -> Result<(), Failed> {
    if order.express {
        charge(&order.customer.name, order.total_cents).compensate(|receipt| refunded_apart(receipt)).await?;
    } else if order.coupon.is_some() {
        reserve(&order.order_id, 4).compensate(|reservation| released_apart(&reservation.id)).await?;
    }
    notify(&order.order_id).await?;
    ping().await?;
    Ok(())
}

/// Branches and items that workflows undo.
#[workflow]
pub async fn undone_side_by_side(order: Order) -> Result<Vec<u32>, Failed> {
    join!(charge(&order.customer.name, 7).compensate(|receipt| refunded_apart(receipt)), async {
        notify(&order.customer.email).await?;
        Ok(())
    },)
    .await?;
    let quantities = map(&order.lines, async |line| {
        let reservation = reserve(&line.sku, line.quantity)
            .compensate(|reservation| released_apart(&reservation.id).named("Release a line"))
            .await?;
        notify(&line.sku).await?;
        Ok(reservation.quantity)
    })
    .await?;
    ping().await?;
    Ok(quantities)
}

/// Workflows and a task undo all at once.
#[workflow(compensate = parallel)]
pub async fn undone_by_workflows_at_once(order: Order) -> Result<(), Failed> {
    charge("all", order.total_cents).compensate(|receipt| refunded_apart(receipt)).await?;
    for line in order.lines {
        reserve(&line.sku, 1).compensate(|reservation| released_apart(&reservation.id)).await?;
    }
    reserve(&order.order_id, 3).compensate(|reservation| release(reservation)).await?;
    notify(&order.order_id).await?;
    Ok(())
}

/// The same with one workflow that undoes.
#[workflow(compensate = parallel)]
pub async fn undone_by_one_workflow_at_once(order: Order) -> Result<(), Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| released_apart(&reservation.id)).await?;
    reserve(&order.customer.name, 1).compensate(|reservation| released_apart(&reservation.id)).await?;
    notify(&order.order_id).await?;
    Ok(())
}

/// An execution that is undone by another, and one that may have left something behind.
#[workflow]
pub async fn left_behind(order: Order) -> Result<u32, Failed> {
    reserve(&order.order_id, 1).compensate(|reservation| release(reservation)).await?;
    let receipt = paid_apart(&order)
        .timeout(secs(15))
        .compensate(|receipt| refunded_apart(receipt))
        .compensate_unknown(|| released_apart(&order.customer.name))
        .await?;
    ping().await?;
    Ok(receipt.amount)
}

/// The first step of all may have left something behind, and is given what changes later.
#[workflow]
pub async fn left_behind_first(order: Order) -> Result<u32, Failed> {
    let mut total: u32 = order.total_cents;
    let receipt = paid_apart(&order)
        .retry(RetryPolicy::new().attempts(1).interval(secs(1)))
        .timeout(secs(15))
        .compensate_unknown(|| refund(format!("{total}")))
        .await?;
    total += receipt.amount;
    ping().await?;
    Ok(total)
}

/// A failure of an execution is handled, and what it may have left behind is undone when another step fails.
#[workflow]
pub async fn left_behind_and_handled(order: Order) -> Result<String, Failed> {
    let id = match paid_apart(&order)
        .timeout(secs(15))
        .compensate(|receipt| refund(&receipt.receipt_id))
        .compensate_unknown(|| refund(&order.order_id))
        .await
    {
        Ok(receipt) => receipt.receipt_id,
        Err(failed) => {
            if order.express {
                return Err(failed);
            }
            notify("unpaid").await?;
            "none".to_string()
        }
    };
    ping().await?;
    Ok(id)
}

/// Turns that may have left something behind, some of which nobody heeds.
#[workflow]
pub async fn left_behind_again(order: Order) -> Result<(), Failed> {
    for line in order.lines.clone() {
        let _ = paid_apart(&order)
            .timeout(secs(15))
            .compensate(|receipt| refunded_apart(receipt))
            .compensate_unknown(|| released_apart(&line.sku))
            .await;
        if line.quantity > 6 {
            paid_apart(&order).timeout(secs(12)).compensate_unknown(|| refund(&line.sku)).await?;
        }
    }
    ping().await?;
    Ok(())
}

/// Executions beside each other, each of which may leave something behind.
#[workflow]
pub async fn left_behind_side_by_side(order: Order) -> Result<(), Failed> {
    join!(
        paid_apart(&order).timeout(secs(15)).compensate_unknown(|| refund("the payment")),
        async {
            match paid_apart(&order).timeout(secs(15)).compensate_unknown(|| refund("the other")).await {
                Ok(receipt) => notify(&receipt.receipt_id).await?,
                Err(_) => notify("unpaid").await?,
            };
            Ok(())
        },
        reserve(&order.order_id, 2).compensate(|reservation| released_apart(&reservation.id)),
    )
    .await?;
    ping().await?;
    Ok(())
}

/// An execution among workflows that undo, one of which may leave something behind itself.
#[workflow]
pub async fn undone_in_depth(order: Order) -> Result<(), Failed> {
    undone_carefully(&order)
        .timeout(mins(5))
        .compensate(|_| cleaned_up())
        .compensate_unknown(|| released_apart(&order.order_id))
        .await?;
    ping().await?;
    Ok(())
}

/// A task that may have happened, undone by a workflow.
#[workflow]
pub async fn maybe_done_undone_apart(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 7)
        .compensate(|receipt| refunded_apart(receipt))
        .compensate_unknown(|| released_apart(&order.customer.name))
        .await?;
    ping().await?;
    Ok(())
}

/// Nobody knows what became of a person who gave no sign of life: that is not the timeout of the other arm.
#[workflow]
pub async fn maybe_answered(order: Order) -> Result<bool, Failed> {
    let granted = match ask(&order.order_id)
        .compensate(|answer| notify(&answer.by))
        .compensate_unknown(|| notify(format!("never mind {}", order.order_id)))
        .await
    {
        Ok(answer) => answer.granted,
        Err(Failure::Timeout) => return Err(fail("Late", &order.order_id)),
        Err(Failure::Task(Trouble::Missing(what))) => return Err(fail("Missing", what)),
        Err(_) => false,
    };
    ping().await?;
    Ok(granted)
}

/// The same in a loop.
#[workflow]
pub async fn maybe_answered_again(order: Order) -> Result<(), Failed> {
    for line in order.lines {
        match ask(&line.sku).compensate_unknown(|| notify(&line.sku)).await {
            Ok(_) => {}
            Err(Failure::Timeout) => {}
            Err(_) => ping().await?,
        }
    }
    ping().await?;
    Ok(())
}

/// Whoever undoes it is told and left.
#[workflow]
pub async fn undone_by_a_start(order: Order) -> Result<(), Failed> {
    charge(&order.customer.name, 7).compensate(|receipt| refunded_apart(receipt).start()).await?;
    ping().await?;
    Ok(())
}

/// A workflow of what may be a text or nothing.
#[workflow]
pub async fn noted(note: Option<String>) -> Result<String, Failed> {
    let text = match note {
        Some(note) => format!("{} noted", note),
        None => "nothing".to_string(),
    };
    notify(&text).await?;
    Ok(text)
}

/// A workflow of one of several words.
#[workflow]
pub async fn stated(status: Status) -> Result<bool, Failed> {
    ping().await?;
    Ok(status == Status::Done)
}

/// A workflow of anything.
#[workflow]
pub async fn repeated(value: serde_json::Value) -> Result<serde_json::Value, Failed> {
    ping().await?;
    Ok(value)
}

/// Texts and what may be nothing reach the executions that they are the inputs of.
#[workflow]
pub async fn texts_as_inputs(order: Order) -> Result<(String, String, bool, Vec<serde_json::Value>), Failed> {
    let told = released_apart(&order.order_id).await?;
    released_apart("a \"quoted\" [constant]").await?;
    let note = noted(&order.note).await?;
    let is_done = stated(order.status).await?;
    let text = repeated(serde_json::json!(order.order_id)).await?;
    let nothing = repeated(serde_json::json!(order.coupon)).await?;
    let list = repeated(serde_json::json!([order.order_id, 1])).await?;
    Ok((told, note, is_done, vec![text, nothing, list]))
}
