//! A task that waits for a callback, in an Express workflow.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[task(timeout = "1h")]
pub async fn approve(order: String, token: TaskToken<bool>) -> Result<(), PaymentError> {
    println!("{order} {token:?}");
    Ok(())
}

#[workflow(express)]
pub async fn order_saga(order: Order) -> Result<bool, Failed> {
    Ok(approve(&order.id).await?)
}

fn main() {}
