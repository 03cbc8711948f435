//! An error variant that the task does not declare.
#[path = "../support.rs"]
mod support;

use sfn::prelude::*;
use support::*;

#[workflow]
pub async fn order_saga(order: Order) -> Result<Receipt, Failed> {
    match ping().await {
        Ok(_) => {}
        Err(Failure::Task(PaymentError::Nope)) => {}
        Err(_) => {}
    }
    Ok(Receipt { order: order.id, charge: "none".into() })
}

fn main() {}
