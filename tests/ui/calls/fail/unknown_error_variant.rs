//! A variant that the error does not have.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

pub async fn run(order: Order) -> Result<(), Failed> {
    match charge(&order.id, order.total).await {
        Err(Failure::Task(PaymentError::Lost)) => {}
        _ => {}
    }
    Ok(())
}

fn main() {}
